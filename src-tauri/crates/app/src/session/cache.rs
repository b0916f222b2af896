//! What took a pass over the book, kept until the book changes.

use std::sync::Arc;

use store::{ListMarks, ListQuery};

use crate::forms::request::{FillRequest, Trace};

/// Lists whose marks are kept: those a person goes back and forth between.
const LISTS_KEPT: usize = 12;

/// What was worked out from the book as it was.
#[derive(Debug, Default)]
pub(crate) struct QueryCache {
    /// The newest last. `generation` is the book's when the marks were set.
    lists: Vec<CachedList>,
    /// The book's `findings_generation`, and how many findings there were.
    pub findings: Option<(u64, u64)>,
    /// The book's `generation`, and how many pairs of enterprises may be one.
    pub pairs: Option<(u64, u64)>,
    /// The cell that was opened last (generation of the book, form, row, column), and the records it counts.
    pub trace: Option<(Cell, Arc<Trace>)>,
}

impl QueryCache {
    pub fn take_list(&mut self, generation: u64, query: &ListQuery) -> Option<CachedList> {
        self.lists.retain(|kept| kept.generation == generation);
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
    pub generation: u64,
    pub query: ListQuery,
    pub marks: ListMarks,
}
