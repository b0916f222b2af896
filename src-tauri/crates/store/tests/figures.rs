//! How forms are counted, against small books written by hand: one rule of domain.md, section 3, a test.

use std::collections::{BTreeMap, BTreeSet};

use campaign::answers::{AnswerCell, Answers, Filling};
use campaign::model::{Campaign, Form};
use domain::schema::FieldSet;
use domain::{Date, DeviceId, Fields, Hlc, OfficeCode, RecordId, RevisionDraft, Schema, Value};
use proptest::prelude::*;
use store::figures::{CellRef, Counted, Traced, recount};
use store::{Book, Edit, StoreError};
use sweepbook_store as store;

const REGION: &str = "640000";
const COUNTY: &str = "640121";
const OTHER_COUNTY: &str = "640122";

/// A made-up campaign with a statistics form by line, one by category, and two lists.
const CAMPAIGN: &str = r#"
id = "c"
title = "c"
title_en = "c"
issuers = ["x"]
first_day = "2021-03-01"
last_day = "2021-05-31"
categories = [{ category = "mask" }, { category = "gown" }]

[[figure]]
id = "people"
zh = "p"
en = "p"
kind = "inspection"
measure = { size = "inspectors" }
event = "date"

[[figure]]
id = "inspected"
zh = "p"
en = "p"
kind = "inspection"
measure = "enterprises"
event = "date"

[[figure]]
id = "filed"
zh = "p"
en = "p"
kind = "case"
measure = "count"
event = "filed_on"

[[figure]]
id = "penalty"
zh = "p"
en = "p"
kind = "case"
measure = { sum = "penalty_fen" }
event = "penalty_on"

[[figure]]
id = "seized"
zh = "p"
en = "p"
kind = "case"
measure = { sum = "seized_quantity" }
event = "filed_on"
where = [{ field = "category", any = ["mask"] }]

[[figure]]
id = "batches"
zh = "p"
en = "p"
kind = "sample"
measure = "count"
event = "sampled_on"

[[figure]]
id = "nonconforming"
zh = "p"
en = "p"
kind = "sample"
measure = "count"
event = "sampled_on"
where = [{ field = "result", any = ["nonconforming"] }, { field = "reported_on", by_cut_off = true }]

[[figure]]
id = "producers"
zh = "p"
en = "p"
kind = "enterprise"
measure = "enterprises"
where = [{ field = "roles", any = ["producer"] }]

[[figure]]
id = "varieties"
zh = "p"
en = "p"
kind = "product"
measure = { distinct = "variety" }

[[figure]]
id = "trained"
zh = "p"
en = "p"
kind = "assistance"
measure = "enterprises"
event = "date"
where = [{ field = "mode", any = ["training"] }]

[[figure]]
id = "sealed"
zh = "p"
en = "p"
kind = "disposal"
measure = { sum = "sealed_quantity" }
event = "sealed_on"

[[figure]]
id = "products"
zh = "p"
kind = "product"
measure = "count"
where = [{ field = "exported", is = false }, { field = "enterprise.roles", any = ["producer"] }]

[[figure]]
id = "products_sampled"
zh = "p"
kind = "product"
measure = "count"
where = [{ field = "exported", is = false }, { field = "enterprise.roles", any = ["producer"] }]
matched = { kind = "sample", event = "sampled_on", by = [["product"], ["enterprise", "category", "variety"]] }

[[figure]]
id = "makers"
zh = "p"
kind = "product"
measure = "enterprises"
where = [{ field = "exported", is = false }, { field = "enterprise.roles", any = ["producer"] }]

[[figure]]
id = "makers_sampled"
zh = "p"
kind = "product"
measure = "enterprises"
where = [{ field = "exported", is = false }, { field = "enterprise.roles", any = ["producer"] }]
matched = { kind = "sample", event = "sampled_on", by = [["product"], ["enterprise", "category", "variety"]] }

[[figure]]
id = "producers_inspected"
zh = "p"
kind = "enterprise"
measure = "enterprises"
where = [{ field = "roles", any = ["producer"] }]
matched = { kind = "inspection", event = "date", by = [["enterprise"]], where = [{ field = "line", any = ["price"] }] }

[[form]]
id = "c/3"
title = "sampled"
page = { paper = "A4", landscape = true }
[form.body]
kind = "statistics"
stub_width = 30
by = { product = "category" }
rows = [{ id = "mask", label = "mask", codes = ["mask"] }, { id = "gown", label = "gown", codes = ["gown"] }]
[[form.column]]
id = "products"
header = ["products"]
width = 10
cell = { figure = { id = "products_sampled" } }
[[form.column]]
id = "makers"
header = ["makers"]
width = 10
cell = { figure = { id = "makers_sampled" } }

[[form]]
id = "c/1"
title = "by line"
title_en = "by line"
page = { paper = "A4", landscape = true }
[form.body]
kind = "statistics"
stub_width = 30
by = { case = "line", inspection = "line" }
rows = [
  { id = "price", label = "price", codes = ["price"] },
  { id = "quality", label = "quality", codes = ["quality", "certification"] },
  { id = "other", label = "other", rest = true },
  { id = "total", label = "total", total = true },
]
[[form.column]]
id = "people"
header = ["people"]
width = 10
cell = { figure = { id = "people" } }
[[form.column]]
id = "enterprises"
header = ["e"]
width = 10
cell = { figure = { id = "inspected" } }
[[form.column]]
id = "filed"
header = ["f"]
width = 10
cell = { figure = { id = "filed" } }
[[form.column]]
id = "penalty"
header = ["p"]
width = 10
unit = "ten_thousand_yuan"
cell = { figure = { id = "penalty" } }
[[form.column]]
id = "seized"
header = ["s"]
width = 10
cell = { figure = { id = "seized" } }

[[form]]
id = "c/2"
title = "by category"
title_en = "by category"
page = { paper = "A4", landscape = true }
[form.body]
kind = "statistics"
stub_width = 30
by = { case = "category", inspection = "categories", sample = "category" }
rows = [
  { id = "mask", label = "mask", codes = ["mask"] },
  { id = "gown", label = "gown", codes = ["gown"] },
  { id = "total", label = "total", total = true },
]
[[form.column]]
id = "swept"
header = ["swept"]
width = 10
cell = { figure = { id = "inspected", where = [{ field = "department", any = ["market"] }, { field = "enterprise.roles", any = ["producer"] }] } }
[[form.column]]
id = "defect"
header = ["defect"]
width = 10
cell = { figure = { id = "inspected", where = [{ field = "defect", is = true }] } }
[[form.column]]
id = "batches"
header = ["b"]
width = 10
cell = { figure = { id = "batches" } }
[[form.column]]
id = "nonconforming"
header = ["n"]
width = 10
cell = { figure = { id = "nonconforming" } }
[[form.column]]
id = "rate"
header = ["r"]
width = 10
cell = { rate = { part = "nonconforming", whole = "batches" } }
[[form.column]]
id = "price.filed"
header = ["pf"]
width = 10
cell = { figure = { id = "filed", where = [{ field = "line", any = ["price"] }] } }
[[form.column]]
id = "other.filed"
header = ["of"]
width = 10
cell = { figure = { id = "filed", where = [{ field = "line", none = ["price"] }] } }
[[form.column]]
id = "other.penalty"
header = ["op"]
width = 10
cell = { figure = { id = "penalty", where = [{ field = "line", none = ["price"] }] } }
[[form.column]]
id = "total.filed"
header = ["tf"]
width = 10
cell = { sum_of = ["price.filed", "other.filed"] }
[[form.column]]
id = "total.penalty"
header = ["tp"]
width = 10
declared_with = ["other.penalty"]
cell = { figure = { id = "penalty" } }

[[form]]
id = "c/samples"
title = "samples"
title_en = "samples"
page = { paper = "A4", landscape = true }
[form.body]
kind = "list"
of = "sample"
event = "sampled_on"
sort = ["sampled_on", "number"]
[[form.column]]
id = "no"
header = ["no"]
width = 10
cell = "row_number"
[[form.column]]
id = "number"
header = ["number"]
width = 10
cell = { field = "number" }
[[form.column]]
id = "enterprise"
header = ["enterprise"]
width = 10
cell = { field = "enterprise.name" }
[[form.column]]
id = "result"
header = ["result"]
width = 10
cell = { composed = "result" }
[[form.column]]
id = "failed"
header = ["failed"]
width = 10
cell = { field = "failed_items" }
only = [{ field = "result", any = ["nonconforming"] }, { field = "reported_on", by_cut_off = true }]
[[form.column]]
id = "quantity"
header = ["quantity"]
width = 10
cell = { field = "nonconforming_quantity" }
[[form.column]]
id = "measures"
header = ["measures"]
width = 10
cell = { composed = "measures" }
[[form.column]]
id = "status"
header = ["status"]
width = 10
cell = { field = "enterprise.status" }
[[form.column]]
id = "new"
header = ["new"]
width = 10
cell = { field = "enterprise.established_on" }
only = [{ field = "enterprise.established_on", since = "2020-01-01" }]

[[form]]
id = "c/producers"
title = "producers"
title_en = "producers"
page = { paper = "A4", landscape = true }
[form.body]
kind = "list"
of = "enterprise"
where = [{ field = "roles", any = ["producer"] }]
having = [{ kind = "product", where = [{ field = "category", any = ["mask"] }, { field = "exported", is = false }] }]
sort = ["division", "name"]
[[form.column]]
id = "name"
header = ["name"]
width = 10
cell = { field = "name" }
[[form.column]]
id = "roles"
header = ["roles"]
width = 10
cell = { field = "roles" }
[[form.column]]
id = "varieties"
header = ["varieties"]
width = 10
cell = { collect = { kind = "product", field = "variety", where = [{ field = "exported", is = false }] } }
[[form.column]]
id = "cases"
header = ["cases"]
width = 10
cell = { collect = { kind = "case", field = "number" } }
[[form.column]]
id = "exports_yes"
header = ["yes"]
width = 10
cell = { tick = { field = "exports", when = true } }
[[form.column]]
id = "exports_no"
header = ["no"]
width = 10
cell = { tick = { field = "exports", when = false } }
"#;

const FIELD_SET: &str = r#"
id = "defects"
zh = "d"
en = "d"
[[fields.inspection]]
name = "defect"
type = "bool"
zh = "d"
en = "d"
"#;

struct Desk {
    _folder: tempfile::TempDir,
    book: Book,
    schema: Schema,
    campaign: Campaign,
    made: u32,
}

fn id(number: u32) -> RecordId {
    RecordId::from_bytes((0x0190_a6e4_0000_7000_8000_0000_0000_0000u128 + u128::from(number)).to_be_bytes())
}

fn office(code: &str) -> OfficeCode {
    code.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Slots from JSON text; lists under a set's name become its elements.
fn slots(text: &str) -> Fields {
    let Value::Map(given) = Value::from_json(text).unwrap() else { panic!("{text}") };
    let mut slots = Fields::new();
    for (name, value) in given {
        match (name.as_str(), &value) {
            ("roles" | "categories" | "campaigns" | "also_lines", Value::List(items)) => {
                for item in items {
                    slots.insert(format!("{name}/{}", item.as_str().unwrap()), true.into());
                }
            }
            _ => {
                slots.insert(name, value);
            }
        }
    }
    slots
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::create(&folder.path().join("book.db")).unwrap();
        let mut schema = Schema::core();
        let set: FieldSet = toml::from_str(FIELD_SET).unwrap();
        schema.add_field_set(&set).unwrap();
        Desk { _folder: folder, book, schema, campaign: toml::from_str(CAMPAIGN).unwrap(), made: 0 }
    }

    fn device() -> DeviceId {
        "00112233445566ff".parse().unwrap()
    }

    /// Writes one revision on top of what is here.
    fn write(&mut self, record: RecordId, kind: &str, owner: &str, slots: Fields) -> RecordId {
        self.made += 1;
        let at = 1_600_000_000_000 + u64::from(self.made);
        let edit = Edit { record, kind: kind.into(), office: office(owner), author: "a".into(), slots };
        self.book.transact(|writer| writer.append(edit, &Self::device(), at)).unwrap();
        record
    }

    /// A record of the campaign, owned by the county.
    fn add(&mut self, number: u32, kind: &str, text: &str) -> RecordId {
        self.add_for(number, kind, COUNTY, text)
    }

    fn add_for(&mut self, number: u32, kind: &str, owner: &str, text: &str) -> RecordId {
        let mut slots = slots(text);
        if !slots.keys().any(|slot| slot.starts_with("campaigns/")) {
            slots.insert("campaigns/c".into(), true.into());
        }
        self.write(id(number), kind, owner, slots)
    }

    fn change(&mut self, number: u32, text: &str) {
        let record = self.book.read(|reader| reader.record(id(number))).unwrap().unwrap();
        self.write(id(number), &record.kind, record.office.as_str(), slots(text));
    }

    /// Two offices' devices change a record without knowing of each other. The second one's clock is later: it shows.
    fn dispute(&mut self, number: u32, ours: &str, theirs: &str) {
        let (_, before) = self.book.read(|reader| reader.folded(id(number))).unwrap().unwrap();
        self.change(number, ours);
        self.made += 1;
        let now = 1_600_000_000_000 + u64::from(self.made);
        let draft = RevisionDraft {
            record: before.record,
            kind: before.kind,
            office: before.office,
            parents: before.heads,
            device: "ffeeddccbbaa9988".parse().unwrap(),
            seq: u64::from(self.made),
            clock: Hlc { millis: now, counter: 0 },
            author: "b".into(),
            fields: slots(theirs),
        };
        let line = draft.to_line().unwrap();
        self.book
            .transact(|writer| {
                writer.ingest::<StoreError>(1, false, now, |sink| sink(line.as_bytes()))?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }

    fn enterprise(&mut self, number: u32, text: &str) -> RecordId {
        let mut fields = slots(text);
        fields.entry("name".into()).or_insert_with(|| format!("e{number}").as_str().into());
        fields.insert("campaigns/c".into(), true.into());
        self.write(id(number), "enterprise", COUNTY, fields)
    }

    fn inspection(&mut self, number: u32, enterprise: u32, date: &str, line: &str) -> RecordId {
        self.add(number, "inspection", &inspection(enterprise, date, line, r#"["mask"]"#))
    }

    fn case(&mut self, number: u32, more: &str) -> RecordId {
        let enterprise = id(1);
        self.add(
            number,
            "case",
            &format!(
                r#"{{"enterprise":"{enterprise}","line":"price","category":"mask","filed_on":"2021-04-01"{more}}}"#
            ),
        )
    }

    fn sample(&mut self, number: u32, enterprise: u32, date: &str, more: &str) -> RecordId {
        let enterprise = id(enterprise);
        self.add(
            number,
            "sample",
            &format!(
                r#"{{"number":"S{number}","enterprise":"{enterprise}","product_name":"m","category":"mask","sampled_on":"{date}","authority":"market","result":"pending"{more}}}"#
            ),
        )
    }

    fn form(&self, form: &str) -> &Form {
        self.campaign.forms.iter().find(|known| known.id == form).unwrap()
    }

    fn answers(&self, form: &str, owner: &str, as_of: &str) -> Answers {
        let filling = filling(form, owner, as_of);
        self.book.read(|reader| reader.fill(&self.schema, &self.campaign, self.form(form), &filling)).unwrap()
    }

    fn table(&self, form: &str, owner: &str, as_of: &str) -> BTreeMap<(String, String), i64> {
        match self.answers(form, owner, as_of) {
            Answers::Statistics { cells, .. } => cells,
            Answers::List { .. } => panic!("a list"),
        }
    }

    fn cell(&self, form: &str, row: &str, column: &str) -> i64 {
        self.table(form, COUNTY, "2021-05-31")[&(row.to_owned(), column.to_owned())]
    }

    fn trace(&self, form: &str, row: &str, column: &str) -> Vec<Traced> {
        let filling = filling(form, COUNTY, "2021-05-31");
        self.book
            .read(|reader| reader.trace(&self.schema, &self.campaign, self.form(form), &filling, row, column))
            .unwrap()
    }

    fn cells(&self, number: u32) -> Vec<CellRef> {
        self.book
            .read(|reader| {
                reader.cells(&self.schema, &[&self.campaign], &office(COUNTY), id(number), day("2021-05-31"))
            })
            .unwrap()
    }

    fn list(&self, form: &str) -> Vec<(RecordId, Vec<String>)> {
        match self.answers(form, COUNTY, "2021-05-31") {
            Answers::List { rows, .. } => rows
                .into_iter()
                .map(|row| (row.record.parse().unwrap(), row.cells.iter().map(printed).collect()))
                .collect(),
            Answers::Statistics { .. } => panic!("no list"),
        }
    }

    fn unsettled(&self, form: &str) -> Vec<(String, String)> {
        match self.answers(form, COUNTY, "2021-05-31") {
            Answers::Statistics { unsettled, .. } | Answers::List { unsettled, .. } => unsettled.into_iter().collect(),
        }
    }

    fn figure(&self, figure: &str) -> i64 {
        let figure = self.campaign.figures.iter().find(|known| known.id == figure).unwrap();
        self.book
            .read(|reader| reader.figure(&self.schema, &self.campaign, figure, &office(COUNTY), day("2021-05-31")))
            .unwrap()
    }
}

fn inspection(enterprise: u32, date: &str, line: &str, categories: &str) -> String {
    let enterprise = id(enterprise);
    format!(
        r#"{{"enterprise":"{enterprise}","date":"{date}","inspectors":["a","b"],"line":"{line}","department":"market","categories":{categories},"outcome":"normal"}}"#
    )
}

fn printed(cell: &AnswerCell) -> String {
    match cell {
        AnswerCell::Blank => String::new(),
        AnswerCell::Text(text) => text.clone(),
        AnswerCell::Number(number) => number.to_string(),
    }
}

fn filling(form: &str, owner: &str, as_of: &str) -> Filling {
    Filling { office_name: "x".into(), ..Filling::to_count(form, office(owner), day(as_of)) }
}

#[test]
fn the_window_holds_its_first_day_and_its_cut_off_and_outlasts_the_campaign() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    for (number, date) in [(10, "2021-02-28"), (11, "2021-03-01"), (12, "2021-05-31"), (13, "2021-06-01")] {
        desk.inspection(number, 1, date, "price");
    }
    let people = |as_of| desk.table("c/1", COUNTY, as_of)[&("price".to_owned(), "people".to_owned())];
    assert_eq!(people("2021-05-31"), 4);
    assert_eq!(people("2021-05-30"), 2);
    assert_eq!(people("2021-06-01"), 6, "the campaign's last day ends nothing");
    assert_eq!(people("2021-02-28"), 0, "an empty window");
}

#[test]
fn each_figure_has_its_own_event() {
    let mut desk = Desk::new();
    desk.case(10, r#","filed_on":"2021-02-01","penalty_on":"2021-04-02","penalty_fen":5000"#.replace(r#","filed_on":"2021-02-01""#, "").as_str());
    desk.change(10, r#"{"filed_on":"2021-02-01"}"#);
    assert_eq!(desk.cell("c/1", "price", "filed"), 0);
    assert_eq!(desk.cell("c/1", "price", "penalty"), 5000);
}

#[test]
fn voided_records_and_those_of_other_offices_and_campaigns_do_not_count() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    desk.inspection(10, 1, "2021-04-01", "price");
    desk.inspection(11, 1, "2021-04-01", "price");
    desk.change(11, r#"{"void":"twice"}"#);
    desk.add_for(12, "inspection", OTHER_COUNTY, &inspection(1, "2021-04-01", "price", r#"["mask"]"#));
    desk.add_for(13, "inspection", "640121-01", &inspection(1, "2021-04-01", "price", r#"["mask"]"#));
    desk.add(
        14,
        "inspection",
        &inspection(1, "2021-04-01", "price", r#"["mask"]"#).replace('}', r#","campaigns":["cc"]}"#),
    );
    desk.add(15, "inspection", &inspection(1, "2021-04-01", "price", r#"["eyewear"]"#));
    desk.add(
        16,
        "inspection",
        &inspection(1, "2021-04-01", "price", r#"["eyewear","mask"]"#).replace('}', r#","campaigns":["b","c"]}"#),
    );
    let people = |owner| desk.table("c/1", owner, "2021-05-31")[&("price".to_owned(), "people".to_owned())];
    assert_eq!(people(COUNTY), 6, "10, the station's 13, and 16 with one category of the campaign");
    assert_eq!(people("640121-01"), 2);
    assert_eq!(people(REGION), 8);
    assert_eq!(people("000000"), 8);
    assert_eq!(people("650000"), 0);
}

#[test]
fn rest_takes_the_lines_without_a_row_and_total_sums_the_rows() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    for (number, line) in [(10, "price"), (11, "quality"), (12, "certification"), (13, "metrology"), (14, "ip")] {
        desk.inspection(number, 1, "2021-04-01", line);
    }
    let enterprises: Vec<i64> =
        ["price", "quality", "other", "total"].map(|row| desk.cell("c/1", row, "enterprises")).into();
    assert_eq!(enterprises, [1, 1, 1, 3], "one enterprise under three rows counts in each, and the total sums them");
    assert_eq!(desk.cell("c/1", "quality", "people"), 4);
    assert_eq!(desk.cell("c/1", "other", "people"), 4);
    assert_eq!(desk.cell("c/1", "total", "people"), 10);
}

#[test]
fn an_inspection_of_several_categories_counts_under_each_row_it_names() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    desk.add(10, "inspection", &inspection(1, "2021-04-01", "price", r#"["mask","gown","eyewear"]"#));
    assert_eq!(desk.cell("c/2", "mask", "swept"), 1);
    assert_eq!(desk.cell("c/2", "gown", "swept"), 1);
    assert_eq!(desk.cell("c/2", "total", "swept"), 2);
}

#[test]
fn joined_enterprises_count_once_as_the_one_they_were_joined_to() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["seller"]}"#);
    desk.enterprise(2, r#"{"roles":["producer"]}"#);
    desk.enterprise(3, r#"{"roles":["producer"]}"#);
    for (number, enterprise) in [(10, 1), (11, 2), (12, 3)] {
        desk.inspection(number, enterprise, "2021-04-01", "price");
    }
    assert_eq!(desk.cell("c/1", "price", "enterprises"), 3);
    assert_eq!(desk.cell("c/2", "mask", "swept"), 2);
    desk.change(3, &format!(r#"{{"same_as":"{}"}}"#, id(2)));
    desk.change(2, &format!(r#"{{"same_as":"{}"}}"#, id(1)));
    assert_eq!(desk.cell("c/1", "price", "enterprises"), 1, "a chain is followed");
    assert_eq!(desk.cell("c/2", "mask", "swept"), 0, "the roles of the one they were joined to hold");
    assert_eq!(desk.trace("c/1", "price", "enterprises").len(), 3);
    assert!(
        desk.trace("c/1", "price", "enterprises")
            .iter()
            .all(|traced| traced.counted_as == Some(Counted::Enterprise(id(1))))
    );
    desk.change(1, r#"{"void":"gone"}"#);
    assert_eq!(desk.cell("c/1", "price", "enterprises"), 2, "a voided target is passed over");
}

#[test]
fn a_ring_counts_as_its_smallest_id() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    desk.enterprise(2, r#"{"roles":["seller"]}"#);
    desk.inspection(10, 1, "2021-04-01", "price");
    desk.inspection(11, 2, "2021-04-01", "price");
    desk.change(1, &format!(r#"{{"same_as":"{}"}}"#, id(2)));
    assert_eq!(desk.cell("c/2", "mask", "swept"), 0);
    desk.change(2, &format!(r#"{{"same_as":"{}"}}"#, id(1)));
    assert_eq!(desk.cell("c/1", "price", "enterprises"), 1);
    assert_eq!(desk.cell("c/2", "mask", "swept"), 1);
}

#[test]
fn sums_add_integers_and_blank_adds_nothing() {
    let mut desk = Desk::new();
    desk.case(10, r#","seized_quantity":7"#);
    desk.case(11, "");
    desk.case(12, r#","seized_quantity":5"#);
    desk.change(12, r#"{"category":"gown"}"#);
    assert_eq!(desk.cell("c/1", "price", "seized"), 7, "of one category only");
    assert_eq!(desk.cell("c/1", "price", "filed"), 3);
    assert_eq!(desk.trace("c/1", "price", "seized").len(), 1);
}

#[test]
fn fields_of_field_sets_count_like_any_other() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    desk.enterprise(2, "{}");
    desk.enterprise(3, "{}");
    desk.add(10, "inspection", &inspection(1, "2021-04-01", "price", r#"["mask"]"#).replace('}', r#","defect":true}"#));
    desk.add(
        11,
        "inspection",
        &inspection(2, "2021-04-01", "price", r#"["mask"]"#).replace('}', r#","defect":false}"#),
    );
    desk.add(
        12,
        "inspection",
        &inspection(3, "2021-04-01", "price", r#"["mask"]"#).replace('}', r#","unknown":"defect"}"#),
    );
    assert_eq!(desk.cell("c/2", "mask", "defect"), 1);
}

#[test]
fn a_result_is_pending_until_it_is_reported_by_the_cut_off() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    desk.sample(10, 1, "2021-04-01", "");
    desk.change(10, r#"{"result":"nonconforming","reported_on":"2021-05-20"}"#);
    desk.sample(11, 1, "2021-04-01", "");
    let count = |as_of, column: &str| desk.table("c/2", COUNTY, as_of)[&("mask".to_owned(), column.to_owned())];
    assert_eq!((count("2021-05-19", "nonconforming"), count("2021-05-20", "nonconforming")), (0, 1));
    assert_eq!(count("2021-05-19", "batches"), 2);
    assert!(!desk.table("c/2", COUNTY, "2021-05-31").contains_key(&("mask".to_owned(), "rate".to_owned())));
}

#[test]
fn summed_columns_add_their_parts() {
    let mut desk = Desk::new();
    desk.case(10, "");
    desk.case(11, "");
    desk.change(11, r#"{"line":"ip"}"#);
    assert_eq!(desk.cell("c/2", "mask", "total.filed"), 2);
    assert_eq!(desk.cell("c/2", "total", "total.filed"), 2);
    assert_eq!(recount(&desk.trace("c/2", "total", "total.filed")), 2);
}

#[allow(clippy::too_many_arguments)]
fn declare(desk: &mut Desk, number: u32, owner: &str, row: &str, column: &str, as_of: &str, value: i64, source: &str) {
    let text = format!(
        r#"{{"form":"c/2","row":"{row}","column":"{column}","as_of":"{as_of}","value":{value},"source":"{source}"}}"#
    );
    desk.add_for(number, "declared", owner, &text);
}

#[test]
fn the_latest_declared_figure_of_each_office_and_source_adds_to_its_cell() {
    let mut desk = Desk::new();
    desk.case(10, r#","penalty_on":"2021-04-02","penalty_fen":100"#);
    desk.change(10, r#"{"line":"ip"}"#);
    declare(&mut desk, 20, COUNTY, "mask", "other.penalty", "2021-04-01", 1000, "drug");
    declare(&mut desk, 21, COUNTY, "mask", "other.penalty", "2021-05-01", 2000, "drug");
    declare(&mut desk, 23, COUNTY, "mask", "other.penalty", "2021-05-01", 3000, "drug");
    declare(&mut desk, 22, COUNTY, "mask", "other.penalty", "2021-06-01", 9000, "drug");
    declare(&mut desk, 24, COUNTY, "mask", "other.penalty", "2021-03-01", 40_000, "customs");
    declare(&mut desk, 25, OTHER_COUNTY, "mask", "other.penalty", "2021-03-01", 500_000, "customs");
    declare(&mut desk, 26, COUNTY, "mask", "price.filed", "2021-03-01", 6, "customs");
    let value =
        |owner, as_of, row: &str, column: &str| desk.table("c/2", owner, as_of)[&(row.to_owned(), column.to_owned())];
    assert_eq!(value(COUNTY, "2021-05-31", "mask", "other.penalty"), 43_100, "equal days: the greater id");
    assert_eq!(value(COUNTY, "2021-04-30", "mask", "other.penalty"), 41_100);
    assert_eq!(value(COUNTY, "2021-06-30", "mask", "other.penalty"), 49_100);
    assert_eq!(value(REGION, "2021-05-31", "mask", "other.penalty"), 543_100);
    assert_eq!(value(COUNTY, "2021-05-31", "total", "other.penalty"), 43_100);
    assert_eq!(
        value(COUNTY, "2021-05-31", "mask", "total.penalty"),
        43_100,
        "what is declared of a share adds to the whole"
    );
    assert_eq!(value(COUNTY, "2021-05-31", "total", "total.filed"), 7, "before sums and totals");
    assert_eq!(recount(&desk.trace("c/2", "total", "total.penalty")), 43_100);
    assert_eq!(desk.trace("c/2", "mask", "price.filed").iter().filter(|traced| traced.declared).count(), 1);
}

#[test]
fn declared_figures_of_totals_and_derived_columns_and_voided_ones_add_nothing() {
    let mut desk = Desk::new();
    declare(&mut desk, 20, COUNTY, "total", "batches", "2021-04-01", 1000, "drug");
    declare(&mut desk, 21, COUNTY, "mask", "total.filed", "2021-04-01", 1000, "drug");
    declare(&mut desk, 22, COUNTY, "mask", "batches", "2021-04-01", 1000, "drug");
    desk.change(22, r#"{"void":"no"}"#);
    declare(&mut desk, 23, COUNTY, "mask", "batches", "2021-02-28", 1000, "drug");
    assert!(desk.table("c/2", COUNTY, "2021-05-31").values().all(|value| *value == 0));
}

#[test]
fn figures_of_tasks_follow_groups_parents_and_lists() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    let mut other = slots(r#"{"name":"x","roles":["producer"]}"#);
    other.insert("campaigns/other".into(), true.into());
    desk.write(id(2), "enterprise", OTHER_COUNTY, other);
    assert_eq!(desk.figure("producers"), 1);
    let product = |enterprise: u32, variety: &str| {
        format!(
            r#"{{"enterprise":"{}","category":"mask","name":"m","variety":"{variety}","campaigns":["none"]}}"#,
            id(enterprise)
        )
    };
    desk.add(10, "product", &product(1, "a"));
    desk.add(11, "product", &product(1, "a"));
    desk.add(12, "product", &product(2, "b"));
    assert_eq!(desk.figure("varieties"), 1, "products follow their enterprise's campaigns, not their own");
    desk.change(1, &format!(r#"{{"same_as":"{}"}}"#, id(2)));
    assert_eq!(desk.figure("varieties"), 2, "the one joined to takes over the other's campaigns");
    assert_eq!(desk.figure("producers"), 1, "and is in scope with it");
    desk.add(
        13,
        "assistance",
        &format!(r#"{{"date":"2021-04-01","mode":"training","enterprises":["{}","{}"]}}"#, id(1), id(2)),
    );
    assert_eq!(desk.figure("trained"), 1);
    desk.sample(14, 1, "2021-04-01", "");
    desk.add(
        15,
        "disposal",
        &format!(r#"{{"sample":"{}","sealed_quantity":9,"sealed_on":"2021-04-02","campaigns":["none"]}}"#, id(14)),
    );
    assert_eq!(desk.figure("sealed"), 9, "a disposal follows its sample's campaigns");
    desk.change(14, r#"{"category":"eyewear"}"#);
    assert_eq!(desk.figure("sealed"), 0);
}

fn pairs(cells: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = cells.iter().map(|(row, column)| ((*row).to_owned(), (*column).to_owned())).collect();
    pairs.sort();
    pairs
}

#[test]
fn a_conflict_leaves_the_cells_it_can_move_a_record_between_unsettled() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    desk.case(10, r#","penalty_on":"2021-04-02","penalty_fen":100"#);
    desk.case(11, "");
    assert_eq!(desk.unsettled("c/1"), []);
    desk.dispute(10, r#"{"penalty_fen":200}"#, r#"{"penalty_fen":300}"#);
    assert_eq!(desk.cell("c/1", "price", "penalty"), 300);
    assert_eq!(
        desk.unsettled("c/1"),
        pairs(&[("price", "penalty"), ("total", "penalty")]),
        "only what reads the field"
    );
    assert_eq!(desk.unsettled("c/2"), pairs(&[("mask", "total.penalty"), ("total", "total.penalty")]));
    desk.change(10, r#"{"penalty_fen":300}"#);
    assert_eq!(desk.unsettled("c/1"), []);
    desk.dispute(11, r#"{"line":"quality"}"#, r#"{"line":"ip"}"#);
    assert_eq!(
        desk.unsettled("c/1"),
        pairs(&[("quality", "filed"), ("other", "filed"), ("total", "filed")]),
        "under the value shown and under the other one"
    );
    assert_eq!(desk.cell("c/1", "other", "filed"), 1, "what was tried out was taken back");
    desk.change(11, r#"{"line":"price"}"#);
    desk.dispute(11, r#"{"cause":"a"}"#, r#"{"cause":"b"}"#);
    assert_eq!(desk.unsettled("c/1"), [], "no form reads it");
}

#[test]
fn two_conflicts_of_one_record_are_tried_together() {
    let mut desk = Desk::new();
    desk.case(10, r#","seized_quantity":1"#);
    desk.change(10, r#"{"filed_on":"2020-01-01"}"#);
    desk.dispute(10, r#"{"line":"quality","filed_on":"2021-04-01"}"#, r#"{"line":"price","filed_on":"2020-02-02"}"#);
    assert_eq!(desk.cell("c/1", "total", "filed"), 0);
    let unsettled = desk.unsettled("c/1");
    for row in ["price", "quality", "total"] {
        assert!(unsettled.contains(&(row.to_owned(), "filed".to_owned())), "{row}");
    }
}

#[test]
fn a_void_in_conflict_touches_every_column_of_its_record() {
    let mut desk = Desk::new();
    desk.case(10, r#","penalty_on":"2021-04-02","penalty_fen":100"#);
    desk.dispute(10, r#"{"void":"twice"}"#, r#"{"cause":"b"}"#);
    let unsettled = desk.unsettled("c/1");
    for column in ["filed", "penalty"] {
        assert!(unsettled.contains(&("price".to_owned(), column.to_owned())), "{column}: {unsettled:?}");
    }
}

#[test]
fn an_enterprise_in_conflict_leaves_what_counts_its_group_unsettled() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    desk.enterprise(2, r#"{"roles":["producer"]}"#);
    desk.enterprise(3, r#"{"roles":["producer"]}"#);
    for enterprise in 1..4 {
        desk.inspection(9 + enterprise, enterprise, "2021-04-01", "price");
    }
    desk.change(1, r#"{"roles/producer":false}"#);
    desk.dispute(1, r#"{"phone":"1"}"#, r#"{"phone":"2"}"#);
    assert_eq!(desk.unsettled("c/2"), [], "no form reads the phone");
    desk.dispute(1, r#"{"roles/producer":true}"#, r#"{"name":"other"}"#);
    assert_eq!(desk.unsettled("c/2"), [], "nobody said otherwise");
    desk.change(1, r#"{"roles/producer":false}"#);
    let (same, other) = (format!(r#"{{"same_as":"{}"}}"#, id(2)), format!(r#"{{"same_as":"{}"}}"#, id(3)));
    desk.dispute(1, &same, &other);
    assert_eq!(desk.cell("c/1", "price", "enterprises"), 2);
    let rows = pairs(&[("price", "enterprises"), ("total", "enterprises")]);
    assert_eq!(desk.unsettled("c/1"), rows);
    assert_eq!(desk.cell("c/1", "price", "enterprises"), 2, "joins are taken back as well");
}

#[test]
fn declared_figures_in_conflict_leave_their_cells_unsettled() {
    let mut desk = Desk::new();
    declare(&mut desk, 20, COUNTY, "mask", "other.penalty", "2021-04-01", 1000, "drug");
    desk.dispute(20, r#"{"value":5}"#, r#"{"value":6}"#);
    let expected =
        [("mask", "other.penalty"), ("mask", "total.penalty"), ("total", "other.penalty"), ("total", "total.penalty")];
    assert_eq!(desk.unsettled("c/2"), pairs(&expected));
}

#[test]
fn a_rate_and_a_sum_are_unsettled_with_their_parts() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    desk.sample(10, 1, "2021-04-01", r#","reported_on":"2021-05-01""#);
    desk.dispute(10, r#"{"result":"nonconforming"}"#, r#"{"result":"conforming"}"#);
    let expected = [("mask", "nonconforming"), ("mask", "rate"), ("total", "nonconforming"), ("total", "rate")];
    assert_eq!(desk.unsettled("c/2"), pairs(&expected));
}

#[test]
fn a_list_prints_its_rows_in_order_with_blanks_first() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"name":"甲","status":"suspended","established_on":"2020-01-01"}"#);
    desk.enterprise(2, r#"{"name":"乙","established_on":"2019-12-31"}"#);
    desk.sample(13, 2, "2021-04-01", r#","failed_items":["a"],"nonconforming_quantity":3"#);
    desk.sample(12, 1, "2021-04-01", r#","reported_on":"2021-05-31","failed_items":["过滤效率","b"]"#);
    desk.change(12, r#"{"result":"nonconforming"}"#);
    desk.change(13, r#"{"result":"nonconforming","reported_on":"2021-06-01"}"#);
    desk.sample(14, 1, "2021-04-01", "");
    desk.change(14, r#"{"number":null}"#);
    desk.sample(15, 1, "2021-03-01", "");
    desk.sample(16, 1, "2021-06-01", "");
    let rows = desk.list("c/samples");
    let order: Vec<RecordId> = rows.iter().map(|(record, _)| *record).collect();
    assert_eq!(order, [id(15), id(14), id(12), id(13)]);
    assert_eq!(rows[2].1, ["", "S12", "甲", "不合格", "过滤效率、b", "", "", "停产", "2020-01-01"]);
    assert_eq!(rows[3].1, ["", "S13", "乙", "待检", "", "3", "", "", ""]);
}

#[test]
fn the_smaller_of_two_disposals_and_unvoided_cases_print() {
    let mut desk = Desk::new();
    desk.enterprise(1, "{}");
    desk.sample(10, 1, "2021-04-01", "");
    let disposal = |day: &str| format!(r#"{{"sample":"{}","stop_sale_on":"{day}"}}"#, id(10));
    desk.add(22, "disposal", &disposal("2021-07-01"));
    desk.add(21, "disposal", &disposal("2021-04-02"));
    desk.case(30, &format!(r#","sample":"{}""#, id(10)));
    let measures = |desk: &Desk| desk.list("c/samples")[0].1[6].clone();
    assert_eq!(measures(&desk), "责令停止销售；立案查处");
    desk.change(30, r#"{"void":"x"}"#);
    assert_eq!(measures(&desk), "责令停止销售");
    desk.case(31, "");
    desk.change(21, &format!(r#"{{"case":"{}"}}"#, id(31)));
    assert_eq!(measures(&desk), "责令停止销售；立案查处", "a case that the disposal names");
    let filling = filling("c/samples", COUNTY, "2021-05-31");
    let form = desk.form("c/samples");
    let row = id(10).to_string();
    let traced =
        desk.book.read(|reader| reader.trace(&desk.schema, &desk.campaign, form, &filling, &row, "measures")).unwrap();
    let records: Vec<RecordId> = traced.iter().map(|traced| traced.record).collect();
    assert_eq!(records, [id(10), id(21), id(31)]);
    desk.change(21, r#"{"void":"x"}"#);
    assert_eq!(measures(&desk), "");
}

#[test]
fn a_list_of_enterprises_lists_groups() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"name":"甲","division":"640122","roles":["producer"],"exports":false}"#);
    let mut far = slots(r#"{"name":"乙","division":"640121","roles":["producer"],"exports":true}"#);
    far.insert("roles/seller".into(), true.into());
    desk.write(id(2), "enterprise", OTHER_COUNTY, far);
    desk.enterprise(3, r#"{"name":"丙","division":null,"roles":["producer"]}"#);
    desk.enterprise(4, r#"{"name":"丁","roles":["seller"]}"#);
    let product = |enterprise: u32, variety: &str, exported: &str| {
        format!(
            r#"{{"enterprise":"{}","category":"mask","name":"m","variety":"{variety}","exported":{exported}}}"#,
            id(enterprise)
        )
    };
    for (number, text) in [
        (10, product(1, "b", "false")),
        (11, product(2, "a", "false")),
        (12, product(1, "c", "true")),
        (13, product(3, "z", "false")),
        (14, product(4, "z", "false")),
        (16, product(1, "e", "false").replace("mask", "eyewear")),
        (15, product(1, "v", "false").replace("\"v\"", "\"v\",\"void\":\"x\"")),
    ] {
        desk.add(number, "product", &text);
    }
    let rows = desk.list("c/producers");
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0].1,
        ["丙", "producer", "z", "", "", ""],
        "a blank division first; unknown leaves both ticks blank"
    );
    assert_eq!(rows[1].1, ["甲", "producer", "b", "", "", "√"]);
    desk.change(1, &format!(r#"{{"same_as":"{}"}}"#, id(2)));
    let rows = desk.list("c/producers");
    assert_eq!(rows[1].0, id(2), "in scope through the one joined to it, and in its campaign");
    assert_eq!(rows[1].1, ["乙", "producer、seller", "a、b", "", "√", ""]);
    assert!(desk.cells(1).iter().any(|cell| cell.form == "c/producers" && cell.row == id(2).to_string()));
}

#[test]
fn a_list_knows_nothing_that_is_later_than_its_cut_off() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"name":"甲","roles":["producer"],"established_on":"2021-05-31"}"#);
    desk.enterprise(2, r#"{"name":"乙","roles":["producer"],"established_on":"2021-06-01"}"#);
    for enterprise in [1, 2] {
        let owner = id(enterprise);
        let product = format!(r#"{{"enterprise":"{owner}","category":"mask","name":"m","exported":false}}"#);
        desk.add(10 + enterprise, "product", &product);
    }
    desk.case(20, r#","number":"案1""#);
    desk.case(21, r#","number":"案2""#);
    desk.change(21, r#"{"filed_on":"2021-06-01"}"#);
    let names: Vec<String> = desk.list("c/producers").into_iter().map(|(_, cells)| cells[0].clone()).collect();
    assert_eq!(names, ["甲"], "established a day later, the other is not there yet");
    assert_eq!(desk.list("c/producers")[0].1[3], "案1", "nor is a case filed a day later");
    assert_eq!(desk.figure("producers"), 1);
    // The trace opens what is printed and no more.
    let traced = desk.trace("c/producers", &id(1).to_string(), "cases");
    assert_eq!(traced.iter().map(|one| one.record).collect::<Vec<_>>(), [id(1), id(20)]);
    // Where it is not known since when an enterprise stands, it is listed; where that is in dispute, its row is unsettled.
    desk.change(2, r#"{"established_on":null}"#);
    assert_eq!(desk.list("c/producers").len(), 2);
    desk.dispute(2, r#"{"established_on":"2021-05-01"}"#, r#"{"established_on":"2021-07-01"}"#);
    assert_eq!(desk.list("c/producers").len(), 1);
    assert!(desk.unsettled("c/producers").iter().any(|(row, _)| *row == id(2).to_string()));
    desk.dispute(21, r#"{"filed_on":"2021-05-02"}"#, r#"{"filed_on":"2021-06-02"}"#);
    assert!(desk.unsettled("c/producers").contains(&(id(1).to_string(), "cases".to_owned())));
}

/// A product of an enterprise, and what its variety is called; a blank one is alike to none.
fn product_text(enterprise: u32, variety: &str, category: &str) -> String {
    let enterprise = id(enterprise);
    let variety = if variety.is_empty() { "null".to_owned() } else { format!("\"{variety}\"") };
    format!(
        r#"{{"enterprise":"{enterprise}","category":"{category}","name":"m","variety":{variety},"exported":false}}"#
    )
}

#[test]
fn a_producer_is_done_when_all_its_products_were_sampled_and_never_more_than_all() {
    let mut desk = Desk::new();
    for number in 1..=3 {
        desk.enterprise(number, r#"{"roles":["producer"]}"#);
    }
    // Two varieties, one variety, and one without a name for it.
    desk.add(11, "product", &product_text(1, "a", "mask"));
    desk.add(12, "product", &product_text(1, "b", "mask"));
    desk.add(21, "product", &product_text(2, "a", "mask"));
    desk.add(31, "product", &product_text(3, "", "mask"));
    let done =
        |desk: &Desk| ["products_sampled", "products", "makers_sampled", "makers"].map(|figure| desk.figure(figure));
    assert_eq!(done(&desk), [0, 4, 0, 3]);
    // Of varieties nobody makes, as many as one likes: counting distinct words would come to more than there are.
    for (number, variety) in [(40, "x"), (41, "y"), (42, "z")] {
        desk.sample(number, 1, "2021-04-01", &format!(r#","variety":"{variety}""#));
    }
    assert_eq!(done(&desk), [0, 4, 0, 3]);
    desk.sample(43, 1, "2021-04-01", r#","variety":" a""#);
    assert_eq!(
        done(&desk),
        [1, 4, 0, 3],
        "one product of two: the producer is not done; another's variety a is not either"
    );
    desk.sample(44, 1, "2021-06-01", r#","variety":"b""#);
    assert_eq!(done(&desk), [1, 4, 0, 3], "after the cut-off");
    desk.sample(45, 1, "2021-05-31", r#","variety":"b""#);
    assert_eq!(done(&desk), [2, 4, 1, 3]);
    desk.sample(46, 3, "2021-04-01", "");
    assert_eq!(done(&desk), [2, 4, 1, 3], "a blank variety is alike to nothing");
    desk.sample(47, 2, "2021-04-01", &format!(r#","product":"{}""#, id(31)));
    assert_eq!(done(&desk), [3, 4, 2, 3], "named as the product, whosever shelf it was taken from");
    desk.change(45, r#"{"void":"x"}"#);
    assert_eq!(done(&desk), [2, 4, 1, 3]);
    // The form counts the same, opens it, and shows a product the cells it counts in.
    assert_eq!((desk.cell("c/3", "mask", "products"), desk.cell("c/3", "mask", "makers")), (2, 1));
    let traced = |column: &str| desk.trace("c/3", "mask", column).iter().map(|one| one.record).collect::<Vec<_>>();
    assert_eq!((traced("products"), traced("makers")), (vec![id(11), id(31)], vec![id(31)]));
    let cells = |number| desk.cells(number).into_iter().map(|cell| cell.column).collect::<Vec<_>>();
    assert_eq!(
        (cells(31), cells(11), cells(12)),
        (vec!["products".into(), "makers".into()], vec!["products".into()], vec![])
    );
    // Joined, two are one enterprise with all their products.
    desk.change(2, &format!(r#"{{"same_as":"{}"}}"#, id(1)));
    assert_eq!(done(&desk), [3, 4, 1, 2], "21 is answered by the sample of the one it was joined to");
}

#[test]
fn an_enterprise_is_answered_to_as_the_one_it_was_joined_to() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    desk.enterprise(2, r#"{"roles":["producer"]}"#);
    desk.enterprise(3, r#"{"roles":["seller"]}"#);
    desk.inspection(10, 3, "2021-04-01", "price");
    desk.inspection(11, 1, "2021-04-01", "quality");
    assert_eq!(desk.figure("producers_inspected"), 0, "a seller, and another line");
    desk.inspection(12, 2, "2021-04-01", "price");
    assert_eq!(desk.figure("producers_inspected"), 1);
    desk.change(2, &format!(r#"{{"same_as":"{}"}}"#, id(1)));
    assert_eq!((desk.figure("producers_inspected"), desk.figure("producers")), (1, 1));
}

#[test]
fn a_conflict_in_what_answers_leaves_the_count_unsettled() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    desk.add(11, "product", &product_text(1, "a", "mask"));
    desk.add(12, "product", &product_text(1, "b", "mask"));
    desk.sample(20, 1, "2021-04-01", r#","variety":"a""#);
    desk.sample(21, 1, "2021-04-01", r#","variety":"b""#);
    assert_eq!(desk.unsettled("c/3"), []);
    desk.dispute(21, r#"{"variety":"c"}"#, r#"{"variety":"b"}"#);
    assert_eq!(desk.unsettled("c/3"), pairs(&[("mask", "makers"), ("mask", "products")]));
    // What nothing rests on leaves nothing open.
    desk.dispute(20, r#"{"place":"x"}"#, r#"{"place":"y"}"#);
    assert_eq!(desk.unsettled("c/3"), pairs(&[("mask", "makers"), ("mask", "products")]));
}

#[test]
fn a_list_is_unsettled_where_it_reads_a_conflict() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"name":"甲","status":"suspended"}"#);
    desk.enterprise(2, r#"{"name":"乙"}"#);
    desk.sample(10, 1, "2021-04-01", "");
    desk.sample(11, 2, "2021-04-01", "");
    desk.add(20, "disposal", &format!(r#"{{"sample":"{}","stop_sale_on":"2021-04-02"}}"#, id(10)));
    let cell = |number: u32, column: &str| (id(number).to_string(), column.to_owned());
    desk.dispute(1, r#"{"status":"closed"}"#, r#"{"status":"producing"}"#);
    assert_eq!(desk.unsettled("c/samples"), [cell(10, "status")]);
    desk.change(1, r#"{"status":"closed"}"#);
    desk.dispute(20, &format!(r#"{{"sample":"{}"}}"#, id(11)), r#"{"stop_sale_on":"2021-04-03"}"#);
    assert_eq!(desk.unsettled("c/samples"), [], "they changed different fields");
    let (ours, theirs) = (format!(r#"{{"sample":"{}"}}"#, id(10)), format!(r#"{{"sample":"{}"}}"#, id(11)));
    desk.change(20, r#"{"sample":null}"#);
    desk.dispute(20, &ours, &theirs);
    assert_eq!(desk.unsettled("c/samples"), [cell(10, "measures"), cell(11, "measures")]);
    desk.change(20, &ours);
    desk.dispute(11, r#"{"sampled_on":"2020-01-01"}"#, r#"{"sampled_on":"2021-05-05"}"#);
    assert_eq!(desk.unsettled("c/samples").len(), 9, "what decides whether a row is there touches all its columns");
}

#[test]
fn a_record_shows_the_cells_that_count_it() {
    let mut desk = Desk::new();
    desk.enterprise(1, r#"{"roles":["producer"]}"#);
    desk.inspection(10, 1, "2021-04-01", "ip");
    desk.case(11, r#","penalty_on":"2021-04-02","penalty_fen":100"#);
    let show = |cells: Vec<CellRef>| -> Vec<String> {
        cells.into_iter().map(|cell| format!("{} {} {} {}", cell.form, cell.row, cell.column, cell.amount)).collect()
    };
    assert_eq!(
        show(desk.cells(11)),
        [
            "c/1 price filed 1",
            "c/1 price penalty 100",
            "c/1 total filed 1",
            "c/1 total penalty 100",
            "c/2 mask price.filed 1",
            "c/2 mask total.filed 1",
            "c/2 mask total.penalty 100",
            "c/2 total price.filed 1",
            "c/2 total total.filed 1",
            "c/2 total total.penalty 100",
        ]
    );
    assert_eq!(
        show(desk.cells(1)),
        ["c/1 other enterprises 1", "c/1 total enterprises 1", "c/2 mask swept 1", "c/2 total swept 1"]
    );
}

/// What a record of the made-up book says; small ranges, so that rules meet.
#[derive(Debug, Clone)]
struct Entry {
    kind: u8,
    enterprise: u32,
    day: u8,
    line: u8,
    categories: u8,
    amount: Option<i64>,
    void: bool,
    office: u8,
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (0u8..4, 1u32..5, 0u8..5, 0u8..4, 0u8..4, prop::option::of(0i64..9), prop::bool::weighted(0.1), 0u8..3)
        .prop_map(|(kind, enterprise, day, line, categories, amount, void, office)| Entry {
            kind,
            enterprise,
            day,
            line,
            categories,
            amount,
            void,
            office,
        });
    prop::collection::vec(entry, 0..24)
}

fn book_of(entries: &[Entry], joins: &[(u32, u32)]) -> Desk {
    let mut desk = Desk::new();
    for number in 1..5 {
        desk.enterprise(number, if number % 2 == 0 { r#"{"roles":["producer"]}"# } else { "{}" });
    }
    for (from, to) in joins {
        desk.change(*from, &format!(r#"{{"same_as":"{}"}}"#, id(*to)));
    }
    for (at, entry) in entries.iter().enumerate() {
        let date = ["2021-02-28", "2021-03-01", "2021-04-01", "2021-05-31", "2021-06-01"][usize::from(entry.day)];
        let line = ["price", "quality", "ip", "certification"][usize::from(entry.line)];
        let categories =
            [r#"["mask"]"#, r#"["gown"]"#, r#"["gown","mask"]"#, r#"["eyewear"]"#][usize::from(entry.categories)];
        let category = ["mask", "gown", "mask", "eyewear"][usize::from(entry.categories)];
        let owner = [COUNTY, "640121-01", OTHER_COUNTY][usize::from(entry.office)];
        let (number, enterprise) = (100 + at as u32, id(entry.enterprise));
        let amount = entry.amount.map_or("null".to_owned(), |amount| amount.to_string());
        let void = if entry.void { r#","void":"x""# } else { "" };
        let (kind, text) = match entry.kind {
            0 => ("inspection", inspection(entry.enterprise, date, line, categories)),
            1 => (
                "case",
                format!(
                    r#"{{"enterprise":"{enterprise}","line":"{line}","category":"{category}","filed_on":"{date}","penalty_on":"{date}","penalty_fen":{amount},"seized_quantity":{amount}}}"#
                ),
            ),
            2 => (
                "sample",
                format!(
                    r#"{{"number":"S","enterprise":"{enterprise}","product_name":"m","category":"{category}","sampled_on":"{date}","authority":"market","result":"nonconforming","reported_on":"{date}"}}"#
                ),
            ),
            _ => (
                "declared",
                format!(
                    r#"{{"form":"c/2","row":"{}","column":"{}","as_of":"{date}","value":{amount},"source":"drug"}}"#,
                    ["mask", "gown", "total", "none"][usize::from(entry.categories)],
                    ["other.penalty", "total.penalty", "batches", "rate"][usize::from(entry.line)]
                ),
            ),
        };
        desk.add_for(number, kind, owner, &text.replacen('}', &format!("{void}}}"), 1));
    }
    desk
}

/// Two columns counted again from the entries themselves, in the words of the rules and without a line of SQL.
fn by_hand(entries: &[Entry], joins: &[(u32, u32)]) -> BTreeMap<(String, String), i64> {
    let links: BTreeMap<RecordId, RecordId> = joins.iter().map(|(from, to)| (id(*from), id(*to))).collect();
    let roots = domain::findings::resolve_same_as(&links, &|_| true);
    let mut people: BTreeMap<&str, i64> = BTreeMap::new();
    let mut inspected: BTreeMap<&str, BTreeSet<RecordId>> = BTreeMap::new();
    let counts = |entry: &&Entry| entry.kind == 0 && !entry.void && entry.office != 2 && entry.categories != 3;
    for entry in entries.iter().filter(counts).filter(|entry| (1..4).contains(&entry.day)) {
        let row = ["price", "quality", "other", "quality"][usize::from(entry.line)];
        *people.entry(row).or_default() += 2;
        let enterprise = id(entry.enterprise);
        inspected.entry(row).or_default().insert(roots.get(&enterprise).copied().unwrap_or(enterprise));
    }
    let mut cells = BTreeMap::new();
    for row in ["price", "quality", "other"] {
        let values = [
            ("people", people.get(row).copied().unwrap_or(0)),
            ("enterprises", inspected.get(row).map_or(0, |distinct| distinct.len() as i64)),
        ];
        for (column, value) in values {
            cells.insert((row.to_owned(), column.to_owned()), value);
            *cells.entry(("total".to_owned(), column.to_owned())).or_insert(0) += value;
        }
    }
    cells
}

/// A product or a sample of the made-up book.
#[derive(Debug, Clone)]
struct Taken {
    product: bool,
    enterprise: u32,
    /// 0 is blank.
    variety: u8,
    gown: bool,
    /// A sample that names the product written this many records before it.
    named: Option<usize>,
    day: u8,
    office: u8,
    void: bool,
}

fn taken() -> impl Strategy<Value = Vec<Taken>> {
    let one = (
        prop::bool::ANY,
        1u32..5,
        0u8..4,
        prop::bool::weighted(0.3),
        prop::option::weighted(0.3, 1usize..6),
        0u8..4,
        0u8..3,
        prop::bool::weighted(0.1),
    );
    let one = one.prop_map(|(product, enterprise, variety, gown, named, day, office, void)| Taken {
        product,
        enterprise,
        variety,
        gown,
        named,
        day,
        office,
        void,
    });
    prop::collection::vec(one, 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// 应抽尽抽 counted again in the words of the rule.
    #[test]
    fn what_is_done_is_the_recount_by_hand_and_never_above_all(
        taken in taken(),
        joins in prop::collection::vec((1u32..5, 1u32..5), 0..3),
    ) {
        let mut desk = Desk::new();
        for number in 1..5 {
            desk.enterprise(number, if number == 4 { r#"{"roles":["seller"]}"# } else { r#"{"roles":["producer"]}"# });
        }
        for (from, to) in &joins {
            desk.change(*from, &format!(r#"{{"same_as":"{}"}}"#, id(*to)));
        }
        let links: BTreeMap<RecordId, RecordId> = joins.iter().map(|(from, to)| (id(*from), id(*to))).collect();
        let roots = domain::findings::resolve_same_as(&links, &|_| true);
        let root = |enterprise: u32| roots.get(&id(enterprise)).copied().unwrap_or(id(enterprise));
        let seller = |enterprise: u32| root(enterprise) == id(4);
        let word = |variety: u8| ["", "a", "b", "c"][usize::from(variety)];
        for (at, one) in taken.iter().enumerate() {
            let category = if one.gown { "gown" } else { "mask" };
            let owner = [COUNTY, "640121-01", OTHER_COUNTY][usize::from(one.office)];
            let void = if one.void { r#","void":"x"}"# } else { "}" };
            let text = product_text(one.enterprise, word(one.variety), category);
            let date = ["2021-02-28", "2021-03-01", "2021-05-31", "2021-06-01"][usize::from(one.day)];
            let (kind, more) = if one.product {
                ("product", void.to_owned())
            } else {
                let named = one.named.and_then(|back| at.checked_sub(back)).filter(|at| taken[*at].product);
                let named = named.map(|at| format!(r#","product":"{}""#, id(100 + at as u32))).unwrap_or_default();
                let rest = format!(
                    r#"{named},"number":"S","product_name":"m","sampled_on":"{date}","authority":"market","result":"pending"{void}"#
                );
                ("sample", rest)
            };
            desk.add_for(100 + at as u32, kind, owner, &text.replacen('}', &more, 1).replace(r#""name":"m","#, if one.product { r#""name":"m","# } else { "" }));
        }
        // By hand: the products of producers, and the samples of the county within the period.
        let here = |one: &&Taken| !one.void && one.office != 2;
        let products: Vec<(usize, &Taken)> = taken
            .iter()
            .enumerate()
            .filter(|(_, one)| one.product && !seller(one.enterprise) && here(one))
            .collect();
        let samples: Vec<(usize, &Taken)> = taken
            .iter()
            .enumerate()
            .filter(|(_, one)| !one.product && here(one) && (1..3).contains(&one.day))
            .collect();
        let sampled = |at: usize, product: &Taken| {
            samples.iter().any(|(own, sample)| {
                let named = sample.named.and_then(|back| own.checked_sub(back)) == Some(at);
                let alike = sample.variety == product.variety && product.variety != 0 && sample.gown == product.gown;
                named || (alike && root(sample.enterprise) == root(product.enterprise))
            })
        };
        let done = products.iter().filter(|(at, product)| sampled(*at, product)).count() as i64;
        let mut makers: BTreeMap<RecordId, bool> = BTreeMap::new();
        for (at, product) in &products {
            *makers.entry(root(product.enterprise)).or_insert(true) &= sampled(*at, product);
        }
        let whole = makers.values().filter(|whole| **whole).count() as i64;
        prop_assert_eq!(
            ["products_sampled", "products", "makers_sampled", "makers"].map(|figure| desk.figure(figure)),
            [done, products.len() as i64, whole, makers.len() as i64]
        );
        let table = desk.table("c/3", COUNTY, "2021-05-31");
        for ((row, column), value) in &table {
            prop_assert_eq!(recount(&desk.trace("c/3", row, column)), *value, "{} {}", row, column);
        }
        prop_assert_eq!(table[&("mask".to_owned(), "products".to_owned())] + table[&("gown".to_owned(), "products".to_owned())], done);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Every printed number opens to exactly what it counted, and every record knows the cells that count it.
    #[test]
    fn a_cell_is_the_recount_of_its_trace(
        entries in entries(),
        joins in prop::collection::vec((1u32..5, 1u32..5), 0..3),
    ) {
        let desk = book_of(&entries, &joins);
        let mut counted: BTreeMap<RecordId, Vec<(String, String, String)>> = BTreeMap::new();
        for form in ["c/1", "c/2"] {
            for ((row, column), value) in desk.table(form, COUNTY, "2021-05-31") {
                let trace = desk.trace(form, &row, &column);
                prop_assert_eq!(recount(&trace), value, "{} {} {}", form, row, column);
                for traced in trace {
                    let cell = (form.to_owned(), row.clone(), column.clone());
                    let cells = counted.entry(traced.record).or_default();
                    if !cells.contains(&cell) {
                        cells.push(cell);
                    }
                }
            }
        }
        let table = desk.table("c/1", COUNTY, "2021-05-31");
        for (cell, value) in by_hand(&entries, &joins) {
            prop_assert_eq!(table[&cell], value, "{:?}", cell);
        }
        for at in 0..entries.len() {
            let number = 100 + at as u32;
            let mut shown: Vec<(String, String, String)> = desk
                .cells(number)
                .into_iter()
                .filter(|cell| !cell.column.is_empty())
                .map(|cell| (cell.form, cell.row, cell.column))
                .collect();
            let mut expected = counted.remove(&id(number)).unwrap_or_default();
            shown.sort();
            expected.sort();
            prop_assert_eq!(shown, expected, "{}", number);
        }
        prop_assert!(counted.is_empty());
    }
    /// A column that counts by a text has its kind's pass, or that over the enterprises, read the table in place of the
    /// index: every other column counts the same from either.
    #[test]
    fn the_index_and_the_table_count_the_same(
        entries in entries(),
        joins in prop::collection::vec((1u32..5, 1u32..5), 0..3),
        edits in prop::collection::vec((0usize..24, 0usize..5), 0..6),
        rebuilt in any::<bool>(),
    ) {
        let mut desk = book_of(&entries, &joins);
        for (at, edit) in edits.into_iter().filter(|(at, _)| *at < entries.len()) {
            let text = [
                r#"{"void":"x"}"#,
                r#"{"void":null}"#,
                r#"{"line":"ip","category":"gown"}"#,
                r#"{"date":"2021-04-02","filed_on":null,"sampled_on":"2021-04-02"}"#,
                r#"{"defect":true,"cause":"x","place":"x","lab":"x"}"#,
            ];
            desk.change(100 + at as u32, text[edit]);
        }
        if rebuilt {
            desk.book.rebuild(&mut |_, _| ()).unwrap();
        }
        let tables = |desk: &Desk| ["c/1", "c/2"].map(|form| desk.table(form, COUNTY, "2021-05-31"));
        let from_index = tables(&desk);
        let by_texts = [
            ("inspected", "place"), ("filed", "cause"), ("batches", "lab"), ("inspected", "enterprise.address"),
        ];
        for form in &mut desk.campaign.forms {
            for (figure, field) in by_texts {
                let column = format!(
                    r#"{{"id":"{figure}.{field}","header":["x"],"width":9,"cell":{{"figure":{{"id":"{figure}","where":[{{"field":"{field}","blank":true}}]}}}}}}"#
                );
                form.columns.push(serde_json::from_str(&column).unwrap());
            }
        }
        for (mut from_table, from_index) in tables(&desk).into_iter().zip(from_index) {
            from_table.retain(|cell, _| from_index.contains_key(cell));
            prop_assert_eq!(from_table, from_index);
        }
        prop_assert_eq!(desk.book.check(&mut |_, _| ()).unwrap().findings, vec![]);
    }
}
