//! List forms: which records are rows, and in what order. What their cells say is in [`super::print`].

use std::cmp::Ordering;

use campaign::answers::AnswerRow;
use campaign::model::{Body, Condition, Form, Having, Measure};
use domain::schema::FieldType;
use domain::{Notice, RecordId, Schema};
use rusqlite::params_from_iter;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Traced;
use super::fields::{Reading, Shape, Test, place, unknown_field};
use super::print::Printer;
use super::scan::{Context, ENTERPRISE, Only, Pass, category_field, follows, passes};
use super::selection::{Bound, Selection};
use super::wanted::{Wanted, clauses};
use crate::error::Result;
use crate::projection::table;

/// A list form made ready for one filling.
pub(super) struct Listing<'c> {
    pub context: Context<'c>,
    pub form: &'c Form,
    pub of: &'c str,
    pub having: &'c [Having],
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
        let Body::List { of, event, conditions, having, sort } = &form.body else {
            return Err(Notice::new("form-cell-unknown").with("value", &form.id).into());
        };
        context.kind(of)?;
        let wanted = Wanted::new(of, &Measure::Count, event.as_deref(), conditions.iter(), context.as_of);
        let printer = Printer::new(context, form, of)?;
        Ok(Listing { context, form, of, having, sort, wanted: [(0, wanted)], printer })
    }

    pub fn fill(&mut self) -> Result<Vec<AnswerRow>> {
        let ids = self.rows(Only::All)?;
        self.printer.collect(None)?;
        self.printer.look_ahead()?;
        ids.into_iter().map(|id| self.printer.row(id)).collect()
    }

    /// The rows that are listed among the records `only` names, in printing order.
    pub fn rows(&self, only: Only) -> Result<Vec<RecordId>> {
        let kind = self.context.kind(self.of)?;
        // What a row refers to is looked up once for each row afterwards; its own fields come with the pass.
        let own: Vec<&str> = self.sort.iter().map(String::as_str).filter(|field| !field.contains('.')).collect();
        let pointed = self.having.iter().map(|having| self.pointed_at(having, only)).collect::<Result<Vec<_>>>()?;
        let mut found: Vec<(Vec<Key>, RecordId)> = Vec::new();
        for mut pass in passes(&self.context, kind, None, &self.wanted, only, &own)? {
            let (id, extras) = (pass.id, pass.extras.clone());
            pass.run(&self.context, |hit, _| {
                let record = Pass::record_of(id, hit.record)?;
                if pointed.iter().all(|targets| targets.contains(&record)) {
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
            Only::All => None,
            Only::Record { id, .. } => Some(vec![id]),
            Only::Enterprises(members) => Some(members.to_vec()),
        };
        let mut targets = FxHashSet::default();
        let pointing = Pointing { kind: &having.kind, to: self.of, conditions: &having.conditions, field: None };
        pointing.run(&self.context, self.printer.roots(), rows.as_deref(), |target, _, _| {
            targets.insert(target);
            Ok(())
        })?;
        Ok(targets)
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

/// The reference by which records of a kind point to another kind: the one of that name, or else the first.
pub(super) fn link<'s>(schema: &'s Schema, kind: &str, to: &str) -> Option<&'s str> {
    let fields = &schema.kind(kind)?.fields;
    let points =
        |ty: &FieldType| matches!(ty, FieldType::Ref { to: named } | FieldType::Refs { to: named } if named == to);
    let candidates = || fields.iter().filter(|field| points(&field.ty)).map(|field| field.name.as_str());
    candidates().find(|name| *name == to).or_else(|| candidates().next())
}

/// Records of one kind that count in the campaign, point to rows and meet conditions, whoever owns them.
pub(super) struct Pointing<'c> {
    pub kind: &'c str,
    pub to: &'c str,
    pub conditions: &'c [Condition],
    pub field: Option<&'c str>,
}

impl Pointing<'_> {
    /// Calls `sink` with the row pointed to (as joined), the record, and its field. `rows` narrows to those pointed to.
    pub fn run(
        &self,
        context: &Context,
        roots: &FxHashMap<RecordId, RecordId>,
        rows: Option<&[RecordId]>,
        mut sink: impl FnMut(RecordId, RecordId, Reading) -> Result<()>,
    ) -> Result<()> {
        let field = link(context.schema, self.kind, self.to).ok_or_else(|| unknown_field(self.kind, self.to))?;
        let link = place(context.schema, context.reader.projection, self.kind, field)?;
        let mut selection = Selection::default();
        let mut bound = Bound::default();
        let (id, target) = (selection.add("p.id"), selection.add(link.sql.as_str()));
        let value = self.field.map(|field| selection.field(context, self.kind, field)).transpose()?;
        let mut needs: Vec<u128> = Vec::new();
        let kind = context.kind(self.kind)?;
        if let Some((field, required)) = category_field(kind) {
            let test = Test::one_of(context.categories(), !required);
            needs.push(selection.bit(context, self.kind, field, &test)?);
        }
        if let Some((day, or_blank)) = kind.there_from() {
            needs.push(selection.bit(context, self.kind, day, &Test::up_to(context.as_of, or_blank))?);
        }
        for condition in self.conditions {
            let mut need = 0;
            for clause in clauses(self.kind, condition, context.as_of) {
                if clause.of_enterprise {
                    return Err(unknown_field(self.kind, &condition.field).into());
                }
                need |= selection.bit(context, self.kind, clause.field, &clause.test)?;
            }
            needs.push(need);
        }
        let several = link.shape == Shape::Json;
        let narrowed = match rows {
            None => "1".to_owned(),
            Some(rows) if several => {
                let any: Vec<String> =
                    rows.iter().map(|id| format!("instr({}, {}) > 0", link.sql, bound.text(id.to_string()))).collect();
                format!("({})", any.join(" OR "))
            }
            Some(rows) => format!("{} IN ({})", link.sql, bound.ids(rows)),
        };
        // What follows the row is in the campaign with it.
        let standing = match follows(kind) {
            Some(_) => "p.void = 0".to_owned(),
            None => format!("p.void = 0 AND instr(p.campaigns, {}) > 0", bound.text(context.campaign_mark())),
        };
        let (columns, table) = (selection.sql(), table(self.kind));
        let sql = format!("SELECT {columns} FROM {table} p WHERE {standing} AND {narrowed} ORDER BY p.n");
        let mut statement = context.reader.conn.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(&bound.0))?;
        while let Some(row) = found.next()? {
            let mask = selection.mask(row)?;
            if needs.iter().any(|need| mask & need == 0) {
                continue;
            }
            let reading = match value {
                Some((column, shape)) => Reading::of_column(row.get_ref(column)?, shape),
                None => Reading::Blank,
            };
            let record = Pass::record_of(id, row)?;
            let mut targets: Vec<RecordId> = Vec::new();
            match Reading::of_column(row.get_ref(target)?, link.shape) {
                Reading::Reference(bytes) => targets.extend(<[u8; 16]>::try_from(bytes).map(RecordId::from_bytes).ok()),
                listed => listed.each(&mut |text| targets.extend(text.parse::<RecordId>().ok())),
            }
            for target in targets {
                sink(roots.get(&target).copied().unwrap_or(target), record, reading)?;
            }
        }
        Ok(())
    }
}
