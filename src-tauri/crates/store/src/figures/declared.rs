//! 填报数: figures another department reports without records. They add to the cell they name, before totals and rates. One that
//! is all there is takes the place of what the cell counts of its office and of those below it, up to its own cut-off; what
//! happened after that day, or elsewhere, counts beside it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use campaign::model::{CellRule, Form, Row};
use domain::{Date, OfficeCode, Record, RecordId};
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

/// A declared figure that is all there is.
pub(super) struct Whole {
    pub office: OfficeCode,
    pub as_of: Date,
    pub row: usize,
    /// The column it was declared for, and those it counts in beside that one.
    pub columns: Vec<usize>,
}

/// A declared figure that holds, before those that are all there is take the place of others.
struct Holding {
    record: RecordId,
    office: OfficeCode,
    as_of: String,
    value: i64,
    whole: bool,
    row: usize,
    columns: Vec<usize>,
    /// The row counted once, where it adds to that one too for want of a figure declared there.
    once: Option<usize>,
}

impl Holding {
    /// Whether `other` stands for what this one says in a cell.
    fn gives_way_to(&self, other: &Holding, column: usize) -> bool {
        other.whole
            && other.row == self.row
            && other.columns.first() == Some(&column)
            && other.office.covers(&self.office)
            && (&other.as_of, other.record) > (&self.as_of, self.record)
    }
}

/// What adds to the cells, and what takes the place of records there.
fn settled(holding: &[Holding]) -> (Vec<Declared>, Vec<Whole>) {
    let mut figures = Vec::new();
    let mut wholes = Vec::new();
    for each in holding {
        let gone = |column: usize| holding.iter().any(|other| each.gives_way_to(other, column));
        let Some(own) = each.columns.first().copied().filter(|own| !gone(*own)) else { continue };
        let kept = each.columns.iter().copied().filter(|column| *column == own || !gone(*column));
        for column in kept {
            let at = |row, at_most| Declared {
                record: each.record,
                office: each.office.to_string(),
                row,
                column,
                value: each.value,
                at_most,
            };
            figures.push(at(each.row, false));
            figures.extend(each.once.map(|once| at(once, true)));
        }
        if let (true, Ok(as_of)) = (each.whole, each.as_of.parse()) {
            wholes.push(Whole { office: each.office.clone(), as_of, row: each.row, columns: each.columns.clone() });
        }
    }
    (figures, wholes)
}

/// Office, row, column and source: of each the latest holds.
type Place = (String, usize, usize, Option<String>);

/// The declared figures that hold for a form, at every cell they add to, and those that are all there is in theirs.
pub(super) fn declared(context: &Context, form: &Form, rows: &[Row]) -> Result<(Vec<Declared>, Vec<Whole>)> {
    let mut statement = context.reader.conn.prepare_cached(
        "SELECT id, office, \"row\", \"column\", source, as_of, value, \"whole\" FROM p_declared \
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
        let owner = office.parse().ok().filter(|owner| counted && context.office.covers(owner));
        let Some(owner) = owner else { continue };
        let named = &form.columns[at_column].id;
        let takes_in = |at: usize| at != at_column && form.columns[at].declared_with.contains(named);
        let also = (0..form.columns.len()).filter(|at| takes_in(*at));
        let figure = Holding {
            record: id_of(row.get(0)?)?,
            office: owner,
            as_of: row.get(5)?,
            value: row.get(6)?,
            whole: row.get::<_, Option<bool>>(7)?.unwrap_or(false),
            row: at_row,
            columns: std::iter::once(at_column).chain(also).collect(),
            once: None,
        };
        match holding.entry((office, at_row, at_column, row.get(4)?)) {
            Entry::Vacant(place) => drop(place.insert(figure)),
            Entry::Occupied(mut held) => {
                if (&figure.as_of, figure.record) > (&held.get().as_of, held.get().record) {
                    held.insert(figure);
                }
            }
        }
    }
    if let Some(once) = rows.iter().position(|row| row.once) {
        let elsewhere = |(office, _, column, source): &Place| (office.clone(), *column, source.clone());
        let said: BTreeSet<_> = holding.keys().filter(|place| place.1 == once).map(elsewhere).collect();
        for (place, held) in &mut holding {
            held.once = (place.1 != once && !said.contains(&elsewhere(place))).then_some(once);
        }
    }
    let holding: Vec<Holding> = holding.into_values().collect();
    Ok(settled(&holding))
}

/// The fields that decide what a declared figure adds to.
pub(super) const READS: [&str; 7] = ["form", "row", "column", "as_of", "value", "source", "whole"];

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

    /// Whether an office, or one below it, has declared a figure of a form up to a day.
    pub fn is_declared_in(&self, form: &str, office: &OfficeCode, as_of: Date) -> Result<bool> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT DISTINCT office FROM p_declared WHERE form = ? AND as_of <= ? AND void = 0")?;
        let mut rows = statement.query(params![form, as_of.to_string()])?;
        while let Some(row) = rows.next()? {
            if row.get::<_, String>(0)?.parse::<OfficeCode>().is_ok_and(|declared| office.covers(&declared)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
