//! A file that is read back, and what a person has said about it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::{Date, OfficeCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Default)]
pub struct ReadRequest {
    pub file: PathBuf,
    pub sheet: Option<String>,
    /// Which form it is, where its header does not say.
    pub form: Option<String>,
    /// Whose it is; default: the office it names, else the book's own.
    pub office: Option<OfficeCode>,
    /// 数据截至时间; default: the day it names.
    pub as_of: Option<Date>,
    /// The department whose figures they are, by column group; that of `""` is of every other group.
    pub sources: BTreeMap<String, String>,
    pub how: Option<How>,
    /// Why a warning is passed over, by its code.
    pub reasons: BTreeMap<String, String>,
}

/// What a typed figure means in a cell that counts something already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// All there is: it takes the place of what is counted there of the office and those below it, up to the cut-off.
    Whole,
    /// Beside what is counted there.
    Add,
}
