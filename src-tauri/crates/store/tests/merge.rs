//! Merging in a real book, one rule a test: what the properties in `tests/properties` found or must not lose.

use std::collections::BTreeSet;

use domain::{Hlc, RecordId, Revision, RevisionDraft, Value};
use store::{Edit, RevisionState, StoreError};
use sweepbook_store as store;
use testkit::clock::{DAY, FAR_FUTURE, NOW};
use testkit::edits::AUTHOR;
use testkit::offices::{COUNTIES, YINCHUAN, office};
use testkit::{Desk, Parcel, device, edit, record};

fn case(fields: &[(&str, Value)]) -> Edit {
    let mut edit = edit("case", COUNTIES[0], []);
    edit.record = record(1);
    edit.slots = fields.iter().map(|(slot, value)| ((*slot).to_owned(), value.clone())).collect();
    edit
}

fn shown(desk: &Desk, slot: &str) -> Value {
    let folded = desk.book.read::<_, StoreError>(|reader| reader.folded(record(1))).unwrap();
    folded.expect("the record is here").1.slots[slot].clone()
}

fn conflicts(desk: &Desk) -> Vec<store::OpenConflict> {
    desk.book.read::<_, StoreError>(|reader| reader.conflicts()).unwrap()
}

fn states(desk: &Desk) -> Vec<RevisionState> {
    let aside = desk.book.read::<_, StoreError>(|reader| reader.set_aside()).unwrap();
    aside.into_iter().map(|aside| aside.state).collect()
}

fn sound(desk: &Desk) {
    assert_eq!(desk.book.check(&mut |_, _| ()).unwrap().findings, vec![]);
}

/// A line as another program might write it, by the n-th device.
fn line(n: u64, seq: u64, record: RecordId, kind: &str, parents: &[&[u8]], fields: &[(&str, Value)]) -> Vec<u8> {
    let draft = RevisionDraft {
        record,
        kind: kind.to_owned(),
        office: office(COUNTIES[0]),
        parents: parents.iter().map(|line| domain::RevisionId::of_line(line)).collect(),
        device: device(n),
        seq,
        clock: Hlc { millis: NOW, counter: 0 },
        author: AUTHOR.to_owned(),
        fields: fields.iter().map(|(slot, value)| ((*slot).to_owned(), value.clone())).collect(),
    };
    draft.to_line().unwrap().into_bytes()
}

fn parcel(uuid: &str, lines: Vec<Vec<u8>>) -> Parcel {
    Parcel { uuid: uuid.to_owned(), office: office(COUNTIES[0]), device: device(9), lines }
}

#[test]
fn two_who_disagree_open_a_conflict_and_a_third_settles_it_for_all() {
    let mut desks: Vec<Desk> = (1..4).map(|at| Desk::new(at, COUNTIES[0])).collect();
    desks[0].write(case(&[("penalty_fen", 100.into()), ("cause", "甲".into())])).unwrap();
    let first = desks[0].parcel("first").unwrap();
    desks[1].take(&first, false).unwrap();
    desks[0].write(case(&[("penalty_fen", 200.into())])).unwrap();
    // The later clock wins the display, nothing more.
    desks[1].now += DAY;
    desks[1].write(case(&[("penalty_fen", 300.into()), ("cause", "乙".into())])).unwrap();
    let (left, right) = (desks[0].parcel("left").unwrap(), desks[1].parcel("right").unwrap());
    assert_eq!(desks[2].take(&right, false).unwrap().conflicts, 0);
    assert_eq!(desks[2].take(&left, false).unwrap().conflicts, 1);
    assert_eq!(shown(&desks[2], "penalty_fen"), 300.into());
    assert_eq!(shown(&desks[2], "cause"), "乙".into());

    desks[2].resolve(record(1), "penalty_fen", 200.into()).unwrap();
    assert!(conflicts(&desks[2]).is_empty());
    let settled = desks[2].parcel("settled").unwrap();
    for desk in &mut desks[..2] {
        desk.take(&settled, false).unwrap();
        assert!(conflicts(desk).is_empty());
        assert_eq!(shown(desk, "penalty_fen"), 200.into());
    }
    let digests: BTreeSet<String> = desks.iter().map(|desk| desk.digest().unwrap()).collect();
    assert_eq!(digests.len(), 1);
    assert_eq!(desks[0].book.read::<_, StoreError>(|reader| reader.revisions(record(1))).unwrap().len(), 4);
}

#[test]
fn what_was_quarantined_is_so_again_after_undo_and_reimport() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let root = line(9, 1, record(1), "case", &[], &[("cause", "甲".into())]);
    let wrong = line(9, 2, record(1), "case", &[&root], &[("penalty_fen", "一万元".into())]);
    let parcel = parcel("p", vec![root, wrong]);
    assert_eq!(desk.take(&parcel, false).unwrap().quarantined, 1);
    let digest = desk.digest().unwrap();
    desk.undo("p").unwrap();
    desk.take(&parcel, true).unwrap();
    assert_eq!(states(&desk), [RevisionState::Quarantined]);
    assert_eq!(desk.digest().unwrap(), digest);
    sound(&desk);
}

#[test]
fn a_record_that_turns_out_to_be_an_enterprise_is_found_by_its_name() {
    let lines =
        [("case", 1), ("enterprise", 2)].map(|(kind, n)| line(n, 1, record(1), kind, &[], &[("name", "康达".into())]));
    let enterprise_wins = Revision::from_line(&lines[1]).unwrap().id < Revision::from_line(&lines[0]).unwrap().id;
    let (winner, loser) = if enterprise_wins { (1, 0) } else { (0, 1) };
    let mut desk = Desk::new(3, COUNTIES[0]);
    desk.take(&parcel("loser", vec![lines[loser].clone()]), false).unwrap();
    desk.take(&parcel("winner", vec![lines[winner].clone()]), false).unwrap();
    assert_eq!(states(&desk), [RevisionState::Disputed]);
    // Both ways round: taking the winner back turns it into the other again.
    let found = |desk: &Desk| desk.book.read::<_, StoreError>(|reader| reader.search("康达", 9)).unwrap().len();
    assert_eq!(found(&desk), usize::from(enterprise_wins));
    sound(&desk);
    desk.undo("winner").unwrap();
    assert_eq!(found(&desk), usize::from(!enterprise_wins));
    sound(&desk);
}

#[test]
fn an_edit_under_another_kind_or_owner_is_refused() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    desk.write(case(&[("cause", "甲".into())])).unwrap();
    let digest = desk.digest().unwrap();
    let mut other_kind = case(&[("cause", "乙".into())]);
    other_kind.kind = "clue".into();
    assert_eq!(desk.write(other_kind).unwrap_err().notice().code, "kind-changed");
    let mut other_owner = case(&[("cause", "乙".into())]);
    other_owner.office = office(COUNTIES[1]);
    assert_eq!(desk.write(other_owner).unwrap_err().notice().code, "office-changed");
    assert_eq!(desk.digest().unwrap(), digest);
}

#[test]
fn a_tally_counts_what_waits_in_the_end() {
    // More lines than are folded in one go, the first revision last.
    let root = line(9, 1, record(1), "case", &[], &[("cause", "甲".into())]);
    let child = line(9, 2, record(1), "case", &[&root], &[("cause", "乙".into())]);
    let orphan = line(9, 3, record(1), "case", &[b"nowhere"], &[("cause", "丙".into())]);
    let mut lines = vec![child, orphan];
    lines.extend((0..20_000).map(|at| line(8, at + 1, record(10 + at), "case", &[], &[("cause", "丁".into())])));
    lines.push(root);
    let mut desk = Desk::new(1, COUNTIES[0]);
    let tally = desk.take(&parcel("p", lines), false).unwrap();
    assert_eq!((tally.revisions, tally.pending, tally.new_records), (20_003, 1, 20_001));
    assert_eq!(states(&desk), [RevisionState::Pending]);
    // What waited before and waits no longer is not counted against the next.
    let next = parcel("q", vec![line(9, 4, record(1), "case", &[b"elsewhere"], &[])]);
    assert_eq!(desk.take(&next, false).unwrap().pending, 1);
}

#[test]
fn an_undo_is_refused_while_someone_builds_on_it_and_names_the_records() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    sender.write(case(&[("cause", "甲".into())])).unwrap();
    let mut desk = Desk::new(2, YINCHUAN);
    desk.take(&sender.parcel("p").unwrap(), false).unwrap();
    desk.write(case(&[("cause", "乙".into())])).unwrap();
    let digest = desk.digest().unwrap();
    let notice = desk.undo("p").unwrap_err().notice();
    assert_eq!(notice.code, "undo-blocked");
    assert_eq!(notice.arg("records"), Some(record(1).to_string().as_str()));
    assert_eq!(desk.digest().unwrap(), digest);
}

#[test]
fn undoing_one_of_two_packages_that_carry_a_revision_changes_nothing() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    sender.write(case(&[("cause", "甲".into())])).unwrap();
    let mut desk = Desk::new(2, YINCHUAN);
    let empty = desk.digest().unwrap();
    desk.take(&sender.parcel("p").unwrap(), false).unwrap();
    assert_eq!(desk.take(&sender.parcel("q").unwrap(), false).unwrap().duplicates, 1);
    let both = desk.digest().unwrap();
    desk.undo("p").unwrap();
    assert_eq!(desk.digest().unwrap(), both);
    assert_eq!(desk.undo("p").unwrap_err().notice().code, "package-not-applied");
    desk.undo("q").unwrap();
    assert_eq!(desk.digest().unwrap(), empty);
    // A third that carries it leaves it out unless told otherwise.
    assert_eq!(desk.take(&sender.parcel("r").unwrap(), false).unwrap().withheld, 1);
    assert_eq!(desk.digest().unwrap(), empty);
    desk.take(&sender.parcel("q").unwrap(), true).unwrap();
    assert_eq!(desk.digest().unwrap(), both);
    sound(&desk);
}

#[test]
fn a_poisoned_clock_is_flagged_and_not_followed() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    sender.now = FAR_FUTURE;
    sender.write(case(&[("cause", "甲".into())])).unwrap();
    let mut desk = Desk::new(2, COUNTIES[1]);
    assert_eq!(desk.take(&sender.parcel("p").unwrap(), false).unwrap().ahead, 1);
    let id = desk.write(case(&[("cause", "乙".into())])).unwrap();
    let written = desk.book.read::<_, StoreError>(|reader| reader.revisions(record(1))).unwrap();
    let own = written.iter().find(|stored| stored.revision.id == id).unwrap();
    assert!(own.revision.clock.millis < NOW + DAY);
    assert_eq!(shown(&desk, "cause"), "乙".into(), "the later edit holds, whatever the clocks say");
}

#[test]
fn a_copied_device_keeps_both_lines_and_shows_the_fork() {
    let (mut one, mut two) = (Desk::new(1, COUNTIES[0]), Desk::new(1, COUNTIES[0]));
    one.write(case(&[("cause", "甲".into())])).unwrap();
    two.write(case(&[("cause", "乙".into())])).unwrap();
    let (from_one, from_two) = (one.parcel("one").unwrap(), two.parcel("two").unwrap());
    assert_eq!(one.take(&from_two, false).unwrap().forks, 1);
    assert_eq!(two.take(&from_one, false).unwrap().forks, 1);
    assert_eq!(one.digest().unwrap(), two.digest().unwrap());
    let marks = |desk: &Desk| desk.book.read::<_, StoreError>(|reader| reader.streams()).unwrap();
    assert_eq!(marks(&one), marks(&two));
    let mark = &marks(&one)[0];
    let at =
        |seq| one.book.read::<_, StoreError>(|reader| reader.stream_hash_at(&mark.device, &mark.office, seq)).unwrap();
    assert_eq!((mark.held, at(1), at(2)), (1, Some(mark.hash), None));
}

#[test]
fn a_rehearsal_leaves_no_trace() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    sender.write(case(&[("cause", "甲".into())])).unwrap();
    let parcel = sender.parcel("p").unwrap();
    let mut desk = Desk::new(2, YINCHUAN);
    let before = desk.digest().unwrap();
    let tally = desk.book.dry_run(|writer| parcel.apply(writer, false, NOW)).unwrap();
    assert_eq!(tally.new_records, 1);
    assert_eq!(desk.digest().unwrap(), before);
    desk.book
        .read::<_, StoreError>(|reader| {
            assert!(
                reader.packages()?.is_empty() && reader.streams()?.is_empty() && reader.record(record(1))?.is_none()
            );
            Ok(())
        })
        .unwrap();
    desk.take(&parcel, false).unwrap();
    assert_eq!(shown(&desk, "cause"), "甲".into());
}

#[test]
fn once_the_clock_is_right_again_later_edits_no_longer_win_every_tie() {
    let (mut ahead, mut right) = (Desk::new(1, COUNTIES[0]), Desk::new(2, COUNTIES[0]));
    ahead.now = FAR_FUTURE;
    ahead.write(case(&[("cause", "甲".into())])).unwrap();
    right.take(&ahead.parcel("first").unwrap(), false).unwrap();
    ahead.now = NOW + DAY;
    let now = ahead.now;
    ahead.book.transact::<_, StoreError>(|writer| writer.trust_clock(now)).unwrap();
    // What comes after what stands in the parents, whatever the clocks said.
    ahead.write(case(&[("cause", "乙".into())])).unwrap();
    assert_eq!(shown(&ahead, "cause"), "乙".into());
    right.now = ahead.now + 60_000;
    right.write(case(&[("cause", "丙".into())])).unwrap();
    let parcel = ahead.parcel("second").unwrap();
    let tally = right.take(&parcel, false).unwrap();
    assert_eq!(tally.ahead, 1, "only what was written by the wrong clock");
    assert_eq!(shown(&right, "cause"), "丙".into(), "written a minute later, it wins the tie");
    sound(&right);
}
