//! The words spreadsheets use, which are data: `assets/paste/words.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::spelling::compared;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// By kind and field.
    pub heading: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// By vocabulary and code.
    pub value: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    pub level: Levels,
    pub row: Lines,
    pub unit: UnitWords,
}

/// Headings over several rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Words of a lower row that say nothing without the one above: 名称 is whose name?
    pub generic: Vec<String>,
    /// What an upper row may end with beside its subject: 检验情况 over 日期 is 检验日期.
    pub about: Vec<String>,
}

/// Rows that are no data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    pub total: Vec<String>,
    /// Words that, with a colon or alone, begin a line below a table: 填表人.
    pub remark: Vec<String>,
    /// Whole lines: 以下空白.
    pub end: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitWords {
    pub money: Vec<String>,
    /// Lists of words that count the same thing.
    pub alike: Vec<Vec<String>>,
    pub multiple: Vec<Multiple>,
    /// People and the like, counted one by one.
    pub count: Vec<String>,
    /// Units nothing here is counted in: asked for.
    pub other: Vec<String>,
}

/// `word` is so many of `of`, as a power of ten.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiple {
    pub word: String,
    pub of: String,
    pub tens: u32,
}

impl Words {
    pub fn shared() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            toml::from_str(include_str!("../../../../../assets/paste/words.toml")).expect("checked by a test")
        })
    }

    pub fn headings(&self, kind: &str, field: &str) -> &[String] {
        self.heading.get(kind).and_then(|fields| fields.get(field)).map_or(&[], Vec::as_slice)
    }

    /// The code a word stands for, beside the labels of its vocabulary.
    pub fn code(&self, vocabulary: &str, word: &str) -> Option<&str> {
        let codes = self.value.get(vocabulary)?;
        let found = codes.iter().find(|(_, words)| words.iter().any(|known| plain(known) == word));
        found.map(|(code, _)| code.as_str())
    }
}

/// A text as texts are compared, in lower case.
pub fn plain(text: &str) -> String {
    compared(text).to_lowercase()
}
