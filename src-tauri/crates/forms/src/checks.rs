//! 勾稽 of a filled form: its figures, as printed, compared with one another as its campaign file states. Which records stand
//! behind a cell is not known here.

use campaign::checks::{CellName, Comparison, Operand, Operator, Term};
use campaign::model::{CellRule, Check, Column, Form};
use domain::Notice;

use crate::filled::{FilledCell, FilledForm, FilledRow};

/// Numbers are compared in millionths: no unit prints more decimals.
const SCALE: u32 = 6;
const ONE: i128 = 10_i128.pow(SCALE);
/// What 万 and 万元 are rounded to where a column does not say, and what a rate is.
const DECIMALS: u32 = 4;
const DECIMALS_OF_A_RATE: u32 = 2;

/// A form with what it printed.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    pub form: &'a Form,
    pub filled: &'a FilledForm,
}

/// A cell a check is about, as printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckedCell {
    pub form: String,
    /// The row's id; of a list, the record's.
    pub row: String,
    pub column: String,
    pub text: String,
}

/// A comparison for one row, in which the cells stand in the order they are named, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub holds: bool,
    pub cells: Vec<CheckedCell>,
}

/// Where a check that compares does not hold: what it compared, row by row. `other` gives further forms of the campaign.
///
/// # Errors
/// `check-unreadable`, which a campaign file that loads has not.
pub fn broken<'a>(
    check: &Check,
    own: Sheet<'a>,
    other: &dyn Fn(&str) -> Option<Sheet<'a>>,
) -> Result<Vec<Vec<CheckedCell>>, Notice> {
    let Some(compare) = check.compare.as_deref().map(Comparison::parse).transpose()? else { return Ok(Vec::new()) };
    let when = check.when.as_deref().map(Comparison::parse).transpose()?;
    let once = compare.cells().chain(when.iter().flat_map(Comparison::cells)).all(|cell| cell.row.is_some());
    let mut broken = Vec::new();
    for row in own.filled.rows.iter().filter(|row| check.rows.is_empty() || check.rows.contains(&row.id)) {
        let of_row = Row { own, other, row: &row.id };
        // A premise is nothing to be generous about: more than nought is at least the last digit printed.
        let meant = when.as_ref().map(|when| of_row.compare(when, false));
        if meant.as_ref().is_none_or(|meant| meant.as_ref().is_some_and(|meant| meant.holds))
            && let Some(Compared { holds: false, mut cells }) = of_row.compare(&compare, true)
        {
            let premise = meant.flatten().map(|meant| meant.cells).unwrap_or_default();
            cells.extend(premise);
            let mut seen = Vec::new();
            cells.retain(|cell| {
                !seen.contains(cell) && {
                    seen.push(cell.clone());
                    true
                }
            });
            broken.push(cells);
        }
        if once {
            break;
        }
    }
    Ok(broken)
}

struct Row<'a, 'r> {
    own: Sheet<'a>,
    other: &'r dyn Fn(&str) -> Option<Sheet<'a>>,
    row: &'r str,
}

/// A number in millionths, and by how much its printing may differ from what was counted.
struct Amount {
    value: i128,
    rounding: i128,
}

impl Row<'_, '_> {
    /// None where a cell prints no number.
    fn compare(&self, comparison: &Comparison, rounded: bool) -> Option<Compared> {
        let mut cells = Vec::new();
        let left = self.sum(&comparison.left, &mut cells)?;
        let right = self.sum(&comparison.right, &mut cells)?;
        // One rounded number stands for itself; of several, each may be off by half of its last digit.
        let slack = if rounded && cells.len() > 1 { left.rounding + right.rounding } else { 0 };
        let above = left.value - right.value;
        let holds = match comparison.operator {
            Operator::AtMost => above <= slack,
            Operator::Less => above < 0 || above < slack,
            Operator::Equal => above.abs() <= slack,
            Operator::Unequal => above != 0,
            Operator::More => above > 0 || -above < slack,
            Operator::AtLeast => -above <= slack,
        };
        Some(Compared { holds, cells })
    }

    fn sum(&self, terms: &[Term], cells: &mut Vec<CheckedCell>) -> Option<Amount> {
        let mut sum = Amount { value: 0, rounding: 0 };
        for Term { minus, value } in terms {
            let amount = match value {
                Operand::Number(number) => Amount { value: i128::from(*number) * ONE, rounding: 0 },
                Operand::Cell(cell) => self.cell(cell, cells)?,
            };
            sum.value += if *minus { -amount.value } else { amount.value };
            sum.rounding += amount.rounding;
        }
        Some(sum)
    }

    fn cell(&self, name: &CellName, cells: &mut Vec<CheckedCell>) -> Option<Amount> {
        let Sheet { form, filled } = match &name.form {
            None => self.own,
            Some(id) => (self.other)(id)?,
        };
        let row_id = name.row.as_deref().unwrap_or(self.row);
        let row = filled.rows.iter().find(|row| row.id == row_id)?;
        let (column, cell) = printed(form, filled, row, &name.column)?;
        let (value, scale) = match cell {
            FilledCell::Number { value, scale, .. } => (*value, *scale),
            FilledCell::Percent { hundredths, .. } => (*hundredths, DECIMALS_OF_A_RATE),
            FilledCell::Text(_) => return None,
        };
        cells.push(CheckedCell {
            form: form.id.clone(),
            row: row.id.clone(),
            column: column.id.clone(),
            text: cell.text().to_owned(),
        });
        Some(Amount { value: i128::from(value) * 10_i128.pow(SCALE - scale.min(SCALE)), rounding: rounding(column) })
    }
}

/// A column and what a row prints in it.
pub(crate) fn printed<'a>(
    form: &'a Form,
    filled: &FilledForm,
    row: &'a FilledRow,
    column: &str,
) -> Option<(&'a Column, &'a FilledCell)> {
    let at = form.columns.iter().position(|known| known.id == column)?;
    Some((&form.columns[at], row.cells.get(at + usize::from(filled.stub.is_some()))?))
}

/// Half of the last digit printed, where more was counted.
fn rounding(column: &Column) -> i128 {
    let (counted, shown) = match column.cell {
        CellRule::Rate { .. } => (SCALE, DECIMALS_OF_A_RATE),
        _ => (column.unit.decimals(), column.decimals.unwrap_or(DECIMALS)),
    };
    if counted > shown { 10_i128.pow(SCALE - shown) / 2 } else { 0 }
}

/// Rates above 100 %: of each, its part and its whole.
pub fn rates_above_whole(sheet: Sheet) -> Vec<[CheckedCell; 2]> {
    let mut above = Vec::new();
    for row in &sheet.filled.rows {
        for column in &sheet.form.columns {
            let CellRule::Rate { part, whole } = &column.cell else { continue };
            let cell = |id: &String| {
                let (column, cell) = printed(sheet.form, sheet.filled, row, id)?;
                let text = cell.text().to_owned();
                Some(CheckedCell { form: sheet.form.id.clone(), row: row.id.clone(), column: column.id.clone(), text })
            };
            let rate = printed(sheet.form, sheet.filled, row, &column.id);
            if let Some((_, FilledCell::Percent { hundredths, .. })) = rate
                && *hundredths > 100 * 100
                && let (Some(part), Some(whole)) = (cell(part), cell(whole))
            {
                above.push([part, whole]);
            }
        }
    }
    above
}
