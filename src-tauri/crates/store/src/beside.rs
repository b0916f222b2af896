//! A second look at a book, that only reads: for a thread of its own while the first one goes on writing, and for a backup,
//! which is not opened to work in. It takes no lock, runs no migration and leaves nothing beside the file.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::book::require_book;
use crate::error::{Result, StoreError};
use crate::projection::Projection;
use crate::reader::Reader;

pub struct Beside {
    conn: Connection,
    projection: Projection,
}

impl Beside {
    // Not the place where books are opened to work in: read only, and so without their pragmas and lock.
    #[allow(clippy::disallowed_methods)]
    pub fn at(path: &Path) -> Result<Self> {
        if !path.is_file() {
            return Err(StoreError::Missing { path: path.display().to_string() });
        }
        require_book(path)?;
        let conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        Ok(Beside { conn, projection: Projection::of_core() })
    }

    /// Everything read inside `look` is one state of the book.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        let tx = self.conn.unchecked_transaction().map_err(StoreError::from)?;
        let value = look(&Reader::new(&tx, &self.projection))?;
        tx.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.conn
    }
}

/// The version of SQLite that is linked in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
