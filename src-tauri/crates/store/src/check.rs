//! `check`: is the file sound, is every line of the log what its id says, and does the log still give what is kept and
//! projected?

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use domain::fold::{ConflictId, fold};
use domain::{DeviceId, Folded, OfficeCode, RecordId, Revision, RevisionId};

use crate::backup::{ProgressSink, stopped};
use crate::book::Book;
use crate::error::{Result, StoreError};
use crate::identities;
use crate::projection::table;
use crate::read_only::ReadOnlyBook;
use crate::reader::{Reader, RevisionState, id_of, revision_id_of};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    pub revisions: u64,
    pub records: u64,
    pub digest: String,
    pub findings: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// SQLite's own integrity check.
    File(String),
    /// A line whose bytes do not hash to its id.
    LineAltered { n: i64, id: RevisionId },
    /// A record, its conflicts or its projection that do not follow from its revisions.
    RecordDiffers { record: RecordId },
    /// A stream whose number and hash, as receipts state them, do not follow from its lines.
    StreamDiffers { device: DeviceId, office: OfficeCode },
}

impl Book {
    /// Rebuilds every record from the log and compares; changes nothing. `progress` is called with (done, of) now and then.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport> {
        let mut whole = |done, of| {
            progress(done, of);
            ControlFlow::Continue(())
        };
        self.read(|reader| check(reader, &mut whole))
    }
}

impl ReadOnlyBook {
    /// The same for one state of a book that goes on being written; `progress` may end it.
    pub fn check(&self, progress: &mut ProgressSink) -> Result<CheckReport> {
        self.read(|reader| check(reader, progress))
    }
}

fn check(reader: &Reader, progress: &mut ProgressSink) -> Result<CheckReport> {
    let mut report = CheckReport::default();
    let verdict: String = reader.conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        report.findings.push(Finding::File(verdict));
        return Ok(report);
    }
    report.revisions = reader.revision_count()?;
    let altered = reader.altered_lines()?.into_iter();
    report.findings.extend(altered.map(|(n, id)| Finding::LineAltered { n, id }));
    let adrift = reader.streams_adrift()?.into_iter();
    report.findings.extend(adrift.map(|mark| Finding::StreamDiffers { device: mark.device, office: mark.office }));
    check_records(reader, &mut report, progress)?;
    report.digest = reader.digest()?;
    Ok(report)
}

impl Reader<'_> {
    /// Lines of the log whose bytes do not hash to their id.
    pub(crate) fn altered_lines(&self) -> Result<Vec<(i64, RevisionId)>> {
        let mut statement = self.conn.prepare("SELECT n, id, line FROM revision")?;
        let mut rows = statement.query([])?;
        let mut altered = Vec::new();
        while let Some(row) = rows.next()? {
            let id = revision_id_of(&row.get::<_, Vec<u8>>(1)?)?;
            if RevisionId::of_line(row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?) != id {
                altered.push((row.get(0)?, id));
            }
        }
        Ok(altered)
    }
}

fn check_records(reader: &Reader, report: &mut CheckReport, progress: &mut ProgressSink) -> Result<()> {
    let mut statement = reader.conn.prepare("SELECT DISTINCT record FROM revision ORDER BY record")?;
    let mut rows = statement.query([])?;
    let total = reader.conn.query_row("SELECT count(*) FROM record", [], |row| row.get::<_, i64>(0))? as u64;
    if progress(0, total).is_break() {
        return Err(stopped());
    }
    while let Some(row) = rows.next()? {
        let record = id_of(row.get(0)?)?;
        match check_record(reader, record) {
            Ok((folds, as_kept)) => {
                report.records += u64::from(folds);
                if !as_kept {
                    report.findings.push(Finding::RecordDiffers { record });
                }
            }
            // What cannot even be read is a finding, not a reason to stop looking.
            Err(StoreError::Damaged { .. } | StoreError::Notice(_)) => {
                report.findings.push(Finding::RecordDiffers { record });
            }
            Err(error) => return Err(error),
        }
        if report.records.is_multiple_of(1000) && progress(report.records, total).is_break() {
            return Err(stopped());
        }
    }
    let mut from_nowhere = |sql: &str| -> Result<()> {
        let mut statement = reader.conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            report.findings.push(Finding::RecordDiffers { record: id_of(row.get(0)?)? });
        }
        Ok(())
    };
    from_nowhere("SELECT id FROM record WHERE id NOT IN (SELECT record FROM revision) ORDER BY id")?;
    for kind in reader.projection.kinds() {
        from_nowhere(&format!("SELECT id FROM {} WHERE n NOT IN (SELECT n FROM record) ORDER BY id", table(kind)))?;
    }
    Ok(())
}

/// Whether the record's revisions fold to anything, and whether that is what the book keeps.
fn check_record(reader: &Reader, record: RecordId) -> Result<(bool, bool)> {
    let mut active = reader.revisions(record)?;
    active.retain(|stored| !matches!(stored.state, RevisionState::Withheld | RevisionState::Quarantined));
    let revisions: Vec<Revision> = active.iter().map(|stored| stored.revision.clone()).collect();
    let from_log = fold(&revisions);
    let states_hold = active.iter().all(|stored| {
        let id = &stored.revision.id;
        match stored.state {
            RevisionState::Pending => from_log.pending.contains(id),
            RevisionState::Disputed => from_log.disputed.contains(id),
            _ => !from_log.pending.contains(id) && !from_log.disputed.contains(id),
        }
    });
    let kept = reader.folded(record)?;
    let as_kept = match (&from_log.state, &kept) {
        (Some(from_log), Some((n, kept))) => {
            from_log == kept
                && conflict_ids(reader, *n)? == conflict_ids_of(from_log)
                && reader.projection.holds(reader.conn, *n, from_log)?
                && identities::holds(reader, *n, from_log)?
        }
        (from_log, kept) => from_log.is_none() && kept.is_none(),
    };
    Ok((from_log.state.is_some(), states_hold && as_kept))
}

fn conflict_ids(reader: &Reader, n: i64) -> Result<BTreeMap<String, ConflictId>> {
    let mut statement = reader.conn.prepare_cached("SELECT slot, id FROM conflict WHERE record = ?")?;
    let rows = statement
        .query_and_then([n], |row| Ok((row.get(0)?, ConflictId(revision_id_of(&row.get::<_, Vec<u8>>(1)?)?.0))))?;
    rows.collect()
}

fn conflict_ids_of(folded: &Folded) -> BTreeMap<String, ConflictId> {
    let id = |(slot, conflict): (&String, &domain::Conflict)| (slot.clone(), conflict.id(folded.record, slot));
    folded.conflicts.iter().map(id).collect()
}
