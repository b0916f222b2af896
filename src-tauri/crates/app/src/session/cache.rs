//! What took a pass over the book and is kept until the book changes.

use std::sync::Arc;

use store::{ListMarks, ListQuery};

use crate::tables::{Behind, FillRequest};

/// Lists whose marks are kept: those a person goes back and forth between.
const LISTS_KEPT: usize = 12;

/// What was worked out from the book as it was.
#[derive(Debug, Default)]
pub(crate) struct QueryCache {
    /// The newest last. `changes` is the book's count of them when the marks were set.
    lists: Vec<CachedList>,
    /// The book's count of disturbances, and how many findings there were.
    pub findings: Option<(u64, u64)>,
    /// The book's count of changes, and how many pairs of enterprises may be one.
    pub pairs: Option<(u64, u64)>,
    /// The cell that was opened last (changes of the book, form, row, column), and the records it counts.
    pub trace: Option<(Cell, Arc<Behind>)>,
}

impl QueryCache {
    pub fn take_list(&mut self, changes: u64, query: &ListQuery) -> Option<CachedList> {
        self.lists.retain(|kept| kept.changes == changes);
        let at = self.lists.iter().position(|kept| kept.query == *query)?;
        Some(self.lists.remove(at))
    }

    pub fn keep_list(&mut self, kept: CachedList) {
        // Another thread may have worked out the same meanwhile.
        self.lists.retain(|other| other.query != kept.query);
        if self.lists.len() >= LISTS_KEPT {
            self.lists.remove(0);
        }
        self.lists.push(kept);
    }
}

type Cell = (u64, FillRequest, String, String);

#[derive(Debug)]
pub(crate) struct CachedList {
    pub changes: u64,
    pub query: ListQuery,
    pub marks: ListMarks,
}
