//! Filings (报送) and answers: what the program itself has to know of these two kinds. A filing that was sealed takes no further
//! revision; what became of it afterwards (answered, superseded) is said by other records.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::RecordId;
use crate::value::{Fields, Value};

/// The kind of a filing.
pub const FILING: &str = "submission";

/// The kind of what an office above says of one.
pub const ANSWER: &str = "answer";

const STATE: &str = "state";
const SEALED: &str = "sealed";

/// Whether slots, of a record or of a revision, say that a filing is sealed.
pub fn is_sealed(kind: &str, slots: &Fields) -> bool {
    kind == FILING && slots.get(STATE).and_then(Value::as_str) == Some(SEALED)
}

/// Of the sealed filings of one office, report and due day (each with those it corrects), the ones that stand: none of the others
/// takes their place. Where they name one another in a ring, the one with the smallest id stands. Ascending.
pub fn live(sealed: &BTreeMap<RecordId, Vec<RecordId>>) -> Vec<RecordId> {
    let named: BTreeSet<RecordId> = sealed.values().flatten().copied().collect();
    let mut live: Vec<RecordId> = sealed.keys().copied().filter(|id| !named.contains(id)).collect();
    let mut settled: BTreeSet<RecordId> = BTreeSet::new();
    let mut waiting = live.clone();
    let mut unseen = sealed.keys().copied();
    loop {
        while let Some(id) = waiting.pop() {
            if settled.insert(id) {
                waiting.extend(sealed.get(&id).into_iter().flatten().copied());
            }
        }
        // What nothing that stands leads to is a ring.
        let Some(next) = unseen.find(|id| !settled.contains(id)) else { break };
        live.push(next);
        waiting.push(next);
    }
    live.sort_unstable();
    live
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(filings: &[(u8, &[u8])]) -> Vec<u8> {
        let id = |number: u8| RecordId::from_bytes([number; 16]);
        let sealed = filings.iter().map(|(one, corrects)| (id(*one), corrects.iter().map(|it| id(*it)).collect()));
        live(&sealed.collect()).into_iter().map(|id| id.as_bytes()[0]).collect()
    }

    #[test]
    fn what_a_later_one_corrects_does_not_stand() {
        assert_eq!(standing(&[]), [0; 0]);
        assert_eq!(standing(&[(1, &[])]), [1]);
        assert_eq!(standing(&[(1, &[]), (2, &[1]), (3, &[2])]), [3], "a correction of a correction");
        assert_eq!(standing(&[(1, &[]), (2, &[])]), [1, 2], "two beside one another");
        assert_eq!(standing(&[(1, &[]), (2, &[]), (3, &[1, 2])]), [3], "until one names both");
        assert_eq!(standing(&[(2, &[9]), (3, &[])]), [2, 3], "what is named may not be here");
    }

    #[test]
    fn of_a_ring_the_smallest_stands() {
        assert_eq!(standing(&[(5, &[5])]), [5]);
        assert_eq!(standing(&[(7, &[6]), (6, &[7])]), [6]);
        assert_eq!(standing(&[(1, &[2]), (2, &[3]), (3, &[1]), (4, &[]), (9, &[8]), (8, &[9])]), [1, 4, 8]);
        assert_eq!(standing(&[(7, &[6]), (6, &[7]), (9, &[7])]), [9], "one outside the ring corrects all of it");
    }
}
