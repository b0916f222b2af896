//! Everything every form prints, to be compared with what it prints after something was done.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use campaign::answers::Filling;
use campaign::model::{Body, CellRule};
use domain::Date;
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::Outcome;
use crate::forms::filled;
use crate::packages::CellChange;
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::Reading;

/// Beyond this many, the changed cells of a form are counted and no longer listed.
const LISTED_CELLS: usize = 500;
/// A list's row is named by the first of its cells that are words.
const WORDS_OF_A_ROW: usize = 2;

/// What forms print, by form.
pub(crate) type Printed = BTreeMap<String, PrintedForm>;

pub(crate) struct PrintedForm {
    columns: Vec<PrintedColumn>,
    rows: Vec<PrintedRow>,
    /// Row and column of cells that rest on an open conflict.
    unsettled: BTreeSet<(String, String)>,
}

struct PrintedColumn {
    id: String,
    /// 1, 2, 3 …: it changes with every row above, and says nothing by itself.
    counts_rows: bool,
}

struct PrintedRow {
    id: String,
    label: String,
    cells: Vec<String>,
}

/// What becomes of one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct FormChange {
    pub form: String,
    pub rows: Vec<RowChange>,
    /// Changed cells, listed or not.
    #[ts(type = "number")]
    pub cells_in_all: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct RowChange {
    pub row: String,
    /// As the form prints it; of a list, its first words.
    pub label: String,
    /// `new`, `gone`, or `kept`.
    pub state: RowState,
    pub cells: Vec<ChangedCell>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bridge.ts")]
pub enum RowState {
    New,
    Gone,
    Kept,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ChangedCell {
    pub column: String,
    /// Blank where there was no such row.
    pub before: String,
    pub after: String,
    /// It rests on an open conflict afterwards, and did not before.
    pub unsettled: bool,
    /// A row's number, which changes with every row above it.
    pub counts_rows: bool,
}

impl Reading {
    /// A way to see what every form prints, in a transaction that is under way too.
    pub(crate) fn fill_all(
        &self,
        as_of: Option<Date>,
    ) -> impl Fn(&Reader, &mut ProgressSink) -> Outcome<Printed> + use<> {
        let as_of = as_of.unwrap_or_else(|| self.clock().today());
        let (library, office, name) = (self.shared_library(), self.office().clone(), self.office_name().to_owned());
        move |reader, tell| {
            let mut printed = Printed::new();
            let in_all = library.campaigns().map(|campaign| campaign.forms.len() as u64).sum();
            for campaign in library.campaigns() {
                for form in &campaign.forms {
                    report_progress(tell, Progress::at(Stage::Counting, printed.len() as u64, in_all))?;
                    let counted = Filling::to_count(&form.id, office.clone(), as_of);
                    let filling = Filling { office_name: name.clone(), ..counted };
                    let filled = filled(&library, reader, campaign, form, &filling)?;
                    printed.insert(form.id.clone(), PrintedForm::of(form, &filled));
                }
            }
            Ok(printed)
        }
    }
}

impl PrintedForm {
    fn of(form: &campaign::Form, filled: &forms::FilledForm) -> Self {
        let offset = usize::from(filled.stub.is_some());
        let list = matches!(form.body, Body::List { .. });
        let row = |row: &forms::FilledRow| {
            let cells: Vec<String> = row.cells.iter().skip(offset).map(|cell| cell.text().to_owned()).collect();
            let label = if list {
                let words = cells.iter().filter(|cell| cell.chars().any(char::is_alphabetic));
                words.take(WORDS_OF_A_ROW).map(String::as_str).collect::<Vec<_>>().join(" · ")
            } else {
                row.cells.first().map(|cell| cell.text().to_owned()).unwrap_or_default()
            };
            PrintedRow { id: row.id.clone(), label, cells }
        };
        PrintedForm {
            columns: form
                .columns
                .iter()
                .map(|column| PrintedColumn { id: column.id.clone(), counts_rows: column.cell == CellRule::RowNumber })
                .collect(),
            rows: filled.rows.iter().map(row).collect(),
            unsettled: filled.unsettled.iter().cloned().collect(),
        }
    }

    fn rows_by_id(&self) -> HashMap<&str, &PrintedRow> {
        self.rows.iter().map(|row| (row.id.as_str(), row)).collect()
    }
}

/// The cells that differ, in the order of the forms' own rows and columns; rows that are gone stand last.
pub(crate) fn compare(before: &Printed, after: &Printed) -> Vec<FormChange> {
    let nothing = PrintedForm { columns: Vec::new(), rows: Vec::new(), unsettled: BTreeSet::new() };
    let mut changes = Vec::new();
    for (id, is) in after {
        let was = before.get(id).unwrap_or(&nothing);
        let (old, new) = (was.rows_by_id(), is.rows_by_id());
        let mut change = FormChange { form: id.clone(), rows: Vec::new(), cells_in_all: 0 };
        let mut room = LISTED_CELLS;
        let standing = is.rows.iter().map(|row| (old.get(row.id.as_str()).copied(), Some(row)));
        let gone = was.rows.iter().filter(|row| !new.contains_key(row.id.as_str())).map(|row| (Some(row), None));
        for (before, after) in standing.chain(gone) {
            let Some(named) = after.or(before) else { continue };
            let mut cells = Vec::new();
            for (at, column) in is.columns.iter().enumerate() {
                let text =
                    |row: Option<&PrintedRow>| row.and_then(|row| row.cells.get(at)).cloned().unwrap_or_default();
                let place = (named.id.clone(), column.id.clone());
                let unsettled = is.unsettled.contains(&place) && !was.unsettled.contains(&place);
                let (before, after) = (text(before), text(after));
                if before == after && !unsettled {
                    continue;
                }
                change.cells_in_all += 1;
                if room > 0 {
                    room -= 1;
                    let (column, counts_rows) = (column.id.clone(), column.counts_rows);
                    cells.push(ChangedCell { column, before, after, unsettled, counts_rows });
                }
            }
            if !cells.is_empty() {
                let state = match (before, after) {
                    (None, _) => RowState::New,
                    (_, None) => RowState::Gone,
                    _ => RowState::Kept,
                };
                change.rows.push(RowChange { row: named.id.clone(), label: named.label.clone(), state, cells });
            }
        }
        if change.cells_in_all > 0 {
            changes.push(change);
        }
    }
    changes
}

/// The same as a plain list of cells, and how many there are in all.
pub(crate) fn as_cells(changes: &[FormChange]) -> (Vec<CellChange>, u64) {
    let cells = changes.iter().flat_map(|change| {
        change.rows.iter().flat_map(|row| {
            row.cells.iter().map(|cell| CellChange {
                form: change.form.clone(),
                row: row.row.clone(),
                column: cell.column.clone(),
                before: cell.before.clone(),
                after: cell.after.clone(),
            })
        })
    });
    (cells.collect(), changes.iter().map(|change| change.cells_in_all).sum())
}
