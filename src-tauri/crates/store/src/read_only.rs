//! A book opened by its file alone, only to be read: in a thread of its own while another one writes, and a backup, which is
//! not opened to work in. It takes no lock, runs no migration and leaves nothing beside the file.

use std::path::Path;

use rusqlite::Connection;

use crate::connection::connect_to_read;
use crate::error::{Result, StoreError};
use crate::projection::Projection;
use crate::reader::Reader;

pub struct ReadOnlyBook {
    conn: Connection,
    projection: Projection,
}

impl ReadOnlyBook {
    pub fn open(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Err(StoreError::Missing { path: path.display().to_string() });
        }
        Ok(ReadOnlyBook { conn: connect_to_read(path)?, projection: Projection::of_core() })
    }

    /// Everything read inside `look` is one state of the book.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        Reader::of_one_state(&self.conn, &self.projection, look)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.conn
    }
}

/// The version of SQLite that is linked in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
