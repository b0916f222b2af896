//! The schema as a value: kinds, fields, types, labels. Validation, projection, JSON, the form on screen, paste and import
//! all read it, so a field is added in one place. The core comes from `assets/schema/core.toml`; campaigns extend it with
//! field sets and vocabulary entries.

mod check;
mod field;
mod follow_up;
mod line;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::notice::Notice;
use crate::revision::{RESTORED, VOID};

pub use field::{DefaultValue, Field, FieldType, FormPart, Identifies, Preset, PresetSource, Rules, is_code};
pub use follow_up::{FollowUp, FromAbove};

/// The core schema's text, as data.
pub const CORE: &str = include_str!("../../../../assets/schema/core.toml");

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    #[serde(rename = "vocabulary", default)]
    pub vocabularies: Vec<Vocabulary>,
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
}

/// A closed list of codes with their labels. An `open` one may be extended by campaign files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    pub id: String,
    #[serde(default)]
    pub open: bool,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// The unit quantities of this category are counted in (categories only), such as 只.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// The field that names a record of this kind in lists and pickers.
    pub title: String,
    /// The fields that lists of the kind show, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The names and numbers a record of this kind is found by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub find: Vec<String>,
    /// What says which record it is, the surest first: each list names fields that must be the same, but for those that are not
    /// required and stand behind the first, which may be blank; `office` stands for the owner. A pasted row that goes by one of
    /// them is about that record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matched_by: Vec<Vec<String>>,
    /// The field that dates a record of this kind on a timeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Kept in the schema for books to come; nothing is recorded under it yet.
    #[serde(default)]
    pub reserved: bool,
    /// The reference whose campaigns a record of this kind counts for instead of its own (products, disposals).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Forms and tasks count it under its own campaigns: without any it counts nowhere, which warns.
    #[serde(default)]
    pub counted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_above: Option<FromAbove>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    pub fields: Vec<Field>,
}

/// From when an enterprise is there.
const ESTABLISHED_ON: &str = "established_on";

/// The fields every record has, whatever its kind. They are slots like any other.
pub const CAMPAIGNS: &str = "campaigns";
pub const OVERRIDES: &str = "overrides";

/// A file that campaigns include and that adds fields to kinds (◇ in the domain's words).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldSet {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// Fields by kind.
    pub fields: BTreeMap<String, Vec<Field>>,
}

impl Schema {
    /// The core schema with its closed vocabularies only. Open vocabularies come from [`Schema::add_vocabulary`].
    pub fn core() -> Self {
        toml::from_str(CORE).expect("the core schema is checked by a test")
    }

    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    pub fn vocabulary(&self, id: &str) -> Option<&Vocabulary> {
        self.vocabularies.iter().find(|vocabulary| vocabulary.id == id)
    }

    pub fn entry(&self, vocabulary: &str, code: &str) -> Option<&Entry> {
        self.vocabulary(vocabulary)?.entry(code)
    }

    /// The Chinese label of a code, or the code itself where no loaded vocabulary knows it.
    pub fn label<'a>(&'a self, vocabulary: &str, code: &'a str) -> &'a str {
        self.entry(vocabulary, code).map_or(code, |entry| &entry.zh)
    }

    /// The unit of a category, such as 只; empty for a category no loaded vocabulary knows.
    pub fn unit(&self, category: &str) -> &str {
        self.entry("category", category).and_then(|entry| entry.unit.as_deref()).unwrap_or("")
    }

    /// Adds a vocabulary, or entries to one that is open. The same entry twice is one entry; another text under a code that
    /// is taken is refused.
    pub fn add_vocabulary(&mut self, addition: &Vocabulary) -> Result<(), Notice> {
        let Some(present) = self.vocabularies.iter_mut().find(|vocabulary| vocabulary.id == addition.id) else {
            self.vocabularies.push(addition.clone());
            return Ok(());
        };
        for entry in &addition.entries {
            match present.entry(&entry.code) {
                Some(same) if same == entry => {}
                Some(_) => {
                    return Err(Notice::new("vocabulary-entry-differs")
                        .with("vocabulary", &addition.id)
                        .with("code", &entry.code));
                }
                None if present.open => present.entries.push(entry.clone()),
                None => {
                    return Err(Notice::new("vocabulary-closed")
                        .with("vocabulary", &addition.id)
                        .with("code", &entry.code));
                }
            }
        }
        Ok(())
    }

    /// Adds a field set's fields. A name that is taken with another meaning is refused; the same definition twice is one.
    pub fn add_field_set(&mut self, set: &FieldSet) -> Result<(), Notice> {
        for (kind_id, fields) in &set.fields {
            let Some(kind) = self.kinds.iter_mut().find(|kind| &kind.id == kind_id) else {
                return Err(Notice::new("kind-unknown").with("value", kind_id));
            };
            for field in fields {
                // The book's index of such numbers is made of the core alone.
                if field.rules.identifies.is_some() {
                    return Err(Notice::new("field-set-identifies").with("set", &set.id).with("field", &field.name));
                }
                match kind.fields.iter().find(|present| present.name == field.name) {
                    None => kind.fields.push(Field { set: Some(set.id.clone()), ..field.clone() }),
                    Some(present) if present.set.is_some() && present.same_meaning(field) => {}
                    Some(present) => {
                        return Err(Notice::new("field-sets-disagree")
                            .with("kind", kind_id)
                            .with("field", &field.name)
                            .with("set", &set.id)
                            .with("other", present.set.as_deref().unwrap_or("core")));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Names no field may take: the slots every record has, and the keys beside `fields` in a record's line.
const RESERVED: &[&str] = &["id", "kind", "office", "fields", CAMPAIGNS, OVERRIDES, VOID, RESTORED];

impl Vocabulary {
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }
}

impl Kind {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The day from which a record of the kind is there at all, and whether it is where that day is not known.
    pub fn there_from(&self) -> Option<(&str, bool)> {
        if self.id == "enterprise" {
            return self.field(ESTABLISHED_ON).map(|_| (ESTABLISHED_ON, true));
        }
        let day = self.date.as_deref()?;
        // A kind whose day may be left open, such as a disposal, is dated step by step.
        self.field(day).filter(|field| field.required).map(|_| (day, false))
    }

    pub fn core_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.set.is_none())
    }
}
