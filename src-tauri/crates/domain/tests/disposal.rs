//! 后处理: quantities in balance, what happened when, and what is left to do.

extern crate sweepbook_domain as domain;

mod common;

use common::{day, fields, id, record};
use domain::Record;
use domain::disposal::{Balance, STEPS, events, passed_reinspection, todo};
use proptest::prelude::*;

fn sample() -> Record {
    common::sample(2, "nonconforming")
}

fn disposal(text: &str) -> Record {
    let mut disposal = record(93, "disposal", text);
    disposal.fields.extend(fields(&format!(r#"{{"sample":"{}"}}"#, id(2))));
    disposal
}

fn left(sample: &Record, disposal: Option<&Record>, cases: &[Record]) -> Vec<&'static str> {
    todo(sample, disposal, cases).into_iter().map(|todo| todo.id).collect()
}

const DONE: &str = r#"{"stop_sale_on":"2021-03-21","sealed_on":"2021-03-21","sealed_quantity":700,
    "flows":[{"destination":"吴忠","quantity":300,"notified_on":"2021-03-22","handled":true}],
    "recalled_on":"2021-03-25","recalled_quantity":200,"destroyed_on":"2021-03-28","destroyed_quantity":900,
    "rectify_ordered_on":"2021-03-21","rectify_by":"2021-04-05",
    "reinspected_on":"2021-04-06","reinspection":"pass","resumed_on":"2021-04-07"}"#;

#[test]
fn every_piece_is_somewhere_or_missing() {
    let some = disposal(
        r#"{"sealed_quantity":400,"detained_quantity":100,"recalled_quantity":50,"destroyed_quantity":450,
            "flows":[{"destination":"吴忠","quantity":200},{"destination":"固原"},{"destination":"中卫","quantity":80}]}"#,
    );
    let balance = Balance::of(Some(&sample()), Some(&some));
    assert_eq!((balance.held(), balance.flowed, balance.flows_uncounted), (500, 280, 1));
    assert_eq!(balance.unaccounted(), Some(220));
    assert_eq!(balance.at_large(), 230);
    assert_eq!(balance.kept(), 100);

    let nothing = Balance::of(Some(&sample()), None);
    assert_eq!((nothing.unaccounted(), nothing.kept()), (Some(1000), 0));
    let uncounted = Balance::of(Some(&disposal("{}")), Some(&some));
    assert_eq!(uncounted.unaccounted(), None, "nobody has counted the batch");
}

#[test]
fn sums_of_a_merged_book_do_not_overflow() {
    let huge = i64::MAX;
    let disposal = disposal(&format!(
        r#"{{"sealed_quantity":{huge},"detained_quantity":{huge},"flows":[{{"quantity":{huge}}},{{"quantity":{huge}}}]}}"#
    ));
    let balance = Balance::of(Some(&sample()), Some(&disposal));
    assert_eq!(balance.unaccounted(), Some(1000 - 4 * i128::from(huge)));
}

#[test]
fn a_batch_is_worked_off_step_by_step() {
    let sample = sample();
    let all = ["stop_sale", "account", "rectify", "reinspect", "file"];
    assert_eq!(left(&sample, None, &[]), all);
    assert_eq!(left(&sample, Some(&disposal("{}")), &[]), all);
    assert_eq!(
        left(
            &sample,
            Some(&disposal(r#"{"stop_sale_on":"2021-03-21","flows":[{"destination":"吴忠","quantity":1000}]}"#)),
            &[]
        ),
        ["recall", "rectify", "reinspect", "file"]
    );
    let failed = r#"{"stop_sale_on":"2021-03-21","sealed_on":"2021-03-21","sealed_quantity":1000,
        "rectify_ordered_on":"2021-03-21","reinspected_on":"2021-04-06","reinspection":"fail"}"#;
    assert_eq!(left(&sample, Some(&disposal(failed)), &[]), ["reinspect", "destroy", "file"]);
    let case = record(94, "case", r#"{"filed_on":"2021-03-22"}"#);
    assert_eq!(left(&sample, Some(&disposal(DONE)), std::slice::from_ref(&case)), [""; 0]);
    assert_eq!(left(&sample, Some(&disposal(DONE)), &[]), ["file"]);
    assert!(todo(&sample, Some(&disposal(DONE)), &[]).iter().all(|todo| !todo.required));

    let mut retested = sample.clone();
    retested.fields.extend(fields(r#"{"retested_on":"2021-03-30","retest":"pass"}"#));
    assert_eq!(left(&retested, None, &[]), [""; 0], "the retest says it is not nonconforming after all");
    let uncounted = record(2, "sample", r#"{"result":"nonconforming"}"#);
    assert_eq!(left(&uncounted, None, &[])[1], "count");
}

#[test]
fn a_re_inspection_is_overdue_the_day_after() {
    let ordered = disposal(r#"{"rectify_ordered_on":"2021-03-21","rectify_by":"2021-04-05"}"#);
    let todo = todo(&sample(), Some(&ordered), &[]);
    let reinspect = todo.iter().find(|todo| todo.id == "reinspect").unwrap();
    assert_eq!(reinspect.due, Some(day("2021-04-05")));
    assert!(!reinspect.overdue(day("2021-04-05")));
    assert!(reinspect.overdue(day("2021-04-06")));
}

#[test]
fn what_happened_stands_in_the_order_of_its_days() {
    let case = record(94, "case", r#"{"number":"8号","filed_on":"2021-03-21"}"#);
    let help = record(95, "assistance", r#"{"content":"约谈","date":"2021-03-23"}"#);
    let listed = events(&sample(), Some(&disposal(DONE)), &[case], &[help]);
    let seen: Vec<&str> = listed.iter().map(|event| event.id).collect();
    assert_eq!(
        seen,
        [
            "sampled",
            "reported",
            "stop_sale",
            "seal",
            "rectify",
            "file",
            "trace",
            "assisted",
            "recall",
            "destroy",
            "reinspect",
            "resume"
        ]
    );
    assert_eq!(listed[6].words, "吴忠");
    assert_eq!((listed[6].quantity, listed[6].handled), (Some(300), Some(true)));
    assert_eq!(listed[10].outcome.as_deref(), Some("pass"));
    let nobody_told = disposal(r#"{"flows":[{"destination":"吴忠"}],"resumed_on":"2021-04-07"}"#);
    let last = events(&sample(), Some(&nobody_told), &[], &[]).pop().unwrap();
    assert_eq!((last.id, last.day), ("trace", None));
}

#[test]
fn only_a_dated_pass_is_a_pass() {
    assert!(!passed_reinspection(&disposal(r#"{"reinspection":"pass"}"#)));
    assert!(!passed_reinspection(&disposal(r#"{"reinspection":"fail","reinspected_on":"2021-04-06"}"#)));
    assert!(passed_reinspection(&disposal(r#"{"reinspection":"pass","reinspected_on":"2021-04-06"}"#)));
}

#[test]
fn the_fields_of_the_steps_are_in_the_schema() {
    let schema = domain::Schema::core();
    for step in STEPS {
        let kind = schema.kind(step.kind).unwrap();
        for field in step.fields {
            let known = kind.field(field).unwrap_or_else(|| panic!("{}: {field}", step.id));
            if let Some(with) = &known.rules.with {
                assert!(step.fields.contains(&with.as_str()), "{}: {field} goes with {with}", step.id);
            }
        }
    }
}

proptest! {
    #[test]
    fn the_parts_add_up(all in 0i64..1_000_000, parts in prop::collection::vec(0i64..1_000_000, 6)) {
        let [sealed, detained, recalled, destroyed, one, two] = parts[..] else { unreachable!() };
        let mut sample = sample();
        sample.fields.insert("nonconforming_quantity".into(), all.into());
        let disposal = disposal(&format!(
            r#"{{"sealed_quantity":{sealed},"detained_quantity":{detained},"recalled_quantity":{recalled},
                "destroyed_quantity":{destroyed},"flows":[{{"quantity":{one}}},{{"quantity":{two}}}]}}"#
        ));
        let balance = Balance::of(Some(&sample), Some(&disposal));
        prop_assert_eq!(balance.held() + balance.flowed + balance.unaccounted().unwrap(), i128::from(all));
        // Every piece that was ever held or out is kept, destroyed or still out.
        prop_assert_eq!(balance.kept() + i128::from(destroyed) + balance.at_large(), balance.held() + balance.flowed);
    }
}
