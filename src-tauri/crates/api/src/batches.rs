//! 后处理 as the page shows it: nonconforming batches, how far each is, and one of them with everything that happened to it.
//! What is computed is [`domain::disposal`]'s; steps are saved like any other record.

use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use app::session::Reading;
use domain::disposal::{Balance, Event, STEPS, Todo, events, passed_reinspection, todo};
use domain::{Date, Notice, Record, RecordId};
use serde::{Deserialize, Serialize};
use store::{ListQuery, Reader};
use ts_rs::TS;

use crate::rows::{RecordRow, row};

/// How many batches one request looks at before it answers with what it has found.
const LOOKED_AT: usize = 2_000;
/// … and so many at a time, so that a page may hold up to so many more than were asked for.
const STEP: u32 = 50;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct FindBatches {
    pub campaign: Option<String>,
    /// Only those with something left to do.
    pub open: bool,
    /// Words, numbers or initials to find them by; blank for all.
    pub text: String,
    #[ts(type = "number | null")]
    pub after: Option<i64>,
    pub limit: u32,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct BatchPage {
    pub batches: Vec<BatchRow>,
    /// Pass as `after` for more; there may be more though this page is empty.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}

/// A nonconforming batch in a list.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct BatchRow {
    pub sample: RecordRow,
    pub balance: BalanceView,
    pub todo: Vec<TodoView>,
    /// Something is recorded of what was done.
    pub begun: bool,
    /// Nothing required is left.
    pub settled: bool,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct GetBatch {
    pub sample: String,
}

/// One batch, with everything that belongs to it.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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
#[ts(export_to = "bridge.ts")]
pub struct BalanceView {
    #[ts(type = "number | null")]
    pub nonconforming: Option<i64>,
    #[ts(type = "number")]
    pub sealed: i64,
    #[ts(type = "number")]
    pub detained: i64,
    #[ts(type = "number")]
    pub flowed: i64,
    pub flows_uncounted: u32,
    #[ts(type = "number")]
    pub recalled: i64,
    #[ts(type = "number")]
    pub destroyed: i64,
    /// Neither held nor known to have gone anywhere; below zero where more is accounted for than there was.
    #[ts(type = "number | null")]
    pub unaccounted: Option<i64>,
    #[ts(type = "number")]
    pub at_large: i64,
    #[ts(type = "number")]
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
#[ts(export_to = "bridge.ts")]
pub struct BatchEventView {
    /// What happened, such as `seal` or `sampled`.
    pub id: String,
    pub record: String,
    pub kind: String,
    pub day: Option<String>,
    #[ts(type = "number | null")]
    pub quantity: Option<i64>,
    pub outcome: Option<String>,
    pub words: String,
    pub handled: Option<bool>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct TodoView {
    pub id: String,
    #[ts(type = "number | null")]
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
#[ts(export_to = "bridge.ts")]
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

/// Nonconforming batches, newest first.
pub fn list(session: &Reading, input: FindBatches, _: Language) -> Outcome<BatchPage> {
    let today = session.clock().today();
    let mut query = ListQuery {
        kind: "sample".to_owned(),
        campaign: input.campaign,
        codes: vec![("result".to_owned(), "nonconforming".to_owned())],
        text: input.text,
        after: input.after,
        limit: STEP,
        ..ListQuery::default()
    };
    session.read::<_, Failure>(|reader| {
        let mut batches = Vec::new();
        let mut looked = 0;
        loop {
            let page = reader.list(&query)?;
            looked += page.records.len();
            for sample in page.records {
                let batch = Batch::of(reader, sample)?;
                let todo = batch.todo(today);
                let settled = settled(&todo);
                if !(input.open && settled) {
                    let balance = batch.balance();
                    let begun = batch.disposal.is_some();
                    let sample = row(session, reader, batch.sample)?;
                    batches.push(BatchRow { sample, balance, todo, begun, settled });
                }
            }
            query.after = page.next;
            if page.next.is_none() || batches.len() >= input.limit as usize || looked >= LOOKED_AT {
                return Ok(BatchPage { batches, next: page.next });
            }
        }
    })
}

/// One batch, by its sample.
pub fn get(session: &Reading, input: GetBatch, language: Language) -> Outcome<BatchView> {
    let today = session.clock().today();
    let sample = session.record(input.sample.parse()?)?;
    if sample.kind != "sample" {
        return Err(Notice::new("record-unknown").with("id", sample.id).into());
    }
    session.read::<_, Failure>(|reader| {
        let batch = Batch::of(reader, sample)?;
        let todo = batch.todo(today);
        let (balance, events, steps) = (batch.balance(), batch.events(), batch.steps(language));
        let named = |record: Record| row(session, reader, record);
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use crate::Backend;
    use app::clock::Clock;

    fn ask(backend: &mut Backend, request: Value) -> Value {
        let reply: Value = serde_json::from_str(&backend.dispatch(&request.to_string())).unwrap();
        if reply["error"].is_null() { reply["ok"].clone() } else { reply["error"].clone() }
    }

    fn save(backend: &mut Backend, kind: &str, id: Option<&str>, fields: Value) -> Value {
        ask(
            backend,
            json!({"do": "record_save", "kind": kind, "id": id, "campaigns": null, "overrides": {"campaigns-missing": "不属于任何一项"}, "void": null, "fields": fields}),
        )
    }

    fn id(saved: &Value) -> String {
        saved["record"]["id"].as_str().unwrap_or_else(|| panic!("{saved}")).to_owned()
    }

    /// A book with one nonconforming sample of 1,000 pieces and one that conforms; the id of the first.
    fn book(folder: &Path) -> (Backend, String) {
        // 2021-05-27, noon in China.
        let mut backend = Backend::at(folder.join("a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000));
        ask(
            &mut backend,
            json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}),
        );
        let enterprise = id(&save(&mut backend, "enterprise", None, json!({"name": "甲厂", "roles": ["producer"]})));
        let sample = |number: &str, result: &str| {
            json!({"number": number, "enterprise": enterprise, "product_name": "口罩", "category": "mask",
                "sampled_on": "2021-05-01", "reported_on": "2021-05-10", "authority": "market", "result": result,
                "nonconforming_quantity": if result == "nonconforming" { json!(1000) } else { Value::Null },
                "failed_items": ["过滤效率"], "entered_market": "yes"})
        };
        save(&mut backend, "sample", None, sample("K1", "conforming"));
        let nonconforming = id(&save(&mut backend, "sample", None, sample("K2", "nonconforming")));
        (backend, nonconforming)
    }

    fn batch(backend: &mut Backend, sample: &str) -> Value {
        ask(backend, json!({"do": "batch", "sample": sample}))
    }

    fn open(backend: &mut Backend, open: bool) -> Vec<Value> {
        let page = ask(
            backend,
            json!({"do": "batches", "campaign": null, "open": open, "text": "", "after": null, "limit": 20}),
        );
        page["batches"].as_array().unwrap_or_else(|| panic!("{page}")).clone()
    }

    fn left(batch: &Value) -> Vec<&str> {
        batch["todo"].as_array().unwrap().iter().map(|todo| todo["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn a_batch_from_the_result_to_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, sample) = book(folder.path());
        let begun = batch(&mut backend, &sample);
        assert_eq!(begun["disposal"], Value::Null);
        assert_eq!(begun["balance"]["unaccounted"], 1000);
        assert_eq!(left(&begun), ["stop_sale", "account", "rectify", "reinspect", "file"]);
        assert_eq!(open(&mut backend, true).len(), 1, "what conforms is not in the list");
        let found = |backend: &mut Backend, text: &str| {
            let asked =
                json!({"do": "batches", "campaign": null, "open": true, "text": text, "after": null, "limit": 20});
            ask(backend, asked)["batches"].as_array().unwrap().len()
        };
        assert_eq!((found(&mut backend, "K2"), found(&mut backend, "K1")), (1, 0), "found by its number");

        let disposal = id(&save(
            &mut backend,
            "disposal",
            None,
            json!({"sample": sample, "stop_sale_on": "2021-05-11", "sealed_on": "2021-05-11", "sealed_quantity": 700}),
        ));
        let after = batch(&mut backend, &sample);
        assert_eq!((&after["balance"]["sealed"], &after["balance"]["unaccounted"]), (&json!(700), &json!(300)));
        assert_eq!(left(&after)[0], "account");
        let kinds: Vec<&str> =
            after["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["sample", "sample", "disposal", "disposal"]);

        // 恢复生产 is closed until a re-inspection has passed, and the page knows before anyone types.
        let resume = |batch: &Value| {
            batch["steps"].as_array().unwrap().iter().find(|step| step["id"] == "resume").unwrap().clone()
        };
        assert_eq!(resume(&after)["blocked"]["code"], "resumed-without-reinspection");
        let refused = save(&mut backend, "disposal", Some(&disposal), json!({"resumed_on": "2021-05-26"}));
        assert_eq!(refused["errors"][0]["code"], "resumed-without-reinspection");

        let fields = json!({"flows": [{"destination": "吴忠市", "quantity": 300, "handled": true}],
            "rectify_ordered_on": "2021-05-11", "rectify_by": "2021-05-20"});
        save(&mut backend, "disposal", Some(&disposal), fields);
        let late = batch(&mut backend, &sample);
        assert_eq!(late["balance"]["unaccounted"], 0);
        assert_eq!((left(&late)[0], late["todo"][0]["overdue"].as_bool()), ("reinspect", Some(true)), "{late}");
        assert_eq!(open(&mut backend, true)[0]["todo"][0]["overdue"], true);

        let fields = json!({"reinspected_on": "2021-05-26", "reinspection": "pass", "destroyed_on": "2021-05-26", "destroyed_quantity": 700});
        save(&mut backend, "disposal", Some(&disposal), fields);
        let done = batch(&mut backend, &sample);
        assert_eq!((done["settled"].as_bool(), resume(&done)["blocked"].clone()), (Some(true), Value::Null));
        assert_eq!(left(&done), ["file", "resume"]);
        assert!(open(&mut backend, true).is_empty());
        assert_eq!(open(&mut backend, false).len(), 1);
        save(&mut backend, "disposal", Some(&disposal), json!({"resumed_on": "2021-05-27"}));
        assert_eq!(
            batch(&mut backend, &sample)["events"].as_array().unwrap().last().unwrap()["id"],
            "trace",
            "no day, so last"
        );
    }

    #[test]
    fn a_batch_is_asked_for_by_its_sample() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, sample) = book(folder.path());
        let other = id(&save(&mut backend, "disposal", None, json!({"sample": sample})));
        for id in [other.as_str(), "00000000-0000-4000-8000-000000000009"] {
            assert_eq!(batch(&mut backend, id)[0]["code"], "record-unknown");
        }
    }
}
