//! What was measured, as a table for people and as JSON.

use std::time::Duration;

use serde::Serialize;

use crate::failure::Outcome;

/// One line of the table: a ratio, or megabytes, against what it is to reach.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    pub id: String,
    pub work: String,
    pub against: String,
    pub bound: Bound,
    pub unit: Unit,
    pub value: f64,
    pub reached: bool,
    /// Medians and whatever else explains the value.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtMost(f64),
    #[cfg_attr(not(feature = "forms"), allow(dead_code))]
    AtLeast(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Ours divided by the other's, or the other way round for `AtLeast`.
    Ratio,
    Megabytes,
}

impl Measured {
    pub fn new(
        id: &str,
        work: impl Into<String>,
        against: impl Into<String>,
        bound: Bound,
        unit: Unit,
        value: f64,
    ) -> Self {
        let reached = match bound {
            Bound::AtMost(most) => value <= most,
            Bound::AtLeast(least) => value >= least,
        };
        Measured {
            id: id.to_owned(),
            work: work.into(),
            against: against.into(),
            bound,
            unit,
            value,
            reached,
            detail: String::new(),
        }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn written(&self, value: f64) -> String {
        match self.unit {
            Unit::Ratio => format!("{value:.2}×"),
            Unit::Megabytes => format!("{value:.0} MB"),
        }
    }

    fn target(&self) -> String {
        match self.bound {
            Bound::AtMost(most) => format!("≤ {}", self.written(most)),
            Bound::AtLeast(least) => format!("≥ {}", self.written(least)),
        }
    }
}

/// Runs two sides in turn, so that what else the machine does weighs on both, and gives the median of each.
pub fn in_turn(
    times: usize,
    mut ours: impl FnMut(usize) -> Outcome<Duration>,
    mut theirs: impl FnMut(usize) -> Outcome<Duration>,
) -> Outcome<(Duration, Duration)> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for at in 0..times {
        left.push(ours(at)?);
        right.push(theirs(at)?);
    }
    Ok((median(left), median(right)))
}

pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let middle = times.len() / 2;
    match times.len().is_multiple_of(2) {
        true => (times[middle - 1] + times[middle]) / 2,
        false => times[middle],
    }
}

pub fn ratio(ours: Duration, theirs: Duration) -> f64 {
    ours.as_secs_f64() / theirs.as_secs_f64()
}

/// As a Markdown table.
pub fn markdown(measured: &[Measured]) -> String {
    let mut text = String::from("| work | against | to reach | measured | reached | |\n|---|---|---|---|---|---|\n");
    for line in measured {
        let Measured { work, against, detail, .. } = line;
        let reached = if line.reached { "yes" } else { "no" };
        text.push_str(&format!(
            "| {work} | {against} | {} | {} | {reached} | {detail} |\n",
            line.target(),
            line.written(line.value)
        ));
    }
    text
}
