//! Records and hits as lines of a list: with every name a person reads, and nothing to look up.

use std::collections::BTreeMap;

use domain::numbers::Decimal;
use domain::revision::VOID;
use domain::schema::{Field, FieldType, FormPart, Kind};
use domain::{Record, RecordId, Value};
use serde::Serialize;
use store::{Found, Reader};
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::records::RecordView;
use crate::session::Reading;
use crate::words::{title_of, titled};

#[derive(Debug, Serialize, TS)]
pub struct VoidedBy {
    pub author: String,
    pub office_name: Option<String>,
    /// To the minute, in China.
    pub at: Option<String>,
}

/// A record with what the page needs to show it: the words behind its references and divisions, and its open conflicts.
#[derive(Debug, Serialize, TS)]
pub struct RecordRow {
    #[serde(flatten)]
    #[ts(flatten)]
    pub record: RecordView,
    /// Titles by id, and names of divisions by code.
    pub titles: BTreeMap<String, String>,
    /// Fields with an open conflict.
    pub conflicted: Vec<String>,
    /// Who voided it; none where it is not void, or is one of many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub voided: Option<VoidedBy>,
}

pub(crate) fn row(session: &Reading, reader: &Reader, record: Record) -> Outcome<RecordRow> {
    let mut titles = BTreeMap::new();
    if let Some(kind) = session.library().schema().kind(&record.kind) {
        for field in &kind.fields {
            match (&field.ty, record.get(&field.name)) {
                (FieldType::Text, Value::Text(id)) if field.chooses.is_some() => {
                    add_form_part(session, field, &record, id, &mut titles);
                }
                (FieldType::Integer, Value::Int(exact)) => add_measured(session, field, &record, *exact, &mut titles),
                (FieldType::Division, Value::Text(code)) => add_division(session, code, &mut titles),
                (FieldType::Ref { .. }, Value::Text(id)) => add_title(session, reader, id, &mut titles)?,
                (FieldType::Refs { .. }, Value::List(ids)) => {
                    for id in ids.iter().filter_map(Value::as_str) {
                        add_title(session, reader, id, &mut titles)?;
                    }
                }
                (FieldType::Objects { members }, Value::List(objects)) => {
                    for member in members.iter().filter(|member| member.ty == FieldType::Division) {
                        for code in objects.iter().filter_map(|object| object.as_map()?.get(&member.name)?.as_str()) {
                            add_division(session, code, &mut titles);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let conflicted = reader.conflicted(record.id)?;
    Ok(RecordRow { record: record.into(), titles, conflicted, voided: None })
}

/// As the office itself calls it: without what its own area goes without saying, whole where it lies elsewhere.
pub(crate) fn add_division(session: &Reading, code: &str, titles: &mut BTreeMap<String, String>) {
    if let Some(name) = session.library().divisions().name_under(code, session.office().division()) {
        titles.insert(code.to_owned(), name);
    }
}

/// The same with divisions from the province down, as the page of one record shows them.
pub(crate) fn in_full(session: &Reading, mut row: RecordRow) -> RecordRow {
    for (code, name) in &mut row.titles {
        if let Some(full) = session.library().divisions().full_name(code) {
            *name = full;
        }
    }
    row
}

/// The printed words of a form, or of its row or column, by `field=id`: rows and columns may share an id.
pub(crate) fn add_form_part(
    session: &Reading,
    field: &Field,
    record: &Record,
    id: &str,
    titles: &mut BTreeMap<String, String>,
) {
    let form = record.text("form").unwrap_or_default();
    let part = |wanted| field.chooses == Some(wanted);
    let place = session.cell_place(Language::Zh, form, id, id);
    let words = if part(FormPart::Form) {
        place.form_title
    } else if part(FormPart::Row) {
        place.row_label
    } else {
        place.column_label
    };
    titles.insert(format!("{}={id}", field.name), words);
}

/// A figure in the printed unit of its column, by `field=integer`, where that is not the integer itself.
pub(crate) fn add_measured(
    session: &Reading,
    field: &Field,
    record: &Record,
    exact: i64,
    titles: &mut BTreeMap<String, String>,
) {
    let Some(column) = field.measured_by.as_deref().and_then(|chooser| record.text(chooser)) else { return };
    let form = record.text("form").and_then(|form| session.library().form(form));
    let column = form.and_then(|(_, form)| form.columns.iter().find(|known| known.id == column));
    if let Some(decimals) = column.map(|column| column.unit.decimals()).filter(|decimals| *decimals > 0) {
        titles.insert(format!("{}={exact}", field.name), Decimal::exact(exact, decimals).to_string());
    }
}

pub(crate) fn add_title(
    session: &Reading,
    reader: &Reader,
    id: &str,
    titles: &mut BTreeMap<String, String>,
) -> Outcome<()> {
    if let Ok(target) = id.parse::<RecordId>()
        && let Some(record) = reader.record(target)?
    {
        titles.insert(id.to_owned(), title_of(session, reader, &record)?);
    }
    Ok(())
}

#[derive(Debug, Serialize, TS)]
pub struct Hit {
    pub id: String,
    pub kind: String,
    pub title: String,
    /// What tells it from its like: a credit code, or its day and its other names.
    pub detail: String,
    pub void: bool,
}

/// A hit from what was found; only where a record is named after another one is it read itself.
pub(crate) fn hit_of(session: &Reading, reader: &Reader, found: Found) -> Outcome<Option<Hit>> {
    let kind = session.library().schema().kind(&found.kind);
    let Some(kind) = kind.filter(|kind| kind.field(&kind.title).is_some_and(|field| is_text(&field.ty))) else {
        return reader.record(found.record)?.map(|record| hit(session, reader, &record)).transpose();
    };
    let text = |name: &str| found.texts.get(name).map(String::as_str);
    let day = kind.date.as_deref().and_then(text).unwrap_or_default();
    Ok(Some(Hit {
        id: found.record.to_string(),
        title: titled(text(&kind.title).unwrap_or_default(), day, found.record),
        detail: detail(kind, text),
        void: found.void,
        kind: found.kind,
    }))
}

fn is_text(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Text | FieldType::LongText)
}

pub(crate) fn hit(session: &Reading, reader: &Reader, record: &Record) -> Outcome<Hit> {
    let kind = session.library().schema().kind(&record.kind);
    let detail = kind.map(|kind| detail(kind, |name| record.text(name))).unwrap_or_default();
    Ok(Hit {
        id: record.id.to_string(),
        kind: record.kind.clone(),
        title: title_of(session, reader, record)?,
        detail,
        void: record.void.is_some(),
    })
}

fn detail<'t>(kind: &Kind, text: impl Fn(&str) -> Option<&'t str>) -> String {
    if let Some(code) = kind.fields.iter().find(|field| field.ty == FieldType::Uscc) {
        return text(&code.name).unwrap_or_default().to_owned();
    }
    let others = kind.find.iter().filter(|name| **name != kind.title);
    let words: Vec<&str> = kind.date.iter().chain(others).filter_map(|name| text(name)).collect();
    words.join(" · ")
}

impl Reading {
    /// A record by itself: with its divisions in full and who voided it.
    pub fn record_row(&self, id: RecordId) -> Outcome<RecordRow> {
        let record = self.record(id)?;
        let void = record.void.is_some();
        let row = in_full(self, self.read(|reader| row(self, reader, record))?);
        Ok(RecordRow { voided: if void { self.voided_by(id)? } else { None }, ..row })
    }

    fn voided_by(&self, id: RecordId) -> Outcome<Option<VoidedBy>> {
        let said = self.history(id, Some(VOID))?.into_iter().find(|said| said.assigned.shown);
        let Some(said) = said.map(|said| said.assigned) else { return Ok(None) };
        self.read::<_, Failure>(|reader| {
            let name = said.office.map(|office| self.name_of(reader, &office.parse()?)).transpose()?;
            Ok(Some(VoidedBy { author: said.author, office_name: name, at: said.written }))
        })
    }

    /// Those of the records that are in the book.
    pub fn record_hits(&self, ids: &[RecordId]) -> Outcome<Vec<Hit>> {
        self.read::<_, Failure>(|reader| {
            let mut hits = Vec::new();
            for id in ids {
                if let Some(record) = reader.record(*id)? {
                    hits.push(hit(self, reader, &record)?);
                }
            }
            Ok(hits)
        })
    }
}
