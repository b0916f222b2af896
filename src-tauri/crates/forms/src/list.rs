//! A list of the program as a file: a workbook, or values with commas between. Rows are written out as they come, so that a
//! list of any length takes no more memory than its file.

use chrono::NaiveDateTime;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, IgnoreError, Workbook, XlsxError};

use crate::error::FormError;
use crate::filled::{FilledCell, FilledForm};
use crate::xlsx::{CELL_LIMIT, EXACT, ROW_LIMIT, creation, looks_like_formula, named_sheet};

/// What is written at the beginning of CSV, by which spreadsheet programs know that it is UTF-8.
const MARK: &str = "\u{FEFF}";
/// Columns are as wide as their longest text, in characters of which a Chinese one takes two; within these bounds.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=48;
/// Rows from which a column's width is taken.
const MEASURED: u32 = 200;

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    Xlsx,
    Csv,
}

/// A cell of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListCell {
    Text(String),
    /// `value / 10^scale`, with all its decimals: 123456 of scale 2 is 1234.56.
    Number {
        value: i64,
        scale: u32,
    },
}

impl ListCell {
    fn text(&self) -> String {
        match self {
            ListCell::Text(text) => text.clone(),
            ListCell::Number { value, scale: 0 } => value.to_string(),
            ListCell::Number { value, scale } => {
                let (sign, digits) = (if *value < 0 { "-" } else { "" }, value.unsigned_abs().to_string());
                let digits = format!("{digits:0>width$}", width = *scale as usize + 1);
                let (whole, rest) = digits.split_at(digits.len() - *scale as usize);
                format!("{sign}{whole}.{rest}")
            }
        }
    }
}

/// A list being written.
pub struct ListFile {
    columns: Vec<String>,
    /// Of the present part, rows written, its heading included.
    row: u32,
    widths: Vec<usize>,
    target: Target,
}

enum Target {
    Xlsx { workbook: Box<Workbook>, formats: Box<Formats>, parts: usize },
    Csv(String),
}

struct Formats {
    heading: Format,
    text: Format,
    /// Shown as it stands: digits of a number that is a name, what begins like a formula.
    quoted: Format,
    numbers: [Format; 7],
}

impl Formats {
    fn new() -> Self {
        let plain = || Format::new().set_align(FormatAlign::VerticalCenter).set_text_wrap();
        let number = |decimals: usize| {
            let rest = if decimals == 0 { String::new() } else { format!(".{}", "0".repeat(decimals)) };
            Format::new().set_align(FormatAlign::VerticalCenter).set_num_format(format!("#,##0{rest}"))
        };
        Formats {
            heading: plain().set_bold().set_align(FormatAlign::Center).set_border(FormatBorder::Thin),
            text: plain().set_num_format("@"),
            quoted: plain().set_num_format("@").set_quote_prefix(),
            numbers: std::array::from_fn(number),
        }
    }
}

impl ListFile {
    /// `created` (UTC) is when a workbook says it was made.
    pub fn new(format: ListFormat, created: NaiveDateTime) -> Result<Self, FormError> {
        let target = match format {
            ListFormat::Csv => Target::Csv(MARK.to_owned()),
            ListFormat::Xlsx => {
                let mut workbook = Workbook::new();
                workbook.set_properties(&creation(created).map_err(rendering)?);
                workbook.set_zip_compression_level(2);
                Target::Xlsx { workbook: Box::new(workbook), formats: Box::new(Formats::new()), parts: 0 }
            }
        };
        Ok(ListFile { columns: Vec::new(), row: 0, widths: Vec::new(), target })
    }

    /// Begins a table with such columns: a sheet of its own, or lines below a blank one and its title.
    pub fn part(&mut self, title: &str, columns: Vec<String>) -> Result<(), FormError> {
        self.end_part().map_err(rendering)?;
        self.widths = columns.iter().map(|words| width_of(words)).collect();
        self.row = 1;
        match &mut self.target {
            Target::Csv(text) => {
                if *text != MARK {
                    text.push_str("\r\n");
                    put_line(text, [title].into_iter());
                }
                put_line(text, columns.iter().map(String::as_str));
            }
            Target::Xlsx { workbook, formats, parts } => {
                *parts += 1;
                let mut begin = || -> Result<(), XlsxError> {
                    let sheet = workbook.add_worksheet_with_low_memory()?;
                    sheet.set_name(named_sheet(title, *parts))?;
                    sheet.set_freeze_panes(1, 0)?;
                    for (column, words) in columns.iter().enumerate() {
                        sheet.write_string_with_format(0, column as u16, words, &formats.heading)?;
                    }
                    Ok(())
                };
                begin().map_err(rendering)?;
            }
        }
        self.columns = columns;
        Ok(())
    }

    pub fn row(&mut self, cells: &[ListCell]) -> Result<(), FormError> {
        if self.row <= MEASURED {
            for (width, cell) in self.widths.iter_mut().zip(cells) {
                *width = (*width).max(width_of(&cell.text()));
            }
        }
        match &mut self.target {
            Target::Csv(text) => {
                let shown = cells.iter().map(|cell| match cell {
                    // What a spreadsheet would compute is told to be text, as people write it by hand.
                    ListCell::Text(text) if looks_like_formula(text) => format!("'{text}"),
                    cell => cell.text(),
                });
                let shown: Vec<String> = shown.collect();
                put_line(text, shown.iter().map(String::as_str));
            }
            Target::Xlsx { workbook, formats, parts } => {
                if self.row as usize >= ROW_LIMIT {
                    return Err(FormError::TooManyRowsForXlsx { rows: self.row as usize, limit: ROW_LIMIT - 1 });
                }
                let sheet = workbook.worksheet_from_index(*parts - 1).map_err(rendering)?;
                for (column, cell) in cells.iter().enumerate() {
                    let at = column as u16;
                    let written = match cell {
                        ListCell::Text(text) if text.is_empty() => Ok(&mut *sheet),
                        ListCell::Text(text) => {
                            let length = text.encode_utf16().count();
                            if length > CELL_LIMIT {
                                let column = self.columns.get(column).cloned().unwrap_or_default();
                                let row = self.row.to_string();
                                return Err(FormError::CellTooLongForXlsx { row, column, length, limit: CELL_LIMIT });
                            }
                            let format = if looks_like_formula(text) { &formats.quoted } else { &formats.text };
                            sheet.write_string_with_format(self.row, at, text, format)
                        }
                        ListCell::Number { value, scale }
                            if value.unsigned_abs() <= EXACT && (*scale as usize) < formats.numbers.len() =>
                        {
                            let number = *value as f64 / 10_f64.powi(*scale as i32);
                            sheet.write_number_with_format(self.row, at, number, &formats.numbers[*scale as usize])
                        }
                        exact => sheet.write_string_with_format(self.row, at, exact.text(), &formats.text),
                    };
                    written.map_err(rendering)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    fn end_part(&mut self) -> Result<(), XlsxError> {
        let Target::Xlsx { workbook, parts, .. } = &mut self.target else { return Ok(()) };
        let (Some(at), Some(last)) = (parts.checked_sub(1), self.columns.len().checked_sub(1)) else { return Ok(()) };
        let sheet = workbook.worksheet_from_index(at)?;
        for (column, width) in self.widths.iter().enumerate() {
            sheet.set_column_width(column as u16, *width.clamp(WIDTHS.start(), WIDTHS.end()) as f64 + 2.0)?;
        }
        let (bottom, right) = (self.row - 1, last as u16);
        sheet.autofilter(0, 0, bottom, right)?;
        sheet.ignore_error_range(0, 0, bottom, right, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    /// The file's bytes.
    pub fn finish(mut self) -> Result<Vec<u8>, FormError> {
        self.end_part().map_err(rendering)?;
        match self.target {
            Target::Csv(text) => Ok(text.into_bytes()),
            Target::Xlsx { mut workbook, .. } => workbook.save_to_buffer().map_err(rendering),
        }
    }
}

/// A filled form as CSV: its columns headed by all their words, its rows as printed, without the lines around the table.
pub fn csv(filled: &FilledForm, created: NaiveDateTime) -> Result<Vec<u8>, FormError> {
    let mut file = ListFile::new(ListFormat::Csv, created)?;
    let stub = filled.stub.iter().map(|stub| stub.header.clone());
    file.part(&filled.title, stub.chain(filled.columns.iter().map(|column| column.path.join(" · "))).collect())?;
    for row in &filled.rows {
        let cells = row.cells.iter().map(|cell| match cell {
            FilledCell::Number { value, scale, .. } => ListCell::Number { value: *value, scale: *scale },
            other => ListCell::Text(other.text().to_owned()),
        });
        file.row(&cells.collect::<Vec<_>>())?;
    }
    file.finish()
}

fn rendering(error: XlsxError) -> FormError {
    FormError::Rendering { reason: error.to_string() }
}

/// As RFC 4180 says.
fn put_line<'t>(text: &mut String, cells: impl Iterator<Item = &'t str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

fn width_of(text: &str) -> usize {
    let of = |line: &str| line.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
    text.lines().map(of).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn written(format: ListFormat) -> Vec<u8> {
        let created = chrono::DateTime::from_timestamp(1_622_088_000, 0).unwrap().naive_utc();
        let mut file = ListFile::new(format, created).unwrap();
        let text = |text: &str| ListCell::Text(text.to_owned());
        file.part("案件", ["文号", "罚没（元）", "数量"].map(str::to_owned).to_vec()).unwrap();
        file.row(&[text("=HYPERLINK(\"http://x\")"), number(123_456, 2), number(-5, 0)]).unwrap();
        file.row(&[text("永市监,〔2021〕\"3\"号"), number(-7, 2), text("")]).unwrap();
        file.row(&[text("640121000000000001"), text("两\n行"), number(i64::MAX, 0)]).unwrap();
        file.part("检查", vec!["日期".to_owned()]).unwrap();
        file.row(&[text("@SUM(1)")]).unwrap();
        file.finish().unwrap()
    }

    fn number(value: i64, scale: u32) -> ListCell {
        ListCell::Number { value, scale }
    }

    #[test]
    fn csv_is_read_by_spreadsheets_and_computes_nothing() {
        let text = String::from_utf8(written(ListFormat::Csv)).unwrap();
        let lines: Vec<&str> = text.strip_prefix('\u{FEFF}').unwrap().split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "文号,罚没（元）,数量",
                "\"'=HYPERLINK(\"\"http://x\"\")\",1234.56,-5",
                "\"永市监,〔2021〕\"\"3\"\"号\",-0.07,",
                "640121000000000001,\"两\n行\",9223372036854775807",
                "",
                "检查",
                "日期",
                "'@SUM(1)",
                ""
            ]
        );
    }

    #[test]
    fn a_workbook_holds_numbers_as_numbers_and_everything_else_as_text() {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(written(ListFormat::Xlsx))).unwrap();
        assert_eq!(book.sheet_names(), ["案件", "检查 2"]);
        let sheet = book.worksheet_range("案件").unwrap();
        let text = |text: &str| Data::String(text.to_owned());
        assert_eq!(sheet.get_value((1, 0)), Some(&text("=HYPERLINK(\"http://x\")")));
        assert_eq!(sheet.get_value((1, 1)), Some(&Data::Float(1234.56)));
        assert_eq!(sheet.get_value((1, 2)), Some(&Data::Float(-5.0)));
        assert_eq!(sheet.get_value((3, 0)), Some(&text("640121000000000001")));
        assert_eq!(sheet.get_value((3, 2)), Some(&text("9223372036854775807")), "no digit is lost");
        assert!(book.worksheet_formula("案件").unwrap().is_empty());
        assert_eq!(book.worksheet_range("检查 2").unwrap().get_value((1, 0)), Some(&text("@SUM(1)")));
    }

    #[test]
    fn equal_lists_of_one_moment_are_equal_bytes_and_what_fits_no_cell_is_said() {
        assert_eq!(written(ListFormat::Xlsx), written(ListFormat::Xlsx));
        let created = chrono::NaiveDateTime::default();
        let mut file = ListFile::new(ListFormat::Xlsx, created).unwrap();
        file.part("甲", vec!["乙".to_owned()]).unwrap();
        let long = file.row(&[ListCell::Text("字".repeat(CELL_LIMIT + 1))]).unwrap_err();
        assert!(matches!(long, FormError::CellTooLongForXlsx { .. }), "{long}");
    }
}
