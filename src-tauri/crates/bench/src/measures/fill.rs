//! Each statistics form filled over a million records.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use campaign::Library;
use campaign::answers::{Answers, Filling};
use campaign::model::{Body, Campaign, CellRule, Figure, Form};
use rusqlite::Connection;
use store::{Book, StoreError};
use testkit::offices::{NINGXIA, office};

use crate::bare;
use crate::failure::{Failure, Outcome};
use crate::ledger::{LAST_DAY, Size};
use crate::package;
use crate::table::{Bound, Measured, Unit, in_turn, ratio};

const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;
const TIMES: usize = 7;
/// A fill of few records is over at once, so it is repeated within one measurement.
const TIMES_FEW: usize = 41;

/// `million` is a book of many records; what it lacks to a million is added.
pub fn measure(folder: &Path, million: &Path) -> Outcome<Vec<Measured>> {
    let library = Library::builtin();
    let few = folder.join("few.swb");
    package::stock(&mut Book::create(&few)?, Size::records(FEW, 3))?;
    {
        let mut book = match million.exists() {
            true => Book::open(million)?,
            false => Book::create(million)?,
        };
        let held: u64 = package::counts(&book)?.values().sum();
        package::stock(&mut book, Size::records(MANY.saturating_sub(held), 2))?;
    }
    let mut measured = Vec::new();
    for campaign in library.campaigns() {
        for form in campaign.forms.iter().filter(|form| matches!(form.body, Body::Statistics { .. })) {
            let (ours_few, theirs_few) = run(&library, campaign, form, &few, TIMES_FEW)?;
            let (ours, theirs) = run(&library, campaign, form, million, TIMES)?;
            if counted(&library, campaign, form, million)? == 0 {
                continue;
            }
            let against = "one filtered GROUP BY for each table it reads, uncovered by any index";
            let work = format!("fill {} over 1,000,000 records", form.id);
            measured.push(
                Measured::new(
                    &format!("fill {}", form.id),
                    work,
                    against,
                    Bound::AtMost(2.0),
                    Unit::Ratio,
                    ratio(ours, theirs),
                )
                .detail(format!("{ours:.0?} against {theirs:.0?}")),
            );
            let per_few = ours_few.as_secs_f64() / FEW as f64;
            let per_many = ours.as_secs_f64() / MANY as f64;
            measured.push(
                Measured::new(
                    &format!("fill {} per record", form.id),
                    format!("fill {}, per record at 10⁶", form.id),
                    "per record at 10⁴",
                    Bound::AtMost(1.3),
                    Unit::Ratio,
                    per_many / per_few,
                )
                .detail(format!(
                    "{:.0} ns against {:.0} ns; the GROUP BYs themselves: {:.2}×",
                    per_many * 1e9,
                    per_few * 1e9,
                    ratio(theirs, theirs_few) * FEW as f64 / MANY as f64
                )),
            );
        }
    }
    Ok(measured)
}

fn filling(form: &Form) -> Outcome<Filling> {
    let as_of = LAST_DAY.parse()?;
    let office_name = "宁夏回族自治区市场监督管理厅".to_owned();
    Ok(Filling { office_name, ..Filling::to_count(&form.id, office(NINGXIA), as_of) })
}

fn fill(library: &Library, campaign: &Campaign, form: &Form, book: &Book) -> Outcome<Answers> {
    let filling = filling(form)?;
    Ok(book.read::<_, StoreError>(|reader| reader.fill(library.schema(), campaign, form, &filling))?)
}

/// The sum of all cells: a form that counts nothing here is no measure.
fn counted(library: &Library, campaign: &Campaign, form: &Form, book: &Path) -> Outcome<i64> {
    match fill(library, campaign, form, &Book::open(book)?)? {
        Answers::Statistics { cells, .. } => Ok(cells.values().sum()),
        Answers::List { .. } => Err(Failure::new("a statistics form is filled")),
    }
}

/// Both sides in turn, each on a connection of its own that has seen the book once.
fn run(
    library: &Library,
    campaign: &Campaign,
    form: &Form,
    path: &Path,
    times: usize,
) -> Outcome<(Duration, Duration)> {
    let book = Book::open(path)?;
    let conn = bare::connect(path)?;
    let queries = queries(campaign, form);
    fill(library, campaign, form, &book)?;
    group(&conn, &queries)?;
    in_turn(
        times,
        |_| {
            let start = Instant::now();
            fill(library, campaign, form, &book)?;
            Ok(start.elapsed())
        },
        |_| {
            let start = Instant::now();
            group(&conn, &queries)?;
            Ok(start.elapsed())
        },
    )
}

/// One query a table the form reads: what counts in the campaign at all, by the field that names the row.
fn queries(campaign: &Campaign, form: &Form) -> Vec<String> {
    let Body::Statistics { by, .. } = &form.body else { return Vec::new() };
    let mut events: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut reads_enterprises = false;
    for column in &form.columns {
        let CellRule::Figure { id, conditions } = &column.cell else { continue };
        let Some(figure): Option<&Figure> = campaign.figures.iter().find(|figure| figure.id == *id) else { continue };
        events.entry(&figure.kind).or_default().extend(figure.event.as_deref());
        let mut tested = figure.conditions.iter().chain(conditions).flat_map(|condition| {
            std::iter::once(condition.field.as_str()).chain(condition.or.iter().map(|other| other.field.as_str()))
        });
        reads_enterprises |= tested.any(|field| field.starts_with("enterprise."));
    }
    let standing =
        format!("void = 0 AND office >= '64' AND office < '64:' AND instr(campaigns, '|{}|') > 0", campaign.id);
    let mut queries: Vec<String> = events
        .into_iter()
        .map(|(kind, mut events)| {
            events.sort_unstable();
            events.dedup();
            let window: Vec<String> = events
                .iter()
                .map(|event| format!("\"{event}\" BETWEEN '{}' AND '{LAST_DAY}'", campaign.first_day))
                .collect();
            let window = if window.is_empty() { "1".to_owned() } else { window.join(" OR ") };
            let row = by.get(kind).map_or("office", String::as_str);
            format!(
                "SELECT \"{row}\", count(*) FROM \"p_{kind}\" NOT INDEXED WHERE {standing} AND ({window}) GROUP BY 1"
            )
        })
        .collect();
    if reads_enterprises {
        let standing = "void = 0 AND office >= '64' AND office < '64:'";
        queries.push(format!("SELECT roles, count(*) FROM p_enterprise NOT INDEXED WHERE {standing} GROUP BY 1"));
    }
    queries
}

fn group(conn: &Connection, queries: &[String]) -> Outcome<i64> {
    let mut count = 0;
    for sql in queries {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            count += row.get::<_, i64>(1)?;
        }
    }
    Ok(count)
}
