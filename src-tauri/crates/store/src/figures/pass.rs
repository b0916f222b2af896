//! One pass over one kind, whose rows are told apart in Rust. SQLite would sort to group; a scan that hands out integers and
//! borrowed text need not. Filling, opening a number and asking where a record counts are the same pass with another ear.

use std::ops::ControlFlow;

use campaign::model::Measure;
use domain::RecordId;
use rusqlite::types::ValueRef;
use rusqlite::{Row, params_from_iter};
use rustc_hash::FxHashSet;

use super::context::Context;
use super::enterprises::Enterprises;
use super::fields::{Reading, Shape};
use super::matched::Asked;
use super::selection::{Bound, RowMap, Selection};
use crate::error::Result;

/// What a record counted as, where the distinct are counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum As<'r> {
    Itself,
    Enterprise(u32),
    Text(&'r str),
}

/// One record counted by one figure in one row.
pub(super) struct Hit<'r> {
    pub row: u16,
    /// Which of the wanted, in the caller's numbering.
    pub wanted: usize,
    pub amount: i64,
    pub counted: As<'r>,
    pub record: &'r Row<'r>,
}

pub(super) struct Count<'c> {
    pub at: usize,
    pub measure: &'c Measure,
    pub value: Option<(usize, Shape)>,
    pub own: u128,
    pub of_enterprise: u128,
    /// Of each, one bit must hold of the record or of its enterprise.
    pub either: Vec<(u128, u128)>,
    /// All of them must hold.
    pub matched: Vec<Answered<'c>>,
}

/// A count of those only that another record answers to, or that none does.
pub(super) struct Answered<'c> {
    pub asked: Asked<'c>,
    /// Those that nothing answers to are counted instead.
    pub inverse: bool,
    /// Rows and enterprises with a record that nothing answers to: the whole enterprise is left out.
    pub lacking: FxHashSet<(u16, RecordId)>,
}

impl Answered<'_> {
    fn met(&self, record: &Row, owner: Option<u32>, enterprises: &Enterprises) -> Result<bool> {
        self.asked.met(record, owner, enterprises)
    }

    fn whole(&self, row: u16, owner: u32, enterprises: &Enterprises) -> bool {
        self.lacking.is_empty() || !self.lacking.contains(&(row, enterprises.id(owner)))
    }
}

impl Count<'_> {
    /// Whether the conditions on the enterprise hold, and those that leave a choice.
    fn fits(&self, record: u128, enterprise: u128) -> bool {
        enterprise & self.of_enterprise == self.of_enterprise
            && self.either.iter().all(|(own, of_enterprise)| record & own != 0 || enterprise & of_enterprise != 0)
    }

    fn asks_enterprise(&self, record: u128) -> bool {
        self.of_enterprise != 0 || !self.either.iter().all(|(own, _)| record & own != 0)
    }
}

/// Where a record says whose it is.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Nobody,
    One(usize),
    /// A list of ids.
    Several(usize),
}

pub(super) struct Pass<'c> {
    pub sql: String,
    pub bound: Bound,
    pub selection: Selection,
    pub counts: Vec<Count<'c>>,
    pub base: u128,
    pub row: Option<(usize, Shape, RowMap)>,
    pub owner: Owner,
    /// 1 where the enterprise this record follows is in the campaign.
    pub followed: Option<usize>,
    pub is_enterprise: bool,
    /// The record's id.
    pub id: usize,
    /// Further fields asked for, in order.
    pub extras: Vec<(usize, Shape)>,
    pub enterprises: Enterprises,
}

impl Pass<'_> {
    /// Tells `sink` of every record that counts, in no order.
    pub fn run(&mut self, context: &Context, mut sink: impl FnMut(Hit, &Enterprises) -> Result<()>) -> Result<()> {
        self.run_until(context, |hit, enterprises| sink(hit, enterprises).map(ControlFlow::Continue))
    }

    /// The same, until `sink` breaks off.
    pub fn run_until(
        &mut self,
        context: &Context,
        mut sink: impl FnMut(Hit, &Enterprises) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.enterprises.prepare(context, self.is_enterprise || self.followed.is_some())?;
        let mut statement = context.reader.conn.prepare_cached(&self.sql)?;
        let mut rows = statement.query(params_from_iter(&self.bound.0))?;
        let (mut owners, mut counted_rows): (Vec<u32>, Vec<u16>) = Default::default();
        while let Some(row) = rows.next()? {
            let mask = self.selection.mask(row)?;
            if mask & self.base != self.base {
                continue;
            }
            counted_rows.clear();
            match &mut self.row {
                None => counted_rows.push(0),
                Some((column, shape, map)) => {
                    counted_rows.extend_from_slice(map.rows_of(row.get_ref(*column)?, *shape));
                }
            }
            if counted_rows.is_empty() {
                continue;
            }
            owners.clear();
            if !self.owners(context, row, &mut owners)? {
                continue;
            }
            for count in &self.counts {
                if mask & count.own != count.own {
                    continue;
                }
                let mut tell = |amount, counted: As| -> Result<ControlFlow<()>> {
                    // An enterprise is left out of a row where a record of it there is not answered to.
                    let whole = |at: &&u16| match counted {
                        As::Enterprise(owner) => {
                            count.matched.iter().all(|answered| answered.whole(**at, owner, &self.enterprises))
                        }
                        _ => true,
                    };
                    for at in counted_rows.iter().filter(whole) {
                        let hit = Hit { row: *at, wanted: count.at, amount, counted, record: row };
                        if sink(hit, &self.enterprises)?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    Ok(ControlFlow::Continue(()))
                };
                let fits = |owner: &&u32| count.fits(mask, self.enterprises.mask(**owner));
                if *count.measure == Measure::Enterprises {
                    for owner in owners.iter().filter(fits) {
                        let mut counts = true;
                        for answered in &count.matched {
                            counts = counts && answered.met(row, Some(*owner), &self.enterprises)? != answered.inverse;
                        }
                        if counts && tell(1, As::Enterprise(*owner))?.is_break() {
                            return Ok(());
                        }
                    }
                    continue;
                }
                let mut counts = true;
                for answered in &count.matched {
                    let mut met = owners.is_empty() && answered.met(row, None, &self.enterprises)?;
                    for owner in owners.iter().filter(fits) {
                        met = met || answered.met(row, Some(*owner), &self.enterprises)?;
                    }
                    counts &= met != answered.inverse;
                }
                if !counts {
                    continue;
                }
                if count.asks_enterprise(mask) && !owners.iter().any(|owner| fits(&owner)) {
                    continue;
                }
                let reading = match count.value {
                    None => Reading::Blank,
                    Some((column, shape)) => Reading::of_column(row.get_ref(column)?, shape),
                };
                let told = match (count.measure, reading) {
                    (Measure::Count, _) => tell(1, As::Itself)?,
                    (Measure::Sum(_), Reading::Int(amount)) => tell(amount, As::Itself)?,
                    (Measure::Size(_), reading) if !reading.is_blank() => tell(reading.size(), As::Itself)?,
                    (Measure::Distinct(_), Reading::Text(text)) => tell(1, As::Text(text))?,
                    _ => ControlFlow::Continue(()),
                };
                if told.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whose the record is; false where the record follows, or is, an enterprise that does not count here.
    fn owners(&mut self, context: &Context, row: &Row, owners: &mut Vec<u32>) -> Result<bool> {
        match self.owner {
            Owner::Nobody => {}
            Owner::One(column) => {
                let ValueRef::Blob(bytes) = row.get_ref(column)? else { return Ok(self.followed.is_none()) };
                let Ok(id) = <[u8; 16]>::try_from(bytes) else { return Ok(false) };
                if self.is_enterprise {
                    let group = self.enterprises.group(context, &id)?;
                    if group.is_some_and(|group| !(group.live && group.in_scope && group.in_campaign)) {
                        return Ok(false);
                    }
                } else if let Some(followed) = self.followed {
                    let counts = match self.enterprises.group(context, &id)? {
                        Some(group) => group.live && group.in_campaign,
                        None => matches!(row.get_ref(followed)?, ValueRef::Integer(1)),
                    };
                    if !counts {
                        return Ok(false);
                    }
                }
                owners.push(self.enterprises.number(context, &id)?);
            }
            Owner::Several(column) => {
                let mut ids: Vec<RecordId> = Vec::new();
                Reading::of_column(row.get_ref(column)?, Shape::Json)
                    .each(&mut |text| ids.extend(text.parse::<RecordId>().ok()));
                for id in ids {
                    owners.push(self.enterprises.number(context, id.as_bytes())?);
                }
                owners.sort_unstable();
                owners.dedup();
            }
        }
        Ok(true)
    }

    /// The id of the record a hit stands for.
    pub fn record_of(id: usize, row: &Row) -> Result<RecordId> {
        let bytes = row.get_ref(id)?.as_blob().map_err(rusqlite::Error::from)?;
        let bytes = bytes.try_into().map_err(|_| crate::reader::damaged("a record id is not 16 bytes"))?;
        Ok(RecordId::from_bytes(bytes))
    }
}
