//! What a report says in words: its sections, and the texts they begin with. A text quotes numbers in braces; they are read
//! here, and counted elsewhere (`app`).

use std::fmt;

use domain::Notice;
use serde::{Deserialize, Serialize};

/// 一节: one heading of a report with the text below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: String,
    pub zh: String,
    #[serde(default)]
    pub en: String,
    /// What belongs there, for whoever writes it.
    #[serde(default)]
    pub hint: String,
    #[serde(default)]
    pub hint_en: String,
    /// The text it begins with, as [`parts`] reads it.
    #[serde(default)]
    pub template: String,
}

/// A piece of a section's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Quoted {
        quote: Quote,
        /// What a person wrote over what is quoted.
        typed: Option<String>,
    },
}

/// What stands in braces: counted or told anew whenever the text is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quote {
    /// `{figure:ID}`: a figure of the whole campaign, 累计.
    Figure(String),
    /// `{period:ID}`: the same since the last report, 本期.
    Period(String),
    /// `{cell:CAMPAIGN/FORM/ROW/COLUMN}`: a cell of a table, as it prints.
    Cell { form: String, row: String, column: String },
    /// `{list:FIGURE/FIELD}`: the records a figure looks at, grouped by what they have in a field, the most frequent first.
    List { figure: String, field: String },
    /// `{office}`: 填报单位.
    Office,
    /// `{as_of_cn}`: 数据截至时间.
    AsOf,
    /// `{since_cn}`: the first day of the period.
    Since,
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quote::Figure(id) => write!(f, "figure:{id}"),
            Quote::Period(id) => write!(f, "period:{id}"),
            Quote::Cell { form, row, column } => write!(f, "cell:{form}/{row}/{column}"),
            Quote::List { figure, field } => write!(f, "list:{figure}/{field}"),
            Quote::Office => f.write_str("office"),
            Quote::AsOf => f.write_str("as_of_cn"),
            Quote::Since => f.write_str("since_cn"),
        }
    }
}

impl std::str::FromStr for Quote {
    type Err = Notice;

    fn from_str(text: &str) -> Result<Self, Notice> {
        let unknown = || Notice::new("section-quote-unknown").with("value", text);
        let Some((what, of)) = text.split_once(':') else {
            return Ok(match text {
                "office" => Quote::Office,
                "as_of_cn" => Quote::AsOf,
                "since_cn" => Quote::Since,
                _ => return Err(unknown()),
            });
        };
        let names: Vec<&str> = of.split('/').collect();
        // A field may stand behind a reference, which its dot then says; a code may have dots anyway.
        if !names.iter().all(|name| domain::schema::is_code(name)) {
            return Err(unknown());
        }
        let owned = |name: &str| name.to_owned();
        match (what, &names[..]) {
            ("figure", [id]) => Ok(Quote::Figure(owned(id))),
            ("period", [id]) => Ok(Quote::Period(owned(id))),
            ("cell", [campaign, form, row, column]) => {
                Ok(Quote::Cell { form: format!("{campaign}/{form}"), row: owned(row), column: owned(column) })
            }
            ("list", [figure, field]) => Ok(Quote::List { figure: owned(figure), field: owned(field) }),
            _ => Err(unknown()),
        }
    }
}

/// Reads a text: `{figure:ID}` and the like are quoted, `{figure:ID=12}` was written over with 12, `{{` and `}}` are braces
/// that are meant as such.
pub fn parts(source: &str) -> Result<Vec<Part>, Notice> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = source;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..at + 1];
        let after = &rest[at + 1..];
        if after.starts_with(brace) {
            text.push_str(brace);
            rest = &after[1..];
            continue;
        }
        let (inside, behind) = match (brace, after.split_once('}')) {
            ("{", Some((inside, behind))) if !inside.contains('{') => (inside, behind),
            _ => return Err(Notice::new("section-brace-open").with("value", excerpt(&rest[at..]))),
        };
        let (name, typed) = match inside.split_once('=') {
            Some((name, typed)) => (name, Some(typed.to_owned())),
            None => (inside, None),
        };
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text)));
        }
        parts.push(Part::Quoted { quote: name.parse()?, typed });
        rest = behind;
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// Writes a text so that [`parts`] reads the same again. What was written over a quote is text like any other where it has
/// braces of its own.
pub fn source<'a>(parts: impl IntoIterator<Item = &'a Part>) -> String {
    let mut source = String::new();
    for part in parts {
        match part {
            Part::Text(text) => push_text(&mut source, text),
            Part::Quoted { quote, typed: None } => source.push_str(&format!("{{{quote}}}")),
            Part::Quoted { typed: Some(typed), .. } if typed.contains(['{', '}']) => push_text(&mut source, typed),
            Part::Quoted { quote, typed: Some(typed) } => source.push_str(&format!("{{{quote}={typed}}}")),
        }
    }
    source
}

fn push_text(source: &mut String, text: &str) {
    for character in text.chars() {
        if matches!(character, '{' | '}') {
            source.push(character);
        }
        source.push(character);
    }
}

/// The beginning of what is not understood, short enough for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(quote: Quote, typed: Option<&str>) -> Part {
        Part::Quoted { quote, typed: typed.map(str::to_owned) }
    }

    #[test]
    fn a_text_quotes_figures_cells_lists_and_days() {
        let text = "截至{as_of_cn}，检查{figure:inspected}家（本期{period:inspected}家），立案{cell:ln-2020/2/mask/total.filed}件，\
                    {list:problems/enterprise.status}，{figure:inspected=12}，{{原样}}";
        let figure = || Quote::Figure("inspected".to_owned());
        let cell = Quote::Cell { form: "ln-2020/2".into(), row: "mask".into(), column: "total.filed".into() };
        let list = Quote::List { figure: "problems".to_owned(), field: "enterprise.status".to_owned() };
        let read = parts(text).unwrap();
        let expected = [
            Part::Text("截至".to_owned()),
            quoted(Quote::AsOf, None),
            Part::Text("，检查".to_owned()),
            quoted(figure(), None),
            Part::Text("家（本期".to_owned()),
            quoted(Quote::Period("inspected".to_owned()), None),
            Part::Text("家），立案".to_owned()),
            quoted(cell, None),
            Part::Text("件，".to_owned()),
            quoted(list, None),
            Part::Text("，".to_owned()),
            quoted(figure(), Some("12")),
            Part::Text("，{原样}".to_owned()),
        ];
        assert_eq!(read, expected);
        assert_eq!(source(&read), text);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (text, code) in [
            ("共{figure:inspected家", "section-brace-open"),
            ("共{figure:a{figure:b}", "section-brace-open"),
            ("共}家", "section-brace-open"),
            ("共{inspected}家", "section-quote-unknown"),
            ("共{figure:}家", "section-quote-unknown"),
            ("共{figure:a/b}家", "section-quote-unknown"),
            ("共{cell:a/b/c}家", "section-quote-unknown"),
            ("共{rate:a}家", "section-quote-unknown"),
            ("共{figure:检查}家", "section-quote-unknown"),
        ] {
            assert_eq!(parts(text).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn braces_written_over_a_quote_are_text() {
        let written = source(&[quoted(Quote::Office, Some("{本局}"))]);
        assert_eq!(parts(&written).unwrap(), [Part::Text("{本局}".to_owned())]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_written(texts in prop::collection::vec("[{}a:=/检\\n]{1,6}", 0..4)) {
            let mut written = Vec::new();
            for text in texts {
                written.extend([Part::Text(text), quoted(Quote::AsOf, None)]);
            }
            prop_assert_eq!(parts(&source(&written)).unwrap(), written);
        }
    }
}
