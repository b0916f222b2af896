//! What a person waits for in a book of a million records: a page of a list at any place of it, and the answer to each letter
//! typed. Our side is all the window asks for, request and reply as JSON; the other is SQLite giving the same rows.

use std::path::Path;
use std::time::{Duration, Instant};

use api::Backend;
use app::Clock;
use exchange::SigningKey;
use rusqlite::Connection;
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};
use store::{Book, indexed};
use testkit::clock::NOW;
use testkit::faults::Dice;
use testkit::offices::NINGXIA;

use crate::bare;
use crate::failure::{Failure, Outcome};
use crate::ledger::Size;
use crate::package;
use crate::table::{Bound, Measured, Unit, in_turn, ratio};

const MANY: u64 = 1_000_000;
const PAGES: usize = 60;
const PAGE: u32 = 100;
const HITS: u32 = 20;
/// Typed letter by letter.
const TYPED: [&str; 6] = ["宁夏安康", "有限公司", "医疗器械", "nxakyl", "91640121MA", "泰和新材料"];
const ROUNDS: usize = 9;

/// `book` is one of many records; what it lacks to a million is added.
pub fn measure(book: &Path, many: Option<u64>) -> Outcome<Vec<Measured>> {
    prepare(book, many.unwrap_or(MANY))?;
    let home = tempfile::tempdir()?;
    app::keep_markers_in(home.path());
    let mut desk = Backend::at(book.to_owned(), Vec::new(), Clock::Fixed(NOW));
    let opened = Instant::now();
    ask(&mut desk, &json!({ "do": "status" }))?;
    let opened = opened.elapsed();
    let conn = bare::connect(book)?;
    Ok(vec![list(&mut desk, &conn, opened)?, search(&mut desk, &conn)?])
}

/// Gives the book an office, without which it is nobody's and cannot be opened.
pub fn prepare(path: &Path, many: u64) -> Outcome<()> {
    let mut book = if path.exists() { Book::open(path)? } else { Book::create(path)? };
    let held: u64 = package::counts(&book)?.values().sum();
    if held < many {
        package::stock(&mut book, Size::records(many - held, 5))?;
    }
    let device = SigningKey::generate()?.to_text();
    book.transact::<_, Failure>(|writer| {
        for (key, value) in [("office", NINGXIA), ("office-name", "宁夏"), ("device-key", &device)] {
            writer.set_meta(key, value)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn ask(desk: &mut Backend, request: &Value) -> Outcome<Value> {
    let mut reply: Value = serde_json::from_str(&desk.dispatch(&request.to_string()))?;
    match reply.get("error") {
        Some(error) => Err(Failure::new(format!("{request}: {error}"))),
        None => Ok(reply["ok"].take()),
    }
}

fn rows(first: u64) -> Value {
    json!({ "do": "record_rows", "kind": "inspection", "codes": {}, "text": "", "enterprise": null, "campaign": null,
        "office": null, "from": null, "to": null, "with_voided": false, "dated": false, "oldest_first": false,
        "first": first, "limit": PAGE })
}

fn list(desk: &mut Backend, conn: &Connection, opened: Duration) -> Outcome<Measured> {
    let start = Instant::now();
    let total = ask(desk, &rows(0))?["total"].as_u64().unwrap_or(0);
    let first_page = start.elapsed();
    let mut dice = Dice::new(7);
    let places: Vec<u64> = (0..PAGES).map(|_| dice.below(total.max(1))).collect();
    let sql = "SELECT p.*, e.name FROM p_inspection p LEFT JOIN p_enterprise e ON e.id = p.enterprise \
               WHERE p.void = 0 ORDER BY p.n DESC LIMIT ? OFFSET ?";
    let (ours, theirs) = in_turn(
        PAGES,
        |at| {
            let start = Instant::now();
            let page = ask(desk, &rows(places[at]))?;
            let took = start.elapsed();
            let expected = u64::from(PAGE).min(total - places[at]);
            match page["rows"].as_array().map(Vec::len) == Some(expected as usize) {
                true => Ok(took),
                false => Err(Failure::new(format!("row {} of {total} brought another page", places[at]))),
            }
        },
        |at| read_all(conn, sql, &[Sql::Integer(i64::from(PAGE)), Sql::Integer(places[at] as i64)]),
    )?;
    Ok(Measured::new(
        "list",
        "a list page anywhere among the inspections of 1,000,000 records",
        "the rows by SQL, with LIMIT and OFFSET",
        Bound::AtMost(2.0),
        Unit::Ratio,
        ratio(ours, theirs),
    )
    .detail(format!(
        "{ours:.1?} against {theirs:.1?}, medians of {PAGES} places among {total} rows; opening the book {opened:.0?}, \
         the first page, which counts the list, {first_page:.0?}"
    )))
}

fn search(desk: &mut Backend, conn: &Connection) -> Outcome<Measured> {
    let typed: Vec<String> = TYPED
        .iter()
        .flat_map(|words| {
            words.char_indices().skip(1).map(|(at, _)| words[..at].to_owned()).chain([(*words).to_owned()])
        })
        .collect();
    let mut slowest = (Duration::ZERO, String::new());
    let (ours, theirs) = in_turn(
        ROUNDS,
        |_| {
            let mut all = Duration::ZERO;
            for text in &typed {
                let start = Instant::now();
                ask(desk, &json!({ "do": "search", "kind": "enterprise", "text": text, "limit": HITS }))?;
                let took = start.elapsed();
                if took > slowest.0 {
                    slowest = (took, text.clone());
                }
                all += took;
            }
            Ok(all)
        },
        |_| typed.iter().map(|text| bare_search(conn, text)).sum(),
    )?;
    let each = |all: Duration| all / typed.len() as u32;
    Ok(Measured::new(
        "search",
        "enterprises as a name is typed, 1,000,000 records",
        "the same index asked by SQL",
        Bound::AtMost(2.0),
        Unit::Ratio,
        ratio(ours, theirs),
    )
    .detail(format!(
        "{:.2?} a letter against {:.2?}; the slowest, {}, {:.1?}",
        each(ours),
        each(theirs),
        slowest.1,
        slowest.0
    )))
}

/// One query a way: names that hold the text, the last recorded first, as a person is shown them; codes and initials that
/// begin with it.
fn bare_search(conn: &Connection, text: &str) -> Outcome<Duration> {
    let limit = Sql::Integer(i64::from(HITS));
    let mut took = Duration::ZERO;
    if text.is_ascii() {
        for (text, sql) in [
            (
                text.to_ascii_uppercase(),
                "SELECT p.* FROM p_enterprise p WHERE p.uscc >= ? AND p.uscc < ? AND p.void = 0 ORDER BY p.uscc LIMIT ?",
            ),
            (
                text.to_ascii_lowercase(),
                "SELECT p.* FROM initials i JOIN p_enterprise p ON p.n = i.n WHERE i.kind = 'enterprise' \
                 AND i.initials >= ? AND i.initials < ? AND p.void = 0 ORDER BY i.initials LIMIT ?",
            ),
        ] {
            took += read_all(conn, sql, &[Sql::Text(text.clone()), Sql::Text(format!("{text}\u{7f}")), limit.clone()])?;
        }
    } else {
        let sql = "SELECT p.* FROM name_index x JOIN p_enterprise p ON p.n = x.rowid \
                   WHERE name_index MATCH ? AND p.void = 0 ORDER BY x.rowid DESC LIMIT ?";
        took += read_all(conn, sql, &[Sql::Text(format!("\"{}\"", indexed("enterprise", [text]))), limit])?;
    }
    Ok(took)
}

/// Runs a query and reads every value of its rows.
fn read_all(conn: &Connection, sql: &str, values: &[Sql]) -> Outcome<Duration> {
    let start = Instant::now();
    let mut statement = conn.prepare_cached(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        for at in 0..width {
            read += usize::from(row.get::<_, Sql>(at)? != Sql::Null);
        }
    }
    std::hint::black_box(read);
    Ok(start.elapsed())
}
