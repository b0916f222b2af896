//! Backups: through SQLite's backup API, checked, flushed and renamed into place. A backup is itself a book.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::OpenFlags;
use rusqlite::backup::Backup;

use crate::book::{Book, connect};
use crate::error::{Result, StoreError};

/// Copies the book to `to`, which must not exist. The copy is whole or absent, never half.
pub fn backup(book: &Book, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(StoreError::Exists { path: to.display().to_string() });
    }
    let folder = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritable = |source| StoreError::NotWritable { path: folder.display().to_string(), source };
    let staged =
        tempfile::Builder::new().prefix(".sweepbook-backup-").tempfile_in(folder).map_err(unwritable)?.into_temp_path();
    {
        let mut copy = connect(&staged, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Backup::new(book.connection(), &mut copy)?.run_to_completion(4096, Duration::ZERO, None)?;
        let verdict: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(StoreError::Damaged { detail: verdict });
        }
        // One file to carry away: no log beside it.
        copy.execute_batch("PRAGMA journal_mode = DELETE")?;
    }
    File::open(&staged)?.sync_all()?;
    staged.persist_noclobber(to).map_err(|error| StoreError::from(error.error))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}
