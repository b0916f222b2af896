//! What comes after a record, as the core schema says it.

extern crate sweepbook_domain as domain;

mod common;

use common::{INSPECTION, fields, id, json, record, schema};
use domain::schema::FollowUp;
use domain::{Record, Schema, Value};

fn follow_ups<'a>(schema: &'a Schema, record: &Record) -> Vec<&'a FollowUp> {
    let kind = schema.kind(&record.kind).unwrap();
    kind.follow_ups.iter().filter(|follow_up| follow_up.offered(record)).collect()
}

fn visit(more: &str) -> Record {
    let mut visit = record(4, "inspection", INSPECTION);
    visit.fields.extend(fields(more));
    visit
}

#[test]
fn nothing_comes_after_a_visit_without_findings() {
    assert!(follow_ups(&schema(), &visit(r#"{"outcome":"normal","checklist":{"a":{"result":"pass"}}}"#)).is_empty());
}

#[test]
fn each_failed_item_is_offered_with_its_note() {
    let visit = visit(
        r#"{"outcome":"normal","checklist":{"a":{"result":"fail","note":"缺"},"b":{"result":"pass"},"c":{"result":"fail"}}}"#,
    );
    let schema = schema();
    let offered = follow_ups(&schema, &visit);
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].items(&visit).collect::<Vec<_>>(), [("a", "缺"), ("c", "")]);
    assert_eq!(offered[0].words.as_deref(), Some("description"));
}

#[test]
fn values_fit_the_field_they_go_to() {
    let schema = schema();
    let case = |categories: &str| {
        let mut visit = visit(r#"{"outcome":"case"}"#);
        visit.fields.insert("categories".to_owned(), json(categories));
        follow_ups(&schema, &visit)[0].preset(&schema, &visit)
    };
    assert_eq!(case(r#"["mask"]"#)["category"], Value::text("mask"));
    assert_eq!(case(r#"["mask","cloth"]"#).get("category"), None, "which of two is for a person to say");
    let visit = visit(r#"{"outcome":"rectify"}"#);
    let again = follow_ups(&schema, &visit).into_iter().find(|follow_up| follow_up.opens == "inspection").unwrap();
    let preset = again.preset(&schema, &visit);
    assert_eq!(preset["follow_up_of"], Value::text(id(4).to_string()));
    assert_eq!(preset["categories"], visit.fields["categories"]);
    assert_eq!(preset["mode"], Value::text("recheck"));
    let mut one: FollowUp = again.clone();
    one.carry = [("also_lines".to_owned(), "line".to_owned())].into();
    assert_eq!(one.preset(&schema, &visit)["also_lines"], Value::List(vec![visit.fields["line"].clone()]));
}

#[test]
fn a_follow_up_that_names_nothing_is_refused() {
    for (at, wrong) in [
        ("opens", "nothing"),
        ("via", "nowhere"),
        ("words", "wordless"),
        ("carry", "missing"),
        ("set", "unset"),
        ("when", "never"),
    ] {
        let mut schema = schema();
        let kind = schema.kinds.iter_mut().find(|kind| kind.id == "sample").unwrap();
        let follow_up = &mut kind.follow_ups[0];
        let name = wrong.to_owned();
        match at {
            "opens" => follow_up.opens = name,
            "via" => follow_up.via = Some(name),
            "words" => follow_up.words = Some(name),
            "carry" => follow_up.carry = [("sample".to_owned(), name)].into(),
            "set" => follow_up.set = [("reinspection".to_owned(), name)].into(),
            _ => follow_up.when = [("result".to_owned(), vec![name])].into(),
        }
        let notice = schema.check().unwrap_err();
        assert_eq!((notice.code.as_str(), notice.arg("value")), ("schema-dangling", Some(wrong)), "{at}");
    }
}
