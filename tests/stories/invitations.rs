//! Who may come in: an invitation in the wrong hands, a wrong fingerprint, somebody else's package.

use app::Admit;

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
    let waits = region.import(&forged, Admit::Nobody, false).unwrap_err();
    assert_eq!(waits.code(), "device-unconfirmed");
    assert_eq!(waits.notices[0].arg("zh"), forged.fingerprint.as_deref());
    assert_eq!(region.digest(), empty);

    // The county's own package is now the second: both are shown.
    let second = region.import(&honest, Admit::Nobody, false).unwrap_err();
    assert_eq!(second.code(), "second-asker");
    assert_eq!(second.notices[0].arg("first"), Some(thief.session.device().to_string().as_str()));
    assert_eq!(second.notices[0].arg("device"), Some(county.session.device().to_string().as_str()));

    // The clerk phones the county, which reads its fingerprint out: it is not the thief's.
    let read_out = honest.fingerprint.clone().unwrap();
    assert_ne!(
        region.import(&forged, Admit::Words(vec![read_out.clone()]), false).unwrap_err().code(),
        "includes-undone"
    );
    assert_eq!(region.digest(), empty);
    region.import(&honest, Admit::Words(vec![read_out]), false).unwrap();
    assert_eq!(region.digest(), county.digest());

    // One invitation admits one device, whatever anyone confirms afterwards.
    assert_eq!(region.refuses(&forged), "second-asker");
    assert_eq!(region.import(&forged, Admit::Anyone, false).unwrap_err().code(), "invitation-used");
    assert_eq!(region.digest(), county.digest());

    // Once in, nobody asks again.
    let next = county.hand_up();
    region.import(&next, Admit::Nobody, false).unwrap();
}

#[test]
fn a_fingerprint_that_differs_is_refused() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let stick = county.hand_up();
    let refused = region.import(&stick, Admit::Words(vec!["苹果 牛奶 枫叶 草莓 足球 扫帚 狮子 狮子".into()]), false);
    assert_eq!(refused.unwrap_err().code(), "fingerprint-differs");
    assert_eq!(
        region.import(&stick, Admit::Words(vec![String::new()]), false).unwrap_err().code(),
        "fingerprint-differs"
    );
    // People type as they like.
    let spaced = format!("  {} ", stick.fingerprint.clone().unwrap().replace(' ', ""));
    region.import(&stick, Admit::Words(vec!["苹果 牛奶".into(), spaced]), false).unwrap();
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

/// Adds an office above in the way earlier programs did, without a question.
fn add_upper(book: &std::path::Path, like: &str, code: &str) {
    let mut book = store::Book::open(book).unwrap();
    book.transact::<_, store::StoreError>(|writer| {
        let known = writer.office(&like.parse()?)?.unwrap();
        writer.put_office(&store::OfficeRow {
            code: code.parse()?, name: "银川市市场监督管理局".into(), ..known
        })
    })
    .unwrap();
}

#[test]
fn a_strangers_invitation_takes_over_nothing() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    // It stands above the county too, and is called like the true region.
    let mut stranger = drawer.office("640100", "宁夏回族自治区市场监督管理厅");
    let invitation = drawer.path("stranger.invitation");
    stranger.session.invite(&"640121".parse().unwrap(), "永宁县市场监督管理局", &invitation).unwrap();
    let clock = app::Clock::Fixed(crate::support::MAY_27);
    let words = app::Writing::look_at_invitation(&invitation, clock).unwrap().fingerprint.zh;
    let book = drawer.path("640121.book");
    drop(county);
    let join = |words: &str| app::Writing::join(&book, &invitation, words, None, &[], clock).map(drop);
    assert_eq!(join(&words).unwrap_err().code(), "upper-office-known");
    assert_eq!(join("").unwrap_err().code(), "inviter-words-differ");
    let fresh = drawer.path("fresh.book");
    let refused = app::Writing::join(&fresh, &invitation, "苹果 牛奶", None, &[], clock).err().unwrap();
    assert_eq!((refused.code(), fresh.exists()), ("inviter-words-differ", false));

    let mut county = drawer.reopen("640121");
    let stick = county.hand_up();
    assert_eq!(stranger.refuses(&stick), "cannot-decrypt");
    region.take(&stick);

    // A person says so first: then, and not before, it hands up to the other one.
    assert_eq!(county.session.remove_upper(&"640100".parse().unwrap()).unwrap_err().code(), "office-not-known");
    assert_eq!(region.session.remove_upper(&"640121".parse().unwrap()).unwrap_err().code(), "office-not-upper");
    county.session.remove_upper(&"640000".parse().unwrap()).unwrap();
    assert_eq!(county.session.contents(None).unwrap_err().code(), "no-upper-office");
    let answer = region.send_down("640121");
    assert_eq!(county.refuses(&answer), "unknown-sender");
    drop(county);
    join(&words).unwrap();
    assert_eq!(drawer.reopen("640121").session.contents(None).unwrap().to, "640100");
}

#[test]
fn a_book_with_two_offices_above_asks_which_one_and_never_chooses() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    drop(county);
    add_upper(&drawer.path("640121.book"), "640000", "640100");
    let mut county = drawer.reopen("640121");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    assert_eq!(county.session.contents(None).unwrap_err().code(), "upper-offices-several");
    assert_eq!(county.session.status().unwrap().upper_office, None);
    let uppers = county.session.peers().unwrap().offices;
    assert_eq!(uppers.iter().filter(|office| office.relation == "upper").count(), 2, "both are shown");
    county.session.remove_upper(&"640100".parse().unwrap()).unwrap();
    assert_eq!(county.session.contents(None).unwrap().to, "640000");
    region.take(&county.hand_up());
}

#[test]
fn both_sides_read_the_same_words_where_the_manual_sends_them() {
    use serde_json::{Value, json};
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let window = drawer.window(county);
    let check_in = |window: &crate::support::Window| {
        let offices = window.done(json!({"do": "peers"}))["check_in"].clone();
        let export = window.done(json!({"do": "export_contents", "to": null}))["check_in"].clone();
        assert_eq!(offices, export);
        offices
    };
    let before = check_in(&window);
    assert_eq!(before["zh"].as_str().unwrap().split(' ').count(), 8);
    let out = drawer.path("first.sweep");
    let exported = window.done(json!({"do": "export", "to": null, "out": out}));
    assert_eq!(exported["exported"]["fingerprint"], before);
    assert_eq!(check_in(&window), before, "they stay where they were");

    let above = drawer.window(region);
    let files = [above.bring(&out, false)];
    let asks = above.plan(&files);
    assert_eq!(asks["files"][0]["fingerprint"], before, "what the county reads out is what the region is shown");
    let files = [above.bring(&out, true)];
    let plan = above.plan(&files);
    above.apply(&files, &plan);
    let answer = drawer.path("answer.sweep");
    above.done(json!({"do": "export", "to": "640121", "out": answer}));
    let files = [window.bring(&answer, false)];
    let plan = window.plan(&files);
    window.apply(&files, &plan);
    assert_eq!(check_in(&window), Value::Null, "the region has answered");
}

#[test]
fn looking_at_a_package_lets_nobody_in() {
    let drawer = Drawer::new();
    let mut region = region(&drawer);
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let (first, second) = (county.hand_up(), county.hand_up());
    assert_eq!(region.plan(&first).counts.new_records, 1, "the content is shown to whoever compared the words");
    let known = region.session.peers().unwrap();
    assert_eq!((known.offices.len(), known.invitations[0].state), (0, app::GivenState::Open));
    assert_eq!(region.refuses(&first), "device-unconfirmed");

    // Two packages of a new device, the words compared once: it is let in with the first that is taken in.
    let window = drawer.window(region);
    let files = [window.bring(&first.file, true), window.bring(&second.file, false)];
    let plan = window.plan(&files);
    assert_eq!(crate::support::statuses(&plan["files"]), ["ready", "ready"]);
    drop(window);
    assert!(drawer.reopen("640000").session.peers().unwrap().offices.is_empty());
    let window = drawer.window(drawer.reopen("640000"));
    let files = [window.bring(&first.file, true), window.bring(&second.file, false)];
    let plan = window.plan(&files);
    assert_eq!(crate::support::statuses(&window.apply(&files, &plan)), ["applied", "applied"]);
    drop(window);
    assert_eq!(drawer.reopen("640000").digest(), county.digest());
}
