//! How the revisions of one record become its state: a pure function of their set, whatever order or road they came by.
//!
//! Parents decide order. Per slot the candidates are its assignments that no later assignment of the same slot descends
//! from; where their values differ a [`Conflict`] is kept until a person decides, and the greatest by (clock, device, id)
//! is shown meanwhile. Nothing here asks who was entitled to write, what the schema says or what time it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use crate::filing::is_sealed;
use crate::ids::{OfficeCode, RecordId, RevisionId};
use crate::revision::{Revision, VOID};
use crate::value::{Fields, Value};

/// The state of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    pub record: RecordId,
    pub kind: String,
    pub office: OfficeCode,
    /// Revisions nothing descends from, ascending: the parents of the next edit.
    pub heads: Vec<RevisionId>,
    /// The shown value of every slot ever assigned.
    pub slots: Fields,
    /// Open conflicts by slot.
    pub conflicts: BTreeMap<String, Conflict>,
}

/// Assignments of one slot that nobody has decided between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Ascending by revision.
    pub candidates: Vec<Candidate>,
}

/// One side of a conflict. For a void, an edit made without knowing of it stands as a candidate with the value null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub revision: RevisionId,
    pub value: Value,
}

/// Names one conflict: SHA-256 over record, slot and the sorted candidate revisions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConflictId(pub [u8; 32]);

impl std::fmt::Display for ConflictId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&RevisionId(self.0), f)
    }
}

impl std::fmt::Debug for ConflictId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl Conflict {
    pub fn id(&self, record: RecordId, slot: &str) -> ConflictId {
        let mut hash = Sha256::new();
        hash.update(record.as_bytes());
        hash.update((slot.len() as u64).to_be_bytes());
        hash.update(slot.as_bytes());
        for candidate in &self.candidates {
            hash.update(candidate.revision.0);
        }
        ConflictId(hash.finalize().into())
    }
}

impl Folded {
    /// The state after a record's first revision.
    pub fn first(revision: Revision) -> Self {
        Folded {
            record: revision.record,
            kind: revision.kind,
            office: revision.office,
            heads: vec![revision.id],
            slots: revision.fields,
            conflicts: BTreeMap::new(),
        }
    }

    /// Whether [`Folded::advance`] may take this revision: it was made by someone who saw everything that is here.
    pub fn precedes(&self, revision: &Revision) -> bool {
        let same = revision.kind == self.kind && revision.office == self.office;
        same && revision.parents == self.heads && !is_sealed(&self.kind, &self.slots)
    }

    /// The common case, without looking at history: an edit on top of all heads supersedes what it assigns and settles the
    /// conflicts of those slots.
    pub fn advance(&mut self, revision: Revision) {
        debug_assert!(self.precedes(&revision));
        for (slot, value) in revision.fields {
            self.conflicts.remove(&slot);
            self.slots.insert(slot, value);
        }
        self.heads = vec![revision.id];
    }
}

/// The contribution of one record to the digest; `slots` is compact JSON with sorted keys, as [`Value::to_json`] writes it.
pub fn digest_record(hash: &mut Sha256, record: &RecordId, kind: &str, office: &str, slots: &str) {
    hash.update(record.as_bytes());
    for part in [kind, office, slots] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
}

/// What folding a record's active revisions gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// `None` while no revision can be folded yet.
    pub state: Option<Folded>,
    /// Revisions that wait for a parent, or descend from one that waits, ascending.
    pub pending: BTreeSet<RevisionId>,
    /// Revisions that give the record another kind or owner than its least first revision does, or that a filing was given
    /// beside or after the revision that sealed it; they change nothing.
    pub disputed: BTreeSet<RevisionId>,
}

/// Folds a record's active revisions from scratch. The order of the slice does not matter; repeated ones count once.
pub fn fold(revisions: &[Revision]) -> Fold {
    let by_id: BTreeMap<RevisionId, &Revision> = revisions.iter().map(|revision| (revision.id, revision)).collect();
    let Some(identity) = by_id.values().find(|revision| revision.parents.is_empty()) else {
        return Fold { state: None, pending: by_id.keys().copied().collect(), disputed: BTreeSet::new() };
    };
    let mut disputed: BTreeSet<RevisionId> = by_id
        .values()
        .filter(|revision| revision.kind != identity.kind || revision.office != identity.office)
        .map(|revision| revision.id)
        .collect();

    let mut history = History::of(by_id.values().copied().filter(|revision| !disputed.contains(&revision.id)));
    let unsealed = history.beside_seal();
    if !unsealed.is_empty() {
        disputed.extend(unsealed);
        history = History::of(by_id.values().copied().filter(|revision| !disputed.contains(&revision.id)));
    }
    let pending =
        by_id.keys().copied().filter(|id| !disputed.contains(id) && !history.index.contains_key(id)).collect();
    Fold { state: Some(history.state(identity)), pending, disputed }
}

/// What concurrent assignments of a slot set out from: its latest assignment that all of `candidates` descend from. `None`
/// where each of them was the first.
pub fn base(revisions: &[Revision], slot: &str, candidates: &[RevisionId]) -> Option<Candidate> {
    let history = History::of(revisions.iter());
    let wanted: Vec<usize> = candidates.iter().filter_map(|id| history.index.get(id).copied()).collect();
    let common: Vec<usize> = (0..history.order.len())
        .filter(|&at| history.order[at].fields.contains_key(slot))
        .filter(|&at| wanted.iter().all(|&one| history.descends(one, at)))
        .collect();
    let latest = history.latest(&common).into_iter().map(|at| history.order[at]);
    let found = latest.max_by(|left, right| left.precedence().cmp(&right.precedence()))?;
    Some(Candidate { revision: found.id, value: found.fields[slot].clone() })
}

/// The assignment of a slot that is shown, among those no later one takes the place of.
pub fn in_force(revisions: &[Revision], slot: &str) -> Option<RevisionId> {
    let history = History::of(revisions.iter());
    let assigned: Vec<usize> =
        (0..history.order.len()).filter(|&at| history.order[at].fields.contains_key(slot)).collect();
    let latest = history.latest(&assigned).into_iter().map(|at| history.order[at]);
    latest.max_by(|left, right| left.precedence().cmp(&right.precedence())).map(|revision| revision.id)
}

/// Revisions in an order in which parents come first, each with the set of its ancestors.
struct History<'a> {
    order: Vec<&'a Revision>,
    index: HashMap<RevisionId, usize>,
    /// Bit `j` of `ancestors[i]`: revision `j` is an ancestor of `i`.
    ancestors: Vec<Vec<u64>>,
}

impl<'a> History<'a> {
    fn of(revisions: impl Iterator<Item = &'a Revision>) -> Self {
        let all: BTreeMap<RevisionId, &Revision> = revisions.map(|revision| (revision.id, revision)).collect();
        let mut children: HashMap<RevisionId, Vec<RevisionId>> = HashMap::new();
        let mut missing: HashMap<RevisionId, usize> = HashMap::new();
        let mut ready: Vec<RevisionId> = Vec::new();
        for revision in all.values() {
            for parent in &revision.parents {
                children.entry(*parent).or_default().push(revision.id);
            }
            if revision.parents.is_empty() {
                ready.push(revision.id);
            } else {
                missing.insert(revision.id, revision.parents.len());
            }
        }
        let words = all.len().div_ceil(64);
        let mut history = History { order: Vec::new(), index: HashMap::new(), ancestors: Vec::new() };
        while let Some(id) = ready.pop() {
            let revision = all[&id];
            let at = history.order.len();
            let mut ancestors = vec![0u64; words];
            for parent in &revision.parents {
                let parent = history.index[parent];
                for (word, theirs) in ancestors.iter_mut().zip(&history.ancestors[parent]) {
                    *word |= theirs;
                }
                ancestors[parent / 64] |= 1 << (parent % 64);
            }
            history.order.push(revision);
            history.index.insert(id, at);
            history.ancestors.push(ancestors);
            for child in children.get(&id).into_iter().flatten() {
                let left = missing.get_mut(child).expect("a child waits for its parents");
                *left -= 1;
                if *left == 0 {
                    ready.push(*child);
                }
            }
        }
        history
    }

    /// Whether `later` descends from `earlier`.
    fn descends(&self, later: usize, earlier: usize) -> bool {
        self.ancestors[later][earlier / 64] & (1 << (earlier % 64)) != 0
    }

    /// Of a filing that was sealed, what its seal does not rest on. Where it was sealed in two places the earliest seal by
    /// (clock, device, id) stands, and the other is set aside as what came after it is.
    fn beside_seal(&self) -> Vec<RevisionId> {
        let sealing = |at: &usize| is_sealed(&self.order[*at].kind, &self.order[*at].fields);
        let seals: Vec<usize> = (0..self.order.len()).filter(sealing).collect();
        let first = seals.iter().copied().filter(|&one| !seals.iter().any(|&other| self.descends(one, other)));
        let Some(seal) = first.min_by_key(|&at| self.order[at].precedence()) else { return Vec::new() };
        let rests_on = |at: usize| at == seal || self.descends(seal, at);
        (0..self.order.len()).filter(|&at| !rests_on(at)).map(|at| self.order[at].id).collect()
    }

    fn concurrent(&self, left: usize, right: usize) -> bool {
        left != right && !self.descends(left, right) && !self.descends(right, left)
    }

    /// Those of `among` that none of `among` descends from.
    fn latest(&self, among: &[usize]) -> Vec<usize> {
        among.iter().copied().filter(|&one| !among.iter().any(|&other| self.descends(other, one))).collect()
    }

    fn state(&self, identity: &Revision) -> Folded {
        let everything: Vec<usize> = (0..self.order.len()).collect();
        let mut heads: Vec<RevisionId> = self.latest(&everything).into_iter().map(|at| self.order[at].id).collect();
        heads.sort_unstable();

        let mut assignments: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, revision) in self.order.iter().enumerate() {
            for slot in revision.fields.keys() {
                assignments.entry(slot).or_default().push(at);
            }
        }
        let mut slots = Fields::new();
        let mut conflicts = BTreeMap::new();
        for (slot, assigned) in assignments {
            let mut candidates: Vec<(usize, &Value)> =
                self.latest(&assigned).into_iter().map(|at| (at, &self.order[at].fields[slot])).collect();
            if slot == VOID {
                self.add_edits_unaware_of_void(&mut candidates);
            }
            let shown =
                candidates.iter().max_by_key(|(at, _)| self.order[*at].precedence()).expect("assigned at least once");
            slots.insert(slot.to_owned(), shown.1.clone());
            if candidates.iter().any(|(_, value)| value != &shown.1) {
                let mut candidates: Vec<Candidate> = candidates
                    .into_iter()
                    .map(|(at, value)| Candidate { revision: self.order[at].id, value: value.clone() })
                    .collect();
                candidates.sort_unstable_by_key(|candidate| candidate.revision);
                conflicts.insert(slot.to_owned(), Conflict { candidates });
            }
        }
        Folded {
            record: identity.record,
            kind: identity.kind.clone(),
            office: identity.office.clone(),
            heads,
            slots,
            conflicts,
        }
    }

    /// A void conflicts with any edit whose author did not know of it and which no one who decided on the void knew of.
    fn add_edits_unaware_of_void(&self, candidates: &mut Vec<(usize, &Value)>) {
        static KEPT: Value = Value::Null;
        let decided: Vec<usize> = candidates.iter().map(|(at, _)| *at).collect();
        let voids: Vec<usize> = candidates.iter().filter(|(_, value)| !value.is_null()).map(|(at, _)| *at).collect();
        let unaware: Vec<usize> = (0..self.order.len())
            .filter(|&at| !decided.contains(&at) && !self.order[at].fields.is_empty())
            .filter(|&at| voids.iter().any(|&void| self.concurrent(void, at)))
            .filter(|&at| !decided.iter().any(|&decision| self.descends(decision, at)))
            .collect();
        candidates.extend(self.latest(&unaware).into_iter().map(|at| (at, &KEPT)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Hlc;
    use crate::revision::RevisionDraft;

    /// A pen writes revisions of one record, each on the parents it is told.
    struct Pen {
        written: u64,
    }

    impl Pen {
        fn write(&mut self, parents: &[&Revision], millis: u64, fields: &[(&str, Value)]) -> Revision {
            self.written += 1;
            let draft = RevisionDraft {
                record: "0190a6e4-0000-7000-8000-000000000001".parse().unwrap(),
                kind: "case".into(),
                office: "640121".parse().unwrap(),
                parents: parents.iter().map(|parent| parent.id).collect(),
                device: "00112233445566ff".parse().unwrap(),
                seq: self.written,
                clock: Hlc { millis, counter: 0 },
                author: "张三".into(),
                fields: fields.iter().map(|(slot, value)| ((*slot).to_owned(), value.clone())).collect(),
            };
            Revision::from_line(draft.to_line().unwrap().as_bytes()).unwrap()
        }
    }

    fn state(revisions: &[Revision]) -> Folded {
        fold(revisions).state.unwrap()
    }

    #[test]
    fn a_later_edit_wins_whatever_its_clock_says() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 9_000, &[("cause", "甲".into())]);
        let second = pen.write(&[&first], 1, &[("cause", "乙".into())]);
        let folded = state(&[second.clone(), first]);
        assert_eq!(folded.slots["cause"], "乙".into());
        assert!(folded.conflicts.is_empty());
        assert_eq!(folded.heads, vec![second.id]);
    }

    #[test]
    fn concurrent_edits_of_different_slots_both_stand() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("cause", "甲".into())]);
        let left = pen.write(&[&first], 2, &[("number", "1".into())]);
        let right = pen.write(&[&first], 3, &[("decision_no", "2".into())]);
        let folded = state(&[first, left, right]);
        assert!(folded.conflicts.is_empty());
        assert_eq!(folded.slots.len(), 3);
        assert_eq!(folded.heads.len(), 2);
    }

    #[test]
    fn an_edit_of_another_field_on_two_heads_settles_nothing() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("cause", "甲".into())]);
        let left = pen.write(&[&first], 2, &[("penalty_fen", 100.into())]);
        let right = pen.write(&[&first], 3, &[("penalty_fen", 200.into())]);
        let other = pen.write(&[&left, &right], 4, &[("number", "1".into())]);
        let folded = state(&[first.clone(), left.clone(), right.clone(), other.clone()]);
        assert_eq!(folded.conflicts["penalty_fen"].candidates.len(), 2);
        assert_eq!(folded.slots["penalty_fen"], 200.into());
        let resolved = pen.write(&[&other], 5, &[("penalty_fen", 100.into())]);
        let folded = state(&[first, left, right, other, resolved]);
        assert!(folded.conflicts.is_empty());
        assert_eq!(folded.slots["penalty_fen"], 100.into());
    }

    #[test]
    fn the_base_is_what_all_candidates_knew() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 9, &[("penalty_fen", 100.into())]);
        let second = pen.write(&[&first], 1, &[("penalty_fen", 150.into())]);
        let aside = pen.write(&[&second], 2, &[("number", "1".into())]);
        let left = pen.write(&[&aside], 3, &[("penalty_fen", 200.into()), ("cause", "甲".into())]);
        let right = pen.write(&[&second], 4, &[("penalty_fen", 300.into()), ("cause", "乙".into())]);
        let all = [right.clone(), left.clone(), aside, second.clone(), first];
        let found = base(&all, "penalty_fen", &[left.id, right.id]).unwrap();
        assert_eq!((found.revision, found.value), (second.id, 150.into()), "whatever the clocks say");
        assert_eq!(base(&all, "cause", &[left.id, right.id]), None, "both were the first to say it");
        assert_eq!(in_force(&all, "penalty_fen"), Some(right.id));
        assert_eq!(in_force(&all, "nothing"), None);
    }

    #[test]
    fn equal_values_are_no_conflict() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("cause", "甲".into())]);
        let left = pen.write(&[&first], 2, &[("penalty_fen", 100.into())]);
        let right = pen.write(&[&first], 3, &[("penalty_fen", 100.into())]);
        assert!(state(&[first, left, right]).conflicts.is_empty());
    }

    #[test]
    fn set_elements_merge_one_by_one() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("campaigns/a", true.into())]);
        let left = pen.write(&[&first], 2, &[("campaigns/b", true.into())]);
        let right = pen.write(&[&first], 3, &[("campaigns/a", false.into())]);
        let folded = state(&[first, left, right]);
        assert!(folded.conflicts.is_empty());
        assert_eq!(folded.slots["campaigns/a"], false.into());
        assert_eq!(folded.slots["campaigns/b"], true.into());
    }

    #[test]
    fn a_void_conflicts_with_an_edit_that_did_not_know_of_it() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("cause", "甲".into())]);
        let void = pen.write(&[&first], 2, &[(VOID, "重复录入".into())]);
        let edit = pen.write(&[&first], 3, &[("number", "1".into())]);
        let folded = state(&[first.clone(), void.clone(), edit.clone()]);
        let conflict = &folded.conflicts[VOID];
        assert_eq!(conflict.candidates.len(), 2);
        assert_eq!(folded.slots[VOID], Value::Null, "the edit has the later clock");

        let aware = pen.write(&[&void], 4, &[("number", "2".into())]);
        assert!(state(&[first.clone(), void.clone(), aware]).conflicts.is_empty());

        let second_void = pen.write(&[&edit], 5, &[(VOID, "重复录入".into())]);
        let folded = state(&[first, void, edit, second_void]);
        assert!(folded.conflicts.is_empty(), "whoever voided the edited record knew of the edit");
    }

    #[test]
    fn a_missing_parent_makes_its_descendants_wait() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("cause", "甲".into())]);
        let second = pen.write(&[&first], 2, &[("cause", "乙".into())]);
        let third = pen.write(&[&second], 3, &[("cause", "丙".into())]);
        let folded = fold(&[first.clone(), third.clone()]);
        assert_eq!(folded.pending, BTreeSet::from([third.id]));
        assert_eq!(folded.state.unwrap().slots["cause"], "甲".into());
        assert!(fold(&[first, second, third]).pending.is_empty());
    }

    #[test]
    fn conflict_ids_do_not_depend_on_order() {
        let mut pen = Pen { written: 0 };
        let first = pen.write(&[], 1, &[("cause", "甲".into())]);
        let left = pen.write(&[&first], 2, &[("cause", "乙".into())]);
        let right = pen.write(&[&first], 3, &[("cause", "丙".into())]);
        assert_eq!(state(&[first.clone(), left.clone(), right.clone()]), state(&[right, first, left]));
    }
}
