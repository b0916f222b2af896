//! What a backend keeps beside the book that is open: the state folder, the log, and long work in threads of its own.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use app::CheckReport;
use app::books::Recent;
use app::books::backups::Made;
use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use domain::Notice;
use serde::Serialize;
use ts_rs::TS;

use crate::log::Log;
use crate::running::{Job, JobKind, Jobs};
use crate::settings_file::SettingsFile;

const SETTLING: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Running,
    Done,
    Failed,
    Stopped,
}

/// Work in the background and how it ended.
#[derive(Debug, Serialize, TS)]
pub struct JobView {
    pub id: u64,
    pub kind: JobKind,
    pub state: JobState,
    /// A person asked for it; otherwise it began by itself.
    pub asked: bool,
    /// Why it failed.
    pub problems: Vec<Problem>,
    /// The same failure as the time before, which was said then.
    pub said: bool,
    pub checked: Option<CheckedView>,
    /// The backup that was made; none where nothing had changed.
    pub backup: Option<String>,
    /// It reached the second place too.
    pub second: bool,
    /// The book that was made from a backup, to be opened.
    pub restored: Option<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct CheckedView {
    pub revisions: u64,
    pub records: u64,
    pub findings: Vec<Problem>,
}

pub(super) enum Done {
    Sample,
    Backup(Made),
    Restored(Recent),
    Checked(CheckReport),
}

pub(super) struct Begun {
    pub id: u64,
    pub kind: JobKind,
    asked: bool,
    said: bool,
    noticed: bool,
    thread: Thread,
}

/// Its outcome stays until it is forgotten.
struct Thread {
    handle: Option<JoinHandle<()>>,
    ends: Receiver<Outcome<Done>>,
    outcome: Option<Outcome<Done>>,
}

/// Of each kind the last one begun.
#[derive(Default)]
pub(super) struct Background {
    pub jobs: Jobs,
    begun: Vec<Begun>,
    /// None for a backend that keeps nothing.
    pub state: Option<SettingsFile>,
    pub log: Option<Log>,
    /// When the open book was last backed up, or it was tried.
    pub backed_up: Option<Instant>,
    /// When the open book was first seen open.
    pub seen: Option<Instant>,
    /// So long after a book was opened its first backup begins: at the start the window has better things to do.
    pub settling: Duration,
    /// The code of the last backup's failure.
    failed: Option<String>,
    /// The book at the usual place was opened, or could not be.
    pub opened: bool,
    /// Why it could not be, until the page has been told.
    pub not_opened: Option<Failure>,
    /// What the environment lacks, until the page has been told.
    pub lacking: Option<Failure>,
    /// A book was named when the program was started: it is that one or none.
    pub named: bool,
    /// What shows the page.
    pub shell: String,
}

impl Background {
    pub fn of(folder: PathBuf, named: bool) -> Self {
        Background {
            log: Some(Log::at(&folder)),
            state: Some(SettingsFile::of(folder)),
            named,
            settling: SETTLING,
            ..Background::default()
        }
    }

    /// Whether something a person asked for is under way.
    pub fn is_asked(&self) -> bool {
        self.jobs.running().iter().any(|job| job.asked && job.kind != JobKind::Request)
    }

    /// Begins long work unless the same kind is under way; then that one is the answer.
    pub fn begin(
        &mut self,
        kind: JobKind,
        asked: bool,
        act: impl FnOnce(&Job) -> Outcome<Done> + Send + 'static,
    ) -> u64 {
        let mut same = self.begun.iter_mut().filter(|begun| begun.kind == kind);
        if let Some(begun) = same.find_map(|begun| begun.thread.outcome().is_none().then_some(begun)) {
            if asked {
                begun.asked = true;
                self.jobs.set_asked(begun.id);
            }
            return begun.id;
        }
        self.forget(|begun| begun.kind == kind);
        let job = self.jobs.begin(kind, asked);
        let id = job.id();
        self.begun.push(Begun { id, kind, asked, said: false, noticed: false, thread: Thread::begin(job, act) });
        id
    }

    /// Nothing half done is left behind: what is stopped takes itself back before its thread ends.
    fn forget(&mut self, which: impl Fn(&Begun) -> bool) {
        for begun in self.begun.iter().filter(|begun| which(begun)) {
            self.jobs.stop(begun.id);
        }
        // A thread is waited for when it is dropped.
        self.begun.retain(|begun| !which(begun));
    }

    /// Stops everything and waits for it.
    pub fn end(&mut self) {
        self.forget(|_| true);
    }

    /// Stops what reads the open book and waits for it, before the book is closed.
    pub fn let_go_of_book(&mut self) {
        self.forget(|begun| matches!(begun.kind, JobKind::Backup | JobKind::Check));
        self.backed_up = None;
        self.seen = None;
        self.failed = None;
    }

    /// Takes note of what has ended since the last time: whether a failure was said before, when a backup reached the second
    /// place, which book was made.
    pub fn notice(&mut self, now: u64) {
        for begun in self.begun.iter_mut().filter(|begun| !begun.noticed) {
            let Some(outcome) = begun.thread.outcome() else { continue };
            begun.noticed = true;
            match outcome {
                Err(failure) if begun.kind == JobKind::Backup => {
                    begun.said = !begun.asked && self.failed.as_deref() == Some(failure.code());
                    self.failed = Some(failure.code().to_owned());
                }
                Ok(Done::Backup(made)) => {
                    self.failed = None;
                    if let Some(state) = self.state.as_mut().filter(|_| made.second) {
                        state.kept.second_at = Some(now);
                        let _ = state.save();
                    }
                }
                Ok(Done::Restored(book)) => {
                    if let Some(state) = &mut self.state {
                        state.list(book.clone());
                        let _ = state.save();
                    }
                }
                _ => {}
            }
        }
    }

    pub fn views(&mut self, now: u64, language: Language) -> Vec<JobView> {
        self.notice(now);
        self.begun.iter_mut().map(|begun| begun.view(language)).collect()
    }

    /// Waits for the end of everything under way.
    #[cfg(test)]
    pub fn wait(&mut self) {
        self.begun.iter_mut().for_each(|begun| begun.thread.wait());
    }
}

impl Thread {
    fn begin(job: Job, act: impl FnOnce(&Job) -> Outcome<Done> + Send + 'static) -> Self {
        let (ended, ends) = mpsc::channel();
        let handle = std::thread::spawn(move || {
            // Dropped last, even where the work breaks off: whoever is told of the end finds the outcome.
            let job = job;
            let ended = ended;
            let _ = ended.send(act(&job));
        });
        Thread { handle: Some(handle), ends, outcome: None }
    }

    /// The outcome once there is one; never waits.
    fn outcome(&mut self) -> Option<&Outcome<Done>> {
        if self.outcome.is_none() {
            self.outcome = match self.ends.try_recv() {
                Ok(outcome) => Some(outcome),
                Err(TryRecvError::Disconnected) => Some(Err(Notice::new("job-broke-off").into())),
                Err(TryRecvError::Empty) => None,
            };
        }
        self.outcome.as_ref()
    }

    fn wait(&mut self) {
        if let Some(handle) = self.handle.take() {
            // What broke off is said by the outcome.
            let _ = handle.join();
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.wait();
    }
}

impl Begun {
    fn view(&mut self, language: Language) -> JobView {
        let mut view = JobView {
            id: self.id,
            kind: self.kind,
            state: JobState::Running,
            asked: self.asked,
            problems: Vec::new(),
            said: self.said,
            checked: None,
            backup: None,
            second: false,
            restored: None,
        };
        match self.thread.outcome() {
            None => {}
            Some(Err(failure)) => {
                view.state = if failure.code() == "job-stopped" { JobState::Stopped } else { JobState::Failed };
                view.problems = failure.problems(language);
            }
            Some(Ok(done)) => {
                view.state = JobState::Done;
                match done {
                    Done::Sample => {}
                    Done::Backup(made) => (view.backup, view.second) = (made.name.clone(), made.second),
                    Done::Restored(book) => view.restored = Some(book_id(&book.path)),
                    Done::Checked(report) => {
                        let findings = app::books::findings(report);
                        view.checked = Some(CheckedView {
                            revisions: report.revisions,
                            records: report.records,
                            findings: findings.iter().map(|notice| Problem::of(notice, language)).collect(),
                        });
                    }
                }
            }
        }
        view
    }
}

/// What the page names a book by: never a path it could make up.
pub(crate) fn book_id(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use app::progress::{Progress, Stage};
    use app::sync::held;

    use super::*;

    fn code(background: &mut Background, id: u64) -> Option<String> {
        let begun = background.begun.iter_mut().find(|begun| begun.id == id)?;
        begun.thread.wait();
        begun.thread.outcome()?.as_ref().err().map(|failure| failure.code().to_owned())
    }

    #[test]
    fn work_tells_how_far_it_is_and_stops_when_asked() {
        let mut background = Background::default();
        let (tell, told) = mpsc::channel();
        let id = background.begin(JobKind::Check, true, move |job| {
            for done in 0.. {
                job.step(Progress::at(Stage::Checking, done, 0))?;
                let _ = tell.send(done);
            }
            Ok(Done::Sample)
        });
        assert!(told.recv().is_ok());
        assert!(background.is_asked());
        assert_eq!(background.begin(JobKind::Check, true, |_| Ok(Done::Sample)), id, "the same kind is under way");
        background.jobs.stop(id);
        assert_eq!(code(&mut background, id).as_deref(), Some("job-stopped"));
        assert!(!background.is_asked());
    }

    #[test]
    fn a_thread_that_breaks_off_is_a_failure_and_no_more() {
        let mut background = Background::default();
        let id = background.begin(JobKind::Check, true, |_| panic!("on purpose"));
        assert_eq!(code(&mut background, id).as_deref(), Some("job-broke-off"));
        assert!(background.jobs.running().is_empty());
    }

    #[test]
    fn whoever_hears_of_the_end_finds_the_outcome() {
        let background = Arc::new(Mutex::new(Background::default()));
        let (tell, told) = mpsc::channel();
        let jobs = held(&background).jobs.clone();
        jobs.listen(move |progress| _ = (!progress.running).then(|| tell.send(progress.id)));
        for _ in 0..200 {
            let id = held(&background).begin(JobKind::Backup, false, |_| Ok(Done::Sample));
            assert_eq!(told.recv().unwrap(), id);
            let views = held(&background).views(0, Language::Zh);
            assert_eq!(views.iter().find(|view| view.id == id).unwrap().state, JobState::Done);
        }
    }
}
