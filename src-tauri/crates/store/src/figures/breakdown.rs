//! Figures outside a form: several at once over everything an office covers, or told apart by office, code or day. The passes
//! are those that fill a form, so that a bar on a screen and a cell on paper cannot differ.

use std::collections::BTreeMap;

use campaign::model::{Campaign, Figure};
use domain::{Date, OfficeCode, Schema};

use super::compile::{Only, passes};
use super::context::Context;
use super::fields::OWNER;
use super::selection::RowMap;
use super::statistics::tally;
use super::wanted::Wanted;
use crate::error::Result;
use crate::reader::Reader;

/// What is counted, for whom, and up to when.
#[derive(Clone, Copy)]
pub struct Over<'a> {
    pub schema: &'a Schema,
    pub campaign: &'a Campaign,
    pub office: &'a OfficeCode,
    pub as_of: Date,
}

/// What tells records apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'a> {
    /// The office that owns the record; of enterprises joined to one another, the office of the one they were joined to.
    Office,
    /// A field that holds a code, several codes, or a day.
    Field(&'a str),
}

impl Reader<'_> {
    /// One figure of a campaign over everything the office covers. Declared figures belong to forms and are no part of it.
    pub fn figure(
        &self,
        schema: &Schema,
        campaign: &Campaign,
        figure: &Figure,
        office: &OfficeCode,
        as_of: Date,
    ) -> Result<i64> {
        let over = Over { schema, campaign, office, as_of };
        Ok(self.figures(over, &[figure])?.first().copied().unwrap_or_default())
    }

    /// Several figures in their order, each kind of record looked through once.
    pub fn figures(&self, over: Over, figures: &[&Figure]) -> Result<Vec<i64>> {
        let context = self.context(over);
        let mut values = vec![0i64; figures.len()];
        let mut wanted: BTreeMap<&str, Vec<(usize, Wanted)>> = BTreeMap::new();
        for (at, figure) in figures.iter().enumerate() {
            wanted.entry(&figure.kind).or_default().push((at, Wanted::figure(figure, &[], over.as_of)));
        }
        for (kind, wanted) in &wanted {
            for mut pass in passes(&context, context.kind(kind)?, None, wanted, Only::All, &[])? {
                tally(&context, &mut pass, |_, at, amount| values[at] = values[at].saturating_add(amount))?;
            }
        }
        Ok(values)
    }

    /// Figures of one kind for each row: of the records whose office, code or day is among the row's. What no row names is
    /// not counted; what several name counts in each.
    pub fn breakdown(&self, over: Over, figures: &[&Figure], by: By, rows: &[Vec<String>]) -> Result<Vec<Vec<i64>>> {
        let context = self.context(over);
        let field = match by {
            By::Office => OWNER,
            By::Field(field) => field,
        };
        let mut values = vec![vec![0i64; figures.len()]; rows.len()];
        let map = || RowMap::of_codes(rows);
        for kind in figures.iter().map(|figure| figure.kind.as_str()).collect::<std::collections::BTreeSet<_>>() {
            let of_kind = figures.iter().enumerate().filter(|(_, figure)| figure.kind == kind);
            let wanted: Vec<(usize, Wanted)> =
                of_kind.map(|(at, figure)| (at, Wanted::figure(figure, &[], over.as_of))).collect();
            for mut pass in passes(&context, context.kind(kind)?, Some((field, &map)), &wanted, Only::All, &[])? {
                tally(&context, &mut pass, |row, at, amount| {
                    values[row][at] = values[row][at].saturating_add(amount);
                })?;
            }
        }
        Ok(values)
    }

    pub(super) fn context<'a>(&'a self, over: Over<'a>) -> Context<'a> {
        Context::new(self, over.schema, over.campaign, over.office, over.as_of)
    }
}
