//! An inspector photographs a label; the photo goes up with its record, once, and the region sees what the county saw.

use crate::support::{Drawer, enterprise, id, inspection};

const LABEL: &[u8] = include_bytes!("../fixtures/photos/sideways.jpg");

#[test]
fn the_region_sees_the_photo_the_county_took() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂"), inspection(11, 1, "2021-05-26", &["马立群", "李秀梅"])]);
    let visit = id(11).parse().unwrap();
    let added = county.session.add_photo(visit, "合格证.jpg", LABEL).unwrap();
    // The same label also belongs to the enterprise: one content, two records.
    county.session.add_photo(id(1).parse().unwrap(), "合格证.jpg", LABEL).unwrap();

    region.take(&county.hand_up());
    let seen = region.session.photos(visit).unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].id, seen[0].text("name")), (added.photo, Some("合格证.jpg")));
    assert_eq!(seen[0].date("taken_on").unwrap().to_string(), "2021-05-26");
    let content = county.session.photo_content(added.photo).unwrap();
    assert_eq!(region.session.photo_content(added.photo).unwrap(), content);
    assert!(content.starts_with(b"\xff\xd8\xff") && content.len() < 200_000);
    assert_eq!(region.digest(), county.digest());

    // Voided in the county, it is voided in the region; its content is never taken away.
    county.record(&[serde_json::json!({"kind": "attachment", "id": added.photo.to_string(), "void": "拍错了"})]);
    region.take(&county.hand_up());
    assert_eq!(region.session.photos(visit).unwrap()[0].void.as_deref(), Some("拍错了"));
    assert_eq!(region.session.photo_content(added.photo).unwrap(), content);
    region.is_sound();
}

#[test]
fn a_photo_of_the_region_goes_down_with_the_countys_record() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    region.take(&county.hand_up());
    let added = region.session.add_photo(id(1).parse().unwrap(), "厂门.jpg", LABEL).unwrap();
    county.take(&region.send_down("640121"));
    assert_eq!(county.session.photos(id(1).parse().unwrap()).unwrap()[0].id, added.photo);
    assert!(county.session.photo_content(added.photo).is_ok());
}
