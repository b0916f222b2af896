//! A book on disk: opening, pragmas, migrations, and the one door for writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::changes::{Changes, Writes};
use crate::error::{Result, StoreError};
use crate::identities;
use crate::lock::{Lock, PATIENCE};
use crate::projection::Projection;
use crate::reader::Reader;
use crate::search;
use crate::writer::Writer;

/// Page cache in KiB: usually, and while a package comes in.
const CACHE: i64 = 64 << 10;
const INGEST_CACHE: i64 = 192 << 10;

/// Marks a file as a Sweepbook book (SQLite's application id): "SwBk".
const APPLICATION_ID: i32 = 0x5377_426b;

/// Migrations only append; the book's `user_version` is how many of them it has seen.
const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../migrations/0001_log.sql"), "\n", include_str!("../migrations/0001_projections.sql")),
    include_str!("../migrations/0002_drafts.sql"),
    include_str!("../migrations/0003_identities.sql"),
    include_str!("../migrations/0004_named_and_sent.sql"),
    include_str!("../migrations/0005_spelling.sql"),
    include_str!("../migrations/0006_draft_author.sql"),
];

/// How many migrations stand before the one that SQL alone cannot do: search entries are made by [`search::respell`].
const BEFORE_SPELLING: usize = 4;

/// An open book. No other process has it open.
pub struct Book {
    conn: Connection,
    path: PathBuf,
    projection: Projection,
    counted: Arc<Counted>,
    /// What was written since it was last asked for; `None` while nobody asks.
    writes: Option<Writes>,
    /// Dropped after the connection, so that the next process finds a closed book. A twin has none: it lives under the lock of
    /// the book it is one of.
    lock: Option<Lock>,
}

/// Committed changes, and those of them that findings may rest on. Whoever reads this book in this process shares them, and
/// no other process changes it: they say whether what was worked out before still holds.
#[derive(Debug, Default)]
struct Counted {
    changes: AtomicU64,
    disturbances: AtomicU64,
}

/// Makes further connections to an open book, which only read: for threads that look something up while the book is being
/// written. What they find is what was committed when they began.
#[derive(Debug, Clone)]
pub struct Twins {
    path: PathBuf,
    counted: Arc<Counted>,
}

impl Twins {
    /// The book these are twins of is to stay open as long as any of them.
    pub fn open(&self) -> Result<Book> {
        let conn = connect_to_read(&self.path)?;
        conn.pragma_update(None, "cache_size", -CACHE)?;
        conn.set_prepared_statement_cache_capacity(128);
        Ok(Book {
            conn,
            path: self.path.clone(),
            projection: Projection::of_core(),
            counted: Arc::clone(&self.counted),
            writes: None,
            lock: None,
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
        let exists = || StoreError::Exists { path: path.display().to_string() };
        if path.metadata().is_ok_and(|file| file.len() > 0) && require_book(path).is_err() {
            return Err(exists());
        }
        refuse_network_folder(path)?;
        let lock = Lock::take(path, PATIENCE)?;
        // Asked behind the lock: whoever held it may have made the book meanwhile.
        if path.exists() {
            if !abandoned(path) {
                return Err(exists());
            }
            remove_with_logs(path);
        }
        let projection = Projection::of_core();
        let made =
            connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).and_then(|mut conn| {
                migrate(&mut conn)?;
                identities::bring_up_to_date(&mut conn, &projection)?;
                Ok(conn)
            });
        match made {
            Ok(conn) => Ok(Book {
                conn,
                path: path.to_owned(),
                projection,
                counted: Arc::default(),
                writes: None,
                lock: Some(lock),
            }),
            Err(error) => {
                // Half a book would be in the way of the next attempt.
                remove_with_logs(path);
                Err(error)
            }
        }
    }

    pub fn open(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Err(StoreError::Missing { path: path.display().to_string() });
        }
        refuse_network_folder(path)?;
        require_book(path)?;
        let mut lock = Lock::take(path, PATIENCE)?;
        // After an unclean exit only once the check has passed.
        lock.say_goodbye(lock.clean);
        let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| match error {
            // SQLite found out only now, and does not say of which file.
            StoreError::NotABook { .. } => StoreError::NotABook { path: path.display().to_string() },
            error => error,
        })?;
        let mut book = Book {
            conn,
            path: path.to_owned(),
            projection: Projection::of_core(),
            counted: Arc::default(),
            writes: None,
            lock: None,
        };
        if !lock.clean {
            book.quick_check()?;
            lock.say_goodbye(true);
        }
        migrate(&mut book.conn)?;
        identities::bring_up_to_date(&mut book.conn, &book.projection)?;
        book.lock = Some(lock);
        Ok(book)
    }

    /// For threads that read beside this one.
    pub fn twins(&self) -> Twins {
        Twins { path: self.path.clone(), counted: Arc::clone(&self.counted) }
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
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let mut writer = Writer::new(&tx, &self.projection)?;
        writer.keep_writes(self.writes.is_some());
        let value = act(&mut writer)?;
        let disturbed = writer.disturbed();
        let changes = writer.finish()?;
        tx.commit().map_err(StoreError::from)?;
        if let Some(writes) = &mut self.writes {
            writes.add(changes.writes.clone());
        }
        self.counted.changes.fetch_add(1, Ordering::AcqRel);
        self.counted.disturbances.fetch_add(u64::from(disturbed), Ordering::AcqRel);
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

    /// Grows with every committed change.
    pub fn changes(&self) -> u64 {
        self.counted.changes.load(Ordering::Acquire)
    }

    /// Grows with every committed change after which [`Reader::findings`] may find something else.
    pub fn disturbances(&self) -> u64 {
        self.counted.disturbances.load(Ordering::Acquire)
    }

    /// Does `act` and takes everything back: what a plan shows is what applying would do.
    pub fn rehearse<T, E: From<StoreError>>(&mut self, act: impl FnOnce(&mut Writer) -> Result<T, E>) -> Result<T, E> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let mut writer = Writer::new(&tx, &self.projection)?;
        let value = act(&mut writer)?;
        tx.rollback().map_err(StoreError::from)?;
        Ok(value)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.conn
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        if self.lock.is_none() {
            return;
        }
        // So that a book copied by hand after closing is whole; a failure here loses nothing.
        let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

fn migrate(conn: &mut Connection) -> Result<()> {
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
        tx.pragma_update(None, "user_version", at as i64 + 1)?;
        tx.commit()?;
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
        require_book(path)?;
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

// The one place a database is opened: with its pragmas, behind its lock.
#[allow(clippy::disallowed_methods)]
pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|error| {
        if path.exists() {
            error.into()
        } else {
            let folder = path.parent().unwrap_or(path);
            // SQLite does not say what is wrong with the folder; the system does.
            let source = tempfile::tempfile_in(folder).err().unwrap_or_else(|| std::io::Error::other(error));
            StoreError::NotWritable { path: folder.display().to_string(), source }
        }
    })?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    if flags.contains(OpenFlags::SQLITE_OPEN_CREATE) {
        // Before WAL, so that the mark stands in the file's own header even if nothing else ever reaches it.
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    conn.pragma_update(None, "cache_size", -CACHE)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = FAST;",
    )?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// A connection that only reads: it takes no lock, runs no migration and leaves nothing beside the file.
#[allow(clippy::disallowed_methods)]
pub(crate) fn connect_to_read(path: &Path) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(conn)
}

/// More page cache while a package comes in: ids fall anywhere in their indexes, and a page that leaves the cache too early
/// is written to the disk again each time it changes.
pub(crate) struct Roomy<'a>(&'a Connection);

impl<'a> Roomy<'a> {
    pub(crate) fn make(conn: &'a Connection) -> Result<Self> {
        conn.pragma_update(None, "cache_size", -INGEST_CACHE)?;
        Ok(Roomy(conn))
    }
}

impl Drop for Roomy<'_> {
    fn drop(&mut self) {
        // It only costs memory to go on with the larger one.
        let _ = self.0.pragma_update(None, "cache_size", -CACHE);
    }
}

/// A file that is no book is told apart before it is locked or touched.
pub(crate) fn require_book(path: &Path) -> Result<()> {
    use std::io::Read;
    let not_a_book = || StoreError::NotABook { path: path.display().to_string() };
    let mut head = [0u8; 72];
    std::fs::File::open(path)?.read_exact(&mut head).map_err(|_| not_a_book())?;
    // SQLite's file header: 16 bytes of magic, the application id at offset 68, big-endian.
    if &head[..16] == b"SQLite format 3\0" && head[68..72] == APPLICATION_ID.to_be_bytes() {
        Ok(())
    } else {
        Err(not_a_book())
    }
}

/// SQLite's locks cannot be trusted on network file systems.
fn refuse_network_folder(path: &Path) -> Result<()> {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(folder) = folder.canonicalize() else { return Ok(()) };
    let kind = mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ').skip(1);
            Some((words.next()?.replace("\\040", " "), words.next()?.to_owned()))
        })
        .filter(|(mount, _)| folder.starts_with(mount))
        .max_by_key(|(mount, _)| mount.len())
        .map(|(_, kind)| kind);
    match kind.as_deref() {
        Some(
            "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "ncpfs" | "afs" | "9p" | "fuse.sshfs" | "davfs"
            | "fuse.davfs2",
        ) => Err(StoreError::NetworkFolder { path: folder.display().to_string() }),
        _ => Ok(()),
    }
}

impl Reader<'_> {
    /// Two states of a book that have the same stamp hold the same: what a backup taken at one of them would hold.
    pub fn stamp(&self) -> Result<String> {
        let sql = "SELECT (SELECT coalesce(max(n), 0) FROM revision) || ' ' || \
                   (SELECT coalesce(sum(state), 0) FROM revision WHERE state <> 0) || ' ' || \
                   (SELECT count(*) FROM invitation) || ' ' || (SELECT count(*) FROM device) || ' ' || \
                   (SELECT count(*) FROM attachment_content) || ' ' || \
                   (SELECT coalesce(group_concat(id || state, ','), '') FROM package) || ' ' || \
                   (SELECT coalesce(group_concat(hex(key || char(10) || value), ','), '') FROM meta)";
        let text: String = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }

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
