//! A record as people see it: its fields put together from slots.

use std::collections::BTreeMap;

use crate::ids::{Date, OfficeCode, RecordId};
use crate::notice::Notice;
use crate::revision::{RESTORED, VOID, assemble, split_slot};
use crate::schema::{CAMPAIGNS, FieldType, Kind, OVERRIDES};
use crate::value::{Fields, Value};

/// A folded record: every field holds its shown value. `void`, `campaigns` and `overrides` stand beside the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: RecordId,
    pub kind: String,
    pub office: OfficeCode,
    /// Ids of the campaigns it counts for, ascending.
    pub campaigns: Vec<String>,
    /// Why it was voided, if it was.
    pub void: Option<String>,
    /// Warning code → the reason a person gave for passing over it.
    pub overrides: BTreeMap<String, String>,
    /// Sets are sorted lists of codes.
    pub fields: Fields,
}

impl Record {
    pub fn from_slots(id: RecordId, kind: &str, office: &OfficeCode, slots: &Fields) -> Self {
        let mut fields = assemble(slots);
        // Told by the history; nothing counts by it.
        fields.remove(RESTORED);
        let void = fields.remove(VOID).and_then(|value| value.as_str().map(str::to_owned));
        let campaigns = match fields.remove(CAMPAIGNS) {
            Some(Value::List(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        let overrides = match fields.remove(OVERRIDES) {
            Some(Value::Map(entries)) => {
                entries.into_iter().filter_map(|(code, reason)| Some((code, reason.as_str()?.to_owned()))).collect()
            }
            _ => BTreeMap::new(),
        };
        Record { id, kind: kind.to_owned(), office: office.clone(), campaigns, void, overrides, fields }
    }

    pub fn get(&self, field: &str) -> &Value {
        static NULL: Value = Value::Null;
        self.fields.get(field).unwrap_or(&NULL)
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).as_str()
    }

    pub fn int(&self, field: &str) -> Option<i64> {
        self.get(field).as_int()
    }

    pub fn bool(&self, field: &str) -> Option<bool> {
        self.get(field).as_bool()
    }

    pub fn date(&self, field: &str) -> Option<Date> {
        self.text(field)?.parse().ok()
    }

    pub fn reference(&self, field: &str) -> Option<RecordId> {
        self.text(field)?.parse().ok()
    }

    /// The texts of a list or a set.
    pub fn texts(&self, field: &str) -> Vec<&str> {
        self.get(field).as_list().map(|items| items.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }

    pub fn has(&self, field: &str, code: &str) -> bool {
        self.get(field).as_list().is_some_and(|items| items.iter().any(|item| item.as_str() == Some(code)))
    }
}

/// The slots a person's fields set: only those that differ from `before`. A field that is absent is left alone, null
/// clears. A set or a map given whole is taken apart, so that two people who each add an element do not collide.
pub fn changed_slots(kind: &Kind, before: &Fields, given: &Fields) -> Result<Fields, Notice> {
    let mut changed = Fields::new();
    let mut put = |slot: String, value: Value| {
        if !stands(before, &slot, &value) {
            changed.insert(slot, value);
        }
    };
    for (name, value) in given {
        // A slot's spelling is not a field's: it would be stored, and never be seen again.
        if name.contains('/') {
            return Err(Notice::new("field-unknown").with("field", name).with("zh", &kind.zh).with("en", &kind.en));
        }
        // A field this book has no schema for may be taken apart in slots: given back as it was shown, it is unchanged.
        let common = matches!(name.as_str(), CAMPAIGNS | OVERRIDES | VOID | RESTORED);
        if !common && kind.field(name).is_none() && shown(before, name).as_ref() == Some(value) {
            continue;
        }
        let per_element = match name.as_str() {
            CAMPAIGNS | OVERRIDES => true,
            VOID | RESTORED => false,
            _ => kind.field(name).is_some_and(|field| field.ty.merges_per_element()),
        };
        if !per_element {
            put(name.clone(), value.clone());
            continue;
        }
        let is_set =
            name == CAMPAIGNS || kind.field(name).is_some_and(|field| matches!(field.ty, FieldType::Set { .. }));
        let absent = if is_set { Value::Bool(false) } else { Value::Null };
        let mut wanted: BTreeMap<&str, Value> = BTreeMap::new();
        match value {
            Value::Null => {}
            Value::List(items) if is_set => {
                for item in items {
                    let code = item.as_str().ok_or_else(|| wrong_type(kind, name))?;
                    wanted.insert(code, Value::Bool(true));
                }
            }
            Value::Map(entries) if !is_set => {
                wanted.extend(entries.iter().map(|(element, entry)| (element.as_str(), entry.clone())));
            }
            _ => return Err(wrong_type(kind, name)),
        }
        let prefix = format!("{name}/");
        for slot in before.keys().filter(|slot| slot.starts_with(&prefix)) {
            if !wanted.contains_key(&slot[prefix.len()..]) {
                put(slot.clone(), absent.clone());
            }
        }
        for (element, entry) in wanted {
            put(format!("{prefix}{element}"), entry);
        }
    }
    Ok(changed)
}

/// An element that a set does not hold, however that was said. Of a field it is not so: "no" is an answer, blank is none.
/// Whether a slot already says this: what was cleared, or is no element any more, is as if it had never stood.
fn stands(slots: &Fields, slot: &str, value: &Value) -> bool {
    match slots.get(slot) {
        Some(present) => present == value || is_element_out(slot, present) && is_element_out(slot, value),
        None => value.is_null() || is_element_out(slot, value),
    }
}

/// Whether `slots` say all that `others`, of the same record later on, say.
pub fn all_stand(slots: &Fields, others: &Fields) -> bool {
    others.iter().all(|(slot, value)| stands(slots, slot, value))
}

fn is_element_out(slot: &str, value: &Value) -> bool {
    slot.contains('/') && matches!(value, Value::Null | Value::Bool(false))
}

/// A field as its slots put it together.
fn shown(slots: &Fields, field: &str) -> Option<Value> {
    let own = slots.iter().filter(|(slot, _)| split_slot(slot).0 == field);
    assemble(&own.map(|(slot, value)| (slot.clone(), value.clone())).collect()).remove(field)
}

fn wrong_type(kind: &Kind, name: &str) -> Notice {
    let (zh, en, expected_zh, expected_en) = match name {
        CAMPAIGNS => ("专项行动", "Campaigns", "专项行动编号列表", "a list of campaign ids"),
        OVERRIDES => ("提示说明", "Overrides", "按提示代码填写的理由", "reasons by warning code"),
        _ => match kind.field(name) {
            Some(field) => return field.type_wrong(),
            None => (name, name, "其他类型", "another type"),
        },
    };
    let notice = Notice::new("type-wrong").with("field", name).with("zh", zh).with("en", en);
    notice.with("expected_zh", expected_zh).with("expected_en", expected_en)
}
