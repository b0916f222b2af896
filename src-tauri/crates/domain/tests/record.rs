//! From what a person gives to the slots that change, and back.

extern crate sweepbook_domain as domain;

mod common;

use common::{OFFICE, fields, id, schema};
use domain::record::changed_slots;
use domain::validate::type_check;
use domain::{Fields, Record, Value};
use proptest::prelude::*;

fn changed(kind: &str, before: &str, given: &str) -> String {
    let schema = schema();
    let changed = changed_slots(schema.kind(kind).unwrap(), &fields(before), &fields(given));
    let code = |notice| {
        common::words(&notice);
        notice.code
    };
    changed.map_or_else(code, |slots| Value::Map(slots).to_json())
}

#[test]
fn only_what_differs_is_set() {
    let before = r#"{"name":"甲厂","phone":"0951","individual":false}"#;
    assert_eq!(changed("enterprise", before, r#"{"name":"甲厂","phone":"0952"}"#), r#"{"phone":"0952"}"#);
    assert_eq!(changed("enterprise", before, r#"{"phone":null}"#), r#"{"phone":null}"#);
    assert_eq!(changed("enterprise", before, r#"{"address":null}"#), "{}");
    assert_eq!(changed("enterprise", before, r#"{"individual":false}"#), "{}");
    assert_eq!(
        changed("enterprise", "{}", r#"{"individual":false}"#),
        r#"{"individual":false}"#,
        "no is an answer, blank is none"
    );
    assert_eq!(
        changed("enterprise", before, r#"{"individual":null}"#),
        r#"{"individual":null}"#,
        "and can be taken back"
    );
}

#[test]
fn sets_are_taken_apart() {
    let before = r#"{"roles/producer":true,"roles/seller":false}"#;
    assert_eq!(changed("enterprise", before, r#"{"roles":["producer"]}"#), "{}");
    assert_eq!(
        changed("enterprise", before, r#"{"roles":["seller"]}"#),
        r#"{"roles/producer":false,"roles/seller":true}"#
    );
    assert_eq!(changed("enterprise", before, r#"{"roles":null}"#), r#"{"roles/producer":false}"#);
    assert_eq!(changed("enterprise", before, r#"{"roles":[]}"#), r#"{"roles/producer":false}"#);
    assert_eq!(changed("enterprise", before, r#"{"phone":"1"}"#), r#"{"phone":"1"}"#, "an absent field is left alone");
    assert_eq!(changed("enterprise", before, r#"{"roles":"producer"}"#), "type-wrong");
    assert_eq!(changed("enterprise", before, r#"{"roles":[1]}"#), "type-wrong");
    assert_eq!(changed("enterprise", "{}", r#"{"campaigns":["b","a"]}"#), r#"{"campaigns/a":true,"campaigns/b":true}"#);
}

#[test]
fn checklist_and_overrides_are_taken_apart() {
    let before = r#"{"checklist/c1":{"result":"pass"},"checklist/c2":{"result":"na"},"overrides/list-short":"应急"}"#;
    assert_eq!(
        changed("inspection", before, r#"{"checklist":{"c1":{"result":"fail"},"c3":{"result":"pass"}}}"#),
        r#"{"checklist/c1":{"result":"fail"},"checklist/c2":null,"checklist/c3":{"result":"pass"}}"#
    );
    assert_eq!(changed("inspection", before, r#"{"overrides":{}}"#), r#"{"overrides/list-short":null}"#);
    assert_eq!(
        changed("inspection", before, r#"{"overrides":{"list-short":"应急"},"void":"录错"}"#),
        r#"{"void":"录错"}"#
    );
    assert_eq!(changed("inspection", before, r#"{"overrides":["list-short"]}"#), "type-wrong");
}

#[test]
fn slots_of_no_field_are_never_written() {
    assert_eq!(changed("enterprise", "{}", r#"{"name/x":true}"#), "field-unknown");
    assert_eq!(changed("enterprise", "{}", r#"{"roles/producer":true}"#), "field-unknown");
}

#[test]
fn a_newer_books_field_is_unchanged_when_given_back_as_shown() {
    let before = r#"{"tags/b":true,"tags/a":true,"notes/x":{"n":1},"colour":"red"}"#;
    assert_eq!(changed("enterprise", before, r#"{"tags":["a","b"],"notes":{"x":{"n":1}},"colour":"red"}"#), "{}");
}

#[test]
fn a_record_is_put_together_from_slots() {
    let slots = fields(
        r#"{"void":"录错","campaigns/b":true,"campaigns/a":true,"campaigns/c":false,"overrides/list-short":"应急",
            "overrides/times-reversed":null,"line":"quality","also_lines/order":true,"date":"2021-03-12","place":null}"#,
    );
    let record = Record::from_slots(id(1), "inspection", &OFFICE.parse().unwrap(), &slots);
    assert_eq!(record.void.as_deref(), Some("录错"));
    assert_eq!(record.campaigns, ["a", "b"]);
    assert_eq!(record.overrides.len(), 1);
    assert_eq!(
        Value::Map(record.fields.clone()).to_json(),
        r#"{"also_lines":["order"],"date":"2021-03-12","line":"quality"}"#
    );
    assert!(record.has("also_lines", "order"));
    assert_eq!(record.date("date"), Some(common::day("2021-03-12")));
    assert_eq!(record.bool("place"), None);
}

fn some_fields() -> impl Strategy<Value = Fields> {
    let flag = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool)];
    let text = prop_oneof![Just(Value::Null), "[甲乙丙]{1,3}".prop_map(Value::Text)];
    let set = prop::collection::btree_set("[a-d]", 0..4).prop_map(|codes| {
        if codes.is_empty() { Value::Null } else { Value::List(codes.into_iter().map(Value::Text).collect()) }
    });
    let answer = "[xyz]".prop_map(|code| Value::Map(Fields::from([("result".to_owned(), Value::Text(code))])));
    let checklist = prop::collection::btree_map("[a-d]", answer, 0..4)
        .prop_map(|answers| if answers.is_empty() { Value::Null } else { Value::Map(answers) });
    (flag, text, set, checklist).prop_map(|(flag, text, set, checklist)| {
        Fields::from([
            ("witness".to_owned(), text.clone()),
            ("place".to_owned(), text),
            ("campaigns".to_owned(), set.clone()),
            ("categories".to_owned(), set),
            ("checklist".to_owned(), checklist),
            ("unlisted".to_owned(), flag),
        ])
    })
}

proptest! {
    /// Whatever stood before, writing the changed slots shows exactly what was given, and doing it again changes nothing.
    #[test]
    fn what_is_given_is_what_is_shown(first in some_fields(), second in some_fields()) {
        let schema = schema();
        let kind = schema.kind("inspection").unwrap();
        let mut slots = Fields::new();
        for given in [&first, &second] {
            let changed = changed_slots(kind, &slots, given).unwrap();
            prop_assert!(type_check(&schema, "inspection", &changed).is_ok());
            slots.extend(changed);
            let shown = domain::revision::assemble(&slots);
            for (name, value) in given {
                prop_assert_eq!(shown.get(name).unwrap_or(&Value::Null), value, "{}", name);
            }
            prop_assert!(changed_slots(kind, &slots, given).unwrap().is_empty());
        }
    }
}
