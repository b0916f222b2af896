//! Streams: what one device wrote for one office, numbered without gaps, so that it can be sent whole and confirmed with one
//! number and one hash. After a restored copy wrote a number twice both lines are kept, and hashed ascending by id.

use domain::{DeviceId, OfficeCode, RevisionId, RunningHash};
use rusqlite::params;

use crate::error::{Result, StoreError};
use crate::reader::{FOLDED, Reader, WITHHELD};
use crate::writer::Writer;

/// How far a stream is held without a gap, and the running hash there ([`RunningHash`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamMark {
    pub device: DeviceId,
    pub office: OfficeCode,
    /// The office the device belongs to, once known.
    pub author: Option<OfficeCode>,
    pub held: u64,
    pub hash: [u8; 32],
}

/// Part of a stream, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRange {
    pub device: DeviceId,
    pub office: OfficeCode,
    pub first: u64,
    pub last: u64,
}

impl Reader<'_> {
    /// Every stream this book holds any of, by device and office: the body of a receipt.
    pub fn streams(&self) -> Result<Vec<StreamMark>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT device, office, author, held, hash FROM stream ORDER BY device, office")?;
        let rows = statement.query_and_then([], |row| {
            Ok(StreamMark {
                device: row.get::<_, String>(0)?.parse()?,
                office: row.get::<_, String>(1)?.parse()?,
                author: row.get::<_, String>(2)?.parse().ok(),
                held: row.get::<_, i64>(3)? as u64,
                hash: row.get(4)?,
            })
        })?;
        rows.collect()
    }

    /// The marks that do not follow from the log: kept how far, and worked out how far.
    pub(crate) fn streams_adrift(&self) -> Result<Vec<StreamMark>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT v.seq, v.id FROM revision v JOIN stream s ON s.id = v.stream \
             WHERE s.device = ? AND s.office = ? ORDER BY v.seq, v.id",
        )?;
        let mut adrift = Vec::new();
        for mark in self.streams()? {
            let mut rows = statement.query(params![mark.device.as_str(), mark.office.as_str()])?;
            let (mut held, mut hash) = (0, RunningHash::default());
            while let Some(row) = rows.next()? {
                let seq = row.get::<_, i64>(0)? as u64;
                if seq > held + 1 {
                    break;
                }
                held = seq;
                hash.push(&RevisionId(row.get(1)?));
            }
            if (held, hash.value()) != (mark.held, mark.hash) {
                adrift.push(mark);
            }
        }
        Ok(adrift)
    }

    /// The running hash of a stream at a sequence this book holds; `None` beyond what it holds.
    pub fn stream_hash_at(&self, device: &DeviceId, office: &OfficeCode, seq: u64) -> Result<Option<[u8; 32]>> {
        let Some(mark) = self.streams()?.into_iter().find(|mark| &mark.device == device && &mark.office == office)
        else {
            return Ok(None);
        };
        if seq == mark.held {
            return Ok(Some(mark.hash));
        }
        if seq > mark.held {
            return Ok(None);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT v.seq, v.id FROM revision v JOIN stream s ON s.id = v.stream \
             WHERE s.device = ? AND s.office = ? AND v.seq <= ? ORDER BY v.seq, v.id",
        )?;
        let mut rows = statement.query(params![device.as_str(), office.as_str(), seq as i64])?;
        let mut hash = RunningHash::default();
        while let Some(row) = rows.next()? {
            hash.push(&RevisionId(row.get(1)?));
        }
        Ok(Some(hash.value()))
    }

    /// The first number of a stream that an undo withholds: a receipt confirms nothing from there on, so that it can come
    /// again.
    pub fn first_withheld(&self, device: &DeviceId, office: &OfficeCode) -> Result<Option<u64>> {
        let first: Option<i64> = self
            .conn
            .prepare_cached(&format!(
                "SELECT min(v.seq) FROM revision v JOIN stream s ON s.id = v.stream \
                 WHERE s.device = ? AND s.office = ? AND v.state = {WITHHELD} AND v.state <> {FOLDED}"
            ))?
            .query_row(params![device.as_str(), office.as_str()], |row| row.get(0))?;
        Ok(first.map(|seq| seq as u64))
    }

    /// The exact lines of a range, in sequence; both lines of a fork.
    /// What `take` fails with comes back as it is.
    pub fn lines<E: From<StoreError>>(
        &self,
        range: &StreamRange,
        take: &mut dyn FnMut(&[u8]) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let mut statement = self
            .conn
            .prepare_cached(&format!(
                "SELECT v.line FROM revision v JOIN stream s ON s.id = v.stream WHERE s.device = ? AND s.office = ? \
                 AND v.seq BETWEEN ? AND ? AND v.state <> {WITHHELD} ORDER BY v.seq, v.id"
            ))
            .map_err(failed)?;
        let bounds = params![range.device.as_str(), range.office.as_str(), range.first as i64, range.last as i64];
        let mut rows = statement.query(bounds).map_err(failed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            let line = row.get_ref(0).and_then(|line| line.as_blob().map_err(rusqlite::Error::from)).map_err(failed)?;
            take(line)?;
            count += 1;
        }
        Ok(count)
    }

    /// The unbroken runs of a stream's lines that may be sent, from a sequence on: what an undo withholds is left out, and
    /// nothing beyond a gap is sent.
    pub fn runs(&self, device: &DeviceId, office: &OfficeCode, from: u64) -> Result<Vec<StreamRange>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT DISTINCT v.seq FROM revision v JOIN stream s ON s.id = v.stream WHERE s.device = ? AND s.office = ? \
             AND v.seq BETWEEN ? AND s.held AND v.state <> {WITHHELD} ORDER BY v.seq"
        ))?;
        let mut rows = statement.query(params![device.as_str(), office.as_str(), from as i64])?;
        let mut runs: Vec<StreamRange> = Vec::new();
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)? as u64;
            match runs.last_mut() {
                Some(run) if run.last + 1 == seq => run.last = seq,
                _ => runs.push(StreamRange { device: device.clone(), office: office.clone(), first: seq, last: seq }),
            }
        }
        Ok(runs)
    }

    /// Streams with lines missing: from the first sequence that is not here to the last one before the next that is.
    pub fn gaps(&self) -> Result<Vec<StreamRange>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT s.device, s.office, s.held + 1, (SELECT min(v.seq) - 1 FROM revision v WHERE v.stream = s.id AND v.seq > s.held) \
             FROM stream s WHERE EXISTS (SELECT 1 FROM revision v WHERE v.stream = s.id AND v.seq > s.held) \
             ORDER BY s.device, s.office",
        )?;
        let rows = statement.query_and_then([], |row| {
            Ok(StreamRange {
                device: row.get::<_, String>(0)?.parse()?,
                office: row.get::<_, String>(1)?.parse()?,
                first: row.get::<_, i64>(2)? as u64,
                last: row.get::<_, i64>(3)? as u64,
            })
        })?;
        rows.collect()
    }

    /// Records with a revision written here that no package has carried yet.
    pub fn unsent_records(&self) -> Result<u64> {
        let count: i64 = self
            .conn
            .prepare_cached(
                // Of what came in packages not even the index is read: it is most of a region's book.
                "SELECT count(DISTINCT v.record) FROM stream s \
                 JOIN revision v INDEXED BY revision_own ON v.stream = s.id AND v.seq > s.sent WHERE v.package IS NULL",
            )?
            .query_row([], |row| row.get(0))?;
        Ok(count as u64)
    }

    /// Hashes of what the records of a run name by its content (photos; what was sealed and printed of a filing) and this book
    /// holds, with their sizes.
    pub fn attachments_of(&self, run: &StreamRange) -> Result<Vec<([u8; 32], u64)>> {
        let mut statement = self.conn.prepare_cached(
            "WITH named (record) AS (SELECT DISTINCT v.record FROM revision v JOIN stream s ON s.id = v.stream \
             WHERE s.device = ? AND s.office = ? AND v.seq BETWEEN ? AND ?), \
             hash (hash) AS (SELECT a.sha256 FROM named JOIN p_attachment a ON a.id = named.record \
             UNION SELECT f.snapshot FROM named JOIN p_submission f ON f.id = named.record \
             UNION SELECT e.value FROM named JOIN p_submission f ON f.id = named.record, json_each(f.printed) e) \
             SELECT c.sha256, length(c.bytes) FROM hash JOIN attachment_content c ON c.sha256 = unhex(hash.hash)",
        )?;
        let rows = statement.query_and_then(
            params![run.device.as_str(), run.office.as_str(), run.first as i64, run.last as i64],
            |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)),
        )?;
        rows.collect()
    }

    /// The highest sequence of a stream that is in the log, gaps or not.
    pub fn last_sequence(&self, device: &DeviceId, office: &OfficeCode) -> Result<u64> {
        let last: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT max(v.seq) FROM revision v JOIN stream s ON s.id = v.stream WHERE s.device = ? AND s.office = ?",
            )?
            .query_row([device.as_str(), office.as_str()], |row| row.get(0))?;
        Ok(last.unwrap_or(0) as u64)
    }
}

impl Writer<'_> {
    /// Measures every stream from its first line.
    pub(crate) fn measure_streams(&mut self) -> Result<()> {
        for mark in self.streams()? {
            self.streams.remeasure(self.reader.conn, &mark.device, &mark.office)?;
        }
        self.streams.write_back(self.reader.conn)
    }

    /// Notes which office a device belongs to, for a stream that is about to come in or be written.
    pub fn put_stream_author(&mut self, device: &DeviceId, office: &OfficeCode, author: &OfficeCode) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO stream (device, office, author, held, hash) VALUES (?, ?, ?, 0, ?) \
                 ON CONFLICT (device, office) DO UPDATE SET author = excluded.author WHERE stream.author = ''",
            )?
            .execute(params![device.as_str(), office.as_str(), author.as_str(), [0u8; 32]])?;
        Ok(())
    }

    /// Notes that a package carried a stream up to here.
    pub fn mark_sent(&mut self, device: &DeviceId, office: &OfficeCode, last: u64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE stream SET sent = max(sent, ?) WHERE device = ? AND office = ?")?
            .execute(params![last as i64, device.as_str(), office.as_str()])?;
        Ok(())
    }
}
