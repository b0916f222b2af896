//! What changed in the open book, for whoever shows it.

use std::collections::BTreeSet;

use domain::RecordId;
use serde::Serialize;
use store::Changes;
use ts_rs::TS;

/// So many records are named; of more it is only said that there are more.
const MOST: usize = 50;

/// What was committed since this was last asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct Changed {
    /// The kinds of the records that changed.
    pub kinds: BTreeSet<String>,
    /// Which they are.
    pub records: BTreeSet<String>,
    /// Records of these kinds changed beyond those named.
    pub more: bool,
    /// A package came in, or was taken back.
    pub packages: bool,
    pub drafts: bool,
}

impl Changed {
    pub(super) fn add(&mut self, changes: &Changes) {
        self.more |= changes.more > 0;
        self.packages |= changes.packages;
        self.drafts |= changes.drafts;
        self.kinds.extend(changes.kinds.iter().cloned());
        changes.records.iter().for_each(|change| self.name(change.record));
    }

    fn name(&mut self, record: RecordId) {
        if self.records.len() < MOST {
            self.records.insert(record.to_string());
        } else {
            self.more |= !self.records.contains(&record.to_string());
        }
    }
}
