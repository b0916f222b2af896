//! A block of cells pasted from a spreadsheet into a list of records. It is understood here, shown to a person, and recorded
//! exactly as it was shown: all of it in one transaction, by the same rules as a form or a file, or nothing.

mod columns;
mod read;
mod table;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use domain::schema::{Field, FieldType, Kind};
use domain::{Fields, Notice, Record, RecordId, Schema, Value};
use sha2::{Digest, Sha256};
use store::{ListQuery, Reader, Writer};

use crate::failure::{Failure, Outcome};
use crate::records::{Context, Draft, by_line};
use crate::session::Session;

use columns::{fits, heading_row, plain, recognise};
use read::{Names, read};
use table::Table;

pub use columns::{Column, Scale};

/// How many of the newest records of a kind without names of its own a cell may name.
const NAMED_AMONG: u32 = 2_000;
/// How many records of a name are looked at.
const ALIKE: u32 = 50;

/// A block, and what a person has said about it.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub kind: String,
    /// The clipboard's text; else the file.
    pub text: Option<String>,
    pub file: Option<PathBuf>,
    pub sheet: Option<String>,
    /// The row that heads the block, by its number; 0 where none does, `None` to find it.
    pub heading: Option<u32>,
    /// The field of a column, or that it is left out, where that is not what its heading says.
    pub columns: BTreeMap<u32, Option<String>>,
    /// A blank cell that should name a record names the one above: of merged cells only the first is filled.
    pub downwards: bool,
    /// What every row holds where its own cell is blank.
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// Which record a text means, by field and text.
    pub meant: BTreeMap<String, BTreeMap<String, String>>,
    /// Rows left out, by their numbers.
    pub left_out: Vec<u32>,
    /// Why a warning is passed over, by its code.
    pub reasons: BTreeMap<String, String>,
}

/// A row as it was understood.
#[derive(Debug, Clone)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<String>,
    pub fields: Fields,
    pub id: RecordId,
    /// It was recorded before, and is left as it stands.
    pub again: bool,
    pub left_out: bool,
    /// Columns whose cell could not be read, and why.
    pub unread: Vec<(u32, Notice)>,
    pub errors: Vec<Notice>,
    /// Those nobody has given a reason for.
    pub warnings: Vec<Notice>,
}

/// A block as it was understood.
#[derive(Debug, Clone)]
pub struct Understood {
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// The number of the row that heads the block; 0 for none.
    pub heading: u32,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Stands for what would be recorded.
    pub token: String,
}

impl Understood {
    pub fn new_rows(&self) -> usize {
        self.rows.iter().filter(|row| !row.again && !row.left_out).count()
    }

    fn is_settled(&self) -> bool {
        self.rows.iter().all(|row| row.unread.is_empty() && row.errors.is_empty() && row.warnings.is_empty())
    }
}

impl Session {
    /// What a block would become; nothing is kept.
    pub fn preview_paste(&mut self, block: &Block) -> Outcome<Understood> {
        let table = table_of(block)?;
        let work = Work::of(self, block, &table)?;
        self.book.rehearse::<_, Failure>(|writer| work.understand(writer))
    }

    /// Records a block as it was shown under `token`: everything in it, or nothing.
    pub fn apply_paste(&mut self, block: &Block, token: &str) -> Outcome<Understood> {
        let table = table_of(block)?;
        let work = Work::of(self, block, &table)?;
        let (done, _) = self.book.transact::<_, Failure>(|writer| {
            let understood = work.understand(writer)?;
            if understood.token != token {
                return Err(Notice::new("paste-changed").into());
            }
            if !understood.is_settled() {
                let open = understood.rows.iter().flat_map(|row| {
                    let unread = row.unread.iter().map(|(_, notice)| notice);
                    let notices = unread.chain(&row.errors).chain(&row.warnings);
                    notices.map(|notice| notice.clone().with("line", row.number))
                });
                return Err(Failure { notices: open.collect() });
            }
            Ok(understood)
        })?;
        Ok(done)
    }
}

fn table_of(block: &Block) -> Outcome<Table> {
    match (&block.text, &block.file) {
        (Some(text), None) => Ok(Table::of_clipboard(text)?),
        (None, Some(file)) => Table::of_file(file, block.sheet.as_deref()),
        _ => Err(Notice::new("paste-empty").into()),
    }
}

/// One block being understood.
struct Work<'a> {
    block: &'a Block,
    table: &'a Table,
    context: Context,
    schema: Schema,
    kind: Kind,
    divisions: HashMap<String, Option<String>>,
    heading: Option<usize>,
    columns: Vec<Column>,
    now: u64,
}

impl<'a> Work<'a> {
    fn of(session: &Session, block: &'a Block, table: &'a Table) -> Outcome<Self> {
        let schema = session.library.schema().clone();
        let kind = schema.kind(&block.kind).filter(|kind| !kind.reserved);
        let kind = kind.cloned().ok_or_else(|| Notice::new("kind-unknown").with("value", &block.kind))?;
        let heading = match block.heading {
            None => heading_row(&kind, table),
            Some(0) => None,
            Some(number) => table.rows.iter().position(|(line, _)| *line == number),
        };
        let mut headings = heading.map(|at| table.rows[at].1.clone()).unwrap_or_default();
        headings.resize(table.width(), String::new());
        let mut columns = recognise(&kind, &headings);
        for (at, chosen) in &block.columns {
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
        let divisions = session.library.divisions();
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
        let now = session.clock.millis();
        Ok(Work { block, table, context, schema, kind, divisions: codes, heading, columns, now })
    }

    fn understand(&self, writer: &mut Writer) -> Outcome<Understood> {
        let mut rows = Vec::new();
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut hash = Sha256::new();
        {
            let found = Found { work: self, reader: &*writer, known: RefCell::default() };
            let mut above: Vec<String> = Vec::new();
            for (at, (number, cells)) in self.table.rows.iter().enumerate() {
                if self.heading.is_some_and(|heading| at <= heading) {
                    continue;
                }
                let cells = self.filled_down(cells, &above);
                rows.push(self.row(*number, &cells, &found, &mut seen));
                above = cells;
            }
        }
        let mut written = Vec::new();
        for (at, row) in rows.iter_mut().enumerate() {
            if row.left_out {
                row.unread.clear();
                continue;
            }
            hash.update(row.id.as_bytes());
            if writer.record(row.id)?.is_some() {
                row.again = true;
                row.unread.clear();
                continue;
            }
            let draft = self.draft(row, BTreeMap::new());
            match self.context.write(writer, row.id, &draft, None, self.now) {
                Ok(_) => written.push(at),
                Err(failure) => row.errors.extend(failure.notices),
            }
        }
        writer.settle()?;
        let mut warned = Vec::new();
        let lines: HashMap<RecordId, u64> =
            written.iter().map(|at| (rows[*at].id, u64::from(rows[*at].number))).collect();
        for at in written {
            let row = &mut rows[at];
            let (errors, warnings) = self.context.judge(writer, row.id, None)?;
            let unread = |notice: &Notice| {
                let field = notice.arg("field");
                row.unread.iter().any(|(_, unread)| unread.arg("field") == field)
            };
            row.errors.extend(errors.into_iter().filter(|notice| !unread(notice)));
            let own = u64::from(row.number);
            let line_of = |other| lines.get(&other).copied();
            let warnings = warnings.into_iter().filter_map(|notice| by_line(notice, own, line_of));
            let (reasoned, open) = warnings.partition::<Vec<_>, _>(|notice| self.reason(&notice.code).is_some());
            row.warnings = open;
            if !reasoned.is_empty() {
                warned.push((at, reasoned));
            }
        }
        for (at, reasoned) in warned {
            let reason = |notice: &Notice| Some((notice.code.clone(), self.reason(&notice.code)?.to_owned()));
            let draft = self.draft(&rows[at], reasoned.iter().filter_map(reason).collect());
            self.context.write(writer, rows[at].id, &draft, writer.record(rows[at].id)?.as_ref(), self.now)?;
        }
        writer.settle()?;
        Ok(Understood {
            sheets: self.table.sheets.clone(),
            sheet: self.table.sheet.clone(),
            heading: self.heading.map_or(0, |at| self.table.rows[at].0),
            columns: self.columns.clone(),
            rows,
            token: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// The cells of a row, those that name a record taken from the row above where they are blank and that was asked for.
    fn filled_down(&self, cells: &[String], above: &[String]) -> Vec<String> {
        let mut cells = cells.to_vec();
        for (at, column) in self.columns.iter().enumerate().filter(|_| self.block.downwards) {
            let field = column.field.as_ref().and_then(|name| self.kind.field(name));
            let names = field.is_some_and(|field| matches!(field.ty, FieldType::Ref { .. }));
            let blank = cells.get(at).is_none_or(|cell| cell.trim().is_empty());
            if let Some(text) = above.get(at).filter(|text| names && blank && !text.trim().is_empty()) {
                if cells.len() <= at {
                    cells.resize(at + 1, String::new());
                }
                cells[at] = text.clone();
            }
        }
        cells
    }

    fn reason(&self, code: &str) -> Option<&str> {
        self.block.reasons.get(code).map(|reason| reason.trim()).filter(|reason| !reason.is_empty())
    }

    fn row(&self, number: u32, cells: &[String], found: &Found, seen: &mut HashMap<String, u32>) -> Row {
        let mut fields = self.block.preset.clone();
        fields.retain(|_, value| !value.is_null());
        let mut unread = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let known = column.field.as_ref().and_then(|name| self.kind.field(name));
            let (Some(field), Some(text)) = (known, cells.get(at)) else { continue };
            match read(field, text, column.scale, &self.schema, found) {
                Ok(Some(value)) => {
                    fields.insert(field.name.clone(), value);
                }
                Ok(None) => {}
                Err(notice) => {
                    fields.remove(&field.name);
                    unread.push((at as u32, notice));
                }
            }
        }
        // The same row of the same block is the same record, however often it is pasted; two rows alike are two.
        let said = serde_json::to_string(&(&self.kind.id, &self.block.campaigns, &fields)).unwrap_or_default();
        let occurrence = seen.entry(said.clone()).or_insert(0);
        *occurrence += 1;
        Row {
            number,
            cells: cells.to_vec(),
            id: RecordId::derived(self.context.office(), &said, *occurrence),
            fields,
            again: false,
            left_out: self.block.left_out.contains(&number),
            unread,
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn draft(&self, row: &Row, overrides: BTreeMap<String, String>) -> Draft {
        let own = self.kind.follows.is_none() && !self.block.campaigns.is_empty();
        Draft {
            kind: self.kind.id.clone(),
            campaigns: own.then(|| self.block.campaigns.clone()),
            overrides: (!overrides.is_empty()).then_some(overrides),
            fields: row.fields.clone(),
            ..Draft::default()
        }
    }
}

/// Looks up what cells name, each text once.
struct Found<'a> {
    work: &'a Work<'a>,
    reader: &'a Reader<'a>,
    known: RefCell<HashMap<(String, String), Result<Value, Notice>>>,
}

impl Names for Found<'_> {
    fn record(&self, field: &Field, to: &str, text: &str) -> Result<Value, Notice> {
        if let Some(id) = self.work.block.meant.get(&field.name).and_then(|meant| meant.get(text)) {
            return Ok(Value::text(id));
        }
        let key = (to.to_owned(), text.to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let notice = |code: &str| {
            let quoted: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
            Notice::new(code)
                .with("field", &field.name)
                .with("zh", &field.zh)
                .with("en", &field.en)
                .with("value", quoted)
        };
        let found = match self.alike(to, text) {
            Ok(Alike { exact, near }) => match &exact[..] {
                [one] => Ok(Value::text(one.to_string())),
                [] if near.is_empty() => Err(notice("paste-unknown")),
                [] => Err(notice("paste-unknown-near").with("near", near.join("、"))),
                several => Err(notice("paste-ambiguous").with("count", several.len())),
            },
            Err(failure) => Err(failure.notices.into_iter().next().unwrap_or_else(|| notice("paste-unknown"))),
        };
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn division(&self, text: &str) -> Option<String> {
        self.work.divisions.get(&plain(text)).cloned().flatten()
    }
}

#[derive(Default)]
struct Alike {
    exact: Vec<RecordId>,
    /// Names that are nearly it.
    near: Vec<String>,
}

impl Found<'_> {
    /// Records of a kind that a text names: by credit code or name where they have such, else by their title.
    fn alike(&self, kind: &str, text: &str) -> Outcome<Alike> {
        let Some(kind) = self.work.schema.kind(kind) else { return Ok(Alike::default()) };
        let code = kind.fields.iter().find(|field| field.ty == FieldType::Uscc);
        let candidates: Vec<Record> = if code.is_some() {
            let mut typed = domain::uscc::normalise(text);
            if !typed.is_ascii() {
                typed = text.to_owned();
            }
            let ids = self.reader.search(&typed, ALIKE)?;
            let found = ids.into_iter().map(|id| self.reader.record(id)).collect::<Result<Vec<_>, _>>()?;
            found.into_iter().flatten().filter(|record| record.void.is_none()).collect()
        } else {
            let query = ListQuery { kind: kind.id.clone(), limit: NAMED_AMONG, ..ListQuery::default() };
            self.reader.list(&query)?.records
        };
        let wanted = plain(text);
        let mut alike = Alike::default();
        for record in &candidates {
            let title = record.text(&kind.title).unwrap_or_default();
            let coded = code.and_then(|code| record.text(&code.name)).is_some_and(|code| plain(code) == wanted);
            if coded || plain(title) == wanted {
                // What was joined counts as what it was joined to.
                let one = self.reader.root_of(record.id)?;
                if !alike.exact.contains(&one) {
                    alike.exact.push(one);
                }
            } else if code.is_some() && alike.near.len() < 3 {
                alike.near.push(title.chars().take(40).collect());
            }
        }
        Ok(alike)
    }
}
