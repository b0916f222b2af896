//! A naive fold, written from the words of the exchange design and from nothing else: it reads the lines as plain JSON,
//! searches for ancestors by walking parents, and compares everything with everything. It is slow on purpose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

pub type Id = [u8; 32];

/// One line, as far as folding goes.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: Id,
    pub record: String,
    pub kind: String,
    pub office: String,
    pub parents: BTreeSet<Id>,
    pub device: String,
    pub seq: u64,
    pub clock: (u64, u64),
    pub slots: BTreeMap<String, Value>,
}

pub fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.bytes().filter(|byte| *byte != b'-').map(|byte| (byte as char).to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

impl Line {
    pub fn read(bytes: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(bytes).unwrap();
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        Line {
            id: Sha256::digest(bytes).into(),
            record: text("record"),
            kind: text("kind"),
            office: text("office"),
            parents: json["parents"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| unhex(id.as_str().unwrap()).try_into().unwrap())
                .collect(),
            device: text("device"),
            seq: json["seq"].as_u64().unwrap(),
            clock: (json["clock"][0].as_u64().unwrap(), json["clock"][1].as_u64().unwrap()),
            slots: json["fields"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(slot, value)| (slot.clone(), value.clone()))
                .collect(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Clash {
    pub id: Id,
    /// Revision and the value it stands for.
    pub candidates: BTreeMap<Id, Value>,
}

/// What one record's active lines amount to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Kind, office; `None` while nothing can be folded.
    pub identity: Option<(String, String)>,
    pub heads: BTreeSet<Id>,
    pub shown: BTreeMap<String, Value>,
    pub clashes: BTreeMap<String, Clash>,
    pub pending: BTreeSet<Id>,
    pub disputed: BTreeSet<Id>,
}

struct Past<'a> {
    lines: BTreeMap<Id, &'a Line>,
}

impl Past<'_> {
    /// Whether all that this line rests on is here.
    fn whole(&self, id: &Id) -> bool {
        self.lines.get(id).is_some_and(|line| line.parents.iter().all(|parent| self.whole(parent)))
    }

    /// Whether `later` was made knowing of `earlier`.
    fn knows(&self, later: &Id, earlier: &Id) -> bool {
        let mut seen = BTreeSet::new();
        let mut to_visit: Vec<Id> = self.lines[later].parents.iter().copied().collect();
        while let Some(id) = to_visit.pop() {
            if id == *earlier {
                return true;
            }
            if seen.insert(id) {
                to_visit.extend(self.lines[&id].parents.iter().copied());
            }
        }
        false
    }

    /// Those that none of the same company was made knowing of.
    fn newest(&self, company: &BTreeSet<Id>) -> BTreeSet<Id> {
        company.iter().filter(|one| !company.iter().any(|other| self.knows(other, one))).copied().collect()
    }
}

/// Folds the active lines of one record.
pub fn fold(lines: &[Line]) -> Outcome {
    let all: BTreeMap<Id, &Line> = lines.iter().map(|line| (line.id, line)).collect();
    // The record is what its least first revision says it is; the map is ordered by id.
    let Some(first) = all.values().find(|line| line.parents.is_empty()) else {
        return Outcome { pending: all.keys().copied().collect(), ..Outcome::default() };
    };
    let identity = (first.kind.clone(), first.office.clone());
    let (agreeing, disputed): (BTreeMap<_, _>, BTreeMap<_, _>) = all
        .iter()
        .map(|(id, line)| (*id, *line))
        .partition(|(_, line)| (&line.kind, &line.office) == (&identity.0, &identity.1));
    let waiting = Past { lines: agreeing };
    let (whole, pending): (BTreeMap<_, _>, BTreeMap<_, _>) =
        waiting.lines.iter().map(|(id, line)| (*id, *line)).partition(|(id, _)| waiting.whole(id));
    let past = Past { lines: whole };
    let everyone: BTreeSet<Id> = past.lines.keys().copied().collect();

    let mut outcome = Outcome {
        identity: Some(identity),
        heads: past.newest(&everyone),
        pending: pending.keys().copied().collect(),
        disputed: disputed.keys().copied().collect(),
        ..Outcome::default()
    };
    let slots: BTreeSet<&String> = past.lines.values().flat_map(|line| line.slots.keys()).collect();
    for slot in slots {
        let assigning = past.lines.values().filter(|line| line.slots.contains_key(slot)).map(|line| line.id).collect();
        let mut candidates: BTreeMap<Id, Value> =
            past.newest(&assigning).into_iter().map(|id| (id, past.lines[&id].slots[slot].clone())).collect();
        if slot == "void" {
            candidates.extend(unaware_of_void(&past, &candidates).into_iter().map(|id| (id, Value::Null)));
        }
        let precedence = |id: &Id| (past.lines[id].clock, past.lines[id].device.clone(), *id);
        let winner = candidates.keys().max_by_key(|id| precedence(id)).unwrap();
        outcome.shown.insert(slot.clone(), candidates[winner].clone());
        if candidates.values().any(|value| *value != candidates[winner]) {
            let mut hash = Sha256::new();
            hash.update(unhex(&first.record));
            hash.update((slot.len() as u64).to_be_bytes());
            hash.update(slot);
            candidates.keys().for_each(|id| hash.update(id));
            outcome.clashes.insert(slot.clone(), Clash { id: hash.finalize().into(), candidates });
        }
    }
    outcome
}

/// A void conflicts with any concurrent assignment, unless whoever decided on the void anew knew of it.
fn unaware_of_void(past: &Past, decisions: &BTreeMap<Id, Value>) -> BTreeSet<Id> {
    let apart = |one: &Id, other: &Id| one != other && !past.knows(one, other) && !past.knows(other, one);
    let unaware = past
        .lines
        .values()
        .filter(|line| !line.slots.is_empty() && !decisions.contains_key(&line.id))
        .map(|line| line.id)
        .filter(|edit| decisions.iter().any(|(void, reason)| !reason.is_null() && apart(void, edit)))
        .filter(|edit| !decisions.keys().any(|decision| past.knows(decision, edit)))
        .collect();
    past.newest(&unaware)
}

/// What a whole book should say.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub records: BTreeMap<String, Outcome>,
    pub digest: String,
}

/// Folds every record and hashes the lot as the exchange design and the format page say.
pub fn account<'a>(active: impl Iterator<Item = &'a Line>) -> Account {
    let mut by_record: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in active {
        by_record.entry(line.record.clone()).or_default().push(line.clone());
    }
    let records: BTreeMap<String, Outcome> =
        by_record.into_iter().map(|(record, lines)| (record, fold(&lines))).collect();
    let mut hash = Sha256::new();
    for (record, outcome) in &records {
        let Some((kind, office)) = &outcome.identity else { continue };
        hash.update([1]);
        hash.update(unhex(record));
        for part in [kind, office, &serde_json::to_string(&outcome.shown).unwrap()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    let clashes: BTreeSet<Id> =
        records.values().flat_map(|outcome| outcome.clashes.values().map(|clash| clash.id)).collect();
    for id in clashes {
        hash.update([2]);
        hash.update(id);
    }
    let pending: BTreeSet<Id> = records.values().flat_map(|outcome| outcome.pending.iter().copied()).collect();
    for id in pending {
        hash.update([3]);
        hash.update(id);
    }
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Account { records, digest }
}
