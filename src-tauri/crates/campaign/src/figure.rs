//! Figures, and the tasks whose progress they measure.

use serde::{Deserialize, Serialize};

use crate::condition::Condition;

/// 指标: a named quantity counted from records of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub id: String,
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub kind: String,
    pub measure: Measure,
    /// The date field that places a record in the window; none for what has no date (registered enterprises).
    #[serde(default)]
    pub event: Option<String>,
    #[serde(default, rename = "where")]
    pub conditions: Vec<Condition>,
    /// Only records to which another one answers count: of the products, those that were sampled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
    /// Only records to which none answers count: of the enterprises, those that were not inspected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<Matched>,
}

/// 应抽尽抽 and its like: a record counts where a record of another kind answers to it. Counted as enterprises, one counts
/// where every record of it that the figure looks at is answered to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matched {
    /// The kind of the records that answer.
    pub kind: String,
    /// The date field that places the answering record between the campaign's first day and the cut-off.
    #[serde(default)]
    pub event: Option<String>,
    #[serde(default, rename = "where")]
    pub conditions: Vec<Condition>,
    /// What both must have alike, one list of it being enough. A name is a field of both, or the counted kind itself, which
    /// the answering record then refers to. `enterprise` is whom each is about, as joined. Blank is alike to nothing.
    pub by: Vec<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Records.
    Count,
    /// Sum of an integer field; blank adds nothing.
    Sum(String),
    /// Sum of the sizes of a list field.
    Size(String),
    /// Distinct enterprises, those joined by `same_as` once.
    Enterprises,
    /// Distinct values of a text or code field, blanks aside.
    Distinct(String),
}

/// A task of the document with its progress: numerator of denominator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub id: String,
    pub zh: String,
    #[serde(default)]
    pub en: String,
    /// Figure ids; a task whose progress the document does not measure has none.
    #[serde(default)]
    pub done: Option<String>,
    #[serde(default)]
    pub of: Option<String>,
    /// The figure that counts what is still to do; without it, what `of` counts and `done` does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
}

/// 未完成清单: what a task has still to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo<'c> {
    /// What a figure counts.
    Counted(&'c Figure),
    /// What the first figure counts and the second does not.
    Between { of: &'c Figure, done: &'c Figure },
}

/// What a figure says of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InPeriod {
    /// What the last day counts less what the day before the first counted.
    Difference,
    /// 本期涉及: those with an event in the period.
    Distinct,
    /// What no day is about: as it stands on the last day.
    AsItStands,
}

impl Figure {
    pub fn in_period(&self) -> InPeriod {
        let answering = || self.matched.iter().chain(&self.without);
        let days = self.event.is_some() || answering().any(|other| other.event.is_some());
        let by_cut_off = self.conditions.iter().any(|condition| condition.by_cut_off);
        match &self.measure {
            _ if !days && !by_cut_off => InPeriod::AsItStands,
            Measure::Enterprises | Measure::Distinct(_) => InPeriod::Distinct,
            Measure::Count | Measure::Sum(_) | Measure::Size(_) => InPeriod::Difference,
        }
    }

    /// Whether what it counts can be listed: records, or enterprises.
    pub(crate) fn can_be_listed(&self) -> bool {
        matches!(self.measure, Measure::Count | Measure::Enterprises)
    }

    /// Whether it counts nothing that the other does not: it asks for all that the other asks for.
    pub(crate) fn is_among(&self, other: &Figure) -> bool {
        let same = |one: &Option<Matched>, other: &Option<Matched>| other.is_none() || one == other;
        self.kind == other.kind
            && self.measure == other.measure
            && (other.event.is_none() || self.event == other.event)
            && other.conditions.iter().all(|condition| self.conditions.contains(condition))
            && same(&self.matched, &other.matched)
            && same(&self.without, &other.without)
    }
}
