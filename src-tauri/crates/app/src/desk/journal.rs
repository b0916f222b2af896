//! Taking back what was done, and bringing it back.

use serde::Deserialize;
use ts_rs::TS;

use super::Desk;
use super::open::Nothing;
use crate::failure::Outcome;
use crate::messages::Language;
use crate::session::JournalView;

/// The entry a person was shown: no other one is meant.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct OfEntry {
    #[ts(type = "number")]
    pub entry: u64,
}

pub fn view(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<JournalView> {
    match &desk.session {
        Some(session) => session.journal(None),
        None => Ok(JournalView::default()),
    }
}

pub fn undo(desk: &mut Desk, input: OfEntry, language: Language) -> Outcome<Nothing> {
    desk.session_mut()?.take_back(input.entry, language)?;
    Ok(Nothing {})
}

pub fn redo(desk: &mut Desk, input: OfEntry, _: Language) -> Outcome<Nothing> {
    desk.session_mut()?.bring_back(input.entry)?;
    Ok(Nothing {})
}
