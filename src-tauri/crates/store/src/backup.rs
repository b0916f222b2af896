//! Backups: through SQLite's backup API, checked, flushed and renamed into place. A backup is itself a book.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use disk::{Access, Unfinished, folder_of, sweep};
use domain::Notice;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::book::{Book, remove_with_logs};
use crate::connection::connect;
use crate::error::{Result, StoreError};
use crate::read_only::ReadOnlyBook;

/// Pages copied between two looks at whether to go on: 16 MiB.
const STEP: i32 = 4096;

/// Page cache of the copy in KiB: it is written once, from the first page to the last.
const CACHE: i64 = 8 << 10;

/// Hears how far long work is (done, of), and may end it.
pub type ProgressSink<'a> = dyn FnMut(u64, u64) -> ControlFlow<()> + 'a;

/// Why long work ended early: it was asked to.
pub(crate) fn stopped() -> StoreError {
    Notice::new("job-stopped").into()
}

/// Copies the book to `to`, which must not exist. The copy is whole or absent, never half.
pub fn backup(book: &Book, to: &Path) -> Result<()> {
    copy(book.connection(), to, &mut |_, _| ControlFlow::Continue(()))
}

impl ReadOnlyBook {
    /// Copies one state of the book to `to`, which must not exist, while the book goes on being written. The copy is whole or
    /// absent, never half.
    pub fn backup(&self, to: &Path, progress: &mut ProgressSink) -> Result<()> {
        // One state from the first page to the last: without it every change would begin the copy anew.
        let tx = self.connection().unchecked_transaction()?;
        self.connection().query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
        copy(self.connection(), to, progress)?;
        tx.commit()?;
        Ok(())
    }
}

fn copy(from: &Connection, to: &Path, progress: &mut ProgressSink) -> Result<()> {
    if to.exists() {
        return Err(StoreError::Exists { path: to.display().to_string() });
    }
    let folder = folder_of(to);
    let unwritable = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::StorageFull => StoreError::DiskFull,
        _ => StoreError::NotWritable { path: folder.display().to_string(), source },
    };
    sweep(folder);
    let staged = Unfinished::begin(folder, Access::Private).map_err(unwritable)?;
    let copied = fill(from, staged.path(), progress);
    if let Err(error) = copied {
        let error = error.of_file(staged.path());
        // The file goes by itself; its logs go with it.
        remove_with_logs(staged.path());
        return Err(error);
    }
    staged.finish(to, false)?;
    Ok(())
}

/// Copies page by page into a file that is there and empty.
fn fill(from: &Connection, to: &Path, progress: &mut ProgressSink) -> Result<()> {
    let mut copy = connect(to, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    copy.pragma_update(None, "cache_size", -CACHE)?;
    step_by_step(&Backup::new(from, &mut copy)?, progress)?;
    let verdict: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::Damaged { detail: verdict });
    }
    // One file to carry away: no log beside it.
    copy.execute_batch("PRAGMA journal_mode = DELETE")?;
    Ok(())
}

fn step_by_step(backup: &Backup, progress: &mut ProgressSink) -> Result<()> {
    loop {
        let outcome = backup.step(STEP)?;
        let copied = backup.progress();
        let of = copied.pagecount.max(0) as u64;
        if progress(of - (copied.remaining.max(0) as u64).min(of), of).is_break() {
            return Err(stopped());
        }
        match outcome {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(50)),
            _ => {}
        }
    }
}
