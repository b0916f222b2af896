//! One immutable change to one record, as one JSON line. Its id is the SHA-256 of exactly those bytes.
//!
//! The keys of `fields` are **slots**, the unit of merge: the name of a field, or `field/element` for one element of a set
//! (`"roles/producer": true`), of the checklist or of the overrides. So merging needs no schema: a book that has never
//! heard of a field merges it as the book that invented it does.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::{Hlc, LATEST_MILLIS};
use crate::ids::{DeviceId, OfficeCode, RecordId, RevisionId};
use crate::notice::Notice;
use crate::value::{Fields, Value};

/// The longest line that is written or accepted, in bytes, without its line feed.
pub const MAX_LINE: usize = 1 << 20;

/// Keys of a line that this version does not know, at most: room for newer books, and no more work than a line is worth.
pub const MAX_UNKNOWN_KEYS: usize = 64;

/// The slot that says a record was voided: the reason, or null.
pub const VOID: &str = "void";

/// The slot that says why a void was lifted: the reason, or null while the record is void again.
pub const RESTORED: &str = "restored";

/// A revision as read from its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub id: RevisionId,
    pub record: RecordId,
    pub kind: String,
    /// The record's owner, which never changes.
    pub office: OfficeCode,
    /// The record's heads as its editor saw them, ascending; empty for a first revision.
    pub parents: Vec<RevisionId>,
    pub device: DeviceId,
    /// Gapless from 1 within the stream (device, record's office).
    pub seq: u64,
    pub clock: Hlc,
    pub author: String,
    /// Assignments by slot.
    pub fields: Fields,
}

/// What a new revision says, before it has bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevisionDraft {
    pub record: RecordId,
    pub kind: String,
    pub office: OfficeCode,
    #[serde(serialize_with = "hex_list")]
    pub parents: Vec<RevisionId>,
    pub device: DeviceId,
    pub seq: u64,
    pub clock: Hlc,
    pub author: String,
    pub fields: Fields,
}

fn hex_list<S: serde::Serializer>(ids: &[RevisionId], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(|id| id.to_string()))
}

/// A line's members. Read by hand, so that a key written twice is refused wherever it stands and members of newer books are
/// held to the same rules as fields.
#[derive(Default)]
struct Line<'a> {
    record: Option<&'a str>,
    kind: Option<String>,
    office: Option<OfficeCode>,
    parents: Option<Vec<&'a str>>,
    device: Option<DeviceId>,
    seq: Option<u64>,
    clock: Option<Hlc>,
    author: Option<String>,
    fields: Option<Fields>,
    unknown: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Line<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor(std::marker::PhantomData))
    }
}

struct LineVisitor<'a>(std::marker::PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for LineVisitor<'a> {
    type Value = Line<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a revision")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line<'a>, A::Error> {
        fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
            place: &mut Option<T>,
            map: &mut A,
            key: &str,
        ) -> Result<(), A::Error> {
            if place.is_some() {
                return Err(A::Error::custom(format!("duplicate key {key:?}")));
            }
            *place = Some(map.next_value()?);
            Ok(())
        }
        let mut line = Line::default();
        let mut unknown: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "record" => once(&mut line.record, &mut map, &key)?,
                "kind" => once(&mut line.kind, &mut map, &key)?,
                "office" => once(&mut line.office, &mut map, &key)?,
                "parents" => once(&mut line.parents, &mut map, &key)?,
                "device" => once(&mut line.device, &mut map, &key)?,
                "seq" => once(&mut line.seq, &mut map, &key)?,
                "clock" => once(&mut line.clock, &mut map, &key)?,
                "author" => once(&mut line.author, &mut map, &key)?,
                "fields" => {
                    let mut value: Option<Value> = line.fields.take().map(Value::Map);
                    once(&mut value, &mut map, &key)?;
                    let Some(Value::Map(fields)) = value else {
                        return Err(A::Error::custom("fields are not an object"));
                    };
                    line.fields = Some(fields);
                }
                // Refused as soon as the line is read; what else it holds is passed over.
                _ if unknown.len() > MAX_UNKNOWN_KEYS => {
                    map.next_value::<IgnoredAny>()?;
                }
                _ => {
                    map.next_value::<Value>()?;
                    if unknown.contains(&key) {
                        return Err(A::Error::custom(format!("duplicate key {key:?}")));
                    }
                    unknown.insert(key);
                }
            }
        }
        line.unknown = unknown.len();
        Ok(line)
    }
}

impl RevisionDraft {
    /// The line, without a line feed. Parents are sorted, so that the same change has the same bytes.
    pub fn to_line(mut self) -> Result<String, Notice> {
        self.parents.sort_unstable();
        self.parents.dedup();
        let line = serde_json::to_string(&self).map_err(|error| Notice::new("line-malformed").with("reason", error))?;
        if line.len() > MAX_LINE {
            return Err(Notice::new("line-too-long").with("bytes", line.len()).with("limit", MAX_LINE));
        }
        Ok(line)
    }
}

impl RevisionId {
    pub fn of_line(line: &[u8]) -> Self {
        RevisionId(Sha256::digest(line).into())
    }
}

impl Revision {
    /// Reads a line (without line feed). Keys it does not know are kept in the bytes and otherwise ignored.
    ///
    /// # Errors
    /// `line-too-long`, `line-malformed`, `line-keys-unknown`, and those of its ids
    pub fn from_line(line: &[u8]) -> Result<Self, Notice> {
        let (revision, unknown) = read(line)?;
        if unknown > MAX_UNKNOWN_KEYS {
            return Err(Notice::new("line-keys-unknown").with("limit", MAX_UNKNOWN_KEYS));
        }
        if revision.clock.millis > LATEST_MILLIS {
            return Err(malformed("the clock is beyond the year 9999"));
        }
        Ok(revision)
    }

    /// Reads a line that a book keeps: one that was taken before a bound was drawn stays readable.
    ///
    /// # Errors
    /// `line-too-long`, `line-malformed`, and those of its ids
    pub fn from_kept_line(line: &[u8]) -> Result<Self, Notice> {
        read(line).map(|(revision, _)| revision)
    }

    /// What breaks ties between concurrent assignments: clock, device, id. Greatest wins.
    pub fn precedence(&self) -> (Hlc, &str, RevisionId) {
        (self.clock, self.device.as_str(), self.id)
    }
}

fn malformed(reason: impl ToString) -> Notice {
    Notice::new("line-malformed").with("reason", reason.to_string())
}

/// The revision, and how many keys the line has that this version does not know (counted up to one above the bound).
fn read(line: &[u8]) -> Result<(Revision, usize), Notice> {
    if line.len() > MAX_LINE {
        return Err(Notice::new("line-too-long").with("bytes", line.len()).with("limit", MAX_LINE));
    }
    let text = std::str::from_utf8(line).map_err(malformed)?;
    let parsed: Line = serde_json::from_str(text).map_err(malformed)?;
    let (Some(record), Some(kind), Some(office), Some(parents), Some(device)) =
        (parsed.record, parsed.kind, parsed.office, parsed.parents, parsed.device)
    else {
        return Err(malformed("record, kind, office, parents or device is missing"));
    };
    let (Some(seq), Some(clock), Some(author), Some(fields)) = (parsed.seq, parsed.clock, parsed.author, parsed.fields)
    else {
        return Err(malformed("seq, clock, author or fields is missing"));
    };
    let parents = parents.iter().map(|id| id.parse()).collect::<Result<Vec<RevisionId>, _>>()?;
    if !parents.is_sorted_by(|left, right| left < right) {
        return Err(malformed("parents out of order"));
    }
    if seq == 0 || i64::try_from(seq).is_err() || i64::try_from(clock.millis).is_err() {
        return Err(malformed("sequence or clock out of range"));
    }
    let revision = Revision {
        id: RevisionId::of_line(line),
        record: record.parse()?,
        kind,
        office,
        parents,
        device,
        seq,
        clock,
        author,
        fields,
    };
    Ok((revision, parsed.unknown))
}

/// Splits a slot into its field and, for an element of a set or map, the element.
pub fn split_slot(slot: &str) -> (&str, Option<&str>) {
    match slot.split_once('/') {
        Some((field, element)) => (field, Some(element)),
        None => (slot, None),
    }
}

/// Puts slots together into fields: the elements of a set that hold become a sorted list of codes, the entries of a map a
/// map. Null slots vanish. A set is told from a map by its values: elements of a set are `true` or `false`.
pub fn assemble(slots: &Fields) -> Fields {
    let mut fields = Fields::new();
    for (slot, value) in slots {
        match split_slot(slot) {
            (_, None) if value.is_null() => {}
            (field, None) => {
                fields.insert(field.to_owned(), value.clone());
            }
            (_, Some(_)) if matches!(value, Value::Null | Value::Bool(false)) => {}
            (field, Some(element)) => match (value, fields.get_mut(field)) {
                (Value::Bool(true), None) => {
                    fields.insert(field.to_owned(), Value::List(vec![Value::text(element)]));
                }
                (Value::Bool(true), Some(Value::List(items))) => items.push(Value::text(element)),
                (entry, None) => {
                    fields.insert(field.to_owned(), Value::Map(BTreeMap::from([(element.to_owned(), entry.clone())])));
                }
                (entry, Some(Value::Map(entries))) => {
                    entries.insert(element.to_owned(), entry.clone());
                }
                (_, Some(_)) => {}
            },
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> RevisionDraft {
        RevisionDraft {
            record: "0190a6e4-0000-7000-8000-000000000001".parse().unwrap(),
            kind: "enterprise".into(),
            office: "640121".parse().unwrap(),
            parents: vec![RevisionId([7; 32]), RevisionId([3; 32])],
            device: "00112233445566ff".parse().unwrap(),
            seq: 4,
            clock: Hlc { millis: 1_616_000_000_000, counter: 2 },
            author: "张三".into(),
            fields: Fields::from([("name".into(), "宁夏甲口罩厂".into()), ("roles/producer".into(), true.into())]),
        }
    }

    #[test]
    fn a_line_reads_back_as_written() {
        let line = draft().to_line().unwrap();
        let read = Revision::from_line(line.as_bytes()).unwrap();
        assert_eq!(read.parents, vec![RevisionId([3; 32]), RevisionId([7; 32])]);
        assert_eq!(read.fields, draft().fields);
        assert_eq!(read.id, RevisionId::of_line(line.as_bytes()));
        assert_ne!(read.id, RevisionId::of_line(format!("{line} ").as_bytes()), "the id is of the exact bytes");
    }

    #[test]
    fn a_malformed_line_is_refused() {
        let line = draft().to_line().unwrap();
        for (from, to) in [
            ("\"seq\":4", "\"seq\":0"),
            ("\"seq\":4", "\"seq\":4.0"),
            ("\"fields\":{", "\"fields\":{\"name\":\"乙\","),
            ("640121", "64012"),
            ("{\"record\"", "{\"newer\":1.5,\"record\""),
            ("{\"record\"", "{\"newer\":1,\"newer\":2,\"record\""),
            ("{\"record\"", "{\"seq\":4,\"record\""),
            ("{\"record\"", "{\"newer\":{\"a\":1,\"a\":1},\"record\""),
        ] {
            let wrong = line.replace(from, to);
            assert_ne!(wrong, line);
            assert!(Revision::from_line(wrong.as_bytes()).is_err(), "{to}");
        }
    }

    #[test]
    fn unknown_keys_are_kept_in_the_bytes_up_to_a_bound() {
        let line = draft().to_line().unwrap();
        let with = |count: usize| {
            let keys: String = (0..count).map(|n| format!("\"later{n}\":{n},")).collect();
            line.replacen('{', &format!("{{{keys}"), 1)
        };
        let most = with(MAX_UNKNOWN_KEYS);
        let read = Revision::from_line(most.as_bytes()).unwrap();
        assert_eq!(read.id, RevisionId::of_line(most.as_bytes()));
        assert_eq!(read.fields, draft().fields);
        for count in [MAX_UNKNOWN_KEYS + 1, 40_000] {
            let refused = Revision::from_line(with(count).as_bytes()).unwrap_err();
            assert_eq!((refused.code.as_str(), refused.arg("limit")), ("line-keys-unknown", Some("64")));
        }
    }

    #[test]
    fn a_clock_beyond_the_year_9999_is_malformed() {
        let line = draft().to_line().unwrap();
        for (millis, taken) in [(LATEST_MILLIS, true), (LATEST_MILLIS + 1, false), (i64::MAX as u64, false)] {
            let line = line.replace("1616000000000", &millis.to_string());
            assert_eq!(Revision::from_line(line.as_bytes()).is_ok(), taken, "{millis}");
            assert!(Revision::from_kept_line(line.as_bytes()).is_ok(), "{millis}: what a book holds stays readable");
        }
    }

    #[test]
    fn slots_become_sets_and_maps() {
        let slots = Fields::from([
            ("roles/seller".into(), true.into()),
            ("roles/producer".into(), true.into()),
            ("roles/exporter".into(), false.into()),
            ("checklist/c1".into(), Value::Map(BTreeMap::from([("result".to_owned(), Value::text("pass"))]))),
            ("phone".into(), Value::Null),
        ]);
        assert_eq!(
            Value::Map(assemble(&slots)).to_json(),
            r#"{"checklist":{"c1":{"result":"pass"}},"roles":["producer","seller"]}"#
        );
    }
}
