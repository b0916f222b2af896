//! Answers become the strings a form prints. Values are computed here once, in integers; renderers only lay them out.

use std::collections::{BTreeMap, BTreeSet};

use campaign::answers::{AnswerCell, AnswerRow, Answers, Filling};
use campaign::model::{Body, Campaign, CellRule, Column, Figure, Form, InPeriod, Line, Row, Unit};
use domain::Date;
use domain::numbers::{Decimal, NO_RATE, Rate};

use crate::error::FormError;
use crate::filled::{FilledCell, FilledColumn, FilledForm, FilledLine, FilledRow, Stub};
use crate::header::header_grid;

/// Stands below a form whose row counted once takes in figures that were declared by row.
const MAY_DOUBLE: &str = "不重复计的一行含填报数，未去重。";

/// Lays the answers out as the form prints them: units, rates, row numbers, header spans, head and foot.
pub fn fill(campaign: &Campaign, form: &Form, filling: &Filling, answers: &Answers) -> Result<FilledForm, FormError> {
    let mismatch = || FormError::AnswersDoNotFit { form: form.id.clone() };
    let mut doubled = false;
    let (stub, rows, unsettled, unlisted) = match (&form.body, answers) {
        (Body::Statistics { stub, stub_width, rows, .. }, Answers::Statistics { cells, unsettled, at_most }) => {
            doubled = !at_most.is_empty();
            check_references(form)?;
            let filled = rows.iter().map(|row| statistics_row(form, row, cells)).collect();
            let unsettled = with_rates(form, rows, unsettled);
            let order = rows.iter().map(|row| row.id.as_str());
            let stub = Stub { header: stub.clone(), width: *stub_width };
            (Some(stub), filled, in_reading_order(form, order, &unsettled), Vec::new())
        }
        (Body::List { .. }, Answers::List { rows, unsettled }) => {
            let filled: Option<Vec<_>> =
                rows.iter().enumerate().map(|(index, row)| list_row(form, index, row)).collect();
            let order = rows.iter().map(|row| row.record.as_str());
            let printed: BTreeSet<&str> = order.clone().collect();
            let disputed: BTreeSet<&str> = unsettled.iter().map(|(row, _)| row.as_str()).collect();
            let unlisted = disputed.difference(&printed).map(|row| (*row).to_owned()).collect();
            (None, filled.ok_or_else(mismatch)?, in_reading_order(form, order, unsettled), unlisted)
        }
        _ => return Err(mismatch()),
    };
    let columns: Vec<FilledColumn> = form
        .columns
        .iter()
        .map(|column| FilledColumn {
            id: column.id.clone(),
            path: header(campaign, column, filling),
            width: column.width,
        })
        .collect();
    let lines = |lines: &[Line]| lines.iter().map(|line| filled_line(line, campaign, filling)).collect::<Vec<_>>();
    let mut head = lines(&form.head);
    if let Some(since) = filling.since {
        let period = format!("{}至{}（按发生日）", chinese_date(since), chinese_date(filling.as_of));
        head.push(FilledLine { centre: period, ..FilledLine::default() });
    }
    let mut foot = lines(&form.foot);
    if doubled {
        foot.push(FilledLine { left: MAY_DOUBLE.to_owned(), ..FilledLine::default() });
    }
    Ok(FilledForm {
        form: form.id.clone(),
        title: form.title.clone(),
        attachment: form.attachment.clone(),
        office: filling.office.to_string(),
        office_name: filling.office_name.clone(),
        as_of: filling.as_of,
        date: filling.date,
        paper: form.page.paper.clone(),
        landscape: form.page.landscape,
        head,
        foot,
        header: header_grid(stub.as_ref(), &columns),
        stub,
        columns,
        rows,
        unsettled,
        unlisted,
    })
}

/// A column's header; of a period the distinct ones are said to be those it is about.
fn header(campaign: &Campaign, column: &Column, filling: &Filling) -> Vec<String> {
    let mut path = column.header.clone();
    let CellRule::Figure { id, .. } = &column.cell else { return path };
    let counts = campaign.figure(id).map(Figure::in_period);
    if filling.since.is_some()
        && counts == Some(InPeriod::Distinct)
        && let Some(own) = path.last_mut()
    {
        own.push_str("（本期涉及）");
    }
    path
}

fn check_references(form: &Form) -> Result<(), FormError> {
    for column in &form.columns {
        if let CellRule::Rate { part, whole } = &column.cell {
            for id in [part, whole] {
                if !form.columns.iter().any(|other| other.id == *id) {
                    let (form, column) = (form.id.clone(), column.id.clone());
                    return Err(FormError::ColumnMissing { form, column, missing: id.clone() });
                }
            }
        }
    }
    Ok(())
}

fn statistics_row(form: &Form, row: &Row, cells: &BTreeMap<(String, String), i64>) -> FilledRow {
    FilledRow { id: row.id.clone(), total: row.is_of_rows(), cells: statistics_cells(form, &row.id, &row.label, cells) }
}

/// A row's cells under a label, the rates from the parts of the row.
pub(crate) fn statistics_cells(
    form: &Form,
    row: &str,
    label: &str,
    cells: &BTreeMap<(String, String), i64>,
) -> Vec<FilledCell> {
    let exact = |column: &str| cells.get(&(row.to_owned(), column.to_owned())).copied().unwrap_or(0);
    let mut filled = vec![FilledCell::Text(label.to_owned())];
    filled.extend(form.columns.iter().map(|column| match &column.cell {
        CellRule::Rate { part, whole } => rate(exact(part), exact(whole)),
        _ => number(exact(&column.id), column),
    }));
    filled
}

fn list_row(form: &Form, index: usize, row: &AnswerRow) -> Option<FilledRow> {
    if row.cells.len() != form.columns.len() {
        return None;
    }
    let cells = form.columns.iter().zip(&row.cells).map(|(column, answer)| list_cell(column, index, answer)).collect();
    Some(FilledRow { id: row.record.clone(), total: false, cells })
}

fn list_cell(column: &Column, index: usize, answer: &AnswerCell) -> FilledCell {
    match (&column.cell, answer) {
        (CellRule::RowNumber, _) => whole(index as i64 + 1),
        (_, AnswerCell::Blank) => FilledCell::Text(String::new()),
        (_, AnswerCell::Text(text)) => FilledCell::Text(text.clone()),
        (_, AnswerCell::Number(value)) => number(*value, column),
    }
}

/// A rate rests on what its two columns rest on.
fn with_rates(form: &Form, rows: &[Row], unsettled: &BTreeSet<(String, String)>) -> BTreeSet<(String, String)> {
    let mut all = unsettled.clone();
    for column in &form.columns {
        let CellRule::Rate { part, whole } = &column.cell else { continue };
        for row in rows {
            if [part, whole].iter().any(|id| unsettled.contains(&(row.id.clone(), (*id).clone()))) {
                all.insert((row.id.clone(), column.id.clone()));
            }
        }
    }
    all
}

fn in_reading_order<'a>(
    form: &Form,
    rows: impl Iterator<Item = &'a str>,
    unsettled: &BTreeSet<(String, String)>,
) -> Vec<(String, String)> {
    if unsettled.is_empty() {
        return Vec::new();
    }
    let of = |row: &'a str| form.columns.iter().map(move |column| (row.to_owned(), column.id.clone()));
    rows.flat_map(of).filter(|cell| unsettled.contains(cell)).collect()
}

/// Pieces and fen in the column's unit.
pub(crate) fn number(exact: i64, column: &Column) -> FilledCell {
    let decimal = match (column.unit, column.decimals) {
        (Unit::One, _) => return whole(exact),
        (unit, Some(decimals)) => Decimal::fixed(exact, unit.decimals(), decimals),
        (Unit::TenThousand, None) => Decimal::ten_thousand(exact),
        (Unit::TenThousandYuan, None) => Decimal::ten_thousand_yuan(exact),
    };
    FilledCell::Number { text: decimal.to_string(), value: decimal.value, scale: decimal.scale }
}

/// An exact number as a column prints it.
pub fn printed_number(exact: i64, column: &Column) -> String {
    number(exact, column).text().to_owned()
}

/// By how much a printed number rose (＋) or fell (−), as exactly as both are printed; `None` where one is no number.
pub fn rise(before: &FilledCell, after: &FilledCell) -> Option<String> {
    let parts = |cell: &FilledCell| match cell {
        FilledCell::Number { value, scale, .. } => Some((i128::from(*value), *scale, "")),
        FilledCell::Percent { hundredths, .. } => Some((i128::from(*hundredths), 2, "%")),
        FilledCell::Text(_) => None,
    };
    let ((before, before_scale, unit), (after, after_scale, other)) = (parts(before)?, parts(after)?);
    if unit != other {
        return None;
    }
    let scale = before_scale.max(after_scale);
    let difference = after * 10_i128.pow(scale - after_scale) - before * 10_i128.pow(scale - before_scale);
    let amount = Decimal::exact(i64::try_from(difference.abs()).ok()?, scale);
    let sign = if difference < 0 { "−" } else { "＋" };
    Some(format!("{sign}{amount}{unit}"))
}

fn whole(exact: i64) -> FilledCell {
    let decimal = Decimal::of(exact, 0);
    FilledCell::Number { text: decimal.to_string(), value: decimal.value, scale: decimal.scale }
}

fn rate(part: i64, whole: i64) -> FilledCell {
    match Rate::of(part, whole) {
        Some(rate) => FilledCell::Percent { text: rate.to_string(), hundredths: rate.hundredths },
        None => FilledCell::Text(NO_RATE.to_owned()),
    }
}

/// 2021年5月27日, as a printed date.
pub fn chinese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Room to sign or write by hand, about four characters wide.
const TO_WRITE_ON: &str = "________";

fn or_to_write_on(known: &str) -> &str {
    if known.trim().is_empty() { TO_WRITE_ON } else { known }
}

fn filled_line(line: &Line, campaign: &Campaign, filling: &Filling) -> FilledLine {
    let mut seal = false;
    let mut part = |template: &str| substitute(template, campaign, filling, &mut seal);
    let (left, centre, right) = (part(&line.left), part(&line.centre), part(&line.right));
    FilledLine { left, centre, right, seal }
}

/// One pass, so that an office named `{date}` stays an office. What is not a placeholder is printed as it stands.
fn substitute(template: &str, campaign: &Campaign, filling: &Filling, seal: &mut bool) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find('}').map_or(rest.len(), |at| at + 1);
        let (name, after) = rest.split_at(close);
        match name {
            "{office}" => text.push_str(&filling.office_name),
            "{campaign}" => text.push_str(&campaign.title),
            "{date}" => text.push_str(&chinese_date(filling.date)),
            "{as_of}" => text.push_str(&filling.as_of.to_string()),
            "{as_of_cn}" => text.push_str(&chinese_date(filling.as_of)),
            "{filler}" => text.push_str(or_to_write_on(&filling.filler)),
            "{phone}" => text.push_str(or_to_write_on(&filling.phone)),
            "{reviewer}" => text.push_str(or_to_write_on(&filling.reviewer)),
            "{approver}" => text.push_str(or_to_write_on(&filling.approver)),
            "{seal}" => *seal = true,
            _ => {
                text.push('{');
                rest = &rest[1..];
                continue;
            }
        }
        rest = after;
    }
    text.push_str(rest);
    text
}
