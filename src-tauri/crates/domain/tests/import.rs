//! What an import refuses of another book's slots: a wrong type in a known core field, and nothing else.

extern crate sweepbook_domain as domain;

mod common;

use common::{fields, id, schema};
use domain::validate::type_check;

fn refused(kind: &str, slots: &str) -> Option<String> {
    type_check(&schema(), kind, &fields(slots))
        .err()
        .inspect(|notice| drop(common::words(notice)))
        .map(|notice| notice.code)
}

#[test]
fn what_newer_books_know_passes() {
    for (kind, slots) in [
        ("spaceship", r#"{"name":5,"x/y":{}}"#),
        ("enterprise", r#"{"colour":{"deep":[1]},"colour/red":true}"#),
        ("enterprise", r#"{"scale":"gigantic","roles/wizard":true,"campaigns/newer-1":true,"division":"000001"}"#),
        ("enterprise", r#"{"name":"","established_on":null,"roles":null,"roles/seller":null,"roles/producer":false}"#),
        ("product", r#"{"medical":"a newer book may ask for more than yes or no"}"#),
        ("inspection", r#"{"checklist/c1":{"result":"partly","note":null,"mood":3},"checklist/c2":null}"#),
        ("case", r#"{"penalty_fen":-5}"#),
        ("disposal", r#"{"flows":[{"destination":"吴忠","quantity":5,"colour":[]}]}"#),
        ("enterprise", r#"{"void":"重复","overrides/uscc-check-digit":"证照如此"}"#),
    ] {
        assert_eq!(refused(kind, slots), None, "{slots}");
    }
    assert_eq!(refused("inspection", &format!(r#"{{"enterprise":"{}"}}"#, id(404))), None, "a reference to nothing");
}

#[test]
fn wrong_types_in_core_fields_are_refused() {
    for (kind, slots) in [
        ("enterprise", r#"{"name":5}"#),
        ("enterprise", r#"{"name/x":true}"#),
        ("enterprise", r#"{"roles":["producer"]}"#),
        ("enterprise", r#"{"roles/producer":"yes"}"#),
        ("enterprise", r#"{"exports":1}"#),
        ("inspection", r#"{"inspectors":["张三",5]}"#),
        ("inspection", r#"{"checklist/c1":"pass"}"#),
        ("inspection", r#"{"checklist/c1":{"result":true}}"#),
        ("inspection", r#"{"checklist":{"c1":{"result":"pass"}}}"#),
        ("case", r#"{"penalty_fen":"100"}"#),
        ("disposal", r#"{"flows":[{"quantity":"5"}]}"#),
        ("disposal", r#"{"flows":{"quantity":5}}"#),
        ("assistance", r#"{"enterprises":["甲厂"]}"#),
    ] {
        assert_eq!(refused(kind, slots).as_deref(), Some("type-wrong"), "{slots}");
    }
    for (kind, slots, code) in [
        ("enterprise", r#"{"roles/a b":true}"#, "element-malformed"),
        ("enterprise", r#"{"roles/":true}"#, "element-malformed"),
        ("enterprise", r#"{"established_on":"2021-02-30"}"#, "date-impossible"),
        ("enterprise", r#"{"same_as":"0190A6E4-0000-7000-8000-000000000001"}"#, "reference-malformed"),
        ("inspection", r#"{"started_at":"25:00"}"#, "time-impossible"),
        ("attachment", r#"{"sha256":"ABC"}"#, "sha256-malformed"),
    ] {
        assert_eq!(refused(kind, slots).as_deref(), Some(code), "{slots}");
    }
    for slots in [
        r#"{"void":true}"#,
        r#"{"campaigns":["alpha"]}"#,
        r#"{"campaigns/a b":true}"#,
        r#"{"campaigns/alpha":"yes"}"#,
        r#"{"overrides":{}}"#,
        r#"{"overrides/x":5}"#,
        r#"{"void/x":"y"}"#,
    ] {
        assert_eq!(refused("enterprise", slots).as_deref(), Some("slot-malformed"), "{slots}");
    }
}
