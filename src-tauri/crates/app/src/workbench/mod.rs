//! 工作台: what the person at the book should see first. Report days, what is due, the campaign's tasks, charts, and what
//! merged books left to look at. It counts nothing itself: figures are the store's, days the calendar's.

mod charts;
mod days;
mod due;
mod findings;
mod report_days;
mod tasks;
#[cfg(test)]
mod tests;

use campaign::Campaign;
use domain::{Date, Notice};
use serde::Serialize;
use store::figures::Over;
use ts_rs::TS;

use crate::campaigns::runs;
use crate::failure::{Failure, Outcome};
use crate::session::Reading;

pub use charts::{ChartsView, CoverageRow, LineRow, ResultRow, WeekRow};
pub use due::{DueGroup, DueGroupView, DueLine, DuePage};
pub use findings::{FindingLine, FindingsPage, RecordName};
pub use report_days::{PeriodView, PhaseStage, PhaseView, ReportDay, WatchView};
pub use tasks::{TaskFigure, TaskView, ToDoLine, ToDoPage};

/// How many of the newest records of each kind say which campaign an office is working on.
const LOOKED_AT: u32 = 50;

/// What is shown, and the days that go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WorkbenchView {
    /// The campaign whose days, tasks and charts are shown.
    pub campaign: String,
    /// Whether a person chose it; otherwise it was taken by today's date and the records.
    pub chosen: bool,
    /// The book holds no record yet.
    pub empty: bool,
    pub period: PeriodView,
    pub reports: Vec<ReportDay>,
    pub watch: Vec<WatchView>,
}

impl Reading {
    /// The days of the campaign a person chose, or of the one that is running.
    pub fn workbench(&self, chosen: Option<&str>) -> Outcome<WorkbenchView> {
        let campaign = self.shown_campaign(chosen)?;
        let counts = self.read(|reader| reader.counts())?;
        let (today, time) = (self.clock().today(), self.clock().time());
        Ok(WorkbenchView {
            campaign: campaign.id.clone(),
            chosen: chosen.is_some(),
            empty: counts.values().all(|(live, voided)| live + voided == 0),
            period: report_days::period(campaign, today),
            reports: report_days::reports(self.library(), campaign, today, &time),
            watch: report_days::watched(campaign, today),
        })
    }

    /// The campaign a person chose. With none chosen: of those the newest records count for, the one that runs today, else
    /// the one that began last; in an empty book likewise of those that concern the office, never another province's.
    pub(crate) fn shown_campaign(&self, chosen: Option<&str>) -> Outcome<&Campaign> {
        if let Some(id) = chosen {
            let unknown = || Failure::new(Notice::new("campaign-unknown").with("value", id));
            return self.library().campaign(id).ok_or_else(unknown);
        }
        let recent = self.read(|reader| reader.recent_campaigns(LOOKED_AT))?;
        let today = self.clock().today();
        let rank = |campaign: &&Campaign| {
            let records = recent.get(&campaign.id).copied().unwrap_or_default();
            (
                records > 0,
                self.concerns(campaign),
                runs(campaign, today),
                campaign.first_day <= today,
                campaign.first_day,
                records,
            )
        };
        self.library()
            .campaigns()
            .max_by_key(rank)
            .ok_or_else(|| Notice::new("campaign-unknown").with("value", "").into())
    }

    /// What figures are counted over: everything this book's office covers, up to today.
    fn over<'a>(&'a self, campaign: &'a Campaign, as_of: Date) -> Over<'a> {
        Over { schema: self.library().schema(), campaign, office: self.office(), as_of }
    }
}
