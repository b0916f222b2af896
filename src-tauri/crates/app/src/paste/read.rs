//! What a person meant by the text of a cell, by the type of its field. Nothing is guessed: what can be read in two ways is
//! said to be unreadable. Numbers never pass through floating point.

use domain::schema::{Field, FieldType};
use domain::{Notice, Schema, Value};

use super::columns::{Scale, Words, half_width, plain};
use super::table::day_of_serial;

/// Looks up what a cell names: a record, a division.
pub trait Names {
    /// The id of the record a cell names.
    fn record(&self, field: &Field, to: &str, text: &str) -> Result<Value, Notice>;
    /// The code of the division a cell names.
    fn division(&self, text: &str) -> Option<String>;
}

/// The value of a cell; `None` where it says nothing.
pub fn read(
    field: &Field,
    text: &str,
    scale: Scale,
    schema: &Schema,
    names: &dyn Names,
) -> Result<Option<Value>, Notice> {
    let text = text.trim();
    if matches!(text, "" | "-" | "—" | "——" | "/" | "\\" | "－") {
        return Ok(None);
    }
    let unread = |code: &str| {
        let quoted: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
        Notice::new(code).with("field", &field.name).with("zh", &field.zh).with("en", &field.en).with("value", quoted)
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
        FieldType::Date => date(text).map(Value::Text).ok_or_else(|| unread("paste-date"))?,
        FieldType::Time => time(text).map(Value::Text).ok_or_else(|| unread("paste-time"))?,
        FieldType::Integer | FieldType::Quantity | FieldType::Money if says_none => return Ok(None),
        FieldType::Integer | FieldType::Quantity => {
            let places = if scale == Scale::TenThousand { 4 } else { 0 };
            Value::Int(number(text, places, &units(schema)).ok_or_else(|| unread("paste-number"))?)
        }
        FieldType::Money => {
            let places = if scale == Scale::TenThousand { 6 } else { 2 };
            Value::Int(number(text, places, &["元".to_owned()]).ok_or_else(|| unread("paste-money"))?)
        }
        FieldType::Bool => Value::Bool(yes_or_no(text).ok_or_else(|| unread("paste-bool"))?),
        FieldType::Code { of } => Value::Text(code(schema, of, text).ok_or_else(|| unread("paste-code"))?),
        FieldType::Set { of } => {
            let codes: Option<Vec<Value>> = parts(text).map(|part| code(schema, of, part).map(Value::Text)).collect();
            let mut codes = codes.ok_or_else(|| unread("paste-code"))?;
            codes.sort();
            codes.dedup();
            Value::List(codes)
        }
        FieldType::Texts => Value::List(parts(text).map(Value::text).collect()),
        FieldType::Division => names.division(text).map(Value::Text).ok_or_else(|| unread("paste-division"))?,
        FieldType::Ref { to } => names.record(field, to, text)?,
        FieldType::Refs { .. } | FieldType::Sha256 | FieldType::Checklist | FieldType::Objects { .. } => {
            return Err(unread("paste-not-in-a-cell"));
        }
    };
    Ok(Some(value))
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
fn date(text: &str) -> Option<String> {
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
        return day_of_serial(day.parse().ok()?).map(|day| day.to_string());
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

/// The units quantities are counted in.
fn units(schema: &Schema) -> Vec<String> {
    let categories = schema.vocabulary("category").map(|vocabulary| vocabulary.entries.as_slice()).unwrap_or_default();
    let mut units: Vec<String> = categories.iter().filter_map(|entry| entry.unit.clone()).collect();
    units.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
    units.dedup();
    units
}

/// A number with thousands separated or not, and a unit after it or not, times ten to the power of `places`. `None` where it
/// is none, or where something is left behind the last place.
fn number(text: &str, places: u32, units: &[String]) -> Option<i64> {
    let text = plain(text);
    let text = text.strip_prefix(['¥', '￥']).unwrap_or(&text);
    let text = units.iter().find_map(|unit| text.strip_suffix(unit.as_str())).unwrap_or(text);
    // 1.2万 in a column of pieces, or of yuan.
    let (text, more) = match text.strip_suffix('万') {
        Some(text) => (text, 4),
        None => (text, 0),
    };
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_separators(whole)?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(rest) || text.ends_with('.') {
        return None;
    }
    let rest = rest.trim_end_matches('0');
    // 万元 over a column and 万 in a cell are the same ten thousand.
    let places = if more > 0 && places >= 4 { places } else { places + more } as usize;
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
            assert_eq!(date(text).as_deref(), Some("2021-03-12"), "{text}");
        }
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
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_exact_or_none() {
        let units = ["人份".to_owned(), "只".to_owned()];
        for (text, places, value) in [
            ("4,980", 0, Some(4980)),
            ("4980只", 0, Some(4980)),
            ("４，９８０", 0, Some(4980)),
            ("1.2万只", 0, Some(12_000)),
            ("0.498", 4, Some(4_980)),
            ("1.2万", 4, Some(12_000)),
            ("4980.0", 0, Some(4980)),
            ("4980.5", 0, None),
            ("0.00001", 4, None),
            ("1,23", 0, None),
            ("-5", 0, None),
            ("约500", 0, None),
            ("", 0, None),
            ("1.", 0, None),
            ("12345678901234567890", 0, None),
            ("=1+1", 0, None),
        ] {
            assert_eq!(number(text, places, &units), value, "{text}");
        }
        let yuan = ["元".to_owned()];
        for (text, places, fen) in [
            ("1,234.56", 2, Some(123_456)),
            ("¥1,234.5元", 2, Some(123_450)),
            ("1.2346", 6, Some(1_234_600)),
            ("1.2万元", 2, Some(1_200_000)),
            ("1.2万元", 6, Some(1_200_000)),
            ("0.001", 2, None),
        ] {
            assert_eq!(number(text, places, &yuan), fen, "{text}");
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
