//! Revisions a person here writes: each on top of all heads, with what stood before it for whoever takes it back.

use std::collections::BTreeMap;

use domain::filing::{ANSWER, FILING};
use domain::{DeviceId, Fields, Folded, Notice, RecordId, Revision, RevisionDraft, RevisionId, Value};

use crate::changes::{Edit, SlotBefore, Tally, Written};
use crate::error::Result;
use crate::reader::damaged;
use crate::writer::{Incoming, Writer};

impl Writer<'_> {
    /// Appends one revision written on this device and folds it in. Returns its id.
    pub fn append(&mut self, edit: Edit, device: &DeviceId, now_millis: u64) -> Result<RevisionId> {
        let before = self.folded(edit.record)?.map(|(_, folded)| folded);
        if let Some(before) = &before {
            // Merging would set such a revision aside: what a person saved would count for nothing.
            if before.kind != edit.kind {
                return Err(Notice::new("kind-changed").with("before", &before.kind).with("after", &edit.kind).into());
            }
            if before.office != edit.office {
                return Err(Notice::new("office-changed")
                    .with("before", &before.office)
                    .with("after", &edit.office)
                    .into());
            }
        }
        if before.as_ref().is_some_and(|before| domain::filing::is_sealed(&before.kind, &before.slots)) {
            return Err(Notice::new("filing-sealed").with("id", edit.record).into());
        }
        // What is sealed or answered is not taken back by the way one came.
        let journaled = !matches!(edit.kind.as_str(), FILING | ANSWER);
        let written = (self.writes.is_some() && journaled).then(|| Written {
            record: edit.record,
            kind: edit.kind.clone(),
            made: before.is_none(),
            before: edit.slots.keys().map(|slot| (slot.clone(), slot_before(before.as_ref(), slot))).collect(),
            base: before.as_ref().map(|folded| folded.heads.clone()).unwrap_or_default(),
            heads: Vec::new(),
        });
        let parents = before.map(|folded| folded.heads).unwrap_or_default();
        let id = self.append_on(parents, edit, device, now_millis)?;
        if let (Some(writes), Some(written)) = (&mut self.writes, written) {
            writes.put(Written { heads: vec![id], ..written });
        }
        Ok(id)
    }

    /// Gives slots back what they held, one revision on top of all heads. Where several values stood against one another they
    /// do so again: each is a revision of its own beside the others, the one that was shown last.
    pub fn give_back(
        &mut self,
        edit: Edit,
        stood: &BTreeMap<String, SlotBefore>,
        device: &DeviceId,
        now_millis: u64,
    ) -> Result<RevisionId> {
        let record = edit.record;
        let parents = self.folded(record)?.map(|(_, folded)| folded.heads).unwrap_or_default();
        let sides = stood.values().map(|stood| stood.against.len()).max().unwrap_or(0);
        if sides == 0 {
            return self.append(edit, device, now_millis);
        }
        let side = |at: usize| {
            let mut slots = edit.slots.clone();
            for (slot, stood) in stood {
                if let Some(value) = stood.against.get(at) {
                    slots.insert(slot.clone(), value.clone());
                }
            }
            Edit { slots, ..edit.clone() }
        };
        let first = self.append(side(0), device, now_millis)?;
        let mut heads = vec![first];
        for at in 1..sides {
            heads.push(self.append_on(parents.clone(), side(at), device, now_millis)?);
        }
        let shown = self.append_on(parents, edit, device, now_millis)?;
        heads.push(shown);
        heads.sort_unstable();
        if let Some(writes) = &mut self.writes {
            writes.end_at(record, heads);
        }
        Ok(shown)
    }

    fn append_on(
        &mut self,
        parents: Vec<RevisionId>,
        edit: Edit,
        device: &DeviceId,
        now_millis: u64,
    ) -> Result<RevisionId> {
        let clock = self.clock()?.tick(now_millis);
        self.set_clock(clock, now_millis)?;
        let seq = self.streams.next(self.reader.conn, device, &edit.office)?;
        let draft = RevisionDraft {
            record: edit.record,
            kind: edit.kind,
            office: edit.office,
            parents,
            device: device.clone(),
            seq,
            clock,
            author: edit.author,
            fields: edit.slots,
        };
        let line = draft.to_line()?.into_bytes();
        let revision = Revision::from_line(&line)?;
        let id = revision.id;
        self.counted.clear();
        let mut tally = Tally::default();
        self.log_and_fold(vec![Incoming { revision, line }], None, false, &mut tally)?;
        if tally.quarantined > 0 || tally.pending > 0 {
            return Err(damaged("a revision written here could not be folded"));
        }
        Ok(id)
    }

    /// Settles a conflict with one of its values, or another: an assignment whose parents are all heads. The losers stay in
    /// the log.
    pub fn resolve(
        &mut self,
        record: RecordId,
        slot: &str,
        value: Value,
        author: &str,
        device: &DeviceId,
        now_millis: u64,
    ) -> Result<RevisionId> {
        let (_, folded) = self.folded(record)?.ok_or_else(|| Notice::new("record-unknown").with("id", record))?;
        let edit = Edit {
            record,
            kind: folded.kind,
            office: folded.office,
            author: author.to_owned(),
            slots: Fields::from([(slot.to_owned(), value)]),
        };
        self.append(edit, device, now_millis)
    }
}

/// What a slot of a record holds.
fn slot_before(folded: Option<&Folded>, slot: &str) -> SlotBefore {
    let shown = folded.and_then(|folded| folded.slots.get(slot)).cloned();
    let sides = folded.and_then(|folded| folded.conflicts.get(slot)).into_iter();
    let values = sides.flat_map(|conflict| &conflict.candidates).map(|candidate| candidate.value.clone());
    let mut against: Vec<Value> = Vec::new();
    for value in values.filter(|value| shown.as_ref() != Some(value)) {
        if !against.contains(&value) {
            against.push(value);
        }
    }
    SlotBefore { shown, against }
}
