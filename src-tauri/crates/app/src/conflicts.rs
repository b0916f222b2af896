//! Conflicts: what stands against what, and a person's decision.

use domain::revision::split_slot;
use domain::{Date, Notice, Value};
use serde::Serialize;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::session::Session;

/// One open conflict with everything a person needs to decide it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ConflictView {
    pub id: String,
    pub record: String,
    pub kind: String,
    pub office: String,
    pub field: String,
    /// The element of a set or checklist, where it is about one.
    pub element: Option<String>,
    /// Some loaded form reads the field: the cells it touches are marked until this is settled.
    pub guarded: bool,
    pub candidates: Vec<CandidateView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct CandidateView {
    pub revision: String,
    #[ts(type = "unknown")]
    pub value: Value,
    pub author: String,
    pub device: String,
    /// The day it was written, in China.
    pub day: Option<String>,
    /// Shown until a person decides.
    pub shown: bool,
}

impl Session {
    pub fn conflicts(&self) -> Outcome<Vec<ConflictView>> {
        let guarded = self.library.guarded();
        self.book.read(|reader| {
            let mut views = Vec::new();
            for open in reader.conflicts()? {
                let revisions = reader.revisions(open.record)?;
                let (field, element) = split_slot(&open.slot);
                let written = |candidate: &domain::fold::Candidate| {
                    revisions.iter().map(|stored| &stored.revision).find(|revision| revision.id == candidate.revision)
                };
                let shown = open
                    .conflict
                    .candidates
                    .iter()
                    .filter_map(written)
                    .max_by_key(|revision| revision.precedence())
                    .map(|revision| revision.id);
                let candidates = open
                    .conflict
                    .candidates
                    .iter()
                    .map(|candidate| {
                        let revision = written(candidate);
                        CandidateView {
                            revision: candidate.revision.to_string(),
                            value: candidate.value.clone(),
                            author: revision.map(|revision| revision.author.clone()).unwrap_or_default(),
                            device: revision.map(|revision| revision.device.to_string()).unwrap_or_default(),
                            day: revision.and_then(|revision| day(revision.clock.millis)).map(|day| day.to_string()),
                            shown: Some(candidate.revision) == shown,
                        }
                    })
                    .collect();
                views.push(ConflictView {
                    id: open.id.to_string(),
                    record: open.record.to_string(),
                    guarded: guarded.contains(&(open.kind.clone(), field.to_owned())),
                    kind: open.kind,
                    office: open.office.to_string(),
                    field: field.to_owned(),
                    element: element.map(str::to_owned),
                    candidates,
                });
            }
            Ok(views)
        })
    }

    /// Settles a conflict. `keep` is a candidate's revision (whole or its beginning, eight digits at least) or a JSON value.
    /// The losers stay in the log.
    pub fn resolve(&mut self, conflict: &str, keep: &str) -> Outcome<()> {
        let open = self
            .book
            .read(|reader| reader.conflicts())?
            .into_iter()
            .find(|open| conflict.len() >= 8 && open.id.to_string().starts_with(conflict))
            .ok_or_else(|| Notice::new("conflict-unknown").with("id", conflict))?;
        let candidate = open
            .conflict
            .candidates
            .iter()
            .find(|candidate| keep.len() >= 8 && candidate.revision.to_string().starts_with(keep));
        let value = match candidate {
            Some(candidate) => candidate.value.clone(),
            None => Value::from_json(keep)
                .map_err(|error| Notice::new("resolution-malformed").with("value", keep).with("reason", error))?,
        };
        let schema = self.library.schema().clone();
        let slots = domain::Fields::from([(open.slot.clone(), value.clone())]);
        domain::validate::type_check(&schema, &open.kind, &slots)?;
        let (author, device, office, now) =
            (self.author.clone(), self.device.clone(), self.office.clone(), self.clock.millis());
        if !office.covers(&open.office) {
            return Err(Notice::new("office-not-below").with("office", &open.office).with("own", &office).into());
        }
        self.book.transact::<_, Failure>(|writer| {
            writer.put_stream_author(&device, &open.office, &office)?;
            writer.resolve(open.record, &open.slot, value, &author, &device, now)?;
            Ok(())
        })?;
        Ok(())
    }
}

fn day(millis: u64) -> Option<Date> {
    Some(crate::clock::Clock::Fixed(millis).today())
}
