//! What stands beside a record: those like it, those that name it, and what to do next.

use domain::schema::FieldType;
use domain::{Fields, RecordId, Value};
use serde::Serialize;
use store::Likeness;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::records::rows::{Hit, hit};
use crate::session::Reading;

/// As many as a person looks at while typing.
const MOST_SIMILAR: usize = 5;

#[derive(Debug, Serialize, TS)]
pub struct SimilarHit {
    #[serde(flatten)]
    #[ts(flatten)]
    pub hit: Hit,
    pub likeness: SimilarBy,
}

#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SimilarBy {
    Code,
    Name,
    NearName,
}

#[derive(Debug, Serialize, TS)]
pub struct Beside {
    pub offers: Vec<OfferView>,
    pub related: Vec<RelatedView>,
}

/// A record that could be opened next.
#[derive(Debug, Serialize, TS)]
pub struct OfferView {
    pub opens: String,
    pub label: String,
    /// The checklist item it is about.
    pub item: Option<String>,
    #[ts(type = "Fields")]
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// The record that is there already.
    pub existing: Option<String>,
}

/// Records of one kind that name this one in one field, the newest first.
#[derive(Debug, Serialize, TS)]
pub struct RelatedView {
    pub kind: String,
    pub field: String,
    pub records: Vec<Hit>,
    pub more: bool,
}

impl Reading {
    /// Records that may be the one being typed, which is `itself` where it is in the book already. Only kinds with a credit code
    /// know what is alike.
    pub fn similar(&self, kind: &str, itself: Option<RecordId>, fields: &Fields) -> Outcome<Vec<SimilarHit>> {
        let Some(kind) = self.library().schema().kind(kind) else { return Ok(Vec::new()) };
        let Some(code) = kind.fields.iter().find(|field| field.ty == FieldType::Uscc) else {
            return Ok(Vec::new());
        };
        let text = |field: &str| fields.get(field).and_then(Value::as_str).unwrap_or_default();
        let (name, uscc) = (text(&kind.title), text(&code.name));
        self.read::<_, Failure>(|reader| {
            let mut hits = Vec::new();
            for similar in reader.similar(name, uscc, itself, MOST_SIMILAR)? {
                let Some(record) = reader.record(similar.record)? else { continue };
                let likeness = match similar.likeness {
                    Likeness::Code => SimilarBy::Code,
                    Likeness::Name => SimilarBy::Name,
                    Likeness::NearName => SimilarBy::NearName,
                };
                hits.push(SimilarHit { hit: hit(self, reader, &record)?, likeness });
            }
            Ok(hits)
        })
    }

    /// What to do next about a record, and the records that name it.
    pub fn beside(&self, id: RecordId, language: Language) -> Outcome<Beside> {
        let record = self.record(id)?;
        self.read::<_, Failure>(|reader| {
            let offers = self.offers(reader, &record, language)?;
            let offers = offers.into_iter().map(|offer| OfferView {
                opens: offer.opens,
                label: offer.label,
                item: offer.item,
                preset: offer.preset,
                campaigns: offer.campaigns,
                existing: offer.existing.map(|id| id.to_string()),
            });
            let related = self.related(reader, &record)?.into_iter().map(|related| {
                let records = related.records.iter().map(|record| hit(self, reader, record)).collect::<Outcome<_>>()?;
                Ok(RelatedView { kind: related.kind, field: related.field, records, more: related.more })
            });
            Ok(Beside { offers: offers.collect(), related: related.collect::<Outcome<_>>()? })
        })
    }
}
