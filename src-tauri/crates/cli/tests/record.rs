//! `record`: what a file of lines does to a book.

mod common;

use common::{FACTORY, Folder, factory, inspection};
use serde_json::json;

#[test]
fn a_file_loaded_twice_changes_nothing() {
    let folder = Folder::with_book();
    let lines = factory("甲口罩厂") + &inspection("2021-03-05");
    let first = folder.record(&lines).done().json();
    assert_eq!(first, json!({"lines": 2, "created": 2, "changed": 0, "skipped": 0, "warnings": []}));
    let digest = folder.digest("a.book");
    let second = folder.record(&lines).done().json();
    assert_eq!(second, json!({"lines": 2, "created": 0, "changed": 0, "skipped": 2, "warnings": []}));
    assert_eq!(folder.digest("a.book"), digest);
}

#[test]
fn equal_lines_without_ids_are_records_of_their_own() {
    let folder = Folder::with_book();
    let lines = factory("甲口罩厂") + &inspection("2021-03-05") + &inspection("2021-03-05");
    assert_eq!(folder.record(&lines).done().json()["created"], 3);
    assert_eq!(folder.show("inspection").len(), 2);
    // The same file with one more of them adds one.
    let more = lines + &inspection("2021-03-05");
    assert_eq!(folder.record(&more).done().json()["created"], 1);
    assert_eq!(folder.show("inspection").len(), 3);
}

#[test]
fn ids_of_lines_follow_from_office_line_and_occurrence() {
    let (here, there) = (Folder::with_book(), Folder::with_book());
    let lines = factory("甲口罩厂") + &inspection("2021-03-05");
    here.record(&lines).done();
    there.record(&lines).done();
    assert_eq!(here.show("inspection"), there.show("inspection"));
}

#[test]
fn a_line_that_changes_a_record_back_is_carried_out() {
    let folder = Folder::with_book();
    folder.record(&factory("甲口罩厂")).done();
    let status =
        |status: &str| format!("{}\n", json!({"kind": "enterprise", "id": FACTORY, "fields": {"status": status}}));
    let said = |ran: &serde_json::Value| (ran["changed"].clone(), ran["skipped"].clone());
    let stands = || folder.show("enterprise")[0]["fields"]["status"].clone();
    // One file after the other.
    for word in ["producing", "suspended", "producing"] {
        assert_eq!(said(&folder.record(&status(word)).done().json()), (json!(1), json!(0)), "{word}");
        assert_eq!(stands(), word);
    }
    // In one file that ends where the record already stands, nothing is said that does not stand.
    let revisions = || folder.run(&["check", "a.book", "--json"]).done().json()["revisions"].clone();
    let before = revisions();
    let there_and_back = status("producing") + &status("suspended") + &status("producing");
    assert_eq!(said(&folder.record(&there_and_back).done().json()), (json!(0), json!(3)));
    assert_eq!((stands(), revisions()), (json!("producing"), before));
    // And one that does not is carried out line by line, once.
    let on = status("suspended") + &status("producing") + &status("suspended");
    assert_eq!(said(&folder.record(&on).done().json()), (json!(3), json!(0)));
    assert_eq!(stands(), "suspended");
    assert_eq!(said(&folder.record(&on).done().json()), (json!(0), json!(3)));
    assert_eq!(stands(), "suspended");
    // A record made by the file itself ends as the file's last line says.
    let other = "00000000-0000-4000-8000-000000000002";
    let made = factory("乙口罩厂").replace(FACTORY, other) + &there_and_back.replace(FACTORY, other);
    let report = folder.record(&made).done().json();
    assert_eq!((report["created"].clone(), said(&report)), (json!(1), (json!(3), json!(0))));
    assert_eq!(said(&folder.record(&made).done().json()), (json!(0), json!(4)));
}

#[test]
fn voided_restored_and_voided_again() {
    let folder = Folder::with_book();
    folder.record(&factory("甲口罩厂")).done();
    let void =
        |reason: serde_json::Value| format!("{}\n", json!({"kind": "enterprise", "id": FACTORY, "void": reason}));
    for reason in [json!("重复"), json!(null), json!("重复")] {
        assert_eq!(folder.record(&void(reason.clone())).done().json()["changed"], 1, "{reason}");
        assert_eq!(folder.show("enterprise")[0]["void"], reason);
    }
}

#[test]
fn a_voided_record_comes_back_with_a_reason() {
    let folder = Folder::with_book();
    folder.record(&factory("甲口罩厂")).done();
    let void = json!({"kind": "enterprise", "id": FACTORY, "void": "重复"});
    folder.record(&format!("{void}\n")).done();
    folder.run(&["restore", "a.book", FACTORY, "--reason", "不是同一家"]).done();
    assert_eq!(folder.show("enterprise")[0]["void"], serde_json::Value::Null);
    folder.run(&["restore", "a.book", FACTORY, "--reason", "再一次"]).refused("record-not-void");
}

#[test]
fn a_line_without_an_id_made_its_record_and_leaves_what_became_of_it() {
    let folder = Folder::with_book();
    let lines = factory("甲口罩厂") + &inspection("2021-03-05");
    folder.record(&lines).done();
    let visit = folder.show("inspection")[0]["id"].clone();
    let corrected = json!({"kind": "inspection", "id": visit, "fields": {"date": "2021-03-06"}});
    folder.record(&format!("{corrected}\n")).done();
    let voided = json!({"kind": "inspection", "id": visit, "void": "重复"});
    let again = folder.record(&inspection("2021-03-05")).done().json();
    assert_eq!((again["created"].clone(), again["skipped"].clone()), (json!(0), json!(1)));
    assert_eq!(folder.show("inspection")[0]["fields"]["date"], "2021-03-06");
    folder.record(&format!("{voided}\n")).done();
    assert_eq!(folder.record(&inspection("2021-03-05")).done().json()["skipped"], 1);
    assert_eq!(folder.show("inspection")[0]["void"], "重复");
}

#[test]
fn a_person_named_twice_came_once() {
    let folder = Folder::with_book();
    let alone = inspection("2021-03-05").replace(r#"["马立群","李秀梅"]"#, r#"["张三","张三","张 三"]"#);
    let report = folder.record(&(factory("甲口罩厂") + &alone)).done().json();
    assert_eq!(folder.show("inspection")[0]["fields"]["inspectors"], json!(["张三"]));
    assert_eq!(report["warnings"][0]["problem"]["code"], "list-short", "{report}");
    let cells = folder
        .run(&["cells", "a.book", report["warnings"][0]["record"].as_str().unwrap(), "--as-of", "2021-05-27", "--json"])
        .done()
        .lines();
    let people = cells.iter().find(|cell| cell["form"] == "nx-2021-24/1" && cell["column"] == "person_times");
    assert_eq!(people.unwrap()["amount"], 1, "{cells:?}");
}

#[test]
fn a_number_that_stands_already_is_said_with_the_record() {
    let folder = Folder::with_book();
    let case = |number: &str, day: &str| {
        let fields = json!({"enterprise": FACTORY, "number": number, "line": "quality", "category": "mask",
            "filed_on": day, "penalty_on": day, "penalty_fen": 500_000, "decision_no": format!("决{day}")});
        format!("{}\n", json!({"kind": "case", "campaigns": ["nx-2021-24"], "fields": fields}))
    };
    let number = "永市监罚〔2021〕5号";
    let taken = |report: &serde_json::Value| -> Vec<serde_json::Value> {
        let warnings = report["warnings"].as_array().unwrap().iter();
        warnings.filter(|warned| warned["problem"]["code"] == "identifier-taken").cloned().collect()
    };
    let first = folder.record(&(factory("甲口罩厂") + &case(number, "2021-04-01"))).done().json();
    assert_eq!(taken(&first), [] as [serde_json::Value; 0]);
    let second = folder.record(&case("永市监罚（2021）5 号", "2021-04-02")).done().json();
    let warned = taken(&second);
    assert_eq!(warned.len(), 1, "{second}");
    let problem = &warned[0]["problem"];
    let stands = folder.show("case").iter().find(|case| case["fields"]["number"] == number).unwrap()["id"].clone();
    assert_eq!(problem["other"], json!({"kind": "case", "id": stands}));
    assert!(problem["message"].as_str().unwrap().contains("案件“甲口罩厂 2021-04-01”"), "{problem}");
    // Of two lines of one file the later names the earlier.
    folder.write("lines.jsonl", case("6号", "2021-04-03") + &case("6号", "2021-04-04"));
    let strict = folder.run(&["record", "a.book", "lines.jsonl", "--strict", "--json"]);
    assert_eq!(strict.problems(), [(2, "identifier-taken".to_owned())]);
    assert!(strict.json()["problems"][0]["message"].as_str().unwrap().contains("第 1 行"), "{}", strict.out);
    // And it is a finding, until one of them is voided or says why.
    let findings = || folder.run(&["findings", "a.book", "--json"]).done().lines();
    assert_eq!(findings()[0]["problem"]["code"], "finding-identifier-twice");
    assert_eq!(findings()[0]["records"].as_array().unwrap().len(), 2);
    let why = json!({"kind": "case", "id": stands, "overrides": {"identifier-taken": "同案两个当事人"}});
    folder.record(&format!("{why}\n")).done();
    assert_eq!(findings(), [] as [serde_json::Value; 0]);
}

#[test]
fn a_wrong_year_and_a_fine_without_a_day_are_said() {
    let folder = Folder::with_book();
    folder.record(&factory("甲口罩厂")).done();
    let case = |fields: serde_json::Value| {
        let mut line = json!({"kind": "case", "campaigns": ["nx-2021-24"], "fields": {"enterprise": FACTORY,
            "line": "quality", "category": "mask", "filed_on": "2021-04-01"}});
        line["fields"].as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        format!("{line}\n")
    };
    let said = |fields: serde_json::Value| -> Vec<(String, String)> {
        let report = folder.record(&case(fields)).done().json();
        let text = |warned: &serde_json::Value, part: &str| warned["problem"][part].as_str().unwrap().to_owned();
        let warnings = report["warnings"].as_array().unwrap().iter();
        warnings.map(|warned| (text(warned, "code"), text(warned, "field"))).collect()
    };
    let one = |code: &str, field: &str| vec![(code.to_owned(), field.to_owned())];
    assert_eq!(said(json!({"filed_on": "2031-04-01"})), one("day-after-today", "filed_on"));
    assert_eq!(said(json!({"filed_on": "2020-04-01"})), one("day-before-campaign", "filed_on"));
    let fine = json!({"penalty_fen": 500_000, "decision_no": "永市监罚〔2021〕1号"});
    assert_eq!(said(fine), one("counted-day-missing", "penalty_on"));
    let whole = json!({"penalty_fen": 500_000, "decision_no": "永市监罚〔2021〕2号", "penalty_on": "2021-04-20"});
    assert_eq!(said(whole), []);
    assert_eq!(said(json!({"closed_on": "2021-06-01"})), one("day-after-today", "closed_on"));

    let fill = |more: &[&str]| folder.run(&[&["fill", "a.book", "nx-2021-24/1", "--as-of"], more].concat()).done().err;
    assert!(!fill(&["2021-05-27"]).contains("warning"), "today");
    assert!(fill(&["2021-05-28"]).contains("as-of-after-today"));
    assert!(fill(&["2021-05-27", "--date", "2021-05-26"]).contains("fill-date-before-as-of"));
}

#[test]
fn a_declared_figure_beside_records_or_below_an_earlier_one_is_said() {
    let folder = Folder::with_book();
    folder.record(&(factory("甲口罩厂") + &inspection("2021-03-05"))).done();
    let told = |source: &str, day: &str, value: i64| {
        let fields = json!({"form": "nx-2021-24/1", "row": "quality", "column": "person_times", "as_of": day,
            "value": value, "source": source});
        let line = format!("{}\n", json!({"kind": "declared", "campaigns": ["nx-2021-24"], "fields": fields}));
        let report = folder.record(&line).done().json();
        let warnings = report["warnings"].as_array().unwrap().iter();
        warnings.map(|warned| warned["problem"]["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("customs", "2021-04-01", 7), [""; 0], "another department's own");
    assert_eq!(told("customs", "2021-04-08", 6), ["declared-falls"]);
    assert_eq!(told("market", "2021-03-04", 3), [""; 0], "before the visit");
    assert_eq!(told("market", "2021-04-01", 3), ["declared-beside-records"]);
}

#[test]
fn a_citizens_number_is_no_credit_code() {
    let folder = Folder::with_book();
    let line = |code: &str| {
        let fields = json!({"name": "甲厂", "roles": ["producer"], "uscc": code});
        format!("{}\n", json!({"kind": "enterprise", "fields": fields}))
    };
    let report = folder.record(&line("640121189912310596")).done().json();
    let problem = &report["warnings"][0]["problem"];
    assert_eq!(problem["code"], "uscc-citizen");
    assert!(problem["message"].as_str().unwrap().contains("公民身份号码"), "{problem}");
    assert_eq!(folder.record(&line("13909510001")).problems(), [(1, "uscc-phone".to_owned())]);
    assert_eq!(folder.record(&line("551385082")).problems(), [(1, "uscc-organisation".to_owned())]);
}

#[test]
fn an_edit_writes_what_differs_leaves_the_absent_alone_and_null_clears() {
    let folder = Folder::with_book();
    folder.record(&factory("甲口罩厂")).done();
    let edit = json!({"kind": "enterprise", "id": FACTORY, "fields": {"address": "望远镇", "phone": null}});
    let report = folder.record(&format!("{edit}\n")).done().json();
    assert_eq!(report["changed"], 1);
    let fields = folder.show("enterprise")[0]["fields"].clone();
    assert_eq!(fields["name"], "甲口罩厂");
    assert_eq!(fields["address"], "望远镇");
    assert!(fields["phone"].is_null());
    let checked = folder.run(&["check", "a.book", "--json"]).done().json();
    assert_eq!((checked["revisions"].clone(), checked["findings"].clone()), (json!(2), json!([])));
    // A line that says nothing new writes nothing.
    let same = json!({"kind": "enterprise", "id": FACTORY, "fields": {"address": "望远镇"}});
    assert_eq!(folder.record(&format!("{same}\n")).done().json()["skipped"], 1);
    assert_eq!(folder.run(&["check", "a.book", "--json"]).done().json()["revisions"], 2);
}

#[test]
fn references_may_point_forward_within_a_file() {
    let folder = Folder::with_book();
    let lines = inspection("2021-03-05") + &factory("甲口罩厂");
    assert_eq!(folder.record(&lines).done().json()["created"], 2);
}

#[test]
fn one_bad_line_refuses_the_file_and_every_bad_line_is_named() {
    let folder = Folder::with_book();
    let empty = folder.digest("a.book");
    let bad = [
        r#"{"kind":"wizard","fields":{}}"#,
        r#"{"kind":"enterprise","fields":{"name":"甲","roles":["producer"],"colour":"red"}}"#,
        r#"{"kind":"enterprise","fields":{"name":"甲","roles":["baker"]}}"#,
        r#"{"kind":"enterprise","campaigns":["mars"],"fields":{"name":"甲","roles":["producer"]}}"#,
        r#"{"kind":"enterprise","fields":{"name":7,"roles":["producer"]}}"#,
        r#"{"kind":"enterprise","fields":{"name":"甲","roles":["producer"],"established_on":"2021-02-30"}}"#,
        r#"{"kind":"case","fields":{"enterprise":"00000000-0000-4000-8000-000000000099","line":"quality","category":"mask","filed_on":"2021-03-01"}}"#,
        r#"{"kind":"enterprise","fields":{"name":"甲","roles":["producer"],"division":"999999"}}"#,
        r#"{"kind":"declared","fields":{"form":"nowhere/1","row":"a","column":"b","as_of":"2021-03-01","value":1,"source":"customs"}}"#,
        r#"{"kind":"declared","fields":{"form":"ln-2020/2","row":"mask","column":"total.filed","as_of":"2020-06-01","value":1,"source":"customs"}}"#,
        "not json",
        "{\"kind\":\"enterprise\",\"fields\":{\"name\":\"a\\u0000b\",\"roles\":[\"producer\"]}}",
        r#"{"kind":"enterprise","fields":{"name":"甲","roles":["producer"],"exports":1.5}}"#,
        r#"{"kind":"enterprise","fields":{"name":"甲","name":"乙","roles":["producer"]}}"#,
        r#"{"kind":"enterprise","surprise":1,"fields":{}}"#,
        r#"{"kind":"enterprise","id":"xyz","fields":{"name":"甲","roles":["producer"]}}"#,
        r#"{"kind":"enterprise","office":"640181","fields":{"name":"甲","roles":["producer"]}}"#,
        r#"{"kind":"enterprise","fields":{"name":"甲","roles":["producer"],"void":"x"}}"#,
        r#"{"kind":"submission","fields":{"campaign":"ln-2020"}}"#,
        r#"{"kind":"enterprise","fields":{"roles":["producer"]}}"#,
        r#"{"kind":"enterprise","fields":{"name":"好","roles":["producer"]}}"#,
    ];
    let ran = folder.record(&(bad.join("\n") + "\n"));
    assert_eq!(ran.code, 1);
    let expected = [
        "kind-unknown",
        "field-unknown",
        "code-unknown",
        "campaign-unknown",
        "type-wrong",
        "date-impossible",
        "reference-missing",
        "division-unknown",
        "form-unknown",
        "declared-refused",
        "record-line-malformed",
        "control-character",
        "record-line-malformed",
        "record-line-malformed",
        "record-line-malformed",
        "id-malformed",
        "office-not-below",
        "field-reserved",
        "kind-reserved",
        "required-missing",
    ];
    let found = ran.problems();
    let expected: Vec<(u64, String)> = (1..).zip(expected.map(str::to_owned)).collect();
    assert_eq!(found, expected);
    let answer = ran.json();
    for problem in answer["problems"].as_array().unwrap() {
        assert!(!problem["message"].as_str().unwrap().is_empty(), "{problem}");
        assert!(!problem["remedy"].as_str().unwrap().is_empty(), "{problem}");
    }
    assert_eq!(folder.digest("a.book"), empty);
}

#[test]
fn a_line_that_is_not_text_is_named_among_the_others() {
    let folder = Folder::with_book();
    let mut bytes = factory("甲口罩厂").into_bytes();
    bytes.extend(b"{\"kind\":\"enterprise\",\"fields\":{\"name\":\"\xff\",\"roles\":[\"producer\"]}}\n");
    folder.write("lines.jsonl", bytes);
    let ran = folder.run(&["record", "a.book", "lines.jsonl", "--json"]);
    assert_eq!(ran.problems(), [(2, "line-not-utf8".to_owned())]);
    assert!(folder.show("enterprise").is_empty());
}

#[test]
fn a_byte_order_mark_blank_lines_and_windows_line_ends_do_no_harm() {
    let folder = Folder::with_book();
    let text = format!("\u{feff}{}\r\n\r\n{}", factory("甲口罩厂").trim_end(), inspection("2021-03-05"));
    let report = folder.record(&text).done().json();
    assert_eq!((report["lines"].clone(), report["created"].clone()), (json!(2), json!(2)));
    // Saved again without them, it is the same file.
    let plain = factory("甲口罩厂") + &inspection("2021-03-05");
    assert_eq!(folder.record(&plain).done().json()["skipped"], 2);
}

#[test]
fn a_warning_is_printed_and_listed_and_strict_refuses_it() {
    let folder = Folder::with_book();
    let alone = inspection("2021-03-05").replace(r#","李秀梅""#, "");
    let lines = factory("甲口罩厂") + &alone;
    folder.write("lines.jsonl", &lines);
    let strict = folder.run(&["record", "a.book", "lines.jsonl", "--strict", "--json"]);
    assert_eq!(strict.code, 1);
    assert_eq!(strict.problems(), [(2, "list-short".to_owned())]);
    assert!(folder.show("inspection").is_empty());

    let report = folder.record(&lines).done().json();
    assert_eq!(report["created"], 2);
    assert_eq!(report["warnings"][0]["line"], 2);
    assert_eq!(report["warnings"][0]["problem"]["code"], "list-short");
    assert_eq!(report["warnings"][0]["record"], folder.show("inspection")[0]["id"]);

    // With its reason given it passes.
    let answered = alone.replacen('{', r#"{"overrides":{"list-short":"另一名执法人员在隔壁门店"},"#, 1);
    folder.write("lines.jsonl", answered);
    let strict = folder.run(&["record", "a.book", "lines.jsonl", "--strict", "--json"]).done().json();
    assert_eq!((strict["created"].clone(), strict["warnings"].clone()), (json!(1), json!([])));
}

#[test]
fn a_dash_reads_standard_input() {
    let folder = Folder::with_book();
    let ran = folder.run_with_input(&["record", "a.book", "-"], &factory("甲口罩厂")).done();
    assert!(ran.out.contains("新增 1"), "{}", ran.out);
    assert_eq!(folder.show("enterprise").len(), 1);
}

#[test]
fn ten_megabytes_of_text_are_refused_and_the_other_lines_still_judged() {
    let folder = Folder::with_book();
    let long = factory(&"甲".repeat(3_500_000));
    let ran = folder.record(&(long + "{}\n"));
    assert_eq!(ran.problems(), [(1, "line-too-long".to_owned()), (2, "record-line-malformed".to_owned())]);
    let ran = folder.record(&factory(&"甲".repeat(100_000)));
    assert_eq!(ran.problems(), [(1, "text-too-long".to_owned())]);
}

#[test]
fn rare_characters_markup_and_formulas_come_back_as_they_were() {
    let folder = Folder::with_book();
    for name in [
        "𬭩㐂口罩厂",
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://x\",\"y\")",
        "+1",
        "'; DROP TABLE book; --",
        "甲 {name}",
    ] {
        folder.record(&factory(name)).done();
        assert_eq!(folder.show("enterprise")[0]["fields"]["name"], name);
    }
}

#[test]
fn voiding_needs_a_reason_and_keeps_the_record() {
    let folder = Folder::with_book();
    folder.record(&(factory("甲口罩厂") + &inspection("2021-03-05"))).done();
    let void = |reason: &str| format!("{}\n", json!({"kind": "enterprise", "id": FACTORY, "void": reason}));
    assert_eq!(folder.record(&void(" ")).problems()[0].1, "void-reason-missing");
    assert_eq!(folder.record(&void("重复")).problems()[0].1, "enterprise-in-use");
    let visit = folder.show("inspection")[0]["id"].as_str().unwrap().to_owned();
    let both = format!("{}\n{}", json!({"kind": "inspection", "id": visit, "void": "重复"}), void("重复"));
    folder.record(&both).done();
    assert_eq!(folder.show("enterprise")[0]["void"], "重复");
    let status = folder.run(&["status", "a.book", "--json"]).done().json();
    let count = status["records"].as_array().unwrap().iter().find(|kind| kind["kind"] == "enterprise").unwrap().clone();
    assert_eq!((count["live"].clone(), count["voided"].clone()), (json!(0), json!(1)));
}

#[test]
fn kind_and_office_of_a_record_never_change() {
    let folder = Folder::with_book();
    folder.record(&factory("甲口罩厂")).done();
    let clue = json!({"kind": "clue", "id": FACTORY, "fields": {"content": "x"}});
    assert_eq!(folder.record(&format!("{clue}\n")).problems(), [(1, "kind-changed".to_owned())]);
    let moved = json!({"kind": "enterprise", "id": FACTORY, "office": "640121-01", "fields": {}});
    assert_eq!(folder.record(&format!("{moved}\n")).problems(), [(1, "office-changed".to_owned())]);
}
