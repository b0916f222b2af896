//! `make bench`: the program against bare baselines, as ratios on one machine in one run. Both sides of a measure run in
//! turn on the same disk; what is given is the median. It says what was reached and fails only when it cannot measure.

mod bare;
mod child;
mod failure;
mod ledger;
mod measures;
mod package;
mod put;
mod records;
mod table;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use failure::{Failure, Outcome};
use measures::{fill, import, memory, save, size};
use serde::Serialize;
use table::{Measured, markdown};

const USAGE: &str = "usage: sweepbook-bench [--folder DIR] [--json FILE] [--readme FILE] [--many BOOK] [--records N] [--tools DIR] \
                     [--python FILE] [--soffice FILE] [import|save|size|memory|fill|find|window|xlsx|pdf …]";
const NAMES: [&str; 9] = ["import", "save", "size", "memory", "fill", "find", "window", "xlsx", "pdf"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == "child" => in_child(rest),
        _ => Options::of(arguments).and_then(|options| bench(&options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn in_child(arguments: &[String]) -> Outcome<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["import", book, sealed, keys] => child::report(|| memory::import(Path::new(book), Path::new(sealed), keys)),
        #[cfg(feature = "forms")]
        [work @ ("xlsx" | "xlsx-short" | "pdf"), book, target] => {
            measures::documents::in_child(work, Path::new(book), Path::new(target))
        }
        _ => Err(Failure::new(USAGE)),
    }
}

struct Options {
    /// Where books and packages are put: the disk that is measured.
    folder: PathBuf,
    json: Option<PathBuf>,
    readme: Option<PathBuf>,
    /// A book of many records to fill from, kept for the next run; made where it is missing.
    many: Option<PathBuf>,
    /// A Python that has XlsxWriter, and LibreOffice.
    python: PathBuf,
    soffice: PathBuf,
    /// Fewer records than a million in it, to try the measures out.
    #[cfg_attr(not(feature = "forms"), allow(dead_code))]
    records: Option<u64>,
    /// Where tauri-driver is, unless it is on the path.
    #[cfg_attr(not(feature = "forms"), allow(dead_code))]
    tools: PathBuf,
    /// Empty for all.
    only: Vec<String>,
}

impl Options {
    fn of(arguments: Vec<String>) -> Outcome<Self> {
        let mut options = Options {
            folder: std::env::temp_dir(),
            json: None,
            readme: None,
            many: None,
            python: "python3".into(),
            soffice: "soffice".into(),
            records: None,
            tools: PathBuf::new(),
            only: Vec::new(),
        };
        let mut words = arguments.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().map(PathBuf::from).ok_or_else(|| Failure::new(USAGE));
            match word.as_str() {
                "--folder" => options.folder = value()?,
                "--json" => options.json = Some(value()?),
                "--readme" => options.readme = Some(value()?),
                "--many" => options.many = Some(value()?),
                "--records" => {
                    let count = words.next().and_then(|count| count.parse().ok());
                    options.records = Some(count.ok_or_else(|| Failure::new(USAGE))?);
                }
                "--tools" => options.tools = value()?,
                "--python" => options.python = value()?,
                "--soffice" => options.soffice = value()?,
                name if NAMES.contains(&name) => options.only.push(name.to_owned()),
                _ => return Err(Failure::new(USAGE)),
            }
        }
        Ok(options)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == name)
    }
}

fn bench(options: &Options) -> Outcome<()> {
    std::fs::create_dir_all(&options.folder)?;
    let folder = tempfile::Builder::new().prefix("run-").tempdir_in(options.folder.canonicalize()?)?;
    let folder = folder.path();
    let mut measured: Vec<Measured> = Vec::new();
    let mut say = |found: Vec<Measured>| {
        for line in &found {
            eprintln!("{}", markdown(std::slice::from_ref(line)).lines().last().unwrap_or_default());
        }
        measured.extend(found);
    };
    if options.wants("import") {
        say(vec![import::measure(folder)?]);
    }
    if options.wants("save") {
        say(vec![save::measure(folder)?]);
    }
    if options.wants("size") {
        say(vec![size::measure(folder)?]);
    }
    let mut million = folder.join("many.swb");
    if options.wants("memory") {
        let (line, book) = memory::measure(folder)?;
        say(vec![line]);
        million = book;
    }
    if options.wants("fill") {
        say(fill::measure(folder, options.many.as_ref().unwrap_or(&million))?);
    }
    #[cfg(feature = "forms")]
    {
        if options.wants("find") {
            say(measures::find::measure(options.many.as_ref().unwrap_or(&million), options.records)?);
        }
        if options.wants("window") {
            say(measures::window::measure(folder, &options.tools)?);
        }
        if options.wants("xlsx") {
            say(measures::documents::xlsx(folder, &options.python)?);
        }
        if options.wants("pdf") {
            say(vec![measures::documents::pdf(folder, &options.soffice)?]);
        }
    }
    let table = markdown(&measured);
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&Results { machine: machine(), measured })? + "\n")?;
    }
    if let Some(path) = &options.readme {
        put_between_marks(path, &table)?;
    }
    println!("{table}");
    Ok(())
}

#[derive(Serialize)]
struct Results {
    machine: String,
    measured: Vec<Measured>,
}

/// What it was measured on: ratios carry over to other machines, times do not.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':']))
}

/// Replaces what stands between the marks of the README.
fn put_between_marks(path: &Path, table: &str) -> Outcome<()> {
    let (start, end) = ("<!-- bench -->\n", "<!-- /bench -->");
    let text = std::fs::read_to_string(path)?;
    let between = text.find(start).map(|at| at + start.len()).zip(text.find(end)).filter(|(from, to)| from <= to);
    let (from, to) =
        between.ok_or_else(|| Failure::new(format!("{} has no {} … {end}", path.display(), start.trim())))?;
    let machine = machine();
    std::fs::write(path, format!("{}\n{table}\nMeasured on {machine}.\n\n{}", &text[..from], &text[to..]))?;
    Ok(())
}
