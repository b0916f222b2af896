//! Attachment tables as the page shows them: the filled form, its real pages, and where each printed cell stands on them.

use std::path::PathBuf;

use forms::FilledForm;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::open::Written;
use super::records::{RecordRow, row};
use super::{Desk, file_name};
use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::session::Session;
use crate::tables::FillRequest;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct FillForm {
    pub form: String,
    pub as_of: String,
    /// Null for the book's own office.
    pub office: Option<String>,
    /// The printed date; null for the cut-off.
    pub date: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct WriteForm {
    pub filling: FillForm,
    #[ts(type = "string")]
    pub out: PathBuf,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct TraceCell {
    pub filling: FillForm,
    pub row: String,
    pub column: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct CellsOf {
    pub id: String,
    pub as_of: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct FilledView {
    pub form: String,
    pub title: String,
    /// The header of the column of row labels; null for a list.
    pub stub: Option<String>,
    pub columns: Vec<ColumnView>,
    pub levels: u32,
    pub header: Vec<HeaderView>,
    pub rows: Vec<RowView>,
    /// Row and column of every cell on an open conflict.
    pub unsettled: Vec<(String, String)>,
    /// The pages as SVG.
    pub pages: Vec<String>,
    pub boxes: Vec<BoxView>,
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ColumnView {
    pub id: String,
    pub path: Vec<String>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct HeaderView {
    pub text: String,
    pub level: u32,
    pub column: u32,
    pub rows: u32,
    pub columns: u32,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct RowView {
    pub id: String,
    pub total: bool,
    /// As printed, the stub first where there is one.
    pub cells: Vec<String>,
}

/// A printed cell on its page, in the page's own units from its upper left corner.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct BoxView {
    #[ts(type = "number")]
    pub page: usize,
    pub row: String,
    /// Empty for the column of row labels.
    pub column: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A cell that counts a record, in words.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct CellPlace {
    pub form: String,
    pub form_title: String,
    pub row: String,
    pub row_label: String,
    pub column: String,
    pub column_label: String,
}

pub(super) fn request(input: &FillForm) -> Outcome<FillRequest> {
    Ok(FillRequest {
        form: input.form.clone(),
        office: input.office.as_deref().map(str::parse).transpose()?,
        as_of: input.as_of.parse()?,
        date: input.date.as_deref().map(str::parse).transpose()?,
    })
}

pub fn fill(desk: &mut Desk, input: FillForm, language: Language) -> Outcome<FilledView> {
    let session = desk.session()?;
    let filled = session.fill(&request(&input)?)?;
    let pages = session.preview(&filled.form)?;
    let boxes = pages
        .cells()
        .into_iter()
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
    Ok(view(filled.form, pages.svgs(), boxes, warnings))
}

fn view(form: FilledForm, pages: Vec<String>, boxes: Vec<BoxView>, warnings: Vec<Problem>) -> FilledView {
    FilledView {
        form: form.form,
        title: form.title,
        stub: form.stub.map(|stub| stub.header),
        columns: form.columns.into_iter().map(|column| ColumnView { id: column.id, path: column.path }).collect(),
        levels: form.header.levels,
        header: form
            .header
            .cells
            .into_iter()
            .map(|cell| HeaderView {
                text: cell.text,
                level: cell.level,
                column: cell.column,
                rows: cell.rows,
                columns: cell.columns,
            })
            .collect(),
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
        warnings,
    }
}

pub fn write(desk: &mut Desk, input: WriteForm, _: Language) -> Outcome<Written> {
    let session = desk.session()?;
    let filled = session.fill(&request(&input.filling)?)?;
    session.write_form(&filled.form, std::slice::from_ref(&input.out))?;
    Ok(Written { name: file_name(&input.out) })
}

pub fn trace(desk: &mut Desk, input: TraceCell, _: Language) -> Outcome<Vec<RecordRow>> {
    let session = desk.session()?;
    let traces = session.trace(&request(&input.filling)?, &input.row, &input.column)?;
    session.book.read::<_, Failure>(|reader| {
        let mut rows = Vec::new();
        for traced in traces {
            if let Some(record) = reader.record(traced.record.id.parse()?)? {
                rows.push(row(session, reader, record)?);
            }
        }
        Ok(rows)
    })
}

pub fn cells(desk: &mut Desk, input: CellsOf, language: Language) -> Outcome<Vec<CellPlace>> {
    let session = desk.session()?;
    let cells = session.cells(input.id.parse()?, input.as_of.parse()?)?;
    Ok(cells.into_iter().map(|cell| place(session, language, &cell.form, &cell.row, &cell.column)).collect())
}

/// A cell's form, row and column as the form prints them; what the form does not name (a list's row) stays its id.
pub(super) fn place(session: &Session, language: Language, form: &str, row: &str, column: &str) -> CellPlace {
    let known = session.library.form(form).map(|(_, form)| form);
    let title = known.map(|form| match language {
        Language::Zh => form.title.clone(),
        Language::En => form.title_en.clone(),
    });
    let row_label = known.and_then(|form| match &form.body {
        campaign::model::Body::Statistics { rows, .. } => {
            rows.iter().find(|known| known.id == row).map(|known| known.label.clone())
        }
        campaign::model::Body::List { .. } => None,
    });
    let column_label = known
        .and_then(|form| form.columns.iter().find(|known| known.id == column))
        .map(|column| column.header.join(" · "));
    CellPlace {
        form: form.to_owned(),
        form_title: title.unwrap_or_else(|| form.to_owned()),
        row: row.to_owned(),
        row_label: row_label.unwrap_or_else(|| row.to_owned()),
        column: column.to_owned(),
        column_label: column_label.unwrap_or_else(|| column.to_owned()),
    }
}
