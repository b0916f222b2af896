//! The book as it stood: lines of its log folded again, from the beginning and beside it, in memory. What is read there is read by
//! the same projections and the same figures as in the book itself; whatever became of those lines since is not asked.

use rusqlite::{Connection, TransactionBehavior};

use crate::book::migrate;
use crate::changes::Tally;
use crate::connection::connect_in_memory;
use crate::error::{Result, StoreError};
use crate::projection::Projection;
use crate::reader::Reader;
use crate::writer::{Incoming, Writer};

/// Lines folded in one go.
const BATCH: usize = 20_000;

pub struct Replay {
    conn: Connection,
    projection: Projection,
}

impl Replay {
    /// `lines` are numbers in the log of the book that is read. `progress` is told (done, of) now and then.
    pub fn of(reader: &Reader, lines: &[i64], progress: &mut dyn FnMut(u64, u64)) -> Result<Self> {
        let projection = Projection::of_core();
        let mut conn = connect_in_memory()?;
        migrate(&mut conn)?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut writer = Writer::new(&tx, &projection)?;
        writer.only_to_count = true;
        let mut tally = Tally::default();
        let mut find = reader.conn.prepare_cached("SELECT line FROM revision WHERE n = ?")?;
        for (at, batch) in lines.chunks(BATCH).enumerate() {
            progress((at * BATCH) as u64, lines.len() as u64);
            let incoming = batch
                .iter()
                .map(|n| {
                    let line: Vec<u8> = find.query_row([n], |row| row.get(0))?;
                    Ok(Incoming { revision: domain::Revision::from_kept_line(&line)?, line })
                })
                .collect::<Result<Vec<_>>>()?;
            writer.log_and_fold(incoming, None, false, &mut tally)?;
        }
        writer.finish()?;
        tx.commit()?;
        Ok(Replay { conn, projection })
    }

    /// Everything read inside `look` is the book as it stood.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        Reader::of_one_state(&self.conn, &self.projection, look)
    }
}
