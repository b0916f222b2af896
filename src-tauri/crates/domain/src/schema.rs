//! The schema as a value: kinds, fields, types, labels. Validation, projection, JSON, the form on screen, paste and import
//! all read it, so a field is added in one place. The core comes from `assets/schema/core.toml`; campaigns extend it with
//! field sets and vocabulary entries.

mod check;
mod line;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::follow_up::{FollowUp, FromAbove};
use crate::notice::Notice;
use crate::revision::{RESTORED, VOID};

use line::{EntryLine, FieldLine, FieldSetLine};

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "EntryLine")]
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

/// One field of a kind. Rules that concern single fields or two of them are data here, so that a campaign's field set can
/// use them too; what looks across records is in [`crate::validate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FieldLine")]
pub struct Field {
    pub name: String,
    #[serde(flatten)]
    pub ty: FieldType,
    pub required: bool,
    pub zh: String,
    pub en: String,
    /// The heading this field stands under on screen: a code of the vocabulary `group`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The field set it comes from; `None` for the core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// A text that names a part of an official form, chosen by its printed words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chooses: Option<FormPart>,
    /// A whole number typed and shown in the printed unit of the column that this field of the record chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_by: Option<String>,
    /// On screen nothing stands beside it, so that what follows stands in pairs.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own_row: bool,
    #[serde(flatten)]
    pub rules: Rules,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormPart {
    Form,
    Row,
    Column,
}

/// Conditions a field carries as data. Fields they name belong to the same kind; a date may also stand behind a reference,
/// as `sample.sampled_on`. A day that is not known breaks no order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Rules {
    /// Required where the record is of one of these categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required_for: Vec<String>,
    /// Required where one of these fields holds one of its codes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub required_with: BTreeMap<String, Vec<String>>,
    /// Refused unless each of these fields holds one of its codes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub only_with: BTreeMap<String, Vec<String>>,
    /// Refused unless this field is filled in too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Refused where this date lies before one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_before: Vec<String>,
    /// Warned where this date lies before one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usually_after: Vec<String>,
    /// Warned without it where one of these fields holds one of its codes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub asked_with: BTreeMap<String, Vec<String>>,
    /// Warned without it where one of these fields is filled in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked_beside: Vec<String>,
    /// Warned where this number is greater than that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<String>,
    /// Warned where a list that is filled in has fewer elements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_below: Option<usize>,
    /// Warned where a division lies outside the area of the record's office.
    #[serde(skip_serializing_if = "is_no")]
    pub warn_outside: bool,
    /// What the form of a new record starts with; a person may put anything else there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// What a new record gets where nothing is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// The text stands for one thing: warned where another unvoided record holds it, and a finding in merged books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifies: Option<Identifies>,
}

/// Where a number stands for one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifies {
    /// In every office.
    Book,
    /// In the office that owns the record: others number theirs the same way.
    Office,
}

/// What a form starts a field with. Records from files and pasted blocks are as they were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// An entry of the field's vocabulary.
    Code(String),
    /// What a record that this one names holds: `enterprise.address`.
    Field(String),
    /// What only the place of recording knows.
    From(PresetSource),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresetSource {
    /// The person the book is kept as.
    Person,
    /// The division of the office, where that is a county.
    OfficeDivision,
    /// The category of the record's campaigns, where they are about a single one.
    CampaignCategory,
}

fn is_no(flag: &bool) -> bool {
    !flag
}

/// Values that only the place of recording knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultValue {
    /// The short name of the province of the record's office: 宁夏, 辽宁.
    OfficeProvince,
}

/// Whether a text can be a code: of a vocabulary, a set's element, a checklist item or a campaign. 1 to 64 ASCII letters,
/// digits, `_`, `.` or `-`.
pub fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldType {
    /// One line, at most 500 characters.
    Text,
    /// Several lines, at most 20,000 characters.
    LongText,
    /// A count.
    Integer,
    /// A number of pieces, in the category's unit.
    Quantity,
    /// 分.
    Money,
    Bool,
    Date,
    /// `HH:MM`.
    Time,
    /// One code of a vocabulary.
    Code {
        of: String,
    },
    /// Any codes of a vocabulary; merged per element.
    Set {
        of: String,
    },
    /// A list of short texts, in the order given.
    Texts,
    /// One record of a kind; of any kind where `to` is `*`.
    Ref {
        to: String,
    },
    /// Several records of a kind.
    Refs {
        to: String,
    },
    /// A GB/T 2260 code.
    Division,
    /// A unified social credit code (18) or an old licence number (15).
    Uscc,
    /// 64 lower-case hexadecimal digits.
    Sha256,
    /// Answers by item code: `{"result": pass | fail | na, "note": text}`; merged per item.
    Checklist,
    /// A list of objects with these members (the flows of a disposal).
    Objects {
        members: Vec<Field>,
    },
}

/// From when an enterprise is there.
const ESTABLISHED_ON: &str = "established_on";

/// The fields every record has, whatever its kind. They are slots like any other.
pub const CAMPAIGNS: &str = "campaigns";
pub const OVERRIDES: &str = "overrides";

impl FieldType {
    /// Whether each element is a slot of its own.
    pub fn merges_per_element(&self) -> bool {
        matches!(self, FieldType::Set { .. } | FieldType::Checklist)
    }
}

/// A file that campaigns include and that adds fields to kinds (◇ in the domain's words).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FieldSetLine")]
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

impl Field {
    /// Whether two definitions ask for the same values; labels and headings may differ.
    fn same_meaning(&self, other: &Field) -> bool {
        self.ty == other.ty && self.required == other.required && self.rules == other.rules
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
