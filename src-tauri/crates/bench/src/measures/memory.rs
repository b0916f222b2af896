//! What importing a million revisions takes of memory, in a process of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::child;
use crate::failure::Outcome;
use crate::ledger::Size;
use crate::package::{self, Offices, Receiver};
use crate::table::{Bound, Measured, Unit};

const REVISIONS: u64 = 1_000_000;

/// The measure, and the book that was imported into.
pub fn measure(folder: &Path) -> Outcome<(Measured, PathBuf)> {
    let offices = Offices::generate()?;
    let sealed = folder.join("million.sweep");
    let package = package::seal(&sealed, Size::revisions(REVISIONS), &offices)?;
    let book = folder.join("million.swb");
    let keys = offices.to_text();
    let paths = [book.to_string_lossy().into_owned(), sealed.to_string_lossy().into_owned(), keys];
    let run = child::run("import", &paths)?;
    let measured = Measured::new(
        "memory",
        "memory while importing 1,000,000 revisions",
        "peak resident set",
        Bound::AtMost(512.0),
        Unit::Megabytes,
        run.peak_mb,
    )
    .detail(format!("{} MB of package, {:.1?}", package.bytes >> 20, run.took));
    std::fs::remove_file(&sealed)?;
    Ok((measured, book))
}

/// In the process of its own.
pub fn import(book: &Path, sealed: &Path, keys: &str) -> Outcome<Duration> {
    super::import::timed(&Receiver::from_text(keys)?, sealed, book)
}
