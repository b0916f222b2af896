//! A block of cells as text: from the clipboard of a spreadsheet program, or from an XLSX or CSV file. What a file claims
//! about itself is not believed: everything is counted as it is read. Nothing is computed; where a cell of a workbook holds
//! a formula, the value the spreadsheet last showed there is taken as it stands.

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};
use domain::{Date, Notice};

use crate::failure::Outcome;
use crate::files::{cannot_read, open_input};

/// Rows with something in them, columns, and characters of one cell.
pub const MOST_ROWS: usize = 2_000;
pub const MOST_COLUMNS: usize = 60;
const MOST_IN_CELL: usize = 20_000;
/// Bytes of a pasted text, of a file, and of what a workbook unpacks to.
const MOST_TEXT: usize = 4 << 20;
const MOST_FILE: u64 = 16 << 20;
const MOST_UNPACKED: u64 = 48 << 20;
const MOST_ENTRIES: usize = 1_000;

/// Rows of cells, each with its number in the block or the sheet. Rows that are blank throughout are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub rows: Vec<(u32, Vec<String>)>,
    /// Of a workbook, the names of its sheets, and which one this is.
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
}

impl Table {
    pub fn width(&self) -> usize {
        self.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0)
    }

    fn of(rows: impl IntoIterator<Item = Result<(u32, Vec<String>), Notice>>) -> Result<Self, Notice> {
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
                return Err(Notice::new("paste-too-long").with("limit", MOST_ROWS));
            }
            if let Some(column) = cells.iter().position(|cell| cell.chars().count() > MOST_IN_CELL) {
                let place = Notice::new("paste-cell-too-long").with("line", line).with("column", column + 1);
                return Err(place.with("limit", MOST_IN_CELL));
            }
            table.rows.push((line, cells));
        }
        if table.rows.is_empty() { Err(Notice::new("paste-empty")) } else { Ok(table) }
    }

    /// What a spreadsheet program puts on the clipboard: tabs between cells, and cells with breaks or quotes in quotes.
    pub fn of_clipboard(text: &str) -> Result<Self, Notice> {
        if text.len() > MOST_TEXT {
            return Err(Notice::new("paste-too-large").with("limit", MOST_TEXT >> 20));
        }
        separated(text, b'\t')
    }

    /// A chosen file, by its content: a workbook, or text in UTF-8, UTF-16 or GB18030.
    pub fn of_file(path: &Path, sheet: Option<&str>) -> Outcome<Self> {
        let mut bytes = Vec::new();
        let file = open_input(path)?;
        file.take(MOST_FILE + 1).read_to_end(&mut bytes).map_err(|error| cannot_read(path, error))?;
        if bytes.len() as u64 > MOST_FILE {
            return Err(Notice::new("paste-too-large").with("limit", MOST_FILE >> 20).into());
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Ok(of_workbook(bytes, sheet)?);
        }
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(Notice::new("paste-old-workbook").into());
        }
        let text = decoded(&bytes)?;
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let mark = [b'\t', b',', b';'].into_iter().max_by_key(|mark| {
            // Of marks that stand equally often, the first.
            (first.bytes().filter(|byte| byte == mark).count(), std::cmp::Reverse(*mark))
        });
        Ok(separated(&text, mark.unwrap_or(b','))?)
    }
}

fn separated(text: &str, mark: u8) -> Result<Table, Notice> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(mark).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().zip(1..).map(|(record, line)| {
        let record = record.map_err(|error| Notice::new("paste-unreadable").with("detail", error))?;
        Ok((line, record.iter().map(|cell| cell.replace("\r\n", "\n")).collect()))
    });
    Table::of(rows)
}

/// Text of a file. Spreadsheet programs in China write CSV in GB18030 unless told otherwise.
fn decoded(bytes: &[u8]) -> Result<String, Notice> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if text.contains('\0') {
            return Err(Notice::new("paste-unknown-file"));
        }
        return Ok(text.to_owned());
    }
    let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if wrong || text.contains('\0') { Err(Notice::new("paste-unknown-file")) } else { Ok(text.into_owned()) }
}

fn of_workbook(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Table, Notice> {
    within_limits(&bytes)?;
    let unreadable = |detail: String| Notice::new("paste-unreadable").with("detail", detail);
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| unreadable(error.to_string()))?;
    let sheets = workbook.sheet_names();
    let chosen = match sheet {
        Some(sheet) => sheets.iter().find(|known| *known == sheet),
        None => sheets.first(),
    };
    let sheet = chosen.cloned().ok_or_else(|| unreadable("sheet".to_owned()))?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|error| unreadable(error.to_string()))?;
    // By cell, because a sheet with two cells at opposite corners has seventeen thousand million in between.
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(error.to_string()))? {
        let (row, column) = cell.get_position();
        let text = cell_text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let column = column as usize;
        if column >= MOST_COLUMNS {
            return Err(Notice::new("paste-too-wide").with("count", column + 1).with("limit", MOST_COLUMNS));
        }
        if rows.last().is_none_or(|(line, _)| *line != row + 1) {
            if rows.len() == MOST_ROWS {
                return Err(Notice::new("paste-too-long").with("limit", MOST_ROWS));
            }
            rows.push((row + 1, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
    }
    let table = Table::of(rows.into_iter().map(Ok))?;
    Ok(Table { sheets, sheet: Some(sheet), ..table })
}

/// Unpacks everything once to nowhere: what an archive says of its sizes proves nothing.
fn within_limits(bytes: &[u8]) -> Result<(), Notice> {
    let unreadable = |error: &dyn std::fmt::Display| Notice::new("paste-unreadable").with("detail", error);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut left = MOST_UNPACKED;
    if archive.len() > MOST_ENTRIES {
        return Err(Notice::new("paste-too-large").with("limit", MOST_UNPACKED >> 20));
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let read =
            std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|error| unreadable(&error))?;
        left =
            left.checked_sub(read).ok_or_else(|| Notice::new("paste-too-large").with("limit", MOST_UNPACKED >> 20))?;
    }
    Ok(())
}

fn cell_text(value: &DataRef) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => Data::Error(error.clone()).to_string(),
    }
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    if !moment.is_datetime() || serial < 1.0 {
        // A time of day: hours and minutes.
        let minutes = (serial.fract() * 1_440.0).round() as i64;
        return format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A number as a spreadsheet holds it: fifteen digits, and no more than there are. From 10¹⁵ on its last digits are lost,
/// and it is written as the spreadsheet would, for whoever reads it to notice.
pub fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.abs() >= 1e15 {
        return format!("{number:.5E}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// The day of a spreadsheet's serial number, where it is one of the years people record (1954 to 2119): a smaller or larger
/// number is more likely a number.
pub fn day_of_serial(serial: u32) -> Option<Date> {
    const DAYS: std::ops::Range<u32> = 20_000..80_000;
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
    fn numbers_read_as_a_person_sees_them() {
        for (number, text) in [
            (0.1 + 0.2, "0.3"),
            (44_267.0, "44267"),
            (1_234_567.89, "1234567.89"),
            (-0.5, "-0.5"),
            (123_456_789_012_345.0, "123456789012345"),
            (913_501_000_000_000_000.0, "9.13501E17"),
            (f64::NAN, ""),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "不是表格").unwrap();
        fill(workbook.add_worksheet().set_name("数据").unwrap());
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn a_workbook_is_read_as_it_shows() {
        use rust_xlsxwriter::{ExcelDateTime, Format, Formula};
        let bytes = workbook(|sheet| {
            let day = Format::new().set_num_format("yyyy/m/d");
            sheet.write_string(0, 0, "编号").unwrap();
            sheet.write_number(3, 0, 4980.0).unwrap();
            sheet.write_datetime_with_format(3, 1, ExcelDateTime::from_ymd(2021, 3, 12).unwrap(), &day).unwrap();
            sheet.write_formula(3, 2, Formula::new("WEBSERVICE(\"http://x\")").set_result("上次的结果")).unwrap();
            sheet.write_boolean(3, 4, true).unwrap();
        });
        let table = of_workbook(bytes, Some("数据")).unwrap();
        assert_eq!(cells(&table), [vec!["编号"], vec!["4980", "2021-03-12", "上次的结果", "", "TRUE"]]);
        assert_eq!(table.rows[1].0, 4, "rows are numbered as in the sheet");
        assert_eq!((table.sheets.len(), table.sheet.as_deref()), (2, Some("数据")));
        let first = of_workbook(workbook(|_| ()), None).unwrap();
        assert_eq!(first.sheet.as_deref(), Some("说明"));
        assert_eq!(of_workbook(workbook(|_| ()), Some("没有")).unwrap_err().code, "paste-unreadable");
    }

    #[test]
    fn a_workbook_that_would_fill_memory_is_refused() {
        let corners = workbook(|sheet| {
            sheet.write_number(0, 0, 1.0).unwrap();
            sheet.write_number(1_048_575, 16_383, 1.0).unwrap();
        });
        assert_eq!(of_workbook(corners, Some("数据")).unwrap_err().code, "paste-too-wide");
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let zeros = vec![0u8; 1 << 20];
        for _ in 0..=MOST_UNPACKED >> 20 {
            std::io::Write::write_all(&mut archive, &zeros).unwrap();
        }
        let bomb = archive.finish().unwrap().into_inner();
        assert!(bomb.len() < 200_000);
        assert_eq!(of_workbook(bomb, None).unwrap_err().code, "paste-too-large");
    }

    #[test]
    fn serial_numbers_are_days() {
        assert_eq!(day_of_serial(44_267).unwrap().to_string(), "2021-03-12");
        assert_eq!(day_of_serial(36_526).unwrap().to_string(), "2000-01-01");
        assert_eq!(day_of_serial(4_980), None);
    }
}
