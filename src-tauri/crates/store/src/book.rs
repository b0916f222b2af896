//! A book on disk: opening, pragmas, migrations, and the one door for writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use crate::changes::{Changes, Writes};
use crate::checkpoint::Checkpointer;
use crate::connection::{CACHE, connect, connect_to_read, is_unwritable, refuse_network_folder, require_book};
use crate::error::{Result, StoreError};
use crate::fingerprint::Generations;
use crate::hold::{Hold, Identity, LockMode, stands_at};
use crate::identities;
use crate::lock::{Lock, PATIENCE};
use crate::projection::{Projection, table};
use crate::reader::{Reader, id_of};
use crate::search;
use crate::writer::Writer;

/// Migrations only append; the book's `user_version` is how many of them it has seen.
const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../migrations/0001_log.sql"), "\n", include_str!("../migrations/0001_projections.sql")),
    include_str!("../migrations/0002_drafts.sql"),
    include_str!("../migrations/0003_identities.sql"),
    include_str!("../migrations/0004_named_and_sent.sql"),
    include_str!("../migrations/0005_spelling.sql"),
    include_str!("../migrations/0006_draft_author.sql"),
    include_str!("../migrations/0007_counting.sql"),
    include_str!("../migrations/0008_case_publicity.sql"),
    include_str!("../migrations/0009_filings.sql"),
    include_str!("../migrations/0010_whole.sql"),
    include_str!("../migrations/0011_waiting.sql"),
];

/// How many migrations stand before the one that SQL alone cannot do: search entries are made by [`search::respell`].
const BEFORE_SPELLING: usize = 4;

/// Kinds whose columns a migration after the first one changed: a book that saw an earlier one has their rows written anew.
const PROJECTED_ANEW: &[&str] = &[domain::filing::FILING, domain::filing::ANSWER, "declared"];

/// An open book. No other process has it open to write.
pub struct Book {
    conn: Connection,
    /// The real one: a link to the book is followed when it is opened.
    path: PathBuf,
    projection: Projection,
    generations: Arc<Generations>,
    /// What was written since it was last asked for; `None` while nobody asks.
    writes: Option<Writes>,
    identity: Identity,
    /// Begun with the first commit.
    checkpointer: Option<Checkpointer>,
    /// Dropped after the connection, so that the next process finds a closed book. A read connection has none: it lives
    /// under the locks of the book it reads.
    held: Option<(Hold, Option<Lock>)>,
    /// Why nothing can be written into it.
    read_only: Option<ReadOnly>,
}

/// Why a book can only be looked at: what the system refused, as a code of [`domain::disk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOnly {
    pub why: &'static str,
}

/// Makes further connections to an open book, which only read: for threads that look something up while the book is being
/// written. What they find is what was committed when they began.
#[derive(Debug, Clone)]
pub struct ReadConnections {
    path: PathBuf,
    identity: Identity,
    generations: Arc<Generations>,
    read_only: Option<ReadOnly>,
}

impl ReadConnections {
    /// The book that made these is to stay open as long as any of them.
    pub fn open(&self) -> Result<Book> {
        let moved = || StoreError::Moved { path: self.path.display().to_string() };
        let in_place = || stands_at(self.identity, &self.path).then_some(()).ok_or_else(moved);
        in_place()?;
        let conn = connect_to_read(&self.path)?;
        in_place()?;
        conn.pragma_update(None, "cache_size", -CACHE)?;
        conn.set_prepared_statement_cache_capacity(128);
        Ok(Book {
            conn,
            path: self.path.clone(),
            projection: Projection::of_core(),
            generations: Arc::clone(&self.generations),
            writes: None,
            identity: self.identity,
            checkpointer: None,
            held: None,
            read_only: self.read_only,
        })
    }
}

/// Ends what a connection is in the middle of reading; the reader is told [`StoreError::Interrupted`].
pub struct Interrupt(rusqlite::InterruptHandle);

impl Interrupt {
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl Book {
    /// A new, empty book. The caller writes the office and keys in its first transaction.
    pub fn create(path: &Path) -> Result<Self> {
        let path = &real(path)?;
        let exists = || StoreError::Exists { path: path.display().to_string() };
        refuse_network_folder(path)?;
        let lock = Lock::take(path, PATIENCE)?;
        // Asked behind the lock: whoever held it may have made the book meanwhile.
        if path.exists() {
            if !abandoned(path) {
                lock.withdraw(path);
                return Err(exists());
            }
            remove_with_logs(path);
        }
        let hold = Hold::make(path)?;
        let projection = Projection::of_core();
        let made =
            connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).and_then(|mut conn| {
                migrate(&mut conn)?;
                identities::bring_up_to_date(&mut conn, &projection)?;
                Ok(conn)
            });
        match made {
            Ok(conn) => Ok(Book::of(conn, path, hold, Some(lock), None)),
            Err(error) => {
                // Half a book would be in the way of the next attempt.
                remove_with_logs(path);
                Err(error)
            }
        }
    }

    /// Opens a book, to be written where that is possible, else to be looked at: see [`Book::read_only`].
    pub fn open(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Err(StoreError::Missing { path: path.display().to_string() });
        }
        let path = &real(path)?;
        refuse_network_folder(path)?;
        let mut lock = match Lock::take(path, PATIENCE) {
            Err(StoreError::NotWritable { source, .. }) if is_unwritable(&source) => {
                return Book::open_read_only(path, &source);
            }
            lock => lock?,
        };
        let hold = match Hold::take(path, LockMode::Exclusive, PATIENCE) {
            Err(StoreError::NotWritable { source, .. }) if is_unwritable(&source) => {
                lock.withdraw(path);
                return Book::open_read_only(path, &source);
            }
            hold => hold?,
        };
        if let Err(error) = require_book(&hold, path) {
            lock.withdraw(path);
            return Err(error);
        }
        // After an unclean exit only once the check has passed.
        lock.mark_clean(lock.clean);
        let conn = match connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Ok(conn) => conn,
            // SQLite found out only now, and does not say of which file.
            Err(StoreError::NotABook { .. }) => {
                return Err(StoreError::NotABook { path: path.display().to_string() });
            }
            // The file may be written and the lock stood there, but no log can be made beside them.
            Err(error) => match tempfile::tempfile_in(disk::folder_of(path)) {
                Err(refused) if is_unwritable(&refused) => {
                    drop((hold, lock));
                    return Book::open_read_only(path, &refused);
                }
                _ => return Err(error),
            },
        };
        let clean = lock.clean;
        let mut book = Book::of(conn, path, hold, None, None);
        if !clean {
            book.quick_check()?;
            lock.mark_clean(true);
        }
        migrate(&mut book.conn)?;
        identities::bring_up_to_date(&mut book.conn, &book.projection)?;
        if let Some((_, held)) = &mut book.held {
            *held = Some(lock);
        }
        Ok(book)
    }

    /// Nothing is written, nothing brought up to date and nothing left beside it.
    fn open_read_only(path: &Path, refused: &std::io::Error) -> Result<Self> {
        let hold = Hold::take(path, LockMode::Shared, PATIENCE)?;
        require_book(&hold, path)?;
        let conn = connect_to_read(path)?;
        conn.pragma_update(None, "cache_size", -CACHE)?;
        conn.set_prepared_statement_cache_capacity(128);
        let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let known = MIGRATIONS.len() as i64;
        match found.cmp(&known) {
            std::cmp::Ordering::Greater => Err(StoreError::Newer { found, known }),
            std::cmp::Ordering::Less => Err(StoreError::Older { path: path.display().to_string() }),
            std::cmp::Ordering::Equal => {
                let read_only = ReadOnly { why: domain::disk::why(refused) };
                Ok(Book::of(conn, path, hold, None, Some(read_only)))
            }
        }
    }

    fn of(conn: Connection, path: &Path, hold: Hold, lock: Option<Lock>, read_only: Option<ReadOnly>) -> Self {
        Book {
            conn,
            path: path.to_owned(),
            projection: Projection::of_core(),
            generations: Arc::default(),
            writes: None,
            identity: hold.identity(),
            checkpointer: None,
            held: Some((hold, lock)),
            read_only,
        }
    }

    /// Why this book can only be looked at: it stands where nothing can be written, or belongs to somebody else.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.read_only
    }

    /// For threads that read beside this one.
    pub fn read_connections(&self) -> ReadConnections {
        ReadConnections {
            path: self.path.clone(),
            identity: self.identity,
            generations: Arc::clone(&self.generations),
            read_only: self.read_only,
        }
    }

    pub fn interrupt(&self) -> Interrupt {
        Interrupt(self.conn.get_interrupt_handle())
    }

    /// Gives back the memory that reading took; the next look takes it again.
    pub fn shrink(&self) {
        // It only costs memory to go on with it.
        let _ = self.conn.execute_batch("PRAGMA shrink_memory");
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn quick_check(&self) -> Result<()> {
        let verdict: String = self.conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        self.shrink();
        if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged { detail: verdict }) }
    }

    /// Everything read inside `look` is one state of the book.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        Reader::of_one_state(&self.conn, &self.projection, look)
    }

    /// The one door for writes: everything `act` does is committed together and acknowledged after the commit, or not at all.
    /// Returns what changed, so that a screen redraws that and no more.
    pub fn transact<T, E: From<StoreError>>(
        &mut self,
        act: impl FnOnce(&mut Writer) -> Result<T, E>,
    ) -> Result<(T, Changes), E> {
        self.require_writable()?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let mut writer = Writer::new(&tx, &self.projection)?;
        writer.writes = self.writes.as_ref().map(|_| Writes::default());
        let value = act(&mut writer)?;
        let findings_changed = writer.findings_changed();
        let (changes, written) = writer.finish()?;
        let committed = tx.commit().map_err(StoreError::from);
        committed.map_err(|error| error.of_file(&self.path))?;
        if let (Some(writes), Some(written)) = (&mut self.writes, written) {
            writes.add(written);
        }
        self.generations.committed(findings_changed);
        let (path, identity) = (&self.path, self.identity);
        self.checkpointer.get_or_insert_with(|| Checkpointer::start(path.clone(), identity)).committed();
        Ok((value, changes))
    }

    /// From now on remembers what is written here, for whoever takes it back: [`Book::take_writes`].
    pub fn keep_writes(&mut self) {
        self.writes.get_or_insert_default();
    }

    /// What was committed since this was last asked, as one.
    pub fn take_writes(&mut self) -> Writes {
        self.writes.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Grows with every committed change; see [`crate::fingerprint`].
    pub fn generation(&self) -> u64 {
        self.generations.all()
    }

    /// Grows with every committed change after which [`Reader::findings`] may find something else.
    pub fn findings_generation(&self) -> u64 {
        self.generations.of_findings()
    }

    /// Does `act` and takes everything back: what a plan shows is what applying would do.
    pub fn dry_run<T, E: From<StoreError>>(&mut self, act: impl FnOnce(&mut Writer) -> Result<T, E>) -> Result<T, E> {
        self.require_writable()?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let mut writer = Writer::new(&tx, &self.projection)?;
        let value = act(&mut writer)?;
        tx.rollback().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Refuses to write into a file that went on under another name, or into one that only can be looked at. Nothing that was
    /// acknowledged is lost: it is brought into the file, wherever that is now.
    fn require_writable(&self) -> Result<()> {
        let path = || self.path.display().to_string();
        if let Some(ReadOnly { why }) = self.read_only {
            return Err(StoreError::ReadOnly { path: path(), why });
        }
        if stands_at(self.identity, &self.path) {
            return Ok(());
        }
        self.take_in_log();
        Err(StoreError::Moved { path: path() })
    }

    /// So that the book's file alone is whole; a failure loses nothing.
    fn take_in_log(&self) {
        let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.conn
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        // Its connection goes first: none may be open once the file is let go.
        self.checkpointer = None;
        if let Some((_, Some(_))) = self.held {
            self.take_in_log();
        }
    }
}

/// Where a file really stands, whatever links lead to it: its lock and its log stand beside it there.
fn real(path: &Path) -> Result<PathBuf> {
    let folder = disk::folder_of(path);
    match path.canonicalize() {
        Ok(path) => Ok(path),
        // A link that leads nowhere is no place for a new book.
        Err(_) if path.is_symlink() => Err(StoreError::Exists { path: path.display().to_string() }),
        Err(_) => {
            let folder = folder
                .canonicalize()
                .map_err(|source| StoreError::NotWritable { path: folder.display().to_string(), source })?;
            Ok(path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name)))
        }
    }
}

pub(crate) fn migrate(conn: &mut Connection) -> Result<()> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(found as usize) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(migration)?;
        if at == BEFORE_SPELLING {
            search::respell(&Reader::new(&tx, &Projection::of_core()))?;
        }
        if at + 1 == MIGRATIONS.len() {
            project_anew(&tx)?;
        }
        tx.pragma_update(None, "user_version", at as i64 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

/// Writes the rows of every record of the kinds whose columns changed.
fn project_anew(conn: &Connection) -> Result<()> {
    let projection = Projection::of_core();
    let reader = Reader::new(conn, &projection);
    let mut statement = conn.prepare("SELECT id FROM record WHERE kind = ?")?;
    for kind in PROJECTED_ANEW {
        conn.execute(&format!("DELETE FROM {}", table(kind)), [])?;
        let records = statement.query_and_then([kind], |row| id_of(row.get(0)?))?.collect::<Result<Vec<_>>>()?;
        for record in records {
            if let Some((n, folded)) = reader.folded(record)? {
                projection.insert(conn, n, &folded)?;
            }
        }
    }
    Ok(())
}

/// Whether the file is what a creation left that was killed before anything was written into the book: no book yet, and not
/// to be in the way of the next attempt.
fn abandoned(path: &Path) -> bool {
    if path.metadata().is_ok_and(|file| file.is_file() && file.len() == 0) {
        return true;
    }
    let nothing_written = || -> Result<bool> {
        let hold = Hold::take(path, LockMode::Exclusive, PATIENCE)?;
        require_book(&hold, path)?;
        let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if conn.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? == 0 {
            return Ok(true);
        }
        Ok(!conn.query_row("SELECT EXISTS (SELECT 1 FROM meta)", [], |row| row.get::<_, bool>(0))?)
    };
    nothing_written().unwrap_or(false)
}

/// Removes a database that was not finished, with what SQLite kept beside it.
pub(crate) fn remove_with_logs(path: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::remove_file(name);
    }
}

impl Reader<'_> {
    /// How many revisions the log holds.
    pub fn revision_count(&self) -> Result<u64> {
        let count =
            self.conn.prepare_cached("SELECT count(*) FROM revision")?.query_row([], |row| row.get::<_, i64>(0))?;
        Ok(count as u64)
    }

    /// A value of this book's own: office, keys, clock, settings.
    pub fn meta(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM meta WHERE key = ?")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }
}

impl Writer<'_> {
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<()> {
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")?
            .execute(params![key, value])?;
        Ok(())
    }

    pub fn remove_meta(&mut self, key: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM meta WHERE key = ?")?.execute([key])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waited_in_extra_moves_to_the_columns_of_its_migration() {
        let mut conn = Connection::open_in_memory().unwrap();
        for (at, migration) in MIGRATIONS.iter().enumerate().take(7) {
            conn.execute_batch(migration).unwrap();
            conn.pragma_update(None, "user_version", at as i64 + 1).unwrap();
        }
        let case = "INSERT INTO p_case (n, id, office, campaigns, void, extra) VALUES (?, ?, '640121', '', 0, ?)";
        let whole =
            r#"{"exposed_in":"报","exposed_on":"2021-05-01","supervised_by":"市局","supervised_until":"2021-06-01"}"#;
        let part = r#"{"exposed_on":"2021-05-02","public_order":"a"}"#;
        for (n, extra) in [(1, Some(whole)), (2, Some(part)), (3, Some(r#"{"public_order":"b"}"#)), (4, None)] {
            conn.execute(case, params![n, [n as u8; 16], extra]).unwrap();
        }
        migrate(&mut conn).unwrap();
        let columns = "SELECT supervised_by, supervised_until, exposed_on, exposed_in, extra FROM p_case ORDER BY n";
        let mut statement = conn.prepare(columns).unwrap();
        let row = |row: &rusqlite::Row| (0..5).map(|at| row.get::<_, Option<String>>(at)).collect();
        let found: Vec<Vec<Option<String>>> =
            statement.query_map([], row).unwrap().collect::<std::result::Result<_, _>>().unwrap();
        let said = |texts: [&str; 5]| texts.map(|text| (!text.is_empty()).then(|| text.to_owned())).to_vec();
        assert_eq!(
            found,
            [
                said(["市局", "2021-06-01", "2021-05-01", "报", ""]),
                said(["", "", "2021-05-02", "", r#"{"public_order":"a"}"#]),
                said(["", "", "", "", r#"{"public_order":"b"}"#]),
                said(["", "", "", "", ""]),
            ]
        );
    }
}
