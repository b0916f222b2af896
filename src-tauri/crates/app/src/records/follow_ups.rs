//! What to do next about a record, and the records that name it.

use domain::schema::FieldType;
use domain::{Fields, Record, RecordId, Value};
use store::Reader;

use crate::failure::Outcome;
use crate::messages::Language;
use crate::records::from_above::is_above;
use crate::session::Reading;

/// Beyond this many, what follows from a record is looked at in its own list.
const MOST_RELATED: u32 = 20;

/// A record that could be opened next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Offer {
    /// Its kind.
    pub opens: String,
    /// What doing so is called.
    pub label: String,
    /// The checklist item it is about, in words.
    pub item: Option<String>,
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// It is there already.
    pub existing: Option<RecordId>,
}

/// Records of one kind that name a record in one field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Related {
    pub kind: String,
    pub field: String,
    /// The newest first.
    pub records: Vec<Record>,
    pub more: bool,
}

impl Reading {
    /// What the record's kind offers to do next.
    pub(crate) fn offers(&self, reader: &Reader, record: &Record, language: Language) -> Outcome<Vec<Offer>> {
        let schema = self.library().schema();
        let Some(kind) = schema.kind(&record.kind) else { return Ok(Vec::new()) };
        if record.void.is_some() {
            return Ok(Vec::new());
        }
        let mut offers = Vec::new();
        for follow_up in kind.follow_ups.iter().filter(|follow_up| follow_up.offered(record)) {
            let there = match &follow_up.via {
                Some(via) => reader.related(&follow_up.opens, via, record.id, MOST_RELATED)?,
                None => Vec::new(),
            };
            let follows = schema.kind(&follow_up.opens).is_some_and(|opened| opened.follows.is_some());
            let offer = Offer {
                opens: follow_up.opens.clone(),
                label: language.pick(&follow_up.zh, &follow_up.en).to_owned(),
                item: None,
                preset: follow_up.preset(schema, record),
                campaigns: if follows { Vec::new() } else { record.campaigns.clone() },
                existing: there.first().filter(|_| follow_up.once).map(|existing| existing.id),
            };
            let Some(into) = &follow_up.words else {
                offers.push(offer);
                continue;
            };
            for (item, note) in follow_up.items(record) {
                let words = self.item_words(record, item, language);
                let told = if note.trim().is_empty() { words.clone() } else { format!("{words}：{note}") };
                let mut preset = offer.preset.clone();
                preset.insert(into.clone(), Value::text(told));
                let existing = there
                    .iter()
                    .find(|other| other.text(into).is_some_and(|text| text.starts_with(&words)))
                    .map(|existing| existing.id);
                offers.push(Offer { item: Some(words), preset, existing, ..offer.clone() });
            }
        }
        offers.extend(self.remarks(record, language));
        Ok(offers)
    }

    /// Kinds that an office above writes about any record of an office below it.
    fn remarks(&self, record: &Record, language: Language) -> Vec<Offer> {
        let schema = self.library().schema();
        if !is_above(self.office(), &record.office)
            || schema.kind(&record.kind).is_some_and(|kind| kind.from_above.is_some())
        {
            return Vec::new();
        }
        let offer = |kind: &domain::schema::Kind| {
            let from_above = kind.from_above.as_ref()?;
            let mut preset = Fields::from([(from_above.about.clone(), Value::text(record.id.to_string()))]);
            if let Some(FieldType::Code { of }) = kind.field(&from_above.answer).map(|field| &field.ty)
                && let Some(first) = schema.vocabulary(of).and_then(|vocabulary| vocabulary.entries.first())
            {
                preset.insert(from_above.answer.clone(), Value::text(&first.code));
            }
            Some(Offer {
                opens: kind.id.clone(),
                label: language.pick(&kind.zh, &kind.en).to_owned(),
                item: None,
                preset,
                campaigns: record.campaigns.clone(),
                existing: None,
            })
        };
        schema.kinds.iter().filter_map(offer).collect()
    }

    /// A checklist item as the campaign's document words it; its code where no loaded campaign knows it.
    fn item_words(&self, record: &Record, item: &str, language: Language) -> String {
        let campaigns = record.campaigns.iter().filter_map(|id| self.library().campaign(id));
        let known = campaigns.flat_map(|campaign| &campaign.checklist).find(|known| known.code == item);
        known.map_or(item, |known| language.pick(&known.zh, &known.en)).to_owned()
    }

    /// The unvoided records that name this one, by kind and field.
    pub(crate) fn related(&self, reader: &Reader, record: &Record) -> Outcome<Vec<Related>> {
        let mut all = Vec::new();
        for kind in self.library().schema().kinds.iter().filter(|kind| !kind.reserved) {
            for field in &kind.fields {
                let (FieldType::Ref { to } | FieldType::Refs { to }) = &field.ty else { continue };
                if *to != record.kind && to != "*" {
                    continue;
                }
                let mut records = reader.related(&kind.id, &field.name, record.id, MOST_RELATED + 1)?;
                let more = records.len() > MOST_RELATED as usize;
                records.truncate(MOST_RELATED as usize);
                if !records.is_empty() {
                    all.push(Related { kind: kind.id.clone(), field: field.name.clone(), records, more });
                }
            }
        }
        Ok(all)
    }
}
