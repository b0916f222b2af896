//! The spreadsheet, read back by another library.

mod support;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use campaign::answers::Answers;
use chrono::{NaiveDate, NaiveDateTime};
use support::*;
use sweepbook_forms::{FilledCell, FilledForm, xlsx};

fn moment() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2021, 5, 28).unwrap().and_hms_opt(9, 30, 0).unwrap()
}

struct Book {
    cells: calamine::Range<Data>,
    merged: Vec<(u32, u32, u32, u32)>,
}

fn read(filled: &FilledForm) -> Book {
    let mut book = Xlsx::new(Cursor::new(xlsx(filled, moment()).unwrap())).unwrap();
    let name = book.sheet_names()[0].clone();
    let merged = book.merge_cells_by_sheet_name(&name).unwrap().into_iter();
    let merged = merged.map(|area| (area.start.0, area.start.1, area.end.0, area.end.1)).collect();
    Book { cells: book.worksheet_range(&name).unwrap(), merged }
}

/// One file of the package.
fn part(filled: &FilledForm, name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(xlsx(filled, moment()).unwrap())).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn numbers_are_numbers_and_header_cells_are_merged() {
    let filled = filled(&survey(), &survey_rows(2));
    let book = read(&filled);
    let at = |row, column| book.cells.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    assert_eq!(at(0, 0), Data::String("附件".to_owned()));
    assert_eq!(at(1, 0), Data::String("非医用口罩生产企业调查汇总表".to_owned()));
    assert_eq!(at(2, 0), Data::String("填报单位：永宁县市场监督管理局".to_owned()));
    // Three header levels, from row 3.
    for cell in &filled.header.cells {
        let (top, left) = (3 + cell.level, cell.column);
        // Breaks stand where the column is too narrow for the words, and are no part of them.
        assert_eq!(at(top, left).to_string().replace('\n', ""), cell.text);
        if cell.rows * cell.columns > 1 {
            let area = (top, left, top + cell.rows - 1, left + cell.columns - 1);
            assert!(book.merged.contains(&area), "{} {area:?} {:?}", cell.text, book.merged);
        }
    }
    assert_eq!(at(6, 0), Data::Float(1.0));
    assert_eq!(at(6, 2), Data::String("91640100MA76P1XT0N".to_owned()));
    assert_eq!(at(6, 6), Data::String("√".to_owned()));
    assert_eq!(at(6, 12), Data::Float(150_000.0));
    assert_eq!(at(8, 0), Data::String("注：产品品种主要指：防尘口罩、日常防护型口罩、儿童口罩。".to_owned()));
}

#[test]
fn every_value_reads_back_as_it_prints() {
    for form in [cases(), sweep(), violations()] {
        let filled = filled(&form, &full(&form));
        let book = read(&filled);
        let top = 2 + filled.head.len() as u32 + filled.header.levels;
        for (down, row) in filled.rows.iter().enumerate() {
            for (across, cell) in row.cells.iter().enumerate() {
                let found = book.cells.get_value((top + down as u32, across as u32)).unwrap();
                match (cell, found) {
                    (FilledCell::Number { text, .. }, Data::Float(number)) => assert_eq!(&number.to_string(), text),
                    (FilledCell::Percent { text, .. }, Data::Float(number)) => {
                        assert_eq!(&format!("{:.2}%", number * 100.0), text);
                    }
                    (FilledCell::Text(text), Data::String(found)) => assert_eq!(found, text),
                    (cell, found) => panic!("{} {} {cell:?} {found:?}", form.id, row.id),
                }
            }
        }
    }
}

#[test]
fn number_formats_show_the_printed_digits() {
    let filled = filled(&cases(), &statistics(&[("price", "penalty", 12_500_000), ("quality", "penalty", 12_345_600)]));
    let styles = part(&filled, "xl/styles.xml");
    assert!(styles.contains(r#"formatCode="0.0""#), "12.5 shows one decimal");
    assert!(styles.contains(r#"formatCode="0.0000""#), "12.3456 shows four");
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    let hostile = [
        "=HYPERLINK(\"http://example.invalid\",\"点\")",
        "+1+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "－2",
        "=1",
        "_x0041_",
        "<script>alert(1)</script>&amp;",
        "http://example.invalid",
        "0012",
        "1e5",
        "TRUE",
        "2021-03-01",
    ];
    for text in hostile {
        let mut answers = sample_rows(1);
        let Answers::List { rows, .. } = &mut answers else { unreachable!() };
        rows[0].cells[1] = support::text(text);
        let filled = filled(&samples(), &answers);
        assert_eq!(read(&filled).cells.get_value((4, 1)), Some(&Data::String(text.to_owned())), "{text}");
        let sheet = part(&filled, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "{text}");
        if text.starts_with(['=', '+', '-', '@', '＝', '－']) {
            assert!(part(&filled, "xl/styles.xml").contains("quotePrefix=\"1\""), "{text} stays text when edited");
        }
    }
}

#[test]
fn it_prints_like_the_attachment() {
    let form = violations();
    let filled = filled(&form, &full(&form));
    let sheet = part(&filled, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"paperSize="9""#), "A4");
    assert!(sheet.contains(r#"orientation="landscape""#));
    assert!(sheet.contains(r#"fitToHeight="0""#) && sheet.contains(r#"<pageSetUpPr fitToPage="1"/>"#));
    assert!(sheet.contains(r#"horizontalCentered="1""#));
    assert!(sheet.contains("第&amp;P页 共&amp;N页"));
    let workbook = part(&filled, "xl/workbook.xml");
    assert!(workbook.contains("_xlnm.Print_Titles") && workbook.contains("$4:$5"), "{workbook}");
    assert!(workbook.contains("_xlnm.Print_Area"));
    let styles = part(&filled, "xl/styles.xml");
    assert!(styles.contains("宋体") && styles.contains("黑体") && styles.contains("方正小标宋简体"));
}

#[test]
fn equal_forms_are_equal_bytes() {
    let filled = filled(&samples(), &sample_rows(6_000));
    assert_eq!(xlsx(&filled, moment()).unwrap(), xlsx(&filled, moment()).unwrap());
    let core = part(&filled, "docProps/core.xml");
    assert!(core.contains("2021-05-28T09:30:00Z"), "{core}");
    let book = read(&filled);
    assert_eq!(book.cells.height(), 4 + 6_000, "rows written as they come are all there");
    assert_eq!(book.cells.get_value((6_003, 0)), Some(&Data::Float(6_000.0)));
}

#[test]
fn unsettled_cells_are_marked_and_said() {
    let mut filled = filled(&cases(), &statistics(&[]));
    filled.unsettled = vec![("quality".to_owned(), "filed".to_owned())];
    let book = read(&filled);
    assert_eq!(book.cells.get_value((0, 8)), Some(&Data::String("预览 · 含未决冲突".to_owned())));
    assert!(part(&filled, "xl/styles.xml").contains("FFFDDEDE"));
}

#[test]
fn a_text_too_long_for_a_cell_is_named() {
    let mut answers = sample_rows(2);
    let Answers::List { rows, .. } = &mut answers else { unreachable!() };
    rows[1].cells[10] = support::text(&"长".repeat(32_768));
    let error = xlsx(&filled(&samples(), &answers), moment()).unwrap_err();
    assert_eq!(error.code(), "cell-too-long-for-xlsx");
    assert_eq!(error.notice().arg("column"), Some("后处理措施"));
    let row = error.notice().arg("row").unwrap().to_owned();
    assert!(row.starts_with("2 ") && !row.contains("0190a6e4"), "{row}");
}

/// The heights of the rows of a sheet, in points.
fn heights(sheet: &str) -> Vec<f64> {
    let of = |row: &str| row.split(r#" ht=""#).nth(1)?.split('"').next()?.parse().ok();
    sheet.split("<row ").skip(1).map(|row| of(row).unwrap_or(0.0)).collect()
}

#[test]
fn no_text_is_lost_in_a_row_that_cannot_be_tall_enough() {
    for (length, rows_wanted) in [(120, 1), (300, 1), (3_000, 0)] {
        let words: String = (0..length).map(|at| char::from_u32(0x4E00 + at % 3_000).unwrap()).collect();
        let mut answers = sample_rows(3);
        let Answers::List { rows, .. } = &mut answers else { unreachable!() };
        rows[1].cells[10] = support::text(&words);
        rows[1].cells[5] = support::text("不合格");
        let filled = filled(&samples(), &answers);
        let column = 10;
        let book = read(&filled);
        let sheet = part(&filled, "xl/worksheets/sheet1.xml");
        assert!(heights(&sheet).iter().all(|height| *height <= 409.0), "{length}: {:?}", heights(&sheet));
        let top = 2 + filled.head.len() as u32 + filled.header.levels;
        let text = |row: u32, column: u32| match book.cells.get_value((row, column)) {
            Some(Data::String(text)) => text.clone(),
            _ => String::new(),
        };
        let below = book.cells.height() as u32 - top - 2;
        assert!(rows_wanted == 0 || below == rows_wanted, "{length}: {below} rows for one record");
        let found: String = (0..below).map(|row| text(top + 1 + row, column)).collect();
        assert_eq!(found.replace('\n', ""), words, "{length}");
        // What fits is printed large enough to be read, and the row after it is where it belongs.
        let styles = part(&filled, "xl/styles.xml");
        assert!(!styles.contains(r#"<sz val="5"#), "no letters below 6 points");
        assert_eq!(book.cells.get_value((top + 1 + below, 0)), Some(&Data::Float(3.0)));
        // Each row has room for the lines of its text, by the measure the page is laid out with.
        assert!(length < 3_000 || below > 1);
    }
}

#[test]
fn titles_are_not_made_bold_and_brackets_are_not_parted() {
    let filled = filled(&cases(), &full(&cases()));
    assert!(!part(&filled, "xl/styles.xml").contains("<b/>"), "小标宋 has its weight already");
    let strings = part(&filled, "xl/sharedStrings.xml");
    assert!(strings.contains("\n(人次)") || strings.contains("出动执法人员(人次)"), "{strings}");
    let narrow = support::filled_narrow(&cases(), &full(&cases()), 12);
    let strings = part(&narrow, "xl/sharedStrings.xml");
    assert!(strings.contains("\n(人次)"), "{strings}");
}

#[test]
fn a_blank_list_can_be_filled_in_by_hand() {
    let sheet = part(&filled(&samples(), &sample_rows(0)), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"<row r="14""#), "ten bordered rows follow the header");
}
