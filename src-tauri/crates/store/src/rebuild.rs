//! The log is the truth: everything folded and projected from it can be thrown away and made again.

use crate::book::Book;
use crate::changes::Tally;
use crate::connection::IngestCache;
use crate::error::{Result, StoreError};
use crate::projection::table;
use crate::reader::id_of;
use crate::writer::Writer;

impl Book {
    /// Makes every record, conflict, projection, search entry and stream mark anew from the log, in one transaction: what
    /// `check` found to differ is put right, and nothing of the log is touched. Refused where a line of the log itself was
    /// altered: that only a backup can mend. `progress` is called with (done, of) now and then. Returns how many records stand.
    pub fn rebuild(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<u64> {
        self.read::<_, StoreError>(|reader| match reader.altered_lines()?.first() {
            Some((n, id)) => Err(StoreError::Damaged { detail: format!("line {n} of the log, {id}") }),
            None => Ok(()),
        })?;
        let (records, _) = self.transact::<_, StoreError>(|writer| writer.rebuild(progress))?;
        Ok(records)
    }
}

impl Writer<'_> {
    fn rebuild(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<u64> {
        let conn = self.conn;
        let _cache = IngestCache::enlarge(conn)?;
        for kind in self.projection.kinds() {
            conn.execute(&format!("DELETE FROM {}", table(kind)), [])?;
        }
        conn.execute_batch(
            "DELETE FROM conflict; DELETE FROM record; DELETE FROM joined; DELETE FROM initials; DELETE FROM identity;
             INSERT INTO name_index (name_index) VALUES ('delete-all');
             UPDATE stream SET held = 0, hash = zeroblob(32);",
        )?;
        let records = {
            let mut statement = conn.prepare("SELECT DISTINCT record FROM revision ORDER BY record")?;
            statement.query_and_then([], |row| id_of(row.get(0)?))?.collect::<Result<Vec<_>>>()?
        };
        let mut tally = Tally::default();
        for (done, record) in records.iter().enumerate() {
            self.refold(*record, &mut tally)?;
            if done % 1000 == 0 {
                progress(done as u64, records.len() as u64);
            }
        }
        self.measure_streams()?;
        Ok(tally.new_records)
    }
}
