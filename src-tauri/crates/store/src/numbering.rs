//! Numbers the lines of streams as they are written or come in, and measures how far each stream is held without a gap.

use std::collections::HashMap;

use domain::{DeviceId, OfficeCode, RevisionId, RunningHash};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

#[derive(Debug, Clone)]
struct Row {
    id: i64,
    held: u64,
    hash: RunningHash,
    /// The highest sequence seen; beyond `held` where lines are missing.
    last: u64,
    changed: bool,
    /// A second line came under a number already hashed: the hash is worked out from the beginning.
    forked: bool,
}

/// The streams a transaction touches, kept in memory until it settles.
#[derive(Default)]
pub(crate) struct Streams {
    rows: HashMap<(String, String), Row>,
}

impl Streams {
    fn row(&mut self, conn: &Connection, device: &DeviceId, office: &OfficeCode) -> Result<&mut Row> {
        let key = (device.as_str().to_owned(), office.as_str().to_owned());
        if !self.rows.contains_key(&key) {
            let found = conn
                .prepare_cached(
                    "SELECT s.id, s.held, s.hash, (SELECT max(seq) FROM revision WHERE stream = s.id) \
                     FROM stream s WHERE s.device = ? AND s.office = ?",
                )?
                .query_row([&key.0, &key.1], |row| {
                    Ok(Row {
                        id: row.get(0)?,
                        held: row.get::<_, i64>(1)? as u64,
                        hash: RunningHash::from_value(row.get(2)?),
                        last: row.get::<_, Option<i64>>(3)?.unwrap_or(0) as u64,
                        changed: false,
                        forked: false,
                    })
                })
                .optional()?;
            let row = match found {
                Some(row) => row,
                None => {
                    let hash = RunningHash::default();
                    conn.prepare_cached("INSERT INTO stream (device, office, held, hash) VALUES (?, ?, 0, ?)")?
                        .execute(params![key.0, key.1, hash.value()])?;
                    Row { id: conn.last_insert_rowid(), held: 0, hash, last: 0, changed: false, forked: false }
                }
            };
            self.rows.insert(key.clone(), row);
        }
        Ok(self.rows.get_mut(&key).expect("just inserted"))
    }

    /// The sequence a new line of this stream takes.
    pub(crate) fn next(&mut self, conn: &Connection, device: &DeviceId, office: &OfficeCode) -> Result<u64> {
        Ok(self.row(conn, device, office)?.last + 1)
    }

    /// The row of a stream; a new one is made where there is none.
    pub(crate) fn id(&mut self, conn: &Connection, device: &DeviceId, office: &OfficeCode) -> Result<i64> {
        Ok(self.row(conn, device, office)?.id)
    }

    /// Notes a new line of a stream, which is in the log already. Says whether the sequence was taken by another line.
    pub(crate) fn take(
        &mut self,
        conn: &Connection,
        device: &DeviceId,
        office: &OfficeCode,
        seq: u64,
        id: RevisionId,
    ) -> Result<bool> {
        let row = self.row(conn, device, office)?;
        let mut fork = false;
        if seq == row.held + 1 && row.last == row.held {
            row.held = seq;
            row.hash.push(&id);
        } else if seq <= row.last {
            fork = conn
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM revision WHERE stream = ? AND seq = ? AND id <> ?)")?
                .query_row(params![row.id, seq as i64, id.0], |found| found.get(0))?;
            row.forked |= fork && seq <= row.held;
        }
        row.last = row.last.max(seq);
        row.changed = true;
        Ok(fork)
    }

    /// Has a stream measured again, whatever is known of it.
    pub(crate) fn remeasure(&mut self, conn: &Connection, device: &DeviceId, office: &OfficeCode) -> Result<()> {
        self.row(conn, device, office)?.changed = true;
        Ok(())
    }

    /// Measures how far the streams that changed are held without a gap, and puts that down.
    pub(crate) fn write_back(&mut self, conn: &Connection) -> Result<()> {
        for row in self.rows.values_mut().filter(|row| row.changed) {
            if std::mem::take(&mut row.forked) {
                (row.held, row.hash) = (0, RunningHash::default());
            }
            // Lines that came out of order may have closed the gap behind them.
            if row.held < row.last {
                let mut statement =
                    conn.prepare_cached("SELECT seq, id FROM revision WHERE stream = ? AND seq > ? ORDER BY seq, id")?;
                let mut rows = statement.query(params![row.id, row.held as i64])?;
                while let Some(next) = rows.next()? {
                    let seq = next.get::<_, i64>(0)? as u64;
                    if seq > row.held + 1 {
                        break;
                    }
                    row.held = seq;
                    row.hash.push(&RevisionId(next.get(1)?));
                }
            }
            conn.prepare_cached("UPDATE stream SET held = ?, hash = ? WHERE id = ?")?.execute(params![
                row.held as i64,
                row.hash.value(),
                row.id
            ])?;
            row.changed = false;
        }
        Ok(())
    }
}
