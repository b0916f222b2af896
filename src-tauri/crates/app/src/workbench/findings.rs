//! What merged books broke across records, in words, with the records to open.

use domain::{Notice, RecordId};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::session::Reading;
use crate::words::title_of;

const PAGE: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FindingsPage {
    pub lines: Vec<FindingLine>,
    pub total: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FindingLine {
    pub problem: Problem,
    /// The one to correct first.
    pub records: Vec<RecordName>,
}

/// A record by its name. One that is not in this book has no kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecordName {
    pub id: String,
    pub kind: Option<String>,
    pub title: String,
    pub voided: bool,
}

impl Reading {
    /// Findings in words, a hundred from `skip` on.
    pub fn findings_in_words(&self, skip: usize, language: Language) -> Outcome<FindingsPage> {
        let findings = self.findings()?;
        self.read::<_, Failure>(|reader| {
            let mut lines = Vec::new();
            for finding in findings.iter().skip(skip).take(PAGE) {
                let records =
                    finding.records.iter().map(|id| self.record_name(reader, *id)).collect::<Outcome<Vec<_>>>()?;
                lines.push(FindingLine {
                    problem: Problem::of(&self.with_label(&finding.notice, language), language),
                    records,
                });
            }
            Ok(FindingsPage { lines, total: findings.len() })
        })
    }

    /// With the field by the name a person knows it by.
    fn with_label(&self, notice: &Notice, language: Language) -> Notice {
        let kind = notice.arg("kind").and_then(|kind| self.library().schema().kind(kind));
        let field = kind.and_then(|kind| kind.field(notice.arg("field")?));
        let mut worded = notice.clone();
        if let Some(field) = field {
            let label = if language == Language::Zh { &field.zh } else { &field.en };
            worded.args.iter_mut().filter(|(name, _)| name == "field").for_each(|(_, value)| value.clone_from(label));
        }
        worded
    }

    fn record_name(&self, reader: &Reader, id: RecordId) -> Outcome<RecordName> {
        let Some(record) = reader.record(id)? else {
            return Ok(RecordName { id: id.to_string(), kind: None, title: String::new(), voided: false });
        };
        let title = title_of(self, reader, &record)?;
        Ok(RecordName { id: id.to_string(), voided: record.void.is_some(), kind: Some(record.kind), title })
    }
}
