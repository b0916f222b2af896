//! What the store answers when a form is filled: exact values, not yet written out. `forms` turns them into strings.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Date, OfficeCode};

/// Which filling of which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    pub form: String,
    pub office: OfficeCode,
    pub office_name: String,
    /// 数据截至时间: the last day counted.
    pub as_of: Date,
    /// The first day of a period, 按发生日; none counts from the campaign's first day on.
    pub since: Option<Date>,
    /// The printed date.
    pub date: Date,
    /// 填报人 and their telephone, 审核人, 签发人; blank where they are not known, to be written by hand.
    pub filler: String,
    pub phone: String,
    pub reviewer: String,
    pub approver: String,
}

impl Filling {
    /// What counting asks for: nobody is named, and it is printed on the last day counted.
    pub fn to_count(form: &str, office: OfficeCode, as_of: Date) -> Self {
        Filling {
            form: form.to_owned(),
            office,
            office_name: String::new(),
            as_of,
            since: None,
            date: as_of,
            filler: String::new(),
            phone: String::new(),
            reviewer: String::new(),
            approver: String::new(),
        }
    }
}

/// The exact contents of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// Exact counted integers (pieces, fen, records) by row id and column id, declared figures included, rest and total rows
    /// and summed columns included. A rate column answers with its part and whole columns, so it has no entry.
    Statistics {
        cells: BTreeMap<(String, String), i64>,
        unsettled: BTreeSet<(String, String)>,
        /// Cells of the row counted once that take in figures declared by row, which may double one another.
        at_most: BTreeSet<(String, String)>,
    },
    /// Rows in printing order.
    List { rows: Vec<AnswerRow>, unsettled: BTreeSet<(String, String)> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// The record's id, also the row's id.
    pub record: String,
    /// One per column of the form, row numbers left to the filling.
    pub cells: Vec<AnswerCell>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerCell {
    Blank,
    Text(String),
    Number(i64),
}
