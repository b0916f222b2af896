//! What a package weighs on a stick.

use std::io::Write;
use std::path::Path;

use domain::Schema;
use rusqlite::types::ValueRef;
use store::Book;
use zip::write::SimpleFileOptions;

use crate::bare;
use crate::failure::Outcome;
use crate::ledger::Size;
use crate::package::{self, Offices};
use crate::table::{Bound, Measured, Unit};

const REVISIONS: u64 = 100_000;

pub fn measure(folder: &Path) -> Outcome<Measured> {
    let offices = Offices::generate()?;
    let sealed = folder.join("size.sweep");
    let package = package::seal(&sealed, Size::revisions(REVISIONS), &offices)?;
    let path = folder.join("size.swb");
    {
        let mut book = Book::create(&path)?;
        offices.receiver().import(&mut book, &sealed)?;
    }
    let zipped = folder.join("size.zip");
    let raw = zip_as_csv(&path, &zipped)?;
    let theirs = zipped.metadata()?.len();
    let lines: u64 = package.manifest.entries.iter().map(|entry| entry.raw).sum();
    Ok(Measured::new(
        "size",
        "a package of 100,000 revisions",
        "the same records as CSV, zipped",
        Bound::AtMost(1.5),
        Unit::Ratio,
        package.bytes as f64 / theirs as f64,
    )
    .detail(format!(
        "{:.0} bytes a revision ({} in all, {} as lines) against {theirs} ({raw} as CSV)",
        package.bytes as f64 / REVISIONS as f64,
        package.bytes,
        lines
    )))
}

/// One file a kind, as a spreadsheet would export it: a line a record, a column a field. Gives the bytes before zipping.
fn zip_as_csv(book: &Path, target: &Path) -> Outcome<u64> {
    let conn = bare::connect(book)?;
    let mut archive = zip::ZipWriter::new(std::fs::File::create(target)?);
    let mut raw = 0;
    for kind in &Schema::core().kinds {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"p_{}\" ORDER BY n", kind.id))?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        // The row number is this book's own.
        let mut text = names[1..].join(",") + "\n";
        let empty = text.len();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for at in 1..names.len() {
                let cell = match row.get_ref(at)? {
                    ValueRef::Null | ValueRef::Real(_) => String::new(),
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    ValueRef::Blob(bytes) => uuid::Uuid::from_slice(bytes).unwrap_or_default().to_string(),
                };
                if at > 1 {
                    text.push(',');
                }
                match cell.contains([',', '"', '\n']) {
                    true => text.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
                    false => text.push_str(&cell),
                }
            }
            text.push('\n');
        }
        if text.len() > empty {
            raw += text.len() as u64;
            archive.start_file(format!("{}.csv", kind.id), SimpleFileOptions::default())?;
            archive.write_all(text.as_bytes())?;
        }
    }
    archive.finish()?;
    Ok(raw)
}
