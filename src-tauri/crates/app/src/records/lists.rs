//! Lists and search over books of any size. What takes a pass over the whole book is worked out once and kept until the book
//! changes.

use domain::{Notice, Record};
use serde::Serialize;
use store::{Found, ListPage, ListQuery};
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::records::rows::{Hit, RecordRow, hit, hit_of, row};
use crate::session::{CachedList, Reading};

/// Rows of a list, wherever they stand in it.
#[derive(Debug, Serialize, TS)]
pub struct RowPage {
    pub first: u64,
    pub rows: Vec<RecordRow>,
    /// How many rows the list has in all.
    pub total: u64,
}

/// Any kind of record, where one is named.
const ANY_KIND: &str = "*";

impl Reading {
    /// A page by key, newest first.
    pub fn list(&self, query: &ListQuery) -> Outcome<ListPage> {
        self.known_kind(&query.kind)?;
        Ok(self.read(|reader| reader.list(query))?)
    }

    /// At most `query.limit` rows from the one numbered `first` on, from 0, and how many there are. The first page of a list
    /// takes a pass over it; every other takes as long as its own rows.
    pub fn record_rows(&self, query: &ListQuery, first: u64) -> Outcome<RowPage> {
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
        let rows = self.read::<_, Failure>(|reader| {
            let records = reader.list_at(query, &kept.marks, first)?;
            records.into_iter().map(|record| row(self, reader, record)).collect()
        });
        let total = kept.marks.total;
        self.cache().keep_list(kept);
        Ok(RowPage { first, rows: rows?, total })
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

    /// Records of a kind, or of any (`*`), by name, number, credit code or initials; with nothing typed, the newest of the kind.
    pub fn find_records(&self, kind: &str, text: &str, limit: u32) -> Outcome<Vec<Hit>> {
        self.read::<_, Failure>(|reader| {
            if text.is_empty() {
                let newest = ListQuery { kind: kind.to_owned(), limit, ..ListQuery::default() };
                let records = reader.list(&newest)?.records;
                return records.iter().map(|record| hit(self, reader, record)).collect();
            }
            let kinds = self.library().schema().kinds.iter().filter(|known| !known.reserved);
            let mut found: Vec<Found> = Vec::new();
            for known in kinds.filter(|known| kind == ANY_KIND || known.id == kind) {
                found.extend(reader.search_kind(&known.id, text, limit)?);
            }
            let mut hits = Vec::with_capacity(found.len());
            for one in found {
                hits.extend(hit_of(self, reader, one)?);
            }
            Ok(hits)
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
