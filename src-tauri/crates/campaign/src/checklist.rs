//! What a campaign orders inspectors to check, and whom each item is asked of.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    pub code: String,
    /// The words of the document, shortened only where they repeat.
    pub zh: String,
    #[serde(default)]
    pub en: String,
    /// The vocabulary its answers are chosen from, which has the codes of [`ANSWERS`]; only `fail` opens a problem.
    #[serde(default = "usual_answers")]
    pub answers: String,
    /// 法律依据, where the text names one.
    #[serde(default)]
    pub basis: Option<String>,
    #[serde(default)]
    pub department: Option<String>,
    /// Stages of the `stage` vocabulary it applies to; empty for all.
    #[serde(default)]
    pub stages: Vec<String>,
    /// Roles of the enterprise it applies to; empty for all.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Categories of the inspection it applies to; empty for all.
    #[serde(default)]
    pub categories: Vec<String>,
    /// No longer asked; its words are kept for the answers it was given.
    #[serde(default)]
    pub retired: bool,
}

/// The vocabulary every checklist's answers take their codes from.
pub const ANSWERS: &str = "check_result";

fn usual_answers() -> String {
    ANSWERS.to_owned()
}

impl ChecklistItem {
    /// Whether it is asked where an inspection of that stage looks at those categories of an enterprise with those roles.
    /// What is not known leaves nothing out.
    pub fn applies<'a>(
        &self,
        stage: Option<&str>,
        roles: impl IntoIterator<Item = &'a str>,
        categories: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        fn meets<'a>(wanted: &[String], known: impl IntoIterator<Item = &'a str>) -> bool {
            let mut known = known.into_iter().peekable();
            wanted.is_empty() || known.peek().is_none() || known.any(|code| wanted.iter().any(|of| of == code))
        }
        !self.retired && meets(&self.stages, stage) && meets(&self.roles, roles) && meets(&self.categories, categories)
    }
}
