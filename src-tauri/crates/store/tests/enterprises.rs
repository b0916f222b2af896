//! Enterprises found by words, joined, and alike.

use std::collections::BTreeSet;

use domain::{RecordId, Value};
use store::StoreError;
use sweepbook_store as store;
use testkit::edits::AUTHOR;
use testkit::offices::{COUNTIES, YINCHUAN, office};
use testkit::{Desk, edit, record, slots};

fn enterprise(name: &str) -> store::Edit {
    edit("enterprise", COUNTIES[0], [("name", name.into())])
}

// Search.

fn search(desk: &Desk, text: &str, limit: u32) -> Vec<RecordId> {
    desk.book.read::<_, StoreError>(|reader| reader.search(text, limit)).unwrap()
}

#[test]
fn enterprises_are_found_by_fragment_code_and_initials() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut named = |name: &str, uscc: &str| {
        let mut entry = enterprise(name);
        entry.slots.insert("uscc".into(), uscc.into());
        desk.write(entry.clone()).unwrap();
        entry.record
    };
    let chongqing = named("重庆Abc口罩厂（有限公司）", "915001000000000001");
    let yongning = named("永宁县康达口罩厂", "91640121MA00000002");
    let rare = named("宁夏𬭩㐂有限公司", "92640100MA00000003");
    for (text, expected) in [
        ("口罩", vec![chongqing, yongning]),
        ("罩口", vec![]),
        ("罩", vec![chongqing, yongning]),
        ("庆abc", vec![chongqing]),
        ("口罩厂有限", vec![chongqing]),
        ("cq", vec![chongqing]),
        ("zq", vec![chongqing]),
        ("CQABCK", vec![chongqing]),
        ("qk", vec![]),
        ("ynx", vec![yongning]),
        ("9164", vec![yongning]),
        ("91640121ma", vec![yongning]),
        ("91", vec![chongqing, yongning]),
        ("640121", vec![]),
        ("𬭩㐂", vec![rare]),
        ("𬭩", vec![rare]),
        ("㐂", vec![rare]),
        (" 康达 ", vec![yongning]),
        ("", vec![]),
        ("（）", vec![]),
        ("\" OR *", vec![]),
        ("口罩*", vec![chongqing, yongning]),
        ("x'; DROP TABLE record; --", vec![]),
    ] {
        let mut found = search(&desk, text, 10);
        found.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{text:?}");
    }
    assert_eq!(search(&desk, "口罩", 1).len(), 1);

    // Renamed, it is found under the new name only.
    let mut renamed = enterprise("");
    (renamed.record, renamed.slots) = (yongning, slots([("name", "贺兰山商贸".into())]));
    desk.write(renamed).unwrap();
    assert_eq!(search(&desk, "康达", 10), vec![]);
    assert_eq!(search(&desk, "ynx", 10), vec![]);
    assert_eq!(search(&desk, "贺兰", 10), vec![yongning]);
    assert_eq!(search(&desk, "hls", 10), vec![yongning]);
}

#[test]
fn voided_enterprises_come_last_and_take_no_place() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..6 {
        let mut entry = enterprise(&format!("康达{at}号"));
        entry.slots.insert("uscc".into(), Value::text(format!("9164012100000000{at:02}")));
        entry.slots.insert("void".into(), "注销".into());
        desk.write(entry).unwrap();
    }
    let mut live = enterprise("康达商贸");
    live.slots.insert("uscc".into(), "916401210000000099".into());
    desk.write(live.clone()).unwrap();
    for text in ["康达", "kd", "9164"] {
        assert_eq!(search(&desk, text, 3).len(), 3, "{text}");
        assert_eq!(search(&desk, text, 3)[0], live.record, "{text}");
        assert_eq!(search(&desk, text, 10).len(), 7, "{text}");
    }
}

#[test]
fn an_undone_enterprise_is_not_found() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    let entry = enterprise("永宁县康达口罩厂");
    sender.write(entry.clone()).unwrap();
    let mut desk = Desk::new(2, YINCHUAN);
    desk.take(&sender.parcel("p").unwrap(), false).unwrap();
    assert_eq!(search(&desk, "康达", 10), vec![entry.record]);
    desk.undo("p").unwrap();
    assert_eq!(search(&desk, "康达", 10), vec![]);
    assert_eq!(search(&desk, "ynx", 10), vec![]);
    desk.take(&sender.parcel("p").unwrap(), true).unwrap();
    assert_eq!(search(&desk, "ynx", 10), vec![entry.record]);
}

// Joins.

fn set(desk: &mut Desk, record: RecordId, slot: &str, value: Value) {
    let entry = store::Edit {
        record,
        kind: "enterprise".into(),
        office: office(COUNTIES[0]),
        author: AUTHOR.into(),
        slots: slots([(slot, value)]),
    };
    desk.write(entry).unwrap();
}

fn join(desk: &mut Desk, from: RecordId, to: RecordId) {
    set(desk, from, "same_as", Value::text(to.to_string()));
}

#[test]
fn chains_rings_and_voided_targets_lead_to_one_root_and_can_be_undone() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut ids: Vec<RecordId> = (0..4).map(record).collect();
    ids.sort_unstable();
    let [a, b, c, d] = ids[..] else { unreachable!() };
    for id in &ids {
        set(&mut desk, *id, "name", Value::text(format!("企业{id}")));
    }
    let roots = |desk: &Desk| {
        desk.book
            .read::<_, StoreError>(|reader| {
                [a, b, c, d].into_iter().map(|id| reader.root_of(id)).collect::<Result<Vec<_>, _>>()
            })
            .unwrap()
    };
    let group = |desk: &Desk, id| desk.book.read::<_, StoreError>(|reader| reader.group_of(id)).unwrap();
    assert_eq!(roots(&desk), [a, b, c, d]);
    assert_eq!(group(&desk, a), [a]);

    // A chain.
    join(&mut desk, a, b);
    join(&mut desk, b, c);
    assert_eq!(roots(&desk), [c, c, c, d]);
    for id in [a, b, c] {
        assert_eq!(group(&desk, id), [a, b, c]);
    }
    // A voided link in the middle is passed over: the way goes on.
    set(&mut desk, b, "void", "重复".into());
    assert_eq!(roots(&desk)[0], c);
    set(&mut desk, b, "void", Value::Null);
    // A voided end: the last live one on the way.
    set(&mut desk, c, "void", "重复".into());
    assert_eq!(roots(&desk)[..2], [b, b]);
    set(&mut desk, c, "void", Value::Null);
    assert_eq!(roots(&desk), [c, c, c, d]);
    // A ring counts as its smallest id.
    join(&mut desk, c, a);
    assert_eq!(roots(&desk), [a, a, a, d]);
    join(&mut desk, d, c);
    assert_eq!(roots(&desk), [a, a, a, a]);
    assert_eq!(group(&desk, d), [a, b, c, d]);
    // A target that is not here.
    join(&mut desk, d, record(99));
    assert_eq!(roots(&desk), [a, a, a, d]);
    // All taken back.
    for id in [a, b, c, d] {
        set(&mut desk, id, "same_as", Value::Null);
    }
    assert_eq!(roots(&desk), [a, b, c, d]);
    assert_eq!(group(&desk, a), [a]);
    assert!(desk.book.check(&mut |_, _| ()).unwrap().findings.is_empty());
}

#[test]
fn a_target_that_arrives_later_is_joined_then() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    let (member, target) = (record(1), record(2));
    set(&mut sender, target, "name", "甲".into());
    let target_only = sender.parcel("target").unwrap();
    set(&mut sender, member, "name", "乙".into());
    join(&mut sender, member, target);
    let mut rest = sender.parcel("rest").unwrap();
    rest.lines.retain(|line| !target_only.lines.contains(line));

    let mut desk = Desk::new(2, YINCHUAN);
    let root = |desk: &Desk| desk.book.read::<_, StoreError>(|reader| reader.root_of(member)).unwrap();
    desk.take(&rest, false).unwrap();
    assert_eq!(root(&desk), member);
    desk.take(&target_only, false).unwrap();
    assert_eq!(root(&desk), target);
    desk.undo("target").unwrap();
    assert_eq!(root(&desk), member);
}

#[test]
fn likely_duplicates_are_suggested_once() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut put = |n: u64, name: &str, uscc: Option<&str>, division: Option<&str>| {
        set(&mut desk, record(n), "name", name.into());
        if let Some(uscc) = uscc {
            set(&mut desk, record(n), "uscc", uscc.into());
        }
        if let Some(division) = division {
            set(&mut desk, record(n), "division", division.into());
        }
    };
    put(1, "康达（宁夏）口罩厂", Some("91640121MA00000001"), Some("640121"));
    put(2, "另一家", Some("91640121MA00000001"), Some("640122"));
    put(3, "康达宁夏口罩厂", None, Some("640121"));
    put(4, "康达宁夏口罩厂", None, Some("640122"));
    put(5, "康达宁夏口罩厂", None, None);
    let pairs = |desk: &Desk| -> BTreeSet<(BTreeSet<RecordId>, &'static str)> {
        let pairs = desk.book.read::<_, StoreError>(|reader| reader.pairs(&BTreeSet::new())).unwrap();
        pairs.into_iter().map(|(left, right, reason)| (BTreeSet::from([left, right]), reason)).collect()
    };
    let pair = |left, right| BTreeSet::from([record(left), record(right)]);
    // The same name in another division, or with none, may be the same firm too: each with the first of them.
    let named = |numbers: &[u64]| -> BTreeSet<(BTreeSet<RecordId>, &'static str)> {
        let mut ids: Vec<RecordId> = numbers.iter().map(|n| record(*n)).collect();
        ids.sort();
        ids[1..].iter().map(|other| (BTreeSet::from([ids[0], *other]), "name")).collect()
    };
    let with_code: BTreeSet<_> = named(&[1, 3, 4, 5]).into_iter().chain([(pair(1, 2), "uscc")]).collect();
    assert_eq!(pairs(&desk), with_code);
    join(&mut desk, record(2), record(1));
    assert_eq!(pairs(&desk), named(&[1, 3, 4, 5]));
    for n in [3, 4] {
        set(&mut desk, record(n), "void", "重复".into());
    }
    assert_eq!(pairs(&desk), named(&[1, 5]));
}

/// Names copied out of a PDF: the radicals U+2F42 and U+2F1A stand there for 文 and 厂.
#[test]
fn radicals_out_of_a_pdf_are_the_characters_they_look_like() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    set(&mut desk, record(1), "name", "\u{2F42}华口罩\u{2F1A}".into());
    set(&mut desk, record(2), "name", "文华口罩厂".into());
    let found = |desk: &Desk, typed: &str| -> BTreeSet<RecordId> {
        desk.book.read::<_, StoreError>(|reader| reader.search(typed, 10)).unwrap().into_iter().collect()
    };
    let both = BTreeSet::from([record(1), record(2)]);
    for typed in ["文华", "\u{2F42}华", "口罩厂", "whkzc"] {
        assert_eq!(found(&desk, typed), both, "{typed}");
    }
    desk.book
        .read::<_, StoreError>(|reader| {
            let pairs = reader.pairs(&BTreeSet::new())?;
            assert_eq!(pairs.len(), 1, "{pairs:?}");
            assert_eq!((BTreeSet::from([pairs[0].0, pairs[0].1]), pairs[0].2), (both.clone(), "name"));
            let similar = reader.similar("文华口罩厂", "", Some(record(2)), 5)?;
            assert_eq!(similar, [store::Similar { record: record(1), likeness: store::Likeness::Name }]);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_name_of_two_characters_is_like_the_same_name() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    set(&mut desk, record(1), "name", "甲厂".into());
    set(&mut desk, record(2), "name", "佳厂".into());
    let similar = desk.book.read::<_, StoreError>(|reader| reader.similar("甲 厂", "", None, 5)).unwrap();
    assert_eq!(similar, [store::Similar { record: record(1), likeness: store::Likeness::Name }]);
}
