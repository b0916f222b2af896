//! Taking back the last thing a person did to a record: a revision like any other, that restores what stood before.

use domain::fold::fold;
use domain::record::changed_slots;
use domain::revision::{VOID, assemble, split_slot};
use domain::validate::type_check;
use domain::{Fields, Notice, RecordId, Revision, RevisionId, Value};
use store::{Edit, RevisionState};

use crate::failure::{Failure, Outcome};
use crate::records::{Context, Recorded};
use crate::session::Session;

impl Session {
    /// Takes back a revision written on this device that nothing has been built upon. The fields it set become what they
    /// were; a record it made is voided with `reason`. Refused where what stood before may no longer stand, as when a record
    /// made meanwhile rests on this one.
    pub fn undo_revision(&mut self, record: RecordId, revision: RevisionId, reason: &str) -> Outcome<Recorded> {
        let now = self.clock.millis();
        let context = Context::of(self);
        let (written, _) = self.book.transact::<_, Failure>(|writer| {
            let unknown = || Notice::new("record-unknown").with("id", record);
            let (_, standing) = writer.folded(record)?.ok_or_else(unknown)?;
            let before = writer.record(record)?;
            let folded = writer.revisions(record)?.into_iter().filter(|stored| stored.state == RevisionState::Folded);
            let (undone, earlier): (Vec<Revision>, Vec<Revision>) =
                folded.map(|stored| stored.revision).partition(|stored| stored.id == revision);
            let undone = undone.first().filter(|_| standing.heads == [revision]);
            let Some(undone) = undone.filter(|undone| undone.device == context.device) else {
                return Err(Notice::new("undo-overtaken").into());
            };
            // The only head: whatever else there is came before it.
            let given = match fold(&earlier).state {
                Some(state) => fields_of(undone, &state.slots),
                None => Fields::from([(VOID.to_owned(), Value::text(reason))]),
            };
            let schema = context.library.schema();
            let kind =
                schema.kind(&standing.kind).ok_or_else(|| Notice::new("kind-unknown").with("value", &standing.kind))?;
            let slots = changed_slots(kind, &standing.slots, &given)?;
            type_check(schema, &standing.kind, &slots)?;
            let edit = Edit {
                record,
                kind: standing.kind.clone(),
                office: standing.office.clone(),
                author: context.author.clone(),
                slots,
            };
            writer.put_stream_author(&context.device, &standing.office, &context.office)?;
            let id = writer.append(edit, &context.device, now)?;
            writer.settle()?;
            let (errors, _) = context.judge(writer, record, before.as_ref())?;
            if errors.is_empty() { Ok(id) } else { Err(Failure { notices: errors }) }
        })?;
        Ok(Recorded { record, revision: Some(written) })
    }
}

/// The fields a revision set, as these slots had them.
fn fields_of(revision: &Revision, slots: &Fields) -> Fields {
    let stood = assemble(slots);
    let touched = revision.fields.keys().map(|slot| split_slot(slot).0);
    touched.map(|field| (field.to_owned(), stood.get(field).cloned().unwrap_or_default())).collect()
}
