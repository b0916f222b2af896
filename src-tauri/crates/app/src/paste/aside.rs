//! Rows of a block that are no data: totals, the lines below a table, a heading that is printed again on the next page.

use domain::Notice;

use super::words::{Words, plain};

/// Why a row is no data; `None` where it is some. `named` are the columns that say which thing a row is about.
pub fn aside(cells: &[String], heading: &[Vec<String>], named: &[usize]) -> Option<Notice> {
    let filled: Vec<(usize, String)> =
        cells.iter().enumerate().map(|(at, cell)| (at, plain(cell))).filter(|(_, cell)| !cell.is_empty()).collect();
    let (_, first) = filled.first()?;
    let words = &Words::shared().row;
    let about = filled.iter().filter(|(at, _)| named.contains(at)).map(|(_, cell)| cell);
    if is_total(first, words) || about.into_iter().any(|cell| is_total(cell, words)) {
        return Some(Notice::new("paste-row-total").with("value", quoted(cells)));
    }
    if is_remark(first, filled.len(), words) {
        return Some(Notice::new("paste-row-remark").with("value", quoted(cells)));
    }
    let again = |row: &Vec<String>| {
        let same = |(at, cell): &(usize, String)| row.get(*at).is_some_and(|above| plain(above) == *cell);
        filled.len() > 1 && filled.iter().all(same)
    };
    if heading.iter().any(again) {
        return Some(Notice::new("paste-row-heading").with("value", quoted(cells)));
    }
    let counted = |(at, (_, cell)): (usize, &(usize, String))| cell.parse() == Ok(at + 1);
    if filled.len() > 2 && filled.iter().enumerate().all(counted) {
        return Some(Notice::new("paste-row-numbers").with("value", quoted(cells)));
    }
    None
}

fn quoted(cells: &[String]) -> String {
    let first = cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()).unwrap_or_default();
    first.chars().filter(|character| !character.is_control()).take(30).collect()
}

/// 合计, 合计：1家, 本页小计, 合计数; but not a firm that is called so.
fn is_total(cell: &str, words: &super::words::Lines) -> bool {
    let rests = words.total.iter().filter_map(|word| cell.strip_prefix(word.as_str()));
    rests.into_iter().any(|rest| rest.is_empty() || rest.starts_with([':', '(', '/', '共']) || starts_with_digit(rest))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_digit())
}

fn is_remark(first: &str, filled: usize, words: &super::words::Lines) -> bool {
    if words.end.iter().any(|word| first.trim_matches(['(', ')']) == word) {
        return true;
    }
    let begins = words.remark.iter().filter_map(|word| first.strip_prefix(word.as_str())).any(|rest| {
        let rest = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        rest.is_empty() || rest.starts_with([':', '、', '.', '(']) && (rest.starts_with(':') || filled == 1)
    });
    // 共 12 家; a sentence alone on its line.
    let counts = first.strip_prefix('共').is_some_and(starts_with_digit) && filled == 1;
    begins || counts || filled == 1 && first.ends_with('。')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(cells: &[&str]) -> Option<String> {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let heading = [vec!["序号".to_owned(), "企业名称".to_owned(), "罚没金额".to_owned()]];
        aside(&cells, &heading, &[1]).map(|notice| notice.code)
    }

    #[test]
    fn totals_and_remarks_are_no_data() {
        for cells in [
            &["合计：1家"][..],
            &["合 计", "", "12.5"],
            &["总计（万元）", "", "3"],
            &["", "小计", "3"],
            &["3", "合计", "3"],
            &["本页小计", "", "3"],
            &["合计12家"],
        ] {
            assert_eq!(why(cells).as_deref(), Some("paste-row-total"), "{cells:?}");
        }
        for cells in [
            &["填表人：张三"][..],
            &["填表人：张三", "", "审核人：李四"],
            &["审核人", "李四"],
            &["注：本表为累计数"],
            &["注1：本表为累计数"],
            &["备注：无"],
            &["填报单位（盖章）：永宁县局"],
            &["联系电话：0951-1234567"],
            &["（以下空白）"],
            &["共 12 家企业"],
            &["本表由各县填写，每周四报送。"],
        ] {
            assert_eq!(why(cells).as_deref(), Some("paste-row-remark"), "{cells:?}");
        }
        assert_eq!(why(&["序号", "企业名称", "罚没金额"]).as_deref(), Some("paste-row-heading"));
        assert_eq!(why(&["1", "2", "3"]).as_deref(), Some("paste-row-numbers"));
    }

    #[test]
    fn firms_and_numbers_are_data() {
        for cells in [
            &["1", "合计科技有限公司", "3"][..],
            &["1", "总计通信器材厂", ""],
            &["", "小计厂", "1"],
            &["1", "甲厂", "3"],
            &["注塑厂", "", ""],
            &["说明书印刷厂", "乙", ""],
            &["1", "2"],
            &["1", "共青团农场", ""],
            &["共青团农场"],
        ] {
            assert_eq!(why(cells), None, "{cells:?}");
        }
    }
}
