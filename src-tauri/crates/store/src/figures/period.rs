//! A statistics form for a period, 按发生日: both ends are counted anew. Records and amounts are those of the last day less those
//! of the day before the first; distinct ones are those with an event in the period, which no difference gives.

use std::collections::BTreeMap;

use campaign::answers::Answers;
use campaign::model::{CellRule, InPeriod};
use domain::{Date, RecordId};
use rustc_hash::FxHashMap;

use super::compile::Only;
use super::context::Context;
use super::statistics::{Base, Owners, Sheet};
use super::traced::{Counted, Traced};
use super::unsettled;
use crate::error::Result;

/// Whether it is a declared figure, which record, and what it counted as.
type Of = (bool, RecordId, Option<Counted>);

pub(super) struct Period<'s, 'c> {
    end: &'s Sheet<'c>,
    /// Up to the day before the first.
    start: Sheet<'c>,
    /// What happened from the first day on.
    within: Sheet<'c>,
}

impl<'s, 'c> Period<'s, 'c> {
    /// `None` where no period is asked for, or it begins with the campaign or before.
    pub fn new(end: &'s Sheet<'c>, since: Option<Date>) -> Result<Option<Self>> {
        let Some(since) = since.filter(|since| *since > end.context.campaign.first_day) else { return Ok(None) };
        let sheet = |context| Sheet::new(context, end.form);
        let start = sheet(Context { as_of: since.plus_days(-1), ..end.context })?;
        let within = sheet(Context { first: since, ..end.context })?;
        Ok(start.zip(within).map(|(start, within)| Period { end, start, within }))
    }

    fn counts(&self, column: usize) -> InPeriod {
        match &self.end.form.columns[column].cell {
            CellRule::Figure { id, .. } => {
                self.end.context.campaign.figure(id).map_or(InPeriod::Difference, |figure| figure.in_period())
            }
            _ => InPeriod::Difference,
        }
    }

    pub fn fill(&self) -> Result<Answers> {
        let cells = self.fill_by(&Owners::ALL)?.swap_remove(0);
        let mut unsettled = unsettled::statistics(self.end)?;
        for sheet in [&self.start, &self.within] {
            unsettled.extend(unsettled::statistics(sheet)?);
        }
        Ok(Answers::Statistics { cells: self.end.values(&cells), unsettled, at_most: self.end.at_most()? })
    }

    /// Every base cell of each group of owners.
    pub fn fill_by(&self, owners: &Owners) -> Result<Vec<Vec<Vec<i64>>>> {
        let (start, within) = (self.start.records_by(owners)?, self.within.records_by(owners)?);
        let mut groups = self.end.records_by(owners)?;
        for (group, cells) in groups.iter_mut().enumerate() {
            for (row, cells) in cells.iter_mut().enumerate() {
                for (column, cell) in cells.iter_mut().enumerate() {
                    match self.counts(column) {
                        InPeriod::Difference => *cell = cell.saturating_sub(start[group][row][column]),
                        InPeriod::Distinct => *cell = within[group][row][column],
                        InPeriod::AsItStands => {}
                    }
                }
            }
        }
        for declared in self.end.declared()? {
            let cell = &mut groups[(owners.of)(&declared.office)][declared.row][declared.column];
            *cell = cell.saturating_add(declared.value);
        }
        for declared in self.start.declared()? {
            let cell = &mut groups[(owners.of)(&declared.office)][declared.row][declared.column];
            *cell = cell.saturating_sub(declared.value);
        }
        Ok(groups)
    }

    /// What a cell counted: of a difference, each record by as much as it adds more than before.
    pub fn trace(&self, row: &str, column: &str) -> Result<Vec<Traced>> {
        self.end.opened(row, column, |columns| {
            let of = |wanted: InPeriod| -> Vec<usize> {
                columns.iter().copied().filter(|column| self.counts(*column) == wanted).collect()
            };
            let mut hits = self.within.hits(Some(&of(InPeriod::Distinct)), Only::All)?;
            hits.extend(self.end.hits(Some(&of(InPeriod::AsItStands)), Only::All)?);
            let difference = of(InPeriod::Difference);
            let mut now = self.end.hits(Some(&difference), Only::All)?;
            now.extend(self.end.declared_hits()?);
            let mut before = self.start.hits(Some(&difference), Only::All)?;
            before.extend(self.start.declared_hits()?);
            hits.extend(differences(now, before));
            Ok(hits)
        })
    }
}

fn differences(now: Vec<(Base, Traced)>, before: Vec<(Base, Traced)>) -> Vec<(Base, Traced)> {
    let of = |traced: &Traced| -> Of { (traced.declared, traced.record, traced.counted_as.clone()) };
    let mut counted: FxHashMap<Base, BTreeMap<Of, Traced>> = FxHashMap::default();
    for (base, traced) in now {
        counted.entry(base).or_default().insert(of(&traced), traced);
    }
    for (base, traced) in before {
        let amount = traced.amount;
        let gone = Traced { amount: 0, ..traced };
        let kept = counted.entry(base).or_default().entry(of(&gone)).or_insert(gone);
        kept.amount = kept.amount.saturating_sub(amount);
    }
    let all = counted.into_iter().flat_map(|(base, records)| records.into_values().map(move |traced| (base, traced)));
    all.filter(|(_, traced)| traced.amount != 0).collect()
}
