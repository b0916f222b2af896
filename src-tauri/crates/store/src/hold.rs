//! The book's own file, held for as long as the book is open: whatever name a process opens it by, it is the same file that
//! is locked, and whoever has it open can tell that its name has gone to another file.
//!
//! SQLite's own locks end as soon as any handle of the file is closed in the process that has them. So the handle here is
//! opened before the database and closed after it, and nothing else may open a book's file besides SQLite.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Result, StoreError};

/// How soon a lock that another process has is asked for again.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// Which file it is, on which disk; blank where the system has no such number.
pub(crate) type Identity = Option<(u64, u64)>;

#[derive(Debug)]
pub(crate) struct Hold {
    file: File,
    identity: Identity,
}

/// How a book is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockMode {
    /// To be written; nobody else has it.
    Exclusive,
    /// To be looked at, where it cannot be written; nobody writes it meanwhile.
    Shared,
}

impl Hold {
    /// A file that has a second name is refused: a program that opens it by that name has another log beside it.
    ///
    /// # Errors
    /// `book-linked`, `book-in-use` after `patience`, and what the system says of opening the file
    pub fn take(path: &Path, mode: LockMode, patience: Duration) -> Result<Self> {
        // Before it is opened: closing it again would end the locks of this process, were it its own.
        if names(&path.metadata()?) > 1 {
            return Err(StoreError::Linked { path: path.display().to_string() });
        }
        let opened = OpenOptions::new().read(true).write(mode == LockMode::Exclusive).open(path);
        let file = opened.map_err(|source| match mode {
            LockMode::Exclusive => StoreError::NotWritable { path: path.display().to_string(), source },
            LockMode::Shared => source.into(),
        })?;
        lock(&file, mode, patience).map_err(|error| error.unwrap_or_else(|| in_use(path)))?;
        let identity = identity(&file.metadata()?);
        Ok(Hold { file, identity })
    }

    /// A new, empty file that only its owner may read.
    pub fn make(path: &Path) -> Result<Self> {
        let file =
            disk::private().read(true).write(true).create_new(true).open(path).map_err(|source| {
                StoreError::NotWritable { path: disk::folder_of(path).display().to_string(), source }
            })?;
        lock(&file, LockMode::Exclusive, Duration::ZERO).map_err(|error| error.unwrap_or_else(|| in_use(path)))?;
        let identity = identity(&file.metadata()?);
        Ok(Hold { file, identity })
    }

    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// The beginning of the file.
    pub fn head<const N: usize>(&self) -> std::io::Result<[u8; N]> {
        let mut head = [0; N];
        (&self.file).read_exact(&mut head)?;
        Ok(head)
    }
}

fn in_use(path: &Path) -> StoreError {
    StoreError::InUse { path: path.display().to_string(), pid: String::new() }
}

/// `None` as the error: another process has it. Elsewhere than on Linux a lock on the whole file would keep SQLite out; there
/// the lock beside the book stands alone.
#[cfg(target_os = "linux")]
fn lock(file: &File, mode: LockMode, patience: Duration) -> std::result::Result<(), Option<StoreError>> {
    let until = Instant::now() + patience;
    loop {
        let locked = if mode == LockMode::Exclusive { file.try_lock() } else { file.try_lock_shared() };
        match locked {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(ASK_AGAIN),
            Err(TryLockError::WouldBlock) => return Err(None),
            // A file system without locks: the lock beside the book could not have been taken either, unless it is read-only.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(Some(error.into())),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn lock(_: &File, _: LockMode, _: Duration) -> std::result::Result<(), Option<StoreError>> {
    Ok(())
}

/// Whether the file of this identity still stands at this place.
pub(crate) fn stands_at(identity: Identity, path: &Path) -> bool {
    path.metadata().is_ok_and(|facts| self::identity(&facts) == identity)
}

#[cfg(unix)]
fn identity(facts: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    Some((facts.dev(), facts.ino()))
}

#[cfg(unix)]
fn names(facts: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(facts)
}

/// An open database cannot be renamed there.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {
    None
}

#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}
