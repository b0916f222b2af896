//! What opens a printed number: the records that a cell counted, and the cells that count a record.

use domain::RecordId;

/// One record that a cell counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    pub record: RecordId,
    pub kind: String,
    /// The cell that counted it: totals and sums open the cells they add up.
    pub row: String,
    pub column: String,
    /// What it adds: 1, pieces, fen, elements. 0 in a list, where nothing is counted.
    pub amount: i64,
    /// Where the cell counts distinct ones, what the record counted as: records of one row, column and `counted_as` add 1
    /// together.
    pub counted_as: Option<Counted>,
    /// A figure another department declared, not a record of what happened.
    pub declared: bool,
}

/// What distinct records are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// The enterprise, as joined.
    Enterprise(RecordId),
    Value(String),
}

/// A printed cell that counts a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellRef {
    pub form: String,
    /// In a list form, the id of the record that is the row.
    pub row: String,
    /// Empty in a list form: the record is the row.
    pub column: String,
    /// What the record adds to the cell; an enterprise among distinct ones adds 1, whoever else counted it.
    pub amount: i64,
}

/// The value a trace adds up to: the cell it opens.
pub fn recount(trace: &[Traced]) -> i64 {
    let mut distinct = std::collections::BTreeSet::new();
    let mut value = 0i64;
    for Traced { row, column, amount, counted_as, .. } in trace {
        if counted_as.as_ref().is_none_or(|counted| distinct.insert((row, column, counted))) {
            value = value.saturating_add(*amount);
        }
    }
    value
}
