//! Brings what was committed into the book's own file soon after: until then it stands in the log beside it, and a file that
//! is copied or moved by itself would lack it. Commits do not wait for this.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::connection::connect;
use crate::hold::{Identity, stands_at};

/// So long after the last commit, and at the latest so long after the first that is still in the log only.
const QUIET: Duration = Duration::from_secs(1);
const AT_LATEST: Duration = Duration::from_secs(5);

/// Page cache in KiB of the connection that does it.
const CACHE: i64 = 1 << 10;

/// Works in a thread of its own until it is dropped.
pub(crate) struct Checkpointer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    commits: u64,
    over: bool,
}

impl Checkpointer {
    /// `path` is the book's, `identity` its file's.
    pub fn start(path: PathBuf, identity: Identity) -> Self {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        // Without the thread the log is taken in when the book is closed, as it always was.
        let thread = std::thread::Builder::new().spawn(move || own.work(&path, identity)).ok();
        Checkpointer { shared, thread }
    }

    /// Something was committed.
    pub fn committed(&self) {
        self.shared.held().commits += 1;
        self.shared.changed.notify_one();
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.shared.held().over = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, path: &std::path::Path, identity: Identity) {
        let mut conn: Option<Connection> = None;
        let mut taken_in = 0;
        let mut state = self.held();
        loop {
            while !state.over && state.commits == taken_in {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            let first = Instant::now();
            let mut seen = taken_in;
            while !state.over && state.commits != seen && first.elapsed() < AT_LATEST {
                seen = state.commits;
                let wait = self.changed.wait_timeout_while(state, QUIET, |now| !now.over && now.commits == seen);
                state = wait.unwrap_or_else(PoisonError::into_inner).0;
            }
            if state.over {
                return;
            }
            taken_in = state.commits;
            drop(state);
            if conn.is_none() {
                conn = open(path, identity);
            }
            if let Some(conn) = &conn {
                // What cannot be taken in now is taken in after the next commit, or when the book is closed. An empty log is
                // left: a full one would be taken for that of whatever file is put in the book's place.
                let _ = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            }
            state = self.held();
        }
    }
}

/// Only of the file that is meant: another may have been put in its place, before or while it was opened.
fn open(path: &std::path::Path, identity: Identity) -> Option<Connection> {
    let here = || stands_at(identity, path).then_some(());
    here()?;
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
    conn.pragma_update(None, "cache_size", -CACHE).ok()?;
    // Whoever reads or writes is not waited for.
    conn.busy_timeout(Duration::ZERO).ok()?;
    here()?;
    Some(conn)
}
