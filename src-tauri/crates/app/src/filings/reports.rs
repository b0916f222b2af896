//! Which reports are due, and how far this office and those below are with each.

use campaign::model::Report;
use domain::{Date, OfficeCode, Record, RecordId};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use super::answers::{AnswerView, Decision};
use super::draft::FilingDraft;
use super::{DueReport, Filing, live, minutes};
use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::session::Reading;

/// Due days this far back are still listed.
const KEPT_DAYS: i64 = 60;
/// And those that come within so many days.
const COMING_DAYS: i64 = 30;

/// How far a report of one office is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FilingState {
    /// 未报: nobody has begun it.
    None,
    /// 草稿: begun in this book.
    Draft,
    /// 已审核未报.
    Reviewed,
    /// 已报.
    Sealed,
    /// 已接收.
    Accepted,
    /// 退回: answered by a correction, which is still to come.
    Returned,
    /// Several stand beside one another: nobody can say which counts.
    Several,
}

/// A report of this office that is due, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReportLine {
    pub campaign: String,
    pub campaign_title: String,
    pub campaign_title_en: String,
    pub report: String,
    pub zh: String,
    pub en: String,
    pub from: String,
    pub to: String,
    pub due: String,
    /// `HH:MM` in China, where the document names an hour.
    pub time: Option<String>,
    pub cut_off: String,
    /// From today to the day; negative once it has passed.
    pub days: i32,
    /// Goes to somebody outside the offices that exchange packages.
    pub outside: bool,
    /// This office owes it, by its level; it is shown to others who collect it.
    pub owed: bool,
    pub state: FilingState,
    /// The draft, or the filing that stands.
    pub filing: Option<String>,
    pub sealed_at: Option<String>,
    /// By how many minutes it is, or was, late.
    pub late: Option<u64>,
    /// Offices below that owe it, and how many of them have filed.
    pub owing: u32,
    pub filed: u32,
}

/// Where one office stands with one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub state: FilingState,
    /// The filing that stands, else the draft.
    pub filing: Option<RecordId>,
    pub sealed: Option<Filing>,
    /// Filings that a later one took the place of.
    pub superseded: usize,
    pub several: Vec<RecordId>,
    /// Of the first of its chain: a correction is no later than what it corrects.
    pub late_millis: Option<u64>,
    pub answers: Vec<AnswerView>,
}

/// What there is of a report on one of its days, whosever it is: read once for all who owe it.
pub(crate) struct FiledOn {
    records: Vec<Record>,
    drafts: Vec<(RecordId, FilingDraft)>,
}

impl Reading {
    /// The reports that are due about a day, the latest first.
    pub fn report_lines(&self, today: Date) -> Outcome<Vec<ReportLine>> {
        self.read::<_, Failure>(|reader| {
            let mut lines = Vec::new();
            for campaign in self.library().campaigns() {
                for report in &campaign.reports {
                    let from = today.plus_days(-KEPT_DAYS);
                    let mut days = report.schedule.due_between(from, today.plus_days(COMING_DAYS));
                    // A report that is over long ago is listed where it was filed.
                    let filed = reader.filings(&campaign.id, &report.id, None)?;
                    for record in &filed {
                        let Some(due) = record.date("due").filter(|due| days.iter().all(|day| day.on != *due)) else {
                            continue;
                        };
                        days.extend(report.schedule.due_between(due, due));
                    }
                    if days.is_empty() || !self.is_reported_here(report) {
                        continue;
                    }
                    for due in days {
                        let task = DueReport { campaign, report, due };
                        lines.push(self.report_line(reader, &task, today)?);
                    }
                }
            }
            lines.sort_by(|one, other| {
                let key = |line: &ReportLine| (line.due.clone(), line.campaign.clone(), line.report.clone());
                key(other).cmp(&key(one))
            });
            Ok(lines)
        })
    }

    /// Whether this office owes a report or collects it. Where the document does not say who does, it may concern anybody.
    fn is_reported_here(&self, report: &Report) -> bool {
        report.is_owed_by(self.office().level())
            || report.to_level.is_some_and(|level| level <= self.office().level())
            || report.to_level.is_none()
            || report.from_level.iter().any(|level| *level > self.office().level())
    }

    fn report_line(&self, reader: &Reader, task: &DueReport, today: Date) -> Outcome<ReportLine> {
        let filed_on = self.filed_on(reader, task)?;
        let standing = self.standing(reader, task, &filed_on, self.office())?;
        let (mut owing, mut filed) = (0, 0);
        for office in self.offices_owing(reader, task.report)? {
            owing += 1;
            let state = self.standing(reader, task, &filed_on, &office)?.state;
            filed += u32::from(matches!(state, FilingState::Sealed | FilingState::Accepted | FilingState::Several));
        }
        let (campaign, report) = (task.campaign, task.report);
        let days = (task.due.on.naive() - today.naive()).num_days() as i32;
        Ok(ReportLine {
            campaign: campaign.id.clone(),
            campaign_title: campaign.title.clone(),
            campaign_title_en: campaign.title_en.clone(),
            report: report.id.clone(),
            zh: report.zh.clone(),
            en: report.en.clone(),
            from: report.from.clone(),
            to: report.to.clone(),
            due: task.due.on.to_string(),
            time: task.due.time.clone(),
            cut_off: task.due.cut_off.to_string(),
            days,
            outside: report.outside,
            owed: report.is_owed_by(self.office().level()),
            state: standing.state,
            filing: standing.filing.map(|id| id.to_string()),
            sealed_at: standing.sealed.as_ref().and_then(|filing| filing.sealed_at).map(minute),
            late: standing.late_millis.map(minutes),
            owing,
            filed,
        })
    }

    /// What offices filed of a report for its day, and what is drafted here.
    pub(crate) fn filed_on(&self, reader: &Reader, task: &DueReport) -> Outcome<FiledOn> {
        let key = (&task.campaign.id, &task.report.id, task.due.on);
        let mut drafts = self.filing_drafts(reader)?;
        drafts.retain(|(_, draft)| (&draft.campaign, &draft.report, draft.due) == key);
        Ok(FiledOn { records: reader.filings(&task.campaign.id, &task.report.id, Some(task.due.on))?, drafts })
    }

    /// Where an office stands with a report.
    pub(crate) fn standing(
        &self,
        reader: &Reader,
        task: &DueReport,
        filed_on: &FiledOn,
        office: &OfficeCode,
    ) -> Outcome<Standing> {
        let mut filings = Vec::new();
        for record in filed_on.records.iter().filter(|record| record.office == *office) {
            filings.push(Filing::of(record)?);
        }
        let standing = live(&filings);
        let sealed_count = filings.iter().filter(|filing| filing.sealed).count();
        let mut told = Standing {
            state: FilingState::None,
            filing: None,
            sealed: None,
            superseded: sealed_count - standing.len(),
            several: Vec::new(),
            late_millis: None,
            answers: Vec::new(),
        };
        let unsealed = filings.iter().rev().find(|filing| !filing.sealed);
        let draft = filed_on.drafts.iter().find(|(_, draft)| draft.office == *office);
        if let Some(id) = standing.first() {
            let filing = filings.iter().find(|filing| filing.id == *id).cloned();
            if let Some(filing) = filing {
                told.answers = self.answers_to(reader, &filing)?;
                told.late_millis = first_of_chain(&filings, &filing).is_late(task.due.time.as_deref());
                told.state = match told.answers.last().map(|answer| answer.decision) {
                    Some(Decision::Accepted) => FilingState::Accepted,
                    Some(Decision::Returned) => FilingState::Returned,
                    None => FilingState::Sealed,
                };
                told.filing = Some(filing.id);
                told.sealed = Some(filing);
            }
            if standing.len() > 1 {
                told.state = FilingState::Several;
                told.several = standing;
            }
        } else if let Some(reviewed) = unsealed {
            told.state = FilingState::Reviewed;
            told.filing = Some(reviewed.id);
        }
        if let Some((id, _)) = draft.filter(|_| told.sealed.is_none()) {
            told.state = FilingState::Draft;
            told.filing = Some(*id);
        }
        if told.sealed.is_none() {
            let now = self.clock().millis();
            told.late_millis = now.checked_sub(super::deadline(task.due.on, task.due.time.as_deref()));
        }
        Ok(told)
    }

    /// Offices below that owe a report: those that were invited or named, by the levels it goes out from; without levels those
    /// right below.
    pub(crate) fn offices_owing(&self, reader: &Reader, report: &Report) -> Outcome<Vec<OfficeCode>> {
        if report.outside {
            return Ok(Vec::new());
        }
        let invited =
            reader.offices()?.into_iter().filter(|office| office.relation == "lower").map(|office| office.code);
        let named = reader.office_names()?.into_iter().map(|(code, _)| code);
        let mut offices: Vec<OfficeCode> =
            invited.chain(named).filter(|code| code != self.office() && self.office().covers(code)).collect();
        offices.retain(|code| report.is_owed_by(code.level()));
        offices.sort_unstable();
        offices.dedup();
        Ok(offices)
    }
}

/// What a correction takes the place of, in the end.
fn first_of_chain<'f>(filings: &'f [Filing], filing: &'f Filing) -> &'f Filing {
    let mut first = filing;
    let mut waiting = vec![filing];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(one) = waiting.pop().filter(|one| seen.insert(one.id)) {
        if one.sealed_at < first.sealed_at {
            first = one;
        }
        waiting.extend(filings.iter().filter(|other| one.corrects.contains(&other.id) && !seen.contains(&other.id)));
    }
    first
}
