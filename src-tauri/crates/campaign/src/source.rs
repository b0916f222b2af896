//! The text of a file, read into its type without losing where each value stands. What is written may still make no sense:
//! that is for [`crate::check`].

use domain::Notice;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::CampaignError;

/// A file's name, as people are told it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// Where a value stands in a file: keys and positions from the outside in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    #[must_use]
    pub fn key(&self, key: &str) -> Path {
        let mut path = self.clone();
        path.0.push(Step::Key(key.to_owned()));
        path
    }

    #[must_use]
    pub fn at(&self, index: usize) -> Path {
        let mut path = self.clone();
        path.0.push(Step::Index(index));
        path
    }
}

/// What is wrong, and with which value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub path: Path,
    pub notice: Notice,
}

/// serde says what is wrong in words only; these are its own, so that a person gets better ones.
const SERDE_WORDS: &[(&str, &str, &str)] = &[
    ("unknown field `", "campaign-key-unknown", "key"),
    ("unexpected keys in table: ", "campaign-key-unknown", "key"),
    ("missing field `", "campaign-key-missing", "key"),
    ("unknown variant `", "campaign-word-unknown", "value"),
];

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source { name: name.into(), text: text.into() }
    }

    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, CampaignError> {
        toml::from_str(&self.text).map_err(|error| self.syntax(&error))
    }

    /// The problem with its line: that of the value, or of the innermost table that is there.
    pub fn locate(&self, problem: Problem) -> CampaignError {
        let line = match DeTable::parse(&self.text) {
            Ok(root) => self.line(find(root.get_ref(), &problem.path.0)),
            Err(_) => 1,
        };
        CampaignError::new(&self.name, line, problem.notice)
    }

    fn syntax(&self, error: &toml::de::Error) -> CampaignError {
        let span = error.span();
        let message = error.message();
        for (words, code, argument) in SERDE_WORDS {
            let Some(value) = message.strip_prefix(words).and_then(|rest| rest.split(['`', ',']).next()) else {
                continue;
            };
            let start = match *code {
                // Tables that serde buffers are blamed as a whole; the key itself is what the reader looks for.
                "campaign-key-unknown" => self.key_within(value, span.clone()).or(span.map(|span| span.start)),
                _ => span.map(|span| span.start),
            };
            let notice = Notice::new(code).with(argument, value);
            return CampaignError::new(&self.name, self.line(start.unwrap_or(0)), notice);
        }
        let detail = message.lines().next().unwrap_or_default();
        let notice = match detail.strip_prefix("date-impossible value=") {
            Some(value) => Notice::new("campaign-date-impossible").with("value", value),
            None => Notice::new("campaign-toml").with("detail", detail),
        };
        CampaignError::new(&self.name, self.line(span.map_or(0, |span| span.start)), notice)
    }

    fn key_within(&self, key: &str, span: Option<std::ops::Range<usize>>) -> Option<usize> {
        let root = DeTable::parse(&self.text).ok()?;
        let mut found = Vec::new();
        collect_keys(root.get_ref(), key, &mut found);
        let span = span.unwrap_or(0..self.text.len());
        // A table written as `[a]` is blamed at its header; its keys follow.
        found.sort_unstable();
        found.iter().find(|at| **at >= span.start).or(found.first()).copied()
    }

    fn line(&self, byte: usize) -> usize {
        1 + self.text.as_bytes()[..byte.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count()
    }
}

fn collect_keys(table: &DeTable, wanted: &str, found: &mut Vec<usize>) {
    for (key, value) in table {
        if key.get_ref() == wanted {
            found.push(key.span().start);
        }
        collect_in(value.get_ref(), wanted, found);
    }
}

fn collect_in(value: &DeValue, wanted: &str, found: &mut Vec<usize>) {
    match value {
        DeValue::Table(table) => collect_keys(table, wanted, found),
        DeValue::Array(items) => items.iter().for_each(|item| collect_in(item.get_ref(), wanted, found)),
        _ => {}
    }
}

/// The first byte of the value at the path, as deep as the path can be followed.
fn find(root: &DeTable, path: &[Step]) -> usize {
    let mut at = 0;
    let mut table = Some(root);
    let mut value: Option<&Spanned<DeValue>> = None;
    for step in path {
        let next = match step {
            Step::Key(wanted) => {
                let inside = table.or_else(|| value.and_then(|value| value.get_ref().as_table()));
                let entry = inside.and_then(|table| table.iter().find(|(key, _)| key.get_ref() == wanted));
                entry.map(|(key, value)| (key.span().start, value))
            }
            Step::Index(index) => {
                let items = value.and_then(|value| value.get_ref().as_array());
                items.and_then(|items| items.get(*index)).map(|value| (value.span().start, value))
            }
        };
        let Some((start, found)) = next else { break };
        // A table made of several `[[…]]` or of dotted keys has no text of its own.
        at = start;
        table = None;
        value = Some(found);
    }
    at
}
