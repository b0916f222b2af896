//! What is overdue or soon due, in one list by what is waited for. The book says what waits and since when; how long a term is
//! stands here: by a document where one says so, else as this program's policy.

use campaign::model::{Campaign, Condition};
use campaign::{Calendar, WorkingDay};
use domain::schema::{FieldType, Schema};
use domain::{Date, Record, RecordId, Value};
use serde::{Deserialize, Serialize};
use store::{Due, DueMark, DueQuery, DueRecord, Expiring, Reader};
use ts_rs::TS;

use super::days::days_between;
use crate::failure::{Failure, Outcome};
use crate::session::Reading;
use crate::words::title_of;

/// A day so far ahead is soon: from one weekly meeting to the next. Policy.
const SOON_DAYS: i64 = 7;

/// A sample without a result so many days after it was taken is asked after. No document sets a term, and a laboratory's is a
/// matter of contract; in campaigns of two or three months twenty days still leave time to act on the result. Policy.
const RESULT_DAYS: i64 = 20;

/// A penalty is to be published within so many working days, counted from the day after it (`nx-2021-28`; domain.md, case).
const PUBLICATION_WORKING_DAYS: u32 = 20;

/// What expires is told a month ahead: a verification has to be applied for. Policy.
const EXPIRY_SOON_DAYS: i64 = 30;

/// A nonconforming batch is to be announced, and told to other departments, within a week of its report. The texts say 即时 and
/// 及时. Policy.
const TELL_DAYS: i64 = 7;

/// Where a batch went is to be dealt with within so many days after its sale was stopped. Policy.
const FLOW_DAYS: i64 = 15;

/// The effect of a recall is to be judged within so many days after it began. Policy.
const RECALL_DAYS: i64 = 30;

/// A clue is to be handed over within so many days. Policy.
const HANDOVER_DAYS: i64 = 7;

/// An enterprise is looked back at within a quarter after it passed: the text says 定期. Policy.
const LOOK_BACK_DAYS: i64 = 90;

const PAGE: u32 = 50;

/// Words shown of a long text.
const WORDS: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DueGroup {
    Problem,
    Recheck,
    Reinspection,
    Result,
    Publication,
    Review,
    Disposal,
    Announcement,
    Sharing,
    Flow,
    Recall,
    Handover,
    Supervision,
    LookBack,
    Expiry,
}

impl From<Due> for DueGroup {
    fn from(due: Due) -> Self {
        match due {
            Due::Problem => DueGroup::Problem,
            Due::Recheck => DueGroup::Recheck,
            Due::Reinspection => DueGroup::Reinspection,
            Due::Result => DueGroup::Result,
            Due::Publication => DueGroup::Publication,
            Due::Review => DueGroup::Review,
            Due::Disposal => DueGroup::Disposal,
            Due::Announcement => DueGroup::Announcement,
            Due::Sharing => DueGroup::Sharing,
            Due::Flow => DueGroup::Flow,
            Due::Recall => DueGroup::Recall,
            Due::Handover => DueGroup::Handover,
            Due::Supervision => DueGroup::Supervision,
            Due::LookBack => DueGroup::LookBack,
            Due::Expiry => DueGroup::Expiry,
        }
    }
}

impl From<DueGroup> for Due {
    fn from(group: DueGroup) -> Self {
        match group {
            DueGroup::Problem => Due::Problem,
            DueGroup::Recheck => Due::Recheck,
            DueGroup::Reinspection => Due::Reinspection,
            DueGroup::Result => Due::Result,
            DueGroup::Publication => Due::Publication,
            DueGroup::Review => Due::Review,
            DueGroup::Disposal => Due::Disposal,
            DueGroup::Announcement => Due::Announcement,
            DueGroup::Sharing => Due::Sharing,
            DueGroup::Flow => Due::Flow,
            DueGroup::Recall => Due::Recall,
            DueGroup::Handover => Due::Handover,
            DueGroup::Supervision => Due::Supervision,
            DueGroup::LookBack => Due::LookBack,
            DueGroup::Expiry => Due::Expiry,
        }
    }
}

/// Everything of one kind that is overdue or due within [`SOON_DAYS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DueGroupView {
    pub group: DueGroup,
    /// How many there are in all, and how many of them are overdue.
    pub total: u64,
    pub overdue: u64,
    /// Days of the term, where the term is not a day the record names.
    pub term: Option<u32>,
    pub page: DuePage,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DuePage {
    /// The most overdue first.
    pub lines: Vec<DueLine>,
    /// Pass as `after` for the next page; none at the end.
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DueLine {
    /// The record to open.
    pub id: String,
    pub kind: String,
    /// What it is: a number, a description, what was found. Blank where the record says nothing.
    pub title: String,
    /// Whom it is about; blank where that is not known.
    pub enterprise: String,
    pub office: String,
    pub office_name: String,
    /// The day the record names, or its term runs from; for a remark, the day it was written.
    pub since: Option<String>,
    /// None where no day is set.
    pub due: Option<String>,
    /// Days left; negative when over.
    pub days: Option<i32>,
    /// 暂定: a day on the way lies in a year whose holiday notice is not known.
    pub provisional: bool,
}

impl Reading {
    /// Every group that has anything, with its first page.
    pub fn due(&self, campaign: Option<&str>) -> Outcome<Vec<DueGroupView>> {
        let yesterday = self.clock().today().plus_days(-1);
        self.read::<_, Failure>(|reader| {
            let mut groups = Vec::new();
            for due in Due::ALL {
                let Some(query) = self.due_query(due, campaign, None) else { continue };
                let count = reader.due_count(&query, latest(self.library().calendar(), due, yesterday))?;
                if count.all > 0 {
                    let term = match due {
                        Due::Publication => Some(PUBLICATION_WORKING_DAYS),
                        _ => Some(days_of(due) as u32).filter(|days| *days > 0),
                    };
                    let page = self.due_page(reader, &query)?;
                    groups.push(DueGroupView { group: due.into(), total: count.all, overdue: count.over, term, page });
                }
            }
            Ok(groups)
        })
    }

    /// A further page of one group.
    pub fn due_more(&self, campaign: Option<&str>, group: DueGroup, after: &str) -> Outcome<DuePage> {
        let mark = after.split_once(' ').and_then(|(n, day)| Some(DueMark { day: day.to_owned(), n: n.parse().ok()? }));
        let mark = mark.ok_or_else(|| domain::Notice::new("request-malformed").with("reason", "after"))?;
        let Some(query) = self.due_query(group.into(), campaign, Some(mark)) else {
            return Ok(DuePage { lines: Vec::new(), next: None });
        };
        self.read::<_, Failure>(|reader| self.due_page(reader, &query))
    }

    /// None where no campaign asks for what is waited for.
    fn due_query(&self, due: Due, campaign: Option<&str>, after: Option<DueMark>) -> Option<DueQuery> {
        let soon = if due == Due::Expiry { EXPIRY_SOON_DAYS } else { SOON_DAYS };
        let last = latest(self.library().calendar(), due, self.clock().today().plus_days(soon));
        let campaigns = match asked_by(due) {
            None => campaign.map(|campaign| vec![campaign.to_owned()]),
            Some(asks) => {
                let chosen = self.library().campaigns().filter(|known| campaign.is_none_or(|id| known.id == id));
                Some(chosen.filter(|known| is_asked(known, asks)).map(|known| known.id.clone()).collect())
            }
        };
        let expiring = if due == Due::Expiry { expiring(self.library().schema()) } else { Vec::new() };
        let nothing = campaigns.as_ref().is_some_and(Vec::is_empty) || due == Due::Expiry && expiring.is_empty();
        (!nothing).then_some(DueQuery { due, campaigns, expiring, last, after, limit: PAGE + 1 })
    }

    fn due_page(&self, reader: &Reader, query: &DueQuery) -> Outcome<DuePage> {
        let mut found = reader.due(query)?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let next = found.last().filter(|_| more).map(|last| format!("{} {}", last.mark.n, last.mark.day));
        let lines = found.into_iter().map(|found| self.due_line(reader, query.due, found)).collect::<Outcome<_>>()?;
        Ok(DuePage { lines, next })
    }

    fn due_line(&self, reader: &Reader, due: Due, found: DueRecord) -> Outcome<DueLine> {
        let record = reader.record(found.record)?;
        let opened = if found.open == found.record { record.clone() } else { reader.record(found.open)? };
        let ends = found.day.map(|day| term(self.library().calendar(), due, day));
        let since = match found.day {
            Some(day) => Some(day),
            None => written_on(reader, found.record)?,
        };
        let about = found.enterprise.or_else(|| reference(opened.as_ref()?, "enterprise"));
        let enterprise = about.map(|id| reader.record(id)).transpose()?.flatten();
        let title = match &record {
            Some(record) => self.due_title(reader, due, record)?,
            None => String::new(),
        };
        Ok(DueLine {
            id: found.open.to_string(),
            kind: opened.map(|record| record.kind).unwrap_or_default(),
            title: title.chars().take(WORDS).collect(),
            enterprise: enterprise.and_then(|record| record.text("name").map(str::to_owned)).unwrap_or_default(),
            office_name: self.name_of(reader, &found.office)?,
            office: found.office.to_string(),
            since: since.map(|day| day.to_string()),
            due: ends.map(|end| end.day.to_string()),
            days: ends.map(|end| days_between(self.clock().today(), end.day)),
            provisional: ends.is_some_and(|end| end.provisional),
        })
    }

    fn due_title(&self, reader: &Reader, due: Due, record: &Record) -> Outcome<String> {
        let said = |record: &Record, field: &str| record.text(field).unwrap_or_default().trim().to_owned();
        Ok(match due {
            // An inspection is called by its enterprise, which stands beside it already.
            Due::Recheck => said(record, "findings"),
            Due::Result | Due::Disposal | Due::Announcement | Due::Sharing => {
                [said(record, "number"), said(record, "product_name")].join(" ").trim().to_owned()
            }
            // An enterprise stands beside it already.
            Due::Recall => said(record, "cause"),
            Due::Expiry => match expiring_names(self.library().schema(), record) {
                names if names.is_empty() => title_of(self, reader, record)?,
                names => names,
            },
            Due::Reinspection | Due::Flow | Due::LookBack => {
                let sample = reference(record, "sample").map(|id| reader.record(id)).transpose()?.flatten();
                sample
                    .map(|sample| [said(&sample, "number"), said(&sample, "product_name")].join(" "))
                    .unwrap_or_default()
            }
            _ => title_of(self, reader, record)?,
        })
    }
}

fn reference(record: &Record, field: &str) -> Option<RecordId> {
    record.text(field)?.parse().ok()
}

/// The day a record was first written, in China.
fn written_on(reader: &Reader, record: RecordId) -> Outcome<Option<Date>> {
    let first = reader.revisions(record)?.into_iter().map(|stored| stored.revision.clock.millis).min();
    Ok(first.map(domain::clock::day_in_china))
}

/// The day a term ends that runs from `day`, or is that day.
fn term(calendar: &Calendar, due: Due, day: Date) -> WorkingDay {
    match due {
        Due::Publication => calendar.add_working_days(day, PUBLICATION_WORKING_DAYS),
        _ => WorkingDay { day: day.plus_days(days_of(due)), provisional: false },
    }
}

/// Days of a term that is not counted in working days; none where the record names its day, or nothing may wait.
fn days_of(due: Due) -> i64 {
    match due {
        Due::Result => RESULT_DAYS,
        Due::Announcement | Due::Sharing => TELL_DAYS,
        Due::Flow => FLOW_DAYS,
        Due::Recall => RECALL_DAYS,
        Due::Handover => HANDOVER_DAYS,
        Due::LookBack => LOOK_BACK_DAYS,
        _ => 0,
    }
}

/// The field, and its code, that the figures of a campaign name which orders this; none for what every office owes.
fn asked_by(due: Due) -> Option<(&'static str, Option<&'static str>)> {
    match due {
        Due::Announcement => Some(("announced_on", None)),
        Due::Sharing => Some(("shared_on", None)),
        Due::LookBack => Some(("mode", Some("lookback"))),
        _ => None,
    }
}

fn is_asked(campaign: &Campaign, (field, code): (&str, Option<&str>)) -> bool {
    let names = |condition: &Condition| {
        condition.field == field && code.is_none_or(|code| condition.any.iter().any(|known| known == code))
    };
    campaign.figures.iter().any(|figure| {
        let answering = figure.matched.iter().chain(&figure.without);
        let event = |event: &Option<String>| code.is_none() && event.as_deref() == Some(field);
        figure.conditions.iter().any(names)
            || event(&figure.event)
            || answering.into_iter().any(|other| other.conditions.iter().any(names) || event(&other.event))
    })
}

/// The fields of field sets that hold a day something expires.
fn expiring(schema: &Schema) -> Vec<Expiring> {
    let mut expiring = Vec::new();
    for kind in &schema.kinds {
        for field in kind.fields.iter().filter(|field| field.set.is_some()) {
            let of = |member| Expiring { kind: kind.id.clone(), field: field.name.clone(), member };
            match &field.ty {
                FieldType::Objects { members } => {
                    let days = members.iter().filter(|member| member.rules.expires);
                    expiring.extend(days.map(|member| of(Some(member.name.clone()))));
                }
                _ if field.rules.expires => expiring.push(of(None)),
                _ => {}
            }
        }
    }
    expiring
}

/// What of a record expires first, by name and number; blank where it says no such thing.
fn expiring_names(schema: &Schema, record: &Record) -> String {
    let mut named: Vec<(&str, String)> = Vec::new();
    for Expiring { field, member, .. } in expiring(schema).iter().filter(|expiring| expiring.kind == record.kind) {
        let (Some(member), Value::List(items)) = (member, record.get(field)) else { continue };
        for item in items {
            let Value::Map(entries) = item else { continue };
            let said = |name: &str| entries.get(name).and_then(Value::as_str).unwrap_or_default();
            if !said(member).is_empty() {
                named.push((said(member), [said("name"), said("number")].join(" ").trim().to_owned()));
            }
        }
    }
    named.into_iter().min().map(|(_, name)| name).unwrap_or_default()
}

/// The latest day from which a term ends by `end`: terms that begin later never end earlier.
fn latest(calendar: &Calendar, due: Due, end: Date) -> Date {
    let mut day = end;
    while term(calendar, due, day).day > end {
        day = day.plus_days(-1);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn publication_counts_the_working_days_of_the_holiday_notice() {
        let library = campaign::Library::builtin();
        let ends = |from: &str| {
            let end = term(library.calendar(), Due::Publication, day(from));
            (end.day.to_string(), end.provisional)
        };
        // 2021: 1 to 5 May off; Sunday 25 April and Saturday 8 May worked. From Monday 26 April on: 27 to 30 April are 4,
        // 6 to 8 May 3, then two weeks of 5, and three days more.
        assert_eq!(ends("2021-04-26"), ("2021-05-26".to_owned(), false));
        // A penalty within the holiday counts from 6 May, whichever day of it.
        assert_eq!(ends("2021-05-01"), ("2021-06-01".to_owned(), false));
        assert_eq!(ends("2021-05-05"), ("2021-06-01".to_owned(), false));
        assert!(ends("2099-05-01").1);
    }

    #[test]
    fn the_latest_day_is_the_last_whose_term_has_ended() {
        let library = campaign::Library::builtin();
        for due in [Due::Problem, Due::Result, Due::Publication] {
            for end in (0..120).map(|ahead| day("2021-04-01").plus_days(ahead)) {
                let from = latest(library.calendar(), due, end);
                assert!(term(library.calendar(), due, from).day <= end, "{due:?} {end}");
                assert!(term(library.calendar(), due, from.plus_days(1)).day > end, "{due:?} {end}");
            }
        }
    }
}
