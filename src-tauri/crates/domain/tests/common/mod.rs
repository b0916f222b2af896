//! A small ledger in memory, with vocabularies and a field set of its own, so that rules are tested without any campaign.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::schema::{Field, FieldSet, Vocabulary};
use domain::validate::{CampaignFacts, Cell, CellFacts, Issue, Lookup, Severity, Source, validate};
use domain::{Date, Fields, OfficeCode, Record, RecordId, Schema, Value, identity};

pub const OFFICE: &str = "640121";

pub fn id(number: u32) -> RecordId {
    format!("00000000-0000-4000-8000-{number:012x}").parse().unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn json(text: &str) -> Value {
    Value::from_json(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub fn fields(text: &str) -> Fields {
    json(text).as_map().expect("an object").clone()
}

pub fn record(number: u32, kind: &str, text: &str) -> Record {
    Record {
        id: id(number),
        kind: kind.to_owned(),
        office: OFFICE.parse().unwrap(),
        campaigns: vec!["alpha".to_owned()],
        void: None,
        overrides: BTreeMap::new(),
        fields: fields(text),
    }
}

pub fn open_vocabularies() -> Vec<Vocabulary> {
    let list = [
        ("line", vec!["quality", "order"]),
        ("department", vec!["market", "customs"]),
        ("role", vec!["producer", "seller"]),
        ("area", vec!["rural"]),
        ("category", vec!["mask", "cloth", "lamp"]),
        ("order_kind", vec!["administrative", "criminal"]),
    ];
    list.into_iter()
        .map(|(id, codes)| {
            let entries: Vec<String> = codes
                .into_iter()
                .map(|code| format!("{{ code = {code:?}, zh = \"中{code}\", en = \"E{code}\", unit = \"只\" }}"))
                .collect();
            toml::from_str(&format!("id = {id:?}\nopen = true\nentries = [{}]", entries.join(","))).unwrap()
        })
        .collect()
}

pub fn field_set() -> FieldSet {
    toml::from_str(
        r#"
        id = "extra"
        zh = "附加"
        en = "Extra"
        [fields]
        product = [
          { name = "medical", type = "bool", required_for = ["mask"], zh = "是否医用", en = "Medical" },
          { name = "daily", type = "quantity", zh = "日产量", en = "Daily output" },
        ]
        case = [
          { name = "order_kind", type = "code", of = "order_kind", only_with = { line = ["order"] }, zh = "治安类别", en = "Order" },
        ]
        "#,
    )
    .unwrap()
}

pub fn schema() -> Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let mut schema = Schema::core();
        for vocabulary in open_vocabularies() {
            schema.add_vocabulary(&vocabulary).unwrap();
        }
        schema.add_field_set(&field_set()).unwrap();
        schema
    });
    SCHEMA.clone()
}

#[derive(Default)]
pub struct Ledger {
    pub records: BTreeMap<RecordId, Record>,
}

impl Ledger {
    pub fn new(records: impl IntoIterator<Item = Record>) -> Self {
        Ledger { records: records.into_iter().map(|record| (record.id, record)).collect() }
    }

    /// Enterprise 1, nonconforming sample 2, pending sample 3, inspection 4.
    pub fn usual() -> Self {
        Ledger::new([
            record(1, "enterprise", r#"{"name":"甲厂","roles":["producer"]}"#),
            sample(2, "nonconforming"),
            sample(3, "pending"),
            record(4, "inspection", INSPECTION),
        ])
    }

    pub fn with(mut self, record: Record) -> Self {
        self.records.insert(record.id, record);
        self
    }

    pub fn issues(&self, record: &Record) -> Vec<Issue> {
        validate(&schema(), record, None, self)
    }

    pub fn edit(&self, after: &Record) -> Vec<Issue> {
        validate(&schema(), after, self.records.get(&after.id), self)
    }

    pub fn codes(&self, record: &Record) -> Vec<String> {
        codes(&self.issues(record))
    }
}

/// The words of a notice in both languages: every code is in both catalogues, and nothing they ask for is left out.
pub fn words(notice: &domain::Notice) -> [String; 2] {
    static PARSED: LazyLock<[toml::Table; 2]> = LazyLock::new(|| CATALOGUES.map(|text| text.parse().unwrap()));
    PARSED.each_ref().map(|catalogue| {
        let entry = catalogue.get(&notice.code).unwrap_or_else(|| panic!("no words for {}", notice.code));
        let mut text = ["message", "remedy"].map(|part| entry[part].as_str().unwrap()).join("\n");
        for (name, _) in &notice.args {
            text = text.replace(&format!("{{{name}}}"), "…");
        }
        assert!(!text.contains(['{', '}']), "{notice} leaves something out of: {text}");
        text
    })
}

pub const CATALOGUES: [&str; 2] = [
    include_str!("../../../../../assets/messages/zh/domain.toml"),
    include_str!("../../../../../assets/messages/en/domain.toml"),
];

/// Codes, warnings with a `?`.
pub fn codes(issues: &[Issue]) -> Vec<String> {
    for issue in issues {
        words(&issue.notice);
    }
    let mark = |issue: &Issue| if issue.severity == Severity::Warning { "?" } else { "" };
    issues.iter().map(|issue| format!("{}{}", issue.notice.code, mark(issue))).collect()
}

pub const INSPECTION: &str = r#"{"enterprise":"00000000-0000-4000-8000-000000000001","date":"2021-03-12",
    "inspectors":["张三","李四"],"line":"quality","department":"market","categories":["mask"],"outcome":"normal"}"#;

pub fn sample(number: u32, result: &str) -> Record {
    let reported = match result {
        "pending" => "",
        "nonconforming" => r#","reported_on":"2021-03-20","failed_items":["过滤效率"],"entered_market":"no""#,
        _ => r#","reported_on":"2021-03-20""#,
    };
    record(
        number,
        "sample",
        &format!(
            r#"{{"number":"S{number}","enterprise":"{}","product_name":"口罩","category":"mask","sampled_on":"2021-03-10",
            "authority":"market","nonconforming_quantity":1000,"result":"{result}"{reported}}}"#,
            id(1)
        ),
    )
}

impl Lookup for Ledger {
    fn record(&self, id: RecordId) -> Option<Record> {
        self.records.get(&id).cloned()
    }

    fn referring(&self, kind: &str, field: &str, target: RecordId) -> Vec<Record> {
        let named = |record: &&Record| {
            record.kind == kind && (record.reference(field) == Some(target) || record.has(field, &target.to_string()))
        };
        self.records.values().filter(named).cloned().collect()
    }

    fn identified(&self, kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Vec<Record> {
        let wanted = identity::key(kind, field, office, number);
        let schema = schema();
        let holds = |record: &&Record| {
            let kind = schema.kind(kind).unwrap();
            record.kind == kind.id
                && record.void.is_none()
                && identity::keys(kind, &record.office, &record.fields).any(|(_, key)| Some(&key) == wanted.as_ref())
        };
        self.records.values().filter(holds).cloned().collect()
    }

    fn division_name(&self, code: &str) -> Option<String> {
        [OFFICE, "130730"].contains(&code).then(|| format!("division {code}"))
    }

    fn today(&self) -> Date {
        day("2023-05-27")
    }

    fn campaign(&self, id: &str) -> Option<CampaignFacts> {
        let categories: &[&str] = match id {
            "alpha" => &["mask", "cloth"],
            "beta" => &["lamp"],
            _ => return None,
        };
        let categories: BTreeSet<String> = categories.iter().map(|code| (*code).to_owned()).collect();
        let pair = |kind: &str, field: &str| (kind.to_owned(), field.to_owned());
        Some(CampaignFacts {
            first_day: day("2021-03-01"),
            last_day: Some(day("2021-05-31")),
            events: BTreeSet::from([
                pair("case", "filed_on"),
                pair("case", "penalty_on"),
                pair("sample", "sampled_on"),
            ]),
            sums: BTreeMap::from([(pair("case", "penalty_fen"), BTreeSet::from(["penalty_on".to_owned()]))]),
            categories,
        })
    }

    fn declared(&self, office: &OfficeCode, cell: Cell, source: &str) -> Vec<Record> {
        let parts = [("form", cell.form), ("row", cell.row), ("column", cell.column), ("source", source)];
        let same = |record: &&Record| {
            let text = |(field, value): &(&str, &str)| record.text(field) == Some(*value);
            record.kind == "declared" && record.office == *office && record.void.is_none() && parts.iter().all(text)
        };
        self.records.values().filter(same).cloned().collect()
    }

    /// The one cell there is counts cases by the day they were filed.
    fn recorded(&self, office: &OfficeCode, _: Cell, source: &str, as_of: Date) -> Option<Record> {
        let counted = |record: &&Record| {
            record.kind == "case" && record.office == *office && record.date("filed_on") <= Some(as_of)
        };
        let schema = schema();
        let same = |record: &&Record| match Source::of(&schema, schema.kind("case").unwrap()) {
            Some(Source::Field(field)) => record.text(field) == Some(source),
            always => always == Some(Source::Department(source)),
        };
        self.records.values().filter(counted).find(same).cloned()
    }

    fn form_cell(&self, form: &str, row: &str, column: &str) -> Option<CellFacts> {
        (form == "alpha/1").then(|| CellFacts {
            row_known: ["first", "sum"].contains(&row),
            column_known: ["filed", "share"].contains(&column),
            refuses_declared: row == "sum" || column == "share",
            first_day: day("2021-03-01"),
            decimals: 0,
        })
    }
}
