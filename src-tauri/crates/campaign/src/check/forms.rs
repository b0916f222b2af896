//! Forms: what both sorts share, and tables of counted figures.

use std::collections::{BTreeMap, BTreeSet};

use domain::Notice;
use domain::schema::{FieldType, Schema};

use super::figures::{conditions, known_kind};
use super::found::{Found, Unique};
use super::shared::unknown_field;
use super::{checks, headers, lists};
use crate::model::{Body, Campaign, CellRule, Column, Figure, Form, Line, Measure, Row, Unit};
use crate::source::Path;

const PLACEHOLDERS: &[&str] = &[
    "{office}",
    "{campaign}",
    "{date}",
    "{as_of}",
    "{as_of_cn}",
    "{filler}",
    "{phone}",
    "{reviewer}",
    "{approver}",
    "{seal}",
];

/// Numbers in 万 and 万元 are rounded to this many decimals, whatever a column asks.
const MOST_DECIMALS: u32 = 4;

pub(super) fn check(schema: &Schema, campaign: &Campaign, found: &mut Found) {
    let mut seen = Unique::default();
    for (index, form) in campaign.forms.iter().enumerate() {
        let path = Path::default().key("form").at(index);
        let name = form.id.strip_prefix(&campaign.id).and_then(|rest| rest.strip_prefix('/'));
        let named = name.is_some_and(domain::schema::is_code);
        if !named && domain::schema::is_code(&campaign.id) {
            let notice = Notice::new("campaign-form-id").with("value", &form.id).with("campaign", &campaign.id);
            found.add(&path.key("id"), notice);
        }
        found.unique(&path.key("id"), &mut seen, &form.id);
        found.words(&path.key("title"), &form.title);
        if !["A4", "A3"].contains(&form.page.paper.as_str()) {
            let notice = Notice::new("campaign-paper-unknown").with("value", &form.page.paper);
            found.add(&path.key("page").key("paper"), notice);
        }
        for (key, lines) in [("head", &form.head), ("foot", &form.foot)] {
            for (at, line) in lines.iter().enumerate() {
                placeholders(&path.key(key).at(at), line, found);
            }
        }
        columns(form, &path.key("column"), found);
        match &form.body {
            Body::Statistics { by, rows, stub_width, .. } => {
                if *stub_width == 0 {
                    found.add(&path.key("body").key("stub_width"), Notice::new("campaign-width-missing"));
                }
                let table = Table { schema, campaign, form, path: &path };
                table.rows(by, rows, found);
                table.cells(by, found);
            }
            Body::List { .. } => lists::check(schema, form, &path, found),
        }
        checks::check(schema, campaign, form, &path, found);
    }
}

fn placeholders(path: &Path, line: &Line, found: &mut Found) {
    for (key, text) in [("left", &line.left), ("centre", &line.centre), ("right", &line.right)] {
        let mut rest = text.as_str();
        while let Some(open) = rest.find('{') {
            rest = &rest[open..];
            let end = rest.find('}').map_or(rest.len(), |close| close + 1);
            if !PLACEHOLDERS.contains(&&rest[..end]) {
                let notice = Notice::new("campaign-placeholder-unknown").with("value", &rest[..end]);
                found.add(&path.key(key), notice);
            }
            rest = &rest[end..];
        }
    }
}

fn columns(form: &Form, path: &Path, found: &mut Found) {
    if form.columns.is_empty() {
        found.add(path, Notice::new("campaign-columns-missing").with("value", &form.id));
    }
    let mut seen = Unique::default();
    for (index, column) in form.columns.iter().enumerate() {
        let path = path.at(index);
        found.code(&path.key("id"), &column.id);
        found.unique(&path.key("id"), &mut seen, &column.id);
        if column.width == 0 {
            found.add(&path.key("width"), Notice::new("campaign-width-missing"));
        }
        if column.decimals.is_some_and(|decimals| column.unit == Unit::One || decimals > MOST_DECIMALS) {
            let notice = Notice::new("campaign-decimals-wrong").with("column", &column.id).with("most", MOST_DECIMALS);
            found.add(&path.key("decimals"), notice);
        }
    }
    headers::check(&form.columns, path, found);
}

struct Table<'a> {
    schema: &'a Schema,
    campaign: &'a Campaign,
    form: &'a Form,
    path: &'a Path,
}

impl Table<'_> {
    fn rows(&self, by: &BTreeMap<String, String>, rows: &[Row], found: &mut Found) {
        let body = self.path.key("body");
        let vocabulary = self.vocabulary_of(by, rows, found);
        if rows.is_empty() {
            found.add(&body.key("rows"), Notice::new("campaign-rows-missing").with("value", &self.form.id));
        }
        let (mut ids, mut codes) = (Unique::default(), Unique::default());
        let (mut rest, mut total, mut once) = (false, false, false);
        for (index, row) in rows.iter().enumerate() {
            let path = body.key("rows").at(index);
            found.code(&path.key("id"), &row.id);
            found.unique(&path.key("id"), &mut ids, &row.id);
            found.words(&path.key("label"), &row.label);
            let takes = [!row.codes.is_empty(), row.rest, row.total, row.once];
            if takes.into_iter().filter(|takes| *takes).count() != 1 {
                found.add(&path, Notice::new("row-takes").with("value", &row.id));
            }
            for (key, is, seen) in
                [("rest", row.rest, &mut rest), ("total", row.total, &mut total), ("once", row.once, &mut once)]
            {
                if is && std::mem::replace(seen, true) {
                    found.add(&path.key(key), Notice::new("row-twice").with("value", &row.id).with("what", key));
                }
            }
            for (at, code) in row.codes.iter().enumerate() {
                let path = path.key("codes").at(at);
                if let Some(vocabulary) = &vocabulary {
                    found.entry(self.schema, &path, vocabulary, code);
                }
                if !codes.insert(code) {
                    found.add(&path, Notice::new("row-code-twice").with("value", code));
                }
            }
        }
    }

    /// The vocabulary whose codes name the rows: one for all kinds, unless no row is named by a code.
    fn vocabulary_of(&self, by: &BTreeMap<String, String>, rows: &[Row], found: &mut Found) -> Option<String> {
        let by_code = rows.iter().any(|row| !row.codes.is_empty());
        let root = self.path.key("body").key("by");
        let mut named: Option<String> = None;
        for (kind_id, name) in by {
            let path = root.key(kind_id);
            let Some(kind) = known_kind(self.schema, &path, kind_id, found) else { continue };
            match kind.field(name).map(|field| &field.ty) {
                Some(FieldType::Code { of } | FieldType::Set { of }) => {
                    if by_code && named.as_ref().is_some_and(|other| other != of) {
                        let notice = Notice::new("rows-by-different-vocabularies").with("value", name);
                        found.add(&path, notice);
                    }
                    named.get_or_insert_with(|| of.clone());
                }
                Some(_) => found.add(&path, Notice::new("campaign-field-not-a-code").with("value", name)),
                None => found.add(&path, unknown_field(kind_id, name)),
            }
        }
        named
    }

    fn cells(&self, by: &BTreeMap<String, String>, found: &mut Found) {
        let root = self.path.key("column");
        for (index, column) in self.form.columns.iter().enumerate() {
            let path = root.at(index);
            if !column.only_if.is_empty() {
                found.add(&path.key("only"), Notice::new("column-not-for-statistics").with("column", &column.id));
            }
            let cell = path.key("cell");
            match &column.cell {
                CellRule::Figure { id, conditions: own } => {
                    let cell = cell.key("figure");
                    let Some(figure) = self.figure(id) else {
                        found.add(&cell.key("id"), Notice::new("campaign-figure-unknown").with("value", id));
                        continue;
                    };
                    if self.schema.kind(&figure.kind).is_some_and(|kind| !kind.reserved)
                        && !by.contains_key(&figure.kind)
                    {
                        let notice = Notice::new("figure-without-row").with("value", id).with("kind", &figure.kind);
                        found.add(&cell.key("id"), notice);
                    }
                    if let Some(kind) = self.schema.kind(&figure.kind) {
                        conditions(self.schema, kind, own, &cell.key("where"), found);
                    }
                    if column.unit == Unit::TenThousandYuan && !self.is_money(figure) {
                        found.add(&path.key("unit"), Notice::new("unit-of-no-money").with("column", &column.id));
                    }
                }
                CellRule::SumOf(parts) => {
                    let cell = cell.key("sum_of");
                    if parts.is_empty() {
                        found.add(&cell, Notice::new("sum-of-nothing").with("column", &column.id));
                    }
                    let mut seen = Unique::default();
                    for (at, part) in parts.iter().enumerate() {
                        found.unique(&cell.at(at), &mut seen, part);
                        self.part(column, part, &cell.at(at), true, found);
                    }
                }
                CellRule::Rate { part, whole } => {
                    for (key, id) in [("part", part), ("whole", whole)] {
                        self.part(column, id, &cell.key("rate").key(key), false, found);
                    }
                }
                _ => found.add(&cell, Notice::new("column-not-for-statistics").with("column", &column.id)),
            }
            for (at, other) in column.declared_with.iter().enumerate() {
                let path = path.key("declared_with").at(at);
                self.part(column, other, &path, true, found);
                let counted = |column: &Column| matches!(column.cell, CellRule::Figure { .. });
                if !counted(column) || self.column(other).is_some_and(|other| !counted(other)) {
                    found.add(&path, Notice::new("declared-with-derived").with("value", other));
                }
            }
        }
        self.cycles(&root, found);
    }

    /// A column another is made of: known, counted or summed, and in the same unit where both are added.
    fn part(&self, column: &Column, id: &str, path: &Path, added: bool, found: &mut Found) {
        let Some(other) = self.column(id) else {
            found.add(path, Notice::new("campaign-column-unknown").with("value", id));
            return;
        };
        if matches!(other.cell, CellRule::Rate { .. }) && !self.in_cycle(&column.id) {
            found.add(path, Notice::new("rate-is-no-number").with("value", id));
        }
        if added && other.unit != column.unit {
            found.add(path, Notice::new("units-differ").with("value", id).with("column", &column.id));
        }
    }

    fn cycles(&self, root: &Path, found: &mut Found) {
        // One cycle is told once, at its first column.
        let first = self.form.columns.iter().position(|column| self.in_cycle(&column.id));
        if let Some(index) = first {
            let notice = Notice::new("column-cycle").with("column", &self.form.columns[index].id);
            found.add(&root.at(index).key("cell"), notice);
        }
    }

    /// Whether the column is made of itself, at whatever remove.
    fn in_cycle(&self, id: &str) -> bool {
        let (mut waiting, mut seen) = (self.parts(id), BTreeSet::new());
        while let Some(part) = waiting.pop() {
            if part == id {
                return true;
            }
            if seen.insert(part) {
                waiting.extend(self.parts(part));
            }
        }
        false
    }

    fn parts(&self, id: &str) -> Vec<&str> {
        match self.column(id).map(|column| &column.cell) {
            Some(CellRule::SumOf(parts)) => parts.iter().map(String::as_str).collect(),
            Some(CellRule::Rate { part, whole }) => vec![part, whole],
            _ => Vec::new(),
        }
    }

    fn column(&self, id: &str) -> Option<&Column> {
        self.form.columns.iter().find(|column| column.id == id)
    }

    fn figure(&self, id: &str) -> Option<&Figure> {
        self.campaign.figures.iter().find(|figure| figure.id == id)
    }

    fn is_money(&self, figure: &Figure) -> bool {
        let Measure::Sum(name) = &figure.measure else { return false };
        let field = self.schema.kind(&figure.kind).and_then(|kind| kind.field(name));
        // An unknown field is told where the figure stands.
        field.is_none_or(|field| field.ty == FieldType::Money)
    }
}
