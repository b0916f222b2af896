//! What one SELECT yields: its columns, what each is tested for, its parameters, and which rows of a form its codes name.

use rusqlite::Row;
use rusqlite::types::{Value as Sql, ValueRef};
use rustc_hash::FxHashMap;

use domain::RecordId;

use super::context::Context;
use super::fields::{Reading, Shape, Test, place};
use crate::error::Result;
use crate::projection::table;

/// The columns a SELECT yields, and what each is tested for.
#[derive(Default)]
pub(super) struct Selection {
    columns: Vec<String>,
    slots: Vec<Slot>,
    bits: u32,
    /// A field was selected that the index that figures count by does not hold.
    beyond_index: bool,
}

struct Slot {
    field: String,
    column: usize,
    shape: Shape,
    tests: Vec<(Test, u128)>,
    /// For fields with few values: what holds for each seen so far.
    known: Option<FxHashMap<Box<str>, u128>>,
}

impl Selection {
    /// Selects an expression; returns its column.
    pub fn add(&mut self, sql: impl Into<String>) -> usize {
        self.columns.push(sql.into());
        self.columns.len() - 1
    }

    fn slot(&mut self, context: &Context, kind: &str, field: &str) -> Result<usize> {
        if let Some(at) = self.slots.iter().position(|slot| slot.field == field) {
            return Ok(at);
        }
        let place = place(context.schema, context.reader.projection, kind, field)?;
        self.beyond_index |= !place.indexed;
        let column = self.add(place.sql);
        let known = place.coded.then(FxHashMap::default);
        self.slots.push(Slot { field: field.to_owned(), column, shape: place.shape, tests: Vec::new(), known });
        Ok(self.slots.len() - 1)
    }

    /// Selects a field; returns its column and shape.
    pub fn field(&mut self, context: &Context, kind: &str, field: &str) -> Result<(usize, Shape)> {
        let at = self.slot(context, kind, field)?;
        Ok((self.slots[at].column, self.slots[at].shape))
    }

    /// The bit that says whether the test holds for the field.
    pub fn bit(&mut self, context: &Context, kind: &str, field: &str, test: &Test) -> Result<u128> {
        let at = self.slot(context, kind, field)?;
        let slot = &mut self.slots[at];
        if let Some((_, bit)) = slot.tests.iter().find(|(known, _)| known == test) {
            return Ok(*bit);
        }
        let bit = 1u128 << self.bits;
        self.bits += 1;
        slot.tests.push((test.clone(), bit));
        Ok(bit)
    }

    pub fn sql(&self) -> String {
        self.columns.join(", ")
    }

    /// How a pass that wants most of a kind reads all of it: from the index that figures count by, or from the table where
    /// that lacks a field. SQLite, knowing no statistics, would rather take the index of a day.
    pub fn whole(&self, kind: &str) -> String {
        let how = match self.beyond_index {
            false => format!("INDEXED BY \"p_{kind}_count\""),
            true => "NOT INDEXED".to_owned(),
        };
        format!("{} p {how}", table(kind))
    }

    /// What holds for a row.
    pub fn mask(&mut self, row: &Row) -> Result<u128> {
        let mut mask = 0;
        for slot in &mut self.slots {
            if !slot.tests.is_empty() {
                mask |= slot.mask(row.get_ref(slot.column)?);
            }
        }
        Ok(mask)
    }

    /// What holds where there is no row.
    pub fn blank_mask(&self) -> u128 {
        let tests = self.slots.iter().flat_map(|slot| &slot.tests);
        tests.filter(|(test, _)| test.holds_blank()).fold(0, |mask, (_, bit)| mask | bit)
    }
}

impl Slot {
    fn mask(&mut self, value: ValueRef) -> u128 {
        let text = match (&mut self.known, value) {
            (Some(known), ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).unwrap_or_default();
                if let Some(mask) = known.get(text) {
                    return *mask;
                }
                Some(text)
            }
            _ => None,
        };
        let reading = Reading::of_column(value, self.shape);
        let mask = self.tests.iter().filter(|(test, _)| test.holds(&reading)).fold(0, |mask, (_, bit)| mask | bit);
        if let (Some(known), Some(text)) = (&mut self.known, text) {
            known.insert(text.into(), mask);
        }
        mask
    }
}

/// Parameters in the order they were bound.
#[derive(Default)]
pub(super) struct Bound(pub Vec<Sql>);

impl Bound {
    pub fn text(&mut self, text: impl Into<String>) -> String {
        self.0.push(Sql::Text(text.into()));
        format!("?{}", self.0.len())
    }

    pub fn id(&mut self, id: RecordId) -> String {
        self.0.push(Sql::Blob(id.as_bytes().to_vec()));
        format!("?{}", self.0.len())
    }

    pub fn ids(&mut self, ids: &[RecordId]) -> String {
        ids.iter().map(|id| self.id(*id)).collect::<Vec<_>>().join(", ")
    }
}

/// Which rows of a form a code belongs to.
#[derive(Default)]
pub(super) struct RowMap {
    by_code: FxHashMap<String, Vec<u16>>,
    rest: Vec<u16>,
    /// Where the rows are categories, only the campaign's can name one.
    pub allowed: Option<Vec<String>>,
    known: FxHashMap<Box<str>, Box<[u16]>>,
}

impl RowMap {
    pub fn new<'r>(rows: impl Iterator<Item = (usize, &'r campaign::model::Row)>) -> Self {
        let mut map = RowMap::default();
        let mut once = None;
        for (at, row) in rows.filter(|(_, row)| !row.total) {
            for code in &row.codes {
                map.by_code.entry(code.clone()).or_default().push(at as u16);
            }
            if row.rest {
                map.rest.push(at as u16);
            }
            if row.once {
                once = Some(at as u16);
            }
        }
        if let Some(once) = once {
            map.by_code.values_mut().for_each(|rows| rows.push(once));
            if !map.rest.is_empty() {
                map.rest.push(once);
            }
        }
        map
    }

    /// One row for each list of codes.
    pub fn of_codes(rows: &[Vec<String>]) -> Self {
        let mut map = RowMap::default();
        for (at, codes) in rows.iter().enumerate() {
            for code in codes {
                map.by_code.entry(code.clone()).or_default().push(at as u16);
            }
        }
        map
    }

    /// The rows a field's value names.
    pub fn rows_of(&mut self, value: ValueRef, shape: Shape) -> &[u16] {
        let ValueRef::Text(bytes) = value else { return &[] };
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        if !self.known.contains_key(text) {
            let mut rows = Vec::new();
            Reading::of_column(value, shape).each(&mut |code| {
                if self.allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|category| category == code)) {
                    rows.extend_from_slice(self.by_code.get(code).unwrap_or(&self.rest));
                }
            });
            rows.sort_unstable();
            rows.dedup();
            self.known.insert(text.into(), rows.into());
        }
        self.known.get(text).map_or(&[], |rows| rows)
    }
}
