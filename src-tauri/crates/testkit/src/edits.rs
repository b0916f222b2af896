//! Builders: an edit in one line.

use domain::{DeviceId, Fields, RecordId, Value};
use store::Edit;

use crate::offices::office;

/// Who writes where a test does not care.
pub const AUTHOR: &str = "张三";

/// The n-th device of a test.
pub fn device(n: u64) -> DeviceId {
    format!("{n:016x}").parse().expect("sixteen digits")
}

/// The n-th record of a test: the same number names the same record in every run.
pub fn record(n: u64) -> RecordId {
    RecordId::derived(&office("000000"), &format!("record {n}"), 0)
}

/// Slots as a revision assigns them: `field`, or `field/element` for one element of a set.
pub fn slots<const N: usize>(assigned: [(&str, Value); N]) -> Fields {
    assigned.into_iter().map(|(slot, value)| (slot.to_owned(), value)).collect()
}

/// An edit of the record these slots name; set `record` on the result to edit another one.
pub fn edit<const N: usize>(kind: &str, owner: &str, assigned: [(&str, Value); N]) -> Edit {
    let slots = slots(assigned);
    let owner = office(owner);
    let record = RecordId::derived(&owner, &format!("{kind}{}", Value::Map(slots.clone()).to_json()), 0);
    Edit { record, kind: kind.to_owned(), office: owner, author: AUTHOR.to_owned(), slots }
}
