//! 企业档案: one enterprise, one file. What was joined by `same_as` is one enterprise here, whichever of its records is asked
//! for. What happened is told by `assets/documents/timeline.toml` in the words of the schema.

use std::sync::OnceLock;

use domain::{Notice, OfficeCode, Record, RecordId};
use serde::{Deserialize, Serialize};
use store::{EnterpriseTotals, EventKey, EventSource, Reader};
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::session::Reading;
use crate::words::Words;

const TIMELINE: &str = include_str!("../../../../../assets/documents/timeline.toml");

/// The longest words of one event, in characters; the record holds the rest.
const LONGEST_EVENT: usize = 160;

/// Products, open problems and attachments are shown up to this many, the newest first.
pub(crate) const MOST_SHOWN: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Timeline {
    #[serde(rename = "event")]
    pub events: Vec<Happening>,
}

/// A dated field of a kind, told as an event of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Happening {
    pub kind: String,
    pub date: String,
    pub zh: String,
    pub en: String,
    /// Fields whose words say what happened.
    pub tells: Vec<String>,
}

pub(crate) fn timeline() -> &'static Timeline {
    static TOLD: OnceLock<Timeline> = OnceLock::new();
    TOLD.get_or_init(|| toml::from_str(TIMELINE).expect("the timeline is checked by a test"))
}

fn sources() -> Vec<EventSource> {
    let of = |event: &Happening| EventSource { kind: event.kind.clone(), date: event.date.clone() };
    timeline().events.iter().map(of).collect()
}

/// One enterprise with everything that belongs to it.
pub(crate) struct Dossier {
    /// The one that stays: where the chain of `same_as` ends.
    pub enterprise: Record,
    /// Those joined to it, ascending.
    pub joined: Vec<Record>,
    pub members: Vec<RecordId>,
    pub products: Vec<Record>,
    pub open_problems: Vec<Record>,
    pub attachments: Vec<Record>,
    pub totals: EnterpriseTotals,
}

/// Something that happened to an enterprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EventView {
    pub record: String,
    pub kind: String,
    /// Blank where none of the record's days is known.
    pub day: String,
    /// What kind of step it is.
    pub what: String,
    pub words: String,
    pub office: String,
    pub office_name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct TimelinePage {
    /// The newest first.
    pub events: Vec<EventView>,
    /// Pass as `after` for the next page.
    pub next: Option<String>,
    pub total: u64,
}

#[derive(Debug, Serialize, TS)]
pub struct KindTally {
    pub kind: String,
    pub count: u64,
}

pub(crate) fn tallies(kinds: impl IntoIterator<Item = (String, u64)>) -> Vec<KindTally> {
    kinds.into_iter().map(|(kind, count)| KindTally { kind, count }).collect()
}

impl Reading {
    /// Everything about one enterprise, from one state of the book.
    pub(crate) fn dossier(&self, reader: &Reader, enterprise: RecordId) -> Outcome<Dossier> {
        let members = self.group(reader, enterprise)?;
        let root = reader.root_of(enterprise)?;
        let mut joined = Vec::new();
        for member in members.iter().filter(|member| **member != root) {
            joined.extend(reader.record(*member)?);
        }
        Ok(Dossier {
            enterprise: self.enterprise(reader, root)?,
            joined,
            products: reader.of_enterprise(&members, "product", None, MOST_SHOWN)?,
            open_problems: reader.of_enterprise(&members, "problem", Some(("state", "open")), MOST_SHOWN)?,
            attachments: reader.attachments_of_enterprise(&members, MOST_SHOWN)?,
            totals: reader.enterprise_totals(&members)?,
            members,
        })
    }

    /// The ids an enterprise goes by. A record of another kind is no enterprise.
    fn group(&self, reader: &Reader, enterprise: RecordId) -> Outcome<Vec<RecordId>> {
        self.enterprise(reader, enterprise)?;
        Ok(reader.group_of(enterprise)?)
    }

    pub(crate) fn enterprise(&self, reader: &Reader, id: RecordId) -> Outcome<Record> {
        let found = reader.record(id)?.filter(|record| record.kind == "enterprise");
        found.ok_or_else(|| Notice::new("enterprise-unknown").with("id", id).into())
    }

    /// One page of what happened to an enterprise, the newest first.
    pub fn timeline(
        &self,
        enterprise: RecordId,
        after: Option<&str>,
        limit: u32,
        language: Language,
    ) -> Outcome<TimelinePage> {
        let after = after.map(key_of).transpose()?;
        self.read::<_, Failure>(|reader| {
            let members = self.group(reader, enterprise)?;
            self.timeline_in(&Words { session: self, reader, language }, &members, after, limit)
        })
    }

    pub(crate) fn timeline_in(
        &self,
        words: &Words,
        members: &[RecordId],
        after: Option<EventKey>,
        limit: u32,
    ) -> Outcome<TimelinePage> {
        let sources = sources();
        let mut found = words.reader.events(members, &sources, after.as_ref(), limit + 1)?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|last| key_text(&last.key));
        let mut events = Vec::with_capacity(found.len());
        for event in found {
            let Some(record) = words.reader.record(event.record)? else { continue };
            events.push(told(words, &timeline().events[event.key.source], event.key.day, &record)?);
        }
        Ok(TimelinePage { events, next, total: words.reader.event_count(members, &sources)? })
    }
}

fn told(words: &Words, event: &Happening, day: String, record: &Record) -> Outcome<EventView> {
    // A record without a day is told by its kind: which of its steps were taken is not known.
    let what = if day.is_empty() { words.kind(&record.kind) } else { words.pick(&event.zh, &event.en).to_owned() };
    let mut tells = Vec::new();
    for field in &event.tells {
        tells.push(words.of(record, field)?.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    tells.retain(|words| !words.is_empty());
    let mut said = tells.join(" · ");
    if let Some((end, _)) = said.char_indices().nth(LONGEST_EVENT) {
        said.truncate(end);
        said.push('…');
    }
    Ok(EventView {
        record: record.id.to_string(),
        kind: record.kind.clone(),
        day,
        what,
        words: said,
        office: record.office.to_string(),
        office_name: words.session.name_of(words.reader, &record.office)?,
    })
}

/// A place on a timeline as the page hands it back.
fn key_text(key: &EventKey) -> String {
    format!("{}/{}/{}", key.day, key.source, key.n)
}

fn key_of(text: &str) -> Outcome<EventKey> {
    let mut parts = text.split('/');
    let mut part = || parts.next();
    let key = (|| {
        let day = part()?.to_owned();
        Some(EventKey { day, source: part()?.parse().ok()?, n: part()?.parse().ok()? })
    })();
    key.ok_or_else(|| Notice::new("request-malformed").with("reason", format!("after: {text}")).into())
}

/// How the records an office may write are told from those it may not: its own and those below.
pub(crate) fn may_write(session: &Reading, office: &OfficeCode) -> bool {
    session.office().covers(office)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::schema::FieldType;

    use super::*;

    #[test]
    fn every_kind_that_belongs_to_an_enterprise_is_told_by_fields_that_exist() {
        let schema = domain::Schema::core();
        for event in &timeline().events {
            let kind = schema.kind(&event.kind).unwrap_or_else(|| panic!("kind {}", event.kind));
            let date = kind.core_fields().find(|field| field.name == event.date);
            assert_eq!(date.map(|field| &field.ty), Some(&FieldType::Date), "{} {}", event.kind, event.date);
            for field in &event.tells {
                assert!(kind.field(field).is_some(), "{} tells {field}", event.kind);
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let book = store::Book::create(&folder.path().join("a.book")).unwrap();
        let belong: BTreeSet<String> = book
            .read::<_, Failure>(|reader| Ok(reader.kinds_of_enterprises().into_iter().map(str::to_owned).collect()))
            .unwrap();
        let mut told: BTreeSet<String> = timeline().events.iter().map(|event| event.kind.clone()).collect();
        // A product is what an enterprise has, not what happened to it.
        told.insert("product".to_owned());
        assert_eq!(belong, told);
    }

    #[test]
    fn a_place_on_the_timeline_comes_back_as_it_was_given() {
        for day in ["2021-03-12", ""] {
            let key = EventKey { day: day.to_owned(), source: 3, n: 70 };
            assert_eq!(key_of(&key_text(&key)).unwrap(), key);
        }
        for wrong in ["", "2021-03-12", "a/b/c"] {
            assert_eq!(key_of(wrong).unwrap_err().notices[0].code, "request-malformed");
        }
    }
}
