//! What a person asks to be changed, and what a transaction or a package did change.

use domain::{Fields, OfficeCode, RecordId};

/// What a transaction did, for whoever shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub records: Vec<Change>,
    /// Changes beyond those named.
    pub more: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub record: RecordId,
    pub kind: String,
    pub created: bool,
}

/// A change a person makes here: slots that differ, on top of what this book shows.
#[derive(Debug, Clone)]
pub struct Edit {
    pub record: RecordId,
    pub kind: String,
    pub office: OfficeCode,
    pub author: String,
    pub slots: Fields,
}

/// What a package brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Revisions delivered.
    pub revisions: u64,
    /// Of those: held before.
    pub duplicates: u64,
    /// Of those: withheld by an undo, and still so.
    pub withheld: u64,
    pub quarantined: u64,
    pub pending: u64,
    /// Records that were not here before.
    pub new_records: u64,
    /// Records that were here and changed.
    pub changed_records: u64,
    /// Conflicts that opened.
    pub conflicts: u64,
    /// Revisions whose clock is more than a day ahead of this one.
    pub ahead: u64,
    /// Revisions under a sequence that another revision of the same stream already has.
    pub forks: u64,
}
