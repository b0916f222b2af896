//! Attachment tables as the page shows them: the filled form, its real pages, and where each printed cell stands on them.

use app::failure::{Outcome, Problem};
use app::forms::FillRequest;
use app::forms::declarable::DeclarableForm;
use app::forms::diff::{FormChange, RowChange, RowState};
use app::forms::place::CellPlace;
use app::forms::trace::TracePage;
use app::messages::Language;
use app::records::rows::Hit;
use app::session::Reading;
use app::{Filled, FilledColumn, FilledForm, HeaderCell};
use domain::Notice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::files::ChosenFile;
use crate::views::{Nothing, Written};

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FillForm {
    pub form: String,
    pub as_of: String,
    /// Null for the book's own office.
    pub office: Option<String>,
    /// The printed date; null for the cut-off.
    pub date: Option<String>,
    /// The first day of a period, counted by the day of each event; null from the campaign's first day on.
    #[serde(default)]
    #[ts(optional)]
    pub since: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteForm {
    pub filling: FillForm,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TraceCell {
    pub filling: FillForm,
    pub row: String,
    pub column: String,
    /// The number of the first record wanted, from 0.
    pub first: u32,
    pub limit: u32,
}

/// All the records behind a cell.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteTrace {
    pub filling: FillForm,
    pub row: String,
    pub column: String,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CellsOf {
    pub id: String,
    pub as_of: String,
}

#[derive(Debug, Serialize, TS)]
pub struct FilledView {
    pub form: String,
    pub title: String,
    /// The header of the column of row labels; null for a list.
    pub stub: Option<String>,
    pub columns: Vec<ColumnView>,
    pub levels: u32,
    pub header: Vec<HeaderView>,
    /// Where the form has more rows than pages can hold, the first of them.
    pub rows: Vec<RowView>,
    pub rows_in_all: u32,
    /// Row and column of every cell on an open conflict.
    pub unsettled: Vec<(String, String)>,
    /// The pages as SVG; none where there are too many rows for pages, which `warnings` then says.
    pub pages: Vec<String>,
    pub boxes: Vec<BoxView>,
    /// Records that would be rows if an open conflict were decided the other way.
    pub unlisted: Vec<Hit>,
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CompareForm {
    pub filling: FillForm,
    /// The cut-off to compare with.
    pub earlier: String,
}

/// What becomes of a form, in the words it prints.
#[derive(Debug, Serialize, TS)]
pub struct FormChangeView {
    pub form: String,
    pub title: String,
    pub rows: Vec<RowChangeView>,
    /// Changed cells, listed or not.
    pub cells_in_all: u64,
}

#[derive(Debug, Serialize, TS)]
pub struct RowChangeView {
    pub row: String,
    pub label: String,
    pub state: RowState,
    pub cells: Vec<CellChangeView>,
}

#[derive(Debug, Serialize, TS)]
pub struct CellChangeView {
    pub column: String,
    pub label: String,
    pub before: String,
    pub after: String,
    /// By how much a number rose (＋) or fell (−); null where one of the two is no number.
    pub by: Option<String>,
    /// It rests on an open conflict afterwards, and did not before.
    pub unsettled: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct ColumnView {
    pub id: String,
    pub path: Vec<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct HeaderView {
    pub text: String,
    pub level: u32,
    pub column: u32,
    pub rows: u32,
    pub columns: u32,
}

impl From<FilledColumn> for ColumnView {
    fn from(column: FilledColumn) -> Self {
        ColumnView { id: column.id, path: column.path }
    }
}

impl From<HeaderCell> for HeaderView {
    fn from(cell: HeaderCell) -> Self {
        let HeaderCell { text, level, column, rows, columns } = cell;
        HeaderView { text, level, column, rows, columns }
    }
}

#[derive(Debug, Serialize, TS)]
pub struct RowView {
    pub id: String,
    pub total: bool,
    /// As printed, the stub first where there is one.
    pub cells: Vec<String>,
}

/// A printed cell on its page, in the page's own units from its upper left corner.
#[derive(Debug, Serialize, TS)]
pub struct BoxView {
    pub page: usize,
    pub row: String,
    /// Empty for the column of row labels.
    pub column: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Forms that are a spreadsheet's business are not shown as pages, and by their first rows only.
const TOO_LONG: [&str; 2] = ["too-many-rows-for-pdf", "too-much-text-for-pdf"];
const FIRST_ROWS: usize = 500;

pub fn declarable(session: &Reading, _: Nothing, language: Language) -> Outcome<Vec<DeclarableForm>> {
    Ok(session.declarable_forms(language))
}

/// At most this many records are answered at once.
const MOST_TRACED: u32 = 500;
pub(crate) fn request(input: &FillForm) -> Outcome<FillRequest> {
    Ok(FillRequest {
        office: input.office.as_deref().map(str::parse).transpose()?,
        date: input.date.as_deref().map(str::parse).transpose()?,
        since: input.since.as_deref().map(str::parse).transpose()?,
        ..FillRequest::new(&input.form, input.as_of.parse()?)
    })
}

pub fn fill(session: &Reading, input: FillForm, language: Language) -> Outcome<FilledView> {
    filled_view(session, session.fill_to_look_at(&request(&input)?)?, language)
}

/// A filled form with its pages and where its cells stand on them.
pub(crate) fn filled_view(session: &Reading, mut filled: Filled, language: Language) -> Outcome<FilledView> {
    let pages = match session.preview(&mut filled) {
        Ok(pages) => Some(pages),
        Err(failure) if TOO_LONG.contains(&failure.code()) => {
            filled.warnings.extend(failure.notices);
            None
        }
        Err(failure) => return Err(failure),
    };
    let boxes = pages
        .iter()
        .flat_map(|pages| pages.cells())
        .map(|cell| BoxView {
            page: cell.page,
            row: cell.row_id,
            column: cell.column_id,
            x: cell.x,
            y: cell.y,
            width: cell.width,
            height: cell.height,
        })
        .collect();
    let warnings = filled.warnings.iter().map(|notice| Problem::of(notice, language)).collect();
    let unlisted = filled.form.unlisted.iter().map(|id| id.parse()).collect::<Result<Vec<_>, Notice>>()?;
    let unlisted = session.record_hits(&unlisted)?;
    let in_all = filled.form.rows.len();
    if pages.is_none() {
        filled.form.rows.truncate(FIRST_ROWS);
    }
    let pages = pages.map(|pages| pages.svgs()).unwrap_or_default();
    let view = view(filled.form, pages, boxes, unlisted, warnings);
    Ok(FilledView { rows_in_all: in_all as u32, ..view })
}

pub fn differences(session: &Reading, input: CompareForm, language: Language) -> Outcome<FormChangeView> {
    let change = session.differences(&request(&input.filling)?, input.earlier.parse()?)?;
    Ok(change_view(session, language, change))
}

pub(crate) fn change_views(session: &Reading, language: Language, changes: Vec<FormChange>) -> Vec<FormChangeView> {
    changes.into_iter().map(|change| change_view(session, language, change)).collect()
}

fn change_view(session: &Reading, language: Language, change: FormChange) -> FormChangeView {
    let FormChange { form, rows, cells_in_all } = change;
    let row = |row: RowChange| RowChangeView {
        cells: row
            .cells
            .into_iter()
            .map(|cell| CellChangeView {
                label: session.cell_place(language, &form, &row.row, &cell.column).column_label,
                column: cell.column,
                before: cell.before,
                after: cell.after,
                by: cell.by,
                unsettled: cell.unsettled,
            })
            .collect(),
        row: row.row,
        label: row.label,
        state: row.state,
    };
    let rows = rows.into_iter().map(row).collect();
    FormChangeView { title: session.cell_place(language, &form, "", "").form_title, form, rows, cells_in_all }
}

fn view(
    form: FilledForm,
    pages: Vec<String>,
    boxes: Vec<BoxView>,
    unlisted: Vec<Hit>,
    warnings: Vec<Problem>,
) -> FilledView {
    FilledView {
        form: form.form,
        title: form.title,
        stub: form.stub.map(|stub| stub.header),
        columns: form.columns.into_iter().map(ColumnView::from).collect(),
        levels: form.header.levels,
        header: form.header.cells.into_iter().map(HeaderView::from).collect(),
        rows_in_all: form.rows.len() as u32,
        rows: form
            .rows
            .into_iter()
            .map(|row| RowView {
                id: row.id,
                total: row.total,
                cells: row.cells.iter().map(|cell| cell.text().to_owned()).collect(),
            })
            .collect(),
        unsettled: form.unsettled,
        pages,
        boxes,
        unlisted,
        warnings,
    }
}

pub fn write(session: &Reading, input: WriteForm, _: Language) -> Outcome<Written> {
    let filled = session.fill(&request(&input.filling)?)?;
    session.write_form(&filled.form, &[input.out.to_path_buf()])?;
    Ok(Written::at(&input.out))
}

/// 分地区汇总表: a line for each office below, of the form's total, or of its only row.
pub fn write_by_office(session: &Reading, input: WriteForm, _: Language) -> Outcome<Written> {
    let filled = session.fill_by_office(&request(&input.filling)?, None)?;
    session.write_form(&filled.form, &[input.out.to_path_buf()])?;
    Ok(Written::at(&input.out))
}

pub fn trace(session: &Reading, input: TraceCell, _: Language) -> Outcome<TracePage> {
    session.trace_page(
        &request(&input.filling)?,
        &input.row,
        &input.column,
        input.first as usize,
        input.limit.min(MOST_TRACED) as usize,
    )
}

pub fn write_trace(session: &Reading, input: WriteTrace, language: Language) -> Outcome<Written> {
    session.write_trace(&request(&input.filling)?, &input.row, &input.column, language, &input.out)?;
    Ok(Written::at(&input.out))
}

pub fn cells(session: &Reading, input: CellsOf, language: Language) -> Outcome<Vec<CellPlace>> {
    session.cell_places(input.id.parse()?, input.as_of.parse()?, language)
}
