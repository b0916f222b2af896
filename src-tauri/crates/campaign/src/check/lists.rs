//! Forms with one row per record.

use domain::Notice;
use domain::compose;
use domain::schema::{FieldType, Kind, Schema};

use super::figures::{conditions, date_field, follow, is_integer, known_kind};
use super::found::Found;
use super::shared::unknown_field;
use crate::model::{Body, CellRule, Form, Unit};
use crate::reads::refers_to;
use crate::source::Path;

/// What the composed texts are about.
const COMPOSED_OF: &str = "sample";

pub(super) fn check(schema: &Schema, form: &Form, path: &Path, found: &mut Found) {
    let Body::List { of, event, conditions: own, having, without, sort } = &form.body else { return };
    let body = path.key("body");
    let Some(kind) = known_kind(schema, &body.key("of"), of, found) else { return };
    if let Some(event) = event {
        date_field(kind, &body.key("event"), event, found);
    }
    conditions(schema, kind, own, &body.key("where"), found);
    let having = having.iter().enumerate().map(|(at, other)| (body.key("having").at(at), other));
    let without = without.iter().enumerate().map(|(at, other)| (body.key("without").at(at), other));
    for (path, other) in having.chain(without) {
        if other.at_least == 0 {
            found.add(&path.key("at_least"), Notice::new("campaign-at-least-none").with("kind", &other.kind));
        }
        if let Some(other_kind) = pointing(schema, &path.key("kind"), &other.kind, kind, found) {
            conditions(schema, other_kind, &other.conditions, &path.key("where"), found);
        }
    }
    for (at, name) in sort.iter().enumerate() {
        let path = body.key("sort").at(at);
        match kind.field(name).map(|field| &field.ty) {
            None => found.add(&path, unknown_field(&kind.id, name)),
            Some(ty) if is_structure(ty) => {
                found.add(&path, Notice::new("campaign-field-unsortable").with("value", name))
            }
            Some(_) => {}
        }
    }
    for (index, column) in form.columns.iter().enumerate() {
        let path = path.key("column").at(index);
        conditions(schema, kind, &column.only_if, &path.key("only"), found);
        let cell = path.key("cell");
        let mut number = false;
        match &column.cell {
            CellRule::RowNumber => {}
            CellRule::Field(name) => {
                printed(schema, kind, name, &cell.key("field"), found);
                number = follow(schema, kind, name).is_some_and(is_integer);
            }
            CellRule::Tick { field: name, .. } => match follow(schema, kind, name).map(|field| &field.ty) {
                Some(FieldType::Bool) => {}
                Some(_) => {
                    let notice = Notice::new("campaign-field-not-a-bool").with("value", name);
                    found.add(&cell.key("tick").key("field"), notice);
                }
                None => found.add(&cell.key("tick").key("field"), unknown_field(&kind.id, name)),
            },
            CellRule::Collect { kind: other, field: name, conditions: own } => {
                let cell = cell.key("collect");
                if let Some(other) = pointing(schema, &cell.key("kind"), other, kind, found) {
                    printed(schema, other, name, &cell.key("field"), found);
                    conditions(schema, other, own, &cell.key("where"), found);
                }
            }
            CellRule::Count { kind: other, conditions: own } => {
                let cell = cell.key("count");
                if let Some(other) = pointing(schema, &cell.key("kind"), other, kind, found) {
                    conditions(schema, other, own, &cell.key("where"), found);
                }
            }
            CellRule::Composed(name) => {
                if !compose::NAMES.contains(&name.as_str()) || of != COMPOSED_OF {
                    let notice = Notice::new("composed-unknown").with("value", name).with("kind", of);
                    found.add(&cell.key("composed"), notice);
                }
            }
            CellRule::Figure { .. } | CellRule::SumOf(_) | CellRule::Rate { .. } => {
                found.add(&cell, Notice::new("column-not-for-lists").with("column", &column.id));
            }
        }
        if column.unit != Unit::One && !number {
            found.add(&path.key("unit"), Notice::new("unit-of-no-number").with("column", &column.id));
        }
        if !column.declared_with.is_empty() {
            let notice = Notice::new("column-not-for-lists").with("column", &column.id);
            found.add(&path.key("declared_with"), notice);
        }
    }
}

/// A kind whose records refer to the listed kind.
fn pointing<'a>(schema: &'a Schema, path: &Path, id: &str, to: &Kind, found: &mut Found) -> Option<&'a Kind> {
    let kind = known_kind(schema, path, id, found)?;
    if kind.fields.iter().any(|field| refers_to(field, &to.id)) {
        return Some(kind);
    }
    found.add(path, Notice::new("kind-does-not-refer").with("value", id).with("kind", &to.id));
    None
}

fn printed(schema: &Schema, kind: &Kind, name: &str, path: &Path, found: &mut Found) {
    match follow(schema, kind, name).map(|field| &field.ty) {
        None => found.add(path, unknown_field(&kind.id, name)),
        Some(ty) if is_structure(ty) || matches!(ty, FieldType::Ref { .. }) => {
            found.add(path, Notice::new("campaign-field-unprintable").with("value", name));
        }
        Some(_) => {}
    }
}

/// Neither a value nor a list of values that could be written in a cell.
fn is_structure(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Refs { .. } | FieldType::Checklist | FieldType::KeyedTexts | FieldType::Objects { .. })
}
