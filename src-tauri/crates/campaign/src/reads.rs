//! Which fields a form's cells rest on. An unresolved conflict in one of them leaves the cell unsettled, so it is better to
//! name a field too many than one too few.

use std::collections::BTreeSet;

use domain::compose;
use domain::revision::VOID;
use domain::schema::{CAMPAIGNS, Field, FieldType, Kind, Schema};

use crate::model::{Body, Campaign, CellRule, Condition, Form, Measure};

type Reads = BTreeSet<(String, String)>;

/// The kind whose records are joined by `same_as`, and the field that joins them.
pub(crate) const ENTERPRISE: &str = "enterprise";
const SAME_AS: &str = "same_as";
/// The kind that holds figures without records.
const DECLARED: &str = "declared";
/// The vocabulary whose codes decide whether a record belongs to a campaign.
pub(crate) const CATEGORY: &str = "category";

pub(crate) fn form(schema: &Schema, campaign: &Campaign, form: &Form) -> Reads {
    let mut reader = Reader { schema, reads: Reads::new() };
    match &form.body {
        Body::Statistics { by, .. } => {
            for column in &form.columns {
                let CellRule::Figure { id, conditions } = &column.cell else { continue };
                let Some(figure) = campaign.figures.iter().find(|figure| figure.id == *id) else { continue };
                reader.figure_of(&figure.kind, &figure.measure, figure.event.as_deref());
                reader.conditions(&figure.kind, &figure.conditions);
                reader.conditions(&figure.kind, conditions);
                for matched in figure.matched.iter().chain(&figure.without) {
                    reader.figure_of(&matched.kind, &Measure::Enterprises, matched.event.as_deref());
                    reader.conditions(&matched.kind, &matched.conditions);
                    for name in matched.by.iter().flatten() {
                        reader.own(&figure.kind, name);
                        reader.own(&matched.kind, name);
                    }
                }
                if let Some(field) = by.get(&figure.kind) {
                    reader.field(&figure.kind, field);
                }
            }
            let declared = schema.kind(DECLARED);
            for field in declared.iter().flat_map(|kind| &kind.fields) {
                reader.own(DECLARED, &field.name);
            }
            reader.own(DECLARED, VOID);
        }
        Body::List { of, event, conditions, having, without, sort } => {
            reader.scope(of);
            if of == ENTERPRISE {
                if let Some((day, _)) = schema.kind(of).and_then(Kind::there_from) {
                    reader.own(of, day);
                }
                // An enterprise may be in the campaign through another it is joined with.
                reader.joined();
            }
            for field in event.iter().chain(sort) {
                reader.field(of, field);
            }
            reader.conditions(of, conditions);
            for other in having.iter().chain(without) {
                reader.pointing(&other.kind, of);
                reader.conditions(&other.kind, &other.conditions);
            }
            for column in &form.columns {
                reader.conditions(of, &column.only_if);
                match &column.cell {
                    CellRule::Field(field) | CellRule::Tick { field, .. } => reader.field(of, field),
                    CellRule::Collect { kind, field, conditions } => {
                        reader.pointing(kind, of);
                        reader.field(kind, field);
                        reader.conditions(kind, conditions);
                    }
                    CellRule::Count { kind, conditions } => {
                        reader.pointing(kind, of);
                        reader.conditions(kind, conditions);
                    }
                    CellRule::Composed(name) => {
                        for (kind, field) in compose::reads(name) {
                            reader.own(kind, field);
                            reader.own(kind, VOID);
                        }
                    }
                    CellRule::RowNumber | CellRule::Figure { .. } | CellRule::SumOf(_) | CellRule::Rate { .. } => {}
                }
            }
        }
    }
    reader.reads
}

struct Reader<'a> {
    schema: &'a Schema,
    reads: Reads,
}

impl Reader<'_> {
    fn own(&mut self, kind: &str, field: &str) {
        self.reads.insert((kind.to_owned(), field.to_owned()));
    }

    fn joined(&mut self) {
        self.own(ENTERPRISE, SAME_AS);
        self.own(ENTERPRISE, VOID);
    }

    /// What decides whether a record of the kind counts at all: void, campaigns, category, or those of what it follows.
    fn scope(&mut self, kind: &str) {
        self.own(kind, VOID);
        self.own(kind, CAMPAIGNS);
        let Some(definition) = self.schema.kind(kind) else { return };
        for field in definition.fields.iter().filter(|field| is_category(field)) {
            self.own(kind, &field.name);
        }
        if let Some(reference) = &definition.follows {
            self.own(kind, reference);
            if let Some(FieldType::Ref { to }) = definition.field(reference).map(|field| field.ty.clone()) {
                self.scope(&to);
                if to == ENTERPRISE {
                    self.joined();
                }
            }
        }
    }

    fn figure_of(&mut self, kind: &str, measure: &Measure, event: Option<&str>) {
        self.scope(kind);
        if let Some(event) = event {
            self.field(kind, event);
        }
        match measure {
            Measure::Count => {}
            Measure::Sum(field) | Measure::Size(field) | Measure::Distinct(field) => self.field(kind, field),
            Measure::Enterprises => {
                self.joined();
                if let Some(field) = enterprises_of(self.schema, kind) {
                    self.own(kind, &field);
                }
            }
        }
    }

    fn conditions(&mut self, kind: &str, conditions: &[Condition]) {
        for condition in conditions {
            self.field(kind, &condition.field);
            self.conditions(kind, &condition.or);
        }
    }

    /// A field of the kind, or one behind a reference.
    fn field(&mut self, kind: &str, field: &str) {
        let Some((reference, behind)) = field.split_once('.') else {
            self.own(kind, field);
            return;
        };
        let Some((own, to)) = reference_of(self.schema, kind, reference) else { return };
        self.own(kind, &own);
        self.own(&to, behind);
        if to == ENTERPRISE {
            self.joined();
        }
    }

    /// Records of a kind that refer to the listed one.
    fn pointing(&mut self, kind: &str, to: &str) {
        self.scope(kind);
        if to == ENTERPRISE {
            self.joined();
        }
        let Some(definition) = self.schema.kind(kind) else { return };
        if let Some((day, _)) = definition.there_from() {
            self.own(kind, day);
        }
        for field in definition.fields.iter().filter(|field| refers_to(field, to)) {
            self.own(kind, &field.name);
        }
    }
}

fn is_category(field: &Field) -> bool {
    matches!(&field.ty, FieldType::Code { of } | FieldType::Set { of } if of == CATEGORY)
}

pub(crate) fn refers_to(field: &Field, kind: &str) -> bool {
    matches!(&field.ty, FieldType::Ref { to } | FieldType::Refs { to } if to == kind)
}

/// The field that names a record's enterprise, or its enterprises; none where the kind is the enterprise itself.
pub(crate) fn enterprises_of(schema: &Schema, kind: &str) -> Option<String> {
    let definition = schema.kind(kind)?;
    let named = |name: &str| definition.field(name).filter(|field| refers_to(field, ENTERPRISE));
    named(ENTERPRISE).or_else(|| named("enterprises")).map(|field| field.name.clone())
}

/// The field a dotted name goes through and the kind it leads to. `enterprise.` leads through `enterprises` too.
pub(crate) fn reference_of(schema: &Schema, kind: &str, reference: &str) -> Option<(String, String)> {
    if reference == ENTERPRISE {
        return Some((enterprises_of(schema, kind)?, ENTERPRISE.to_owned()));
    }
    match &schema.kind(kind)?.field(reference)?.ty {
        FieldType::Ref { to } | FieldType::Refs { to } if to != "*" => Some((reference.to_owned(), to.clone())),
        _ => None,
    }
}

/// The vocabularies a campaign's file rests on, and those its field sets name.
pub(crate) fn vocabularies(schema: &Schema, campaign: &Campaign) -> BTreeSet<String> {
    let own = |field: &&Field| field.set.as_ref().is_none_or(|set| campaign.field_sets.contains(set));
    let of = |field: &Field| match &field.ty {
        FieldType::Code { of } | FieldType::Set { of } => Some(of.clone()),
        _ => None,
    };
    schema.kinds.iter().flat_map(|kind| &kind.fields).filter(own).filter_map(of).collect()
}
