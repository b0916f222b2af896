//! Cells out of text: what a spreadsheet program puts on the clipboard, and files of values with marks between them. How the
//! programs write a cell with quotes differs, so a quote only counts where it cannot be part of the text.

use std::collections::BTreeMap;

use domain::Notice;

/// Lines looked at to find out which mark stands between the values of a file: titles and notes stand above, without any.
const LOOKED_AT: usize = 50;

/// Marks files are written with, the likeliest first.
const MARKS: [char; 4] = [',', '\t', ';', '|'];

/// Where a text comes from, and so when a cell in quotes is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Excel, WPS and LibreOffice put a cell in quotes only if it holds a tab or a break, and then double the quotes in it;
    /// `"安康"` with nothing of the kind in it is a cell with quotes of its own.
    Clipboard,
    /// Written as RFC 4180 says. Text behind the closing quote (`"安康"牌口罩厂`, typed by hand) makes it plain text again.
    File,
}

/// The rows of a text, numbered from 1, blank ones included.
pub fn rows(text: &str, mark: char, source: Source) -> impl Iterator<Item = (u32, Vec<String>)> {
    let mut rest = text.trim_start_matches('\u{FEFF}');
    let mut number = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        number += 1;
        let mut cells = Vec::new();
        loop {
            let (cell, after) = cell(rest, mark, source);
            cells.push(cell);
            match after.strip_prefix(mark) {
                Some(more) => rest = more,
                None => {
                    let ended = after.strip_prefix('\r').unwrap_or(after);
                    rest = ended.strip_prefix('\n').unwrap_or(ended);
                    return Some((number, cells));
                }
            }
        }
    })
}

/// The next cell, and what follows it: a mark, the end of the line or of everything.
fn cell(text: &str, mark: char, source: Source) -> (String, &str) {
    if let Some(found) = text.strip_prefix('"').and_then(|inside| quoted(inside, mark, source)) {
        return found;
    }
    let end = text.find([mark, '\n', '\r']).unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

/// A cell in quotes from behind the first of them; `None` where it is none.
fn quoted(inside: &str, mark: char, source: Source) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = inside;
    let mut needed = source == Source::File;
    loop {
        let at = rest.find('"')?;
        cell.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => break,
        }
    }
    needed |= cell.contains([mark, '\n', '\r']);
    let closed = rest.is_empty() || rest.starts_with([mark, '\n', '\r']);
    (closed && needed).then(|| (cell.replace("\r\n", "\n"), rest))
}

/// The mark that stands between the values of a file: the one that cuts most of its first lines into equally many cells.
pub fn mark_of(text: &str) -> char {
    let alike = |mark: char| {
        let mut widths = BTreeMap::new();
        for (_, cells) in rows(text, mark, Source::File).take(LOOKED_AT).filter(|(_, cells)| cells.len() > 1) {
            *widths.entry(cells.len()).or_insert(0) += 1;
        }
        widths.into_values().max().unwrap_or(0)
    };
    // Of marks that do so equally well, the likeliest.
    MARKS.into_iter().rev().max_by_key(|mark| alike(*mark)).unwrap_or(',')
}

/// Text of a file. Spreadsheet programs in China write CSV in GB18030 unless told otherwise.
pub fn decoded(bytes: &[u8]) -> Result<String, Notice> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if text.contains('\0') {
            return Err(Notice::new("paste-unknown-file"));
        }
        return Ok(text.to_owned());
    }
    let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if wrong || text.contains('\0') { Err(Notice::new("paste-unknown-file")) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, mark: char, source: Source) -> Vec<Vec<String>> {
        rows(text, mark, source).map(|(_, cells)| cells).collect()
    }

    #[test]
    fn the_clipboard_quotes_only_cells_with_breaks_or_tabs() {
        let rows = |text| cells(text, '\t', Source::Clipboard);
        assert_eq!(rows("编号\t名称\r\n1\t\"两行\n\"\"引号\"\"\"\r\n"), [["编号", "名称"], ["1", "两行\n\"引号\""]]);
        assert_eq!(rows("\"安康\"牌口罩厂\t\"安康\"\t甲\"乙\"\n"), [["\"安康\"牌口罩厂", "\"安康\"", "甲\"乙\""]]);
        assert_eq!(rows("\"a\tb\"\tc"), [["a\tb", "c"]]);
        assert_eq!(rows("\"没有关上\tb\nc"), [vec!["\"没有关上", "b"], vec!["c"]]);
        assert_eq!(rows("17.5\"×9\"\tb"), [["17.5\"×9\"", "b"]]);
        assert_eq!(rows("a\t\rb\r\nc"), [vec!["a", ""], vec!["b"], vec!["c"]], "every end of line");
    }

    #[test]
    fn a_file_quotes_as_the_standard_says_and_text_behind_a_quote_is_text() {
        let rows = |text| cells(text, ',', Source::File);
        assert_eq!(rows("\"a,b\",\"\"\"安康\"\"牌口罩厂\",\"\"\n"), [["a,b", "\"安康\"牌口罩厂", ""]]);
        assert_eq!(rows("\"安康\"牌口罩厂,c\n"), [["\"安康\"牌口罩厂", "c"]]);
        assert_eq!(rows("\"两\r\n行\",c\n"), [["两\n行", "c"]]);
    }

    #[test]
    fn a_title_line_does_not_hide_the_mark() {
        assert_eq!(mark_of("2021年口罩抽检情况\n编号,企业\n1,甲\n"), ',');
        assert_eq!(mark_of("口罩，抽检;情况\n编号\t企业\n1\t甲\n"), '\t');
        assert_eq!(mark_of("a;b\n1,5;2,5\n1,5;2\n"), ';', "commas stand as often, but not equally many a line");
        assert_eq!(mark_of("只有一列\n甲\n"), ',');
    }
}
