//! What figures count by: days that lie where no figure looks, and amounts without the day they are counted by. Which fields
//! those are, the campaigns say of themselves.

use crate::ids::Date;
use crate::notice::Notice;
use crate::schema::{Field, FieldType, Kind, Schema};

use super::{CampaignFacts, Check, is_blank};

/// A campaign runs for weeks or months: a day so long after its first and after its last is a slip in the year.
const LONG_DAYS: i64 = 365;

/// The vocabulary of departments.
const DEPARTMENT: &str = "department";

/// What a record lacks beside something else it holds; dropped where a day that is counted by says the same.
const BESIDE: &str = "field-asked-beside";

impl Check<'_> {
    pub(super) fn counted(&mut self) {
        let campaigns: Vec<CampaignFacts> =
            self.counting_campaigns().iter().filter_map(|id| self.lookup.campaign(id)).collect();
        let joined = self.standing().is_none_or(|before| before.campaigns != self.record.campaigns);
        let kind = self.kind;
        for field in &kind.fields {
            let Some(day) = self.record.date(&field.name) else { continue };
            let counting: Vec<&CampaignFacts> =
                campaigns.iter().filter(|facts| facts.counts_by(&kind.id, field)).collect();
            let dated = kind.date.as_ref() == Some(&field.name);
            if counting.is_empty() && !dated || !self.changed(&field.name) && !joined {
                continue;
            }
            let today = self.lookup.today();
            let notice = if day > today {
                self.about("day-after-today", &field.name).with("today", today)
            } else if let Some(notice) = self.outside(field, day, &counting) {
                notice
            } else {
                continue;
            };
            self.warn(&field.name, notice.with("day", day));
        }
        self.days_missing(&campaigns);
    }

    /// Why no campaign that counts by this day counts it, or is likely to be meant by it.
    fn outside(&self, field: &Field, day: Date, counting: &[&CampaignFacts]) -> Option<Notice> {
        let first = counting.iter().map(|facts| facts.first_day).min()?;
        if day < first {
            return Some(self.about("day-before-campaign", &field.name).with("first_day", first));
        }
        let long_after = |facts: &&CampaignFacts| {
            facts.last_day.is_some_and(|last| day > last && day >= facts.first_day.plus_days(LONG_DAYS))
        };
        let last = counting.iter().filter_map(|facts| facts.last_day).max()?;
        let late = counting.iter().all(long_after);
        late.then(|| self.about("day-long-after-campaign", &field.name).with("last_day", last))
    }

    /// Amounts and quantities that a figure sums, without the day it counts them by.
    fn days_missing(&mut self, campaigns: &[CampaignFacts]) {
        let kind = self.kind;
        for field in &kind.fields {
            let days = campaigns.iter().flat_map(|facts| facts.sums.get(&(kind.id.clone(), field.name.clone())));
            let missing = |day: &&String| {
                let touched = self.changed(&field.name) || self.changed(day);
                !is_blank(self.record.get(&field.name)) && is_blank(self.record.get(day)) && touched
            };
            let Some(day) = days.flatten().find(missing).cloned() else { continue };
            self.issues.retain(|issue| issue.notice.code != BESIDE || issue.field.as_ref() != Some(&day));
            let notice =
                self.about("counted-day-missing", &day).with("other_zh", &field.zh).with("other_en", &field.en);
            self.warn(&day, notice);
        }
    }

    /// What is usually filled in beside something else, and is not; a part that is more than its whole.
    pub(super) fn usual(&self, field: &Field) -> Vec<Notice> {
        let kind = self.kind;
        let mut notices = Vec::new();
        let missing = is_blank(self.record.get(&field.name));
        let about = |code: &str, other: &str| {
            let labels = self.about(code, other);
            let label = |part| labels.arg(part).unwrap_or_default().to_owned();
            self.about(code, &field.name).with("other_zh", label("zh")).with("other_en", label("en"))
        };
        let touched = |other: &str| self.changed(&field.name) || self.changed(other);
        let asked = |(other, codes): &(&String, &Vec<String>)| missing && self.holds(other, codes) && touched(other);
        let beside = |other: &&String| missing && !is_blank(self.record.get(other)) && touched(other);
        if let Some((other, codes)) = field.rules.asked_with.iter().find(asked) {
            let notice = about("field-asked", other)
                .with("values_zh", self.labels(kind.field(other), codes, true))
                .with("values_en", self.labels(kind.field(other), codes, false));
            notices.push(notice);
        } else if let Some(other) = field.rules.asked_beside.iter().find(beside) {
            notices.push(about(BESIDE, other));
        }
        let whole = field.rules.at_most.as_ref().filter(|whole| touched(whole));
        let sizes = whole.and_then(|whole| Some((whole, self.record.int(&field.name)?, self.record.int(whole)?)));
        if let Some((whole, part, limit)) = sizes.filter(|(_, part, limit)| part > limit) {
            notices.push(about("part-exceeds-whole", whole).with("value", part).with("limit", limit));
        }
        notices
    }

    /// The campaigns a record counts for: its own, or those of what it follows.
    pub(super) fn counting_campaigns(&self) -> Vec<String> {
        let Some(leader) = &self.kind.follows else { return self.record.campaigns.clone() };
        let leader = self.record.reference(leader).and_then(|id| self.lookup.record(id));
        leader.map(|record| record.campaigns).unwrap_or_default()
    }
}

/// Whose work the records of a kind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// That of the department which a record has to name in this field.
    Field(&'a str),
    /// Always that of one department: the first of the vocabulary, that of the offices this program is for.
    Department(&'a str),
}

impl<'a> Source<'a> {
    pub fn of(schema: &'a Schema, kind: &'a Kind) -> Option<Self> {
        let of = |field: &&Field| field.required && matches!(&field.ty, FieldType::Code { of } if of == DEPARTMENT);
        let first = || schema.vocabulary(DEPARTMENT)?.entries.first();
        match kind.fields.iter().find(of) {
            Some(field) => Some(Source::Field(&field.name)),
            None => first().map(|entry| Source::Department(&entry.code)),
        }
    }
}

impl CampaignFacts {
    fn counts_by(&self, kind: &str, field: &Field) -> bool {
        self.events.iter().any(|(known, event)| known == kind && *event == field.name)
    }
}
