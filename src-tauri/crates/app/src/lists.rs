//! Lists and search over books of any size. What takes a pass over the whole book is worked out once and kept until the book
//! changes.

use std::sync::Arc;

use domain::{Notice, Record};
use store::{ListMarks, ListPage, ListQuery};

use crate::failure::Outcome;
use crate::session::Session;
use crate::sync::held;
use crate::tables::{Behind, FillRequest};

/// Lists whose marks are kept: those a person goes back and forth between.
const LISTS_KEPT: usize = 12;

/// What was worked out from the book as it was.
#[derive(Debug, Default)]
pub(crate) struct WorkedOut {
    /// The newest last. `changes` is the book's count of them when the marks were set.
    lists: Vec<Kept>,
    /// The book's count of disturbances, and how many findings there were.
    findings: Option<(u64, u64)>,
    /// The book's count of changes, and how many pairs of enterprises may be one.
    pub(crate) pairs: Option<(u64, u64)>,
    /// The cell that was opened last (changes of the book, form, row, column), and the records it counts.
    pub(crate) trace: Option<(Cell, Arc<Behind>)>,
}

impl WorkedOut {
    fn take_list(&mut self, changes: u64, query: &ListQuery) -> Option<Kept> {
        self.lists.retain(|kept| kept.changes == changes);
        let at = self.lists.iter().position(|kept| kept.query == *query)?;
        Some(self.lists.remove(at))
    }

    fn keep_list(&mut self, kept: Kept) {
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
struct Kept {
    changes: u64,
    query: ListQuery,
    marks: ListMarks,
}

/// Rows of a list, wherever they stand in it.
#[derive(Debug, Clone, Default)]
pub struct ListRows {
    pub records: Vec<Record>,
    /// How many rows the list has in all.
    pub total: u64,
}

impl Session {
    /// A page by key, newest first.
    pub fn list(&self, query: &ListQuery) -> Outcome<ListPage> {
        self.known_kind(&query.kind)?;
        Ok(self.book.read(|reader| reader.list(query))?)
    }

    /// At most `query.limit` rows from the one numbered `first` on, from 0, and how many there are. The first page of a list
    /// takes a pass over it; every other takes as long as its own rows.
    pub fn list_at(&self, query: &ListQuery, first: u64) -> Outcome<ListRows> {
        self.known_kind(&query.kind)?;
        let changes = self.book.generation();
        let whole = ListQuery { limit: 0, after: None, ..query.clone() };
        let known = held(&self.worked_out).take_list(changes, &whole);
        let kept = match known {
            Some(kept) => kept,
            None => {
                let marks = self.book.read(|reader| reader.list_marks(query))?;
                Kept { changes, query: whole, marks }
            }
        };
        let records = self.book.read(|reader| reader.list_at(query, &kept.marks, first));
        let total = kept.marks.total;
        held(&self.worked_out).keep_list(kept);
        Ok(ListRows { records: records?, total })
    }

    fn known_kind(&self, kind: &str) -> Outcome<()> {
        match self.library.schema().kind(kind) {
            Some(_) => Ok(()),
            None => Err(Notice::new("kind-unknown").with("value", kind).into()),
        }
    }

    /// Enterprises by part of their name, the beginning of their credit code, or of their pinyin initials.
    pub fn search(&self, text: &str, limit: u32) -> Outcome<Vec<Record>> {
        self.book.read(|reader| {
            let mut found = Vec::new();
            for id in reader.search(text, limit)? {
                found.extend(reader.record(id)?);
            }
            Ok(found)
        })
    }

    /// How many findings there are: counted again only after something they may rest on has changed.
    pub fn finding_count(&self) -> Outcome<u64> {
        let disturbances = self.book.findings_generation();
        if let Some((at, count)) = held(&self.worked_out).findings
            && at == disturbances
        {
            return Ok(count);
        }
        let count = self.findings()?.len() as u64;
        held(&self.worked_out).findings = Some((disturbances, count));
        Ok(count)
    }
}
