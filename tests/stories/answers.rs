//! What the region decides comes down by the same road: joined enterprises and remarks. And a plan says what an import does.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::{Drawer, MAY_27, MINUTE, Office, case, enterprise, id, inspection};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: &str = "2021-05-27";

fn region_and_county(drawer: &Drawer) -> (Office, Office) {
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[
        enterprise(1, "永宁县甲口罩有限公司"),
        enterprise(2, "甲口罩（永宁）"),
        inspection(11, 1, "2021-04-01", &["马立群", "李秀梅"]),
        inspection(12, 2, "2021-04-02", &["马立群", "李秀梅"]),
        case(13, 1, "2021-04-02", 1_000_000),
    ]);
    region.take(&county.hand_up());
    (region, county)
}

#[test]
fn an_enterprise_joined_at_the_region_is_one_at_the_county() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    assert_eq!(county.cell(FORM, CUTOFF, "quality", "enterprises"), "2");
    region.edit("enterprise", &id(2), json!({"same_as": id(1)}));
    assert_eq!(region.cell(FORM, CUTOFF, "quality", "enterprises"), "1");
    county.take(&region.send_down("640121"));
    assert_eq!(county.cell(FORM, CUTOFF, "quality", "enterprises"), "1");
    // No visit is lost, and the decision can be taken back.
    assert_eq!(county.cell(FORM, CUTOFF, "quality", "person_times"), "4");
    county.edit("enterprise", &id(2), json!({"same_as": null}));
    region.take(&county.hand_up());
    assert_eq!(region.cell(FORM, CUTOFF, "quality", "enterprises"), "2");
}

#[test]
fn a_remark_comes_down_is_answered_and_settled() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    let review = id(90);
    region.record(&[json!({"kind": "review", "id": review, "office": "640121",
        "fields": {"of": id(13), "text": "请补录案值。", "state": "open"}})]);
    let plan = county.take(&region.send_down("640121"));
    assert_eq!(plan.counts.new_records, 1);
    assert_eq!(county.field(&review, "text"), "请补录案值。");
    county.edit("case", &id(13), json!({"value_fen": 350_000}));
    county.edit("review", &review, json!({"state": "answered"}));
    region.take(&county.hand_up());
    assert_eq!(region.field(&review, "state"), "answered");
    assert_eq!(region.cell(FORM, CUTOFF, "quality", "value"), "0.35");
    region.edit("review", &review, json!({"state": "settled"}));
    county.take(&region.send_down("640121"));
    assert_eq!(county.field(&review, "state"), "settled");
    assert_eq!(region.digest(), county.digest());
}

/// Every printed cell of the campaign's forms, by form, row and column.
fn printed(office: &Office) -> BTreeMap<(String, String, String), String> {
    let mut cells = BTreeMap::new();
    for form in ["nx-2021-24/1", "nx-2021-24/2", "samr-2020-51/1", "ln-2020/1", "ln-2020/2"] {
        let filled = office.form(form, CUTOFF);
        let offset = usize::from(!filled["stub"].is_null());
        let columns = filled["columns"].as_array().unwrap();
        for (row, id) in filled["rows"].as_array().unwrap().iter().zip(filled["row_ids"].as_array().unwrap()) {
            // A row's number changes with every row above it, and says nothing by itself.
            for (at, column) in columns.iter().enumerate().filter(|(_, column)| **column != "no") {
                let place = (form.to_owned(), id.as_str().unwrap().to_owned(), column.as_str().unwrap().to_owned());
                cells.insert(place, row[at + offset].as_str().unwrap().to_owned());
            }
        }
    }
    cells
}

#[test]
fn a_plan_names_exactly_the_cells_that_an_import_changes() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    county.edit("case", &id(13), json!({"penalty_fen": 1_200_000, "closed_on": "2021-05-20"}));
    county.record(&[
        inspection(21, 1, "2021-05-03", &["马立群", "李秀梅"]),
        json!({"kind": "sample", "id": id(22), "campaigns": ["nx-2021-24"], "fields": {"number": "KZ-1",
            "enterprise": id(1), "product_name": "口罩", "category": "mask", "sampled_on": "2021-05-05",
            "authority": "market", "result": "pending"}}),
    ]);
    let stick = county.hand_up();

    let before = printed(&region);
    let digest = region.digest();
    let plan = region.plan(&stick);
    assert_eq!(region.digest(), digest);
    assert_eq!(printed(&region), before);
    assert_eq!((plan.counts.new_records, plan.counts.changed_records), (2, 1));

    let done = region.take(&stick);
    assert_eq!(done.counts, plan.counts);
    let after = printed(&region);
    let blank = String::new();
    let changed: BTreeMap<_, _> = before
        .keys()
        .chain(after.keys())
        .map(|place| (place, (before.get(place).unwrap_or(&blank), after.get(place).unwrap_or(&blank))))
        .filter(|(_, (was, is))| was != is)
        .map(|(place, (was, is))| (place.clone(), (was.clone(), is.clone())))
        .collect();
    let planned: BTreeMap<_, _> = plan
        .cells
        .iter()
        .map(|cell| {
            let place = (cell.form.clone(), cell.row.clone(), cell.column.clone());
            (place, (cell.before.clone(), cell.after.clone()))
        })
        .collect();
    assert!(changed.len() > 8);
    assert_eq!(planned, changed);
    assert_eq!(plan.cells_in_all as usize, changed.len());
}

#[test]
fn a_plan_looked_at_too_long_ago_is_not_applied() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    county.record(&[inspection(21, 1, "2021-05-03", &["马立群", "李秀梅"])]);
    let stick = county.hand_up();
    let plan = region.plan(&stick);
    region.edit("enterprise", &id(1), json!({"phone": "0951-5550001"}));
    let request = app::ImportRequest { file: stick.file.clone(), admit: stick.admit(), ..Default::default() };
    let go_on = &mut |_| std::ops::ControlFlow::Continue(());
    assert_eq!(region.session.import(&request, Some(&plan.token), go_on).unwrap_err().code(), "plan-outdated");
    let plan = region.plan(&stick);
    region.session.import(&request, Some(&plan.token), go_on).unwrap();
    assert_eq!(region.field(&id(21), "date"), "2021-05-03");
}

#[test]
fn a_cancelled_import_leaves_nothing_behind() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    county.record(&[inspection(21, 1, "2021-05-03", &["马立群", "李秀梅"])]);
    let stick = county.hand_up();
    let digest = region.digest();
    let request = app::ImportRequest { file: stick.file.clone(), ..Default::default() };
    let cancelled = region.session.import(&request, None, &mut |_| std::ops::ControlFlow::Break(()));
    assert!(cancelled.is_err());
    assert_eq!(region.digest(), digest);
    region.take(&stick);
    assert_eq!(region.field(&id(21), "date"), "2021-05-03");
}

#[test]
fn a_clock_set_wrong_neither_stops_nor_rules_anyone() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    drop(county);
    // The county's clock jumps to the year 2099; its edit is flagged, and the next one made elsewhere still wins by order.
    let far = app::Clock::Fixed(4_070_880_000_000);
    let session = app::Writing::open(&drawer.path("640121.book"), &[], far).unwrap();
    county = drawer.desk(session, "640121");
    county.edit("case", &id(13), json!({"penalty_fen": 5}));
    let stick = county.hand_up();
    let plan = region.take(&stick);
    assert_eq!(plan.counts.ahead, 1);
    drop(region);
    let later = app::Clock::Fixed(MAY_27 + MINUTE);
    let mut region = drawer.desk(app::Writing::open(&drawer.path("640000.book"), &[], later).unwrap(), "640000");
    region.edit("case", &id(13), json!({"penalty_fen": 6}));
    assert_eq!(region.field(&id(13), "penalty_fen"), 6);
    assert_eq!(region.conflicts(), []);
}
