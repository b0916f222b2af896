//! What goes out: looked at before it is sealed, confirmed by the one who got it, refused in words where it cannot be
//! written; and the invitations and devices behind it.

use std::ops::ControlFlow;

use app::{GivenState, Progress};
use serde_json::json;

use crate::support::{Drawer, enterprise, id};

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn contents_say_what_is_new_edited_and_not_confirmed() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let counts = |office: &crate::support::Office| {
        let contents = office.session.contents(None).unwrap();
        let kinds: Vec<(String, u64, u64, u64)> =
            contents.kinds.into_iter().map(|kind| (kind.kind, kind.fresh, kind.edited, kind.again)).collect();
        (kinds, contents.revisions)
    };
    assert_eq!(county.session.contents(None).unwrap().revisions, 0);
    county.record(&[enterprise(1, "永宁县甲口罩厂"), enterprise(2, "永宁县乙口罩厂")]);
    assert_eq!(counts(&county), (vec![("enterprise".to_owned(), 2, 0, 0)], 2));
    assert!(county.session.contents(None).unwrap().check_in.is_some(), "nobody above knows this book yet");

    let stick = county.hand_up();
    let contents = county.session.contents(None).unwrap();
    assert_eq!((contents.last_sealed, contents.confirmed), (Some(crate::support::MAY_27), None));
    assert_eq!(counts(&county), (vec![("enterprise".to_owned(), 0, 0, 2)], 2), "until the receiver confirms");

    region.take(&stick);
    county.take(&region.send_down("640121"));
    county.edit("enterprise", &id(2), json!({"phone": "0951-5550001"}));
    county.record(&[enterprise(3, "永宁县丙口罩厂")]);
    assert_eq!(counts(&county), (vec![("enterprise".to_owned(), 1, 1, 0)], 2));
    let confirmed = county.session.contents(None).unwrap().confirmed.unwrap();
    assert_eq!((confirmed.revisions, confirmed.record), (2, Some(id(2))));
    assert_eq!(county.session.contents(None).unwrap().check_in, None);

    // Downwards the same question is about the county's records.
    let down = region.session.contents(Some(&"640121".parse().unwrap())).unwrap();
    assert_eq!((down.to_name.as_str(), down.kinds.len()), ("永宁县市场监督管理局", 0));
    assert_eq!(region.session.contents(None).unwrap_err().code(), "no-upper-office");
}

#[test]
fn a_folder_that_is_not_there_is_said_so_and_nothing_is_noted() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let pulled = drawer.path("pulled-stick");
    let refused = county.session.export(None, &pulled.join("a.sweep"), &mut go).unwrap_err();
    assert_eq!(refused.code(), "place-missing");
    assert_eq!(county.session.packages().unwrap(), []);

    let given = region.session.peers().unwrap().invitations.len();
    let to = "640181".parse().unwrap();
    let refused = region.session.invite(&to, "灵武市市场监督管理局", &pulled.join("a.invite")).unwrap_err();
    assert_eq!(refused.code(), "place-missing");
    assert_eq!(region.session.peers().unwrap().invitations.len(), given, "an invitation nobody holds was not given");
}

#[test]
fn an_invitation_is_open_used_or_taken_back() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let of = |region: &crate::support::Office, office: &str| {
        let peers = region.session.peers().unwrap();
        peers.invitations.into_iter().find(|given| given.office == office).unwrap()
    };
    assert_eq!(of(&region, "640121").state, GivenState::Open);
    region.take(&county.hand_up());
    let used = of(&region, "640121");
    assert_eq!((used.state, used.device), (GivenState::Used, Some(county.session.device().to_string())));
    assert_eq!(region.session.revoke(&used.id).unwrap_err().code(), "invitation-spent");

    let file = drawer.invitation(&mut region, "640181", "灵武市市场监督管理局");
    region.session.revoke(&of(&region, "640181").id).unwrap();
    assert_eq!(of(&region, "640181").state, GivenState::Expired);
    let mut late = drawer.join(&file, "640181", "640181.book");
    late.record(&[enterprise(2, "灵武市乙口罩厂")]);
    assert_eq!(region.refuses(&late.hand_up()), "invitation-expired");
    assert_eq!(region.session.revoke("nothing").unwrap_err().code(), "invitation-unknown");
}

#[test]
fn everyone_is_shown_with_their_devices() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let stick = county.hand_up();
    assert_eq!(region.refuses(&stick), "device-unconfirmed");
    region.take(&stick);
    let (here, there) = (region.session.peers().unwrap(), county.session.peers().unwrap());
    assert!(there.devices[0].here && !there.devices[0].asking);
    let seen = &here.offices[0].devices;
    assert_eq!((seen.len(), &seen[0].id, seen[0].asking), (1, &there.devices[0].id, false));
    assert_eq!((here.offices[0].relation.as_str(), there.offices[0].relation.as_str()), ("lower", "upper"));
    assert!(here.offices[0].last_in.is_some() && here.offices[0].last_out.is_none());
}

#[test]
fn all_receipts_are_saved_into_one_folder_and_one_that_cannot_be_stops_no_other() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    for (n, (code, name)) in
        [("640121", "永宁县市场监督管理局"), ("640181", "灵武市市场监督管理局")].into_iter().enumerate()
    {
        let mut county = drawer.below(&mut region, code, name);
        county.record(&[enterprise(n as u32 + 1, "口罩厂")]);
        region.take(&county.hand_up());
    }
    let window = drawer.window(region);
    let folder = drawer.path("stick");
    std::fs::create_dir(&folder).unwrap();
    let answers = json!([
        {"office": "640121", "name": "厅致永宁/../x.sweep"},
        {"office": "640221", "name": "厅致平罗.sweep"},
        {"office": "640181", "name": "厅致灵武.sweep"},
    ]);
    let export_all = json!({"do": "export_all", "answers": answers, "out": folder});
    let done = window.done(export_all.clone());
    assert_eq!(done[1]["problems"][0]["code"], "office-not-known");
    let names = |done: &serde_json::Value| {
        [0, 2].map(|at| done[at]["written"]["name"].as_str().unwrap_or_else(|| panic!("{done}")).to_owned())
    };
    let first = names(&done);
    assert_eq!(done[0]["written"]["folder"], folder.display().to_string());
    assert_eq!(first[1], "厅致灵武.sweep");
    // Nothing is written over, and no name leads out of the folder.
    let second = names(&window.done(export_all));
    assert_eq!(second[1], "厅致灵武-2.sweep");
    let written = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(written, 4, "{first:?} {second:?}");
    drop(window);
    let taken = drawer
        .reopen("640181")
        .session
        .plan(&app::ImportRequest { file: folder.join("厅致灵武.sweep"), ..Default::default() }, &mut go);
    assert_eq!(taken.unwrap().from, "640000");
}
