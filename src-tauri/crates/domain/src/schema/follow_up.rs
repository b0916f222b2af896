//! What comes after a record, as data of its kind: which record of which kind to open next, and what of this one it starts
//! with. A failed item becomes a problem, a nonconforming result opens its disposal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A kind that only an office above writes about a record, and that the record's own office answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromAbove {
    /// The reference to the record it is about. It belongs to that record's office, so that it travels there.
    pub about: String,
    /// The one field that office changes.
    pub answer: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// The kind of the record to open.
    pub opens: String,
    pub zh: String,
    pub en: String,
    /// Offered where one of these fields holds one of its codes (of a checklist: an answer does); always where it is empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, Vec<String>>,
    /// The reference of the new record that names this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// A field of the new record, and the field of this one it starts with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carry: BTreeMap<String, String>,
    /// A field of the new record, and the code it starts with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// There is at most one: where it exists, that one is opened.
    #[serde(default)]
    pub once: bool,
    /// Offered once for each such answer of the checklist; this field of the new record starts with the item in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}
