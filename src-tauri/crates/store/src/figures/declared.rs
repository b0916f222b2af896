//! 填报数: figures another department reports without records. They add to the cell they name, before totals and rates.

use std::collections::BTreeMap;

use campaign::model::{CellRule, Form, Row};
use domain::{OfficeCode, Record, RecordId};
use rusqlite::params;

use super::context::Context;
use crate::error::Result;
use crate::reader::{Reader, id_of, record_row};

/// A declared figure that holds, at a cell it adds to.
pub(super) struct Declared {
    pub record: RecordId,
    pub office: String,
    pub row: usize,
    pub column: usize,
    pub value: i64,
    /// It stands in the row counted once for want of a figure declared there, and may double others.
    pub at_most: bool,
}

/// Office, row, column and source: of each the latest holds.
type Place = (String, usize, usize, Option<String>);
/// As of when, which record, how much.
type Holding = (String, RecordId, i64);

/// The declared figures that hold for a form, at every cell they add to.
pub(super) fn declared(context: &Context, form: &Form, rows: &[Row]) -> Result<Vec<Declared>> {
    let mut statement = context.reader.conn.prepare_cached(
        "SELECT id, office, \"row\", \"column\", source, as_of, value FROM p_declared \
         WHERE form = ?1 AND void = 0 AND instr(campaigns, ?2) > 0 AND as_of BETWEEN ?3 AND ?4 AND value IS NOT NULL",
    )?;
    let first = context.campaign.first_day.to_string();
    let mut found = statement.query((&form.id, context.campaign_mark(), first, context.as_of.to_string()))?;
    let mut holding: BTreeMap<Place, Holding> = BTreeMap::new();
    while let Some(row) = found.next()? {
        let office: String = row.get(1)?;
        let (named_row, named_column): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        let at_row = rows.iter().position(|row| !row.total && Some(&row.id) == named_row.as_ref());
        let at_column = form.columns.iter().position(|column| Some(&column.id) == named_column.as_ref());
        let (Some(at_row), Some(at_column)) = (at_row, at_column) else { continue };
        let counted = matches!(form.columns[at_column].cell, CellRule::Figure { .. });
        if !counted || !office.parse().is_ok_and(|owner| context.office.covers(&owner)) {
            continue;
        }
        let value = (row.get::<_, String>(5)?, id_of(row.get(0)?)?, row.get::<_, i64>(6)?);
        let held = holding.entry((office, at_row, at_column, row.get(4)?)).or_insert_with(|| value.clone());
        if (&value.0, value.1) > (&held.0, held.1) {
            *held = value;
        }
    }
    let mut declared = Vec::new();
    let once = rows.iter().position(|row| row.once);
    let said_once = |(office, _, column, source): &Place| {
        once.is_some_and(|once| holding.contains_key(&(office.clone(), once, *column, source.clone())))
    };
    for (place, (_, record, value)) in &holding {
        let (office, row, column, _) = place;
        let named = &form.columns[*column].id;
        let takes_in = |at: usize| at != *column && form.columns[at].declared_with.contains(named);
        let columns: Vec<usize> =
            std::iter::once(*column).chain((0..form.columns.len()).filter(|at| takes_in(*at))).collect();
        let at = |row: usize, at_most: bool| {
            let value = |column: &usize| Declared {
                record: *record,
                office: office.clone(),
                row,
                column: *column,
                value: *value,
                at_most,
            };
            columns.iter().map(value).collect::<Vec<_>>()
        };
        declared.extend(at(*row, false));
        if let Some(once) = once.filter(|once| once != row && !said_once(place)) {
            declared.extend(at(once, true));
        }
    }
    Ok(declared)
}

/// The fields that decide what a declared figure adds to.
pub(super) const READS: [&str; 6] = ["form", "row", "column", "as_of", "value", "source"];

impl Reader<'_> {
    /// Unvoided figures that an office declared for a cell from one source, as they were recorded.
    pub fn declared_in(
        &self,
        office: &OfficeCode,
        form: &str,
        row: &str,
        column: &str,
        source: &str,
    ) -> Result<Vec<Record>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, r.kind, r.office, r.slots FROM p_declared p JOIN record r ON r.n = p.n \
             WHERE p.form = ? AND p.\"row\" = ? AND p.\"column\" = ? AND p.source = ? AND p.office = ? AND p.void = 0 ORDER BY p.n",
        )?;
        statement.query_and_then(params![form, row, column, source, office.as_str()], record_row)?.collect()
    }
}
