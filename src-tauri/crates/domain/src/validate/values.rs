//! One value against its field's type: spelling, limits, vocabulary, what it refers to.

use std::collections::BTreeSet;

use crate::ids::{Date, RecordId};
use crate::notice::Notice;
use crate::schema::{Field, FieldType, Kind, is_code};
use crate::spelling::{self, with_ideographs};
use crate::uscc;
use crate::value::{Fields, Value};

use super::{Check, shortened};

/// Characters in one line of text.
pub const MAX_TEXT: usize = 500;
/// Characters in a text of several lines.
pub const MAX_LONG_TEXT: usize = 20_000;
/// Elements of a list.
pub const MAX_LIST: usize = 1_000;
/// The greatest count, quantity or amount of fen: a million records of it still add up in 64 bits.
pub const MAX_NUMBER: i64 = 1_000_000_000_000;

/// Puts typed values into the spelling they are kept in: social credit codes half-width and upper case, text without
/// surrounding blanks, radicals as the characters they look like, each text of a list once, line ends as `\n`. Anything else,
/// and whatever has the wrong type, is left as it is.
pub fn tidy(kind: &Kind, fields: &mut Fields) {
    for (name, value) in fields {
        match (kind.field(name).map(|field| &field.ty), value) {
            (Some(FieldType::Uscc), Value::Text(text)) => *text = uscc::normalise(text),
            (Some(FieldType::Text), Value::Text(text)) => *text = with_ideographs(text.trim()).into_owned(),
            (Some(FieldType::LongText), Value::Text(text)) => {
                *text = with_ideographs(text.replace("\r\n", "\n").trim_end()).into_owned();
            }
            (Some(FieldType::Texts), Value::List(items)) => {
                for item in items.iter_mut() {
                    if let Value::Text(text) = item {
                        *text = with_ideographs(text.trim()).into_owned();
                    }
                }
                each_once(items);
            }
            _ => {}
        }
    }
}

/// Of texts that are the same but for their spelling, the first stays. A blank one is left to be refused.
fn each_once(items: &mut Vec<Value>) {
    let mut seen = BTreeSet::new();
    items.retain(|item| match item {
        Value::Text(text) if !text.is_empty() => seen.insert(spelling::compared(text)),
        _ => true,
    });
}

/// `HH:MM` as minutes after midnight.
pub(super) fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str, below: i64| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|number| digits && *number < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What no spreadsheet, page or list can show honestly: control characters, separators that break lines where none is
/// expected, marks that turn the direction of writing, and what XML has no place for.
fn unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || matches!(character, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

impl Check<'_> {
    /// A text with the limits of one line, about something that is no field of the kind.
    pub(super) fn free_text(&mut self, path: &str, notice: &Notice, text: &str) {
        let of = |code: &str| Notice { code: code.to_owned(), args: notice.args.clone() };
        if let Some(problem) = text_problem(text, MAX_TEXT, false, of) {
            self.error(path, problem);
        }
    }

    /// A value that is not null. `path` is where it stands, for members of objects.
    pub(super) fn value(&mut self, field: &Field, path: &str, value: &Value) {
        let of = |code: &str| field.notice(code);
        match (&field.ty, value) {
            (FieldType::Text, Value::Text(text)) => self.refuse(path, text_problem(text, MAX_TEXT, false, of)),
            (FieldType::LongText, Value::Text(text)) => self.refuse(path, text_problem(text, MAX_LONG_TEXT, true, of)),
            (FieldType::Integer | FieldType::Quantity | FieldType::Money, Value::Int(number)) => {
                if *number < 0 {
                    self.error(path, of("number-negative").with("value", number));
                } else if *number > MAX_NUMBER {
                    self.error(path, of("number-too-large").with("value", number).with("limit", MAX_NUMBER));
                }
            }
            (FieldType::Bool, Value::Bool(_)) => {}
            (FieldType::Date, Value::Text(text)) => {
                if text.parse::<Date>().is_err() {
                    self.error(path, of("date-impossible").with("value", shortened(text)));
                }
            }
            (FieldType::Time, Value::Text(text)) => {
                if minutes(text).is_none() {
                    self.error(path, of("time-impossible").with("value", shortened(text)));
                }
            }
            (FieldType::Code { of }, Value::Text(code)) => self.code(field, path, of, code),
            (FieldType::Set { of }, Value::List(items)) => {
                self.list(field, path, items, |check, text| {
                    if !is_code(text) {
                        check.error(path, field.notice("element-malformed").with("value", shortened(text)));
                    } else if check.standing().is_none_or(|before| !before.has(&field.name, text)) {
                        check.code(field, path, of, text);
                    }
                });
            }
            (FieldType::Texts, Value::List(items)) => self.list(field, path, items, |check, text| {
                if text.trim().is_empty() {
                    check.error(path, field.notice("list-blank"));
                }
                check.refuse(path, text_problem(text, MAX_TEXT, false, |code| field.notice(code)));
            }),
            (FieldType::Ref { to }, Value::Text(text)) => self.reference(field, path, to, text),
            (FieldType::Refs { to }, Value::List(items)) => {
                self.list(field, path, items, |check, text| {
                    let before = check.standing();
                    if before.is_none_or(|before| !before.has(&field.name, text)) {
                        check.reference(field, path, to, text);
                    }
                });
                let mut seen = BTreeSet::new();
                if let Some(twice) = items.iter().find(|item| !seen.insert(*item)) {
                    let twice = shortened(twice.as_str().unwrap_or_default());
                    self.error(path, of("list-repeated").with("value", twice));
                }
            }
            (FieldType::Division, Value::Text(code)) => {
                let Some(name) = self.lookup.division_name(code) else {
                    return self.error(path, of("division-unknown").with("value", shortened(code)));
                };
                if field.rules.warn_outside && !self.record.office.area_holds(code) {
                    self.warn(path, of("division-outside").with("value", code).with("name", name));
                }
            }
            (FieldType::Uscc, Value::Text(text)) => self.credit_code(field, path, text),
            (FieldType::Sha256, Value::Text(text)) => {
                if !is_sha256(text) {
                    self.error(path, of("sha256-malformed").with("value", shortened(text)));
                }
            }
            (FieldType::Checklist, Value::Map(answers)) => {
                for (item, answer) in answers {
                    self.answer(field, path, item, answer);
                }
            }
            (FieldType::Objects { members }, Value::List(items)) => self.objects(field, members, path, items),
            _ => self.error(path, field.type_wrong()),
        }
    }

    fn refuse(&mut self, path: &str, problem: Option<Notice>) {
        if let Some(problem) = problem {
            self.error(path, problem);
        }
    }

    fn list(&mut self, field: &Field, path: &str, items: &[Value], mut each: impl FnMut(&mut Self, &str)) {
        if items.len() > MAX_LIST {
            self.error(path, field.notice("list-too-long").with("count", items.len()).with("limit", MAX_LIST));
            return;
        }
        for item in items {
            match item {
                Value::Text(text) => each(self, text),
                _ => return self.error(path, field.type_wrong()),
            }
        }
    }

    fn code(&mut self, field: &Field, path: &str, vocabulary: &str, code: &str) {
        if self.schema.entry(vocabulary, code).is_some() {
            return;
        }
        let entries = self.schema.vocabulary(vocabulary).map(|known| known.entries.as_slice()).unwrap_or_default();
        let known: Vec<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
        let known = known.join(", ");
        self.error(path, field.notice("code-unknown").with("value", shortened(code)).with("known", known));
    }

    fn reference(&mut self, field: &Field, path: &str, to: &str, text: &str) {
        let Ok(id) = text.parse::<RecordId>() else {
            self.error(path, field.notice("reference-malformed").with("value", shortened(text)));
            return;
        };
        if id == self.record.id {
            let code = if field.name == "same_as" { "same-as-self" } else { "reference-self" };
            self.error(path, field.notice(code).with("value", id));
            return;
        }
        let Some(target) = self.lookup.record(id) else {
            self.error(path, field.notice("reference-missing").with("value", id));
            return;
        };
        if to != "*" && target.kind != to {
            let (wanted, found) = (self.schema.kind(to), self.schema.kind(&target.kind));
            let notice = field
                .notice("reference-kind")
                .with("value", id)
                .with("wanted_zh", wanted.map_or(to, |kind| &kind.zh))
                .with("wanted_en", wanted.map_or(to, |kind| &kind.en))
                .with("found_zh", found.map_or(&target.kind, |kind| &kind.zh))
                .with("found_en", found.map_or(&target.kind, |kind| &kind.en));
            self.error(path, notice);
        } else if let Some(reason) = &target.void {
            self.error(path, field.notice("reference-voided").with("value", id).with("reason", shortened(reason)));
        }
    }

    fn credit_code(&mut self, field: &Field, path: &str, text: &str) {
        let value = shortened(text);
        match uscc::check(text) {
            Ok(()) => {}
            Err(uscc::Doubt::Malformed) => self.error(path, field.notice("uscc-malformed").with("value", value)),
            Err(uscc::Doubt::Phone) => self.error(path, field.notice("uscc-phone").with("value", value)),
            Err(uscc::Doubt::Organisation) => self.error(path, field.notice("uscc-organisation").with("value", value)),
            Err(uscc::Doubt::Citizen) => self.warn(path, field.notice("uscc-citizen").with("value", value)),
            Err(uscc::Doubt::Characters { suggestion }) => {
                let suggestion = suggestion.unwrap_or_else(|| "—".to_owned());
                self.warn(path, field.notice("uscc-characters").with("value", value).with("suggestion", suggestion));
            }
            Err(uscc::Doubt::CheckDigit { expected }) => {
                self.warn(path, field.notice("uscc-check-digit").with("value", value).with("expected", expected));
            }
        }
    }

    fn answer(&mut self, field: &Field, path: &str, item: &str, answer: &Value) {
        if !is_code(item) {
            self.error(path, field.notice("element-malformed").with("value", shortened(item)));
            return;
        }
        if answer.is_null() {
            return;
        }
        let path = format!("{path}.{item}");
        let Value::Map(parts) = answer else {
            self.error(&path, field.type_wrong());
            return;
        };
        for (key, part) in parts {
            match (key.as_str(), part) {
                ("result", Value::Text(code)) => self.code(field, &path, "check_result", code),
                ("note", Value::Null) => {}
                ("note", Value::Text(note)) => {
                    let problem = text_problem(note, MAX_LONG_TEXT, true, |code| field.notice(code));
                    self.refuse(&path, problem);
                }
                ("result" | "note", _) => self.error(&path, field.type_wrong()),
                _ => self.error(&path, field.notice("member-unknown").with("value", shortened(key))),
            }
        }
        if !parts.contains_key("result") {
            self.error(&path, field.notice("answer-missing").with("value", item));
        }
    }

    fn objects(&mut self, field: &Field, members: &[Field], path: &str, items: &[Value]) {
        if items.len() > MAX_LIST {
            self.error(path, field.notice("list-too-long").with("count", items.len()).with("limit", MAX_LIST));
            return;
        }
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{}]", index + 1);
            let Value::Map(parts) = item else {
                self.error(&path, field.type_wrong());
                continue;
            };
            for key in parts.keys().filter(|key| !members.iter().any(|member| member.name == **key)) {
                self.error(&path, field.notice("member-unknown").with("value", shortened(key)));
            }
            for member in members {
                let path = format!("{path}.{}", member.name);
                match parts.get(&member.name) {
                    Some(part) if !super::is_blank(part) => self.value(member, &path, part),
                    _ if member.required => self.error(&path, member.notice("required-missing")),
                    _ => {}
                }
            }
        }
    }
}

fn text_problem(text: &str, limit: usize, lines: bool, of: impl Fn(&str) -> Notice) -> Option<Notice> {
    // Bytes first: counting the characters of ten megabytes tells nobody anything.
    let length = if text.len() > limit * 4 { text.len() } else { text.chars().count() };
    if length > limit {
        return Some(of("text-too-long").with("limit", limit));
    }
    let refused =
        text.chars().find(|character| unprintable(*character) && !(lines && matches!(character, '\n' | '\t')));
    refused.map(|character| of("control-character").with("value", format!("U+{:04X}", character as u32)))
}
