//! Records as the page lists, finds, shows and saves them.

use std::collections::BTreeMap;

use domain::schema::FieldType;
use domain::{Fields, Record, RecordId, Value};
use serde::{Deserialize, Serialize};
use store::{ListQuery, Reader};
use ts_rs::TS;

use super::Desk;
use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::records::{Draft, RecordView};
use crate::session::Session;

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
}

/// Saved, or not saved because of errors, or of warnings that nobody gave a reason for.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Saved {
    pub record: Option<RecordRow>,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

pub(super) fn row(session: &Session, reader: &Reader, record: Record) -> Outcome<RecordRow> {
    let mut titles = BTreeMap::new();
    if let Some(kind) = session.library.schema().kind(&record.kind) {
        for field in &kind.fields {
            match (&field.ty, record.get(&field.name)) {
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
    Ok(RecordRow { record: record.into(), titles, conflicted })
}

fn add_division(session: &Session, code: &str, titles: &mut BTreeMap<String, String>) {
    if let Some(name) = session.library.divisions().name(code) {
        titles.insert(code.to_owned(), name.to_owned());
    }
}

fn add_title(session: &Session, reader: &Reader, id: &str, titles: &mut BTreeMap<String, String>) -> Outcome<()> {
    if let Ok(target) = id.parse::<RecordId>()
        && let Some(record) = reader.record(target)?
    {
        titles.insert(id.to_owned(), title_of(session, reader, &record)?);
    }
    Ok(())
}

/// The words of the field that names a record of this kind; where that is a reference, the words of what it names.
pub(super) fn title_of(session: &Session, reader: &Reader, record: &Record) -> Outcome<String> {
    let Some(kind) = session.library.schema().kind(&record.kind) else { return Ok(record.id.to_string()) };
    let own = record.text(&kind.title).unwrap_or_default();
    let referred = match kind.field(&kind.title).map(|field| &field.ty) {
        Some(FieldType::Ref { .. }) => own.parse().ok().map(|id| reader.record(id)).transpose()?.flatten(),
        _ => None,
    };
    let words = match referred {
        Some(target) => {
            let name = session.library.schema().kind(&target.kind).and_then(|kind| target.text(&kind.title));
            name.unwrap_or_default().to_owned()
        }
        None => own.to_owned(),
    };
    let day = kind.date.as_deref().and_then(|date| record.text(date)).unwrap_or_default();
    let shown = match (words.trim(), day) {
        ("", "") => record.id.to_string(),
        ("", day) => day.to_owned(),
        (words, _) => words.chars().take(60).collect(),
    };
    Ok(shown)
}

pub fn list(desk: &mut Desk, input: ListRecords, _: Language) -> Outcome<RecordPage> {
    let session = desk.session()?;
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
    session.book.read::<_, Failure>(|reader| {
        let records =
            page.records.into_iter().map(|record| row(session, reader, record)).collect::<Outcome<Vec<_>>>()?;
        Ok(RecordPage { records, next: page.next, total })
    })
}

pub fn get(desk: &mut Desk, input: GetRecord, _: Language) -> Outcome<RecordRow> {
    let session = desk.session()?;
    let record = session.record(input.id.parse()?)?;
    session.book.read(|reader| row(session, reader, record))
}

pub fn save(desk: &mut Desk, input: SaveRecord, language: Language) -> Outcome<Saved> {
    let session = desk.session_mut()?;
    let draft = Draft {
        kind: input.kind,
        id: input.id,
        office: None,
        campaigns: input.campaigns,
        void: Some(input.void),
        overrides: Some(input.overrides),
        fields: input.fields,
    };
    let in_words = |notices: &[domain::Notice]| notices.iter().map(|notice| Problem::of(notice, language)).collect();
    match session.save_if_settled(draft)? {
        Ok(id) => {
            let session = desk.session()?;
            let record = session.record(id)?;
            let record = session.book.read(|reader| row(session, reader, record))?;
            Ok(Saved { record: Some(record), errors: Vec::new(), warnings: Vec::new() })
        }
        Err(open) => Ok(Saved { record: None, errors: in_words(&open.errors), warnings: in_words(&open.warnings) }),
    }
}
