//! The index of numbers that stand for one thing, so that one that stands already is found by one look.

use std::collections::{BTreeMap, BTreeSet};

use domain::findings::{Finding, SameNumber, numbers_twice};
use domain::revision::VOID;
use domain::schema::{Field, Kind, Schema};
use domain::{Fields, Folded, OfficeCode, Record, RecordId, identity};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::projection::Projection;
use crate::reader::{Reader, record_row, slots_of};

/// How many records with one number are named.
const MOST_NAMED: usize = 50;

/// Grows when what [`identity::key`] gives for a number changes.
const SPELLING: u32 = 1;

fn hash_of(key: &str) -> i64 {
    let digest = Sha256::digest(key.as_bytes());
    i64::from_be_bytes(digest[..8].try_into().expect("a hash has 32 bytes"))
}

/// The hashes of a record's numbers.
fn hashes(schema: &Schema, folded: &Folded) -> BTreeSet<i64> {
    schema.kind(&folded.kind).map(|kind| hashes_of(kind, &folded.office, &folded.slots)).unwrap_or_default()
}

fn hashes_of(kind: &Kind, office: &OfficeCode, slots: &Fields) -> BTreeSet<i64> {
    if slots.get(VOID).is_some_and(|reason| !reason.is_null()) {
        return BTreeSet::new();
    }
    identity::keys(kind, office, slots).map(|(_, key)| hash_of(&key)).collect()
}

/// What the index is made of: fields, and how their numbers are compared.
fn indexed(schema: &Schema) -> String {
    let fields = schema.kinds.iter().flat_map(|kind| {
        let fields = kind.fields.iter().filter(|field| field.rules.identifies.is_some());
        fields.map(move |field| format!(" {}.{}={:?}", kind.id, field.name, field.rules.identifies))
    });
    std::iter::once(format!("{SPELLING}")).chain(fields).collect()
}

/// Makes the index anew where it was made of other fields, or never. Reads every record of the kinds concerned.
pub(crate) fn bring_up_to_date(conn: &mut Connection, projection: &Projection) -> Result<()> {
    let wanted = indexed(&projection.core);
    let found: Option<String> = conn.query_row("SELECT of FROM identity_index", [], |row| row.get(0)).optional()?;
    if found.as_ref() == Some(&wanted) {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch("DELETE FROM identity; DELETE FROM identity_index;")?;
    tx.execute("INSERT INTO identity_index (of) VALUES (?)", [wanted])?;
    for kind in projection.core.kinds.iter().filter(|kind| kind.fields.iter().any(|f| f.rules.identifies.is_some())) {
        let mut select = tx.prepare("SELECT n, office, slots FROM record WHERE kind = ?")?;
        let mut insert = tx.prepare("INSERT INTO identity (hash, n) VALUES (?, ?)")?;
        let mut rows = select.query([&kind.id])?;
        while let Some(row) = rows.next()? {
            let office: OfficeCode = row.get::<_, String>(1)?.parse()?;
            let slots = slots_of(&row.get::<_, String>(2)?)?;
            for hash in hashes_of(kind, &office, &slots) {
                insert.execute(params![hash, row.get::<_, i64>(0)?])?;
            }
        }
    }
    tx.commit()?;
    Ok(())
}

/// Keeps the numbers of a record in line with its fold. Says whether one of them stands, or stood, on another record too.
pub(crate) fn index(reader: &Reader, n: i64, old: Option<&Folded>, new: &Folded) -> Result<bool> {
    let schema = &reader.projection.core;
    let before = old.map(|old| hashes(schema, old)).unwrap_or_default();
    let after = hashes(schema, new);
    let mut shared = false;
    for hash in before.difference(&after) {
        reader.conn.prepare_cached("DELETE FROM identity WHERE hash = ? AND n = ?")?.execute(params![hash, n])?;
        shared |= stands(reader, *hash)?;
    }
    for hash in after.difference(&before) {
        shared |= stands(reader, *hash)?;
        reader
            .conn
            .prepare_cached("INSERT INTO identity (hash, n) VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![hash, n])?;
    }
    // A reason that somebody gave for a number on two records settles what was found, and its loss finds it again.
    let reason = |folded: &Folded| folded.slots.get(&format!("overrides/{}", identity::TAKEN)).cloned();
    Ok(shared || !after.is_empty() && old.is_some_and(|old| reason(old) != reason(new)))
}

pub(crate) fn forget(reader: &Reader, n: i64, folded: &Folded) -> Result<()> {
    for hash in hashes(&reader.projection.core, folded) {
        reader.conn.prepare_cached("DELETE FROM identity WHERE hash = ? AND n = ?")?.execute(params![hash, n])?;
    }
    Ok(())
}

/// Whether the index holds this record's numbers under its row.
pub(crate) fn holds(reader: &Reader, n: i64, folded: &Folded) -> Result<bool> {
    for hash in hashes(&reader.projection.core, folded) {
        let sql = "SELECT EXISTS (SELECT 1 FROM identity WHERE hash = ? AND n = ?)";
        if !reader.conn.prepare_cached(sql)?.query_row(params![hash, n], |row| row.get::<_, bool>(0))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn stands(reader: &Reader, hash: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM identity WHERE hash = ?)";
    Ok(reader.conn.prepare_cached(sql)?.query_row([hash], |row| row.get(0))?)
}

impl Reader<'_> {
    /// Unvoided records of a kind that hold this number in a field, by [`identity::key`]; the first of many.
    pub fn identified(&self, kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Result<Vec<Record>> {
        let Some(wanted) = identity::key(kind, field, office, number) else { return Ok(Vec::new()) };
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, r.kind, r.office, r.slots FROM identity i JOIN record r ON r.n = i.n WHERE i.hash = ? ORDER BY r.n",
        )?;
        let mut rows = statement.query([hash_of(&wanted)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let record = record_row(row)?;
            let number = record.text(&field.name).unwrap_or_default();
            if record.kind == kind && identity::key(kind, field, &record.office, number).as_ref() == Some(&wanted) {
                found.push(record);
            }
            if found.len() == MOST_NAMED {
                break;
            }
        }
        Ok(found)
    }

    /// Numbers that stand on several unvoided records, unless somebody gave a reason for it.
    pub(crate) fn numbers_twice(&self) -> Result<Vec<Finding>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, r.kind, r.office, r.slots FROM (SELECT hash FROM identity GROUP BY hash HAVING count(*) > 1) h \
             JOIN identity i ON i.hash = h.hash JOIN record r ON r.n = i.n",
        )?;
        let mut rows = statement.query([])?;
        let mut groups: BTreeMap<String, SameNumber> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let record = record_row(row)?;
            let Some(kind) = self.projection.core.kind(&record.kind) else { continue };
            if identity::passed_over(&record) {
                continue;
            }
            for (field, key) in identity::keys(kind, &record.office, &record.fields) {
                let group = groups.entry(key).or_insert_with(|| SameNumber {
                    kind: kind.id.clone(),
                    field: field.name.clone(),
                    number: record.text(&field.name).unwrap_or_default().to_owned(),
                    records: BTreeSet::new(),
                });
                group.records.insert(record.id);
            }
        }
        let mut roots: BTreeMap<RecordId, RecordId> = BTreeMap::new();
        for record in groups.values().filter(|group| group.records.len() > 1).flat_map(|group| &group.records) {
            roots.insert(*record, self.root_of(*record)?);
        }
        Ok(numbers_twice(groups.into_values(), &|record| roots.get(&record).copied().unwrap_or(record)))
    }
}

#[cfg(test)]
mod tests {
    use domain::{DeviceId, Value};

    use super::*;
    use crate::{Book, Edit, StoreError};

    fn write(book: &mut Book, number: u128, kind: &str, fields: &[(&str, &str)]) {
        let (office, device): (OfficeCode, DeviceId) = ("640121".parse().unwrap(), "0123456789abcdef".parse().unwrap());
        book.transact::<_, StoreError>(|writer| {
            writer.put_stream_author(&device, &office, &office)?;
            let slots = fields.iter().map(|(name, value)| ((*name).to_owned(), Value::text(*value))).collect();
            let record = RecordId::from_bytes(number.to_be_bytes());
            writer.append(
                Edit { record, kind: kind.to_owned(), office, author: "张三".to_owned(), slots },
                &device,
                0,
            )?;
            Ok(())
        })
        .unwrap();
    }

    fn found(book: &Book, kind: &str, field: &str, number: &str) -> Vec<u128> {
        let schema = Schema::core();
        let field = schema.kind(kind).unwrap().field(field).unwrap();
        let office = "640121".parse().unwrap();
        let records = book.read(|reader| reader.identified(kind, field, &office, number)).unwrap();
        records.iter().map(|record| u128::from_be_bytes(*record.id.as_bytes())).collect()
    }

    #[test]
    fn the_index_follows_every_change_and_is_made_anew_where_it_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.book");
        let mut book = Book::create(&path).unwrap();
        write(&mut book, 1, "sample", &[("number", "S-1")]);
        write(&mut book, 2, "sample", &[("number", "s—1")]);
        write(&mut book, 3, "case", &[("number", "S-1"), ("decision_no", "S-1")]);
        let looks = |book: &Book| {
            let of = |kind, field| found(book, kind, field, " Ｓ-1 ");
            (of("sample", "number"), of("case", "number"), of("case", "decision_no"))
        };
        assert_eq!(looks(&book), (vec![1, 2], vec![3], vec![3]));
        let before = book.findings_generation();
        write(&mut book, 2, "sample", &[("number", "S-2")]);
        assert!(book.findings_generation() > before, "what was found may be settled");
        assert_eq!(looks(&book).0, [1]);
        write(&mut book, 1, "sample", &[("void", "重复")]);
        write(&mut book, 3, "case", &[("number", "S-3")]);
        let expected = (vec![], vec![], vec![3]);
        assert_eq!(looks(&book), expected);
        assert_eq!(found(&book, "sample", "number", "S-2"), [2]);
        book.rebuild(&mut |_, _| {}).unwrap();
        assert_eq!(looks(&book), expected);
        // A book of a program that had no such index, or another.
        book.connection().execute_batch("DELETE FROM identity; DELETE FROM identity_index;").unwrap();
        assert_eq!(found(&book, "sample", "number", "S-2"), [0; 0]);
        assert!(!book.check(&mut |_, _| {}).unwrap().findings.is_empty());
        drop(book);
        let book = Book::open(&path).unwrap();
        assert_eq!(looks(&book), expected);
        assert_eq!(found(&book, "sample", "number", "S-2"), [2]);
        assert_eq!(book.check(&mut |_, _| {}).unwrap().findings, []);
    }
}
