//! 勾稽: that what a check compares is there, and is a number; that what must be present is a field.

use std::collections::BTreeSet;

use domain::Notice;
use domain::schema::{Kind, Schema};

use super::figures::{conditions, follow, is_integer};
use super::found::{Found, Unique};
use super::shared::unknown_field;
use crate::checks::{CellName, Check, Comparison, Present};
use crate::model::{Body, Campaign, CellRule, Column, Form, Row, Unit};
use crate::source::Path;

pub(super) fn check(schema: &Schema, campaign: &Campaign, form: &Form, path: &Path, found: &mut Found) {
    let mut seen = Unique::default();
    for (index, check) in form.checks.iter().enumerate() {
        let path = path.key("check").at(index);
        found.code(&path.key("id"), &check.id);
        found.unique(&path.key("id"), &mut seen, &check.id);
        found.labels(&path, &check.zh);
        let about = About { schema, campaign, form };
        about.rows(check, &path, found);
        let asks = (check.compare.is_some(), check.present.is_some(), check.when.is_some());
        if !matches!(asks, (true, false, _) | (false, true, false)) {
            found.add(&path.key("id"), Notice::new("check-asks").with("value", &check.id));
            continue;
        }
        for (key, text) in [("compare", &check.compare), ("when", &check.when)] {
            if let Some(text) = text {
                about.comparison(check, text, &path.key(key), found);
            }
        }
        if let Some(present) = &check.present {
            about.present(present, &path.key("present"), found);
        }
    }
}

struct About<'a> {
    schema: &'a Schema,
    campaign: &'a Campaign,
    form: &'a Form,
}

/// What a cell prints: numbers of one unit can be compared with one another.
#[derive(PartialEq)]
enum Prints {
    Number(Unit),
    Rate,
}

fn rows(form: &Form) -> Option<&[Row]> {
    match &form.body {
        Body::Statistics { rows, .. } => Some(rows),
        Body::List { .. } => None,
    }
}

fn has_row(form: &Form, id: &str) -> bool {
    rows(form).is_some_and(|rows| rows.iter().any(|row| row.id == id))
}

impl About<'_> {
    fn rows(&self, check: &Check, path: &Path, found: &mut Found) {
        let mut seen = Unique::default();
        for (at, row) in check.rows.iter().enumerate() {
            let path = path.key("rows").at(at);
            if !has_row(self.form, row) {
                found.add(&path, Notice::new("check-row-unknown").with("value", row).with("form", &self.form.id));
            }
            found.unique(&path, &mut seen, row);
        }
    }

    fn comparison(&self, check: &Check, text: &str, path: &Path, found: &mut Found) {
        let comparison = match Comparison::parse(text) {
            Ok(comparison) => comparison,
            Err(notice) => return found.add(path, notice),
        };
        let mut prints: Option<Prints> = None;
        let mut compared = false;
        for cell in comparison.cells() {
            let Some((form, column)) = self.cell(check, cell, path, found) else { return };
            compared = true;
            let Some(printed) = self.prints(form, column) else {
                return found.add(path, Notice::new("check-of-no-number").with("value", &column.id));
            };
            if prints.as_ref().is_some_and(|other| *other != printed) {
                return found.add(path, Notice::new("check-units-differ").with("value", text));
            }
            prints = Some(printed);
        }
        if !compared {
            found.add(path, Notice::new("check-unreadable").with("value", text));
        }
    }

    /// The form and column of a cell, where all it names is there.
    fn cell(&self, check: &Check, cell: &CellName, path: &Path, found: &mut Found) -> Option<(&Form, &Column)> {
        let form = match &cell.form {
            None => self.form,
            Some(id) => match self.campaign.forms.iter().find(|form| form.id == *id) {
                Some(form) => form,
                None => {
                    found.add(path, Notice::new("campaign-form-unknown").with("value", id));
                    return None;
                }
            },
        };
        let Some(column) = form.columns.iter().find(|column| column.id == cell.column) else {
            found.add(path, Notice::new("campaign-column-unknown").with("value", &cell.column));
            return None;
        };
        // A cell of the row at hand in another form needs that row there for every row the check is about.
        let named: Vec<&str> = match (&cell.row, &cell.form) {
            (Some(row), _) => vec![row],
            (None, None) => Vec::new(),
            (None, Some(_)) if !check.rows.is_empty() => check.rows.iter().map(String::as_str).collect(),
            (None, Some(_)) => rows(self.form).unwrap_or_default().iter().map(|row| row.id.as_str()).collect(),
        };
        if let Some(row) = named.iter().find(|row| !has_row(form, row)) {
            found.add(path, Notice::new("check-row-unknown").with("value", row).with("form", &form.id));
            return None;
        }
        if cell.form.is_some() && rows(form).is_none() {
            found.add(path, Notice::new("check-row-unknown").with("value", &cell.column).with("form", &form.id));
            return None;
        }
        Some((form, column))
    }

    fn prints(&self, form: &Form, column: &Column) -> Option<Prints> {
        let field = |name: &str| match &form.body {
            Body::List { of, .. } => self.schema.kind(of).and_then(|kind| follow(self.schema, kind, name)),
            Body::Statistics { .. } => None,
        };
        match &column.cell {
            CellRule::Figure { .. } | CellRule::SumOf(_) => Some(Prints::Number(column.unit)),
            CellRule::Rate { .. } => Some(Prints::Rate),
            CellRule::Field(name) if field(name).is_some_and(is_integer) => Some(Prints::Number(column.unit)),
            _ => None,
        }
    }

    fn present(&self, present: &Present, path: &Path, found: &mut Found) {
        let kinds: Vec<&Kind> = match (&self.form.body, &present.column) {
            (Body::List { of, .. }, None) => self.schema.kind(of).into_iter().collect(),
            (Body::Statistics { .. }, Some(id)) => {
                let Some(column) = self.form.columns.iter().find(|column| column.id == *id) else {
                    return found.add(&path.key("column"), Notice::new("campaign-column-unknown").with("value", id));
                };
                self.counted(column).iter().filter_map(|kind| self.schema.kind(kind)).collect()
            }
            _ => Vec::new(),
        };
        if kinds.is_empty() {
            return found.add(path, Notice::new("check-present-of-nothing").with("value", &present.field));
        }
        for kind in kinds {
            if follow(self.schema, kind, &present.field).is_none() {
                found.add(&path.key("field"), unknown_field(&kind.id, &present.field));
            }
            conditions(self.schema, kind, &present.conditions, &path.key("where"), found);
        }
    }

    /// The kinds a column counts, whatever columns it sums.
    fn counted(&self, column: &Column) -> BTreeSet<&str> {
        let mut kinds = BTreeSet::new();
        // What sums in a circle is told where it stands.
        let (mut waiting, mut seen) = (vec![column], BTreeSet::new());
        while let Some(column) = waiting.pop().filter(|column| seen.insert(&column.id)) {
            match &column.cell {
                CellRule::Figure { id, .. } => {
                    kinds.extend(
                        self.campaign.figures.iter().filter(|figure| figure.id == *id).map(|figure| &*figure.kind),
                    );
                }
                CellRule::SumOf(parts) => {
                    waiting.extend(self.form.columns.iter().filter(|other| parts.contains(&other.id)))
                }
                _ => {}
            }
        }
        kinds
    }
}
