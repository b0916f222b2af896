//! A package is taken back, and imported again.

use serde_json::json;

use app::Admit;

use crate::support::{Drawer, enterprise, id, inspection};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: &str = "2021-05-27";

#[test]
fn what_was_undone_stops_counting_and_counts_again_after_a_yes() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂"), inspection(2, 1, "2021-04-01", &["马立群", "李秀梅"])]);
    let empty = region.digest();
    let first = county.hand_up();
    let plan = region.take(&first);
    let full = region.digest();
    assert_eq!(region.cell(FORM, CUTOFF, "total", "person_times"), "2");

    let undone = region.session.undo(&plan.package[..8], None).unwrap();
    assert_eq!(undone.changed_records, 2);
    assert_eq!(region.cell(FORM, CUTOFF, "total", "person_times"), "0");
    assert_eq!(region.digest(), empty);
    assert!(region.session.record(id(2).parse().unwrap()).is_err());
    assert_eq!(region.session.undo(&plan.package, None).unwrap_err().code(), "package-not-applied");
    region.is_sound();

    // A later package that carries the same revisions says so, and needs a yes.
    let second = county.hand_up();
    assert_eq!(region.plan(&second).counts.withheld, 2);
    assert_eq!(region.refuses(&second), "includes-undone");
    assert_eq!(region.digest(), empty);
    region.import(&second, Admit::Nobody, true).unwrap();
    assert_eq!(region.digest(), full);

    // Importing the very file that was undone is a yes in itself.
    let again = region.take(&first);
    assert_eq!(again.package, plan.package);
    assert_eq!(region.digest(), full);
    assert_eq!(region.refuses(&first), "package-already-imported");
    region.is_sound();
}

#[test]
fn what_somebody_built_upon_cannot_be_taken_from_under_it() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let plan = region.take(&county.hand_up());
    region.edit("enterprise", &id(1), json!({"phone": "0951-5550001"}));
    let before = region.digest();
    let refused = region.session.undo(&plan.package, None).unwrap_err();
    assert_eq!(refused.code(), "undo-blocked");
    assert!(refused.notices[0].arg("records").unwrap().contains(&id(1)));
    assert_eq!(region.digest(), before);
    assert_eq!(region.session.undo("00000000", None).unwrap_err().code(), "package-unknown");
}

#[test]
fn only_the_newer_of_two_packages_is_taken_back() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    region.take(&county.hand_up());
    let after_first = region.digest();
    county.edit("enterprise", &id(1), json!({"name": "永宁县甲口罩有限公司"}));
    // It repeats the first revision, which another applied package still carries.
    let plan = region.take(&county.hand_up());
    assert_eq!((plan.counts.new_records, plan.counts.changed_records, plan.counts.duplicates), (0, 1, 1));
    region.session.undo(&plan.package, None).unwrap();
    assert_eq!(region.digest(), after_first);
    assert_eq!(region.field(&id(1), "name"), "永宁县甲口罩厂");
}

#[test]
fn a_package_is_not_taken_back_from_a_book_that_is_another_than_was_shown() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂"), inspection(2, 1, "2021-04-01", &["马立群", "李秀梅"])]);
    let package = region.take(&county.hand_up()).package;
    let window = drawer.window(region);
    let ask = json!({"do": "undo_plan", "package": package});
    let undo = |token: &serde_json::Value| json!({"do": "undo", "package": package, "token": token});
    let shown = window.done(ask.clone());

    // Meanwhile a colleague records: what was agreed to is not what would be taken back.
    let save = json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null,
        "overrides": {"campaigns-missing": "无"}, "fields": {"name": "银川乙口罩厂", "roles": ["producer"]}});
    assert_ne!(window.done(save)["record"], serde_json::Value::Null);
    assert_eq!(window.refused(undo(&shown["token"])), "undo-outdated");
    assert_eq!(window.refused(undo(&json!(""))), "undo-outdated");
    assert_eq!(window.cell(FORM, CUTOFF, "total", "person_times"), "2");

    let again = window.done(ask);
    assert_eq!(window.done(undo(&again["token"]))["withheld"], 2);
    assert_eq!(window.cell(FORM, CUTOFF, "total", "person_times"), "0");
}
