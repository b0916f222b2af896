//! A made-up ledger of a region with two counties, counted by hand.

mod charts;
mod due;
mod findings;
mod tasks;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::books::NewBook;
use crate::clock::Clock;
use crate::messages::Language;
use crate::session::Writing;

const CAMPAIGN: &str = "nx-2021-24";
const REGION: &str = "640000";
const YONGNING: &str = "640121";
const LINGWU: &str = "640181";
/// A station of the first county.
const STATION: &str = "640121-01";

struct Book {
    session: Writing,
    _folder: TempDir,
}

/// Noon in China.
fn noon(day: &str) -> u64 {
    let day: Date = day.parse().unwrap();
    day.naive().and_hms_opt(4, 0, 0).unwrap().and_utc().timestamp_millis() as u64
}

fn id(letter: char, n: u32) -> String {
    format!("{letter}0000000-0000-4000-8000-{n:012}")
}

impl Book {
    fn at(office: &str, today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = NewBook {
            path: folder.path().join("workbench.book"),
            office: office.parse().unwrap(),
            name: "自治区局".to_owned(),
            inspector: Some("张三".to_owned()),
        };
        let session = Writing::create(&new, &[], Clock::Fixed(noon(today))).unwrap();
        Book { session, _folder: folder }
    }

    fn load(&mut self, lines: &[Value]) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.session.load(&mut text.as_bytes(), false, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
    }

    fn group(&self, group: DueGroup) -> Vec<(String, Option<i32>)> {
        let groups = self.session.due(Some(CAMPAIGN)).unwrap();
        let lines = groups.into_iter().filter(|found| found.group == group).flat_map(|found| found.page.lines);
        lines.map(|line| (line.id, line.days)).collect()
    }
}

fn line(kind: &str, id: &str, office: &str, fields: Value) -> Value {
    let follows = ["product", "disposal", "review"].contains(&kind);
    let campaigns = if follows { json!([]) } else { json!([CAMPAIGN]) };
    json!({ "kind": kind, "id": id, "office": office, "campaigns": campaigns, "fields": fields })
}

fn enterprise(n: u32, office: &str) -> Value {
    line("enterprise", &id('e', n), office, json!({ "name": format!("口罩厂{n}"), "roles": ["producer"] }))
}

fn inspection(n: u32, office: &str, of: u32, date: &str, more: Value) -> Value {
    let mut fields = json!({
        "enterprise": id('e', of), "date": date, "inspectors": ["甲", "乙"], "line": "quality", "department": "market",
        "categories": ["mask"], "outcome": "normal",
    });
    extend(&mut fields, more);
    line("inspection", &id('a', n), office, fields)
}

fn sample(n: u32, office: &str, of: u32, sampled_on: &str, category: &str, more: Value) -> Value {
    let mut fields = json!({
        "number": format!("CJ{n}"), "enterprise": id('e', of), "product_name": "口罩", "category": category,
        "sampled_on": sampled_on, "authority": "market", "result": "pending",
    });
    extend(&mut fields, more);
    line("sample", &id('b', n), office, fields)
}

fn case(n: u32, office: &str, of: u32, law: &str, filed_on: &str, more: Value) -> Value {
    let mut fields = json!({
        "number": format!("案{n}"), "enterprise": id('e', of), "line": law, "category": "mask", "filed_on": filed_on,
    });
    extend(&mut fields, more);
    line("case", &id('c', n), office, fields)
}

fn problem(n: u32, of: u32, inspection: Option<u32>, due_on: &str, state: &str) -> Value {
    let mut fields = json!({
        "enterprise": id('e', of), "found_on": "2021-04-01", "description": format!("问题{n}"), "due_on": due_on,
        "state": state,
    });
    if let Some(n) = inspection {
        fields["inspection"] = json!(id('a', n));
    }
    line("problem", &id('d', n), YONGNING, fields)
}

fn extend(fields: &mut Value, more: Value) {
    let (Value::Object(fields), Value::Object(more)) = (fields, more) else { panic!("objects") };
    fields.extend(more);
}

/// Two counties and a station; one enterprise recorded twice and joined; a county without a record of its own.
fn counted() -> Book {
    let mut book = Book::at(REGION, "2021-05-27");
    book.load(&[
        enterprise(1, YONGNING),
        enterprise(2, YONGNING),
        enterprise(3, STATION),
        enterprise(4, LINGWU),
        enterprise(5, LINGWU),
        // 5 is 4 under another name, 6 was entered by mistake.
        json!({ "kind": "enterprise", "id": id('e', 5), "fields": { "same_as": id('e', 4) } }),
        enterprise(6, LINGWU),
        json!({ "kind": "enterprise", "id": id('e', 6), "void": "误录", "fields": {} }),
        // Yongning: 1 twice, 3 by its station. Lingwu: 4 once under each name. One before the campaign began.
        inspection(1, YONGNING, 1, "2021-03-01", json!({})),
        inspection(2, YONGNING, 1, "2021-03-09", json!({})),
        inspection(3, STATION, 3, "2021-03-09", json!({})),
        inspection(4, LINGWU, 4, "2021-03-10", json!({})),
        inspection(5, LINGWU, 5, "2021-03-24", json!({})),
        inspection(6, YONGNING, 2, "2021-02-28", json!({})),
        sample(1, YONGNING, 1, "2021-03-09", "mask", json!({ "result": "conforming", "reported_on": "2021-03-20" })),
        sample(2, YONGNING, 1, "2021-03-10", "mask", json!({ "result": "nonconforming", "reported_on": "2021-03-20" })),
        sample(3, LINGWU, 4, "2021-03-11", "mask", json!({})),
        sample(4, LINGWU, 4, "2021-03-30", "meltblown", json!({ "result": "conforming", "reported_on": "2021-04-20" })),
        case(1, YONGNING, 1, "quality", "2021-03-12", json!({ "closed_on": "2021-04-12" })),
        case(2, YONGNING, 1, "quality", "2021-03-12", json!({})),
        case(3, LINGWU, 4, "price", "2021-03-29", json!({})),
    ]);
    book
}
