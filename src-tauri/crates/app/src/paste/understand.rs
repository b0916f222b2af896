//! One block being understood: its columns, what its cells say, and which records its rows are about.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::schema::{CAMPAIGNS, Field, FieldType, Kind};
use domain::validate::tidy;
use domain::{Fields, Notice, OfficeCode, Record, RecordId, Schema, Value};
use sha2::{Digest, Sha256};
use store::{Reader, Writer};

use super::aside::aside;
use super::block::{Block, Row, State, Understood};
use super::columns::{Column, Known, UnitFrom, fits};
use super::existing::{About, Change, ExistingRecords, changes, says_the_same};
use super::heading::headed;
use super::names::{Index, Unmatched};
use super::read::{Cell, CellReader};
use super::remembered::remembered;
use super::table::Table;
use super::units::{Measure, Unit, Units};
use super::words::plain;
use crate::failure::Outcome;
use crate::offices::owners::check_owner;
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::records::Context;
use crate::session::Reading;

/// How often long work says how far it is, in rows.
const TOLD_EVERY: usize = 500;

pub struct Work<'a> {
    pub(super) block: &'a Block,
    table: &'a Table,
    pub(super) context: Context,
    /// Whose records new ones are.
    pub(super) owner: OfficeCode,
    pub(super) schema: Schema,
    pub(super) kind: Kind,
    units: Units,
    divisions: HashMap<String, Option<String>>,
    /// Places of the heading's rows.
    heading: Option<(usize, usize)>,
    columns: Vec<Column>,
    pub(super) now: u64,
}

impl<'a> Work<'a> {
    pub fn of(session: &Reading, block: &'a Block, table: &'a Table) -> Outcome<Self> {
        let schema = session.library().schema().clone();
        let kind = schema.kind(&block.kind).filter(|kind| !kind.reserved);
        let kind = kind.cloned().ok_or_else(|| Notice::new("kind-unknown").with("value", &block.kind))?;
        let units = Units::of(&schema);
        let (heading, columns) = session.read(|reader| columns_of(reader, block, table, &kind, &units))?;
        let divisions = session.library().divisions();
        let mut codes: HashMap<String, Option<String>> = HashMap::new();
        if kind.fields.iter().any(|field| field.ty == FieldType::Division) {
            for (code, name) in divisions.iter() {
                // A name that two divisions have names neither.
                codes.entry(plain(name)).and_modify(|known| *known = None).or_insert_with(|| Some(code.to_owned()));
                codes.extend(divisions.full_name(code).map(|full| (plain(&full), Some(code.to_owned()))));
                codes.insert(code.to_owned(), Some(code.to_owned()));
            }
        }
        let context = Context::of(session);
        let owner = block.office.clone().unwrap_or_else(|| context.office().clone());
        session.read(|reader| check_owner(reader, context.office(), &owner))?;
        let now = session.clock().millis();
        Ok(Work { block, table, context, owner, schema, kind, units, divisions: codes, heading, columns, now })
    }

    pub fn understand(&self, writer: &mut Writer, tell: &mut ProgressSink) -> Outcome<Understood> {
        let lines = self.lines();
        let (index, unmatched) = self.names(writer, &lines)?;
        let mut rows = self.rows(writer, &lines, &index, tell)?;
        let mut hash = Sha256::new();
        let made = self.write(writer, &index, &mut rows, &mut hash, tell)?;
        let has_gaps = self.columns.iter().enumerate().any(|(at, column)| {
            self.refers(column) && lines.iter().any(|line| line.counts() && is_blank(line.raw.get(at)))
        });
        Ok(Understood {
            sheets: self.table.sheets.clone(),
            sheet: self.table.sheet.clone(),
            heading: self.heading.map_or((0, 0), |(first, last)| (self.table.rows[first].0, self.table.rows[last].0)),
            columns: self.columns.clone(),
            rows,
            unmatched,
            made,
            names: index.made().map(|made| (made.id.to_string(), made.name.clone())).collect(),
            has_gaps,
            token: hex::encode(hash.finalize()),
        })
    }

    fn field(&self, column: &Column) -> Option<&Field> {
        column.field.as_ref().and_then(|name| self.kind.field(name))
    }

    /// Whether the cells of a column name records.
    fn refers(&self, column: &Column) -> bool {
        self.field(column).is_some_and(|field| matches!(field.ty, FieldType::Ref { .. }))
    }

    /// The rows below the heading, those that are no data marked.
    fn lines(&self) -> Vec<Line<'a>> {
        let table = self.table;
        let heading: Vec<Vec<String>> = match self.heading {
            Some((first, last)) => table.rows[first..=last].iter().map(|(_, cells)| cells.clone()).collect(),
            None => Vec::new(),
        };
        let names = |column: &Column| column.field.as_deref() == Some(&self.kind.title) || self.refers(column);
        let named: Vec<usize> = (0..self.columns.len()).filter(|at| names(&self.columns[*at])).collect();
        let mut above: Vec<String> = Vec::new();
        let mut lines = Vec::new();
        for (number, raw) in &table.rows[self.heading.map_or(0, |(_, last)| last + 1)..] {
            if self.is_only_numbered(raw) {
                continue;
            }
            let why = aside(raw, &heading, &named).filter(|_| !self.block.taken.contains(number));
            let cells = if why.is_some() { raw.clone() } else { self.filled_down(raw, &above) };
            if why.is_none() {
                above.clone_from(&cells);
            }
            lines.push(Line { number: *number, raw, cells, why, left_out: self.block.left_out.contains(number) });
        }
        lines
    }

    /// Rows a form was printed with, numbered and left blank, are none.
    fn is_only_numbered(&self, cells: &[String]) -> bool {
        cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).all(|(at, cell)| {
            let taken = self.columns.get(at).is_some_and(|column| column.field.is_some());
            !taken && cell.trim().bytes().all(|byte| byte.is_ascii_digit())
        })
    }

    /// The cells of a row, those that name a record taken from the row above where they are blank and that was asked for.
    fn filled_down(&self, cells: &[String], above: &[String]) -> Vec<String> {
        let mut cells = cells.to_vec();
        for (at, column) in self.columns.iter().enumerate().filter(|_| self.block.downwards) {
            let refers = self.refers(column);
            if let Some(text) =
                above.get(at).filter(|text| refers && is_blank(cells.get(at)) && !text.trim().is_empty())
            {
                if cells.len() <= at {
                    cells.resize(at + 1, String::new());
                }
                cells[at] = text.clone();
            }
        }
        cells
    }

    /// What all texts of the block name, and those that name no one record.
    fn names(&self, reader: &Reader, lines: &[Line]) -> Outcome<(Index<'_>, Vec<Unmatched>)> {
        let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut named: Vec<(usize, &Field, &str)> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let Some(field) = self.field(column) else { continue };
            let FieldType::Ref { to } = &field.ty else { continue };
            named.push((at, field, to));
            let texts = texts.entry(to.clone()).or_default();
            texts.extend(lines.iter().filter_map(|line| Some(line.text(at)?.to_owned())));
        }
        let mut index = Index::of(reader, &self.schema, &texts, &self.block.meant, &self.divisions)?;
        index.make(reader, &self.schema, &self.owner, &self.block.make)?;
        let mut unmatched: Vec<Unmatched> = Vec::new();
        let mut known: HashMap<(usize, &str), Option<usize>> = HashMap::new();
        for line in lines {
            for (at, field, to) in &named {
                let Some(text) = line.text(*at) else { continue };
                let place = *known.entry((*at, text)).or_insert_with(|| {
                    let found = index.unmatched(field, to, text)?;
                    unmatched.push(found);
                    Some(unmatched.len() - 1)
                });
                if let Some(place) = place {
                    unmatched[place].rows += 1;
                }
            }
        }
        Ok((index, unmatched))
    }

    fn rows(&self, reader: &Reader, lines: &[Line], index: &Index, tell: &mut ProgressSink) -> Outcome<Vec<Row>> {
        let reading =
            CellReader { schema: &self.schema, units: &self.units, names: index, from_1904: self.table.from_1904 };
        let mut rows: Vec<Row> = Vec::with_capacity(lines.len());
        let mut owns: Vec<Fields> = Vec::with_capacity(lines.len());
        for (done, line) in lines.iter().enumerate() {
            step(tell, Stage::Reading, done, lines.len())?;
            let (mut own, unread) =
                if line.why.is_some() { Default::default() } else { self.read(&reading, line, false, None) };
            own.extend(self.number(line).filter(|(name, _)| !own.contains_key(name)));
            owns.push(own);
            rows.push(self.row(line, unread));
        }
        let told = rows.iter().zip(&owns).filter(|(row, _)| row.state == State::New).map(|(_, own)| own);
        let presets = told.map(|own| self.with_preset(own)).collect::<Vec<_>>();
        let mut existing = ExistingRecords::of(reader, &self.kind, &self.owner, presets.iter())?;
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut first_of: HashMap<RecordId, usize> = HashMap::new();
        for at in 0..rows.len() {
            step(tell, Stage::Reading, at, rows.len())?;
            if rows[at].state != State::New {
                continue;
            }
            let about = existing.about(reader, &self.with_preset(&owns[at]))?;
            let record = match about {
                About::One(id) => reader.record(id)?,
                About::New | About::Several(_) => None,
            };
            // Numbers last: what they are counted in is the category's, which may stand in the record only.
            let (numbers, unread) = self.read(&reading, &lines[at], true, record.as_ref());
            owns[at].extend(numbers);
            rows[at].unread.extend(unread);
            tidy(&self.kind, &mut owns[at]);
            match about {
                About::Several(count) => {
                    let several = Notice::new("paste-several").with("count", count);
                    rows[at].errors.push(several.with("zh", &self.kind.zh).with("en", &self.kind.en));
                    continue;
                }
                About::One(id) if record.is_none() || first_of.contains_key(&id) => {
                    let first = first_of.get(&id).copied().unwrap_or(at);
                    self.again(reader, first, at, &mut rows, &owns)?;
                    continue;
                }
                About::One(id) => first_of.insert(id, at),
                About::New => None,
            };
            rows[at].fields = self.with_preset(&owns[at]);
            let existing_record = match record {
                Some(record) => Some(record),
                None => self.identify(reader, &mut rows[at], &mut seen)?,
            };
            match existing_record {
                Some(record) => self.compare(reader, &mut rows[at], &owns[at], &record)?,
                None => {
                    existing.add(rows[at].id, &rows[at].fields);
                    first_of.insert(rows[at].id, at);
                }
            }
        }
        Ok(rows)
    }

    /// The name a record goes by that no column names: by the office and its line, so that the same line is the same record.
    fn number(&self, line: &Line) -> Option<(String, Value)> {
        let begin = self.block.numbered.as_ref().filter(|_| line.counts())?;
        let heading = self.heading.map_or(0, |(_, last)| self.table.rows[last].0);
        let number = format!("{begin}/{}-{}", self.owner, line.number.saturating_sub(heading));
        Some((self.kind.title.clone(), Value::Text(number)))
    }

    fn row(&self, line: &Line, unread: Vec<(u32, Notice)>) -> Row {
        let state = match (&line.why, line.left_out) {
            (Some(_), _) => State::Aside,
            (None, true) => State::LeftOut,
            (None, false) => State::New,
        };
        Row {
            number: line.number,
            cells: line.cells.clone(),
            state,
            fields: Fields::new(),
            id: RecordId::from_bytes([0; 16]),
            changes: Vec::new(),
            update: false,
            note: line.why.clone(),
            unread: if state == State::New { unread } else { Vec::new() },
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// What the cells of a row say: the numbers among them, or everything else.
    fn read(
        &self,
        reading: &CellReader,
        line: &Line,
        numbers: bool,
        record: Option<&Record>,
    ) -> (Fields, Vec<(u32, Notice)>) {
        let mut fields = Fields::new();
        let mut unread = Vec::new();
        let mut category: Option<Option<String>> = None;
        for (at, column) in self.columns.iter().enumerate() {
            let (Some(field), Some(text)) = (self.field(column), line.cells.get(at)) else { continue };
            let measure = Measure::of(field);
            if measure.is_some() != numbers {
                continue;
            }
            let own = match measure {
                Some(Measure::Quantity) => category.get_or_insert_with(|| self.unit_of(reading, line, record)).clone(),
                Some(Measure::Count) => own_unit(&self.units, &field.zh),
                _ => None,
            };
            let exact = self.table.exact(line.number, at as u32);
            let unit = column.unit.as_ref().map(|(unit, _)| unit);
            match reading.read(field, Cell { text, exact, unit, own: own.as_deref() }) {
                Ok(Some(value)) => {
                    fields.insert(field.name.clone(), value);
                }
                Ok(None) => {}
                Err(notice) => unread.push((at as u32, notice)),
            }
        }
        (fields, unread)
    }

    /// The unit of the category a row is of, by its own cell, by what every row holds, or by the record it is about.
    fn unit_of(&self, reading: &CellReader, line: &Line, record: Option<&Record>) -> Option<String> {
        let is_category = |field: &&Field| matches!(&field.ty, FieldType::Code { of } if of == "category");
        let field = self.kind.fields.iter().find(is_category)?;
        let at = self.columns.iter().position(|column| column.field.as_ref() == Some(&field.name));
        let text = at.and_then(|at| line.cells.get(at)).map(String::as_str).unwrap_or_default();
        let cell = reading.read(field, Cell { text, exact: None, unit: None, own: None }).ok().flatten();
        let preset = self.block.preset.get(&field.name).filter(|_| record.is_none());
        let code = cell.as_ref().or(record.map(|record| record.get(&field.name))).or(preset)?.as_str()?.to_owned();
        self.schema.entry("category", &code)?.unit.clone()
    }

    fn with_preset(&self, own: &Fields) -> Fields {
        let mut fields = self.block.preset.clone();
        fields.retain(|_, value| !value.is_null());
        fields.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        fields
    }

    /// A row about the same record as an earlier one. It adds nothing if it says nothing else; otherwise a person has to say
    /// which of the two holds.
    fn again(&self, reader: &Reader, first: usize, at: usize, rows: &mut [Row], owns: &[Fields]) -> Outcome<()> {
        let mut other = Vec::new();
        for (name, value) in &owns[at] {
            let said = owns[first].get(name).unwrap_or(&Value::Null);
            if !says_the_same(reader, &self.kind, name, said, value)? {
                other.extend(self.kind.field(name));
            }
        }
        let line = rows[first].number;
        let row = &mut rows[at];
        if other.is_empty() {
            row.state = State::Twice;
            row.unread.clear();
            row.note = Some(Notice::new("paste-row-twice").with("first", line));
            return Ok(());
        }
        let labels = |of: fn(&Field) -> &str| other.iter().map(|field| of(field)).collect::<Vec<_>>();
        let notice = Notice::new("paste-row-contradicts").with("first", line);
        let notice = notice.with("fields_zh", labels(|field| &field.zh).join("、"));
        row.errors.push(notice.with("fields_en", labels(|field| &field.en).join(", ")));
        Ok(())
    }

    /// Gives a row without a record its id: the same row of the same block is the same record, however often it is pasted; two
    /// rows alike are two. What was voided is not taken up again.
    fn identify(&self, reader: &Reader, row: &mut Row, seen: &mut HashMap<String, u32>) -> Outcome<Option<Record>> {
        let said = serde_json::to_string(&(&self.kind.id, &self.block.campaigns, &row.fields)).unwrap_or_default();
        let occurrence = seen.entry(said.clone()).or_insert(0);
        loop {
            *occurrence += 1;
            row.id = RecordId::derived(&self.owner, &said, *occurrence);
            match reader.record(row.id)? {
                Some(record) if record.void.is_some() => {}
                Some(record) => {
                    let root = reader.root_of(record.id)?;
                    return Ok(if root == record.id { Some(record) } else { reader.record(root)? });
                }
                None => return Ok(None),
            }
        }
    }

    /// What a row says otherwise of the record it is about. Being counted for a further campaign is a change too.
    fn compare(&self, reader: &Reader, row: &mut Row, own: &Fields, record: &Record) -> Outcome<()> {
        row.id = record.id;
        row.fields = own.clone();
        row.changes = changes(reader, &self.kind, own, record)?;
        let further: Vec<&String> =
            self.block.campaigns.iter().filter(|campaign| !record.campaigns.contains(campaign)).collect();
        if self.kind.follows.is_none() && !further.is_empty() {
            let list = |ids: &mut dyn Iterator<Item = &String>| Value::List(ids.map(Value::text).collect());
            row.changes.push(Change {
                field: CAMPAIGNS.to_owned(),
                old: list(&mut record.campaigns.iter()),
                new: list(&mut record.campaigns.iter().chain(further)),
            });
        }
        let same = row.changes.is_empty() && row.unread.is_empty();
        row.state = if same { State::Same } else { State::Differs };
        row.update = !row.changes.is_empty() && self.block.update.contains(&row.number);
        Ok(())
    }
}

/// A row of the table as it is read.
struct Line<'a> {
    number: u32,
    /// As it stands there.
    raw: &'a [String],
    cells: Vec<String>,
    /// Why it is no data.
    why: Option<Notice>,
    left_out: bool,
}

impl Line<'_> {
    fn counts(&self) -> bool {
        self.why.is_none() && !self.left_out
    }

    /// What a cell says, if the row is recorded.
    fn text(&self, at: usize) -> Option<&str> {
        let text = self.cells.get(at).map(|cell| cell.trim()).filter(|_| self.counts())?;
        (!matches!(text, "" | "-" | "—" | "——" | "/" | "\\" | "－")).then_some(text)
    }
}

fn is_blank(cell: Option<&String>) -> bool {
    cell.is_none_or(|cell| cell.trim().is_empty())
}

pub(super) fn step(tell: &mut ProgressSink, stage: Stage, done: usize, total: usize) -> Outcome<()> {
    if done.is_multiple_of(TOLD_EVERY) && total > TOLD_EVERY {
        report_progress(tell, Progress::at(stage, done as u64, total as u64))?;
    }
    Ok(())
}

/// The unit a label names: 非医用口罩产量（只/日） counts 只.
fn own_unit(units: &Units, label: &str) -> Option<String> {
    let (_, rest) = label.split_once(['（', '('])?;
    Some(units.read(rest.trim_end_matches(['）', ')']))?.base)
}

type Columns = (Option<(usize, usize)>, Vec<Column>);

fn columns_of(reader: &Reader, block: &Block, table: &Table, kind: &Kind, units: &Units) -> Outcome<Columns> {
    let known = Known::of(kind, units);
    let chosen = block.heading.and_then(|number| table.rows.iter().position(|(line, _)| *line == number));
    let end = block.heading_last.and_then(|number| table.rows.iter().position(|(line, _)| *line == number));
    let found = match block.heading {
        Some(_) if chosen.is_none() => None,
        _ => headed(&known, table, chosen, end),
    };
    let (heading, mut columns) = match found {
        Some(headed) => (Some((headed.first, headed.last)), headed.columns),
        None => {
            let none = || Column { heading: String::new(), field: None, unit: None };
            (None, std::iter::repeat_with(none).take(table.width()).collect())
        }
    };
    let mut said = remembered(reader, &kind.id, &columns)?;
    said.retain(|_, field| field.as_ref().is_none_or(|name| kind.field(name).is_some_and(fits)));
    said.extend(block.columns.iter().map(|(at, field)| (*at, field.clone())));
    for (at, chosen) in &said {
        if let Some(field) = chosen.as_ref().filter(|name| !kind.field(name).is_some_and(fits)) {
            let label = Notice::new("field-unknown").with("field", field);
            return Err(label.with("zh", &kind.zh).with("en", &kind.en).into());
        }
        // A field stands in one column: the one it was chosen for last takes it from another.
        for column in columns.iter_mut().filter(|column| chosen.is_some() && column.field == *chosen) {
            column.field = None;
        }
        if let Some(column) = columns.get_mut(*at as usize) {
            column.field = chosen.clone();
        }
    }
    let above = &table.rows[..heading.map_or(0, |(first, _)| first)];
    let above: Vec<Unit> = above.iter().flat_map(|(_, cells)| cells).flat_map(|cell| units.above(cell)).collect();
    for (at, column) in columns.iter_mut().enumerate() {
        let measure = column.field.as_ref().and_then(|name| kind.field(name)).and_then(Measure::of);
        if let (Some(tens), Some(_)) = (block.units.get(&(at as u32)), measure) {
            let unit = Unit { words: String::new(), tens: Some(*tens), base: String::new() };
            column.unit = Some((unit, UnitFrom::Chosen));
        } else if let (Some(measure), None) = (measure, &column.unit) {
            let money = measure == Measure::Money;
            let meant = above.iter().find(|unit| unit.base.is_empty() || units.is_money(unit) == money);
            column.unit = meant.map(|unit| (unit.clone(), UnitFrom::Above));
        } else if measure.is_none() {
            column.unit = None;
        }
    }
    Ok((heading, columns))
}
