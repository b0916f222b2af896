//! What a package would carry, counted before it is sealed.

use domain::{DeviceId, OfficeCode, Revision};
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, params, params_from_iter};

use crate::error::Result;
use crate::reader::{Reader, WITHHELD};
use crate::streams::StreamRange;

/// Records of one kind among the runs of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindContents {
    pub kind: String,
    /// No package has carried anything of them yet.
    pub fresh: u64,
    /// Carried before, and changed since.
    pub edited: u64,
    /// Carried before, and not confirmed by the receiver.
    pub again: u64,
}

impl Reader<'_> {
    /// Counts what the runs hold: records by kind, and revisions in all.
    pub fn contents(&self, runs: &[StreamRange]) -> Result<(Vec<KindContents>, u64)> {
        if runs.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let places = vec!["(?, ?, ?, ?)"; runs.len()].join(", ");
        let values = || {
            params_from_iter(runs.iter().flat_map(|run| {
                let text = |text: &str| Sql::Text(text.to_owned());
                let number = |number: u64| Sql::Integer(number as i64);
                [text(run.device.as_str()), text(run.office.as_str()), number(run.first), number(run.last)]
            }))
        };
        let lines = format!(
            "WITH run (device, office, first, last) AS (VALUES {places}), \
             line AS (SELECT v.record, v.seq > s.sent AS fresh FROM run JOIN stream s ON s.device = run.device AND s.office = run.office \
             JOIN revision v ON v.stream = s.id AND v.seq BETWEEN run.first AND run.last WHERE v.state <> {WITHHELD})"
        );
        let mut statement = self.conn.prepare(&format!(
            "{lines}, changed AS (SELECT record, max(fresh) AS fresh FROM line GROUP BY record), \
             told AS (SELECT c.record, c.fresh, EXISTS (SELECT 1 FROM revision o JOIN stream s ON s.id = o.stream \
             WHERE o.record = c.record AND (o.seq <= s.sent OR o.package IS NOT NULL)) AS known FROM changed c) \
             SELECT r.kind, sum(t.fresh AND NOT t.known), sum(t.fresh AND t.known), sum(NOT t.fresh) \
             FROM told t JOIN record r ON r.id = t.record GROUP BY r.kind ORDER BY r.kind"
        ))?;
        let kinds = statement
            .query_map(values(), |row| {
                Ok(KindContents {
                    kind: row.get(0)?,
                    fresh: row.get::<_, i64>(1)? as u64,
                    edited: row.get::<_, i64>(2)? as u64,
                    again: row.get::<_, i64>(3)? as u64,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let revisions: i64 =
            self.conn.query_row(&format!("{lines} SELECT count(*) FROM line"), values(), |row| row.get(0))?;
        Ok((kinds, revisions as u64))
    }

    /// The revision at a place of a stream; of a fork the one with the lesser id.
    pub fn revision_at(&self, device: &DeviceId, office: &OfficeCode, seq: u64) -> Result<Option<Revision>> {
        let line: Option<Vec<u8>> = self
            .conn
            .prepare_cached(
                "SELECT v.line FROM revision v JOIN stream s ON s.id = v.stream \
                 WHERE s.device = ? AND s.office = ? AND v.seq = ? ORDER BY v.id LIMIT 1",
            )?
            .query_row(params![device.as_str(), office.as_str(), seq as i64], |row| row.get(0))
            .optional()?;
        Ok(line.map(|line| Revision::from_kept_line(&line)).transpose()?)
    }
}
