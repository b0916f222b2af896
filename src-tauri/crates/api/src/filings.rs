//! Reports as the page writes, seals, opens and collects them.

use std::collections::BTreeMap;

use app::failure::{Outcome, Problem};
use app::filings::answers::{AnswerView, Decision};
use app::filings::collect::{CollectView, CollectedParts};
use app::filings::draft::{DraftChange, NewFiling};
use app::filings::frozen::{FrozenCell, FrozenRecord, ShortView};
use app::filings::prepare::{Preparation, Sealing};
use app::filings::reports::{FilingState, ReportLine};
use app::filings::since::SinceView;
use app::filings::snapshot::Snapshot;
use app::filings::view::{FilingContent, FilingDetail};
use app::filings::{Filing, report_name};
use app::forms::place::CellPlace;
use app::messages::Language;
use app::reports::{Piece, plain};
use app::session::{Reading, Writing};
use app::{Filled, RecordView};
use domain::{Notice, RecordId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::checks::{FailedCheckView, check_view};
use crate::files::ChosenFile;
use crate::forms::{FilledView, filled_view};
use crate::views::{Nothing, Written};

/// A minute, in milliseconds.
const MINUTE: u64 = 60_000;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BeginFiling {
    /// `ln-2020/weekly`.
    pub report: String,
    pub due: String,
    /// Null for the last day the report counts by the document.
    pub as_of: Option<String>,
    /// Null for the book's own office.
    pub office: Option<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct FilingId {
    pub id: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfFiling {
    pub id: String,
}

/// What a person says when a report is sealed.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SealingInput {
    pub filler: String,
    pub phone: String,
    pub approver: String,
    pub zero: bool,
    pub late_reason: String,
    pub clock_reason: String,
    /// Reasons by the keys of checks and of cells in doubt.
    pub checks: BTreeMap<String, String>,
    pub doubts: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookAtFiling {
    pub id: String,
    /// What has been said so far; null before anything was.
    pub sealing: Option<SealingInput>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SealFiling {
    pub id: String,
    pub sealing: SealingInput,
}

#[derive(Debug, Serialize, TS)]
pub struct SealedView {
    /// Why it was not sealed; empty where it was.
    pub refusals: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeFiling {
    pub id: String,
    pub as_of: Option<String>,
    pub correction: Option<String>,
    pub sections: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReviewFiling {
    pub id: String,
    pub reviewer: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CorrectFilings {
    pub ids: Vec<String>,
    pub as_of: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FormOfFiling {
    pub id: String,
    pub form: String,
    pub sealing: Option<SealingInput>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CellOfFiling {
    pub id: String,
    pub form: String,
    pub row: String,
    pub column: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteFiling {
    pub id: String,
    /// Null for every form of it.
    pub form: Option<String>,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AnswerFiling {
    pub id: String,
    pub accepted: bool,
    pub why: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CollectReport {
    pub report: String,
    pub due: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CollectCell {
    pub report: String,
    pub due: String,
    pub form: String,
    pub row: String,
    pub column: String,
}

/// A report as a person looks at it.
#[derive(Debug, Serialize, TS)]
pub struct FilingView {
    pub id: String,
    pub state: FilingState,
    pub superseded_by: Option<String>,
    pub campaign: String,
    pub report: String,
    /// The report as the campaign file calls it.
    pub zh: String,
    pub en: String,
    pub office: String,
    pub office_name: String,
    pub due: String,
    /// `HH:MM` in China, where the document names an hour.
    pub time: Option<String>,
    pub as_of: String,
    pub filler: String,
    pub phone: String,
    pub reviewer: String,
    pub approver: String,
    pub zero: bool,
    pub late_reason: String,
    pub clock_reason: String,
    pub corrects: Vec<String>,
    pub correction: String,
    /// By how many minutes it is, or was, late; and how far the clock stands behind what the book has seen.
    pub late: Option<u64>,
    pub clock_behind: Option<u64>,
    /// Nothing printed differs from the last filing.
    pub unchanged: bool,
    pub sealed_at: Option<String>,
    pub received_at: Option<String>,
    pub sections: Vec<SectionView>,
    pub forms: Vec<FormTitle>,
    pub checks: Vec<FilingCheckView>,
    pub doubts: Vec<DoubtView>,
    /// What stands in the way of sealing it; nothing once it is sealed.
    pub refusals: Vec<Problem>,
    pub warnings: Vec<Problem>,
    pub answers: Vec<AnswerView>,
    pub may_answer: bool,
    pub own: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct SectionView {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub hint: String,
    pub hint_en: String,
    /// As it reads.
    pub text: String,
    /// What is kept of it: its text with what it quotes in braces; and in pieces, each quote with where it comes from.
    pub source: String,
    pub pieces: Vec<Piece>,
    /// What the last filing said there.
    pub last: String,
}

#[derive(Debug, Serialize, TS)]
pub struct FormTitle {
    pub form: String,
    pub title: String,
}

#[derive(Debug, Serialize, TS)]
pub struct FilingCheckView {
    pub key: String,
    pub form: String,
    pub form_title: String,
    /// It has to be explained before the report is sealed.
    pub error: bool,
    /// With cells and records; none once it is sealed.
    pub check: Option<FailedCheckView>,
    /// What was found, as it was sealed.
    pub found: String,
    pub reason: String,
}

#[derive(Debug, Serialize, TS)]
pub struct DoubtView {
    pub key: String,
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: CellPlace,
    pub text: String,
    /// It rests on a record of this very office, which is to be decided.
    pub own: bool,
    pub reason: String,
}

/// A sealed number with the records as they stood.
#[derive(Debug, Serialize, TS)]
pub struct FrozenView {
    pub printed: String,
    pub records: Option<Vec<FrozenRecordView>>,
    pub records_in_all: u32,
    /// What the records give now, where that is another number: 报数与记录不符.
    pub differs: Option<String>,
    pub short: Vec<ShortView>,
}

#[derive(Debug, Serialize, TS)]
pub struct FrozenRecordView {
    pub record: RecordView,
    pub title: String,
    pub row: String,
    pub column: String,
    pub amount: i64,
    pub declared: bool,
}

/// At most so many records of a sealed cell are answered.
const MOST_RECORDS: usize = 500;

fn sealing(input: Option<SealingInput>) -> Sealing {
    let input = input.unwrap_or_default();
    Sealing {
        filler: input.filler,
        phone: input.phone,
        approver: input.approver,
        zero: input.zero,
        late_reason: input.late_reason,
        clock_reason: input.clock_reason,
        checks: input.checks,
        doubts: input.doubts,
    }
}

fn problems(notices: &[Notice], language: Language) -> Vec<Problem> {
    notices.iter().map(|notice| Problem::of(notice, language)).collect()
}

pub fn reports(session: &Reading, _: Nothing, _: Language) -> Outcome<Vec<ReportLine>> {
    session.report_lines(session.clock().today())
}

pub fn begin(backend: &mut Backend, input: BeginFiling, _: Language) -> Outcome<FilingId> {
    let (campaign, report) = report_name(&input.report)?;
    let new = NewFiling {
        campaign: campaign.to_owned(),
        report: report.to_owned(),
        due: input.due.parse()?,
        as_of: input.as_of.as_deref().map(str::parse).transpose()?,
        office: input.office.as_deref().map(str::parse).transpose()?,
    };
    Ok(FilingId { id: backend.session_mut()?.begin_filing(&new)?.to_string() })
}

pub fn look(session: &Reading, input: LookAtFiling, language: Language) -> Outcome<FilingView> {
    let sealing = sealing(input.sealing);
    let detail = session.filing_detail(input.id.parse()?, &sealing)?;
    view(session, detail, &sealing, language)
}

fn view(session: &Reading, detail: FilingDetail, sealing: &Sealing, language: Language) -> Outcome<FilingView> {
    match detail.content.clone() {
        FilingContent::Open(prepared) => open_view(session, detail, *prepared, sealing, language),
        FilingContent::Sealed(sealed) => Ok(sealed_view(session, detail, &sealed.0, &sealed.1, language)),
    }
}

fn open_view(
    session: &Reading,
    detail: FilingDetail,
    prepared: Preparation,
    sealing: &Sealing,
    language: Language,
) -> Outcome<FilingView> {
    let (refusals, warnings) = (prepared.refusals(sealing), prepared.warnings(sealing));
    let draft = &prepared.draft;
    let (zh, en) = session.report_words(&draft.campaign, &draft.report)?;
    let reason = |reasons: &BTreeMap<String, String>, key: &str| reasons.get(key).cloned().unwrap_or_default();
    let mut checks = Vec::new();
    for check in &prepared.checks {
        let key = check.key();
        checks.push(FilingCheckView {
            form: check.form.clone(),
            form_title: session.cell_place(language, &check.form, "", "").form_title,
            error: check.check.level == app::Level::Error,
            check: Some(check_view(session, check.check.clone(), language)?),
            found: String::new(),
            reason: reason(&sealing.checks, &key),
            key,
        });
    }
    let doubts = prepared.doubts.iter().map(|doubt| DoubtView {
        place: session.cell_place(language, &doubt.form, &doubt.row, &doubt.column),
        text: doubt.text.clone(),
        own: doubt.own,
        reason: reason(&sealing.doubts, &doubt.key()),
        key: doubt.key(),
    });
    let said = |given: &str, known: &str| if given.is_empty() { known.to_owned() } else { given.to_owned() };
    Ok(FilingView {
        id: detail.id.to_string(),
        state: detail.state,
        superseded_by: None,
        campaign: draft.campaign.clone(),
        report: draft.report.clone(),
        zh,
        en,
        office: draft.office.to_string(),
        office_name: prepared.office_name.clone(),
        due: draft.due.to_string(),
        time: session.report_time(&draft.campaign, &draft.report, draft.due)?,
        as_of: draft.as_of.to_string(),
        filler: said(&sealing.filler, &prepared.filler),
        phone: said(&sealing.phone, &prepared.phone),
        reviewer: prepared.reviewer.clone(),
        approver: sealing.approver.clone(),
        zero: sealing.zero,
        late_reason: sealing.late_reason.clone(),
        clock_reason: sealing.clock_reason.clone(),
        corrects: draft.corrects.iter().map(RecordId::to_string).collect(),
        correction: draft.correction.clone(),
        late: detail.late,
        clock_behind: prepared.clock_behind.map(|behind| behind.div_ceil(MINUTE)),
        unchanged: prepared.unchanged,
        sealed_at: None,
        received_at: None,
        sections: prepared
            .words
            .iter()
            .map(|section| SectionView {
                text: plain(&section.pieces),
                last: detail.last_sections.get(&section.id).cloned().unwrap_or_default(),
                id: section.id.clone(),
                zh: section.zh.clone(),
                en: section.en.clone(),
                hint: section.hint.clone(),
                hint_en: section.hint_en.clone(),
                source: section.source.clone(),
                pieces: section.pieces.clone(),
            })
            .collect(),
        forms: titles(&prepared.forms),
        checks,
        doubts: doubts.collect(),
        refusals: problems(&refusals, language),
        warnings: problems(&warnings, language),
        answers: detail.answers,
        may_answer: detail.may_answer,
        own: detail.own,
    })
}

fn titles(forms: &[app::FilledForm]) -> Vec<FormTitle> {
    forms.iter().map(|form| FormTitle { form: form.form.clone(), title: form.title.clone() }).collect()
}

fn sealed_view(
    session: &Reading,
    detail: FilingDetail,
    filing: &Filing,
    snapshot: &Snapshot,
    language: Language,
) -> FilingView {
    let title = |form: &str| snapshot.forms.iter().find(|known| known.form == form).map(|form| form.title.clone());
    let checks = snapshot.checks.iter().map(|check| FilingCheckView {
        key: format!("{}/{}", check.form, check.id),
        form: check.form.clone(),
        form_title: title(&check.form).unwrap_or_default(),
        error: check.error,
        check: None,
        found: check.found.clone(),
        reason: check.reason.clone(),
    });
    let doubts = snapshot.doubts.iter().map(|doubt| DoubtView {
        key: format!("{}/{}/{}", doubt.form, doubt.row, doubt.column),
        place: session.cell_place(language, &doubt.form, &doubt.row, &doubt.column),
        text: String::new(),
        own: false,
        reason: doubt.reason.clone(),
    });
    let sections = snapshot.sections.iter().map(|section| SectionView {
        id: section.id.clone(),
        zh: section.title.clone(),
        en: section.title.clone(),
        hint: String::new(),
        hint_en: String::new(),
        text: section.text.clone(),
        source: section.text.clone(),
        pieces: Vec::new(),
        last: String::new(),
    });
    let (zh, en) = session.report_words(&filing.campaign, &filing.report).unwrap_or_else(|_| {
        (snapshot.title.clone(), snapshot.title.clone())
    });
    FilingView {
        id: detail.id.to_string(),
        state: detail.state,
        superseded_by: detail.superseded_by.map(|id| id.to_string()),
        campaign: snapshot.campaign.clone(),
        report: snapshot.report.clone(),
        zh,
        en,
        office: snapshot.office.to_string(),
        office_name: snapshot.office_name.clone(),
        due: snapshot.due.to_string(),
        time: snapshot.time.clone(),
        as_of: snapshot.as_of.to_string(),
        filler: snapshot.filler.clone(),
        phone: snapshot.phone.clone(),
        reviewer: snapshot.reviewer.clone(),
        approver: snapshot.approver.clone(),
        zero: snapshot.zero,
        late_reason: snapshot.late_reason.clone(),
        clock_reason: snapshot.clock_reason.clone(),
        corrects: snapshot.corrects.iter().map(RecordId::to_string).collect(),
        correction: snapshot.correction.clone(),
        late: detail.late,
        clock_behind: None,
        unchanged: false,
        sealed_at: Some(app::clock::minute(snapshot.sealed_at)),
        received_at: detail.received_at.map(app::clock::minute),
        sections: sections.collect(),
        forms: titles(&snapshot.forms),
        checks: checks.collect(),
        doubts: doubts.collect(),
        refusals: Vec::new(),
        warnings: Vec::new(),
        answers: detail.answers,
        may_answer: detail.may_answer,
        own: detail.own,
    }
}

pub fn change(backend: &mut Backend, input: ChangeFiling, _: Language) -> Outcome<Nothing> {
    let change = DraftChange {
        as_of: input.as_of.as_deref().map(str::parse).transpose()?,
        correction: input.correction,
        sections: input.sections,
    };
    backend.session_mut()?.change_filing(input.id.parse()?, &change)?;
    Ok(Nothing {})
}

pub fn review(backend: &mut Backend, input: ReviewFiling, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.review_filing(input.id.parse()?, &input.reviewer)?;
    Ok(Nothing {})
}

/// What stands in its way is an answer, as it is for a record that is saved.
pub fn seal(backend: &mut Backend, input: SealFiling, language: Language) -> Outcome<SealedView> {
    let (id, sealing) = (input.id.parse()?, sealing(Some(input.sealing)));
    let session: &mut Writing = backend.session_mut()?;
    let refusals = session.prepare_filing(id, &sealing)?.refusals(&sealing);
    if !refusals.is_empty() {
        return Ok(SealedView { refusals: problems(&refusals, language), warnings: Vec::new() });
    }
    let sealed = session.seal_filing(id, &sealing)?;
    Ok(SealedView { refusals: Vec::new(), warnings: problems(&sealed.warnings, language) })
}

pub fn drop_draft(backend: &mut Backend, input: OfFiling, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.drop_filing_draft(input.id.parse()?)?;
    Ok(Nothing {})
}

pub fn since(session: &Reading, input: OfFiling, _: Language) -> Outcome<SinceView> {
    session.filing_since(input.id.parse()?)
}

pub fn correct(backend: &mut Backend, input: CorrectFilings, language: Language) -> Outcome<FilingId> {
    let ids = input.ids.iter().map(|id| id.parse()).collect::<Result<Vec<RecordId>, _>>()?;
    let as_of = input.as_of.as_deref().map(str::parse).transpose()?;
    let session = backend.session_mut()?;
    let proposed = session.proposed_correction(&ids, language)?;
    Ok(FilingId { id: session.correct_filings(&ids, as_of, &proposed)?.to_string() })
}

pub fn form(session: &Reading, input: FormOfFiling, language: Language) -> Outcome<FilledView> {
    let form = session.filing_form(input.id.parse()?, &input.form, &sealing(input.sealing))?;
    filled_view(session, Filled { form, warnings: Vec::new(), unnamed: None }, language)
}

pub fn cell(session: &Reading, input: CellOfFiling, _: Language) -> Outcome<FrozenView> {
    let found = session.frozen_cell(input.id.parse()?, &input.form, &input.row, &input.column, &mut |_, _| ())?;
    let FrozenCell { printed, records, differs, short } = found;
    let records_in_all = records.as_ref().map_or(0, Vec::len) as u32;
    let view = |found: FrozenRecord| FrozenRecordView {
        title: found.title,
        record: found.record,
        row: found.row,
        column: found.column,
        amount: found.amount,
        declared: found.declared,
    };
    let records = records.map(|records| records.into_iter().take(MOST_RECORDS).map(view).collect());
    Ok(FrozenView { printed, records, records_in_all, differs, short })
}

pub fn write(session: &Reading, input: WriteFiling, _: Language) -> Outcome<Written> {
    session.write_filing(input.id.parse()?, input.form.as_deref(), &[input.out.to_path_buf()])?;
    Ok(Written::at(&input.out))
}

pub fn answer(backend: &mut Backend, input: AnswerFiling, _: Language) -> Outcome<Nothing> {
    let decision = if input.accepted { Decision::Accepted } else { Decision::Returned };
    backend.session_mut()?.answer_filing(input.id.parse()?, decision, &input.why)?;
    Ok(Nothing {})
}

pub fn collect(session: &Reading, input: CollectReport, _: Language) -> Outcome<CollectView> {
    let (campaign, report) = report_name(&input.report)?;
    session.collect(campaign, report, input.due.parse()?)
}

pub fn collect_cell(session: &Reading, input: CollectCell, _: Language) -> Outcome<CollectedParts> {
    let (campaign, report) = report_name(&input.report)?;
    session.collected_parts((campaign, report, input.due.parse()?), &input.form, &input.row, &input.column)
}
