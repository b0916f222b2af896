//! What a person asks to be changed, and what a transaction or a package did change.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{Fields, OfficeCode, RecordId, RevisionId, Value};

/// What a transaction did, for whoever shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub records: Vec<Change>,
    /// Changes beyond those named.
    pub more: u64,
    /// The kinds of all records that changed, named or not.
    pub kinds: BTreeSet<String>,
    /// A package came in, or was taken back.
    pub packages: bool,
    pub drafts: bool,
}

/// What was written into a book since it was last asked for, and what stood there before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writes {
    /// Each record once, in the order they were first written.
    pub records: Vec<Written>,
    /// A package came in, or was taken back.
    pub packages: bool,
    places: HashMap<RecordId, usize>,
}

/// One record that was written here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub record: RecordId,
    pub kind: String,
    /// Nothing was there before.
    pub made: bool,
    /// What each slot held that was written.
    pub before: BTreeMap<String, SlotBefore>,
    /// The record's heads before and after.
    pub base: Vec<RevisionId>,
    pub heads: Vec<RevisionId>,
}

/// What a slot held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotBefore {
    /// The value that was shown; `None` where the slot had never been assigned.
    pub shown: Option<Value>,
    /// What stood against it in an open conflict.
    pub against: Vec<Value>,
}

impl Writes {
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && !self.packages
    }

    pub(crate) fn add(&mut self, later: Writes) {
        self.packages |= later.packages;
        for written in later.records {
            self.put(written);
        }
    }

    /// The heads a record that was written ends with.
    pub(crate) fn end_at(&mut self, record: RecordId, heads: Vec<RevisionId>) {
        if let Some(place) = self.places.get(&record) {
            self.records[*place].heads = heads;
        }
    }

    /// One written again is what it was before the first time, and after the last.
    pub(crate) fn put(&mut self, written: Written) {
        match self.places.entry(written.record) {
            Entry::Occupied(place) => {
                let known = &mut self.records[*place.get()];
                known.heads = written.heads;
                for (slot, stood) in written.before {
                    known.before.entry(slot).or_insert(stood);
                }
            }
            Entry::Vacant(place) => {
                place.insert(self.records.len());
                self.records.push(written);
            }
        }
    }
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
