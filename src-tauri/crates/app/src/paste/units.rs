//! What the numbers of a column are counted in: 万元 in its heading, 单位：万元 above the table, 5万只 in a cell. Understood, or
//! asked for; a number is never taken for the field's own unit where something else is written.

use domain::schema::{Field, FieldType, Schema};

use super::words::{Words, plain};

/// Powers of ten people write before a unit, the longest first.
const TENS: [(&str, u32); 9] =
    [("千万", 7), ("百万", 6), ("十万", 5), ("亿", 8), ("万", 4), ("千", 3), ("仟", 3), ("百", 2), ("十", 1)];

/// A unit as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub words: String,
    /// How many of the base it is, as a power of ten; `None` where it is known to be none of ours: 箱, 美元.
    pub tens: Option<u32>,
    /// What is counted: 元, 只; blank where only 万 is written.
    pub base: String,
}

/// What kind of number a field holds, as far as units go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Fen, written in yuan.
    Money,
    /// In the unit of the record's category.
    Quantity,
    /// In what the field's label says: 人, 只/日.
    Count,
}

impl Measure {
    pub fn of(field: &Field) -> Option<Self> {
        match field.ty {
            FieldType::Money => Some(Measure::Money),
            FieldType::Quantity => Some(Measure::Quantity),
            FieldType::Integer => Some(Measure::Count),
            _ => None,
        }
    }

    /// Powers of ten a person can choose for a column.
    pub fn choices(self) -> &'static [u32] {
        match self {
            Measure::Money => &[0, 3, 4, 6, 8],
            Measure::Quantity | Measure::Count => &[0, 2, 3, 4, 6, 8],
        }
    }
}

/// The units there are: those of categories, of money, and those of `words.toml`.
#[derive(Debug, Clone, Default)]
pub struct Units {
    money: Vec<String>,
    things: Vec<String>,
    others: Vec<String>,
}

impl Units {
    pub fn of(schema: &Schema) -> Self {
        let words = &Words::shared().unit;
        let categories = schema.vocabulary("category").map(|known| known.entries.as_slice()).unwrap_or_default();
        let mut things: Vec<String> = categories.iter().filter_map(|entry| Some(plain(entry.unit.as_ref()?))).collect();
        let alike = words.alike.iter().flatten().chain(words.multiple.iter().map(|each| &each.word));
        things.extend(alike.chain(&words.count).map(|word| plain(word)));
        let mut units = Units {
            money: words.money.iter().map(|word| plain(word)).collect(),
            things,
            others: words.other.iter().map(|word| plain(word)).collect(),
        };
        for list in [&mut units.money, &mut units.things, &mut units.others] {
            list.sort_by_key(|word| std::cmp::Reverse(word.len()));
            list.dedup();
        }
        units
    }

    /// A text that is nothing but a unit: 万元, 千只, 千只/日, 公斤, 万.
    pub fn read(&self, text: &str) -> Option<Unit> {
        self.read_plain(&plain(text)).map(|unit| Unit { words: text.trim().to_owned(), ..unit })
    }

    /// The same of a text as it is compared.
    fn read_plain(&self, word: &str) -> Option<Unit> {
        // By the day or the month says when, not what.
        let bare = ["/日", "/天", "/月", "/年", "/d"].iter().find_map(|per| word.strip_suffix(per)).unwrap_or(word);
        let unit = |tens, base: &str| Some(Unit { words: word.to_owned(), tens, base: base.to_owned() });
        let known = |word: &str| self.money.iter().chain(&self.things).any(|unit| unit == word);
        if known(bare) {
            return unit(Some(0), bare);
        }
        if self.others.iter().any(|unit| unit == bare) {
            return unit(None, bare);
        }
        let (tens, base) = TENS.iter().find_map(|(word, tens)| Some((*tens, bare.strip_prefix(word)?)))?;
        match base {
            "" if bare == "千" || bare == "百" || bare == "十" => None,
            "" => unit(Some(tens), ""),
            base if known(base) => unit(Some(tens), base),
            base if self.others.iter().any(|unit| unit == base) => unit(None, base),
            _ => None,
        }
    }

    /// The unit in a remark of a heading, such as 单位：万元 or 万元、含没收. What is called a unit and is none we know is one all
    /// the same: the person is asked.
    pub fn remarked(&self, remark: &str) -> Option<Unit> {
        let remark = plain(remark);
        let called = called_unit(&remark);
        let parts = called.unwrap_or(&remark).split(['、', ',', ';', '；', '，', '。']);
        let mut read = parts.filter_map(|part| self.read(part));
        match (read.next(), called) {
            (Some(unit), _) => Some(unit),
            (None, Some(words)) if !words.is_empty() => {
                Some(Unit { words: words.to_owned(), tens: None, base: words.to_owned() })
            }
            _ => None,
        }
    }

    /// A heading without the unit at its end, and the unit: 罚没金额万元, 批量/千只.
    pub fn at_end<'a>(&self, heading: &'a str) -> Option<(&'a str, Unit)> {
        let starts = heading.char_indices().map(|(at, _)| at).skip(1);
        // From the left: the longest unit is meant, 万元 and not 元.
        starts.filter(|at| heading.len() - at <= 24).find_map(|at| {
            let unit = self.read_plain(&heading[at..]).filter(|unit| !unit.base.is_empty())?;
            let before = heading[..at].trim_end_matches(['/', ',', '，', ':', '-', '_']);
            let marked = before.len() < at;
            (!before.is_empty() && (marked || unit.tens != Some(0))).then_some((before, unit))
        })
    }

    /// Units a line above the table names for all of it: 单位：万元、万只. 填报单位：永宁县局 names none.
    pub fn above(&self, cell: &str) -> Vec<Unit> {
        let words = plain_with_gaps(cell);
        let mut found = Vec::new();
        for part in words.split([' ', '(', ')']).filter(|part| !part.is_empty()) {
            let Some(named) = called_unit(part) else { continue };
            let pieces = named.split(['、', ',', ';', '/', '，', '；']).filter(|piece| !piece.is_empty());
            let read: Vec<Unit> = pieces.filter_map(|piece| self.read(piece)).collect();
            found.extend(read);
        }
        found
    }

    /// Whether a number so counted can stand in a field: of another thing altogether, it cannot.
    pub fn fits(&self, unit: &Unit, measure: Measure) -> bool {
        match measure {
            _ if unit.base.is_empty() => true,
            Measure::Money => self.money.contains(&unit.base),
            Measure::Quantity | Measure::Count => self.things.contains(&unit.base),
        }
    }

    pub fn is_money(&self, unit: &Unit) -> bool {
        self.money.contains(&unit.base) || self.others.contains(&unit.base) && unit.base.ends_with('元')
    }

    /// How many of `own` one `unit` is, as a power of ten; `None` where they count different things. `own` is the unit of a
    /// category, `None` where the category is not known.
    pub fn tens_of(&self, unit: &Unit, own: Option<&str>) -> Option<u32> {
        let tens = unit.tens?;
        let words = &Words::shared().unit;
        let Some(own) = own.map(plain) else {
            // Without a category nobody knows whether a ton is a thousand of its units.
            return words.multiple.iter().all(|each| plain(&each.word) != unit.base).then_some(tens);
        };
        if own == unit.base || unit.base.is_empty() {
            return Some(tens);
        }
        let alike = |left: &str, right: &str| {
            let holds = |list: &Vec<String>, word: &str| list.iter().any(|known| plain(known) == word);
            left == right || words.alike.iter().any(|list| holds(list, left) && holds(list, right))
        };
        if alike(&unit.base, &own) {
            return Some(tens);
        }
        let multiple =
            words.multiple.iter().find(|each| plain(&each.word) == unit.base && alike(&plain(&each.of), &own))?;
        Some(tens + multiple.tens)
    }

    /// The number of a cell without the unit behind it, and that unit. 1.2万 and 5只 have one.
    pub fn of_cell<'a>(&self, number: &'a str) -> (&'a str, Option<Unit>) {
        let end = number.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |at| at + 1);
        match self.read(&number[end..]) {
            Some(unit) if end > 0 && unit.tens.is_some() => (&number[..end], Some(unit)),
            _ => (number, None),
        }
    }
}

/// What stands behind 单位： where that means what is counted.
fn called_unit(text: &str) -> Option<&str> {
    const CALLED: [&str; 6] = ["计量单位", "金额单位", "数量单位", "货币单位", "单位", "unit"];
    let rest = CALLED.iter().find_map(|called| text.strip_prefix(called))?;
    rest.strip_prefix([':', '为', '是'])
}

/// As texts are compared, but with one blank where there were some.
fn plain_with_gaps(text: &str) -> String {
    text.split_whitespace().map(plain).collect::<Vec<_>>().join(" ").replace(": ", ":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Units {
        Units::of(campaign::Library::builtin().schema())
    }

    #[test]
    fn a_unit_is_a_power_of_ten_of_something() {
        for (text, tens, base) in [
            ("元", Some(0), "元"),
            ("万元", Some(4), "元"),
            ("千元", Some(3), "元"),
            ("亿元", Some(8), "元"),
            ("千只", Some(3), "只"),
            ("万 只", Some(4), "只"),
            ("万只／日", Some(4), "只"),
            ("百万件", Some(6), "件"),
            ("千克", Some(0), "千克"),
            ("公斤", Some(0), "公斤"),
            ("吨", Some(0), "吨"),
            ("万", Some(4), ""),
            ("人次", Some(0), "人次"),
            ("箱", None, "箱"),
            ("万美元", None, "美元"),
        ] {
            let unit = units().read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((unit.tens, unit.base.as_str()), (tens, base), "{text}");
        }
        for text in ["", "万宝路", "含没收", "十", "约", "只读"] {
            assert_eq!(units().read(text), None, "{text}");
        }
    }

    #[test]
    fn remarks_name_a_unit_or_none() {
        let tens = |remark| units().remarked(remark).map(|unit| unit.tens);
        assert_eq!(tens("单位：万元"), Some(Some(4)));
        assert_eq!(tens("万元，含没收"), Some(Some(4)));
        assert_eq!(tens("单位:令"), Some(None), "called a unit, and asked for");
        assert_eq!(tens("含没收"), None);
        assert_eq!(tens("年/月/日"), None);
        let end = |heading| units().at_end(heading).map(|(before, unit)| (before.to_owned(), unit.words));
        assert_eq!(end("罚没金额万元"), Some(("罚没金额".to_owned(), "万元".to_owned())));
        assert_eq!(end("批量/只"), Some(("批量".to_owned(), "只".to_owned())));
        assert_eq!(end("罚没金额"), None);
        assert_eq!(end("口罩只"), None, "a word may end so");
    }

    #[test]
    fn a_line_above_names_units_and_an_office_none() {
        let tens = |line| units().above(line).into_iter().map(|unit| unit.tens).collect::<Vec<_>>();
        assert_eq!(tens("单位：万元"), [Some(4)]);
        assert_eq!(tens("（金额单位： 万元、万只）"), [Some(4), Some(4)]);
        assert_eq!(tens("填报单位：永宁县局      单位：千只"), [Some(3)]);
        assert_eq!(tens("单位：箱"), [None]);
        for line in ["填报单位：万元厂", "单位：永宁县市场监督管理局", "单位（盖章）", "被抽样单位：元"]
        {
            assert!(units().above(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn units_meet_the_unit_of_a_category() {
        let tens = |text, own| units().tens_of(&units().read(text).unwrap(), own);
        assert_eq!(tens("千只", Some("只")), Some(3));
        assert_eq!(tens("千只", None), Some(3));
        assert_eq!(tens("万", Some("千克")), Some(4));
        assert_eq!(tens("公斤", Some("千克")), Some(0));
        assert_eq!(tens("吨", Some("千克")), Some(3));
        assert_eq!(tens("吨", None), None);
        assert_eq!(tens("个", Some("只")), Some(0));
        assert_eq!(tens("只", Some("千克")), None);
        assert_eq!(tens("箱", Some("只")), None);
        let cell = |text: &'static str| {
            let units = units();
            let (number, unit) = units.of_cell(text);
            (number, unit.map(|unit| unit.words))
        };
        assert_eq!(cell("1.2万"), ("1.2", Some("万".to_owned())));
        assert_eq!(cell("5千只"), ("5", Some("千只".to_owned())));
        assert_eq!(cell("5箱"), ("5箱", None));
        assert_eq!(cell("约500"), ("约500", None));
    }
}
