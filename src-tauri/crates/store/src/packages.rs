//! The record of packages written and read, and taking one back.
//!
//! A revision counts while it was written here or an applied package carries it. Undo withholds, it never deletes.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DeviceId, Notice, OfficeCode, RecordId, RevisionId};
use rusqlite::{OptionalExtension, Row, params};

use crate::changes::Tally;
use crate::error::{Result, StoreError};
use crate::reader::{Reader, RevisionState, WITHHELD, id_of, revision_id_of};
use crate::writer::Writer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageState {
    /// From a device nobody has confirmed yet.
    Waiting,
    Applied,
    Undone,
    /// Being written here for another office, or not finished: its number is taken all the same.
    Sealing,
    /// Written here for another office.
    Written,
}

impl PackageState {
    pub fn code(self) -> &'static str {
        match self {
            PackageState::Waiting => "waiting",
            PackageState::Applied => "applied",
            PackageState::Undone => "undone",
            PackageState::Sealing => "sealing",
            PackageState::Written => "written",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        use PackageState::{Applied, Sealing, Undone, Waiting, Written};
        [Waiting, Applied, Undone, Sealing, Written]
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or_else(|| StoreError::Damaged { detail: format!("unknown package state {code}") })
    }
}

/// One package in the import and export log.
#[derive(Debug, Clone)]
pub struct PackageRow {
    /// Row number; 0 before it is added.
    pub id: i64,
    pub uuid: String,
    pub incoming: bool,
    /// The other office: the sender of an incoming package, the receiver of one written here.
    pub office: OfficeCode,
    pub device: DeviceId,
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
    /// Milliseconds since 1970.
    pub at: u64,
    pub state: PackageState,
    /// Kept for ever as proof of authorship.
    pub manifest: String,
    pub signature: String,
    /// The file's name as it was chosen, without its folder.
    pub file: String,
    /// What it brought, as JSON for people to read again.
    pub summary: String,
}

const COLUMNS: &str = "id, uuid, direction, office, device, sha256, at, state, manifest, signature, file, summary";

fn package_row(row: &Row) -> Result<PackageRow> {
    Ok(PackageRow {
        id: row.get(0)?,
        uuid: row.get(1)?,
        incoming: row.get::<_, String>(2)? == "in",
        office: row.get::<_, String>(3)?.parse()?,
        device: row.get::<_, String>(4)?.parse()?,
        sha256: row.get(5)?,
        at: row.get::<_, i64>(6)? as u64,
        state: PackageState::from_code(&row.get::<_, String>(7)?)?,
        manifest: row.get(8)?,
        signature: row.get(9)?,
        file: row.get(10)?,
        summary: row.get(11)?,
    })
}

impl Reader<'_> {
    /// All packages, newest first.
    pub fn packages(&self) -> Result<Vec<PackageRow>> {
        let mut statement = self.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM package ORDER BY id DESC"))?;
        statement.query_and_then([], package_row)?.collect()
    }

    pub fn package(&self, uuid: &str, incoming: bool) -> Result<Option<PackageRow>> {
        let mut statement =
            self.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM package WHERE uuid = ? AND direction = ?"))?;
        let mut rows = statement.query(params![uuid, direction(incoming)])?;
        rows.next()?.map(package_row).transpose()
    }

    /// How many of a package's revisions count only because it does.
    pub fn only_carried_by(&self, package: i64) -> Result<BTreeMap<RevisionId, (i64, RecordId)>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT v.id, v.n, v.record FROM revision v WHERE v.state <> {WITHHELD} AND v.package IS NOT NULL \
             AND (v.package = ?1 OR EXISTS (SELECT 1 FROM carried c WHERE c.revision = v.n AND c.package = ?1)) \
             AND v.n IN (SELECT n FROM revision WHERE package = ?1 UNION SELECT revision FROM carried WHERE package = ?1) \
             AND NOT EXISTS (SELECT 1 FROM package o WHERE o.id = v.package AND o.id <> ?1 AND o.state = 'applied') \
             AND NOT EXISTS (SELECT 1 FROM carried c JOIN package o ON o.id = c.package \
                             WHERE c.revision = v.n AND o.id <> ?1 AND o.state = 'applied')"
        ))?;
        let mut rows = statement.query([package])?;
        let mut found = BTreeMap::new();
        while let Some(row) = rows.next()? {
            found.insert(revision_id_of(&row.get::<_, Vec<u8>>(0)?)?, (row.get(1)?, id_of(row.get(2)?)?));
        }
        Ok(found)
    }

    /// The newest receipt of an office, as its manifest carried it.
    pub fn receipt_of(&self, peer: &OfficeCode) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT body FROM receipt WHERE peer = ?")?
            .query_row([peer.as_str()], |row| row.get(0))
            .optional()?)
    }
}

fn direction(incoming: bool) -> &'static str {
    if incoming { "in" } else { "out" }
}

impl Writer<'_> {
    /// Adds a package to the log, or brings its entry up to date; returns its row number.
    pub fn put_package(&mut self, row: &PackageRow) -> Result<i64> {
        let conn = self.conn;
        conn.prepare_cached(
            "INSERT INTO package (uuid, direction, office, device, sha256, at, state, manifest, signature, file, summary) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (uuid, direction) DO UPDATE SET state = excluded.state, at = excluded.at, summary = excluded.summary, \
             sha256 = excluded.sha256, manifest = excluded.manifest, signature = excluded.signature",
        )?
        .execute(params![
            row.uuid,
            direction(row.incoming),
            row.office.as_str(),
            row.device.as_str(),
            row.sha256,
            row.at as i64,
            row.state.code(),
            row.manifest,
            row.signature,
            row.file,
            row.summary
        ])?;
        Ok(conn
            .prepare_cached("SELECT id FROM package WHERE uuid = ? AND direction = ?")?
            .query_row(params![row.uuid, direction(row.incoming)], |found| found.get(0))?)
    }

    /// Takes a package off the log that was never written.
    pub fn drop_unsealed(&mut self, uuid: &str) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM package WHERE uuid = ? AND direction = 'out' AND state = 'sealing'")?
            .execute([uuid])?;
        Ok(())
    }

    /// Keeps what an office says it holds. A receipt is a complete statement and may shrink; which one is the newest, the
    /// caller knows.
    pub fn put_receipt(&mut self, peer: &OfficeCode, at: u64, body: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO receipt (peer, at, body) VALUES (?, ?, ?) \
                 ON CONFLICT (peer) DO UPDATE SET at = excluded.at, body = excluded.body",
            )?
            .execute(params![peer.as_str(), at as i64, body])?;
        Ok(())
    }

    /// Takes a package back: revisions that count only because of it no longer do. Refused, naming the records, while active
    /// revisions from elsewhere descend from it.
    pub fn undo_package(&mut self, package: &PackageRow) -> Result<Tally> {
        if package.state != PackageState::Applied {
            return Err(Notice::new("package-not-applied")
                .with("package", &package.uuid)
                .with("state", package.state.code())
                .into());
        }
        let withhold = self.only_carried_by(package.id)?;
        let records: BTreeSet<RecordId> = withhold.values().map(|(_, record)| *record).collect();
        let mut blocked: BTreeSet<RecordId> = BTreeSet::new();
        for record in &records {
            let rests_on_it = self.revisions(*record)?.iter().any(|stored| {
                stored.state != RevisionState::Withheld
                    && !withhold.contains_key(&stored.revision.id)
                    && stored.revision.parents.iter().any(|parent| withhold.contains_key(parent))
            });
            if rests_on_it {
                blocked.insert(*record);
            }
        }
        if !blocked.is_empty() {
            let named: Vec<String> = blocked.iter().take(20).map(RecordId::to_string).collect();
            return Err(Notice::new("undo-blocked")
                .with("package", &package.uuid)
                .with("count", blocked.len())
                .with("records", named.join(", "))
                .into());
        }
        for (n, _) in withhold.values() {
            self.conn
                .prepare_cached("UPDATE revision SET state = ? WHERE n = ?")?
                .execute(params![RevisionState::Withheld.code(), n])?;
        }
        self.conn.prepare_cached("UPDATE package SET state = 'undone' WHERE id = ?")?.execute([package.id])?;
        self.note_package();
        let mut tally = Tally::default();
        for record in &records {
            self.refold(*record, &mut tally)?;
        }
        self.flush()?;
        // A record that vanishes with its last revision is not counted by folding what is left of it.
        tally.changed_records = records.len() as u64;
        tally.withheld = withhold.len() as u64;
        Ok(tally)
    }
}
