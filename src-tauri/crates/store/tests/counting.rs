//! What counting can ask beyond a cell of a row: each once over all rows, what has no record that answers to it, what a
//! task has still to do, a window of days, a row for each office. Against a small book written by hand.

use std::collections::{BTreeMap, BTreeSet};

use campaign::answers::{Answers, Filling};
use campaign::model::{Campaign, Form};
use domain::{Fields, RecordId, Schema, Value};
use store::figures::{Over, recount};
use store::{Edit, StoreError};
use sweepbook_store as store;
use testkit::Desk;
use testkit::edits::AUTHOR;

const REGION: &str = "640000";
const COUNTY: &str = "640121";
const OTHER: &str = "640122";
const END: &str = "2021-05-31";

const CAMPAIGN: &str = r#"
id = "c"
title = "c"
issuers = ["x"]
first_day = "2021-03-01"
categories = [{ category = "mask" }, { category = "gown" }]

[[figure]]
id = "inspected"
zh = "p"
kind = "inspection"
measure = "enterprises"
event = "date"

[[figure]]
id = "people"
zh = "p"
kind = "inspection"
measure = { size = "inspectors" }
event = "date"

[[figure]]
id = "visits"
zh = "p"
kind = "inspection"
measure = "count"
event = "date"

[[figure]]
id = "nonconforming"
zh = "p"
kind = "sample"
measure = "count"
event = "sampled_on"
where = [{ field = "result", any = ["nonconforming"] }, { field = "reported_on", by_cut_off = true }]

[[figure]]
id = "undisposed"
zh = "p"
kind = "sample"
measure = "count"
event = "sampled_on"
where = [{ field = "result", any = ["nonconforming"] }, { field = "reported_on", by_cut_off = true }]
without = { kind = "disposal", event = "stop_sale_on", by = [["sample"]] }

[[figure]]
id = "registered"
zh = "p"
kind = "enterprise"
measure = "enterprises"

[[figure]]
id = "registered_inspected"
zh = "p"
kind = "enterprise"
measure = "enterprises"
matched = { kind = "inspection", event = "date", by = [["enterprise"]] }

[[figure]]
id = "uninspected"
zh = "p"
kind = "enterprise"
measure = "enterprises"
without = { kind = "inspection", event = "date", by = [["enterprise"]] }

[[figure]]
id = "sampled_not_inspected"
zh = "p"
kind = "enterprise"
measure = "enterprises"
matched = { kind = "sample", event = "sampled_on", by = [["enterprise"]] }
without = { kind = "inspection", event = "date", by = [["enterprise"]] }

[[task]]
id = "survey"
zh = "t"
done = "registered_inspected"
of = "registered"

[[task]]
id = "disposal"
zh = "t"
done = "visits"
of = "nonconforming"
open = "undisposed"

[[task]]
id = "other"
zh = "t"
done = "visits"
of = "nonconforming"

[[form]]
id = "c/1"
title = "by category"
page = { paper = "A4", landscape = true }
[form.body]
kind = "statistics"
stub_width = 30
by = { inspection = "categories", sample = "category" }
rows = [
  { id = "mask", label = "mask", codes = ["mask"] },
  { id = "other", label = "other", rest = true },
  { id = "total", label = "total", total = true },
  { id = "once", label = "once", once = true },
]
[[form.column]]
id = "enterprises"
header = ["e"]
width = 10
cell = { figure = { id = "inspected" } }
[[form.column]]
id = "people"
header = ["p"]
width = 10
cell = { figure = { id = "people" } }
[[form.column]]
id = "nonconforming"
header = ["n"]
width = 10
cell = { figure = { id = "nonconforming" } }
[[form.column]]
id = "sum"
header = ["s"]
width = 10
cell = { sum_of = ["enterprises", "people"] }

[[form]]
id = "c/undisposed"
title = "undisposed"
page = { paper = "A4", landscape = true }
[form.body]
kind = "list"
of = "sample"
event = "sampled_on"
where = [{ field = "result", any = ["nonconforming"] }]
without = [{ kind = "disposal", where = [{ field = "stop_sale_on", by_cut_off = true }] }]
sort = ["number"]
[[form.column]]
id = "number"
header = ["number"]
width = 10
cell = { field = "number" }
"#;

struct Counting {
    desk: Desk,
    campaign: Campaign,
    schema: Schema,
}

fn id(number: u32) -> RecordId {
    testkit::record(number.into())
}

impl Counting {
    fn new() -> Self {
        let desk = Desk::new(1, REGION);
        Counting { desk, campaign: toml::from_str(CAMPAIGN).unwrap(), schema: Schema::core() }
    }

    fn add(&mut self, number: u32, kind: &str, office: &str, text: &str) {
        let Value::Map(given) = Value::from_json(text).unwrap() else { panic!("{text}") };
        let mut slots = Fields::new();
        for (name, value) in given {
            match value {
                Value::List(items) if name == "categories" || name == "roles" => {
                    for item in items {
                        slots.insert(format!("{name}/{}", item.as_str().unwrap()), true.into());
                    }
                }
                value => {
                    slots.insert(name, value);
                }
            }
        }
        if kind != "disposal" {
            slots.insert("campaigns/c".into(), true.into());
        }
        let office = office.parse().unwrap();
        self.desk.write(Edit { record: id(number), kind: kind.into(), office, author: AUTHOR.into(), slots }).unwrap();
    }

    fn enterprise(&mut self, number: u32, office: &str) {
        self.add(number, "enterprise", office, &format!(r#"{{"name":"e{number}"}}"#));
    }

    fn inspection(&mut self, number: u32, office: &str, enterprise: u32, day: &str, categories: &str, people: &str) {
        let enterprise = id(enterprise);
        let text = format!(
            r#"{{"enterprise":"{enterprise}","date":"{day}","inspectors":{people},"line":"quality","department":"market","categories":{categories},"outcome":"normal"}}"#
        );
        self.add(number, "inspection", office, &text);
    }

    fn sample(&mut self, number: u32, office: &str, enterprise: u32, sampled: &str, reported: &str) {
        let enterprise = id(enterprise);
        let text = format!(
            r#"{{"number":"S{number}","enterprise":"{enterprise}","product_name":"m","category":"mask","sampled_on":"{sampled}","authority":"market","result":"nonconforming","reported_on":"{reported}"}}"#
        );
        self.add(number, "sample", office, &text);
    }

    fn declare(&mut self, number: u32, office: &str, row: &str, column: &str, as_of: &str, value: u32) {
        let text = format!(
            r#"{{"form":"c/1","row":"{row}","column":"{column}","as_of":"{as_of}","value":{value},"source":"customs"}}"#
        );
        self.add(number, "declared", office, &text);
    }

    fn form(&self, form: &str) -> &Form {
        self.campaign.forms.iter().find(|known| known.id == form).unwrap()
    }

    fn fill(&self, filling: &Filling) -> Answers {
        let form = self.form(&filling.form);
        self.desk.book.read(|reader| reader.fill(&self.schema, &self.campaign, form, filling)).unwrap()
    }

    /// Cells of a row in the order of their columns, and which of them may double what was declared.
    fn row(&self, filling: &Filling, row: &str) -> (Vec<i64>, Vec<String>) {
        let Answers::Statistics { cells, at_most, .. } = self.fill(filling) else { panic!("a list") };
        let columns = self.form(&filling.form).columns.iter();
        let value = |column: &campaign::model::Column| cells[&(row.to_owned(), column.id.clone())];
        let doubled = at_most.into_iter().filter(|(at, _)| at == row).map(|(_, column)| column);
        (columns.map(value).collect(), doubled.collect())
    }

    /// That every cell opens to records that add up to it.
    fn opens(&self, filling: &Filling) {
        let Answers::Statistics { cells, .. } = self.fill(filling) else { panic!("a list") };
        for ((row, column), value) in cells {
            let form = self.form(&filling.form);
            let trace = self
                .desk
                .book
                .read(|reader| reader.trace(&self.schema, &self.campaign, form, filling, &row, &column))
                .unwrap();
            assert_eq!(recount(&trace), value, "{row}/{column}");
        }
    }

    fn figures(&self) -> BTreeMap<&str, i64> {
        let office = REGION.parse().unwrap();
        let over =
            Over { schema: &self.schema, campaign: &self.campaign, office: &office, as_of: END.parse().unwrap() };
        let figures: Vec<_> = self.campaign.figures.iter().collect();
        let values = self.desk.book.read(|reader| reader.figures(over, &figures)).unwrap();
        self.campaign.figures.iter().map(|figure| figure.id.as_str()).zip(values).collect()
    }

    fn to_do(&self, task: &str) -> Option<BTreeSet<RecordId>> {
        let task = self.campaign.tasks.iter().find(|known| known.id == task).unwrap();
        let to_do = self.campaign.to_do(task)?;
        let office = REGION.parse().unwrap();
        let over =
            Over { schema: &self.schema, campaign: &self.campaign, office: &office, as_of: END.parse().unwrap() };
        let found: Vec<RecordId> = self.desk.book.read::<_, StoreError>(|reader| reader.to_do(over, to_do)).unwrap();
        let distinct: BTreeSet<RecordId> = found.iter().copied().collect();
        assert_eq!(distinct.len(), found.len());
        Some(distinct)
    }
}

fn filling(office: &str, as_of: &str) -> Filling {
    Filling::to_count("c/1", office.parse().unwrap(), as_of.parse().unwrap())
}

#[test]
fn a_row_counts_each_once_over_all_rows() {
    let mut book = Counting::new();
    for number in [1, 2, 3] {
        book.enterprise(number, COUNTY);
    }
    // e1 for both categories at once, e2 for each in turn, e3 for masks alone.
    book.inspection(11, COUNTY, 1, "2021-03-10", r#"["mask","gown"]"#, r#"["a","b"]"#);
    book.inspection(12, COUNTY, 2, "2021-03-11", r#"["mask"]"#, r#"["a"]"#);
    book.inspection(13, COUNTY, 2, "2021-03-12", r#"["gown"]"#, r#"["a","b","c"]"#);
    book.inspection(14, COUNTY, 3, "2021-03-13", r#"["mask"]"#, r#"["a"]"#);
    let filling = filling(REGION, END);
    assert_eq!(book.row(&filling, "mask").0, [3, 4, 0, 7]);
    assert_eq!(book.row(&filling, "other").0, [2, 5, 0, 7]);
    // The total adds the rows; once there are three enterprises, and i11 sent its two people out once.
    assert_eq!(book.row(&filling, "total").0, [5, 9, 0, 14]);
    assert_eq!(book.row(&filling, "once"), (vec![3, 7, 0, 10], vec![]));
    book.opens(&filling);
    // A figure declared by row stands in it too, as at most so much, and in what is summed from it.
    book.declare(21, COUNTY, "mask", "enterprises", "2021-04-01", 10);
    book.declare(22, COUNTY, "other", "enterprises", "2021-04-01", 5);
    assert_eq!(book.row(&filling, "total").0, [20, 9, 0, 29]);
    let doubled = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>();
    assert_eq!(book.row(&filling, "once"), (vec![18, 7, 0, 25], doubled(&["enterprises", "sum"])));
    book.opens(&filling);
    // Declared for the row itself it is what it is, and the other rows' are not added.
    book.declare(23, COUNTY, "once", "enterprises", "2021-04-01", 12);
    assert_eq!(book.row(&filling, "once"), (vec![15, 7, 0, 22], vec![]));
    assert_eq!(book.row(&filling, "total").0, [20, 9, 0, 29], "the total adds rows alone");
    book.opens(&filling);
    // Another office declared by row only.
    book.declare(24, OTHER, "mask", "enterprises", "2021-04-01", 1);
    assert_eq!(book.row(&filling, "once").0, [16, 7, 0, 23]);
}

#[test]
fn what_has_no_record_that_answers_to_it() {
    let mut book = Counting::new();
    for number in [1, 2, 3, 4] {
        book.enterprise(number, COUNTY);
    }
    book.inspection(11, COUNTY, 1, "2021-03-10", r#"["mask"]"#, r#"["a"]"#);
    book.inspection(12, COUNTY, 2, "2021-06-10", r#"["mask"]"#, r#"["a"]"#);
    book.inspection(13, COUNTY, 3, "2021-02-10", r#"["mask"]"#, r#"["a"]"#);
    book.sample(21, COUNTY, 1, "2021-03-10", "2021-03-20");
    book.sample(22, COUNTY, 2, "2021-03-10", "2021-03-20");
    book.sample(23, COUNTY, 2, "2021-03-11", "2021-06-20");
    let disposal = |sample: u32, day: &str| format!(r#"{{"sample":"{}","stop_sale_on":"{day}"}}"#, id(sample));
    book.add(31, "disposal", COUNTY, &disposal(21, "2021-03-21"));
    book.add(32, "disposal", COUNTY, &disposal(22, "2021-06-01"));
    let figures = book.figures();
    // e1 alone was inspected between the first day and the cut-off.
    assert_eq!((figures["registered"], figures["registered_inspected"], figures["uninspected"]), (4, 1, 3));
    assert_eq!(figures["sampled_not_inspected"], 1, "e2");
    // 21 is disposed of, 22 only after the cut-off, 23 was reported after it.
    assert_eq!((figures["nonconforming"], figures["undisposed"]), (2, 1));
    assert_eq!(book.to_do("survey"), Some([id(2), id(3), id(4)].into()));
    assert_eq!(book.to_do("disposal"), Some([id(22)].into()));
    assert_eq!(book.to_do("other"), None, "what is done is no part of what there is to do");
    let list = |as_of: &str| {
        let filling = Filling { form: "c/undisposed".into(), ..filling(REGION, as_of) };
        let Answers::List { rows, .. } = book.fill(&filling) else { panic!("no list") };
        rows.into_iter().map(|row| row.record.parse().unwrap()).collect::<Vec<RecordId>>()
    };
    assert_eq!(list(END), [id(22), id(23)]);
    assert_eq!(list("2021-06-30"), [id(23)]);
    // Joined to one that was inspected, e4 is done with it.
    book.add(4, "enterprise", COUNTY, &format!(r#"{{"same_as":"{}"}}"#, id(1)));
    assert_eq!(book.to_do("survey"), Some([id(2), id(3)].into()));
    assert_eq!(book.figures()["uninspected"], 2);
}

#[test]
fn a_period_counts_both_ends_anew_and_distinct_ones_by_their_day() {
    let mut book = Counting::new();
    for number in [1, 2, 3] {
        book.enterprise(number, COUNTY);
    }
    // April: e1 again, e2 for the first time; e3 only after it.
    book.inspection(11, COUNTY, 1, "2021-03-31", r#"["mask"]"#, r#"["a","b"]"#);
    book.inspection(12, COUNTY, 1, "2021-04-01", r#"["mask"]"#, r#"["a"]"#);
    book.inspection(13, COUNTY, 2, "2021-04-30", r#"["gown"]"#, r#"["a","b","c"]"#);
    book.inspection(14, COUNTY, 3, "2021-05-01", r#"["mask"]"#, r#"["a"]"#);
    // Sampled in March and reported in April, sampled and reported in April, reported after it, all over before it.
    book.sample(21, COUNTY, 1, "2021-03-20", "2021-04-02");
    book.sample(22, COUNTY, 1, "2021-04-10", "2021-04-20");
    book.sample(23, COUNTY, 1, "2021-04-10", "2021-05-02");
    book.sample(24, COUNTY, 1, "2021-03-02", "2021-03-20");
    book.declare(31, COUNTY, "mask", "people", "2021-03-25", 30);
    book.declare(32, COUNTY, "mask", "people", "2021-04-25", 70);
    let april = Filling { since: Some("2021-04-01".parse().unwrap()), ..filling(REGION, "2021-04-30") };
    assert_eq!(book.row(&april, "mask").0, [1, 1 + 40, 2, 42]);
    assert_eq!(book.row(&april, "other").0, [1, 3, 0, 4]);
    assert_eq!(book.row(&april, "once").0, [2, 4 + 40, 2, 46]);
    book.opens(&april);
    // Cumulative figures of both ends: what is added up is the difference.
    let (whole, march) = (filling(REGION, "2021-04-30"), filling(REGION, "2021-03-31"));
    assert_eq!((book.row(&whole, "mask").0[1], book.row(&march, "mask").0[1]), (2 + 1 + 70, 2 + 30));
    assert_eq!((book.row(&whole, "mask").0[0], book.row(&march, "mask").0[0]), (1, 1), "e1 is no new one");
    // From the first day on it is the cumulative table.
    let all = Filling { since: Some("2021-03-01".parse().unwrap()), ..filling(REGION, "2021-04-30") };
    assert_eq!(book.fill(&all), book.fill(&whole));
    let list = Filling { form: "c/undisposed".into(), ..april };
    let Answers::List { rows, .. } = book.fill(&list) else { panic!("no list") };
    assert_eq!(rows.len(), 2, "22 and 23 were taken in April");
}

#[test]
fn offices_are_told_apart_and_an_enterprise_of_two_counts_in_each() {
    let mut book = Counting::new();
    for number in [1, 2] {
        book.enterprise(number, COUNTY);
    }
    book.inspection(11, COUNTY, 1, "2021-03-31", r#"["mask"]"#, r#"["a","b"]"#);
    book.inspection(12, OTHER, 1, "2021-04-02", r#"["mask","gown"]"#, r#"["a"]"#);
    book.inspection(13, OTHER, 2, "2021-04-03", r#"["gown"]"#, r#"["a","b","c"]"#);
    book.inspection(14, REGION, 2, "2021-04-04", r#"["gown"]"#, r#"["d"]"#);
    book.declare(31, OTHER, "mask", "people", "2021-03-25", 30);
    book.declare(32, OTHER, "mask", "people", "2021-04-25", 70);
    let group = |code: &str| usize::from(code == COUNTY) + 2 * usize::from(code == OTHER);
    let owners = store::figures::Owners { groups: 3, of: &group };
    let apart = |filling: &Filling, row: &str| -> Vec<Vec<i64>> {
        let form = book.form("c/1");
        let groups = book
            .desk
            .book
            .read(|reader| reader.fill_by_office(&book.schema, &book.campaign, form, filling, &owners))
            .unwrap();
        let value = |cells: &BTreeMap<(String, String), i64>, column: &str| cells[&(row.to_owned(), column.to_owned())];
        groups.iter().map(|cells| vec![value(cells, "enterprises"), value(cells, "people")]).collect()
    };
    let whole = filling(REGION, END);
    // The region's own, the county's, the other's: e1 in two counties, e2 in the region and one county.
    assert_eq!(apart(&whole, "once"), [vec![1, 1], vec![1, 2], vec![2, 4 + 70]]);
    assert_eq!(apart(&whole, "total"), [vec![1, 1], vec![1, 2], vec![3, 5 + 70]]);
    assert_eq!(book.row(&whole, "once").0[..2], [2, 7 + 70]);
    let april = Filling { since: Some("2021-04-01".parse().unwrap()), ..whole };
    assert_eq!(apart(&april, "once"), [vec![1, 1], vec![0, 0], vec![2, 4 + 40]]);
}
