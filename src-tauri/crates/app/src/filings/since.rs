//! As reported beside as now: the cells that print otherwise today, and behind each the records that were recorded, changed,
//! voided, brought or taken back since.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Notice, RecordId};
use forms::FilledForm;
use serde::Serialize;
use store::figures::Traced;
use store::{CutMembers, Reader, Replay, SinceCut};
use ts_rs::TS;

use super::frozen::{Stood, cells_that_differ};
use super::prepare::printed;
use super::snapshot::Snapshot;
use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::session::Reading;
use crate::words::title_of;

/// At most so many records are told behind one cell.
const MOST_RECORDS: usize = 200;
/// And so many cells are named in a correction that is proposed.
const MOST_PROPOSED: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SinceView {
    pub cells: Vec<CellSince>,
    /// Records that were touched since, whether a cell shows it or not.
    pub records: u64,
    /// The campaign's file is another one today; what is compared is counted by the one of then.
    pub definitions_changed: bool,
    /// This book does not hold every line that was counted, so that only the numbers can be compared.
    pub incomplete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CellSince {
    pub form: String,
    pub form_title: String,
    pub row: String,
    pub row_label: String,
    pub column: String,
    pub column_label: String,
    pub then: String,
    pub now: String,
    pub records: Vec<RecordSince>,
    pub records_in_all: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecordSince {
    pub record: String,
    pub kind: String,
    pub title: String,
    pub office: String,
    /// What it added to the cell, then and now.
    pub then: i64,
    pub now: i64,
    pub what: WhatHappened,
    /// Who did it and when (`2021-05-27 09:30`, China), the last of it.
    pub author: String,
    pub at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhatHappened {
    Recorded,
    Changed,
    Voided,
    Restored,
    /// It came in a package, and had been written before.
    Arrived,
    /// The package that brought it was taken back.
    Undone,
    /// Nothing of it was touched: another record it counts by was.
    Counted,
}

impl Reading {
    /// What a sealed filing would say otherwise today: the same definitions and cut-off, today's records.
    ///
    /// # Errors
    /// those of [`Reading::filing_snapshot`]
    pub fn filing_since(&self, id: RecordId) -> Outcome<SinceView> {
        self.read::<_, Failure>(|reader| {
            let filing = self.filing_of(reader, id)?;
            let snapshot = self.snapshot_of(reader, &filing)?;
            self.since(reader, &snapshot)
        })
    }

    /// 更正说明 as it can be begun: every number that is another one today, and what happened to the records behind it.
    ///
    /// # Errors
    /// those of [`Reading::filing_snapshot`]
    pub fn proposed_correction(&self, ids: &[RecordId], language: Language) -> Outcome<String> {
        let mut newest: Option<(Option<u64>, RecordId)> = None;
        for id in ids {
            let at = self.read(|reader| self.filing_of(reader, *id))?.sealed_at;
            newest = newest.max(Some((at, *id)));
        }
        let Some((_, id)) = newest else { return Ok(String::new()) };
        let since = self.filing_since(id)?;
        let lines = since.cells.iter().take(MOST_PROPOSED).map(|cell| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for record in &cell.records {
                *counts.entry(record.what.word(language)).or_default() += 1;
            }
            let why: Vec<String> = match language {
                Language::Zh => counts.iter().map(|(word, count)| format!("{word}{count}条")).collect(),
                Language::En => counts.iter().map(|(word, count)| format!("{count} {word}")).collect(),
            };
            match language {
                Language::Zh => format!(
                    "《{}》{} · {}：{} → {}{}",
                    cell.form_title,
                    cell.row_label,
                    cell.column_label,
                    shown(&cell.then),
                    shown(&cell.now),
                    if why.is_empty() { String::new() } else { format!("（{}）", why.join("，")) }
                ),
                Language::En => format!(
                    "{}, {} · {}: {} → {}{}",
                    cell.form_title,
                    cell.row_label,
                    cell.column_label,
                    shown(&cell.then),
                    shown(&cell.now),
                    if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) }
                ),
            }
        });
        let mut lines: Vec<String> = lines.collect();
        let more = since.cells.len().saturating_sub(MOST_PROPOSED);
        if more > 0 {
            lines.push(language.pick(&format!("另有{more}格变化"), &format!("and {more} more cells")).to_owned());
        }
        Ok(lines.join("\n"))
    }

    fn since(&self, reader: &Reader, snapshot: &Snapshot) -> Outcome<SinceView> {
        let today = self.library().bundle(&snapshot.campaign);
        let definitions_changed = today.is_none_or(|today| today != snapshot.definitions);
        let members = reader.cut_members(&snapshot.cut)?;
        let incomplete = members.is_none();
        let touched = match &members {
            Some(members) => reader.since_cut(members, snapshot.sealed_at)?,
            None => BTreeMap::new(),
        };
        let compared = match &members {
            Some(members) if !touched.is_empty() => Some(Compared::of(reader, members, &touched)?),
            _ => None,
        };
        let mut cells = Vec::new();
        for frozen in &snapshot.forms {
            let stood = Stood::of(snapshot, frozen)?;
            let now = stood.fill(reader)?;
            for (form, row, column) in cells_that_differ(frozen, &now) {
                let mut cell = CellSince {
                    form_title: frozen.title.clone(),
                    row_label: row_label(frozen, &now, &row),
                    column_label: frozen
                        .columns
                        .iter()
                        .find(|known| known.id == column)
                        .map(|known| known.path.join(" · "))
                        .unwrap_or_default(),
                    then: printed(frozen, &row, &column).to_owned(),
                    now: printed(&now, &row, &column).to_owned(),
                    form,
                    row,
                    column,
                    records: Vec::new(),
                    records_in_all: 0,
                };
                if let Some(compared) = &compared {
                    let behind = compared.behind(&stood, &touched, &cell.row, &cell.column)?;
                    cell.records_in_all = behind.len() as u64;
                    for (record, (then, now)) in behind.into_iter().take(MOST_RECORDS) {
                        cell.records.push(self.record_since(reader, compared, &touched, record, then, now)?);
                    }
                }
                cells.push(cell);
            }
        }
        Ok(SinceView { cells, records: touched.len() as u64, definitions_changed, incomplete })
    }

    fn record_since(
        &self,
        reader: &Reader,
        compared: &Compared,
        touched: &BTreeMap<RecordId, SinceCut>,
        id: RecordId,
        then: i64,
        now: i64,
    ) -> Outcome<RecordSince> {
        let since = touched.get(&id);
        let stood = compared.then.read::<_, Failure>(|then| Ok(then.record(id)?))?;
        let here = reader.record(id)?;
        let voided = |record: &Option<domain::Record>| record.as_ref().is_some_and(|record| record.void.is_some());
        let what = match (since, &stood, &here) {
            (None, ..) => WhatHappened::Counted,
            (Some(_), Some(_), None) => WhatHappened::Undone,
            (Some(since), _, _) if since.added == 0 => WhatHappened::Undone,
            (Some(since), None, Some(_)) if since.written_before => WhatHappened::Arrived,
            (Some(_), None, Some(_)) => WhatHappened::Recorded,
            (Some(_), Some(_), Some(_)) if !voided(&stood) && voided(&here) => WhatHappened::Voided,
            (Some(_), Some(_), Some(_)) if voided(&stood) && !voided(&here) => WhatHappened::Restored,
            (Some(_), ..) => WhatHappened::Changed,
        };
        let record = here.or(stood).ok_or_else(|| Notice::new("record-unknown").with("id", id))?;
        Ok(RecordSince {
            record: id.to_string(),
            title: title_of(self, reader, &record)?,
            office: record.office.to_string(),
            kind: record.kind,
            then,
            now,
            what,
            author: since.map(|since| since.author.clone()).unwrap_or_default(),
            at: since.map(|since| minute(since.millis)).unwrap_or_default(),
        })
    }
}

impl WhatHappened {
    pub fn word(self, language: Language) -> &'static str {
        match self {
            WhatHappened::Recorded => language.pick("补录", "recorded"),
            WhatHappened::Changed => language.pick("更改", "changed"),
            WhatHappened::Voided => language.pick("作废", "voided"),
            WhatHappened::Restored => language.pick("恢复", "restored"),
            WhatHappened::Arrived => language.pick("迟到", "arrived late"),
            WhatHappened::Undone => language.pick("撤销", "taken back"),
            WhatHappened::Counted => language.pick("随之变化", "counted otherwise"),
        }
    }
}

/// Text as it stands in a line.
fn shown(text: &str) -> &str {
    if text.is_empty() { "—" } else { text }
}

/// The records that were touched, with those they are counted by: once as they stood and once as they stand.
struct Compared {
    then: Replay,
    now: Replay,
}

impl Compared {
    fn of(reader: &Reader, members: &CutMembers, touched: &BTreeMap<RecordId, SinceCut>) -> Outcome<Self> {
        let around = reader.around(&touched.keys().copied().collect())?;
        let lines = reader.lines_of_records(&around, members)?;
        let then: Vec<i64> = lines.iter().filter(|(_, then, _)| *then).map(|(n, ..)| *n).collect();
        let now: Vec<i64> = lines.iter().filter(|(.., now)| *now).map(|(n, ..)| *n).collect();
        let quiet = &mut |_, _| ();
        Ok(Compared { then: Replay::of(reader, &then, quiet)?, now: Replay::of(reader, &now, quiet)? })
    }

    /// What each of those records added to a cell then and adds now, where that differs. In a list, where nothing is added up,
    /// whatever of it was touched.
    fn behind(
        &self,
        stood: &Stood,
        touched: &BTreeMap<RecordId, SinceCut>,
        row: &str,
        column: &str,
    ) -> Outcome<Vec<(RecordId, (i64, i64))>> {
        let counted =
            |replay: &Replay| replay.read::<_, Failure>(|reader| Ok(amounts(stood.trace(reader, row, column)?)));
        let (then, now) = (counted(&self.then)?, counted(&self.now)?);
        let records: BTreeSet<RecordId> = then.keys().chain(now.keys()).copied().collect();
        let of = |counted: &BTreeMap<RecordId, i64>, id: &RecordId| counted.get(id).copied().unwrap_or(0);
        let differing = records.into_iter().filter_map(|id| {
            let pair = (of(&then, &id), of(&now, &id));
            (pair.0 != pair.1 || stood.is_list() && touched.contains_key(&id)).then_some((id, pair))
        });
        Ok(differing.collect())
    }
}

/// What each record adds; of a list, where nothing is counted, 1 for being there.
fn amounts(hits: Vec<Traced>) -> BTreeMap<RecordId, i64> {
    let mut amounts: BTreeMap<RecordId, i64> = BTreeMap::new();
    for hit in hits {
        *amounts.entry(hit.record).or_default() += if hit.amount == 0 { 1 } else { hit.amount };
    }
    amounts
}

fn row_label(then: &FilledForm, now: &FilledForm, row: &str) -> String {
    let place = |form: &FilledForm| form.rows.iter().position(|known| known.id == row).map(|at| form.row_name(at));
    place(then).or_else(|| place(now)).unwrap_or_default()
}
