//! A cut: up to where the book has read, and which lines that was, found again later or in another book that holds them too.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::cut::{Cut, CutStream};
use domain::{DeviceId, OfficeCode, RevisionId, RunningHash};
use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::reader::{FOLDED, Reader, revision_id_of};

/// A restored copy wrote a number twice after the cut: at most so many ways of leaving such lines out are tried.
const MOST_CHOICES: usize = 1 << 12;

/// What a book holds of a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CutLines {
    /// All of it: the numbers of its lines in this book's log.
    Complete(Vec<i64>),
    /// Not all of it, and never a part.
    Short(Vec<ShortStream>),
}

/// A stream of which lines are missing, or other ones held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortStream {
    pub device: DeviceId,
    pub office: OfficeCode,
    /// Up to where it is asked for.
    pub last: u64,
    /// Up to where it is held without a gap.
    pub held: u64,
}

/// One line of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    n: i64,
    seq: u64,
    id: RevisionId,
}

impl Reader<'_> {
    /// Up to where this book has read.
    pub fn cut(&self) -> Result<Cut> {
        let mut aside: BTreeMap<(DeviceId, OfficeCode), u64> = BTreeMap::new();
        let mut cut = Cut::default();
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT s.device, s.office, v.id FROM revision v JOIN stream s ON s.id = v.stream \
             WHERE v.state <> {FOLDED} AND v.seq <= s.held"
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stream = (row.get::<_, String>(0)?.parse()?, row.get::<_, String>(1)?.parse()?);
            *aside.entry(stream).or_default() += 1;
            cut.aside.push(revision_id_of(&row.get::<_, Vec<u8>>(2)?)?);
        }
        cut.aside.sort_unstable();
        let left_out: HashSet<RevisionId> = cut.aside.iter().copied().collect();
        for mark in self.streams()? {
            let stream = (mark.device, mark.office);
            let hash = match aside.contains_key(&stream) {
                // What a receipt states of the stream is the hash over all of it.
                false => mark.hash,
                true => hash_of(self.held(&stream.0, &stream.1, mark.held)?.iter().filter(|line| !left_out.contains(&line.id))),
            };
            let lines = self.lines_up_to(&stream.0, &stream.1, mark.held)? - aside.get(&stream).copied().unwrap_or(0);
            let (device, office) = stream;
            cut.streams.push(CutStream { device, office, last: mark.held, lines, hash });
        }
        cut.streams.retain(|stream| stream.lines > 0);
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT v.id FROM stream s JOIN revision v ON v.stream = s.id AND v.seq > s.held WHERE v.state = {FOLDED} ORDER BY v.id"
        ))?;
        cut.beyond = statement
            .query_and_then([], |row| revision_id_of(&row.get::<_, Vec<u8>>(0)?))?
            .collect::<Result<Vec<_>>>()?;
        Ok(cut)
    }

    /// The lines of a cut in this book's log, whatever became of them since.
    pub fn lines_of_cut(&self, cut: &Cut) -> Result<CutLines> {
        let aside: HashSet<RevisionId> = cut.aside.iter().copied().collect();
        let (mut lines, mut short) = (Vec::new(), Vec::new());
        for stream in &cut.streams {
            let mut held = self.held(&stream.device, &stream.office, stream.last)?;
            held.retain(|line| !aside.contains(&line.id));
            match chosen(held, stream) {
                Some(held) => lines.extend(held.into_iter().map(|line| line.n)),
                None => short.push(ShortStream {
                    device: stream.device.clone(),
                    office: stream.office.clone(),
                    last: stream.last,
                    held: self.held_up_to(&stream.device, &stream.office)?,
                }),
            }
        }
        let mut missing = BTreeSet::new();
        let mut find = self.conn.prepare_cached("SELECT n FROM revision WHERE id = ?")?;
        for id in &cut.beyond {
            match find.query_row([id.0], |row| row.get(0)).optional()? {
                Some(n) => lines.push(n),
                None => drop(missing.insert(*id)),
            }
        }
        if short.is_empty() && missing.is_empty() {
            lines.sort_unstable();
            return Ok(CutLines::Complete(lines));
        }
        Ok(CutLines::Short(short))
    }

    fn held(&self, device: &DeviceId, office: &OfficeCode, last: u64) -> Result<Vec<Held>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT v.n, v.seq, v.id FROM revision v JOIN stream s ON s.id = v.stream \
             WHERE s.device = ? AND s.office = ? AND v.seq <= ? ORDER BY v.seq, v.id",
        )?;
        let rows = statement.query_and_then(params![device.as_str(), office.as_str(), last as i64], |row| {
            Ok(Held { n: row.get(0)?, seq: row.get::<_, i64>(1)? as u64, id: RevisionId(row.get(2)?) })
        })?;
        rows.collect()
    }

    /// Counted in the index alone.
    fn lines_up_to(&self, device: &DeviceId, office: &OfficeCode, last: u64) -> Result<u64> {
        let mut statement = self.conn.prepare_cached(
            "SELECT count(*) FROM stream s JOIN revision v ON v.stream = s.id AND v.seq <= ?3 \
             WHERE s.device = ?1 AND s.office = ?2",
        )?;
        let count: i64 =
            statement.query_row(params![device.as_str(), office.as_str(), last as i64], |row| row.get(0))?;
        Ok(count as u64)
    }

    fn held_up_to(&self, device: &DeviceId, office: &OfficeCode) -> Result<u64> {
        let mut statement = self.conn.prepare_cached("SELECT held FROM stream WHERE device = ? AND office = ?")?;
        let held: Option<i64> =
            statement.query_row([device.as_str(), office.as_str()], |row| row.get(0)).optional()?;
        Ok(held.unwrap_or(0) as u64)
    }
}

fn hash_of<'l>(lines: impl IntoIterator<Item = &'l Held>) -> [u8; 32] {
    let mut hash = RunningHash::default();
    lines.into_iter().for_each(|line| hash.push(&line.id));
    hash.value()
}

/// The lines that the cut speaks of, among those held up to its end. Of a number that was written twice one line may have come
/// after the cut; which, the hash says.
fn chosen(held: Vec<Held>, stream: &CutStream) -> Option<Vec<Held>> {
    let is_it = |lines: &[Held]| lines.len() as u64 == stream.lines && hash_of(lines) == stream.hash;
    if is_it(&held) {
        return Some(held);
    }
    if (held.len() as u64) < stream.lines {
        return None;
    }
    let mut choices: Vec<Vec<Held>> = vec![Vec::new()];
    for same in held.chunk_by(|one, other| one.seq == other.seq) {
        // Of the lines under one number any but none may have been there.
        let parts: Vec<Vec<Held>> = (1..1_usize << same.len().min(8))
            .map(|picked| same.iter().enumerate().filter(|(at, _)| picked >> at & 1 == 1).map(|(_, line)| *line).collect())
            .collect();
        if choices.len() * parts.len() > MOST_CHOICES {
            return None;
        }
        choices = choices
            .iter()
            .flat_map(|begun| parts.iter().map(move |part| begun.iter().chain(part).copied().collect()))
            .collect();
    }
    choices.into_iter().find(|lines| is_it(lines))
}
