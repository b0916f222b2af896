//! A stick is lost. Nobody has to notice: the next package carries whatever was not confirmed.

use app::Admit;

use crate::support::{Drawer, enterprise, id, inspection};

#[test]
fn the_next_package_carries_what_the_lost_one_did() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");

    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let lost = county.hand_up();
    assert_eq!(lost.revisions, 1);
    county.record(&[inspection(2, 1, "2021-04-01", &["马立群", "李秀梅"])]);

    // Until the first receipt every package is complete.
    let complete = county.hand_up();
    assert_eq!(complete.revisions, 2);
    let plan = region.take(&complete);
    assert_eq!(plan.counts.new_records, 2);
    assert_eq!(region.digest(), county.digest());

    // The region's answer says what arrived; from then on only the rest travels.
    county.take(&region.send_down("640121"));
    county.record(&[inspection(3, 1, "2021-04-02", &["马立群", "李秀梅"])]);
    let lost_too = county.hand_up();
    assert_eq!(lost_too.revisions, 1);
    county.record(&[inspection(4, 1, "2021-04-03", &["马立群", "李秀梅"])]);
    let both = county.hand_up();
    assert_eq!(both.revisions, 2);
    region.take(&both);
    assert_eq!(region.digest(), county.digest());

    // The lost sticks turn up after all: nothing in them is new.
    for late in [&lost_too, &lost] {
        let plan = region.take(late);
        assert_eq!(plan.counts.new_records, 0);
        assert_eq!(plan.counts.duplicates, plan.counts.revisions);
    }
    assert_eq!(region.digest(), county.digest());
    region.is_sound();
}

#[test]
fn a_receipt_may_shrink_and_what_it_no_longer_names_travels_again() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    region.take(&county.hand_up());
    county.take(&region.send_down("640121"));
    county.record(&[inspection(2, 1, "2021-04-01", &["马立群", "李秀梅"])]);
    let stick = county.hand_up();
    let plan = region.take(&stick);
    county.take(&region.send_down("640121"));
    assert_eq!(county.hand_up().revisions, 0);

    region.session.undo(&plan.package, None).unwrap();
    county.take(&region.send_down("640121"));
    let again = county.hand_up();
    assert_eq!(again.revisions, 1);
    assert_eq!(region.refuses(&again), "includes-undone");
    region.import(&again, Admit::Nobody, true).unwrap();
    assert_eq!(region.field(&id(2), "date"), "2021-04-01");
    assert_eq!(region.digest(), county.digest());
}
