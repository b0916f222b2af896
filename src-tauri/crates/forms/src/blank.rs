//! 空表: a form to be filled in by hand in a spreadsheet program. What is to be typed is open, typed and bounded; everything else
//! is locked; totals are formulas. A hidden sheet says which form it is, whatever the file is called.

use campaign::model::{Body, Campaign, CellRule, Column, Form, Line, Row, Unit};
use chrono::NaiveDateTime;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet,
    XlsxError,
};

use crate::error::FormError;
use crate::filled::{FilledForm, FilledLine};
use crate::layout::Sheet;
use crate::xlsx::{Writer, bordered, properties, sheet_name};

/// The hidden sheet, and what stands at its beginning.
pub const BLANK_SHEET: &str = "sweepbook";
/// Rows of a list to be filled in.
const LIST_ROWS: u32 = 200;
/// What a count, and a number of 万 or 万元, may be.
const MOST_COUNT: i32 = 999_999_999;
const MOST_AMOUNT: f64 = 99_999_999.0;
/// Behind what is to be typed.
const OPEN: Color = Color::RGB(0xFF_FB_E6);
/// The column of the hidden sheet that the first list of choices stands in; the names of the form stand before.
const FIRST_CHOICES: u16 = 2;

/// What is to be typed into a column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// 1, 2, 3 …, which stand there.
    RowNumber,
    Text,
    Whole,
    Amount,
    Day,
    /// One of these.
    Choice(Vec<String>),
}

/// The workbook's bytes. `filled` is the form without anything counted; `entries` are those of its columns, for a list.
pub fn blank_xlsx(
    campaign: &Campaign,
    form: &Form,
    filled: &FilledForm,
    entries: &[Entry],
    created: NaiveDateTime,
) -> Result<Vec<u8>, FormError> {
    let blank_line = |line: &Line| blank_line(line, campaign, &filled.office_name);
    let filled = FilledForm {
        head: form.head.iter().map(blank_line).collect(),
        foot: form.foot.iter().map(blank_line).collect(),
        rows: match form.body {
            Body::Statistics { .. } => filled.rows.clone(),
            Body::List { .. } => Vec::new(),
        },
        ..filled.clone()
    };
    build(form, &filled, entries, created).map_err(|error| FormError::Rendering { reason: error.to_string() })
}

/// A line of head or foot as whoever fills it in finds it: the office's name, and room for the rest.
fn blank_line(line: &Line, campaign: &Campaign, office: &str) -> FilledLine {
    let part = |text: &str| {
        let text = text.replace("{seal}", "").replace("{filler}", "").replace("{phone}", "");
        let text = ["{date}", "{as_of_cn}", "{as_of}"]
            .iter()
            .fold(text, |text, day| text.replace(day, "      年    月    日"));
        text.replace("{campaign}", &campaign.title).replace("{office}", office)
    };
    FilledLine { left: part(&line.left), centre: part(&line.centre), right: part(&line.right), seal: false }
}

fn build(form: &Form, filled: &FilledForm, entries: &[Entry], created: NaiveDateTime) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(filled, created)?);
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(filled))?;
    let mut writer = Writer { sheet, filled, plan: Sheet::of(filled), row: 0 };
    writer.page()?;
    writer.top()?;
    let header = writer.row;
    writer.header()?;
    let body = writer.row;
    let mut choices: Vec<&[String]> = Vec::new();
    match &form.body {
        Body::Statistics { rows, .. } => statistics(&mut writer, form, rows)?,
        Body::List { .. } => list(&mut writer, entries, &mut choices)?,
    }
    let foot = writer.row;
    writer.foot()?;
    let (bottom, last) = (writer.row.saturating_sub(1), (filled.width() as u16).saturating_sub(1));
    let sheet = writer.sheet;
    sheet.set_repeat_rows(header, body - 1)?;
    sheet.set_print_area(0, 0, bottom, last)?;
    sheet.set_freeze_panes(body, 0)?;
    // The lines around the table are typed on: the date, who fills it in.
    for (from, to) in [(header - filled.head.len() as u32, header), (foot, bottom + 1)] {
        if from < to {
            sheet.unprotect_range(from, 0, to - 1, last)?;
        }
    }
    sheet.protect();
    hidden(workbook.add_worksheet(), filled, &choices)?;
    workbook.save_to_buffer()
}

fn hidden(sheet: &mut Worksheet, filled: &FilledForm, choices: &[&[String]]) -> Result<(), XlsxError> {
    sheet.set_name(BLANK_SHEET)?;
    for (row, (name, said)) in
        [("sweepbook", "1"), ("form", &filled.form), ("office", &filled.office)].into_iter().enumerate()
    {
        sheet.write_string(row as u32, 0, name)?.write_string(row as u32, 1, said)?;
    }
    for (at, choices) in choices.iter().enumerate() {
        for (row, choice) in choices.iter().enumerate() {
            sheet.write_string(row as u32, FIRST_CHOICES + at as u16, choice)?;
        }
    }
    sheet.protect();
    sheet.set_very_hidden(true);
    Ok(())
}

/// Locked and open cells of a table.
struct Formats {
    locked: Format,
    text: Format,
    count: Format,
    amount: Format,
    day: Format,
    rate: Format,
}

impl Formats {
    fn of(size: f64) -> Self {
        let open = || bordered(size, FormatAlign::Center, false).set_shrink().set_unlocked().set_background_color(OPEN);
        Formats {
            locked: bordered(size, FormatAlign::Center, true),
            text: bordered(size, FormatAlign::Left, true).set_unlocked().set_num_format("@").set_background_color(OPEN),
            count: open().set_num_format("0"),
            amount: open().set_num_format("0.######"),
            day: open().set_num_format("yyyy-mm-dd"),
            rate: bordered(size, FormatAlign::Center, false).set_num_format("0.00%"),
        }
    }
}

fn statistics(writer: &mut Writer, form: &Form, rows: &[Row]) -> Result<(), XlsxError> {
    let formats = Formats::of(writer.plan.size);
    let first = writer.row;
    let row_at = |at: usize| first + at as u32;
    let column_of = |id: &str| form.columns.iter().position(|column| column.id == id).map(|at| at as u16 + 1);
    let cell = |row: u32, column: u16| rust_xlsxwriter::utility::row_col_to_cell(row, column);
    for (at, row) in rows.iter().enumerate() {
        let place = row_at(at);
        writer.sheet.set_row_height(place, writer.plan.row.max(24.0))?;
        writer.sheet.write_string_with_format(place, 0, &row.label, &formats.locked)?;
        for (index, column) in form.columns.iter().enumerate() {
            let here = index as u16 + 1;
            match formula_of(column, row, rows, &|id| column_of(id).map(|column| cell(place, column)), &|other| {
                cell(row_at(other), here)
            }) {
                Some(formula) => {
                    let format =
                        if matches!(column.cell, CellRule::Rate { .. }) { &formats.rate } else { &formats.locked };
                    // Blank until a spreadsheet program computes it: nothing that nobody typed is read back.
                    writer.sheet.write_formula_with_format(
                        place,
                        here,
                        Formula::new(formula).set_result(""),
                        format,
                    )?;
                }
                None => {
                    let format = if column.unit == Unit::One { &formats.count } else { &formats.amount };
                    writer.sheet.write_blank(place, here, format)?;
                    writer.sheet.add_data_validation(place, here, place, here, &number(column.unit == Unit::One)?)?;
                }
            }
        }
    }
    writer.row += rows.len() as u32;
    Ok(())
}

/// The formula of a cell that nobody types into.
fn formula_of(
    column: &Column,
    row: &Row,
    rows: &[Row],
    in_row: &dyn Fn(&str) -> Option<String>,
    in_column: &dyn Fn(usize) -> String,
) -> Option<String> {
    if let CellRule::Rate { part, whole } = &column.cell {
        let (part, whole) = (in_row(part)?, in_row(whole)?);
        return Some(format!("=IF(N({whole})=0,\"\",{part}/{whole})"));
    }
    let all = |cells: Vec<String>| {
        let list = cells.join(",");
        Some(format!("=IF(COUNT({list})=0,\"\",SUM({list}))"))
    };
    if row.total {
        return all((0..rows.len()).filter(|at| !rows[*at].total).map(in_column).collect());
    }
    match &column.cell {
        CellRule::SumOf(parts) => all(parts.iter().filter_map(|part| in_row(part)).collect()),
        _ => None,
    }
}

fn number(whole: bool) -> Result<DataValidation, XlsxError> {
    let validation = match whole {
        true => DataValidation::new().allow_whole_number(DataValidationRule::Between(0, MOST_COUNT)),
        false => DataValidation::new().allow_decimal_number(DataValidationRule::Between(0.0, MOST_AMOUNT)),
    };
    let words = if whole { "请填不小于 0 的整数。" } else { "请填不小于 0 的数，单位见表头。" };
    validation.set_error_title("填写有误")?.set_error_message(words)
}

fn list<'e>(writer: &mut Writer, entries: &'e [Entry], choices: &mut Vec<&'e [String]>) -> Result<(), XlsxError> {
    let formats = Formats::of(writer.plan.size);
    let (first, last) = (writer.row, writer.row + LIST_ROWS - 1);
    for row in first..=last {
        writer.sheet.set_row_height(row, writer.plan.row.max(20.0))?;
    }
    for (at, entry) in entries.iter().enumerate() {
        let column = at as u16;
        let format = match entry {
            Entry::RowNumber => &formats.locked,
            Entry::Text | Entry::Choice(_) => &formats.text,
            Entry::Whole => &formats.count,
            Entry::Amount => &formats.amount,
            Entry::Day => &formats.day,
        };
        for row in first..=last {
            match entry {
                Entry::RowNumber => {
                    writer.sheet.write_number_with_format(row, column, f64::from(row - first + 1), format)?
                }
                _ => writer.sheet.write_blank(row, column, format)?,
            };
        }
        let validation = match entry {
            Entry::Whole => number(true)?,
            Entry::Amount => number(false)?,
            Entry::Day => {
                let (from, to) = (ExcelDateTime::from_ymd(1990, 1, 1)?, ExcelDateTime::from_ymd(2100, 12, 31)?);
                DataValidation::new()
                    .allow_date(DataValidationRule::Between(from, to))
                    .set_error_title("填写有误")?
                    .set_error_message("请填日期，如 2021-05-27。")?
            }
            Entry::Choice(of) if !of.is_empty() => {
                let place = FIRST_CHOICES + choices.len() as u16;
                choices.push(of);
                let name = rust_xlsxwriter::utility::column_number_to_name(place);
                let range = format!("={BLANK_SHEET}!${name}$1:${name}${}", of.len());
                DataValidation::new()
                    .allow_list_formula(Formula::new(range))
                    .set_error_title("填写有误")?
                    .set_error_message("请从列表中选择。")?
            }
            _ => continue,
        };
        writer.sheet.add_data_validation(first, column, last, column, &validation)?;
    }
    writer.row = last + 1;
    Ok(())
}
