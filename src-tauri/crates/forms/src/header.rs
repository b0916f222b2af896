//! Header cells with spans from the columns' header paths.

use crate::filled::{FilledColumn, HeaderCell, HeaderGrid, Stub};

/// Neighbours that share a group's words share its cell; a column's own words always have a cell to themselves and span
/// down to the deepest level, as does the stub.
pub fn header_grid(stub: Option<&Stub>, columns: &[FilledColumn]) -> HeaderGrid {
    let levels = columns.iter().map(|column| column.path.len()).max().unwrap_or(0).max(1);
    let offset = usize::from(stub.is_some());
    let mut cells = Vec::new();
    for level in 0..levels {
        if let (0, Some(stub)) = (level, stub) {
            cells.push(cell(&stub.header, 0, 0, levels, 1));
        }
        let mut at = 0;
        while at < columns.len() {
            let path = &columns[at].path;
            let own = path.len().saturating_sub(1);
            let width = match level.cmp(&own) {
                std::cmp::Ordering::Less => {
                    columns[at..].iter().take_while(|next| shares(path, &next.path, level)).count()
                }
                std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => 1,
            };
            if level <= own {
                let rows = if level == own { levels - level } else { 1 };
                let text = path.get(level).map_or("", String::as_str);
                cells.push(cell(text, level, at + offset, rows, width));
            }
            at += width;
        }
    }
    HeaderGrid { levels: levels as u32, cells }
}

/// Whether both paths have a group at `level`, the same down to there.
fn shares(one: &[String], other: &[String], level: usize) -> bool {
    other.len() > level + 1 && one[..=level] == other[..=level]
}

fn cell(text: &str, level: usize, column: usize, rows: usize, columns: usize) -> HeaderCell {
    HeaderCell {
        text: text.to_owned(),
        level: level as u32,
        column: column as u32,
        rows: rows as u32,
        columns: columns as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(paths: &[&[&str]]) -> Vec<FilledColumn> {
        let own = |path: &&[&str]| path.iter().map(|part| (*part).to_owned()).collect();
        paths.iter().map(|path| FilledColumn { id: path.join("."), path: own(path), width: 20 }).collect()
    }

    fn drawn(stub: Option<&Stub>, paths: &[&[&str]]) -> Vec<(String, u32, u32, u32, u32)> {
        let grid = header_grid(stub, &columns(paths));
        let width = paths.len() + usize::from(stub.is_some());
        assert!(grid.tiles(width as u32), "{grid:?}");
        grid.cells.into_iter().map(|c| (c.text, c.level, c.column, c.rows, c.columns)).collect()
    }

    fn row(text: &str, level: u32, column: u32, rows: u32, columns: u32) -> (String, u32, u32, u32, u32) {
        (text.to_owned(), level, column, rows, columns)
    }

    #[test]
    fn groups_merge_and_shallow_columns_span_down() {
        let stub = Stub { header: String::new(), width: 30 };
        let paths: &[&[&str]] = &[&["甲"], &["乙", "丙", "是"], &["乙", "丙", "否"], &["乙", "丁"]];
        let expected = vec![
            row("", 0, 0, 3, 1),
            row("甲", 0, 1, 3, 1),
            row("乙", 0, 2, 1, 3),
            row("丙", 1, 2, 1, 2),
            row("丁", 1, 4, 2, 1),
            row("是", 2, 2, 1, 1),
            row("否", 2, 3, 1, 1),
        ];
        assert_eq!(drawn(Some(&stub), paths), expected);
    }

    #[test]
    fn equal_words_of_two_columns_stay_two_cells() {
        assert_eq!(drawn(None, &[&["甲"], &["甲"]]), [row("甲", 0, 0, 1, 1), row("甲", 0, 1, 1, 1)]);
        let split: &[&[&str]] = &[&["甲", "子"], &["乙", "子"], &["甲", "子"]];
        assert_eq!(drawn(None, split).len(), 6, "groups apart are not joined");
        let under_other: &[&[&str]] = &[&["甲", "子", "一"], &["乙", "子", "二"]];
        assert_eq!(drawn(None, under_other).len(), 6, "equal words under different groups are not joined");
        assert_eq!(drawn(None, &[&["甲"], &["甲", "子"]]).len(), 3, "a column is no group");
    }

    #[test]
    fn a_column_without_words_and_a_form_without_columns_tile() {
        drawn(None, &[&[], &["甲", "乙"]]);
        let stub = Stub { header: "行".to_owned(), width: 30 };
        drawn(Some(&stub), &[]);
    }
}
