//! 后处理: nonconforming batches, how far each is, and one of them with everything that happened to it. What is computed is
//! [`domain::disposal`]'s; steps are saved like any other record.

use domain::disposal::{Balance, Event, STEPS, Todo, events, passed_reinspection, todo};
use domain::{Date, Notice, Record, RecordId};
use serde::Serialize;
use store::{ListQuery, Reader};
use ts_rs::TS;

use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::records::rows::{RecordRow, row};
use crate::session::Reading;

/// How many batches one request looks at before it answers with what it has found.
const LOOKED_AT: usize = 2_000;
/// … and so many at a time, so that a page may hold up to so many more than were asked for.
const STEP: u32 = 50;

#[derive(Debug, Serialize, TS)]
pub struct BatchPage {
    pub batches: Vec<BatchRow>,
    /// Pass as `after` for more; there may be more though this page is empty.
    pub next: Option<i64>,
}

/// A nonconforming batch in a list.
#[derive(Debug, Serialize, TS)]
pub struct BatchRow {
    pub sample: RecordRow,
    pub balance: BalanceView,
    pub todo: Vec<TodoView>,
    /// Something is recorded of what was done.
    pub begun: bool,
    /// Nothing required is left.
    pub settled: bool,
}

/// One batch, with everything that belongs to it.
#[derive(Debug, Serialize, TS)]
pub struct BatchView {
    pub sample: RecordRow,
    /// Of several, which only merged books have, the one that prints.
    pub disposal: Option<RecordRow>,
    /// Further disposals of the same sample.
    pub others: Vec<String>,
    pub balance: BalanceView,
    pub events: Vec<BatchEventView>,
    pub todo: Vec<TodoView>,
    pub settled: bool,
    pub steps: Vec<StepView>,
}

/// Quantities in the category's unit.
#[derive(Debug, Serialize, TS)]
pub struct BalanceView {
    pub nonconforming: Option<i64>,
    pub sealed: i64,
    pub detained: i64,
    pub flowed: i64,
    pub flows_uncounted: u32,
    pub recalled: i64,
    pub destroyed: i64,
    /// Neither held nor known to have gone anywhere; below zero where more is accounted for than there was.
    pub unaccounted: Option<i64>,
    pub at_large: i64,
    pub kept: i64,
}

impl From<Balance> for BalanceView {
    fn from(balance: Balance) -> Self {
        BalanceView {
            nonconforming: balance.nonconforming.map(bounded),
            sealed: bounded(balance.sealed),
            detained: bounded(balance.detained),
            flowed: bounded(balance.flowed),
            flows_uncounted: u32::try_from(balance.flows_uncounted).unwrap_or(u32::MAX),
            recalled: bounded(balance.recalled),
            destroyed: bounded(balance.destroyed),
            unaccounted: balance.unaccounted().map(bounded),
            at_large: bounded(balance.at_large()),
            kept: bounded(balance.kept()),
        }
    }
}

/// The page's numbers are exact up to here; what is recorded lies far below.
fn bounded(number: i128) -> i64 {
    const EXACT: i128 = (1 << 53) - 1;
    number.clamp(-EXACT, EXACT) as i64
}

#[derive(Debug, Serialize, TS)]
pub struct BatchEventView {
    /// What happened, such as `seal` or `sampled`.
    pub id: String,
    pub record: String,
    pub kind: String,
    pub day: Option<String>,
    pub quantity: Option<i64>,
    pub outcome: Option<String>,
    pub words: String,
    pub handled: Option<bool>,
}

#[derive(Debug, Serialize, TS)]
pub struct TodoView {
    pub id: String,
    pub quantity: Option<i64>,
    pub due: Option<String>,
    pub overdue: bool,
    pub required: bool,
}

impl TodoView {
    fn of(todo: &Todo, today: Date) -> Self {
        TodoView {
            id: todo.id.to_owned(),
            quantity: todo.quantity.map(bounded),
            due: todo.due.map(|day| day.to_string()),
            overdue: todo.overdue(today),
            required: todo.required,
        }
    }
}

/// A step that can be recorded, in the kind and the fields that hold it.
#[derive(Debug, Serialize, TS)]
pub struct StepView {
    pub id: String,
    pub kind: String,
    pub fields: Vec<String>,
    /// Something of it is recorded.
    pub begun: bool,
    /// Why it cannot be taken now.
    pub blocked: Option<Problem>,
}

/// A sample with what belongs to it; nothing voided.
struct Batch {
    sample: Record,
    disposal: Option<Record>,
    others: Vec<RecordId>,
    cases: Vec<Record>,
    assistance: Vec<Record>,
}

impl Batch {
    fn of(reader: &Reader, sample: Record) -> Outcome<Self> {
        let about = |kind: &str| -> Outcome<Vec<Record>> {
            let mut found = reader.referring(kind, "sample", sample.id)?;
            found.retain(|record| record.void.is_none());
            Ok(found)
        };
        let mut disposals = about("disposal")?.into_iter();
        let disposal = disposals.next();
        let mut cases = about("case")?;
        if let Some(named) = disposal.as_ref().and_then(|disposal| disposal.reference("case"))
            && cases.iter().all(|case| case.id != named)
        {
            cases.extend(reader.record(named)?.filter(|case| case.void.is_none()));
        }
        let assistance = about("assistance")?;
        Ok(Batch { others: disposals.map(|other| other.id).collect(), sample, disposal, cases, assistance })
    }

    fn balance(&self) -> BalanceView {
        Balance::of(Some(&self.sample), self.disposal.as_ref()).into()
    }

    fn todo(&self, today: Date) -> Vec<TodoView> {
        let left = todo(&self.sample, self.disposal.as_ref(), &self.cases);
        left.iter().map(|todo| TodoView::of(todo, today)).collect()
    }

    fn events(&self) -> Vec<BatchEventView> {
        let kind_of = |id: RecordId| {
            let known = self.cases.iter().chain(&self.assistance).chain(&self.disposal);
            known.into_iter().find(|record| record.id == id).map_or(&self.sample.kind, |record| &record.kind).clone()
        };
        let happened = events(&self.sample, self.disposal.as_ref(), &self.cases, &self.assistance);
        let view = |event: Event| BatchEventView {
            id: event.id.to_owned(),
            record: event.record.to_string(),
            kind: kind_of(event.record),
            day: event.day.map(|day| day.to_string()),
            quantity: event.quantity,
            outcome: event.outcome,
            words: event.words,
            handled: event.handled,
        };
        happened.into_iter().map(view).collect()
    }

    fn steps(&self, language: Language) -> Vec<StepView> {
        let holder = |kind: &str| if kind == self.sample.kind { Some(&self.sample) } else { self.disposal.as_ref() };
        let passed = self.disposal.as_ref().is_some_and(passed_reinspection);
        let steps = STEPS.iter().map(|step| {
            let begun = |record: &Record| step.fields.iter().any(|field| !record.get(field).is_null());
            let blocked = (step.id == "resume" && !passed).then(|| Notice::new("resumed-without-reinspection"));
            StepView {
                id: step.id.to_owned(),
                kind: step.kind.to_owned(),
                fields: step.fields.iter().map(|field| (*field).to_owned()).collect(),
                begun: holder(step.kind).is_some_and(begun),
                blocked: blocked.map(|notice| Problem::of(&notice, language)),
            }
        });
        steps.collect()
    }
}

fn settled(todo: &[TodoView]) -> bool {
    !todo.iter().any(|todo| todo.required)
}

/// Which batches are wanted, and how many of them.
#[derive(Debug, Clone)]
pub struct BatchQuery {
    pub campaign: Option<String>,
    /// Only those with something left to do.
    pub open: bool,
    /// Words, numbers or initials to find them by; blank for all.
    pub text: String,
    /// [`BatchPage::next`] of the page before.
    pub after: Option<i64>,
    pub limit: usize,
}

impl Reading {
    /// Nonconforming batches, newest first.
    pub fn batches(&self, wanted: BatchQuery) -> Outcome<BatchPage> {
        let today = self.clock().today();
        let mut query = ListQuery {
            kind: "sample".to_owned(),
            campaign: wanted.campaign,
            codes: vec![("result".to_owned(), "nonconforming".to_owned())],
            text: wanted.text,
            after: wanted.after,
            limit: STEP,
            ..ListQuery::default()
        };
        self.read::<_, Failure>(|reader| {
            let mut batches = Vec::new();
            let mut looked = 0;
            loop {
                let page = reader.list(&query)?;
                looked += page.records.len();
                for sample in page.records {
                    let batch = Batch::of(reader, sample)?;
                    let todo = batch.todo(today);
                    let settled = settled(&todo);
                    if !(wanted.open && settled) {
                        let balance = batch.balance();
                        let begun = batch.disposal.is_some();
                        let sample = row(self, reader, batch.sample)?;
                        batches.push(BatchRow { sample, balance, todo, begun, settled });
                    }
                }
                query.after = page.next;
                if page.next.is_none() || batches.len() >= wanted.limit || looked >= LOOKED_AT {
                    return Ok(BatchPage { batches, next: page.next });
                }
            }
        })
    }

    /// One batch, by its sample.
    pub fn batch(&self, sample: RecordId, language: Language) -> Outcome<BatchView> {
        let today = self.clock().today();
        let sample = self.record(sample)?;
        if sample.kind != "sample" {
            return Err(Notice::new("record-unknown").with("id", sample.id).into());
        }
        self.read::<_, Failure>(|reader| {
            let batch = Batch::of(reader, sample)?;
            let todo = batch.todo(today);
            let (balance, events, steps) = (batch.balance(), batch.events(), batch.steps(language));
            let named = |record: Record| row(self, reader, record);
            Ok(BatchView {
                balance,
                events,
                steps,
                settled: settled(&todo),
                todo,
                others: batch.others.iter().map(RecordId::to_string).collect(),
                disposal: batch.disposal.map(named).transpose()?,
                sample: named(batch.sample)?,
            })
        })
    }
}
