//! A block of cells pasted from a spreadsheet into a list of records. It is understood here, shown to a person, and recorded
//! exactly as it was shown: all of it in one transaction, by the same rules as a form or a file, or nothing. A row about a
//! record that stands makes no second one: what it says otherwise is shown, and changed where a person says so.

mod aside;
mod columns;
mod format;
mod heading;
mod names;
mod read;
mod separated;
mod standing;
mod table;
mod understand;
mod units;
mod workbook;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::{Fields, Notice, RecordId};

use crate::failure::{Failure, Outcome};
use crate::session::Session;
use crate::work::{Progress, Stage, Tell, go_on};

use table::Table;
use understand::Work;

pub use columns::{Column, UnitFrom};
pub use names::{Make, Unmatched};
pub use standing::Change;
pub use units::Measure;

/// A block, and what a person has said about it.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub kind: String,
    /// The clipboard's text; else the file.
    pub text: Option<String>,
    pub file: Option<PathBuf>,
    pub sheet: Option<String>,
    /// The row the heading of the block begins with, by its number; 0 where none does, `None` to find it.
    pub heading: Option<u32>,
    /// The field of a column, or that it is left out, where that is not what its heading says.
    pub columns: BTreeMap<u32, Option<String>>,
    /// What the numbers of a column are counted in, as a power of ten of the field's own unit.
    pub units: BTreeMap<u32, u32>,
    /// A blank cell that should name a record names the one above: of merged cells only the first is filled.
    pub downwards: bool,
    /// What every new record holds where its own cell is blank.
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// Which record a text means, by field and text.
    pub meant: BTreeMap<String, BTreeMap<String, String>>,
    /// Records to be made of texts that name none.
    pub make: Vec<Make>,
    /// Rows left out, by their numbers.
    pub left_out: BTreeSet<u32>,
    /// Rows taken though they look like totals or remarks.
    pub taken: BTreeSet<u32>,
    /// Rows whose record is changed to what they say.
    pub update: BTreeSet<u32>,
    /// Why a warning is passed over, by its code.
    pub reasons: BTreeMap<String, String>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A new record.
    New,
    /// A record that stands and says the same.
    Same,
    /// A record that stands and says otherwise; changed only where a person says so.
    Differs,
    /// The record of an earlier row, which says the same.
    Twice,
    /// No data: a total, a remark.
    Aside,
    LeftOut,
}

/// A row as it was understood.
#[derive(Debug, Clone)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<String>,
    pub state: State,
    /// What is recorded where it is new, else what the row says.
    pub fields: Fields,
    /// The record it is about, or becomes.
    pub id: RecordId,
    /// What it says otherwise of a record that stands.
    pub changes: Vec<Change>,
    /// Which of them are made.
    pub update: bool,
    /// Why it is no data, or the row that says the same.
    pub note: Option<Notice>,
    /// Columns whose cell could not be read, and why.
    pub unread: Vec<(u32, Notice)>,
    pub errors: Vec<Notice>,
    /// Those nobody has given a reason for.
    pub warnings: Vec<Notice>,
}

impl Row {
    /// Whether it is recorded, as a new record or a change.
    pub fn is_written(&self) -> bool {
        self.state == State::New || self.update
    }

    /// Whether it must be put right before anything is recorded.
    pub fn is_wrong(&self) -> bool {
        self.is_written() && !self.unread.is_empty() || !self.errors.is_empty()
    }
}

/// A block as it was understood.
#[derive(Debug, Clone)]
pub struct Understood {
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// The numbers of the first and the last row that head the block; 0 for none.
    pub heading: (u32, u32),
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Texts that name no one record, in the order of the rows; those already answered too.
    pub unmatched: Vec<Unmatched>,
    /// Records made of texts.
    pub made: usize,
    /// Names of all that could be, by id.
    pub names: BTreeMap<String, String>,
    /// Some row is blank where a record should be named.
    pub has_gaps: bool,
    /// Stands for what would be recorded.
    pub token: String,
}

impl Understood {
    pub fn count(&self, of: impl Fn(&Row) -> bool) -> usize {
        self.rows.iter().filter(|row| of(row)).count()
    }

    fn is_settled(&self) -> bool {
        self.rows.iter().all(|row| !row.is_wrong() && row.warnings.is_empty())
    }
}

impl Session {
    /// What a block would become; nothing is kept.
    pub fn preview_paste(&mut self, block: &Block, tell: &mut Tell) -> Outcome<Understood> {
        let table = table_of(block, tell)?;
        let work = Work::of(self, block, &table)?;
        self.book.dry_run::<_, Failure>(|writer| work.understand(writer, tell))
    }

    /// Records a block as it was shown under `token`: everything in it, or nothing.
    pub fn apply_paste(&mut self, block: &Block, token: &str, tell: &mut Tell) -> Outcome<Understood> {
        let table = table_of(block, tell)?;
        let work = Work::of(self, block, &table)?;
        let (done, _) = self.book.transact::<_, Failure>(|writer| {
            let understood = work.understand(writer, tell)?;
            if understood.token != token {
                return Err(Notice::new("paste-changed").into());
            }
            if !understood.is_settled() {
                let open =
                    understood.rows.iter().filter(|row| row.is_wrong() || !row.warnings.is_empty()).flat_map(|row| {
                        let unread = row.unread.iter().map(|(_, notice)| notice);
                        let notices = unread.chain(&row.errors).chain(&row.warnings);
                        notices.map(|notice| notice.clone().with("line", row.number))
                    });
                return Err(Failure { notices: open.collect() });
            }
            go_on(tell, Progress::at(Stage::Saving, 0, 0))?;
            Ok(understood)
        })?;
        Ok(done)
    }
}

fn table_of(block: &Block, tell: &mut Tell) -> Outcome<Table> {
    go_on(tell, Progress::at(Stage::Reading, 0, 0))?;
    match (&block.text, &block.file) {
        (Some(text), None) => Ok(Table::of_clipboard(text)?),
        (None, Some(file)) => Table::of_file(file, block.sheet.as_deref()),
        _ => Err(Notice::new("paste-empty").into()),
    }
}
