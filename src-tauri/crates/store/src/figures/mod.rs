//! The figure compiler: fills forms from projections, opens every printed number to the records it counted, and says which
//! cells count a record and which rest on a conflict nobody has decided. It is not where values are written out (`forms`)
//! nor where figures are defined (campaign files).

mod breakdown;
mod compile;
mod context;
mod declared;
mod enterprises;
mod fields;
mod list;
mod matched;
mod numbers;
mod pass;
mod period;
mod pointing;
mod print;
mod reads;
mod references;
mod selection;
mod statistics;
mod to_do;
mod traced;
mod unsettled;
mod wanted;

use std::collections::BTreeMap;

use campaign::answers::{Answers, Filling};
use campaign::model::{Campaign, Form};
use domain::{Date, Notice, OfficeCode, RecordId, Schema};

use crate::error::Result;
use crate::reader::Reader;
use compile::Only;
use context::{Context, ENTERPRISE};
use list::Listing;
use period::Period;
use statistics::Sheet;

pub use breakdown::{By, Over};
pub use statistics::Owners;
pub use traced::{CellRef, Counted, Traced, recount};

impl Reader<'_> {
    /// The exact contents of a form. Cells that rest on an open conflict are named in `unsettled`.
    pub fn fill(&self, schema: &Schema, campaign: &Campaign, form: &Form, filling: &Filling) -> Result<Answers> {
        let context = Context::new(self, schema, campaign, &filling.office, filling.as_of);
        if let Some(sheet) = Sheet::new(context, form)? {
            if let Some(period) = Period::new(&sheet, filling.since)? {
                return period.fill();
            }
            let cells = sheet.values(&sheet.fill()?);
            return Ok(Answers::Statistics {
                cells,
                unsettled: unsettled::statistics(&sheet)?,
                at_most: sheet.at_most()?,
            });
        }
        let mut listing = Listing::new(within(context, filling), form)?;
        let rows = listing.fill()?;
        let unsettled = unsettled::list(&mut listing, &rows)?;
        Ok(Answers::List { rows, unsettled })
    }

    /// The cells of a statistics form of each group of offices, as they would be were its records all there is.
    pub fn fill_by_office(
        &self,
        schema: &Schema,
        campaign: &Campaign,
        form: &Form,
        filling: &Filling,
        owners: &Owners,
    ) -> Result<Vec<BTreeMap<(String, String), i64>>> {
        let context = Context::new(self, schema, campaign, &filling.office, filling.as_of);
        let unknown = || Notice::new("form-cell-unknown").with("value", &form.id);
        let sheet = Sheet::new(context, form)?.ok_or_else(unknown)?;
        let groups = match Period::new(&sheet, filling.since)? {
            Some(period) => period.fill_by(owners)?,
            None => sheet.fill_by(owners)?,
        };
        Ok(groups.iter().map(|cells| sheet.values(cells)).collect())
    }

    /// The records behind a printed cell. In a statistics form [`recount`] of them is the cell's value; in a list form they
    /// are the row's record and those the column read beside it.
    pub fn trace(
        &self,
        schema: &Schema,
        campaign: &Campaign,
        form: &Form,
        filling: &Filling,
        row: &str,
        column: &str,
    ) -> Result<Vec<Traced>> {
        let context = Context::new(self, schema, campaign, &filling.office, filling.as_of);
        match Sheet::new(context, form)? {
            Some(sheet) => match Period::new(&sheet, filling.since)? {
                Some(period) => period.trace(row, column),
                None => sheet.trace(row, column),
            },
            None => Listing::new(within(context, filling), form)?.trace(row, column),
        }
    }

    /// The first record of the office's own, in the order in which they came into the book, that a cell of a statistics form
    /// counts by itself: no total, sum or rate. With a field, the first that holds this code there.
    pub fn first_counted(
        &self,
        schema: &Schema,
        campaign: &Campaign,
        form: &Form,
        filling: &Filling,
        (row, column): (&str, &str),
        coded: Option<(&str, &str)>,
    ) -> Result<Option<RecordId>> {
        let context = Context::new(self, schema, campaign, &filling.office, filling.as_of);
        let sheet = Sheet::new(context, form)?;
        sheet.map_or(Ok(None), |sheet| sheet.first(row, column, Only::Own(coded)))
    }

    /// The cells of all forms of these campaigns that count a record, as an office fills them for that cut-off.
    pub fn cells(
        &self,
        schema: &Schema,
        campaigns: &[&Campaign],
        office: &OfficeCode,
        record: RecordId,
        as_of: Date,
    ) -> Result<Vec<CellRef>> {
        let kind = self.record(record)?.ok_or_else(|| Notice::new("record-unknown").with("id", record))?.kind;
        let group = if kind == ENTERPRISE { self.group_of(record)? } else { Vec::new() };
        let mut cells = Vec::new();
        for campaign in campaigns {
            for form in &campaign.forms {
                let context = Context::new(self, schema, campaign, office, as_of);
                if let Some(sheet) = Sheet::new(context, form)? {
                    cells.extend(sheet.cells(record, &kind, &group)?.into_iter().map(|((row, column), amount)| {
                        CellRef {
                            form: form.id.clone(),
                            row: sheet.rows[row].id.clone(),
                            column: form.columns[column].id.clone(),
                            amount,
                        }
                    }));
                } else if let Some(row) = Listing::new(context, form)?.row_of(record, &kind)? {
                    let (form, row) = (form.id.clone(), row.to_string());
                    cells.push(CellRef { form, row, column: String::new(), amount: 0 });
                }
            }
        }
        Ok(cells)
    }
}

/// A list of a period holds what happened in it.
fn within<'a>(context: Context<'a>, filling: &Filling) -> Context<'a> {
    let first = filling.since.map_or(context.first, |since| since.max(context.first));
    Context { first, ..context }
}
