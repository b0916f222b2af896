//! 读回: a form that comes back as a spreadsheet. A blank form we made, a table we printed and somebody typed over, or one drawn
//! by hand from the document is recognised by its header tree; a person sees cell by cell what is printed and what is typed, says
//! once what has to be said, and the figures become declared figures of the office they are of. A list becomes records: it is
//! handed to what pastes lists.

mod around;
mod blank;
mod cell;
pub mod figures;
mod list;
mod recognise;
pub mod request;
mod sheets;

use std::collections::BTreeMap;

use campaign::model::Body;
use domain::{Date, Notice, OfficeCode};
use store::Reader;

use crate::failure::{Failure, Outcome};
use crate::offices::owners::check_owner;
use crate::paste::units::Units;
use crate::records::{Context, RecordInput};
use crate::session::{Reading, Writing};
use around::{Around, outside};
use figures::{Facts, ReadFigures, open_groups, rows_of};
use recognise::{Found, recognise};
use sheets::{Sheets, sheets_of};

pub use list::ReadList;
pub use request::{How, ReadRequest};

/// A file as it was understood.
pub enum ReadBack {
    Figures(Box<ReadFigures>),
    List(Box<ReadList>),
}

/// Warnings that need a reason, once each.
pub type Doubts = Vec<Notice>;

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    pub new: usize,
    pub updated: usize,
}

impl Writing {
    /// What a file would become, and the warnings that would need a reason; nothing is kept.
    pub fn preview_read(&mut self, request: &ReadRequest) -> Outcome<(ReadBack, Doubts)> {
        let read = self.read_back(request)?;
        let ReadBack::Figures(figures) = &read else { return Ok((read, Vec::new())) };
        let (context, now) = (Context::of(self), self.clock().millis());
        let (figures, reasons) = (figures.as_ref().clone(), request.reasons.clone());
        let judged = self.dry_run::<_, Failure>(|writer| store_all(writer, &context, &figures, &reasons, now))?;
        Ok((read, judged.1))
    }

    /// Stores the figures of a file as they were shown under `token`.
    pub fn apply_read(&mut self, request: &ReadRequest, token: &str) -> Outcome<Stored> {
        let read = self.read_back(request)?;
        let ReadBack::Figures(figures) = read else { return Err(Notice::new("read-is-list").into()) };
        if figures.token != token {
            return Err(Notice::new("paste-changed").into());
        }
        let open = open_groups(&figures);
        if !open.is_empty() {
            let groups: Vec<&str> = open.keys().map(|words| if words.is_empty() { "*" } else { words }).collect();
            return Err(Notice::new("read-source-missing").with("groups", groups.join("、")).into());
        }
        if figures.asks_how && request.how.is_none() {
            return Err(Notice::new("read-how-missing").into());
        }
        let (context, now) = (Context::of(self), self.clock().millis());
        let (stored, _) = self.transact::<_, Failure>(|writer| {
            let (stored, doubts) = store_all(writer, &context, &figures, &request.reasons, now)?;
            match doubts.is_empty() {
                true => Ok(stored),
                false => Err(Failure { notices: doubts }),
            }
        })?;
        Ok(stored)
    }
}

/// Writes the figures and judges them by the rules of a form.
fn store_all(
    writer: &mut store::Writer,
    context: &Context,
    figures: &ReadFigures,
    reasons: &BTreeMap<String, String>,
    now: u64,
) -> Outcome<(Stored, Doubts)> {
    let reasoned = |code: &str| reasons.get(code).map(|why| why.trim()).filter(|why| !why.is_empty());
    let mut stored = Stored { new: 0, updated: 0 };
    let mut doubts: Doubts = Vec::new();
    for store in &figures.stores {
        let before = writer.record(store.record)?;
        let mut input = RecordInput {
            kind: "declared".to_owned(),
            office: store.new.then(|| figures.office.to_string()),
            campaigns: store.new.then(|| vec![figures.campaign.clone()]),
            fields: store.fields.clone(),
            ..RecordInput::default()
        };
        context.write(writer, store.record, &input, before.as_ref(), now)?;
        writer.flush()?;
        let (errors, warnings) = context.judge(writer, store.record, before.as_ref())?;
        if !errors.is_empty() {
            return Err(Failure { notices: errors });
        }
        let (answered, open): (Vec<Notice>, Vec<Notice>) =
            warnings.into_iter().partition(|notice| reasoned(&notice.code).is_some());
        for notice in open {
            if doubts.iter().all(|known| known.code != notice.code) {
                doubts.push(notice);
            }
        }
        if !answered.is_empty() {
            let why = |notice: &Notice| Some((notice.code.clone(), reasoned(&notice.code)?.to_owned()));
            let mut overrides = before.as_ref().map(|before| before.overrides.clone()).unwrap_or_default();
            overrides.extend(answered.iter().filter_map(why));
            input.overrides = Some(overrides);
            let standing = writer.record(store.record)?;
            context.write(writer, store.record, &input, standing.as_ref(), now)?;
        }
        if store.new { stored.new += 1 } else { stored.updated += 1 }
    }
    writer.flush()?;
    Ok((stored, doubts))
}

impl Reading {
    fn read_back(&self, request: &ReadRequest) -> Outcome<ReadBack> {
        let sheets = sheets_of(&request.file, request.sheet.as_deref())?;
        let found = recognise(self.library(), &sheets, request.form.as_deref())?;
        self.read::<_, Failure>(|reader| {
            let facts = self.facts(reader, &sheets, &found, request)?;
            let table = &sheets.tables[found.table];
            match &found.form.body {
                Body::Statistics { .. } => {
                    let figures = self.read_figures(reader, &found, table, facts, request)?;
                    Ok(ReadBack::Figures(Box::new(figures)))
                }
                Body::List { .. } => Ok(ReadBack::List(Box::new(self.read_list(reader, &found, table, facts)?))),
            }
        })
    }

    /// Whose figures they are and up to when they count: as a person said, and where they said nothing, as the sheet does. What
    /// the sheet says otherwise is refused.
    fn facts(&self, reader: &Reader, sheets: &Sheets, found: &Found, request: &ReadRequest) -> Outcome<Facts> {
        let table = &sheets.tables[found.table];
        let end = match &found.form.body {
            Body::Statistics { rows, .. } => rows_of(table, found, rows).1,
            Body::List { .. } => table.rows.len(),
        };
        let around = Around::of(outside(table, found.header.0, end), &Units::of(self.library().schema()));
        let was_blank = sheets.origin.is_some();
        let blank_of = sheets.origin.as_ref().map(|origin| origin.office.parse::<OfficeCode>()).transpose()?;
        let named = match &around.office {
            Some(name) => self.office_named(reader, name)?,
            None => None,
        };
        if let (Some(said), None, None, None) = (&around.office, &named, &blank_of, &request.office) {
            return Err(Notice::new("read-office-unknown").with("said", said).into());
        }
        let office = request.office.clone().or(blank_of.clone()).or(named.clone());
        let office = office.unwrap_or_else(|| self.office().clone());
        check_owner(reader, self.office(), &office)?;
        let name = self.name_of(reader, &office)?;
        if let Some(other) = blank_of.or(named.clone()).filter(|other| *other != office) {
            let wrong = Notice::new("read-other-office").with("office", &office).with("name", name);
            return Err(wrong.with("other", &other).with("other_name", self.name_of(reader, &other)?).into());
        }
        let mut remarks = Vec::new();
        if let (Some(said), None) = (&around.office, &named) {
            remarks.push(Notice::new("read-office-said").with("said", said).with("name", name));
        }
        let said: Option<Date> = around.as_of.or(around.date);
        let as_of = request.as_of.or(said).ok_or_else(|| Notice::new("read-day-missing"))?;
        if let Some(said) = said.filter(|said| *said != as_of) {
            let differs = |code| Notice::new(code).with("said", said).with("as_of", as_of);
            if said.year() != as_of.year() {
                return Err(differs("read-other-year").into());
            }
            remarks.push(differs("read-day-differs"));
        }
        Ok(Facts { office, as_of, units: around.units, was_blank, remarks })
    }
}
