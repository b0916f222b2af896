//! Who may come in: an invitation in the wrong hands, a wrong fingerprint, somebody else's package.

use crate::support::{Drawer, Office, enterprise, id};

fn region(drawer: &Drawer) -> Office {
    drawer.office("640000", "宁夏回族自治区市场监督管理厅")
}

#[test]
fn a_stolen_invitation_lets_one_ask_and_never_enter() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let invitation = drawer.invitation(&mut region, "640121", "永宁县市场监督管理局");
    let mut county = drawer.join(&invitation, "640121", "county.book");
    let mut thief = drawer.join(&invitation, "640121", "thief.book");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    thief.record(&[enterprise(2, "永宁县假口罩厂")]);
    let (honest, forged) = (county.hand_up(), thief.hand_up());

    // The thief is faster. His package waits, and nothing of it counts.
    let empty = region.digest();
    let waits = region.import(&forged, None, false).unwrap_err();
    assert_eq!(waits.code(), "device-unconfirmed");
    assert_eq!(waits.notices[0].arg("zh"), forged.fingerprint.as_deref());
    assert_eq!(region.digest(), empty);

    // The county's own package is now the second: both are shown.
    let second = region.import(&honest, None, false).unwrap_err();
    assert_eq!(second.code(), "second-asker");
    assert_eq!(second.notices[0].arg("first"), Some(thief.session.device().to_string().as_str()));
    assert_eq!(second.notices[0].arg("device"), Some(county.session.device().to_string().as_str()));

    // The clerk phones the county, which reads its fingerprint out: it is not the thief's.
    let read_out = honest.fingerprint.clone();
    assert_ne!(region.import(&forged, Some(read_out.clone()), false).unwrap_err().code(), "includes-undone");
    assert_eq!(region.digest(), empty);
    region.import(&honest, Some(read_out), false).unwrap();
    assert_eq!(region.digest(), county.digest());

    // One invitation admits one device, whatever anyone confirms afterwards.
    assert_eq!(region.refuses(&forged), "second-asker");
    assert_eq!(region.import(&forged, Some(None), false).unwrap_err().code(), "invitation-used");
    assert_eq!(region.digest(), county.digest());

    // Once in, nobody asks again.
    let next = county.hand_up();
    region.import(&next, None, false).unwrap();
}

#[test]
fn a_fingerprint_that_differs_is_refused() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let stick = county.hand_up();
    let refused = region.import(&stick, Some(Some("苹果 牛奶 枫叶 草莓 足球 扫帚 狮子 狮子".into())), false);
    assert_eq!(refused.unwrap_err().code(), "fingerprint-differs");
    assert_eq!(region.import(&stick, Some(Some(String::new())), false).unwrap_err().code(), "fingerprint-differs");
    // People type as they like.
    let spaced = format!("  {} ", stick.fingerprint.clone().unwrap().replace(' ', ""));
    region.import(&stick, Some(Some(spaced)), false).unwrap();
}

#[test]
fn a_package_for_another_office_stays_closed() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut yongning = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let mut lingwu = drawer.below(&mut region, "640181", "灵武市市场监督管理局");
    region.take(&yongning.hand_up());
    region.take(&lingwu.hand_up());
    yongning.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let up = yongning.hand_up();
    assert_eq!(lingwu.refuses(&up), "cannot-decrypt");
    let down = region.send_down("640121");
    assert_eq!(lingwu.refuses(&down), "cannot-decrypt");
    // Its own package an office can open, and is told that it is its own.
    assert_eq!(yongning.refuses(&up), "own-package");
    assert!(lingwu.session.record(id(1).parse().unwrap()).is_err());
}

#[test]
fn a_package_imported_twice_changes_nothing() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let stick = county.hand_up();
    region.take(&stick);
    let digest = region.digest();
    assert_eq!(region.refuses(&stick), "package-already-imported");
    assert_eq!(region.digest(), digest);
}

#[test]
fn an_office_records_only_its_own_and_what_is_below() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let mut line = enterprise(1, "灵武市乙口罩厂");
    line["office"] = "640181".into();
    let refused = county.session.load(&mut line.to_string().as_bytes(), false, &mut |_| {}).unwrap_err();
    assert_eq!(refused.code(), "office-not-below");
    region.record(&[line]);
    assert_eq!(region.session.record(id(1).parse().unwrap()).unwrap().office.as_str(), "640181");
}

#[test]
fn a_second_device_of_an_office_hands_up_to_its_main_book() {
    let drawer = Drawer::new();
    let mut main = drawer.office("640121", "永宁县市场监督管理局");
    let invitation = drawer.invitation(&mut main, "640121", "外勤平板");
    let mut tablet = drawer.join(&invitation, "640121", "tablet.book");
    tablet.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let plan = main.take(&tablet.hand_up());
    assert_eq!(plan.counts.new_records, 1);
    assert_eq!(main.digest(), tablet.digest());
    // It cannot invite anyone: the office's keys stay in the main book.
    let out = drawer.path("no.invitation");
    let refused = tablet.session.invite(&"640121-01".parse().unwrap(), "所", &out).unwrap_err();
    assert_eq!(refused.code(), "no-office-keys");
    assert!(!out.exists());
}
