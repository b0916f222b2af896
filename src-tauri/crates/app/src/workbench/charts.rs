//! The numbers behind the charts. Each is a figure of its own, counted like those of a form: by the office that owns the
//! record, by a code of a vocabulary, by week.

use campaign::{Campaign, Condition, Figure, Measure};
use chrono::Datelike;
use domain::numbers::Rate;
use domain::schema::{Entry, FieldType};
use domain::{Date, OfficeCode};
use serde::Serialize;
use store::Reader;
use store::figures::By;
use ts_rs::TS;

use super::days::days_between;
use crate::failure::{Failure, Outcome};
use crate::session::Reading;

/// The most weeks a chart can show and still be read: a year.
const MOST_WEEKS: usize = 53;

/// How many weeks back are counted at all; a campaign that is older began before anything one would look at here.
const COUNTED_WEEKS: i64 = 520;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChartsView {
    /// 数据截至.
    pub as_of: String,
    /// Offices with anything, by code.
    pub coverage: Vec<CoverageRow>,
    /// Lines with a case, the most cases first.
    pub lines: Vec<LineRow>,
    /// The campaign's categories.
    pub categories: Vec<ResultRow>,
    /// Weeks from Monday, without the empty ones at either end.
    pub weeks: Vec<WeekRow>,
}

/// Enterprises inspected of those registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CoverageRow {
    pub office: String,
    pub name: String,
    pub registered: i64,
    pub inspected: i64,
    /// `57.89%`; none where nothing is registered.
    pub rate: Option<String>,
}

/// Cases of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LineRow {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub filed: i64,
    pub closed: i64,
}

/// Batches sampled of one category, and those of them that do not conform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ResultRow {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub batches: i64,
    pub nonconforming: i64,
    pub rate: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WeekRow {
    /// Monday and Sunday.
    pub from: String,
    pub to: String,
    pub inspections: i64,
    pub samples: i64,
    pub cases: i64,
}

impl Reading {
    pub fn charts(&self, chosen: Option<&str>) -> Outcome<ChartsView> {
        let campaign = self.shown_campaign(chosen)?;
        let as_of = self.clock().today();
        self.read::<_, Failure>(|reader| {
            Ok(ChartsView {
                as_of: as_of.to_string(),
                coverage: self.coverage(reader, campaign, as_of)?,
                lines: self.cases_by_line(reader, campaign, as_of)?,
                categories: self.results_by_category(reader, campaign, as_of)?,
                weeks: self.weeks(reader, campaign, as_of)?,
            })
        })
    }

    fn coverage(&self, reader: &Reader, campaign: &Campaign, as_of: Date) -> Outcome<Vec<CoverageRow>> {
        let mut owners: Vec<OfficeCode> = reader.streams()?.into_iter().map(|mark| mark.office).collect();
        owners.sort();
        owners.dedup();
        // Above a county, what a station recorded is its county's; in a county, each station stands for itself. A department of
        // a city or a province always does: in its city's figures nobody would see it lag.
        let of_county = |office: &OfficeCode| office.prefix().is_none_or(|prefix| prefix.len() == 6);
        let county = of_county(self.office());
        let mut shown: Vec<(OfficeCode, Vec<String>)> = Vec::new();
        for owner in owners.into_iter().filter(|owner| self.office().covers(owner)) {
            let division: OfficeCode = owner.division().parse()?;
            let row = if county || !of_county(&division) { owner.clone() } else { division };
            match shown.iter_mut().find(|(known, _)| *known == row) {
                Some((_, codes)) => codes.push(owner.to_string()),
                None => shown.push((row, vec![owner.to_string()])),
            }
        }
        let registered = figure("enterprise", Measure::Enterprises, None);
        let inspected = figure("inspection", Measure::Enterprises, Some("date"));
        let codes: Vec<Vec<String>> = shown.iter().map(|(_, codes)| codes.clone()).collect();
        let values = reader.breakdown(self.over(campaign, as_of), &[&registered, &inspected], By::Office, &codes)?;
        let mut rows = Vec::new();
        for ((office, _), counted) in shown.into_iter().zip(values) {
            let (registered, inspected) = (counted[0], counted[1]);
            if registered + inspected > 0 {
                let rate = Rate::of(inspected, registered).map(|rate| rate.to_string());
                let name = self.name_of(reader, &office)?;
                rows.push(CoverageRow { office: office.to_string(), name, registered, inspected, rate });
            }
        }
        Ok(rows)
    }

    fn cases_by_line(&self, reader: &Reader, campaign: &Campaign, as_of: Date) -> Outcome<Vec<LineRow>> {
        let entries = self.entries_of("case", "line");
        let filed = figure("case", Measure::Count, Some("filed_on"));
        let closed = figure("case", Measure::Count, Some("closed_on"));
        let codes: Vec<Vec<String>> = entries.iter().map(|entry| vec![entry.code.clone()]).collect();
        let values = reader.breakdown(self.over(campaign, as_of), &[&filed, &closed], By::Field("line"), &codes)?;
        let counted = entries.into_iter().zip(values).filter(|(_, counted)| counted.iter().any(|count| *count > 0));
        let mut rows: Vec<LineRow> = counted
            .map(|(entry, counted)| LineRow {
                code: entry.code.clone(),
                zh: entry.zh.clone(),
                en: entry.en.clone(),
                filed: counted[0],
                closed: counted[1],
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.filed));
        Ok(rows)
    }

    fn results_by_category(&self, reader: &Reader, campaign: &Campaign, as_of: Date) -> Outcome<Vec<ResultRow>> {
        let entries = self.entries_of("sample", "category");
        let batches = figure("sample", Measure::Count, Some("sampled_on"));
        let mut nonconforming = batches.clone();
        nonconforming.conditions = vec![
            Condition { any: vec!["nonconforming".to_owned()], ..condition("result") },
            Condition { by_cut_off: true, ..condition("reported_on") },
        ];
        let used: Vec<&Entry> = campaign
            .categories
            .iter()
            .filter_map(|used| entries.iter().find(|entry| entry.code == used.category).copied())
            .collect();
        let codes: Vec<Vec<String>> = used.iter().map(|entry| vec![entry.code.clone()]).collect();
        let over = self.over(campaign, as_of);
        let values = reader.breakdown(over, &[&batches, &nonconforming], By::Field("category"), &codes)?;
        let rows = used.into_iter().zip(values).map(|(entry, counted)| ResultRow {
            code: entry.code.clone(),
            zh: entry.zh.clone(),
            en: entry.en.clone(),
            batches: counted[0],
            nonconforming: counted[1],
            rate: Rate::of(counted[1], counted[0]).map(|rate| rate.to_string()),
        });
        Ok(rows.collect())
    }

    fn weeks(&self, reader: &Reader, campaign: &Campaign, as_of: Date) -> Outcome<Vec<WeekRow>> {
        let monday = |day: Date| day.plus_days(-i64::from(day.naive().weekday().num_days_from_monday()));
        let last = monday(as_of);
        let first = monday(campaign.first_day).max(last.plus_days(-7 * COUNTED_WEEKS));
        let count = days_between(first, last) / 7 + 1;
        let mondays: Vec<Date> = (0..i64::from(count)).map(|week| first.plus_days(7 * week)).collect();
        let days = |monday: &Date| (0..7).map(|day| monday.plus_days(day).to_string()).collect();
        let codes: Vec<Vec<String>> = mondays.iter().map(days).collect();
        let mut counted = Vec::new();
        for (kind, event) in [("inspection", "date"), ("sample", "sampled_on"), ("case", "filed_on")] {
            let figure = figure(kind, Measure::Count, Some(event));
            counted.push(reader.breakdown(self.over(campaign, as_of), &[&figure], By::Field(event), &codes)?);
        }
        let mut rows: Vec<WeekRow> = mondays
            .iter()
            .enumerate()
            .map(|(week, monday)| WeekRow {
                from: monday.to_string(),
                to: monday.plus_days(6).to_string(),
                inspections: counted[0][week][0],
                samples: counted[1][week][0],
                cases: counted[2][week][0],
            })
            .collect();
        let busy = |row: &WeekRow| row.inspections + row.samples + row.cases > 0;
        let (Some(begin), Some(end)) = (rows.iter().position(busy), rows.iter().rposition(busy)) else {
            return Ok(Vec::new());
        };
        rows.truncate(end + 1);
        rows.drain(..begin.max(rows.len().saturating_sub(MOST_WEEKS)));
        Ok(rows)
    }

    /// The entries of the vocabulary a code field takes its codes from.
    fn entries_of(&self, kind: &str, field: &str) -> Vec<&Entry> {
        let schema = self.library().schema();
        let vocabulary = match schema.kind(kind).and_then(|kind| kind.field(field)).map(|field| &field.ty) {
            Some(FieldType::Code { of }) => schema.vocabulary(of),
            _ => None,
        };
        vocabulary.map(|vocabulary| vocabulary.entries.iter().collect()).unwrap_or_default()
    }
}

fn figure(kind: &str, measure: Measure, event: Option<&str>) -> Figure {
    Figure {
        id: String::new(),
        zh: String::new(),
        en: String::new(),
        kind: kind.to_owned(),
        measure,
        event: event.map(str::to_owned),
        conditions: Vec::new(),
        matched: None,
        without: None,
    }
}

fn condition(field: &str) -> Condition {
    Condition {
        field: field.to_owned(),
        any: Vec::new(),
        none: Vec::new(),
        is: None,
        blank: None,
        by_cut_off: false,
        since: None,
        or: Vec::new(),
    }
}
