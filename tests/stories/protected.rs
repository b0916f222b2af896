//! A book on a stick that is write-protected: it is looked at, printed and copied, and nothing is ever written into it.

use std::ops::ControlFlow;

use api::Backend;
use app::{Clock, FillRequest, Writing};
use serde_json::{Value, json};
use testkit::faults::SmallDisk;

use crate::support::{Drawer, MAY_27, as_of, enterprise, id, inspection};

/// The office's book on a protected disk; none where this process may not mount one.
fn protected(drawer: &Drawer) -> Option<(SmallDisk, std::path::PathBuf)> {
    let disk = SmallDisk::mount(64 << 10)?;
    let mut county = drawer.office("640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂"), inspection(2, 1, "2021-03-05", &["马立群", "李秀梅"])]);
    let book = disk.path().join("永宁 100%.book");
    county.session.backup(&book).unwrap();
    // Opened once where it can be written: it is a device of its own from then on.
    drop(Writing::open(&book, &[], Clock::Fixed(MAY_27)).unwrap());
    disk.protect();
    Some((disk, book))
}

#[test]
fn everything_is_looked_at_and_every_change_refused() {
    let drawer = Drawer::new();
    let Some((disk, book)) = protected(&drawer) else {
        return println!("mounting is not permitted here: only the store's tests cover books that cannot be written");
    };
    let mut session = Writing::open(&book, &[], Clock::Fixed(MAY_27)).unwrap();
    let notice = session.read_only().unwrap();
    assert_eq!((notice.code.as_str(), notice.arg("why")), ("book-read-only", Some("disk-read-only")));
    assert_eq!(session.status().unwrap().records.iter().map(|kind| kind.live).sum::<u64>(), 2);
    let request = FillRequest::new("nx-2021-24/1", as_of("2021-05-27"));
    assert!(app::form_json(&session.fill(&request).unwrap().form).contains("\"2\""));
    assert_eq!(session.traced_records(&request, "quality", "person_times").unwrap().len(), 1);
    assert_eq!(session.search("甲", 5).unwrap().len(), 1);
    assert!(session.check(&mut |_, _| ()).unwrap().findings.is_empty());
    let pdf = drawer.path("visit.pdf");
    session.write_document(&session.document(None, id(2).parse().unwrap()).unwrap(), &pdf).unwrap();
    assert!(pdf.exists());

    let line = format!("{}\n", enterprise(3, "丙厂"));
    let refusals = [
        session.load(&mut line.as_bytes(), true, &mut |_| {}).unwrap_err(),
        session.invite(&"640121-01".parse().unwrap(), "所", &drawer.path("a.invite")).unwrap_err(),
        session.write_keys(&drawer.path("keys.txt")).unwrap_err(),
        session.rebuild(&mut |_, _| ()).unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!(refusal.code(), "book-read-only");
    }
    assert!(!drawer.path("a.invite").exists() && !drawer.path("keys.txt").exists());
    let exported = session.export(None, &drawer.path("a.sweep"), &mut |_| ControlFlow::Continue(()));
    assert_eq!(exported.unwrap_err().code(), "no-upper-office");

    // A copy elsewhere is a book to work in.
    let copy = drawer.path("copy.book");
    session.backup(&copy).unwrap();
    let mut copy = Writing::open(&copy, &[], Clock::Fixed(MAY_27)).unwrap();
    copy.load(&mut line.as_bytes(), true, &mut |_| {}).unwrap();
    let left: Vec<_> = std::fs::read_dir(disk.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the book and the lock of its last opening: {left:?}");
}

#[test]
fn the_window_is_told_and_its_saves_are_answered_in_words() {
    let drawer = Drawer::new();
    let Some((_disk, book)) = protected(&drawer) else {
        return println!("mounting is not permitted here: only the store's tests cover books that cannot be written");
    };
    let mut desk = Backend::at(book.clone(), Vec::new(), Clock::Fixed(MAY_27)).keeping_in(drawer.path("state"));
    let mut ask = |request: Value| -> Value { serde_json::from_str(&desk.dispatch(&request.to_string())).unwrap() };
    let status = ask(json!({"do": "status"}));
    assert_eq!(status["ok"]["read_only"]["path"], book.display().to_string());
    let save = json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null,
        "overrides": {}, "fields": {"name": "丙厂", "roles": ["producer"]}});
    let said = ask(save)["error"][0].clone();
    assert_eq!(said["code"], "book-read-only");
    assert!(said["message"].as_str().unwrap().contains("只能查看"), "{said}");
    assert!(said["remedy"].as_str().unwrap().contains("复制到本机硬盘"), "{said}");
    // Lists are answered beside the desk, by readers of their own.
    let readers = desk.readers();
    let list = json!({"do": "record_rows", "kind": "enterprise", "with_voided": true, "limit": 10});
    let listed: Value = serde_json::from_str(&readers.answer(&api::Request::read(&list.to_string())).unwrap()).unwrap();
    assert_eq!(listed["ok"]["total"], 1);
    drop(readers);
    drop(desk);
}
