//! What is typed in a cell of a statistics form, in the exact unit its column is counted in. Numbers never pass through floating
//! point.

use campaign::model::{CellRule, Column, Unit as Printed};
use domain::Notice;
use domain::numbers::Rate;

use crate::paste::read::{Cell, Unfit, number};
use crate::paste::units::{Measure, Unit, Units};
use crate::paste::words::plain;

/// A typed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    Blank,
    /// Pieces, fen, or a count.
    Exact(i64),
    /// Hundredths of a percent.
    Rate(i64),
    /// Nothing over nothing.
    NoRate,
    Unread(Notice),
}

/// Digits with thousands, units behind them, and blanks are forgiven. `above` are units a line over the table names.
pub fn typed(column: &Column, text: &str, exact: Option<&str>, units: &Units, above: &[Unit]) -> Typed {
    let text = text.trim();
    if matches!(column.cell, CellRule::Rate { .. }) {
        return rate(text);
    }
    if matches!(text, "" | "-" | "—" | "——" | "/" | "\\" | "－" | "无") {
        return Typed::Blank;
    }
    let unread = |code: &str| Typed::Unread(Notice::new(code).with("value", text.chars().take(40).collect::<String>()));
    let (measure, own) = match column.unit {
        Printed::One => (Measure::Count, None),
        Printed::TenThousand => (Measure::Quantity, None),
        Printed::TenThousandYuan => (Measure::Money, None),
    };
    let printed = match column.unit {
        Printed::One => None,
        Printed::TenThousand => units.read("万"),
        Printed::TenThousandYuan => units.read("万元"),
    };
    // The header names its unit as the form prints it; only one that names none is said otherwise above the table.
    let heading = plain(column.header.last().map_or("", String::as_str));
    let says = heading.contains('(') || printed.is_none();
    let money = measure == Measure::Money;
    let told = above.iter().find(|unit| !says && (unit.base.is_empty() || units.is_money(unit) == money));
    let unit = told.cloned().or(printed);
    match number(exact.map_or(text, str::trim), measure, Cell { text, exact, unit: unit.as_ref(), own }, units) {
        Ok(value) => Typed::Exact(value),
        Err(Unfit::Unit(_)) => unread("read-unit"),
        Err(Unfit::Number) => unread("read-number"),
    }
}

/// `12.34%`, or the ratio itself, as spreadsheets keep it.
fn rate(text: &str) -> Typed {
    let said = plain(text);
    match said.as_str() {
        "" => return Typed::Blank,
        "-" | "--" | "/" => return Typed::NoRate,
        _ => {}
    }
    let (digits, places) = match said.strip_suffix('%') {
        Some(digits) => (digits, 2),
        None => (said.as_str(), 4),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(rest) || digits.is_empty() || whole.len() > 9 {
        return Typed::Unread(Notice::new("read-number").with("value", text.chars().take(40).collect::<String>()));
    }
    // Half up, as the form prints it.
    let scaled: String = format!("{rest:0<6}").chars().take(6).collect();
    let millionths: i64 = format!("{whole}{scaled}").parse().unwrap_or(0);
    let divisor = 10_i64.pow(6 - places);
    Typed::Rate((millionths + divisor / 2) / divisor)
}

/// The rate two typed cells make.
pub fn rate_of(part: i64, whole: i64) -> Typed {
    Rate::of(part, whole).map_or(Typed::NoRate, |rate| Typed::Rate(rate.hundredths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(unit: Printed, header: &str, cell: CellRule) -> Column {
        Column {
            id: "x".to_owned(),
            header: vec![header.to_owned()],
            width: 10,
            cell,
            unit,
            decimals: None,
            declared_with: Vec::new(),
            only_if: Vec::new(),
        }
    }

    #[test]
    fn figures_as_people_type_them() {
        let units = Units::of(campaign::Library::builtin().schema());
        let figure = || CellRule::Figure { id: "filed".to_owned(), conditions: Vec::new() };
        let count = column(Printed::One, "其中:立案(件)", figure());
        let money = column(Printed::TenThousandYuan, "罚没(万元)", figure());
        let bare = column(Printed::TenThousandYuan, "罚没", figure());
        let pieces = column(Printed::TenThousand, "查获口罩(万只)累计", figure());
        let read = |column: &Column, text: &str, above: &str| typed(column, text, None, &units, &units.above(above));
        for (text, value) in [("5", 5), ("1,234", 1234), ("５", 5), ("3件", 3), ("0", 0), ("12.0", 12)] {
            assert_eq!(read(&count, text, ""), Typed::Exact(value), "{text}");
        }
        for text in ["", "—", "/", "无", " "] {
            assert_eq!(read(&count, text, ""), Typed::Blank, "{text}");
        }
        assert_eq!(read(&money, "1,234.5", ""), Typed::Exact(1_234_500_000));
        assert_eq!(read(&money, "0.000001", ""), Typed::Exact(1));
        assert_eq!(read(&money, "500元", ""), Typed::Exact(50_000));
        assert_eq!(read(&money, "5", "（单位：元）"), Typed::Exact(5_000_000), "the header says");
        assert_eq!(read(&bare, "5", "（单位：元）"), Typed::Exact(500));
        assert_eq!(read(&bare, "5", ""), Typed::Exact(5_000_000));
        assert_eq!(read(&pieces, "1.2", ""), Typed::Exact(12_000));
        for text in ["约5", "五", "1,23", "-1", "1.5"] {
            assert!(matches!(read(&count, text, ""), Typed::Unread(_)), "{text}");
        }
        let rate = column(Printed::One, "率", CellRule::Rate { part: "a".to_owned(), whole: "b".to_owned() });
        for (text, hundredths) in
            [("12.34%", 1234), ("0.1234", 1234), ("50%", 5000), ("0.33333333", 3333), ("1", 10_000)]
        {
            assert_eq!(read(&rate, text, ""), Typed::Rate(hundredths), "{text}");
        }
        assert_eq!((read(&rate, "—", ""), read(&rate, "", "")), (Typed::NoRate, Typed::Blank));
    }
}
