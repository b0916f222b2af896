//! What can be asked of a book. Everything asked through one reader is answered from one state.

use std::collections::BTreeMap;

use domain::fold::{Candidate, Conflict, ConflictId};
use domain::{Folded, Notice, OfficeCode, Record, RecordId, Revision, RevisionId, Value};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::projection::{Projection, table};

pub struct Reader<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) projection: &'a Projection,
}

/// Where a revision stands; see the log's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionState {
    Folded,
    /// Waits for a parent.
    Pending,
    /// Taken back with its package.
    Withheld,
    /// Carries a wrong type in a known field.
    Quarantined,
    /// Gives its record another kind or owner.
    Disputed,
}

impl RevisionState {
    pub(crate) const fn code(self) -> i64 {
        self as i64
    }

    pub(crate) fn from_code(code: i64) -> Self {
        match code {
            0 => RevisionState::Folded,
            1 => RevisionState::Pending,
            2 => RevisionState::Withheld,
            3 => RevisionState::Quarantined,
            _ => RevisionState::Disputed,
        }
    }
}

/// What is folded, as queries name it: `state <> {FOLDED}` is the condition of the index of what is set aside, which SQLite
/// takes only where the query says it in these words.
pub(crate) const FOLDED: i64 = RevisionState::Folded.code();
/// What an undo withholds, as queries name it.
pub(crate) const WITHHELD: i64 = RevisionState::Withheld.code();

/// One line of the log.
#[derive(Debug, Clone)]
pub struct StoredRevision {
    pub n: i64,
    pub state: RevisionState,
    /// The package that first brought it; `None` for one written here.
    pub package: Option<i64>,
    pub revision: Revision,
}

/// A revision that is kept but not folded.
#[derive(Debug, Clone)]
pub struct SetAside {
    /// Its number in the log.
    pub n: i64,
    pub state: RevisionState,
    pub record: RecordId,
    pub why: Option<Notice>,
}

/// A conflict nobody has decided yet.
#[derive(Debug, Clone)]
pub struct OpenConflict {
    pub id: ConflictId,
    pub record: RecordId,
    pub kind: String,
    pub office: OfficeCode,
    pub slot: String,
    pub conflict: Conflict,
}

pub(crate) fn id_of(bytes: Vec<u8>) -> Result<RecordId> {
    let bytes: [u8; 16] = bytes.try_into().map_err(|_| damaged("a record id is not 16 bytes"))?;
    Ok(RecordId::from_bytes(bytes))
}

pub(crate) fn revision_id_of(bytes: &[u8]) -> Result<RevisionId> {
    Ok(RevisionId(bytes.try_into().map_err(|_| damaged("a revision id is not 32 bytes"))?))
}

pub(crate) fn damaged(detail: &str) -> StoreError {
    StoreError::Damaged { detail: detail.to_owned() }
}

pub(crate) fn slots_of(text: &str) -> Result<domain::Fields> {
    match Value::from_json(text) {
        Ok(Value::Map(slots)) => Ok(slots),
        _ => Err(damaged("a record's slots are not an object")),
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(conn: &'a Connection, projection: &'a Projection) -> Self {
        Reader { conn, projection }
    }

    /// Everything read inside `look` is one state of the book.
    pub(crate) fn of_one_state<T, E: From<StoreError>>(
        conn: &Connection,
        projection: &Projection,
        look: impl FnOnce(&Reader) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = conn.unchecked_transaction().map_err(StoreError::from)?;
        let value = look(&Reader::new(&tx, projection))?;
        tx.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// The record as folded, without its conflicts.
    pub fn record(&self, id: RecordId) -> Result<Option<Record>> {
        let found = self
            .conn
            .prepare_cached("SELECT kind, office, slots FROM record WHERE id = ?")?
            .query_row([id.as_bytes()], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        found
            .map(|(kind, office, slots)| Ok(Record::from_slots(id, &kind, &office.parse()?, &slots_of(&slots)?)))
            .transpose()
    }

    /// The office that owns a record.
    pub fn owner(&self, id: RecordId) -> Result<Option<OfficeCode>> {
        let mut statement = self.conn.prepare_cached("SELECT office FROM record WHERE id = ?")?;
        let found: Option<String> = statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
        Ok(found.map(|office| office.parse()).transpose()?)
    }

    /// A record's slots, heads and conflicts, with its row number.
    pub fn folded(&self, id: RecordId) -> Result<Option<(i64, Folded)>> {
        let found = self
            .conn
            .prepare_cached("SELECT n, kind, office, heads, slots FROM record WHERE id = ?")?
            .query_row([id.as_bytes()], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, Vec<u8>>(3)?,
                    row.get::<_, String>(4)?,
                ))
            })
            .optional()?;
        let Some((n, kind, office, heads, slots)) = found else { return Ok(None) };
        let heads = heads.chunks(32).map(revision_id_of).collect::<Result<Vec<_>>>()?;
        let folded = Folded {
            record: id,
            kind,
            office: office.parse()?,
            heads,
            slots: slots_of(&slots)?,
            conflicts: self.conflicts_of(n)?,
        };
        Ok(Some((n, folded)))
    }

    /// The fields of a record that an open conflict touches, ascending.
    pub fn conflicted(&self, record: RecordId) -> Result<Vec<String>> {
        let mut statement =
            self.conn.prepare_cached("SELECT c.slot FROM record r JOIN conflict c ON c.record = r.n WHERE r.id = ?")?;
        let mut fields: Vec<String> = statement
            .query_and_then([record.as_bytes()], |row| {
                Ok(domain::revision::split_slot(&row.get::<_, String>(0)?).0.to_owned())
            })?
            .collect::<Result<_>>()?;
        fields.sort_unstable();
        fields.dedup();
        Ok(fields)
    }

    fn conflicts_of(&self, n: i64) -> Result<BTreeMap<String, Conflict>> {
        let mut statement = self.conn.prepare_cached("SELECT slot, candidates FROM conflict WHERE record = ?")?;
        let mut rows = statement.query([n])?;
        let mut conflicts = BTreeMap::new();
        while let Some(row) = rows.next()? {
            conflicts.insert(row.get(0)?, conflict_of(&row.get::<_, String>(1)?)?);
        }
        Ok(conflicts)
    }

    /// Records of `kind` whose reference `field` names `target`, voided ones included, by id.
    pub fn referring(&self, kind: &str, field: &str, target: RecordId) -> Result<Vec<Record>> {
        use crate::projection::Storage;
        let (condition, json) = match self.projection.storage(kind, field) {
            Some(Storage::Reference) => (format!("p.\"{field}\" = ?1"), false),
            Some(Storage::Json) => (format!("instr(p.\"{field}\", ?1) > 0"), true),
            Some(Storage::Text) => (format!("p.\"{field}\" = ?1"), true),
            _ => return Ok(Vec::new()),
        };
        let sql = format!(
            "SELECT r.id, r.kind, r.office, r.slots FROM {} p JOIN record r ON r.n = p.n WHERE {condition} ORDER BY r.id",
            table(kind)
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = if json {
            statement.query_and_then([target.to_string()], record_row)?.collect::<Result<Vec<_>>>()?
        } else {
            statement.query_and_then([target.as_bytes()], record_row)?.collect::<Result<Vec<_>>>()?
        };
        Ok(rows)
    }

    /// The newest unvoided records of `kind` whose reference `field` names `target`, at most `limit`.
    pub fn related(&self, kind: &str, field: &str, target: RecordId, limit: u32) -> Result<Vec<Record>> {
        use crate::projection::Storage;
        let (condition, value) = match self.projection.storage(kind, field) {
            Some(Storage::Reference) => (format!("p.\"{field}\" = ?1"), Sql::Blob(target.as_bytes().to_vec())),
            Some(Storage::Json) => (format!("instr(p.\"{field}\", ?1) > 0"), Sql::Text(target.to_string())),
            _ => return Ok(Vec::new()),
        };
        let sql = format!(
            "SELECT r.id, r.kind, r.office, r.slots FROM {} p JOIN record r ON r.n = p.n \
             WHERE {condition} AND p.void = 0 ORDER BY p.n DESC LIMIT ?2",
            table(kind)
        );
        self.conn.prepare_cached(&sql)?.query_and_then(params![value, limit], record_row)?.collect()
    }

    /// A record's revisions as they arrived, whatever their state.
    pub fn revisions(&self, record: RecordId) -> Result<Vec<StoredRevision>> {
        let mut statement =
            self.conn.prepare_cached("SELECT n, state, package, line FROM revision WHERE record = ? ORDER BY n")?;
        let mut rows = statement.query([record.as_bytes()])?;
        let mut revisions = Vec::new();
        while let Some(row) = rows.next()? {
            revisions.push(StoredRevision {
                n: row.get(0)?,
                state: RevisionState::from_code(row.get(1)?),
                package: row.get(2)?,
                revision: Revision::from_kept_line(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?,
            });
        }
        Ok(revisions)
    }

    /// Open conflicts, by record and slot. `after` is the id of the last one seen.
    pub fn conflicts(&self) -> Result<Vec<OpenConflict>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.id, r.id, r.kind, r.office, c.slot, c.candidates FROM conflict c JOIN record r ON r.n = c.record \
             ORDER BY r.id, c.slot",
        )?;
        let mut rows = statement.query([])?;
        let mut conflicts = Vec::new();
        while let Some(row) = rows.next()? {
            conflicts.push(OpenConflict {
                id: ConflictId(revision_id_of(&row.get::<_, Vec<u8>>(0)?)?.0),
                record: id_of(row.get(1)?)?,
                kind: row.get(2)?,
                office: row.get::<_, String>(3)?.parse()?,
                slot: row.get(4)?,
                conflict: conflict_of(&row.get::<_, String>(5)?)?,
            });
        }
        Ok(conflicts)
    }

    pub fn conflict_count(&self) -> Result<u64> {
        Ok(self.conn.query_row("SELECT count(*) FROM conflict", [], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Revisions set aside, with the reason where there is one.
    pub fn set_aside(&self) -> Result<Vec<SetAside>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT v.n, v.state, v.record, q.notice FROM revision v LEFT JOIN quarantine q ON q.revision = v.n \
             WHERE v.state <> {FOLDED} ORDER BY v.n"
        ))?;
        let mut rows = statement.query([])?;
        let mut aside = Vec::new();
        while let Some(row) = rows.next()? {
            let notice: Option<String> = row.get(3)?;
            aside.push(SetAside {
                n: row.get(0)?,
                state: RevisionState::from_code(row.get(1)?),
                record: id_of(row.get(2)?)?,
                why: notice.and_then(|text| serde_json::from_str(&text).ok()),
            });
        }
        Ok(aside)
    }

    /// How many unvoided and voided records of each kind there are.
    pub fn counts(&self) -> Result<BTreeMap<String, (u64, u64)>> {
        let mut counts = BTreeMap::new();
        for kind in self.projection.kinds() {
            // Each is answered from an index alone: a sum over both would read every row of the book.
            let sql = format!("SELECT count(*), (SELECT count(*) FROM {0} WHERE void = 1) FROM {0}", table(kind));
            let (all, void): (i64, i64) =
                self.conn.prepare_cached(&sql)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            counts.insert(kind.to_owned(), ((all - void) as u64, void as u64));
        }
        Ok(counts)
    }

    /// The end of the `same_as` chain an enterprise stands in; itself where it is joined to none.
    pub fn root_of(&self, enterprise: RecordId) -> Result<RecordId> {
        let root: Option<Vec<u8>> = self
            .conn
            .prepare_cached("SELECT root FROM joined WHERE member = ?")?
            .query_row(params![enterprise.as_bytes()], |row| row.get(0))
            .optional()?;
        root.map_or(Ok(enterprise), id_of)
    }

    /// All members of an enterprise's group, itself and its root included, ascending.
    pub fn group_of(&self, enterprise: RecordId) -> Result<Vec<RecordId>> {
        let root = self.root_of(enterprise)?;
        let mut statement = self.conn.prepare_cached("SELECT member FROM joined WHERE root = ?")?;
        let mut members: Vec<RecordId> =
            statement.query_and_then([root.as_bytes()], |row| id_of(row.get(0)?))?.collect::<Result<_>>()?;
        members.push(root);
        members.sort_unstable();
        members.dedup();
        Ok(members)
    }
}

pub(crate) fn record_row(row: &Row) -> Result<Record> {
    let office: String = row.get(2)?;
    Ok(Record::from_slots(
        id_of(row.get(0)?)?,
        &row.get::<_, String>(1)?,
        &office.parse()?,
        &slots_of(&row.get::<_, String>(3)?)?,
    ))
}

/// Candidates as kept in the book: `[["<revision>", value], …]`.
pub(crate) fn conflict_of(text: &str) -> Result<Conflict> {
    let broken = || damaged("a conflict's candidates cannot be read");
    let parsed: Vec<(String, Value)> = serde_json::from_str(text).map_err(|_| broken())?;
    let candidates = parsed
        .into_iter()
        .map(|(revision, value)| Ok(Candidate { revision: revision.parse()?, value }))
        .collect::<Result<Vec<_>>>()?;
    Ok(Conflict { candidates })
}

pub(crate) fn conflict_text(conflict: &Conflict) -> String {
    let pairs: Vec<(String, &Value)> =
        conflict.candidates.iter().map(|candidate| (candidate.revision.to_string(), &candidate.value)).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}
