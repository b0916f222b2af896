//! A list that is read back: which field each of its columns is, by the form, for what pastes lists. What the form composes of
//! several records is no one's field.

use std::collections::BTreeMap;

use campaign::model::{Body, CellRule, Column, Form};
use domain::schema::{FieldType, Kind};
use domain::{Date, Notice, OfficeCode};
use store::Reader;

use crate::failure::Outcome;
use crate::paste::table::Table;
use crate::paste::{Block, fits};
use crate::readback::figures::Facts;
use crate::readback::recognise::Found;
use crate::readback::request::ReadRequest;
use crate::session::Reading;

#[derive(Debug, Clone)]
pub struct ReadList {
    pub form: String,
    pub title: String,
    pub campaign: String,
    /// The kind its rows become.
    pub kind: String,
    pub office: OfficeCode,
    pub office_name: String,
    pub as_of: Date,
    pub sheet: Option<String>,
    /// The numbers of the first and the last row of its heading.
    pub heading: (u32, u32),
    /// The field of each of the sheet's columns, or none.
    pub columns: BTreeMap<u32, Option<String>>,
    /// What numbers begin with that the list does not bring: its records go by the office and their line.
    pub numbered: Option<String>,
    /// Columns of the form that become nothing.
    pub composed: Vec<String>,
    pub remarks: Vec<Notice>,
}

impl ReadList {
    /// The block it is to what pastes lists.
    pub fn block(&self, request: &ReadRequest) -> Block {
        Block {
            kind: self.kind.clone(),
            file: Some(request.file.clone()),
            sheet: self.sheet.clone(),
            heading: Some(self.heading.0),
            heading_last: Some(self.heading.1),
            columns: self.columns.clone(),
            campaigns: vec![self.campaign.clone()],
            office: Some(self.office.clone()),
            numbered: self.numbered.clone(),
            reasons: request.reasons.clone(),
            ..Block::default()
        }
    }
}

impl Reading {
    pub(super) fn read_list(&self, reader: &Reader, found: &Found, table: &Table, facts: Facts) -> Outcome<ReadList> {
        let form = found.form;
        let Body::List { of, .. } = &form.body else {
            return Err(Notice::new("read-not-this-form").with("form", &form.id).with("title", &form.title).into());
        };
        let unknown = || Notice::new("kind-unknown").with("value", of);
        let kind = self.library().schema().kind(of).ok_or_else(unknown)?;
        let mut columns: BTreeMap<u32, Option<String>> = (0..table.width() as u32).map(|at| (at, None)).collect();
        let mut composed = Vec::new();
        for (column, place) in form.columns.iter().zip(&found.columns) {
            match field_of(kind, column) {
                Some(field) => drop(columns.insert(*place as u32, Some(field))),
                None if column.cell == CellRule::RowNumber => {}
                None => composed.push(column.header.join(" · ")),
            }
        }
        let named = columns.values().flatten().any(|field| *field == kind.title);
        let is_text = kind.field(&kind.title).is_some_and(|field| field.ty == FieldType::Text && field.required);
        let (first, last) = found.header;
        let numbered = (!named && is_text).then(|| number_begin(form, &facts));
        let mut remarks = facts.remarks;
        // A row left out or put between shifts those below it onto one another's records.
        remarks.extend(numbered.is_some().then(|| Notice::new("read-list-by-line")));
        Ok(ReadList {
            form: form.id.clone(),
            title: form.title.clone(),
            campaign: found.campaign.id.clone(),
            kind: kind.id.clone(),
            office_name: self.name_of(reader, &facts.office)?,
            numbered,
            office: facts.office,
            as_of: facts.as_of,
            sheet: table.sheet.clone(),
            heading: (table.rows[first].0, table.rows[last].0),
            columns,
            composed,
            remarks,
        })
    }
}

/// The field of the kind that a column of the form prints as it is; a name of what a record refers to is that reference. Of what
/// is composed, the field of the column's own name, if there is one: a result that is printed only once it is reported.
fn field_of(kind: &Kind, column: &Column) -> Option<String> {
    match &column.cell {
        CellRule::Field(path) => {
            let (own, rest) = path.split_once('.').unwrap_or((path, ""));
            let field = kind.field(own)?;
            let names = matches!(rest, "" | "name" | "number") && fits(field);
            names.then(|| own.to_owned())
        }
        // Of two columns, yes and no, the first is the field: √ says yes, and a blank nothing.
        CellRule::Tick { field, when: true } => kind.field(field).map(|field| field.name.clone()),
        CellRule::Composed(_) => kind.field(&column.id).filter(|field| fits(field)).map(|field| field.name.clone()),
        _ => None,
    }
}

fn number_begin(form: &Form, facts: &Facts) -> String {
    format!("{}/{}", form.id, facts.as_of.year())
}
