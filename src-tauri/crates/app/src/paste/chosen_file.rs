//! A block of cells from a file a person chose.

use std::io::Read;
use std::path::Path;

use domain::Notice;

use super::old_workbook::{BEGINS, of_old_workbook, sheets_of_old_workbook};
use super::separated::{Source, decoded, mark_of, rows};
use super::table::Table;
use super::workbook::{of_workbook, sheets_of_workbook};
use crate::failure::Outcome;
use crate::files::{cannot_read, open_input};

/// Bytes of a file.
const MOST_FILE: u64 = 64 << 20;

/// How an XLSX workbook begins.
const ARCHIVE: &[u8] = b"PK\x03\x04";

impl Table {
    /// A chosen file, by its content: a workbook, or text in UTF-8, UTF-16 or GB18030.
    pub fn of_file(path: &Path, sheet: Option<&str>) -> Outcome<Self> {
        let mut bytes = Vec::new();
        let file = open_input(path)?;
        file.take(MOST_FILE + 1).read_to_end(&mut bytes).map_err(|error| cannot_read(path, error))?;
        if bytes.len() as u64 > MOST_FILE {
            return Err(Notice::new("paste-too-large").with("limit", MOST_FILE >> 20).into());
        }
        Table::of_bytes(bytes, sheet)
    }

    /// The names of the sheets of a file; none of one that is text.
    pub fn sheets_of(bytes: &[u8]) -> Outcome<Vec<String>> {
        if bytes.starts_with(ARCHIVE) {
            return Ok(sheets_of_workbook(bytes)?);
        }
        if bytes.starts_with(BEGINS) {
            return Ok(sheets_of_old_workbook(bytes)?);
        }
        Ok(Vec::new())
    }

    /// The content of a file.
    pub fn of_bytes(bytes: Vec<u8>, sheet: Option<&str>) -> Outcome<Self> {
        if bytes.starts_with(ARCHIVE) {
            return Ok(of_workbook(bytes, sheet)?);
        }
        if bytes.starts_with(BEGINS) {
            return Ok(of_old_workbook(&bytes, sheet)?);
        }
        let text = decoded(&bytes)?;
        Ok(Table::of(rows(&text, mark_of(&text), Source::File).map(Ok))?)
    }
}
