//! A book is lost and its backup restored: it goes on under a new device, and nothing that was sent is contradicted.

use app::{Clock, Writing};
use serde_json::json;

use crate::support::{Drawer, MAY_27, MINUTE, enterprise, id, inspection};

#[test]
fn a_restored_backup_goes_on_as_a_new_device() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    region.take(&county.hand_up());
    let backup = drawer.path("monday.book");
    county.session.backup(&backup).unwrap();

    // On Tuesday two visits are recorded and sent; then the disk dies.
    county.record(&[inspection(2, 1, "2021-05-25", &["马立群", "李秀梅"])]);
    county.edit("enterprise", &id(1), json!({"phone": "0951-5550001"}));
    region.take(&county.hand_up());
    let old_device = county.session.device().to_string();
    drop(county);
    let path = drawer.path("640121.book");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    std::fs::copy(&backup, &path).unwrap();

    let session = Writing::open(&path, &[], Clock::Fixed(MAY_27 + MINUTE)).unwrap();
    let mut county = drawer.desk(session, "640121");
    assert_ne!(county.session.device().to_string(), old_device);
    county.record(&[inspection(3, 1, "2021-05-26", &["马立群", "李秀梅"])]);

    // The region knows the office, so its new device needs no invitation, and sends back what was lost.
    let stick = county.hand_up();
    assert_eq!(region.take(&stick).counts.forks, 0);
    county.take(&region.send_down("640121"));
    assert_eq!(county.field(&id(2), "date"), "2021-05-25");
    assert_eq!(county.field(&id(1), "phone"), "0951-5550001");
    assert_eq!(region.digest(), county.digest());
    region.is_sound();
    county.is_sound();
}

#[test]
fn a_copy_opened_elsewhere_is_another_device_and_the_book_itself_is_not() {
    let drawer = Drawer::new();
    let mut county = drawer.office("640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let device = county.session.device().to_string();
    let copy = drawer.path("copy.book");
    county.session.backup(&copy).unwrap();
    let elsewhere = Writing::open(&copy, &[], Clock::Fixed(MAY_27)).unwrap();
    assert_ne!(elsewhere.device().to_string(), device);
    assert_eq!(elsewhere.digest().unwrap(), county.digest());
    drop(county);
    let again = Writing::open(&drawer.path("640121.book"), &[], Clock::Fixed(MAY_27)).unwrap();
    assert_eq!(again.device().to_string(), device);
    // Its device was settled the first time it was opened there.
    let named = elsewhere.device().to_string();
    drop(elsewhere);
    assert_eq!(Writing::open(&copy, &[], Clock::Fixed(MAY_27)).unwrap().device().to_string(), named);
}

#[test]
fn a_moved_book_stays_the_device_it_was() {
    let drawer = Drawer::new();
    let county = drawer.office("640121", "永宁县市场监督管理局");
    let device = county.session.device().to_string();
    drop(county);
    std::fs::rename(drawer.path("640121.book"), drawer.path("moved.book")).unwrap();
    let moved = Writing::open(&drawer.path("moved.book"), &[], Clock::Fixed(MAY_27)).unwrap();
    assert_eq!(moved.device().to_string(), device);
}

#[test]
fn a_region_set_back_to_monday_asks_again_for_what_came_since() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    region.take(&county.hand_up());
    let backup = drawer.path("monday.book");
    region.session.backup(&backup).unwrap();

    county.record(&[inspection(2, 1, "2021-05-25", &["马立群", "李秀梅"])]);
    region.take(&county.hand_up());
    county.take(&region.send_down("640121"));
    assert_eq!(county.hand_up().revisions, 0);
    drop(region);
    let path = drawer.path("640000.book");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    std::fs::copy(&backup, &path).unwrap();

    // Its receipt names less than the one before; the county believes it, and sends the rest once more.
    let session = Writing::open(&path, &[], Clock::Fixed(MAY_27 + MINUTE)).unwrap();
    let mut region = drawer.desk(session, "640000");
    county.take(&region.send_down("640121"));
    let again = county.hand_up();
    assert_eq!(again.revisions, 1);
    region.take(&again);
    assert_eq!(region.field(&id(2), "date"), "2021-05-25");
    assert_eq!(region.digest(), county.digest());
}
