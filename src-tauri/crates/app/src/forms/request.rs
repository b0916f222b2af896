//! What is asked of a form, and what stands behind one of its cells.

use std::collections::BTreeMap;

use domain::{Date, OfficeCode, RecordId};
use store::figures::Traced;

/// Which form, for whom, up to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillRequest {
    pub form: String,
    /// Default: the book's own office.
    pub office: Option<OfficeCode>,
    /// 数据截至时间.
    pub as_of: Date,
    /// The first day of a period, counted by the day of each event; none: from the campaign's first day on.
    pub since: Option<Date>,
    /// The printed date; default: the cut-off.
    pub date: Option<Date>,
    /// Who is named in head and foot; default: in the own office's form the person recording.
    pub people: People,
}

/// 填报人 with their telephone, 审核人, 签发人: blank where a line is to be left to write on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    pub filler: Option<String>,
    pub phone: Option<String>,
    pub reviewer: Option<String>,
    pub approver: Option<String>,
}

impl FillRequest {
    /// The own office's form up to a day, printed on that day.
    pub fn new(form: impl Into<String>, as_of: Date) -> Self {
        FillRequest { form: form.into(), office: None, as_of, since: None, date: None, people: People::default() }
    }
}

/// What stands behind one cell, worked out once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// As they were counted; a record may have been counted in several cells of a sum.
    pub hits: Vec<Traced>,
    /// The records, each once.
    pub records: Vec<RecordId>,
    /// 合计 as the column prints it; none of a list or a rate, where nothing is added up.
    pub sum: Option<String>,
    /// How many of the records each office owns, by code.
    pub offices: BTreeMap<OfficeCode, u32>,
}
