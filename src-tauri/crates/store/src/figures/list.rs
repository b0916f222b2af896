//! List forms: which records are rows, and in what order. What their cells say is in [`super::print`].

use std::cmp::Ordering;

use campaign::answers::AnswerRow;
use campaign::model::{Body, Form, Having, Measure};
use domain::{Notice, RecordId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Only, passes};
use super::context::{Context, ENTERPRISE};
use super::fields::Reading;
use super::pass::Pass;
use super::pointing::Pointing;
use super::print::Printer;
use super::traced::Traced;
use super::wanted::Wanted;
use crate::error::Result;

/// A list form made ready for one filling.
pub(super) struct Listing<'c> {
    pub context: Context<'c>,
    pub form: &'c Form,
    pub of: &'c str,
    pub having: &'c [Having],
    pub without: &'c [Having],
    sort: &'c [String],
    pub wanted: [(usize, Wanted<'c>); 1],
    pub printer: Printer<'c>,
}

/// The order of printed rows: blanks first, numbers, then texts by code point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Blank,
    Number(i64),
    Text(String),
}

impl<'c> Listing<'c> {
    pub fn new(context: Context<'c>, form: &'c Form) -> Result<Self> {
        let Body::List { of, event, conditions, having, without, sort } = &form.body else {
            return Err(Notice::new("form-cell-unknown").with("value", &form.id).into());
        };
        context.kind(of)?;
        let wanted = Wanted::new(of, &Measure::Count, event.as_deref(), conditions.iter(), context.as_of);
        let printer = Printer::new(context, form, of)?;
        Ok(Listing { context, form, of, having, without, sort, wanted: [(0, wanted)], printer })
    }

    pub fn fill(&mut self) -> Result<Vec<AnswerRow>> {
        let ids = self.rows(Only::All)?;
        self.printer.collect(None)?;
        self.printer.prefetch()?;
        ids.into_iter().map(|id| self.printer.row(id)).collect()
    }

    /// The rows that are listed among the records `only` names, in printing order.
    pub fn rows(&self, only: Only) -> Result<Vec<RecordId>> {
        let kind = self.context.kind(self.of)?;
        // What a row refers to is looked up once for each row afterwards; its own fields come with the pass.
        let own: Vec<&str> = self.sort.iter().map(String::as_str).filter(|field| !field.contains('.')).collect();
        let pointed = self.having.iter().map(|having| self.pointed_at(having, only)).collect::<Result<Vec<_>>>()?;
        let unwanted = self.without.iter().map(|without| self.pointed_at(without, only)).collect::<Result<Vec<_>>>()?;
        let mut found: Vec<(Vec<Key>, RecordId)> = Vec::new();
        for mut pass in passes(&self.context, kind, None, &self.wanted, only, &own)? {
            let (id, extras) = (pass.id, pass.extras.clone());
            pass.run(&self.context, |hit, _| {
                let record = Pass::record_of(id, hit.record)?;
                let related = pointed.iter().all(|targets| targets.contains(&record));
                if related && !unwanted.iter().any(|targets| targets.contains(&record)) {
                    let mut keys = Vec::with_capacity(extras.len());
                    for (column, shape) in &extras {
                        keys.push(Key::of(&Reading::of_column(hit.record.get_ref(*column)?, *shape)));
                    }
                    found.push((keys, record));
                }
                Ok(())
            })?;
        }
        if own.len() < self.sort.len() {
            for (keys, record) in &mut found {
                let mut given = std::mem::take(keys).into_iter();
                for field in self.sort {
                    keys.push(match field.contains('.') {
                        false => given.next().unwrap_or(Key::Blank),
                        true => Key::of(&Reading::of_value(&self.printer.value(*record, field)?)),
                    });
                }
            }
        }
        found.sort_unstable_by(|(left, left_id), (right, right_id)| match left.cmp(right) {
            Ordering::Equal => left_id.cmp(right_id),
            other => other,
        });
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    fn pointed_at(&self, having: &Having, only: Only) -> Result<FxHashSet<RecordId>> {
        let rows = match only {
            // Any of them may be wanted.
            Only::All | Only::Own(_) => None,
            Only::Record { id, .. } => Some(vec![id]),
            Only::Enterprises(members) => Some(members.to_vec()),
        };
        let mut pointing_here: FxHashMap<RecordId, FxHashSet<RecordId>> = FxHashMap::default();
        let pointing = Pointing { kind: &having.kind, to: self.of, conditions: &having.conditions, field: None };
        pointing.run(&self.context, self.printer.roots(), rows.as_deref(), |target, record, _| {
            pointing_here.entry(target).or_default().insert(record);
            Ok(())
        })?;
        let enough = |(target, records): (RecordId, FxHashSet<RecordId>)| {
            (records.len() >= having.at_least as usize).then_some(target)
        };
        Ok(pointing_here.into_iter().filter_map(enough).collect())
    }

    /// The row a record is in: itself, or the enterprise it was joined to.
    pub fn row_of(&self, record: RecordId, kind: &str) -> Result<Option<RecordId>> {
        if kind != self.of {
            return Ok(None);
        }
        let rows = if kind == ENTERPRISE {
            self.rows(Only::Enterprises(&self.context.reader.group_of(record)?))?
        } else {
            self.rows(Only::Record { id: record, kind })?
        };
        Ok(rows.first().copied())
    }

    /// The row's record and those the column read beside it.
    pub fn trace(&mut self, row: &str, column: &str) -> Result<Vec<Traced>> {
        let unknown = |value: &str| Notice::new("form-cell-unknown").with("value", value);
        let id: RecordId = row.parse().map_err(|_| unknown(row))?;
        let at = self.form.columns.iter().position(|known| known.id == column).ok_or_else(|| unknown(column))?;
        if self.row_of(id, self.of)? != Some(id) {
            return Err(unknown(row).into());
        }
        self.printer.collect(Some(&self.context.reader.group_of(id)?))?;
        let touched = self.printer.touched(id, at)?;
        let mut seen = FxHashSet::default();
        let traced = touched.into_iter().filter(|(record, _)| seen.insert(*record)).map(|(record, kind)| Traced {
            record,
            kind,
            row: row.to_owned(),
            column: column.to_owned(),
            amount: 0,
            counted_as: None,
            declared: false,
        });
        Ok(traced.collect())
    }
}

impl Key {
    fn of(reading: &Reading) -> Self {
        match reading {
            Reading::Int(number) => Key::Number(*number),
            Reading::Text(text) | Reading::Bars(text) | Reading::Json(text) => Key::Text((*text).to_owned()),
            _ => Key::Blank,
        }
    }
}
