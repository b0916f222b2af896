//! Statistics forms: fixed rows, counted columns. Counting fills the base cells (a row that is no total, a column that is a
//! figure); totals and sums are put together from them, and opening one opens the base cells beneath it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use campaign::model::{Body, CellRule, Form, Row};
use domain::{Notice, RecordId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Only, passes};
use super::context::{Context, ENTERPRISE, figure};
use super::declared::{Declared, Whole, declared};
use super::fields::OWNER;
use super::pass::{As, Pass};
use super::selection::RowMap;
use super::traced::{Counted, Traced, recount};
use super::wanted::Wanted;
use crate::error::Result;

const DECLARED: &str = "declared";

/// A statistics form made ready for one filling.
pub(super) struct Sheet<'c> {
    pub context: Context<'c>,
    pub form: &'c Form,
    pub rows: &'c [Row],
    by: &'c BTreeMap<String, String>,
    /// What is counted, by kind, numbered by column.
    pub wanted: BTreeMap<&'c str, Vec<(usize, Wanted<'c>)>>,
}

/// Offices whose records are told apart: how many groups, and which a code belongs to.
pub struct Owners<'a> {
    pub groups: usize,
    pub of: &'a dyn Fn(&str) -> usize,
}

impl Owners<'_> {
    /// All of them together.
    pub(super) const ALL: Owners<'static> = Owners { groups: 1, of: &|_| 0 };
}

/// A base cell by the positions of its row and column.
pub(super) type Base = (usize, usize);

impl<'c> Sheet<'c> {
    /// `None` for a list form.
    pub fn new(context: Context<'c>, form: &'c Form) -> Result<Option<Self>> {
        let Body::Statistics { by, rows, .. } = &form.body else { return Ok(None) };
        let mut wanted: BTreeMap<&str, Vec<(usize, Wanted)>> = BTreeMap::new();
        for (at, column) in form.columns.iter().enumerate() {
            if let CellRule::Figure { id, conditions } = &column.cell {
                let counted = Wanted::figure(figure(context.campaign, id)?, conditions, context.as_of);
                wanted.entry(counted.kind).or_default().push((at, counted));
            }
        }
        Ok(Some(Sheet { context, form, rows, by, wanted }))
    }

    /// The field that names the row of a kind.
    pub fn row_field(&self, kind: &str) -> Option<&'c str> {
        self.by.get(kind).map(String::as_str)
    }

    /// Whether a column counts records that others answer to.
    pub fn is_matched(&self, column: usize) -> bool {
        self.wanted.values().flatten().any(|(at, wanted)| *at == column && wanted.answering().next().is_some())
    }

    fn passes<'w>(&self, kind: &str, wanted: &'w [(usize, Wanted<'w>)], only: Only) -> Result<Vec<Pass<'w>>> {
        let Some(field) = self.row_field(kind) else { return Ok(Vec::new()) };
        let rows = || RowMap::new(self.rows.iter().enumerate());
        passes(&self.context, self.context.kind(kind)?, Some((field, &rows)), wanted, only, &[])
    }

    /// Every base cell's exact value, by row and column.
    pub fn fill(&self) -> Result<Vec<Vec<i64>>> {
        Ok(self.fill_by(&Owners::ALL)?.swap_remove(0))
    }

    /// The same of each group of owners.
    pub fn fill_by(&self, owners: &Owners) -> Result<Vec<Vec<Vec<i64>>>> {
        let mut groups = self.records_by(owners)?;
        for Declared { office, row, column, value, .. } in self.declared()? {
            let cell = &mut groups[(owners.of)(&office)][row][column];
            *cell = cell.saturating_add(value);
        }
        Ok(groups)
    }

    /// What records give every base cell of each group, but for those a declared figure takes the place of.
    pub fn records_by(&self, owners: &Owners) -> Result<Vec<Vec<Vec<i64>>>> {
        let (_, wholes) = declared(&self.context, self.form, self.rows)?;
        if wholes.is_empty() { self.counted_by(owners) } else { self.left_by(owners) }
    }

    /// The declared figures that hold, at every cell they add to.
    pub fn declared(&self) -> Result<Vec<Declared>> {
        Ok(declared(&self.context, self.form, self.rows)?.0)
    }

    /// The same where a declared figure takes the place of some of them.
    fn left_by(&self, owners: &Owners) -> Result<Vec<Vec<Vec<i64>>>> {
        let mut groups = vec![vec![vec![0i64; self.form.columns.len()]; self.rows.len()]; owners.groups];
        let mut left: FxHashMap<(usize, Base), Vec<Traced>> = FxHashMap::default();
        for (base, hit) in self.hits(None, Only::All)? {
            let owner = if owners.groups > 1 { self.context.reader.owner(hit.record)? } else { None };
            let group = owner.map_or(0, |owner| (owners.of)(owner.as_str()));
            left.entry((group, base)).or_default().push(hit);
        }
        for ((group, (row, column)), hits) in left {
            groups[group][row][column] = recount(&hits);
        }
        Ok(groups)
    }

    /// What records alone give every base cell of each group, whatever is declared.
    fn counted_by(&self, owners: &Owners) -> Result<Vec<Vec<Vec<i64>>>> {
        let rows = self.rows.len();
        let mut groups = vec![vec![vec![0i64; self.form.columns.len()]; rows]; owners.groups];
        let apart: &[&str] = if owners.groups > 1 { &[OWNER] } else { &[] };
        for (kind, wanted) in &self.wanted {
            let Some(field) = self.row_field(kind) else { continue };
            let map = || RowMap::new(self.rows.iter().enumerate());
            let kind = self.context.kind(kind)?;
            for mut pass in passes(&self.context, kind, Some((field, &map)), wanted, Only::All, apart)? {
                let owner = pass.extras.first().map(|(column, _)| *column);
                let group = |record: &rusqlite::Row| -> Result<usize> {
                    let Some(owner) = owner else { return Ok(0) };
                    Ok((owners.of)(record.get_ref(owner)?.as_str().map_err(rusqlite::Error::from)?))
                };
                tally_apart(&self.context, &mut pass, group, |group, row, column, amount| {
                    let cell = &mut groups[group][row][column];
                    *cell = cell.saturating_add(amount);
                })?;
            }
        }
        Ok(groups)
    }

    /// The cells that take in figures which may double one another.
    pub fn at_most(&self) -> Result<BTreeSet<(String, String)>> {
        let at_most = self.declared()?.into_iter().filter(|declared| declared.at_most);
        let base = at_most.map(|declared| (declared.row, declared.column)).collect();
        Ok(self.resting_on(&base))
    }

    /// The value of any cell of the form but a rate, from the base cells.
    pub fn values(&self, base: &[Vec<i64>]) -> BTreeMap<(String, String), i64> {
        let mut values = BTreeMap::new();
        for (row_at, row) in self.rows.iter().enumerate() {
            for (column_at, column) in self.form.columns.iter().enumerate() {
                if matches!(column.cell, CellRule::Figure { .. } | CellRule::SumOf(_)) {
                    let bases = self.bases(row_at, column_at);
                    let value = bases.iter().fold(0i64, |sum, (row, column)| sum.saturating_add(base[*row][*column]));
                    values.insert((row.id.clone(), column.id.clone()), value);
                }
            }
        }
        values
    }

    /// The base cells a cell is put together from: of a rate, its whole and then what its part adds to them.
    pub fn bases(&self, row: usize, column: usize) -> Vec<Base> {
        let mut columns = Vec::new();
        self.base_columns(column, self.form.columns.len(), &mut columns);
        let rows: Vec<usize> = match self.rows[row].total {
            true => (0..self.rows.len()).filter(|at| !self.rows[*at].is_of_rows()).collect(),
            false => vec![row],
        };
        rows.iter().flat_map(|row| columns.iter().map(|column| (*row, *column))).collect()
    }

    /// `depth` ends what a campaign file that sums in a circle would not.
    fn base_columns(&self, column: usize, depth: usize, found: &mut Vec<usize>) {
        let position = |id: &String| self.form.columns.iter().position(|column| column.id == *id);
        match &self.form.columns[column].cell {
            CellRule::Figure { .. } => found.push(column),
            CellRule::SumOf(parts) if depth > 0 => {
                parts.iter().filter_map(position).for_each(|part| self.base_columns(part, depth - 1, found));
            }
            CellRule::Rate { part, whole } if depth > 0 => {
                for side in [whole, part] {
                    let mut more = Vec::new();
                    position(side).into_iter().for_each(|side| self.base_columns(side, depth - 1, &mut more));
                    more.retain(|column| !found.contains(column));
                    found.append(&mut more);
                }
            }
            _ => {}
        }
    }

    /// The cells put together from any of these base cells, themselves included.
    pub fn resting_on(&self, base: &FxHashSet<Base>) -> BTreeSet<(String, String)> {
        let mut resting = BTreeSet::new();
        if base.is_empty() {
            return resting;
        }
        for (row_at, row) in self.rows.iter().enumerate() {
            for (column_at, column) in self.form.columns.iter().enumerate() {
                if self.bases(row_at, column_at).iter().any(|cell| base.contains(cell)) {
                    resting.insert((row.id.clone(), column.id.clone()));
                }
            }
        }
        resting
    }

    /// What the base cells of these columns count, among the records `only` names, but for what a declared figure takes the
    /// place of. Declared figures are left out.
    pub fn hits(&self, columns: Option<&[usize]>, only: Only) -> Result<Vec<(Base, Traced)>> {
        let mut hits = self.counted(columns, only)?;
        let (_, wholes) = declared(&self.context, self.form, self.rows)?;
        if !wholes.is_empty() {
            let replaced = self.replaced(&wholes)?;
            hits.retain(|(base, hit)| !replaced.contains(&(*base, hit.record)));
        }
        Ok(hits)
    }

    /// The records that count in a cell no more, by cell.
    fn replaced(&self, wholes: &[Whole]) -> Result<FxHashSet<(Base, RecordId)>> {
        let mut replaced = FxHashSet::default();
        for whole in wholes {
            let Some(own) = whole.columns.first() else { continue };
            let context = Context { office: &whole.office, as_of: whole.as_of, ..self.context };
            let Some(of_office) = Sheet::new(context, self.form)? else { continue };
            for (base, hit) in of_office.counted(Some(&[*own]), Only::All)? {
                if base.0 == whole.row {
                    replaced.extend(whole.columns.iter().map(|column| ((base.0, *column), hit.record)));
                }
            }
        }
        Ok(replaced)
    }

    /// The same, whatever is declared.
    fn counted(&self, columns: Option<&[usize]>, only: Only) -> Result<Vec<(Base, Traced)>> {
        let mut hits = Vec::new();
        for (kind, wanted) in &self.wanted {
            let wanted: Vec<(usize, Wanted)> = wanted
                .iter()
                .filter(|(at, _)| columns.is_none_or(|columns| columns.contains(at)))
                .map(|(at, _)| self.wanted_at(*at).map(|wanted| (*at, wanted)))
                .collect::<Result<_>>()?;
            for mut pass in self.passes(kind, &wanted, only)? {
                let id = pass.id;
                pass.run(&self.context, |hit, enterprises| {
                    let base = (hit.row as usize, hit.wanted);
                    let counted = match hit.counted {
                        As::Itself => None,
                        As::Enterprise(number) => Some(Counted::Enterprise(enterprises.id(number))),
                        As::Text(text) => Some(Counted::Value(text.to_owned())),
                    };
                    hits.push((base, self.traced(base, Pass::record_of(id, hit.record)?, kind, hit.amount, counted)));
                    Ok(())
                })?;
            }
        }
        Ok(hits)
    }

    fn wanted_at(&self, column: usize) -> Result<Wanted<'c>> {
        match &self.form.columns[column].cell {
            CellRule::Figure { id, conditions } => {
                Ok(Wanted::figure(figure(self.context.campaign, id)?, conditions, self.context.as_of))
            }
            _ => Err(Notice::new("form-cell-unknown").with("value", &self.form.columns[column].id).into()),
        }
    }

    fn traced(&self, base: Base, record: RecordId, kind: &str, amount: i64, counted: Option<Counted>) -> Traced {
        Traced {
            record,
            kind: kind.to_owned(),
            row: self.rows[base.0].id.clone(),
            column: self.form.columns[base.1].id.clone(),
            amount,
            counted_as: counted,
            declared: kind == DECLARED,
        }
    }

    pub fn declared_hits(&self) -> Result<Vec<(Base, Traced)>> {
        let hit = |found: Declared| {
            let base = (found.row, found.column);
            (base, self.traced(base, found.record, DECLARED, found.value, None))
        };
        let (figures, _) = declared(&self.context, self.form, self.rows)?;
        Ok(figures.into_iter().map(hit).collect())
    }

    /// Exactly what a cell counted, by row, column and record.
    pub fn trace(&self, row: &str, column: &str) -> Result<Vec<Traced>> {
        self.opened(row, column, |columns| {
            let mut hits = self.hits(Some(columns), Only::All)?;
            hits.extend(self.declared_hits()?);
            Ok(hits)
        })
    }

    /// Of what base columns counted, as told, what stands behind one cell.
    pub fn opened(
        &self,
        row: &str,
        column: &str,
        hits: impl FnOnce(&[usize]) -> Result<Vec<(Base, Traced)>>,
    ) -> Result<Vec<Traced>> {
        let unknown = |value: &str| Notice::new("form-cell-unknown").with("value", value);
        let row_at = self.rows.iter().position(|known| known.id == row).ok_or_else(|| unknown(row))?;
        let column_at = self.form.columns.iter().position(|known| known.id == column).ok_or_else(|| unknown(column))?;
        // A sum may name a column twice; it then opens twice as well.
        let mut times: FxHashMap<Base, usize> = FxHashMap::default();
        for base in self.bases(row_at, column_at) {
            *times.entry(base).or_default() += 1;
        }
        let columns: Vec<usize> = times.keys().map(|(_, column)| *column).collect();
        let hits = hits(&columns)?;
        let mut traced: Vec<(Base, Traced)> = Vec::with_capacity(hits.len());
        for (base, hit) in hits {
            for _ in 0..times.get(&base).copied().unwrap_or(0) {
                traced.push((base, hit.clone()));
            }
        }
        traced.sort_by(|(left_base, left), (right_base, right)| {
            (left_base, left.declared, left.record).cmp(&(right_base, right.declared, right.record))
        });
        Ok(traced.into_iter().map(|(_, traced)| traced).collect())
    }

    /// The first record that a base cell counts, of those `only` lets the pass look at.
    pub fn first(&self, row: &str, column: &str, only: Only) -> Result<Option<RecordId>> {
        let unknown = |value: &str| Notice::new("form-cell-unknown").with("value", value);
        let row_at = self.rows.iter().position(|known| known.id == row).ok_or_else(|| unknown(row))?;
        let column_at = self.form.columns.iter().position(|known| known.id == column).ok_or_else(|| unknown(column))?;
        let wanted = [(column_at, self.wanted_at(column_at)?)];
        let mut first = None;
        for mut pass in self.passes(wanted[0].1.kind, &wanted, only)? {
            let id = pass.id;
            pass.run_until(&self.context, |hit, _| {
                if hit.row as usize != row_at {
                    return Ok(ControlFlow::Continue(()));
                }
                first = Some(Pass::record_of(id, hit.record)?);
                Ok(ControlFlow::Break(()))
            })?;
        }
        Ok(first)
    }

    /// The cells that count a record, with what it adds to each, rates aside.
    pub fn cells(&self, record: RecordId, kind: &str, group: &[RecordId]) -> Result<BTreeMap<Base, i64>> {
        let mut hits = if kind == DECLARED {
            self.declared_hits()?.into_iter().filter(|(_, hit)| hit.record == record).collect()
        } else if kind == ENTERPRISE {
            let mut hits = self.hits(None, Only::Enterprises(group))?;
            hits.retain(|(_, hit)| match &hit.counted_as {
                Some(Counted::Enterprise(root)) => group.contains(root),
                _ => hit.kind == kind,
            });
            let mut seen = BTreeSet::new();
            hits.retain(|(base, hit)| hit.kind == kind || seen.insert(*base));
            hits
        } else {
            let mut hits = self.hits(None, Only::Record { id: record, kind })?;
            hits.retain(|(_, hit)| hit.record == record);
            hits
        };
        let mut base: FxHashMap<Base, i64> = FxHashMap::default();
        for (cell, hit) in hits.drain(..) {
            *base.entry(cell).or_default() += hit.amount;
        }
        let mut cells = BTreeMap::new();
        for row in 0..self.rows.len() {
            for column in 0..self.form.columns.len() {
                let counted: Vec<i64> =
                    self.bases(row, column).iter().filter_map(|cell| base.get(cell).copied()).collect();
                if !counted.is_empty() && !matches!(self.form.columns[column].cell, CellRule::Rate { .. }) {
                    cells.insert((row, column), counted.iter().sum());
                }
            }
        }
        Ok(cells)
    }
}

/// Runs a pass and calls `add` with what it counts; distinct ones once for each row and column.
pub(super) fn tally(context: &Context, pass: &mut Pass, mut add: impl FnMut(usize, usize, i64)) -> Result<()> {
    tally_apart(context, pass, |_| Ok(0), |_, row, column, amount| add(row, column, amount))
}

/// The same, with records told apart by groups: distinct ones once in each.
fn tally_apart(
    context: &Context,
    pass: &mut Pass,
    group: impl Fn(&rusqlite::Row) -> Result<usize>,
    mut add: impl FnMut(usize, usize, usize, i64),
) -> Result<()> {
    type Cell = (usize, u16, usize);
    let mut enterprises: FxHashMap<Cell, Vec<u64>> = FxHashMap::default();
    let mut texts: FxHashMap<Cell, FxHashSet<Box<str>>> = FxHashMap::default();
    pass.run(context, |hit, _| {
        let group = group(hit.record)?;
        let cell = (group, hit.row, hit.wanted);
        let new = match hit.counted {
            As::Itself => true,
            As::Enterprise(number) => {
                let seen = enterprises.entry(cell).or_default();
                let (word, bit) = (number as usize / 64, 1u64 << (number % 64));
                if seen.len() <= word {
                    seen.resize(word + 1, 0);
                }
                let new = seen[word] & bit == 0;
                seen[word] |= bit;
                new
            }
            As::Text(text) => {
                let seen = texts.entry(cell).or_default();
                !seen.contains(text) && seen.insert(text.into())
            }
        };
        if new {
            add(group, hit.row as usize, hit.wanted, hit.amount);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use campaign::Library;
    use campaign::model::{Campaign, Column};
    use rusqlite::params_from_iter;

    use super::*;
    use crate::book::Book;
    use crate::error::StoreError;
    use crate::reader::Reader;

    /// Each kind a form counts, and how SQLite goes through it to fill the form.
    fn plans(library: &Library, campaign: &Campaign, form: &Form) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::create(&folder.path().join("book.db")).unwrap();
        let office = "640000".parse().unwrap();
        let as_of = "2021-12-31".parse().unwrap();
        let look = |reader: &Reader| {
            let context = Context::new(reader, library.schema(), campaign, &office, as_of);
            let sheet = Sheet::new(context, form)?.unwrap();
            let mut plans = Vec::new();
            for (kind, wanted) in &sheet.wanted {
                for pass in sheet.passes(kind, wanted, Only::All)? {
                    let mut statement = reader.conn.prepare(&format!("EXPLAIN QUERY PLAN {}", pass.sql))?;
                    let plan = statement.query_row(params_from_iter(&pass.bound.0), |row| row.get::<_, String>(3))?;
                    plans.push(((*kind).to_owned(), plan));
                }
            }
            Ok::<_, StoreError>(plans)
        };
        book.read(look).unwrap()
    }

    #[test]
    fn the_forms_that_are_shipped_count_from_indexes_alone() {
        let library = Library::builtin();
        let mut counted = BTreeSet::new();
        for campaign in library.campaigns() {
            for form in campaign.forms.iter().filter(|form| matches!(form.body, Body::Statistics { .. })) {
                for (kind, plan) in plans(&library, campaign, form) {
                    assert_eq!(plan, format!("SCAN p USING COVERING INDEX p_{kind}_count"), "{}", form.id);
                    counted.insert(kind);
                }
            }
        }
        let kinds = ["case", "clue", "enterprise", "inspection", "problem", "product", "recall", "sample"];
        assert_eq!(Vec::from_iter(counted), kinds);
    }

    #[test]
    fn a_form_that_counts_by_a_text_reads_the_table() {
        let library = Library::builtin();
        let (campaign, form) = library.form("nx-2021-24/1").unwrap();
        let mut form = form.clone();
        let by_text = r#"{"id":"x","header":["x"],"width":9,"cell":{"figure":{"id":"filed","where":[{"field":"cause","blank":true}]}}}"#;
        form.columns.push(serde_json::from_str::<Column>(by_text).unwrap());
        let plans = plans(&library, campaign, &form);
        assert!(plans.contains(&("case".to_owned(), "SCAN p".to_owned())), "{plans:?}");
    }
}
