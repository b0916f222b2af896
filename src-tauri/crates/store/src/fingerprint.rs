//! Whether a book is what it was: five answers, each for another question.
//!
//! | | Says that | Across | Costs |
//! |---|---|---|---|
//! | [`Book::generation`](crate::Book::generation) | nothing was committed since | one process, while the book is open | a number is read |
//! | [`Book::findings_generation`](crate::Book::findings_generation) | nothing was committed that findings rest on | the same | the same |
//! | [`Reader::state_token`] | a plan is applied to what it was made from | a plan and its application | three lookups |
//! | [`Reader::stamp`] | a backup would hold what that one holds | copies of one book | a few tables are counted |
//! | [`Reader::digest`] | two books hold the same records, whatever came first | all books of a campaign | every record is read |

use std::sync::atomic::{AtomicU64, Ordering};

use domain::fold::ConflictId;
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::reader::{FOLDED, Reader, RevisionState, id_of, revision_id_of};

/// Committed changes, and those of them that findings may rest on. Whoever reads this book in this process shares them, and
/// no other process changes it: they say whether what was worked out before still holds.
#[derive(Debug, Default)]
pub(crate) struct Generations {
    all: AtomicU64,
    of_findings: AtomicU64,
}

impl Generations {
    /// Counts a commit; `findings_changed` where findings may rest on it.
    pub(crate) fn committed(&self, findings_changed: bool) {
        self.all.fetch_add(1, Ordering::AcqRel);
        self.of_findings.fetch_add(u64::from(findings_changed), Ordering::AcqRel);
    }

    pub(crate) fn all(&self) -> u64 {
        self.all.load(Ordering::Acquire)
    }

    pub(crate) fn of_findings(&self) -> u64 {
        self.of_findings.load(Ordering::Acquire)
    }
}

impl Reader<'_> {
    /// Says whether anything in the book changed between two moments: cheap, unlike the digest.
    pub fn state_token(&self) -> Result<String> {
        let sql = format!(
            "SELECT coalesce((SELECT max(n) FROM revision), 0) || '-' || \
             (SELECT count(*) FROM revision WHERE state <> {FOLDED}) || '-' || \
             coalesce((SELECT group_concat(state) FROM package), '')"
        );
        Ok(self.conn.query_row(&sql, [], |row| row.get::<_, Option<String>>(0))?.unwrap_or_default())
    }

    /// Two states of a book that have the same stamp hold the same: what a backup taken at one of them would hold.
    pub fn stamp(&self) -> Result<String> {
        let sql = format!(
            "SELECT (SELECT coalesce(max(n), 0) FROM revision) || ' ' || \
                   (SELECT coalesce(sum(state), 0) FROM revision WHERE state <> {FOLDED}) || ' ' || \
                   (SELECT count(*) FROM invitation) || ' ' || (SELECT count(*) FROM device) || ' ' || \
                   (SELECT count(*) FROM attachment_content) || ' ' || \
                   (SELECT coalesce(group_concat(id || state, ','), '') FROM package) || ' ' || \
                   (SELECT coalesce(group_concat(hex(key || char(10) || value), ','), '') FROM meta)"
        );
        let text: String = self.conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
        Ok(hex::encode(Sha256::digest(text.as_bytes())))
    }

    /// The digest over everything this book holds (`domain::digest`).
    pub fn digest(&self) -> Result<String> {
        let mut digest = domain::digest::DigestBuilder::default();
        let mut statement = self.conn.prepare("SELECT id, kind, office, slots FROM record ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |at| -> Result<String> { Ok(row.get(at)?) };
            digest.record(&id_of(row.get(0)?)?, &text(1)?, &text(2)?, &text(3)?);
        }
        let mut statement = self.conn.prepare("SELECT id FROM conflict ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            digest.conflict(&ConflictId(revision_id_of(&row.get::<_, Vec<u8>>(0)?)?.0));
        }
        let mut statement = self.conn.prepare("SELECT id FROM revision WHERE state = ? ORDER BY id")?;
        let mut rows = statement.query([RevisionState::Pending.code()])?;
        while let Some(row) = rows.next()? {
            digest.pending(&revision_id_of(&row.get::<_, Vec<u8>>(0)?)?);
        }
        Ok(digest.finish())
    }
}
