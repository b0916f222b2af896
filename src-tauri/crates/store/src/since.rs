//! What happened to records since a cut.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::cut::Cut;
use domain::filing::{ANSWER, FILING};
use domain::schema::FieldType;
use domain::{Record, RecordId, Revision, RevisionId};

use crate::error::Result;
use crate::reader::{FOLDED, Reader, revision_id_of};

/// How far a record is followed upwards: a disposal to its sample, that to its product, that to its enterprise.
const MOST_STEPS: usize = 4;

/// What happened to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinceCut {
    /// Lines that count now and did not then; and lines that did then and do not now.
    pub added: u64,
    pub gone: u64,
    /// Every line that was added was written before the moment that was asked about.
    pub written_before: bool,
    /// Who wrote the last of those lines, and when, in milliseconds since 1970.
    pub author: String,
    pub millis: u64,
}

/// Which lines a cut speaks of.
pub struct CutMembers {
    /// The last sequence by the number of the stream in this book.
    last: HashMap<i64, u64>,
    aside: HashSet<RevisionId>,
    beyond: HashSet<RevisionId>,
}

impl CutMembers {
    fn holds(&self, stream: i64, seq: u64, id: &RevisionId) -> bool {
        let within = self.last.get(&stream).is_some_and(|last| seq <= *last) && !self.aside.contains(id);
        within || self.beyond.contains(id)
    }
}

impl Reader<'_> {
    /// Which lines of this book a cut speaks of; `None` where some of them are not here. Told by their number: the hashes of a
    /// million lines are asked only by whoever opens them ([`Reader::lines_of_cut`]).
    pub fn cut_members(&self, cut: &Cut) -> Result<Option<CutMembers>> {
        let aside: HashSet<RevisionId> = cut.aside.iter().copied().collect();
        let beyond: HashSet<RevisionId> = cut.beyond.iter().copied().collect();
        let mut last = HashMap::new();
        let mut find = self.conn.prepare_cached(
            "SELECT s.id, (SELECT count(*) FROM revision v WHERE v.stream = s.id AND v.seq <= ?3) FROM stream s \
             WHERE s.device = ?1 AND s.office = ?2",
        )?;
        let mut place = self.conn.prepare_cached(
            "SELECT s.device, s.office FROM revision v JOIN stream s ON s.id = v.stream WHERE v.id = ?",
        )?;
        let mut left_out: HashMap<(String, String), u64> = HashMap::new();
        for id in &aside {
            let mut rows = place.query([id.0])?;
            if let Some(row) = rows.next()? {
                *left_out.entry((row.get(0)?, row.get(1)?)).or_default() += 1;
            }
        }
        for stream in &cut.streams {
            let place = (stream.device.as_str(), stream.office.as_str());
            let mut rows = find.query(rusqlite::params![place.0, place.1, stream.last as i64])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let held = row.get::<_, i64>(1)? as u64;
            let out = left_out.get(&(place.0.to_owned(), place.1.to_owned())).copied().unwrap_or(0);
            if held.saturating_sub(out) != stream.lines {
                return Ok(None);
            }
            last.insert(row.get(0)?, stream.last);
        }
        let mut held = self.conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM revision WHERE id = ?)")?;
        for id in &beyond {
            if !held.query_row([id.0], |row| row.get::<_, bool>(0))? {
                return Ok(None);
            }
        }
        Ok(Some(CutMembers { last, aside, beyond }))
    }

    /// The records of which other lines count now than the cut speaks of. `moment` is when it was made.
    pub fn since_cut(&self, members: &CutMembers, moment: u64) -> Result<BTreeMap<RecordId, SinceCut>> {
        let mut since: BTreeMap<RecordId, SinceCut> = BTreeMap::new();
        let mut note = |line: &[u8], added: bool| -> Result<()> {
            let revision = Revision::from_kept_line(line)?;
            // What is said of filings is counted nowhere.
            if matches!(revision.kind.as_str(), FILING | ANSWER) {
                return Ok(());
            }
            let blank = SinceCut { added: 0, gone: 0, written_before: true, author: String::new(), millis: 0 };
            let told = since.entry(revision.record).or_insert(blank);
            if added {
                told.added += 1;
                told.written_before &= revision.clock.millis < moment;
            } else {
                told.gone += 1;
            }
            if revision.clock.millis >= told.millis {
                (told.author, told.millis) = (revision.author, revision.clock.millis);
            }
            Ok(())
        };
        let mut streams = self.conn.prepare_cached("SELECT id FROM stream")?;
        let streams: Vec<i64> = streams.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut later = self.conn.prepare_cached(&format!(
            "SELECT v.id, v.line FROM revision v WHERE v.stream = ? AND v.seq > ? AND v.state = {FOLDED}"
        ))?;
        for stream in streams {
            let last = members.last.get(&stream).copied().unwrap_or(0);
            let mut rows = later.query([stream, last as i64])?;
            while let Some(row) = rows.next()? {
                let id = revision_id_of(&row.get::<_, Vec<u8>>(0)?)?;
                if !members.beyond.contains(&id) {
                    note(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, true)?;
                }
            }
        }
        let mut counts = self.conn.prepare_cached(&format!("SELECT line FROM revision WHERE id = ? AND state = {FOLDED}"))?;
        for id in &members.aside {
            let mut rows = counts.query([id.0])?;
            if let Some(row) = rows.next()? {
                note(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, true)?;
            }
        }
        let mut gone = self
            .conn
            .prepare_cached(&format!("SELECT stream, seq, id, line FROM revision WHERE state <> {FOLDED}"))?;
        let mut rows = gone.query([])?;
        while let Some(row) = rows.next()? {
            let id = revision_id_of(&row.get::<_, Vec<u8>>(2)?)?;
            if members.holds(row.get(0)?, row.get::<_, i64>(1)? as u64, &id) {
                note(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?, false)?;
            }
        }
        Ok(since)
    }

    /// Those records with what they are counted by: what they refer to, what is joined to that, and what refers to them.
    pub fn around(&self, records: &BTreeSet<RecordId>) -> Result<BTreeSet<RecordId>> {
        let mut found = records.clone();
        // What counts by a record that was changed: the samples of an enterprise, the disposals of those.
        let mut waiting: Vec<RecordId> = records.iter().copied().collect();
        for _ in 0..2 {
            let mut next = Vec::new();
            for id in waiting {
                for below in self.pointing_at(id)? {
                    if found.insert(below) {
                        next.push(below);
                    }
                }
            }
            waiting = next;
        }
        let mut waiting: Vec<RecordId> = found.iter().copied().collect();
        for _ in 0..MOST_STEPS {
            let mut next = Vec::new();
            for id in waiting {
                let Some(record) = self.record(id)? else { continue };
                let joined = if record.kind == "enterprise" { self.group_of(id)? } else { Vec::new() };
                for above in self.referred_by(&record).into_iter().chain(joined) {
                    if found.insert(above) {
                        next.push(above);
                    }
                }
            }
            waiting = next;
        }
        Ok(found)
    }

    fn referred_by(&self, record: &Record) -> Vec<RecordId> {
        let fields = self.projection.core.kind(&record.kind).map_or(&[][..], |kind| &kind.fields);
        let mut referred = Vec::new();
        for field in fields {
            match &field.ty {
                FieldType::Ref { .. } => referred.extend(record.reference(&field.name)),
                FieldType::Refs { .. } => {
                    referred.extend(record.texts(&field.name).into_iter().filter_map(|id| id.parse::<RecordId>().ok()));
                }
                _ => {}
            }
        }
        referred
    }

    fn pointing_at(&self, id: RecordId) -> Result<Vec<RecordId>> {
        let Some(kind) = self.record(id)?.map(|record| record.kind) else { return Ok(Vec::new()) };
        let mut pointing = Vec::new();
        for other in &self.projection.core.kinds {
            let to_it = |field: &&domain::schema::Field| match &field.ty {
                FieldType::Ref { to } | FieldType::Refs { to } => *to == kind,
                _ => false,
            };
            for field in other.core_fields().filter(to_it) {
                pointing.extend(self.referring(&other.id, &field.name, id)?.into_iter().map(|record| record.id));
            }
        }
        Ok(pointing)
    }

    /// The lines of these records, by their number in the log: whether the cut speaks of each, and whether it counts now.
    pub fn lines_of_records(&self, records: &BTreeSet<RecordId>, members: &CutMembers) -> Result<Vec<(i64, bool, bool)>> {
        let mut find =
            self.conn.prepare_cached("SELECT n, stream, seq, id, state FROM revision WHERE record = ? ORDER BY n")?;
        let mut lines = Vec::new();
        for record in records {
            let mut rows = find.query([record.as_bytes()])?;
            while let Some(row) = rows.next()? {
                let id = revision_id_of(&row.get::<_, Vec<u8>>(3)?)?;
                let then = members.holds(row.get(1)?, row.get::<_, i64>(2)? as u64, &id);
                lines.push((row.get(0)?, then, row.get::<_, i64>(4)? == FOLDED));
            }
        }
        lines.sort_unstable();
        Ok(lines)
    }
}
