//! A filled form as JSON, for scripts and for the tests' golden values. Keys keep the order below; equal forms give equal
//! bytes.

use serde::Serialize;

use crate::filled::{FilledForm, FilledLine};

#[derive(Serialize)]
struct Document<'a> {
    form: &'a str,
    title: &'a str,
    office: &'a str,
    office_name: &'a str,
    as_of: String,
    date: String,
    stub: Option<&'a str>,
    header: Vec<&'a [String]>,
    columns: Vec<&'a str>,
    row_ids: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
    unsettled: &'a [(String, String)],
    head: Vec<Line<'a>>,
    foot: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    left: &'a str,
    centre: &'a str,
    right: &'a str,
}

/// One line of JSON, ended by a line feed. `header` is parallel to `columns`, which leave the stub out; `rows` are the
/// strings exactly as printed, the stub first where there is one.
pub fn json(filled: &FilledForm) -> String {
    let document = Document {
        form: &filled.form,
        title: &filled.title,
        office: &filled.office,
        office_name: &filled.office_name,
        as_of: filled.as_of.to_string(),
        date: filled.date.to_string(),
        stub: filled.stub.as_ref().map(|stub| stub.header.as_str()),
        header: filled.columns.iter().map(|column| column.path.as_slice()).collect(),
        columns: filled.columns.iter().map(|column| column.id.as_str()).collect(),
        row_ids: filled.rows.iter().map(|row| row.id.as_str()).collect(),
        rows: filled.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text()).collect()).collect(),
        unsettled: &filled.unsettled,
        head: lines(&filled.head),
        foot: lines(&filled.foot),
    };
    let mut text = serde_json::to_string(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn lines(lines: &[FilledLine]) -> Vec<Line<'_>> {
    lines.iter().map(|FilledLine { left, centre, right, .. }| Line { left, centre, right }).collect()
}
