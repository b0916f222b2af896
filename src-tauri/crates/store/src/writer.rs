//! Everything that changes a book. Revisions come in through [`Writer::append`] (a person here) or [`Writer::ingest`] (a
//! package); both end in the same fold, so that a record's state never depends on the road its revisions took.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Deref;

use domain::fold::fold;
use domain::{Folded, Notice, RecordId, Revision};
use rusqlite::{Connection, params};

use crate::changes::{Change, Changes, Tally, Writes};
use crate::connection::IngestCache;
use crate::error::Result;
use crate::numbering::Streams;
use crate::projection::Projection;
use crate::reader::{FOLDED, Reader, RevisionState, conflict_text, damaged};
use crate::{findings, identities, search};

/// Revisions folded in one go while a package comes in; bounds memory.
const BATCH: usize = 20_000;

/// Room for most records' slots as JSON, in bytes.
const USUAL_SLOTS: usize = 1 << 10;

/// Beyond this many, a transaction's changes are counted and no longer named.
const NAMED_CHANGES: usize = 1_000;

pub struct Writer<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) streams: Streams,
    pub(crate) changes: Changes,
    /// What is written here and what stood before; `None` where the book does not keep it.
    pub(crate) writes: Option<Writes>,
    /// Records with revisions that are not folded: they are folded from scratch.
    waiting: HashSet<RecordId>,
    /// Nothing is going to be searched for here, and no number looked up.
    pub(crate) only_to_count: bool,
    joins_changed: bool,
    findings_changed: bool,
    /// Records a package has touched so far, so that one that comes in several batches counts once.
    pub(crate) counted: HashSet<RecordId>,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

pub(crate) struct Incoming {
    pub revision: Revision,
    pub line: Vec<u8>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(conn: &'a Connection, projection: &'a Projection) -> Result<Self> {
        let reader = Reader::new(conn, projection);
        let mut statement =
            conn.prepare_cached(&format!("SELECT DISTINCT record FROM revision WHERE state <> {FOLDED}"))?;
        let waiting =
            statement.query_and_then([], |row| crate::reader::id_of(row.get(0)?))?.collect::<Result<HashSet<_>>>()?;
        Ok(Writer {
            reader,
            streams: Streams::default(),
            changes: Changes::default(),
            writes: None,
            waiting,
            only_to_count: false,
            joins_changed: false,
            findings_changed: false,
            counted: HashSet::new(),
        })
    }

    /// Whether anything was written that findings may rest on.
    pub(crate) fn findings_changed(&self) -> bool {
        self.findings_changed
    }

    pub(crate) fn note_package(&mut self) {
        self.findings_changed = true;
        self.changes.packages = true;
        if let Some(writes) = &mut self.writes {
            writes.packages = true;
        }
    }

    pub(crate) fn finish(mut self) -> Result<(Changes, Option<Writes>)> {
        self.flush()?;
        Ok((self.changes, self.writes))
    }

    /// Writes back what is kept in memory while lines come in, so that queries inside the transaction see it.
    pub fn flush(&mut self) -> Result<()> {
        self.streams.write_back(self.reader.conn)?;
        if std::mem::take(&mut self.joins_changed) {
            search::rejoin(&self.reader)?;
        }
        Ok(())
    }

    /// Takes in the lines of one package. `deliver` is called with a sink that takes one line at a time; nothing is visible
    /// to others before the transaction commits. With `reactivate`, revisions that an undo withheld count again.
    pub fn ingest<E: From<crate::StoreError>>(
        &mut self,
        package: i64,
        reactivate: bool,
        now_millis: u64,
        deliver: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<()>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Tally, E> {
        self.counted.clear();
        self.note_package();
        let _cache = IngestCache::enlarge(self.reader.conn)?;
        let mut tally = Tally::default();
        let mut batch: Vec<Incoming> = Vec::new();
        let mut clock = self.clock()?;
        {
            let mut sink = |line: &[u8]| -> Result<()> {
                let revision = Revision::from_line(line)?;
                if revision.clock.is_ahead(now_millis) {
                    tally.ahead += 1;
                }
                clock = clock.observe(revision.clock, now_millis);
                batch.push(Incoming { revision, line: line.to_vec() });
                if batch.len() >= BATCH {
                    self.log_and_fold(std::mem::take(&mut batch), Some(package), reactivate, &mut tally)?;
                }
                Ok(())
            };
            deliver(&mut sink)?;
        }
        self.log_and_fold(batch, Some(package), reactivate, &mut tally)?;
        // Counted last: a parent may have come in a later batch than its child.
        tally.pending = self.waiting_of(package)?;
        self.set_clock(clock, now_millis)?;
        self.flush()?;
        Ok(tally)
    }

    /// How many of a package's revisions wait for a parent.
    fn waiting_of(&self, package: i64) -> Result<u64> {
        let count: i64 = self
            .conn
            .prepare_cached(&format!(
                "SELECT count(*) FROM revision v WHERE v.state <> {FOLDED} AND v.state = ?2 AND (v.package = ?1 \
                 OR EXISTS (SELECT 1 FROM carried c WHERE c.revision = v.n AND c.package = ?1))"
            ))?
            .query_row(params![package, RevisionState::Pending.code()], |row| row.get(0))?;
        Ok(count as u64)
    }

    /// Logs revisions and folds the records they touch.
    pub(crate) fn log_and_fold(
        &mut self,
        batch: Vec<Incoming>,
        package: Option<i64>,
        reactivate: bool,
        tally: &mut Tally,
    ) -> Result<()> {
        let conn = self.reader.conn;
        let mut touched: HashMap<RecordId, Vec<Revision>> = HashMap::with_capacity(batch.len());
        let mut order: Vec<RecordId> = Vec::with_capacity(batch.len());
        let mut from_scratch: BTreeSet<RecordId> = BTreeSet::new();
        {
            let mut find = conn.prepare_cached("SELECT n, state, line FROM revision WHERE id = ?")?;
            let mut insert = conn.prepare_cached(
                // One that is held is compared below: a look beforehand would search the same index twice for every new one.
                "INSERT INTO revision (id, record, stream, seq, package, state, line) VALUES (?, ?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO NOTHING",
            )?;
            for Incoming { revision, line } in batch {
                tally.revisions += 1;
                let wrong =
                    domain::validate::type_check(&self.reader.projection.core, &revision.kind, &revision.fields).err();
                let state = if wrong.is_some() { RevisionState::Quarantined } else { RevisionState::Folded };
                let stream = self.streams.id(conn, &revision.device, &revision.office)?;
                let new = insert.execute(params![
                    revision.id.0,
                    revision.record.as_bytes(),
                    stream,
                    revision.seq as i64,
                    package,
                    state.code(),
                    line
                ])?;
                if new == 0 {
                    let (n, state, same) = find.query_row([&revision.id.0], |row| {
                        Ok((
                            row.get::<_, i64>(0)?,
                            row.get::<_, i64>(1)?,
                            row.get_ref(2)?.as_blob()? == line.as_slice(),
                        ))
                    })?;
                    if !same {
                        return Err(Notice::new("same-id-other-bytes").with("id", revision.id).into());
                    }
                    tally.duplicates += 1;
                    self.note_duplicate(
                        n,
                        RevisionState::from_code(state),
                        package,
                        reactivate,
                        revision.record,
                        tally,
                        &mut from_scratch,
                    )?;
                    continue;
                }
                let fork = self.streams.take(conn, &revision.device, &revision.office, revision.seq, revision.id)?;
                tally.forks += u64::from(fork);
                if let Some(notice) = wrong {
                    tally.quarantined += 1;
                    let n = conn.last_insert_rowid();
                    let notice = serde_json::to_string(&notice).unwrap_or_default();
                    conn.prepare_cached("INSERT INTO quarantine (revision, notice) VALUES (?, ?)")?
                        .execute(params![n, notice])?;
                    self.waiting.insert(revision.record);
                    continue;
                }
                touched
                    .entry(revision.record)
                    .or_insert_with(|| {
                        order.push(revision.record);
                        Vec::new()
                    })
                    .push(revision);
            }
        }
        for record in order {
            let revisions = touched.remove(&record).unwrap_or_default();
            if from_scratch.contains(&record) {
                continue;
            }
            let before = self.folded(record)?;
            let mut state = before.clone();
            let mut straight = !self.waiting.contains(&record);
            for revision in revisions {
                match &mut state {
                    _ if !straight => break,
                    None if revision.parents.is_empty() => state = Some((0, Folded::first(revision))),
                    Some((_, folded)) if folded.precedes(&revision) => folded.advance(revision),
                    _ => straight = false,
                }
            }
            if !straight {
                from_scratch.insert(record);
                continue;
            }
            if let Some((_, folded)) = state {
                self.write_record(before, Some(folded), tally)?;
            }
        }
        for record in from_scratch {
            self.refold(record, tally)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn note_duplicate(
        &mut self,
        n: i64,
        state: RevisionState,
        package: Option<i64>,
        reactivate: bool,
        record: RecordId,
        tally: &mut Tally,
        from_scratch: &mut BTreeSet<RecordId>,
    ) -> Result<()> {
        let conn = self.reader.conn;
        if state == RevisionState::Withheld {
            if !reactivate {
                // Not carried either: a package that was told to leave them out must not bring them back by being undone.
                tally.withheld += 1;
                return Ok(());
            }
            // What was quarantined when it came is no better for having been taken back.
            conn.prepare_cached(
                "UPDATE revision SET state = CASE WHEN n IN (SELECT revision FROM quarantine) THEN ? ELSE ? END WHERE n = ?",
            )?
            .execute(params![RevisionState::Quarantined.code(), RevisionState::Folded.code(), n])?;
            from_scratch.insert(record);
        }
        if let Some(package) = package {
            conn.prepare_cached(
                "INSERT INTO carried (revision, package) SELECT n, ?2 FROM revision \
                 WHERE n = ?1 AND package IS NOT NULL AND package <> ?2 ON CONFLICT DO NOTHING",
            )?
            .execute(params![n, package])?;
        }
        Ok(())
    }

    /// Folds a record's active revisions from the log, and writes what comes out.
    pub(crate) fn refold(&mut self, record: RecordId, tally: &mut Tally) -> Result<()> {
        self.findings_changed = true;
        let revisions: Vec<_> = self
            .revisions(record)?
            .into_iter()
            .filter(|stored| !matches!(stored.state, RevisionState::Withheld | RevisionState::Quarantined))
            .collect();
        let active: Vec<Revision> = revisions.iter().map(|stored| stored.revision.clone()).collect();
        let folded = fold(&active);
        let mut all_folded = true;
        for stored in &revisions {
            let state = if folded.pending.contains(&stored.revision.id) {
                RevisionState::Pending
            } else if folded.disputed.contains(&stored.revision.id) {
                RevisionState::Disputed
            } else {
                RevisionState::Folded
            };
            all_folded &= state == RevisionState::Folded;
            if state != stored.state {
                tally.pending += u64::from(state == RevisionState::Pending);
                self.reader
                    .conn
                    .prepare_cached("UPDATE revision SET state = ? WHERE n = ?")?
                    .execute(params![state.code(), stored.n])?;
            }
        }
        let set_aside: bool = self
            .reader
            .conn
            .prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM revision WHERE record = ? AND state <> {FOLDED})"))?
            .query_row([record.as_bytes()], |row| row.get(0))?;
        if all_folded && !set_aside {
            self.waiting.remove(&record);
        } else {
            self.waiting.insert(record);
        }
        let before = self.folded(record)?;
        self.write_record(before, folded.state, tally)
    }

    /// Brings the record's row, its conflicts, its projection and its search entries in line with a fold.
    fn write_record(&mut self, before: Option<(i64, Folded)>, after: Option<Folded>, tally: &mut Tally) -> Result<()> {
        let conn = self.reader.conn;
        let Some(after) = after else {
            if let Some((n, before)) = before {
                self.remove_record(n, &before)?;
                self.note(before.record, &before.kind, false);
            }
            return Ok(());
        };
        let old = before.as_ref().map(|(_, folded)| folded);
        if old == Some(&after) {
            return Ok(());
        }
        // A record that is new here was judged with everything it refers to before it was kept; it can break nothing but by a
        // number that stands on another one, which only warns.
        self.findings_changed |=
            old.is_some_and(|old| findings::rest_on_change(&self.reader.projection.core, old, &after));
        let heads: Vec<u8> = after.heads.iter().flat_map(|head| head.0).collect();
        let mut slots = Vec::with_capacity(USUAL_SLOTS);
        serde_json::to_writer(&mut slots, &after.slots).map_err(|_| damaged("slots that are no JSON"))?;
        let slots = String::from_utf8(slots).map_err(|_| damaged("slots that are no text"))?;
        let n = match &before {
            Some((n, old)) if old.kind == after.kind => {
                conn.prepare_cached("UPDATE record SET office = ?, heads = ?, slots = ? WHERE n = ?")?
                    .execute(params![after.office.as_str(), heads, slots, n])?;
                tally.changed_records += u64::from(self.counted.insert(after.record));
                *n
            }
            _ => {
                if let Some((n, old)) = &before {
                    self.remove_record(*n, old)?;
                }
                conn.prepare_cached("INSERT INTO record (id, kind, office, heads, slots) VALUES (?, ?, ?, ?, ?)")?
                    .execute(params![after.record.as_bytes(), after.kind, after.office.as_str(), heads, slots])?;
                self.counted.insert(after.record);
                tally.new_records += 1;
                conn.last_insert_rowid()
            }
        };
        self.write_conflicts(n, old, &after, tally)?;
        // Under another kind it was taken out with its old row.
        let old = old.filter(|old| old.kind == after.kind);
        match old {
            Some(_) => self.reader.projection.write(conn, n, &after)?,
            None => self.reader.projection.insert(conn, n, &after)?,
        }
        if self.only_to_count {
            self.joins_changed |= search::joins_differ(old, &after);
        } else {
            self.joins_changed |= search::index(&self.reader, n, old, &after)?;
            self.findings_changed |= identities::index(&self.reader, n, old, &after)?;
        }
        self.note(after.record, &after.kind, before.is_none());
        Ok(())
    }

    fn write_conflicts(&mut self, n: i64, old: Option<&Folded>, after: &Folded, tally: &mut Tally) -> Result<()> {
        let none = Default::default();
        let old = old.map_or(&none, |old| &old.conflicts);
        if *old == after.conflicts {
            return Ok(());
        }
        let conn = self.reader.conn;
        conn.prepare_cached("DELETE FROM conflict WHERE record = ?")?.execute([n])?;
        for (slot, conflict) in &after.conflicts {
            tally.conflicts += u64::from(!old.contains_key(slot));
            conn.prepare_cached("INSERT INTO conflict (record, slot, id, candidates) VALUES (?, ?, ?, ?)")?
                .execute(params![n, slot, conflict.id(after.record, slot).0, conflict_text(conflict)])?;
        }
        Ok(())
    }

    fn remove_record(&mut self, n: i64, folded: &Folded) -> Result<()> {
        self.findings_changed = true;
        let conn = self.reader.conn;
        conn.prepare_cached("DELETE FROM conflict WHERE record = ?")?.execute([n])?;
        conn.prepare_cached("DELETE FROM record WHERE n = ?")?.execute([n])?;
        self.reader.projection.delete(conn, &folded.kind, n)?;
        self.joins_changed |= search::forget(&self.reader, n, folded)?;
        identities::forget(&self.reader, n, folded)?;
        Ok(())
    }

    fn note(&mut self, record: RecordId, kind: &str, created: bool) {
        if !self.changes.kinds.contains(kind) {
            self.changes.kinds.insert(kind.to_owned());
        }
        if self.changes.records.len() < NAMED_CHANGES {
            self.changes.records.push(Change { record, kind: kind.to_owned(), created });
        } else {
            self.changes.more += 1;
        }
    }
}
