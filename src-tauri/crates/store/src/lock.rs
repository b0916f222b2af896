//! One process at a time: a lock file beside the book, held by the operating system as long as the process lives, with the
//! process number inside for whoever has to wait.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Result, StoreError};

/// How long a command waits for another one to finish.
pub const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Lock {
    file: File,
    /// Whether the last holder ended as it should; if not, the book is checked on opening.
    pub clean: bool,
    /// Emptied when given up, so that the next one finds it clean.
    marks_clean: bool,
    /// This one made the file.
    fresh: bool,
}

impl Lock {
    pub fn path(book: &Path) -> PathBuf {
        let mut name = book.as_os_str().to_owned();
        name.push(".lock");
        PathBuf::from(name)
    }

    pub fn take(book: &Path, patience: Duration) -> Result<Self> {
        let path = Self::path(book);
        let fresh = !path.exists();
        let opened = disk::private().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened
            .map_err(|source| StoreError::NotWritable { path: disk::folder_of(&path).display().to_string(), source })?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(50))
                }
                Err(TryLockError::WouldBlock) => {
                    let mut pid = String::new();
                    let _ = file.read_to_string(&mut pid);
                    return Err(StoreError::InUse { path: book.display().to_string(), pid: pid.trim().to_owned() });
                }
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        let mut left = String::new();
        file.read_to_string(&mut left)?;
        let mut lock = Lock { file, clean: left.trim().is_empty(), marks_clean: true, fresh };
        lock.write(&format!("{}\n", std::process::id()))?;
        Ok(lock)
    }

    /// Gives the lock up where there turned out to be nothing to lock, and takes its file away if it was made for this.
    pub(crate) fn withdraw(self, book: &Path) {
        if self.fresh {
            let _ = std::fs::remove_file(Self::path(book));
        }
    }

    /// Whether the next one finds it clean once it is given up; else it checks the book.
    pub(crate) fn mark_clean(&mut self, clean: bool) {
        self.marks_clean = clean;
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())?;
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A process that was killed leaves its number, and the next one checks the book.
        if self.marks_clean {
            let _ = self.write("");
        }
    }
}
