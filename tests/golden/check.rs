//! One filled form against what was worked out by hand: as JSON, as a spreadsheet read back by another library, as the words
//! of the PDF, and cell by cell against the records behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use app::{CellTrace, CellView, Filled, RecordId};
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use crate::desk::{Desk, day, long, request, short};

/// How a column prints what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prints {
    /// Texts; in a list, where nothing is counted.
    Text,
    /// The count itself.
    Count,
    /// Divided by this, half up to at most four decimals.
    Over(i64),
    /// Divided by this, half up to two decimals, zeros and all.
    Fixed(i64),
    /// The first column over the second, in percent.
    Rate(&'static str, &'static str),
}

pub struct Golden<'g> {
    pub form: &'g str,
    pub office: &'g str,
    pub as_of: &'g str,
    pub head: [&'g str; 2],
    pub foot: &'g [&'g str],
    pub title: &'g str,
    pub attachment: &'g str,
    /// The header of the row labels, of a statistics form.
    pub stub: Option<&'g str>,
    /// Column id, header path (levels parted by >), and how it prints.
    pub columns: &'g [(&'g str, &'g str, Prints)],
    /// Row id (of a list: the record's) and what is printed, label or row number first.
    pub rows: &'g [(&'g str, &'g [&'g str])],
}

impl Golden<'_> {
    pub fn check(&self, desk: &Desk) {
        let filled = desk.fill(self.form, self.office, self.as_of);
        self.json(&filled);
        let stem = desk.folder().join(format!("{}-{}-{}", self.form.replace('/', "-"), self.office, self.as_of));
        let (xlsx, pdf) = (stem.with_extension("xlsx"), stem.with_extension("pdf"));
        desk.session.write_form(&filled.form, &[xlsx.clone(), pdf.clone()]).unwrap();
        keep(&pdf);
        keep(&xlsx);
        self.xlsx(&xlsx);
        self.pdf(&pdf);
        self.opens(desk);
    }

    fn is_list(&self) -> bool {
        self.stub.is_none()
    }

    fn row_id(&self, id: &str) -> String {
        if self.is_list() { long(id) } else { id.to_owned() }
    }

    fn json(&self, filled: &Filled) {
        let found: Value = serde_json::from_str(&app::form_json(&filled.form)).unwrap();
        let whose = format!("{} of {} up to {}", self.form, self.office, self.as_of);
        assert_eq!(found["form"], json!(self.form));
        assert_eq!(found["title"], json!(self.title));
        assert_eq!(found["office"], json!(self.office));
        assert_eq!(found["as_of"], json!(self.as_of));
        assert_eq!(found["date"], json!(self.as_of), "the printed date is the cut-off where none was given");
        assert_eq!(found["stub"], json!(self.stub));
        let paths: Vec<Vec<&str>> = self.columns.iter().map(|(_, path, _)| path.split('>').collect()).collect();
        assert_eq!(found["header"], json!(paths), "{whose}");
        assert_eq!(found["columns"], json!(self.columns.iter().map(|(id, ..)| *id).collect::<Vec<_>>()));
        let ids: Vec<String> = self.rows.iter().map(|(id, _)| self.row_id(id)).collect();
        assert_eq!(found["row_ids"], json!(ids), "{whose}");
        for (at, (id, expected)) in self.rows.iter().enumerate() {
            assert_eq!(expected.len(), self.width(), "{whose}: row {id} as expected has a cell too many or too few");
            assert_eq!(found["rows"][at], json!(expected), "{whose}: row {id}");
        }
        assert_eq!(found["rows"].as_array().unwrap().len(), self.rows.len(), "{whose}");
        assert_eq!(found["unsettled"], json!([]), "{whose}");
        assert_eq!(found["head"][0]["left"], json!(self.head[0]), "{whose}");
        assert_eq!(found["head"][0]["right"], json!(self.head[1]), "{whose}");
        let foot: Vec<&str> =
            found["foot"].as_array().unwrap().iter().map(|line| line["left"].as_str().unwrap()).collect();
        assert_eq!(foot, self.foot, "{whose}");
    }

    fn width(&self) -> usize {
        self.columns.len() + usize::from(!self.is_list())
    }

    /// The kind of column at a place of a printed row.
    fn prints(&self, at: usize) -> Prints {
        match (self.is_list(), at) {
            (false, 0) => Prints::Text,
            (false, at) => self.columns[at - 1].2,
            (true, at) => self.columns[at].2,
        }
    }

    fn xlsx(&self, path: &Path) {
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let name = book.sheet_names()[0].clone();
        let sheet = book.worksheet_range(&name).unwrap();
        let at =
            |row: usize, column: usize| sheet.get_value((row as u32, column as u32)).cloned().unwrap_or(Data::Empty);
        let text = |text: &str| match text {
            "" => Data::Empty,
            text => Data::String(text.to_owned()),
        };
        // A form of our own has no line above its title.
        let above = usize::from(!self.attachment.is_empty());
        if above > 0 {
            assert_eq!(at(0, 0), text(self.attachment));
        }
        assert_eq!(at(above, 0), text(self.title));
        assert_eq!(at(above + 1, 0), text(self.head[0]));
        let levels = self.columns.iter().map(|(_, path, _)| path.split('>').count()).max().unwrap();
        let first = usize::from(!self.is_list());
        // Each level of a path stands at the first column of those that share it.
        for (column, (_, path, _)) in self.columns.iter().enumerate() {
            let words: Vec<&str> = path.split('>').collect();
            for level in 0..words.len() {
                let shared = |other: usize| {
                    let other: Vec<&str> = self.columns[other].1.split('>').collect();
                    other.len() > level && other[..=level] == words[..=level]
                };
                if column == 0 || !shared(column - 1) {
                    // Where a line ends is layout.
                    let found = match at(above + 2 + level, first + column) {
                        Data::String(words) => Data::String(words.replace('\n', "")),
                        other => other,
                    };
                    assert_eq!(found, text(words[level]), "{} {path}", self.form);
                }
            }
        }
        let top = above + 2 + levels;
        for (down, (id, expected)) in self.rows.iter().enumerate() {
            for (across, words) in expected.iter().enumerate() {
                let number = || words.trim_end_matches('%').parse::<f64>();
                let expected = match self.prints(across) {
                    Prints::Text => text(words),
                    _ if words.is_empty() || *words == "—" => text(words),
                    Prints::Rate(..) => Data::Float(number().unwrap() / 100.0),
                    _ => Data::Float(number().unwrap()),
                };
                let found = at(top + down, across);
                let same = match (&found, &expected) {
                    (Data::Float(found), Data::Float(expected)) => (found - expected).abs() < 1e-9,
                    (Data::String(found), Data::Empty) => found.is_empty(),
                    (found, expected) => found == expected,
                };
                assert!(same, "{} row {id} cell {across}: {found:?}, not {expected:?}", self.form);
            }
        }
    }

    fn pdf(&self, path: &Path) {
        let run = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(path).arg("-").output();
        let run = run.expect("pdftotext (poppler-utils) is installed");
        assert!(run.status.success());
        let words = squeezed(&String::from_utf8(run.stdout).unwrap());
        let header = self.columns.iter().flat_map(|(_, path, _)| path.split('>'));
        let lines = self.head.iter().chain(self.foot).chain([&self.title, &self.attachment]).copied();
        for text in header.chain(self.stub).chain(lines) {
            assert!(words.contains(&squeezed(text)), "{}: {text} in {words}", self.form);
        }
        for (id, expected) in self.rows {
            // The words of a row stand together, cell after cell.
            let row = squeezed(&expected.concat());
            assert!(words.contains(&row), "{} row {id}: {row} in {words}", self.form);
        }
    }

    /// Every cell is what the records behind it add up to, and every one of those records says so.
    fn opens(&self, desk: &Desk) {
        let request = request(self.form, self.office, self.as_of);
        let own = desk.session.office().as_str() == self.office;
        let mut cells: BTreeMap<String, Vec<CellView>> = BTreeMap::new();
        for (row, expected) in self.rows {
            let row_id = self.row_id(row);
            for (at, (column, _, prints)) in self.columns.iter().enumerate() {
                let trace = desk.session.traced_records(&request, &row_id, column).unwrap();
                let printed = expected[at + usize::from(!self.is_list())];
                let whose = format!("{} {} {row} {column}", self.form, self.as_of);
                if self.is_list() {
                    assert!(trace.iter().any(|traced| traced.record.id == row_id), "{whose} opens its own record");
                } else {
                    assert_eq!(recounted(&trace, *prints), printed, "{whose}: {:?}", ids(&trace));
                }
                for traced in trace.iter().filter(|_| own) {
                    assert_eq!(traced.record.void, None, "{whose}");
                    let cells = cells.entry(traced.record.id.clone()).or_insert_with(|| {
                        desk.session.cells(traced.record.id.parse::<RecordId>().unwrap(), day(self.as_of)).unwrap()
                    });
                    if self.is_list() {
                        let is_row = |cell: &CellView| cell.form == self.form && cell.row == row_id;
                        assert!(traced.record.id != row_id || cells.iter().any(is_row), "{whose}");
                        continue;
                    }
                    // The cell itself, and beneath a total or a sum the one that counted the record; a rate is no count.
                    let told = |row: &str, column: &str| {
                        cells.iter().any(|cell| (&*cell.form, &*cell.row, &*cell.column) == (self.form, row, column))
                    };
                    let id = short(&traced.record.id);
                    assert!(told(&traced.row, &traced.column), "{whose}: {id} in {} {}", traced.row, traced.column);
                    assert!(matches!(prints, Prints::Rate(..)) || told(row, column), "{whose}: {id}");
                }
            }
        }
    }
}

/// What a trace adds up to, printed by another hand.
fn recounted(trace: &[CellTrace], prints: Prints) -> String {
    match prints {
        Prints::Text => String::new(),
        Prints::Count => recount(trace).to_string(),
        Prints::Over(divisor) => {
            // In ten-thousandths, half up.
            let shown = (recount(trace) * 10_000 * 2 / divisor + 1) / 2;
            let text = format!("{}.{:04}", shown / 10_000, shown % 10_000);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Prints::Fixed(divisor) => {
            let shown = (recount(trace) * 100 * 2 / divisor + 1) / 2;
            format!("{}.{:02}", shown / 100, shown % 100)
        }
        Prints::Rate(part, whole) => {
            let side = |column: &str| {
                recount(&trace.iter().filter(|traced| traced.column == column).cloned().collect::<Vec<_>>())
            };
            if side(whole) == 0 {
                return "—".to_owned();
            }
            let hundredths = (side(part) * 20_000 / side(whole) + 1) / 2;
            format!("{}.{:02}%", hundredths / 100, hundredths % 100)
        }
    }
}

/// The sum of the amounts, where distinct ones of one cell add up once.
fn recount(trace: &[CellTrace]) -> i64 {
    let mut seen = BTreeSet::new();
    let mut sum = 0;
    for CellTrace { row, column, counted_as, amount, .. } in trace {
        if counted_as.as_ref().is_none_or(|counted| seen.insert((row, column, counted))) {
            sum += amount;
        }
    }
    sum
}

/// The short ids behind one cell, in the order they are listed.
pub fn behind(desk: &Desk, form: &str, as_of: &str, row: &str, column: &str) -> Vec<String> {
    let request = request(form, desk.session.office().as_str(), as_of);
    ids(&desk.session.traced_records(&request, row, column).unwrap())
}

fn ids(trace: &[CellTrace]) -> Vec<String> {
    trace.iter().map(|traced| short(&traced.record.id)).collect()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// Leaves a copy where `SWEEPBOOK_GOLDEN` names a folder, to be looked at.
fn keep(path: &Path) {
    if let Some(folder) = std::env::var_os("SWEEPBOOK_GOLDEN") {
        std::fs::copy(path, Path::new(&folder).join(path.file_name().unwrap())).unwrap();
    }
}
