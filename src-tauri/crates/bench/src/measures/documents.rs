//! Forms as documents: a long list as a spreadsheet, a shorter one as PDF.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use campaign::Library;
use campaign::answers::{Answers, Filling};
use chrono::NaiveDateTime;
use forms::{FilledCell, FilledForm, Pages, Purpose};
use serde_json::{Value, json};
use store::{Book, StoreError};
use testkit::offices::{NINGXIA, office};

use crate::child;
use crate::failure::{Failure, Outcome};
use crate::ledger::{LAST_DAY, Size};
use crate::package;
use crate::table::{Bound, Measured, Unit, in_turn, ratio};

const FORM: &str = "nx-2021-24/2";
const XLSX_ROWS: usize = 100_000;
const PDF_ROWS: usize = 1_000;
const XLSX_TIMES: usize = 3;
const PDF_TIMES: usize = 5;
const WRITER: &str = include_str!("../../baselines/write_xlsx.py");

pub fn xlsx(folder: &Path, python: &Path) -> Outcome<Vec<Measured>> {
    let book = folder.join("list.swb");
    // Seven in ten records of a sampling round are samples.
    package::stock(&mut Book::create(&book)?, Size::sampling(XLSX_ROWS as u64 * 3 / 2))?;
    let cells = folder.join("cells.json");
    std::fs::write(&cells, serde_json::to_vec(&plain(&filled(&book, XLSX_ROWS)?))?)?;
    let script = folder.join("write_xlsx.py");
    std::fs::write(&script, WRITER)?;
    let (ours, theirs) = (folder.join("ours.xlsx"), folder.join("theirs.xlsx"));
    let mut peak = 0f64;
    let (mine, other) = in_turn(
        XLSX_TIMES,
        |_| {
            let run = in_process("xlsx", &book, &ours)?;
            peak = peak.max(run.peak_mb);
            Ok(run.took)
        },
        |_| {
            let output = Command::new(python).args([&script, &cells, &theirs]).stderr(Stdio::inherit()).output()?;
            let said = String::from_utf8_lossy(&output.stdout);
            let seconds: f64 =
                said.trim().parse().map_err(|_| Failure::new("Python with XlsxWriter wrote no table"))?;
            Ok(Duration::from_secs_f64(seconds))
        },
    )?;
    let (size, other_size) = (ours.metadata()?.len() >> 10, theirs.metadata()?.len() >> 10);
    Ok(vec![
        Measured::new(
            "xlsx",
            format!("XLSX of {FORM} with 100,000 rows"),
            "Python XlsxWriter writing the same cells",
            Bound::AtLeast(5.0),
            Unit::Ratio,
            ratio(other, mine),
        )
        .detail(format!("{mine:.2?} against {other:.2?}; {size} KiB against {other_size} KiB")),
        Measured::new(
            "xlsx memory",
            "memory for it, filling included",
            "peak resident set",
            Bound::AtMost(300.0),
            Unit::Megabytes,
            peak,
        ),
    ])
}

pub fn pdf(folder: &Path, soffice: &Path) -> Outcome<Measured> {
    let book = folder.join("pages.swb");
    package::stock(&mut Book::create(&book)?, Size::sampling(PDF_ROWS as u64 * 3 / 2))?;
    let sheet = folder.join("pages.xlsx");
    in_process("xlsx-short", &book, &sheet)?;
    let target = folder.join("pages.pdf");
    let profile = format!("-env:UserInstallation=file://{}", folder.join("office").display());
    let out = folder.join("office-out");
    let convert = |_: usize| -> Outcome<Duration> {
        let start = Instant::now();
        let status = Command::new(soffice)
            .arg(&profile)
            .args(["--headless", "--convert-to", "pdf", "--outdir"])
            .args([&out, &sheet])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        let took = start.elapsed();
        if !status.success() || !out.join("pages.pdf").is_file() {
            return Err(Failure::new("LibreOffice converted nothing"));
        }
        Ok(took)
    };
    // The first run writes LibreOffice's profile.
    convert(0)?;
    let (mine, other) = in_turn(PDF_TIMES, |_| Ok(in_process("pdf", &book, &target)?.took), convert)?;
    Ok(Measured::new(
        "pdf",
        format!("PDF of {FORM} with 1,000 rows"),
        "LibreOffice converting the same XLSX",
        Bound::AtMost(1.0),
        Unit::Ratio,
        ratio(mine, other),
    )
    .detail(format!("{mine:.2?} against {other:.2?}, both from a cold start")))
}

fn in_process(work: &str, book: &Path, target: &Path) -> Outcome<child::Run> {
    child::run(work, &[book, target].map(|path| path.to_string_lossy().into_owned()))
}

/// In the process of its own: fills, then renders; what is timed is the rendering and the file.
pub fn in_child(work: &str, book: &Path, target: &Path) -> Outcome<()> {
    child::report(|| {
        let filled = filled(book, if work == "xlsx" { XLSX_ROWS } else { PDF_ROWS })?;
        let created: NaiveDateTime = "2021-06-01T00:00:00".parse().map_err(|_| Failure::new("a moment"))?;
        let start = Instant::now();
        let bytes = match work {
            "pdf" => Pages::render(&filled, Purpose::Sealed)?.pdf(created)?,
            _ => forms::xlsx(&filled, created)?,
        };
        std::fs::write(target, bytes)?;
        Ok(start.elapsed())
    })
}

fn filled(book: &Path, rows: usize) -> Outcome<FilledForm> {
    let library = Library::builtin();
    let (campaign, form) = library.form(FORM).ok_or_else(|| Failure::new("the form is shipped"))?;
    let as_of = LAST_DAY.parse()?;
    let office_name = "宁夏回族自治区市场监督管理厅".to_owned();
    let filling = Filling { office_name, ..Filling::to_count(FORM, office(NINGXIA), as_of) };
    let book = Book::open(book)?;
    let mut answers = book.read::<_, StoreError>(|reader| reader.fill(library.schema(), campaign, form, &filling))?;
    match &mut answers {
        Answers::List { rows: found, .. } if found.len() >= rows => found.truncate(rows),
        Answers::List { rows: found, .. } => {
            return Err(Failure::new(format!("{rows} rows were meant, {} came", found.len())));
        }
        Answers::Statistics { .. } => return Err(Failure::new("a list is filled")),
    }
    Ok(forms::fill(campaign, form, &filling, &answers)?)
}

/// The same cells for another writer.
fn plain(filled: &FilledForm) -> Value {
    let top = 1 + filled.header.levels;
    let merges: Vec<Value> = filled
        .header
        .cells
        .iter()
        .map(|cell| {
            let row = 1 + cell.level;
            json!([row, cell.column, row + cell.rows - 1, cell.column + cell.columns - 1, cell.text])
        })
        .collect();
    let cell = |cell: &FilledCell| match cell {
        FilledCell::Text(text) if text.is_empty() => Value::Null,
        FilledCell::Text(text) => json!(text),
        FilledCell::Number { value, scale, .. } => json!(*value as f64 / 10f64.powi(*scale as i32)),
        FilledCell::Percent { hundredths, .. } => json!(*hundredths as f64 / 10_000.0),
    };
    let rows: Vec<Vec<Value>> = filled.rows.iter().map(|row| row.cells.iter().map(cell).collect()).collect();
    let widths: Vec<u32> = filled.columns.iter().map(|column| column.width / 2).collect();
    json!({ "title": filled.title, "widths": widths, "merges": merges, "rows": rows, "top": top })
}
