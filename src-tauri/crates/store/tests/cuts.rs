//! A sealed filing takes no more, and a cut opens the same lines again: in the book that made it, in another one, and after
//! whatever happened since.

use std::collections::BTreeSet;

use domain::cut::Cut;
use domain::{Hlc, RecordId, RevisionDraft, RevisionId, Value};
use proptest::prelude::*;
use store::{CutLines, Edit, Replay, RevisionState, StoreError};
use sweepbook_store as store;
use testkit::clock::NOW;
use testkit::edits::AUTHOR;
use testkit::offices::{COUNTIES, NINGXIA, office};
use testkit::{Desk, Parcel, device, edit, record};

fn case(number: u64, fen: i64) -> Edit {
    Edit { record: record(number), ..edit("case", COUNTIES[0], [("penalty_fen", fen.into())]) }
}

fn filing(state: &str, assigned: &[(&str, Value)]) -> Edit {
    let mut edit = edit("submission", COUNTIES[0], [("campaign", "ln-2020".into()), ("report", "weekly".into())]);
    edit.record = record(100);
    edit.slots.insert("state".into(), state.into());
    edit.slots.extend(assigned.iter().map(|(slot, value)| ((*slot).to_owned(), value.clone())));
    edit
}

fn cut(desk: &Desk) -> Cut {
    desk.book.read::<_, StoreError>(|reader| reader.cut()).unwrap()
}

/// The penalties of the book as it stood at a cut, by record; `None` where it does not hold all of it.
fn penalties(desk: &Desk, cut: &Cut) -> Option<Vec<(RecordId, i64)>> {
    desk.book
        .read::<_, StoreError>(|reader| {
            let CutLines::Complete(lines) = reader.lines_of_cut(cut)? else { return Ok(None) };
            let replay = Replay::of(reader, &lines, &mut |_, _| ())?;
            replay.read(|then| {
                let known = (0..20).map(record).filter_map(|id| Some((id, then.record(id).unwrap()?)));
                let live = known.filter(|(_, record)| record.void.is_none());
                Ok(Some(live.filter_map(|(id, record)| Some((id, record.int("penalty_fen")?))).collect()))
            })
        })
        .unwrap()
}

fn shown(desk: &Desk, slot: &str) -> Option<Value> {
    let folded = desk.book.read::<_, StoreError>(|reader| reader.folded(record(100))).unwrap();
    folded.expect("the filing is here").1.slots.get(slot).cloned()
}

fn disputed(desk: &Desk) -> usize {
    let aside = desk.book.read::<_, StoreError>(|reader| reader.set_aside()).unwrap();
    aside.iter().filter(|aside| aside.state == RevisionState::Disputed).count()
}

fn sound(desk: &Desk) {
    assert_eq!(desk.book.check(&mut |_, _| ()).unwrap().findings, vec![]);
}

/// A line of the filing as another device would write it.
fn line(n: u64, parents: &[RevisionId], millis: u64, assigned: &[(&str, Value)]) -> Vec<u8> {
    let draft = RevisionDraft {
        record: record(100),
        kind: "submission".into(),
        office: office(COUNTIES[0]),
        parents: parents.to_vec(),
        device: device(n),
        seq: 1,
        clock: Hlc { millis, counter: 0 },
        author: AUTHOR.into(),
        fields: assigned.iter().map(|(slot, value)| ((*slot).to_owned(), value.clone())).collect(),
    };
    draft.to_line().unwrap().into_bytes()
}

fn parcel(uuid: &str, lines: Vec<Vec<u8>>) -> Parcel {
    Parcel { uuid: uuid.to_owned(), office: office(COUNTIES[0]), device: device(9), lines }
}

#[test]
fn a_sealed_filing_takes_no_revision_not_even_a_void() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let reviewed = desk.write(filing("reviewed", &[])).unwrap();
    let sealed = desk.write(filing("sealed", &[("filler", "张三".into())])).unwrap();
    for slots in [("filler", Value::text("李四")), ("void", Value::text("误报"))] {
        let refused = desk.write(Edit { slots: [(slots.0.to_owned(), slots.1)].into(), ..filing("sealed", &[]) });
        assert_eq!(refused.unwrap_err().notice().code, "filing-sealed");
    }
    // From elsewhere it is kept, and set aside: what came after the seal, and what came beside it.
    let after = line(2, &[sealed], NOW, &[("void", "作废".into())]);
    let beside = line(3, &[reviewed], NOW + 9_000_000, &[("filler", "王五".into())]);
    desk.take(&parcel("late", vec![after, beside]), false).unwrap();
    assert_eq!((shown(&desk, "filler"), shown(&desk, "void")), (Some("张三".into()), None));
    assert_eq!(disputed(&desk), 2);
    sound(&desk);
}

#[test]
fn of_two_who_seal_one_filing_the_first_stands_whatever_came_first() {
    let mut here = Desk::new(1, COUNTIES[0]);
    let reviewed = here.write(filing("reviewed", &[])).unwrap();
    let early = line(2, &[reviewed], NOW + 1, &[("state", "sealed".into()), ("filler", "早".into())]);
    let late = line(3, &[reviewed], NOW + 2, &[("state", "sealed".into()), ("filler", "晚".into())]);
    let begun = here.parcel("begun").unwrap();
    for order in [[&early, &late], [&late, &early]] {
        let mut desk = Desk::new(7, NINGXIA);
        desk.take(&begun, false).unwrap();
        for (at, line) in order.into_iter().enumerate() {
            desk.take(&parcel(&format!("seal {at}"), vec![line.clone()]), false).unwrap();
        }
        assert_eq!(shown(&desk, "filler"), Some("早".into()));
        assert_eq!(disputed(&desk), 1);
        sound(&desk);
    }
}

#[test]
fn a_cut_opens_the_records_as_they_stood() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    desk.write(case(1, 100)).unwrap();
    desk.write(case(2, 200)).unwrap();
    let made = cut(&desk);
    let stood = vec![(record(1), 100), (record(2), 200)];
    desk.write(case(1, 999)).unwrap();
    desk.write(case(3, 300)).unwrap();
    desk.write(Edit { slots: [("void".to_owned(), Value::text("重复"))].into(), ..case(2, 0) }).unwrap();
    assert_eq!(penalties(&desk, &made), Some(sorted(stood.clone())));
    // In the book of whoever received them, with more besides.
    let mut region = Desk::new(9, NINGXIA);
    region.write(case(7, 7)).unwrap();
    region.take(&desk.parcel("all").unwrap(), false).unwrap();
    assert_eq!(penalties(&region, &made), Some(sorted(stood)));
    // And not in one that holds only a part.
    let mut part = Desk::new(8, NINGXIA);
    let first = desk.parcel_of("part", |range| {
        range.last = 1;
        true
    });
    part.take(&first.unwrap(), false).unwrap();
    assert_eq!(penalties(&part, &made), None);
}

#[test]
fn what_was_taken_back_when_it_was_made_is_not_counted_and_what_is_taken_back_later_is() {
    let mut county = Desk::new(1, COUNTIES[0]);
    county.write(case(1, 100)).unwrap();
    let first = county.parcel("first").unwrap();
    county.write(case(2, 200)).unwrap();
    let second = county.parcel_of("second", |range| {
        range.first = 2;
        true
    });
    let second = second.unwrap();
    let mut region = Desk::new(9, NINGXIA);
    region.take(&first, false).unwrap();
    region.take(&second, false).unwrap();
    let both = cut(&region);
    region.undo("second").unwrap();
    let one = cut(&region);
    assert_eq!((both.aside.len(), one.aside.len()), (0, 1));
    assert_eq!(penalties(&region, &both).unwrap().len(), 2, "its lines are still here");
    assert_eq!(penalties(&region, &one).unwrap(), vec![(record(1), 100)]);
    region.take(&second, true).unwrap();
    assert_eq!(penalties(&region, &one).unwrap(), vec![(record(1), 100)]);
    // The county never took anything back, and holds the same lines.
    assert_eq!(penalties(&county, &one).unwrap(), vec![(record(1), 100)]);
}

#[test]
fn a_number_written_twice_after_the_cut_does_not_hide_which_line_it_was() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    desk.write(case(1, 100)).unwrap();
    let made = cut(&desk);
    let mut copy = Desk::new(1, COUNTIES[0]);
    copy.write(case(2, 50)).unwrap();
    desk.take(&copy.parcel("copy").unwrap(), false).unwrap();
    assert_eq!(penalties(&desk, &made), Some(vec![(record(1), 100)]));
    let with_both = cut(&desk);
    assert_eq!(penalties(&desk, &with_both).unwrap().len(), 2);
}

#[test]
fn what_happened_since_is_told_by_record() {
    let mut county = Desk::new(1, COUNTIES[0]);
    for number in 1..4 {
        county.write(case(number, 100)).unwrap();
    }
    let made = cut(&county);
    let moment = county.now;
    county.write(case(2, 150)).unwrap();
    county.write(case(9, 900)).unwrap();
    let since = county
        .book
        .read::<_, StoreError>(|reader| {
            let members = reader.cut_members(&made)?.expect("its own cut");
            reader.since_cut(&members, moment)
        })
        .unwrap();
    assert_eq!(since.keys().copied().collect::<BTreeSet<_>>(), BTreeSet::from([record(2), record(9)]));
    assert!(since.values().all(|told| (told.added, told.gone, told.written_before) == (1, 0, false)));
    assert!(since.values().all(|told| told.author == AUTHOR));
}

#[derive(Debug, Clone)]
enum Act {
    /// A book, a record, a penalty.
    Write(usize, u64, i64),
    /// From one book to another, everything or only its first lines.
    Hand(usize, usize, u64),
    /// Takes back the last parcel a book took.
    Undo(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0_usize..3, 1_u64..6, 0_i64..1000).prop_map(|(book, record, fen)| Act::Write(book, record, fen)),
        (0_usize..3, 0_usize..3, 1_u64..12).prop_map(|(from, to, most)| Act::Hand(from, to, most)),
        (0_usize..3).prop_map(Act::Undo),
    ]
}

/// Three books of one office, and the parcels each took.
struct Books {
    desks: Vec<Desk>,
    taken: Vec<Vec<String>>,
    parcels: usize,
}

impl Books {
    fn new() -> Self {
        Books { desks: (1..4).map(|at| Desk::new(at, COUNTIES[0])).collect(), taken: vec![Vec::new(); 3], parcels: 0 }
    }

    fn carry_out(&mut self, act: &Act) {
        match act {
            Act::Write(book, number, fen) => drop(self.desks[*book].write(case(*number, *fen))),
            Act::Hand(from, to, _) if from == to => {}
            Act::Hand(from, to, most) => {
                self.parcels += 1;
                let uuid = format!("parcel {}", self.parcels);
                let parcel = self.desks[*from].parcel_of(&uuid, |range| {
                    range.last = range.last.min(*most);
                    true
                });
                if self.desks[*to].take(&parcel.unwrap(), false).is_ok() {
                    self.taken[*to].push(uuid);
                }
            }
            // Refused where somebody built on it: nothing happens then.
            Act::Undo(book) => {
                if let Some(uuid) = self.taken[*book].pop() {
                    let _ = self.desks[*book].undo(&uuid);
                }
            }
        }
    }
}

/// The penalties a book shows now.
fn shown_now(desk: &Desk) -> Vec<(RecordId, i64)> {
    let read = desk.book.read::<_, StoreError>(|reader| {
        let known = (0..20).map(record).filter_map(|id| Some((id, reader.record(id).unwrap()?)));
        Ok(known.filter_map(|(id, record)| Some((id, record.int("penalty_fen")?))).collect())
    });
    read.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever happens afterwards, a cut opens what the book showed when it was made; in another book that, or nothing.
    #[test]
    fn a_cut_opens_the_same_for_ever(
        before in prop::collection::vec(act(), 1..12),
        after in prop::collection::vec(act(), 0..12),
        maker in 0_usize..3,
    ) {
        let mut books = Books::new();
        before.iter().for_each(|act| books.carry_out(act));
        let (made, stood) = (cut(&books.desks[maker]), shown_now(&books.desks[maker]));
        after.iter().for_each(|act| books.carry_out(act));
        for (at, desk) in books.desks.iter().enumerate() {
            let found = penalties(desk, &made);
            prop_assert!(found.is_some() || at != maker, "its own book holds it");
            prop_assert!(found.is_none_or(|found| found == stood), "book {at}");
        }
    }
}

fn sorted(mut records: Vec<(RecordId, i64)>) -> Vec<(RecordId, i64)> {
    let order: Vec<RecordId> = (0..20).map(record).collect();
    records.sort_by_key(|(id, _)| order.iter().position(|known| known == id));
    records
}
