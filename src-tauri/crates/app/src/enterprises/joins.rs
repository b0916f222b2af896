//! Two records that are one enterprise: found, compared, joined by `same_as`, and taken apart again. That two are not one is
//! remembered in this book only: it changes no record, and another office may know better.

use std::collections::BTreeSet;

use domain::{Fields, Notice, Record, RecordId, Value};
use store::Reader;

use crate::enterprises::dossier::may_write;
use crate::failure::{Failure, Outcome};
use crate::records::RecordInput;
use crate::session::{Reading, Writing, meta};

/// Two enterprises that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub left: Record,
    pub right: Record,
    /// `uscc` or `name`: what is equal.
    pub reason: &'static str,
}

type Apart = BTreeSet<(RecordId, RecordId)>;

impl Reading {
    /// Enterprises that may be one, those set apart by a person left out.
    pub fn pairs(&self) -> Outcome<Vec<Pair>> {
        self.read(|reader| self.pairs_in(reader))
    }

    /// How many there are: counted again only after the book has changed.
    pub fn pair_count(&self) -> Outcome<u64> {
        let generation = self.generation();
        if let Some((at, count)) = self.cache().pairs
            && at == generation
        {
            return Ok(count);
        }
        let count = self.read::<_, Failure>(|reader| Ok(reader.pairs(&apart(reader)?)?.len()))? as u64;
        self.cache().pairs = Some((generation, count));
        Ok(count)
    }

    pub(crate) fn pairs_in(&self, reader: &Reader) -> Outcome<Vec<Pair>> {
        let mut pairs = Vec::new();
        for (left, right, reason) in reader.pairs(&apart(reader)?)? {
            if let (Some(left), Some(right)) = (reader.record(left)?, reader.record(right)?) {
                pairs.push(Pair { left, right, reason });
            }
        }
        Ok(pairs)
    }

    /// Pairs a person has set apart, as far as both are still here.
    pub(crate) fn set_apart(&self, reader: &Reader) -> Outcome<Vec<(Record, Record)>> {
        let mut pairs = Vec::new();
        for (left, right) in apart(reader)? {
            if let (Some(left), Some(right)) = (reader.record(left)?, reader.record(right)?) {
                pairs.push((left, right));
            }
        }
        Ok(pairs)
    }

    fn writable_enterprise(&self, reader: &Reader, id: RecordId) -> Outcome<Record> {
        let record = self.enterprise(reader, id)?;
        if !may_write(self, &record.office) {
            return Err(Notice::new("office-not-below")
                .with("office", &record.office)
                .with("own", self.office())
                .into());
        }
        Ok(record)
    }
}

impl Writing {
    /// Remembers, or forgets, that two enterprises are not one.
    pub fn keep_apart(&mut self, left: RecordId, right: RecordId, are_two: bool) -> Outcome<()> {
        self.transact::<_, Failure>(|writer| {
            let mut pairs = apart(writer)?;
            let pair = (left.min(right), left.max(right));
            let changed = if are_two { pairs.insert(pair) } else { pairs.remove(&pair) };
            if changed {
                let pairs: Vec<[String; 2]> =
                    pairs.into_iter().map(|(left, right)| [left.to_string(), right.to_string()]).collect();
                writer.set_meta(meta::APART, &serde_json::to_string(&pairs).unwrap_or_default())?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Joins `member` to `kept`: from now on they count as one enterprise, as `kept`. Where `kept` is itself joined to
    /// another, both lead there.
    pub fn join_enterprises(&mut self, member: RecordId, kept: RecordId) -> Outcome<()> {
        let standing = self.read::<_, Failure>(|reader| {
            self.enterprise(reader, kept)?;
            let standing = self.writable_enterprise(reader, member)?;
            if standing.void.is_some() {
                return Err(Notice::new("enterprise-voided").with("id", member).into());
            }
            let (from, to) = (reader.root_of(member)?, reader.root_of(kept)?);
            if from == to {
                return Err(Notice::new("enterprises-joined-already").with("id", kept).into());
            }
            if reader.record(kept)?.is_some_and(|record| record.void.is_some()) {
                return Err(Notice::new("enterprise-voided").with("id", kept).into());
            }
            Ok(standing)
        })?;
        self.point(standing, Value::text(kept.to_string()))
    }

    /// Takes a join back: `member` counts as an enterprise of its own again, with all that was recorded under it.
    pub fn split_enterprise(&mut self, member: RecordId) -> Outcome<()> {
        let standing = self.read::<_, Failure>(|reader| {
            let standing = self.writable_enterprise(reader, member)?;
            if standing.reference("same_as").is_none() {
                return Err(Notice::new("enterprise-not-joined").with("id", member).into());
            }
            Ok(standing)
        })?;
        self.point(standing, Value::Null)
    }

    /// One revision of `same_as`, by the same door as any other. What was already odd about the record stays as odd as it was.
    fn point(&mut self, record: Record, same_as: Value) -> Outcome<()> {
        let input = RecordInput {
            kind: record.kind,
            id: Some(record.id.to_string()),
            fields: Fields::from([("same_as".to_owned(), same_as)]),
            ..RecordInput::default()
        };
        self.save(input, false)?;
        Ok(())
    }
}

fn apart(reader: &Reader) -> Outcome<Apart> {
    let Some(kept) = reader.meta(meta::APART)? else { return Ok(Apart::new()) };
    let pairs: Vec<[RecordId; 2]> =
        serde_json::from_str(&kept).map_err(|_| Notice::new("book-damaged").with("detail", meta::APART))?;
    Ok(pairs.into_iter().map(|[left, right]| (left.min(right), left.max(right))).collect())
}
