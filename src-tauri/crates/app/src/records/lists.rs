//! Lists and search over books of any size. What takes a pass over the whole book is worked out once and kept until the book
//! changes.

use domain::{Notice, Record};
use store::{ListPage, ListQuery};

use crate::failure::Outcome;
use crate::session::{CachedList, Reading};

/// Rows of a list, wherever they stand in it.
#[derive(Debug, Clone, Default)]
pub struct ListRows {
    pub records: Vec<Record>,
    /// How many rows the list has in all.
    pub total: u64,
}

impl Reading {
    /// A page by key, newest first.
    pub fn list(&self, query: &ListQuery) -> Outcome<ListPage> {
        self.known_kind(&query.kind)?;
        Ok(self.read(|reader| reader.list(query))?)
    }

    /// At most `query.limit` rows from the one numbered `first` on, from 0, and how many there are. The first page of a list
    /// takes a pass over it; every other takes as long as its own rows.
    pub fn list_at(&self, query: &ListQuery, first: u64) -> Outcome<ListRows> {
        self.known_kind(&query.kind)?;
        let generation = self.generation();
        let whole = ListQuery { limit: 0, after: None, ..query.clone() };
        let known = self.cache().take_list(generation, &whole);
        let kept = match known {
            Some(kept) => kept,
            None => {
                let marks = self.read(|reader| reader.list_marks(query))?;
                CachedList { generation, query: whole, marks }
            }
        };
        let records = self.read(|reader| reader.list_at(query, &kept.marks, first));
        let total = kept.marks.total;
        self.cache().keep_list(kept);
        Ok(ListRows { records: records?, total })
    }

    fn known_kind(&self, kind: &str) -> Outcome<()> {
        match self.library().schema().kind(kind) {
            Some(_) => Ok(()),
            None => Err(Notice::new("kind-unknown").with("value", kind).into()),
        }
    }

    /// Enterprises by part of their name, the beginning of their credit code, or of their pinyin initials.
    pub fn search(&self, text: &str, limit: u32) -> Outcome<Vec<Record>> {
        self.read(|reader| {
            let mut found = Vec::new();
            for id in reader.search(text, limit)? {
                found.extend(reader.record(id)?);
            }
            Ok(found)
        })
    }

    /// How many findings there are: counted again only after something they may rest on has changed.
    pub fn finding_count(&self) -> Outcome<u64> {
        let generation = self.findings_generation();
        if let Some((at, count)) = self.cache().findings
            && at == generation
        {
            return Ok(count);
        }
        let count = self.findings()?.len() as u64;
        self.cache().findings = Some((generation, count));
        Ok(count)
    }
}
