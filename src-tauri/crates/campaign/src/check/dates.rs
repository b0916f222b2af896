//! Period, phases, report days and watch days.

use domain::{Date, Notice};

use super::found::{Found, Unique};
use crate::model::{Campaign, Schedule};
use crate::source::Path;

/// A weekly report falls due at most so many times: ten years of weeks. Each of them is listed where a campaign is described.
const MOST_WEEKS: i64 = 520;

pub(super) fn check(campaign: &Campaign, found: &mut Found) {
    let root = Path::default();
    let last = campaign.last_day;
    order(&root.key("last_day"), Some(campaign.first_day), last, found);
    let mut seen = Unique::default();
    let mut before = campaign.first_day;
    for (index, phase) in campaign.phases.iter().enumerate() {
        let path = root.key("phase").at(index);
        found.code(&path.key("id"), &phase.id);
        found.unique(&path.key("id"), &mut seen, &phase.id);
        found.labels(&path, &phase.zh);
        order(&path.key("from"), Some(before), Some(phase.from), found);
        order(&path.key("to"), Some(phase.from), phase.to, found);
        order(&path.key("to"), phase.to, last, found);
        before = phase.to.unwrap_or(phase.from);
    }
    let mut seen = Unique::default();
    for (index, report) in campaign.reports.iter().enumerate() {
        let path = root.key("report").at(index);
        found.code(&path.key("id"), &report.id);
        found.unique(&path.key("id"), &mut seen, &report.id);
        found.labels(&path, &report.zh);
        found.words(&path.key("from"), &report.from);
        found.words(&path.key("to"), &report.to);
        schedule(&path.key("schedule"), &report.schedule, found);
        for (at, form) in report.forms.iter().enumerate() {
            if !campaign.forms.iter().any(|known| known.id == *form) {
                found.add(&path.key("forms").at(at), Notice::new("campaign-form-unknown").with("value", form));
            }
        }
    }
    for (index, watch) in campaign.watch_days.iter().enumerate() {
        let path = root.key("watch").at(index);
        found.labels(&path, &watch.zh);
        for (key, day) in [("from", &watch.from), ("to", &watch.to)] {
            // Any leap year will do: 02-29 may be watched.
            if day.len() != 5 || format!("2020-{day}").parse::<Date>().is_err() {
                found.add(&path.key(key), Notice::new("campaign-day-malformed").with("value", day));
            }
        }
    }
}

fn schedule(path: &Path, schedule: &Schedule, found: &mut Found) {
    let Schedule::Week { weekday, time, from, to, .. } = schedule else { return };
    if !(1..=7).contains(weekday) {
        found.add(&path.key("weekday"), Notice::new("campaign-weekday-wrong").with("value", weekday));
    }
    let two_digits = |text: &str, below: u8| {
        text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u8>().is_ok_and(|n| n < below)
    };
    if !time.split_once(':').is_some_and(|(hour, minute)| two_digits(hour, 24) && two_digits(minute, 60)) {
        found.add(&path.key("time"), Notice::new("campaign-time-malformed").with("value", time));
    }
    order(&path.key("to"), Some(*from), Some(*to), found);
    if from.plus_days(7 * MOST_WEEKS) <= *to {
        let notice = Notice::new("campaign-schedule-too-long").with("first", from).with("value", to);
        found.add(&path.key("to"), notice.with("most", MOST_WEEKS));
    }
}

fn order(path: &Path, first: Option<Date>, then: Option<Date>, found: &mut Found) {
    if let (Some(first), Some(then)) = (first, then)
        && then < first
    {
        found.add(path, Notice::new("campaign-dates-out-of-order").with("value", then).with("first", first));
    }
}
