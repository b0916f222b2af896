//! Figures and the conditions they, columns and lists use.

use domain::Notice;
use domain::schema::{CAMPAIGNS, Field, FieldType, Kind, Schema};

use super::found::{Found, Unique};
use super::shared::unknown_field;
use crate::model::{Campaign, Condition, Matched, Measure};
use crate::reads::{ENTERPRISE, enterprises_of, reference_of, refers_to};
use crate::source::Path;

pub(super) fn check(schema: &Schema, campaign: &Campaign, found: &mut Found) {
    let mut seen = Unique::default();
    for (index, figure) in campaign.figures.iter().enumerate() {
        let path = Path::default().key("figure").at(index);
        found.code(&path.key("id"), &figure.id);
        found.unique(&path.key("id"), &mut seen, &figure.id);
        found.labels(&path, &figure.zh);
        let Some(kind) = known_kind(schema, &path.key("kind"), &figure.kind, found) else { continue };
        measure(schema, kind, &figure.measure, &path.key("measure"), found);
        if let Some(event) = &figure.event {
            date_field(kind, &path.key("event"), event, found);
        }
        conditions(schema, kind, &figure.conditions, &path.key("where"), found);
        for (key, answering) in [("matched", &figure.matched), ("without", &figure.without)] {
            if let Some(answering) = answering {
                matched(schema, kind, answering, &path.key(key), found);
            }
        }
    }
}

fn matched(schema: &Schema, counted: &Kind, matched: &Matched, path: &Path, found: &mut Found) {
    let Some(kind) = known_kind(schema, &path.key("kind"), &matched.kind, found) else { return };
    if let Some(event) = &matched.event {
        date_field(kind, &path.key("event"), event, found);
    }
    conditions(schema, kind, &matched.conditions, &path.key("where"), found);
    let root = path.key("by");
    if matched.by.is_empty() || matched.by.iter().any(Vec::is_empty) {
        found.add(&root, Notice::new("matched-by-nothing").with("value", &matched.kind));
    }
    let about = |kind: &Kind| kind.id == ENTERPRISE || owned(schema, kind);
    let refers = |from: &Kind, name: &str, to: &str| from.field(name).is_some_and(|field| refers_to(field, to));
    for (index, names) in matched.by.iter().enumerate() {
        for (at, name) in names.iter().enumerate() {
            let alike = if name == ENTERPRISE {
                about(counted) && about(kind)
            } else {
                let scalar = |field: &&Field| {
                    matches!(field.ty, FieldType::Text | FieldType::Code { .. } | FieldType::Division | FieldType::Uscc)
                        || matches!(field.ty, FieldType::Ref { .. })
                };
                let (one, other) = (counted.field(name), kind.field(name));
                (*name == counted.id && refers(kind, name, &counted.id))
                    || one.filter(scalar).zip(other).is_some_and(|(one, other)| one.ty == other.ty)
            };
            if !alike {
                let notice = Notice::new("matched-by-unknown").with("value", name);
                found.add(&root.at(index).at(at), notice.with("kind", &counted.id).with("other", &kind.id));
            }
        }
    }
}

/// Whether a record of the kind says which enterprise it is about, itself or through what it follows.
fn owned(schema: &Schema, kind: &Kind) -> bool {
    let leader = || {
        let FieldType::Ref { to } = &kind.field(kind.follows.as_deref()?)?.ty else { return None };
        schema.kind(to)?.field(ENTERPRISE)
    };
    enterprises_of(schema, &kind.id).is_some() || leader().is_some()
}

/// A kind that records are made of.
pub(super) fn known_kind<'a>(schema: &'a Schema, path: &Path, id: &str, found: &mut Found) -> Option<&'a Kind> {
    let kind = schema.kind(id).filter(|kind| !kind.reserved);
    if kind.is_none() {
        found.add(path, Notice::new("campaign-kind-unknown").with("value", id));
    }
    kind
}

fn measure(schema: &Schema, kind: &Kind, measure: &Measure, path: &Path, found: &mut Found) {
    let (key, name) = match measure {
        Measure::Count => return,
        Measure::Enterprises => {
            if kind.id != ENTERPRISE && enterprises_of(schema, &kind.id).is_none() {
                found.add(path, Notice::new("campaign-no-enterprise").with("kind", &kind.id));
            }
            return;
        }
        Measure::Sum(name) => ("sum", name),
        Measure::Size(name) => ("size", name),
        Measure::Distinct(name) => ("distinct", name),
    };
    let path = path.key(key);
    let Some(field) = kind.field(name) else {
        found.add(&path, unknown_field(&kind.id, name));
        return;
    };
    let (fits, code) = match measure {
        Measure::Sum(_) => (is_integer(field), "campaign-field-not-an-integer"),
        Measure::Size(_) => (is_list(field), "campaign-field-not-a-list"),
        _ => (
            matches!(field.ty, FieldType::Text | FieldType::Code { .. } | FieldType::Division | FieldType::Uscc),
            "campaign-field-not-a-text",
        ),
    };
    if !fits {
        found.add(&path, Notice::new(code).with("kind", &kind.id).with("value", name));
    }
}

pub(super) fn is_integer(field: &Field) -> bool {
    matches!(field.ty, FieldType::Integer | FieldType::Quantity | FieldType::Money)
}

fn is_list(field: &Field) -> bool {
    matches!(field.ty, FieldType::Texts | FieldType::Refs { .. } | FieldType::Set { .. } | FieldType::Objects { .. })
}

pub(super) fn date_field(kind: &Kind, path: &Path, name: &str, found: &mut Found) {
    match kind.field(name).map(|field| &field.ty) {
        Some(FieldType::Date) => {}
        Some(_) => found.add(path, Notice::new("campaign-field-not-a-date").with("value", name)),
        None => found.add(path, unknown_field(&kind.id, name)),
    }
}

/// The field a name leads to from a kind: its own, or one behind a reference.
pub(crate) fn follow<'a>(schema: &'a Schema, kind: &'a Kind, name: &str) -> Option<&'a Field> {
    match name.split_once('.') {
        None => kind.field(name),
        Some((reference, behind)) => {
            let (_, to) = reference_of(schema, &kind.id, reference)?;
            schema.kind(&to)?.field(behind)
        }
    }
}

pub(super) fn conditions(schema: &Schema, kind: &Kind, conditions: &[Condition], path: &Path, found: &mut Found) {
    for (index, condition) in conditions.iter().enumerate() {
        let path = path.at(index);
        one(schema, kind, condition, &path, found);
        for (at, other) in condition.or.iter().enumerate() {
            let path = path.key("or").at(at);
            one(schema, kind, other, &path, found);
            if !other.or.is_empty() {
                found.add(&path.key("or"), Notice::new("campaign-alternatives-nested"));
            }
        }
    }
}

fn one(schema: &Schema, kind: &Kind, condition: &Condition, path: &Path, found: &mut Found) {
    let tests = usize::from(!condition.any.is_empty())
        + usize::from(!condition.none.is_empty())
        + usize::from(condition.is.is_some())
        + usize::from(condition.blank.is_some())
        + usize::from(condition.by_cut_off)
        + usize::from(condition.since.is_some());
    if tests != 1 {
        found.add(path, Notice::new("campaign-condition-tests").with("field", &condition.field).with("count", tests));
        return;
    }
    let name = &condition.field;
    if name == CAMPAIGNS {
        if condition.any.is_empty() && condition.none.is_empty() {
            found.add(&path.key("field"), Notice::new("campaign-field-not-a-code").with("value", name));
        }
        return;
    }
    // Only the enterprise is joined by same_as, so only its fields are well defined from everywhere.
    let elsewhere = name.split_once('.').is_some_and(|(reference, _)| reference != ENTERPRISE);
    let Some(field) = follow(schema, kind, name).filter(|_| !elsewhere) else {
        found.add(&path.key("field"), unknown_field(&kind.id, name));
        return;
    };
    for (key, codes) in [("any", &condition.any), ("none", &condition.none)] {
        if codes.is_empty() {
            continue;
        }
        match &field.ty {
            FieldType::Code { of } | FieldType::Set { of } => {
                for (at, code) in codes.iter().enumerate() {
                    found.entry(schema, &path.key(key).at(at), of, code);
                }
            }
            _ => found.add(&path.key("field"), Notice::new("campaign-field-not-a-code").with("value", name)),
        }
    }
    if condition.is.is_some() && field.ty != FieldType::Bool {
        found.add(&path.key("field"), Notice::new("campaign-field-not-a-bool").with("value", name));
    }
    if (condition.by_cut_off || condition.since.is_some()) && field.ty != FieldType::Date {
        found.add(&path.key("field"), Notice::new("campaign-field-not-a-date").with("value", name));
    }
}
