//! The block that was shown last, whose rows are asked for page by page.

use std::collections::BTreeMap;

use app::paste::Row;

/// What was shown last: its rows are asked for page by page.
pub struct Shown {
    pub(super) view: u32,
    pub(super) kind: String,
    pub(super) rows: Vec<Row>,
    /// Names of records that would be made, by id.
    pub(super) names: BTreeMap<String, String>,
}
