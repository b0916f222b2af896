//! A city of Liaoning hands up to its province, where other departments' figures are declared.

use serde_json::{Value, json};

use crate::support::{Drawer, id};

const SWEEP: &str = "ln-2020/1";
const CASES: &str = "ln-2020/2";
const CUTOFF: &str = "2020-06-17";

fn enterprise(n: u32, role: &str) -> Value {
    json!({"kind": "enterprise", "id": id(n), "campaigns": ["ln-2020"],
        "fields": {"name": format!("沈阳市第{n}厂"), "roles": [role]}})
}

fn inspection(n: u32, enterprise: u32, department: &str, categories: &[&str], defect: Option<&str>) -> Value {
    let mut fields = json!({"enterprise": id(enterprise), "date": "2020-06-01", "inspectors": ["宋大鹏", "关晓楠"],
        "line": "quality", "department": department, "categories": categories, "outcome": "normal"});
    if let Some(defect) = defect {
        fields[defect] = json!(true);
    }
    json!({"kind": "inspection", "id": id(n), "campaigns": ["ln-2020"], "fields": fields})
}

fn sample(n: u32, enterprise: u32, category: &str, result: &str) -> Value {
    json!({"kind": "sample", "id": id(n), "campaigns": ["ln-2020"], "fields": {"number": format!("S-{n}"),
        "enterprise": id(enterprise), "product_name": "样品", "category": category, "sampled_on": "2020-06-02",
        "reported_on": "2020-06-09", "authority": "market", "result": result, "failed_items": ["标识"],
        "nonconforming_quantity": 10, "entered_market": "no"}})
}

fn declared(row: &str, column: &str, day: &str, value: i64) -> Value {
    json!({"kind": "declared", "campaigns": ["ln-2020"], "fields": {"form": SWEEP, "row": row, "column": column,
        "as_of": day, "value": value, "source": "customs"}})
}

#[test]
fn the_province_prints_its_city_and_what_other_departments_declared() {
    let drawer = Drawer::new();
    let mut province = drawer.office("210000", "辽宁省市场监督管理局");
    let mut city = drawer.below(&mut province, "210100", "沈阳市市场监督管理局");
    city.record(&[
        enterprise(1, "producer"),
        enterprise(2, "material_producer"),
        enterprise(3, "seller"),
        // One producer of two kinds of goods stands in both rows, and so do the people sent there.
        inspection(11, 1, "market", &["mask", "protective_suit"], Some("other_defect")),
        inspection(12, 2, "drug", &["meltblown"], None),
        // A shop is no producer, and commerce does not sweep.
        inspection(13, 3, "market", &["mask"], None),
        inspection(14, 1, "commerce", &["mask"], Some("no_standard")),
        sample(21, 1, "mask", "nonconforming"),
        sample(22, 1, "mask", "conforming"),
        sample(23, 3, "mask", "conforming"),
        json!({"kind": "recall", "id": id(31), "campaigns": ["ln-2020"], "fields": {"enterprise": id(1),
            "category": "mask", "started_on": "2020-06-11", "quantity": 700}}),
        json!({"kind": "case", "id": id(41), "campaigns": ["ln-2020"], "fields": {"enterprise": id(3),
            "line": "advertising", "category": "mask", "filed_on": "2020-06-03", "penalty_on": "2020-06-12",
            "penalty_fen": 500_000, "decision_no": "沈市监罚〔2020〕1号"}}),
        json!({"kind": "case", "id": id(42), "campaigns": ["ln-2020"], "fields": {"enterprise": id(3),
            "line": "public_security", "category": "mask", "filed_on": "2020-06-04", "public_order": "criminal"}}),
    ]);
    province.take(&city.hand_up());
    province.record(&[
        declared("mask", "batches", "2020-06-10", 5),
        // The latest holds; values are cumulative and never added over time.
        declared("mask", "batches", "2020-06-17", 7),
        declared("mask", "nonconforming", "2020-06-17", 1),
        declared("mask", "batches", "2020-06-18", 99),
    ]);

    let cell = |form: &str, row: &str, column: &str| province.cell(form, CUTOFF, row, column);
    assert_eq!(cell(SWEEP, "mask", "swept"), "1");
    assert_eq!(cell(SWEEP, "protective_suit", "swept"), "1");
    assert_eq!(cell(SWEEP, "meltblown", "swept"), "1");
    assert_eq!(cell(SWEEP, "mask", "other_defect"), "1");
    assert_eq!(cell(SWEEP, "mask", "no_standard"), "1");
    assert_eq!(cell(SWEEP, "mask", "sampled_enterprises"), "1");
    assert_eq!(cell(SWEEP, "mask", "batches"), "10"); // three samples and seven declared
    assert_eq!(cell(SWEEP, "mask", "nonconforming"), "2");
    assert_eq!(cell(SWEEP, "mask", "rate"), "20.00%");
    assert_eq!(cell(SWEEP, "ventilator", "rate"), "—");
    assert_eq!(cell(SWEEP, "mask", "recalled"), "700");
    assert_eq!(cell(CASES, "mask", "other.filed"), "1");
    assert_eq!(cell(CASES, "mask", "other.penalty"), "0.5");
    assert_eq!(cell(CASES, "mask", "public_security.criminal"), "1");
    // 治安 has its own columns, and 合计 立案 is the sum of the five printed ones.
    assert_eq!(cell(CASES, "mask", "total.filed"), "1");
    assert_eq!(cell(CASES, "mask", "total.penalty"), "0.5");
    assert_eq!(cell(CASES, "mask", "total.enterprises"), "2");
    assert_eq!(cell(CASES, "mask", "total.person_times"), "6");
    assert_eq!(cell(CASES, "protective_suit", "total.person_times"), "2");
    // The city's own form knows nothing of what the province was told.
    assert_eq!(city.cell(SWEEP, CUTOFF, "mask", "batches"), "3");
}
