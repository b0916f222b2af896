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
pub(super) use crate::words::title_of;

/// How far back a search through a kind without an index of its own looks, newest first.
const LOOKED_THROUGH: u32 = 2_000;

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
    /// Words to find enterprises by; blank for all. Only for the kind that has names of its own to be found by.
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

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Search {
    pub kind: String,
    pub text: String,
    pub limit: u32,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Hit {
    pub id: String,
    pub kind: String,
    pub title: String,
    /// What tells it from its like: a credit code, or its day.
    pub detail: String,
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
    let conflicted = match reader.folded(record.id)? {
        Some((_, folded)) => {
            folded.conflicts.keys().map(|slot| domain::revision::split_slot(slot).0.to_owned()).collect()
        }
        None => Vec::new(),
    };
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

fn hit(session: &Session, reader: &Reader, record: &Record) -> Outcome<Hit> {
    let kind = session.library.schema().kind(&record.kind);
    let code = kind.and_then(|kind| kind.fields.iter().find(|field| field.ty == FieldType::Uscc));
    let detail = match (code, kind.and_then(|kind| kind.date.as_deref())) {
        (Some(field), _) => record.text(&field.name),
        (None, Some(date)) => record.text(date),
        (None, None) => None,
    };
    Ok(Hit {
        id: record.id.to_string(),
        kind: record.kind.clone(),
        title: title_of(session, reader, record)?,
        detail: detail.unwrap_or_default().to_owned(),
    })
}

pub fn list(desk: &mut Desk, input: ListRecords, _: Language) -> Outcome<RecordPage> {
    let session = desk.session()?;
    if !input.text.trim().is_empty() && is_named(session, &input.kind) {
        return found(session, &input);
    }
    let query = ListQuery {
        kind: input.kind,
        office: None,
        campaign: input.campaign,
        enterprise: input.enterprise.map(|id| id.parse()).transpose()?,
        codes: input.codes.into_iter().collect(),
        date_field: None,
        from: None,
        to: None,
        with_voided: input.with_voided,
        after: input.after,
        limit: input.limit,
    };
    let total = session.list_count(&query)?;
    let page = session.list(&query)?;
    session.book.read::<_, Failure>(|reader| {
        let records =
            page.records.into_iter().map(|record| row(session, reader, record)).collect::<Outcome<Vec<_>>>()?;
        Ok(RecordPage { records, next: page.next, total })
    })
}

/// Whether records of this kind are found by name, credit code and initials.
fn is_named(session: &Session, kind: &str) -> bool {
    let kind = session.library.schema().kind(kind);
    kind.is_some_and(|kind| kind.fields.iter().any(|field| field.ty == FieldType::Uscc))
}

/// One page of what the words find, best first, narrowed by the other conditions.
fn found(session: &Session, input: &ListRecords) -> Outcome<RecordPage> {
    session.book.read::<_, Failure>(|reader| {
        let mut records = Vec::new();
        for id in reader.search(input.text.trim(), input.limit)? {
            let Some(record) = reader.record(id)? else { continue };
            let holds = |(field, code): (&String, &String)| record.text(field) == Some(code) || record.has(field, code);
            let counts = input.campaign.as_ref().is_none_or(|campaign| record.campaigns.contains(campaign));
            if counts && input.codes.iter().all(holds) && (input.with_voided || record.void.is_none()) {
                records.push(row(session, reader, record)?);
            }
        }
        let total = records.len() as u64;
        Ok(RecordPage { records, next: None, total })
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

/// Enterprises by name, credit code or initials; of another kind, the newest whose title holds the text.
pub fn search(desk: &mut Desk, input: Search, _: Language) -> Outcome<Vec<Hit>> {
    let session = desk.session()?;
    let text = input.text.trim();
    let limit = input.limit.clamp(1, 200);
    let named = is_named(session, &input.kind);
    session.book.read::<_, Failure>(|reader| {
        let mut hits = Vec::new();
        if named && !text.is_empty() {
            for id in reader.search(text, limit)? {
                if let Some(record) = reader.record(id)? {
                    hits.push(hit(session, reader, &record)?);
                }
            }
            return Ok(hits);
        }
        let page = reader.list(&ListQuery {
            kind: input.kind.clone(),
            office: None,
            campaign: None,
            enterprise: None,
            codes: Vec::new(),
            date_field: None,
            from: None,
            to: None,
            with_voided: false,
            after: None,
            limit: if text.is_empty() { limit } else { LOOKED_THROUGH },
        })?;
        for record in page.records {
            let found = hit(session, reader, &record)?;
            if text.is_empty() || found.title.contains(text) || found.detail.starts_with(text) {
                hits.push(found);
            }
            if hits.len() >= limit as usize {
                break;
            }
        }
        Ok(hits)
    })
}
