//! What a person meant by the text of a cell, by the type of its field. Nothing is guessed: what can be read in two ways is
//! said to be unreadable. Numbers never pass through floating point.

use domain::schema::{Field, FieldType};
use domain::spelling::half_width;
use domain::{Notice, Schema, Value};

use super::table::day_of_serial;
use super::units::{Measure, Unit, Units};
use super::words::{Words, plain};

/// Looks up what a cell names: a record, a division.
pub trait Names {
    /// The id of the record a cell names.
    fn record(&self, field: &Field, to: &str, text: &str) -> Result<Value, Notice>;
    /// The code of the division a cell names.
    fn division(&self, text: &str) -> Option<String>;
}

/// A cell and what is known of its column and its row.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    pub text: &'a str,
    /// What the cell holds, where it shows less.
    pub exact: Option<&'a str>,
    /// What the column is counted in, where that is said.
    pub unit: Option<&'a Unit>,
    /// What the field is counted in here, such as the unit of the row's category; `None` where it is not known.
    pub own: Option<&'a str>,
}

/// What cells are read with.
pub struct CellReader<'a> {
    pub schema: &'a Schema,
    pub units: &'a Units,
    pub names: &'a dyn Names,
    pub from_1904: bool,
}

impl CellReader<'_> {
    /// The value of a cell; `None` where it says nothing.
    pub fn read(&self, field: &Field, cell: Cell) -> Result<Option<Value>, Notice> {
        let text = cell.text.trim();
        if matches!(text, "" | "-" | "—" | "——" | "/" | "\\" | "－") {
            return Ok(None);
        }
        let unread = |code: &str| {
            let quoted: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
            Notice::new(code)
                .with("field", &field.name)
                .with("zh", &field.zh)
                .with("en", &field.en)
                .with("value", quoted)
        };
        // The unit of such a figure stands in the form's column, not in the cell or over it.
        if field.measured_by.is_some() {
            return Err(unread("paste-not-in-a-cell"));
        }
        if is_cut_short(text) {
            return Err(unread("paste-digits-lost"));
        }
        // What an answer may be where there is none; of a text it is a text.
        let says_none = matches!(text, "无" | "没有" | "N/A" | "n/a");
        let value = match &field.ty {
            FieldType::Text => Value::text(text.split_whitespace().collect::<Vec<_>>().join(" ")),
            FieldType::LongText | FieldType::Uscc => Value::text(text),
            FieldType::Date if says_none => return Ok(None),
            FieldType::Date => date(text, self.from_1904).map(Value::Text).ok_or_else(|| unread("paste-date"))?,
            FieldType::Time => time(text).map(Value::Text).ok_or_else(|| unread("paste-time"))?,
            FieldType::Integer | FieldType::Quantity | FieldType::Money if says_none => return Ok(None),
            FieldType::Integer | FieldType::Quantity | FieldType::Money => {
                let measure = Measure::of(field).unwrap_or(Measure::Count);
                let exact = cell.exact.map_or(text, str::trim);
                match number(exact, measure, cell, self.units) {
                    Ok(number) => Value::Int(number),
                    Err(Unfit::Unit(unit)) => {
                        let own = cell.own.unwrap_or(if measure == Measure::Money { "元" } else { "—" });
                        return Err(unread("paste-unit").with("unit", unit).with("own", own));
                    }
                    Err(Unfit::Number) if measure == Measure::Money => return Err(unread("paste-money")),
                    Err(Unfit::Number) => return Err(unread("paste-number")),
                }
            }
            FieldType::Bool => Value::Bool(yes_or_no(text).ok_or_else(|| unread("paste-bool"))?),
            FieldType::Code { of } => Value::Text(code(self.schema, of, text).ok_or_else(|| unread("paste-code"))?),
            FieldType::Set { of } => {
                let codes: Option<Vec<Value>> =
                    parts(text).map(|part| code(self.schema, of, part).map(Value::Text)).collect();
                let mut codes = codes.ok_or_else(|| unread("paste-code"))?;
                codes.sort();
                codes.dedup();
                Value::List(codes)
            }
            FieldType::Texts => Value::List(parts(text).map(Value::text).collect()),
            FieldType::Division => {
                self.names.division(text).map(Value::Text).ok_or_else(|| unread("paste-division"))?
            }
            FieldType::Ref { to } => self.names.record(field, to, text)?,
            FieldType::Refs { .. } | FieldType::Sha256 | FieldType::Checklist | FieldType::KeyedTexts | FieldType::Objects { .. } => {
                return Err(unread("paste-not-in-a-cell"));
            }
        };
        Ok(Some(value))
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// `9.1350E+17`: what a spreadsheet shows of a number too long for it. The digits are gone.
fn is_cut_short(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    match digits.split_once('.') {
        Some((whole, rest)) => whole.len() == 1 && number(whole) && number(rest) && number(exponent),
        None => digits.len() == 1 && number(digits) && number(exponent) && exponent.len() == 2,
    }
}

/// A day: year, month and day in this order, with or without marks, or a spreadsheet's serial number.
fn date(text: &str, from_1904: bool) -> Option<String> {
    let text: String = text.chars().map(half_width).collect();
    // A moment is a day here; the hour is not recorded.
    let day = match text.trim().split_once([' ', 'T']) {
        Some((day, hour)) if hour.contains(':') => day,
        _ => text.trim(),
    };
    let spaced: String = day.chars().filter(|c| !c.is_whitespace()).collect();
    let day = spaced.strip_suffix(['日', '号']).unwrap_or(&spaced);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits(day) && day.len() == 5 {
        return day_of_serial(day.parse().ok()?, from_1904).map(|day| day.to_string());
    }
    let (year, month, day) = if digits(day) && day.len() == 8 {
        (&day[..4], &day[4..6], &day[6..])
    } else {
        let mut parts = day.split(['-', '/', '.', '年', '月']);
        (parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?)
    };
    let short = |part: &str| digits(part) && part.len() <= 2;
    if !digits(year) || year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    let day: domain::Date = format!("{year}-{month:0>2}-{day:0>2}").parse().ok()?;
    Some(day.to_string())
}

fn time(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.strip_suffix('分').unwrap_or(&text);
    let (hours, minutes) = match text.split_once([':', '时', '点']) {
        Some((hours, minutes)) => (hours, minutes.split(':').next()?),
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => return None,
    };
    let number = |part: &str, below: u32| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|number| digits && *number < below)
    };
    Some(format!("{:02}:{:02}", number(hours, 24)?, number(minutes, 60)?))
}

/// Why a text is no number of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unfit {
    Number,
    /// It is counted in this, which the field is not.
    Unit(String),
}

/// A number with thousands separated or not, and a unit after it or not, in the field's own unit. A unit in the cell holds
/// over that of its column. Nothing may be left behind the last place.
fn number(text: &str, measure: Measure, cell: Cell, units: &Units) -> Result<i64, Unfit> {
    let text = plain(text);
    let text = text.strip_prefix(['¥', '￥']).unwrap_or(&text);
    let (digits, in_cell) = units.of_cell(text);
    let unit = match (&in_cell, cell.unit) {
        // 1.2万 says how much, and its column of what.
        (Some(unit), Some(column)) if unit.base.is_empty() => Some(Unit { base: column.base.clone(), ..unit.clone() }),
        (Some(unit), _) => Some(unit.clone()),
        (None, column) => column.cloned(),
    };
    let places = if measure == Measure::Money { 2 } else { 0 };
    let tens = match &unit {
        None => 0,
        Some(unit) => {
            let wrong = || Unfit::Unit(unit.words.clone());
            if !units.fits(unit, measure) {
                return Err(wrong());
            }
            let own = if measure == Measure::Money { Some(unit.base.as_str()) } else { cell.own };
            units.tens_of(unit, own).ok_or_else(wrong)?
        }
    };
    let places = places + tens as usize;
    exact(digits, places).ok_or(Unfit::Number)
}

/// Digits times ten to the power of `places`.
fn exact(text: &str, places: usize) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_separators(if whole.is_empty() && !rest.is_empty() { "0" } else { whole })?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(rest) || text.ends_with('.') {
        return None;
    }
    let rest = rest.trim_end_matches('0');
    if rest.len() > places || whole.len() > 15 {
        return None;
    }
    format!("{whole}{rest:0<places$}").parse().ok()
}

/// `1,234,567` as `1234567`; `None` where a comma stands anywhere but between groups of three.
fn without_separators(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split([',', '\'']).collect();
    let digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let grouped = groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    (digits && grouped).then(|| groups.concat())
}

fn yes_or_no(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "是" | "有" | "√" | "✓" | "✔" | "y" | "yes" | "true" | "1" => Some(true),
        "否" | "无" | "没有" | "×" | "✗" | "✘" | "n" | "no" | "false" | "0" | "不是" => Some(false),
        _ => None,
    }
}

/// A code, by itself, its label in either language, or a word that stands for it.
fn code(schema: &Schema, vocabulary: &str, text: &str) -> Option<String> {
    let word = plain(text);
    let entries = schema.vocabulary(vocabulary)?.entries.iter();
    let bare = |label: &str| plain(label.split(['（', '(']).next().unwrap_or_default());
    let mut entries = entries.filter(|entry| {
        entry.code == word || plain(&entry.zh) == word || plain(&entry.en) == word || bare(&entry.zh) == word
    });
    match entries.next() {
        Some(entry) => entries.next().is_none().then(|| entry.code.clone()),
        None => {
            let code = Words::shared().code(vocabulary, &word)?;
            schema.entry(vocabulary, code).map(|entry| entry.code.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_people_and_spreadsheets_write_them() {
        for text in [
            "2021-03-12",
            "2021/3/12",
            "2021.3.12",
            "2021年3月12日",
            "2021 年 3 月 12 日",
            "20210312",
            "２０２１/３/１２",
            "44267",
            "2021/3/12 0:00:00",
            "2021-03-12T09:30:00",
            "2021年3月12号",
        ] {
            assert_eq!(date(text, false).as_deref(), Some("2021-03-12"), "{text}");
        }
        assert_eq!(date("42805", true).as_deref(), Some("2021-03-12"), "a workbook that counts from 1904");
        for text in [
            "3/12/2021",
            "12-3-21",
            "21.3.12",
            "2021年3月",
            "3月12日",
            "2021-02-30",
            "4980",
            "2021-3-12-1",
            "去年",
            "2021312",
        ] {
            assert_eq!(date(text, false), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_exact_or_none() {
        let units = Units::of(campaign::Library::builtin().schema());
        let read = |text: &str, measure, column: Option<&str>, own| {
            let unit = column.map(|words| units.read(words).unwrap());
            number(text, measure, Cell { text, exact: None, unit: unit.as_ref(), own }, &units)
        };
        let wrong = |unit: &str| Err(Unfit::Unit(unit.to_owned()));
        for (text, column, expected) in [
            ("4,980", None, Ok(4980)),
            ("4980只", None, Ok(4980)),
            ("４，９８０", None, Ok(4980)),
            ("1.2万只", None, Ok(12_000)),
            ("1.2万", None, Ok(12_000)),
            ("0.498", Some("万只"), Ok(4_980)),
            ("1.2万", Some("万只"), Ok(12_000)),
            ("5千只", Some("万只"), Ok(5_000)),
            ("500只", Some("万只"), Ok(500)),
            ("1.5", Some("千只"), Ok(1_500)),
            ("4980.0", None, Ok(4980)),
            ("4980.5", None, Err(Unfit::Number)),
            ("0.00001", Some("万"), Err(Unfit::Number)),
            ("1,23", None, Err(Unfit::Number)),
            ("-5", None, Err(Unfit::Number)),
            ("约500", None, Err(Unfit::Number)),
            ("", None, Err(Unfit::Number)),
            ("1.", None, Err(Unfit::Number)),
            ("12345678901234567890", None, Err(Unfit::Number)),
            ("=1+1", None, Err(Unfit::Number)),
            ("5箱", None, Err(Unfit::Number)),
            ("5", Some("箱"), wrong("箱")),
            ("5", Some("万元"), wrong("万元")),
            ("5千克", None, wrong("千克")),
        ] {
            assert_eq!(read(text, Measure::Quantity, column, Some("只")), expected, "{text} {column:?}");
        }
        assert_eq!(read("2", Measure::Quantity, Some("吨"), Some("千克")), Ok(2_000));
        assert_eq!(read("2", Measure::Quantity, Some("吨"), None), wrong("吨"));
        for (text, column, fen) in [
            ("1,234.56", None, Ok(123_456)),
            ("¥1,234.5元", None, Ok(123_450)),
            ("1.2346", Some("万元"), Ok(1_234_600)),
            ("1.5", Some("万元"), Ok(1_500_000)),
            ("1.2万元", None, Ok(1_200_000)),
            ("1.2万元", Some("万元"), Ok(1_200_000)),
            ("500元", Some("万元"), Ok(50_000)),
            ("3", Some("千元"), Ok(300_000)),
            (".5", None, Ok(50)),
            ("0.001", None, Err(Unfit::Number)),
            ("5", Some("万只"), wrong("万只")),
            ("5", Some("万美元"), wrong("万美元")),
        ] {
            assert_eq!(read(text, Measure::Money, column, None), fen, "{text} {column:?}");
        }
    }

    #[test]
    fn digits_a_spreadsheet_dropped_are_missed() {
        for text in ["9.1350E+17", "6.40121E17", "9E+17"] {
            assert!(is_cut_short(text), "{text}");
        }
        for text in ["E+17", "KZ-1E5", "GB 2626", "12E4", "1.5"] {
            assert!(!is_cut_short(text), "{text}");
        }
    }

    #[test]
    fn codes_by_label_word_or_code() {
        let schema = campaign::Library::builtin().schema().clone();
        for (vocabulary, text, expected) in [
            ("sample_result", "不合格", Some("nonconforming")),
            ("sample_result", " 符 合 ", Some("conforming")),
            ("sample_result", "Pending", Some("pending")),
            ("category", "mask", Some("mask")),
            ("category", "红外体温计", Some("thermometer")),
            ("category", "红外体温计(额温枪)", Some("thermometer")),
            ("category", "口罩类", None),
            ("nothing", "口罩", None),
        ] {
            assert_eq!(code(&schema, vocabulary, text).as_deref(), expected, "{text}");
        }
    }
}
