//! Which book is open: those opened before, another one, none, or the sample campaign.

use std::path::{Path, PathBuf};

use app::books::backups::free_name;
use app::demo;
use app::failure::Outcome;
use app::messages::Language;
use app::names::shown_name;
use app::progress::{Progress, Stage};
use app::session::Writing;
use domain::Notice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::background::{Done, book_id};
use crate::books::{StatusView, view};
use crate::running::JobKind;
use crate::views::Nothing;

#[derive(Debug, Serialize, TS)]
pub struct StartView {
    /// Books opened on this computer, the newest first.
    pub recent: Vec<RecentView>,
    /// The sample campaign has been made.
    pub sample: bool,
    /// There are backups at the usual place.
    pub backups: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct RecentView {
    pub id: String,
    pub office: String,
    pub name: String,
    pub path: String,
    /// It is still there.
    pub present: bool,
    pub sample: bool,
    pub open: bool,
}

/// A book of the list, by its id.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListedBook {
    pub id: String,
}

/// Long work that was begun.
#[derive(Debug, Serialize, TS)]
pub struct JobBegun {
    pub id: u64,
}

pub fn start(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<StartView> {
    let open = backend.session.as_ref().and_then(|session| session.path().canonicalize().ok());
    let Some(state) = &backend.background.state else {
        return Ok(StartView { recent: Vec::new(), sample: false, backups: false });
    };
    let sample = state.sample();
    let recent = state
        .kept
        .recent
        .iter()
        .map(|recent| RecentView {
            id: book_id(&recent.path),
            office: recent.office.clone(),
            name: recent.name.clone(),
            path: recent.path.display().to_string(),
            present: recent.path.is_file(),
            sample: recent.path.starts_with(&sample),
            open: open.as_ref() == Some(&recent.path),
        })
        .collect();
    let backups = !app::books::backups::list(&state.backups()).is_empty();
    Ok(StartView { recent, sample: sample.is_dir(), backups })
}

impl Backend {
    /// Where new books go.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// Where the next new book goes: the usual file while it is free, else one named after its office.
    pub(crate) fn new_path(&self, office: &str) -> PathBuf {
        if self.path.exists() { free_name(&self.folder(), &format!("Sweepbook-{office}")) } else { self.path.clone() }
    }

    /// Makes `session` the one that is open.
    pub(crate) fn adopt(&mut self, mut session: Writing) {
        session.keep_journal();
        self.background.opened = true;
        self.background.not_opened = None;
        if let Some(state) = &mut self.background.state {
            state.opened(session.path(), session.office().as_str(), session.office_name());
            // The book is open all the same; only the list of books is older than it should be.
            let _ = state.save();
        }
        self.inbox = None;
        self.session = Some(session);
        self.follow_session();
    }

    /// Gives up the open book, if any; returns where it stands.
    pub(crate) fn let_go(&mut self) -> Option<PathBuf> {
        self.background.let_go_of_book();
        self.readers.end();
        self.inbox = None;
        let session = self.session.take()?;
        let path = session.path().to_owned();
        drop(session);
        self.clock = self.own_clock;
        Some(path)
    }

    /// Opens a book in place of the one that is open. Where it cannot be opened, that one stays.
    pub(crate) fn switch_to(&mut self, path: &Path) -> Outcome<()> {
        let before = self.let_go();
        match self.open_at(path) {
            Ok(()) => Ok(()),
            Err(failure) => {
                if let Some(before) = before {
                    self.open_at(&before)?;
                }
                Err(failure)
            }
        }
    }

    pub(crate) fn open_at(&mut self, path: &Path) -> Outcome<()> {
        let sample = self.background.state.as_ref().map(|state| state.sample()).filter(|sample| {
            let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            sample.canonicalize().is_ok_and(|sample| path.starts_with(sample))
        });
        let clock = match sample {
            Some(folder) => self.own_clock.set_to(demo::sample_in(&folder)?.now),
            None => self.own_clock,
        };
        let session = Writing::open(path, &self.campaign_dirs, clock)?;
        self.clock = clock;
        self.adopt(session);
        Ok(())
    }

    /// Opens the book a person expects to find open, so that it is ready when the page first asks. Later calls do nothing.
    pub fn begin(&mut self) {
        if self.session.is_some() || self.background.opened {
            return;
        }
        self.background.opened = true;
        if let Some(path) = self.usual() {
            self.background.not_opened = self.open_at(&path).err();
        }
    }

    /// The book to open when the program starts.
    pub(crate) fn usual(&self) -> Option<PathBuf> {
        let state = self.background.state.as_ref().filter(|state| state.known && !self.background.named);
        match state {
            Some(state) => state.kept.last.clone(),
            None => Some(self.path.clone()),
        }
        .filter(|path| path.exists())
    }

    fn listed(&self, id: &str) -> Outcome<PathBuf> {
        let mut recent = self.background.state.iter().flat_map(|state| &state.kept.recent);
        let found = recent.find(|recent| book_id(&recent.path) == id).map(|recent| recent.path.clone());
        found.ok_or_else(|| Notice::new("book-not-listed").into())
    }
}

pub fn close(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<StatusView> {
    backend.let_go();
    if let Some(state) = &mut backend.background.state {
        state.kept.last = None;
        let _ = state.save();
    }
    view(backend)
}

pub fn reopen(backend: &mut Backend, input: ListedBook, _: Language) -> Outcome<StatusView> {
    let path = backend.listed(&input.id)?;
    backend.switch_to(&path)?;
    view(backend)
}

/// Takes a book off the list; the book itself stays where it is.
pub fn forget(backend: &mut Backend, input: ListedBook, language: Language) -> Outcome<StartView> {
    let path = backend.listed(&input.id)?;
    if let Some(state) = &mut backend.background.state {
        state.kept.recent.retain(|recent| recent.path != path);
        state.save()?;
    }
    start(backend, Nothing {}, language)
}

fn sample_folder(backend: &Backend) -> Outcome<PathBuf> {
    let state = backend.background.state.as_ref().ok_or_else(|| Notice::new("home-missing"))?;
    Ok(state.sample())
}

pub fn make_sample(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<JobBegun> {
    let folder = sample_folder(backend)?;
    let dirs = backend.campaign_dirs.clone();
    let id = backend.background.begin(JobKind::Sample, true, move |job| {
        if !folder.is_dir() {
            let mut step = |done, total| job.step(Progress::at(Stage::Writing, done, total));
            demo::make_sample(&folder, &dirs, &mut step)?;
        }
        Ok(Done::Sample)
    });
    Ok(JobBegun { id })
}

pub fn open_sample(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<StatusView> {
    let sample = demo::sample_in(&sample_folder(backend)?)?;
    backend.switch_to(&sample.book)?;
    view(backend)
}

/// Removes the sample campaign's books, and nothing else.
pub fn delete_sample(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<StatusView> {
    let folder = sample_folder(backend)?;
    if backend.is_sample() {
        backend.let_go();
    }
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).map_err(|error| app::files::cannot_write(&folder, error))?;
    }
    app::session::forget_markers_of(&folder);
    if let Some(state) = &mut backend.background.state {
        state.kept.recent.retain(|recent| !recent.path.starts_with(&folder));
        state.kept.last = state.kept.last.take().filter(|last| !last.starts_with(&folder));
        state.save()?;
    }
    view(backend)
}

/// The name a person knows a book by; short, since beside a book stand files that are called longer.
pub(crate) fn restored_name(backup: &Path) -> String {
    let name = shown_name(backup);
    name.strip_suffix(".book").unwrap_or(&name).chars().take(60).collect()
}
