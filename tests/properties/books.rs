//! Three to five real books that write, send, repeat, undo and resolve in any order, against the oracle at every step; at
//! the end everything reaches everyone, and all of them must say one thing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Hlc, RecordId, RevisionDraft, RevisionId, Value};
use proptest::prelude::*;
use proptest::sample::Index;
use store::{ListQuery, RevisionState, StoreError};
use testkit::clock::{DAY, EPOCH, FAR_FUTURE, NOW};
use testkit::faults::Dice;
use testkit::offices::{COUNTIES, NINGXIA, YINCHUAN};
use testkit::{Desk, Parcel};

use crate::oracle::{self, Id, Line};

/// Records that people write; their kind and owner follow from the number.
const RECORDS: u64 = 6;

/// Records only forged lines speak of, about whose kind they disagree.
const DISPUTED: u64 = 100;

const KINDS: [&str; 2] = ["enterprise", "case"];

#[derive(Debug, Clone)]
enum Op {
    Write {
        desk: Index,
        record: u64,
        slots: Vec<(usize, usize)>,
    },
    /// A new parcel: whole streams, the ends of some, or scattered lines in no order.
    Send {
        from: Index,
        to: Index,
        share: Share,
        reactivate: bool,
    },
    /// A parcel someone has sent before, to anyone, its sender and first receiver included.
    Repeat {
        parcel: Index,
        to: Index,
        seed: u64,
    },
    Rehearse {
        parcel: Index,
        to: Index,
    },
    Undo {
        desk: Index,
        parcel: Index,
    },
    Resolve {
        desk: Index,
        conflict: Index,
        candidate: Index,
    },
    /// Lines no program of ours wrote: wrong types, missing parents, numbers out of order or taken, poisoned clocks.
    Forge {
        to: Index,
        seed: u64,
    },
    SetClock {
        desk: Index,
        millis: u64,
    },
    Reopen {
        desk: Index,
    },
}

#[derive(Debug, Clone)]
enum Share {
    Whole,
    Ends(u64),
    Scattered(u64),
}

fn op() -> impl Strategy<Value = Op> {
    let share = prop_oneof![
        2 => Just(Share::Whole),
        2 => any::<u64>().prop_map(Share::Ends),
        2 => any::<u64>().prop_map(Share::Scattered),
    ];
    let slots = prop::collection::vec((0..8usize, 0..4usize), 1..4);
    prop_oneof![
        12 => (any::<Index>(), 0..RECORDS, slots).prop_map(|(desk, record, slots)| Op::Write { desk, record, slots }),
        8 => (any::<Index>(), any::<Index>(), share, prop::bool::weighted(0.7))
            .prop_map(|(from, to, share, reactivate)| Op::Send { from, to, share, reactivate }),
        4 => (any::<Index>(), any::<Index>(), any::<u64>()).prop_map(|(parcel, to, seed)| Op::Repeat { parcel, to, seed }),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(parcel, to)| Op::Rehearse { parcel, to }),
        5 => (any::<Index>(), any::<Index>()).prop_map(|(desk, parcel)| Op::Undo { desk, parcel }),
        3 => (any::<Index>(), any::<Index>(), any::<Index>())
            .prop_map(|(desk, conflict, candidate)| Op::Resolve { desk, conflict, candidate }),
        3 => (any::<Index>(), any::<u64>()).prop_map(|(to, seed)| Op::Forge { to, seed }),
        1 => (any::<Index>(), prop::sample::select(vec![EPOCH, NOW, NOW + DAY, FAR_FUTURE]))
            .prop_map(|(desk, millis)| Op::SetClock { desk, millis }),
        1 => any::<Index>().prop_map(|desk| Op::Reopen { desk }),
    ]
}

fn kind(record: u64) -> &'static str {
    KINDS[(record % 2) as usize]
}

/// The enterprises are the even numbers.
fn owner(record: u64) -> &'static str {
    COUNTIES[(record / 2 % 2) as usize]
}

/// A slot and a value for it that the core schema accepts.
fn assignment(kind: &str, slot: usize, value: usize) -> (&'static str, Value) {
    let reason = [Value::Null, Value::text("重复录入"), Value::text("录入错误"), Value::Null];
    let text = [Value::Null, Value::text("甲口罩厂"), Value::text("重庆乙"), Value::text("丙")];
    let flag = [true.into(), false.into(), true.into(), Value::Null];
    let number = [Value::Null, 0.into(), 10_000.into(), 20_000.into()];
    let pick = |values: [Value; 4]| values[value].clone();
    match (kind, slot) {
        (_, 0) => ("void", pick(reason)),
        (_, 1) => ("campaigns/a", pick(flag)),
        (_, 2) => ("未来字段", pick(number)),
        (_, 3) => ("overrides/w", pick(reason)),
        ("enterprise", 4) => ("same_as", [Value::Null, name(0), name(2), name(4)][value].clone()),
        ("enterprise", 5) => ("roles/producer", pick(flag)),
        ("enterprise", _) => ("name", pick(text)),
        (_, 4) => ("supervised", pick([Value::Null, true.into(), false.into(), true.into()])),
        (_, 5) => ("penalty_kinds/fine", pick(flag)),
        (_, 6) => ("penalty_fen", pick(number)),
        _ => ("cause", pick(text)),
    }
}

fn name(record: u64) -> Value {
    Value::text(testkit::record(record).to_string())
}

/// What one book should hold, by the words of the design alone.
#[derive(Default)]
struct Shelf {
    held: BTreeSet<Id>,
    /// Written here: always active.
    own: BTreeSet<Id>,
    /// What each parcel that was ever taken carries.
    taken: BTreeMap<String, Taken>,
}

#[derive(Default)]
struct Taken {
    carries: BTreeSet<Id>,
    applied: bool,
}

impl Shelf {
    fn active(&self) -> BTreeSet<Id> {
        let carried = self.taken.values().filter(|taken| taken.applied).flat_map(|taken| &taken.carries);
        self.own.iter().chain(carried).copied().collect()
    }
}

#[derive(Clone)]
struct Known {
    line: Line,
    /// Quarantined wherever it arrives.
    wrong: bool,
}

struct World {
    desks: Vec<Desk>,
    shelves: Vec<Shelf>,
    known: BTreeMap<Id, Known>,
    parcels: Vec<Parcel>,
    acknowledged: Vec<Id>,
}

impl World {
    fn new(desks: usize, copied_device: bool) -> Self {
        let offices = [COUNTIES[0], COUNTIES[1], YINCHUAN, COUNTIES[0], NINGXIA];
        let desks: Vec<Desk> = (0..desks)
            // A copied book goes on under the number of the one it was copied from.
            .map(|at| Desk::new(if copied_device && at == 1 { 0 } else { at as u64 }, offices[at]))
            .collect();
        let shelves = desks.iter().map(|_| Shelf::default()).collect();
        World { desks, shelves, known: BTreeMap::new(), parcels: Vec::new(), acknowledged: Vec::new() }
    }

    fn learn(&mut self, line: &[u8], wrong: bool) -> Id {
        let line = Line::read(line);
        let id = line.id;
        self.known.insert(id, Known { line, wrong });
        id
    }

    fn wrote(&mut self, at: usize, id: RevisionId) {
        let last = self.desks[at]
            .parcel_of("", |range| {
                range.first = range.last;
                true
            })
            .unwrap();
        let line =
            last.lines.iter().find(|line| RevisionId::of_line(line) == id).expect("what was just written is last");
        self.learn(line, false);
        self.shelves[at].held.insert(id.0);
        self.shelves[at].own.insert(id.0);
        self.acknowledged.push(id.0);
    }

    fn apply(&mut self, op: &Op) {
        let desks = self.desks.len();
        match op {
            Op::Write { desk, record, slots } => {
                let at = desk.index(desks);
                let slots = slots.iter().map(|(slot, value)| assignment(kind(*record), *slot, *value));
                let edit = store::Edit {
                    record: testkit::record(*record),
                    kind: kind(*record).to_owned(),
                    office: owner(*record).parse().unwrap(),
                    author: testkit::edits::AUTHOR.to_owned(),
                    slots: slots.map(|(slot, value)| (slot.to_owned(), value)).collect(),
                };
                let id = self.desks[at].write(edit).unwrap();
                self.wrote(at, id);
                self.compare(at);
            }
            Op::Send { from, to, share, reactivate } => {
                let (from, to) = (from.index(desks), to.index(desks));
                let parcel = self.parcel(from, share);
                self.parcels.push(parcel.clone());
                self.take(to, &parcel, *reactivate);
            }
            Op::Repeat { parcel, to, seed } => {
                if self.parcels.is_empty() {
                    return;
                }
                let mut parcel = parcel.get(&self.parcels).clone();
                Dice::new(*seed).shuffle(&mut parcel.lines);
                self.take(to.index(desks), &parcel, true);
            }
            Op::Rehearse { parcel, to } => {
                if self.parcels.is_empty() {
                    return;
                }
                let parcel = parcel.get(&self.parcels);
                self.desks[to.index(desks)].book.dry_run(|writer| parcel.apply(writer, true, NOW)).unwrap();
                self.compare(to.index(desks));
            }
            Op::Undo { desk, parcel } => self.undo(desk.index(desks), parcel),
            Op::Resolve { desk, conflict, candidate } => self.resolve(desk.index(desks), conflict, candidate),
            Op::Forge { to, seed } => {
                let lines = self.forge(*seed);
                let parcel = Parcel {
                    uuid: format!("forged-{}", self.parcels.len()),
                    office: COUNTIES[2].parse().unwrap(),
                    device: testkit::device(0xbad),
                    lines,
                };
                self.parcels.push(parcel.clone());
                self.take(to.index(desks), &parcel, true);
            }
            Op::SetClock { desk, millis } => self.desks[desk.index(desks)].now = *millis,
            Op::Reopen { desk } => {
                let at = desk.index(desks);
                let desk = self.desks.remove(at).reopen().unwrap();
                self.desks.insert(at, desk);
                self.compare(at);
            }
        }
    }

    fn parcel(&self, from: usize, share: &Share) -> Parcel {
        let uuid = format!("sent-{}", self.parcels.len());
        let desk = &self.desks[from];
        match share {
            Share::Whole => desk.parcel(&uuid).unwrap(),
            Share::Ends(seed) => {
                let mut dice = Dice::new(*seed);
                let choose = |range: &mut store::StreamRange| {
                    range.first = 1 + dice.below(range.last.max(1));
                    dice.below(3) > 0
                };
                desk.parcel_of(&uuid, choose).unwrap()
            }
            Share::Scattered(seed) => {
                let mut dice = Dice::new(*seed);
                let mut parcel = desk.parcel(&uuid).unwrap();
                parcel.lines.retain(|_| dice.below(2) == 0);
                dice.shuffle(&mut parcel.lines);
                parcel
            }
        }
    }

    fn take(&mut self, at: usize, parcel: &Parcel, reactivate: bool) {
        let shelf = &mut self.shelves[at];
        // Only a parcel that never was here may leave out what an undo withholds; importing one again is asking for it.
        let reactivate = reactivate || shelf.taken.contains_key(&parcel.uuid);
        let active = shelf.active();
        let ids: BTreeSet<Id> = parcel.lines.iter().map(|line| RevisionId::of_line(line).0).collect();
        let withheld: BTreeSet<Id> = shelf.held.difference(&active).copied().collect();
        let taken = shelf.taken.entry(parcel.uuid.clone()).or_default();
        taken.applied = true;
        taken.carries.extend(ids.iter().filter(|id| reactivate || !withheld.contains(*id)));
        shelf.held.extend(&ids);
        let tally = self.desks[at].take(parcel, reactivate).unwrap();
        assert_eq!(tally.revisions, parcel.lines.len() as u64);
        let left_out = parcel.lines.iter().filter(|line| withheld.contains(&RevisionId::of_line(line).0)).count();
        assert_eq!(tally.withheld, if reactivate { 0 } else { left_out as u64 });
        self.compare(at);
    }

    fn undo(&mut self, at: usize, parcel: &Index) {
        let applied: Vec<String> =
            self.shelves[at].taken.iter().filter(|(_, taken)| taken.applied).map(|(uuid, _)| uuid.clone()).collect();
        if applied.is_empty() {
            return;
        }
        let uuid = parcel.get(&applied);
        let before = self.shelves[at].active();
        self.shelves[at].taken.get_mut(uuid).unwrap().applied = false;
        let after = self.shelves[at].active();
        let blocked = after.iter().any(|id| {
            let line = &self.known[id].line;
            let lost = |parent: &Id| {
                before.contains(parent) && !after.contains(parent) && self.known[parent].line.record == line.record
            };
            line.parents.iter().any(lost)
        });
        match self.desks[at].undo(uuid) {
            Ok(_) => assert!(!blocked, "undo left something hanging"),
            Err(error) => {
                assert_eq!(error.notice().code, "undo-blocked");
                assert!(blocked, "undo refused without need");
                self.shelves[at].taken.get_mut(uuid).unwrap().applied = true;
            }
        }
        self.compare(at);
    }

    fn resolve(&mut self, at: usize, conflict: &Index, candidate: &Index) {
        let theirs: BTreeSet<RecordId> = (0..RECORDS).map(testkit::record).collect();
        let mut open = self.desks[at].book.read::<_, StoreError>(|reader| reader.conflicts()).unwrap();
        open.retain(|conflict| theirs.contains(&conflict.record));
        if open.is_empty() {
            return;
        }
        let conflict = conflict.get(&open);
        let value = candidate.get(&conflict.conflict.candidates).value.clone();
        let id = self.desks[at].resolve(conflict.record, &conflict.slot, value).unwrap();
        self.wrote(at, id);
        self.compare(at);
        let left = self.desks[at].book.read::<_, StoreError>(|reader| reader.conflicts()).unwrap();
        assert!(!left.iter().any(|other| (other.record, &other.slot) == (conflict.record, &conflict.slot)));
    }

    fn forge(&mut self, seed: u64) -> Vec<Vec<u8>> {
        let mut dice = Dice::new(seed);
        let mut lines = Vec::new();
        for _ in 0..=dice.below(3) {
            let disputed = dice.below(2) == 0;
            let number = if disputed { DISPUTED + dice.below(2) } else { dice.below(RECORDS) };
            let record = testkit::record(number);
            let kind = if disputed { KINDS[dice.below(2) as usize] } else { kind(number) };
            let wrong = dice.below(4) == 0;
            let slots = match (wrong, kind) {
                (true, "case") => vec![("penalty_fen", Value::text("一万元"))],
                (true, _) => vec![("name", Value::Int(1)), ("exports", true.into())],
                (false, _) => {
                    vec![assignment(kind, dice.below(8) as usize, dice.below(4) as usize), ("name", "甲".into())]
                }
            };
            let earlier: Vec<Id> = self
                .known
                .iter()
                .filter(|(_, known)| known.line.record == record.to_string())
                .map(|(id, _)| *id)
                .collect();
            let mut parents = Vec::new();
            if dice.below(8) == 0 {
                parents.push(RevisionId([dice.below(2) as u8; 32]));
            }
            for _ in 0..dice.below(3) {
                if !earlier.is_empty() {
                    parents.push(RevisionId(earlier[dice.below(earlier.len() as u64) as usize]));
                }
            }
            let draft = RevisionDraft {
                record,
                kind: kind.to_owned(),
                office: if disputed { COUNTIES[dice.below(2) as usize] } else { owner(number) }.parse().unwrap(),
                parents,
                device: testkit::device(0xbad),
                seq: 1 + dice.below(6),
                clock: Hlc { millis: [EPOCH, NOW, FAR_FUTURE][dice.below(3) as usize], counter: dice.below(2) as u32 },
                author: "佚名".to_owned(),
                fields: slots.into_iter().map(|(slot, value)| (slot.to_owned(), value)).collect(),
            };
            let line = draft.to_line().unwrap().into_bytes();
            self.learn(&line, wrong);
            lines.push(line);
        }
        lines
    }

    fn expected(&self, active: &BTreeSet<Id>) -> oracle::Account {
        oracle::account(active.iter().map(|id| &self.known[id]).filter(|known| !known.wrong).map(|known| &known.line))
    }

    /// The book says what the oracle says of its active revisions.
    fn compare(&self, at: usize) {
        let active = self.shelves[at].active();
        let expected = self.expected(&active);
        self.desks[at]
            .book
            .read::<_, StoreError>(|reader| {
                let conflicts: BTreeSet<Id> = reader.conflicts()?.iter().map(|open| open.id.0).collect();
                let clashes =
                    expected.records.values().flat_map(|outcome| outcome.clashes.values().map(|clash| clash.id));
                assert_eq!(conflicts, clashes.collect(), "conflicts of book {at}");
                for (record, outcome) in &expected.records {
                    let folded = reader.folded(record.parse().unwrap())?.map(|(_, folded)| folded);
                    assert_eq!(folded.is_some(), outcome.identity.is_some());
                    let Some(folded) = folded else { continue };
                    let shown = serde_json::to_value(&folded.slots).unwrap();
                    assert_eq!(shown, serde_json::to_value(&outcome.shown).unwrap(), "book {at}, record {record}");
                    let heads: BTreeSet<Id> = folded.heads.iter().map(|id| id.0).collect();
                    assert_eq!(heads, outcome.heads);
                }
                let aside: Vec<RevisionState> = reader.set_aside()?.into_iter().map(|aside| aside.state).collect();
                let count = |state| aside.iter().filter(|other| **other == state).count();
                let sum = |of: fn(&oracle::Outcome) -> usize| expected.records.values().map(of).sum::<usize>();
                assert_eq!(count(RevisionState::Withheld), self.shelves[at].held.len() - active.len());
                assert_eq!(count(RevisionState::Quarantined), active.iter().filter(|id| self.known[*id].wrong).count());
                assert_eq!(count(RevisionState::Pending), sum(|outcome| outcome.pending.len()));
                assert_eq!(count(RevisionState::Disputed), sum(|outcome| outcome.disputed.len()));
                assert_eq!(reader.digest()?, expected.digest, "digest of book {at}");
                Ok(())
            })
            .unwrap();
    }

    /// Everyone takes back every undo, and sends everything to everyone by a route of its own.
    fn deliver_all(&mut self, seed: u64) {
        let mut dice = Dice::new(seed);
        for at in 0..self.desks.len() {
            for parcel in self.parcels.clone() {
                if self.shelves[at].taken.get(&parcel.uuid).is_some_and(|taken| !taken.applied) {
                    self.take(at, &parcel, true);
                }
            }
        }
        // Twice round, so that what one forwards from another arrives whichever way the first round went.
        for round in 0..2 {
            let mut routes: Vec<(usize, usize)> =
                (0..self.desks.len()).flat_map(|from| (0..self.desks.len()).map(move |to| (from, to))).collect();
            dice.shuffle(&mut routes);
            for (from, to) in routes {
                let mut parcel = self.desks[from].parcel(&format!("all-{round}-{from}-{to}")).unwrap();
                dice.shuffle(&mut parcel.lines);
                self.take(to, &parcel, true);
            }
        }
    }

    fn agree(&mut self) {
        let everything: BTreeSet<Id> = self.shelves.iter().flat_map(|shelf| shelf.held.iter().copied()).collect();
        let expected = self.expected(&everything);
        self.nothing_acknowledged_is_lost(&expected);
        let mut answers = Vec::new();
        for at in 0..self.desks.len() {
            assert_eq!(self.shelves[at].active(), everything, "book {at} holds everything");
            let report = self.desks[at].book.check(&mut |_, _| ()).unwrap();
            assert!(report.findings.is_empty(), "{:?}", report.findings);
            assert_eq!(report.digest, expected.digest);
            let answer = self.desks[at].book.read::<_, StoreError>(|reader| {
                let enterprises: Vec<RecordId> = (0..RECORDS).filter(|at| at % 2 == 0).map(testkit::record).collect();
                let roots = enterprises.iter().map(|id| reader.root_of(*id)).collect::<Result<Vec<_>, _>>()?;
                let sorted = |mut ids: Vec<RecordId>| {
                    ids.sort_unstable();
                    ids
                };
                let mut found = Vec::new();
                for text in ["甲", "甲口", "cqy", "zqy", "丙"] {
                    found.push(sorted(reader.search(text, 50)?));
                }
                let query =
                    ListQuery { kind: "enterprise".into(), with_voided: true, limit: 100, ..Default::default() };
                let mut listed = reader.list(&query)?.records;
                listed.sort_by_key(|record| record.id);
                Ok((roots, found, listed, reader.streams()?, reader.counts()?))
            });
            answers.push(answer.unwrap());
        }
        let (roots, found, listed, streams, counts) = &answers[0];
        for other in &answers[1..] {
            assert_eq!(&other.0, roots);
            assert_eq!(&other.1, found);
            assert_eq!(&other.2, listed);
            assert_eq!(&other.3, streams);
            assert_eq!(&other.4, counts);
        }
        self.check_streams(streams);
    }

    /// H₀ is 32 zero bytes, Hₙ = SHA-256(Hₙ₋₁ ‖ idₙ), over the gapless beginning.
    fn check_streams(&self, marks: &[store::StreamMark]) {
        use sha2::{Digest, Sha256};
        let mut streams: BTreeMap<(&str, &str), BTreeSet<(u64, Id)>> = BTreeMap::new();
        for known in self.known.values().filter(|known| self.shelves[0].held.contains(&known.line.id)) {
            let line = &known.line;
            streams.entry((&line.device, &line.office)).or_default().insert((line.seq, line.id));
        }
        assert_eq!(marks.len(), streams.len());
        for (mark, ((device, office), lines)) in marks.iter().zip(streams) {
            let (mut held, mut hash) = (0, [0u8; 32]);
            for (seq, id) in lines {
                if seq > held + 1 {
                    break;
                }
                held = seq;
                hash = Sha256::new().chain_update(hash).chain_update(id).finalize().into();
            }
            assert_eq!(
                (mark.device.as_str(), mark.office.as_str(), mark.held, mark.hash),
                (device, office, held, hash)
            );
        }
    }

    /// Every acknowledged value is current, an ancestor of current, or in a conflict.
    fn nothing_acknowledged_is_lost(&self, account: &oracle::Account) {
        for id in &self.acknowledged {
            let line = &self.known[id].line;
            let outcome = &account.records[&line.record];
            assert!(!outcome.pending.contains(id) && !outcome.disputed.contains(id), "a saved revision does not count");
            for (slot, value) in &line.slots {
                let current = outcome.shown[slot] == *value;
                let in_conflict = outcome.clashes.get(slot).is_some_and(|clash| clash.candidates.contains_key(id));
                assert!(current || in_conflict || self.superseded(id, slot), "{slot} = {value} was lost");
            }
        }
    }

    /// Whether someone assigned the slot anew who knew of this.
    fn superseded(&self, id: &Id, slot: &str) -> bool {
        let mut knowing = BTreeSet::from([*id]);
        loop {
            let next: Vec<Id> = self
                .known
                .values()
                .map(|known| &known.line)
                .filter(|line| {
                    !knowing.contains(&line.id) && line.parents.iter().any(|parent| knowing.contains(parent))
                })
                .map(|line| line.id)
                .collect();
            if next.iter().any(|later| !self.known[later].wrong && self.known[later].line.slots.contains_key(slot)) {
                return true;
            }
            if next.is_empty() {
                return false;
            }
            knowing.extend(next);
        }
    }
}

proptest! {
    #![proptest_config(crate::config(48, "properties/regressions/books.txt"))]

    #[test]
    fn books_that_hold_the_same_say_the_same(
        desks in 3..=5usize,
        copied_device in prop::bool::weighted(0.3),
        ops in prop::collection::vec(op(), 1..45),
        seed in any::<u64>(),
    ) {
        let mut world = World::new(desks, copied_device);
        for op in &ops {
            world.apply(op);
        }
        world.deliver_all(seed);
        world.agree();
    }
}
