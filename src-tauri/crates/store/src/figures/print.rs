//! What the cells of a list form say, and which records each of them read. Composed texts are put together by `domain`; the
//! records they need are looked up here.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use campaign::answers::{AnswerCell, AnswerRow};
use campaign::model::{CellRule, Column, Condition, Form};
use domain::compose::{ComposeContext, compose, is_within};
use domain::schema::FieldType;
use domain::{Notice, Record, RecordId, Schema, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::context::{Context, ENTERPRISE};
use super::fields::{Reading, unknown_field};
use super::pointing::Pointing;
use super::references::leads;
use super::wanted::clauses;
use crate::error::Result;
use crate::projection::table;
use crate::reader::id_of;

const SAMPLE: &str = "sample";
/// The kinds that belong to a sample by naming it.
const PARTS: [&str; 3] = ["disposal", "case", "assistance"];
const YES: &str = "是";
const NO: &str = "否";
const TICK: &str = "√";
const LIST_COMMA: &str = "、";

/// Records kept at hand; beyond this the cache starts anew, so that a long list does not fill memory.
const MOST_CACHED: usize = 10_000;

/// A value found by a `Collect` rule, or nothing by one that only counts, with the record it came from.
type Collected = (String, RecordId);

pub(super) struct Printer<'c> {
    context: Context<'c>,
    form: &'c Form,
    of: &'c str,
    roots: FxHashMap<RecordId, RecordId>,
    cache: RefCell<FxHashMap<RecordId, Option<Rc<Record>>>>,
    /// By column, then by row.
    collected: Vec<FxHashMap<RecordId, Vec<Collected>>>,
    /// While a whole list is printed: by kind, the samples that unvoided records name. Most have none, and are not asked.
    named: Option<FxHashMap<&'static str, FxHashSet<RecordId>>>,
}

/// One sample and what belongs to it.
struct Parts {
    sample: Rc<Record>,
    disposal: Option<Record>,
    cases: Vec<Record>,
    assistance: Vec<Record>,
}

/// One row while it is printed: records its cells read, and what several cells share.
struct Line<'t> {
    record: Rc<Record>,
    parts: Option<Option<Parts>>,
    touched: Option<&'t mut Vec<(RecordId, String)>>,
}

impl Line<'_> {
    fn touch(&mut self, record: &Record) {
        if let Some(touched) = &mut self.touched {
            touched.push((record.id, record.kind.clone()));
        }
    }
}

impl<'c> Printer<'c> {
    pub fn new(context: Context<'c>, form: &'c Form, of: &'c str) -> Result<Self> {
        let mut printer = Printer {
            context,
            form,
            of,
            roots: FxHashMap::default(),
            cache: RefCell::default(),
            collected: form.columns.iter().map(|_| FxHashMap::default()).collect(),
            named: None,
        };
        printer.forget(true)?;
        Ok(printer)
    }

    /// Forgets what was read, for a book that has changed since: records, and with `joins` who is joined to whom.
    pub fn forget(&mut self, joins: bool) -> Result<()> {
        self.cache.borrow_mut().clear();
        self.named = None;
        if !joins {
            return Ok(());
        }
        let mut statement = self.context.reader.conn.prepare_cached("SELECT member, root FROM joined")?;
        let pairs =
            statement.query_and_then([], |row| -> Result<_> { Ok((id_of(row.get(0)?)?, id_of(row.get(1)?)?)) })?;
        self.roots = pairs.collect::<Result<_>>()?;
        Ok(())
    }

    pub fn roots(&self) -> &FxHashMap<RecordId, RecordId> {
        &self.roots
    }

    /// Gathers what the `Collect` and `Count` rules ask for, in one pass each; `rows` narrows it to some rows (all members of a group).
    pub fn collect(&mut self, rows: Option<&[RecordId]>) -> Result<()> {
        for (at, column) in self.form.columns.iter().enumerate() {
            let (kind, field, conditions) = match &column.cell {
                CellRule::Collect { kind, field, conditions } => (kind, Some(field.as_str()), conditions),
                CellRule::Count { kind, conditions } => (kind, None, conditions),
                _ => continue,
            };
            let ty = field.map(|field| self.field_type(kind, field)).transpose()?;
            let mut found: FxHashMap<RecordId, Vec<Collected>> = FxHashMap::default();
            let pointing = Pointing { kind, to: self.of, conditions, field };
            pointing.run(&self.context, &self.roots, rows, |target, record, reading| {
                let values = found.entry(target).or_default();
                let Some(ty) = ty else {
                    // Through two enterprises that were joined, a record points to one of them twice.
                    if !values.iter().any(|(_, known)| *known == record) {
                        values.push((String::new(), record));
                    }
                    return Ok(());
                };
                let label = |code: &str| match ty {
                    FieldType::Code { of } | FieldType::Set { of } => self.context.schema.label(of, code).to_owned(),
                    _ => code.to_owned(),
                };
                match reading {
                    Reading::Int(flag) if *ty == FieldType::Bool => {
                        values.push((if flag != 0 { YES } else { NO }.to_owned(), record));
                    }
                    Reading::Int(number) => values.push((number.to_string(), record)),
                    other => other.each(&mut |text| values.push((label(text), record))),
                }
                Ok(())
            })?;
            self.collected[at] = found;
        }
        Ok(())
    }

    /// Looks up which samples anything belongs to, before a whole list is printed.
    pub fn prefetch(&mut self) -> Result<()> {
        if self.form.columns.iter().all(|column| !matches!(column.cell, CellRule::Composed(_))) {
            return Ok(());
        }
        let mut named = FxHashMap::default();
        for kind in PARTS {
            let sql = format!("SELECT {SAMPLE} FROM {} WHERE {SAMPLE} IS NOT NULL AND void = 0", table(kind));
            let mut statement = self.context.reader.conn.prepare_cached(&sql)?;
            let samples = statement.query_and_then([], |row| id_of(row.get(0)?))?.collect::<Result<_>>()?;
            named.insert(kind, samples);
        }
        self.named = Some(named);
        Ok(())
    }

    fn field_type(&self, kind: &str, field: &str) -> Result<&'c FieldType> {
        let found = self.context.schema.kind(kind).and_then(|kind| kind.field(field));
        found.map(|field| &field.ty).ok_or_else(|| unknown_field(kind, field).into())
    }

    fn record(&self, id: RecordId) -> Result<Option<Rc<Record>>> {
        if let Some(found) = self.cache.borrow().get(&id) {
            return Ok(found.clone());
        }
        let found = self.context.reader.record(id)?.map(Rc::new);
        let mut cache = self.cache.borrow_mut();
        if cache.len() >= MOST_CACHED {
            cache.clear();
        }
        cache.insert(id, found.clone());
        Ok(found)
    }

    fn line<'t>(&self, id: RecordId, touched: Option<&'t mut Vec<(RecordId, String)>>) -> Result<Line<'t>> {
        let record = self.context.reader.record(id)?.ok_or_else(|| Notice::new("record-unknown").with("id", id))?;
        let mut line = Line { record: Rc::new(record), parts: None, touched };
        let own = line.record.clone();
        line.touch(&own);
        Ok(line)
    }

    pub fn row(&self, id: RecordId) -> Result<AnswerRow> {
        let mut line = self.line(id, None)?;
        let cells = (0..self.form.columns.len()).map(|at| self.cell(&mut line, at)).collect::<Result<_>>()?;
        Ok(AnswerRow { record: id.to_string(), cells })
    }

    /// The records a cell reads, with their kinds; the row's own comes first.
    pub fn touched(&self, id: RecordId, column: usize) -> Result<Vec<(RecordId, String)>> {
        let mut touched = Vec::new();
        let mut line = self.line(id, Some(&mut touched))?;
        self.cell(&mut line, column)?;
        Ok(touched)
    }

    /// Whether a column's condition leaves this row's cell blank, so that nothing but the condition decides what it says.
    pub fn withheld(&self, id: RecordId, column: usize) -> Result<bool> {
        self.leaves_blank(&mut self.line(id, None)?, column)
    }

    fn leaves_blank(&self, line: &mut Line, at: usize) -> Result<bool> {
        for condition in &self.form.columns[at].only_if {
            if !self.holds(line, condition)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn cell(&self, line: &mut Line, at: usize) -> Result<AnswerCell> {
        let Column { cell, .. } = &self.form.columns[at];
        if self.leaves_blank(line, at)? {
            return Ok(AnswerCell::Blank);
        }
        Ok(match cell {
            CellRule::Field(path) => {
                let (ends, field) = self.follow(line, path)?;
                let mut printed = Vec::with_capacity(ends.len());
                for record in ends {
                    printed.push(self.printed(self.field_type(&record.kind, field)?, record.get(field), 2)?);
                }
                match printed.len() {
                    0 | 1 => printed.pop().unwrap_or(AnswerCell::Blank),
                    _ => text(joined(printed.into_iter().map(text_of))),
                }
            }
            CellRule::Tick { field, when } => {
                let (ends, field) = self.follow(line, field)?;
                match ends.iter().any(|record| record.bool(field) == Some(*when)) {
                    true => AnswerCell::Text(TICK.to_owned()),
                    false => AnswerCell::Blank,
                }
            }
            CellRule::Count { kind, .. } => {
                let counted = self.collected[at].get(&line.record.id).map_or(&[][..], Vec::as_slice);
                if let Some(touched) = &mut line.touched {
                    touched.extend(counted.iter().map(|(_, record)| (*record, kind.clone())));
                }
                AnswerCell::Number(counted.len() as i64)
            }
            CellRule::Collect { kind, .. } => {
                let collected = self.collected[at].get(&line.record.id).map_or(&[][..], Vec::as_slice);
                if let Some(touched) = &mut line.touched {
                    touched.extend(collected.iter().map(|(_, record)| (*record, kind.clone())));
                }
                let distinct: BTreeSet<&str> = collected.iter().map(|(text, _)| text.as_str()).collect();
                text(distinct.into_iter().collect::<Vec<_>>().join(LIST_COMMA))
            }
            CellRule::Composed(name) => self.composed(line, name)?,
            CellRule::RowNumber | CellRule::Figure { .. } | CellRule::SumOf(_) | CellRule::Rate { .. } => {
                AnswerCell::Blank
            }
        })
    }

    /// Whether a condition on the row, or on what it refers to, holds.
    fn holds(&self, line: &mut Line, condition: &Condition) -> Result<bool> {
        for clause in clauses(self.of, condition, self.context.as_of) {
            if clause.field == domain::schema::CAMPAIGNS && !clause.of_enterprise {
                let campaigns = Value::List(line.record.campaigns.iter().map(Value::text).collect());
                if clause.test.holds(&Reading::of_value(&campaigns)) {
                    return Ok(true);
                }
                continue;
            }
            let path =
                if clause.of_enterprise { format!("{ENTERPRISE}.{}", clause.field) } else { clause.field.to_owned() };
            let (ends, field) = self.follow(line, &path)?;
            let holds = match ends.is_empty() {
                true => clause.test.holds_blank(),
                false => ends.iter().any(|record| clause.test.holds(&Reading::of_value(record.get(field)))),
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The value at the end of a path, for sorting.
    pub fn value(&self, row: RecordId, path: &str) -> Result<Value> {
        let mut line = self.line(row, None)?;
        let (ends, field) = self.follow(&mut line, path)?;
        Ok(ends.first().map(|record| record.get(field).clone()).unwrap_or_default())
    }

    /// The records a path leads to and the field it ends in: `name`, or `enterprise.name` behind a reference or a list of
    /// them. An enterprise is the one it was joined to. No records where a reference is blank or leads nowhere.
    fn follow<'p>(&self, line: &mut Line, path: &'p str) -> Result<(Vec<Rc<Record>>, &'p str)> {
        let mut ends = vec![line.record.clone()];
        let mut kind = self.context.kind(self.of)?;
        let mut rest = path;
        while let Some((reference, after)) = rest.split_once('.') {
            rest = after;
            if reference == kind.id {
                continue;
            }
            let (field, to) = leads(kind, reference).ok_or_else(|| unknown_field(&kind.id, path))?;
            kind = self.context.kind(to)?;
            let mut next: Vec<Rc<Record>> = Vec::new();
            for record in &ends {
                let mut targets: Vec<RecordId> = Vec::new();
                Reading::of_value(record.get(field)).each(&mut |id| targets.extend(id.parse::<RecordId>().ok()));
                for target in targets {
                    let target =
                        if to == ENTERPRISE { self.roots.get(&target).copied().unwrap_or(target) } else { target };
                    if let Some(found) = self.record(target)?.filter(|found| found.kind == to) {
                        line.touch(&found);
                        if next.iter().all(|known| known.id != found.id) {
                            next.push(found);
                        }
                    }
                }
            }
            ends = next;
        }
        Ok((ends, rest))
    }

    fn composed(&self, line: &mut Line, name: &str) -> Result<AnswerCell> {
        if line.parts.is_none() {
            line.parts = Some(self.parts(line)?);
        }
        let Some(Some(parts)) = &line.parts else { return Ok(AnswerCell::Blank) };
        let context = ComposeContext {
            schema: self.context.schema,
            as_of: self.context.as_of,
            sample: &parts.sample,
            disposal: parts.disposal.as_ref(),
            cases: &parts.cases,
            assistance: &parts.assistance,
        };
        let composed = compose(name, &context).ok_or_else(|| Notice::new("form-cell-unknown").with("value", name))?;
        if let Some(touched) = &mut line.touched {
            let kinds: BTreeSet<&str> = domain::compose::reads(name).iter().map(|(kind, _)| *kind).collect();
            let parts =
                [&*parts.sample].into_iter().chain(&parts.disposal).chain(&parts.cases).chain(&parts.assistance);
            let read =
                parts.filter(|record| kinds.contains(record.kind.as_str()) && is_within(record, self.context.as_of));
            touched.extend(read.map(|record| (record.id, record.kind.clone())));
        }
        Ok(text(composed))
    }

    /// What a composed text is put together from: unvoided records only; of two disposals the one with the smaller id.
    fn parts(&self, line: &mut Line) -> Result<Option<Parts>> {
        let sample = if line.record.kind == SAMPLE {
            Some(line.record.clone())
        } else {
            line.record.reference(SAMPLE).map(|id| self.record(id)).transpose()?.flatten()
        };
        let Some(sample) = sample else { return Ok(None) };
        let of_sample = |kind: &str| -> Result<Vec<Record>> {
            if self.named.as_ref().is_some_and(|named| !named[kind].contains(&sample.id)) {
                return Ok(Vec::new());
            }
            let found = self.context.reader.referring(kind, SAMPLE, sample.id)?;
            Ok(found.into_iter().filter(|record| record.void.is_none()).collect())
        };
        let [disposal, case, assistance] = PARTS;
        let disposal = of_sample(disposal)?.into_iter().min_by_key(|disposal| disposal.id);
        let mut cases = of_sample(case)?;
        if let Some(named) = disposal.as_ref().and_then(|disposal| disposal.reference("case"))
            && cases.iter().all(|case| case.id != named)
        {
            let found = self.context.reader.record(named)?;
            cases.extend(found.filter(|case| case.void.is_none() && case.kind == PARTS[1]));
        }
        Ok(Some(Parts { disposal, cases, assistance: of_sample(assistance)?, sample }))
    }

    /// A field as it prints. `depth` bounds how far the names of referred records are followed.
    fn printed(&self, ty: &FieldType, value: &Value, depth: u8) -> Result<AnswerCell> {
        let schema = self.context.schema;
        if let Value::Int(number) = value {
            return Ok(AnswerCell::Number(*number));
        }
        Ok(text(match (ty, value) {
            (_, Value::Null) => String::new(),
            (_, Value::Bool(flag)) => if *flag { YES } else { NO }.to_owned(),
            (FieldType::Code { of }, Value::Text(code)) => schema.label(of, code).to_owned(),
            (FieldType::Set { of }, Value::List(codes)) => joined(codes.iter().map(|code| label(schema, of, code))),
            (FieldType::Ref { .. }, Value::Text(id)) => self.named(id, depth)?,
            (FieldType::Refs { .. }, Value::List(ids)) => {
                let names = ids.iter().filter_map(Value::as_str).map(|id| self.named(id, depth));
                joined(names.collect::<Result<Vec<_>>>()?.into_iter())
            }
            (FieldType::Objects { members }, Value::List(items)) => {
                let first = |item: &Value| {
                    let member = members.first()?;
                    item.as_map()?.get(&member.name)?.as_str().map(str::to_owned)
                };
                joined(items.iter().filter_map(first))
            }
            (FieldType::Checklist, Value::Map(answers)) => joined(answers.iter().map(|(item, answer)| {
                let result = answer.as_map().and_then(|answer| answer.get("result")).unwrap_or(&Value::Null);
                format!("{item}{}", label(schema, "check_result", result))
            })),
            (_, Value::Text(text)) => text.clone(),
            (_, Value::List(items)) => joined(items.iter().filter_map(Value::as_str).map(str::to_owned)),
            (_, Value::Int(_) | Value::Map(_)) => String::new(),
        }))
    }

    /// What a record is called: its kind's title field.
    fn named(&self, id: &str, depth: u8) -> Result<String> {
        let Ok(id) = id.parse::<RecordId>() else { return Ok(String::new()) };
        let Some(record) = self.record(self.roots.get(&id).copied().unwrap_or(id))? else { return Ok(String::new()) };
        let Some(title) = self.context.schema.kind(&record.kind).map(|kind| kind.title.clone()) else {
            return Ok(String::new());
        };
        if depth == 0 {
            return Ok(String::new());
        }
        Ok(text_of(self.printed(self.field_type(&record.kind, &title)?, record.get(&title), depth - 1)?))
    }
}

fn text_of(cell: AnswerCell) -> String {
    match cell {
        AnswerCell::Text(text) => text,
        AnswerCell::Number(number) => number.to_string(),
        AnswerCell::Blank => String::new(),
    }
}

fn text(text: String) -> AnswerCell {
    if text.is_empty() { AnswerCell::Blank } else { AnswerCell::Text(text) }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(LIST_COMMA)
}

fn label(schema: &Schema, vocabulary: &str, code: &Value) -> String {
    code.as_str().map(|code| schema.label(vocabulary, code).to_owned()).unwrap_or_default()
}
