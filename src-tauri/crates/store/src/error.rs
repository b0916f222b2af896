//! What can go wrong with a book, each with a stable code; the words are in `assets/messages/*/store.toml`.

use std::path::Path;

use domain::Notice;
use domain::disk::why;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A notice raised here or below, already with its code.
    #[error("{0}")]
    Notice(#[from] Notice),
    #[error("book in use by process {pid}")]
    InUse { path: String, pid: String },
    #[error("no book at {path}")]
    Missing { path: String },
    #[error("a file is already at {path}")]
    Exists { path: String },
    #[error("{path} is not a book")]
    NotABook { path: String },
    #[error("the book was written by a newer program (format {found}, this one knows {known})")]
    Newer { found: i64, known: i64 },
    #[error("the book is damaged: {detail}")]
    Damaged { detail: String },
    #[error("the book has a second name: {path}")]
    Linked { path: String },
    #[error("the book no longer stands at {path}")]
    Moved { path: String },
    #[error("the book can only be looked at: {path}")]
    ReadOnly { path: String, why: &'static str },
    #[error("the book is to be brought up to date and cannot be written: {path}")]
    Older { path: String },
    #[error("the book's log cannot be read where nothing can be written: {path}")]
    LogUnread { path: String },
    #[error("the folder cannot be written: {path}")]
    NotWritable { path: String, source: std::io::Error },
    #[error("a book cannot be kept on a network folder: {path}")]
    NetworkFolder { path: String },
    #[error("the disk is full")]
    DiskFull,
    #[error("reading or writing the disk failed: {detail}")]
    Disk { why: &'static str, detail: String },
    #[error("writing the disk failed: {detail}")]
    NotWritten { detail: String },
    #[error("the reading was stopped")]
    Interrupted,
    #[error("sqlite: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => StoreError::Interrupted,
            Some(ErrorCode::DiskFull) => StoreError::DiskFull,
            Some(ErrorCode::SystemIoFailure)
                if error.sqlite_error().is_some_and(|error| NOT_WRITTEN.contains(&error.extended_code)) =>
            {
                StoreError::NotWritten { detail: error.to_string() }
            }
            Some(ErrorCode::SystemIoFailure) => StoreError::Disk { why: "disk-failing", detail: error.to_string() },
            Some(ErrorCode::CannotOpen) => StoreError::Disk { why: "disk-refused", detail: error.to_string() },
            Some(ErrorCode::ReadOnly) => StoreError::Disk { why: "disk-read-only", detail: error.to_string() },
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { detail: error.to_string() },
            Some(ErrorCode::NotADatabase) => StoreError::NotABook { path: String::new() },
            _ => StoreError::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => StoreError::DiskFull,
            _ => StoreError::Disk { why: why(&error), detail: error.to_string() },
        }
    }
}

/// SQLite's own numbers for a write or an extension that failed; which of the system's reasons it was it does not keep.
const NOT_WRITTEN: [i32; 2] = [rusqlite::ffi::SQLITE_IOERR_WRITE, rusqlite::ffi::SQLITE_IOERR_TRUNCATE];

impl StoreError {
    /// A failed write told apart from a disk that fails: this file, or its log, may be as large as the disk lets a file be.
    pub(crate) fn of_file(self, path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        match self {
            StoreError::NotWritten { detail } if disk::is_at_limit(path) || disk::is_at_limit(Path::new(&log)) => {
                StoreError::Disk { why: "disk-file-too-large", detail }
            }
            error => error,
        }
    }

    pub fn notice(&self) -> Notice {
        match self {
            StoreError::Notice(notice) => notice.clone(),
            StoreError::InUse { path, pid } => Notice::new("book-in-use").with("path", path).with("pid", pid),
            StoreError::Missing { path } => Notice::new("book-missing").with("path", path),
            StoreError::Exists { path } => Notice::new("book-exists").with("path", path),
            StoreError::NotABook { path } => Notice::new("not-a-book").with("path", path),
            StoreError::Newer { found, known } => Notice::new("book-newer").with("found", found).with("known", known),
            StoreError::Damaged { detail } => Notice::new("book-damaged").with("detail", detail),
            StoreError::Linked { path } => Notice::new("book-linked").with("path", path),
            StoreError::Moved { path } => Notice::new("book-moved").with("path", path),
            StoreError::ReadOnly { path, why } => Notice::new("book-read-only").with("path", path).with("why", why),
            StoreError::Older { path } => Notice::new("book-older").with("path", path),
            StoreError::LogUnread { path } => Notice::new("book-log-unread").with("path", path),
            StoreError::NotWritable { path, source } => {
                Notice::new("folder-not-writable").with("path", path).with("why", why(source))
            }
            StoreError::NetworkFolder { path } => Notice::new("book-on-network").with("path", path),
            StoreError::DiskFull => Notice::new("disk-full"),
            StoreError::Disk { why, .. } => Notice::new("disk-failed").with("why", why),
            StoreError::NotWritten { .. } => Notice::new("disk-failed").with("why", "disk-failing"),
            StoreError::Interrupted => Notice::new("reading-stopped"),
            StoreError::Sqlite(error) => Notice::new("book-failed").with("detail", error),
        }
    }
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;
