//! What is being typed, kept as it is typed: after a power cut the form is where it was. A draft is no record: it is not
//! judged, not counted and not sent.

use std::collections::BTreeMap;

use domain::{Fields, Notice, Record, RecordId};
use serde::{Deserialize, Serialize};
use store::DraftRow;
use ts_rs::TS;

use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::records::rows::row;
use crate::session::{Reading, Writing};
use crate::words::title_of;

/// More than the longest record could hold.
const MOST_BYTES: usize = 4 << 20;

/// A form as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FormState {
    #[ts(type = "Fields")]
    pub fields: Fields,
    pub campaigns: Vec<String>,
    /// Whose record it becomes, where that is not this office's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub office: Option<String>,
    pub overrides: BTreeMap<String, String>,
    /// By field, what is typed there and cannot be read as its value.
    pub typed: BTreeMap<String, String>,
}

/// A draft, and when it was last typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    pub id: RecordId,
    pub kind: String,
    pub record: Option<RecordId>,
    /// Who typed it; blank where that is not known.
    pub author: String,
    /// `2021-05-27 09:30`, in China.
    pub at: String,
    pub form: FormState,
}

#[derive(Debug, Serialize, TS)]
pub struct DraftLine {
    pub id: String,
    pub kind: String,
    pub record: Option<String>,
    pub at: String,
    /// Who typed it; blank where that is not known.
    pub author: String,
    /// It is this person's own.
    pub own: bool,
    /// What the record would be called; blank while nothing says so.
    pub title: String,
}

impl Reading {
    /// The draft `id`; else that of the record; else, of records that are not yet there, the one of its kind last typed into:
    /// in every case only one of this person.
    pub fn draft(&self, id: Option<RecordId>, kind: &str, record: Option<RecordId>) -> Outcome<Option<Unsaved>> {
        let row = self.read(|reader| match (id, record) {
            (Some(id), _) => reader.draft(id),
            (None, Some(record)) => reader.draft_of(record, self.author()),
            (None, None) => {
                let own = |draft: &DraftRow| draft.record.is_none() && draft.author == self.author();
                Ok(reader.drafts(Some(kind))?.into_iter().find(own))
            }
        })?;
        Ok(row.filter(|row| row.author == self.author()).and_then(unsaved))
    }

    /// Everyone's drafts, or those of a kind, the last one typed into first.
    pub fn drafts(&self, kind: Option<&str>) -> Outcome<Vec<Unsaved>> {
        Ok(self.read(|reader| reader.drafts(kind))?.into_iter().filter_map(unsaved).collect())
    }

    /// Titles by id of what a draft refers to, and names of divisions by code.
    pub fn draft_titles(&self, unsaved: &Unsaved) -> Outcome<BTreeMap<String, String>> {
        self.read::<_, Failure>(|reader| Ok(row(self, reader, as_record(self, unsaved))?.titles))
    }

    /// The same as `drafts`, each by the name its record would go by.
    pub fn draft_lines(&self, kind: Option<&str>) -> Outcome<Vec<DraftLine>> {
        let drafts = self.drafts(kind)?;
        self.read::<_, Failure>(|reader| {
            let line = |unsaved: Unsaved| {
                let typed = as_record(self, &unsaved);
                // A draft of a record that is there holds only what was changed, so the record itself says its name.
                let named = match unsaved.record.map(|record| reader.record(record)).transpose()?.flatten() {
                    Some(standing) => standing,
                    None => typed,
                };
                let title = title_of(self, reader, &named)?;
                Ok(DraftLine {
                    id: unsaved.id.to_string(),
                    kind: unsaved.kind,
                    record: unsaved.record.map(|record| record.to_string()),
                    at: unsaved.at,
                    own: unsaved.author == self.author(),
                    author: unsaved.author,
                    title: if title == named.id.to_string() { String::new() } else { title },
                })
            };
            drafts.into_iter().map(line).collect()
        })
    }
}

impl Writing {
    /// Keeps the form as a draft: in the place of draft `id`, or of the one this person has of the record, or as a new one. What
    /// another person's form still had to keep stays theirs.
    pub fn keep_draft(
        &mut self,
        id: Option<RecordId>,
        kind: &str,
        record: Option<RecordId>,
        form: FormState,
    ) -> Outcome<Unsaved> {
        if self.library().schema().kind(kind).is_none() {
            return Err(Notice::new("kind-unknown").with("value", kind).into());
        }
        let body = serde_json::to_string(&form).unwrap_or_default();
        if body.len() > MOST_BYTES {
            return Err(Notice::new("draft-too-large").with("bytes", body.len()).with("limit", MOST_BYTES).into());
        }
        let (at, own) = (self.clock().millis(), self.author().to_owned());
        let (row, _) = self.transact::<_, Failure>(|writer| {
            let named = id.map(|id| writer.draft(id)).transpose()?.flatten();
            let author = named.map_or_else(|| own.clone(), |named| named.author);
            let standing = record.map(|record| writer.draft_of(record, &author)).transpose()?.flatten();
            let id = standing.map(|standing| standing.id).or(id).unwrap_or_else(|| RecordId(uuid::Uuid::now_v7()));
            let row = DraftRow { id, kind: kind.to_owned(), record, author, at, body };
            writer.keep_draft(&row)?;
            Ok(row)
        })?;
        Ok(Unsaved { id: row.id, kind: row.kind, record: row.record, author: row.author, at: minute(row.at), form })
    }

    /// Makes another person's draft this person's own, who goes on with it. Refused where there is an own one of that record.
    pub fn take_draft(&mut self, id: RecordId) -> Outcome<Unsaved> {
        let author = self.author().to_owned();
        let (row, _) = self.transact::<_, Failure>(|writer| {
            let row = writer.draft(id)?.ok_or_else(|| Notice::new("draft-gone"))?;
            if row.author == author {
                return Ok(row);
            }
            if row.record.map(|record| writer.draft_of(record, &author)).transpose()?.flatten().is_some() {
                return Err(Notice::new("draft-of-own").into());
            }
            let row = DraftRow { author, ..row };
            writer.keep_draft(&row)?;
            Ok(row)
        })?;
        unsaved(row).ok_or_else(|| Notice::new("draft-gone").into())
    }

    /// Says whether there was one.
    pub fn drop_draft(&mut self, id: RecordId) -> Outcome<bool> {
        Ok(self.transact::<_, Failure>(|writer| Ok(writer.drop_draft(id)?))?.0)
    }
}

/// `None` for one that a newer program wrote: it stays until that program opens the book again.
fn unsaved(row: DraftRow) -> Option<Unsaved> {
    let form = serde_json::from_str(&row.body).ok()?;
    Some(Unsaved { id: row.id, kind: row.kind, record: row.record, author: row.author, at: minute(row.at), form })
}

/// A draft as the record it may become, to be shown like one.
fn as_record(session: &Reading, unsaved: &Unsaved) -> Record {
    Record {
        id: unsaved.record.unwrap_or(unsaved.id),
        kind: unsaved.kind.clone(),
        office: session.office().clone(),
        campaigns: unsaved.form.campaigns.clone(),
        void: None,
        overrides: BTreeMap::new(),
        fields: unsaved.form.fields.clone(),
    }
}
