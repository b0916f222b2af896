//! One report as a person looks at it, whether it is being written or was sealed.

use domain::{Notice, RecordId};
use forms::FilledForm;
use store::Reader;

use super::answers::AnswerView;
use super::prepare::{Preparation, Sealing};
use super::reports::FilingState;
use super::seal::marked;
use super::snapshot::Snapshot;
use super::{DueReport, Filing, live, minutes};
use crate::failure::{Failure, Outcome};
use crate::records::from_above::is_above;
use crate::session::Reading;

/// A report, its place among the others, and who may do what with it.
#[derive(Debug, Clone)]
pub struct FilingDetail {
    pub id: RecordId,
    pub state: FilingState,
    pub content: FilingContent,
    /// The filing that took its place, and the words of the last one that stood before its due day, by section.
    pub superseded_by: Option<RecordId>,
    pub last_sections: std::collections::BTreeMap<String, String>,
    /// By how many minutes it is, or was, late.
    pub late: Option<u64>,
    /// Milliseconds since 1970; none where it was written here.
    pub received_at: Option<u64>,
    pub answers: Vec<AnswerView>,
    /// This office stands above it and may accept or return it.
    pub may_answer: bool,
    /// It is this office's to write and to correct.
    pub own: bool,
}

#[derive(Debug, Clone)]
pub enum FilingContent {
    Open(Box<Preparation>),
    Sealed(Box<(Filing, Snapshot)>),
}

impl Reading {
    /// A report by its id, with what stands in the way of sealing it so.
    ///
    /// # Errors
    /// `filing-unknown`, those of [`Reading::prepare_filing`] and of [`Reading::filing_snapshot`]
    pub fn filing_detail(&self, id: RecordId, sealing: &Sealing) -> Outcome<FilingDetail> {
        self.read::<_, Failure>(|reader| match self.sealed_filing(reader, id)? {
            Some(filing) => self.sealed_detail(reader, filing),
            None => self.open_detail(reader, id, sealing),
        })
    }

    /// The filing of that id, where it was sealed; a draft need be no record yet.
    fn sealed_filing(&self, reader: &Reader, id: RecordId) -> Outcome<Option<Filing>> {
        match reader.record(id)? {
            Some(_) => Ok(Some(self.filing_of(reader, id)?).filter(|filing| filing.sealed)),
            None => Ok(None),
        }
    }

    fn open_detail(&self, reader: &Reader, id: RecordId, sealing: &Sealing) -> Outcome<FilingDetail> {
        let prepared = self.prepared(reader, id, sealing)?;
        let last_sections = match prepared.previous {
            Some(previous) => self.last_words(reader, previous)?,
            None => Default::default(),
        };
        Ok(FilingDetail {
            id,
            state: if prepared.reviewed { FilingState::Reviewed } else { FilingState::Draft },
            superseded_by: None,
            last_sections,
            late: prepared.late.map(minutes),
            received_at: None,
            answers: Vec::new(),
            may_answer: false,
            own: self.check_may_file(reader, &prepared.draft.office).is_ok(),
            content: FilingContent::Open(Box::new(prepared)),
        })
    }

    fn sealed_detail(&self, reader: &Reader, filing: Filing) -> Outcome<FilingDetail> {
        let snapshot = self.snapshot_of(reader, &filing)?;
        let filings = self.filings_of(reader, &filing.campaign, &filing.report, &filing.office)?;
        let same_day: Vec<&Filing> = filings.iter().filter(|other| other.due == filing.due).collect();
        let standing = live(same_day.iter().copied());
        let superseded_by = match standing.contains(&filing.id) {
            true => None,
            false => {
                same_day.iter().find(|other| other.sealed && other.corrects.contains(&filing.id)).map(|other| other.id)
            }
        };
        let mut late = filing.is_late(snapshot.time.as_deref()).map(minutes);
        // A campaign this book does not know has no report to ask for; what was sealed says enough.
        let mut state = FilingState::Sealed;
        if let Ok((campaign, report)) = self.report(&filing.campaign, &filing.report)
            && let Some(due) = report.schedule.due_between(filing.due, filing.due).pop()
        {
            let task = DueReport { campaign, report, due };
            let standing = self.standing(reader, &task, &self.filed_on(reader, &task)?, &filing.office)?;
            if superseded_by.is_none() {
                state = standing.state;
                late = standing.late_millis.map(minutes);
            }
        }
        Ok(FilingDetail {
            id: filing.id,
            state,
            superseded_by,
            last_sections: Default::default(),
            late,
            received_at: reader.received_at(filing.id)?,
            answers: self.answers_to(reader, &filing)?,
            may_answer: is_above(self.office(), &filing.office),
            own: self.check_may_file(reader, &filing.office).is_ok(),
            content: FilingContent::Sealed(Box::new((filing, snapshot))),
        })
    }

    /// The words of the last filing as they read.
    fn last_words(&self, reader: &Reader, previous: RecordId) -> Outcome<std::collections::BTreeMap<String, String>> {
        let snapshot = self.snapshot_of(reader, &self.filing_of(reader, previous)?)?;
        Ok(snapshot.sections.into_iter().map(|section| (section.id, section.text)).collect())
    }

    /// A form of a report as it prints: as it would be sealed, or as it was.
    ///
    /// # Errors
    /// `form-not-in-filing`, `filing-unknown`, `report-not-due-then`, those of [`Reading::filing_snapshot`]
    pub fn filing_form(&self, id: RecordId, form: &str, sealing: &Sealing) -> Outcome<FilledForm> {
        self.read(|reader| {
            let Some(filing) = self.sealed_filing(reader, id)? else {
                return self.prepared_form(reader, id, form, sealing);
            };
            let snapshot = self.snapshot_of(reader, &filing)?;
            let frozen = snapshot.forms.iter().find(|known| known.form == form);
            let frozen = frozen.ok_or_else(|| Notice::new("form-not-in-filing").with("form", form))?;
            Ok(marked(frozen, &snapshot))
        })
    }
}
