//! The text of a file, read into its type without losing where each value stands. What is written may still make no sense:
//! that is for [`crate::check`].

use std::str::FromStr;

use domain::Notice;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::CampaignError;

/// A file's name, as people are told it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// Where a value stands in a file: keys and positions from the outside in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    #[must_use]
    pub fn key(&self, key: &str) -> Path {
        let mut path = self.clone();
        path.0.push(Step::Key(key.to_owned()));
        path
    }

    #[must_use]
    pub fn at(&self, index: usize) -> Path {
        let mut path = self.clone();
        path.0.push(Step::Index(index));
        path
    }
}

/// What is wrong, and with which value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub path: Path,
    pub notice: Notice,
}

/// serde says what is wrong in words only; these are its own, so that a person gets better ones.
const SERDE_WORDS: &[(&str, &str, &str)] = &[
    ("unknown field `", "campaign-key-unknown", "key"),
    ("unexpected keys in table: ", "campaign-key-unknown", "key"),
    ("missing field `", "campaign-key-missing", "key"),
    ("unknown variant `", "campaign-word-unknown", "value"),
];

/// Other words of serde's: what it found and what it wanted instead.
const WANTED: &[(&str, &str)] = &[
    ("a string", "campaign-wants-text"),
    ("a boolean", "campaign-wants-bool"),
    ("a sequence", "campaign-wants-list"),
    ("struct ", "campaign-wants-table"),
    ("a map", "campaign-wants-table"),
    ("internally tagged enum", "campaign-wants-table"),
    ("u", "campaign-wants-number"),
    ("i", "campaign-wants-number"),
];

/// What the parser says of a line that is not written as it should be, by how it begins.
const PARSER_WORDS: &[(&str, &str)] = &[
    ("string values must be quoted", "campaign-toml-unquoted"),
    ("missing opening quote", "campaign-toml-unquoted"),
    ("invalid basic string", "campaign-toml-string-open"),
    ("invalid literal string", "campaign-toml-string-open"),
    ("invalid multi-line", "campaign-toml-string-open"),
    ("invalid boolean", "campaign-wants-bool"),
    ("invalid unquoted key", "campaign-toml-key"),
    ("key with no value", "campaign-toml-no-equals"),
    ("missing comma", "campaign-toml-comma"),
    ("unexpected key or value", "campaign-toml-rest"),
    ("unclosed", "campaign-toml-bracket"),
    ("duplicate key", "campaign-key-twice"),
    ("data did not match any variant of untagged enum Note", "campaign-note-wrong"),
];

/// Marks an input method types in place of those the files are written with.
const FULL_WIDTH: &[(char, &str)] = &[
    ('＝', "="),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('｛', "{"),
    ('｝', "}"),
    ('，', ","),
    ('、', ","),
    ('：', "="),
    ('＃', "#"),
    ('．', "."),
];

const CHINESE_QUOTES: &[char] = &['“', '”', '‘', '’', '＂', '＇', '「', '」'];

/// Keys of a form that are easily written below `[form.body]`, where they would belong to the body.
const OF_A_FORM: &[&str] = &["column", "head", "foot", "page", "title", "title_en", "attachment"];

/// Letters of a line that are quoted in a message.
const QUOTED: usize = 60;

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source { name: name.into(), text: text.into() }
    }

    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, CampaignError> {
        toml::from_str(&self.text).map_err(|error| self.syntax(&error))
    }

    /// The problem with its line: that of the value, or of the innermost table that is there.
    pub fn locate(&self, problem: Problem) -> CampaignError {
        let line = match DeTable::parse(&self.text) {
            Ok(root) => self.line(find(root.get_ref(), &problem.path.0)),
            Err(_) => 1,
        };
        CampaignError::new(&self.name, line, problem.notice)
    }

    fn syntax(&self, error: &toml::de::Error) -> CampaignError {
        let span = error.span();
        let message = error.message();
        for (words, code, argument) in SERDE_WORDS {
            let Some(value) = message.strip_prefix(words).and_then(|rest| rest.split(['`', ',']).next()) else {
                continue;
            };
            let start = match *code {
                // Tables that serde buffers are blamed as a whole; the key itself is what the reader looks for.
                "campaign-key-unknown" => self.key_within(value, span.clone()).or(span.as_ref().map(|span| span.start)),
                _ => span.as_ref().map(|span| span.start),
            };
            let misplaced = *code == "campaign-key-unknown" && OF_A_FORM.contains(&value) && self.within_body(span);
            let code = if misplaced { "campaign-key-misplaced" } else { code };
            let notice = Notice::new(code).with(argument, value);
            return CampaignError::new(&self.name, self.line(start.unwrap_or(0)), notice);
        }
        let detail = message.lines().next().unwrap_or_default();
        let span = span.map(|span| self.value_within(detail, span));
        let line = self.line(span.as_ref().map_or(0, |span| span.start));
        let notice = match detail.strip_prefix("date-impossible value=") {
            Some(value) => Notice::new("campaign-date-impossible").with("value", value),
            None => self.cause(detail, line, span),
        };
        CampaignError::new(&self.name, line, notice)
    }

    /// The value serde speaks of: a table it buffers is blamed at its header, and the value stands below it.
    fn value_within(&self, detail: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let blamed = self.text.get(span.clone()).unwrap_or_default();
        let found = detail.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "));
        let (true, Some((found, _))) = (blamed.starts_with('['), found) else { return span };
        let literal = found.split_once(' ').map_or(found, |(_, literal)| literal.trim_matches('`'));
        match self.text[span.start..].find(literal) {
            Some(at) => span.start + at..span.start + at + literal.len(),
            None => span,
        }
    }

    /// Why a line is not understood, as its writer would see it.
    fn cause(&self, detail: &str, line: usize, span: Option<std::ops::Range<usize>>) -> Notice {
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        let at_fault = span.and_then(|span| self.text.get(span)).unwrap_or_default();
        let value: String = at_fault.chars().take(QUOTED).collect();
        if let Some(expected) = detail.split_once(", expected ").map(|(_, expected)| expected)
            && detail.starts_with("invalid type: ") | detail.starts_with("invalid value: ")
        {
            if toml::value::Datetime::from_str(at_fault).is_ok() {
                return Notice::new("campaign-date-unquoted").with("value", value);
            }
            let wanted = WANTED.iter().find(|(words, _)| expected.starts_with(words)).map(|(_, code)| *code);
            return match wanted {
                Some(code) => Notice::new(code).with("value", value),
                None => unclear(text, detail),
            };
        }
        let open_string = detail.starts_with("invalid basic string") || detail.starts_with("invalid literal string");
        match unquoted(text).find(|mark| CHINESE_QUOTES.contains(mark)) {
            Some(mark) => return Notice::new("campaign-toml-quotes").with("value", mark),
            None if open_string && text.contains(CHINESE_QUOTES) => {
                let mark = text.chars().rfind(|mark| CHINESE_QUOTES.contains(mark)).unwrap_or('”');
                return Notice::new("campaign-toml-quotes").with("value", mark);
            }
            None => {}
        }
        let full = |mark: char| FULL_WIDTH.iter().find(|(known, _)| *known == mark);
        if let Some((mark, wanted)) = unquoted(text).find_map(full) {
            return Notice::new("campaign-toml-full-width").with("value", mark).with("wanted", wanted);
        }
        match PARSER_WORDS.iter().find(|(words, _)| detail.starts_with(words)) {
            Some(("duplicate key", code)) => Notice::new(code).with("key", value),
            Some((_, code)) => {
                Notice::new(code).with("value", if value.trim().is_empty() { quoted(text) } else { value })
            }
            None => unclear(text, detail),
        }
    }

    /// Whether what serde blames is the body of a form.
    fn within_body(&self, span: Option<std::ops::Range<usize>>) -> bool {
        let blamed = span.and_then(|span| self.text.get(span)).unwrap_or_default();
        let header = blamed.split(['\n', ' ']).next().unwrap_or_default();
        header.trim_matches(['[', ']']).ends_with("body")
    }

    fn key_within(&self, key: &str, span: Option<std::ops::Range<usize>>) -> Option<usize> {
        let root = DeTable::parse(&self.text).ok()?;
        let mut found = Vec::new();
        collect_keys(root.get_ref(), key, &mut found);
        let span = span.unwrap_or(0..self.text.len());
        // A table written as `[a]` is blamed at its header; its keys follow.
        found.sort_unstable();
        found.iter().find(|at| **at >= span.start).or(found.first()).copied()
    }

    fn line(&self, byte: usize) -> usize {
        1 + self.text.as_bytes()[..byte.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count()
    }
}

/// A line that no cause is known for.
fn unclear(text: &str, detail: &str) -> Notice {
    Notice::new("campaign-toml").with("text", quoted(text)).with("detail", detail)
}

fn quoted(text: &str) -> String {
    text.trim().chars().take(QUOTED).collect()
}

/// The characters of a line that stand in no string and in no remark.
fn unquoted(line: &str) -> impl Iterator<Item = char> {
    let mut within = None;
    let (mut escaped, mut remark) = (false, false);
    line.chars().filter(move |character| {
        if remark {
            return false;
        }
        match within {
            Some(mark) => {
                if escaped {
                    escaped = false;
                } else if *character == '\\' && mark == '"' {
                    escaped = true;
                } else if *character == mark {
                    within = None;
                }
                false
            }
            None => {
                if matches!(character, '"' | '\'') {
                    within = Some(*character);
                }
                remark = *character == '#';
                within.is_none() && !remark
            }
        }
    })
}

fn collect_keys(table: &DeTable, wanted: &str, found: &mut Vec<usize>) {
    for (key, value) in table {
        if key.get_ref() == wanted {
            found.push(key.span().start);
        }
        collect_in(value.get_ref(), wanted, found);
    }
}

fn collect_in(value: &DeValue, wanted: &str, found: &mut Vec<usize>) {
    match value {
        DeValue::Table(table) => collect_keys(table, wanted, found),
        DeValue::Array(items) => items.iter().for_each(|item| collect_in(item.get_ref(), wanted, found)),
        _ => {}
    }
}

/// The first byte of the value at the path, as deep as the path can be followed.
fn find(root: &DeTable, path: &[Step]) -> usize {
    let mut at = 0;
    let mut table = Some(root);
    let mut value: Option<&Spanned<DeValue>> = None;
    for step in path {
        let next = match step {
            Step::Key(wanted) => {
                let inside = table.or_else(|| value.and_then(|value| value.get_ref().as_table()));
                let entry = inside.and_then(|table| table.iter().find(|(key, _)| key.get_ref() == wanted));
                entry.map(|(key, value)| (key.span().start, value))
            }
            Step::Index(index) => {
                let items = value.and_then(|value| value.get_ref().as_array());
                items.and_then(|items| items.get(*index)).map(|value| (value.span().start, value))
            }
        };
        let Some((start, found)) = next else { break };
        // A table made of several `[[…]]` or of dotted keys has no text of its own.
        at = start;
        table = None;
        value = Some(found);
    }
    at
}
