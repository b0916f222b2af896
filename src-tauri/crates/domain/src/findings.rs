//! Findings: what merged books can break across records. A person is refused it when recording (see [`crate::validate`]);
//! an import never is, so it is computed from state and shown. Also how `same_as` is followed when it is broken.
//!
//! Pure functions over the few facts they need; the store feeds them.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::RecordId;
use crate::notice::Notice;

/// What state a record that is referred to is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    Live,
    Voided,
    /// Not in this book (yet).
    Absent,
}

/// One thing a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Codes `finding-…`, with the kind or field concerned.
    pub notice: Notice,
    /// The records concerned, the one to correct first.
    pub records: Vec<RecordId>,
}

/// A reference from one unvoided record to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub from: RecordId,
    pub kind: String,
    pub field: String,
    pub to: RecordId,
}

/// Unvoided records of a kind that hold the same number in a field, which nobody said may stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameNumber {
    pub kind: String,
    pub field: String,
    pub number: String,
    pub records: BTreeSet<RecordId>,
}

/// Each enterprise's root: the enterprise it counts as. One entry for every key of `links` (`same_as` of every enterprise
/// that has one, voided ones too: the links of a voided enterprise still lead on). Whatever has no entry is its own root.
///
/// - A chain is followed to its end. A voided or absent target is passed over: the way goes on through a voided one that
///   points further, and where it does not, the last live enterprise on the way is the root.
/// - A ring counts as the smallest id of its live members, for the members and for all that lead into it.
/// - Where no live enterprise is on the way, the enterprise is its own root.
///
/// Depends on nothing but the set of links and who is live; the root of a root is itself.
pub fn resolve_same_as(
    links: &BTreeMap<RecordId, RecordId>,
    live: &dyn Fn(RecordId) -> bool,
) -> BTreeMap<RecordId, RecordId> {
    // Where the way ends, for everything already walked: `None` where no live enterprise follows.
    let mut ends: BTreeMap<RecordId, Option<RecordId>> = BTreeMap::new();
    for start in links.keys() {
        let mut path = Vec::new();
        let mut on_path = BTreeMap::new();
        let mut at = *start;
        let mut end = loop {
            if let Some(known) = ends.get(&at) {
                break *known;
            }
            if let Some(first) = on_path.get(&at) {
                let ring: Vec<RecordId> = path.drain(*first..).collect();
                let smallest = ring.iter().copied().filter(|id| live(*id)).min();
                ends.extend(ring.into_iter().map(|id| (id, smallest)));
                break smallest;
            }
            on_path.insert(at, path.len());
            path.push(at);
            match links.get(&at) {
                Some(next) => at = *next,
                None => break None,
            }
        };
        for id in path.into_iter().rev() {
            if end.is_none() && live(id) {
                end = Some(id);
            }
            ends.insert(id, end);
        }
    }
    links.keys().map(|id| (*id, ends.get(id).copied().flatten().unwrap_or(*id))).collect()
}

/// Rings of `same_as`, and targets that are voided or absent. Rings are named once, by their members in ascending order.
pub fn same_as_findings(links: &BTreeMap<RecordId, RecordId>, presence: &dyn Fn(RecordId) -> Presence) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut done = BTreeSet::new();
    for start in links.keys() {
        let mut path: Vec<RecordId> = Vec::new();
        let mut on_path = BTreeMap::new();
        let mut at = *start;
        while done.insert(at) {
            on_path.insert(at, path.len());
            path.push(at);
            match links.get(&at) {
                Some(next) => at = *next,
                None => break,
            }
        }
        if let Some(first) = on_path.get(&at).filter(|_| links.contains_key(&at)) {
            let mut ring = path[*first..].to_vec();
            ring.sort_unstable();
            findings
                .push(Finding { notice: Notice::new("finding-same-as-ring").with("size", ring.len()), records: ring });
        }
    }
    for (from, to) in links {
        let code = match (presence(*from), presence(*to)) {
            (Presence::Live, Presence::Voided) => "finding-same-as-voided",
            (Presence::Live, Presence::Absent) => "finding-same-as-absent",
            _ => continue,
        };
        findings.push(Finding { notice: Notice::new(code).with("record", from), records: vec![*from, *to] });
    }
    findings
}

/// Samples with more than one unvoided disposal, from (sample, disposal) pairs. The smallest id prints; it stands first
/// after the sample.
pub fn second_disposals(disposals: impl IntoIterator<Item = (RecordId, RecordId)>) -> Vec<Finding> {
    let mut of_sample: BTreeMap<RecordId, BTreeSet<RecordId>> = BTreeMap::new();
    for (sample, disposal) in disposals {
        of_sample.entry(sample).or_default().insert(disposal);
    }
    of_sample
        .into_iter()
        .filter(|(_, disposals)| disposals.len() > 1)
        .map(|(sample, disposals)| Finding {
            notice: Notice::new("finding-second-disposal").with("count", disposals.len()),
            records: std::iter::once(sample).chain(disposals).collect(),
        })
        .collect()
}

/// Sealed filings of one office, report and due day that stand beside one another: nobody can say which of them counts.
pub fn filings_beside(campaign: &str, report: &str, due: &str, live: Vec<RecordId>) -> Option<Finding> {
    (live.len() > 1).then(|| Finding {
        notice: Notice::new("finding-several-filings")
            .with("report", format!("{campaign}/{report}"))
            .with("due", due)
            .with("count", live.len()),
        records: live,
    })
}

/// Numbers that stand on several things. `one` says what a record counts as: of enterprises that were joined all are one.
pub fn numbers_twice(groups: impl IntoIterator<Item = SameNumber>, one: &dyn Fn(RecordId) -> RecordId) -> Vec<Finding> {
    let several = |group: SameNumber| {
        let things: BTreeSet<RecordId> = group.records.iter().map(|record| one(*record)).collect();
        (things.len() > 1).then(|| Finding {
            notice: Notice::new("finding-identifier-twice")
                .with("kind", &group.kind)
                .with("field", &group.field)
                .with("value", &group.number)
                .with("count", things.len()),
            records: group.records.into_iter().collect(),
        })
    };
    groups.into_iter().filter_map(several).collect()
}

/// The disposal that prints of several: the smaller id.
pub fn printed_disposal(disposals: impl IntoIterator<Item = RecordId>) -> Option<RecordId> {
    disposals.into_iter().min()
}

/// Unvoided records that refer to a voided record or to one this book has not. `same_as` has findings of its own and is
/// left out by the caller.
pub fn broken_references(
    references: impl IntoIterator<Item = Reference>,
    presence: &dyn Fn(RecordId) -> Presence,
) -> Vec<Finding> {
    let broken = |reference: Reference| {
        let code = match presence(reference.to) {
            Presence::Live => return None,
            Presence::Voided => "finding-parent-voided",
            Presence::Absent => "finding-parent-absent",
        };
        Some(Finding {
            notice: Notice::new(code).with("kind", &reference.kind).with("field", &reference.field),
            records: vec![reference.from, reference.to],
        })
    };
    references.into_iter().filter_map(broken).collect()
}

/// Unvoided disposals whose sample is not (or no longer) nonconforming, from (disposal, sample, the sample's result).
pub fn disposals_without_cause<'a>(
    disposals: impl IntoIterator<Item = (RecordId, RecordId, Option<&'a str>)>,
) -> Vec<Finding> {
    disposals
        .into_iter()
        .filter(|(_, _, result)| *result != Some("nonconforming"))
        .map(|(disposal, sample, _)| Finding {
            notice: Notice::new("finding-disposal-without-cause").with("record", disposal),
            records: vec![disposal, sample],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: u8) -> RecordId {
        RecordId::from_bytes([number; 16])
    }

    fn links(pairs: &[(u8, u8)]) -> BTreeMap<RecordId, RecordId> {
        pairs.iter().map(|(from, to)| (id(*from), id(*to))).collect()
    }

    fn roots(pairs: &[(u8, u8)], dead: &[u8]) -> Vec<(u8, u8)> {
        resolve_same_as(&links(pairs), &|record| !dead.contains(&record.as_bytes()[0]))
            .into_iter()
            .map(|(from, root)| (from.as_bytes()[0], root.as_bytes()[0]))
            .collect()
    }

    #[test]
    fn chains_are_followed() {
        assert_eq!(roots(&[(1, 2), (2, 3), (9, 2)], &[]), [(1, 3), (2, 3), (9, 3)]);
    }

    #[test]
    fn a_ring_counts_as_its_smallest_id() {
        assert_eq!(roots(&[(5, 7), (7, 6), (6, 5), (1, 7)], &[]), [(1, 5), (5, 5), (6, 5), (7, 5)]);
        assert_eq!(roots(&[(5, 7), (7, 6), (6, 5), (1, 7)], &[5]), [(1, 6), (5, 6), (6, 6), (7, 6)]);
        assert_eq!(roots(&[(4, 4)], &[]), [(4, 4)]);
        assert_eq!(roots(&[(1, 2), (2, 3), (3, 2)], &[2, 3]), [(1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn a_voided_or_absent_target_is_passed_over() {
        assert_eq!(roots(&[(1, 2), (2, 3)], &[2]), [(1, 3), (2, 3)], "through it, where it points further");
        assert_eq!(roots(&[(1, 2)], &[2]), [(1, 1)]);
        assert_eq!(roots(&[(1, 2), (2, 3)], &[3]), [(1, 2), (2, 2)]);
        assert_eq!(roots(&[(1, 2), (2, 3)], &[2, 3]), [(1, 1), (2, 2)]);
        assert_eq!(roots(&[(1, 2), (2, 1)], &[2]), [(1, 1), (2, 1)], "a ring through it is no ring");
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let numbered = |number: u32| RecordId::from_bytes(u128::from(number).to_be_bytes());
        let links: BTreeMap<_, _> = (0..200_000).map(|at| (numbered(at), numbered(at + 1))).collect();
        let roots = resolve_same_as(&links, &|_| true);
        assert!(roots.values().all(|root| *root == numbered(200_000)));
    }

    #[test]
    fn rings_and_lost_targets_are_found() {
        let presence = |record: RecordId| match record.as_bytes()[0] {
            8 => Presence::Voided,
            9 => Presence::Absent,
            _ => Presence::Live,
        };
        let found = same_as_findings(&links(&[(3, 2), (2, 1), (1, 2), (4, 8), (5, 9), (8, 9), (6, 6)]), &presence);
        let found: Vec<(&str, Vec<u8>)> = found
            .iter()
            .map(|finding| (finding.notice.code.as_str(), finding.records.iter().map(|id| id.as_bytes()[0]).collect()))
            .collect();
        assert_eq!(
            found,
            [
                ("finding-same-as-ring", vec![1, 2]),
                ("finding-same-as-ring", vec![6]),
                ("finding-same-as-voided", vec![4, 8]),
                ("finding-same-as-absent", vec![5, 9]),
            ]
        );
    }

    #[test]
    fn second_disposals_name_the_one_that_prints_first() {
        let found = second_disposals([(id(1), id(9)), (id(2), id(5)), (id(1), id(4)), (id(2), id(5))]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].records, [id(1), id(4), id(9)]);
        assert_eq!(printed_disposal([id(9), id(4)]), Some(id(4)));
    }

    #[test]
    fn one_number_on_two_things_is_found_and_on_one_joined_thing_is_not() {
        let group = |field: &str, records: &[u8]| SameNumber {
            kind: "enterprise".into(),
            field: field.into(),
            number: "914403001922038216".into(),
            records: records.iter().map(|record| id(*record)).collect(),
        };
        let one = |record: RecordId| if record == id(3) { id(2) } else { record };
        let found = numbers_twice([group("uscc", &[2, 3]), group("uscc", &[3, 2, 1]), group("uscc", &[4])], &one);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].records, [id(1), id(2), id(3)]);
        assert_eq!(found[0].notice.arg("count"), Some("2"));
    }

    #[test]
    fn children_of_the_voided_and_the_absent_are_found() {
        let reference =
            |to| Reference { from: id(1), kind: "inspection".into(), field: "enterprise".into(), to: id(to) };
        let presence =
            |record: RecordId| [Presence::Live, Presence::Voided, Presence::Absent][usize::from(record.as_bytes()[0])];
        let found = broken_references([reference(0), reference(1), reference(2)], &presence);
        let codes: Vec<&str> = found.iter().map(|finding| finding.notice.code.as_str()).collect();
        assert_eq!(codes, ["finding-parent-voided", "finding-parent-absent"]);
    }

    #[test]
    fn a_disposal_of_what_is_no_longer_nonconforming_is_found() {
        let found = disposals_without_cause([
            (id(1), id(2), Some("nonconforming")),
            (id(3), id(4), Some("conforming")),
            (id(5), id(6), None),
        ]);
        assert_eq!(found.iter().map(|finding| finding.records[0]).collect::<Vec<_>>(), [id(3), id(5)]);
    }

    proptest! {
        /// Against the words themselves, walked naively for one enterprise at a time, so no order can matter.
        #[test]
        fn roots_are_what_the_words_say(pairs in prop::collection::btree_map(0u8..12, 0u8..12, 0..12), dead in prop::collection::btree_set(0u8..12, 0..5)) {
            let map: BTreeMap<_, _> = pairs.iter().map(|(from, to)| (id(*from), id(*to))).collect();
            let live = |record: RecordId| !dead.contains(&record.as_bytes()[0]);
            let roots = resolve_same_as(&map, &live);
            prop_assert_eq!(roots.keys().collect::<Vec<_>>(), map.keys().collect::<Vec<_>>());
            for start in map.keys() {
                let mut walked = vec![*start];
                let mut ring: Option<Vec<RecordId>> = None;
                while let Some(next) = map.get(walked.last().unwrap()) {
                    if let Some(at) = walked.iter().position(|id| id == next) {
                        ring = Some(walked[at..].to_vec());
                        break;
                    }
                    walked.push(*next);
                }
                let in_ring = ring.and_then(|ring| ring.into_iter().filter(|id| live(*id)).min());
                let expected = in_ring.or_else(|| walked.iter().rev().copied().find(|id| live(*id))).unwrap_or(*start);
                prop_assert_eq!(roots[start], expected);
            }
        }

        #[test]
        fn the_root_of_a_root_is_itself(pairs in prop::collection::btree_map(0u8..12, 0u8..12, 0..12), dead in prop::collection::btree_set(0u8..12, 0..5)) {
            let map: BTreeMap<_, _> = pairs.iter().map(|(from, to)| (id(*from), id(*to))).collect();
            let roots = resolve_same_as(&map, &|record| !dead.contains(&record.as_bytes()[0]));
            for root in roots.values() {
                prop_assert_eq!(roots.get(root).unwrap_or(root), root);
            }
        }
    }
}
