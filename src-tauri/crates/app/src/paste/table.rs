//! A block of cells as text: from the clipboard of a spreadsheet program, or from an XLSX or CSV file.

use std::collections::HashMap;

use domain::{Date, Notice};

use super::separated::{Source, rows};

/// Rows with something in them, columns, and characters of one cell.
pub const MOST_ROWS: usize = 100_000;
pub const MOST_COLUMNS: usize = 60;
const MOST_IN_CELL: usize = 20_000;
/// Bytes of a pasted text.
const MOST_TEXT: usize = 64 << 20;
/// Cells that merged ones are written into.
const MOST_FILLED: usize = 2_000_000;

/// Rows of cells, each with its number in the block or the sheet. Rows that are blank throughout are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub rows: Vec<(u32, Vec<String>)>,
    /// Of a workbook, the names of its sheets, and which one this is.
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// Cells that show less than they hold, by row number and column.
    pub exact: HashMap<(u32, u32), String>,
    /// Of a workbook, the cells that are merged.
    pub merged: Vec<Merged>,
    /// Serial numbers of days count from 1904 on.
    pub from_1904: bool,
}

/// Cells that are one: their first and last row, by number, and column, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

pub fn too_long() -> Notice {
    Notice::new("paste-too-long").with("limit", MOST_ROWS)
}

impl Table {
    pub fn width(&self) -> usize {
        self.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0)
    }

    /// What a cell holds, where it shows less.
    pub fn exact(&self, row: u32, column: u32) -> Option<&str> {
        self.exact.get(&(row, column)).map(String::as_str)
    }

    pub(super) fn of(rows: impl IntoIterator<Item = Result<(u32, Vec<String>), Notice>>) -> Result<Self, Notice> {
        let mut table = Table::default();
        for row in rows {
            let (line, mut cells) = row?;
            let filled = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
            cells.truncate(filled);
            if cells.is_empty() {
                continue;
            }
            if cells.len() > MOST_COLUMNS {
                return Err(Notice::new("paste-too-wide").with("count", cells.len()).with("limit", MOST_COLUMNS));
            }
            if table.rows.len() == MOST_ROWS {
                return Err(too_long());
            }
            if let Some(column) = cells.iter().position(|cell| cell.chars().count() > MOST_IN_CELL) {
                let place = Notice::new("paste-cell-too-long").with("line", line).with("column", column + 1);
                return Err(place.with("limit", MOST_IN_CELL));
            }
            table.rows.push((line, cells));
        }
        if table.rows.is_empty() { Err(Notice::new("paste-empty")) } else { Ok(table) }
    }

    /// Writes what cells merged downwards say into each row they reach over: it is said of all of them.
    pub(super) fn merge(&mut self, merged: Vec<Merged>) {
        let mut left = MOST_FILLED;
        for region in merged.iter().filter(|region| region.rows.1 > region.rows.0) {
            let first = self.rows.partition_point(|(number, _)| *number < region.rows.0);
            let column = region.columns.0 as usize;
            let Some((number, cells)) = self.rows.get(first) else { continue };
            let Some(text) = cells.get(column).filter(|text| *number == region.rows.0 && !text.is_empty()).cloned()
            else {
                continue;
            };
            let exact = self.exact.get(&(*number, region.columns.0)).cloned();
            for (number, cells) in self.rows[first + 1..].iter_mut().take_while(|(number, _)| *number <= region.rows.1)
            {
                if left == 0 {
                    break;
                }
                left -= 1;
                if cells.len() <= column {
                    cells.resize(column + 1, String::new());
                }
                if cells[column].is_empty() {
                    cells[column].clone_from(&text);
                    self.exact.extend(exact.clone().map(|exact| ((*number, region.columns.0), exact)));
                }
            }
        }
        self.merged = merged;
    }

    /// What a spreadsheet program puts on the clipboard: tabs between cells.
    pub fn of_clipboard(text: &str) -> Result<Self, Notice> {
        if text.len() > MOST_TEXT {
            return Err(Notice::new("paste-too-large").with("limit", MOST_TEXT >> 20));
        }
        Table::of(rows(text, '\t', Source::Clipboard).map(Ok))
    }
}

/// The day of a spreadsheet's serial number, where it is one of the years people record (1954 to 2119): a smaller or larger
/// number is more likely a number.
pub fn day_of_serial(serial: u32, from_1904: bool) -> Option<Date> {
    const DAYS: std::ops::Range<u32> = 20_000..80_000;
    // Between the two beginnings lie 1462 days, the 29 February 1900 that never was among them.
    let serial = serial + if from_1904 { 1_462 } else { 0 };
    let start: Date = "1900-01-01".parse().ok()?;
    // The first day is number 1, and spreadsheets count a 29 February 1900 that never was.
    DAYS.contains(&serial).then(|| start.plus_days(i64::from(serial) - 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &Table) -> Vec<Vec<&str>> {
        table.rows.iter().map(|(_, cells)| cells.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn the_clipboard_keeps_breaks_and_quotes_inside_cells() {
        let table = Table::of_clipboard("编号\t名称\r\n1\t\"两行\n\"\"引号\"\"\"\r\n\t\r\n2\t=1+1\t\r\n").unwrap();
        assert_eq!(cells(&table), [vec!["编号", "名称"], vec!["1", "两行\n\"引号\""], vec!["2", "=1+1"]]);
        assert_eq!(table.rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn too_much_is_refused_in_words() {
        let code = |text: &str| Table::of_clipboard(text).unwrap_err().code;
        assert_eq!(code(""), "paste-empty");
        assert_eq!(code(" \t \r\n\t"), "paste-empty");
        assert_eq!(code(&"x\n".repeat(MOST_ROWS + 1)), "paste-too-long");
        assert_eq!(code(&"x\t".repeat(MOST_COLUMNS + 1)), "paste-too-wide");
        assert!(Table::of_clipboard(&"x\t".repeat(MOST_COLUMNS)).is_ok(), "a last blank cell is no column");
        assert_eq!(code(&"口".repeat(MOST_IN_CELL + 1)), "paste-cell-too-long");
        assert_eq!(code(&"口".repeat(MOST_TEXT / 3 + 1)), "paste-too-large");
    }

    #[test]
    fn serial_numbers_are_days_of_their_own_calendar() {
        assert_eq!(day_of_serial(44_267, false).unwrap().to_string(), "2021-03-12");
        assert_eq!(day_of_serial(36_526, false).unwrap().to_string(), "2000-01-01");
        assert_eq!(day_of_serial(42_805, true).unwrap().to_string(), "2021-03-12");
        assert_eq!(day_of_serial(4_980, false), None);
    }
}
