//! Long work: what is under way, how far it has come, and a wish to stop it. A request that takes long is a job as work in the
//! background is; both are watched and stopped here, without the backend's lock. It does no work and starts none.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use app::failure::Outcome;
use app::progress::{Progress, Stage};
use app::sync::held;
use domain::Notice;
use serde::Serialize;
use ts_rs::TS;

/// No one sees more of a bar that moves.
const PUSHED_AFTER: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    /// The request the page waits for.
    Request,
    Sample,
    Backup,
    Restore,
    Check,
}

/// How far a job has come; sent to whoever watches whenever it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct JobProgress {
    pub id: u64,
    pub kind: JobKind,
    /// A person asked for it; otherwise it began by itself.
    pub asked: bool,
    /// False once: it has ended, and its outcome can be asked for.
    pub running: bool,
    /// Null until it says so.
    pub stage: Option<Stage>,
    pub done: u64,
    /// 0 while it is not known.
    pub total: u64,
    /// Of several files the number of this one, from 1; 0 where there is only one thing to do.
    pub file: u32,
    pub files: u32,
    /// Somebody asked it to stop.
    pub stopping: bool,
}

type Listener = Box<dyn Fn(&JobProgress) + Send + Sync>;

/// All long work, shared between whoever works and whoever watches.
#[derive(Clone, Default)]
pub struct Jobs(Arc<Shared>);

#[derive(Default)]
struct Shared {
    table: Mutex<Table>,
    listener: OnceLock<Listener>,
}

#[derive(Default)]
struct Table {
    begun: u64,
    running: Vec<Running>,
}

struct Running {
    progress: JobProgress,
    /// When it was last sent.
    pushed: Instant,
}

impl Jobs {
    /// From now on every change is sent to `listener`, the first one who asks for it.
    pub fn listen(&self, listener: impl Fn(&JobProgress) + Send + Sync + 'static) {
        let _ = self.0.listener.set(Box::new(listener));
    }

    pub fn running(&self) -> Vec<JobProgress> {
        self.table().running.iter().map(|running| running.progress.clone()).collect()
    }

    /// Asks a job to stop. One that has ended, or has not begun, is not stopped by it.
    pub fn stop(&self, id: u64) {
        self.change(id, |progress| progress.stopping = true);
    }

    /// Asks the request under way to stop.
    pub fn stop_request(&self) {
        for job in self.running().into_iter().filter(|job| job.kind == JobKind::Request) {
            self.stop(job.id);
        }
    }

    pub(crate) fn begin(&self, kind: JobKind, asked: bool) -> Job {
        self.begin_at(kind, asked, None)
    }

    /// Begun, and so far already.
    fn begin_at(&self, kind: JobKind, asked: bool, at: Option<Progress>) -> Job {
        let mut table = self.table();
        table.begun += 1;
        let (stage, at) = (at.map(|at| at.stage), at.unwrap_or(Progress::at(Stage::Measuring, 0, 0)));
        let progress = JobProgress {
            id: table.begun,
            kind,
            asked,
            running: true,
            stage,
            done: at.done,
            total: at.total,
            file: at.file,
            files: at.files,
            stopping: false,
        };
        self.push(&progress);
        table.running.push(Running { progress, pushed: Instant::now() });
        Job { jobs: self.clone(), id: table.begun }
    }

    /// What a request that may take long tells its progress to. It is a job as soon as it tells anything, until this is dropped.
    pub(crate) fn of_request(&self) -> impl FnMut(Progress) -> ControlFlow<()> + use<> {
        let (jobs, mut job) = (self.clone(), None);
        move |progress| {
            job.get_or_insert_with(|| jobs.begin_at(JobKind::Request, true, Some(progress))).report(progress)
        }
    }

    pub(crate) fn set_asked(&self, id: u64) {
        self.change(id, |progress| progress.asked = true);
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut JobProgress)) -> Option<JobProgress> {
        let mut table = self.table();
        let running = table.running.iter_mut().find(|running| running.progress.id == id)?;
        let before = running.progress.clone();
        change(&mut running.progress);
        let counted = JobProgress { done: running.progress.done, total: running.progress.total, ..before.clone() };
        // What is only counted on can wait a moment; another step, another file or a wish to stop cannot.
        let waits = running.progress == counted && running.pushed.elapsed() < PUSHED_AFTER;
        if running.progress != before && !waits {
            running.pushed = Instant::now();
            self.push(&running.progress);
        }
        Some(running.progress.clone())
    }

    fn end(&self, id: u64) {
        let mut table = self.table();
        let Some(at) = table.running.iter().position(|running| running.progress.id == id) else { return };
        let ended = table.running.remove(at);
        self.push(&JobProgress { running: false, ..ended.progress });
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        held(&self.0.table)
    }

    /// While the table is held, so that nothing overtakes what came before it.
    fn push(&self, progress: &JobProgress) {
        if let Some(listener) = self.0.listener.get() {
            listener(progress);
        }
    }
}

/// One job, for whoever works at it. It has ended when this is dropped.
pub(crate) struct Job {
    jobs: Jobs,
    id: u64,
}

impl Job {
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Says how far the work is; `Break` if it is to stop.
    pub fn report(&self, progress: Progress) -> ControlFlow<()> {
        let Progress { stage, done, total, file, files } = progress;
        let seen = self.jobs.change(self.id, |job| {
            *job = JobProgress { stage: Some(stage), done, total, file, files, ..job.clone() };
        });
        if seen.is_some_and(|job| job.stopping) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// The same for work that ends with a failure when it is stopped.
    pub fn step(&self, progress: Progress) -> Outcome<()> {
        if self.report(progress).is_break() { Err(Notice::new("job-stopped").into()) } else { Ok(()) }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.jobs.end(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched() -> (Jobs, Arc<Mutex<Vec<JobProgress>>>) {
        let (jobs, seen) = (Jobs::default(), Arc::<Mutex<Vec<JobProgress>>>::default());
        let told = Arc::clone(&seen);
        jobs.listen(move |progress| held(&told).push(progress.clone()));
        (jobs, seen)
    }

    #[test]
    fn a_request_is_a_job_from_its_first_word_to_its_end() {
        let (jobs, seen) = watched();
        let mut sink = jobs.of_request();
        assert!(jobs.running().is_empty(), "it may be over at once");
        assert_eq!(sink(Progress::at(Stage::Reading, 3, 9)), ControlFlow::Continue(()));
        let running = jobs.running().remove(0);
        assert_eq!(
            (running.kind, running.stage, running.done, running.total),
            (JobKind::Request, Some(Stage::Reading), 3, 9)
        );
        jobs.stop(running.id);
        assert_eq!(sink(Progress::at(Stage::Reading, 4, 9)), ControlFlow::Break(()));
        drop(sink);
        assert!(jobs.running().is_empty());
        let last = held(&seen).pop().unwrap();
        assert_eq!((last.running, last.stopping), (false, true));

        // A wish to stop never reaches the work after the one it was meant for.
        jobs.stop(running.id);
        assert_eq!(jobs.of_request()(Progress::at(Stage::Reading, 0, 9)), ControlFlow::Continue(()));
    }

    #[test]
    fn a_change_of_what_it_does_is_sent_at_once_and_mere_counting_now_and_then() {
        let (jobs, seen) = watched();
        let job = jobs.begin(JobKind::Backup, false);
        for done in 0..10_000 {
            let _ = job.report(Progress::at(Stage::Reading, done, 10_000));
        }
        let counted = held(&seen).len();
        assert!((2..1000).contains(&counted), "{counted}");
        let _ = job.report(Progress::at(Stage::Writing, 0, 0));
        let _ = job.report(Progress { file: 2, files: 3, ..Progress::at(Stage::Writing, 0, 0) });
        jobs.stop(job.id());
        jobs.stop(job.id());
        assert_eq!(held(&seen).len(), counted + 3, "what is said twice is sent once");
        drop(job);
        assert!(!held(&seen).last().unwrap().running);
    }
}
