//! What forms print, compared with what they print for another day or after something was done.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use campaign::answers::Filling;
use campaign::model::{Body, CellRule};
use domain::Date;
use forms::FilledCell;
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::forms::{FillRequest, filled};
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
    /// None for 1, 2, 3 …: it changes with every row above, and says nothing by itself.
    columns: Vec<Option<String>>,
    rows: Vec<PrintedRow>,
    /// Row and column of cells that rest on an open conflict.
    unsettled: BTreeSet<(String, String)>,
}

struct PrintedRow {
    id: String,
    label: String,
    cells: Vec<FilledCell>,
}

/// What becomes of one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormChange {
    pub form: String,
    pub rows: Vec<RowChange>,
    /// Changed cells, listed or not.
    pub cells_in_all: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
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
pub enum RowState {
    New,
    Gone,
    Kept,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChangedCell {
    pub column: String,
    /// Blank where there was no such row.
    pub before: String,
    pub after: String,
    /// By how much a number rose (＋) or fell (−); none where one of the two is no number.
    pub by: Option<String>,
    /// It rests on an open conflict afterwards, and did not before.
    pub unsettled: bool,
}

impl Reading {
    /// What a form prints otherwise than it did for an earlier cut-off.
    pub fn differences(&self, request: &FillRequest, earlier: Date) -> Outcome<FormChange> {
        let (_, form) = self.form(&request.form)?;
        let (before, after) = self.read::<_, Failure>(|reader| {
            // What changed is what was added up, whatever period is looked at.
            let whole = FillRequest { since: None, ..request.clone() };
            let before = self.fill_in(reader, &FillRequest { as_of: earlier, date: None, ..whole.clone() })?;
            Ok((before, self.fill_in(reader, &whole)?))
        })?;
        let (was, is) = (PrintedForm::of(form, &before.form), PrintedForm::of(form, &after.form));
        Ok(compare_form(&form.id, &was, &is, usize::MAX))
    }

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
            let cells: Vec<FilledCell> = row.cells.iter().skip(offset).cloned().collect();
            let label = if list {
                let words = cells.iter().map(FilledCell::text).filter(|text| text.chars().any(char::is_alphabetic));
                words.take(WORDS_OF_A_ROW).collect::<Vec<_>>().join(" · ")
            } else {
                row.cells.first().map(|cell| cell.text().to_owned()).unwrap_or_default()
            };
            PrintedRow { id: row.id.clone(), label, cells }
        };
        PrintedForm {
            columns: form
                .columns
                .iter()
                .map(|column| (column.cell != CellRule::RowNumber).then(|| column.id.clone()))
                .collect(),
            rows: filled.rows.iter().map(row).collect(),
            unsettled: filled.unsettled.iter().cloned().collect(),
        }
    }

    fn rows_by_id(&self) -> HashMap<&str, &PrintedRow> {
        self.rows.iter().map(|row| (row.id.as_str(), row)).collect()
    }
}

/// The cells that differ, of every form with any.
pub(crate) fn compare(before: &Printed, after: &Printed) -> Vec<FormChange> {
    let nothing = PrintedForm { columns: Vec::new(), rows: Vec::new(), unsettled: BTreeSet::new() };
    let changes = after.iter().map(|(id, is)| compare_form(id, before.get(id).unwrap_or(&nothing), is, LISTED_CELLS));
    changes.filter(|change| change.cells_in_all > 0).collect()
}

/// What stands in a cell; of a row that is not there, nothing.
fn printed(cell: Option<&FilledCell>) -> &str {
    cell.map(FilledCell::text).unwrap_or_default()
}

/// The cells that differ, in the order of the form's own rows and columns; rows that are gone stand last. At most `room` of them
/// are listed.
fn compare_form(id: &str, was: &PrintedForm, is: &PrintedForm, mut room: usize) -> FormChange {
    let (old, new) = (was.rows_by_id(), is.rows_by_id());
    let mut change = FormChange { form: id.to_owned(), rows: Vec::new(), cells_in_all: 0 };
    let standing = is.rows.iter().map(|row| (old.get(row.id.as_str()).copied(), Some(row)));
    let gone = was.rows.iter().filter(|row| !new.contains_key(row.id.as_str())).map(|row| (Some(row), None));
    for (before, after) in standing.chain(gone) {
        let Some(named) = after.or(before) else { continue };
        let mut cells = Vec::new();
        for (at, column) in is.columns.iter().enumerate() {
            let Some(column) = column else { continue };
            let old_cell = before.and_then(|row| row.cells.get(at));
            let new_cell = after.and_then(|row| row.cells.get(at));
            let (before, after) = (printed(old_cell), printed(new_cell));
            let place = (named.id.clone(), column.clone());
            let unsettled = is.unsettled.contains(&place) && !was.unsettled.contains(&place);
            if before == after && !unsettled {
                continue;
            }
            change.cells_in_all += 1;
            if room > 0 {
                room -= 1;
                let by = old_cell.zip(new_cell).and_then(|(old, new)| forms::rise(old, new));
                let (before, after) = (before.to_owned(), after.to_owned());
                cells.push(ChangedCell { column: column.clone(), before, after, by, unsettled });
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
    change
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
