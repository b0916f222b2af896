//! One number for everything a book holds: two books with the same active revisions have the same digest.
//!
//! It covers the folded records (kind, office, the shown value of every slot, unknown ones included), the open conflicts by
//! id, which names their candidates, and the ids of pending revisions. It leaves out what is this book's own business:
//! device, keys, rosters, confirmations, receipts, import log, clocks, local flags and loaded campaign files.

use sha2::{Digest as _, Sha256};

use crate::fold::{ConflictId, digest_record};
use crate::ids::{RecordId, RevisionId};

/// Built by feeding records ascending by id, then conflict ids ascending, then pending revision ids ascending.
#[derive(Default)]
pub struct DigestBuilder {
    hash: Sha256,
}

impl DigestBuilder {
    pub fn record(&mut self, id: &RecordId, kind: &str, office: &str, slots: &str) {
        self.hash.update([1]);
        digest_record(&mut self.hash, id, kind, office, slots);
    }

    pub fn conflict(&mut self, id: &ConflictId) {
        self.hash.update([2]);
        self.hash.update(id.0);
    }

    pub fn pending(&mut self, id: &RevisionId) {
        self.hash.update([3]);
        self.hash.update(id.0);
    }

    /// 64 lower-case hexadecimal digits.
    pub fn finish(self) -> String {
        RevisionId(self.hash.finalize().into()).to_string()
    }
}
