//! Drafts as the page keeps them, finds them again and lets them go.

use std::collections::BTreeMap;

use app::failure::{Failure, Outcome};
use app::messages::Language;
use app::records::drafts::{FormState, Unsaved};
use app::session::Reading;
use app::words::title_of;
use domain::{Record, RecordId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::rows::row;
use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct KeepDraft {
    /// Null the first time.
    pub id: Option<String>,
    pub kind: String,
    /// Null for a record that is not yet there.
    pub record: Option<String>,
    pub form: FormState,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DraftMark {
    pub id: String,
    /// When it was last typed into, in China: `2021-05-27 09:30`.
    pub at: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct GetDraft {
    /// Null for the one of the record, or the one of a new record that was last typed into.
    pub id: Option<String>,
    pub kind: String,
    pub record: Option<String>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DraftView {
    pub id: String,
    pub kind: String,
    pub record: Option<String>,
    pub at: String,
    pub form: FormState,
    /// Titles by id, and names of divisions by code.
    pub titles: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct ListDrafts {
    /// Null for all of them.
    pub kind: Option<String>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DraftLine {
    pub id: String,
    pub kind: String,
    pub record: Option<String>,
    pub at: String,
    /// Who typed it; blank where that is not known.
    pub author: String,
    /// It is this person's own.
    pub own: bool,
    /// What the record would be called; blank while nothing says so.
    pub title: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct DropDraft {
    pub id: String,
}

fn id_of(text: Option<&str>) -> Outcome<Option<RecordId>> {
    Ok(text.map(str::parse).transpose()?)
}

pub fn keep(backend: &mut Backend, input: KeepDraft, _: Language) -> Outcome<DraftMark> {
    let (id, record) = (id_of(input.id.as_deref())?, id_of(input.record.as_deref())?);
    let kept = backend.session_mut()?.keep_draft(id, &input.kind, record, input.form)?;
    Ok(DraftMark { id: kept.id.to_string(), at: kept.at })
}

pub fn get(session: &Reading, input: GetDraft, _: Language) -> Outcome<Option<DraftView>> {
    let Some(unsaved) = session.draft(id_of(input.id.as_deref())?, &input.kind, id_of(input.record.as_deref())?)?
    else {
        return Ok(None);
    };
    let titles = session.read::<_, Failure>(|reader| Ok(row(session, reader, as_record(session, &unsaved))?.titles))?;
    Ok(Some(DraftView {
        id: unsaved.id.to_string(),
        kind: unsaved.kind,
        record: unsaved.record.map(|record| record.to_string()),
        at: unsaved.at,
        form: unsaved.form,
        titles,
    }))
}

pub fn list(session: &Reading, input: ListDrafts, _: Language) -> Outcome<Vec<DraftLine>> {
    let drafts = session.drafts(input.kind.as_deref())?;
    session.read::<_, Failure>(|reader| {
        let line = |unsaved: Unsaved| {
            let typed = as_record(session, &unsaved);
            // A draft of a record that is there holds only what was changed, so the record itself says its name.
            let named = match unsaved.record.map(|record| reader.record(record)).transpose()?.flatten() {
                Some(standing) => standing,
                None => typed,
            };
            let title = title_of(session, reader, &named)?;
            Ok(DraftLine {
                id: unsaved.id.to_string(),
                kind: unsaved.kind,
                record: unsaved.record.map(|record| record.to_string()),
                at: unsaved.at,
                own: unsaved.author == session.author(),
                author: unsaved.author,
                title: if title == named.id.to_string() { String::new() } else { title },
            })
        };
        drafts.into_iter().map(line).collect()
    })
}

/// Another person's draft becomes this person's own.
pub fn take(backend: &mut Backend, input: DropDraft, _: Language) -> Outcome<DraftMark> {
    let taken = backend.session_mut()?.take_draft(input.id.parse()?)?;
    Ok(DraftMark { id: taken.id.to_string(), at: taken.at })
}

pub fn discard(backend: &mut Backend, input: DropDraft, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.drop_draft(input.id.parse()?)?;
    Ok(Nothing {})
}

/// A draft as the record it may become, to be shown like one.
fn as_record(session: &Reading, unsaved: &Unsaved) -> Record {
    Record {
        id: unsaved.record.unwrap_or(unsaved.id),
        kind: unsaved.kind.clone(),
        office: session.office().clone(),
        campaigns: unsaved.form.campaigns.clone(),
        void: None,
        overrides: BTreeMap::new(),
        fields: unsaved.form.fields.clone(),
    }
}
