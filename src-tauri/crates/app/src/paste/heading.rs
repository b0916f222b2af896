//! The rows that head a block: one, or several with cells that are merged, whose words are then read from above to below.

use std::collections::BTreeSet;

use super::columns::{Column, Heading, Known};
use super::table::{Merged, Table};
use super::words::{Words, plain};

/// Rows a heading may stand below: a title, a note.
const HEADING_WITHIN: usize = 12;
/// Rows a heading may have.
const MOST_LEVELS: usize = 4;

/// Places of the heading's rows in the table, and what its columns are.
pub struct Headed {
    pub first: usize,
    pub last: usize,
    pub columns: Vec<Column>,
}

/// The rows that head the block: of the first few those that name most fields. `None` where no row names two, or half of what
/// it says. `chosen` is the place of the row a person says it begins with, `end` that of the row it is known to end with.
pub fn headed(known: &Known, table: &Table, chosen: Option<usize>, end: Option<usize>) -> Option<Headed> {
    if let (Some(first), Some(last)) = (chosen, end.filter(|last| chosen.is_some_and(|first| first <= *last))) {
        let columns = Levels::of(known, table, first, last).columns;
        return Some(Headed { first, last, columns });
    }
    let firsts = match chosen {
        Some(first) => first..first + 1,
        None => 0..table.rows.len().min(HEADING_WITHIN),
    };
    let mut best: Option<((usize, usize, isize, isize), Headed)> = None;
    for first in firsts {
        let mut before: Option<Levels> = None;
        for last in first..table.rows.len().min(first + MOST_LEVELS) {
            let levels = Levels::of(known, table, first, last);
            if before.as_ref().is_some_and(|before| !levels.goes_on(before)) {
                break;
            }
            if levels.is_heading() || chosen.is_some() && last == first {
                let score = (levels.named(), levels.joined, first as isize - last as isize, -(first as isize));
                if best.as_ref().is_none_or(|(most, _)| score > *most) {
                    best = Some((score, Headed { first, last, columns: levels.columns.clone() }));
                }
            }
            before = Some(levels);
        }
    }
    best.map(|(_, headed)| headed)
}

/// Some rows, read as a heading.
struct Levels {
    /// What the lowest row says, by column, where that is not merged with the one above.
    lowest: Vec<String>,
    headings: Vec<Heading>,
    columns: Vec<Column>,
    /// Columns whose name takes more than one row.
    joined: usize,
}

impl Levels {
    fn of(known: &Known, table: &Table, first: usize, last: usize) -> Self {
        let width = table.width();
        let rows = levels(table, first, last);
        let mut lowest = rows.last().cloned().unwrap_or_default();
        if let Some(above) = rows.len().checked_sub(2).map(|at| &rows[at]) {
            lowest.iter_mut().zip(above).filter(|(cell, above)| cell == above).for_each(|(cell, _)| cell.clear());
        }
        let headings: Vec<Heading> = (0..width).map(|column| heading_of(&rows, column)).collect();
        let recognised = known.recognise(&headings);
        let takes_several =
            |heading: &Heading, way: usize| heading.leaf.is_some() && heading.ways.get(way) != heading.leaf.as_ref();
        let pairs = headings.iter().zip(&recognised);
        let joined =
            pairs.filter(|(heading, (column, way))| column.field.is_some() && takes_several(heading, *way)).count();
        let columns = recognised.into_iter().map(|(column, _)| column).collect();
        Levels { lowest, headings, columns, joined }
    }

    fn named(&self) -> usize {
        self.columns.iter().filter(|column| column.field.is_some()).count()
    }

    fn is_heading(&self) -> bool {
        let (named, filled) = (self.named(), self.headings.iter().filter(|heading| !heading.shown.is_empty()).count());
        named >= 2 || named > 0 && named * 2 >= filled
    }

    /// Whether the lowest row belongs to the heading above it: it says nothing under what is named already, as a row of data
    /// would, unless the words of both name a field together.
    fn goes_on(&self, above: &Levels) -> bool {
        let under_named = above.columns.iter().zip(&self.lowest).zip(&self.columns);
        let mut under_named = under_named.filter(|((above, lowest), _)| above.field.is_some() && !lowest.is_empty());
        under_named.all(|(_, column)| column.field.is_some()) && !self.lowest.iter().all(String::is_empty)
    }
}

/// What the rows of a heading say of each column, cells that are merged across said of each, by level from above.
pub(crate) fn levels(table: &Table, first: usize, last: usize) -> Vec<Vec<String>> {
    let width = table.width();
    let rows: Vec<Vec<String>> = (first..=last).map(|at| row_of(table, at, width)).collect();
    let merged: Vec<&Merged> = table.merged.iter().filter(|region| touches(region, table, first, last)).collect();
    filled(rows, table, first, &merged)
}

fn row_of(table: &Table, at: usize, width: usize) -> Vec<String> {
    let mut cells: Vec<String> = table.rows[at].1.iter().map(|cell| cell.trim().to_owned()).collect();
    cells.resize(width, String::new());
    cells
}

fn touches(region: &Merged, table: &Table, first: usize, last: usize) -> bool {
    region.rows.0 <= table.rows[last].0 && region.rows.1 >= table.rows[first].0
}

/// Cells that are merged across say the same of each column. The clipboard does not tell which are: there, a blank cell over
/// one that is filled belongs to the one before it, where that too stands over a filled one.
fn filled(mut rows: Vec<Vec<String>>, table: &Table, first: usize, merged: &[&Merged]) -> Vec<Vec<String>> {
    let from_workbook = table.sheet.is_some();
    for region in merged {
        let (from, to) = (region.columns.0 as usize, region.columns.1 as usize);
        let text = rows.iter().enumerate().find_map(|(at, cells)| {
            let inside = (region.rows.0..=region.rows.1).contains(&table.rows[first + at].0);
            cells.get(from).filter(|text| inside && !text.is_empty()).cloned()
        });
        let Some(text) = text else { continue };
        for (at, cells) in rows.iter_mut().enumerate() {
            if (region.rows.0..=region.rows.1).contains(&table.rows[first + at].0) {
                for cell in cells.iter_mut().take(to + 1).skip(from).filter(|cell| cell.is_empty()) {
                    cell.clone_from(&text);
                }
            }
        }
    }
    if !from_workbook || merged.is_empty() {
        for at in 0..rows.len().saturating_sub(1) {
            let stands_over =
                |rows: &[Vec<String>], column: usize| rows[at + 1..].iter().any(|row| !row[column].is_empty());
            for column in 1..rows[at].len() {
                let blank = rows[at][column].is_empty() && stands_over(&rows, column);
                if blank && !rows[at][column - 1].is_empty() && stands_over(&rows, column - 1) {
                    rows[at][column] = rows[at][column - 1].clone();
                }
            }
        }
    }
    rows
}

/// What a column is headed with, read from above to below.
fn heading_of(rows: &[Vec<String>], column: usize) -> Heading {
    let mut levels: Vec<&str> = rows.iter().map(|row| row[column].as_str()).filter(|text| !text.is_empty()).collect();
    levels.dedup();
    let [upper @ .., leaf] = &levels[..] else { return Heading::default() };
    if upper.is_empty() {
        return Heading::of(leaf);
    }
    let words = &Words::shared().level;
    let subject = |text: &&str| {
        let plain = plain(text);
        let about = words.about.iter().find_map(|about| plain.strip_suffix(about.as_str()));
        about.map_or(plain.clone(), str::to_owned)
    };
    let subjects: Vec<String> = upper.iter().map(subject).collect();
    let nearest = subjects.last().cloned().unwrap_or_default();
    let mut ways =
        vec![format!("{}{leaf}", upper.concat()), format!("{}{leaf}", subjects.concat()), format!("{nearest}{leaf}")];
    let generic = words.generic.iter().any(|word| plain(word) == plain(&strip_remark(leaf)));
    if !generic || subjects.iter().all(String::is_empty) {
        ways.push((*leaf).to_owned());
    }
    let mut seen = BTreeSet::new();
    ways.retain(|way| seen.insert(way.clone()));
    Heading { shown: levels.join(" · "), ways, leaf: Some((*leaf).to_owned()) }
}

fn strip_remark(text: &str) -> String {
    text.split(['(', '（']).next().unwrap_or_default().to_owned()
}
