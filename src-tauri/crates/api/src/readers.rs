//! Connections that read the open book beside the backend: a list scrolls and a name is found while a package comes in or a
//! chart is worked out. A query never waits for the backend, and the backend waits for queries only to close the book.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use app::Interrupt;
use app::clock::Clock;
use app::failure::Outcome;
use app::session::Reading;
use app::sync::held;
use domain::Notice;

use crate::log::Log;
use crate::request::Access;

/// So many of a kind are answered at once; the next ones wait. Slow queries use a processor each, fast ones hardly any.
const MOST_FAST: usize = 3;
const MOST_SLOW: usize = 2;

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Shared between the backend, which says what is open, and whoever asks.
#[derive(Clone, Default)]
pub struct ReaderPool(Arc<Shared>);

#[derive(Default)]
struct Shared {
    pool: Mutex<Pool>,
    freed: Condvar,
}

type MakeConnection = dyn Fn() -> Outcome<Reading> + Send + Sync;

#[derive(Default)]
struct Pool {
    /// None while no book is open.
    source: Option<Source>,
    /// Counts the sources: a connection of an earlier one is not used again.
    generation: u64,
    idle: Vec<Reading>,
    /// Those at work, by number.
    busy: Vec<(u64, Access, Interrupt)>,
    begun: u64,
    /// How many wait for a place, or for the book to be free.
    waiting: u32,
}

struct Source {
    make: Arc<MakeConnection>,
    facts: Facts,
    log: Option<Log>,
    clock: Clock,
}

/// What a connection is given of its session.
type Facts = (PathBuf, usize, String, String);

/// A connection that is lent out, until it is dropped.
pub(crate) struct PooledReading<'a> {
    shared: &'a Shared,
    session: Option<Reading>,
    access: Access,
    number: u64,
    generation: u64,
    pub(crate) log: Option<Log>,
    pub(crate) clock: Clock,
}

impl ReaderPool {
    /// The session whose book is looked at from now on, as it is now.
    pub(crate) fn follow(&self, session: &Reading, log: Option<&Log>, clock: Clock) {
        let mut pool = held(&self.0.pool);
        let facts = facts(session);
        if pool.source.as_ref().is_some_and(|source| source.facts == facts) {
            return;
        }
        pool.generation += 1;
        pool.idle.clear();
        pool.source = Some(Source { make: Arc::new(session.connections()), facts, log: log.cloned(), clock });
    }

    /// Stops every query and waits until nothing reads the book any more.
    pub(crate) fn end(&self) {
        let mut pool = held(&self.0.pool);
        pool.generation += 1;
        pool.source = None;
        pool.idle.clear();
        while !pool.busy.is_empty() {
            // Again each time: one that had not begun to read yet when it was told would go on.
            pool.busy.iter().for_each(|(_, _, interrupt)| interrupt.interrupt());
            pool.waiting += 1;
            let waited = self.0.freed.wait_timeout(pool, LOOK_AGAIN);
            pool = waited.unwrap_or_else(PoisonError::into_inner).0;
            pool.waiting -= 1;
        }
    }

    /// `None` where no book is open.
    pub(crate) fn acquire(&self, access: Access) -> Option<Outcome<PooledReading<'_>>> {
        let most = if access == Access::SlowQuery { MOST_SLOW } else { MOST_FAST };
        let mut pool = held(&self.0.pool);
        while pool.source.is_some() && pool.busy.iter().filter(|(_, busy, _)| *busy == access).count() >= most {
            pool.waiting += 1;
            pool = self.0.freed.wait(pool).unwrap_or_else(PoisonError::into_inner);
            pool.waiting -= 1;
        }
        let source = pool.source.as_ref()?;
        let (make, log, clock) = (Arc::clone(&source.make), source.log.clone(), source.clock);
        let session = match pool.idle.pop() {
            Some(session) => session,
            None => match make() {
                Ok(session) => session,
                Err(failure) => return Some(Err(failure)),
            },
        };
        pool.begun += 1;
        let number = pool.begun;
        pool.busy.push((number, access, session.interrupt()));
        let generation = pool.generation;
        drop(pool);
        Some(Ok(PooledReading { shared: &self.0, session: Some(session), access, number, generation, log, clock }))
    }
}

fn facts(session: &Reading) -> Facts {
    let library = Arc::as_ptr(&session.shared_library()) as usize;
    (session.path().to_owned(), library, session.office_name().to_owned(), session.author().to_owned())
}

impl PooledReading<'_> {
    pub(crate) fn session(&self) -> Outcome<&Reading> {
        self.session.as_ref().ok_or_else(|| Notice::new("no-book-open").into())
    }
}

impl Drop for PooledReading<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.session.as_ref().filter(|_| self.access == Access::SlowQuery) {
            // It may have read much that nobody asks for again.
            session.shrink();
        }
        let mut pool = held(&self.shared.pool);
        let session = self.session.take().filter(|_| pool.generation == self.generation);
        pool.idle.extend(session);
        pool.busy.retain(|(number, _, _)| *number != self.number);
        drop(pool);
        self.shared.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};
    use std::path::Path;
    use std::time::Instant;

    use serde_json::{Value, json};

    use super::*;
    use crate::Backend;
    use crate::request::Request;

    /// 2021-05-27, noon in China.
    const NOON: u64 = 1_622_088_000_000;

    fn backend_in(folder: &Path) -> Backend {
        let mut backend =
            Backend::at(folder.join("a.book"), Vec::new(), Clock::Fixed(NOON)).keeping_in(folder.join("state"));
        let made = json!({ "do": "book_create", "office": "640121", "name": "永宁县局", "inspector": "张三" });
        done(&backend.dispatch(&made.to_string()));
        backend
    }

    fn done(reply: &str) -> Value {
        let mut reply: Value = serde_json::from_str(reply).unwrap();
        assert!(reply.get("error").is_none(), "{reply}");
        reply["ok"].take()
    }

    fn save(backend: &mut Backend, name: &str) {
        let request = json!({ "do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null,
            "overrides": {}, "fields": { "name": name, "roles": ["producer"] } });
        assert_ne!(done(&backend.dispatch(&request.to_string()))["record"], Value::Null);
    }

    fn look(readers: &ReaderPool, request: &Value) -> Option<Value> {
        readers.answer(&Request::read(&request.to_string())).map(|reply| done(&reply))
    }

    /// Until so many wait.
    fn until_waiting(readers: &ReaderPool, many: u32) {
        let begun = Instant::now();
        while held(&readers.0.pool).waiting != many {
            assert!(begun.elapsed() < Duration::from_secs(600), "nobody waits");
            std::thread::yield_now();
        }
    }

    fn listed(readers: &ReaderPool) -> Value {
        let list = json!({ "do": "record_rows", "kind": "enterprise", "with_voided": true, "limit": 10 });
        look(readers, &list).unwrap()["total"].take()
    }

    /// A file of lines, and what is done before each of them and the end of the file is read: all but the first time, in the
    /// midst of what the lines before are written by.
    struct Lines<F> {
        lines: std::vec::IntoIter<String>,
        before: F,
    }

    impl<F: FnMut()> Read for Lines<F> {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            (self.before)();
            let line = self.lines.next().unwrap_or_default();
            to[..line.len()].copy_from_slice(line.as_bytes());
            Ok(line.len())
        }
    }

    #[test]
    fn the_book_is_read_while_the_desk_writes_it_and_nothing_is_seen_before_its_commit() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let readers = backend.readers();
        save(&mut backend, "银川永宁口罩厂");
        assert_eq!(listed(&readers), 1);
        let line = |name: &str| {
            let record = json!({ "kind": "enterprise", "fields": { "name": name, "roles": ["producer"] } });
            format!("{record}\n")
        };
        let mut seen = Vec::new();
        let lines = vec![line("灵武防护用品厂"), line("青铜峡口罩厂")];
        let file = Lines { lines: lines.into_iter(), before: || seen.push(listed(&readers)) };
        backend.session_mut().unwrap().load(&mut BufReader::new(file), false, &mut |_| {}).unwrap();
        assert_eq!(seen, [1, 1, 1], "a query waits for no writer");
        assert_eq!(listed(&readers), 3, "what was acknowledged is seen");
        let search = json!({ "do": "search", "kind": "enterprise", "text": "lwfh", "limit": 5 });
        assert_eq!(look(&readers, &search).unwrap().as_array().unwrap().len(), 1);
        let logged = std::fs::read_to_string(folder.path().join("state/program.log")).unwrap();
        assert!(logged.contains(" search ") && logged.contains(" record_rows "), "{logged}");
    }

    #[test]
    fn what_changes_something_is_left_to_the_desk() {
        let folder = tempfile::tempdir().unwrap();
        let backend = backend_in(folder.path());
        for action in ["record_save", "status", "import_plan", "book_close", "dance"] {
            let asked = Request::read(&json!({ "do": action }).to_string());
            assert!(backend.readers().answer(&asked).is_none(), "{action}");
        }
        assert!(backend.readers().answer(&Request::read("[]")).is_none());
    }

    #[test]
    fn a_look_knows_the_session_as_it_is_now() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let readers = backend.readers();
        let people = json!({ "do": "people" });
        assert_eq!(look(&readers, &people).unwrap()["office_name"], "永宁县局");
        let renamed = json!({ "do": "office_rename", "name": "永宁县市场监督管理局" });
        done(&backend.dispatch(&renamed.to_string()));
        assert_eq!(look(&readers, &people).unwrap()["office_name"], "永宁县市场监督管理局");
        let other = json!({ "do": "book_create", "office": "640181", "name": "灵武市局", "inspector": "李四" });
        done(&backend.dispatch(&other.to_string()));
        assert_eq!(look(&readers, &people).unwrap()["office_name"], "灵武市局");
    }

    #[test]
    fn a_book_is_closed_only_when_nothing_reads_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let readers = backend.readers();
        let pooled = readers.acquire(Access::SlowQuery).unwrap().unwrap();
        let closing = std::thread::spawn(move || {
            done(&backend.dispatch(r#"{"do":"book_close"}"#));
            backend
        });
        // Somebody reads.
        until_waiting(&readers, 1);
        drop(pooled);
        let backend = closing.join().unwrap();
        assert!(look(&readers, &json!({ "do": "schema" })).is_none(), "no book is open");
        drop(backend);
        assert!(!folder.path().join("a.book-wal").exists(), "the file is whole after closing");
    }

    #[test]
    fn fast_queries_do_not_wait_for_slow_ones() {
        let folder = tempfile::tempdir().unwrap();
        let backend = backend_in(folder.path());
        let readers = backend.readers();
        let slow: Vec<_> = (0..MOST_SLOW).map(|_| readers.acquire(Access::SlowQuery).unwrap().unwrap()).collect();
        assert_eq!(listed(&readers), 0);
        let waiting = readers.clone();
        let third = std::thread::spawn(move || look(&waiting, &json!({ "do": "pairs" })));
        // All places for slow queries are taken.
        until_waiting(&readers, 1);
        assert_eq!(listed(&readers), 0);
        drop(slow);
        assert!(third.join().unwrap().is_some());
    }
}
