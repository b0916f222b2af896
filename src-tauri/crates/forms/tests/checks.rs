//! 勾稽: figures as printed, compared with one another.

mod support;

use campaign::model::{Check, Form};
use serde_json::{Value, json};
use support::{cases, filled, form, samples, statistics};
use sweepbook_forms::FilledForm;
use sweepbook_forms::checks::{Sheet, broken, rates_above_whole};

fn check(value: Value) -> Check {
    let mut whole = json!({ "id": "c", "zh": "勾稽", "level": "error" });
    whole.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// The rows a check does not hold of, each as its cells `column text`.
fn failing(check_of: Value, form: &Form, filled: &FilledForm) -> Vec<Vec<String>> {
    let none = |_: &str| None;
    let broken = broken(&check(check_of), Sheet { form, filled }, &none).unwrap();
    broken
        .into_iter()
        .map(|cells| cells.iter().map(|cell| format!("{} {} {}", cell.row, cell.column, cell.text)).collect())
        .collect()
}

#[test]
fn every_row_is_compared_or_those_that_are_named() {
    let form = cases();
    let filled = filled(
        &form,
        &statistics(&[
            ("price", "closed", 2),
            ("price", "filed", 1),
            ("quality", "closed", 1),
            ("quality", "filed", 1),
        ]),
    );
    let at_most = json!({ "compare": "closed <= filed" });
    assert_eq!(failing(at_most, &form, &filled), [["price closed 2", "price filed 1"]]);
    assert_eq!(failing(json!({ "compare": "closed < filed + 1" }), &form, &filled).len(), 1);
    assert_eq!(failing(json!({ "compare": "closed = filed" }), &form, &filled).len(), 1);
    assert_eq!(failing(json!({ "compare": "closed != filed" }), &form, &filled).len(), 7, "all rows but price");
    assert_eq!(failing(json!({ "compare": "filed >= closed" }), &form, &filled).len(), 1);
    assert_eq!(failing(json!({ "compare": "closed > filed" }), &form, &filled).len(), 7);
    let named = json!({ "compare": "closed <= filed", "rows": ["quality", "ip"] });
    assert_eq!(failing(named, &form, &filled), Vec::<Vec<String>>::new());
    // Where every cell names its row there is one comparison, not one for each row.
    let once = json!({ "compare": "price/filed + quality/filed - 1 = price/closed" });
    assert_eq!(failing(once, &form, &filled), [["price filed 1", "quality filed 1", "price closed 2"]]);
}

#[test]
fn one_thing_needs_another_only_where_it_is_there() {
    let form = cases();
    let filled =
        filled(&form, &statistics(&[("price", "penalty", 100), ("ip", "penalty", 49), ("quality", "filed", 1)]));
    let needs = json!({ "when": "penalty > 0", "compare": "filed >= 1" });
    // 49 fen print as 0: what is not printed needs nothing.
    assert_eq!(failing(needs, &form, &filled), [["price filed 0", "price penalty 0.0001"]]);
}

#[test]
fn what_is_rounded_may_differ_by_its_last_digit() {
    let form = cases();
    let sum = json!({ "compare": "total/penalty >= price/penalty + ip/penalty" });
    let of = |total: i64, one: i64, other: i64| {
        filled(&form, &statistics(&[("total", "penalty", total), ("price", "penalty", one), ("ip", "penalty", other)]))
    };
    // 50 and 51 fen print as 0.0001 each, their sum as 0.0001 too.
    assert_eq!(failing(sum.clone(), &form, &of(101, 50, 51)), Vec::<Vec<String>>::new());
    assert_eq!(
        failing(sum.clone(), &form, &of(101, 250, 251)).len(),
        1,
        "0.0003 + 0.0003 is more than rounding explains"
    );
    assert_eq!(failing(json!({ "compare": "total/penalty >= 1" }), &form, &of(999_900, 0, 0)).len(), 1);
}

#[test]
fn a_blank_is_compared_with_nothing() {
    use campaign::answers::{AnswerCell, AnswerRow, Answers};
    let form = samples();
    let row = |number: AnswerCell| {
        let mut cells = vec![AnswerCell::Blank; 15];
        cells[7] = number;
        AnswerRow { record: "50000000-0000-4000-8000-000000000001".to_owned(), cells }
    };
    let list =
        |number: AnswerCell| filled(&form, &Answers::List { rows: vec![row(number)], unsettled: Default::default() });
    let check = json!({ "compare": "nonconforming_quantity <= 10" });
    assert_eq!(failing(check.clone(), &form, &list(AnswerCell::Blank)), Vec::<Vec<String>>::new());
    assert_eq!(failing(check.clone(), &form, &list(AnswerCell::Number(10))), Vec::<Vec<String>>::new());
    let told = failing(check, &form, &list(AnswerCell::Number(11)));
    assert_eq!(told, [["50000000-0000-4000-8000-000000000001 nonconforming_quantity 11"]]);
}

#[test]
fn another_form_is_looked_up_by_row() {
    let one = cases();
    let own = filled(&one, &statistics(&[("price", "filed", 3), ("ip", "filed", 1)]));
    let mut other = cases();
    other.id = "nx-2021-24/9".to_owned();
    let far = filled(&other, &statistics(&[("price", "enterprises", 2), ("ip", "enterprises", 1)]));
    let lookup = |id: &str| (id == "nx-2021-24/9").then_some(Sheet { form: &other, filled: &far });
    let check = check(json!({ "compare": "filed <= nx-2021-24/9/enterprises" }));
    let found = broken(&check, Sheet { form: &one, filled: &own }, &lookup).unwrap();
    let told: Vec<(&str, &str, &str)> =
        found[0].iter().map(|cell| (cell.form.as_str(), cell.row.as_str(), cell.text.as_str())).collect();
    assert_eq!((found.len(), told), (1, vec![("nx-2021-24/1", "price", "3"), ("nx-2021-24/9", "price", "2")]));
}

#[test]
fn a_rate_above_the_whole_is_told_by_part_and_whole() {
    let form = form(json!({
        "id": "c/1", "title": "表", "title_en": "Table", "page": { "paper": "A4", "landscape": true },
        "body": { "kind": "statistics", "stub": "", "stub_width": 20, "by": { "sample": "category" },
            "rows": [{ "id": "mask", "label": "口罩", "codes": ["mask"] }, { "id": "lamp", "label": "灯", "codes": ["lamp"] }] },
        "column": [
            { "id": "all", "header": ["批次"], "width": 20, "cell": { "figure": { "id": "all" } } },
            { "id": "bad", "header": ["不合格"], "width": 20, "cell": { "figure": { "id": "bad" } } },
            { "id": "rate", "header": ["率"], "width": 20, "cell": { "rate": { "part": "bad", "whole": "all" } } },
        ],
    }));
    let filled =
        filled(&form, &statistics(&[("mask", "all", 2), ("mask", "bad", 3), ("lamp", "all", 2), ("lamp", "bad", 2)]));
    let above = rates_above_whole(Sheet { form: &form, filled: &filled });
    let told: Vec<(&str, &str)> =
        above.iter().flatten().map(|cell| (cell.column.as_str(), cell.text.as_str())).collect();
    assert_eq!(told, [("bad", "3"), ("all", "2")]);
    assert_eq!(failing(json!({ "compare": "rate <= 100" }), &form, &filled).len(), 1);
}
