//! 分地区汇总表: one row of a statistics form, a line for each office.

use std::collections::BTreeMap;

use campaign::model::{CellRule, Form, Row};

use crate::fill::{number, statistics_cells};
use crate::filled::{FilledCell, FilledForm, FilledLine, FilledRow, Stub};
use crate::header::header_grid;

const STUB: &str = "地区";
const TOTAL: &str = "合计";
const DOUBLED: &str = "其中重复";

/// Exact values by row and column, as the store answers.
type Cells = BTreeMap<(String, String), i64>;

/// An office's line: its code, its name, and what its records give.
pub struct OfficeLine {
    pub office: String,
    pub name: String,
    pub cells: Cells,
}

/// The filled form with a line for each office in place of its rows, and its own value of the row at the foot. Where the lines
/// add up to more, an enterprise say that two offices inspected, a last line says by how much.
pub fn by_office(form: &Form, row: &Row, filled: FilledForm, lines: &[OfficeLine], all: &Cells) -> FilledForm {
    let line = |id: &str, label: &str, total: bool, cells: &Cells| FilledRow {
        id: id.to_owned(),
        total,
        cells: statistics_cells(form, &row.id, label, cells),
    };
    let mut rows: Vec<FilledRow> =
        lines.iter().map(|office| line(&office.office, &office.name, false, &office.cells)).collect();
    rows.push(line(&row.id, TOTAL, true, all));
    let value = |cells: &Cells, column: &str| cells.get(&(row.id.clone(), column.to_owned())).copied().unwrap_or(0);
    let doubled = |column: &str| {
        let sum = lines.iter().fold(0i64, |sum, office| sum.saturating_add(value(&office.cells, column)));
        sum.saturating_sub(value(all, column)).max(0)
    };
    let mut cells = vec![FilledCell::Text(DOUBLED.to_owned())];
    cells.extend(form.columns.iter().map(|column| match (&column.cell, doubled(&column.id)) {
        (CellRule::Rate { .. }, _) | (_, 0) => FilledCell::Text(String::new()),
        (_, doubled) => number(doubled, column),
    }));
    if cells[1..].iter().any(|cell| !cell.text().is_empty()) {
        rows.push(FilledRow { id: DOUBLED.to_owned(), total: true, cells });
    }
    let stub = filled.stub.map(|stub| Stub { header: STUB.to_owned(), width: stub.width.max(30) });
    let mut head = filled.head;
    if !row.label.is_empty() && row.label != TOTAL {
        head.push(FilledLine { left: format!("统计行：{}", row.label), ..FilledLine::default() });
    }
    FilledForm {
        title: format!("{}（分地区）", filled.title),
        attachment: String::new(),
        header: header_grid(stub.as_ref(), &filled.columns),
        stub,
        head,
        rows,
        unsettled: filled.unsettled.into_iter().filter(|(at, _)| *at == row.id).collect(),
        ..filled
    }
}
