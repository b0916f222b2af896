//! One acknowledged save: what a person waits for after every record.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::RecordId;
use rusqlite::params;
use store::{Book, Edit};
use testkit::clock::{NOW, SECOND};

use crate::bare;
use crate::failure::{Failure, Outcome};
use crate::ledger::Size;
use crate::package;
use crate::table::{Bound, Measured, Unit, in_turn, ratio};

const TIMES: usize = 400;

pub fn measure(folder: &Path) -> Outcome<Measured> {
    let mut book = Book::create(&folder.join("save.swb"))?;
    // Saves go into a book that is in use, not an empty one.
    package::stock(&mut book, Size::records(20_000, 7))?;
    let conn = bare::connect(&folder.join("save-bare.db"))?;
    conn.execute_batch("CREATE TABLE row (n INTEGER PRIMARY KEY, line BLOB NOT NULL)")?;
    let line = vec![b'x'; 600];

    let device = testkit::device(9);
    let save = |at: usize| -> Outcome<Duration> {
        let office = testkit::offices::office(testkit::offices::COUNTIES[0]);
        let at = at as u64;
        let edit = Edit {
            record: RecordId::derived(&office, "save", at as u32),
            author: testkit::edits::AUTHOR.to_owned(),
            ..testkit::edit(
                "inspection",
                office.as_str(),
                [
                    (
                        "enterprise",
                        RecordId::derived(&office, "enterprise", at as u32 % 50).to_string().as_str().into(),
                    ),
                    ("date", "2021-04-12".into()),
                    ("line", "quality".into()),
                    ("department", "market".into()),
                    ("mode", "special".into()),
                    ("outcome", "normal".into()),
                    ("findings", "现场未发现违法行为，证照齐全，索证索票制度落实。".into()),
                    ("categories/mask", true.into()),
                ],
            )
        };
        let start = Instant::now();
        book.transact::<_, Failure>(|writer| Ok(writer.append(edit, &device, NOW + at * SECOND)?))?;
        Ok(start.elapsed())
    };
    let commit = |_: usize| -> Outcome<Duration> {
        let start = Instant::now();
        let tx = conn.unchecked_transaction()?;
        tx.prepare_cached("INSERT INTO row (line) VALUES (?)")?.execute(params![line])?;
        tx.commit()?;
        Ok(start.elapsed())
    };
    let (ours, theirs) = in_turn(TIMES, save, commit)?;
    Ok(Measured::new(
        "save",
        "one acknowledged save",
        "a bare one-row commit, same settings and disk",
        Bound::AtMost(2.0),
        Unit::Ratio,
        ratio(ours, theirs),
    )
    .detail(format!("{ours:.0?} against {theirs:.0?}, medians of {TIMES}")))
}
