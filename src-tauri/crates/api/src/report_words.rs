//! The words of a report as the page shows and edits them: pieces with the numbers they quote.

use std::collections::BTreeMap;

use app::failure::Outcome;
use app::messages::Language;
use app::reports::{Period, Piece, SectionWords, WordsRequest, requoted, source};
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftWords {
    pub campaign: String,
    pub report: String,
    /// Null for the book's own office.
    pub office: Option<String>,
    pub as_of: String,
    /// The first day of the period; null for the campaign's.
    pub since: Option<String>,
    /// What was written, by section; one that is not named begins with its template.
    pub written: BTreeMap<String, String>,
}

/// A section's pieces as they were, and the text a person made of them.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EditedText {
    pub pieces: Vec<Piece>,
    pub text: String,
}

#[derive(Debug, Serialize, TS)]
pub struct EditedWords {
    pub pieces: Vec<Piece>,
    /// What is to be kept of it.
    pub source: String,
}

pub fn draft(session: &Reading, input: DraftWords, _: Language) -> Outcome<Vec<SectionWords>> {
    let since = input.since.as_deref().map(str::parse).transpose()?;
    session.draft_words(&WordsRequest {
        campaign: input.campaign,
        report: input.report,
        office: input.office.as_deref().map(str::parse).transpose()?,
        as_of: input.as_of.parse()?,
        period: since.map_or(Period::Whole, Period::Since),
        written: input.written,
    })
}

pub fn edited(_: &Reading, input: EditedText, _: Language) -> Outcome<EditedWords> {
    let pieces = requoted(&input.pieces, &input.text);
    Ok(EditedWords { source: source(&pieces), pieces })
}
