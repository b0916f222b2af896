//! What a pasted block is shown as.

use std::collections::{BTreeMap, BTreeSet};

use app::failure::Problem;
use app::messages::Language;
use app::paste::{self, Measure, Row, State, Understood, UnitFrom};
use domain::schema::Kind;
use domain::{Fields, Notice, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Serialize, TS)]
pub struct Preview {
    /// Asks for further rows of what is shown here.
    pub view: u32,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// The first and the last row of the heading; 0 for none.
    pub heading: u32,
    pub heading_last: u32,
    pub columns: Vec<PastedColumn>,
    /// The first of them.
    pub rows: PastedRows,
    pub counts: PasteCounts,
    /// Rows about records that say otherwise.
    pub differing: Vec<u32>,
    /// Fields a new record needs and no row brings.
    pub asked: Vec<String>,
    /// Some row is blank where a record should be named.
    pub gaps: bool,
    /// Texts that name no one record, those already answered too.
    pub unmatched: Vec<UnmatchedText>,
    /// Warnings without a reason, once each, with the rows they stand at.
    pub warnings: Vec<Doubt>,
    /// There is something to record, nothing is wrong, and every warning has its reason.
    pub ready: bool,
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct PastedColumn {
    pub heading: String,
    pub field: Option<String>,
    /// Of a column of numbers, what they are counted in.
    pub unit: Option<ColumnUnit>,
}

#[derive(Debug, Serialize, TS)]
pub struct ColumnUnit {
    /// As it is written; blank where nobody says, and the field's own unit holds.
    pub words: String,
    /// As a power of ten of the field's own unit; null where that is not known and has to be chosen.
    pub tens: Option<u32>,
    pub from: UnitSource,
    /// Powers of ten that can be chosen.
    pub choices: Vec<u32>,
    pub money: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnitSource {
    Own,
    Heading,
    /// A line above the table.
    Above,
    Chosen,
}

/// How many rows there are of each sort.
#[derive(Debug, Serialize, TS)]
pub struct PasteCounts {
    pub all: u32,
    pub new: u32,
    pub same: u32,
    pub differing: u32,
    /// Of those that differ, whose record is changed.
    pub updating: u32,
    pub twice: u32,
    pub aside: u32,
    pub left_out: u32,
    /// To be put right.
    pub wrong: u32,
    /// Records made of names.
    pub made: u32,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PageOfRows {
    pub view: u32,
    /// From 0, among those of the sort.
    pub first: u32,
    pub only: RowSort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RowSort {
    All,
    Doubtful,
    New,
    Differing,
    Same,
    Aside,
}

#[derive(Debug, Serialize, TS)]
pub struct PastedRows {
    pub rows: Vec<PastedRow>,
    /// How many there are of the sort.
    pub total: u32,
    /// Titles by id and names of divisions by code, for what the rows name.
    pub titles: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, TS)]
pub struct PastedRow {
    pub number: u32,
    pub cells: Vec<String>,
    /// What was understood.
    #[ts(type = "Fields")]
    pub fields: Fields,
    pub state: PastedState,
    /// The record that stands.
    pub about: Option<String>,
    pub changes: Vec<PastedChange>,
    /// They are made.
    pub update: bool,
    /// Why it is left aside.
    pub note: Option<Problem>,
    pub unread: Vec<UnreadCell>,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PastedState {
    New,
    /// A record stands and says the same.
    Same,
    /// A record stands and says otherwise.
    Differs,
    /// As an earlier row of the block.
    Twice,
    /// No data: a total, a remark.
    Aside,
    LeftOut,
}

/// What a row says otherwise of the record that stands.
#[derive(Debug, Serialize, TS)]
pub struct PastedChange {
    pub field: String,
    #[ts(type = "Fields[string]")]
    pub old: Value,
    #[ts(type = "Fields[string]")]
    pub new: Value,
}

#[derive(Debug, Serialize, TS)]
pub struct UnreadCell {
    pub column: u32,
    pub problem: Problem,
}

/// A text that names no one record.
#[derive(Debug, Serialize, TS)]
pub struct UnmatchedText {
    pub field: String,
    /// The kind it should name.
    pub to: String,
    pub text: String,
    pub rows: u32,
    /// How many records go by it.
    pub several: u32,
    /// Names that are nearly it.
    pub near: Vec<String>,
    /// A record can be made of it.
    pub makeable: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct Doubt {
    pub problem: Problem,
    pub rows: Vec<u32>,
}

#[derive(Debug, Serialize, TS)]
pub struct Pasted {
    /// New records.
    pub recorded: u32,
    /// Records changed.
    pub updated: u32,
    /// Records made of names.
    pub made: u32,
    /// Rows whose record stands as they say, or was left as it is.
    pub kept: u32,
}

pub(crate) fn row(row: &Row, language: Language) -> PastedRow {
    let in_words = |notices: &[Notice]| notices.iter().map(|notice| Problem::of(notice, language)).collect();
    let unread =
        |(column, notice): &(u32, Notice)| UnreadCell { column: *column, problem: Problem::of(notice, language) };
    let change = |change: &paste::Change| PastedChange {
        field: change.field.clone(),
        old: change.old.clone(),
        new: change.new.clone(),
    };
    let state = match row.state {
        State::New => PastedState::New,
        State::Same => PastedState::Same,
        State::Differs => PastedState::Differs,
        State::Twice => PastedState::Twice,
        State::Aside => PastedState::Aside,
        State::LeftOut => PastedState::LeftOut,
    };
    PastedRow {
        number: row.number,
        cells: row.cells.clone(),
        fields: row.fields.clone(),
        state,
        about: matches!(row.state, State::Same | State::Differs).then(|| row.id.to_string()),
        changes: row.changes.iter().map(change).collect(),
        update: row.update,
        note: row.note.as_ref().map(|notice| Problem::of(notice, language)),
        unread: row.unread.iter().map(unread).collect(),
        errors: in_words(&row.errors),
        warnings: in_words(&row.warnings),
    }
}

pub(crate) fn is_of(row: &Row, sort: RowSort) -> bool {
    match sort {
        RowSort::All => true,
        RowSort::Doubtful => row.is_wrong() || !row.warnings.is_empty(),
        RowSort::New => row.state == State::New,
        RowSort::Differing => row.state == State::Differs,
        RowSort::Same => matches!(row.state, State::Same | State::Twice),
        RowSort::Aside => matches!(row.state, State::Aside | State::LeftOut),
    }
}

pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Each code once, in the order of the rows.
pub(crate) fn doubts(rows: &[Row], language: Language) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = Vec::new();
    for row in rows {
        for notice in &row.warnings {
            match doubts.iter_mut().find(|doubt| doubt.problem.code == notice.code) {
                Some(doubt) if doubt.rows.last() == Some(&row.number) => {}
                Some(doubt) => doubt.rows.push(row.number),
                None => doubts.push(Doubt { problem: Problem::of(notice, language), rows: vec![row.number] }),
            }
        }
    }
    doubts
}

/// Fields that new rows were refused for want of, and no column brings.
pub(crate) fn asked(understood: &Understood) -> Vec<String> {
    let brought: BTreeSet<&str> = understood.columns.iter().filter_map(|column| column.field.as_deref()).collect();
    let new = understood.rows.iter().filter(|row| row.state == State::New);
    let missing = new.flat_map(|row| &row.errors).filter(|notice| notice.code == "required-missing");
    let fields: BTreeSet<&str> = missing.filter_map(|notice| notice.arg("field")).collect();
    fields.difference(&brought).map(|field| (*field).to_owned()).collect()
}

pub(crate) fn counts(understood: &Understood) -> PasteCounts {
    let of = |state: State| number(understood.count(|row| row.state == state));
    PasteCounts {
        all: number(understood.rows.len()),
        new: of(State::New),
        same: of(State::Same),
        differing: of(State::Differs),
        updating: number(understood.count(|row| row.update)),
        twice: of(State::Twice),
        aside: of(State::Aside),
        left_out: of(State::LeftOut),
        wrong: number(understood.count(Row::is_wrong)),
        made: number(understood.made),
    }
}

pub(crate) fn column(kind: Option<&Kind>, column: &paste::Column) -> PastedColumn {
    let field = column.field.as_ref().and_then(|name| kind?.field(name));
    let unit = field.and_then(Measure::of).map(|measure| {
        let (words, tens, from) = match &column.unit {
            None => (String::new(), Some(0), UnitSource::Own),
            Some((unit, from)) => {
                let from = match from {
                    UnitFrom::Heading => UnitSource::Heading,
                    UnitFrom::Above => UnitSource::Above,
                    UnitFrom::Chosen => UnitSource::Chosen,
                };
                (unit.words.clone(), unit.tens, from)
            }
        };
        ColumnUnit { words, tens, from, choices: measure.choices().to_vec(), money: measure == Measure::Money }
    });
    PastedColumn { heading: column.heading.clone(), field: column.field.clone(), unit }
}
