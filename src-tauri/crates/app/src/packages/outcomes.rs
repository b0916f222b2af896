//! 处理结果: what became of the records an office handed up.

use std::collections::BTreeMap;

use domain::{OfficeCode, RecordId};
use exchange::OutcomeKind;
use store::Reader;

use crate::failure::Outcome;

/// What became of an office's records where it is not plain acceptance: in conflict here, joined to another enterprise, or
/// returned with a review that is still open.
pub(super) fn outcomes(reader: &Reader, scope: &OfficeCode) -> Outcome<Vec<exchange::Outcome>> {
    let mut found: BTreeMap<RecordId, OutcomeKind> = BTreeMap::new();
    for joined in reader.joined_enterprises()? {
        found.insert(joined, OutcomeKind::Duplicate);
    }
    for conflict in reader.conflicts()? {
        found.insert(conflict.record, OutcomeKind::Conflicting);
    }
    for returned in reader.returned_records()?.into_iter().chain(reader.returned_filings()?) {
        found.insert(returned, OutcomeKind::Returned);
    }
    let mut outcomes = Vec::new();
    for (record, outcome) in found {
        if reader.record(record)?.is_some_and(|record| scope.covers(&record.office)) {
            outcomes.push(exchange::Outcome { record, outcome });
        }
    }
    Ok(outcomes)
}
