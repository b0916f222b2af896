//! What a report would say if it were sealed now, and what stands in the way of that.

use std::collections::{BTreeMap, BTreeSet};

use campaign::Figure;
use campaign::answers::Filling;
use campaign::model::{Form, Level, Schedule};
use campaign::sections::{Part, Quote, parts};
use domain::fold::ConflictId;
use domain::revision::split_slot;
use domain::{Date, Notice, OfficeCode, RecordId};
use forms::{FilledCell, FilledForm};
use store::figures::Over;
use store::{OpenConflict, Reader};

use super::draft::FilingDraft;
use super::snapshot::Snapshot;
use super::{DueReport, deadline};
use crate::failure::Outcome;
use crate::forms::checks::FailedCheck;
use crate::forms::filled;
use crate::records::drafts::FormState;
use crate::reports::{Period, Piece, QuotedOf, SectionWords, WordsRequest, plain};
use crate::session::Reading;

/// A clock that stands so far behind what the book has seen was set back, in milliseconds.
const BEHIND_MILLIS: u64 = 2 * 60_000;

/// Decimals that amounts are compared with: more than any column prints.
pub(super) const AMOUNT_SCALE: u32 = 8;

/// A printed cell that rests on something nobody has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    pub form: String,
    /// Of a list whose row may have to be added, the record.
    pub row: String,
    /// Blank where a whole row may have to be added.
    pub column: String,
    /// As printed.
    pub text: String,
    /// It rests on a record of the filing office itself, which is to be put right and not to be explained.
    pub own: bool,
}

impl Doubt {
    /// What its reason is kept under.
    pub fn key(&self) -> String {
        match self.column.as_str() {
            "" => format!("{}/{}", self.form, self.row),
            column => format!("{}/{}/{column}", self.form, self.row),
        }
    }
}

/// What does not hold, and of which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormCheck {
    pub form: String,
    pub check: FailedCheck,
}

impl FormCheck {
    /// What its reason is kept under.
    pub fn key(&self) -> String {
        format!("{}/{}", self.form, self.check.id)
    }
}

/// What a person says when a report is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealing {
    pub filler: String,
    pub phone: String,
    pub approver: String,
    pub zero: bool,
    pub late_reason: String,
    pub clock_reason: String,
    /// Reasons by [`FormCheck::key`] and [`Doubt::key`].
    pub checks: BTreeMap<String, String>,
    pub doubts: BTreeMap<String, String>,
}

/// A report as it would be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparation {
    pub draft: FilingDraft,
    pub reviewer: String,
    /// Reviewed, and not changed since.
    pub reviewed: bool,
    /// The cut-off is a day that has not come yet, and this is the last one there are figures of.
    pub ahead: Option<Date>,
    pub office_name: String,
    pub forms: Vec<FilledForm>,
    /// Its sections with the numbers they quote, and the figures those are, by id, up to the cut-off.
    pub words: Vec<SectionWords>,
    pub figures: BTreeMap<String, i64>,
    pub checks: Vec<FormCheck>,
    pub doubts: Vec<Doubt>,
    /// A form that goes with it takes in figures of other departments, and its words quote figures, which count records alone.
    pub words_leave_out: bool,
    /// By how many milliseconds it is late now.
    pub late: Option<u64>,
    /// How far the clock stands behind what the book has seen, in milliseconds.
    pub clock_behind: Option<u64>,
    /// The filing that 本期 sets out from.
    pub previous: Option<RecordId>,
    /// Nothing printed differs from it: every 本期 is 0.
    pub unchanged: bool,
    /// Records of the campaign that were typed and never recorded, where this report is its last.
    pub open_drafts: usize,
    /// 填报人 and their telephone as the book knows them.
    pub filler: String,
    pub phone: String,
}

impl Preparation {
    /// Everything that stands in the way of sealing it so, each with what to do.
    pub fn refusals(&self, sealing: &Sealing) -> Vec<Notice> {
        let mut found = Vec::new();
        if !self.reviewed {
            found.push(Notice::new("filing-not-reviewed"));
        }
        if sealing.filler.trim().is_empty() {
            found.push(Notice::new("filler-missing"));
        }
        if let Some(today) = self.ahead {
            found.push(Notice::new("as-of-ahead").with("as_of", self.draft.as_of).with("today", today));
        }
        for section in &self.words {
            let gone = section.pieces.iter().filter_map(|piece| match piece {
                Piece::Quoted(quoted) if quoted.of == QuotedOf::Gone && quoted.typed.is_none() => Some(&quoted.quote),
                _ => None,
            });
            let notice = |quote| Notice::new("section-quote-gone").with("quote", quote).with("zh", &section.zh);
            found.extend(gone.map(|quote| notice(quote).with("en", &section.en)));
        }
        let said = |reasons: &BTreeMap<String, String>, key: &str| {
            reasons.get(key).is_some_and(|reason| !reason.trim().is_empty())
        };
        for check in self.checks.iter().filter(|check| check.check.level == Level::Error) {
            if !said(&sealing.checks, &check.key()) {
                found.push(Notice::new("check-unexplained").with("check", check.key()).with("form", &check.form));
            }
        }
        let own = self.doubts.iter().filter(|doubt| doubt.own).count();
        if own > 0 {
            found.push(Notice::new("filing-in-conflict").with("cells", own));
        }
        for doubt in self.doubts.iter().filter(|doubt| !doubt.own && !said(&sealing.doubts, &doubt.key())) {
            found.push(Notice::new("doubt-unexplained").with("cell", doubt.key()).with("form", &doubt.form));
        }
        if self.late.is_some() && sealing.late_reason.trim().is_empty() && self.draft.corrects.is_empty() {
            found.push(Notice::new("late-unexplained").with("due", self.draft.due));
        }
        if self.clock_behind.is_some() && sealing.clock_reason.trim().is_empty() {
            found.push(Notice::new("clock-behind"));
        }
        if sealing.zero && !self.unchanged {
            found.push(Notice::new("zero-not-zero"));
        }
        if self.open_drafts > 0 {
            found.push(Notice::new("drafts-open").with("count", self.open_drafts));
        }
        if !self.draft.corrects.is_empty() && self.draft.correction.trim().is_empty() {
            found.push(Notice::new("correction-missing"));
        }
        found
    }

    /// What a person should look at once more, and need not answer.
    pub fn warnings(&self, sealing: &Sealing) -> Vec<Notice> {
        let mut found = Vec::new();
        if !self.reviewer.is_empty() && self.reviewer == sealing.filler.trim() {
            found.push(Notice::new("reviewer-is-filler").with("name", &self.reviewer));
        }
        for section in self.words.iter().filter(|section| plain(&section.pieces).trim().is_empty()) {
            found.push(Notice::new("section-blank").with("zh", &section.zh).with("en", &section.en));
        }
        if self.words_leave_out {
            found.push(Notice::new("words-without-declared"));
        }
        if self.unchanged && !sealing.zero && !self.forms.is_empty() {
            found.push(Notice::new("zero-not-said"));
        }
        found
    }
}

impl Reading {
    /// A report as it would be sealed now.
    ///
    /// # Errors
    /// `filing-unknown`, `filing-sealed`, `report-not-due-then`
    pub fn prepare_filing(&self, id: RecordId, sealing: &Sealing) -> Outcome<Preparation> {
        self.read(|reader| self.prepared(reader, id, sealing))
    }

    pub(crate) fn prepared(&self, reader: &Reader, id: RecordId, sealing: &Sealing) -> Outcome<Preparation> {
        let draft = self.draft_or_reviewed(reader, id)?;
        let changing = self.filing_draft(reader, id)?.is_some();
        let reviewer = reviewer_of(reader, id)?;
        let task = self.report_task(&draft.campaign, &draft.report, draft.due)?;
        let now = self.clock().millis();
        let previous = self.previous_filing(reader, &draft.campaign, &draft.report, &draft.office, draft.due)?;
        let before = match &previous {
            Some(filing) => Some(self.snapshot_of(reader, filing)?),
            None => None,
        };
        let printed_on = self.clock().today();
        let (filler, phone) = self.filler(reader)?;
        let fillings: Vec<Filling> = task
            .forms()
            .iter()
            .map(|form| self.filing_filling(reader, form, &draft, sealing, &reviewer, printed_on))
            .collect::<Outcome<_>>()?;
        let mut forms: Vec<FilledForm> = Vec::new();
        for (form, filling) in task.forms().into_iter().zip(&fillings) {
            forms.push(filled(self.library(), reader, task.campaign, form, filling)?);
        }
        let known: BTreeMap<String, FilledForm> = forms.iter().map(|form| (form.form.clone(), form.clone())).collect();
        let mut checks = Vec::new();
        for filling in &fillings {
            let failed = self.failed_checks_of(reader, filling, &known)?;
            checks.extend(failed.into_iter().map(|check| FormCheck { form: filling.form.clone(), check }));
        }
        if let Some(before) = &before {
            checks.extend(forms.iter().flat_map(|form| falling(form, before)));
        }
        let words = self.words_in(reader, &words_request(&draft, before.as_ref()))?;
        let figures = self.quoted_figures(reader, &task, &draft)?;
        let doubts = self.doubts(reader, &task, &forms, &fillings)?;
        let mut words_leave_out = false;
        for form in task.forms().iter().filter(|_| !figures.is_empty()) {
            words_leave_out |= reader.is_declared_in(&form.id, &draft.office, draft.as_of)?;
        }
        let office_name = self.name_of(reader, &draft.office)?;
        let last_saved = reader.last_saved()?.unwrap_or(0);
        Ok(Preparation {
            late: now.checked_sub(deadline(draft.due, task.due.time.as_deref())).map(|by| by.max(1)),
            clock_behind: last_saved.checked_sub(now).filter(|behind| *behind > BEHIND_MILLIS),
            unchanged: forms.iter().all(|form| is_unchanged(form, before.as_ref())),
            previous: previous.map(|filing| filing.id),
            open_drafts: self.open_drafts(reader, &task)?,
            ahead: (draft.as_of > printed_on).then_some(printed_on),
            reviewed: !changing && !reviewer.is_empty(),
            draft,
            reviewer,
            office_name,
            forms,
            words,
            figures,
            checks,
            doubts,
            words_leave_out,
            filler,
            phone,
        })
    }

    /// One form of a report as it would be sealed now.
    pub(super) fn prepared_form(
        &self,
        reader: &Reader,
        id: RecordId,
        form: &str,
        sealing: &Sealing,
    ) -> Outcome<FilledForm> {
        let draft = self.draft_or_reviewed(reader, id)?;
        let task = self.report_task(&draft.campaign, &draft.report, draft.due)?;
        let known = task.forms().into_iter().find(|known| known.id == form);
        let known = known.ok_or_else(|| Notice::new("form-not-in-filing").with("form", form))?;
        let reviewer = reviewer_of(reader, id)?;
        let filling = self.filing_filling(reader, known, &draft, sealing, &reviewer, self.clock().today())?;
        filled(self.library(), reader, task.campaign, known, &filling)
    }

    /// How a form of the report is filled: as of its cut-off, printed on the day it is sealed, with the people it names.
    fn filing_filling(
        &self,
        reader: &Reader,
        form: &Form,
        draft: &FilingDraft,
        sealing: &Sealing,
        reviewer: &str,
        printed_on: Date,
    ) -> Outcome<Filling> {
        Ok(Filling {
            office_name: self.name_of(reader, &draft.office)?,
            date: printed_on.max(draft.as_of),
            filler: sealing.filler.trim().to_owned(),
            phone: sealing.phone.trim().to_owned(),
            reviewer: reviewer.to_owned(),
            approver: sealing.approver.trim().to_owned(),
            ..Filling::to_count(&form.id, draft.office.clone(), draft.as_of)
        })
    }

    /// The figures that the sections of a report quote, up to its cut-off: what the next one sets its 本期 out from.
    fn quoted_figures(&self, reader: &Reader, task: &DueReport, draft: &FilingDraft) -> Outcome<BTreeMap<String, i64>> {
        let mut ids = BTreeSet::new();
        for section in &task.report.sections {
            let texts = [Some(&section.template), draft.sections.get(&section.id)];
            for part in texts.into_iter().flatten().map(|text| parts(text)).collect::<Result<Vec<_>, _>>()?.concat() {
                if let Part::Quoted { quote: Quote::Figure(id) | Quote::Period(id), .. } = part {
                    ids.insert(id);
                }
            }
        }
        let figures: Vec<&Figure> = task.campaign.figures.iter().filter(|figure| ids.contains(&figure.id)).collect();
        let over = Over {
            schema: self.library().schema(),
            campaign: task.campaign,
            office: &draft.office,
            as_of: draft.as_of,
        };
        let counted = reader.figures(over, &figures)?;
        Ok(figures.iter().map(|figure| figure.id.clone()).zip(counted).collect())
    }

    /// The cells that rest on an open conflict, and whose record it is.
    fn doubts(
        &self,
        reader: &Reader,
        task: &DueReport,
        forms: &[FilledForm],
        fillings: &[Filling],
    ) -> Outcome<Vec<Doubt>> {
        if forms.iter().all(FilledForm::settled) {
            return Ok(Vec::new());
        }
        let conflicts = reader.conflicts()?;
        let mut doubts = Vec::new();
        for ((filled, filling), form) in forms.iter().zip(fillings).zip(task.forms()) {
            let reads = self.library().form_reads(task.campaign, form);
            let concerned: Vec<&OpenConflict> = conflicts
                .iter()
                .filter(|open| reads.contains(&(open.kind.clone(), split_slot(&open.slot).0.to_owned())))
                .collect();
            let schema = self.library().schema();
            for (row, column) in &filled.unsettled {
                let traced = reader.trace(schema, task.campaign, form, filling, row, column)?;
                let behind: BTreeSet<RecordId> = traced.into_iter().map(|traced| traced.record).collect();
                let own = rests_on_own(&filling.office, &concerned, &behind);
                let text = printed(filled, row, column).to_owned();
                doubts.push(Doubt { form: form.id.clone(), row: row.clone(), column: column.clone(), text, own });
            }
            for record in &filled.unlisted {
                let behind = BTreeSet::from([record.parse::<RecordId>()?]);
                let own = rests_on_own(&filling.office, &concerned, &behind);
                let (form, row) = (form.id.clone(), record.clone());
                doubts.push(Doubt { form, row, column: String::new(), text: String::new(), own });
            }
        }
        Ok(doubts)
    }

    /// Records typed for a campaign and never recorded, where the report is the last of it.
    fn open_drafts(&self, reader: &Reader, task: &DueReport) -> Outcome<usize> {
        if !matches!(task.report.schedule, Schedule::Once { .. }) {
            return Ok(0);
        }
        let of_it = |body: &str| {
            serde_json::from_str(body).is_ok_and(|form: FormState| form.campaigns.contains(&task.campaign.id))
        };
        Ok(reader.drafts(None)?.iter().filter(|row| of_it(&row.body)).count())
    }
}

/// Who reviewed it; blank where nobody has.
fn reviewer_of(reader: &Reader, id: RecordId) -> Outcome<String> {
    let record = reader.record(id)?;
    Ok(record.and_then(|record| record.text("reviewer").map(str::to_owned)).unwrap_or_default())
}

/// What the words of a report are asked by; 本期 is what its last filing did not say yet.
fn words_request(draft: &FilingDraft, before: Option<&Snapshot>) -> WordsRequest {
    let period = before.map_or(Period::Whole, |before| Period::AfterReport {
        since: before.as_of.plus_days(1),
        figures: before.figures.clone(),
    });
    WordsRequest {
        campaign: draft.campaign.clone(),
        report: draft.report.clone(),
        office: Some(draft.office.clone()),
        as_of: draft.as_of,
        period,
        written: draft.sections.clone(),
    }
}

/// Whether one of the conflicts of records behind a cell is the office's own. Where none of those records is in conflict, the cell
/// rests on one that it does not count as things stand: any of them may be it.
fn rests_on_own(office: &OfficeCode, concerned: &[&OpenConflict], behind: &BTreeSet<RecordId>) -> bool {
    let within: BTreeSet<ConflictId> =
        concerned.iter().filter(|open| behind.contains(&open.record)).map(|open| open.id).collect();
    concerned.iter().any(|open| open.office == *office && (within.is_empty() || within.contains(&open.id)))
}

/// A printed number in units of a ten-thousandth of a ten-thousandth, so that two of them can be compared and added up whatever
/// decimals each has.
pub(super) fn amount(cell: Option<&FilledCell>) -> Option<i128> {
    match cell? {
        FilledCell::Number { value, scale, .. } => {
            let up = 10_i128.checked_pow(AMOUNT_SCALE.checked_sub(*scale)?)?;
            i128::from(*value).checked_mul(up)
        }
        _ => None,
    }
}

/// What a cell prints.
pub(super) fn printed<'f>(form: &'f FilledForm, row: &str, column: &str) -> &'f str {
    cell(form, row, column).map(FilledCell::text).unwrap_or_default()
}

pub(super) fn cell<'f>(form: &'f FilledForm, row: &str, column: &str) -> Option<&'f FilledCell> {
    let at = form.columns.iter().position(|known| known.id == column)? + usize::from(form.stub.is_some());
    form.rows.iter().find(|known| known.id == row)?.cells.get(at)
}

/// Whether a form says nothing that the last one did not: of a table of figures its numbers, of a list its rows.
fn is_unchanged(form: &FilledForm, before: Option<&Snapshot>) -> bool {
    let earlier = before.and_then(|before| before.forms.iter().find(|known| known.form == form.form));
    match (earlier, &form.stub) {
        (Some(earlier), _) => earlier.rows == form.rows,
        (None, Some(_)) => form.rows.iter().flat_map(|row| &row.cells).all(|cell| match cell {
            FilledCell::Number { value, .. } => *value == 0,
            FilledCell::Percent { hundredths, .. } => *hundredths == 0,
            FilledCell::Text(_) => true,
        }),
        (None, None) => form.rows.is_empty(),
    }
}

/// True of every cumulative table: no number is less than it was in the last filing.
fn falling(form: &FilledForm, before: &Snapshot) -> Vec<FormCheck> {
    let Some(earlier) = before.forms.iter().find(|known| known.form == form.form && known.stub.is_some()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (at, row) in form.rows.iter().enumerate() {
        for column in &form.columns {
            let (now, then) = (cell(form, &row.id, &column.id), cell(earlier, &row.id, &column.id));
            let (Some(FilledCell::Number { text, .. }), Some(FilledCell::Number { text: said, .. })) = (now, then)
            else {
                continue;
            };
            if amount(now) < amount(then) {
                let notice = Notice::new("check-falling")
                    .with("row", form.row_name(at))
                    .with("column", column.path.join(" · "))
                    .with("before", said)
                    .with("after", text);
                let id = format!("core/falling/{}/{}", column.id, row.id);
                let check = FailedCheck::of_cell(&id, notice, &form.form, &row.id, &column.id, text);
                found.push(FormCheck { form: form.form.clone(), check });
            }
        }
    }
    found
}
