//! A report as the page shows it.

use std::collections::BTreeMap;

use app::RecordView;
use app::failure::{Outcome, Problem};
use app::filings::Filing;
use app::filings::answers::AnswerView;
use app::filings::frozen::ShortView;
use app::filings::prepare::{Preparation, Sealing};
use app::filings::reports::FilingState;
use app::filings::snapshot::Snapshot;
use app::filings::view::{FilingContent, FilingDetail};
use app::forms::place::CellPlace;
use app::messages::Language;
use app::reports::{Piece, plain};
use app::session::Reading;
use domain::{Notice, RecordId};
use serde::Serialize;
use ts_rs::TS;

use crate::checks::{FailedCheckView, check_view};

/// A minute, in milliseconds.
const MINUTE: u64 = 60_000;

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

pub(super) fn problems(notices: &[Notice], language: Language) -> Vec<Problem> {
    notices.iter().map(|notice| Problem::of(notice, language)).collect()
}

pub(super) fn view(
    session: &Reading,
    detail: FilingDetail,
    sealing: &Sealing,
    language: Language,
) -> Outcome<FilingView> {
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
    let (zh, en) = session
        .report_words(&filing.campaign, &filing.report)
        .unwrap_or_else(|_| (snapshot.title.clone(), snapshot.title.clone()));
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
