//! Which field a column is, by the words it is headed with: labels and names of the schema, and the words spreadsheets
//! use beside them, which are data (`assets/paste/words.toml`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use domain::schema::{Field, FieldType, Kind};
use serde::Deserialize;

use super::table::Table;

/// Rows a heading may stand below: a title, a note.
const HEADING_WITHIN: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// By kind and field.
    pub heading: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// By vocabulary and code.
    pub value: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Words {
    pub fn shared() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            toml::from_str(include_str!("../../../../../assets/paste/words.toml")).expect("checked by a test")
        })
    }

    fn headings(&self, kind: &str, field: &str) -> &[String] {
        self.heading.get(kind).and_then(|fields| fields.get(field)).map_or(&[], Vec::as_slice)
    }

    /// The code a word stands for, beside the labels of its vocabulary.
    pub fn code(&self, vocabulary: &str, word: &str) -> Option<&str> {
        let codes = self.value.get(vocabulary)?;
        let found = codes.iter().find(|(_, words)| words.iter().any(|known| plain(known) == word));
        found.map(|(code, _)| code.as_str())
    }
}

/// What a column's numbers are counted in, as its heading says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    #[default]
    One,
    /// 万.
    TenThousand,
}

/// A column of the block and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub heading: String,
    /// `None` where it is left out.
    pub field: Option<String>,
    pub scale: Scale,
}

/// What can be pasted: whatever fits into one cell.
pub fn fits(field: &Field) -> bool {
    !matches!(field.ty, FieldType::Sha256 | FieldType::Checklist | FieldType::Objects { .. } | FieldType::Refs { .. })
        && !matches!(&field.ty, FieldType::Ref { to } if to == "*")
}

/// Full-width letters, digits and marks as half-width; blanks of every width gone; lower case.
pub fn plain(text: &str) -> String {
    let shown = text.chars().map(half_width).filter(|c| !c.is_whitespace() && !c.is_control());
    shown.flat_map(char::to_lowercase).collect()
}

pub fn half_width(character: char) -> char {
    match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        _ => character,
    }
}

/// A heading without marks of required fields, and without what stands in brackets at its end.
fn bare(heading: &str) -> (String, String) {
    let whole: String = plain(heading).trim_matches(['*', ':', '.', '、']).to_owned();
    let cut = whole.find(['(', '[']).filter(|cut| *cut > 0 && whole.ends_with([')', ']']));
    let short = cut.map_or_else(|| whole.clone(), |cut| whole[..cut].to_owned());
    (whole, short)
}

fn scale_of(heading: &str) -> Scale {
    let (whole, short) = bare(heading);
    let inside = &whole[short.len()..];
    if inside.starts_with(['(', '[']) && inside[1..].starts_with('万') || whole.ends_with("万元") {
        Scale::TenThousand
    } else {
        Scale::One
    }
}

/// The words of a heading that name a field, best first.
fn known_as(kind: &Kind, field: &Field, heading: &str) -> Option<u32> {
    let (whole, short) = bare(heading);
    let own = [plain(&field.zh), plain(&field.en), field.name.clone()];
    let others: Vec<String> = Words::shared().headings(&kind.id, &field.name).iter().map(|word| plain(word)).collect();
    let without_unit = bare(&field.zh).1;
    let ranks = [
        own.contains(&whole),
        own.contains(&short) || without_unit == short,
        others.contains(&whole),
        others.contains(&short),
    ];
    ranks.iter().position(|holds| *holds).map(|rank| rank as u32)
}

/// The fields that headings name; each field once, by the heading that names it best.
pub fn recognise(kind: &Kind, headings: &[String]) -> Vec<Column> {
    let mut columns: Vec<Column> = headings
        .iter()
        .map(|heading| Column { heading: heading.trim().to_owned(), field: None, scale: scale_of(heading) })
        .collect();
    let mut pairs: Vec<(u32, usize, &Field)> = Vec::new();
    for (at, heading) in headings.iter().enumerate().filter(|(_, heading)| !heading.trim().is_empty()) {
        for field in kind.fields.iter().filter(|field| fits(field)) {
            pairs.extend(known_as(kind, field, heading).map(|rank| (rank, at, field)));
        }
    }
    pairs.sort_by_key(|(rank, at, _)| (*rank, *at));
    let mut taken = BTreeSet::new();
    for (_, at, field) in pairs {
        if columns[at].field.is_none() && taken.insert(&field.name) {
            columns[at].field = Some(field.name.clone());
        }
    }
    columns
}

/// The row that heads the block: of the first few the one that names most fields. `None` where no row names two, or half of
/// what it says.
pub fn heading_row(kind: &Kind, table: &Table) -> Option<usize> {
    let mut best = None;
    for (at, (_, cells)) in table.rows.iter().take(HEADING_WITHIN).enumerate() {
        let named = recognise(kind, cells).iter().filter(|column| column.field.is_some()).count();
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let is_heading = named >= 2 || named > 0 && named * 2 >= filled;
        if is_heading && best.is_none_or(|(most, _)| named > most) {
            best = Some((named, at));
        }
    }
    best.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(kind: &str, headings: &[&str]) -> Vec<Option<String>> {
        let schema = campaign::Library::builtin().schema().clone();
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        let columns = recognise(schema.kind(kind).unwrap(), &headings);
        columns.into_iter().map(|column| column.field).collect()
    }

    fn names(fields: &[&str]) -> Vec<Option<String>> {
        fields.iter().map(|field| (!field.is_empty()).then(|| (*field).to_owned())).collect()
    }

    #[test]
    fn headings_are_labels_names_or_other_words_for_them() {
        assert_eq!(
            recognised(
                "sample",
                &["序号", "抽样单编号*", "Enterprise", "规格\n型号", "批量（只）", "sampled_on", "检验结论", "备注"]
            ),
            names(&["", "number", "enterprise", "model", "batch_quantity", "sampled_on", "result", ""])
        );
        assert_eq!(
            recognised("product", &["企业名称", "产品名称", "类别"]),
            names(&["enterprise", "name", "category"])
        );
        assert_eq!(
            recognised("enterprise", &["企业名称", "非医用口罩产量（只／日）"]),
            names(&["name", "nonmedical_mask_daily_output"])
        );
    }

    #[test]
    fn a_field_stands_in_the_column_that_names_it_best() {
        assert_eq!(recognised("sample", &["企业名称", "抽查企业", "抽查企业"]), names(&["", "enterprise", ""]));
        assert_eq!(recognised("attachment", &["内容摘要", "所属记录"]), names(&["", ""]), "what fits no cell");
    }

    #[test]
    fn ten_thousands_are_seen_in_the_heading() {
        for (heading, scale) in [
            ("罚没（万元）", Scale::TenThousand),
            ("罚没金额 万元", Scale::TenThousand),
            ("数量(万只)", Scale::TenThousand),
            ("数量（只）", Scale::One),
            ("罚没（元）", Scale::One),
            ("万宝路", Scale::One),
            ("（万", Scale::One),
        ] {
            assert_eq!(scale_of(heading), scale, "{heading}");
        }
    }

    #[test]
    fn the_words_name_fields_and_codes_that_exist_and_each_means_one_thing() {
        let schema = campaign::Library::builtin().schema().clone();
        let words = Words::shared();
        for (kind, fields) in &words.heading {
            let kind = schema.kind(kind).unwrap_or_else(|| panic!("{kind}"));
            let mut meant = BTreeMap::new();
            for (field, headings) in fields {
                assert!(kind.field(field).is_some_and(fits), "{}.{field}", kind.id);
                for heading in headings {
                    let before = meant.insert(plain(heading), field);
                    assert!(before.is_none_or(|before| before == field), "{}: {heading}", kind.id);
                }
            }
        }
        for (vocabulary, codes) in &words.value {
            let mut meant = BTreeMap::new();
            for (code, texts) in codes {
                assert!(schema.entry(vocabulary, code).is_some(), "{vocabulary}.{code}");
                for text in texts {
                    assert!(meant.insert(plain(text), code).is_none(), "{vocabulary}: {text}");
                    let label = |entry: &domain::schema::Entry| plain(&entry.zh) == plain(text) && entry.code != *code;
                    assert!(!schema.vocabulary(vocabulary).unwrap().entries.iter().any(label), "{vocabulary}: {text}");
                }
            }
        }
    }
}
