//! A made-up ledger of a region with two counties, counted by hand.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::books::NewBook;
use crate::clock::Clock;
use crate::messages::Language;
use crate::session::Writing;

const CAMPAIGN: &str = "nx-2021-24";
const REGION: &str = "640000";
const YONGNING: &str = "640121";
const LINGWU: &str = "640181";
/// A station of the first county.
const STATION: &str = "640121-01";

struct Book {
    session: Writing,
    _folder: TempDir,
}

/// Noon in China.
fn noon(day: &str) -> u64 {
    let day: Date = day.parse().unwrap();
    day.naive().and_hms_opt(4, 0, 0).unwrap().and_utc().timestamp_millis() as u64
}

fn id(letter: char, n: u32) -> String {
    format!("{letter}0000000-0000-4000-8000-{n:012}")
}

impl Book {
    fn at(office: &str, today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = NewBook {
            path: folder.path().join("workbench.book"),
            office: office.parse().unwrap(),
            name: "自治区局".to_owned(),
            inspector: Some("张三".to_owned()),
        };
        let session = Writing::create(&new, &[], Clock::Fixed(noon(today))).unwrap();
        Book { session, _folder: folder }
    }

    fn load(&mut self, lines: &[Value]) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.session.load(&mut text.as_bytes(), false, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
    }

    fn group(&self, group: DueGroup) -> Vec<(String, Option<i32>)> {
        let groups = self.session.due(Some(CAMPAIGN)).unwrap();
        let lines = groups.into_iter().filter(|found| found.group == group).flat_map(|found| found.page.lines);
        lines.map(|line| (line.id, line.days)).collect()
    }
}

fn line(kind: &str, id: &str, office: &str, fields: Value) -> Value {
    let follows = ["product", "disposal", "review"].contains(&kind);
    let campaigns = if follows { json!([]) } else { json!([CAMPAIGN]) };
    json!({ "kind": kind, "id": id, "office": office, "campaigns": campaigns, "fields": fields })
}

fn enterprise(n: u32, office: &str) -> Value {
    line("enterprise", &id('e', n), office, json!({ "name": format!("口罩厂{n}"), "roles": ["producer"] }))
}

fn inspection(n: u32, office: &str, of: u32, date: &str, more: Value) -> Value {
    let mut fields = json!({
        "enterprise": id('e', of), "date": date, "inspectors": ["甲", "乙"], "line": "quality", "department": "market",
        "categories": ["mask"], "outcome": "normal",
    });
    extend(&mut fields, more);
    line("inspection", &id('a', n), office, fields)
}

fn sample(n: u32, office: &str, of: u32, sampled_on: &str, category: &str, more: Value) -> Value {
    let mut fields = json!({
        "number": format!("CJ{n}"), "enterprise": id('e', of), "product_name": "口罩", "category": category,
        "sampled_on": sampled_on, "authority": "market", "result": "pending",
    });
    extend(&mut fields, more);
    line("sample", &id('b', n), office, fields)
}

fn case(n: u32, office: &str, of: u32, law: &str, filed_on: &str, more: Value) -> Value {
    let mut fields = json!({
        "number": format!("案{n}"), "enterprise": id('e', of), "line": law, "category": "mask", "filed_on": filed_on,
    });
    extend(&mut fields, more);
    line("case", &id('c', n), office, fields)
}

fn problem(n: u32, of: u32, inspection: Option<u32>, due_on: &str, state: &str) -> Value {
    let mut fields = json!({
        "enterprise": id('e', of), "found_on": "2021-04-01", "description": format!("问题{n}"), "due_on": due_on,
        "state": state,
    });
    if let Some(n) = inspection {
        fields["inspection"] = json!(id('a', n));
    }
    line("problem", &id('d', n), YONGNING, fields)
}

fn extend(fields: &mut Value, more: Value) {
    let (Value::Object(fields), Value::Object(more)) = (fields, more) else { panic!("objects") };
    fields.extend(more);
}

#[test]
fn a_problem_is_over_the_day_after_and_soon_for_a_week() {
    let mut book = Book::at(REGION, "2021-05-27");
    book.load(&[
        enterprise(1, YONGNING),
        problem(1, 1, None, "2021-05-26", "open"),
        problem(2, 1, None, "2021-05-27", "open"),
        problem(3, 1, None, "2021-06-03", "open"),
        problem(4, 1, None, "2021-06-04", "open"),
        problem(5, 1, None, "2021-05-01", "rectified"),
        problem(6, 1, None, "2021-05-01", "verified"),
    ]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].group, groups[0].total, groups[0].overdue), (DueGroup::Problem, 3, 1));
    let days: Vec<_> = groups[0].page.lines.iter().map(|line| line.days).collect();
    assert_eq!(days, [Some(-1), Some(0), Some(7)]);
    let first = &groups[0].page.lines[0];
    assert_eq!((first.title.as_str(), first.enterprise.as_str()), ("问题1", "口罩厂1"));
    assert_eq!((first.office.as_str(), first.office_name.as_str()), (YONGNING, "永宁县"));
    assert_eq!(book.session.due(Some("weibin-2021")).unwrap(), [], "of another campaign");
    assert_eq!(book.session.due(None).unwrap()[0].total, 3, "of all of them");
}

#[test]
fn an_order_to_rectify_waits_until_someone_looked_again() {
    let mut book = Book::at(REGION, "2021-05-27");
    let ordered = || json!({ "outcome": "rectify", "rectify_by": "2021-05-20" });
    let mut lines: Vec<Value> = (1..=9).map(|n| enterprise(n, YONGNING)).collect();
    lines.extend((1..=9).map(|n| inspection(n, YONGNING, n, "2021-05-10", ordered())));
    lines.extend([
        // 1 nobody looked; 2 followed up; 3 re-checked later; 4 re-checked the same day, which is no later one.
        inspection(12, YONGNING, 2, "2021-05-19", json!({ "follow_up_of": id('a', 2) })),
        inspection(13, YONGNING, 3, "2021-05-19", json!({ "mode": "recheck" })),
        inspection(14, YONGNING, 4, "2021-05-10", json!({ "mode": "recheck" })),
        // 5 its problem is verified; 6 is rectified, and nobody looked; 7 is open with a day of its own.
        problem(5, 5, Some(5), "2021-05-20", "verified"),
        problem(6, 6, Some(6), "2021-05-20", "rectified"),
        problem(7, 7, Some(7), "2021-05-20", "open"),
        // 8 turned out to be 9, which was re-checked since.
        json!({ "kind": "enterprise", "id": id('e', 8), "fields": { "same_as": id('e', 9) } }),
        inspection(19, YONGNING, 9, "2021-05-21", json!({ "mode": "recheck" })),
    ]);
    book.load(&lines);
    let waiting: Vec<String> = book.group(DueGroup::Recheck).into_iter().map(|(id, _)| id).collect();
    assert_eq!(waiting, [id('a', 1), id('a', 4), id('a', 6)]);
    assert_eq!(book.group(DueGroup::Problem), [(id('d', 7), Some(-7))]);

    // A follow-up that is voided never was.
    let voided = json!({ "kind": "inspection", "id": id('a', 12), "void": "重复", "fields": {} });
    book.load(&[voided]);
    assert!(book.group(DueGroup::Recheck).contains(&(id('a', 2), Some(-7))));
}

#[test]
fn a_batch_waits_for_its_reinspection_and_a_sample_for_its_result() {
    let mut book = Book::at(REGION, "2021-05-27");
    let failed = || json!({ "result": "nonconforming", "reported_on": "2021-05-01", "nonconforming_quantity": 10 });
    let disposal = |n: u32, more: Value| {
        let mut fields =
            json!({ "sample": id('b', n), "rectify_ordered_on": "2021-05-02", "rectify_by": "2021-05-27" });
        extend(&mut fields, more);
        line("disposal", &id('f', n), YONGNING, fields)
    };
    book.load(&[
        enterprise(1, YONGNING),
        sample(1, YONGNING, 1, "2021-04-20", "mask", failed()),
        sample(2, YONGNING, 1, "2021-04-20", "mask", failed()),
        disposal(1, json!({})),
        disposal(2, json!({ "reinspected_on": "2021-05-10", "reinspection": "pass" })),
        // Asked after on the twentieth day: overdue, today, in seven days, in eight.
        sample(3, YONGNING, 1, "2021-05-06", "mask", json!({})),
        sample(4, YONGNING, 1, "2021-05-07", "mask", json!({})),
        sample(5, YONGNING, 1, "2021-05-14", "mask", json!({})),
        sample(6, YONGNING, 1, "2021-05-15", "mask", json!({})),
    ]);
    assert_eq!(book.group(DueGroup::Reinspection), [(id('f', 1), Some(0))]);
    assert_eq!(book.group(DueGroup::Result), [(id('b', 3), Some(-1)), (id('b', 4), Some(0)), (id('b', 5), Some(7))]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    let disposed = groups.iter().find(|group| group.group == DueGroup::Reinspection).unwrap();
    assert_eq!(disposed.page.lines[0].enterprise, "口罩厂1", "through its sample");
    assert_eq!(disposed.page.lines[0].title, "CJ1 口罩");
    let results = groups.iter().find(|group| group.group == DueGroup::Result).unwrap();
    assert_eq!((results.total, results.overdue, results.term), (3, 1, Some(20)));
}

#[test]
fn a_penalty_is_to_be_published_within_twenty_working_days_over_the_may_holiday() {
    let penalised = |on: &str| json!({ "penalty_on": on });
    let ledger = [
        enterprise(1, YONGNING),
        case(1, YONGNING, 1, "quality", "2021-04-01", penalised("2021-04-25")),
        case(2, YONGNING, 1, "quality", "2021-04-01", penalised("2021-04-26")),
        case(3, YONGNING, 1, "quality", "2021-04-01", penalised("2021-05-01")),
        case(4, YONGNING, 1, "quality", "2021-04-01", penalised("2021-05-05")),
        case(5, YONGNING, 1, "quality", "2021-04-01", penalised("2021-05-08")),
        case(
            6,
            YONGNING,
            1,
            "quality",
            "2021-04-01",
            json!({ "penalty_on": "2021-04-20", "published_on": "2021-04-27" }),
        ),
        case(7, YONGNING, 1, "quality", "2021-04-01", json!({})),
    ];
    // 04-25 is a working Sunday: from it on the 20 are over on 05-25; from 04-26 on 05-26; from within the holiday on 06-01;
    // from the working Saturday 05-08 on 06-04.
    let mut book = Book::at(REGION, "2021-05-26");
    book.load(&ledger);
    assert_eq!(
        book.group(DueGroup::Publication),
        [(id('c', 1), Some(-1)), (id('c', 2), Some(0)), (id('c', 3), Some(6)), (id('c', 4), Some(6))]
    );
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!((groups[0].total, groups[0].overdue), (4, 1));
    assert_eq!(groups[0].page.lines[0].due.as_deref(), Some("2021-05-25"));
    assert!(!groups[0].page.lines[0].provisional);

    // A year nobody has a notice for: only weekends are left out, and the day is provisional.
    let mut book = Book::at(REGION, "2099-05-28");
    book.load(&[enterprise(1, YONGNING), case(1, YONGNING, 1, "quality", "2099-05-01", penalised("2099-05-01"))]);
    let line = &book.session.due(None).unwrap()[0].page.lines[0];
    assert_eq!((line.due.as_deref(), line.provisional), (Some("2099-05-29"), true));
}

#[test]
fn a_remark_waits_for_an_answer_and_opens_what_it_is_about() {
    let mut book = Book::at(REGION, "2021-05-27");
    let review = |n: u32, state: &str| {
        line("review", &id('f', n), YONGNING, json!({ "of": id('c', 1), "text": "请核对金额", "state": state }))
    };
    book.load(&[
        enterprise(1, YONGNING),
        case(1, YONGNING, 1, "quality", "2021-04-01", json!({})),
        review(1, "open"),
        review(2, "answered"),
    ]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!((groups.len(), groups[0].group, groups[0].total, groups[0].overdue), (1, DueGroup::Review, 1, 0));
    let line = &groups[0].page.lines[0];
    assert_eq!((line.id.clone(), line.kind.as_str(), line.title.as_str()), (id('c', 1), "case", "请核对金额"));
    assert_eq!(
        (line.enterprise.as_str(), line.due.clone(), line.since.as_deref()),
        ("口罩厂1", None, Some("2021-05-27"))
    );
}

#[test]
fn a_long_list_comes_in_pages_without_a_gap_or_a_repeat() {
    let mut book = Book::at(REGION, "2021-05-27");
    let mut lines = vec![enterprise(1, YONGNING)];
    // Ten of each day, written out of order, so that days and row numbers disagree.
    lines.extend((1..=120).map(|n| problem(n, 1, None, &format!("2021-05-{:02}", 1 + (n * 7) % 12), "open")));
    book.load(&lines);
    let group = book.session.due(None).unwrap().remove(0);
    assert_eq!((group.total, group.overdue, group.page.lines.len()), (120, 120, 50));
    let (mut seen, mut next) = (group.page.lines, group.page.next);
    while let Some(after) = next {
        let page = book.session.due_more(None, DueGroup::Problem, &after).unwrap();
        seen.extend(page.lines);
        next = page.next;
    }
    let days: Vec<_> = seen.iter().map(|line| line.due.clone().unwrap()).collect();
    assert!(days.is_sorted());
    let ids: std::collections::BTreeSet<_> = seen.iter().map(|line| line.id.clone()).collect();
    assert_eq!((seen.len(), ids.len()), (120, 120));
    assert_eq!(book.session.due_more(None, DueGroup::Problem, "nonsense").unwrap_err().code(), "request-malformed");
}

/// Two counties and a station; one enterprise recorded twice and joined; a county without a record of its own.
fn counted() -> Book {
    let mut book = Book::at(REGION, "2021-05-27");
    book.load(&[
        enterprise(1, YONGNING),
        enterprise(2, YONGNING),
        enterprise(3, STATION),
        enterprise(4, LINGWU),
        enterprise(5, LINGWU),
        // 5 is 4 under another name, 6 was entered by mistake.
        json!({ "kind": "enterprise", "id": id('e', 5), "fields": { "same_as": id('e', 4) } }),
        enterprise(6, LINGWU),
        json!({ "kind": "enterprise", "id": id('e', 6), "void": "误录", "fields": {} }),
        // Yongning: 1 twice, 3 by its station. Lingwu: 4 once under each name. One before the campaign began.
        inspection(1, YONGNING, 1, "2021-03-01", json!({})),
        inspection(2, YONGNING, 1, "2021-03-09", json!({})),
        inspection(3, STATION, 3, "2021-03-09", json!({})),
        inspection(4, LINGWU, 4, "2021-03-10", json!({})),
        inspection(5, LINGWU, 5, "2021-03-24", json!({})),
        inspection(6, YONGNING, 2, "2021-02-28", json!({})),
        sample(1, YONGNING, 1, "2021-03-09", "mask", json!({ "result": "conforming", "reported_on": "2021-03-20" })),
        sample(2, YONGNING, 1, "2021-03-10", "mask", json!({ "result": "nonconforming", "reported_on": "2021-03-20" })),
        sample(3, LINGWU, 4, "2021-03-11", "mask", json!({})),
        sample(4, LINGWU, 4, "2021-03-30", "meltblown", json!({ "result": "conforming", "reported_on": "2021-04-20" })),
        case(1, YONGNING, 1, "quality", "2021-03-12", json!({ "closed_on": "2021-04-12" })),
        case(2, YONGNING, 1, "quality", "2021-03-12", json!({})),
        case(3, LINGWU, 4, "price", "2021-03-29", json!({})),
    ]);
    book
}

#[test]
fn coverage_is_what_was_counted_by_hand() {
    let charts = counted().session.charts(Some(CAMPAIGN)).unwrap();
    let rows: Vec<_> = charts
        .coverage
        .iter()
        .map(|row| (row.office.as_str(), row.name.as_str(), row.inspected, row.registered, row.rate.as_deref()))
        .collect();
    assert_eq!(rows, [(YONGNING, "永宁县", 2, 3, Some("66.67%")), (LINGWU, "灵武市", 1, 1, Some("100.00%")),]);
}

#[test]
fn cases_results_and_weeks_are_what_was_counted_by_hand() {
    let charts = counted().session.charts(Some(CAMPAIGN)).unwrap();
    let lines: Vec<_> = charts.lines.iter().map(|row| (row.code.as_str(), row.filed, row.closed)).collect();
    assert_eq!(lines, [("quality", 2, 1), ("price", 1, 0)]);
    let results: Vec<_> = charts
        .categories
        .iter()
        .map(|row| (row.code.as_str(), row.batches, row.nonconforming, row.rate.as_deref()))
        .collect();
    assert_eq!(results, [("mask", 3, 1, Some("33.33%")), ("meltblown", 1, 0, Some("0.00%"))]);
    let weeks: Vec<_> =
        charts.weeks.iter().map(|row| (row.from.as_str(), row.inspections, row.samples, row.cases)).collect();
    assert_eq!(
        weeks,
        [
            ("2021-03-01", 1, 0, 0),
            ("2021-03-08", 3, 3, 2),
            ("2021-03-15", 0, 0, 0),
            ("2021-03-22", 1, 0, 0),
            ("2021-03-29", 0, 1, 1),
        ]
    );
    assert_eq!(charts.weeks[0].to, "2021-03-07");
}

#[test]
fn a_county_sees_its_stations_apart() {
    let mut book = Book::at(YONGNING, "2021-05-27");
    book.load(&[
        enterprise(1, YONGNING),
        enterprise(2, STATION),
        enterprise(3, STATION),
        inspection(1, STATION, 2, "2021-04-01", json!({})),
    ]);
    let charts = book.session.charts(Some(CAMPAIGN)).unwrap();
    let rows: Vec<_> = charts.coverage.iter().map(|row| (row.office.as_str(), row.inspected, row.registered)).collect();
    assert_eq!(rows, [(YONGNING, 0, 1), (STATION, 1, 2)]);
}

#[test]
fn a_department_that_lags_is_seen_beside_its_city() {
    let mut book = Book::at("210000", "2021-05-27");
    let (city, departments) = ("210200", ["210200-01", "210200-02"]);
    let (county, station) = ("210281", "210281-01");
    let mut lines = Vec::new();
    for (n, office) in
        [(1, city), (2, departments[0]), (3, departments[1]), (4, county), (5, station), (6, "210000-01")]
    {
        lines.push(enterprise(n, office));
        // The second department has inspected nobody.
        if n != 3 {
            lines.push(inspection(n, office, n, "2021-04-01", json!({})));
        }
    }
    book.load(&lines);
    let charts = book.session.charts(Some(CAMPAIGN)).unwrap();
    let rows: Vec<_> = charts.coverage.iter().map(|row| (row.office.as_str(), row.inspected, row.registered)).collect();
    assert_eq!(
        rows,
        [("210000-01", 1, 1), (city, 1, 1), (departments[0], 1, 1), (departments[1], 0, 1), (county, 2, 2)],
        "the county's station is its county's"
    );
}

#[test]
fn no_task_is_done_beyond_all_of_it() {
    let mut book = Book::at(REGION, "2021-05-27");
    // Inspected, sampled and helped, but registered for no campaign, or as nothing the task is about; a case of before.
    let stranger = line("enterprise", &id('e', 9), YONGNING, json!({ "name": "广告公司", "roles": ["medium"] }));
    let mut unregistered = enterprise(8, YONGNING);
    unregistered["campaigns"] = json!([]);
    book.load(&[
        enterprise(1, YONGNING),
        stranger,
        unregistered,
        inspection(1, YONGNING, 9, "2021-04-01", json!({})),
        inspection(2, YONGNING, 8, "2021-04-01", json!({})),
        sample(1, YONGNING, 8, "2021-04-01", "mask", json!({})),
        case(1, YONGNING, 1, "quality", "2021-02-01", json!({ "closed_on": "2021-04-12" })),
        line(
            "assistance",
            &id('f', 1),
            YONGNING,
            json!({ "date": "2021-04-01", "mode": "training", "enterprises": [id('e', 8)] }),
        ),
    ]);
    for task in book.session.tasks(Some(CAMPAIGN)).unwrap() {
        if let (Some(done), Some(of)) = (task.done, task.of) {
            assert!(done.value <= of.value, "{}: {} of {}", task.id, done.value, of.value);
        }
    }
    let tasks = book.session.tasks(Some(CAMPAIGN)).unwrap();
    let survey = tasks.iter().find(|task| task.id == "survey").unwrap();
    assert_eq!((survey.done.as_ref().unwrap().value, survey.of.as_ref().unwrap().value), (0, 1));
}

#[test]
fn the_national_survey_measures_sampling_by_product() {
    let campaign = "samr-2020-51";
    let mut book = Book::at(REGION, "2021-05-27");
    let of_campaign = |mut line: Value| {
        if line["campaigns"] != json!([]) {
            line["campaigns"] = json!([campaign]);
        }
        line
    };
    let product = |n: u32, of: u32, variety: &str, medical: bool| {
        let fields = json!({ "enterprise": id('e', of), "category": "mask", "name": "口罩", "variety": variety, "medical": medical });
        line("product", &id('d', n), YONGNING, fields)
    };
    let taken =
        |n: u32, of: u32, variety: &str| sample(n, YONGNING, of, "2021-04-01", "mask", json!({ "variety": variety }));
    let lines = [
        enterprise(1, YONGNING),
        enterprise(2, YONGNING),
        product(1, 1, "防尘口罩", false),
        product(2, 1, "儿童口罩", false),
        product(3, 2, "儿童口罩", false),
        product(4, 2, "医用外科口罩", true),
        taken(1, 1, "防尘口罩"),
        taken(2, 2, "儿童口罩"),
        // Varieties nobody makes, and a medical one: they cover nothing.
        taken(3, 2, "医用外科口罩"),
        taken(4, 1, "日常防护型口罩"),
    ];
    book.load(&lines.map(of_campaign));
    let tasks = book.session.tasks(Some(campaign)).unwrap();
    let of = |id: &str| {
        let task = tasks.iter().find(|task| task.id == id).unwrap();
        let value = |figure: &Option<TaskFigure>| figure.as_ref().map(|figure| figure.value);
        (value(&task.done), value(&task.of), task.rate.as_deref())
    };
    assert_eq!(of("sampling"), (Some(1), Some(2), Some("50.00%")), "1 has a product left");
    assert_eq!(of("varieties"), (Some(2), Some(3), Some("66.67%")));
}

#[test]
fn a_warning_letter_is_no_help() {
    let campaign = "ln-2020";
    let mut book = Book::at("210200", "2020-06-20");
    let letter = |n: u32, mode: &str| {
        let fields = json!({ "date": "2020-06-01", "mode": mode, "enterprises": [id('e', n)] });
        let mut line = line("assistance", &id('f', n), "210200", fields);
        line["campaigns"] = json!([campaign]);
        line
    };
    let modes = ["warning_letter", "talk", "commitment", "training", "clinic"];
    let mut lines = Vec::new();
    for (n, mode) in (1..).zip(modes) {
        let mut maker = enterprise(n, "210200");
        maker["campaigns"] = json!([campaign]);
        lines.extend([maker, letter(n, mode)]);
    }
    book.load(&lines);
    let tasks = book.session.tasks(Some(campaign)).unwrap();
    let service = tasks.iter().find(|task| task.id == "service").unwrap();
    let value = |figure: &Option<TaskFigure>| figure.as_ref().map(|figure| figure.value);
    assert_eq!((value(&service.done), value(&service.of)), (Some(2), Some(5)));
}

#[test]
fn a_task_counts_what_the_form_counts() {
    let book = counted();
    let tasks = book.session.tasks(Some(CAMPAIGN)).unwrap();
    let of = |id: &str| {
        let task = tasks.iter().find(|task| task.id == id).unwrap();
        let value = |figure: &Option<TaskFigure>| figure.as_ref().map(|figure| figure.value);
        (value(&task.done), value(&task.of), task.rate.as_deref(), task.share)
    };
    // Yongning's 1 and 3, Lingwu's 4; of 1, 2, 3 and 4.
    assert_eq!(of("survey"), (Some(3), Some(4), Some("75.00%"), Some(7500)));
    assert_eq!(of("enforcement"), (Some(1), Some(3), Some("33.33%"), Some(3333)));
    assert_eq!(of("online"), (Some(0), Some(0), None, None), "a rate over nothing is none");
    let request = crate::forms::FillRequest {
        form: "nx-2021-24/1".to_owned(),
        office: None,
        as_of: "2021-05-27".parse().unwrap(),
        date: None,
    };
    let traced = book.session.trace(&request, "total", "closed").unwrap();
    assert_eq!(traced.len(), 1);
}

#[test]
fn the_campaign_shown_is_the_chosen_one_or_the_one_at_work() {
    let book = counted();
    let shown = |chosen: Option<&str>| book.session.workbench(chosen).map(|view| (view.campaign, view.chosen));
    assert_eq!(shown(Some("ln-2020")), Ok(("ln-2020".to_owned(), true)));
    assert_eq!(shown(None), Ok((CAMPAIGN.to_owned(), false)), "another began the same day, without a record");
    assert_eq!(shown(Some("nowhere")).unwrap_err().code(), "campaign-unknown");
    let empty = Book::at(REGION, "2020-06-01");
    let view = empty.session.workbench(None).unwrap();
    assert!(view.empty);
    assert_eq!(view.period.day, 18, "one of the two that began on 2020-05-15");
    // Long after all of them, the last that was worked on.
    let mut later = Book::at(REGION, "2024-01-01");
    later.load(&[enterprise(1, YONGNING)]);
    assert_eq!(later.session.workbench(None).unwrap().campaign, CAMPAIGN);
}

#[test]
fn findings_are_said_in_words_with_the_records_to_open() {
    let mut book = Book::at(REGION, "2021-05-27");
    book.load(&[
        enterprise(4, LINGWU),
        enterprise(5, LINGWU),
        json!({ "kind": "enterprise", "id": id('e', 5), "fields": { "same_as": id('e', 4) } }),
    ]);
    book.load(&[json!({ "kind": "enterprise", "id": id('e', 4), "void": "重复", "fields": {} })]);
    let page = book.session.findings_in_words(0, Language::Zh).unwrap();
    assert!(page.total >= 1 && page.lines.len() == page.total);
    let voided = page.lines.iter().find(|line| line.problem.code == "finding-same-as-voided").unwrap();
    let records: Vec<_> =
        voided.records.iter().map(|record| (record.kind.as_deref(), record.title.as_str(), record.voided)).collect();
    assert_eq!(records, [(Some("enterprise"), "口罩厂5", false), (Some("enterprise"), "口罩厂4", true)]);
    assert!(book.session.findings_in_words(page.total, Language::En).unwrap().lines.is_empty());
}
