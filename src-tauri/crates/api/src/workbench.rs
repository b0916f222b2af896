//! 工作台 as the page asks for it, part by part: what takes longer keeps nothing else waiting.

use app::failure::Outcome;
use app::messages::Language;
use app::session::Reading;
use app::workbench::{ChartsView, DueGroup, DueGroupView, DuePage, FindingsPage, TaskView, ToDoPage, WorkbenchView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfCampaign {
    /// Null where a person chose none.
    pub campaign: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoreDue {
    pub campaign: Option<String>,
    pub group: DueGroup,
    /// Where the last page ended.
    pub after: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SkipFindings {
    /// How many are shown already.
    pub skip: u32,
}

pub fn overview(session: &Reading, input: OfCampaign, _: Language) -> Outcome<WorkbenchView> {
    session.workbench(input.campaign.as_deref())
}

/// Without a campaign, what waits of all of them.
pub fn due(session: &Reading, input: OfCampaign, _: Language) -> Outcome<Vec<DueGroupView>> {
    session.due(input.campaign.as_deref())
}

pub fn due_more(session: &Reading, input: MoreDue, _: Language) -> Outcome<DuePage> {
    session.due_more(input.campaign.as_deref(), input.group, &input.after)
}

pub fn tasks(session: &Reading, input: OfCampaign, _: Language) -> Outcome<Vec<TaskView>> {
    session.tasks(input.campaign.as_deref())
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfTask {
    pub campaign: Option<String>,
    pub task: String,
    /// How many are shown already.
    pub skip: u32,
}

pub fn task_to_do(session: &Reading, input: OfTask, _: Language) -> Outcome<ToDoPage> {
    session.task_to_do(input.campaign.as_deref(), &input.task, input.skip as usize)
}

pub fn charts(session: &Reading, input: OfCampaign, _: Language) -> Outcome<ChartsView> {
    session.charts(input.campaign.as_deref())
}

/// How many findings there are.
#[derive(Debug, Serialize, TS)]
pub struct FindingCount {
    pub count: u64,
}

pub fn finding_count(session: &Reading, _: Nothing, _: Language) -> Outcome<FindingCount> {
    Ok(FindingCount { count: session.finding_count()? })
}

pub fn findings(session: &Reading, input: SkipFindings, language: Language) -> Outcome<FindingsPage> {
    session.findings_in_words(input.skip as usize, language)
}
