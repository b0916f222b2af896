//! What a report says in words: sections that begin with the campaign's templates and quote what the book counts, and the
//! letter they go out in. It keeps nothing: the words a clerk has written are handed in.

mod counted;
mod letter;
mod pieces;
mod requoted;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use campaign::sections::{Part, parts};
use campaign::{Campaign, Report, Section};
use domain::{Date, Notice, OfficeCode};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

pub(crate) use counted::is_money;
pub use letter::LetterPeople;
pub(crate) use letter::letter_contact;
pub use pieces::{Piece, Quoted, QuotedOf, plain, source};
pub use requoted::requoted;

use crate::failure::{Failure, Outcome};
use crate::session::Reading;

/// 本期: since when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Period {
    /// There was no report before: everything up to the cut-off.
    #[default]
    Whole,
    /// From a day that is asked for. What is counted as distinct (enterprises) counts where it has an event in the period.
    Since(Date),
    /// What was not yet in the last report, of whose figures the values are given by id.
    AfterReport { since: Date, figures: BTreeMap<String, i64> },
}

impl Period {
    /// Its first day; none where it is the campaign's.
    pub fn first_day(&self) -> Option<Date> {
        match self {
            Period::Whole => None,
            Period::Since(day) | Period::AfterReport { since: day, .. } => Some(*day),
        }
    }
}

/// Which report's words, for whom, up to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsRequest {
    pub campaign: String,
    pub report: String,
    /// Default: the book's own office.
    pub office: Option<OfficeCode>,
    /// 数据截至时间.
    pub as_of: Date,
    pub period: Period,
    /// What was written in each section, as [`source`] writes it; a section that is not named begins with its template.
    pub written: BTreeMap<String, String>,
}

/// A section as it reads now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SectionWords {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub hint: String,
    pub hint_en: String,
    pub pieces: Vec<Piece>,
    /// What is to be kept of it: its text with the quotes in braces.
    pub source: String,
}

impl Reading {
    pub(crate) fn report(&self, campaign: &str, report: &str) -> Outcome<(&Campaign, &Report)> {
        let unknown = || Failure::new(Notice::new("campaign-unknown").with("value", campaign));
        let campaign = self.library().campaign(campaign).ok_or_else(unknown)?;
        let found = campaign.reports.iter().find(|known| known.id == report);
        let known = || campaign.reports.iter().map(|known| known.id.as_str()).collect::<Vec<_>>().join(", ");
        let report = found.ok_or_else(|| Notice::new("report-unknown").with("value", report).with("known", known()))?;
        Ok((campaign, report))
    }

    /// The sections of a report, each with the numbers it quotes as the book counts them now.
    pub fn draft_words(&self, request: &WordsRequest) -> Outcome<Vec<SectionWords>> {
        self.read(|reader| self.words_in(reader, request))
    }

    /// The same in a read that is under way.
    pub(crate) fn words_in(&self, reader: &Reader, request: &WordsRequest) -> Outcome<Vec<SectionWords>> {
        let (campaign, report) = self.report(&request.campaign, &request.report)?;
        if let Some(id) = request.written.keys().find(|id| !report.sections.iter().any(|known| known.id == **id)) {
            let known: Vec<&str> = report.sections.iter().map(|known| known.id.as_str()).collect();
            return Err(Notice::new("section-unknown").with("value", id).with("known", known.join(", ")).into());
        }
        let read = |section: &Section| {
            let Some(written) = request.written.get(&section.id) else { return parts(&section.template) };
            parts(written).map_err(|error| {
                let value = error.arg("value").unwrap_or_default().to_owned();
                Notice::new("section-text-unreadable").with("section", &section.zh).with("value", value)
            })
        };
        let texts = report.sections.iter().map(read).collect::<Result<Vec<_>, Notice>>()?;
        let quotes = texts.iter().flatten().filter_map(|part| match part {
            Part::Quoted { quote, .. } => Some(quote),
            Part::Text(_) => None,
        });
        let counted = self.counted(reader, campaign, request, quotes)?;
        let said = |(section, parts): (&Section, Vec<Part>)| {
            let pieces = pieces::pieces(parts, &counted);
            SectionWords {
                id: section.id.clone(),
                zh: section.zh.clone(),
                en: section.en.clone(),
                hint: section.hint.clone(),
                hint_en: section.hint_en.clone(),
                source: source(&pieces),
                pieces,
            }
        };
        Ok(report.sections.iter().zip(texts).map(said).collect())
    }
}
