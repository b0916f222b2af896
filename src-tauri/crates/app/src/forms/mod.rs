//! Attachment tables: fill one, write it out, open a number down to its records, and find the cells that count a record.

pub mod by_office;
pub mod checks;
pub mod declarable;
pub mod diff;
pub mod place;
pub mod request;
pub mod trace;
mod trace_file;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use campaign::answers::Filling;
use campaign::model::CellRule;
use campaign::{Campaign, Form, Library};
use chrono::{DateTime, NaiveDateTime};
use domain::{Date, Notice, RecordId};
use forms::{FilledForm, FormError, Pages, Purpose};
use serde::Serialize;
use store::Reader;
use store::figures::{Counted, Traced, recount};
use ts_rs::TS;

pub use self::request::{FillRequest, People, Trace};
use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::records::RecordView;
use crate::session::Reading;

/// A form as it prints: counted by the store, with divisions by name.
pub(crate) fn filled(
    library: &Library,
    reader: &Reader,
    campaign: &Campaign,
    form: &Form,
    filling: &Filling,
) -> Outcome<FilledForm> {
    let answers = reader.fill(library.schema(), campaign, form, filling)?;
    let answers = library.with_place_names(form, &filling.office, answers);
    Ok(forms::fill(campaign, form, filling, &answers)?)
}

/// A form to be written to a file, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Json,
    Xlsx,
    Pdf,
    Svg,
    Csv,
}

impl Output {
    pub fn of(path: &Path) -> Outcome<Self> {
        match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("json") => Ok(Output::Json),
            Some("xlsx") => Ok(Output::Xlsx),
            Some("pdf") => Ok(Output::Pdf),
            Some("svg") => Ok(Output::Svg),
            Some("csv") => Ok(Output::Csv),
            _ => Err(Notice::new("output-unknown").with("path", path.display()).into()),
        }
    }
}

/// A filled form, and what a person should know before handing it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub form: FilledForm,
    pub warnings: Vec<Notice>,
    /// Nobody has said what the office is called: not to be handed in.
    pub unnamed: Option<Notice>,
}

/// One record behind a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CellTrace {
    pub record: RecordView,
    /// The cell that counted it: totals and sums open the cells they add up.
    pub row: String,
    pub column: String,
    /// What it adds, in the cell's exact unit: 1, pieces, fen, elements; 0 in a list, where nothing is counted.
    pub amount: i64,
    /// Where the cell counts distinct ones, what the record counted as: the enterprise's id, or a value. Records of one row,
    /// column and `counted_as` add 1 together.
    pub counted_as: Option<String>,
    /// A figure another department declared.
    pub declared: bool,
}

/// A cell that counts a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CellView {
    pub form: String,
    pub row: String,
    pub column: String,
    pub amount: i64,
}

impl Reading {
    fn form(&self, id: &str) -> Outcome<(&Campaign, &Form)> {
        self.library().form(id).ok_or_else(|| {
            let known: Vec<&str> = self.library().forms().map(|(_, form)| form.id.as_str()).collect();
            Notice::new("form-unknown").with("value", id).with("known", known.join(", ")).into()
        })
    }

    pub(crate) fn filling(&self, reader: &Reader, request: &FillRequest) -> Outcome<Filling> {
        let office = request.office.clone().unwrap_or_else(|| self.office().clone());
        if office.division() != "000000" && !self.library().divisions().exists(office.division()) {
            return Err(Notice::new("division-unknown").with("value", &office).into());
        }
        // Nothing of it is here: every cell would print nothing, or nought, as if it had reported so.
        if !self.office().covers(&office) && !office.covers(self.office()) {
            return Err(Notice::new("fill-outside").with("office", &office).with("own", self.office()).into());
        }
        if let Some(since) = request.since.filter(|since| *since > request.as_of) {
            return Err(Notice::new("since-after-as-of").with("since", since).with("as_of", request.as_of).into());
        }
        // Another office's table is filled in there.
        let (filler, phone) = if office == *self.office() { self.filler(reader)? } else { Default::default() };
        Ok(Filling {
            form: request.form.clone(),
            office_name: self.name_of(reader, &office)?,
            office,
            as_of: request.as_of,
            since: request.since,
            date: request.date.unwrap_or(request.as_of),
            filler: request.people.filler.clone().unwrap_or(filler),
            phone: request.people.phone.clone().unwrap_or(phone),
            reviewer: request.people.reviewer.clone().unwrap_or_default(),
            approver: request.people.approver.clone().unwrap_or_default(),
        })
    }

    /// A form to be handed in. An office has to be called by its own name on it.
    pub fn fill(&self, request: &FillRequest) -> Outcome<Filled> {
        let filled = self.fill_to_look_at(request)?;
        match filled.unnamed {
            Some(unnamed) => Err(unnamed.into()),
            None => Ok(filled),
        }
    }

    /// A form on screen: an office whose name is not known is said to be so, and its division's name is printed meanwhile.
    pub fn fill_to_look_at(&self, request: &FillRequest) -> Outcome<Filled> {
        self.read::<_, Failure>(|reader| self.fill_in(reader, request))
    }

    /// Fills inside a transaction that is under way, to see what it would print.
    pub(crate) fn fill_in(&self, reader: &Reader, request: &FillRequest) -> Outcome<Filled> {
        let (campaign, form) = self.form(&request.form)?;
        let filling = self.filling(reader, request)?;
        let filled = filled(self.library(), reader, campaign, form, &filling)?;
        let named = self.told_name_of(reader, &filling.office)?.is_some();
        let unnamed = (!named).then(|| Notice::new("office-unnamed").with("office", &filling.office));
        let mut warnings: Vec<Notice> = unnamed.iter().cloned().collect();
        if request.as_of < campaign.first_day {
            warnings.push(
                Notice::new("as-of-before-campaign").with("as_of", request.as_of).with("first_day", campaign.first_day),
            );
        }
        let today = self.clock().today();
        if request.as_of > today {
            warnings.push(Notice::new("as-of-after-today").with("as_of", request.as_of).with("today", today));
        }
        if let Some(date) = request.date.filter(|date| *date < request.as_of) {
            warnings.push(Notice::new("fill-date-before-as-of").with("date", date).with("as_of", request.as_of));
        }
        if !filled.unsettled.is_empty() {
            warnings
                .push(Notice::new("form-unsettled").with("form", &request.form).with("cells", filled.unsettled.len()));
        }
        if !filled.unlisted.is_empty() {
            warnings
                .push(Notice::new("form-unlisted").with("form", &request.form).with("records", filled.unlisted.len()));
        }
        Ok(Filled { form: filled, warnings, unnamed })
    }

    /// Writes a filled form to files, by their endings. An SVG of several pages becomes `X-1.svg`, `X-2.svg` …; returns what was
    /// written. A form with unsettled cells is written as a preview that says so on every page.
    pub fn write_form(&self, filled: &FilledForm, outputs: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
        let kinds = outputs.iter().map(|path| Output::of(path)).collect::<Outcome<Vec<_>>>()?;
        let created = self.now_utc();
        let mut pages = None;
        let mut written = Vec::new();
        for (path, kind) in outputs.iter().zip(kinds) {
            if matches!(kind, Output::Pdf | Output::Svg) && pages.is_none() {
                pages = Some(to_print(filled)?);
            }
            match (kind, &pages) {
                (Output::Pdf, Some(pages)) => {
                    write_whole(path, &pages.pdf(created)?, true)?;
                    written.push(path.clone());
                }
                (Output::Svg, Some(pages)) => {
                    let svgs = pages.svgs();
                    for (at, svg) in svgs.iter().enumerate() {
                        let page = if svgs.len() == 1 { path.clone() } else { numbered(path, at + 1) };
                        write_whole(&page, svg.as_bytes(), true)?;
                        written.push(page);
                    }
                }
                (Output::Xlsx, _) => {
                    write_whole(path, &forms::xlsx(filled, created)?, true)?;
                    written.push(path.clone());
                }
                (Output::Csv, _) => {
                    write_whole(path, &forms::csv(filled, created)?, true)?;
                    written.push(path.clone());
                }
                _ => {
                    write_whole(path, forms::json(filled).as_bytes(), true)?;
                    written.push(path.clone());
                }
            }
        }
        Ok(written)
    }

    /// The pages of a filled form as PDF, to be printed.
    pub fn form_pdf(&self, filled: &FilledForm) -> Outcome<Vec<u8>> {
        Ok(to_print(filled)?.pdf(self.now_utc())?)
    }

    /// The moment a file says it was made, which is always told in UTC.
    pub(crate) fn now_utc(&self) -> NaiveDateTime {
        DateTime::from_timestamp_millis(self.clock().millis() as i64).unwrap_or_default().naive_utc()
    }

    /// The pages a person looks at before printing: SVG, with conflicts marked and a word about what no font here draws.
    pub fn preview(&self, filled: &mut Filled) -> Outcome<Pages> {
        let missing = forms::missing_glyphs(&filled.form)?;
        if !missing.is_empty() {
            filled.warnings.push(FormError::MissingGlyphs { missing }.notice());
        }
        Ok(Pages::render(&filled.form, Purpose::Preview)?)
    }

    /// What stands behind one cell, by the query that counted it: kept until the book changes, since a cell of a region's form may
    /// have counted more than a person pages through at once.
    pub fn trace(&self, request: &FillRequest, row: &str, column: &str) -> Outcome<Arc<Trace>> {
        let cell = (self.generation(), request.clone(), row.to_owned(), column.to_owned());
        if let Some((known, trace)) = &self.cache().trace
            && *known == cell
        {
            return Ok(trace.clone());
        }
        let trace = self.read::<_, Failure>(|reader| {
            let (campaign, form) = self.form(&request.form)?;
            let Some(printed) = form.columns.iter().find(|known| known.id == column) else {
                return Err(Notice::new("column-unknown").with("form", &form.id).with("value", column).into());
            };
            let filling = self.filling(reader, request)?;
            let hits = reader.trace(self.library().schema(), campaign, form, &filling, row, column)?;
            let adds_up = matches!(printed.cell, CellRule::Figure { .. } | CellRule::SumOf(_));
            let sum = adds_up.then(|| forms::printed_number(recount(&hits), printed));
            let mut trace = Trace { sum, ..Trace::default() };
            let mut seen = BTreeSet::new();
            for hit in &hits {
                if seen.insert(hit.record) {
                    trace.records.push(hit.record);
                    if let Some(office) = reader.owner(hit.record)? {
                        *trace.offices.entry(office).or_default() += 1;
                    }
                }
            }
            trace.hits = hits;
            Ok(trace)
        })?;
        let trace = Arc::new(trace);
        self.cache().trace = Some((cell, trace.clone()));
        Ok(trace)
    }

    /// The records behind one cell, as often as they were counted.
    pub fn traced_records(&self, request: &FillRequest, row: &str, column: &str) -> Outcome<Vec<CellTrace>> {
        let trace = self.trace(request, row, column)?;
        self.read::<_, Failure>(|reader| {
            let with_record = |hit: &Traced| {
                let unknown = || Notice::new("record-unknown").with("id", hit.record);
                Ok(CellTrace {
                    record: reader.record(hit.record)?.ok_or_else(unknown)?.into(),
                    row: hit.row.clone(),
                    column: hit.column.clone(),
                    amount: hit.amount,
                    counted_as: hit.counted_as.as_ref().map(|counted| match counted {
                        Counted::Enterprise(id) => id.to_string(),
                        Counted::Value(value) => value.clone(),
                    }),
                    declared: hit.declared,
                })
            };
            trace.hits.iter().map(with_record).collect()
        })
    }

    /// The cells of every form that count a record, up to a cut-off.
    pub fn cells(&self, record: RecordId, as_of: Date) -> Outcome<Vec<CellView>> {
        self.read::<_, Failure>(|reader| {
            if reader.record(record)?.is_none() {
                return Err(Notice::new("record-unknown").with("id", record).into());
            }
            let campaigns: Vec<&Campaign> = self.library().campaigns().collect();
            let cells = reader.cells(self.library().schema(), &campaigns, self.office(), record, as_of)?;
            let views = cells
                .into_iter()
                .map(|cell| CellView { form: cell.form, row: cell.row, column: cell.column, amount: cell.amount })
                .collect();
            Ok(views)
        })
    }
}

/// A form on an open conflict is printed as a preview that says so.
fn to_print(filled: &FilledForm) -> Outcome<Pages> {
    let purpose = if filled.settled() { Purpose::Sealed } else { Purpose::Preview };
    Ok(Pages::render(filled, purpose)?)
}

fn numbered(path: &Path, page: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{page}.svg"));
    path.with_file_name(name)
}
