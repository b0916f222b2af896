//! How a database file is opened: to be written, to be read beside that, and to be read where nothing can be written.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};
use crate::hold::Hold;

/// Page cache in KiB: usually, and while a package comes in.
pub(crate) const CACHE: i64 = 64 << 10;
const INGEST_CACHE: i64 = 192 << 10;

/// Marks a file as a Sweepbook book (SQLite's application id): "SwBk".
const APPLICATION_ID: i32 = 0x5377_426b;

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

/// A database that stands nowhere but in memory, to be thrown away.
#[allow(clippy::disallowed_methods)]
pub(crate) fn connect_in_memory() -> Result<Connection> {
    let conn = Connection::open_in_memory()?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// A connection that only reads: it takes no lock, runs no migration and leaves nothing beside the file. Where nothing can
/// be written beside it, and so no index of its log, the log is read all the same.
pub(crate) fn connect_to_read(path: &Path) -> Result<Connection> {
    let conn = reading(path, As::Database)?;
    match require_ours(&conn, path) {
        Ok(()) => Ok(conn),
        Err(error) => match tempfile::tempfile_in(disk::folder_of(path)) {
            Err(refused) if is_unwritable(&refused) => connect_unwritable(path),
            _ => Err(error),
        },
    }
}

/// Whether the system says that this place is not to be written: not that it is not there, or full.
pub(crate) fn is_unwritable(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem)
}

/// Opens a book where nothing can be written, and so nobody writes. One with a log is read together with it, its index held
/// in memory, which SQLite does for whoever has a database alone; without a log the file is all there is.
fn connect_unwritable(path: &Path) -> Result<Connection> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let conn = match Path::new(&log).metadata() {
        Ok(_) if cfg!(unix) => {
            let conn = reading(path, As::Unlocked)?;
            conn.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
            conn
        }
        Ok(facts) if facts.len() > 0 => return Err(StoreError::LogUnread { path: path.display().to_string() }),
        _ => reading(path, As::Immutable)?,
    };
    require_ours(&conn, path)?;
    Ok(conn)
}

/// How SQLite is told that a file never changes: by a URI.
fn immutable(path: &Path) -> PathBuf {
    let mut name = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => name.push(char::from(*byte)),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    PathBuf::from(name + "?immutable=1")
}

/// How a file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Database,
    /// Without SQLite's own locks.
    Unlocked,
    /// By a URI.
    Immutable,
}

#[allow(clippy::disallowed_methods)]
fn reading(path: &Path, way: As) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = match way {
        As::Database => Connection::open_with_flags(path, flags)?,
        As::Unlocked => Connection::open_with_flags_and_vfs(path, flags, "unix-none")?,
        As::Immutable => Connection::open_with_flags(immutable(path), flags | OpenFlags::SQLITE_OPEN_URI)?,
    };
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(conn)
}

/// Asked of SQLite, which may have the file open already: to open and close it here would end its locks.
fn require_ours(conn: &Connection, path: &Path) -> Result<()> {
    let not_a_book = || StoreError::NotABook { path: path.display().to_string() };
    match conn.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0)).map_err(StoreError::from) {
        Ok(APPLICATION_ID) => Ok(()),
        Ok(_) | Err(StoreError::NotABook { .. }) => Err(not_a_book()),
        Err(error) => Err(error),
    }
}

/// More page cache while a package comes in: ids fall anywhere in their indexes, and a page that leaves the cache too early
/// is written to the disk again each time it changes.
pub(crate) struct IngestCache<'a>(&'a Connection);

impl<'a> IngestCache<'a> {
    pub(crate) fn enlarge(conn: &'a Connection) -> Result<Self> {
        conn.pragma_update(None, "cache_size", -INGEST_CACHE)?;
        Ok(IngestCache(conn))
    }
}

impl Drop for IngestCache<'_> {
    fn drop(&mut self) {
        // It only costs memory to go on with the larger one.
        let _ = self.0.pragma_update(None, "cache_size", -CACHE);
    }
}

/// A file that is no book is told apart by its head before SQLite touches it.
pub(crate) fn require_book(hold: &Hold, path: &Path) -> Result<()> {
    // SQLite's file header: 16 bytes of magic, the application id at offset 68, big-endian.
    match hold.head::<72>() {
        Ok(head) if &head[..16] == b"SQLite format 3\0" && head[68..72] == APPLICATION_ID.to_be_bytes() => Ok(()),
        _ => Err(StoreError::NotABook { path: path.display().to_string() }),
    }
}

/// SQLite's locks cannot be trusted on network file systems.
pub(crate) fn refuse_network_folder(path: &Path) -> Result<()> {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    let Ok(folder) = disk::folder_of(path).canonicalize() else { return Ok(()) };
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
