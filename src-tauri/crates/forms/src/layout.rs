//! Measures shared by the renderers: paper, column widths, the size of the letters, and how many lines a text takes.
//! Where a page breaks and where a line ends is decided by Typst or the spreadsheet, not here.

use crate::filled::{FilledForm, FilledRow};

/// A red round seal of an office is at most 42 mm wide (国发〔1999〕25号: 42 mm for departments and counties).
pub const SEAL_MM: f64 = 42.0;

/// Letter sizes of a table in points, from 五号 to 六号; the first that fits is taken.
const SIZES: [f64; 7] = [10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5];

/// A header cell taller than this many lines calls for smaller letters.
const HEADER_LINES: usize = 4;

/// Space left and right of a cell's text, in points, both sides together.
pub const CELL_PADDING: f64 = 5.0;

/// Blank rows of a list without records, so that it can be filled in by hand.
pub const BLANK_ROWS: usize = 10;

pub const PREVIEW_NOTE: &str = "预览 · 含未决冲突";

/// Millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Millimetres, as the paper lies.
    pub width: f64,
    pub height: f64,
    pub margins: Margins,
    /// Millimetres of every column, the stub's first; together the width between the margins.
    pub columns: Vec<f64>,
    /// Points.
    pub size: f64,
    /// The least height of a row, in points: statistics tables use the page they have.
    pub row: f64,
}

impl Sheet {
    pub fn of(filled: &FilledForm) -> Self {
        let (short, long) = if filled.paper == "A3" { (297.0, 420.0) } else { (210.0, 297.0) };
        let (width, height) = if filled.landscape { (long, short) } else { (short, long) };
        let margins = if filled.landscape {
            Margins { left: 15.0, right: 15.0, top: 18.0, bottom: 17.0 }
        } else {
            Margins { left: 20.0, right: 20.0, top: 25.0, bottom: 22.0 }
        };
        let asked: Vec<f64> = (filled.stub.iter().map(|stub| stub.width))
            .chain(filled.columns.iter().map(|column| column.width))
            .map(|width| f64::from(width.max(1)))
            .collect();
        let scale = (width - margins.left - margins.right) / asked.iter().sum::<f64>().max(1.0);
        let columns: Vec<f64> = asked.iter().map(|width| width * scale).collect();
        let size = letter_size(filled, &columns);
        let row = match &filled.stub {
            Some(_) => {
                let head = if filled.head.iter().any(|line| line.seal) { SEAL_MM + 6.0 } else { 30.0 };
                let header = 8.0 * f64::from(filled.header.levels) + 6.0;
                let table = height - margins.top - margins.bottom - head - header - 6.5 * filled.foot.len() as f64;
                points((0.85 * table / filled.rows.len().max(1) as f64).clamp(7.5, height / 20.0))
            }
            None => size + 9.0,
        };
        Sheet { width, height, margins, columns, size, row }
    }

    /// Room for text in `columns` neighbouring cells that are one, in points.
    pub fn room(&self, first: usize, columns: usize) -> f64 {
        points(self.columns[first..first + columns].iter().sum()) - CELL_PADDING
    }
}

pub fn points(millimetres: f64) -> f64 {
    millimetres * 72.0 / 25.4
}

fn letter_size(filled: &FilledForm, columns: &[f64]) -> f64 {
    let fits = |size: f64| {
        filled.header.cells.iter().all(|cell| {
            let span = cell.column as usize..(cell.column + cell.columns) as usize;
            let room = (points(columns[span].iter().sum()) - CELL_PADDING) / size;
            let letters = cell.text.chars().count() as f64;
            room >= letters.min(3.0) * 0.98 && lines(&cell.text, room, &advance) <= HEADER_LINES
        })
    };
    SIZES.into_iter().find(|size| fits(*size)).unwrap_or(SIZES[SIZES.len() - 1])
}

/// Width of a character in 宋体, in em: Chinese fills the square, Latin half of it.
pub fn advance(character: char) -> f64 {
    let full = matches!(u32::from(character), 0x2014 | 0x2018..=0x201D | 0x2026 | 0x2190.. | 0xB7 | 0xD7);
    if full { 1.0 } else { 0.5 }
}

/// How many lines `text` takes in `room` em.
pub fn lines(text: &str, room: f64, advance: &impl Fn(char) -> f64) -> usize {
    // Nearly every cell of a long list is one short line.
    let mut used = 0.0;
    let one = text.chars().all(|character| {
        used += advance(character);
        character != '\n' && used <= room
    });
    if one {
        return 1;
    }
    text.split('\n').map(|paragraph| fill(paragraph, room, advance).len()).sum()
}

/// `text` with a line feed at every line's end. Words stay whole unless one is wider than the line.
pub fn wrapped(text: &str, room: f64, advance: &impl Fn(char) -> f64) -> String {
    let paragraphs = text.split('\n').map(|paragraph| fill(paragraph, room, advance).join("\n"));
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// Like [`wrapped`], for the few words of a header or a label: brackets go to a line of their own where they do not fit, and
/// lines are about equally long.
pub fn balanced(text: &str, room: f64, advance: &impl Fn(char) -> f64) -> String {
    let width = |text: &str| text.chars().map(advance).sum::<f64>();
    if text.contains('\n') || width(text) <= room {
        return text.to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    for piece in at_brackets(text) {
        if let Some(line) = lines.last_mut().filter(|line| width(line) + width(piece) <= room) {
            line.push_str(piece);
            continue;
        }
        let count = fill(piece, room, advance).len();
        let even = (width(piece) / count as f64).ceil();
        let narrow = if fill(piece, even, advance).len() == count { even.min(room) } else { room };
        lines.extend(fill(piece, narrow, advance).into_iter().map(str::to_owned));
    }
    lines.join("\n")
}

/// `text` with line feeds at its brackets alone, where it does not fit one line: what lies between them is left to break as
/// it will.
pub fn parted(text: &str, room: f64, advance: &impl Fn(char) -> f64) -> String {
    let width = |text: &str| text.chars().map(advance).sum::<f64>();
    if text.contains('\n') || width(text) <= room {
        return text.to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    for piece in at_brackets(text) {
        match lines.last_mut().filter(|line| width(line) + width(piece) <= room) {
            Some(line) => line.push_str(piece),
            None => lines.push(piece.to_owned()),
        }
    }
    lines.join("\n")
}

/// Cuts before an opening bracket and after a closing one.
fn at_brackets(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, character) in text.char_indices() {
        let cut = match character {
            '(' | '（' => at,
            ')' | '）' => at + character.len_utf8(),
            _ => continue,
        };
        if cut > from {
            pieces.push(&text[from..cut]);
            from = cut;
        }
    }
    if from < text.len() {
        pieces.push(&text[from..]);
    }
    pieces
}

/// Never first on a line.
fn closes(character: char) -> bool {
    match character {
        '\0'..='\u{7F}' => matches!(character, ')' | ']' | '}' | ',' | '.' | ';' | ':' | '!' | '?' | '%' | '/'),
        '、' | '，' | '。' | '；' | '：' | '！' | '？' | '）' | '》' | '」' | '』' | '】' | '〕' | '”' | '’' | '％' => {
            true
        }
        _ => false,
    }
}

/// Never last on a line.
fn opens(character: char) -> bool {
    matches!(character, '(' | '[' | '{' | '（' | '《' | '「' | '『' | '【' | '〔' | '“' | '‘')
}

/// The lines of one paragraph, filled greedily, without the spaces at their ends.
fn fill<'a>(text: &'a str, room: f64, advance: &impl Fn(char) -> f64) -> Vec<&'a str> {
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    let mut at = 0;
    while let Some(word) = first_word(&text[at..]) {
        let (begin, width) = (at, word.chars().map(advance).sum::<f64>());
        at += word.len();
        if used + width <= room || (word == " " && used > 0.0) {
            used += width;
            continue;
        }
        if used > 0.0 {
            lines.push(text[start..begin].trim_end());
            (start, used) = (begin, 0.0);
        }
        if width <= room {
            used = width;
            continue;
        }
        for (inside, character) in word.char_indices() {
            let width = advance(character);
            if used > 0.0 && used + width > room {
                lines.push(&text[start..begin + inside]);
                (start, used) = (begin + inside, 0.0);
            }
            used += width;
        }
    }
    lines.push(text[start..].trim_end());
    lines
}

/// What a line end does not part: a Chinese character with the punctuation that clings to it, a Latin word, a space.
fn first_word(text: &str) -> Option<&str> {
    let mut characters = text.char_indices();
    let (_, mut last) = characters.next()?;
    for (at, character) in characters {
        let together = if character == ' ' || matches!(last, ' ' | '×') {
            false
        } else if closes(character) || opens(last) {
            true
        } else {
            u32::from(character) < 0x2E80 && u32::from(last) < 0x2E80 && !opens(character)
        };
        if !together {
            return Some(&text[..at]);
        }
        last = character;
    }
    Some(text)
}

/// A column of longer texts than this reads better from the left than centred.
pub const CENTRED_LINES: usize = 2;

/// The most lines a cell of each row takes, and a cell of each column, in `rooms` em.
pub fn most_lines(filled: &FilledForm, rooms: &[f64], advance: &impl Fn(char) -> f64) -> (Vec<usize>, Vec<usize>) {
    let mut of_columns = vec![1; rooms.len()];
    let of_row = |row: &FilledRow| {
        let mut most = 1;
        for ((cell, room), of_column) in row.cells.iter().zip(rooms).zip(&mut of_columns) {
            let lines = lines(cell.text(), *room, advance);
            most = most.max(lines);
            *of_column = lines.max(*of_column);
        }
        most
    };
    let of_rows = filled.rows.iter().map(of_row).collect();
    (of_rows, of_columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_they_break() {
        assert_eq!(lines("口罩", 2.0, &advance), 1);
        assert_eq!(lines("口罩案件", 3.0, &advance), 2);
        assert_eq!(lines("一\n二", 9.0, &advance), 2);
        assert_eq!(lines("型号 KN95", 3.0, &advance), 2);
        assert_eq!(lines("91110108551385082Q", 5.0, &advance), 2);
        assert_eq!(lines("", 5.0, &advance), 1);
    }

    #[test]
    fn words_stay_whole_unless_wider_than_a_line() {
        assert_eq!(wrapped("91110108551385082Q", 5.0, &advance), "9111010855\n1385082Q");
        assert_eq!(wrapped("型号ABCDEFGH", 3.0, &advance), "型号\nABCDEF\nGH");
        assert_eq!(wrapped("175mm×95mm", 4.0, &advance), "175mm×\n95mm");
        assert_eq!(wrapped("口罩 KN95 口罩", 5.0, &advance), "口罩 KN95\n口罩");
        let standards = wrapped("GB/T 32610-2016、T/CNTAC 55-2020", 8.0, &advance);
        assert_eq!(standards, "GB/T\n32610-2016、\nT/CNTAC 55-2020");
    }

    #[test]
    fn no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() {
        assert_eq!(wrapped("过滤效率、防护", 4.0, &advance), "过滤效\n率、防护");
        assert_eq!(wrapped("体温计（额温枪）", 4.0, &advance), "体温计\n（额温\n枪）");
    }

    #[test]
    fn header_words_break_at_brackets_and_evenly() {
        assert_eq!(balanced("出动执法人员(人次)累计", 7.0, &advance), "出动执法人员\n(人次)累计");
        assert_eq!(balanced("排查企业数量", 5.0, &advance), "排查企\n业数量");
        assert_eq!(balanced("红外体温计（额温枪）", 9.0, &advance), "红外体温计\n（额温枪）");
        assert_eq!(balanced("立案(件)", 9.0, &advance), "立案(件)");
        assert_eq!(parted("出动执法人员(人次)累计", 7.0, &advance), "出动执法人员\n(人次)累计");
        assert_eq!(parted("排查企业数量", 5.0, &advance), "排查企业数量");
    }
}
