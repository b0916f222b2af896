//! Records as the page lists, finds, shows and saves them.

use std::collections::BTreeMap;

use domain::numbers::Decimal;
use domain::schema::{Field, FieldType, FormPart};
use domain::{Fields, Record, RecordId, Value};
use serde::{Deserialize, Serialize};
use store::{ListQuery, Reader};
use ts_rs::TS;

use crate::Backend;
use crate::forms::place;
use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use app::records::{Draft, RecordView, Unsettled};
use app::session::Reading;
pub(super) use app::words::title_of;

/// A record with what the page needs to show it: the words behind its references and divisions, and its open conflicts.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct VoidedBy {
    pub author: String,
    pub office_name: Option<String>,
    /// To the minute, in China.
    pub at: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct ListRecords {
    pub kind: String,
    /// Codes that fields must hold, by field.
    pub codes: BTreeMap<String, String>,
    /// Words to find records by; blank for all.
    pub text: String,
    pub enterprise: Option<String>,
    pub campaign: Option<String>,
    pub with_voided: bool,
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    pub limit: u32,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct RecordPage {
    pub records: Vec<RecordRow>,
    /// Pass as `after` for the next page.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
    #[ts(type = "number")]
    pub total: u64,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct GetRecord {
    pub id: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct SaveRecord {
    pub kind: String,
    /// Null for a new record.
    pub id: Option<String>,
    /// An absent field is left alone, null clears.
    #[ts(type = "Fields")]
    pub fields: Fields,
    /// Null leaves them as they are.
    pub campaigns: Option<Vec<String>>,
    pub overrides: BTreeMap<String, String>,
    pub void: Option<String>,
    /// The draft this was typed as; it goes once the record is saved.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub draft: Option<String>,
}

/// Saved, or not saved because of errors, or of warnings that nobody gave a reason for.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Saved {
    pub record: Option<RecordRow>,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
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
    let place = place(session, Language::Zh, form, id, id);
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

pub fn list(session: &Reading, input: ListRecords, _: Language) -> Outcome<RecordPage> {
    let query = ListQuery {
        kind: input.kind,
        campaign: input.campaign,
        enterprise: input.enterprise.map(|id| id.parse()).transpose()?,
        codes: input.codes.into_iter().collect(),
        with_voided: input.with_voided,
        text: input.text,
        after: input.after,
        limit: input.limit,
        ..ListQuery::default()
    };
    let total = session.list_at(&ListQuery { limit: 0, ..query.clone() }, 0)?.total;
    let page = session.list(&query)?;
    session.read::<_, Failure>(|reader| {
        let records =
            page.records.into_iter().map(|record| row(session, reader, record)).collect::<Outcome<Vec<_>>>()?;
        Ok(RecordPage { records, next: page.next, total })
    })
}

pub fn get(session: &Reading, input: GetRecord, _: Language) -> Outcome<RecordRow> {
    whole(session, session.record(input.id.parse()?)?)
}

/// A record by itself: with its divisions in full and who voided it.
fn whole(session: &Reading, record: Record) -> Outcome<RecordRow> {
    let (id, void) = (record.id, record.void.is_some());
    let row = in_full(session, session.read(|reader| row(session, reader, record))?);
    Ok(RecordRow { voided: if void { voided_by(session, id)? } else { None }, ..row })
}

fn voided_by(session: &Reading, id: RecordId) -> Outcome<Option<VoidedBy>> {
    let said = session.history(id, Some(domain::revision::VOID))?.into_iter().find(|said| said.assigned.shown);
    let Some(said) = said.map(|said| said.assigned) else { return Ok(None) };
    session.read::<_, Failure>(|reader| {
        let name = said.office.map(|office| session.name_of(reader, &office.parse()?)).transpose()?;
        Ok(Some(VoidedBy { author: said.author, office_name: name, at: said.written }))
    })
}

impl From<SaveRecord> for Draft {
    fn from(input: SaveRecord) -> Self {
        Draft {
            kind: input.kind,
            id: input.id,
            office: None,
            campaigns: input.campaigns,
            void: Some(input.void),
            restored: None,
            overrides: Some(input.overrides),
            fields: input.fields,
        }
    }
}

pub fn save(backend: &mut Backend, input: SaveRecord, language: Language) -> Outcome<Saved> {
    let session = backend.session_mut()?;
    let unsaved = input.draft.as_deref().map(str::parse).transpose()?;
    match session.save_if_settled(input.into(), unsaved)? {
        Ok(recorded) => saved(session, recorded.record),
        Err(open) => {
            let Checked { errors, warnings } = Checked::of(&open, language);
            Ok(Saved { record: None, errors, warnings })
        }
    }
}

fn saved(session: &Reading, id: RecordId) -> Outcome<Saved> {
    let record = whole(session, session.record(id)?)?;
    Ok(Saved { record: Some(record), errors: Vec::new(), warnings: Vec::new() })
}

/// What is the matter with a form, said before it is saved.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Checked {
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

impl Checked {
    fn of(open: &Unsettled, language: Language) -> Self {
        let in_words =
            |notices: &[domain::Notice]| notices.iter().map(|notice| Problem::of(notice, language)).collect();
        Checked { errors: in_words(&open.errors), warnings: in_words(&open.warnings) }
    }
}

pub fn check(backend: &mut Backend, input: SaveRecord, language: Language) -> Outcome<Checked> {
    Ok(Checked::of(&backend.session_mut()?.check_draft(input.into())?, language))
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct RestoreRecord {
    pub id: String,
    /// Why it counts again.
    pub reason: String,
}

pub fn restore(backend: &mut Backend, input: RestoreRecord, _: Language) -> Outcome<Saved> {
    let session = backend.session_mut()?;
    let id = input.id.parse()?;
    session.restore(id, &input.reason)?;
    saved(session, id)
}
