//! What a backend keeps beside the book that is open: the state folder, the log, and long work in threads of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use app::books::Recent;
use app::books::backups::Made;
use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use serde::Serialize;
use store::CheckReport;
use ts_rs::TS;

use crate::jobs::{Job, Progress};
use crate::log::Log;
use crate::settings_file::SettingsFile;

const SETTLING: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bridge.ts")]
pub enum JobKind {
    Sample,
    Backup,
    Restore,
    Check,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bridge.ts")]
pub enum JobState {
    Running,
    Done,
    Failed,
    Stopped,
}

/// Long work, as the page shows it.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct JobView {
    #[ts(type = "number")]
    pub id: u64,
    pub kind: JobKind,
    pub state: JobState,
    /// A person asked for it; otherwise it began by itself.
    pub asked: bool,
    #[ts(type = "number")]
    pub done: u64,
    /// 0 while it is not known.
    #[ts(type = "number")]
    pub of: u64,
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
#[ts(export_to = "bridge.ts")]
pub struct CheckedView {
    #[ts(type = "number")]
    pub revisions: u64,
    #[ts(type = "number")]
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
    job: Job<Done>,
}

/// Of each kind the last one begun.
#[derive(Default)]
pub(super) struct Background {
    /// None for a backend that keeps nothing.
    pub state: Option<SettingsFile>,
    pub log: Option<Log>,
    pub jobs: Vec<Begun>,
    begun: u64,
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
        self.jobs.iter().any(|begun| begun.asked && begun.job.is_running())
    }

    /// Begins long work unless the same kind is under way; then that one is the answer.
    pub fn begin(
        &mut self,
        kind: JobKind,
        asked: bool,
        act: impl FnOnce(&Progress) -> Outcome<Done> + Send + 'static,
    ) -> u64 {
        if let Some(begun) = self.jobs.iter_mut().find(|begun| begun.kind == kind && begun.job.is_running()) {
            begun.asked |= asked;
            return begun.id;
        }
        self.begun += 1;
        let id = self.begun;
        self.jobs.retain(|begun| begun.kind != kind);
        self.jobs.push(Begun { id, kind, asked, said: false, noticed: false, job: Job::begin(act) });
        id
    }

    pub fn stop(&self, id: u64) {
        for begun in self.jobs.iter().filter(|begun| begun.id == id) {
            begun.job.progress().stop();
        }
    }

    /// Stops what reads the open book and waits for it, before the book is closed.
    pub fn let_go_of_book(&mut self) {
        self.jobs.retain(|begun| !matches!(begun.kind, JobKind::Backup | JobKind::Check));
        self.backed_up = None;
        self.seen = None;
        self.failed = None;
    }

    /// Takes note of what has ended since the last time: whether a failure was said before, when a backup reached the second
    /// place, which book was made.
    pub fn notice(&mut self, now: u64) {
        for begun in self.jobs.iter_mut().filter(|begun| !begun.noticed) {
            let Some(outcome) = begun.job.outcome() else { continue };
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
        self.jobs.iter_mut().map(|begun| begun.view(language)).collect()
    }
}

impl Begun {
    /// Waits for the end.
    #[cfg(test)]
    pub fn wait(&mut self) {
        self.job.wait();
    }

    fn view(&mut self, language: Language) -> JobView {
        let (done, of) = self.job.progress().seen();
        let mut view = JobView {
            id: self.id,
            kind: self.kind,
            state: JobState::Running,
            asked: self.asked,
            done,
            of,
            problems: Vec::new(),
            said: self.said,
            checked: None,
            backup: None,
            second: false,
            restored: None,
        };
        match self.job.outcome() {
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
    Sha256::digest(path.as_os_str().as_encoded_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
