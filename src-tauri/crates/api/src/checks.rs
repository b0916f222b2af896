//! 勾稽 as the page shows it: what does not hold of a form, in words, with its cells and the records behind them.

use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use app::session::Reading;
use campaign::Level;
use serde::Serialize;
use ts_rs::TS;

use crate::forms::{FillForm, request};
use crate::rows::{CellPlace, Hit, hit, place};

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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
#[ts(export_to = "bridge.ts")]
pub enum CheckLevel {
    Error,
    Warn,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct CheckedCellView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub place: CellPlace,
    /// As printed.
    pub text: String,
}

pub fn failed(session: &Reading, input: FillForm, language: Language) -> Outcome<Vec<FailedCheckView>> {
    let failed = session.failed_checks(&request(&input)?)?;
    session.read::<_, Failure>(|reader| {
        let mut views = Vec::with_capacity(failed.len());
        for check in failed {
            let mut records = Vec::with_capacity(check.records.len());
            for id in check.records {
                if let Some(record) = reader.record(id)? {
                    records.push(hit(session, reader, &record)?);
                }
            }
            let cells = check.cells.into_iter().map(|cell| CheckedCellView {
                place: place(session, language, &cell.form, &cell.row, &cell.column),
                text: cell.text,
            });
            views.push(FailedCheckView {
                id: check.id,
                level: match check.level {
                    Level::Error => CheckLevel::Error,
                    Level::Warn => CheckLevel::Warn,
                },
                words: check.words.map(|(zh, en)| language.pick(&zh, &en).to_owned()),
                problem: Problem::of(&check.found, language),
                cells: cells.collect(),
                records,
                records_in_all: check.records_in_all as u32,
            });
        }
        Ok(views)
    })
}
