//! A sheet of an XLSX workbook as rows of cells that say what they show. What the file claims about itself is not believed:
//! everything is counted as it is read. Nothing is computed; where a cell holds a formula, the value the spreadsheet last
//! showed there is taken as it stands.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};
use domain::Notice;

use super::format::{Format, Shown};
use super::number::number_text;
use super::table::{MOST_COLUMNS, MOST_ROWS, Merged, Table, too_long};

/// What a workbook unpacks to, in bytes, and of how many parts.
const MOST_UNPACKED: u64 = 512 << 20;
const MOST_ENTRIES: usize = 1_000;

/// Merged cells of a sheet.
const MOST_MERGED: usize = 200_000;

pub fn of_workbook(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Table, Notice> {
    within_limits(&bytes)?;
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| unreadable(error.to_string()))?;
    let sheets = workbook.sheet_names();
    let chosen = match sheet {
        Some(sheet) => sheets.iter().find(|known| *known == sheet),
        None => sheets.first(),
    };
    let sheet = chosen.cloned().ok_or_else(|| unreadable("sheet".to_owned()))?;
    let from_1904 = workbook.has_1904_epoch();
    let (rows, exact) = cells_of(&mut workbook, &sheet)?;
    let regions = workbook.merge_cells_by_sheet_name(&sheet).map_err(|error| unreadable(error.to_string()))?;
    let merged = regions.into_iter().take(MOST_MERGED).map(|region| Merged {
        rows: (region.start.0 + 1, region.end.0.saturating_add(1)),
        columns: (region.start.1, region.end.1),
    });
    let mut table = Table::of(rows.into_iter().map(Ok))?;
    table.exact = exact;
    table.from_1904 = from_1904;
    table.merge(merged.collect());
    Ok(Table { sheets, sheet: Some(sheet), ..table })
}

/// The names of the sheets of a workbook.
pub fn sheets_of_workbook(bytes: &[u8]) -> Result<Vec<String>, Notice> {
    within_limits(bytes)?;
    let workbook: Result<Xlsx<_>, calamine::XlsxError> = Xlsx::new(Cursor::new(bytes));
    Ok(workbook.map_err(|error| unreadable(error.to_string()))?.sheet_names())
}

fn unreadable(detail: String) -> Notice {
    Notice::new("paste-unreadable").with("detail", detail)
}

type Cells = (Vec<(u32, Vec<String>)>, HashMap<(u32, u32), String>);

fn cells_of(workbook: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Result<Cells, Notice> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|error| unreadable(error.to_string()))?;
    let codes: Vec<String> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()).unwrap_or_default())
        .collect();
    let mut formats: HashMap<usize, Format> = HashMap::new();
    // By cell, because a sheet with two cells at opposite corners has seventeen thousand million in between.
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    let mut exact = HashMap::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|error| unreadable(error.to_string()))? {
        let (row, column) = cell.get_position();
        let code = codes.get(style).map(String::as_str).unwrap_or_default();
        let format = formats.entry(style).or_insert_with(|| Format::of(code));
        let shown = shown(cell.get_value(), format, code);
        if shown.text.trim().is_empty() {
            continue;
        }
        if column as usize >= MOST_COLUMNS {
            return Err(Notice::new("paste-too-wide").with("count", column + 1).with("limit", MOST_COLUMNS));
        }
        if rows.last().is_none_or(|(line, _)| *line != row + 1) {
            if rows.len() == MOST_ROWS {
                return Err(too_long());
            }
            rows.push((row + 1, Vec::new()));
        }
        if shown.exact != shown.text {
            exact.insert((row + 1, column), shown.exact);
        }
        if let Some((_, cells)) = rows.last_mut() {
            let column = column as usize;
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = shown.text;
        }
    }
    Ok((rows, exact))
}

/// Unpacks everything once to nowhere: what an archive says of its sizes proves nothing.
fn within_limits(bytes: &[u8]) -> Result<(), Notice> {
    let too_large = || Notice::new("paste-too-large").with("limit", MOST_UNPACKED >> 20);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(error.to_string()))?;
    let mut left = MOST_UNPACKED;
    if archive.len() > MOST_ENTRIES {
        return Err(too_large());
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| unreadable(error.to_string()))?;
        let read = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink())
            .map_err(|error| unreadable(error.to_string()))?;
        left = left.checked_sub(read).ok_or_else(too_large)?;
    }
    Ok(())
}

fn shown(value: &DataRef, format: &Format, code: &str) -> Shown {
    let number = |number: f64| {
        let plain = || Shown { text: number_text(number), exact: number_text(number) };
        format.of_number(number).unwrap_or_else(plain)
    };
    let text = match value {
        DataRef::Int(whole) => return number(*whole as f64),
        DataRef::Float(value) => return number(*value),
        DataRef::Empty => String::new(),
        DataRef::String(text) => format.of_text(text).unwrap_or_else(|| text.clone()),
        DataRef::SharedString(text) => format.of_text(text).unwrap_or_else(|| (*text).to_owned()),
        DataRef::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => moment_text(moment, Format::shows_only_month(code)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => Data::Error(error.clone()).to_string(),
    };
    Shown { exact: text.clone(), text }
}

pub fn moment_text(moment: &ExcelDateTime, only_month: bool) -> String {
    let serial = moment.as_f64();
    if !moment.is_datetime() || serial < 1.0 {
        // A time of day: hours and minutes.
        let minutes = (serial.fract() * 1_440.0).round() as i64;
        return format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    match only_month {
        true => format!("{year:04}年{month:02}月"),
        false => format!("{year:04}-{month:02}-{day:02}"),
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format as Cell, Formula};

    use super::*;

    fn cells(table: &Table) -> Vec<Vec<&str>> {
        table.rows.iter().map(|(_, cells)| cells.iter().map(String::as_str).collect()).collect()
    }

    fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        workbook.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "不是表格").unwrap();
        fill(workbook.add_worksheet().set_name("数据").unwrap());
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn a_workbook_is_read_as_it_shows() {
        let bytes = workbook(|sheet| {
            let day = Cell::new().set_num_format("yyyy/m/d");
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
    fn formats_are_read_as_they_show_with_every_digit() {
        let bytes = workbook(|sheet| {
            let put = |sheet: &mut rust_xlsxwriter::Worksheet, column, number, code: &str| {
                sheet.write_number_with_format(0, column, number, &Cell::new().set_num_format(code)).unwrap();
            };
            put(sheet, 0, 12.0, "000000");
            put(sheet, 1, 5.0, "0\"万只\"");
            put(sheet, 2, 1.2345, "0.00");
            put(sheet, 3, 44_197.0, "yyyy\"年\"m\"月\"");
            sheet.write_string_with_format(0, 4, "安康", &Cell::new().set_num_format("@\"口罩厂\"")).unwrap();
        });
        let table = of_workbook(bytes, Some("数据")).unwrap();
        assert_eq!(cells(&table), [["000012", "5万只", "1.23", "2021年01月", "安康口罩厂"]]);
        assert_eq!(table.exact(1, 2), Some("1.2345"));
        assert_eq!(table.exact(1, 1), None, "only where rounding hides something");
    }

    #[test]
    fn what_is_merged_downwards_belongs_to_every_row() {
        let bytes = workbook(|sheet| {
            let plain = Cell::new();
            sheet.merge_range(0, 0, 0, 2, "抽检情况", &plain).unwrap();
            sheet.merge_range(1, 0, 2, 0, "甲厂", &plain).unwrap();
            for (row, number) in [(1, "K1"), (2, "K2"), (3, "K3")] {
                sheet.write_string(row, 1, number).unwrap();
            }
        });
        let table = of_workbook(bytes, Some("数据")).unwrap();
        assert_eq!(cells(&table), [vec!["抽检情况"], vec!["甲厂", "K1"], vec!["甲厂", "K2"], vec!["", "K3"]]);
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
        assert!(bomb.len() < 2_000_000);
        assert_eq!(of_workbook(bomb, None).unwrap_err().code, "paste-too-large");
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
}
