//! Records as the page lists, finds, shows and saves them.

use std::collections::BTreeMap;

use app::failure::{Outcome, Problem};
use app::messages::Language;
use app::records::rows::RecordRow;
use app::records::{RecordInput, ValidationIssues};
use app::session::Reading;
use domain::{Fields, RecordId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GetRecord {
    pub id: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
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
    /// Whose record a new one is; null for this office's own. It never changes afterwards.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub office: Option<String>,
    /// The draft this was typed as; it goes once the record is saved.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub draft: Option<String>,
}

/// Saved, or not saved because of errors, or of warnings that nobody gave a reason for.
#[derive(Debug, Serialize, TS)]
pub struct Saved {
    pub record: Option<RecordRow>,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

pub fn get(session: &Reading, input: GetRecord, _: Language) -> Outcome<RecordRow> {
    session.record_row(input.id.parse()?)
}

impl From<SaveRecord> for RecordInput {
    fn from(input: SaveRecord) -> Self {
        RecordInput {
            kind: input.kind,
            id: input.id,
            office: input.office,
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
    match session.save_if_valid(input.into(), unsaved)? {
        Ok(recorded) => saved(session, recorded.record),
        Err(open) => {
            let Checked { errors, warnings } = Checked::of(&open, language);
            Ok(Saved { record: None, errors, warnings })
        }
    }
}

fn saved(session: &Reading, id: RecordId) -> Outcome<Saved> {
    Ok(Saved { record: Some(session.record_row(id)?), errors: Vec::new(), warnings: Vec::new() })
}

/// What is the matter with a form, said before it is saved.
#[derive(Debug, Serialize, TS)]
pub struct Checked {
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

impl Checked {
    fn of(open: &ValidationIssues, language: Language) -> Self {
        let in_words =
            |notices: &[domain::Notice]| notices.iter().map(|notice| Problem::of(notice, language)).collect();
        Checked { errors: in_words(&open.errors), warnings: in_words(&open.warnings) }
    }
}

pub fn check(backend: &mut Backend, input: SaveRecord, language: Language) -> Outcome<Checked> {
    Ok(Checked::of(&backend.session_mut()?.validate_input(input.into())?, language))
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
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
