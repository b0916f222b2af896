//! What the template reads: the filled form with widths and letter sizes settled. Texts travel as JSON strings, so that
//! nothing in a record can ever be markup.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::error::Missing;
use crate::filled::{FilledCell, FilledForm, FilledLine};
use crate::fonts::{self, Fonts};
use crate::layout::{self, Sheet};

/// Numbers shrink to their column down to this size, in points, before they are broken.
const SMALLEST: f64 = 5.5;

/// From line to line, in em, as in the template.
const LEADING: f64 = 1.22;

#[derive(Serialize)]
pub struct Data<'a> {
    fonts: fonts::Families,
    page: Page,
    size: f64,
    inset: f64,
    note: &'a str,
    attachment: String,
    title: String,
    author: String,
    head: Vec<Line>,
    foot: Vec<Line>,
    columns: &'a [f64],
    left: Vec<bool>,
    header: Vec<Header>,
    rows: Vec<Vec<Cell>>,
    blank: usize,
}

#[derive(Serialize)]
struct Page {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

#[derive(Serialize)]
struct Line {
    left: String,
    centre: String,
    right: String,
    seal: bool,
}

#[derive(Serialize)]
struct Header {
    text: String,
    rows: u32,
    columns: u32,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Cell {
    Plain(String),
    Special { text: String, size: f64, marked: bool, tall: bool },
}

/// Space above and below a cell's text, in points.
pub fn inset(sheet: &Sheet) -> f64 {
    (sheet.row - sheet.size) / 2.0
}

/// The template's input. Cells on conflicts are marked, and characters no font draws are named, so that a preview never
/// shows a box.
pub fn data<'a>(filled: &FilledForm, sheet: &'a Sheet, fonts: &Fonts) -> Data<'a> {
    let mut names = Names::new(fonts);
    let unsettled: HashSet<(&str, &str)> =
        filled.unsettled.iter().map(|(row, column)| (row.as_str(), column.as_str())).collect();
    let advance = |character| fonts.advance(character);
    let rooms: Vec<f64> = (0..filled.width()).map(|column| sheet.room(column, 1)).collect();
    let ems: Vec<f64> = rooms.iter().map(|room| room / sheet.size).collect();
    let (_, longest) = layout::most_lines(filled, &ems, &advance);
    let left: Vec<bool> = longest.into_iter().map(|lines| lines > layout::CENTRED_LINES).collect();
    let tallest = layout::points(sheet.height - sheet.margins.top - sheet.margins.bottom) * 0.6;
    let stub = usize::from(filled.stub.is_some());
    let mut rows = Vec::with_capacity(filled.rows.len());
    for row in &filled.rows {
        let mut texts = Vec::with_capacity(row.cells.len());
        for (column, cell) in row.cells.iter().enumerate() {
            let text = names.named(cell.text());
            texts.push(fitted(cell, text, (rooms[column], sheet.size, left[column]), &advance));
        }
        let height = |(text, size): &(String, f64)| {
            let lines = text.bytes().filter(|byte| *byte == b'\n').count() as f64 + 1.0;
            lines * size * LEADING
        };
        // A page may end inside a row only where the row would not fit one; Typst asks every cell of the row.
        let tall = texts.iter().any(|text| height(text) > tallest);
        let mut cells = Vec::with_capacity(row.cells.len());
        for (column, (text, size)) in texts.into_iter().enumerate() {
            let marked = column >= stub
                && !unsettled.is_empty()
                && unsettled.contains(&(row.id.as_str(), filled.columns[column - stub].id.as_str()));
            let plain = !marked && !tall && size == sheet.size;
            cells.push(if plain { Cell::Plain(text) } else { Cell::Special { text, size, marked, tall } });
        }
        rows.push(cells);
    }
    let header = filled.header.cells.iter().map(|cell| {
        let text = names.named(&cell.text);
        let room = sheet.room(cell.column as usize, cell.columns as usize) / sheet.size;
        let text = layout::balanced(&text, room, &advance);
        Header { text, rows: cell.rows, columns: cell.columns }
    });
    let header = header.collect();
    let margins = sheet.margins;
    Data {
        fonts: fonts::families(),
        page: Page {
            width: sheet.width,
            height: sheet.height,
            left: margins.left,
            right: margins.right,
            top: margins.top,
            bottom: margins.bottom,
        },
        size: sheet.size,
        inset: inset(sheet),
        note: if filled.settled() { "" } else { layout::PREVIEW_NOTE },
        attachment: names.named(&filled.attachment),
        title: names.named(&filled.title),
        author: filled.office_name.clone(),
        head: filled.head.iter().map(|line| names.line(line)).collect(),
        foot: filled.foot.iter().map(|line| names.line(line)).collect(),
        columns: &sheet.columns,
        left,
        header,
        rows,
        blank: if filled.rows.is_empty() { layout::BLANK_ROWS } else { 0 },
    }
}

/// Numbers keep to one line, with smaller letters where the column is narrow. Texts are broken here, so that a standard's
/// number is not parted at its slash; centred ones evenly.
fn fitted(
    cell: &FilledCell,
    text: String,
    (room, size, left): (f64, f64, bool),
    advance: &impl Fn(char) -> f64,
) -> (String, f64) {
    let width: f64 = text.chars().map(advance).sum();
    if width * size <= room && !text.contains('\n') {
        return (text, size);
    }
    if matches!(cell, FilledCell::Text(_)) {
        let room = room / size;
        let broken = if left { layout::wrapped(&text, room, advance) } else { layout::balanced(&text, room, advance) };
        return (broken, size);
    }
    let smaller = (room / width * 10.0).floor() / 10.0;
    let size = smaller.max(SMALLEST).min(size);
    (layout::wrapped(&text, room / size, advance), size)
}

/// Every character no font of the list draws, with the rows it stands in, in the order of their numbers.
pub fn missing(filled: &FilledForm, fonts: &Fonts) -> Vec<Missing> {
    let mut names = Names::new(fonts);
    let mut found: BTreeMap<char, Vec<String>> = BTreeMap::new();
    let lines = filled.head.iter().chain(&filled.foot).flat_map(|line| [&line.left, &line.centre, &line.right]);
    let header = filled.header.cells.iter().map(|cell| &cell.text);
    for text in [&filled.attachment, &filled.title].into_iter().chain(lines).chain(header) {
        for character in text.chars().filter(|character| !names.draws(*character)) {
            found.entry(character).or_default();
        }
    }
    for (at, row) in filled.rows.iter().enumerate() {
        let texts = row.cells.iter().flat_map(|cell| cell.text().chars());
        for character in texts.filter(|character| !names.draws(*character)) {
            let (rows, name) = (found.entry(character).or_default(), filled.row_name(at));
            if rows.last() != Some(&name) {
                rows.push(name);
            }
        }
    }
    found.into_iter().map(|(character, rows)| Missing { character, rows }).collect()
}

/// Remembers which characters have a glyph: a list of thousands of rows asks for the same few thousand again and again.
pub struct Names<'a> {
    fonts: &'a Fonts,
    seen: BTreeMap<char, bool>,
}

impl<'a> Names<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Names { fonts, seen: BTreeMap::new() }
    }

    pub fn draws(&mut self, character: char) -> bool {
        if matches!(character, ' '..='~' | '\n') || is_invisible(character) {
            return true;
        }
        *self.seen.entry(character).or_insert_with(|| self.fonts.draws(character))
    }

    /// The text with what cannot be drawn replaced by its number, and tabs by spaces.
    pub fn named(&mut self, text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '\t' | '\u{A0}' => named.push(' '),
                _ if self.draws(character) => named.push(character),
                _ => named.push_str(&format!("[U+{:04X}]", u32::from(character))),
            }
        }
        named
    }

    fn line(&mut self, line: &FilledLine) -> Line {
        let FilledLine { left, centre, right, seal } = line;
        Line { left: self.named(left), centre: self.named(centre), right: self.named(right), seal: *seal }
    }
}

/// Drawn as nothing by every font: joiners, marks of direction, variation selectors, line ends.
fn is_invisible(character: char) -> bool {
    matches!(character, '\t' | '\r' | '\u{A0}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}
