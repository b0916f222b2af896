//! The sample campaigns, played through with real books and packages: offices below are invited, record, hand up; the
//! office above imports, fills the tables, and answers. What is played is data, in `assets/demo/`.

use std::path::{Path, PathBuf};

use domain::{Date, Notice, OfficeCode};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::books::NewBook;
use crate::clock::Clock;
use crate::failure::Outcome;
use crate::forms::FillRequest;
use crate::packages::{Admit, ImportRequest};
use crate::session::Writing;

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/demo");

const SCRIPT: &str = "journey.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// The journey whose upper book is shown as the sample campaign.
    sample: String,
    journey: Vec<Journey>,
}

/// One office and those below it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Journey {
    id: String,
    /// When it is played, as milliseconds since 1970.
    now: u64,
    upper: Office,
    lower: Vec<Office>,
    #[serde(default)]
    table: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Office {
    id: String,
    code: OfficeCode,
    name: String,
    inspector: String,
    /// Files of records in `assets/demo/`.
    #[serde(default)]
    records: Vec<String>,
    /// Files of what the upper office corrects, joins and remarks once it has imported.
    #[serde(default)]
    answers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    form: String,
    as_of: Date,
    #[serde(default)]
    office: Option<OfficeCode>,
}

/// What a demonstration left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemoReport {
    /// The filled tables, as spreadsheet, pages and data.
    pub files: Vec<PathBuf>,
    pub books: Vec<PathBuf>,
    pub packages: Vec<PathBuf>,
}

/// Plays every journey into a folder that must not hold one yet. `tell` hears what is done.
pub fn demo(out: &Path, dirs: &[PathBuf], tell: &mut dyn FnMut(&Notice)) -> Outcome<DemoReport> {
    let mut report = DemoReport::default();
    for journey in &script()?.journey {
        play(journey, &out.join(&journey.id), dirs, &mut report, tell)?;
    }
    Ok(report)
}

/// The sample campaign: which file is its book, and the moment it is shown at.
pub struct Sample {
    pub book: PathBuf,
    pub now: u64,
}

fn sample_journey() -> Outcome<Journey> {
    let script = script()?;
    let found = script.journey.into_iter().find(|journey| journey.id == script.sample);
    found.ok_or_else(|| broken("sample").into())
}

/// The sample campaign where it was made in `folder`.
pub fn sample_in(folder: &Path) -> Outcome<Sample> {
    let journey = sample_journey()?;
    Ok(Sample { book: book_in(folder, &journey.upper), now: journey.now })
}

/// Makes the sample campaign's books: the counties record and hand up, the region has imported and answered. The folder is
/// whole or absent, never half; `step` hears (done, of) and may end it.
pub fn make_sample(folder: &Path, dirs: &[PathBuf], step: &mut dyn FnMut(u64, u64) -> Outcome<()>) -> Outcome<Sample> {
    let journey = sample_journey()?;
    let begun = folder.with_extension("begun");
    // What an interrupted attempt left behind.
    let _ = std::fs::remove_dir_all(&begun);
    let of = 2 * journey.lower.len() as u64 + 2;
    let mut report = DemoReport::default();
    let mut done = 0;
    let played = hand_up(&journey, &begun, dirs, &mut report, &mut |_| {
        done += 1;
        step(done.min(of), of)
    });
    let moved = played
        .map(drop)
        .and_then(|()| std::fs::rename(&begun, folder).map_err(|error| crate::files::cannot_write(folder, error)));
    if let Err(failure) = moved {
        let _ = std::fs::remove_dir_all(&begun);
        crate::session::forget_markers_of(&begun);
        return Err(failure);
    }
    sample_in(folder)
}

fn broken(reason: &str) -> Notice {
    Notice::new("demo-broken").with("file", SCRIPT).with("reason", reason)
}

fn script() -> Outcome<Script> {
    Ok(toml::from_str(read(SCRIPT)?).map_err(|error| broken(error.message()))?)
}

fn book_in(folder: &Path, office: &Office) -> PathBuf {
    folder.join(format!("{}.book", office.id))
}

fn read(file: &str) -> Outcome<&'static str> {
    FILES
        .get_file(file)
        .and_then(|file| file.contents_utf8())
        .ok_or_else(|| Notice::new("demo-broken").with("file", file).with("reason", "missing").into())
}

/// The upper office's book once all below have handed up, and the books below.
type HandedUp<'a> = (Writing, Vec<(&'a Office, Writing)>);

/// Everybody records, and those below hand up. `tell` may end it.
fn hand_up<'a>(
    journey: &'a Journey,
    folder: &Path,
    dirs: &[PathBuf],
    report: &mut DemoReport,
    tell: &mut dyn FnMut(&Notice) -> Outcome<()>,
) -> Outcome<HandedUp<'a>> {
    if folder.exists() {
        return Err(Notice::new("file-exists").with("path", folder.display()).into());
    }
    std::fs::create_dir_all(folder).map_err(|error| crate::files::cannot_write(folder, error))?;
    let clock = Clock::Fixed(journey.now);
    let book = |office: &Office| book_in(folder, office);
    let mut upper = Writing::create(
        &NewBook {
            path: book(&journey.upper),
            office: journey.upper.code.clone(),
            name: journey.upper.name.clone(),
            inspector: Some(journey.upper.inspector.clone()),
        },
        dirs,
        clock,
    )?;
    report.books.push(book(&journey.upper));
    record(&mut upper, &journey.upper.name, &journey.upper.records, tell)?;

    let mut lowers = Vec::new();
    for office in &journey.lower {
        let invitation = folder.join(format!("{}.invitation", office.id));
        upper.invite(&office.code, &office.name, &invitation)?;
        let words = Writing::look_at_invitation(&invitation, clock)?.fingerprint.zh;
        let inspector = Some(office.inspector.clone());
        let (mut lower, _) = Writing::join(&book(office), &invitation, &words, inspector, dirs, clock)?;
        report.books.push(book(office));
        record(&mut lower, &office.name, &office.records, tell)?;
        let package = folder.join(format!("{}-up.sweep", office.id));
        let exported = lower.export(None, &package, &mut |_| std::ops::ControlFlow::Continue(()))?;
        let request = ImportRequest {
            file: package.clone(),
            admit: Admit::Words(exported.fingerprint.into_iter().map(|print| print.zh).collect()),
            ..ImportRequest::default()
        };
        upper.import(&request, None, &mut |_| std::ops::ControlFlow::Continue(()))?;
        tell(&Notice::new("demo-handed-up").with("name", &office.name).with("records", exported.records))?;
        report.packages.push(package);
        lowers.push((office, lower));
    }
    record(&mut upper, &journey.upper.name, &journey.upper.answers, tell)?;
    Ok((upper, lowers))
}

fn play(
    journey: &Journey,
    folder: &Path,
    dirs: &[PathBuf],
    report: &mut DemoReport,
    tell: &mut dyn FnMut(&Notice),
) -> Outcome<()> {
    let (mut upper, lowers) = hand_up(journey, folder, dirs, report, &mut |step| {
        tell(step);
        Ok(())
    })?;
    for table in &journey.table {
        let request = FillRequest { office: table.office.clone(), ..FillRequest::new(&table.form, table.as_of) };
        let filled = upper.fill(&request)?;
        let office = table.office.as_ref().map(|office| format!("-{office}")).unwrap_or_default();
        let stem = format!("{}{office}", table.form.replace('/', "-"));
        let outputs: Vec<PathBuf> =
            ["xlsx", "pdf", "json"].iter().map(|ending| folder.join(format!("{stem}.{ending}"))).collect();
        report.files.extend(upper.write_form(&filled.form, &outputs)?);
        tell(&Notice::new("demo-filled").with("form", &table.form).with("title", &filled.form.title));
    }
    for (office, mut lower) in lowers {
        let package = folder.join(format!("{}-down.sweep", office.id));
        let exported = upper.export(Some(&office.code), &package, &mut |_| std::ops::ControlFlow::Continue(()))?;
        let request = ImportRequest { file: package.clone(), ..ImportRequest::default() };
        lower.import(&request, None, &mut |_| std::ops::ControlFlow::Continue(()))?;
        tell(&Notice::new("demo-sent-down").with("name", &office.name).with("records", exported.records));
        report.packages.push(package);
    }
    Ok(())
}

fn record(
    session: &mut Writing,
    name: &str,
    files: &[String],
    tell: &mut dyn FnMut(&Notice) -> Outcome<()>,
) -> Outcome<()> {
    for file in files {
        let loaded = session.load(&mut read(file)?.as_bytes(), true, &mut |_| {})?;
        tell(&Notice::new("demo-recorded").with("name", name).with("records", loaded.created + loaded.changed))?;
    }
    Ok(())
}
