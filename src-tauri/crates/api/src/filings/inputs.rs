//! What is asked of reports.

use std::collections::BTreeMap;

use app::failure::Problem;
use app::filings::prepare::Sealing;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::files::ChosenFile;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BeginFiling {
    /// `ln-2020/weekly`.
    pub report: String,
    pub due: String,
    /// Null for the last day the report counts by the document.
    pub as_of: Option<String>,
    /// Null for the book's own office.
    pub office: Option<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct FilingId {
    pub id: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfFiling {
    pub id: String,
}

/// What a person says when a report is sealed.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SealingInput {
    pub filler: String,
    pub phone: String,
    pub approver: String,
    pub zero: bool,
    pub late_reason: String,
    pub clock_reason: String,
    /// Reasons by the keys of checks and of cells in doubt.
    pub checks: BTreeMap<String, String>,
    pub doubts: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookAtFiling {
    pub id: String,
    /// What has been said so far; null before anything was.
    pub sealing: Option<SealingInput>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SealFiling {
    pub id: String,
    pub sealing: SealingInput,
}

#[derive(Debug, Serialize, TS)]
pub struct SealedView {
    /// Why it was not sealed; empty where it was.
    pub refusals: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeFiling {
    pub id: String,
    pub as_of: Option<String>,
    pub correction: Option<String>,
    pub sections: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReviewFiling {
    pub id: String,
    pub reviewer: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CorrectFilings {
    pub ids: Vec<String>,
    pub as_of: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FormOfFiling {
    pub id: String,
    pub form: String,
    pub sealing: Option<SealingInput>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CellOfFiling {
    pub id: String,
    pub form: String,
    pub row: String,
    pub column: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteFiling {
    pub id: String,
    /// Null for every form of it.
    pub form: Option<String>,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AnswerFiling {
    pub id: String,
    pub accepted: bool,
    pub why: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CollectReport {
    pub report: String,
    pub due: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CollectCell {
    pub report: String,
    pub due: String,
    pub form: String,
    pub row: String,
    pub column: String,
}

pub(super) fn sealing(input: Option<SealingInput>) -> Sealing {
    let input = input.unwrap_or_default();
    Sealing {
        filler: input.filler,
        phone: input.phone,
        approver: input.approver,
        zero: input.zero,
        late_reason: input.late_reason,
        clock_reason: input.clock_reason,
        checks: input.checks,
        doubts: input.doubts,
    }
}
