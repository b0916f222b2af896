//! The program's fold against the naive one, over histories no office would write but some book may hold.

use std::collections::BTreeMap;

use domain::fold::fold;
use domain::{Folded, Hlc, Revision, RevisionDraft, Value};
use proptest::prelude::*;
use proptest::sample::Index;
use testkit::clock::{DAY, EPOCH, FAR_FUTURE, NOW};

use crate::oracle;

/// One revision to come: which earlier ones its editor saw, and what it says.
#[derive(Debug, Clone)]
struct Step {
    sees: Sees,
    device: u64,
    millis: u64,
    counter: u32,
    kind: &'static str,
    office: &'static str,
    slots: Vec<(&'static str, Value)>,
    /// Never delivered: what rests on it has to wait.
    lost: bool,
}

#[derive(Debug, Clone)]
enum Sees {
    Nothing,
    /// The heads of the first part of the history: an ordinary edit of a book that has not heard the rest.
    HeadsOf(Index),
    /// The heads of everything so far.
    AllHeads,
    /// Some earlier ones, ancestors of each other perhaps.
    Any(Vec<Index>),
}

fn sees() -> impl Strategy<Value = Sees> {
    prop_oneof![
        1 => Just(Sees::Nothing),
        6 => any::<Index>().prop_map(Sees::HeadsOf),
        5 => Just(Sees::AllHeads),
        3 => prop::collection::vec(any::<Index>(), 1..4).prop_map(Sees::Any),
    ]
}

fn assignment() -> impl Strategy<Value = (&'static str, Value)> {
    let slot = prop::sample::select(vec![
        "cause",
        "penalty_fen",
        "roles/a",
        "roles/b",
        "checklist/c1",
        "未来字段",
        "void",
        "void",
    ]);
    let value = prop_oneof![
        3 => Just(Value::Null),
        2 => (0..3i64).prop_map(Value::Int),
        2 => prop::sample::select(vec!["甲", "乙", ""]).prop_map(Value::text),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::List(vec![Value::Int(1), Value::Null])),
        1 => Just(Value::Map(BTreeMap::from([("b".to_owned(), Value::Null), ("a".to_owned(), Value::text("𬭩"))]))),
    ];
    (slot, value)
}

fn step() -> impl Strategy<Value = Step> {
    let millis = prop::sample::select(vec![EPOCH, NOW, NOW, NOW + 1, NOW + DAY, FAR_FUTURE]);
    (
        sees(),
        0..4u64,
        millis,
        prop::sample::select(vec![0, 0, 1, u32::MAX]),
        prop::sample::select(vec!["case", "case", "case", "case", "case", "case", "case", "case", "case", "sample"]),
        prop::sample::select(vec![
            "640121", "640121", "640121", "640121", "640121", "640121", "640121", "640121", "640122",
        ]),
        prop::collection::vec(assignment(), 0..4),
        prop::bool::weighted(0.06),
    )
        .prop_map(|(sees, device, millis, counter, kind, office, slots, lost)| Step {
            sees,
            device,
            millis,
            counter,
            kind,
            office,
            slots,
            lost,
        })
}

/// Those of `among` that no other of them names as a parent, or descends from; by walking.
fn heads(among: &[Revision]) -> Vec<domain::RevisionId> {
    let lines: Vec<&Revision> = among.iter().collect();
    lines.iter().map(|line| line.id).filter(|id| !lines.iter().any(|line| line.parents.contains(id))).collect()
}

/// Writes the history, lost revisions included; the flag says whether one is delivered.
fn write(steps: &[Step]) -> Vec<(Revision, Vec<u8>, bool)> {
    let mut written: Vec<(Revision, Vec<u8>, bool)> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let revisions: Vec<Revision> = written.iter().map(|(revision, ..)| revision.clone()).collect();
        let parents = match &step.sees {
            _ if revisions.is_empty() => Vec::new(),
            Sees::Nothing => Vec::new(),
            Sees::HeadsOf(part) => heads(&revisions[..=part.index(revisions.len())]),
            Sees::AllHeads => heads(&revisions),
            Sees::Any(some) => some.iter().map(|index| index.get(&revisions).id).collect(),
        };
        let draft = RevisionDraft {
            record: testkit::record(1),
            kind: step.kind.to_owned(),
            office: step.office.parse().unwrap(),
            parents,
            device: testkit::device(step.device),
            seq: at as u64 + 1,
            clock: Hlc { millis: step.millis, counter: step.counter },
            author: "张三".to_owned(),
            fields: step.slots.iter().map(|(slot, value)| ((*slot).to_owned(), value.clone())).collect(),
        };
        let line = draft.to_line().unwrap().into_bytes();
        written.push((Revision::from_line(&line).unwrap(), line, !step.lost));
    }
    written
}

fn plain(value: &Value) -> serde_json::Value {
    serde_json::from_str(&value.to_json()).unwrap()
}

/// The program's answer in the oracle's words.
fn outcome(fold: &domain::fold::Fold) -> oracle::Outcome {
    let mut outcome = oracle::Outcome {
        pending: fold.pending.iter().map(|id| id.0).collect(),
        disputed: fold.disputed.iter().map(|id| id.0).collect(),
        ..Default::default()
    };
    if let Some(state) = &fold.state {
        outcome.identity = Some((state.kind.clone(), state.office.to_string()));
        outcome.heads = state.heads.iter().map(|id| id.0).collect();
        outcome.shown = state.slots.iter().map(|(slot, value)| (slot.clone(), plain(value))).collect();
        outcome.clashes = clashes(state);
    }
    outcome
}

fn clashes(state: &Folded) -> BTreeMap<String, oracle::Clash> {
    let clash = |(slot, conflict): (&String, &domain::Conflict)| {
        let candidates = conflict.candidates.iter().map(|one| (one.revision.0, plain(&one.value))).collect();
        (slot.clone(), oracle::Clash { id: conflict.id(state.record, slot).0, candidates })
    };
    state.conflicts.iter().map(clash).collect()
}

proptest! {
    #![proptest_config(crate::config(1_500, "properties/regressions/dag.txt"))]

    #[test]
    fn the_fold_agrees_with_the_naive_one_in_any_order(
        steps in prop::collection::vec(step(), 1..14),
        seed in any::<u64>(),
    ) {
        let mut delivered: Vec<(Revision, Vec<u8>)> =
            write(&steps).into_iter().filter(|(.., arrives)| *arrives).map(|(revision, line, _)| (revision, line)).collect();
        let lines: Vec<oracle::Line> = delivered.iter().map(|(_, line)| oracle::Line::read(line)).collect();
        let expected = oracle::fold(&lines);

        let mut dice = testkit::faults::Dice::new(seed);
        // Some come twice.
        if let Some(again) = delivered.first().cloned() {
            delivered.push(again);
        }
        dice.shuffle(&mut delivered);
        let revisions: Vec<Revision> = delivered.into_iter().map(|(revision, _)| revision).collect();
        prop_assert_eq!(outcome(&fold(&revisions)), expected);
    }

    /// The short way a save takes gives what folding from scratch gives.
    #[test]
    fn advancing_gives_what_folding_gives(steps in prop::collection::vec(step(), 1..14)) {
        let revisions: Vec<Revision> = write(&steps).into_iter().map(|(revision, ..)| revision).collect();
        for known in 1..revisions.len() {
            let before = fold(&revisions[..known]);
            let next = &revisions[known];
            let Some(mut state) = before.state.filter(|state| {
                before.pending.is_empty() && before.disputed.is_empty() && state.precedes(next)
            }) else {
                continue;
            };
            state.advance(next.clone());
            prop_assert_eq!(Some(state), fold(&revisions[..=known]).state);
        }
        if revisions[0].parents.is_empty() {
            prop_assert_eq!(Some(Folded::first(revisions[0].clone())), fold(&revisions[..1]).state);
        }
    }
}
