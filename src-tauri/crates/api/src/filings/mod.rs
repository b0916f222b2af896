//! Reports as the page writes, seals, opens and collects them.

mod inputs;
mod views;

use app::Filled;
use app::failure::Outcome;
use app::filings::answers::Decision;
use app::filings::collect::{CollectView, CollectedParts};
use app::filings::draft::{DraftChange, NewFiling};
use app::filings::frozen::{FrozenCell, FrozenRecord};
use app::filings::report_name;
use app::filings::reports::ReportLine;
use app::filings::since::SinceView;
use app::messages::Language;
use app::session::{Reading, Writing};
use domain::RecordId;

use self::inputs::sealing;
pub use self::inputs::{
    AnswerFiling, BeginFiling, CellOfFiling, ChangeFiling, CollectCell, CollectReport, CorrectFilings, FilingId,
    FormOfFiling, LookAtFiling, OfFiling, ReviewFiling, SealFiling, SealedView, WriteFiling,
};
pub use self::views::{FilingView, FrozenRecordView, FrozenView};
use self::views::{problems, view};
use crate::Backend;
use crate::forms::{FilledView, filled_view};
use crate::views::{Nothing, Written};

/// At most so many records of a sealed cell are answered.
const MOST_RECORDS: usize = 500;

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
