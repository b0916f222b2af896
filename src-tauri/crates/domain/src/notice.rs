//! What went wrong, as a value: a stable code and the words to fill in. The text a person reads is looked up once, at the
//! edge, in `assets/messages/` (Chinese and English, each with a remedy); nothing inside the program reads text to decide.

use serde::{Deserialize, Serialize};

/// A code such as `date-impossible`, with its arguments by name. Every code has an entry in both message catalogues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub code: String,
    pub args: Vec<(String, String)>,
}

impl Notice {
    pub fn new(code: &str) -> Self {
        Notice { code: code.to_owned(), args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Notice {}
