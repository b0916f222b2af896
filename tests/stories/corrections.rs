//! Corrections travel down and up again, and two who change one number at once are heard both.

use serde_json::json;

use crate::support::{Drawer, Office, case, enterprise, id, inspection};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: &str = "2021-05-27";

/// A region and its county, which has handed up one case of 10,000.00 yuan.
fn region_and_county(drawer: &Drawer) -> (Office, Office) {
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[
        enterprise(1, "永宁县甲口罩厂"),
        inspection(2, 1, "2021-04-01", &["马立群", "李秀梅"]),
        case(3, 1, "2021-04-02", 1_000_000),
    ]);
    region.take(&county.hand_up());
    (region, county)
}

#[test]
fn a_correction_comes_down_is_built_upon_and_goes_up_again() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);

    region.edit("case", &id(3), json!({"penalty_fen": 2_000_000}));
    county.take(&region.send_down("640121"));
    assert_eq!(county.field(&id(3), "penalty_fen"), 2_000_000);
    assert_eq!(county.cell(FORM, CUTOFF, "quality", "penalty"), "2");

    county.edit("case", &id(3), json!({"penalty_fen": 2_500_000, "closed_on": "2021-05-20"}));
    region.take(&county.hand_up());

    assert_eq!(region.conflicts(), []);
    assert_eq!(region.field(&id(3), "penalty_fen"), 2_500_000);
    assert_eq!(region.cell(FORM, CUTOFF, "quality", "penalty"), "2.5");
    assert_eq!(region.cell(FORM, CUTOFF, "quality", "closed"), "1");
    assert_eq!(region.digest(), county.digest());
    region.is_sound();
    county.is_sound();
}

#[test]
fn two_who_change_one_number_at_once_are_heard_both_and_the_region_decides() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);

    region.edit("case", &id(3), json!({"penalty_fen": 2_000_000}));
    county.edit("case", &id(3), json!({"penalty_fen": 3_000_000, "value_fen": 70_000}));
    county.take(&region.send_down("640121"));
    region.take(&county.hand_up());

    // Both see the same conflict about the same field; the value of the case was not disputed.
    let (here, there) = (region.conflicts(), county.conflicts());
    assert_eq!(here.len(), 1);
    assert_eq!(here[0].id, there[0].id);
    assert_eq!((here[0].record.clone(), here[0].field.as_str(), here[0].guarded), (id(3), "penalty_fen", true));
    assert_eq!(region.field(&id(3), "value_fen"), 70_000);
    assert_eq!(region.digest(), county.digest());

    // The cell that rests on it can be looked at, and is marked; so is the total.
    let unsettled = region.form(FORM, CUTOFF)["unsettled"].clone();
    let marked: Vec<_> = unsettled.as_array().unwrap().iter().map(|cell| (cell[0].clone(), cell[1].clone())).collect();
    assert!(marked.contains(&(json!("quality"), json!("penalty"))), "{unsettled}");
    assert!(marked.contains(&(json!("total"), json!("penalty"))), "{unsettled}");
    assert!(!marked.contains(&(json!("quality"), json!("value"))), "{unsettled}");

    let countys = here[0].candidates.iter().find(|candidate| candidate.value.as_int() == Some(3_000_000)).unwrap();
    region.session.resolve(&here[0].id[..12], &countys.revision[..10]).unwrap();
    assert_eq!(region.conflicts(), []);
    assert_eq!(region.form(FORM, CUTOFF)["unsettled"], json!([]));
    assert_eq!(region.cell(FORM, CUTOFF, "quality", "penalty"), "3");

    county.take(&region.send_down("640121"));
    assert_eq!(county.conflicts(), []);
    assert_eq!(county.field(&id(3), "penalty_fen"), 3_000_000);
    assert_eq!(region.digest(), county.digest());
    county.is_sound();
}

#[test]
fn a_conflict_can_be_settled_with_a_third_value_by_the_county() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    region.edit("case", &id(3), json!({"penalty_fen": 2_000_000}));
    county.edit("case", &id(3), json!({"penalty_fen": 3_000_000}));
    county.take(&region.send_down("640121"));

    let conflict = county.conflicts().remove(0);
    let wrong = county.session.resolve(&conflict.id, "\"三万\"").unwrap_err();
    assert_eq!(wrong.code(), "type-wrong");
    assert_eq!(county.session.resolve("ffffffffffff", "1").unwrap_err().code(), "conflict-unknown");
    county.session.resolve(&conflict.id, "2750000").unwrap();

    // The region never saw a conflict: what it gets is already decided.
    region.take(&county.hand_up());
    assert_eq!(region.conflicts(), []);
    assert_eq!(region.field(&id(3), "penalty_fen"), 2_750_000);
    assert_eq!(region.digest(), county.digest());
}

#[test]
fn the_elements_of_a_set_do_not_collide() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    region.edit("enterprise", &id(1), json!({"roles": ["producer", "exporter"]}));
    county.edit("enterprise", &id(1), json!({"roles": ["producer", "seller"]}));
    county.take(&region.send_down("640121"));
    region.take(&county.hand_up());
    assert_eq!(region.conflicts(), []);
    assert_eq!(region.field(&id(1), "roles"), json!(["exporter", "producer", "seller"]));
    assert_eq!(region.digest(), county.digest());
}

#[test]
fn a_void_collides_with_whoever_went_on_working() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    region.record(&[json!({"kind": "case", "id": id(3), "void": "重复录入"})]);
    county.edit("case", &id(3), json!({"closed_on": "2021-05-20"}));
    county.take(&region.send_down("640121"));
    region.take(&county.hand_up());
    let conflicts = region.conflicts();
    assert!(!conflicts.is_empty(), "somebody has to decide");
    assert!(conflicts.iter().all(|conflict| conflict.record == id(3)));
    assert_eq!(region.digest(), county.digest());
}
