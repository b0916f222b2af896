//! When the campaign's reports are due, where its period stands, and the times of the year it watches.

use campaign::{Calendar, Campaign, DueDay, Library, Phase, Report, WatchDay};
use domain::Date;
use serde::Serialize;
use ts_rs::TS;

use super::days::days_between;
use crate::campaigns::FormView;

/// A report day stays in sight this long after it has passed: the book cannot know whether the report went out.
const KEPT_DAYS: i64 = 6;

/// How many coming days of a weekly report are shown.
const SHOWN: usize = 2;

/// Watched times that begin within so many days are announced.
const ANNOUNCED_DAYS: i64 = 30;

/// Beyond so many days ahead nobody counts working days.
const COUNTED_DAYS: i32 = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhaseStage {
    Past,
    Now,
    Later,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PeriodView {
    pub first_day: String,
    pub last_day: Option<String>,
    /// The first day is 1; 0 and below before it.
    pub day: i32,
    /// Days left after today; negative once the last day has passed.
    pub left: Option<i32>,
    pub phases: Vec<PhaseView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PhaseView {
    pub zh: String,
    pub en: String,
    pub from: String,
    pub to: Option<String>,
    pub stage: PhaseStage,
}

/// One day one report is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReportDay {
    pub report: String,
    pub zh: String,
    pub en: String,
    /// Who reports to whom, in the words of the document.
    pub from: String,
    pub to: String,
    /// The forms that go with it; none for a written report.
    pub forms: Vec<FormView>,
    pub on: String,
    /// `HH:MM`, where the document names an hour.
    pub time: Option<String>,
    /// The last day the forms count, unless a person says otherwise.
    pub cut_off: String,
    /// From today to the day; negative once it has passed.
    pub days: i32,
    /// Of them, working days, the day itself included; not counted far ahead.
    pub working_days: Option<u32>,
    /// `now` on the day itself, until its hour.
    pub stage: PhaseStage,
    /// By the holiday notice (or, where it is not known, the weekend) nobody works that day.
    pub rest_day: bool,
    /// 暂定: the holiday notice of that year is not known.
    pub provisional: bool,
}

/// A time of the year the document orders watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WatchView {
    pub zh: String,
    pub en: String,
    /// `MM-DD`.
    pub from: String,
    pub to: String,
    /// 0 while it lasts, else the days until it begins.
    pub days: i32,
}

pub fn period(campaign: &Campaign, today: Date) -> PeriodView {
    PeriodView {
        first_day: campaign.first_day.to_string(),
        last_day: campaign.last_day.map(|day| day.to_string()),
        day: days_between(campaign.first_day, today) + 1,
        left: campaign.last_day.map(|day| days_between(today, day)),
        phases: campaign.phases.iter().map(|phase| phase_view(phase, today)).collect(),
    }
}

fn phase_view(phase: &Phase, today: Date) -> PhaseView {
    let stage = match phase.to {
        _ if today < phase.from => PhaseStage::Later,
        Some(to) if to < today => PhaseStage::Past,
        _ => PhaseStage::Now,
    };
    PhaseView {
        zh: phase.zh.clone(),
        en: phase.en.clone(),
        from: phase.from.to_string(),
        to: phase.to.map(|day| day.to_string()),
        stage,
    }
}

/// The days in sight, the earliest first: those that passed less than a week ago, and the next ones of every report. Of a report
/// that is over, its last day.
pub fn reports(library: &Library, campaign: &Campaign, today: Date, time: &str) -> Vec<ReportDay> {
    let mut days: Vec<(DueDay, &Report)> = Vec::new();
    for report in &campaign.reports {
        let mut shown = report.schedule.due_between(today.plus_days(-KEPT_DAYS), today.plus_days(-1));
        let mut from = today;
        for _ in 0..SHOWN {
            let Some(next) = report.schedule.next_due(from) else { break };
            from = next.on.plus_days(1);
            shown.push(next);
        }
        if shown.is_empty() {
            shown.extend(report.schedule.due_between(campaign.first_day, today).pop());
        }
        days.extend(shown.into_iter().map(|day| (day, report)));
    }
    days.sort_by(|(one, _), (other, _)| one.cmp(other));
    days.into_iter().map(|(day, report)| report_day(library, campaign, report, day, today, time)).collect()
}

fn report_day(
    library: &Library,
    campaign: &Campaign,
    report: &Report,
    due: DueDay,
    today: Date,
    time: &str,
) -> ReportDay {
    let calendar = library.calendar();
    let days = days_between(today, due.on);
    let stage = match days {
        0 if due.time.as_deref().is_some_and(|hour| hour <= time) => PhaseStage::Past,
        0 => PhaseStage::Now,
        _ if days < 0 => PhaseStage::Past,
        _ => PhaseStage::Later,
    };
    let forms = campaign.forms.iter().filter(|form| report.forms.contains(&form.id)).map(FormView::from).collect();
    ReportDay {
        report: report.id.clone(),
        zh: report.zh.clone(),
        en: report.en.clone(),
        from: report.from.clone(),
        to: report.to.clone(),
        forms,
        on: due.on.to_string(),
        time: due.time,
        cut_off: due.cut_off.to_string(),
        days,
        working_days: (0..=COUNTED_DAYS).contains(&days).then(|| working_days(calendar, today, due.on)),
        stage,
        rest_day: !calendar.is_working_day(due.on),
        provisional: !calendar.knows(due.on.year()),
    }
}

/// Working days after `today` up to `to`, itself included.
fn working_days(calendar: &Calendar, today: Date, to: Date) -> u32 {
    let ahead = 1..=i64::from(days_between(today, to));
    ahead.filter(|day| calendar.is_working_day(today.plus_days(*day))).count() as u32
}

/// What is watched today and what begins soon.
pub fn watched(campaign: &Campaign, today: Date) -> Vec<WatchView> {
    let mut found: Vec<WatchView> = Vec::new();
    for days in 0..=ANNOUNCED_DAYS {
        for watch in campaign.watched_on(today.plus_days(days)) {
            let known = |seen: &WatchView| (&seen.zh, &seen.from) == (&watch.zh, &watch.from);
            if !found.iter().any(known) {
                found.push(watch_view(watch, days as i32));
            }
        }
    }
    found
}

fn watch_view(watch: &WatchDay, days: i32) -> WatchView {
    WatchView { zh: watch.zh.clone(), en: watch.en.clone(), from: watch.from.clone(), to: watch.to.clone(), days }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn seen(today: &str, time: &str) -> Vec<(String, String, i32, PhaseStage)> {
        let library = Library::builtin();
        let campaign = library.campaign("ln-2020").unwrap();
        let days = reports(&library, campaign, day(today), time);
        days.into_iter().map(|day| (day.report, day.on, day.days, day.stage)).collect()
    }

    fn weekly(today: &str, time: &str) -> Vec<(String, i32, PhaseStage)> {
        let days = seen(today, time).into_iter().filter(|(report, ..)| report == "weekly");
        days.map(|(_, on, days, stage)| (on, days, stage)).collect()
    }

    #[test]
    fn a_thursday_is_due_until_two_in_the_afternoon() {
        let expected =
            |stage| vec![("2020-06-18".to_owned(), 0, stage), ("2020-06-25".to_owned(), 7, PhaseStage::Later)];
        assert_eq!(weekly("2020-06-18", "13:59"), expected(PhaseStage::Now));
        assert_eq!(weekly("2020-06-18", "14:00"), expected(PhaseStage::Past));
        assert_eq!(weekly("2020-06-19", "09:00")[0], ("2020-06-18".to_owned(), -1, PhaseStage::Past));
    }

    #[test]
    fn the_last_report_falls_on_a_holiday_and_counts_up_to_the_day_before() {
        let library = Library::builtin();
        let days = reports(&library, library.campaign("ln-2020").unwrap(), day("2020-06-19"), "09:00");
        let last = days.iter().find(|day| day.report == "weekly" && day.on == "2020-06-25").unwrap();
        assert_eq!((last.cut_off.as_str(), last.time.as_deref(), last.days), ("2020-06-24", Some("14:00"), 6));
        // 端午节 of 2020: Thursday to Saturday off, Sunday 06-28 worked. Until then Monday to Wednesday are left.
        assert_eq!((last.rest_day, last.provisional, last.working_days), (true, false, Some(3)));
        assert_eq!(last.forms.iter().map(|form| form.id.as_str()).collect::<Vec<_>>(), ["ln-2020/1", "ln-2020/2"]);
        let written = days.iter().find(|day| day.report == "weekly_departments").unwrap();
        assert!(written.forms.is_empty());
    }

    #[test]
    fn a_campaign_that_is_over_still_says_when_it_reported() {
        let last: Vec<_> = seen("2021-03-01", "09:00");
        assert_eq!(
            last.iter().map(|(report, on, ..)| (report.as_str(), on.as_str())).collect::<Vec<_>>(),
            [("final", "2020-06-25"), ("weekly", "2020-06-25"), ("weekly_departments", "2020-06-25"),]
        );
    }

    #[test]
    fn a_year_without_a_holiday_notice_is_provisional() {
        let library = Library::builtin();
        let mut campaign = library.campaign("ln-2020").unwrap().clone();
        campaign.reports.retain(|report| report.id == "final");
        campaign.reports[0].schedule = campaign::Schedule::Once { on: day("2199-06-25"), before: true };
        let days = reports(&library, &campaign, day("2199-06-20"), "09:00");
        assert!(days[0].provisional);
        campaign.reports[0].schedule = campaign::Schedule::Once { on: day("2021-06-25"), before: true };
        assert!(!reports(&library, &campaign, day("2021-06-20"), "09:00")[0].provisional);
    }

    #[test]
    fn a_period_has_its_day_its_phase_and_its_end() {
        let library = Library::builtin();
        let campaign = library.campaign("ln-2020").unwrap();
        let at = |today: &str| {
            let period = period(campaign, day(today));
            (period.day, period.left, period.phases.iter().map(|phase| phase.stage).collect::<Vec<_>>())
        };
        assert_eq!(at("2020-05-14"), (0, Some(47), vec![PhaseStage::Later, PhaseStage::Later, PhaseStage::Later]));
        assert_eq!(at("2020-05-25"), (11, Some(36), vec![PhaseStage::Now, PhaseStage::Later, PhaseStage::Later]));
        assert_eq!(at("2020-05-26"), (12, Some(35), vec![PhaseStage::Past, PhaseStage::Now, PhaseStage::Later]));
        assert_eq!(at("2020-07-01"), (48, Some(-1), vec![PhaseStage::Past, PhaseStage::Past, PhaseStage::Past]));
    }

    #[test]
    fn watched_times_are_seen_coming_over_the_turn_of_the_year() {
        let library = Library::builtin();
        let campaign = library.campaign("nx-2021-28-care").unwrap();
        let at = |today: &str| {
            watched(campaign, day(today)).into_iter().map(|watch| (watch.from, watch.days)).collect::<Vec<_>>()
        };
        assert_eq!(
            at("2021-06-01"),
            [("05-25", 0), ("06-01", 0), ("07-01", 30)].map(|(from, days)| (from.to_owned(), days))
        );
        assert_eq!(at("2021-12-20"), [("01-15".to_owned(), 26)]);
        assert_eq!(at("2021-09-20"), []);
    }
}
