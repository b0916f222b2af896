//! Conflicts and what a field once held, with the names a person reads.

use std::collections::{BTreeMap, BTreeSet};

use domain::{OfficeCode, Record, RecordId, Value};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::records::conflicts::{CandidateView, ConflictFilter, ConflictView, HistoryView};
use crate::records::rows::{add_form_part, add_measured, row};
use crate::session::Reading;
use crate::words::title_of;

#[derive(Debug, Serialize, TS)]
pub struct ConflictPage {
    pub conflicts: Vec<ConflictLine>,
    /// How many meet the filter.
    pub total: u64,
    /// The offices whose records have open conflicts, whatever the filter, with how many.
    pub offices: Vec<OfficeConflicts>,
}

#[derive(Debug, Serialize, TS)]
pub struct OfficeConflicts {
    pub office: String,
    pub name: String,
    pub count: u64,
}

#[derive(Debug, Serialize, TS)]
pub struct ConflictLine {
    #[serde(flatten)]
    #[ts(flatten)]
    pub conflict: ConflictView,
    pub record_title: String,
    pub office_name: String,
    /// What the record holds now, for units and options of the field's own input.
    #[ts(type = "Fields")]
    pub values: domain::Fields,
    pub campaigns: Vec<String>,
    /// Titles by id, names of divisions by code, and of offices by `office=code`: a county's code names both.
    pub titles: BTreeMap<String, String>,
    /// This office may decide it.
    pub ours: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct HistoryLine {
    #[serde(flatten)]
    #[ts(flatten)]
    pub history: HistoryView,
    pub office_name: Option<String>,
    pub titles: BTreeMap<String, String>,
}

/// Names of the offices, divisions and records that values of a record's field speak of, and figures in their unit.
fn titles(
    session: &Reading,
    reader: &Reader,
    record: Option<&Record>,
    field: &str,
    candidates: &[&CandidateView],
    titles: &mut BTreeMap<String, String>,
) -> Outcome<()> {
    let known = record.and_then(|record| session.library().schema().kind(&record.kind)?.field(field));
    if let (Some(record), Some(field)) = (record, known) {
        for value in candidates.iter().map(|candidate| &candidate.value) {
            match value {
                Value::Int(exact) => add_measured(session, field, record, *exact, titles),
                Value::Text(id) if field.chooses.is_some() => add_form_part(session, field, record, id, titles),
                _ => {}
            }
        }
    }
    let mut texts = BTreeSet::new();
    candidates.iter().for_each(|candidate| collect(&candidate.value, &mut texts));
    for text in texts {
        if let Some(record) = text.parse().ok().map(|id| reader.record(id)).transpose()?.flatten() {
            titles.insert(text, title_of(session, reader, &record)?);
        } else if let Some(name) = session.library().divisions().name(&text) {
            titles.insert(text.clone(), name.to_owned());
        }
    }
    for candidate in candidates.iter().filter(|candidate| !candidate.device.is_empty()) {
        let device = candidate.device.parse()?;
        if device == *session.device() {
            titles.insert(format!("device={device}"), String::new());
            continue;
        }
        // Nobody knows a device by its number; who began to write on it, and when, people remember.
        let Some(office) = record.map(|record| &record.office) else { continue };
        if let Some(first) = reader.revision_at(&device, office, 1)? {
            let day = domain::clock::day_in_china(first.clock.millis);
            titles.insert(format!("device={device}"), format!("{} {day}", first.author));
        }
    }
    for office in candidates.iter().filter_map(|candidate| candidate.office.as_ref()) {
        titles.insert(format!("office={office}"), session.name_of(reader, &office.parse()?)?);
    }
    Ok(())
}

/// Every text a value holds, however deep.
fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::Text(text) => drop(texts.insert(text.clone())),
        Value::List(list) => list.iter().for_each(|each| collect(each, texts)),
        Value::Map(map) => map.values().for_each(|each| collect(each, texts)),
        _ => {}
    }
}

fn line(session: &Reading, reader: &Reader, conflict: ConflictView) -> Outcome<ConflictLine> {
    let office = conflict.office.parse()?;
    let record = reader.record(conflict.record.parse()?)?;
    let mut names = BTreeMap::new();
    let shown: Vec<&CandidateView> = conflict.candidates.iter().chain(&conflict.base).collect();
    titles(session, reader, record.as_ref(), &conflict.field, &shown, &mut names)?;
    let row = record.map(|record| {
        let title = title_of(session, reader, &record)?;
        Ok::<_, Failure>((title, row(session, reader, record)?))
    });
    let (record_title, values, campaigns) = match row.transpose()? {
        Some((title, row)) => {
            names.extend(row.titles);
            (title, row.record.fields, row.record.campaigns)
        }
        None => (conflict.record.clone(), Default::default(), Vec::new()),
    };
    Ok(ConflictLine {
        office_name: session.name_of(reader, &office)?,
        ours: session.office().covers(&office),
        record_title,
        values,
        campaigns,
        titles: names,
        conflict,
    })
}

impl Reading {
    /// Open conflicts that meet the filter, from the one numbered `skip` on, and whose records have any.
    pub fn conflict_page(&self, filter: &ConflictFilter, skip: usize, most: usize) -> Outcome<ConflictPage> {
        let (open, total) = self.conflicts_among(filter, skip, most)?;
        self.read::<_, Failure>(|reader| {
            let mut by_office: BTreeMap<OfficeCode, u64> = BTreeMap::new();
            for conflict in reader.conflicts()? {
                *by_office.entry(conflict.office).or_default() += 1;
            }
            let offices = by_office.into_iter().map(|(office, count)| {
                Ok(OfficeConflicts { name: self.name_of(reader, &office)?, office: office.to_string(), count })
            });
            Ok(ConflictPage {
                conflicts: open.into_iter().map(|conflict| line(self, reader, conflict)).collect::<Outcome<_>>()?,
                total,
                offices: offices.collect::<Outcome<_>>()?,
            })
        })
    }

    pub fn conflict_lines(&self, conflicts: Vec<ConflictView>) -> Outcome<Vec<ConflictLine>> {
        self.read::<_, Failure>(|reader| conflicts.into_iter().map(|conflict| line(self, reader, conflict)).collect())
    }

    /// What a field of a record, or every field, once held.
    pub fn history_lines(&self, id: RecordId, field: Option<&str>) -> Outcome<Vec<HistoryLine>> {
        let history = self.history(id, field)?;
        self.read::<_, Failure>(|reader| {
            let record = reader.record(id)?;
            let mut lines = Vec::new();
            for history in history {
                let mut names = BTreeMap::new();
                titles(self, reader, record.as_ref(), &history.field, &[&history.assigned], &mut names)?;
                let office_name =
                    history.assigned.office.as_ref().and_then(|office| names.get(&format!("office={office}")).cloned());
                lines.push(HistoryLine { history, office_name, titles: names });
            }
            Ok(lines)
        })
    }
}
