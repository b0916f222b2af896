//! 勾稽: what does not hold of a filled form, with the cells and the records behind it. A campaign file states most of it;
//! what is true of every form stands here.

use std::collections::{BTreeMap, BTreeSet};

use campaign::answers::{Answers, Filling};
use campaign::checks::Comparison;
use campaign::model::{Body, CellRule, Check, Condition, Level, Measure, Present};
use campaign::{Campaign, Form};
use domain::{Notice, RecordId};
use forms::FilledForm;
use forms::checks::{CheckedCell, Sheet, broken, rates_above_whole};
use store::Reader;
use store::figures::{Counted, recount};

use super::{FillRequest, filled};
use crate::failure::{Failure, Outcome};
use crate::session::Reading;

/// At most this many records and cells are named for one check.
const MOST_NAMED: usize = 500;
/// And this many rows are told in words.
const MOST_TOLD: usize = 20;
/// What the program itself checks, followed by a slash and what it is about; a campaign file's ids have no slash.
const RATE: &str = "core/rate";
const COUNTED_TWICE: &str = "core/counted_twice";

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCheck {
    /// The check's id within its form.
    pub id: String,
    pub level: Level,
    /// What should hold, in the campaign's words (Chinese, English); none where the program itself checks.
    pub words: Option<(String, String)>,
    /// What was found instead.
    pub found: Notice,
    /// The first of the cells it is about, row by row in the order they are compared.
    pub cells: Vec<CheckedCell>,
    /// The first of the records behind them, and how many there are. Where an enterprise is counted twice, the enterprises.
    pub records: Vec<RecordId>,
    pub records_in_all: usize,
}

impl Reading {
    /// What does not hold of a form as it would be filled: errors first, each sort in the order of the campaign file.
    pub fn failed_checks(&self, request: &FillRequest) -> Outcome<Vec<FailedCheck>> {
        self.read::<_, Failure>(|reader| {
            // What adds up from the first day on need not within a period.
            let filling = Filling { since: None, ..self.filling(reader, request)? };
            self.failed_checks_of(reader, &filling, &BTreeMap::new())
        })
    }

    /// The same of a filling, in a read that is under way. `known` are forms that were filled in it already, by id.
    pub(crate) fn failed_checks_of(
        &self,
        reader: &Reader,
        filling: &Filling,
        known: &BTreeMap<String, FilledForm>,
    ) -> Outcome<Vec<FailedCheck>> {
        let (campaign, form) = self.form(&filling.form)?;
        let checking = Checking::new(self, reader, campaign, form, filling, known)?;
        let mut failed = Vec::new();
        for check in &form.checks {
            match &check.present {
                Some(present) => failed.extend(checking.lacking(check, present)?),
                None => failed.extend(checking.compared(check)?),
            }
        }
        failed.extend(checking.rates()?);
        failed.extend(checking.counted_twice()?);
        failed.sort_by_key(|failed| failed.level);
        Ok(failed)
    }
}

impl FailedCheck {
    /// Something that is seldom right, seen in one cell, with no records behind it.
    pub(crate) fn of_cell(id: &str, found: Notice, form: &str, row: &str, column: &str, text: &str) -> Self {
        let cell = CheckedCell {
            form: form.to_owned(),
            row: row.to_owned(),
            column: column.to_owned(),
            text: text.to_owned(),
        };
        of_the_core(id, Level::Warn, found, vec![cell], Vec::new())
    }
}

/// A form and those it is compared with, filled once each.
struct Checking<'a> {
    reading: &'a Reading,
    reader: &'a Reader<'a>,
    campaign: &'a Campaign,
    form: &'a Form,
    filling: &'a Filling,
    filled: FilledForm,
    others: BTreeMap<String, (&'a Form, FilledForm)>,
}

impl<'a> Checking<'a> {
    fn new(
        reading: &'a Reading,
        reader: &'a Reader<'a>,
        campaign: &'a Campaign,
        form: &'a Form,
        filling: &'a Filling,
        known: &BTreeMap<String, FilledForm>,
    ) -> Outcome<Self> {
        let library = reading.library();
        let fill = |form: &Form| match known.get(&form.id) {
            Some(filled) => Ok(filled.clone()),
            None => {
                let filling = Filling { form: form.id.clone(), ..filling.clone() };
                filled(library, reader, campaign, form, &filling)
            }
        };
        let mut others = BTreeMap::new();
        for text in form.checks.iter().flat_map(|check| check.compare.iter().chain(&check.when)) {
            let comparison = Comparison::parse(text)?;
            for id in comparison.cells().filter_map(|cell| cell.form.as_deref()) {
                if let Some(other) = campaign.forms.iter().find(|other| other.id == id)
                    && !others.contains_key(id)
                {
                    others.insert(id.to_owned(), (other, fill(other)?));
                }
            }
        }
        let filled = fill(form)?;
        Ok(Checking { reading, reader, campaign, form, filling, filled, others })
    }

    fn sheet(&self) -> Sheet<'_> {
        Sheet { form: self.form, filled: &self.filled }
    }

    /// A comparison, with the cells of every row it does not hold of.
    fn compared(&self, check: &Check) -> Outcome<Option<FailedCheck>> {
        let other = |id: &str| self.others.get(id).map(|(form, filled)| Sheet { form, filled });
        let broken = broken(check, self.sheet(), &other)?;
        if broken.is_empty() {
            return Ok(None);
        }
        let row = |cells: &Vec<CheckedCell>| cells.iter().map(|cell| self.figure(cell)).collect::<Vec<_>>().join("，");
        let figures = broken.iter().take(MOST_TOLD).map(row).collect::<Vec<_>>().join("；");
        let cells = broken.concat();
        let records = self.behind(&cells)?;
        Ok(Some(failed(check, Notice::new("check-compared").with("figures", figures), cells, records)))
    }

    /// A cell with what it prints, as a person calls it.
    fn figure(&self, cell: &CheckedCell) -> String {
        let (form, filled) = match self.others.get(&cell.form) {
            Some((form, filled)) if cell.form != self.form.id => (*form, filled),
            _ => (self.form, &self.filled),
        };
        let row = filled.rows.iter().position(|row| row.id == cell.row).map(|at| filled.row_name(at));
        let column = form.columns.iter().find(|column| column.id == cell.column);
        let title = (cell.form != self.form.id).then(|| format!("《{}》", form.title));
        let words = [title, row, column.map(|column| column.header.join(" · ")), Some(cell.text.clone())];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The records behind cells, each once; of a list, those its rows are.
    fn behind(&self, cells: &[CheckedCell]) -> Outcome<Vec<RecordId>> {
        if matches!(self.form.body, Body::List { .. }) {
            return records_of(cells);
        }
        let mut records = Vec::new();
        let mut seen = BTreeSet::new();
        for cell in cells {
            let form = self.others.get(&cell.form).map_or(self.form, |(form, _)| form);
            records.extend(self.trace(form, &cell.row, &cell.column)?.into_iter().filter(|id| seen.insert(*id)));
        }
        Ok(records)
    }

    fn trace(&self, form: &Form, row: &str, column: &str) -> Outcome<Vec<RecordId>> {
        let schema = self.reading.library().schema();
        let traced = self.reader.trace(schema, self.campaign, form, self.filling, row, column)?;
        Ok(traced.into_iter().map(|traced| traced.record).collect())
    }

    /// Of the records a column counts, or a list has rows for, those without the field. They are found by the query that
    /// counts them, with one condition more.
    fn lacking(&self, check: &Check, present: &Present) -> Outcome<Option<FailedCheck>> {
        let mut form = self.form.clone();
        let blank = Condition { field: present.field.clone(), blank: Some(true), ..Condition::default() };
        let more = || present.conditions.iter().cloned().chain([blank.clone()]);
        let records = match (&mut form.body, &present.column) {
            (Body::List { conditions, .. }, _) => {
                conditions.extend(more());
                form.columns.clear();
                let schema = self.reading.library().schema();
                match self.reader.fill(schema, self.campaign, &form, self.filling)? {
                    Answers::List { rows, .. } => {
                        rows.iter().map(|row| row.record.parse::<RecordId>()).collect::<Result<Vec<_>, _>>()?
                    }
                    Answers::Statistics { .. } => Vec::new(),
                }
            }
            (Body::Statistics { .. }, Some(column)) => {
                let kept = summands(self.form, column);
                form.columns.retain(|other| kept.contains(other.id.as_str()));
                for column in &mut form.columns {
                    if let CellRule::Figure { conditions, .. } = &mut column.cell {
                        conditions.extend(more());
                    }
                    column.declared_with.clear();
                }
                return self.lacking_in(check, &form, column);
            }
            (Body::Statistics { .. }, None) => Vec::new(),
        };
        if records.is_empty() {
            return Ok(None);
        }
        let shown = self.form.columns.iter().position(|column| column.cell == CellRule::Field(present.field.clone()));
        let column = &self.form.columns[shown.unwrap_or_default()];
        let cells = records.iter().take(MOST_NAMED).map(|record| CheckedCell {
            form: self.form.id.clone(),
            row: record.to_string(),
            column: column.id.clone(),
            text: self.printed(&record.to_string(), &column.id),
        });
        let found = Notice::new("check-lacking").with("count", records.len());
        Ok(Some(failed(check, found, cells.collect(), records)))
    }

    /// The same for a column of a table of figures, whose form now counts only records without the field.
    fn lacking_in(&self, check: &Check, form: &Form, column: &str) -> Outcome<Option<FailedCheck>> {
        let (mut cells, mut records) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        let rows = self.filled.rows.iter().filter(|row| !row.total);
        for row in rows.filter(|row| check.rows.is_empty() || check.rows.contains(&row.id)) {
            let schema = self.reading.library().schema();
            let traced = self.reader.trace(schema, self.campaign, form, self.filling, &row.id, column)?;
            // A declared figure has no record that could lack a field.
            let found: Vec<RecordId> =
                traced.into_iter().filter(|traced| !traced.declared).map(|traced| traced.record).collect();
            if !found.is_empty() {
                let text = self.printed(&row.id, column);
                let (form, row, column) = (self.form.id.clone(), row.id.clone(), column.to_owned());
                cells.push(CheckedCell { form, row, column, text });
                records.extend(found.into_iter().filter(|id| seen.insert(*id)));
            }
        }
        let found = Notice::new("check-lacking").with("count", records.len());
        Ok((!records.is_empty()).then(|| failed(check, found, cells, records)))
    }

    fn printed(&self, row: &str, column: &str) -> String {
        let row = self.filled.rows.iter().find(|known| known.id == row);
        let at = self.form.columns.iter().position(|known| known.id == column);
        let stub = usize::from(self.filled.stub.is_some());
        let cell = row.zip(at).and_then(|(row, at)| row.cells.get(at + stub));
        cell.map(|cell| cell.text().to_owned()).unwrap_or_default()
    }

    /// True of every form: what is a part of something is not more than it.
    fn rates(&self) -> Outcome<Vec<FailedCheck>> {
        let failed = |cells: [CheckedCell; 2]| {
            let label = self.filled.rows.iter().position(|row| row.id == cells[0].row);
            let said = |cell: &CheckedCell| format!("{} {}", self.header(&cell.column), cell.text);
            let found = Notice::new("check-rate")
                .with("row", label.map(|at| self.filled.row_name(at)).unwrap_or_default())
                .with("part", said(&cells[0]))
                .with("whole", said(&cells[1]));
            let records = self.behind(&cells)?;
            let id = format!("{RATE}/{}/{}", cells[0].column, cells[0].row);
            Ok(of_the_core(&id, Level::Error, found, cells.to_vec(), records))
        };
        rates_above_whole(self.sheet()).into_iter().map(failed).collect()
    }

    /// Why a total of enterprises is more than there are: those that count in more than one row.
    fn counted_twice(&self) -> Outcome<Vec<FailedCheck>> {
        let Body::Statistics { rows, .. } = &self.form.body else { return Ok(Vec::new()) };
        let Some(total) = rows.iter().find(|row| row.total) else { return Ok(Vec::new()) };
        let mut failed = Vec::new();
        for column in &self.form.columns {
            let CellRule::Figure { id, .. } = &column.cell else { continue };
            let figure = self.campaign.figures.iter().find(|figure| figure.id == *id);
            if figure.is_none_or(|figure| figure.measure != Measure::Enterprises) {
                continue;
            }
            let schema = self.reading.library().schema();
            let traced = self.reader.trace(schema, self.campaign, self.form, self.filling, &total.id, &column.id)?;
            let mut counted: BTreeMap<RecordId, BTreeSet<&str>> = BTreeMap::new();
            for one in &traced {
                if let Some(Counted::Enterprise(enterprise)) = &one.counted_as {
                    counted.entry(*enterprise).or_default().insert(&one.row);
                }
            }
            let doubled: i64 = counted.values().map(|rows| rows.len() as i64 - 1).sum();
            if doubled == 0 {
                continue;
            }
            let twice: Vec<RecordId> =
                counted.iter().filter(|(_, rows)| rows.len() > 1).map(|(enterprise, _)| *enterprise).collect();
            let within: BTreeSet<&str> = counted.values().filter(|rows| rows.len() > 1).flatten().copied().collect();
            let named = rows.iter().filter(|row| within.contains(row.id.as_str())).chain([total]);
            let cells = named.map(|row| CheckedCell {
                form: self.form.id.clone(),
                row: row.id.clone(),
                column: column.id.clone(),
                text: self.printed(&row.id, &column.id),
            });
            let found = Notice::new("check-counted-twice")
                .with("row", &total.label)
                .with("column", self.header(&column.id))
                .with("total", self.printed(&total.id, &column.id))
                .with("enterprises", twice.len())
                .with("distinct", recount(&traced) - doubled);
            let id = format!("{COUNTED_TWICE}/{}", column.id);
            failed.push(of_the_core(&id, Level::Warn, found, cells.collect(), twice));
        }
        Ok(failed)
    }

    fn header(&self, column: &str) -> String {
        let column = self.form.columns.iter().find(|known| known.id == column);
        column.map(|column| column.header.join(" · ")).unwrap_or_default()
    }
}

/// The columns a column is summed from, whatever the depth, and itself.
fn summands<'f>(form: &'f Form, column: &'f str) -> BTreeSet<&'f str> {
    let (mut waiting, mut kept) = (vec![column], BTreeSet::new());
    while let Some(id) = waiting.pop().filter(|id| kept.insert(*id)) {
        let column = form.columns.iter().find(|known| known.id == id);
        if let Some(CellRule::SumOf(parts)) = column.map(|column| &column.cell) {
            waiting.extend(parts.iter().map(String::as_str));
        }
    }
    kept
}

fn records_of(cells: &[CheckedCell]) -> Outcome<Vec<RecordId>> {
    let mut rows: Vec<RecordId> = cells.iter().map(|cell| cell.row.parse()).collect::<Result<_, Notice>>()?;
    rows.dedup();
    Ok(rows)
}

fn failed(check: &Check, found: Notice, cells: Vec<CheckedCell>, records: Vec<RecordId>) -> FailedCheck {
    let words = Some((check.zh.clone(), check.en.clone()));
    FailedCheck { id: check.id.clone(), words, ..of_the_core("", check.level, found, cells, records) }
}

fn of_the_core(
    id: &str,
    level: Level,
    found: Notice,
    mut cells: Vec<CheckedCell>,
    mut records: Vec<RecordId>,
) -> FailedCheck {
    let records_in_all = records.len();
    records.truncate(MOST_NAMED);
    cells.truncate(MOST_NAMED);
    FailedCheck { id: id.to_owned(), level, words: None, found, cells, records, records_in_all }
}
