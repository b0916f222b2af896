//! Drafts: what was typed and is not recorded yet. They stand beside the log and never in it, so that no package carries
//! them and nothing counts them; they are kept as durably as records are.

use domain::RecordId;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::reader::{Reader, id_of};
use crate::writer::Writer;

/// A draft as kept. What `body` says is for whoever keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    pub id: RecordId,
    pub kind: String,
    /// `None` for a record that is not yet there. Of a record everyone has one draft at most.
    pub record: Option<RecordId>,
    /// Who typed it; blank where that is not known.
    pub author: String,
    /// When it was last typed into, in milliseconds.
    pub at: u64,
    pub body: String,
}

const COLUMNS: &str = "SELECT id, kind, record, author, at, body FROM draft";

fn draft(row: &Row) -> Result<DraftRow> {
    Ok(DraftRow {
        id: id_of(row.get(0)?)?,
        kind: row.get(1)?,
        record: row.get::<_, Option<Vec<u8>>>(2)?.map(id_of).transpose()?,
        author: row.get(3)?,
        at: row.get::<_, i64>(4)? as u64,
        body: row.get(5)?,
    })
}

impl Reader<'_> {
    /// Drafts of a kind, or of all, the last one typed into first.
    pub fn drafts(&self, kind: Option<&str>) -> Result<Vec<DraftRow>> {
        let sql = format!("{COLUMNS} WHERE ?1 IS NULL OR kind = ?1 ORDER BY at DESC, id DESC");
        self.conn.prepare_cached(&sql)?.query_and_then([kind], draft)?.collect()
    }

    pub fn draft(&self, id: RecordId) -> Result<Option<DraftRow>> {
        let sql = format!("{COLUMNS} WHERE id = ?");
        self.conn.prepare_cached(&sql)?.query_row([id.as_bytes()], |row| Ok(draft(row))).optional()?.transpose()
    }

    pub fn draft_of(&self, record: RecordId, author: &str) -> Result<Option<DraftRow>> {
        let sql = format!("{COLUMNS} WHERE record = ? AND author = ?");
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_row(params![record.as_bytes(), author], |row| Ok(draft(row))).optional()?.transpose()
    }
}

impl Writer<'_> {
    /// Keeps a draft in the place of the one with its id, or of the one its author had of the record.
    pub fn keep_draft(&mut self, draft: &DraftRow) -> Result<()> {
        self.changes.drafts = true;
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO draft (id, kind, record, author, at, body) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                draft.id.as_bytes(),
                draft.kind,
                draft.record.map(|record| record.as_bytes().to_vec()),
                draft.author,
                draft.at as i64,
                draft.body
            ])?;
        Ok(())
    }

    /// Says whether there was one.
    pub fn drop_draft(&mut self, id: RecordId) -> Result<bool> {
        self.changes.drafts = true;
        Ok(self.conn.prepare_cached("DELETE FROM draft WHERE id = ?")?.execute([id.as_bytes()])? > 0)
    }
}
