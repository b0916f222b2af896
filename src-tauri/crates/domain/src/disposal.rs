//! 后处理: what became of a nonconforming batch, worked out from its records. The quantities in balance, what happened when,
//! and what is left to do. It refuses nothing: what may be recorded is decided in [`crate::validate`], by the same numbers.

use crate::ids::{Date, RecordId};
use crate::record::Record;
use crate::value::Value;

/// 数量, in the category's unit. Blank adds nothing. Sums are exact: quantities of a merged book can be of any size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// Of the sample; `None` while nobody has counted.
    pub nonconforming: Option<i128>,
    pub sealed: i128,
    pub detained: i128,
    /// Σ of the flows whose quantity is known.
    pub flowed: i128,
    /// Flows whose quantity is not.
    pub flows_uncounted: usize,
    pub recalled: i128,
    pub destroyed: i128,
}

impl Balance {
    pub fn of(sample: Option<&Record>, disposal: Option<&Record>) -> Self {
        let pieces = |field: &str| i128::from(disposal.and_then(|disposal| disposal.int(field)).unwrap_or(0));
        let mut balance = Balance {
            nonconforming: sample.and_then(|sample| sample.int("nonconforming_quantity")).map(i128::from),
            sealed: pieces("sealed_quantity"),
            detained: pieces("detained_quantity"),
            recalled: pieces("recalled_quantity"),
            destroyed: pieces("destroyed_quantity"),
            ..Balance::default()
        };
        for flow in flows(disposal) {
            match flow.quantity {
                Some(quantity) => balance.flowed += i128::from(quantity),
                None => balance.flows_uncounted += 1,
            }
        }
        balance
    }

    /// Sealed or detained; what was sealed and then detained is entered once.
    pub fn held(&self) -> i128 {
        self.sealed + self.detained
    }

    /// What is neither held nor known to have gone anywhere; below zero where more is accounted for than there was.
    pub fn unaccounted(&self) -> Option<i128> {
        self.nonconforming.map(|all| all - self.held() - self.flowed)
    }

    /// Of the flows, what has not come back; below zero where more came back than is known to have gone.
    pub fn at_large(&self) -> i128 {
        self.flowed - self.recalled
    }

    /// Held or recalled, and not destroyed; below zero where more was destroyed than there was.
    pub fn kept(&self) -> i128 {
        self.held() + self.recalled - self.destroyed
    }
}

struct Flow<'a> {
    destination: &'a str,
    quantity: Option<i64>,
    notified_on: Option<Date>,
    handled: bool,
}

fn flows(disposal: Option<&Record>) -> Vec<Flow<'_>> {
    let listed = disposal.and_then(|disposal| disposal.get("flows").as_list()).unwrap_or_default();
    let parts = listed.iter().filter_map(Value::as_map);
    parts
        .map(|flow| {
            let text = |member: &str| flow.get(member).and_then(Value::as_str);
            Flow {
                destination: text("destination").unwrap_or_default(),
                quantity: flow.get("quantity").and_then(Value::as_int),
                notified_on: text("notified_on").and_then(|day| day.parse().ok()),
                handled: flow.get("handled").and_then(Value::as_bool) == Some(true),
            }
        })
        .collect()
}

/// A step a person takes, with the fields it is recorded in. The first kind of record is that of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub id: &'static str,
    pub kind: &'static str,
    pub fields: &'static [&'static str],
}

/// In the order in which they are usually taken.
pub const STEPS: &[Step] = &[
    step("stop_sale", &["stop_sale_on"]),
    Step { id: "count", kind: "sample", fields: &["nonconforming_quantity", "entered_market"] },
    step("seal", &["sealed_on", "sealed_quantity"]),
    step("detain", &["detained_on", "detained_quantity"]),
    step("trace", &["flows"]),
    step("recall", &["recalled_on", "recalled_quantity"]),
    step("rectify", &["rectify_ordered_on", "rectify_by"]),
    step("reinspect", &["reinspected_on", "reinspection"]),
    step("destroy", &["destroyed_on", "destroyed_quantity"]),
    step("file", &["case"]),
    step("transfer", &["transferred_on"]),
    step("resume", &["resumed_on"]),
    Step { id: "announce", kind: "sample", fields: &["announced_on"] },
    step("describe", &["measures", "assistance"]),
];

const fn step(id: &'static str, fields: &'static [&'static str]) -> Step {
    Step { id, kind: "disposal", fields }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// A step's id, or `sampled`, `reported`, `delivered`, `objected`, `retested`, `assisted`.
    pub id: &'static str,
    pub record: RecordId,
    /// Not known of a flow nobody was notified of.
    pub day: Option<Date>,
    pub quantity: Option<i64>,
    /// A code of pass or fail.
    pub outcome: Option<String>,
    /// Where a flow went, or the number of a case.
    pub words: String,
    /// Of a flow: whether it has been dealt with where it went.
    pub handled: Option<bool>,
}

/// What happened to a batch, by day. What has no day stands last; on one day, the usual order of the steps.
pub fn events(sample: &Record, disposal: Option<&Record>, cases: &[Record], assistance: &[Record]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut dated = |record: &Record, id: &'static str, day: &str, quantity: Option<&str>, outcome: Option<&str>| {
        let Some(day) = record.date(day) else { return };
        events.push(Event {
            id,
            record: record.id,
            day: Some(day),
            quantity: quantity.and_then(|field| record.int(field)),
            outcome: outcome.and_then(|field| record.text(field)).map(str::to_owned),
            words: String::new(),
            handled: None,
        });
    };
    dated(sample, "sampled", "sampled_on", None, None);
    dated(sample, "reported", "reported_on", Some("nonconforming_quantity"), None);
    dated(sample, "delivered", "delivered_on", None, None);
    dated(sample, "objected", "objected_on", None, None);
    dated(sample, "retested", "retested_on", None, Some("retest"));
    if let Some(disposal) = disposal {
        dated(disposal, "stop_sale", "stop_sale_on", None, None);
        dated(disposal, "seal", "sealed_on", Some("sealed_quantity"), None);
        dated(disposal, "detain", "detained_on", Some("detained_quantity"), None);
        dated(disposal, "recall", "recalled_on", Some("recalled_quantity"), None);
        dated(disposal, "rectify", "rectify_ordered_on", None, None);
        dated(disposal, "reinspect", "reinspected_on", None, Some("reinspection"));
        dated(disposal, "destroy", "destroyed_on", Some("destroyed_quantity"), None);
        dated(disposal, "transfer", "transferred_on", None, None);
        dated(disposal, "resume", "resumed_on", None, None);
    }
    dated(sample, "announce", "announced_on", None, None);
    let plain = |record: &Record, id, day| Event {
        id,
        record: record.id,
        day,
        quantity: None,
        outcome: None,
        words: String::new(),
        handled: None,
    };
    if let Some(disposal) = disposal {
        for flow in flows(Some(disposal)) {
            let event = plain(disposal, "trace", flow.notified_on);
            let handled = Some(flow.handled);
            events.push(Event { quantity: flow.quantity, words: flow.destination.to_owned(), handled, ..event });
        }
    }
    for case in cases {
        let words = case.text("number").unwrap_or_default().to_owned();
        events.push(Event { words, ..plain(case, "file", case.date("filed_on")) });
    }
    for given in assistance {
        let words = given.text("content").unwrap_or_default().to_owned();
        events.push(Event { words, ..plain(given, "assisted", given.date("date")) });
    }
    events.sort_by_key(|event| (event.day.is_none(), event.day));
    events
}

/// Something left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Todo {
    /// The step that does it; `account` where goods have to be sealed, detained or traced.
    pub id: &'static str,
    /// How many pieces it is about, where that is known.
    pub quantity: Option<i128>,
    pub due: Option<Date>,
    /// The batch is not settled before. What is not required is only suggested.
    pub required: bool,
}

impl Todo {
    pub fn overdue(&self, today: Date) -> bool {
        self.due.is_some_and(|due| today > due)
    }
}

/// What is left to do about a nonconforming batch, the next thing first. A batch that passed its retest needs nothing.
pub fn todo(sample: &Record, disposal: Option<&Record>, cases: &[Record]) -> Vec<Todo> {
    if sample.text("retest") == Some("pass") {
        return Vec::new();
    }
    let balance = Balance::of(Some(sample), disposal);
    let day = |field: &str| disposal.and_then(|disposal| disposal.date(field));
    let needed = |id, quantity| Todo { id, quantity, due: None, required: true };
    let mut left = Vec::new();
    if day("stop_sale_on").is_none() {
        left.push(needed("stop_sale", None));
    }
    match balance.unaccounted() {
        None => left.push(needed("count", None)),
        Some(missing) if missing > 0 => left.push(needed("account", Some(missing))),
        Some(_) => {}
    }
    let unhandled = flows(disposal).iter().any(|flow| !flow.handled);
    if balance.flows_uncounted > 0 && unhandled {
        left.push(needed("trace", None));
    }
    if balance.at_large() > 0 && unhandled {
        left.push(needed("recall", Some(balance.at_large())));
    }
    let passed = disposal.is_some_and(passed_reinspection);
    if day("rectify_ordered_on").is_none() && !passed {
        left.push(needed("rectify", None));
    }
    if !passed {
        left.push(Todo { due: day("rectify_by"), ..needed("reinspect", None) });
    }
    if balance.kept() > 0 {
        left.push(needed("destroy", Some(balance.kept())));
    }
    if cases.is_empty() {
        left.push(Todo { required: false, ..needed("file", None) });
    }
    if passed && day("resumed_on").is_none() {
        left.push(Todo { required: false, ..needed("resume", None) });
    }
    left
}

/// Whether a re-inspection is dated and passed: before that, nothing is resumed.
pub fn passed_reinspection(disposal: &Record) -> bool {
    disposal.text("reinspection") == Some("pass") && disposal.date("reinspected_on").is_some()
}
