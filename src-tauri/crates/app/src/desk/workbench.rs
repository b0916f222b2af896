//! 工作台 as the page asks for it, part by part: what takes longer keeps nothing else waiting.

use serde::Deserialize;
use ts_rs::TS;

use super::Desk;
use crate::failure::Outcome;
use crate::messages::Language;
use crate::workbench::{ChartsView, DueGroup, DueGroupView, DuePage, FindingsPage, TaskView, WorkbenchView};

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct OfCampaign {
    /// Null where a person chose none.
    pub campaign: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct MoreDue {
    pub campaign: Option<String>,
    pub group: DueGroup,
    /// Where the last page ended.
    pub after: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct SkipFindings {
    /// How many are shown already.
    pub skip: u32,
}

pub fn overview(desk: &mut Desk, input: OfCampaign, _: Language) -> Outcome<WorkbenchView> {
    desk.session()?.workbench(input.campaign.as_deref())
}

/// Without a campaign, what waits of all of them.
pub fn due(desk: &mut Desk, input: OfCampaign, _: Language) -> Outcome<Vec<DueGroupView>> {
    desk.session()?.due(input.campaign.as_deref())
}

pub fn due_more(desk: &mut Desk, input: MoreDue, _: Language) -> Outcome<DuePage> {
    desk.session()?.due_more(input.campaign.as_deref(), input.group, &input.after)
}

pub fn tasks(desk: &mut Desk, input: OfCampaign, _: Language) -> Outcome<Vec<TaskView>> {
    desk.session()?.tasks(input.campaign.as_deref())
}

pub fn charts(desk: &mut Desk, input: OfCampaign, _: Language) -> Outcome<ChartsView> {
    desk.session()?.charts(input.campaign.as_deref())
}

pub fn findings(desk: &mut Desk, input: SkipFindings, language: Language) -> Outcome<FindingsPage> {
    desk.session()?.findings_in_words(input.skip as usize, language)
}
