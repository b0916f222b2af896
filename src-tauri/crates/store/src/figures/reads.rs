//! Which fields the columns of a form read: a conflict in one of them leaves what they counted unsettled.

use std::collections::{BTreeMap, BTreeSet};

use campaign::model::{CellRule, Condition, Matched, Measure};
use domain::Schema;
use domain::revision::VOID;
use domain::schema::{CAMPAIGNS, FieldType, Kind};

use super::context::{ENTERPRISE, category_field};
use super::list::Listing;
use super::references::{follows, leads, link, refers};
use super::statistics::Sheet;
use super::wanted::{Wanted, clauses};

const SAME_AS: &str = "same_as";

/// Fields by kind and name.
#[derive(Debug, Default)]
pub(super) struct Reads {
    fields: BTreeSet<(String, String)>,
    /// Read on the enterprise a record belongs to, where only what decides who is joined to whom matters.
    joins: bool,
    /// Enterprises themselves, or what follows them, are counted.
    members: bool,
}

impl Reads {
    fn add(&mut self, kind: &str, field: &str) {
        self.fields.insert((kind.to_owned(), field.to_owned()));
    }

    pub fn reads(&self, kind: &str, field: &str) -> bool {
        self.joins && kind == ENTERPRISE && matches!(field, SAME_AS | VOID)
            || self.fields.contains(&(kind.to_owned(), field.to_owned()))
    }

    /// Whether any of these fields of an enterprise is read for its own sake.
    pub fn reads_beyond_joins(&self, fields: &BTreeSet<&str>) -> bool {
        fields.iter().any(|field| self.fields.contains(&(ENTERPRISE.to_owned(), (*field).to_owned())))
    }

    /// Whether any of these fields is read of an enterprise that was joined to another one.
    pub fn reads_of_member(&self, fields: &BTreeSet<&str>) -> bool {
        fields.iter().any(|field| match *field {
            SAME_AS | VOID => self.joins || self.members,
            CAMPAIGNS => self.members,
            _ => false,
        })
    }

    /// What places a record of a kind in a campaign, and says that it counts at all.
    fn add_standing(&mut self, schema: &Schema, kind: &str) {
        self.add(kind, VOID);
        self.add(kind, CAMPAIGNS);
        let Some(definition) = schema.kind(kind) else { return };
        if let Some((field, _)) = category_field(definition) {
            self.add(kind, field);
        }
        if let Some((field, target)) = follows(definition) {
            self.add(kind, field);
            self.add(target, VOID);
            self.add(target, CAMPAIGNS);
            if let Some((field, _)) = schema.kind(target).and_then(category_field) {
                self.add(target, field);
            }
            self.joins |= target == ENTERPRISE;
            self.members |= target == ENTERPRISE;
        }
        if kind == ENTERPRISE
            && let Some((day, _)) = definition.there_from()
        {
            self.add(kind, day);
        }
        self.joins |= kind == ENTERPRISE;
        self.members |= kind == ENTERPRISE;
    }

    fn add_wanted(&mut self, schema: &Schema, wanted: &Wanted) {
        self.add_standing(schema, wanted.kind);
        for (kind, field) in wanted.reads() {
            self.add(kind, field);
        }
        if wanted.reads_joins() {
            self.joins = true;
            self.add_owner(schema, wanted.kind);
        }
        for matched in wanted.answering() {
            self.add_matched(schema, wanted.kind, matched);
        }
    }

    /// What answers to the records of a kind, and what both have alike.
    fn add_matched(&mut self, schema: &Schema, kind: &str, matched: &Matched) {
        let any_day = domain::Date::from_naive(Default::default());
        let conditions = matched.conditions.iter();
        let event = matched.event.as_deref();
        self.add_wanted(schema, &Wanted::new(&matched.kind, &Measure::Enterprises, event, conditions, any_day));
        for name in matched.by.iter().flatten().filter(|name| *name != ENTERPRISE) {
            self.add(&matched.kind, name);
            self.add(kind, name);
        }
    }

    /// The references by which a record says whose it is.
    fn add_owner(&mut self, schema: &Schema, kind: &str) {
        let Some(kind) = schema.kind(kind).filter(|kind| kind.id != ENTERPRISE) else { return };
        for field in kind.fields.iter().filter(|field| refers(&field.ty, ENTERPRISE)) {
            self.add(&kind.id, &field.name);
        }
        if let Some((_, target)) = follows(kind)
            && schema.kind(target).is_some_and(|target| target.field(ENTERPRISE).is_some())
        {
            self.add(target, ENTERPRISE);
        }
    }

    fn add_conditions(&mut self, schema: &Schema, kind: &str, conditions: &[Condition]) {
        let any_day = domain::Date::from_naive(Default::default());
        for clause in conditions.iter().flat_map(|condition| clauses(kind, condition, any_day)) {
            if clause.of_enterprise {
                self.add_path(schema, kind, &format!("{ENTERPRISE}.{}", clause.field));
            } else {
                self.add_path(schema, kind, clause.field);
            }
        }
    }

    /// A field, and every reference on the way to it.
    fn add_path(&mut self, schema: &Schema, kind: &str, path: &str) {
        let Some((reference, rest)) = path.split_once('.') else { return self.add(kind, path) };
        if reference == kind {
            return self.add_path(schema, kind, rest);
        }
        let Some((field, to)) = schema.kind(kind).and_then(|kind| leads(kind, reference)) else { return };
        self.add(kind, field);
        self.joins |= to == ENTERPRISE;
        self.add_path(schema, to, rest);
    }
}

/// What each counted column of a statistics form reads.
pub(super) fn of_sheet(sheet: &Sheet) -> BTreeMap<usize, Reads> {
    let schema = sheet.context.schema;
    let mut columns = BTreeMap::new();
    for (kind, wanted) in &sheet.wanted {
        for (column, wanted) in wanted {
            let mut reads = Reads::default();
            reads.add_wanted(schema, wanted);
            if let Some(field) = sheet.row_field(kind) {
                reads.add(kind, field);
            }
            columns.insert(*column, reads);
        }
    }
    columns
}

/// What the condition reads that can leave a column of a list blank.
pub(super) fn of_condition(listing: &Listing, column: usize) -> Reads {
    let mut reads = Reads::default();
    reads.add_conditions(listing.context.schema, listing.of, &listing.form.columns[column].only_if);
    reads
}

/// What decides the rows of a list, and what each of its columns reads.
pub(super) fn of_listing(listing: &Listing) -> (Reads, Vec<Reads>) {
    let schema = listing.context.schema;
    let mut rows = Reads::default();
    rows.add_wanted(schema, &listing.wanted[0].1);
    for having in listing.having.iter().chain(listing.without) {
        rows.add_conditions(schema, &having.kind, &having.conditions);
        add_pointing(&mut rows, schema, &having.kind, listing.of);
    }
    let column = |column: &campaign::model::Column| {
        let mut reads = Reads::default();
        reads.add_conditions(schema, listing.of, &column.only_if);
        match &column.cell {
            CellRule::Field(path) | CellRule::Tick { field: path, .. } => {
                reads.add_path(schema, listing.of, path);
                add_title(&mut reads, schema, listing.of, path);
            }
            CellRule::Collect { kind, field, conditions } => {
                reads.add(kind, field);
                reads.add_conditions(schema, kind, conditions);
                add_pointing(&mut reads, schema, kind, listing.of);
            }
            CellRule::Count { kind, conditions } => {
                reads.add_conditions(schema, kind, conditions);
                add_pointing(&mut reads, schema, kind, listing.of);
            }
            CellRule::Composed(name) => {
                for (kind, field) in domain::compose::reads(name) {
                    reads.add(kind, field);
                    if *kind != listing.of {
                        reads.add(kind, VOID);
                    }
                }
            }
            CellRule::RowNumber | CellRule::Figure { .. } | CellRule::SumOf(_) | CellRule::Rate { .. } => {}
        }
        reads
    };
    (rows, listing.form.columns.iter().map(column).collect())
}

fn add_pointing(reads: &mut Reads, schema: &Schema, kind: &str, of: &str) {
    reads.add_standing(schema, kind);
    if let Some((day, _)) = schema.kind(kind).and_then(Kind::there_from) {
        reads.add(kind, day);
    }
    if let Some(field) = link(schema, kind, of) {
        reads.add(kind, field);
    }
    reads.joins |= of == ENTERPRISE;
}

/// A printed reference prints the name of what it refers to.
fn add_title(reads: &mut Reads, schema: &Schema, kind: &str, path: &str) {
    let ty = schema.kind(kind).and_then(|kind| kind.field(path)).map(|field| &field.ty);
    if let Some(FieldType::Ref { to } | FieldType::Refs { to }) = ty
        && let Some(target) = schema.kind(to)
    {
        reads.add(to, &target.title);
        reads.joins |= to == ENTERPRISE;
    }
}
