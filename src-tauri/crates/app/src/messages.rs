//! The words for every code, in Chinese and English, from `assets/messages/`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::Notice;
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/messages");

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Zh,
    En,
}

impl Language {
    /// Of two labels, the one in this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    message: String,
    remedy: String,
}

/// Both catalogues.
pub struct Messages {
    zh: BTreeMap<String, Words>,
    en: BTreeMap<String, Words>,
}

impl Messages {
    pub fn shared() -> &'static Messages {
        static MESSAGES: OnceLock<Messages> = OnceLock::new();
        MESSAGES.get_or_init(|| Messages { zh: load("zh"), en: load("en") })
    }

    /// Message and remedy with the notice's arguments filled in. A code without words shows itself and its arguments.
    pub fn words(&self, notice: &Notice, language: Language) -> (String, String) {
        let catalogue = match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        };
        match catalogue.get(&notice.code) {
            Some(words) => {
                let why = notice.arg(WHY).and_then(|code| catalogue.get(code));
                let message = fill(&words.message, notice, why.map(|why| &why.message));
                (message, fill(&words.remedy, notice, why.map(|why| &why.remedy)))
            }
            None => (notice.to_string(), String::new()),
        }
    }

    /// The codes of a language, ascending.
    pub fn codes(&self, language: Language) -> impl Iterator<Item = &str> {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
        .keys()
        .map(String::as_str)
    }
}

fn load(language: &str) -> BTreeMap<String, Words> {
    let mut catalogue = BTreeMap::new();
    for file in FILES.get_dir(language).into_iter().flat_map(Dir::files) {
        let text = file.contents_utf8().unwrap_or_default();
        let words: BTreeMap<String, Words> =
            toml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
        catalogue.extend(words);
    }
    catalogue
}

/// The argument that is a code of its own: its message stands within the message, its remedy within the remedy.
const WHY: &str = "why";

/// Arguments are filled in one pass over the template, so that a name holding `{office}` stays what it is.
fn fill(template: &str, notice: &Notice, why: Option<&String>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        let name = &rest[1..close];
        match why.map(String::as_str).filter(|_| name == WHY).or_else(|| notice.arg(name)) {
            Some(value) => text.push_str(value),
            None => text.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_know_the_same_codes_and_arguments() {
        let messages = Messages::shared();
        let zh: Vec<&str> = messages.codes(Language::Zh).collect();
        let en: Vec<&str> = messages.codes(Language::En).collect();
        assert!(zh.len() > 50);
        assert_eq!(zh, en);
        for (code, words) in &messages.zh {
            assert!(!words.message.is_empty() && !words.remedy.is_empty(), "{code}");
            let other = &messages.en[code];
            assert!(!other.message.is_empty() && !other.remedy.is_empty(), "{code}");
        }
    }

    #[test]
    fn a_reason_is_said_in_the_language_of_what_it_is_the_reason_of() {
        let notice = Notice::new("package-io").with("why", "disk-read-only");
        let (message, remedy) = Messages::shared().words(&notice, Language::Zh);
        assert_eq!(message, "文件无法读写：磁盘或 U 盘处于只读（写保护）状态。");
        assert!(remedy.starts_with("请关闭 U 盘的写保护"), "{remedy}");
        let (message, _) = Messages::shared().words(&notice, Language::En);
        assert_eq!(message, "The file could not be read or written: the disk or stick is write-protected.");
    }

    #[test]
    fn an_argument_is_never_a_template() {
        let notice = Notice::new("x").with("name", "{office}").with("office", "640121");
        assert_eq!(fill("{name} at {office} {missing}", &notice, None), "{office} at 640121 {missing}");
    }
}
