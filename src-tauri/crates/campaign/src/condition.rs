//! Conditions on the fields of a record, as figures, lists and checks state them.

use domain::Date;
use serde::{Deserialize, Serialize};

/// A test on one field. `field` is a field of the figure's kind, or `enterprise.` and a field of its enterprise (as joined),
/// or `campaigns`. Several conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: String,
    /// The value is one of these codes; of a set, one of its elements is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<String>,
    /// The value is none of these codes; blank passes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
    /// A yes-or-no field holds this. Blank is neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<bool>,
    /// Whether the field is blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank: Option<bool>,
    /// A date is set, and on or before the cut-off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_cut_off: bool,
    /// A date is on or after this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// It is enough that one of these holds instead (no alternatives of their own).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<Condition>,
}
