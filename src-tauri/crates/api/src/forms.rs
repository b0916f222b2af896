//! Attachment tables as the page shows them: the filled form, its real pages, and where each printed cell stands on them.

use app::failure::{Failure, Outcome, Problem};
use app::forms::FillRequest;
use app::forms::diff::{FormChange, RowChange, RowState};
use app::messages::Language;
use app::session::Reading;
use app::words::title_of;
use campaign::{Body, Campaign, Column, Form, Unit};
use forms::FilledForm;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::files::ChosenFile;
use crate::rows::{CellPlace, Hit, RecordRow, hit, place, row};
use crate::views::{Nothing, Written};

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
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct TraceCell {
    pub filling: FillForm,
    pub row: String,
    pub column: String,
    /// The number of the first record wanted, from 0.
    pub first: u32,
    pub limit: u32,
}

/// Records a cell counted, some of them, and how many there are.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct TracePage {
    pub records: Vec<RecordRow>,
    pub total: u32,
    /// What they add up to, as the cell prints it; null in a list and of a rate, where nothing is added up.
    pub sum: Option<String>,
    /// Whose records they are, and how many of each.
    pub offices: Vec<TraceOffice>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct TraceOffice {
    pub office: String,
    pub name: String,
    pub records: u32,
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
#[ts(export_to = "bridge.ts")]
pub struct CompareForm {
    pub filling: FillForm,
    /// The cut-off to compare with.
    pub earlier: String,
}

/// What becomes of a form, in the words it prints.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct FormChangeView {
    pub form: String,
    pub title: String,
    pub rows: Vec<RowChangeView>,
    /// Changed cells, listed or not.
    #[ts(type = "number")]
    pub cells_in_all: u64,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct RowChangeView {
    pub row: String,
    pub label: String,
    pub state: RowState,
    pub cells: Vec<CellChangeView>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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

/// Forms that are a spreadsheet's business are not shown as pages, and by their first rows only.
const TOO_LONG: [&str; 2] = ["too-many-rows-for-pdf", "too-much-text-for-pdf"];
const FIRST_ROWS: usize = 500;

/// At most this many records are answered at once.
const MOST_TRACED: u32 = 500;
/// A form that figures can be declared for, with the rows and columns that take them, in its own words.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DeclarableForm {
    pub id: String,
    pub title: String,
    pub campaign: String,
    pub rows: Vec<FormPartView>,
    pub columns: Vec<FormColumnView>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct FormPartView {
    pub id: String,
    pub label: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct FormColumnView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub part: FormPartView,
    pub unit: PrintedUnit,
}

/// What a column's figures are printed in, and declared in.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bridge.ts")]
pub enum PrintedUnit {
    One,
    TenThousand,
    TenThousandYuan,
}

impl From<Unit> for PrintedUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::One => PrintedUnit::One,
            Unit::TenThousand => PrintedUnit::TenThousand,
            Unit::TenThousandYuan => PrintedUnit::TenThousandYuan,
        }
    }
}

pub fn declarable(session: &Reading, _: Nothing, language: Language) -> Outcome<Vec<DeclarableForm>> {
    let library = session.library();
    let forms = library.campaigns().flat_map(|campaign| campaign.forms.iter().map(move |form| (campaign, form)));
    let view = |(campaign, form): (&Campaign, &Form)| {
        let Body::Statistics { rows, .. } = &form.body else { return None };
        let rows: Vec<_> = rows.iter().filter(|row| !row.total).collect();
        let first = rows.first()?;
        let takes = |column: &&Column| {
            library.cell_facts(&form.id, &first.id, &column.id).is_some_and(|facts| !facts.refuses_declared)
        };
        let part = |id: &str, label: String| FormPartView { id: id.to_owned(), label };
        Some(DeclarableForm {
            id: form.id.clone(),
            title: language.pick(&form.title, &form.title_en).to_owned(),
            campaign: campaign.id.clone(),
            rows: rows.iter().map(|row| part(&row.id, row.label.clone())).collect(),
            columns: form
                .columns
                .iter()
                .filter(takes)
                .map(|column| FormColumnView {
                    part: part(&column.id, column.header.join(" · ")),
                    unit: column.unit.into(),
                })
                .collect(),
        })
    };
    Ok(forms.filter_map(view).collect())
}

pub(crate) fn request(input: &FillForm) -> Outcome<FillRequest> {
    Ok(FillRequest {
        form: input.form.clone(),
        office: input.office.as_deref().map(str::parse).transpose()?,
        as_of: input.as_of.parse()?,
        date: input.date.as_deref().map(str::parse).transpose()?,
    })
}

pub fn fill(session: &Reading, input: FillForm, language: Language) -> Outcome<FilledView> {
    let mut filled = session.fill_to_look_at(&request(&input)?)?;
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
    let unlisted = session.read::<_, Failure>(|reader| {
        let mut records = Vec::new();
        for id in &filled.form.unlisted {
            if let Some(record) = reader.record(id.parse()?)? {
                records.push(hit(session, reader, &record)?);
            }
        }
        Ok(records)
    })?;
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
                label: place(session, language, &form, &row.row, &cell.column).column_label,
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
    FormChangeView { title: place(session, language, &form, "", "").form_title, form, rows, cells_in_all }
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

pub fn trace(session: &Reading, input: TraceCell, _: Language) -> Outcome<TracePage> {
    let traced = session.trace(&request(&input.filling)?, &input.row, &input.column)?;
    let page = traced.records.iter().skip(input.first as usize).take(input.limit.min(MOST_TRACED) as usize);
    session.read::<_, Failure>(|reader| {
        let mut records = Vec::new();
        for id in page {
            if let Some(record) = reader.record(*id)? {
                records.push(row(session, reader, record)?);
            }
        }
        let mut offices = Vec::new();
        for (office, records) in &traced.offices {
            let name = session.name_of(reader, office)?;
            offices.push(TraceOffice { office: office.to_string(), name, records: *records });
        }
        Ok(TracePage { records, total: traced.records.len() as u32, sum: traced.sum.clone(), offices })
    })
}

pub fn cells(session: &Reading, input: CellsOf, language: Language) -> Outcome<Vec<CellPlace>> {
    let cells = session.cells(input.id.parse()?, input.as_of.parse()?)?;
    session.read::<_, Failure>(|reader| {
        let in_words = |cell: app::forms::CellView| {
            let mut place = place(session, language, &cell.form, &cell.row, &cell.column);
            // The row of a list is a record, and is called as the record is.
            if place.row_label == place.row
                && let Some(record) = place.row.parse().ok().map(|id| reader.record(id)).transpose()?.flatten()
            {
                place.row_label = title_of(session, reader, &record)?;
            }
            Ok(place)
        };
        cells.into_iter().map(in_words).collect()
    })
}
