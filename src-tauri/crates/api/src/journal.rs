//! Taking back what was done, and bringing it back.

use app::failure::Outcome;
use app::messages::Language;
use app::session::JournalView;
use serde::Deserialize;
use ts_rs::TS;

use crate::Backend;
use crate::views::Nothing;

/// The entry a person was shown: no other one is meant.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfEntry {
    pub entry: u64,
}

pub fn view(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<JournalView> {
    match &backend.session {
        Some(session) => session.journal(None),
        None => Ok(JournalView::default()),
    }
}

pub fn undo(backend: &mut Backend, input: OfEntry, language: Language) -> Outcome<Nothing> {
    backend.session_mut()?.take_back(input.entry, language)?;
    Ok(Nothing {})
}

pub fn redo(backend: &mut Backend, input: OfEntry, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.bring_back(input.entry)?;
    Ok(Nothing {})
}
