//! 报送: a report of one office for one due day, sealed, sent up and answered. It is drafted here, reviewed, and sealed with all
//! it prints and a cut of the book, so that every number in it can be opened as the records stood.

pub mod answers;
pub mod brought;
pub mod collect;
pub mod draft;
pub mod frozen;
pub mod prepare;
pub mod reports;
pub mod seal;
pub mod since;
pub mod snapshot;
pub mod view;

use std::collections::{BTreeMap, BTreeSet};

use campaign::{Campaign, DueDay, Form, Report};
use domain::clock::start_in_china;
use domain::filing::{self, is_sealed};
use domain::{Date, Notice, OfficeCode, Record, RecordId, Value};
use store::Reader;

use crate::failure::Outcome;
use crate::session::Reading;

/// How far ahead a report's days are told.
const KNOWN_DAYS: i64 = 3 * 366;

/// A filing as its record says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    pub id: RecordId,
    pub office: OfficeCode,
    pub campaign: String,
    pub report: String,
    pub due: Date,
    pub as_of: Date,
    pub sealed: bool,
    pub filler: String,
    pub phone: String,
    pub reviewer: String,
    pub approver: String,
    /// 零报告: nothing happened since the last one.
    pub zero: bool,
    pub late_reason: String,
    /// Why the clock of the computer stood behind what the book had seen.
    pub clock_reason: String,
    /// Earlier filings that this one takes the place of.
    pub corrects: Vec<RecordId>,
    pub correction: String,
    /// Reasons by failed check, and by cell that rests on something undecided.
    pub checks: BTreeMap<String, String>,
    pub doubts: BTreeMap<String, String>,
    /// Words by section.
    pub sections: BTreeMap<String, String>,
    pub snapshot: Option<[u8; 32]>,
    /// What was printed, by form, as hashes of PDF files.
    pub printed: BTreeMap<String, [u8; 32]>,
    /// Milliseconds since 1970.
    pub sealed_at: Option<u64>,
}

impl Filing {
    /// # Errors
    /// `filing-malformed` where a record of another book lacks what a filing has to say.
    pub(crate) fn of(record: &Record) -> Outcome<Self> {
        let malformed = |field: &str| Notice::new("filing-malformed").with("id", record.id).with("field", field);
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        let day = |field: &str| record.date(field).ok_or_else(|| malformed(field));
        let keyed = |field: &str| -> BTreeMap<String, String> {
            let entries = record.get(field).as_map().into_iter().flatten();
            entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
        };
        let hash = |text: &str| {
            let mut hash = [0; 32];
            hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
        };
        Ok(Filing {
            id: record.id,
            office: record.office.clone(),
            campaign: text("campaign"),
            report: text("report"),
            due: day("due")?,
            as_of: day("as_of")?,
            sealed: is_sealed(&record.kind, &record.fields),
            filler: text("filler"),
            phone: text("phone"),
            reviewer: text("reviewer"),
            approver: text("approver"),
            zero: record.bool("zero").unwrap_or(false),
            late_reason: text("late_reason"),
            clock_reason: text("clock_reason"),
            corrects: record.texts("corrects").into_iter().map(str::parse).collect::<Result<_, _>>()?,
            correction: text("correction"),
            checks: keyed("checks"),
            doubts: keyed("doubts"),
            sections: keyed("sections"),
            snapshot: record.text("snapshot").and_then(hash),
            printed: keyed("printed").iter().filter_map(|(form, text)| Some((form.clone(), hash(text)?))).collect(),
            sealed_at: record.int("sealed_at").and_then(|at| u64::try_from(at).ok()),
        })
    }

    /// When it was due, in milliseconds since 1970: the hour in China, whatever the machine's time zone; without an hour the end
    /// of the day.
    pub fn is_late(&self, time: Option<&str>) -> Option<u64> {
        let at = self.sealed_at?;
        at.checked_sub(deadline(self.due, time)).map(|by| by.max(1))
    }
}

/// The end of what is on time: the first moment that is late.
pub(crate) fn deadline(due: Date, time: Option<&str>) -> u64 {
    let minutes = time.and_then(|time| {
        let (hour, minute) = time.split_once(':')?;
        Some(hour.parse::<u64>().ok()? * 60 + minute.parse::<u64>().ok()?)
    });
    start_in_china(due) + minutes.unwrap_or(24 * 60) * 60_000
}

/// By how many minutes something is late: one that has begun counts.
pub(crate) fn minutes(millis: u64) -> u64 {
    millis.div_ceil(60_000)
}

/// Filings of one office, report and due day, those that stand: no sealed one takes their place. Where they name one another in
/// a ring, the one with the smallest id stands. Several that stand are a finding, and that office's figures are undecided.
pub fn live<'f>(filings: impl IntoIterator<Item = &'f Filing>) -> Vec<RecordId> {
    let sealed = filings.into_iter().filter(|filing| filing.sealed);
    filing::live(&sealed.map(|filing| (filing.id, filing.corrects.clone())).collect())
}

/// A report and one of the days it is due.
#[derive(Debug, Clone)]
pub struct DueReport<'l> {
    pub campaign: &'l Campaign,
    pub report: &'l Report,
    pub due: DueDay,
}

impl DueReport<'_> {
    /// The forms that go with it, in the order the report names them.
    pub fn forms(&self) -> Vec<&Form> {
        let find = |id: &String| self.campaign.forms.iter().find(|form| form.id == *id);
        self.report.forms.iter().filter_map(find).collect()
    }
}

/// `ln-2020/weekly` in its two parts.
///
/// # Errors
/// `report-unknown`
pub fn report_name(text: &str) -> Outcome<(&str, &str)> {
    text.split_once('/').ok_or_else(|| Notice::new("report-unknown").with("value", text).with("known", "").into())
}

impl Reading {
    /// # Errors
    /// `report-unknown`, `report-not-due-then`
    pub(crate) fn report_task(&self, campaign: &str, report: &str, due: Date) -> Outcome<DueReport<'_>> {
        let (campaign, report) = self.report(campaign, report)?;
        let Some(day) = report.schedule.due_between(due, due).pop() else {
            let known = report.schedule.due_between(campaign.first_day, campaign.first_day.plus_days(KNOWN_DAYS));
            let known: Vec<String> = known.iter().map(|day| day.on.to_string()).collect();
            let notice =
                Notice::new("report-not-due-then").with("due", due).with("zh", &report.zh).with("en", &report.en);
            return Err(notice.with("known", known.join("、")).into());
        };
        Ok(DueReport { campaign, report, due: day })
    }

    /// What a report is called, in Chinese and English.
    pub fn report_words(&self, campaign: &str, report: &str) -> Outcome<(String, String)> {
        let (_, report) = self.report(campaign, report)?;
        Ok((report.zh.clone(), report.en.clone()))
    }

    /// The hour it is due on a day, where the document names one.
    pub fn report_time(&self, campaign: &str, report: &str, due: Date) -> Outcome<Option<String>> {
        Ok(self.report_task(campaign, report, due)?.due.time)
    }

    /// # Errors
    /// `filing-unknown`, `filing-malformed`
    pub(crate) fn filing_of(&self, reader: &Reader, id: RecordId) -> Outcome<Filing> {
        let record = reader.record(id)?.filter(|record| record.kind == domain::filing::FILING);
        Filing::of(&record.ok_or_else(|| Notice::new("filing-unknown").with("id", id))?)
    }

    /// An office's filings of a report, whatever became of them, by due day.
    pub(crate) fn filings_of(
        &self,
        reader: &Reader,
        campaign: &str,
        report: &str,
        office: &OfficeCode,
    ) -> Outcome<Vec<Filing>> {
        let records = reader.filings(campaign, report, None)?;
        records.iter().filter(|record| record.office == *office).map(Filing::of).collect()
    }

    /// The office's filing of the same report that stood before a due day: what 本期 sets out from.
    pub(crate) fn previous_filing(
        &self,
        reader: &Reader,
        campaign: &str,
        report: &str,
        office: &OfficeCode,
        due: Date,
    ) -> Outcome<Option<Filing>> {
        let mut earlier = self.filings_of(reader, campaign, report, office)?;
        earlier.retain(|filing| filing.due < due);
        let standing: BTreeSet<RecordId> = earlier.chunk_by(|one, other| one.due == other.due).flat_map(live).collect();
        Ok(earlier.into_iter().rev().find(|filing| standing.contains(&filing.id)))
    }
}

/// Texts as the value of a field that holds them by key.
pub(crate) fn keyed_texts(texts: &BTreeMap<String, String>) -> Value {
    Value::Map(texts.iter().map(|(key, text)| (key.clone(), Value::text(text))).collect())
}

#[cfg(test)]
mod tests;
