//! The conflict desk: what stands against what, a decision, a rule for many, and what a field once held.

use std::collections::{BTreeMap, BTreeSet};

use app::failure::{Failure, Outcome};
use app::messages::Language;
use app::records::conflicts::{CandidateView, ConflictFilter, ConflictView, HistoryView, Side};
use app::session::Reading;
use app::words::title_of;
use domain::{Record, Value};
use serde::{Deserialize, Serialize};
use store::Reader;
use ts_rs::TS;

use crate::Backend;
use crate::forms::{FormChangeView, change_views};
use crate::rows::{add_form_part, add_measured};
use crate::views::Nothing;

/// Of what a rule decides, those that are shown one by one.
const LISTED_DECISIONS: usize = 200;
const USUAL_PAGE: u32 = 50;

/// Absent members: no condition, from the first, a usual page.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
#[ts(export_to = "bridge.ts")]
pub struct ListConflicts {
    #[ts(optional)]
    pub filter: Option<ConflictFilter>,
    #[ts(optional)]
    pub skip: Option<u32>,
    #[ts(optional)]
    pub most: Option<u32>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ConflictPage {
    pub conflicts: Vec<ConflictLine>,
    /// How many meet the filter.
    #[ts(type = "number")]
    pub total: u64,
    /// The offices whose records have open conflicts, whatever the filter, with how many.
    pub offices: Vec<OfficeConflicts>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct OfficeConflicts {
    pub office: String,
    pub name: String,
    #[ts(type = "number")]
    pub count: u64,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Resolve {
    pub conflict: String,
    /// The revision whose value holds, or another value as JSON.
    pub keep: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Rule {
    pub filter: ConflictFilter,
    pub side: Side,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct ApplyRule {
    pub filter: ConflictFilter,
    pub side: Side,
    /// The token of the plan a person agreed to.
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct RuleView {
    /// The first of what it decides.
    pub decided: Vec<DecidedView>,
    #[ts(type = "number")]
    pub in_all: u64,
    #[ts(type = "number")]
    pub left_open: u64,
    pub changes: Vec<FormChangeView>,
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DecidedView {
    pub line: ConflictLine,
    pub keep: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Settled {
    #[ts(type = "number")]
    pub count: u64,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct HistoryOf {
    pub record: String,
    /// Null for every field.
    pub field: Option<String>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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
        Ok::<_, Failure>((title, crate::rows::row(session, reader, record)?))
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

pub fn list(session: &Reading, input: ListConflicts, _: Language) -> Outcome<ConflictPage> {
    let filter = input.filter.unwrap_or_default();
    let (skip, most) = (input.skip.unwrap_or(0), input.most.unwrap_or(USUAL_PAGE));
    let (open, total) = session.conflicts_among(&filter, skip as usize, most as usize)?;
    session.read::<_, Failure>(|reader| {
        let mut by_office: BTreeMap<domain::OfficeCode, u64> = BTreeMap::new();
        for conflict in reader.conflicts()? {
            *by_office.entry(conflict.office).or_default() += 1;
        }
        let offices = by_office.into_iter().map(|(office, count)| {
            Ok(OfficeConflicts { name: session.name_of(reader, &office)?, office: office.to_string(), count })
        });
        Ok(ConflictPage {
            conflicts: open.into_iter().map(|conflict| line(session, reader, conflict)).collect::<Outcome<_>>()?,
            total,
            offices: offices.collect::<Outcome<_>>()?,
        })
    })
}

pub fn plan(backend: &mut Backend, input: Resolve, language: Language) -> Outcome<Vec<FormChangeView>> {
    let mut tell = backend.jobs().of_request();
    let changes = backend.session_mut()?.resolve_plan(&input.conflict, &input.keep, None, &mut tell)?;
    Ok(change_views(backend.session()?, language, changes))
}

pub fn resolve(backend: &mut Backend, input: Resolve, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.resolve(&input.conflict, &input.keep)?;
    Ok(Nothing {})
}

pub fn rule_plan(backend: &mut Backend, input: Rule, language: Language) -> Outcome<RuleView> {
    let mut tell = backend.jobs().of_request();
    let plan = backend.session_mut()?.rule_plan(&input.filter, input.side, None, &mut tell)?;
    let session = backend.session()?;
    let in_all = plan.decided.len() as u64;
    session.read::<_, Failure>(|reader| {
        let decided = plan.decided.into_iter().take(LISTED_DECISIONS);
        let decided = decided.map(|(conflict, keep)| Ok(DecidedView { line: line(session, reader, conflict)?, keep }));
        Ok(RuleView {
            decided: decided.collect::<Outcome<_>>()?,
            in_all,
            left_open: plan.left_open,
            changes: change_views(session, language, plan.changes),
            token: plan.token,
        })
    })
}

pub fn rule_apply(backend: &mut Backend, input: ApplyRule, _: Language) -> Outcome<Settled> {
    let mut tell = backend.jobs().of_request();
    let count = backend.session_mut()?.rule_apply(&input.filter, input.side, &input.token, &mut tell)?;
    Ok(Settled { count })
}

pub fn history(session: &Reading, input: HistoryOf, _: Language) -> Outcome<Vec<HistoryLine>> {
    let id = input.record.parse()?;
    let history = session.history(id, input.field.as_deref())?;
    session.read::<_, Failure>(|reader| {
        let record = reader.record(id)?;
        let mut lines = Vec::new();
        for history in history {
            let mut names = BTreeMap::new();
            titles(session, reader, record.as_ref(), &history.field, &[&history.assigned], &mut names)?;
            let office_name =
                history.assigned.office.as_ref().and_then(|office| names.get(&format!("office={office}")).cloned());
            lines.push(HistoryLine { history, office_name, titles: names });
        }
        Ok(lines)
    })
}
