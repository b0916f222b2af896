//! A filled form as a spreadsheet that prints like the issued table. Numbers stay numbers, everything else stays text.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use crate::error::FormError;
use crate::filled::{FilledCell, FilledForm, FilledLine, FilledRow};
use crate::layout::{self, Sheet};

/// Rows of a sheet, by the file format.
pub(crate) const ROW_LIMIT: usize = 1_048_576;
/// UTF-16 units of a cell, by the file format.
pub(crate) const CELL_LIMIT: usize = 32_767;
/// From here on rows are written out as they come: memory stays flat, at the price of a temporary file.
const STREAM_FROM: usize = 5_000;
/// Significant digits a spreadsheet keeps.
pub(crate) const EXACT: u64 = 999_999_999_999_999;
/// The tallest row a sheet can have, in points.
const TALLEST: f64 = 409.0;

/// Letters are made no smaller than this, in points (七号 is 5.5).
const SMALLEST: f64 = 6.0;
/// Behind a cell on an open conflict.
const MARKED: Color = Color::RGB(0xFD_DE_DE);

const SONG: &str = "宋体";
/// 22 pt, 二号.
const TITLE_SIZE: f64 = 22.0;

/// The workbook's bytes. `created` (UTC) is the creation date in its properties: equal forms created at one moment are equal
/// byte by byte.
pub fn xlsx(filled: &FilledForm, created: NaiveDateTime) -> Result<Vec<u8>, FormError> {
    if filled.rows.len() > ROW_LIMIT - 100 {
        return Err(FormError::TooManyRowsForXlsx { rows: filled.rows.len(), limit: ROW_LIMIT - 100 });
    }
    check_lengths(filled)?;
    build(filled, created).map_err(|error| FormError::Rendering { reason: error.to_string() })
}

fn check_lengths(filled: &FilledForm) -> Result<(), FormError> {
    for (number, row) in filled.rows.iter().enumerate() {
        for (at, cell) in row.cells.iter().enumerate() {
            let length = cell.text().len();
            if length > CELL_LIMIT && cell.text().encode_utf16().count() > CELL_LIMIT {
                let own = at.checked_sub(usize::from(filled.stub.is_some()));
                let column = own.map_or(String::new(), |own| filled.columns[own].path.join(" · "));
                let length = cell.text().encode_utf16().count();
                let row = filled.row_name(number);
                return Err(FormError::CellTooLongForXlsx { row, column, length, limit: CELL_LIMIT });
            }
        }
    }
    Ok(())
}

fn build(filled: &FilledForm, created: NaiveDateTime) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(filled, created)?);
    let sheet = if filled.rows.len() < STREAM_FROM {
        workbook.add_worksheet()
    } else {
        // A quarter larger than at the usual level, and packed in far less time.
        workbook.set_zip_compression_level(2);
        workbook.add_worksheet_with_low_memory()?
    };
    sheet.set_name(sheet_name(filled))?;
    let mut writer = Writer { sheet, filled, plan: Sheet::of(filled), row: 0 };
    writer.page()?;
    writer.top()?;
    let header = writer.row;
    writer.header()?;
    writer.body()?;
    writer.foot()?;
    let last = (writer.filled.width() as u16).saturating_sub(1);
    let bottom = writer.row.saturating_sub(1);
    let sheet = writer.sheet;
    let body = header + filled.header.levels;
    sheet.set_repeat_rows(header, body - 1)?;
    sheet.set_print_area(0, 0, bottom, last)?;
    sheet.ignore_error_range(header, 0, bottom, last, IgnoreError::NumberStoredAsText)?;
    if filled.stub.is_none() && filled.rows.len() > layout::BLANK_ROWS {
        sheet.set_freeze_panes(body, 0)?;
    }
    workbook.save_to_buffer()
}

pub(crate) fn properties(filled: &FilledForm, created: NaiveDateTime) -> Result<DocProperties, XlsxError> {
    Ok(creation(created)?.set_title(&filled.title).set_author(&filled.office_name))
}

/// When a workbook says it was made.
pub(crate) fn creation(created: NaiveDateTime) -> Result<DocProperties, XlsxError> {
    let clock = ExcelDateTime::from_ymd(created.year() as u16, created.month() as u8, created.day() as u8)?;
    let clock = clock.and_hms(created.hour() as u16, created.minute() as u8, created.second())?;
    Ok(DocProperties::new().set_creation_datetime(&clock))
}

pub(crate) fn sheet_name(filled: &FilledForm) -> String {
    named_sheet(if filled.attachment.is_empty() { &filled.title } else { &filled.attachment }, 1)
}

/// A sheet's name takes 31 characters and not all of them; the sheets of a workbook have each its own.
pub(crate) fn named_sheet(name: &str, number: usize) -> String {
    let kept: String = name.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')).collect();
    let short: String = kept.trim().chars().take(15).collect();
    let short = if short.is_empty() { "附件".to_owned() } else { short };
    if number == 1 { short } else { format!("{short} {number}") }
}

/// A text a spreadsheet would take for a formula once someone edits the cell.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}

/// An identifier, a model or a date: a spreadsheet would otherwise read a number into it on editing.
fn looks_like_identifier(text: &str) -> bool {
    text.len() <= 64 && text.is_ascii() && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Every format a body cell of one column can have; numbers stand in the middle.
struct Formats {
    text: Format,
    identifier: Format,
    formula: Format,
    decimals: [Format; 5],
    percent: Format,
}

impl Formats {
    fn of(size: f64, align: FormatAlign, marked: bool) -> Self {
        let colour = |format: Format| if marked { format.set_background_color(MARKED) } else { format };
        let text = colour(bordered(size, align, true));
        // A number wider than its column shrinks; wrapped, it would print as ###.
        let number = colour(bordered(size, FormatAlign::Center, false).set_shrink());
        let decimals = ["0", "0.0", "0.00", "0.000", "0.0000"];
        Formats {
            identifier: text.clone().set_num_format("@"),
            formula: text.clone().set_num_format("@").set_quote_prefix(),
            text,
            decimals: decimals.map(|format| number.clone().set_num_format(format)),
            percent: number.set_num_format("0.00%"),
        }
    }
}

/// What a row of so many lines needs, in points.
fn height_of(lines: usize, size: f64) -> f64 {
    lines as f64 * size * 1.35 + 8.0
}

/// The letter size, and the pieces of a text, that fit rows a sheet allows. `room` in points.
fn fitted(text: &str, room: f64, size: f64) -> (f64, Vec<String>) {
    let mut smaller = size;
    while smaller >= SMALLEST {
        if height_of(layout::lines(text, room / smaller, &layout::advance), smaller) <= TALLEST {
            return (smaller, vec![text.to_owned()]);
        }
        smaller -= 0.5;
    }
    let most = ((TALLEST - 8.0) / (SMALLEST * 1.35)) as usize;
    let wrapped = layout::wrapped(text, room / SMALLEST, &layout::advance);
    let lines: Vec<&str> = wrapped.split('\n').collect();
    (SMALLEST, lines.chunks(most).map(|lines| lines.join("\n")).collect())
}

/// Lays a form out on a sheet, from above to below.
pub(crate) struct Writer<'a> {
    pub sheet: &'a mut Worksheet,
    pub filled: &'a FilledForm,
    pub plan: Sheet,
    pub row: u32,
}

impl Writer<'_> {
    pub fn page(&mut self) -> Result<(), XlsxError> {
        let sheet = &mut *self.sheet;
        sheet.set_paper_size(if self.filled.paper == "A3" { 8 } else { 9 });
        if self.filled.landscape {
            sheet.set_landscape();
        } else {
            sheet.set_portrait();
        }
        let margins = self.plan.margins;
        let inches = |millimetres: f64| millimetres / 25.4;
        let (left, right) = (inches(margins.left), inches(margins.right));
        sheet.set_margins(left, right, inches(margins.top), inches(margins.bottom), 0.3, 0.35);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_print_center_horizontally(true);
        sheet.set_footer("&C&\"宋体,常规\"&9第&P页 共&N页");
        for (column, width) in self.plan.columns.iter().enumerate() {
            let pixels = (width / 25.4 * 96.0).round() as u32;
            sheet.set_column_width_pixels(column as u16, pixels)?;
        }
        Ok(())
    }

    /// The attachment's number, the title and the head.
    pub fn top(&mut self) -> Result<(), XlsxError> {
        let unsettled = !self.filled.settled();
        if !self.filled.attachment.is_empty() || unsettled {
            let label = Format::new().set_font_name("黑体").set_font_size(16).set_align(FormatAlign::VerticalCenter);
            self.sheet.set_row_height(self.row, 24)?;
            self.sheet.write_string_with_format(self.row, 0, &self.filled.attachment, &label)?;
            let last = (self.filled.width() as u16).saturating_sub(1);
            if unsettled && last > 0 {
                let note = line_format(FormatAlign::Right, 12.0, false).set_font_color(Color::Red);
                self.sheet.write_string_with_format(self.row, last, layout::PREVIEW_NOTE, &note)?;
            }
            self.row += 1;
        }
        let title = Format::new()
            .set_font_name("方正小标宋简体")
            .set_font_size(TITLE_SIZE)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        let lines =
            layout::lines(&self.filled.title, self.plan.room(0, self.filled.width()) / TITLE_SIZE, &layout::advance);
        self.sheet.set_row_height(self.row, (lines as f64 * 32.0 + 6.0).min(TALLEST))?;
        let filled = self.filled;
        self.across(0, filled.width(), &filled.title, &title)?;
        self.row += 1;
        for line in &filled.head {
            self.line(line, 12.0, if line.seal { 72.0 } else { 24.0 })?;
        }
        Ok(())
    }

    pub fn foot(&mut self) -> Result<(), XlsxError> {
        let filled = self.filled;
        for line in &filled.foot {
            self.line(line, 10.5, 18.0)?;
        }
        Ok(())
    }

    /// Left, middle and right text in merged cells that share the table's width; what is empty gives its share away.
    fn line(&mut self, line: &FilledLine, size: f64, least: f64) -> Result<(), XlsxError> {
        let width = self.filled.width();
        let parts =
            [(&line.left, FormatAlign::Left), (&line.centre, FormatAlign::Center), (&line.right, FormatAlign::Right)];
        let parts: Vec<_> = parts.into_iter().filter(|(text, _)| !text.is_empty()).collect();
        let mut height = least;
        let mut from = 0;
        for (at, (text, align)) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            let to = if last { width } else { self.column_at((at + 1) as f64 / parts.len() as f64).max(from + 1) };
            if to > width || from >= width {
                break;
            }
            let lines = layout::lines(text, self.plan.room(from, to - from) / size, &layout::advance);
            height = height.max(lines as f64 * size * 1.4 + 5.0);
            self.across(from, to - from, text, &line_format(*align, size, true))?;
            from = to;
        }
        self.sheet.set_row_height(self.row, height.min(TALLEST))?;
        self.row += 1;
        Ok(())
    }

    /// The column that begins nearest to a share of the table's width.
    fn column_at(&self, share: f64) -> usize {
        let total: f64 = self.plan.columns.iter().sum();
        let mut sum = 0.0;
        for (column, width) in self.plan.columns.iter().enumerate() {
            if sum + width / 2.0 > total * share {
                return column;
            }
            sum += width;
        }
        self.plan.columns.len()
    }

    fn across(&mut self, first: usize, columns: usize, text: &str, format: &Format) -> Result<(), XlsxError> {
        let (row, column) = (self.row, first as u16);
        if columns > 1 {
            self.sheet.merge_range(row, column, row, column + columns as u16 - 1, text, format)?;
        } else {
            self.sheet.write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }

    pub fn header(&mut self) -> Result<(), XlsxError> {
        let size = self.plan.size;
        let format = bordered(size, FormatAlign::Center, true);
        let levels = self.filled.header.levels;
        let mut heights = vec![size * 1.35 + 8.0; levels as usize];
        // Shallow cells first: what a tall cell still lacks is added to its last level.
        let mut cells: Vec<_> = self.filled.header.cells.iter().collect();
        cells.sort_by_key(|cell| cell.rows);
        for cell in cells {
            let room = self.plan.room(cell.column as usize, cell.columns as usize) / size;
            let text = layout::parted(&cell.text, room, &layout::advance);
            let needed = layout::lines(&text, room, &layout::advance) as f64 * size * 1.35 + 8.0;
            let span = cell.level as usize..(cell.level + cell.rows) as usize;
            let lacking = needed - heights[span.clone()].iter().sum::<f64>();
            if lacking > 0.0 {
                heights[span.end - 1] += lacking;
            }
        }
        for (level, height) in heights.iter().enumerate() {
            self.sheet.set_row_height(self.row + level as u32, height.min(TALLEST))?;
        }
        for cell in &self.filled.header.cells {
            let (row, column) = (self.row + cell.level, cell.column as u16);
            // As on the pages: a bracket such as (人次) is never parted.
            let room = self.plan.room(cell.column as usize, cell.columns as usize) / size;
            let text = layout::parted(&cell.text, room, &layout::advance);
            if cell.rows * cell.columns > 1 {
                let (last_row, last_column) = (row + cell.rows - 1, column + cell.columns as u16 - 1);
                self.sheet.merge_range(row, column, last_row, last_column, &text, &format)?;
            } else {
                self.sheet.write_string_with_format(row, column, &text, &format)?;
            }
        }
        self.row += levels;
        Ok(())
    }

    fn body(&mut self) -> Result<(), XlsxError> {
        let size = self.plan.size;
        let width = self.filled.width();
        let rooms: Vec<f64> = (0..width).map(|column| self.plan.room(column, 1) / size).collect();
        let (of_rows, of_columns) = layout::most_lines(self.filled, &rooms, &layout::advance);
        let aligned =
            |lines: usize| if lines > layout::CENTRED_LINES { FormatAlign::Left } else { FormatAlign::Center };
        let aligns: Vec<FormatAlign> = of_columns.into_iter().map(aligned).collect();
        let formats = aligns.iter().map(|align| (Formats::of(size, *align, false), Formats::of(size, *align, true)));
        let formats: Vec<(Formats, Formats)> = formats.collect();
        let unsettled: HashSet<(&str, &str)> =
            self.filled.unsettled.iter().map(|(row, column)| (row.as_str(), column.as_str())).collect();
        let least = self.plan.row;
        let stub = usize::from(self.filled.stub.is_some());
        for (row, lines) in self.filled.rows.iter().zip(of_rows) {
            let marked = |column: usize| {
                !unsettled.is_empty()
                    && column >= stub
                    && unsettled.contains(&(row.id.as_str(), self.filled.columns[column - stub].id.as_str()))
            };
            if height_of(lines, size) > TALLEST {
                let marks: Vec<bool> = (0..width).map(marked).collect();
                self.tall_row(row, &formats, &aligns, &marks)?;
                continue;
            }
            let marks: Vec<bool> = (0..width).map(marked).collect();
            self.sheet.set_row_height(self.row, height_of(lines, size).max(least))?;
            for (column, cell) in row.cells.iter().enumerate() {
                let (settled, open) = &formats[column];
                self.cell(column as u16, cell, if marks[column] { open } else { settled })?;
            }
            self.row += 1;
        }
        if self.filled.rows.is_empty() {
            let blank = bordered(size, FormatAlign::Center, true);
            for _ in 0..layout::BLANK_ROWS {
                self.sheet.set_row_height(self.row, 24)?;
                for column in 0..width {
                    self.sheet.write_blank(self.row, column as u16, &blank)?;
                }
                self.row += 1;
            }
        }
        Ok(())
    }

    /// A row taller than a sheet allows, where what does not fit would not be seen: smaller letters first, and then further
    /// rows for the rest of the text, the other cells of which stay blank.
    fn tall_row(
        &mut self,
        row: &FilledRow,
        formats: &[(Formats, Formats)],
        aligns: &[FormatAlign],
        marks: &[bool],
    ) -> Result<(), XlsxError> {
        let least = self.plan.row;
        let pieces: Vec<(f64, Vec<String>)> = row
            .cells
            .iter()
            .enumerate()
            .map(|(column, cell)| fitted(cell.text(), self.plan.room(column, 1), self.plan.size))
            .collect();
        let rows = pieces.iter().map(|(_, texts)| texts.len()).max().unwrap_or(1);
        for at in 0..rows {
            let mut height = least;
            for (column, cell) in row.cells.iter().enumerate() {
                let (size, texts) = &pieces[column];
                let formats = if marks[column] { &formats[column].1 } else { &formats[column].0 };
                let (place, text) = (column as u16, texts.get(at).map_or("", String::as_str));
                height = height
                    .max(height_of(layout::lines(text, self.plan.room(column, 1) / size, &layout::advance), *size));
                if *size < self.plan.size || texts.len() > 1 {
                    let small = bordered(*size, aligns[column], true);
                    let small = if marks[column] { small.set_background_color(MARKED) } else { small };
                    let small = if looks_like_formula(text) { small.set_quote_prefix() } else { small };
                    self.sheet.write_string_with_format(self.row, place, text, &small)?;
                } else if at == 0 {
                    self.cell(place, cell, formats)?;
                } else {
                    self.sheet.write_blank(self.row, place, &formats.text)?;
                }
            }
            self.sheet.set_row_height(self.row, height.min(TALLEST))?;
            self.row += 1;
        }
        Ok(())
    }

    fn cell(&mut self, column: u16, cell: &FilledCell, formats: &Formats) -> Result<(), XlsxError> {
        let row = self.row;
        match cell {
            FilledCell::Number { value, scale, .. } if value.unsigned_abs() <= EXACT && *scale <= 4 => {
                let number = *value as f64 / 10_f64.powi(*scale as i32);
                self.sheet.write_number_with_format(row, column, number, &formats.decimals[*scale as usize])?;
            }
            FilledCell::Percent { hundredths, .. } if hundredths.unsigned_abs() <= EXACT => {
                self.sheet.write_number_with_format(row, column, *hundredths as f64 / 10_000.0, &formats.percent)?;
            }
            other => {
                let text = other.text();
                let format = if looks_like_formula(text) {
                    &formats.formula
                } else if looks_like_identifier(text) {
                    &formats.identifier
                } else {
                    &formats.text
                };
                self.sheet.write_string_with_format(row, column, text, format)?;
            }
        }
        Ok(())
    }
}

fn line_format(align: FormatAlign, size: f64, wrap: bool) -> Format {
    let format = Format::new().set_font_name(SONG).set_font_size(size).set_align(align);
    let format = format.set_align(FormatAlign::VerticalCenter);
    if wrap { format.set_text_wrap() } else { format }
}

pub(crate) fn bordered(size: f64, align: FormatAlign, wrap: bool) -> Format {
    line_format(align, size, wrap).set_border(FormatBorder::Thin)
}
