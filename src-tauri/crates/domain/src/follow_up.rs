//! What comes after a record, as data of its kind: which record of which kind to open next, and what of this one it starts
//! with. A failed item becomes a problem, a nonconforming result opens its disposal. Offered, never done by itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::Record;
use crate::schema::{FieldType, Kind, Schema};
use crate::value::{Fields, Value};

/// What answers of a checklist are chosen from.
const CHECK_RESULT: &str = "check_result";

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

impl FollowUp {
    pub fn offered(&self, record: &Record) -> bool {
        let holds = |field: &String, code: &String| {
            record.text(field) == Some(code)
                || record.has(field, code)
                || answers(record, field).any(|(_, result, _)| result == code)
        };
        self.when.is_empty() || self.when.iter().any(|(field, codes)| codes.iter().any(|code| holds(field, code)))
    }

    /// The checklist items it is offered for, each with its note.
    pub fn items<'a>(&'a self, record: &'a Record) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.when.iter().flat_map(move |(field, codes)| {
            let met = |(_, result, _): &(&str, &str, &str)| codes.iter().any(|code| code == result);
            answers(record, field).filter(met).map(|(item, _, note)| (item, note))
        })
    }

    /// What the new record starts with. One value becomes a list of one and a list of one its value, as the field asks;
    /// what does not fit is left open.
    pub fn preset(&self, schema: &Schema, record: &Record) -> Fields {
        let mut preset = Fields::new();
        let Some(kind) = schema.kind(&self.opens) else { return preset };
        if let Some(via) = &self.via {
            let id = Value::text(record.id.to_string());
            let several = kind.field(via).is_some_and(|field| matches!(field.ty, FieldType::Refs { .. }));
            preset.insert(via.clone(), if several { Value::List(vec![id]) } else { id });
        }
        for (into, from) in &self.carry {
            let Some(field) = kind.field(into) else { continue };
            let several = matches!(field.ty, FieldType::Set { .. } | FieldType::Refs { .. } | FieldType::Texts);
            let value = match (record.get(from), several) {
                (Value::List(items), false) => match items.as_slice() {
                    [only] => only.clone(),
                    _ => continue,
                },
                (Value::Null, _) => continue,
                (value @ Value::List(_), true) | (value, false) => value.clone(),
                (value, true) => Value::List(vec![value.clone()]),
            };
            preset.insert(into.clone(), value);
        }
        preset.extend(self.set.iter().map(|(field, code)| (field.clone(), Value::text(code))));
        preset
    }
}

/// The answers of a checklist field: item, result and note.
fn answers<'a>(record: &'a Record, field: &str) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    let text = |answer: &'a Value, key: &str| answer.as_map().and_then(|answer| answer.get(key)?.as_str());
    record.get(field).as_map().into_iter().flatten().filter_map(move |(item, answer)| {
        Some((item.as_str(), text(answer, "result")?, text(answer, "note").unwrap_or_default()))
    })
}

/// What a kind's follow-ups name that does not exist.
pub(crate) fn dangling(schema: &Schema, kind: &Kind) -> Option<String> {
    if let Some(from_above) = &kind.from_above
        && let Some(name) = [&from_above.about, &from_above.answer].into_iter().find(|name| kind.field(name).is_none())
    {
        return Some(name.clone());
    }
    kind.follow_ups.iter().find_map(|follow_up| {
        let Some(opened) = schema.kind(&follow_up.opens) else { return Some(follow_up.opens.clone()) };
        let into =
            follow_up.via.iter().chain(follow_up.carry.keys()).chain(follow_up.set.keys()).chain(&follow_up.words);
        let from = follow_up.carry.values().chain(follow_up.when.keys());
        let mut strange =
            into.filter(|name| opened.field(name).is_none()).chain(from.filter(|name| kind.field(name).is_none()));
        let unknown = |kind: &Kind, field: &str, code: &str| {
            let of = match kind.field(field).map(|field| &field.ty) {
                Some(FieldType::Code { of } | FieldType::Set { of }) => of,
                Some(FieldType::Checklist) => CHECK_RESULT,
                _ => return true,
            };
            schema.entry(of, code).is_none()
        };
        let when = follow_up.when.iter().flat_map(|(field, codes)| codes.iter().map(move |code| (kind, field, code)));
        let set = follow_up.set.iter().map(|(field, code)| (opened, field, code));
        strange.next().cloned().or_else(|| {
            when.chain(set).find(|(kind, field, code)| unknown(kind, field, code)).map(|(_, _, code)| code.clone())
        })
    })
}
