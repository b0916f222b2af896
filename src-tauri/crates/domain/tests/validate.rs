//! Every rule for what a person may record, one at a time.

extern crate sweepbook_domain as domain;

mod common;

use common::{INSPECTION, Ledger, codes, id, json, record, sample};
use domain::validate::{MAX_NUMBER, tidy};
use domain::{Fields, Record, Value};

/// The record with one field set to a JSON value.
fn with(mut record: Record, field: &str, value: &str) -> Record {
    record.fields.insert(field.to_owned(), json(value));
    record
}

fn quoted(number: u32) -> String {
    format!("\"{}\"", id(number))
}

fn enterprise() -> Record {
    record(90, "enterprise", r#"{"name":"乙厂","roles":["producer"]}"#)
}

fn inspection() -> Record {
    record(91, "inspection", INSPECTION)
}

fn product(text: &str) -> Record {
    with(record(92, "product", text), "enterprise", &quoted(1))
}

fn disposal(text: &str) -> Record {
    with(record(93, "disposal", text), "sample", &quoted(2))
}

fn case(text: &str) -> Record {
    let case = record(94, "case", r#"{"line":"quality","category":"mask","filed_on":"2021-03-15"}"#);
    let mut case = with(case, "enterprise", &quoted(1));
    case.fields.extend(common::fields(text));
    case
}

fn declared(text: &str) -> Record {
    let usual =
        r#"{"form":"alpha/1","row":"first","column":"filed","as_of":"2021-04-01","value":3,"source":"customs"}"#;
    let mut declared = record(95, "declared", usual);
    declared.fields.extend(common::fields(text));
    declared
}

#[track_caller]
fn expect(record: Record, wanted: &[&str]) {
    assert_eq!(Ledger::usual().codes(&record), wanted, "{}", Value::Map(record.fields.clone()).to_json());
}

#[test]
fn usual_records_pass() {
    expect(enterprise(), &[]);
    expect(inspection(), &[]);
    expect(product(r#"{"category":"mask","name":"口罩","medical":false}"#), &[]);
    expect(disposal("{}"), &[]);
    expect(case("{}"), &[]);
    expect(declared("{}"), &[]);
    expect(sample(96, "conforming"), &[]);
    expect(with(record(97, "attachment", &format!(r#"{{"sha256":"{}"}}"#, "a".repeat(64))), "of", &quoted(4)), &[]);
}

#[test]
fn unknown_things_are_refused() {
    expect(Record { kind: "spaceship".into(), ..enterprise() }, &["kind-unknown"]);
    expect(Record { kind: "submission".into(), ..enterprise() }, &["kind-reserved"]);
    expect(with(enterprise(), "colour", "\"red\""), &["field-unknown"]);
    expect(with(enterprise(), "roles", r#"["producer","wizard"]"#), &["code-unknown"]);
    expect(with(enterprise(), "scale", "\"huge\""), &["code-unknown"]);
    expect(with(enterprise(), "division", "\"999999\""), &["division-unknown"]);
    expect(with(enterprise(), "division", "\"640121\""), &[]);
    expect(Record { campaigns: vec!["alpha".into(), "nowhere".into()], ..enterprise() }, &["campaign-unknown"]);
    expect(Record { campaigns: vec!["a b".into()], ..enterprise() }, &["element-malformed"]);
    expect(declared(r#"{"form":"beta/9"}"#), &["form-unknown"]);
    expect(declared(r#"{"row":"second"}"#), &["cell-unknown"]);
    expect(with(enterprise(), "roles", r#"["pro/ducer"]"#), &["element-malformed"]);
}

#[test]
fn wrong_types_are_refused() {
    for (field, value) in [
        ("name", "5"),
        ("individual", "\"yes\""),
        ("roles", "\"producer\""),
        ("roles", "[5]"),
        ("established_on", "20210101"),
        ("same_as", "7"),
        ("uscc", "914403001922038216"),
    ] {
        expect(with(enterprise(), field, value), &["type-wrong"]);
    }
    expect(with(inspection(), "inspectors", "\"张三\""), &["type-wrong"]);
    expect(with(inspection(), "checklist", "[]"), &["type-wrong"]);
    expect(with(case("{}"), "value_fen", "\"100\""), &["type-wrong"]);
    expect(disposal(r#"{"flows":["宁夏"]}"#), &["type-wrong"]);
    expect(disposal(r#"{"flows":[{"destination":"宁夏","quantity":"5"}]}"#), &["type-wrong"]);
}

#[test]
fn impossible_dates_and_times_are_refused() {
    expect(with(enterprise(), "established_on", "\"2021-02-29\""), &["date-impossible"]);
    expect(with(inspection(), "date", "\"2021-13-01\""), &["date-impossible"]);
    for time in ["24:00", "9:30", "09:60", "0930", "+9:30", ""] {
        expect(with(inspection(), "started_at", &format!("\"{time}\"")), &["time-impossible"]);
    }
}

#[test]
fn texts_have_limits_and_no_control_characters() {
    expect(with(enterprise(), "name", &format!("\"{}\"", "宁".repeat(500))), &[]);
    expect(with(enterprise(), "name", &format!("\"{}\"", "宁".repeat(501))), &["text-too-long"]);
    expect(with(inspection(), "findings", &format!("\"{}\"", "x".repeat(10 << 20))), &["text-too-long"]);
    expect(with(inspection(), "findings", r#""一\n\t二""#), &[]);
    expect(with(enterprise(), "name", r#""一\n二""#), &["control-character"]);
    expect(with(inspection(), "findings", r#""一\u0000二""#), &["control-character"]);
    expect(with(inspection(), "findings", r#""一\u202e二""#), &["control-character"]);
    expect(with(inspection(), "inspectors", r#"["张\u0007三","李四"]"#), &["control-character"]);
    for fine in ["𬭩㐂化工厂", "<script>alert(1)</script>", "=HYPERLINK(0)", "ئۇيغۇر"] {
        expect(with(enterprise(), "name", &format!("\"{fine}\"")), &[]);
    }
}

#[test]
fn numbers_are_not_negative() {
    expect(with(sample(96, "pending"), "sampled_quantity", "-1"), &["number-negative"]);
    expect(case(r#"{"value_fen":-5}"#), &["number-negative"]);
    expect(declared(r#"{"value":-1}"#), &["number-negative"]);
    expect(declared(&format!(r#"{{"value":{MAX_NUMBER}}}"#)), &[]);
    expect(declared(&format!(r#"{{"value":{}}}"#, MAX_NUMBER + 1)), &["number-too-large"]);
    expect(disposal(r#"{"flows":[{"destination":"吴忠","quantity":-5}]}"#), &["number-negative"]);
}

#[test]
fn required_fields_are_asked_for() {
    for kind in [
        "enterprise",
        "product",
        "inspection",
        "problem",
        "sample",
        "disposal",
        "case",
        "clue",
        "recall",
        "assistance",
        "declared",
        "attachment",
        "review",
    ] {
        let schema = common::schema();
        let required = schema.kind(kind).unwrap().fields.iter().filter(|field| field.required).count();
        assert!(required > 0);
        let found = Ledger::usual().codes(&record(90, kind, "{}"));
        assert_eq!(found, vec!["required-missing"; required], "{kind}");
    }
    expect(with(enterprise(), "name", "\"  \""), &["required-missing"]);
    expect(with(enterprise(), "roles", "[]"), &["required-missing"]);
    expect(with(inspection(), "inspectors", "[]"), &["required-missing"]);
    expect(with(inspection(), "inspectors", r#"["张三"," "]"#), &["list-blank"]);
    expect(with(inspection(), "inspectors", r#"["张三"]"#), &["list-short?"]);
    expect(disposal(r#"{"flows":[{"quantity":5}]}"#), &["required-missing"]);
}

#[test]
fn fields_of_a_set_can_be_required_for_a_category() {
    expect(product(r#"{"category":"mask","name":"口罩"}"#), &["required-missing"]);
    expect(product(r#"{"category":"cloth","name":"熔喷布"}"#), &[]);
    expect(product(r#"{"category":"cloth","name":"熔喷布","daily":7}"#), &[]);
}

#[test]
fn a_result_needs_its_report() {
    let mut tested = sample(96, "conforming");
    tested.fields.remove("reported_on");
    expect(tested, &["required-missing"]);
}

#[test]
fn a_field_can_be_tied_to_a_line() {
    expect(case(r#"{"order_kind":"criminal"}"#), &["only-with"]);
    expect(case(r#"{"order_kind":"criminal","line":"order"}"#), &[]);
}

#[test]
fn references_must_lead_to_a_live_record_of_the_kind() {
    expect(with(inspection(), "enterprise", &quoted(77)), &["reference-missing"]);
    expect(with(inspection(), "enterprise", &quoted(2)), &["reference-kind"]);
    expect(with(inspection(), "enterprise", "\"甲厂\""), &["reference-malformed"]);
    expect(with(inspection(), "follow_up_of", &quoted(91)), &["reference-self"]);
    let voided =
        Record { void: Some("录错".into()), ..record(5, "enterprise", r#"{"name":"丙","roles":["seller"]}"#) };
    let ledger = Ledger::usual().with(voided);
    assert_eq!(ledger.codes(&with(inspection(), "enterprise", &quoted(5))), ["reference-voided"]);
    let talk = record(
        96,
        "assistance",
        &format!(r#"{{"date":"2021-04-01","mode":"talk","enterprises":["{}","{}"]}}"#, id(1), id(1)),
    );
    expect(talk, &["list-repeated"]);
}

#[test]
fn same_as_makes_no_ring() {
    let chained = |number, to: u32| with(Record { id: id(number), ..enterprise() }, "same_as", &quoted(to));
    let ledger = Ledger::usual().with(chained(11, 12)).with(chained(12, 90));
    assert_eq!(ledger.codes(&chained(90, 11)), ["same-as-ring"]);
    assert_eq!(ledger.codes(&chained(90, 1)), [""; 0]);
    assert_eq!(ledger.codes(&chained(90, 90)), ["same-as-self"]);
    let merged = Ledger::usual().with(chained(11, 12)).with(chained(12, 11));
    assert_eq!(merged.codes(&chained(90, 11)), [""; 0], "a ring elsewhere is a finding, not this record's fault");
    let phone = with(chained(11, 12), "phone", "\"0951\"");
    assert_eq!(codes(&merged.edit(&phone)), [""; 0], "and does not block other edits of its members");
}

#[test]
fn credit_codes_warn() {
    expect(with(enterprise(), "uscc", "\"914403001922038216\""), &[]);
    expect(with(enterprise(), "uscc", "\"91350211M0000XUF46\""), &["uscc-check-digit?"]);
    expect(with(enterprise(), "uscc", "\"9I44O3OOI922O382I6\""), &["uscc-characters?"]);
    expect(with(enterprise(), "uscc", "\"110108000000123\""), &[]);
    expect(with(enterprise(), "uscc", "\"12345\""), &["uscc-malformed"]);
}

#[test]
fn a_number_of_another_kind_is_called_what_it_is() {
    // Made up; the first also has the check digit of a credit code.
    for citizen in ["640121189912310596", "11010519491231002X", "640121600112345"] {
        expect(with(enterprise(), "uscc", &format!("\"{citizen}\"")), &["uscc-citizen?"]);
    }
    expect(with(enterprise(), "uscc", "\"13909510001\""), &["uscc-phone"]);
    expect(with(enterprise(), "uscc", "\"551385082\""), &["uscc-organisation"]);
}

#[test]
fn a_number_that_stands_already_names_where_it_stands() {
    let filed = |number: u32, text: &str| Record { id: id(number), ..case(text) };
    let first = filed(50, r#"{"number":"永市监罚〔2021〕5号","decision_no":"永市监决〔2021〕5号"}"#);
    let ledger = Ledger::usual().with(first.clone());
    let again = filed(51, r#"{"number":" 永市监罚 [２０２１] 5号"}"#);
    let issues = ledger.issues(&again);
    assert_eq!(codes(&issues), ["identifier-taken?"]);
    assert_eq!(issues[0].field.as_deref(), Some("number"));
    let arg = |name: &str| issues[0].notice.arg(name).map(str::to_owned);
    assert_eq!(arg("where_zh").unwrap(), "案件“甲厂 2021-03-15”");
    assert_eq!((arg("other").unwrap(), arg("other_kind").unwrap()), (id(50).to_string(), "case".to_owned()));
    let decided = filed(51, r#"{"number":"6","decision_no":"永市监决（2021）5号","penalty_on":"2021-03-20"}"#);
    assert_eq!(ledger.issues(&decided)[0].field.as_deref(), Some("decision_no"));
    // Another office numbers its own; a voided record holds no number; nobody stands in his own way.
    let elsewhere = Record { office: "640181".parse().unwrap(), ..again.clone() };
    assert_eq!(ledger.codes(&elsewhere), [""; 0]);
    let voided = Ledger::usual().with(Record { void: Some("重复".into()), ..first.clone() });
    assert_eq!(voided.codes(&again), [""; 0]);
    assert_eq!(codes(&ledger.edit(&with(first.clone(), "number", "\"永市监罚〔2021〕5号 \""))), [""; 0]);
    // A reason passes over it; what an edit leaves alone is not asked again.
    let mut reasoned = again.clone();
    reasoned.overrides.insert("identifier-taken".into(), "同案两个当事人".into());
    assert_eq!(ledger.codes(&reasoned), [""; 0]);
    let both = ledger.with(again.clone());
    assert_eq!(codes(&both.edit(&with(again.clone(), "cause", "\"价格\""))), [""; 0]);
    assert_eq!(codes(&both.edit(&with(again, "number", "\"永市监罚〔2021〕5 号\""))), ["identifier-taken?"]);
}

#[test]
fn sampling_numbers_and_credit_codes_stand_for_one_thing_everywhere() {
    let far = |record: Record| Record { id: id(60), office: "210200".parse().unwrap(), ..record };
    let sheet = with(sample(96, "pending"), "number", "\"s2\"");
    assert_eq!(Ledger::usual().codes(&far(sheet)), ["identifier-taken?"]);
    let coded = with(enterprise(), "uscc", "\"914403001922038216\"");
    let ledger = Ledger::usual().with(coded.clone());
    let other = far(with(coded.clone(), "name", "\"乙口罩厂\""));
    assert_eq!(ledger.codes(&other), ["identifier-taken?"]);
    assert_eq!(ledger.codes(&with(other.clone(), "same_as", &quoted(90))), [""; 0], "it is the same enterprise");
    let joined = Ledger::usual().with(with(coded, "same_as", &quoted(1)));
    assert_eq!(joined.codes(&with(other, "same_as", &quoted(1))), [""; 0], "both are the same as a third");
}

#[test]
fn what_is_counted_needs_the_day_it_is_counted_by() {
    let fine = r#"{"penalty_fen":500000,"decision_no":"1号"}"#;
    expect(case(fine), &["counted-day-missing?"]);
    let issues = Ledger::usual().issues(&case(fine));
    assert_eq!((issues[0].field.as_deref(), issues[0].notice.arg("other_zh")), (Some("penalty_on"), Some("罚没金额")));
    expect(case(r#"{"penalty_fen":500000,"decision_no":"1号","penalty_on":"2021-03-16"}"#), &[]);
    // Nothing sums it outside the campaigns that do.
    let elsewhere = Record { campaigns: vec![], ..case(fine) };
    assert_eq!(Ledger::usual().codes(&elsewhere), ["field-asked-beside?", "campaigns-missing?"]);
    // An edit of something else is not asked again.
    let standing = Ledger::usual().with(case(fine));
    assert_eq!(codes(&standing.edit(&with(case(fine), "cause", "\"价格\""))), [""; 0]);
}

#[test]
fn a_penalty_has_a_number_and_a_day() {
    expect(case(r#"{"penalty_on":"2021-03-16"}"#), &["field-asked-beside?"]);
    expect(case(r#"{"penalty_on":"2021-03-16","penalty_fen":0}"#), &["field-asked-beside?"]);
    expect(case(r#"{"decision_no":"1号"}"#), &["field-asked-beside?"]);
    expect(case(r#"{"penalty_kinds":["fine"]}"#), &["field-asked-beside?"]);
    expect(case(r#"{"decision_no":"1号","penalty_kinds":["warning"],"penalty_on":"2021-03-16"}"#), &[]);
}

#[test]
fn a_nonconforming_result_says_what_how_much_and_where_it_went() {
    for field in ["failed_items", "nonconforming_quantity", "entered_market"] {
        let mut bare = sample(96, "nonconforming");
        bare.fields.remove(field);
        let issues = Ledger::usual().issues(&bare);
        assert_eq!(codes(&issues), ["field-asked?"], "{field}");
        assert_eq!(issues[0].field.as_deref(), Some(field));
        bare.fields.insert("result".into(), "conforming".into());
        expect(bare, &[]);
    }
    let batch = |text: &str| {
        let mut sample = sample(96, "nonconforming");
        sample.fields.extend(common::fields(text));
        sample
    };
    expect(batch(r#"{"batch_quantity":1000,"sampled_quantity":1000}"#), &[]);
    expect(batch(r#"{"batch_quantity":1000,"sampled_quantity":1001}"#), &["part-exceeds-whole?"]);
    expect(batch(r#"{"batch_quantity":999,"sampled_quantity":10}"#), &["part-exceeds-whole?"]);
    expect(batch(r#"{"sampled_quantity":1001}"#), &[]);
}

#[test]
fn a_day_that_is_counted_lies_where_it_can_be() {
    let filed = |day: &str| case(&format!(r#"{{"filed_on":"{day}"}}"#));
    expect(filed("2021-03-01"), &[]);
    expect(filed("2021-02-28"), &["day-before-campaign?"]);
    // The last day, 2021-05-31, ends nothing; a year after the first is a slip.
    expect(filed("2021-12-31"), &[]);
    expect(filed("2022-02-28"), &[]);
    expect(filed("2022-03-01"), &["day-long-after-campaign?"]);
    // Today is 2023-05-27.
    expect(filed("2023-05-28"), &["day-after-today?"]);
    expect(filed("2031-04-01"), &["day-after-today?"]);
    expect(with(inspection(), "date", "\"2023-05-28\""), &["day-after-today?"]);
    let penalised = r#"{"decision_no":"1号","penalty_on":"2023-05-28"}"#;
    let issues = Ledger::usual().issues(&case(penalised));
    assert_eq!((codes(&issues), issues[0].field.as_deref()), (vec!["day-after-today?".to_owned()], Some("penalty_on")));
    // No figure counts by when a product was made, nor an inspection by its day here.
    expect(with(inspection(), "date", "\"2020-01-01\""), &[]);
    let standing = Ledger::usual().with(filed("2031-04-01"));
    assert_eq!(codes(&standing.edit(&with(filed("2031-04-01"), "cause", "\"价格\""))), [""; 0]);
    let joined = Record { campaigns: vec!["alpha".into(), "beta".into()], ..filed("2021-02-01") };
    let outside = Ledger::usual().with(Record { campaigns: vec![], ..joined.clone() });
    assert_eq!(codes(&outside.edit(&joined)), ["day-before-campaign?"], "joining a campaign asks again");
}

#[test]
fn a_cumulative_figure_does_not_fall() {
    let told = |number: u32, day: &str, value: i64| Record {
        id: id(number),
        ..declared(&format!(r#"{{"as_of":"{day}","value":{value}}}"#))
    };
    let ledger = Ledger::usual().with(told(70, "2021-04-01", 5)).with(told(72, "2021-04-15", 9));
    for (value, wanted) in [(5, vec![]), (9, vec![]), (4, vec!["declared-falls?"]), (10, vec!["declared-falls?"])] {
        assert_eq!(ledger.codes(&told(71, "2021-04-08", value)), wanted, "{value}");
    }
    let issues = ledger.issues(&told(71, "2021-04-22", 8));
    let arg = |name: &str| issues[0].notice.arg(name).unwrap().to_owned();
    assert_eq!(
        (arg("day"), arg("before"), arg("then"), arg("after")),
        ("2021-04-15".into(), "9".into(), "2021-04-22".into(), "8".into())
    );
    assert_eq!((issues[0].field.as_deref(), arg("other")), (Some("value"), id(72).to_string()));
    // One day corrected, another source, another office.
    assert_eq!(ledger.codes(&told(71, "2021-04-15", 8)), [""; 0]);
    assert_eq!(ledger.codes(&with(told(71, "2021-04-22", 8), "source", "\"market\"")), [""; 0]);
    assert_eq!(ledger.codes(&Record { office: "640181".parse().unwrap(), ..told(71, "2021-04-22", 8) }), [""; 0]);
    assert_eq!(codes(&ledger.edit(&told(72, "2021-04-15", 4))), ["declared-falls?"]);
}

#[test]
fn a_figure_is_not_declared_beside_records_of_its_own_source() {
    let ledger = Ledger::usual().with(case("{}"));
    let told = |source: &str| declared(&format!(r#"{{"source":"{source}"}}"#));
    assert_eq!(ledger.codes(&told("customs")), [""; 0]);
    let issues = ledger.issues(&told("market"));
    assert_eq!(codes(&issues), ["declared-beside-records?"]);
    assert_eq!(issues[0].notice.arg("where_zh"), Some("案件“甲厂 2021-03-15”"));
    assert_eq!(issues[0].notice.arg("other"), Some(id(94).to_string().as_str()));
    assert_eq!(ledger.codes(&with(told("market"), "as_of", "\"2021-03-14\"")), [""; 0], "not counted by that day");
    assert_eq!(Ledger::usual().codes(&told("market")), [""; 0]);
}

#[test]
fn a_list_holds_each_once_whatever_the_blanks() {
    let tidied = |record: &Record| {
        let mut fields = record.fields.clone();
        tidy(common::schema().kind(&record.kind).unwrap(), &mut fields);
        Record { fields, ..record.clone() }
    };
    let named = with(inspection(), "inspectors", r#"["张三","张三","张 三","张　三"]"#);
    assert_eq!(tidied(&named).get("inspectors"), &json(r#"["张三"]"#));
    expect(tidied(&named), &["list-short?"]);
    // What another book holds is counted the same.
    expect(named, &["list-short?"]);
    let two = tidied(&with(inspection(), "inspectors", r#"["张 三"," 李四 ","张三"]"#));
    assert_eq!(two.get("inspectors"), &json(r#"["张 三","李四"]"#), "the spelling that came first");
    expect(two, &[]);
    let items = tidied(&with(sample(96, "nonconforming"), "failed_items", r#"["过滤效率","过滤效率 ","通气阻力"]"#));
    assert_eq!(items.get("failed_items"), &json(r#"["过滤效率","通气阻力"]"#));
    let blank = tidied(&with(inspection(), "inspectors", r#"["张三"," ","李四"]"#));
    expect(blank, &["list-blank"]);
}

#[test]
fn a_warning_is_passed_over_with_a_reason() {
    let mut alone = with(inspection(), "inspectors", r#"["张三"]"#);
    alone.overrides.insert("list-short".into(), " ".into());
    expect(alone.clone(), &["override-reason-missing", "list-short?"]);
    alone.overrides.insert("list-short".into(), "应急处置，另一名执法人员途中".into());
    expect(alone.clone(), &[]);
    alone.overrides.insert("required-missing".into(), "忘了".into());
    expect(with(alone, "line", "null"), &["required-missing"]);
}

#[test]
fn no_step_of_a_case_before_it_is_filed() {
    for step in ["penalty_on", "closed_on", "transferred_on", "published_on", "credit_listed_on"] {
        let number = if step == "penalty_on" { r#","decision_no":"1号""# } else { "" };
        expect(case(&format!(r#"{{"{step}":"2021-03-14"{number}}}"#)), &["order-impossible"]);
        expect(case(&format!(r#"{{"{step}":"2021-03-15"{number}}}"#)), &[]);
    }
}

#[test]
fn the_steps_of_a_disposal_have_an_order() {
    for step in ["stop_sale_on", "rectify_ordered_on", "reinspected_on", "transferred_on"] {
        expect(disposal(&format!(r#"{{"{step}":"2021-03-09"}}"#)), &["order-impossible"]);
        expect(disposal(&format!(r#"{{"{step}":"2021-03-10"}}"#)), &[]);
    }
    for step in ["sealed", "detained"] {
        expect(disposal(&format!(r#"{{"{step}_on":"2021-03-09","{step}_quantity":5}}"#)), &["order-impossible"]);
        let destroyed = r#""destroyed_on":"2021-03-11","destroyed_quantity":5"#;
        expect(
            disposal(&format!(r#"{{"{step}_on":"2021-03-12","{step}_quantity":5,{destroyed}}}"#)),
            &["order-impossible"],
        );
        expect(disposal(&format!(r#"{{"{step}_on":"2021-03-11","{step}_quantity":5,{destroyed}}}"#)), &[]);
    }
    expect(
        disposal(
            r#"{"recalled_on":"2021-03-12","recalled_quantity":5,"destroyed_on":"2021-03-11","destroyed_quantity":5,"flows":[{"destination":"吴忠","quantity":5}]}"#,
        ),
        &["order-impossible"],
    );
    expect(disposal(r#"{"rectify_ordered_on":"2021-03-12","reinspected_on":"2021-03-11"}"#), &["order-impossible"]);
    expect(
        disposal(r#"{"reinspected_on":"2021-03-12","reinspection":"pass","resumed_on":"2021-03-11"}"#),
        &["order-impossible"],
    );
    expect(disposal(r#"{"flows":[{"destination":"吴忠","notified_on":"2021-03-09"}]}"#), &["order-impossible"]);
}

#[test]
fn resuming_needs_a_passed_reinspection() {
    expect(disposal(r#"{"resumed_on":"2021-03-12"}"#), &["resumed-without-reinspection"]);
    expect(
        disposal(r#"{"resumed_on":"2021-03-12","reinspected_on":"2021-03-12","reinspection":"fail"}"#),
        &["resumed-without-reinspection"],
    );
    expect(disposal(r#"{"resumed_on":"2021-03-12","reinspected_on":"2021-03-12","reinspection":"pass"}"#), &[]);
}

#[test]
fn a_quantity_and_its_day_go_together() {
    expect(disposal(r#"{"sealed_quantity":5}"#), &["with-missing"]);
    expect(disposal(r#"{"sealed_on":"2021-03-12"}"#), &["with-missing"]);
    expect(disposal(r#"{"reinspection":"pass"}"#), &["with-missing"]);
}

#[test]
fn quantities_are_balanced() {
    let day = r#""sealed_on":"2021-03-12","detained_on":"2021-03-12""#;
    let flows = r#""flows":[{"destination":"吴忠","quantity":300}]"#;
    expect(disposal(&format!(r#"{{"sealed_quantity":400,"detained_quantity":300,{day},{flows}}}"#)), &[]);
    expect(
        disposal(&format!(r#"{{"sealed_quantity":401,"detained_quantity":300,{day},{flows}}}"#)),
        &["disposal-exceeds-batch?"],
    );
    let recalled = |quantity: u32| format!(r#""recalled_on":"2021-03-13","recalled_quantity":{quantity}"#);
    expect(disposal(&format!("{{{flows},{}}}", recalled(300))), &[]);
    expect(disposal(&format!("{{{flows},{}}}", recalled(301))), &["recalled-exceeds-flows?"]);
    expect(disposal(&format!("{{{}}}", recalled(1))), &["recalled-exceeds-flows?"]);
    expect(disposal(&format!(r#"{{"flows":[{{"destination":"吴忠"}}],{}}}"#, recalled(1))), &[]);
    let destroyed = |quantity: u32| format!(r#""destroyed_on":"2021-03-14","destroyed_quantity":{quantity}"#);
    expect(disposal(&format!("{{{flows},{},{}}}", recalled(300), destroyed(300))), &[]);
    expect(disposal(&format!("{{{flows},{},{}}}", recalled(300), destroyed(301))), &["destroyed-exceeds-held?"]);
}

#[test]
fn a_division_outside_the_offices_area_is_asked_about_where_firms_are_at_home() {
    expect(with(enterprise(), "division", "\"130730\""), &["division-outside?"]);
    let passed = with(enterprise(), "division", "\"130730\"");
    let reason = [("division-outside".to_owned(), "迁出".to_owned())].into();
    expect(Record { overrides: reason, ..passed }, &[]);
    let flows = r#"{"flows":[{"destination":"怀来","division":"130730"}]}"#;
    expect(disposal(flows), &[]);
    let holds = |office: &str, division: &str| office.parse::<domain::OfficeCode>().unwrap().area_holds(division);
    for (office, inside) in
        [("640121", false), ("640121-01", false), ("640100", true), ("640000", true), ("000000", true)]
    {
        assert_eq!(holds(office, "640122"), inside, "{office}");
        assert!(holds(office, "640121"), "{office}");
    }
}

#[test]
fn one_disposal_for_a_nonconforming_sample() {
    expect(with(disposal("{}"), "sample", &quoted(3)), &["sample-not-nonconforming"]);
    let first = Record { id: id(50), ..disposal("{}") };
    let ledger = Ledger::usual().with(first.clone());
    assert_eq!(ledger.codes(&disposal("{}")), ["disposal-second"]);
    assert_eq!(
        codes(&ledger.edit(&with(first.clone(), "measures", "\"约谈\""))),
        [""; 0],
        "not a second one to itself"
    );
    let ledger = Ledger::usual().with(Record { void: Some("录错".into()), ..first.clone() });
    assert_eq!(ledger.codes(&disposal("{}")), [""; 0]);
    let ledger = ledger.with(Record { id: id(51), ..disposal("{}") });
    assert_eq!(codes(&ledger.edit(&first)), ["disposal-second"], "restoring it would make two");
}

#[test]
fn an_enterprise_with_records_of_its_own_cannot_be_voided() {
    let mut ledger = Ledger::usual();
    let voided = Record { void: Some("重复登记".into()), ..ledger.records[&id(1)].clone() };
    let issues = ledger.edit(&voided);
    assert_eq!(codes(&issues), ["enterprise-in-use"]);
    assert_eq!(issues[0].notice.arg("count"), Some("3"));
    for number in 2..=4 {
        ledger.records.get_mut(&id(number)).unwrap().void = Some("录错".into());
    }
    assert_eq!(codes(&ledger.edit(&voided)), [""; 0]);
    let ledger = ledger.with(with(Record { id: id(8), ..enterprise() }, "same_as", &quoted(1)));
    assert_eq!(codes(&ledger.edit(&voided)), [""; 0], "another enterprise is not a record of its own");
    let talk = format!(r#"{{"date":"2021-04-01","mode":"talk","enterprises":["{}"]}}"#, id(1));
    let ledger = ledger.with(record(9, "assistance", &talk));
    assert_eq!(codes(&ledger.edit(&voided)), ["enterprise-in-use"]);
}

#[test]
fn voiding_needs_a_reason_and_nothing_else() {
    expect(Record { void: Some(" ".into()), ..inspection() }, &["void-reason-missing"]);
    let mut broken = Ledger::usual();
    broken.records.get_mut(&id(4)).unwrap().fields = Fields::from([("colour".into(), "red".into())]);
    let voided = Record { void: Some("录错".into()), ..broken.records[&id(4)].clone() };
    assert_eq!(codes(&broken.edit(&voided)), [""; 0]);
}

#[test]
fn kind_and_office_never_change() {
    let ledger = Ledger::usual();
    let before = ledger.records[&id(1)].clone();
    assert_eq!(
        codes(&ledger.edit(&Record { office: "640122".parse().unwrap(), ..before.clone() })),
        ["office-changed"]
    );
    let other = Record { id: id(1), ..inspection() };
    assert!(codes(&ledger.edit(&other)).contains(&"kind-changed".to_owned()));
}

#[test]
fn declared_figures_keep_to_their_form() {
    expect(declared(r#"{"as_of":"2021-02-28"}"#), &["declared-too-early"]);
    expect(declared(r#"{"as_of":"2021-03-01"}"#), &[]);
    expect(declared(r#"{"row":"sum"}"#), &["declared-refused"]);
    expect(declared(r#"{"column":"share"}"#), &["declared-refused"]);
}

#[test]
fn a_category_outside_the_campaigns_warns() {
    expect(with(inspection(), "categories", r#"["mask","lamp"]"#), &["category-outside?"]);
    let both = Record { campaigns: vec!["alpha".into(), "beta".into()], ..inspection() };
    expect(with(both, "categories", r#"["mask","lamp"]"#), &[]);
    let follows = Record { campaigns: vec!["beta".into()], ..product(r#"{"category":"lamp","name":"灯"}"#) };
    expect(follows, &["category-outside?"]);
    expect(with(Record { campaigns: vec![], ..inspection() }, "categories", r#"["lamp"]"#), &["campaigns-missing?"]);
}

#[test]
fn hours_that_look_wrong_warn() {
    let hours = |from: &str, to: &str| {
        with(with(inspection(), "started_at", &format!("\"{from}\"")), "ended_at", &format!("\"{to}\""))
    };
    expect(hours("09:00", "11:30"), &[]);
    expect(hours("22:00", "01:30"), &["times-reversed?"]);
    expect(hours("08:00", "20:01"), &["inspection-long?"]);
    expect(with(sample(96, "conforming"), "reported_on", "\"2021-03-09\""), &["order-unusual?"]);
}

#[test]
fn checklists_are_answered_by_item() {
    expect(
        with(inspection(), "checklist", r#"{"c1":{"result":"pass"},"c2":{"result":"fail","note":"无合格证"}}"#),
        &[],
    );
    expect(with(inspection(), "checklist", r#"{"c1":{"result":"maybe"}}"#), &["code-unknown"]);
    expect(with(inspection(), "checklist", r#"{"c1":{"note":"?"}}"#), &["answer-missing"]);
    expect(with(inspection(), "checklist", r#"{"c1":"pass"}"#), &["type-wrong"]);
    expect(with(inspection(), "checklist", r#"{"c 1":{"result":"pass"}}"#), &["element-malformed"]);
    expect(with(inspection(), "checklist", r#"{"c1":{"result":"pass","mood":"good"}}"#), &["member-unknown"]);
}

#[test]
fn what_another_book_brought_does_not_block_an_edit() {
    let mut ledger = Ledger::usual();
    let stored = ledger.records.get_mut(&id(1)).unwrap();
    stored.fields.extend(common::fields(r#"{"colour":"red","scale":"huge","roles":["producer","wizard"],"same_as":"00000000-0000-4000-8000-0000000000ff"}"#));
    stored.campaigns.push("newer".into());
    stored.fields.remove("name");
    let edited = with(stored.clone(), "phone", "\"0951\"");
    assert_eq!(codes(&ledger.edit(&edited)), [""; 0]);
    assert_eq!(codes(&ledger.edit(&with(edited, "roles", r#"["producer","wizard","witch"]"#))), ["code-unknown"]);
}

#[test]
fn an_edit_may_not_leave_what_it_touches_incomplete() {
    let ledger = Ledger::usual();
    let stored = ledger.records[&id(2)].clone();
    assert_eq!(codes(&ledger.edit(&with(stored.clone(), "number", "null"))), ["required-missing"]);
    assert_eq!(codes(&ledger.edit(&with(stored.clone(), "reported_on", "null"))), ["required-missing"]);
    let pending = ledger.records[&id(3)].clone();
    assert_eq!(codes(&ledger.edit(&with(pending, "result", "\"conforming\""))), ["required-missing"]);
    let cloth = product(r#"{"category":"cloth","name":"布"}"#);
    let ledger = ledger.with(cloth.clone()).with(disposal(r#"{"sealed_on":"2021-03-12","sealed_quantity":5}"#));
    assert_eq!(codes(&ledger.edit(&with(cloth, "category", "\"mask\""))), ["required-missing"]);
    assert_eq!(codes(&ledger.edit(&disposal(r#"{"sealed_on":"2021-03-12"}"#))), ["with-missing"]);
}

#[test]
fn issues_point_at_the_field_in_both_languages() {
    let issues =
        Ledger::usual().issues(&disposal(r#"{"flows":[{"destination":"吴忠"},{"destination":"中卫","quantity":-1}]}"#));
    assert_eq!(issues[0].field.as_deref(), Some("flows[2].quantity"));
    assert_eq!(issues[0].notice.arg("zh"), Some("数量"));
    assert_eq!(issues[0].notice.arg("en"), Some("Quantity"));
    let long = Ledger::usual().issues(&with(enterprise(), "scale", &format!("\"{}\"", "x".repeat(1 << 20))));
    assert!(long[0].notice.to_string().len() < 500, "a message does not repeat a megabyte");
}

#[test]
fn values_are_tidied() {
    let schema = common::schema();
    let mut given = common::fields(
        r#"{"name":" 甲厂 ","uscc":"９１４４０３００１９２２０３８２１６ ","roles":["producer"],"phone":5}"#,
    );
    tidy(schema.kind("enterprise").unwrap(), &mut given);
    assert_eq!(
        Value::Map(given).to_json(),
        r#"{"name":"甲厂","phone":5,"roles":["producer"],"uscc":"914403001922038216"}"#
    );
    let mut given = common::fields(r#"{"findings":"一\r\n二\n","inspectors":[" 张三"]}"#);
    tidy(schema.kind("inspection").unwrap(), &mut given);
    assert_eq!(Value::Map(given).to_json(), r#"{"findings":"一\n二","inspectors":["张三"]}"#);
}

#[test]
fn what_is_counted_asks_for_a_campaign_and_what_follows_or_stands_apart_does_not() {
    let nowhere = |record: Record| Record { campaigns: Vec::new(), ..record };
    expect(nowhere(inspection()), &["campaigns-missing?"]);
    expect(nowhere(declared("{}")), &["campaigns-missing?"]);
    expect(nowhere(enterprise()), &[]);
    expect(nowhere(disposal("{}")), &[]);
    let mut reasoned = nowhere(inspection());
    reasoned.overrides.insert("campaigns-missing".to_owned(), "日常监管".to_owned());
    expect(reasoned, &[]);
    // What an edit does not touch is not held against it.
    let before = nowhere(inspection());
    let after = with(before.clone(), "place", "\"车间\"");
    let ledger = Ledger::usual();
    assert_eq!(domain::validate::validate(&common::schema(), &after, Some(&before), &ledger), []);
}
