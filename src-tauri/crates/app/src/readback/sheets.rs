//! The sheets of a chosen file, and what a blank form says of itself on its hidden one.

use std::io::Read;
use std::path::Path;

use domain::Notice;
use forms::BLANK_SHEET;

use crate::failure::Outcome;
use crate::files::{cannot_read, open_input};
use crate::paste::table::Table;

/// Bytes of a file that is a form: one filled by hand has a few thousand, a list of 100,000 rows under 20 million.
const MOST_FILE: u64 = 32 << 20;
/// Sheets looked at.
const MOST_SHEETS: usize = 20;

/// What the hidden sheet of a blank form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub form: String,
    pub office: String,
}

pub struct Sheets {
    /// Those with something on them, or the one that was asked for.
    pub tables: Vec<Table>,
    pub origin: Option<Origin>,
}

pub fn sheets_of(path: &Path, sheet: Option<&str>) -> Outcome<Sheets> {
    let mut bytes = Vec::new();
    open_input(path)?.take(MOST_FILE + 1).read_to_end(&mut bytes).map_err(|error| cannot_read(path, error))?;
    if bytes.len() as u64 > MOST_FILE {
        return Err(Notice::new("read-too-large").with("limit", MOST_FILE >> 20).into());
    }
    let names = Table::sheets_of(&bytes)?;
    let origin = match names.iter().any(|name| name == BLANK_SHEET) {
        true => origin_of(&Table::of_bytes(bytes.clone(), Some(BLANK_SHEET))?),
        false => None,
    };
    let looked_at: Vec<Option<&str>> = match (sheet, names.is_empty()) {
        (Some(sheet), _) => vec![Some(sheet)],
        (None, true) => vec![None],
        (None, false) => {
            names.iter().filter(|name| *name != BLANK_SHEET).take(MOST_SHEETS).map(|name| Some(name.as_str())).collect()
        }
    };
    let mut tables = Vec::new();
    let mut failure = None;
    for name in looked_at {
        match Table::of_bytes(bytes.clone(), name) {
            Ok(table) => tables.push(table),
            // A sheet may be blank, or hold something else.
            Err(wrong) => drop(failure.get_or_insert(wrong)),
        }
    }
    match failure {
        Some(failure) if tables.is_empty() => Err(failure),
        _ => Ok(Sheets { tables, origin }),
    }
}

fn origin_of(table: &Table) -> Option<Origin> {
    let said = |name: &str| {
        let row = table.rows.iter().find(|(_, cells)| cells.first().is_some_and(|cell| cell == name))?;
        row.1.get(1).cloned()
    };
    Some(Origin { form: said("form")?, office: said("office")? })
}
