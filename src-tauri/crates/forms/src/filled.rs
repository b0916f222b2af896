//! A filled form as plain data: every renderer prints these strings and no other. What is sealed of a form is this, as JSON.

use domain::Date;
use serde::{Deserialize, Serialize};

/// One filled attachment table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilledForm {
    /// The form's id.
    pub form: String,
    pub title: String,
    /// 附件 1, or empty.
    pub attachment: String,
    pub office: String,
    pub office_name: String,
    pub as_of: Date,
    pub date: Date,
    /// `A4` or `A3`.
    pub paper: String,
    pub landscape: bool,
    /// Head and foot with everything filled in; room for the seal is asked for by `seal`.
    pub head: Vec<FilledLine>,
    pub foot: Vec<FilledLine>,
    /// The header of the column of row labels; `None` for a list.
    pub stub: Option<Stub>,
    pub columns: Vec<FilledColumn>,
    pub header: HeaderGrid,
    pub rows: Vec<FilledRow>,
    /// Row id and column id of every cell that rests on an unresolved conflict.
    pub unsettled: Vec<(String, String)>,
    /// Of a list, the records that would be rows if an unresolved conflict were decided the other way, ascending.
    pub unlisted: Vec<String>,
}

impl FilledForm {
    /// Whether nothing it prints, or leaves out, rests on an unresolved conflict.
    pub fn settled(&self) -> bool {
        self.unsettled.is_empty() && self.unlisted.is_empty()
    }

    /// What a row is called, wherever it is spoken of: its label, or in a list its place and the first of its cells that is
    /// words.
    pub fn row_name(&self, at: usize) -> String {
        let Some(row) = self.rows.get(at) else { return String::new() };
        let words = |cell: &&FilledCell| {
            let text = cell.text();
            !text.is_empty() && !text.chars().all(|character| !character.is_alphabetic() || character.is_ascii_digit())
        };
        match &self.stub {
            Some(_) => row.cells.first().map(|cell| cell.text().to_owned()).unwrap_or_default(),
            None => {
                let named = row.cells.iter().filter(|cell| matches!(cell, FilledCell::Text(_))).find(words);
                let named = named.map(|cell| format!(" {}", cell.text())).unwrap_or_default();
                format!("{}{named}", at + 1)
            }
        }
    }

    /// Cells in a row: the columns, and the stub where there is one.
    pub fn width(&self) -> usize {
        self.columns.len() + usize::from(self.stub.is_some())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stub {
    pub header: String,
    pub width: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilledLine {
    pub left: String,
    pub centre: String,
    pub right: String,
    /// Keep room for a round seal over the left text.
    pub seal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilledColumn {
    pub id: String,
    pub path: Vec<String>,
    /// Millimetres at full size.
    pub width: u32,
}

/// Header cells with spans, in reading order; together they tile `levels` × (stub and columns) exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderGrid {
    pub levels: u32,
    pub cells: Vec<HeaderCell>,
}

impl HeaderGrid {
    /// Whether the cells cover `levels` × `width` exactly, none twice.
    pub fn tiles(&self, width: u32) -> bool {
        let mut covered = vec![false; (self.levels * width) as usize];
        for cell in &self.cells {
            if cell.level + cell.rows > self.levels || cell.column + cell.columns > width {
                return false;
            }
            for level in cell.level..cell.level + cell.rows {
                for column in cell.column..cell.column + cell.columns {
                    if std::mem::replace(&mut covered[(level * width + column) as usize], true) {
                        return false;
                    }
                }
            }
        }
        covered.into_iter().all(|square| square)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderCell {
    pub text: String,
    pub level: u32,
    /// 0 is the stub where there is one, else the first column.
    pub column: u32,
    pub rows: u32,
    pub columns: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilledRow {
    /// The row's id, or of a list the record's.
    pub id: String,
    pub total: bool,
    /// Stub first where there is one.
    pub cells: Vec<FilledCell>,
}

/// A cell as printed. Numbers keep their exact value for spreadsheets: `text` is `value / 10^scale`, written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum FilledCell {
    Text(String),
    Number {
        text: String,
        value: i64,
        scale: u32,
    },
    /// A rate such as 12.34%, in hundredths of a percent.
    Percent {
        text: String,
        hundredths: i64,
    },
}

impl FilledCell {
    pub fn text(&self) -> &str {
        match self {
            FilledCell::Text(text) | FilledCell::Number { text, .. } | FilledCell::Percent { text, .. } => text,
        }
    }
}
