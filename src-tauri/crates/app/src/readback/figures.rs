//! A statistics form that was typed over or filled in by hand, beside what it prints: cell by cell what would be stored, what is
//! only compared, and what is not understood.

use std::collections::{BTreeMap, HashMap};

use campaign::model::{Body, CellRule, Column, Form, Row};
use domain::{Date, Fields, Notice, OfficeCode, RecordId, Value};
use forms::{FilledForm, printed_number};
use sha2::{Digest, Sha256};
use store::Reader;

use crate::failure::Outcome;
use crate::forms::FillRequest;
use crate::paste::table::Table;
use crate::paste::units::{Unit, Units};
use crate::paste::words::plain;
use crate::readback::cell::{Typed, rate_of, typed};
use crate::readback::recognise::Found;
use crate::readback::request::{How, ReadRequest};
use crate::session::Reading;

/// What becomes of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellState {
    Blank,
    /// As it prints already.
    Same,
    /// What stands declared for it already.
    Stands,
    /// To be stored.
    Changed,
    /// A total or a rate that agrees with what is typed beside it.
    Agrees,
    /// One that does not.
    Differs(Notice),
    Unread(Notice),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCell {
    pub printed: String,
    pub typed: String,
    pub state: CellState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    pub id: String,
    pub label: String,
    pub total: bool,
    /// One for each column of the form; none where the sheet has no such row.
    pub cells: Vec<ReadCell>,
}

/// Columns under one heading, whose figures come from one department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGroup {
    /// Its words, which name it; blank for all columns of a form without groups.
    pub words: String,
    pub source: Option<String>,
    /// The department its words name, if they name one.
    pub suggested: Option<String>,
    /// Whether anything of it is to be stored.
    pub asked: bool,
}

/// A figure to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    pub record: RecordId,
    pub new: bool,
    pub fields: Fields,
}

#[derive(Debug, Clone)]
pub struct ReadFigures {
    pub form: String,
    pub campaign: String,
    pub office: OfficeCode,
    pub office_name: String,
    pub as_of: Date,
    pub sheet: Option<String>,
    pub filled: FilledForm,
    pub groups: Vec<ColumnGroup>,
    pub rows: Vec<ReadRow>,
    /// Some changed cell counts something already, so that what the typed figure means has to be said.
    pub asks_how: bool,
    /// What is not understood, and what does not agree.
    pub remarks: Vec<Notice>,
    pub stores: Vec<Store>,
    pub token: String,
}

/// What was found out about the file before its cells are looked at.
pub struct Facts {
    pub office: OfficeCode,
    pub as_of: Date,
    pub units: Vec<Unit>,
    /// It is a form that was handed out blank: whatever stands in it was typed, if it equals what prints here or not.
    pub was_blank: bool,
    /// What the sheet says otherwise of them.
    pub remarks: Vec<Notice>,
}

/// Where the rows of the form stand in the sheet, by their labels; and the last place of any.
pub fn rows_of(table: &Table, found: &Found, rows: &[Row]) -> (Vec<Option<usize>>, usize) {
    let body = found.header.1 + 1;
    let labels: HashMap<String, usize> = rows.iter().enumerate().map(|(at, row)| (plain(&row.label), at)).collect();
    let places = |column: usize| {
        let mut places: Vec<Option<usize>> = vec![None; rows.len()];
        for at in body..table.rows.len() {
            let cell = table.rows[at].1.get(column).map(|cell| plain(cell)).unwrap_or_default();
            if let Some(row) = labels.get(&cell)
                && places[*row].is_none()
            {
                places[*row] = Some(at);
            }
        }
        places
    };
    let stub = (0..table.width()).filter(|column| !found.columns.contains(column)).map(places);
    let best = stub.max_by_key(|places| places.iter().flatten().count()).unwrap_or_else(|| vec![None; rows.len()]);
    let last = best.iter().flatten().max().map_or(body, |last| last + 1);
    (best, last)
}

impl Reading {
    pub(super) fn read_figures(
        &self,
        reader: &Reader,
        found: &Found,
        table: &Table,
        facts: Facts,
        request: &ReadRequest,
    ) -> Outcome<ReadFigures> {
        let form = found.form;
        let Body::Statistics { rows, .. } = &form.body else {
            return Err(Notice::new("read-not-this-form").with("form", &form.id).with("title", &form.title).into());
        };
        let filling = FillRequest { office: Some(facts.office.clone()), ..FillRequest::new(&form.id, facts.as_of) };
        let filled = self.fill_in(reader, &filling)?.form;
        let units = Units::of(self.library().schema());
        let (places, last) = rows_of(table, found, rows);
        let mut remarks = facts.remarks;
        let text = |row: usize, column: usize| {
            let at = places[row]?;
            let place = found.columns[column];
            let (number, cells) = &table.rows[at];
            let text = cells.get(place).map(String::as_str).unwrap_or_default();
            Some((text, table.exact(*number, place as u32)))
        };
        let read = |row: usize, column: usize| match text(row, column) {
            Some((text, exact)) => typed(&form.columns[column], text, exact, &units, &facts.units),
            None => Typed::Blank,
        };
        let cells: Vec<Vec<Typed>> =
            (0..rows.len()).map(|row| (0..form.columns.len()).map(|column| read(row, column)).collect()).collect();
        for (row, place) in rows.iter().zip(&places) {
            if place.is_none() {
                remarks.push(Notice::new("read-row-missing").with("row", &row.label));
            }
        }
        for (column, words) in &found.unknown {
            remarks.push(Notice::new("read-column-unknown").with("column", column + 1).with("words", words));
        }
        for (at, (number, cells)) in table.rows.iter().enumerate().skip(found.header.1 + 1) {
            // Below the table only what holds figures is taken for a row of it.
            let figure = |place: &usize| cells.get(*place).is_some_and(|cell| is_figure(cell));
            let known = places.contains(&Some(at)) || at >= last && !found.columns.iter().any(figure);
            let label = cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty());
            if let Some(label) = label.filter(|_| !known) {
                let label: String = label.chars().take(30).collect();
                remarks.push(Notice::new("read-row-unknown").with("line", number).with("row", label));
            }
        }
        let mut groups = groups_of(self, form, request);
        let mut plan = Plan {
            reader,
            campaign: &found.campaign.id,
            form,
            rows,
            cells: &cells,
            office: &facts.office,
            as_of: facts.as_of,
            how: request.how,
            was_blank: facts.was_blank,
            stores: Vec::new(),
            hash: Sha256::new(),
            asks_how: false,
        };
        let mut shown = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let mut line =
                ReadRow { id: row.id.clone(), label: row.label.clone(), total: row.total, cells: Vec::new() };
            if places[at].is_some() {
                for (index, column) in form.columns.iter().enumerate() {
                    let printed = filled.rows[at].cells[index + 1].text().to_owned();
                    let state = match plan.is_compared(at, index) {
                        true => plan.compared(at, index),
                        false => {
                            let group = &mut groups[group_of(form, index)];
                            plan.figure(group, (at, index), &printed)?
                        }
                    };
                    if let CellState::Differs(notice) | CellState::Unread(notice) = &state {
                        let words = column.header.join(" · ");
                        remarks.push(notice.clone().with("row", &row.label).with("column", words));
                    }
                    let typed = text(at, index).map(|(text, _)| text.trim().to_owned()).unwrap_or_default();
                    line.cells.push(ReadCell { printed, typed, state });
                }
            }
            shown.push(line);
        }
        groups.retain(|group| group.asked || group.source.is_some());
        Ok(ReadFigures {
            form: form.id.clone(),
            campaign: found.campaign.id.clone(),
            office_name: self.name_of(reader, &facts.office)?,
            office: facts.office.clone(),
            as_of: facts.as_of,
            sheet: table.sheet.clone(),
            filled,
            groups,
            rows: shown,
            asks_how: plan.asks_how,
            remarks,
            stores: plan.stores,
            token: hex::encode(plan.hash.finalize()),
        })
    }
}

fn is_figure(text: &str) -> bool {
    let text = plain(text);
    text.starts_with(|character: char| character.is_ascii_digit())
        && text.chars().all(|character| character.is_ascii_digit() || matches!(character, '.' | ',' | '%'))
}

/// The groups of a form's columns, in their order; those without one are a group of their own.
fn groups_of(session: &Reading, form: &Form, request: &ReadRequest) -> Vec<ColumnGroup> {
    let departments = session.library().schema().vocabulary("department");
    let mut groups: Vec<ColumnGroup> = Vec::new();
    for column in &form.columns {
        let words = group_words(column);
        if groups.iter().any(|group| group.words == words) {
            continue;
        }
        let named = departments.and_then(|known| known.entries.iter().find(|entry| words.contains(&entry.zh)));
        let source = request.sources.get(words).or_else(|| request.sources.get(""));
        groups.push(ColumnGroup {
            words: words.to_owned(),
            source: source.cloned().filter(|source| !source.is_empty()),
            suggested: named.map(|entry| entry.code.clone()),
            asked: false,
        });
    }
    groups
}

fn group_words(column: &Column) -> &str {
    if column.header.len() > 1 { &column.header[0] } else { "" }
}

fn group_of(form: &Form, column: usize) -> usize {
    let mut seen: Vec<&str> = Vec::new();
    for column in &form.columns {
        if !seen.contains(&group_words(column)) {
            seen.push(group_words(column));
        }
    }
    let words = group_words(&form.columns[column]);
    seen.iter().position(|known| *known == words).unwrap_or(0)
}

/// What would be stored, worked out cell by cell.
struct Plan<'a> {
    reader: &'a Reader<'a>,
    campaign: &'a str,
    form: &'a Form,
    rows: &'a [Row],
    cells: &'a [Vec<Typed>],
    office: &'a OfficeCode,
    as_of: Date,
    how: Option<How>,
    was_blank: bool,
    stores: Vec<Store>,
    hash: Sha256,
    asks_how: bool,
}

impl Plan<'_> {
    /// Totals, sums and rates follow from other cells.
    fn is_compared(&self, row: usize, column: usize) -> bool {
        self.rows[row].total || !matches!(self.form.columns[column].cell, CellRule::Figure { .. })
    }

    fn exact(&self, row: usize, column: usize) -> Option<i64> {
        match &self.cells[row][column] {
            Typed::Exact(value) => Some(*value),
            _ => None,
        }
    }

    fn at(&self, id: &str) -> Option<usize> {
        self.form.columns.iter().position(|column| column.id == id)
    }

    /// The cells a total or a sum is put together from.
    fn parts(&self, row: usize, column: usize) -> Vec<(usize, usize)> {
        let columns: Vec<usize> = match &self.form.columns[column].cell {
            CellRule::SumOf(parts) => parts.iter().filter_map(|part| self.at(part)).collect(),
            _ => vec![column],
        };
        let rows: Vec<usize> = match self.rows[row].total {
            true => (0..self.rows.len()).filter(|at| !self.rows[*at].total).collect(),
            false => vec![row],
        };
        rows.into_iter().flat_map(|row| columns.iter().map(move |column| (row, *column))).collect()
    }

    /// What follows from the typed cells; a blank one is nought where another of them is typed.
    fn follows(&self, row: usize, column: usize) -> Option<i64> {
        let values: Vec<Option<i64>> =
            self.parts(row, column).into_iter().map(|(row, column)| self.exact(row, column)).collect();
        values
            .iter()
            .any(Option::is_some)
            .then(|| values.iter().flatten().fold(0i64, |sum, each| sum.saturating_add(*each)))
    }

    fn compared(&self, row: usize, index: usize) -> CellState {
        let column = &self.form.columns[index];
        let differs =
            |expected: String| CellState::Differs(Notice::new("read-total-differs").with("expected", expected));
        match (&column.cell, &self.cells[row][index]) {
            (_, Typed::Blank) => CellState::Blank,
            (_, Typed::Unread(notice)) => CellState::Unread(notice.clone()),
            (CellRule::Rate { part, whole }, said) => {
                let value = |id: &str| {
                    let at = self.at(id)?;
                    self.exact(row, at).or_else(|| self.follows(row, at))
                };
                let (Some(part), Some(whole)) = (value(part), value(whole)) else { return CellState::Agrees };
                let expected = rate_of(part, whole);
                match (&expected, said) {
                    _ if expected == *said => CellState::Agrees,
                    // Nothing of nothing is written as nought by many.
                    (Typed::NoRate, Typed::Rate(0)) => CellState::Agrees,
                    (Typed::Rate(hundredths), _) => differs(format!("{}.{:02}%", hundredths / 100, hundredths % 100)),
                    _ => differs("—".to_owned()),
                }
            }
            (_, Typed::Exact(said)) => {
                let Some(expected) = self.follows(row, index) else { return CellState::Agrees };
                // Each of the parts may have been rounded as it is printed.
                let parts = self.parts(row, index).len() as i64 + 1;
                let half = 10_i64.pow(column.unit.decimals().saturating_sub(4)) / 2;
                let room = if column.unit.decimals() > 0 { parts * half.max(1) } else { 0 };
                if said.abs_diff(expected) <= room.unsigned_abs() {
                    CellState::Agrees
                } else {
                    differs(printed_number(expected, column))
                }
            }
            _ => CellState::Agrees,
        }
    }

    fn figure(&mut self, group: &mut ColumnGroup, (row, index): (usize, usize), printed: &str) -> Outcome<CellState> {
        let column = &self.form.columns[index];
        let (form, place) = (&self.form.id, &self.rows[row].id);
        let standing = match &group.source {
            Some(source) => self.reader.declared_in(self.office, form, place, &column.id, source)?,
            None => Vec::new(),
        };
        let known = standing.iter().filter_map(|record| Some((record.date("as_of")?, record.id, record.int("value")?)));
        let last = known.filter(|(day, ..)| *day <= self.as_of).max();
        let own = last.map_or(0, |(.., value)| value);
        let value = match &self.cells[row][index] {
            Typed::Exact(value) => *value,
            Typed::Unread(notice) => return Ok(CellState::Unread(notice.clone())),
            // What a department declared stays until it says another number: a blank cell takes nothing back.
            _ if own != 0 => {
                let notice = Notice::new("read-left-blank").with("value", printed_number(own, column));
                return Ok(CellState::Differs(notice));
            }
            _ => return Ok(CellState::Blank),
        };
        // Of a table that was printed and typed over, what stands as it was printed says nothing new.
        if printed_number(value, column) == printed && !self.was_blank {
            return Ok(CellState::Same);
        }
        // What this department declared before is no reason to ask: the typed figure takes its place.
        let counted = printed != printed_number(own, column);
        let how = self.how.or((!counted).then_some(How::Add));
        let whole = how == Some(How::Whole);
        // What is declared for the columns that count in this one is in it already.
        let within: i64 = column
            .declared_with
            .iter()
            .filter_map(|id| self.exact(row, self.at(id)?))
            .fold(0, |sum, each| sum.saturating_add(each));
        let amount = if whole { value } else { value.saturating_sub(within) };
        if amount < 0 {
            let expected = printed_number(within, column);
            return Ok(CellState::Differs(Notice::new("read-total-differs").with("expected", expected)));
        }
        let of_day = standing.iter().rfind(|record| record.date("as_of") == Some(self.as_of));
        let stands = |record: &&domain::Record| {
            record.int("value") == Some(amount) && (record.get("whole") == &Value::Bool(true)) == whole
        };
        // What is added stays until something else is said of it.
        let last = last.and_then(|(_, id, _)| standing.iter().find(|record| record.id == id));
        let stood = of_day.or(last.filter(|_| !whole));
        if stood.filter(stands).is_some() || standing.is_empty() && amount == 0 && !whole {
            return Ok(CellState::Stands);
        }
        group.asked = true;
        self.asks_how |= counted;
        if let (Some(source), Some(_)) = (&group.source, how) {
            let day = self.as_of.to_string();
            let said = format!("read\n{form}\n{place}\n{}\n{source}\n{day}", column.id);
            let (new, record) = match of_day {
                Some(record) => (false, record.id),
                None => (true, fresh(self.reader, self.office, &said)?),
            };
            let texts = [("form", form), ("row", place), ("column", &column.id), ("source", source), ("as_of", &day)];
            let mut fields: Fields = texts.map(|(name, text)| (name.to_owned(), Value::text(text))).into();
            fields.insert("value".to_owned(), Value::Int(amount));
            fields.insert("whole".to_owned(), if whole { Value::Bool(true) } else { Value::Null });
            let line = serde_json::to_string(&fields).unwrap_or_default();
            self.hash.update(format!("{} {record} {line}\n", self.campaign));
            self.stores.push(Store { record, new, fields });
        }
        Ok(CellState::Changed)
    }
}

/// The same cell of the same day is the same record, however often it is read; what was voided is not taken up again.
fn fresh(reader: &Reader, office: &OfficeCode, said: &str) -> Outcome<RecordId> {
    let mut occurrence = 1;
    loop {
        let id = RecordId::derived(office, said, occurrence);
        match reader.record(id)? {
            Some(record) if record.void.is_some() => occurrence += 1,
            _ => return Ok(id),
        }
    }
}

/// How many cells are in a state.
pub fn count(read: &ReadFigures, of: impl Fn(&CellState) -> bool) -> usize {
    read.rows.iter().flat_map(|row| &row.cells).filter(|cell| of(&cell.state)).count()
}

/// The groups that still have to be given a department.
pub fn open_groups(read: &ReadFigures) -> BTreeMap<&str, Option<&str>> {
    let open = read.groups.iter().filter(|group| group.asked && group.source.is_none());
    open.map(|group| (group.words.as_str(), group.suggested.as_deref())).collect()
}
