//! What a running program holds: the open book, if there is one, the inbox, long work, and what is its own on this computer.

use std::path::{Path, PathBuf};

use app::clock::Clock;
use app::failure::{Failure, Outcome};
use app::packages::Inbox;
use app::paths::{own_folders, state_folder};
use app::session::{Reading, Writing};
use domain::Notice;

use crate::background::Background;
use crate::divisions::Division;
use crate::paste::shown::Shown;
use crate::readers::ReaderPool;
use crate::running::Jobs;
use crate::settings_file::SettingsFile;
use crate::spool::PrintSpool;

/// Where a window's book stands unless a person chose another file.
const BOOK: &str = "Sweepbook.book";

pub struct Backend {
    /// The open book's; gone before the book's lock is.
    pub(crate) inbox: Option<Inbox>,
    pub(crate) session: Option<Writing>,
    /// Where the first book stands or will be made.
    pub(crate) path: PathBuf,
    pub(crate) campaign_dirs: Vec<PathBuf>,
    /// The open book's: the sample campaign lives in its own weeks.
    pub(crate) clock: Clock,
    /// Where pages go to be printed; `None` for the usual place.
    pub(crate) spool: Option<PrintSpool>,
    pub(crate) own_clock: Clock,
    pub(crate) divisions: Vec<Division>,
    pub(crate) background: Background,
    pub(crate) readers: ReaderPool,
    /// The pasted block that was shown last.
    pub(crate) pasted: Option<Shown>,
}

impl Backend {
    /// A backend that will open or make its book at `path`. It keeps nothing beside it: no list of books, no backups, no log.
    pub fn at(path: PathBuf, campaign_dirs: Vec<PathBuf>, clock: Clock) -> Self {
        Backend {
            inbox: None,
            session: None,
            path,
            campaign_dirs,
            clock,
            own_clock: clock,
            spool: None,
            divisions: Vec::new(),
            background: Background::default(),
            readers: ReaderPool::default(),
            pasted: None,
        }
    }

    /// Keeps what is the program's own in `folder`, and backups beside it.
    pub fn keeping_in(mut self, folder: PathBuf) -> Self {
        let jobs = self.jobs();
        self.background = Background::of(folder, self.background.named);
        self.background.jobs = jobs;
        self
    }

    /// The book of the person who is logged in; `SWEEPBOOK_BOOK` names another. Whatever the environment lacks, there is a backend,
    /// which says so when it is first asked.
    pub fn from_environment() -> Self {
        let named = std::env::var_os("SWEEPBOOK_BOOK").filter(|named| !named.is_empty()).map(PathBuf::from);
        let is_named = named.is_some();
        let path = named.map_or_else(|| own_folders().map(|own| own.data_dir().join(BOOK)), Ok);
        let (path, homeless) = or_else_default(path);
        let (clock, untimely) = or_else_default(Clock::from_environment());
        let mut backend = Backend::at(path, Vec::new(), clock);
        if let Some(folder) = state_folder() {
            backend = backend.keeping_in(folder);
        }
        backend.background.named = is_named;
        backend.background.lacking = homeless.or(untimely);
        backend
    }

    /// Where the program keeps what is its own; none where it keeps nothing.
    pub fn state_folder(&self) -> Option<&Path> {
        self.background.state.as_ref().map(SettingsFile::folder)
    }

    /// Says what shows the page, with its version.
    pub fn shown_by(&mut self, shell: String) {
        self.background.shell = shell;
    }

    /// Whether long work someone asked for is under way, which closing the window would end.
    pub fn is_busy(&self) -> bool {
        self.background.is_asked()
    }

    /// Ends everything cleanly: long work is stopped and takes itself back, then the book is closed.
    pub fn leave(&mut self) {
        self.background.end();
        self.readers.end();
        self.inbox = None;
        self.session = None;
    }

    /// What the backend is busy with, to be watched and stopped while it is.
    pub fn jobs(&self) -> Jobs {
        self.background.jobs.clone()
    }

    /// Does what begins by itself, where it is due; to be called every few seconds.
    pub fn tick(&mut self) {
        let now = self.clock.millis();
        self.background.notice(now);
        self.back_up_if_due();
    }

    /// What answers queries while the backend is busy.
    pub fn readers(&self) -> ReaderPool {
        self.readers.clone()
    }

    pub(crate) fn session(&self) -> Outcome<&Reading> {
        self.session.as_deref().ok_or_else(|| Notice::new("no-book-open").into())
    }

    pub(crate) fn session_mut(&mut self) -> Outcome<&mut Writing> {
        self.session.as_mut().ok_or_else(|| Notice::new("no-book-open").into())
    }

    /// The open book, and the packages that wait to be taken in.
    pub(crate) fn importing(&mut self) -> Outcome<(&mut Writing, &mut Inbox)> {
        let session = self.session.as_mut().ok_or_else(|| Notice::new("no-book-open"))?;
        let inbox = self.inbox.get_or_insert_with(|| Inbox::of(session));
        Ok((session, inbox))
    }
}

/// What was found, or what stands in its place and why.
fn or_else_default<T: Default>(outcome: Outcome<T>) -> (T, Option<Failure>) {
    match outcome {
        Ok(found) => (found, None),
        Err(failure) => (T::default(), Some(failure)),
    }
}
