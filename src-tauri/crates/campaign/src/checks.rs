//! 勾稽: what the figures of a filled form must be to one another, as a campaign file states it. A comparison is parsed here,
//! and carried out over a filled form elsewhere (`forms`).

use domain::Notice;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;

/// Something that must hold of a form: a comparison of its cells, or a field that records behind it must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub id: String,
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub level: Level,
    /// A comparison as [`Comparison::parse`] reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<String>,
    /// It is compared only where this holds as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Statistics: the rows it is about; none for all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<Present>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It cannot be right: whoever hands the form in must say why it is.
    Error,
    /// It is seldom right.
    Warn,
}

/// Records that must have a field: those a column counts, or those a list has rows for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Present {
    pub field: String,
    /// Statistics: the column that counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Only those of them that meet these conditions.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// Two sums, and what the one must be to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub left: Vec<Term>,
    pub operator: Operator,
    pub right: Vec<Term>,
}

/// A summand, taken off where `minus` says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub minus: bool,
    pub value: Operand,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// A whole number, in the unit its cells print.
    Number(i64),
    Cell(CellName),
}

/// A cell, told by what of it is not the row and the form at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellName {
    pub form: Option<String>,
    pub row: Option<String>,
    pub column: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    AtMost,
    Less,
    Equal,
    Unequal,
    More,
    AtLeast,
}

impl Operator {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "<=" | "≤" => Operator::AtMost,
            "<" => Operator::Less,
            "=" => Operator::Equal,
            "!=" | "≠" => Operator::Unequal,
            ">" => Operator::More,
            ">=" | "≥" => Operator::AtLeast,
            _ => return None,
        })
    }
}

impl Comparison {
    /// Reads `closed <= filed` or `total.filed = quality.filed + other.filed`: names, numbers and marks with blanks between
    /// them. A column is a cell of the row at hand; `row/column` is one of another row, `campaign/form/column` one of the same
    /// row of another form, `campaign/form/row/column` one of any.
    pub fn parse(text: &str) -> Result<Comparison, Notice> {
        let unreadable = || Notice::new("check-unreadable").with("value", text);
        let words: Vec<&str> = text.split_whitespace().collect();
        let at = words.iter().position(|word| Operator::read(word).is_some()).ok_or_else(unreadable)?;
        let operator = Operator::read(words[at]).ok_or_else(unreadable)?;
        let side = |words: &[&str]| side(words).ok_or_else(unreadable);
        Ok(Comparison { left: side(&words[..at])?, operator, right: side(&words[at + 1..])? })
    }

    pub fn cells(&self) -> impl Iterator<Item = &CellName> {
        self.left.iter().chain(&self.right).filter_map(|term| match &term.value {
            Operand::Cell(cell) => Some(cell),
            Operand::Number(_) => None,
        })
    }
}

fn side(words: &[&str]) -> Option<Vec<Term>> {
    let (first, rest) = words.split_first()?;
    let mut terms = vec![Term { minus: false, value: operand(first)? }];
    for pair in rest.chunks(2) {
        let [sign, word] = pair else { return None };
        let minus = match *sign {
            "+" => false,
            "-" => true,
            _ => return None,
        };
        terms.push(Term { minus, value: operand(word)? });
    }
    Some(terms)
}

fn operand(word: &str) -> Option<Operand> {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok().map(Operand::Number);
    }
    let parts: Vec<&str> = word.split('/').collect();
    if !parts.iter().all(|part| domain::schema::is_code(part)) {
        return None;
    }
    let form = |campaign: &str, name: &str| Some(format!("{campaign}/{name}"));
    let (form, row, column) = match parts[..] {
        [column] => (None, None, column),
        [row, column] => (None, Some(row), column),
        [campaign, name, column] => (form(campaign, name), None, column),
        [campaign, name, row, column] => (form(campaign, name), Some(row), column),
        _ => return None,
    };
    Some(Operand::Cell(CellName { form, row: row.map(str::to_owned), column: column.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(form: Option<&str>, row: Option<&str>, column: &str) -> Operand {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Operand::Cell(CellName { form: owned(form), row: owned(row), column: column.to_owned() })
    }

    #[test]
    fn a_comparison_names_cells_near_and_far() {
        let read = Comparison::parse("total/filed - 1 >= quality.filed + ln-2020/2/filed + ln-2020/2/mask/total.filed")
            .unwrap();
        assert_eq!(read.operator, Operator::AtLeast);
        assert_eq!(
            read.left,
            [
                Term { minus: false, value: cell(None, Some("total"), "filed") },
                Term { minus: true, value: Operand::Number(1) }
            ]
        );
        let right: Vec<Operand> = read.right.iter().map(|term| term.value.clone()).collect();
        assert_eq!(
            right,
            [
                cell(None, None, "quality.filed"),
                cell(Some("ln-2020/2"), None, "filed"),
                cell(Some("ln-2020/2"), Some("mask"), "total.filed")
            ]
        );
        assert_eq!(read.cells().count(), 4);
        for (mark, operator) in [("≤", Operator::AtMost), ("≠", Operator::Unequal), ("=", Operator::Equal)] {
            assert_eq!(Comparison::parse(&format!("a {mark} 0")).unwrap().operator, operator);
        }
    }

    #[test]
    fn what_is_no_comparison_is_refused() {
        for text in [
            "",
            "a",
            "a <=",
            "<= a",
            "a<=b",
            "a <= b c",
            "a + <= b",
            "a <= b <= c",
            "a * 2 <= b",
            "a <= 结案",
            "a <= v/w/x/y/z",
        ] {
            assert_eq!(Comparison::parse(text).unwrap_err().code, "check-unreadable", "{text}");
        }
    }
}
