//! A sheet of a workbook of the old format (.xls), and how an old or new workbook says that it has a password.

use std::io::Cursor;

use calamine::{Data, Reader, Xls, XlsError};
use domain::Notice;

use super::number::number_text;
use super::table::{MOST_COLUMNS, Merged, Table};
use super::workbook::moment_text;

/// How both kinds of file begin.
pub const BEGINS: &[u8] = b"\xd0\xcf\x11\xe0";
/// The name of the part an encrypted workbook lies in, as such files spell it.
const ENCRYPTED: &str = "EncryptedPackage";

/// The names of the sheets of a workbook.
pub fn sheets_of_old_workbook(bytes: &[u8]) -> Result<Vec<String>, Notice> {
    Ok(opened(bytes)?.sheet_names())
}

fn unreadable(error: XlsError) -> Notice {
    match error {
        XlsError::Password => Notice::new("paste-password"),
        error => Notice::new("paste-unreadable").with("detail", error),
    }
}

fn opened(bytes: &[u8]) -> Result<Xls<Cursor<&[u8]>>, Notice> {
    let encrypted: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        return Err(Notice::new("paste-password"));
    }
    Xls::new(Cursor::new(bytes)).map_err(unreadable)
}

pub fn of_old_workbook(bytes: &[u8], sheet: Option<&str>) -> Result<Table, Notice> {
    let mut workbook = opened(bytes)?;
    let sheets = workbook.sheet_names();
    let chosen = match sheet {
        Some(sheet) => sheets.iter().find(|known| *known == sheet),
        None => sheets.first(),
    };
    let sheet = chosen.cloned().ok_or_else(|| Notice::new("paste-unreadable").with("detail", "sheet"))?;
    let range = workbook.worksheet_range(&sheet).map_err(unreadable)?;
    let (first, left) = range.start().unwrap_or_default();
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    for (at, cells) in range.rows().enumerate() {
        let mut shown = vec![String::new(); left as usize];
        shown.extend(cells.iter().map(text));
        let filled = shown.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        if filled > MOST_COLUMNS {
            return Err(Notice::new("paste-too-wide").with("count", filled).with("limit", MOST_COLUMNS));
        }
        rows.push((first + at as u32 + 1, shown));
    }
    let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(unreadable)?;
    let merged = merged.into_iter().map(|region| Merged {
        rows: (region.start.0 + 1, region.end.0.saturating_add(1)),
        columns: (region.start.1, region.end.1),
    });
    let from_1904 = workbook.has_1904_epoch();
    let mut table = Table::of(rows.into_iter().map(Ok))?;
    table.from_1904 = from_1904;
    table.merge(merged.collect());
    Ok(Table { sheets, sheet: Some(sheet), ..table })
}

fn text(value: &Data) -> String {
    match value {
        Data::Int(whole) => whole.to_string(),
        Data::Float(number) => number_text(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(moment) => moment_text(moment, false),
        Data::Empty => String::new(),
        error @ Data::Error(_) => error.to_string(),
    }
}
