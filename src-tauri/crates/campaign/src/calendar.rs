//! Working days by the yearly holiday notices, and when reports are due. It reads no clock.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Weekday};
use domain::{Date, Notice};
use serde::Deserialize;

use crate::error::CampaignError;
use crate::model::{Campaign, Report, Schedule};
use crate::source::{Path, Problem, Source};

/// Rest days and working weekends of the years whose notice is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    years: BTreeMap<i32, Year>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i32,
    source: String,
    rest: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

/// The day a count of working days ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDay {
    pub day: Date,
    /// 暂定: a day on the way lies in a year whose holiday notice is not known, so that only weekends were left out.
    pub provisional: bool,
}

impl Calendar {
    pub fn parse(sources: &[Source]) -> Result<Calendar, CampaignError> {
        let mut years = BTreeMap::new();
        for source in sources {
            let year: Year = source.parse()?;
            for (list, days) in [("rest", &year.rest), ("work", &year.work)] {
                if let Some(day) = days.iter().find(|day| day.year() != year.year) {
                    let notice = Notice::new("workday-of-other-year").with("value", day).with("year", year.year);
                    return Err(source.locate(Problem { path: Path::default().key(list), notice }));
                }
            }
            years.insert(year.year, year);
        }
        Ok(Calendar { years })
    }

    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// Where a year's days come from.
    pub fn source(&self, year: i32) -> Option<&str> {
        self.years.get(&year).map(|year| year.source.as_str())
    }

    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.naive().weekday(), Weekday::Sat | Weekday::Sun);
        match self.years.get(&day.year()) {
            Some(year) => year.work.contains(&day) || !weekend && !year.rest.contains(&day),
            None => !weekend,
        }
    }

    /// The `days`-th working day after `start`, which itself does not count.
    pub fn add_working_days(&self, start: Date, days: u32) -> WorkingDay {
        let (mut day, mut left, mut provisional) = (start, days, false);
        while left > 0 {
            let next = day.plus_days(1);
            if next == day {
                break;
            }
            day = next;
            provisional |= !self.knows(day.year());
            left -= u32::from(self.is_working_day(day));
        }
        WorkingDay { day, provisional }
    }
}

/// A day a report is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueDay {
    pub on: Date,
    /// `HH:MM`, where the text names an hour.
    pub time: Option<String>,
    /// The last day the report counts, unless a person says otherwise.
    pub cut_off: Date,
}

impl Schedule {
    /// The next day on or after `day`.
    pub fn next_due(&self, day: Date) -> Option<DueDay> {
        match self {
            Schedule::Once { on, before } => {
                let cut_off = on.plus_days(-i64::from(*before));
                (*on >= day).then_some(DueDay { on: *on, time: None, cut_off })
            }
            Schedule::Week { weekday, time, cut_off_days_before, from, to } => {
                let start = day.max(*from);
                let ahead =
                    (i64::from(*weekday) - i64::from(start.naive().weekday().number_from_monday())).rem_euclid(7);
                let on = start.plus_days(ahead);
                let cut_off = on.plus_days(-i64::from(*cut_off_days_before));
                (on <= *to).then(|| DueDay { on, time: Some(time.clone()), cut_off })
            }
        }
    }

    /// Every due day from `first` to `last`, both included.
    pub fn due_between(&self, first: Date, last: Date) -> Vec<DueDay> {
        let mut days = Vec::new();
        let mut from = first;
        while let Some(due) = self.next_due(from).filter(|due| due.on <= last) {
            from = due.on.plus_days(1);
            days.push(due);
        }
        days
    }
}

impl Campaign {
    /// Its reports with the next day each is due on or after `day`, the nearest first.
    pub fn next_reports(&self, day: Date) -> Vec<(DueDay, &Report)> {
        let mut due: Vec<_> =
            self.reports.iter().filter_map(|report| Some((report.schedule.next_due(day)?, report))).collect();
        due.sort_by(|(one, _), (other, _)| one.cmp(other));
        due
    }

    /// The watch days (重要节点和时段) `day` lies in. A period may run over the turn of the year.
    pub fn watched_on(&self, day: Date) -> impl Iterator<Item = &crate::model::WatchDay> {
        let today = format!("{:02}-{:02}", day.month(), day.day());
        self.watch_days.iter().filter(move |watch| {
            if watch.from <= watch.to {
                watch.from <= today && today <= watch.to
            } else {
                today >= watch.from || today <= watch.to
            }
        })
    }
}
