//! A field of a kind: its type, its labels and the rules it carries.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::notice::Notice;

/// One field of a kind. Rules that concern single fields or two of them are data here, so that a campaign's field set can
/// use them too; what looks across records is in [`crate::validate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// The day something holds until, which is reminded before it is over.
    #[serde(skip_serializing_if = "is_no")]
    pub expires: bool,
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
    /// Texts by a key, such as the words of a report by section; merged per key.
    KeyedTexts,
    /// Answers by item code: `{"result": pass | fail | na, "note": text}`; merged per item.
    Checklist,
    /// A list of objects with these members (the flows of a disposal).
    Objects {
        members: Vec<Field>,
    },
}

impl FieldType {
    /// Whether each element is a slot of its own.
    pub fn merges_per_element(&self) -> bool {
        matches!(self, FieldType::Set { .. } | FieldType::Checklist | FieldType::KeyedTexts)
    }

    /// What a type expects, in the words of both languages.
    pub(crate) fn expected(&self) -> (&'static str, &'static str) {
        match self {
            FieldType::Text | FieldType::LongText | FieldType::Division | FieldType::Uscc | FieldType::Sha256 => {
                ("文字", "text")
            }
            FieldType::Integer | FieldType::Quantity => ("整数", "a whole number"),
            FieldType::Money => ("以分为单位的整数", "a whole number of fen"),
            FieldType::Bool => ("是或否（true / false）", "yes or no (true / false)"),
            FieldType::Date => ("日期（如 2021-03-12）", "a date (such as 2021-03-12)"),
            FieldType::Time => ("时间（如 09:30）", "a time (such as 09:30)"),
            FieldType::Code { .. } => ("一个代码", "one code"),
            FieldType::Set { .. } => ("代码列表", "a list of codes"),
            FieldType::Texts => ("文字列表", "a list of texts"),
            FieldType::Ref { .. } => ("记录编号", "the id of a record"),
            FieldType::Refs { .. } => ("记录编号列表", "a list of record ids"),
            FieldType::KeyedTexts => ("按键填写的文字", "texts by key"),
            FieldType::Checklist => ("按检查项填写的结果", "answers by checklist item"),
            FieldType::Objects { .. } => ("逐行填写的列表", "a list of entries"),
        }
    }
}

impl Field {
    /// Whether two definitions ask for the same values; labels and headings may differ.
    pub(super) fn same_meaning(&self, other: &Field) -> bool {
        self.ty == other.ty && self.required == other.required && self.rules == other.rules
    }
    /// A notice about this field, with its labels.
    pub(crate) fn notice(&self, code: &str) -> Notice {
        Notice::new(code).with("field", &self.name).with("zh", &self.zh).with("en", &self.en)
    }

    /// That a value is of another type than this field's.
    pub(crate) fn type_wrong(&self) -> Notice {
        let (zh, en) = self.ty.expected();
        self.notice("type-wrong").with("expected_zh", zh).with("expected_en", en)
    }
}
