//! 勾稽 as the page shows it: what does not hold of a form, in words, with its cells and the records behind them.

use app::Level;
use app::failure::{Outcome, Problem};
use app::forms::checks::FailedCheck;
use app::forms::place::CellPlace;
use app::messages::Language;
use app::records::rows::Hit;
use app::session::Reading;
use serde::Serialize;
use ts_rs::TS;

use crate::forms::{FillForm, request};

#[derive(Debug, Serialize, TS)]
pub struct FailedCheckView {
    /// The check's id within its form; with a slash in it where the program itself checks.
    pub id: String,
    pub level: CheckLevel,
    /// What should hold; null where the program itself checks, whose message says it.
    pub words: Option<String>,
    /// What was found instead.
    pub problem: Problem,
    /// Its cells, each opened by `trace`.
    pub cells: Vec<CheckedCellView>,
    /// The first of the records behind them, and how many there are.
    pub records: Vec<Hit>,
    pub records_in_all: u32,
}

/// Whether it cannot be right, or is seldom right.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckLevel {
    Error,
    Warn,
}

#[derive(Debug, Serialize, TS)]
pub struct CheckedCellView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: CellPlace,
    /// As printed.
    pub text: String,
}

pub fn failed(session: &Reading, input: FillForm, language: Language) -> Outcome<Vec<FailedCheckView>> {
    let failed = session.failed_checks(&request(&input)?)?;
    failed.into_iter().map(|check| check_view(session, check, language)).collect()
}

pub(crate) fn check_view(session: &Reading, check: FailedCheck, language: Language) -> Outcome<FailedCheckView> {
    let cells = check.cells.into_iter().map(|cell| CheckedCellView {
        place: session.cell_place(language, &cell.form, &cell.row, &cell.column),
        text: cell.text,
    });
    Ok(FailedCheckView {
        id: check.id,
        level: match check.level {
            Level::Error => CheckLevel::Error,
            Level::Warn => CheckLevel::Warn,
        },
        words: check.words.map(|(zh, en)| language.pick(&zh, &en).to_owned()),
        problem: Problem::of(&check.found, language),
        cells: cells.collect(),
        records: session.record_hits(&check.records)?,
        records_in_all: check.records_in_all as u32,
    })
}
