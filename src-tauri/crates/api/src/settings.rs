//! What a person sets about a book, and what the program can say about itself.

use std::path::Path;

use app::books::KindCount;
use app::books::people::{KeysView, PeopleView};
use app::failure::Outcome;
use app::files::write_whole;
use app::messages::Language;
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::views::{Nothing, WriteFile, Written};

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPeople {
    pub names: Vec<String>,
    pub current: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPhone {
    pub name: String,
    /// Blank for none.
    pub phone: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RenameOffice {
    pub name: String,
}

#[derive(Debug, Serialize, TS)]
pub struct AboutView {
    pub program: String,
    pub sqlite: String,
    /// What shows the page, with its version; empty where nobody said.
    pub shell: String,
    pub system: String,
    /// Of the open book; empty without one.
    pub records: Vec<KindCount>,
    pub book_bytes: u64,
}

pub fn people(session: &Reading, _: Nothing, _: Language) -> Outcome<PeopleView> {
    session.people()
}

pub fn set_people(backend: &mut Backend, input: SetPeople, _: Language) -> Outcome<PeopleView> {
    backend.session_mut()?.set_people(&input.names, &input.current)
}

pub fn set_phone(backend: &mut Backend, input: SetPhone, _: Language) -> Outcome<PeopleView> {
    backend.session_mut()?.set_phone(&input.name, &input.phone)
}

pub fn rename_office(backend: &mut Backend, input: RenameOffice, _: Language) -> Outcome<PeopleView> {
    backend.session_mut()?.rename_office(&input.name)
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NameOffice {
    pub office: String,
    pub name: String,
}

pub fn name_office(backend: &mut Backend, input: NameOffice, _: Language) -> Outcome<PeopleView> {
    backend.session_mut()?.name_office(&input.office.trim().parse()?, &input.name)
}

pub fn keys(session: &Reading, _: Nothing, _: Language) -> Outcome<KeysView> {
    session.keys()
}

/// The name of the operating system, as it gives it itself.
fn system() -> String {
    let named = std::fs::read_to_string("/etc/os-release").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(line.trim_matches('"').to_owned())
    });
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let name = named.unwrap_or_else(|| std::env::consts::OS.to_owned());
    format!("{name} · {} {}", kernel.trim(), std::env::consts::ARCH).replace("·  ", "· ")
}

/// The size of a book, with what SQLite has not moved into its file yet.
fn bytes_of(book: &Path) -> u64 {
    let mut log = book.as_os_str().to_owned();
    log.push("-wal");
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |facts| facts.len());
    size(book) + size(Path::new(&log))
}

pub fn about(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<AboutView> {
    let records = backend.session.as_ref().map(|session| session.counts()).transpose()?.unwrap_or_default();
    let path = backend.session.as_ref().map(|session| session.path());
    Ok(AboutView {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        sqlite: app::sqlite_version().to_owned(),
        shell: backend.background.shell.clone(),
        system: system(),
        records,
        book_bytes: path.map_or(0, bytes_of),
    })
}

/// The log and the versions, for whoever is asked for help. It holds no field of a record, no name, no path and no key.
pub fn export_log(backend: &mut Backend, input: WriteFile, language: Language) -> Outcome<Written> {
    let about = about(backend, Nothing {}, language)?;
    let mut text = format!(
        "Sweepbook {}\nSQLite {}\n{}\n{}\nbook {} bytes\n",
        about.program, about.sqlite, about.shell, about.system, about.book_bytes
    );
    for count in &about.records {
        text.push_str(&format!("{} {} {}\n", count.kind, count.live, count.voided));
    }
    text.push_str("\n# time (ms since 1970), action, duration, outcome\n");
    text.push_str(&backend.background.log.as_ref().map(|log| log.text()).unwrap_or_default());
    write_whole(&input.out, text.as_bytes(), true)?;
    Ok(Written::at(&input.out))
}
