//! A package of 100,000 revisions, imported.

use std::path::Path;
use std::time::Instant;

use store::Book;

use crate::bare::Rows;
use crate::failure::Outcome;
use crate::ledger::Size;
use crate::package::{self, Offices, Receiver};
use crate::table::{Bound, Measured, Unit, in_turn, ratio};

const REVISIONS: u64 = 100_000;
const TIMES: usize = 5;

/// Imports into a new book; how long the import took.
pub fn timed(receiver: &Receiver, sealed: &Path, book: &Path) -> Outcome<std::time::Duration> {
    let mut book = Book::create(book)?;
    let start = Instant::now();
    receiver.import(&mut book, sealed)?;
    Ok(start.elapsed())
}

pub fn measure(folder: &Path) -> Outcome<Measured> {
    let offices = Offices::generate()?;
    let receiver = offices.receiver();
    let sealed = folder.join("import.sweep");
    let start = Instant::now();
    package::seal(&sealed, Size::revisions(REVISIONS), &offices)?;
    let sealing = start.elapsed();
    let path = |side: &str, at: usize| folder.join(format!("import-{side}-{at}.swb"));
    timed(&receiver, &sealed, &path("first", 0))?;
    let rows = Rows::of(&path("first", 0))?;
    let (ours, theirs) =
        in_turn(TIMES, |at| timed(&receiver, &sealed, &path("ours", at)), |at| rows.insert(&path("bare", at)))?;
    let rate = REVISIONS as f64 / ours.as_secs_f64();
    Ok(Measured::new(
        "import",
        "import a package of 100,000 revisions, 80 % first, 20 % edits",
        "a bare loop inserting the same rows",
        Bound::AtMost(3.0),
        Unit::Ratio,
        ratio(ours, theirs),
    )
    .detail(format!(
        "{ours:.2?} against {theirs:.2?} for {} rows; {rate:.0} revisions a second; sealing took {sealing:.2?}",
        rows.count()
    )))
}
