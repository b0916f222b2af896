//! `list`, `blank` and `read`: what goes out as a spreadsheet and what comes back as one.

mod common;

use common::{Folder, factory, inspection};
use serde_json::json;

const ROSTER: &str = "企业名册\n企业名称,统一社会信用代码,所在地,联系人\n\
    银川甲口罩厂,91640100MA75X1234X,640121,张三\n银川乙口罩厂,,640121,\n合计：2家,,,\n";

/// A form filled in by hand, as far as it concerns us: the headings of the document, one row of it, and a total.
const CASES: &str = "口罩案件查处情况统计表\n填报单位：永宁县局,,,,,,,,2021年5月27日\n\
    查办案件情况,出动执法人员(人次)累计,检查经营者数(户/人)累计,其中:立案(件),结案(件),罚没(万元),案值(万元),查获口罩(万只)累计,移送公安机关案件数(件)累计\n\
    质量类案件,20,9,3,2,\"1,234.5\",,1.2,\n合计数,20,9,4,2,\"1,234.5\",,1.2,\n填报人：李四\n";

fn csv(folder: &Folder, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.path(name)).unwrap();
    text.trim_start_matches('\u{FEFF}').lines().map(str::to_owned).collect()
}

#[test]
fn a_list_is_written_as_it_is_narrowed_and_a_trace_as_the_page_shows_it() {
    let folder = Folder::with_book();
    folder.record(&(factory("甲口罩厂") + &inspection("2021-03-05") + &inspection("2021-03-06"))).done();
    let list = ["list", "a.book", "inspection", "--order", "oldest", "--columns", "date,inspectors", "--out", "l.csv"];
    folder.run(&list).done();
    assert_eq!(csv(&folder, "l.csv")[1].split(',').next(), Some("2021-03-05"));
    assert_eq!(csv(&folder, "l.csv").len(), 3);
    folder.run(&[&list[..], &["--from", "2021-03-06"]].concat()).done();
    assert_eq!(csv(&folder, "l.csv").len(), 2);
    folder.run(&["list", "a.book", "inspection", "--out", "l.xlsx"]).done();
    assert!(folder.path("l.xlsx").exists());
    folder.run(&["list", "a.book", "inspection", "--columns", "no_such", "--out", "l.csv"]).refused("field-unknown");
    let cell = ["--as-of", "2021-05-27", "--row", "quality", "--column", "person_times", "--out", "t.csv"];
    folder.run(&[&["trace", "a.book", "nx-2021-24/1"], &cell[..]].concat()).done();
    assert_eq!(csv(&folder, "t.csv").len(), 3);
}

#[test]
fn a_roster_updates_what_stands_and_doubles_nothing() {
    let folder = Folder::with_book();
    std::fs::write(folder.path("roster.csv"), ROSTER).unwrap();
    let read = ["read", "a.book", "roster.csv", "--kind", "enterprise", "--campaign", "nx-2021-24", "--json"];
    let said = |more: &[&str]| folder.run(&[&read[..], more].concat()).done().json();
    let plan = said(&["--set", "roles=生产", "--reason", "uscc-check=核对过", "--plan"]);
    assert_eq!((&plan["new"], &plan["aside"]), (&json!(2), &json!(1)), "{plan}");
    assert_eq!(folder.show("enterprise").len(), 0, "a plan keeps nothing");
    let codes: Vec<String> = plan["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| format!("{}=核对过", each["problem"]["code"].as_str().unwrap()))
        .collect();
    let reasons: Vec<&str> = codes.iter().flat_map(|code| ["--reason", code.as_str()]).collect();
    let set = [&["--set", "roles=生产"], &reasons[..]].concat();
    assert_eq!(said(&set)["new"], 2);
    assert_eq!(said(&set)["same"], 2);
    std::fs::write(folder.path("roster.csv"), ROSTER.replace("张三", "李四")).unwrap();
    assert_eq!(said(&set)["differing"], 1);
    assert_eq!(folder.show("enterprise").len(), 2);
    let updated = said(&[&set[..], &["--update"]].concat());
    assert_eq!(updated["updated"], 1, "{updated}");
    let named = folder.show("enterprise").into_iter().filter(|each| each["fields"]["contact"] == "李四").count();
    assert_eq!(named, 1);
}

#[test]
fn a_form_that_comes_back_is_planned_and_stored_once() {
    let folder = Folder::with_book();
    folder.write("cases.csv", CASES);
    let read = ["read", "a.book", "cases.csv", "--json"];
    let said = |more: &[&str]| folder.run(&[&read[..], more].concat()).done().json();
    let plan = said(&["--plan"]);
    assert_eq!((&plan["form"], &plan["as_of"]), (&json!("nx-2021-24/1"), &json!("2021-05-27")), "{plan}");
    let codes: Vec<&str> =
        plan["remarks"].as_array().unwrap().iter().map(|remark| remark["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"read-total-differs") && codes.contains(&"read-row-missing"), "{codes:?}");
    assert_eq!(plan["changed"][4], json!({"row": "quality", "column": "penalty", "printed": "0", "typed": "1,234.5"}));
    folder.run(&read).refused("read-source-missing");
    assert_eq!(said(&["--source", "drug"])["recorded"], 6);
    assert_eq!(said(&["--source", "drug"])["recorded"], 0);
    assert_eq!(folder.show("declared").len(), 6);
    let out = folder.run(&["fill", "a.book", "nx-2021-24/1", "--as-of", "2021-05-27"]).done().json();
    assert_eq!(out["rows"][1][5], "1234.5", "{out}");
    // Corrected, it changes what the first one stored.
    folder.write("cases.csv", CASES.replace("20,9,3,2", "20,9,4,2"));
    let again = said(&["--source", "drug"]);
    assert_eq!((&again["recorded"], &again["updated"]), (&json!(0), &json!(1)), "{again}");
    folder.run(&["read", "a.book", "cases.csv", "--as-of", "2022-05-27"]).refused("read-other-year");
}

#[test]
fn a_blank_form_says_which_it_is_and_whose() {
    let folder = Folder::with_book();
    folder.run(&["blank", "a.book", "nx-2021-24/1", "--out", "任意的名字.xlsx"]).done();
    let plan = ["read", "a.book", "任意的名字.xlsx", "--as-of", "2021-05-27", "--plan", "--json"];
    let shown = folder.run(&plan).done().json();
    assert_eq!((&shown["form"], &shown["changed"]), (&json!("nx-2021-24/1"), &json!([])), "{shown}");
    folder.run(&[&plan[..], &["--form", "nx-2021-24/2"]].concat()).refused("read-other-form");
    folder.run(&["blank", "a.book", "nx-2021-24/1", "--out", "b.pdf"]).refused("blank-output-unknown");
    folder
        .run(&["blank", "a.book", "nx-2021-24/1", "--office", "640122", "--out", "b.xlsx"])
        .refused("office-not-below");
}
