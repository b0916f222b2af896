//! What was done is taken back, and brought back. Taking back is writing: new revisions give the fields back what they held,
//! and a record that was made is voided.

use std::collections::{BTreeMap, BTreeSet};

use domain::revision::{RESTORED, VOID, split_slot};
use domain::schema::OVERRIDES;
use domain::validate::type_check;
use domain::{Notice, RecordId, Value};
use store::{Edit, Reader, SlotBefore, Writes, Written};

use super::journal::{Entry, EntryKind, EntryRecord, EntryView, JournalView, MOST, Operation};
use super::{Reading, Writing};
use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::records::Context;
use crate::words::title_of;

impl Reading {
    /// Who changed a record last, and when.
    fn overtaken(&self, id: RecordId) -> Outcome<Notice> {
        self.read::<_, Failure>(|reader| {
            let title = reader.record(id)?.map(|record| title_of(self, reader, &record)).transpose()?;
            let heads = reader.folded(id)?.map(|(_, folded)| folded.heads).unwrap_or_default();
            let revisions = reader.revisions(id)?.into_iter().map(|stored| stored.revision);
            let last = revisions.filter(|one| heads.contains(&one.id)).max_by_key(|one| one.clock);
            let (who, when) = last.map(|one| (one.author, minute(one.clock.millis))).unwrap_or_default();
            let notice = Notice::new("undo-overtaken").with("title", title.unwrap_or_default());
            Ok(notice.with("who", who).with("at", when))
        })
    }

    fn entry_view(&self, entry: &Entry) -> Outcome<EntryView> {
        let first = self.read::<_, Failure>(|reader| {
            let record = entry.first.map(|id| reader.record(id)).transpose()?.flatten();
            let named = record.map(|record| {
                let title = title_of(self, reader, &record)?;
                Ok::<_, Failure>(EntryRecord { id: record.id.to_string(), kind: record.kind, title })
            });
            named.transpose()
        })?;
        let kinds = entry.kinds.iter().map(|(kind, count)| EntryKind { kind: kind.clone(), count: *count });
        Ok(EntryView {
            id: entry.id,
            operation: entry.operation,
            record: first,
            kinds: kinds.collect(),
            fields: entry.fields.clone(),
            at: minute(entry.at),
        })
    }
}

impl Writing {
    /// Changes whenever what can be taken or brought back does.
    pub fn journal_mark(&self) -> (u64, &str) {
        (self.journal.mark, self.author())
    }

    pub fn journal(&self, done: Option<u64>) -> Outcome<JournalView> {
        let (journal, author) = (&self.journal, self.author());
        let view = |entry: Option<&Entry>| entry.map(|entry| self.entry_view(entry)).transpose();
        Ok(JournalView {
            done: view(journal.entries.iter().find(|entry| Some(entry.id) == done))?,
            undo: view(journal.last(author).map(|at| &journal.entries[at]))?,
            redo: view(journal.last_undone(author).map(|at| &journal.undone[at]))?,
        })
    }

    /// From now on remembers what is done.
    pub fn keep_journal(&mut self) {
        self.reading.book.keep_writes();
    }

    /// Takes note of what was written since the last time, as one thing done; its number, where that is something.
    pub fn note_writes(&mut self) -> Outcome<Option<u64>> {
        let writes = self.reading.book.take_writes();
        if writes.is_empty() {
            return Ok(None);
        }
        let author = self.author().to_owned();
        let entry = self.read::<_, Failure>(|reader| entry_of(reader, &author, self.clock().millis(), writes))?;
        let journal = &mut self.journal;
        journal.moved();
        journal.begun += 1;
        let (id, operation) = (journal.begun, entry.operation);
        match operation {
            // What it changed may be what was taken back.
            Operation::Package => journal.undone.clear(),
            _ => journal.undone.retain(|undone| undone.author != author),
        }
        journal.entries.push(Entry { id, ..entry });
        if journal.entries.len() > MOST {
            journal.entries.remove(0);
        }
        Ok(Some(id))
    }

    /// Takes back the last thing this person did, which is to be `id`. Refused where somebody else has built upon it, or where
    /// what stood before may no longer stand.
    pub fn take_back(&mut self, id: u64, language: Language) -> Outcome<()> {
        self.note_writes()?;
        let at = self.journal.last(self.author()).filter(|at| self.journal.entries[*at].id == id);
        let at = at.ok_or_else(|| Notice::new("undo-moved-on"))?;
        if self.journal.entries[at].operation == Operation::Package {
            return Err(Notice::new("undo-package").into());
        }
        let mut entry = self.journal.entries[at].clone();
        let reason = match language {
            Language::Zh => "录入后撤销",
            Language::En => "Undone after it was entered",
        };
        entry.writes = self.reverse(&entry.writes, reason)?;
        self.journal.entries.remove(at);
        self.journal.undone.push(entry);
        self.journal.moved();
        Ok(())
    }

    /// Brings back what was taken back last, which is to be `id`.
    pub fn bring_back(&mut self, id: u64) -> Outcome<()> {
        self.note_writes()?;
        let at = self.journal.last_undone(self.author()).filter(|at| self.journal.undone[*at].id == id);
        let at = at.ok_or_else(|| Notice::new("undo-moved-on"))?;
        let mut entry = self.journal.undone[at].clone();
        entry.writes = self.reverse(&entry.writes, "")?;
        self.journal.undone.remove(at);
        self.journal.entries.push(entry);
        self.journal.moved();
        Ok(())
    }

    /// Gives records back what they held before they were written so, in one transaction; what that wrote.
    fn reverse(&mut self, writes: &[Written], reason: &str) -> Outcome<Vec<Written>> {
        let now = self.clock().millis();
        let context = Context::of(self);
        let journal = &self.journal;
        let mut overtaken = None;
        let written = self.reading.book.transact::<_, Failure>(|writer| {
            let mut before = Vec::new();
            // The last first: it may rest on the others.
            for written in writes.iter().rev() {
                let unknown = || Notice::new("record-unknown").with("id", written.record);
                let (_, folded) = writer.folded(written.record)?.ok_or_else(unknown)?;
                if *journal.standing(&written.heads) != folded.heads {
                    overtaken = Some(written.record);
                    return Err(Notice::new("undo-overtaken").into());
                }
                let voided = || BTreeMap::from([(VOID.to_owned(), voided(reason))]);
                let stood = if written.made { voided() } else { written.before.clone() };
                let slots =
                    stood.iter().map(|(slot, stood)| (slot.clone(), stood.shown.clone().unwrap_or(Value::Null)));
                let edit = Edit {
                    record: written.record,
                    kind: folded.kind,
                    office: folded.office,
                    author: context.author.clone(),
                    slots: slots.collect(),
                };
                type_check(context.library.schema(), &edit.kind, &edit.slots)?;
                before.push((written.record, writer.record(written.record)?));
                writer.put_stream_author(&context.device, &edit.office, &context.office)?;
                writer.give_back(edit, &stood, &context.device, now)?;
            }
            writer.flush()?;
            let mut errors = Vec::new();
            for (record, before) in &before {
                errors.extend(context.judge(writer, *record, before.as_ref())?.0);
            }
            if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
        });
        if let (Err(_), Some(record)) = (&written, overtaken) {
            return Err(self.overtaken(record)?.into());
        }
        let ((), changes) = written?;
        self.note_changes(&changes);
        let mut reversed = self.reading.book.take_writes().records;
        reversed.reverse();
        self.journal.reversed(writes, &reversed);
        Ok(reversed)
    }
}

fn voided(reason: &str) -> SlotBefore {
    SlotBefore { shown: Some(Value::text(reason)), against: Vec::new() }
}

/// What was written, as one thing done; its number is given later.
fn entry_of(reader: &Reader, author: &str, at: u64, writes: Writes) -> Outcome<Entry> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for written in &writes.records {
        *kinds.entry(written.kind.clone()).or_default() += 1;
    }
    let mut operations = writes.records.iter().map(|written| operation_of(reader, written));
    let operation = match operations.next().transpose()? {
        _ if writes.packages => Operation::Package,
        None => Operation::Package,
        Some(first) => {
            let alike = operations.try_fold(true, |alike, operation| Ok::<_, Failure>(alike && operation? == first))?;
            if alike { first } else { Operation::Edit }
        }
    };
    let fields: BTreeSet<&str> = match writes.records.as_slice() {
        [only] if operation == Operation::Edit => only.before.keys().map(|slot| split_slot(slot).0).collect(),
        _ => BTreeSet::new(),
    };
    let told = fields.into_iter().filter(|field| ![OVERRIDES, VOID, RESTORED].contains(field));
    Ok(Entry {
        id: 0,
        author: author.to_owned(),
        at,
        operation,
        fields: told.map(str::to_owned).collect(),
        kinds,
        first: writes.records.first().map(|written| written.record),
        writes: writes.records,
    })
}

fn operation_of(reader: &Reader, written: &Written) -> Outcome<Operation> {
    if written.made {
        return Ok(Operation::New);
    }
    let Some(stood) = written.before.get(VOID) else { return Ok(Operation::Edit) };
    let was = stood.shown.as_ref().is_some_and(|value| !value.is_null());
    let is = reader.record(written.record)?.is_some_and(|record| record.void.is_some());
    Ok(match (was, is) {
        (false, true) => Operation::Void,
        (true, false) => Operation::Restore,
        _ => Operation::Edit,
    })
}
