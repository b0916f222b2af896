//! Three counties of Ningxia record, seal and hand up; the region imports and prints.

use serde_json::{Value, json};

use crate::support::{Drawer, case, enterprise, id, inspection};

const CASES: &str = "nx-2021-24/1";
const SAMPLES: &str = "nx-2021-24/2";
const CUTOFF: &str = "2021-05-27";

/// A line whose warning was read and answered.
fn known(mut line: Value, code: &str) -> Value {
    line["overrides"] = json!({ code: "核对无误" });
    line
}

#[test]
fn the_region_prints_what_three_counties_recorded() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut yongning = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let mut lingwu = drawer.below(&mut region, "640181", "灵武市市场监督管理局");
    let mut pingluo = drawer.below(&mut region, "640221", "平罗县市场监督管理局");

    yongning.record(&[
        enterprise(1, "永宁县甲口罩厂"),
        // The campaign's first day counts, the day before it does not.
        inspection(11, 1, "2021-03-01", &["马立群", "李秀梅"]),
        known(inspection(12, 1, "2021-02-28", &["马立群", "李秀梅"]), "day-before-campaign"),
        case(13, 1, "2021-04-02", 1_234_567),
    ]);
    lingwu.record(&[
        enterprise(2, "灵武市乙口罩厂"),
        inspection(21, 2, "2021-05-27", &["张建宁", "白玉梅", "何永刚"]),
        known(inspection(22, 2, "2021-05-28", &["张建宁", "白玉梅"]), "day-after-today"),
        case(23, 2, "2021-05-06", 65_433),
        json!({"kind": "sample", "id": id(24), "campaigns": ["nx-2021-24"], "fields": {
            "number": "KZ-1", "enterprise": id(2), "product_name": "儿童口罩", "category": "mask",
            "sampled_on": "2021-05-10", "reported_on": "2021-05-20", "authority": "market", "result": "nonconforming",
            "failed_items": ["过滤效率", "标识"], "nonconforming_quantity": 4980, "entered_market": "yes"}}),
        json!({"kind": "disposal", "id": id(25), "fields": {"sample": id(24), "stop_sale_on": "2021-05-21",
            "sealed_quantity": 3000, "sealed_on": "2021-05-21", "case": id(23),
            "flows": [{"destination": "固原市原州区", "quantity": 1980}]}}),
    ]);
    pingluo.record(&[
        enterprise(3, "平罗县丙口罩厂"),
        inspection(31, 3, "2021-04-10", &["王占山", "冯丽"]),
        inspection(32, 3, "2021-04-20", &["王占山", "冯丽"]),
    ]);

    for county in [&mut yongning, &mut lingwu, &mut pingluo] {
        let stick = county.hand_up();
        let plan = region.take(&stick);
        assert_eq!(plan.from, county.code);
        assert_eq!((plan.counts.conflicts, plan.counts.refused, plan.counts.pending), (0, 0, 0));
    }

    let cell = |row: &str, column: &str| region.cell(CASES, CUTOFF, row, column);
    assert_eq!(cell("quality", "person_times"), "9"); // 2 + 3 + 2 + 2
    assert_eq!(cell("quality", "enterprises"), "3");
    assert_eq!(cell("quality", "filed"), "2");
    assert_eq!(cell("quality", "penalty"), "1.3"); // 1,300,000 fen
    assert_eq!(cell("price", "person_times"), "0");
    assert_eq!(cell("total", "person_times"), "9");
    assert_eq!(lingwu.cell(CASES, CUTOFF, "quality", "person_times"), "3");
    assert_eq!(lingwu.cell(CASES, CUTOFF, "quality", "penalty"), "0.0654");

    let listed = region.form(SAMPLES, CUTOFF);
    assert_eq!(listed["row_ids"], json!([id(24)]));
    let printed = |column: &str| {
        let at = listed["columns"].as_array().unwrap().iter().position(|known| known == column).unwrap();
        listed["rows"][0][at].as_str().unwrap().to_owned()
    };
    assert_eq!(printed("no"), "1");
    assert_eq!(printed("province"), "宁夏");
    assert_eq!(printed("result"), "不合格");
    assert_eq!(printed("failed_items"), "过滤效率、标识");
    assert_eq!(printed("nonconforming_quantity"), "4980");
    assert_eq!(printed("flows"), "固原市原州区");
    assert_eq!(printed("measures"), "责令停止销售；查封3000只；立案查处");
    // Before the report arrived the sample was still pending.
    assert_eq!(region.form(SAMPLES, "2021-05-19")["rows"][0][5], "待检");
    region.is_sound();
}

#[test]
fn every_number_opens_to_the_records_it_counted() {
    let drawer = Drawer::new();
    let mut county = drawer.office("640121", "永宁县市场监督管理局");
    county.record(&[
        enterprise(1, "永宁县甲口罩厂"),
        inspection(11, 1, "2021-03-05", &["马立群", "李秀梅"]),
        inspection(12, 1, "2021-03-06", &["马立群", "李秀梅", "杨晓峰"]),
    ]);
    let request = app::FillRequest::new(CASES, crate::support::as_of(CUTOFF));
    let traced = |column: &str| county.session.traced_records(&request, "quality", column).unwrap();
    let amounts: Vec<i64> = traced("person_times").iter().map(|trace| trace.amount).collect();
    assert_eq!(amounts.iter().sum::<i64>(), 5);
    // Two inspections of one enterprise count it once: both stand behind the number, under its id.
    let counted: std::collections::BTreeSet<_> =
        traced("enterprises").into_iter().filter_map(|trace| trace.counted_as).collect();
    assert_eq!(counted, [id(1)].into());
    let cells = county.session.cells(id(12).parse().unwrap(), crate::support::as_of(CUTOFF)).unwrap();
    let found = cells.iter().find(|cell| cell.row == "quality" && cell.column == "person_times").unwrap();
    assert_eq!((found.form.as_str(), found.amount), (CASES, 3));
}

#[test]
fn a_county_hands_up_to_its_city_and_the_city_to_the_region() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut city = drawer.below(&mut region, "640100", "银川市市场监督管理局");
    let mut county = drawer.below(&mut city, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂"), inspection(11, 1, "2021-03-01", &["马立群", "李秀梅"])]);
    city.record(&[enterprise(2, "银川市乙口罩厂"), inspection(21, 2, "2021-03-02", &["王知远", "周景明", "金玉成"])]);
    city.take(&county.hand_up());
    assert_eq!(region.take(&city.hand_up()).counts.new_records, 4);
    assert_eq!(region.digest(), city.digest());
    assert_eq!(region.cell(CASES, CUTOFF, "quality", "person_times"), "5");
    // The county's own table holds its own alone.
    assert_eq!(county.cell(CASES, CUTOFF, "quality", "person_times"), "2");

    // What the city corrects comes down to the county, and what the county then changes goes up both steps.
    city.edit("inspection", &id(11), json!({"findings": "未发现问题"}));
    county.take(&city.send_down("640121"));
    county.edit("inspection", &id(11), json!({"inspectors": ["马立群", "李秀梅", "杨晓峰"]}));
    city.take(&county.hand_up());
    region.take(&city.hand_up());
    assert_eq!(region.field(&id(11), "findings"), "未发现问题");
    assert_eq!(region.cell(CASES, CUTOFF, "quality", "person_times"), "6");
    assert_eq!(region.digest(), city.digest());
}
