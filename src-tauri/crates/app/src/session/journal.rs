//! What was done since the book was opened: newest first, each person's own. One request is one entry, however many records it
//! wrote. Nothing of it is kept when the book is closed, and nothing travels.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{RecordId, RevisionId};
use serde::Serialize;
use store::Written;
use ts_rs::TS;

/// So many entries are remembered; the oldest are forgotten first.
pub(super) const MOST: usize = 200;

/// What an entry did to its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    New,
    Edit,
    Void,
    Restore,
    /// A package came in or was taken back, which has a way back of its own.
    Package,
}

/// One thing a person did.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) author: String,
    /// In milliseconds.
    pub(super) at: u64,
    pub(super) operation: Operation,
    /// What was edited, where it was one record.
    pub(super) fields: Vec<String>,
    pub(super) kinds: BTreeMap<String, u64>,
    pub(super) first: Option<RecordId>,
    /// What takes it back.
    pub(super) writes: Vec<Written>,
}

type Heads = Vec<RevisionId>;

#[derive(Debug)]
pub(crate) struct Journal {
    pub(super) entries: Vec<Entry>,
    /// Taken back, the last one last.
    pub(super) undone: Vec<Entry>,
    /// Heads of a record under which it says again what it said under others.
    pub(super) again: HashMap<Heads, Heads>,
    pub(super) begun: u64,
    pub(super) mark: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Journal { entries: Vec::new(), undone: Vec::new(), again: HashMap::new(), begun: 0, mark: next_mark() }
    }
}

/// No two states of any journal have the same.
fn next_mark() -> u64 {
    static MARKS: AtomicU64 = AtomicU64::new(1);
    MARKS.fetch_add(1, Ordering::Relaxed)
}

impl Journal {
    pub(super) fn moved(&mut self) {
        self.mark = next_mark();
    }

    /// Where a record must stand that says what it said under `heads`.
    pub(super) fn standing<'a>(&'a self, heads: &'a Heads) -> &'a Heads {
        let mut heads = heads;
        while let Some(later) = self.again.get(heads) {
            heads = later;
        }
        heads
    }

    /// What `later` wrote gave the records back what they said before `earlier`.
    pub(super) fn reversed(&mut self, earlier: &[Written], later: &[Written]) {
        let ends: HashMap<RecordId, &Heads> = later.iter().map(|written| (written.record, &written.heads)).collect();
        for written in earlier.iter().filter(|written| !written.base.is_empty()) {
            if let Some(heads) = ends.get(&written.record) {
                let base = self.standing(&written.base).clone();
                self.again.insert(base, (*heads).clone());
            }
        }
    }

    pub(super) fn last(&self, author: &str) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.operation == Operation::Package || entry.author == author)
    }

    pub(super) fn last_undone(&self, author: &str) -> Option<usize> {
        self.undone.iter().rposition(|entry| entry.author == author)
    }
}

/// An entry, for the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EntryView {
    pub id: u64,
    pub operation: Operation,
    /// Its record, or the first of several.
    pub record: Option<EntryRecord>,
    pub kinds: Vec<EntryKind>,
    /// What was edited, where it was one record.
    pub fields: Vec<String>,
    /// To the minute, in China.
    pub at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EntryRecord {
    pub id: String,
    pub kind: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EntryKind {
    pub kind: String,
    pub count: u64,
}

/// What the person who records now can take back, and bring back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct JournalView {
    /// What was done by the request this comes with.
    pub done: Option<EntryView>,
    pub undo: Option<EntryView>,
    pub redo: Option<EntryView>,
}
