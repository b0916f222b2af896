//! Recording is stricter than importing: what one book lets a person record, no other book may refuse. And nothing a file
//! can hold makes either of them panic.

extern crate sweepbook_domain as domain;

mod common;

use common::{Ledger, OFFICE, id, schema};
use domain::record::changed_slots;
use domain::validate::{Severity, type_check, validate};
use domain::{Fields, Record, Value};
use proptest::prelude::*;

fn some_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (0i64..2000).prop_map(Value::Int),
        ".{0,6}".prop_map(Value::Text),
        "(2021-0[1-4]-[0-3][0-9]|[0-2][0-9]:[0-6][0-9]|[0-9a-f]{64})".prop_map(Value::Text),
        prop::sample::select(vec![
            "producer", "quality", "mask", "pass", "yes", "pending", OFFICE, "alpha/1", "first", "filed"
        ])
        .prop_map(Value::from),
        (0u32..6).prop_map(|number| Value::Text(id(number).to_string())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key =
            prop::sample::select(vec!["result", "note", "destination", "quantity", "notified_on", "c1", "a/b", ""]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map(key.prop_map(str::to_owned), inner, 0..4).prop_map(Value::Map),
        ]
    })
}

/// A kind, and values for some of its fields.
fn some_record() -> impl Strategy<Value = (String, Fields)> {
    let kinds: Vec<(String, Vec<String>)> = schema()
        .kinds
        .iter()
        .filter(|kind| !kind.reserved)
        .map(|kind| (kind.id.clone(), kind.fields.iter().map(|field| field.name.clone()).collect()))
        .collect();
    prop::sample::select(kinds).prop_flat_map(|(kind, names)| {
        let fields = prop::collection::btree_map(prop::sample::select(names), some_value(), 0..6);
        (Just(kind), fields)
    })
}

/// Errors about anything but what a value is in itself.
const ABOUT_OTHERS: [&str; 6] =
    ["required-missing", "with-missing", "reference-missing", "reference-kind", "order-impossible", "only-with"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_can_be_recorded_can_be_imported((kind, given) in some_record()) {
        let schema = schema();
        if let Ok(slots) = changed_slots(schema.kind(&kind).unwrap(), &Fields::new(), &given) {
            let record = Record::from_slots(id(99), &kind, &OFFICE.parse().unwrap(), &slots);
            let issues = validate(&schema, &record, None, &Ledger::usual());
            common::codes(&issues);
            let recorded = !issues
                .iter()
                .any(|issue| issue.severity == Severity::Error && !ABOUT_OTHERS.contains(&issue.notice.code.as_str()));
            let imported = type_check(&schema, &kind, &slots);
            prop_assert!(!recorded || imported.is_ok(), "{:?} refuses {}", imported, Value::Map(slots).to_json());
        }
    }
}
