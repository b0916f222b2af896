//! Packages out and in, as a person sees them: what was sealed, what an import would do, and taking one back.

mod apply;
mod batch;
mod campaigns;
mod contents;
mod export;
mod file;
mod inbox;
mod inbox_folder;
pub mod lines;
mod outcomes;
mod trust;
mod undo;
mod verify;

use domain::OfficeCode;
use exchange::Receipt;
use serde::{Deserialize, Serialize};
use store::{Reader, Tally};
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::offices::FingerprintView;
use crate::session::Reading;
use crate::stored::stored;

pub use batch::{BatchPlan, FilePlan, FileReceipt, ImportStatus, ReportedOutcomes, SealedBy};
pub use campaigns::{CampaignChange, CampaignLine, SentCampaign, SentStatus};
pub(crate) use campaigns::{fits as campaign_fits, take_in as take_in_campaigns};
pub use contents::{Confirmed, Contents, KindContents};
pub use file::ImportRequest;
pub use inbox::{CopiedPackage, Inbox};
pub(crate) use inbox_folder::sweep as sweep_inboxes;
pub use undo::UndoPlan;
pub use verify::{Admit, BatchFile};

/// A package that was sealed, after it was read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Exported {
    pub package: String,
    pub to: String,
    pub to_name: String,
    pub file: String,
    pub revisions: u64,
    pub records: u64,
    pub bytes: u64,
    /// What the receiver compares when this book is not known to it yet.
    pub fingerprint: Option<FingerprintView>,
}

/// What importing would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Plan {
    pub package: String,
    pub file: String,
    pub from: String,
    pub from_name: String,
    pub counts: PlanCounts,
    /// Campaigns it brings.
    pub campaigns: Vec<CampaignLine>,
    /// Every printed cell that becomes another one; of each form at most the first 500.
    pub cells: Vec<CellChange>,
    pub cells_in_all: u64,
    /// Passing this to the import makes it refuse if the book has changed since.
    pub token: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanCounts {
    pub revisions: u64,
    pub new_records: u64,
    pub changed_records: u64,
    pub conflicts: u64,
    pub duplicates: u64,
    /// Quarantined lines: a wrong type in a known field.
    pub refused: u64,
    pub pending: u64,
    /// Revisions an earlier undo withheld.
    pub withheld: u64,
    /// Revisions whose clock is more than a day ahead.
    pub ahead: u64,
    /// Numbers written twice by a restored copy.
    pub forks: u64,
}

impl From<&Tally> for PlanCounts {
    fn from(tally: &Tally) -> Self {
        PlanCounts {
            revisions: tally.revisions,
            new_records: tally.new_records,
            changed_records: tally.changed_records,
            conflicts: tally.conflicts,
            duplicates: tally.duplicates,
            refused: tally.quarantined,
            pending: tally.pending,
            withheld: tally.withheld,
            ahead: tally.ahead,
            forks: tally.forks,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CellChange {
    pub form: String,
    pub row: String,
    pub column: String,
    /// Blank where there was no such row.
    pub before: String,
    pub after: String,
}

/// A package in the log, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PackageView {
    pub package: String,
    /// Received, not sealed here.
    pub incoming: bool,
    pub office: String,
    pub device: String,
    pub at: u64,
    pub state: String,
    pub file: String,
    pub counts: PlanCounts,
}

/// A receipt as it is kept: which device stated it, under which of its package numbers.
#[derive(Debug, Serialize, Deserialize)]
struct StoredReceipt {
    device: String,
    number: u64,
    held: Receipt,
    #[serde(default)]
    outcomes: Vec<exchange::Outcome>,
}

impl StoredReceipt {
    fn of(reader: &Reader, peer: &OfficeCode) -> Outcome<Option<Self>> {
        stored(reader.receipt_of(peer)?, "receipt")
    }
}

/// 处理结果 of one record, as the office it went to states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OutcomeView {
    pub office: String,
    pub record: String,
    /// `conflicting`, `duplicate` or `returned`; what is plainly accepted the receipt says already.
    pub outcome: String,
}

impl Reading {
    pub fn packages(&self) -> Outcome<Vec<PackageView>> {
        let rows = self.read(|reader| reader.packages())?;
        Ok(rows
            .into_iter()
            .map(|row| PackageView {
                package: row.uuid,
                incoming: row.incoming,
                office: row.office.to_string(),
                device: row.device.to_string(),
                at: row.at,
                state: row.state.code().to_owned(),
                file: row.file,
                counts: serde_json::from_str(&row.summary).unwrap_or_default(),
            })
            .collect())
    }

    /// What other offices say became of our records, by their newest receipts.
    pub fn outcomes(&self) -> Outcome<Vec<OutcomeView>> {
        self.read::<_, Failure>(|reader| {
            let mut views = Vec::new();
            for office in reader.offices()? {
                let kept = StoredReceipt::of(reader, &office.code)?;
                for outcome in kept.into_iter().flat_map(|kept| kept.outcomes) {
                    let word = serde_json::to_value(outcome.outcome).unwrap_or_default();
                    views.push(OutcomeView {
                        office: office.code.to_string(),
                        record: outcome.record.to_string(),
                        outcome: word.as_str().unwrap_or_default().to_owned(),
                    });
                }
            }
            Ok(views)
        })
    }
}
