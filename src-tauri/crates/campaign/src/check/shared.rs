//! Vocabularies and field sets, which several campaigns share.

use domain::Notice;
use domain::schema::{Field, FieldSet, FieldType, Kind, Preset, Schema, Vocabulary};

use super::found::{Found, Unique};
use crate::reads::CATEGORY;
use crate::source::{Path, Problem};

/// The first thing wrong with a vocabulary that stands at `root`.
pub(crate) fn vocabulary(root: &Path, vocabulary: &Vocabulary) -> Option<Problem> {
    let mut found = Found::default();
    found.code(&root.key("id"), &vocabulary.id);
    let mut seen = Unique::default();
    for (index, entry) in vocabulary.entries.iter().enumerate() {
        let path = root.key("entries").at(index);
        found.code(&path.key("code"), &entry.code);
        found.unique(&path.key("code"), &mut seen, &entry.code);
        found.labels(&path, &entry.zh);
        if entry.unit.is_some() && vocabulary.id != CATEGORY {
            found.add(&path.key("unit"), Notice::new("campaign-unit-misplaced").with("value", &entry.code));
        }
    }
    found.problems.into_iter().next()
}

/// A refusal by the schema of a vocabulary that stands at `root`, set at the entry it is about.
pub(crate) fn entry_problem(root: &Path, vocabulary: &Vocabulary, notice: Notice) -> Problem {
    let index = vocabulary.entries.iter().position(|entry| notice.arg("code") == Some(entry.code.as_str()));
    let path = index.map_or_else(|| root.key("id"), |index| root.key("entries").at(index));
    Problem { path, notice }
}

/// The first thing wrong with a field set, given the core schema and the vocabularies.
pub(crate) fn field_set(schema: &Schema, set: &FieldSet) -> Option<Problem> {
    let mut found = Found::default();
    let root = Path::default();
    found.code(&root.key("id"), &set.id);
    found.labels(&root, &set.zh);
    for (kind_id, fields) in &set.fields {
        let path = root.key("fields").key(kind_id);
        let Some(kind) = schema.kind(kind_id).filter(|kind| !kind.reserved) else {
            found.add(&path, Notice::new("campaign-kind-unknown").with("value", kind_id));
            continue;
        };
        let mut seen = Unique::default();
        for (index, field) in fields.iter().enumerate() {
            let path = path.at(index);
            found.unique(&path.key("name"), &mut seen, &field.name);
            found.labels(&path, &field.zh);
            if kind.core_fields().any(|core| core.name == field.name) {
                let notice = Notice::new("campaign-field-is-core").with("kind", &kind.id).with("value", &field.name);
                found.add(&path.key("name"), notice);
            }
            check_field(schema, kind, fields, field, &path, &mut found);
        }
    }
    found.problems.into_iter().next()
}

fn check_field(schema: &Schema, kind: &Kind, fields: &[Field], field: &Field, path: &Path, found: &mut Found) {
    match &field.ty {
        FieldType::Code { of } | FieldType::Set { of } if schema.vocabulary(of).is_none() => {
            found.add(&path.key("of"), Notice::new("campaign-vocabulary-unknown").with("value", of));
        }
        FieldType::Ref { to } | FieldType::Refs { to } if to != "*" && schema.kind(to).is_none() => {
            found.add(&path.key("to"), Notice::new("campaign-kind-unknown").with("value", to));
        }
        FieldType::Objects { members } => {
            for (index, member) in members.iter().enumerate() {
                check_field(schema, kind, fields, member, &path.key("members").at(index), found);
            }
        }
        _ => {}
    }
    if let Some(group) = &field.group {
        found.entry(schema, &path.key("group"), "group", group);
    }
    for (index, category) in field.rules.required_for.iter().enumerate() {
        found.entry(schema, &path.key("required_for").at(index), CATEGORY, category);
    }
    for (key, rule) in [("required_with", &field.rules.required_with), ("only_with", &field.rules.only_with)] {
        for (other, codes) in rule {
            let path = path.key(key).key(other);
            match named(kind, fields, other).map(|field| &field.ty) {
                Some(FieldType::Code { of } | FieldType::Set { of }) => {
                    for (at, code) in codes.iter().enumerate() {
                        found.entry(schema, &path.at(at), of, code);
                    }
                }
                Some(_) => found.add(&path, Notice::new("campaign-field-not-a-code").with("value", other)),
                None => found.add(&path, unknown_field(&kind.id, other)),
            }
        }
    }
    if let Some(other) = field.rules.with.as_ref().filter(|other| named(kind, fields, other).is_none()) {
        found.add(&path.key("with"), unknown_field(&kind.id, other));
    }
    match &field.rules.preset {
        Some(Preset::Code(code)) => match &field.ty {
            FieldType::Code { of } | FieldType::Set { of } => found.entry(schema, &path.key("preset"), of, code),
            _ => found.add(&path.key("preset"), Notice::new("campaign-field-not-a-code").with("value", &field.name)),
        },
        Some(Preset::Field(named_by)) => {
            let behind =
                named_by.split_once('.').and_then(|(reference, behind)| match &named(kind, fields, reference)?.ty {
                    FieldType::Ref { to } => schema.kind(to)?.field(behind),
                    _ => None,
                });
            if behind.is_none() {
                found.add(&path.key("preset"), unknown_field(&kind.id, named_by));
            }
        }
        Some(Preset::From(_)) | None => {}
    }
    for (key, days) in [("not_before", &field.rules.not_before), ("usually_after", &field.rules.usually_after)] {
        for (at, day) in days.iter().enumerate() {
            let behind =
                day.split_once('.').and_then(|(reference, behind)| match &named(kind, fields, reference)?.ty {
                    FieldType::Ref { to } => schema.kind(to)?.field(behind),
                    _ => None,
                });
            let target = if day.contains('.') { behind } else { named(kind, fields, day) };
            let path = path.key(key).at(at);
            match target.map(|field| &field.ty) {
                Some(FieldType::Date) if field.ty == FieldType::Date => {}
                Some(_) => found.add(&path, Notice::new("campaign-field-not-a-date").with("value", day)),
                None => found.add(&path, unknown_field(&kind.id, day)),
            }
        }
    }
}

fn named<'a>(kind: &'a Kind, fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name).or_else(|| kind.field(name))
}

pub(super) fn unknown_field(kind: &str, field: &str) -> Notice {
    Notice::new("campaign-field-unknown").with("kind", kind).with("value", field)
}
