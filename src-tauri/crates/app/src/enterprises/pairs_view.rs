//! The two halves of a doubtful pair side by side.

use domain::{Record, RecordId};
use serde::Serialize;
use ts_rs::TS;

use crate::enterprises::dossier::{KindTally, may_write, tallies};
use crate::failure::{Failure, Outcome};
use crate::records::rows::{RecordRow, row};
use crate::session::Reading;

/// Pairs are shown up to this many; what is decided makes room for more.
const MOST_PAIRS: usize = 200;

#[derive(Debug, Serialize, TS)]
pub struct PairsView {
    pub pairs: Vec<PairView>,
    pub total: u64,
    /// What a person found to be two, remembered in this book only.
    pub apart: Vec<PairView>,
}

#[derive(Debug, Serialize, TS)]
pub struct PairView {
    pub left: RecordRow,
    pub right: RecordRow,
    /// `uscc` or `name`: what is equal. Null for a pair set apart.
    pub reason: Option<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct Comparison {
    pub left: ComparedView,
    pub right: ComparedView,
}

#[derive(Debug, Serialize, TS)]
pub struct ComparedView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub row: RecordRow,
    pub office_name: String,
    /// Records of its own, by kind.
    pub records: Vec<KindTally>,
    /// Whether this office may join it to another: the record belongs to it or to one below.
    pub writable: bool,
}

impl Reading {
    pub fn pairs_view(&self) -> Outcome<PairsView> {
        self.read::<_, Failure>(|reader| {
            let found = self.pairs_in(reader)?;
            let total = found.len() as u64;
            let view = |left: Record, right: Record, reason: Option<&str>| {
                let (left, right) = (row(self, reader, left)?, row(self, reader, right)?);
                Ok(PairView { left, right, reason: reason.map(str::to_owned) })
            };
            let pairs = found.into_iter().take(MOST_PAIRS).map(|pair| view(pair.left, pair.right, Some(pair.reason)));
            let apart = self.set_apart(reader)?.into_iter().take(MOST_PAIRS);
            Ok(PairsView {
                pairs: pairs.collect::<Outcome<Vec<_>>>()?,
                total,
                apart: apart.map(|(left, right)| view(left, right, None)).collect::<Outcome<Vec<_>>>()?,
            })
        })
    }

    pub fn compare(&self, left: RecordId, right: RecordId) -> Outcome<Comparison> {
        self.read::<_, Failure>(|reader| {
            let side = |id: RecordId| {
                let record = self.enterprise(reader, id)?;
                Ok::<_, Failure>(ComparedView {
                    office_name: self.name_of(reader, &record.office)?,
                    // Its own, the rest of its group not counted.
                    records: tallies(reader.enterprise_totals(&[id])?.kinds),
                    writable: may_write(self, &record.office),
                    row: row(self, reader, record)?,
                })
            };
            Ok(Comparison { left: side(left)?, right: side(right)? })
        })
    }
}
