//! What was sealed, opened again: as it was printed, and every number down to the records as they stood, in the book that sealed it
//! and in every book that holds the same lines.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use campaign::Library;
use campaign::answers::Filling;
use chrono::{DateTime, NaiveDateTime};
use domain::{Notice, RecordId};
use forms::FilledForm;
use serde::Serialize;
use store::figures::Traced;
use store::{CutLines, Reader, Replay};
use ts_rs::TS;

use super::Filing;
use super::prepare::printed;
use super::seal::{LETTER, letter_of, marked};
use super::snapshot::Snapshot;
use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::forms::{Output, filled};
use crate::records::RecordView;
use crate::session::Reading;
use crate::words::title_of;

/// A cell of a sealed form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenCell {
    /// What was printed.
    pub printed: String,
    /// The records as they stood; none where this book does not hold every line that was counted.
    pub records: Option<Vec<FrozenRecord>>,
    /// What counting the same lines by the same definitions gives now, where that is something else: the sealed numbers and the
    /// records do not belong together.
    pub differs: Option<String>,
    /// The streams of which lines are missing here.
    pub short: Vec<ShortView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenRecord {
    /// As it stood then, and what it was called.
    pub record: RecordView,
    pub title: String,
    pub row: String,
    pub column: String,
    pub amount: i64,
    pub declared: bool,
}

/// A stream of which this book does not hold what a filing counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ShortView {
    pub device: String,
    pub office: String,
    pub office_name: String,
    /// Up to where the filing counted, and up to where this book holds it.
    pub last: u64,
    pub held: u64,
}

impl Reading {
    /// What was sealed under a filing.
    ///
    /// # Errors
    /// `filing-unknown`, `filing-not-sealed`, `snapshot-missing`, `snapshot-malformed`, `snapshot-of-other`
    pub fn filing_snapshot(&self, id: RecordId) -> Outcome<(Filing, Snapshot)> {
        self.read::<_, Failure>(|reader| {
            let filing = self.filing_of(reader, id)?;
            let snapshot = self.snapshot_of(reader, &filing)?;
            Ok((filing, snapshot))
        })
    }

    pub(crate) fn snapshot_of(&self, reader: &Reader, filing: &Filing) -> Outcome<Snapshot> {
        let not_sealed = || Notice::new("filing-not-sealed").with("id", filing.id);
        let hash = filing.snapshot.filter(|_| filing.sealed).ok_or_else(not_sealed)?;
        let missing = || Notice::new("snapshot-missing").with("id", filing.id).with("office", &filing.office);
        let snapshot = Snapshot::from_bytes(&reader.attachment(&hash)?.ok_or_else(missing)?)?;
        let said = (&snapshot.filing, &snapshot.office, &snapshot.campaign, &snapshot.report, &snapshot.due);
        if said != (&filing.id, &filing.office, &filing.campaign, &filing.report, &filing.due) {
            return Err(Notice::new("snapshot-of-other").with("id", filing.id).into());
        }
        Ok(snapshot)
    }

    /// Writes what was sealed to files by their endings: the PDF that was made when it was sealed, byte by byte (the letter with its
    /// tables, or one form); spreadsheets of its tables and the letter as DOCX with the same content; JSON as it is kept. Several
    /// forms become files of their own, numbered.
    ///
    /// # Errors
    /// those of [`Reading::filing_snapshot`], `output-unknown`, `form-not-in-filing`, `snapshot-missing`
    pub fn write_filing(&self, id: RecordId, form: Option<&str>, outputs: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
        let (filing, snapshot) = self.filing_snapshot(id)?;
        let forms: Vec<&FilledForm> =
            snapshot.forms.iter().filter(|known| form.is_none_or(|form| known.form == form)).collect();
        if let Some(form) = form.filter(|_| forms.is_empty()) {
            return Err(Notice::new("form-not-in-filing").with("form", form).into());
        }
        let mut written = Vec::new();
        for path in outputs {
            if is_docx(path) {
                let letter = letter_of(&snapshot).ok_or_else(|| Notice::new("no-letter").with("id", id))?;
                write_whole(path, &forms::letter::docx(&letter, sealed_moment(&snapshot))?, true)?;
                written.push(path.clone());
                continue;
            }
            let kind = Output::of(path)?;
            if kind == Output::Pdf && form.is_none() && filing.printed.contains_key(LETTER) {
                write_whole(path, &self.printed_pdf(&filing, LETTER)?, true)?;
                written.push(path.clone());
                continue;
            }
            if kind == Output::Json {
                write_whole(path, snapshot.to_canonical()?.as_bytes(), true)?;
                written.push(path.clone());
                continue;
            }
            for (at, form) in forms.iter().enumerate() {
                let path = if forms.len() == 1 { path.clone() } else { beside(path, at + 1) };
                let marked = marked(form, &snapshot);
                let bytes = match kind {
                    Output::Pdf => self.printed_pdf(&filing, &form.form)?,
                    Output::Xlsx => forms::xlsx(&marked, sealed_moment(&snapshot))?,
                    _ => return Err(Notice::new("output-unknown").with("path", path.display()).into()),
                };
                write_whole(&path, &bytes, true)?;
                written.push(path);
            }
        }
        Ok(written)
    }

    /// The very bytes that were printed of a form when it was sealed.
    pub fn printed_pdf(&self, filing: &Filing, form: &str) -> Outcome<Vec<u8>> {
        let missing = || Notice::new("snapshot-missing").with("id", filing.id).with("office", &filing.office);
        let not_printed = || Notice::new("filing-not-printed").with("form", form);
        let hash = filing.printed.get(form).ok_or_else(not_printed)?;
        self.read::<_, Failure>(|reader| Ok(reader.attachment(hash)?.ok_or_else(missing)?))
    }

    /// A cell of what was sealed, with the records it counted as they stood. `tell` is told how far reading the lines is.
    ///
    /// # Errors
    /// those of [`Reading::filing_snapshot`], `form-not-in-filing`, `column-unknown`
    pub fn frozen_cell(
        &self,
        id: RecordId,
        form: &str,
        row: &str,
        column: &str,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Outcome<FrozenCell> {
        self.read::<_, Failure>(|reader| {
            let filing = self.filing_of(reader, id)?;
            let snapshot = self.snapshot_of(reader, &filing)?;
            let frozen = snapshot.forms.iter().find(|known| known.form == form);
            let frozen = frozen.ok_or_else(|| Notice::new("form-not-in-filing").with("form", form))?;
            if !frozen.columns.iter().any(|known| known.id == column) {
                return Err(Notice::new("column-unknown").with("form", form).with("value", column).into());
            }
            let said = printed(frozen, row, column).to_owned();
            let lines = match reader.lines_of_cut(&snapshot.cut)? {
                CutLines::Complete(lines) => lines,
                CutLines::Short(short) => {
                    let short = short
                        .into_iter()
                        .map(|stream| {
                            Ok(ShortView {
                                device: stream.device.to_string(),
                                office_name: self.name_of(reader, &stream.office)?,
                                office: stream.office.to_string(),
                                last: stream.last,
                                held: stream.held,
                            })
                        })
                        .collect::<Outcome<_>>()?;
                    return Ok(FrozenCell { printed: said, records: None, differs: None, short });
                }
            };
            let replay = Replay::of(reader, &lines, tell)?;
            let stood = Stood::of(&snapshot, frozen)?;
            replay.read::<_, Failure>(|then| {
                let again = stood.fill(then)?;
                let counted = printed(&again, row, column);
                let differs = (counted != said).then(|| counted.to_owned());
                let mut records = Vec::new();
                for hit in stood.trace(then, row, column)? {
                    let record = then.record(hit.record)?;
                    let record = record.ok_or_else(|| Notice::new("record-unknown").with("id", hit.record))?;
                    records.push(FrozenRecord {
                        title: title_of(self, then, &record)?,
                        record: record.into(),
                        row: hit.row,
                        column: hit.column,
                        amount: hit.amount,
                        declared: hit.declared,
                    });
                }
                Ok(FrozenCell { printed: said, records: Some(records), differs, short: Vec::new() })
            })
        })
    }

    /// What counting the lines of the cut again gives otherwise than was sealed: 报数与记录不符. `None` where this book does not hold
    /// them all.
    pub fn recounted(
        &self,
        id: RecordId,
        tell: &mut dyn FnMut(u64, u64),
    ) -> Outcome<Option<Vec<(String, String, String)>>> {
        self.read::<_, Failure>(|reader| {
            let filing = self.filing_of(reader, id)?;
            let snapshot = self.snapshot_of(reader, &filing)?;
            let CutLines::Complete(lines) = reader.lines_of_cut(&snapshot.cut)? else { return Ok(None) };
            let replay = Replay::of(reader, &lines, tell)?;
            let mut wrong = Vec::new();
            for frozen in &snapshot.forms {
                let stood = Stood::of(&snapshot, frozen)?;
                let again = replay.read::<_, Failure>(|then| stood.fill(then))?;
                wrong.extend(cells_that_differ(frozen, &again));
            }
            Ok(Some(wrong))
        })
    }
}

/// A sealed form with the definitions and the people it was filled with.
pub(super) struct Stood {
    library: Library,
    form: String,
    filling: Filling,
}

impl Stood {
    pub fn of(snapshot: &Snapshot, frozen: &FilledForm) -> Outcome<Self> {
        let library = Library::of_bundle(&snapshot.definitions)?;
        let filling = Filling {
            office_name: snapshot.office_name.clone(),
            date: frozen.date,
            filler: snapshot.filler.clone(),
            phone: snapshot.phone.clone(),
            reviewer: snapshot.reviewer.clone(),
            approver: snapshot.approver.clone(),
            ..Filling::to_count(&frozen.form, snapshot.office.clone(), snapshot.as_of)
        };
        Ok(Stood { library, form: frozen.form.clone(), filling })
    }

    fn form(&self) -> Outcome<(&campaign::Campaign, &campaign::Form)> {
        let unknown = || Notice::new("form-unknown").with("value", &self.form).with("known", "");
        Ok(self.library.form(&self.form).ok_or_else(unknown)?)
    }

    /// A list, where nothing is counted.
    pub fn is_list(&self) -> bool {
        self.form().is_ok_and(|(_, form)| matches!(form.body, campaign::Body::List { .. }))
    }

    pub fn fill(&self, reader: &Reader) -> Outcome<FilledForm> {
        let (campaign, form) = self.form()?;
        filled(&self.library, reader, campaign, form, &self.filling)
    }

    pub fn trace(&self, reader: &Reader, row: &str, column: &str) -> Outcome<Vec<Traced>> {
        let (campaign, form) = self.form()?;
        Ok(reader.trace(self.library.schema(), campaign, form, &self.filling, row, column)?)
    }
}

/// Form, row and column of every cell that prints otherwise; of a list also of rows that only one of the two has.
pub(super) fn cells_that_differ(one: &FilledForm, other: &FilledForm) -> Vec<(String, String, String)> {
    let rows: BTreeSet<&str> = one.rows.iter().chain(&other.rows).map(|row| row.id.as_str()).collect();
    let mut found = Vec::new();
    for row in rows {
        for column in &one.columns {
            // The number of a row says nothing of its record.
            if one.stub.is_none() && is_row_number(one, &column.id) && is_row_number(other, &column.id) {
                continue;
            }
            if printed(one, row, &column.id) != printed(other, row, &column.id) {
                found.push((one.form.clone(), row.to_owned(), column.id.clone()));
            }
        }
    }
    found
}

/// Whether a column numbers the rows.
fn is_row_number(form: &FilledForm, column: &str) -> bool {
    form.rows.iter().enumerate().all(|(at, row)| printed(form, &row.id, column) == (at + 1).to_string())
}

/// The moment a file of it says it was made, which is always told in UTC.
fn sealed_moment(snapshot: &Snapshot) -> NaiveDateTime {
    DateTime::from_timestamp_millis(snapshot.sealed_at as i64).unwrap_or_default().naive_utc()
}

fn is_docx(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("docx"))
}

fn beside(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
