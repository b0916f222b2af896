//! A pasted block, and how it was understood.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::{Fields, Notice, OfficeCode, RecordId};

use super::columns::Column;
use super::existing::Change;
use super::names::{Make, Unmatched};

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
    /// The row it ends with; `None` to find it.
    pub heading_last: Option<u32>,
    /// The field of a column, or that it is left out, where that is not what its heading says.
    pub columns: BTreeMap<u32, Option<String>>,
    /// What the numbers of a column are counted in, as a power of ten of the field's own unit.
    pub units: BTreeMap<u32, u32>,
    /// A blank cell that should name a record names the one above: of merged cells only the first is filled.
    pub downwards: bool,
    /// What every new record holds where its own cell is blank.
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// Whose records new ones are, where that is not this office.
    pub office: Option<OfficeCode>,
    /// What the names of records begin with that no column names: behind it stand the office and the line below the heading.
    pub numbered: Option<String>,
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

    pub(super) fn is_settled(&self) -> bool {
        self.rows.iter().all(|row| !row.is_wrong() && row.warnings.is_empty())
    }
}
