//! The other side of the measures of the store: what SQLite takes for the same rows when nothing is verified, folded or
//! checked. Same tables and indexes (the schema of a new book), same pragmas, same disk, one transaction.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::Schema;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use store::{Book, indexed};

use crate::failure::Outcome;

/// Every row of a book, in memory: table by table, as `INSERT`s would bind them.
pub struct Rows {
    tables: Vec<(String, Vec<Vec<Value>>)>,
}

/// As `store` opens a book.
#[allow(clippy::disallowed_methods)]
pub fn connect(path: &Path) -> Outcome<Connection> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = FAST;
         PRAGMA cache_size = -65536;",
    )?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

impl Rows {
    /// Reads a closed book.
    pub fn of(path: &Path) -> Outcome<Self> {
        let conn = connect(path)?;
        let mut names: Vec<String> = Vec::new();
        {
            // Shadow tables of the full-text index are written by inserting into it.
            let mut statement = conn.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                 AND name NOT LIKE 'name\\_index%' ESCAPE '\\' ORDER BY rowid",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                names.push(row.get(0)?);
            }
        }
        let mut tables = Vec::new();
        for name in names {
            let rows = all(&conn, &format!("SELECT * FROM \"{name}\""))?;
            if !rows.is_empty() {
                let marks = vec!["?"; rows[0].len()].join(", ");
                tables.push((format!("INSERT INTO \"{name}\" VALUES ({marks})"), rows));
            }
        }
        // The index keeps no content: its tokens are made again from the names and numbers.
        let mut named = Vec::new();
        for kind in Schema::core().kinds.iter().filter(|kind| !kind.find.is_empty()) {
            let fields: Vec<String> = kind.find.iter().map(|name| format!("\"{name}\"")).collect();
            for mut row in all(&conn, &format!("SELECT n, {} FROM \"p_{}\"", fields.join(", "), kind.id))? {
                let texts = row.drain(1..).filter_map(|value| match value {
                    Value::Text(text) => Some(text),
                    _ => None,
                });
                let texts: Vec<String> = texts.collect();
                let tokens = indexed(&kind.id, texts.iter().map(String::as_str));
                if !tokens.is_empty() {
                    named.push(vec![row.remove(0), Value::Text(tokens)]);
                }
            }
        }
        tables.push(("INSERT INTO name_index (rowid, chars) VALUES (?, ?)".to_owned(), named));
        Ok(Rows { tables })
    }

    pub fn count(&self) -> usize {
        self.tables.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// Inserts everything into a new book's file in one transaction.
    pub fn insert(&self, path: &Path) -> Outcome<Duration> {
        drop(Book::create(path)?);
        let mut conn = connect(path)?;
        // As an import sets it.
        conn.execute_batch("PRAGMA cache_size = -196608")?;
        conn.execute_batch("DELETE FROM meta")?;
        let start = Instant::now();
        let tx = conn.transaction()?;
        for (sql, rows) in &self.tables {
            let mut statement = tx.prepare(sql)?;
            for row in rows {
                statement.execute(params_from_iter(row))?;
            }
        }
        tx.commit()?;
        Ok(start.elapsed())
    }
}

fn all(conn: &Connection, sql: &str) -> Outcome<Vec<Vec<Value>>> {
    let mut statement = conn.prepare(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((0..width).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()?);
    }
    Ok(found)
}
