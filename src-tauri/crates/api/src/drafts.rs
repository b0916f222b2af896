//! Drafts as the page keeps them, finds them again and lets them go.

use std::collections::BTreeMap;

use app::failure::Outcome;
use app::messages::Language;
use app::records::drafts::{DraftLine, FormState};
use app::session::Reading;
use domain::RecordId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeepDraft {
    /// Null the first time.
    pub id: Option<String>,
    pub kind: String,
    /// Null for a record that is not yet there.
    pub record: Option<String>,
    pub form: FormState,
}

#[derive(Debug, Serialize, TS)]
pub struct DraftMark {
    pub id: String,
    /// When it was last typed into, in China: `2021-05-27 09:30`.
    pub at: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GetDraft {
    /// Null for the one of the record, or the one of a new record that was last typed into.
    pub id: Option<String>,
    pub kind: String,
    pub record: Option<String>,
}

#[derive(Debug, Serialize, TS)]
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
pub struct ListDrafts {
    /// Null for all of them.
    pub kind: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
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
    let titles = session.draft_titles(&unsaved)?;
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
    session.draft_lines(input.kind.as_deref())
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
