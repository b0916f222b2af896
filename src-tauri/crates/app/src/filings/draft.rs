//! A report as it is being written: a draft of this book that nobody else sees, until it is reviewed.

use std::collections::{BTreeMap, BTreeSet};

use domain::filing::{FILING, is_sealed};
use domain::record::changed_slots;
use domain::schema::CAMPAIGNS;
use domain::validate::type_check;
use domain::{Date, Fields, Notice, OfficeCode, RecordId, Value};
use serde::{Deserialize, Serialize};
use store::{DraftRow, Edit, Reader};

use super::{Filing, keyed_texts, live};
use crate::failure::{Failure, Outcome};
use crate::names::person;
use crate::records::Context;
use crate::session::{Reading, Writing};

/// The longest a section may be, in bytes of the JSON it is kept as: a few of them fit in one line of the log.
pub const MOST_SECTION_BYTES: usize = 60_000;

/// What a person writes of a report before it is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilingDraft {
    pub campaign: String,
    pub report: String,
    pub due: Date,
    pub as_of: Date,
    /// Whose report it is.
    pub office: OfficeCode,
    #[serde(default)]
    pub corrects: Vec<RecordId>,
    #[serde(default)]
    pub correction: String,
    #[serde(default)]
    pub sections: BTreeMap<String, String>,
}

/// What a report is begun with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFiling {
    pub campaign: String,
    pub report: String,
    pub due: Date,
    /// Default: the last day the report counts by the document.
    pub as_of: Option<Date>,
    /// Default: the book's own office.
    pub office: Option<OfficeCode>,
}

/// What is changed of a draft; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftChange {
    pub as_of: Option<Date>,
    pub correction: Option<String>,
    /// By section; blank takes a section's words away.
    pub sections: BTreeMap<String, String>,
}

impl Reading {
    /// The draft of that id: of a report not reviewed yet, or of one that is being changed after its review.
    pub(crate) fn filing_draft(&self, reader: &Reader, id: RecordId) -> Outcome<Option<FilingDraft>> {
        let row = reader.draft(id)?.filter(|row| row.kind == FILING);
        Ok(row.and_then(|row| serde_json::from_str(&row.body).ok()))
    }

    /// Drafts of a report's due day, with their ids.
    pub(crate) fn filing_drafts(&self, reader: &Reader) -> Outcome<Vec<(RecordId, FilingDraft)>> {
        let rows = reader.drafts(Some(FILING))?;
        Ok(rows.into_iter().filter_map(|row| Some((row.id, serde_json::from_str(&row.body).ok()?))).collect())
    }

    /// Whether this book may write a filing of that office: its own, or that of an office below that keeps no book.
    pub(super) fn check_may_file(&self, reader: &Reader, office: &OfficeCode) -> Outcome<()> {
        if office == self.office() {
            return Ok(());
        }
        if !self.office().covers(office) {
            return Err(Notice::new("office-not-below").with("office", office).with("own", self.office()).into());
        }
        if reader.office(office)?.is_some() {
            return Err(Notice::new("filing-of-other-office").with("office", office).into());
        }
        if self.told_name_of(reader, office)?.is_none() {
            return Err(Notice::new("office-unnamed").with("office", office).into());
        }
        Ok(())
    }
}

impl Writing {
    /// Begins a report, or goes on with the draft of it that is there.
    ///
    /// # Errors
    /// `report-unknown`, `report-not-due-then`, `as-of-before-campaign`, `filing-exists`, `filing-of-other-office`
    pub fn begin_filing(&mut self, new: &NewFiling) -> Outcome<RecordId> {
        let office = new.office.clone().unwrap_or_else(|| self.office().clone());
        let draft = {
            let task = self.report_task(&new.campaign, &new.report, new.due)?;
            FilingDraft {
                campaign: task.campaign.id.clone(),
                report: task.report.id.clone(),
                due: new.due,
                as_of: new.as_of.unwrap_or(task.due.cut_off),
                office,
                corrects: Vec::new(),
                correction: String::new(),
                sections: BTreeMap::new(),
            }
        };
        let standing = self.read::<_, Failure>(|reader| {
            self.check_may_file(reader, &draft.office)?;
            let same = |(_, other): &(RecordId, FilingDraft)| {
                let key = |draft: &FilingDraft| {
                    (draft.campaign.clone(), draft.report.clone(), draft.due, draft.office.clone())
                };
                key(other) == key(&draft) && other.corrects.is_empty()
            };
            if let Some((id, _)) = self.filing_drafts(reader)?.into_iter().find(same) {
                return Ok(Some(id));
            }
            let mut filed = self.filings_of(reader, &draft.campaign, &draft.report, &draft.office)?;
            filed.retain(|filing| filing.due == draft.due);
            if let Some(reviewed) = filed.iter().find(|filing| !filing.sealed) {
                return Ok(Some(reviewed.id));
            }
            match live(&filed).first() {
                Some(id) => Err(Notice::new("filing-exists").with("id", id).into()),
                None => Ok(None),
            }
        })?;
        match standing {
            Some(id) => self.go_on(id, new.as_of, ""),
            None => self.keep_filing_draft(RecordId(uuid::Uuid::now_v7()), &draft),
        }
    }

    /// Begins a report that takes the place of the sealed ones of the same office, report and due day, or goes on with
    /// the one begun. It names every filing that stands, whichever was asked for: where two of an office's books sealed
    /// the same report, one correction settles both.
    ///
    /// # Errors
    /// `filing-not-sealed`, `corrects-differ`, `filing-unknown`
    pub fn correct_filings(&mut self, corrects: &[RecordId], as_of: Option<Date>, proposed: &str) -> Outcome<RecordId> {
        let (begun, draft) = self.read::<_, Failure>(|reader| {
            let filings = corrects.iter().map(|id| self.filing_of(reader, *id)).collect::<Outcome<Vec<Filing>>>()?;
            let Some(first) = filings.first() else { return Err(Notice::new("filing-unknown").with("id", "").into()) };
            self.check_may_file(reader, &first.office)?;
            if let Some(open) = filings.iter().find(|filing| !filing.sealed) {
                return Err(Notice::new("filing-not-sealed").with("id", open.id).into());
            }
            let key =
                |filing: &Filing| (filing.campaign.clone(), filing.report.clone(), filing.due, filing.office.clone());
            if let Some(other) = filings.iter().find(|filing| key(filing) != key(first)) {
                return Err(Notice::new("corrects-differ").with("id", other.id).into());
            }
            let newest = filings.iter().max_by_key(|filing| filing.sealed_at).unwrap_or(first);
            let mut filed = self.filings_of(reader, &first.campaign, &first.report, &first.office)?;
            filed.retain(|filing| filing.due == first.due);
            let named: BTreeSet<RecordId> = corrects.iter().copied().chain(live(&filed)).collect();
            let corrects: Vec<RecordId> = named.into_iter().collect();
            let drafts = self.filing_drafts(reader)?;
            let drafted = drafts.into_iter().find(|(_, draft)| draft.corrects == corrects).map(|(id, _)| id);
            let reviewed = || filed.iter().find(|filing| !filing.sealed && filing.corrects == corrects);
            let begun = drafted.or_else(|| reviewed().map(|filing| filing.id));
            let draft = FilingDraft {
                campaign: first.campaign.clone(),
                report: first.report.clone(),
                due: first.due,
                as_of: as_of.unwrap_or(newest.as_of),
                office: first.office.clone(),
                corrects,
                correction: proposed.to_owned(),
                sections: newest.sections.clone(),
            };
            Ok((begun, draft))
        })?;
        match begun {
            Some(id) => self.go_on(id, as_of, proposed),
            None => self.keep_filing_draft(RecordId(uuid::Uuid::now_v7()), &draft),
        }
    }

    /// Goes on with a report that was begun: the cut-off that was asked for now, and what explains a correction where nobody wrote it.
    fn go_on(&mut self, id: RecordId, as_of: Option<Date>, proposed: &str) -> Outcome<RecordId> {
        let draft = self.read::<_, Failure>(|reader| self.draft_or_reviewed(reader, id))?;
        let as_of = as_of.filter(|as_of| *as_of != draft.as_of);
        let unsaid = !draft.corrects.is_empty() && draft.correction.trim().is_empty() && !proposed.trim().is_empty();
        let correction = unsaid.then(|| proposed.to_owned());
        if as_of.is_some() || correction.is_some() {
            self.change_filing(id, &DraftChange { as_of, correction, ..DraftChange::default() })?;
        }
        Ok(id)
    }

    /// Changes a draft. A report that was reviewed is changed in a draft of its own, and reviewed again.
    ///
    /// # Errors
    /// `filing-sealed`, `section-unknown`, `section-too-long`
    pub fn change_filing(&mut self, id: RecordId, change: &DraftChange) -> Outcome<()> {
        let mut draft = self.read::<_, Failure>(|reader| self.draft_or_reviewed(reader, id))?;
        let (_, report) = self.report(&draft.campaign, &draft.report)?;
        for (section, text) in &change.sections {
            if !report.sections.iter().any(|known| known.id == *section) {
                let known: Vec<&str> = report.sections.iter().map(|known| known.id.as_str()).collect();
                return Err(Notice::new("section-unknown")
                    .with("value", section)
                    .with("known", known.join(", "))
                    .into());
            }
            let bytes = Value::text(text).to_json().len();
            if bytes > MOST_SECTION_BYTES {
                let notice = Notice::new("section-too-long").with("section", section).with("bytes", bytes);
                return Err(notice.with("limit", MOST_SECTION_BYTES).into());
            }
            draft.sections.insert(section.clone(), text.clone());
        }
        draft.sections.retain(|_, text| !text.trim().is_empty());
        if let Some(as_of) = change.as_of {
            draft.as_of = as_of;
        }
        if let Some(correction) = &change.correction {
            draft.correction.clone_from(correction);
        }
        self.keep_filing_draft(id, &draft).map(drop)
    }

    /// 审核: from here on it is a record that other books of this office see. The reviewer is said by whoever is at the book.
    ///
    /// # Errors
    /// `filing-unknown`, `filing-sealed`, `inspector-name-wrong`, `line-too-long`
    pub fn review_filing(&mut self, id: RecordId, reviewer: &str) -> Outcome<()> {
        let reviewer = person(reviewer)?;
        let (draft, as_of_known) = self.read::<_, Failure>(|reader| {
            let draft = self.draft_or_reviewed(reader, id)?;
            let first_day = self.report(&draft.campaign, &draft.report)?.0.first_day;
            Ok((draft, first_day))
        })?;
        if draft.as_of < as_of_known {
            let notice = Notice::new("as-of-before-campaign").with("as_of", draft.as_of).with("first_day", as_of_known);
            return Err(notice.into());
        }
        let context = Context::of(self);
        let now = self.clock().millis();
        let mut given = Fields::from([
            (CAMPAIGNS.to_owned(), Value::List(vec![Value::text(&draft.campaign)])),
            ("campaign".to_owned(), Value::text(&draft.campaign)),
            ("report".to_owned(), Value::text(&draft.report)),
            ("due".to_owned(), Value::text(draft.due.to_string())),
            ("as_of".to_owned(), Value::text(draft.as_of.to_string())),
            ("state".to_owned(), Value::text("reviewed")),
            ("reviewer".to_owned(), Value::text(&reviewer)),
            ("sections".to_owned(), keyed_texts(&draft.sections)),
        ]);
        if !draft.corrects.is_empty() {
            let corrects = draft.corrects.iter().map(|id| Value::text(id.to_string())).collect();
            given.insert("corrects".to_owned(), Value::List(corrects));
            given.insert("correction".to_owned(), Value::text(&draft.correction));
        }
        self.transact::<_, Failure>(|writer| {
            write_filing(&context, writer, id, &draft.office, &given, now)?;
            writer.drop_draft(id)?;
            Ok(())
        })?;
        Ok(())
    }

    /// Leaves a draft; a report that was reviewed stands as it was reviewed.
    pub fn drop_filing_draft(&mut self, id: RecordId) -> Outcome<bool> {
        self.drop_draft(id)
    }

    fn keep_filing_draft(&mut self, id: RecordId, draft: &FilingDraft) -> Outcome<RecordId> {
        let body = serde_json::to_string(draft).unwrap_or_default();
        let (at, author) = (self.clock().millis(), self.author().to_owned());
        self.transact::<_, Failure>(|writer| {
            let record = writer.record(id)?.map(|record| record.id);
            writer.keep_draft(&DraftRow { id, kind: FILING.to_owned(), record, author, at, body })?;
            Ok(())
        })?;
        Ok(id)
    }
}

impl Reading {
    /// The draft of that id, or what was reviewed under it.
    ///
    /// # Errors
    /// `filing-unknown`, `filing-sealed`
    pub(crate) fn draft_or_reviewed(&self, reader: &Reader, id: RecordId) -> Outcome<FilingDraft> {
        if let Some(draft) = self.filing_draft(reader, id)? {
            return Ok(draft);
        }
        let filing = self.filing_of(reader, id)?;
        if filing.sealed {
            return Err(Notice::new("filing-sealed").with("id", id).into());
        }
        Ok(FilingDraft {
            campaign: filing.campaign,
            report: filing.report,
            due: filing.due,
            as_of: filing.as_of,
            office: filing.office,
            corrects: filing.corrects,
            correction: filing.correction,
            sections: filing.sections,
        })
    }
}

/// Writes what is given of a filing as one revision on top of what stands.
pub(super) fn write_filing(
    context: &Context,
    writer: &mut store::Writer,
    id: RecordId,
    office: &OfficeCode,
    given: &Fields,
    now: u64,
) -> Outcome<()> {
    let standing = writer.folded(id)?.map(|(_, folded)| folded);
    if standing.as_ref().is_some_and(|folded| is_sealed(&folded.kind, &folded.slots)) {
        return Err(Notice::new("filing-sealed").with("id", id).into());
    }
    let schema = context.library.schema();
    let kind = schema.kind(FILING).ok_or_else(|| Notice::new("kind-unknown").with("value", FILING))?;
    let slots = changed_slots(kind, &standing.map(|folded| folded.slots).unwrap_or_default(), given)?;
    if slots.is_empty() {
        return Ok(());
    }
    type_check(schema, FILING, &slots)?;
    let author = context.author.clone();
    context.append(writer, Edit { record: id, kind: FILING.to_owned(), office: office.clone(), author, slots }, now)?;
    Ok(())
}
