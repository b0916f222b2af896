//! The much weaker test an import makes of slots from another book: a wrong type in a known core field is refused, nothing
//! else. Kinds, fields, codes and campaigns of newer books pass, are stored and forwarded.

use crate::ids::{Date, RecordId};
use crate::notice::Notice;
use crate::revision::{RESTORED, VOID, split_slot};
use crate::schema::{CAMPAIGNS, Field, FieldType, OVERRIDES, Schema, is_code};
use crate::value::{Fields, Value};

use super::shortened;
use super::values::{is_sha256, minutes};

/// The longest key of a text, in bytes.
const MAX_KEY: usize = 400;

/// Whether every slot of a known core field holds its type. Slots are as in a revision: elements of sets are
/// `field/element` with true or false, checklist answers `checklist/item` with an object. Null clears and always passes.
pub fn type_check(schema: &Schema, kind: &str, slots: &Fields) -> Result<(), Notice> {
    let kind = schema.kind(kind);
    for (slot, value) in slots {
        let (name, element) = split_slot(slot);
        let fits = match (name, element) {
            (VOID | RESTORED, None) => matches!(value, Value::Null | Value::Text(_)),
            (CAMPAIGNS, Some(campaign)) => is_code(campaign) && matches!(value, Value::Null | Value::Bool(_)),
            (OVERRIDES, Some(code)) => is_code(code) && matches!(value, Value::Null | Value::Text(_)),
            (VOID | RESTORED | CAMPAIGNS | OVERRIDES, _) => false,
            _ => {
                let core = kind.and_then(|kind| kind.field(name)).filter(|field| field.set.is_none());
                match core {
                    Some(field) if !slot_fits(field, element, value) => return Err(misfit(field, element, value)),
                    _ => true,
                }
            }
        };
        if !fits {
            return Err(Notice::new("slot-malformed").with("slot", shortened(slot)));
        }
    }
    Ok(())
}

/// Why a slot does not fit: its spelling where it is a text that only looks like its type, else its type.
fn misfit(field: &Field, element: Option<&str>, value: &Value) -> Notice {
    let spelt = |code: &str, text: &str| field.notice(code).with("value", shortened(text));
    match (&field.ty, element, value) {
        (FieldType::Date, None, Value::Text(text)) => spelt("date-impossible", text),
        (FieldType::Time, None, Value::Text(text)) => spelt("time-impossible", text),
        (FieldType::Sha256, None, Value::Text(text)) => spelt("sha256-malformed", text),
        (FieldType::Ref { .. }, None, Value::Text(text)) => spelt("reference-malformed", text),
        (FieldType::Set { .. } | FieldType::Checklist, Some(code), _) if !is_code(code) => {
            spelt("element-malformed", code)
        }
        _ => field.type_wrong(),
    }
}

fn slot_fits(field: &Field, element: Option<&str>, value: &Value) -> bool {
    match (&field.ty, element) {
        (FieldType::Set { .. }, Some(code)) => is_code(code) && matches!(value, Value::Null | Value::Bool(_)),
        (FieldType::Checklist, Some(item)) => {
            let text = |part: Option<&Value>| matches!(part, None | Some(Value::Null | Value::Text(_)));
            let answer = |parts: &Fields| text(parts.get("result")) && text(parts.get("note"));
            is_code(item) && (value.is_null() || value.as_map().is_some_and(answer))
        }
        (FieldType::KeyedTexts, Some(key)) => is_key(key) && matches!(value, Value::Null | Value::Text(_)),
        (_, Some(_)) => false,
        (FieldType::Set { .. } | FieldType::Checklist | FieldType::KeyedTexts, None) => value.is_null(),
        (ty, None) => value.is_null() || type_fits(ty, value),
    }
}

/// Keys of texts are ids: of a section, a check, a cell. They may have slashes between their parts.
fn is_key(key: &str) -> bool {
    key.len() <= MAX_KEY && !key.is_empty() && !key.chars().any(char::is_control)
}

fn type_fits(ty: &FieldType, value: &Value) -> bool {
    match (ty, value) {
        (FieldType::Text | FieldType::LongText | FieldType::Division | FieldType::Uscc, Value::Text(_)) => true,
        (FieldType::Code { .. }, Value::Text(_)) => true,
        (FieldType::Integer | FieldType::Quantity | FieldType::Money, Value::Int(_)) => true,
        (FieldType::Bool, Value::Bool(_)) => true,
        (FieldType::Date, Value::Text(text)) => text.parse::<Date>().is_ok(),
        (FieldType::Time, Value::Text(text)) => minutes(text).is_some(),
        (FieldType::Sha256, Value::Text(text)) => is_sha256(text),
        (FieldType::Ref { .. }, Value::Text(text)) => text.parse::<RecordId>().is_ok(),
        (FieldType::Texts, Value::List(items)) => items.iter().all(|item| item.as_str().is_some()),
        (FieldType::Refs { .. }, Value::List(items)) => {
            items.iter().all(|item| item.as_str().is_some_and(|text| text.parse::<RecordId>().is_ok()))
        }
        (FieldType::Objects { members }, Value::List(items)) => items.iter().all(|item| {
            item.as_map().is_some_and(|parts| {
                members.iter().all(|member| match parts.get(&member.name) {
                    None | Some(Value::Null) => true,
                    Some(part) => type_fits(&member.ty, part),
                })
            })
        }),
        _ => false,
    }
}
