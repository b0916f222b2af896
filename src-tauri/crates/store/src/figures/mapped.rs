//! The book's file seen through memory while a pass counts. Everything else reads it page by page: see decision 12.

use rusqlite::Connection;

use crate::error::Result;

/// As much as SQLite maps at most, in bytes; of a larger file, the rest is read page by page.
const MOST: i64 = 0x7fff_0000;

/// Lasts as long as the pass. Where the system refuses the map, SQLite reads as it always does.
pub(super) struct Mapped<'a>(&'a Connection);

impl<'a> Mapped<'a> {
    pub fn over(conn: &'a Connection) -> Result<Self> {
        conn.pragma_update(None, "mmap_size", MOST)?;
        Ok(Mapped(conn))
    }
}

impl Drop for Mapped<'_> {
    fn drop(&mut self) {
        // Nothing that is read through the map is wrong, so a refusal to end it harms nobody.
        let _ = self.0.pragma_update(None, "mmap_size", 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Book;

    #[test]
    fn a_book_is_mapped_for_as_long_as_a_pass_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::create(&folder.path().join("book.swb")).unwrap();
        book.read::<_, crate::StoreError>(|reader| {
            let mapped = || reader.conn.query_row("PRAGMA mmap_size", [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(mapped(), 0, "at rest");
            let map = Mapped::over(reader.conn)?;
            assert_eq!(mapped(), MOST);
            drop(map);
            assert_eq!(mapped(), 0, "after the pass");
            Ok(())
        })
        .unwrap();
    }
}
