//! An attachment as a table of a DOCX: heads merged as issued and repeated on every page, rows that stay whole.

use super::package::{SANS, SONG};
use super::xml::{TWIPS, fonts, paragraph, run, sheet};
use crate::filled::{FilledForm, FilledLine, HeaderCell};
use crate::layout::{self, Sheet};

/// Left and right of a cell's text, in twentieths of a point.
const PADDING: f64 = 44.0;
/// The page number's place above the lower edge, in millimetres.
const NUMBER: f64 = 8.0;
/// Above a line the seal stands on, in twentieths of a point: it reaches up beside the title.
const SEAL: u32 = 900;

/// The least height of a row of the head, in twentieths of a point.
const HEADER: f64 = 400.0;

/// The form's paragraphs and table, and the measures of its pages.
pub(super) fn attachment(form: &FilledForm) -> (String, String) {
    let laid = Sheet::of(form);
    let room = twips(laid.columns.iter().sum());
    let mut body = String::new();
    body.push_str(&paragraph("Attachment", "", &run(&form.attachment, &fonts(SANS))));
    body.push_str(&paragraph("AttachmentTitle", "", &run(&form.title, "")));
    for line in &form.head {
        body.push_str(&of_line(line, room, "24"));
    }
    body.push_str(&table(form, &laid));
    for line in &form.foot {
        body.push_str(&of_line(line, room, "21"));
    }
    // A table is never a document's last word.
    if form.foot.is_empty() {
        body.push_str(&paragraph("TableText", "", ""));
    }
    (body, sheet((laid.width, laid.height), laid.margins, NUMBER, false))
}

/// Text at the left, in the middle and at the right, by tab stops.
fn of_line(line: &FilledLine, room: u32, size: &str) -> String {
    let before = if line.seal { SEAL } else { 60 };
    let tabs = format!(
        r#"<w:keepNext/><w:tabs><w:tab w:val="center" w:pos="{}"/><w:tab w:val="right" w:pos="{room}"/></w:tabs><w:spacing w:before="{before}" w:after="60" w:line="240" w:lineRule="auto"/><w:jc w:val="left"/>"#,
        room / 2
    );
    let letters = format!(r#"{}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#, fonts(SONG));
    let tab = "<w:r><w:tab/></w:r>";
    let (centre, right) = (run(&line.centre, &letters), run(&line.right, &letters));
    let rest = match (line.centre.is_empty(), line.right.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("{tab}{centre}"),
        _ => format!("{tab}{centre}{tab}{right}"),
    };
    paragraph("TableText", &tabs, &(run(&line.left, &letters) + &rest))
}

fn table(form: &FilledForm, laid: &Sheet) -> String {
    let widths: Vec<u32> = laid.columns.iter().map(|width| twips(*width)).collect();
    let grid: String = widths.iter().map(|width| format!(r#"<w:gridCol w:w="{width}"/>"#)).collect();
    let border = |side: &str| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#);
    let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"].into_iter().map(border).collect();
    let mut written = format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{PADDING}" w:type="dxa"/><w:right w:w="{PADDING}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"#,
        widths.iter().sum::<u32>()
    );
    let cells = Cells { widths: &widths, size: laid.size };
    for level in 0..form.header.levels {
        written.push_str(&cells.header(form, laid, level));
    }
    let left = left_columns(form, laid);
    let height = (laid.row * 20.0).round();
    for row in &form.rows {
        let of_row = row.cells.iter().enumerate();
        let of_row: String = of_row.map(|(at, cell)| cells.cell(at, 1, "", cell.text(), left[at])).collect();
        written.push_str(&row_of(height, "<w:cantSplit/>", &of_row));
    }
    let blank: String = (0..widths.len()).map(|at| cells.cell(at, 1, "", "", false)).collect();
    let blanks = if form.rows.is_empty() { layout::BLANK_ROWS } else { 0 };
    written.push_str(&row_of(height, "", &blank).repeat(blanks));
    written + "</w:tbl>"
}

/// Columns of long texts read better from the left.
fn left_columns(form: &FilledForm, laid: &Sheet) -> Vec<bool> {
    let ems: Vec<f64> = (0..form.width()).map(|column| laid.room(column, 1) / laid.size).collect();
    let (_, longest) = layout::most_lines(form, &ems, &layout::advance);
    longest.into_iter().map(|lines| lines > layout::CENTRED_LINES).collect()
}

fn row_of(height: f64, own: &str, cells: &str) -> String {
    format!(r#"<w:tr><w:trPr>{own}<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>{cells}</w:tr>"#)
}

struct Cells<'a> {
    /// In twentieths of a point.
    widths: &'a [u32],
    /// Of the letters, in points.
    size: f64,
}

impl Cells<'_> {
    /// One level of the head. What reaches down from a level above goes on there, as the format wants it.
    fn header(&self, form: &FilledForm, laid: &Sheet, level: u32) -> String {
        let mut row = String::new();
        let mut column = 0;
        while column < form.width() as u32 {
            let covers = |cell: &&HeaderCell| {
                (cell.level..cell.level + cell.rows).contains(&level)
                    && (cell.column..cell.column + cell.columns).contains(&column)
            };
            let Some(cell) = form.header.cells.iter().find(covers) else { break };
            let (text, merged) = match (cell.rows, cell.level == level) {
                (1, _) => (cell.text.as_str(), ""),
                (_, true) => (cell.text.as_str(), r#"<w:vMerge w:val="restart"/>"#),
                (_, false) => ("", "<w:vMerge/>"),
            };
            let room = laid.room(cell.column as usize, cell.columns as usize) / laid.size;
            let text = layout::balanced(text, room, &layout::advance);
            row.push_str(&self.cell(column as usize, cell.columns as usize, merged, &text, false));
            column = cell.column + cell.columns;
        }
        row_of(HEADER, "<w:cantSplit/><w:tblHeader/>", &row)
    }

    fn cell(&self, column: usize, columns: usize, merged: &str, text: &str, left: bool) -> String {
        let width: u32 = self.widths[column..column + columns].iter().sum();
        let span = if columns > 1 { format!(r#"<w:gridSpan w:val="{columns}"/>"#) } else { String::new() };
        let size = (self.size * 2.0).round();
        let letters = format!(r#"<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#);
        let side = if left { r#"<w:jc w:val="left"/>"# } else { "" };
        let lines: Vec<String> = text.split('\n').map(|line| run(line, &letters)).collect();
        let words = paragraph("TableText", side, &lines.join("<w:r><w:br/></w:r>"));
        format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}<w:vAlign w:val="center"/></w:tcPr>{words}</w:tc>"#
        )
    }
}

fn twips(millimetres: f64) -> u32 {
    (millimetres * TWIPS).round() as u32
}
