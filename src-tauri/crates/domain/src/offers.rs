//! Which follow-ups a record is offered, and what a new one starts with. Offered, never done by itself.

use crate::record::Record;
use crate::schema::{FieldType, FollowUp, Schema};
use crate::value::{Fields, Value};

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
