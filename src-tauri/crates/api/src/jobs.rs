//! Long work beside the window: a thread of its own, with progress one can ask for and a way to stop it. The window goes on
//! answering meanwhile.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use app::failure::{Failure, Outcome};
use domain::Notice;

/// How far it is; shared by the thread that works and whoever looks.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    done: AtomicU64,
    of: AtomicU64,
    stop: AtomicBool,
}

impl Progress {
    /// Says how far the work is, and hears whether to go on.
    pub fn tell(&self, done: u64, of: u64) -> ControlFlow<()> {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.of.store(of, Ordering::Relaxed);
        if self.0.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// The same for work that ends with a failure when it is stopped.
    pub fn step(&self, done: u64, of: u64) -> Outcome<()> {
        if self.tell(done, of).is_break() { Err(Notice::new("job-stopped").into()) } else { Ok(()) }
    }

    /// (done, of); of is 0 while that is not known.
    pub fn seen(&self) -> (u64, u64) {
        (self.0.done.load(Ordering::Relaxed), self.0.of.load(Ordering::Relaxed))
    }

    pub fn stop(&self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

/// Work that was begun. Its outcome stays until it is forgotten.
pub struct Job<T> {
    progress: Progress,
    thread: Option<JoinHandle<Outcome<T>>>,
    outcome: Option<Outcome<T>>,
}

impl<T: Send + 'static> Job<T> {
    pub fn begin(act: impl FnOnce(&Progress) -> Outcome<T> + Send + 'static) -> Self {
        let progress = Progress::default();
        let told = progress.clone();
        let thread = std::thread::spawn(move || act(&told));
        Job { progress, thread: Some(thread), outcome: None }
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The outcome once there is one; never waits.
    pub fn outcome(&mut self) -> Option<&Outcome<T>> {
        if self.thread.as_ref().is_some_and(JoinHandle::is_finished) {
            self.wait();
        }
        self.outcome.as_ref()
    }

    /// Waits for the end.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            let broken = |_| Err(Failure::new(Notice::new("job-broke-off")));
            self.outcome = Some(thread.join().unwrap_or_else(broken));
        }
    }

    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        // Nothing half done is left behind: what is stopped takes itself back before its thread ends.
        self.progress.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn work_tells_how_far_it_is_and_stops_when_asked() {
        let (tell, told) = mpsc::channel();
        let mut work = Job::<()>::begin(move |progress| {
            for done in 0.. {
                progress.step(done, 0)?;
                let _ = tell.send(done);
            }
            Ok(())
        });
        assert!(told.recv().is_ok());
        assert!(work.is_running());
        work.progress().stop();
        work.wait();
        assert_eq!(work.outcome().unwrap().as_ref().unwrap_err().code(), "job-stopped");
    }

    #[test]
    fn a_thread_that_breaks_off_is_a_failure_and_no_more() {
        let mut work = Job::<u8>::begin(|_| panic!("on purpose"));
        work.wait();
        assert_eq!(work.outcome().unwrap().as_ref().unwrap_err().code(), "job-broke-off");
    }
}
