//! Where a field stands in its kind's table, what stands there, and whether a condition holds for it. The one meaning of a
//! condition: the compiled passes, the lists and their `only` rules all test through here.

use std::collections::BTreeMap;

use campaign::model::Condition;
use domain::schema::FieldType;
use domain::spelling::distinct;
use domain::{Date, Notice, Schema, Value};
use rusqlite::types::ValueRef;

use crate::error::Result;
use crate::projection::{Projection, Storage, is_counted_by};

/// The office that owns a record, where records are told apart by it. No kind has a field of this name.
pub(super) const OWNER: &str = "office";

/// How a column's text is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    /// Codes between bars.
    Bars,
    /// A JSON list or object.
    Json,
}

/// A field as an SQL expression over the table named `p`.
pub(super) struct Place {
    pub sql: String,
    pub shape: Shape,
    /// Takes few values, so that what is worked out for one is worth keeping.
    pub coded: bool,
    /// The index that figures count by holds it.
    pub indexed: bool,
}

pub(super) fn unknown_field(kind: &str, field: &str) -> Notice {
    Notice::new("figure-field-unknown").with("kind", kind).with("field", field)
}

/// Names reach SQL only after the schema has vouched for them.
pub(super) fn place(schema: &Schema, projection: &Projection, kind: &str, field: &str) -> Result<Place> {
    if field == domain::schema::CAMPAIGNS {
        return Ok(Place { sql: "p.campaigns".to_owned(), shape: Shape::Bars, coded: true, indexed: true });
    }
    if field == OWNER {
        return Ok(Place { sql: "p.office".to_owned(), shape: Shape::Scalar, coded: true, indexed: true });
    }
    let ty = schema.kind(kind).and_then(|kind| kind.field(field)).map(|field| &field.ty);
    let coded = matches!(ty, Some(FieldType::Code { .. } | FieldType::Set { .. } | FieldType::Division));
    if let Some(storage) = projection.storage(kind, field) {
        let shape = match storage {
            Storage::Codes => Shape::Bars,
            Storage::Json => Shape::Json,
            Storage::Text | Storage::Integer | Storage::Bool | Storage::Reference => Shape::Scalar,
        };
        let indexed = ty.is_some_and(is_counted_by);
        return Ok(Place { sql: format!("p.\"{field}\""), shape, coded, indexed });
    }
    let Some(ty) = ty.filter(|_| domain::schema::is_code(field) && projection.knows(kind)) else {
        return Err(unknown_field(kind, field).into());
    };
    let shape = match crate::projection::storage(ty) {
        Storage::Codes | Storage::Json => Shape::Json,
        _ => Shape::Scalar,
    };
    // Most records of a kind hold none of the field sets' fields: the JSON is opened only where the name stands in it.
    let sql = format!("CASE WHEN instr(p.extra, '\"{field}\"') > 0 THEN json_extract(p.extra, '$.\"{field}\"') END");
    Ok(Place { sql, shape, coded, indexed: true })
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reading<'r> {
    Blank,
    Int(i64),
    Text(&'r str),
    Bars(&'r str),
    Json(&'r str),
    Reference(&'r [u8]),
    Items(&'r [Value]),
    Entries(&'r BTreeMap<String, Value>),
}

impl<'r> Reading<'r> {
    pub fn of_column(value: ValueRef<'r>, shape: Shape) -> Self {
        match value {
            ValueRef::Null | ValueRef::Real(_) => Reading::Blank,
            ValueRef::Integer(number) => Reading::Int(number),
            ValueRef::Blob(bytes) => Reading::Reference(bytes),
            ValueRef::Text(bytes) => match (std::str::from_utf8(bytes).unwrap_or_default(), shape) {
                ("", _) | ("[]" | "{}", Shape::Json) => Reading::Blank,
                (text, Shape::Scalar) => Reading::Text(text),
                (text, Shape::Bars) => Reading::Bars(text),
                (text, Shape::Json) => Reading::Json(text),
            },
        }
    }

    pub fn of_value(value: &'r Value) -> Self {
        match value {
            Value::Null => Reading::Blank,
            Value::Bool(flag) => Reading::Int(i64::from(*flag)),
            Value::Int(number) => Reading::Int(*number),
            Value::Text(text) if text.is_empty() => Reading::Blank,
            Value::Text(text) => Reading::Text(text),
            Value::List(items) if items.is_empty() => Reading::Blank,
            Value::List(items) => Reading::Items(items),
            Value::Map(entries) if entries.is_empty() => Reading::Blank,
            Value::Map(entries) => Reading::Entries(entries),
        }
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Reading::Blank)
    }

    pub fn text(&self) -> Option<&'r str> {
        match self {
            Reading::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Calls `visit` with every code or text held.
    pub fn each(&self, visit: &mut dyn FnMut(&str)) {
        match self {
            Reading::Text(text) => visit(text),
            Reading::Bars(text) => text.split('|').filter(|code| !code.is_empty()).for_each(visit),
            Reading::Json(text) => match Value::from_json(text) {
                Ok(Value::List(items)) => items.iter().filter_map(Value::as_str).for_each(visit),
                Ok(Value::Map(entries)) => entries.keys().map(String::as_str).for_each(visit),
                _ => {}
            },
            Reading::Items(items) => items.iter().filter_map(|item| item.as_str()).for_each(visit),
            Reading::Entries(entries) => entries.keys().map(String::as_str).for_each(visit),
            Reading::Blank | Reading::Int(_) | Reading::Reference(_) => {}
        }
    }

    fn holds_any(&self, codes: &[String]) -> bool {
        let mut found = false;
        self.each(&mut |code| found |= codes.iter().any(|wanted| wanted == code));
        found
    }

    /// How many elements a list holds; a text that stands in it twice, in whatever spelling, is one.
    pub fn size(&self) -> i64 {
        match self {
            Reading::Json(text) => json_size(text),
            Reading::Bars(text) => text.split('|').filter(|code| !code.is_empty()).count() as i64,
            Reading::Items(items) => each_once(items),
            Reading::Entries(entries) => entries.len() as i64,
            Reading::Text(_) => 1,
            Reading::Blank | Reading::Int(_) | Reading::Reference(_) => 0,
        }
    }
}

/// Elements of a list, texts that are the same but for their spelling once.
fn each_once(items: &[Value]) -> i64 {
    let texts = || items.iter().filter_map(Value::as_str);
    (items.len() - texts().count() + distinct(texts())) as i64
}

/// Texts kept apart while a list is sized; a longer list is built.
const MOST_APART: usize = 16;

/// Elements of a compact JSON list or object, usually without building it: this runs once a record.
fn json_size(text: &str) -> i64 {
    let (mut depth, mut quoted, mut escaped, mut commas, mut any) = (0u32, false, false, 0, false);
    let (mut texts, mut held, mut begun, mut apart) = ([""; MOST_APART], 0, 0, true);
    for (at, byte) in text.bytes().enumerate() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => (escaped, apart) = (true, depth > 1 && apart),
                b'"' => {
                    quoted = false;
                    let item = &text[begun..at];
                    apart &= depth > 1 || held < MOST_APART && !texts[..held].contains(&item);
                    if apart && depth == 1 {
                        texts[held] = item;
                        held += 1;
                    }
                }
                // Spelt in one way only: digits, capitals, Chinese characters.
                b'0'..=b'9' | b'A'..=b'Z' | 0x80..=0xBF | 0xE4..=0xEE => {}
                _ => apart &= depth > 1,
            }
            continue;
        }
        match byte {
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => commas += i64::from(depth == 1),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => {
                any |= depth == 1;
                quoted = byte == b'"';
                begun = at + 1;
                depth += u32::from(matches!(byte, b'[' | b'{'));
            }
        }
    }
    // A single text is one, however it is spelt.
    if !apart
        && commas > 0
        && let Ok(Value::List(items)) = Value::from_json(text)
    {
        return each_once(&items);
    }
    if any { commas + 1 } else { 0 }
}

/// A condition for one cut-off, apart from the field it tests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Test {
    any: Vec<String>,
    none: Vec<String>,
    is: Option<bool>,
    blank: Option<bool>,
    /// Dates as text: in this spelling the order of texts is the order of days.
    from: Option<String>,
    to: Option<String>,
    /// A blank passes whatever else is asked.
    or_blank: bool,
}

impl Test {
    pub fn of(condition: &Condition, as_of: Date) -> Self {
        Test {
            any: condition.any.clone(),
            none: condition.none.clone(),
            is: condition.is,
            blank: condition.blank,
            from: condition.since.map(|day| day.to_string()),
            to: condition.by_cut_off.then(|| as_of.to_string()),
            or_blank: false,
        }
    }

    pub fn window(first: Date, last: Date) -> Self {
        Test { from: Some(first.to_string()), to: Some(last.to_string()), ..Test::default() }
    }

    /// A day up to the last one; with `or_blank`, or none at all.
    pub fn up_to(last: Date, or_blank: bool) -> Self {
        Test { to: Some(last.to_string()), or_blank, ..Test::default() }
    }

    /// One of these codes; with `or_blank`, or none at all.
    pub fn one_of(codes: Vec<String>, or_blank: bool) -> Self {
        Test { any: codes, or_blank, ..Test::default() }
    }

    pub fn holds(&self, reading: &Reading) -> bool {
        if self.or_blank && reading.is_blank() {
            return true;
        }
        if self.from.is_some() || self.to.is_some() {
            let Some(day) = reading.text() else { return false };
            if self.from.as_deref().is_some_and(|from| day < from) || self.to.as_deref().is_some_and(|to| day > to) {
                return false;
            }
        }
        (self.any.is_empty() || reading.holds_any(&self.any))
            && (self.none.is_empty() || !reading.holds_any(&self.none))
            && self.is.is_none_or(|wanted| matches!(reading, Reading::Int(number) if (*number != 0) == wanted))
            && self.blank.is_none_or(|wanted| reading.is_blank() == wanted)
    }

    /// Whether it holds for what is not there.
    pub fn holds_blank(&self) -> bool {
        self.holds(&Reading::Blank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sized_without_being_built() {
        for (text, size) in [
            ("[]", 0),
            ("{}", 0),
            (r#"["a"]"#, 1),
            (r#"["a,b","c\",d"]"#, 2),
            (r#"[{"a":1,"b":[1,2]},{"a":2}]"#, 2),
            (r#"{"a":{"x":1,"y":2},"b":null}"#, 2),
            ("[1,2,3]", 3),
            (r#"["张三","李四","张三丰"]"#, 3),
            // Each name once.
            (r#"["张三","张三","张 三"]"#, 1),
            (r#"["张三","张　三","李四"]"#, 2),
            (r#"["买买提·吐尔逊","买买提•吐尔逊"]"#, 1),
            (r#"["John Smith","JOHN SMITH","john"]"#, 2),
            (r#"["a\"","a\"",{"a":1},{"a":1}]"#, 3),
        ] {
            assert_eq!(json_size(text), size, "{text}");
        }
    }

    #[test]
    fn long_lists_are_sized_like_short_ones() {
        let name = |at: u32| format!("\"张{}\"", char::from_u32(0x4e00 + at % 30).unwrap());
        let names: Vec<String> = (0..40).map(name).collect();
        assert_eq!(json_size(&format!("[{}]", names.join(","))), 30);
    }

    fn test(condition: &str) -> Test {
        let value: serde_json::Value = serde_json::from_str(condition).unwrap();
        Test::of(&serde_json::from_value(value).unwrap(), "2021-05-31".parse().unwrap())
    }

    #[test]
    fn blank_is_neither_yes_nor_no_and_passes_none() {
        assert!(!test(r#"{"field":"x","is":true}"#).holds_blank());
        assert!(!test(r#"{"field":"x","is":false}"#).holds_blank());
        assert!(test(r#"{"field":"x","none":["a"]}"#).holds_blank());
        assert!(!test(r#"{"field":"x","any":["a"]}"#).holds_blank());
        assert!(!test(r#"{"field":"x","by_cut_off":true}"#).holds_blank());
        assert!(test(r#"{"field":"x","blank":true}"#).holds(&Reading::of_column(ValueRef::Text(b"[]"), Shape::Json)));
    }

    #[test]
    fn days_up_to_the_cut_off_hold_both_edges() {
        let by = test(r#"{"field":"x","by_cut_off":true}"#);
        assert!(by.holds(&Reading::Text("2021-05-31")) && !by.holds(&Reading::Text("2021-06-01")));
        let since = test(r#"{"field":"x","since":"2020-01-01"}"#);
        assert!(since.holds(&Reading::Text("2020-01-01")) && !since.holds(&Reading::Text("2019-12-31")));
    }

    #[test]
    fn sets_and_lists_hold_by_element() {
        let any = test(r#"{"field":"x","any":["ask"]}"#);
        assert!(!any.holds(&Reading::Bars("|mask|")) && any.holds(&Reading::Bars("|ask|mask|")));
        assert!(any.holds(&Reading::Json(r#"["ask","b"]"#)) && !any.holds(&Reading::Json(r#"["task"]"#)));
        let none = test(r#"{"field":"x","none":["ask"]}"#);
        assert!(none.holds(&Reading::Bars("|mask|")) && !none.holds(&Reading::Bars("|ask|mask|")));
    }
}
