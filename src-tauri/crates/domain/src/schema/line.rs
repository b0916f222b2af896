//! How files spell a code, a field and a field set, and what is read from that.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::field::{DefaultValue, Field, FieldType, FormPart, Identifies, Preset, Rules, is_code};
use super::{Entry, FieldSet};

/// A field as files spell it. A flattened type would let a misspelt key pass unnoticed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldLine {
    name: String,
    #[serde(rename = "type")]
    ty: String,
    of: Option<String>,
    to: Option<String>,
    members: Option<Vec<Field>>,
    #[serde(default)]
    required: bool,
    zh: String,
    en: Option<String>,
    group: Option<String>,
    set: Option<String>,
    chooses: Option<FormPart>,
    measured_by: Option<String>,
    #[serde(default)]
    own_row: bool,
    #[serde(default)]
    required_for: Vec<String>,
    #[serde(default)]
    required_with: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    only_with: BTreeMap<String, Vec<String>>,
    with: Option<String>,
    #[serde(default)]
    not_before: Vec<String>,
    #[serde(default)]
    usually_after: Vec<String>,
    #[serde(default)]
    asked_with: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    asked_beside: Vec<String>,
    at_most: Option<String>,
    warn_below: Option<usize>,
    #[serde(default)]
    warn_outside: bool,
    preset: Option<Preset>,
    default: Option<DefaultValue>,
    identifies: Option<Identifies>,
    #[serde(default)]
    expires: bool,
}

/// A code as files spell it: without English words it has its Chinese ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    code: String,
    zh: String,
    en: Option<String>,
    unit: Option<String>,
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EntryLine::deserialize(deserializer).map(Entry::from)
    }
}

impl From<EntryLine> for Entry {
    fn from(line: EntryLine) -> Self {
        Entry { en: line.en.unwrap_or_else(|| line.zh.clone()), code: line.code, zh: line.zh, unit: line.unit }
    }
}

/// A field set as files spell it, likewise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldSetLine {
    id: String,
    zh: String,
    en: Option<String>,
    fields: BTreeMap<String, Vec<Field>>,
}

impl<'de> Deserialize<'de> for FieldSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        FieldSetLine::deserialize(deserializer).map(FieldSet::from)
    }
}

impl From<FieldSetLine> for FieldSet {
    fn from(line: FieldSetLine) -> Self {
        FieldSet { en: line.en.unwrap_or_else(|| line.zh.clone()), id: line.id, zh: line.zh, fields: line.fields }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        FieldLine::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

impl TryFrom<FieldLine> for Field {
    type Error = String;

    fn try_from(line: FieldLine) -> Result<Self, String> {
        let FieldLine { name, of, to, members, .. } = line;
        let missing = |key: &str| format!("field {name}: type {} needs the key {key}", line.ty);
        // Slots join a field and an element with a slash, and list columns reach through references with a dot.
        if !is_code(&name) || name.contains('.') {
            return Err(format!("field {name:?}: a name is 1 to 64 letters, digits, _ or -"));
        }
        let (mut of_used, mut to_used, mut members_used) = (false, false, false);
        let ty = match line.ty.as_str() {
            "text" => FieldType::Text,
            "long_text" => FieldType::LongText,
            "integer" => FieldType::Integer,
            "quantity" => FieldType::Quantity,
            "money" => FieldType::Money,
            "bool" => FieldType::Bool,
            "date" => FieldType::Date,
            "time" => FieldType::Time,
            "texts" => FieldType::Texts,
            "division" => FieldType::Division,
            "uscc" => FieldType::Uscc,
            "sha256" => FieldType::Sha256,
            "checklist" => FieldType::Checklist,
            "keyed_texts" => FieldType::KeyedTexts,
            "code" | "set" => {
                of_used = true;
                let of = of.clone().ok_or_else(|| missing("of"))?;
                if line.ty == "code" { FieldType::Code { of } } else { FieldType::Set { of } }
            }
            "ref" | "refs" => {
                to_used = true;
                let to = to.clone().ok_or_else(|| missing("to"))?;
                if line.ty == "ref" { FieldType::Ref { to } } else { FieldType::Refs { to } }
            }
            "objects" => {
                members_used = true;
                FieldType::Objects { members: members.clone().ok_or_else(|| missing("members"))? }
            }
            other => return Err(format!("field {name}: unknown type {other:?}")),
        };
        for (key, given, used) in
            [("of", of.is_some(), of_used), ("to", to.is_some(), to_used), ("members", members.is_some(), members_used)]
        {
            if given && !used {
                return Err(format!("field {name}: type {} has no key {key}", line.ty));
            }
        }
        if line.identifies.is_some() && !matches!(ty, FieldType::Text | FieldType::Uscc) {
            return Err(format!("field {name}: only a text identifies, no {}", line.ty));
        }
        if line.expires && ty != FieldType::Date {
            return Err(format!("field {name}: only a date expires, no {}", line.ty));
        }
        let rules = Rules {
            required_for: line.required_for,
            required_with: line.required_with,
            only_with: line.only_with,
            with: line.with,
            not_before: line.not_before,
            usually_after: line.usually_after,
            asked_with: line.asked_with,
            asked_beside: line.asked_beside,
            at_most: line.at_most,
            warn_below: line.warn_below,
            warn_outside: line.warn_outside,
            preset: line.preset,
            default: line.default,
            identifies: line.identifies,
            expires: line.expires,
        };
        Ok(Field {
            name,
            ty,
            required: line.required,
            en: line.en.unwrap_or_else(|| line.zh.clone()),
            zh: line.zh,
            group: line.group,
            set: line.set,
            chooses: line.chooses,
            measured_by: line.measured_by,
            own_row: line.own_row,
            rules,
        })
    }
}
