//! One table per kind, one column per core field: what lists, search and figures read. Everything the core schema does not
//! name (the fields of field sets, fields of newer books) goes into one JSON column, `extra`, so that no loaded campaign file
//! changes a table.
//!
//! An index of each table holds the columns that figures count by, so that a pass over a whole kind reads no row of texts.
//!
//! Projections hold shown values only and are rebuilt from the log by [`crate::check`]; nothing is ever read back from them
//! into a revision.

use std::collections::BTreeMap;

use domain::schema::{FieldType, Schema};
use domain::{Folded, Record, Value};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use crate::error::Result;

/// How a field is kept in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    Text,
    Integer,
    /// 0 or 1.
    Bool,
    /// 16 bytes of a record id.
    Reference,
    /// Codes between bars, ascending: `|mask|meltblown|`. Blank when empty.
    Codes,
    /// JSON text.
    Json,
}

pub fn storage(ty: &FieldType) -> Storage {
    match ty {
        FieldType::Integer | FieldType::Quantity | FieldType::Money => Storage::Integer,
        FieldType::Bool => Storage::Bool,
        FieldType::Ref { .. } => Storage::Reference,
        FieldType::Set { .. } => Storage::Codes,
        FieldType::Texts | FieldType::Refs { .. } | FieldType::Checklist | FieldType::KeyedTexts | FieldType::Objects { .. } => {
            Storage::Json
        },
        FieldType::Text
        | FieldType::LongText
        | FieldType::Code { .. }
        | FieldType::Date
        | FieldType::Time
        | FieldType::Division
        | FieldType::Uscc
        | FieldType::Sha256 => Storage::Text,
    }
}

/// The SQL name of a column that holds this kind's records: `case` is a word of SQL.
pub fn table(kind: &str) -> String {
    format!("\"p_{kind}\"")
}

/// Whether the index that figures count by holds the fields of a type: see `migrations/0007_counting.sql`.
pub fn is_counted_by(ty: &FieldType) -> bool {
    !matches!(
        ty,
        FieldType::Text
            | FieldType::LongText
            | FieldType::Time
            | FieldType::Uscc
            | FieldType::Sha256
            | FieldType::Checklist
            | FieldType::KeyedTexts
            | FieldType::Objects { .. }
    )
}

struct Projected {
    /// The reference whose target's campaigns a record counts for, and the kind of that target.
    follows: Option<(String, String)>,
    columns: Vec<(String, Storage)>,
    insert: String,
    replace: String,
    select: String,
    delete: String,
}

impl Projected {
    /// The values of `n, id, office, campaigns, void, extra` and the core fields, in this order.
    fn row(&self, n: i64, folded: &Folded) -> Vec<Sql> {
        let mut record = Record::from_slots(folded.record, &folded.kind, &folded.office, &folded.slots);
        let mut row: Vec<Sql> = Vec::with_capacity(self.columns.len() + 6);
        row.push(Sql::Integer(n));
        row.push(Sql::Blob(folded.record.as_bytes().to_vec()));
        row.push(Sql::Text(folded.office.as_str().to_owned()));
        row.push(Sql::Text(bars(record.campaigns.iter().map(String::as_str))));
        row.push(Sql::Integer(i64::from(record.void.is_some())));
        row.push(Sql::Null);
        for (name, storage) in &self.columns {
            let value = record.fields.remove(name).unwrap_or_default();
            row.push(to_sql(*storage, value));
        }
        if !record.fields.is_empty() {
            row[5] = Sql::Text(Value::Map(record.fields).to_json());
        }
        row
    }
}

/// The statements that write projections, made once from the core schema.
pub struct Projection {
    kinds: BTreeMap<String, Projected>,
    /// Kept, because reading it takes longer than a save.
    pub(crate) core: Schema,
}

impl Projection {
    pub fn of_core() -> Self {
        let core = Schema::core();
        let kinds = core
            .kinds
            .iter()
            .map(|kind| {
                let columns: Vec<(String, Storage)> =
                    kind.core_fields().map(|field| (field.name.clone(), storage(&field.ty))).collect();
                let names: String = columns.iter().map(|(name, _)| format!(", \"{name}\"")).collect();
                let marks = ", ?".repeat(columns.len());
                let insert = format!(
                    "INSERT INTO {} (n, id, office, campaigns, void, extra{names}) VALUES (?, ?, ?, ?, ?, ?{marks})",
                    table(&kind.id)
                );
                let replace = insert.replacen("INSERT", "INSERT OR REPLACE", 1);
                let select =
                    format!("SELECT n, id, office, campaigns, void, extra{names} FROM {} WHERE n = ?", table(&kind.id));
                let follows = kind.follows.as_ref().and_then(|name| match &kind.field(name)?.ty {
                    FieldType::Ref { to } => Some((name.clone(), to.clone())),
                    _ => None,
                });
                let delete = format!("DELETE FROM {} WHERE n = ?", table(&kind.id));
                (kind.id.clone(), Projected { follows, columns, insert, replace, select, delete })
            })
            .collect();
        Projection { kinds, core }
    }

    pub fn knows(&self, kind: &str) -> bool {
        self.kinds.contains_key(kind)
    }

    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }

    /// Whose campaigns a record of this kind counts for: the field that refers to it, and its kind.
    pub fn follows(&self, kind: &str) -> Option<(&str, &str)> {
        let (field, leader) = self.kinds.get(kind)?.follows.as_ref()?;
        Some((field, leader))
    }

    pub fn columns(&self, kind: &str) -> &[(String, Storage)] {
        self.kinds.get(kind).map_or(&[], |projected| &projected.columns)
    }

    /// How a core field is stored; `None` for what lives in `extra`.
    pub fn storage(&self, kind: &str, field: &str) -> Option<Storage> {
        self.columns(kind).iter().find(|(name, _)| name == field).map(|(_, storage)| *storage)
    }

    /// Writes the row of a record that has none yet. Replacing would do as well, but SQLite prepares for taking a replacement
    /// back, which makes the full-text index write itself out each time.
    pub fn insert(&self, conn: &Connection, n: i64, folded: &Folded) -> Result<()> {
        let Some(projected) = self.kinds.get(&folded.kind) else { return Ok(()) };
        conn.prepare_cached(&projected.insert)?.execute(params_from_iter(projected.row(n, folded)))?;
        Ok(())
    }

    /// Writes one record's row. A kind this program does not know has no table; it stays in the log and among the records.
    pub fn write(&self, conn: &Connection, n: i64, folded: &Folded) -> Result<()> {
        let Some(projected) = self.kinds.get(&folded.kind) else { return Ok(()) };
        conn.prepare_cached(&projected.replace)?.execute(params_from_iter(projected.row(n, folded)))?;
        Ok(())
    }

    /// Whether the record's row is what [`Projection::write`] would write.
    pub fn holds(&self, conn: &Connection, n: i64, folded: &Folded) -> Result<bool> {
        let Some(projected) = self.kinds.get(&folded.kind) else { return Ok(true) };
        let expected = projected.row(n, folded);
        let mut statement = conn.prepare_cached(&projected.select)?;
        let mut rows = statement.query([n])?;
        let Some(row) = rows.next()? else { return Ok(false) };
        for (at, expected) in expected.iter().enumerate() {
            if row.get::<_, Sql>(at)? != *expected {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn delete(&self, conn: &Connection, kind: &str, n: i64) -> Result<()> {
        if let Some(projected) = self.kinds.get(kind) {
            conn.prepare_cached(&projected.delete)?.execute([n])?;
        }
        Ok(())
    }
}

/// Codes between bars, so that one holds `code` exactly when it contains `|code|`.
pub fn bars<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for code in codes {
        if text.is_empty() {
            text.push('|');
        }
        text.push_str(code);
        text.push('|');
    }
    text
}

fn to_sql(storage: Storage, value: Value) -> Sql {
    match (storage, value) {
        (_, Value::Null) => Sql::Null,
        (Storage::Integer, Value::Int(number)) => Sql::Integer(number),
        (Storage::Bool, Value::Bool(flag)) => Sql::Integer(i64::from(flag)),
        (Storage::Text, Value::Text(text)) => Sql::Text(text),
        (Storage::Reference, Value::Text(text)) => {
            text.parse::<domain::RecordId>().map_or(Sql::Null, |id| Sql::Blob(id.as_bytes().to_vec()))
        }
        (Storage::Codes, Value::List(items)) => Sql::Text(bars(items.iter().filter_map(Value::as_str))),
        (Storage::Json, value) => Sql::Text(value.to_json()),
        // A value of another type never gets here: ingestion quarantines it and recording refuses it.
        (_, _) => Sql::Null,
    }
}
