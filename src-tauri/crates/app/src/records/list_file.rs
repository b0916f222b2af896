//! A list of records saved as a workbook or as CSV: every row of it, in the columns, the order and the words of the screen.

use std::path::Path;

use ::forms::{ListCell, ListFile, ListFormat};
use domain::schema::{Field, FieldType, Kind};
use domain::{Notice, Record, Value};
use store::{ListQuery, Reader};

use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::messages::Language;
use crate::records::rows::{RecordRow, row};
use crate::session::Reading;
use crate::words::Words;

/// Rows are read this many at a time.
const STEP: u32 = 500;
/// Decimals of an amount of money.
const FEN: u32 = 2;

/// What a list is written as, by the ending of the file's name.
pub(crate) fn list_format(path: &Path) -> Outcome<ListFormat> {
    match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => Ok(ListFormat::Xlsx),
        Some("csv") => Ok(ListFormat::Csv),
        _ => Err(Notice::new("list-output-unknown").with("path", path.display()).into()),
    }
}

/// The columns of a list of one kind, and what stands in them.
pub(crate) struct Columns<'a> {
    words: &'a Words<'a>,
    fields: Vec<&'a Field>,
}

impl<'a> Columns<'a> {
    /// Those that are named, or those that lists of the kind show.
    pub fn of(words: &'a Words<'a>, kind: &'a Kind, named: &[String]) -> Outcome<Self> {
        let names = if named.is_empty() { &kind.columns } else { named };
        let unknown = |name: &String| {
            let notice = Notice::new("field-unknown").with("field", name);
            Failure::new(notice.with("zh", &kind.zh).with("en", &kind.en))
        };
        let fields = names.iter().map(|name| kind.field(name).ok_or_else(|| unknown(name)));
        Ok(Columns { words, fields: fields.collect::<Outcome<_>>()? })
    }

    pub fn headings(&self) -> impl Iterator<Item = String> {
        self.fields.iter().map(|field| match field.ty {
            FieldType::Money => format!("{}{}", self.words.label(field), self.words.pick("（元）", " (yuan)")),
            _ => self.words.label(field),
        })
    }

    pub fn cells(&self, record: Record) -> Outcome<Vec<ListCell>> {
        let row = row(self.words.session, self.words.reader, record.clone())?;
        self.fields.iter().map(|field| self.cell(field, &record, &row)).collect()
    }

    fn cell(&self, field: &Field, record: &Record, row: &RecordRow) -> Outcome<ListCell> {
        let value = record.get(&field.name);
        let chosen = |said: &str| row.titles.get(&format!("{}={said}", field.name));
        Ok(match (&field.ty, value) {
            (FieldType::Money, Value::Int(fen)) => ListCell::Number { value: *fen, scale: FEN },
            (FieldType::Integer | FieldType::Quantity, Value::Int(number)) => match chosen(&number.to_string()) {
                Some(measured) => decimal(measured),
                None => ListCell::Number { value: *number, scale: 0 },
            },
            (FieldType::Objects { .. }, Value::List(list)) => ListCell::Number { value: list.len() as i64, scale: 0 },
            (FieldType::Checklist, Value::Map(items)) => ListCell::Number { value: items.len() as i64, scale: 0 },
            (FieldType::Division, Value::Text(code)) => ListCell::Text(row.titles.get(code).unwrap_or(code).clone()),
            (_, Value::Text(text)) if field.chooses.is_some() => ListCell::Text(chosen(text).unwrap_or(text).clone()),
            _ => ListCell::Text(self.words.value(record, field)?),
        })
    }
}

/// A number written out, such as 1.5.
fn decimal(text: &str) -> ListCell {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    match format!("{whole}{rest}").parse() {
        Ok(value) => ListCell::Number { value, scale: rest.len() as u32 },
        Err(_) => ListCell::Text(text.to_owned()),
    }
}

impl Reading {
    /// Writes every record a query finds, in its order; returns how many. `named` are the columns, none for those lists show.
    pub fn write_list(&self, query: &ListQuery, named: &[String], language: Language, to: &Path) -> Outcome<u64> {
        let format = list_format(to)?;
        let unknown = || Notice::new("kind-unknown").with("value", &query.kind);
        let kind = self.library().schema().kind(&query.kind).ok_or_else(unknown)?;
        let (bytes, count) = self.read::<_, Failure>(|reader| {
            let words = Words { session: self, reader, language };
            let mut file = ListFile::new(format, self.now_utc())?;
            let count = put_list(&mut file, &words, kind, query, named)?;
            Ok((file.finish()?, count))
        })?;
        write_whole(to, &bytes, true)?;
        Ok(count)
    }

    /// Writes a table as the page shows it, which has its words.
    pub fn write_table(&self, title: &str, columns: Vec<String>, rows: &[Vec<ListCell>], to: &Path) -> Outcome<()> {
        let mut file = ListFile::new(list_format(to)?, self.now_utc())?;
        file.part(title, columns)?;
        for row in rows {
            file.row(row)?;
        }
        write_whole(to, &file.finish()?, true)
    }
}

fn put_list(file: &mut ListFile, words: &Words, kind: &Kind, query: &ListQuery, named: &[String]) -> Outcome<u64> {
    let columns = Columns::of(words, kind, named)?;
    // On the screen a voided record is struck out; a file says so in words.
    let voided = query.with_voided.then(|| words.pick("作废", "Voided").to_owned());
    file.part(words.pick(&kind.zh, &kind.en), columns.headings().chain(voided).collect())?;
    let reader: &Reader = words.reader;
    let query = ListQuery { limit: STEP, after: None, ..query.clone() };
    let marks = reader.list_marks(&query)?;
    let mut first = 0;
    while first < marks.total {
        let records = reader.list_at(&query, &marks, first)?;
        first += u64::from(STEP);
        for record in records {
            let void = record.void.clone().unwrap_or_default();
            let mut cells = columns.cells(record)?;
            cells.extend(query.with_voided.then_some(ListCell::Text(void)));
            file.row(&cells)?;
        }
    }
    Ok(marks.total)
}
