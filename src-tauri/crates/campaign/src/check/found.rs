//! What a check finds, and the checks that every part of a campaign shares.

use std::collections::BTreeSet;

use domain::Notice;
use domain::schema::Schema;

use crate::source::{Path, Problem};

/// Ids seen so far.
pub(super) type Unique<'a> = BTreeSet<&'a str>;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Found {
    pub problems: Vec<Problem>,
}

impl Found {
    pub fn add(&mut self, path: &Path, notice: Notice) {
        self.problems.push(Problem { path: path.clone(), notice });
    }

    pub fn code(&mut self, path: &Path, text: &str) {
        if !domain::schema::is_code(text) {
            self.add(path, Notice::new("campaign-code-malformed").with("value", text));
        }
    }

    pub fn words(&mut self, path: &Path, text: &str) {
        if text.trim().is_empty() {
            self.add(path, Notice::new("campaign-words-missing"));
        }
    }

    /// English words may be left out: the Chinese ones then stand for them.
    pub fn labels(&mut self, path: &Path, zh: &str) {
        self.words(&path.key("zh"), zh);
    }

    pub fn unique<'a>(&mut self, path: &Path, seen: &mut Unique<'a>, id: &'a str) {
        if !seen.insert(id) {
            self.add(path, Notice::new("campaign-id-twice").with("value", id));
        }
    }

    pub fn entry(&mut self, schema: &Schema, path: &Path, vocabulary: &str, code: &str) {
        if schema.entry(vocabulary, code).is_none() {
            let notice = Notice::new("campaign-entry-unknown").with("value", code).with("vocabulary", vocabulary);
            self.add(path, notice);
        }
    }
}
