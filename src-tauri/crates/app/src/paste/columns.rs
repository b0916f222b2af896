//! Which field a column is, by the words it is headed with: labels and names of the schema, and the words spreadsheets
//! use beside them, which are data (`assets/paste/words.toml`); and what its numbers are counted in.

use std::collections::{BTreeSet, HashMap};

use domain::schema::{Field, FieldType, Kind};

use super::units::{Measure, Unit, Units};
use super::words::{Words, plain};

/// Where the unit of a column was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitFrom {
    Heading,
    /// A line above the table.
    Above,
    Chosen,
}

/// A column of the block and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its words, those of several rows one after the other.
    pub heading: String,
    /// `None` where it is left out.
    pub field: Option<String>,
    /// What its numbers are counted in, where somebody says so; else the field's own unit.
    pub unit: Option<(Unit, UnitFrom)>,
}

/// What can be pasted: whatever fits into one cell.
pub fn fits(field: &Field) -> bool {
    !matches!(field.ty, FieldType::Sha256 | FieldType::Checklist | FieldType::KeyedTexts | FieldType::Objects { .. } | FieldType::Refs { .. })
        && !matches!(&field.ty, FieldType::Ref { to } if to == "*")
}

/// A heading without marks of required fields, without what stands in brackets, and the remark in the brackets.
fn bare(heading: &str) -> (String, String, Option<String>) {
    let whole: String = plain(heading).trim_matches(['*', ':', '.', '、']).to_owned();
    let inside = whole.split_once('(').filter(|(before, _)| !before.is_empty());
    let Some((before, (remark, after))) = inside.and_then(|(before, rest)| Some((before, rest.rsplit_once(')')?)))
    else {
        return (whole.clone(), whole, None);
    };
    let short = format!("{before}{after}");
    (whole.clone(), short, Some(remark.to_owned()))
}

/// The words that name the fields of a kind, compared.
pub struct Known<'a> {
    kind: &'a Kind,
    units: &'a Units,
    /// How good a name a word is, and for which fields.
    words: HashMap<String, Vec<(u32, usize)>>,
}

impl<'a> Known<'a> {
    pub fn of(kind: &'a Kind, units: &'a Units) -> Self {
        let mut words: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
        for (at, field) in kind.fields.iter().enumerate().filter(|(_, field)| fits(field)) {
            let own = [plain(&field.zh), plain(&field.en), field.name.clone()];
            for word in own {
                words.entry(word).or_default().push((0, at));
            }
            words.entry(bare(&field.zh).1).or_default().push((1, at));
            for word in Words::shared().headings(&kind.id, &field.name) {
                words.entry(plain(word)).or_default().push((2, at));
            }
        }
        Known { kind, units, words }
    }

    /// The fields a heading may mean, best first, and the unit it names.
    fn meant(&self, heading: &str) -> (Vec<(u32, usize)>, Option<Unit>) {
        let (whole, short, remark) = bare(heading);
        let unit = remark.as_deref().and_then(|remark| self.units.remarked(remark));
        let mut found: Vec<(u32, usize)> = Vec::new();
        let mut add = |word: &str, rank: u32, counted: bool| {
            for (good, field) in self.words.get(word).into_iter().flatten() {
                if !counted || Measure::of(&self.kind.fields[*field]).is_some() {
                    found.push((good + rank, *field));
                }
            }
            !found.is_empty()
        };
        let mut known = add(&whole, 0, false);
        if short != whole {
            known = add(&short, 1, false);
        }
        let mut at_end = None;
        if let Some((before, unit)) = (!known).then(|| self.units.at_end(&short)).flatten() {
            add(before, 4, true);
            at_end = Some(unit);
        }
        found.sort_unstable();
        found.dedup_by_key(|(_, field)| *field);
        let unit = unit.or_else(|| at_end.filter(|_| !found.is_empty()));
        (found, unit)
    }

    /// The fields that headings name; each field once, by the heading that names it best. Each column has one heading or
    /// several ways to say it, the best first; beside each column stands the way that named it.
    pub fn recognise(&self, headings: &[Heading]) -> Vec<(Column, usize)> {
        let mut columns: Vec<(Column, usize)> = Vec::with_capacity(headings.len());
        let mut pairs: Vec<(usize, u32, usize, usize)> = Vec::new();
        for (at, heading) in headings.iter().enumerate() {
            let mut unit = None;
            for (way, words) in heading.ways.iter().enumerate().filter(|(_, words)| !words.trim().is_empty()) {
                let (meant, named) = self.meant(words);
                unit = unit.or(named);
                pairs.extend(meant.into_iter().map(|(rank, field)| (way, rank, at, field)));
            }
            let unit = unit.map(|unit| (unit, UnitFrom::Heading));
            columns.push((Column { heading: heading.shown.clone(), field: None, unit }, 0));
        }
        pairs.sort_unstable();
        let mut taken = BTreeSet::new();
        for (way, _, at, field) in pairs {
            let (column, by) = &mut columns[at];
            if column.field.is_none() && taken.insert(field) {
                column.field = Some(self.kind.fields[field].name.clone());
                *by = way;
            }
        }
        columns
    }
}

/// What a column is headed with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    pub shown: String,
    /// The best first.
    pub ways: Vec<String>,
    /// Of several rows, what the lowest says.
    pub leaf: Option<String>,
}

impl Heading {
    pub fn of(text: &str) -> Self {
        Heading { shown: text.trim().to_owned(), ways: vec![text.to_owned()], leaf: None }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn columns(kind: &str, headings: &[&str]) -> Vec<Column> {
        let schema = campaign::Library::builtin().schema().clone();
        let units = Units::of(&schema);
        let headings: Vec<Heading> = headings.iter().map(|heading| Heading::of(heading)).collect();
        let named = Known::of(schema.kind(kind).unwrap(), &units).recognise(&headings);
        named.into_iter().map(|(column, _)| column).collect()
    }

    fn recognised(kind: &str, headings: &[&str]) -> Vec<Option<String>> {
        columns(kind, headings).into_iter().map(|column| column.field).collect()
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
        assert_eq!(recognised("inspection", &["检查人员", "执法条线"]), names(&["inspectors", "line"]));
    }

    #[test]
    fn a_field_stands_in_the_column_that_names_it_best() {
        assert_eq!(recognised("sample", &["企业名称", "抽查企业", "抽查企业"]), names(&["", "enterprise", ""]));
        assert_eq!(recognised("attachment", &["内容摘要", "所属记录"]), names(&["", ""]), "what fits no cell");
    }

    #[test]
    fn units_are_seen_in_the_heading() {
        for (heading, tens) in [
            ("罚没（万元）", Some(4)),
            ("罚没金额（单位：万元）", Some(4)),
            ("罚没金额（单位：元）", Some(0)),
            ("罚没金额 万元", Some(4)),
            ("罚没金额/千元", Some(3)),
            ("罚没金额（含没收）", None),
            ("罚没金额", None),
        ] {
            let column = columns("case", &[heading]).remove(0);
            assert_eq!(column.field.as_deref(), Some("penalty_fen"), "{heading}");
            assert_eq!(column.unit.map(|(unit, _)| unit.tens), tens.map(Some), "{heading}");
        }
        let boxes = columns("case", &["查获数量（箱）"]).remove(0);
        assert_eq!(boxes.unit.map(|(unit, _)| unit.tens), Some(None), "known to be none of ours");
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
