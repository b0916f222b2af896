//! Finding records by name, number, credit code and pinyin initials, and the joins of `same_as`. How texts are cut up for it
//! is in [`crate::words`]; which fields a kind is found by stands in the schema.

use std::collections::{BTreeMap, BTreeSet};

use domain::schema::{FieldType, Kind};
use domain::{Fields, Folded, OfficeCode, RecordId};
use rusqlite::types::Value as Sql;
use rusqlite::{params, params_from_iter};

use crate::error::{Result, StoreError};
use crate::projection::{Storage, table};
use crate::reader::{Reader, id_of, slots_of};
use crate::words::{MOST_READINGS, indexed, initials, phrase, plain};

/// The kind whose records are joined.
const ENTERPRISE: &str = "enterprise";
const SAME_AS: &str = "same_as";

/// Of the records that match in their own right, so many stand for those that refer to them: somebody who types a word that
/// common goes on typing.
const MOST_REFERRED: u32 = 500;

/// How far references are followed from a record to words it is found by: from a disposal to its sample and that one's
/// enterprise.
const MOST_STEPS: usize = 2;

/// One way in which words find records of a kind, as parts of a query: over `from`, whose `key` is the record's.
pub(crate) struct Way {
    from: String,
    key: &'static str,
    filter: String,
    order: String,
    pub values: Vec<Sql>,
}

impl Way {
    /// The keys of everything it finds.
    pub fn keys(&self) -> String {
        format!("SELECT {} FROM {} WHERE {}", self.key, self.from, self.filter)
    }

    /// The keys of the first of them.
    fn first_keys(&self, most: u32) -> String {
        format!("SELECT * FROM ({} ORDER BY {} LIMIT {most})", self.keys(), self.order)
    }
}

/// A record that was found, with what it goes by: its row is at hand then, and need not be looked up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub kind: String,
    pub record: RecordId,
    pub void: bool,
    /// The texts among the fields it is named by, dated by and found by, and its code.
    pub texts: BTreeMap<String, String>,
}

/// The texts a record is found by, and whether each is short enough to be typed by its initials.
fn texts<'a>(kind: &'a Kind, slots: &'a Fields) -> Vec<(&'a str, bool)> {
    let of = |name: &String| {
        let short = kind.field(name).is_some_and(|field| field.ty == FieldType::Text);
        Some((slots.get(name)?.as_str()?, short))
    };
    kind.find.iter().filter_map(of).collect()
}

/// Makes the search entries of a record.
fn enter(reader: &Reader, kind: &Kind, n: i64, texts: &[(&str, bool)]) -> Result<()> {
    let tokens = indexed(&kind.id, texts.iter().map(|(text, _)| *text));
    for (text, _) in texts.iter().filter(|(_, short)| *short) {
        let mut insert =
            reader.conn.prepare_cached("INSERT OR IGNORE INTO initials (kind, initials, n) VALUES (?, ?, ?)")?;
        for variant in initials(crate::words::beginning(text)) {
            insert.execute(params![kind.id, variant, n])?;
        }
    }
    if !tokens.is_empty() {
        reader
            .conn
            .prepare_cached("INSERT INTO name_index (rowid, chars) VALUES (?, ?)")?
            .execute(params![n, tokens])?;
    }
    Ok(())
}

/// Makes anew the search entries of records whose names and numbers were spelt otherwise there than they are compared now.
pub(crate) fn respell(reader: &Reader) -> Result<()> {
    for kind in reader.projection.core.kinds.iter().filter(|kind| !kind.find.is_empty()) {
        let mut statement = reader.conn.prepare("SELECT n, slots FROM record WHERE kind = ?")?;
        let mut rows = statement.query([&kind.id])?;
        while let Some(row) = rows.next()? {
            let slots = slots_of(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
            let texts = texts(kind, &slots);
            if texts.iter().any(|(text, _)| !domain::spelling::is_plain(text)) {
                let n = row.get(0)?;
                erase(reader, n)?;
                enter(reader, kind, n, &texts)?;
            }
        }
    }
    Ok(())
}

/// Keeps the search entries of a record in line with its fold. Says whether the joins have to be worked out again.
pub(crate) fn index(reader: &Reader, n: i64, old: Option<&Folded>, new: &Folded) -> Result<bool> {
    let Some(kind) = reader.projection.core.kind(&new.kind) else { return Ok(false) };
    let before = old.map(|old| texts(kind, &old.slots)).unwrap_or_default();
    let after = texts(kind, &new.slots);
    if before != after {
        if !before.is_empty() {
            erase(reader, n)?;
        }
        enter(reader, kind, n, &after)?;
    }
    Ok(joins_differ(old, new))
}

/// Whether a change to a record can join enterprises otherwise than they were.
pub(crate) fn joins_differ(old: Option<&Folded>, new: &Folded) -> bool {
    if new.kind != ENTERPRISE {
        return false;
    }
    let slot = |folded: Option<&Folded>, slot: &str| {
        folded.and_then(|folded| folded.slots.get(slot).cloned()).unwrap_or_default()
    };
    let link_changed = slot(old, SAME_AS) != slot(Some(new), SAME_AS);
    let void_changed = slot(old, domain::revision::VOID) != slot(Some(new), domain::revision::VOID);
    link_changed || old.is_none() || void_changed
}

pub(crate) fn forget(reader: &Reader, n: i64, folded: &Folded) -> Result<bool> {
    erase(reader, n)?;
    Ok(folded.kind == ENTERPRISE)
}

fn erase(reader: &Reader, n: i64) -> Result<()> {
    reader.conn.prepare_cached("DELETE FROM name_index WHERE rowid = ?")?.execute([n])?;
    reader.conn.prepare_cached("DELETE FROM initials WHERE n = ?")?.execute([n])?;
    Ok(())
}

/// Works out where every joined enterprise leads to. Few are joined, so all are done again.
pub(crate) fn rejoin(reader: &Reader) -> Result<()> {
    let mut links: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    {
        let mut statement =
            reader.conn.prepare_cached("SELECT id, same_as FROM p_enterprise WHERE same_as IS NOT NULL")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            links.insert(id_of(row.get(0)?)?, id_of(row.get(1)?)?);
        }
    }
    let had_any: bool = reader.conn.query_row("SELECT EXISTS (SELECT 1 FROM joined)", [], |row| row.get(0))?;
    if links.is_empty() && !had_any {
        return Ok(());
    }
    let mut live = BTreeMap::new();
    for target in links.iter().flat_map(|(member, target)| [member, target]) {
        let found: bool = reader
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM p_enterprise WHERE id = ? AND void = 0)")?
            .query_row([target.as_bytes()], |row| row.get(0))?;
        live.insert(*target, found);
    }
    let roots = domain::findings::resolve_same_as(&links, &|id| live.get(&id).copied().unwrap_or(true));
    reader.conn.execute("DELETE FROM joined", [])?;
    let mut insert = reader.conn.prepare_cached("INSERT INTO joined (member, root) VALUES (?, ?)")?;
    for (member, root) in roots.into_iter().filter(|(member, root)| member != root) {
        insert.execute(params![member.as_bytes(), root.as_bytes()])?;
    }
    Ok(())
}

impl Reader<'_> {
    /// The ways in which words find records of a kind; `None` where nothing was typed.
    pub(crate) fn ways(&self, kind: &str, text: &str) -> Option<Vec<Way>> {
        if text.trim().is_empty() {
            return None;
        }
        let kind = self.projection.core.kind(kind)?;
        let mut ways = own_ways(kind, text);
        ways.extend(self.ways_through(kind, text, None, MOST_STEPS));
        Some(ways)
    }

    /// Through what a record refers to: the record it is named after, and the enterprise it is about.
    fn ways_through(&self, kind: &Kind, text: &str, most: Option<u32>, steps: usize) -> Vec<Way> {
        let mut ways = Vec::new();
        if steps == 0 {
            return ways;
        }
        for field in kind.core_fields() {
            let FieldType::Ref { to } = &field.ty else { continue };
            let leads = field.name == kind.title || to == ENTERPRISE && kind.id != ENTERPRISE;
            let Some(target) = self.projection.core.kind(to).filter(|_| leads) else { continue };
            let mut inner = own_ways(target, text);
            inner.extend(self.ways_through(target, text, most, steps - 1));
            for way in inner {
                let keys = most.map_or_else(|| way.keys(), |most| way.first_keys(most));
                ways.push(Way {
                    from: format!("{} w", table(&kind.id)),
                    key: "w.n",
                    filter: format!("w.\"{}\" IN (SELECT t.id FROM {} t WHERE t.n IN ({keys}))", field.name, table(to)),
                    // By an expression, which no index is in the order of: SQLite would else walk all rows, newest first.
                    order: "+w.n DESC".to_owned(),
                    values: way.values,
                });
            }
        }
        ways
    }

    /// Enterprises whose name holds the text, whose credit code or whose initials begin with it, voided ones last; at most
    /// `limit`. A blank text finds nothing.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<RecordId>> {
        Ok(self.search_kind(ENTERPRISE, text, limit)?.into_iter().map(|found| found.record).collect())
    }

    /// Records of a kind whose names and numbers hold the text, whose codes or initials begin with it, and then those that
    /// refer to such a record; voided ones last; at most `limit`. A blank text finds nothing.
    pub fn search_kind(&self, kind: &str, text: &str, limit: u32) -> Result<Vec<Found>> {
        let Some(kind) = self.projection.core.kind(kind).filter(|_| !plain(text).is_empty()) else {
            return Ok(Vec::new());
        };
        let mut found: Vec<Found> = Vec::new();
        let named = self.named_by(kind);
        let own = own_ways(kind, text);
        let through = self.ways_through(kind, text, Some(MOST_REFERRED), MOST_STEPS);
        // The unvoided first, by a pass of their own: otherwise the limit could be used up by voided ones.
        for void in [0, 1] {
            // Where there are enough, the rest is not looked for: it may be most of the book.
            if found.len() >= limit as usize || void == 1 && !self.has_voided(kind)? {
                break;
            }
            for way in own.iter().chain(&through) {
                if found.len() < limit as usize {
                    self.take(kind, &named, void, way, limit, &mut found)?;
                }
            }
        }
        found.truncate(limit as usize);
        Ok(found)
    }

    /// Passes once over the unvoided records of a kind, in the order in which they were first recorded here, with what some of
    /// their fields say: texts as they are, references as ids. A field that has no column of its own says nothing.
    pub fn pass_over<E: From<StoreError>>(
        &self,
        kind: &str,
        fields: &[&str],
        mut visit: impl FnMut(RecordId, &OfficeCode, &[Option<String>]) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if !self.projection.knows(kind) {
            return Ok(());
        }
        let storages: Vec<Option<Storage>> = fields.iter().map(|field| self.projection.storage(kind, field)).collect();
        let columns = fields.iter().zip(&storages).map(|(field, storage)| match storage {
            Some(_) => format!(", \"{field}\""),
            None => ", NULL".to_owned(),
        });
        let sql =
            format!("SELECT id, office{} FROM {} WHERE void = 0 ORDER BY n", columns.collect::<String>(), table(kind));
        let mut statement = self.conn.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut rows = statement.query([]).map_err(StoreError::from)?;
        let mut said: Vec<Option<String>> = vec![None; fields.len()];
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let mut read = || -> Result<(RecordId, OfficeCode)> {
                for (at, storage) in storages.iter().enumerate() {
                    said[at] = match storage {
                        Some(Storage::Reference) => {
                            row.get::<_, Option<Vec<u8>>>(at + 2)?.map(id_of).transpose()?.map(|id| id.to_string())
                        }
                        Some(Storage::Text) => row.get(at + 2)?,
                        _ => None,
                    };
                }
                Ok((id_of(row.get(0)?)?, row.get::<_, String>(1)?.parse()?))
            };
            let (id, office) = read()?;
            visit(id, &office, &said)?;
        }
        Ok(())
    }

    fn has_voided(&self, kind: &Kind) -> Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE void = 1)", table(&kind.id));
        Ok(self.conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
    }

    /// The fields [`Found::texts`] holds.
    fn named_by<'k>(&self, kind: &'k Kind) -> Vec<&'k str> {
        let codes = kind.core_fields().filter(|field| field.ty == FieldType::Uscc).map(|field| &field.name);
        let all = std::iter::once(&kind.title).chain(&kind.date).chain(&kind.find).chain(codes);
        let texts = all.filter(|name| self.projection.storage(&kind.id, name) == Some(Storage::Text));
        texts.map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn take(&self, kind: &Kind, named: &[&str], void: u8, way: &Way, limit: u32, found: &mut Vec<Found>) -> Result<()> {
        // Joined in this order, rows come as the way yields them and the limit ends it early.
        let sql = format!(
            "SELECT p.id{} FROM {} CROSS JOIN {} p ON p.n = {} WHERE {} AND p.void = {void} ORDER BY {} LIMIT ?",
            named.iter().map(|name| format!(", p.\"{name}\"")).collect::<String>(),
            way.from,
            table(&kind.id),
            way.key,
            way.filter,
            way.order,
        );
        let most = found.len() + limit as usize;
        let mut values = way.values.clone();
        // A record comes once for each reading of its name.
        values.push(Sql::Integer(i64::from(limit) * MOST_READINGS as i64));
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let record = id_of(row.get(0)?)?;
            if !found.iter().any(|known| known.record == record) {
                let mut texts = BTreeMap::new();
                for (at, name) in named.iter().enumerate() {
                    if let Some(text) = row.get::<_, Option<String>>(at + 1)? {
                        texts.insert((*name).to_owned(), text);
                    }
                }
                found.push(Found { kind: kind.id.clone(), record, void: void == 1, texts });
            }
            if found.len() >= most {
                break;
            }
        }
        Ok(())
    }

    /// Pairs of unjoined, unvoided enterprises that may be one: equal credit code, or a name spelt alike, wherever they are.
    /// A pair that `apart` holds turned out to be two; where more than two are alike, each is paired with the first of the
    /// others it may still be.
    pub fn pairs(&self, apart: &BTreeSet<(RecordId, RecordId)>) -> Result<Vec<(RecordId, RecordId, &'static str)>> {
        let mut by_code: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
        let mut by_name: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT id, uscc, name FROM p_enterprise WHERE void = 0 \
             AND NOT EXISTS (SELECT 1 FROM joined WHERE member = p_enterprise.id) ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = id_of(row.get(0)?)?;
            if let Some(code) = row.get::<_, Option<String>>(1)? {
                by_code.entry(code).or_default().push(id);
            }
            let name = plain(&row.get::<_, Option<String>>(2)?.unwrap_or_default());
            if !name.is_empty() {
                by_name.entry(name).or_default().push(id);
            }
        }
        let mut pairs: BTreeMap<(RecordId, RecordId), &'static str> = BTreeMap::new();
        let groups =
            by_name.into_values().map(|ids| (ids, "name")).chain(by_code.into_values().map(|ids| (ids, "uscc")));
        for (ids, reason) in groups {
            for (at, other) in ids.iter().enumerate().skip(1) {
                if let Some(first) = ids[..at].iter().find(|first| !apart.contains(&(**first, *other))) {
                    pairs.insert((*first, *other), reason);
                }
            }
        }
        Ok(pairs.into_iter().map(|((left, right), reason)| (left, right, reason)).collect())
    }
}

/// The ways in which words find a record by what it says itself.
fn own_ways(kind: &Kind, text: &str) -> Vec<Way> {
    let mut ways = Vec::new();
    let typed = plain(text);
    if !typed.is_empty() && typed.is_ascii() {
        let range = |text: &str| vec![Sql::Text(text.to_owned()), Sql::Text(format!("{text}\u{7f}"))];
        for field in kind.core_fields().filter(|field| field.ty == FieldType::Uscc) {
            ways.push(Way {
                from: format!("{} w", table(&kind.id)),
                key: "w.n",
                filter: format!("w.\"{0}\" >= ? AND w.\"{0}\" < ?", field.name),
                order: format!("w.\"{}\"", field.name),
                values: range(&typed.to_ascii_uppercase()),
            });
        }
        if !kind.find.is_empty() {
            ways.push(Way {
                from: "initials w".to_owned(),
                key: "w.n",
                filter: format!("w.kind = '{}' AND w.initials >= ? AND w.initials < ?", kind.id),
                order: "w.initials".to_owned(),
                values: range(&typed),
            });
        }
    }
    if let Some(phrase) = phrase(&kind.id, text).filter(|_| !kind.find.is_empty()) {
        ways.push(Way {
            from: "name_index w".to_owned(),
            key: "w.rowid",
            filter: "name_index MATCH ?".to_owned(),
            // What was recorded last is the likeliest to be looked for.
            order: "w.rowid DESC".to_owned(),
            values: vec![Sql::Text(phrase)],
        });
    }
    ways
}

#[cfg(test)]
mod tests {
    use domain::{DeviceId, Value};

    use super::*;
    use crate::{Book, Edit};

    /// Books made before texts were compared as they are now.
    #[test]
    fn entries_spelt_otherwise_are_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut book = Book::create(&folder.path().join("a.book")).unwrap();
        let (office, device): (OfficeCode, DeviceId) = ("640121".parse().unwrap(), "0123456789abcdef".parse().unwrap());
        let record = RecordId::from_bytes([1; 16]);
        let name = Value::text("\u{2F42}华口罩\u{2F1A}");
        book.transact::<_, StoreError>(|writer| {
            writer.put_stream_author(&device, &office, &office)?;
            let slots = Fields::from([("name".to_owned(), name)]);
            let edit = Edit { record, kind: ENTERPRISE.to_owned(), office, author: "张三".to_owned(), slots };
            writer.append(edit, &device, 0)?;
            Ok(())
        })
        .unwrap();
        book.transact::<_, StoreError>(|writer| {
            writer.conn.execute_batch(
                "DELETE FROM initials; DELETE FROM name_index;
                 INSERT INTO name_index (rowid, chars) SELECT n, 'enterprise\u{2F42} enterprise华' FROM record;",
            )?;
            assert_eq!(writer.search("文华", 5)?, []);
            respell(writer)?;
            assert_eq!((writer.search("文华", 5)?, writer.search("whkzc", 5)?), (vec![record], vec![record]));
            Ok(())
        })
        .unwrap();
    }
}
