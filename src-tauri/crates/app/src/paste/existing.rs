//! Which record that stands a row is about: by what identifies it, in the order the schema names it (`matched_by`): a credit
//! code, a number, a name with its division. And what the row says of it that is otherwise there.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::schema::{FieldType, Kind};
use domain::spelling::compared;
use domain::{Fields, OfficeCode, Record, RecordId, Value};
use store::Reader;

use crate::failure::{Failure, Outcome};

/// The name by which `matched_by` says that a number is one office's own.
const OFFICE: &str = "office";

/// Fields that together say which record it is.
#[derive(Debug, Clone)]
struct Key {
    /// Must be the same.
    firm: Vec<String>,
    /// Must not contradict: a blank one may be anything.
    loose: Vec<String>,
    /// Within the office that records.
    in_office: bool,
}

/// A record that goes by some of the block's keys.
#[derive(Debug, Clone)]
struct Candidate {
    id: RecordId,
    office: OfficeCode,
    /// Compared, by field.
    said: HashMap<String, String>,
}

/// What stands under the keys of a block's rows.
pub struct ExistingRecords {
    keys: Vec<Key>,
    office: OfficeCode,
    /// By key and its firm fields.
    known: Vec<HashMap<String, Vec<Candidate>>>,
}

/// Which record a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// None that stands.
    New,
    One(RecordId),
    /// More than one goes by it.
    Several(usize),
}

/// What a row says of a record, by field, where that is otherwise: the value there, and that of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub old: Value,
    pub new: Value,
}

fn keys_of(kind: &Kind) -> Vec<Key> {
    let key = |names: &Vec<String>| {
        let firm_at = |(at, name): &(usize, &String)| *at == 0 || kind.field(name).is_some_and(|field| field.required);
        let fields = names.iter().filter(|name| *name != OFFICE).enumerate();
        let (firm, loose): (Vec<_>, Vec<_>) = fields.partition(|pair| firm_at(pair));
        let names_of = |pairs: Vec<(usize, &String)>| pairs.into_iter().map(|(_, name)| name.clone()).collect();
        Key { firm: names_of(firm), loose: names_of(loose), in_office: names.iter().any(|name| name == OFFICE) }
    };
    kind.matched_by.iter().map(key).collect()
}

/// A value as keys compare it; `None` where it says nothing.
fn key_text(value: Option<&Value>) -> Option<String> {
    value?.as_str().map(compared).filter(|text| !text.is_empty())
}

fn joined(fields: &[String], of: impl Fn(&String) -> Option<String>) -> Option<String> {
    let all: Option<Vec<String>> = fields.iter().map(of).collect();
    all.map(|all| all.join("\u{1f}"))
}

impl ExistingRecords {
    /// Everything that goes by a key of one of these rows, found in one pass.
    pub fn of<'r>(
        reader: &Reader,
        kind: &Kind,
        office: &OfficeCode,
        rows: impl Iterator<Item = &'r Fields>,
    ) -> Outcome<Self> {
        let keys = keys_of(kind);
        let mut wanted: Vec<HashSet<String>> = vec![HashSet::new(); keys.len()];
        for fields in rows {
            for (key, wanted) in keys.iter().zip(&mut wanted) {
                wanted.extend(joined(&key.firm, |name| key_text(fields.get(name))));
            }
        }
        let mut known = vec![HashMap::new(); keys.len()];
        let names: BTreeSet<&str> =
            keys.iter().flat_map(|key| key.firm.iter().chain(&key.loose)).map(String::as_str).collect();
        let names: Vec<&str> = names.into_iter().collect();
        if wanted.iter().any(|wanted| !wanted.is_empty()) {
            let is_reference =
                |name: &str| kind.field(name).is_some_and(|field| matches!(field.ty, FieldType::Ref { .. }));
            reader.pass_over::<Failure>(&kind.id, &names, |id, owner, texts| {
                let mut said = HashMap::new();
                for (name, text) in names.iter().zip(texts) {
                    let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { continue };
                    let text = match is_reference(name) {
                        true => reader.root_of(text.parse()?)?.to_string(),
                        false => text.to_owned(),
                    };
                    said.insert((*name).to_owned(), compared(&text));
                }
                for ((key, wanted), known) in keys.iter().zip(&wanted).zip(&mut known) {
                    let text = joined(&key.firm, |name| said.get(name).cloned());
                    if let Some(text) = text.filter(|text| wanted.contains(text)) {
                        let candidate = Candidate { id, office: owner.clone(), said: said.clone() };
                        known.entry(text).or_insert_with(Vec::new).push(candidate);
                    }
                }
                Ok(())
            })?;
        }
        Ok(ExistingRecords { keys, office: office.clone(), known })
    }

    /// The record a row is about. Where nothing that stands goes by any of its keys, later rows find it as `new`.
    pub fn about(&self, reader: &Reader, fields: &Fields) -> Outcome<About> {
        let said = |name: &String| key_text(fields.get(name));
        for (at, key) in self.keys.iter().enumerate() {
            let Some(text) = joined(&key.firm, said) else { continue };
            let candidates = self.known[at].get(&text).map_or(&[][..], Vec::as_slice);
            let contradicts = |candidate: &Candidate, name: &String| matches!((said(name), candidate.said.get(name)), (Some(own), Some(other)) if own != *other);
            // Another credit code is another firm, whatever it is called.
            let surer = self.keys[..at].iter().filter_map(|key| key.firm.first());
            let telling: Vec<&String> = surer.chain(&key.loose).collect();
            let fits = |candidate: &&Candidate| {
                let here = !key.in_office || candidate.office == self.office;
                here && !telling.iter().any(|name| contradicts(candidate, name))
            };
            let fitting: Vec<&Candidate> = candidates.iter().filter(fits).collect();
            let exactly =
                |candidate: &&&Candidate| key.loose.iter().all(|name| said(name).as_ref() == candidate.said.get(name));
            let mut ids = roots(reader, fitting.iter().copied())?;
            if ids.len() > 1 {
                let exact = roots(reader, fitting.iter().filter(exactly).copied())?;
                if !exact.is_empty() {
                    ids = exact;
                }
            }
            match ids.len() {
                0 => {}
                1 => return Ok(About::One(*ids.iter().next().expect("there is one"))),
                several => return Ok(About::Several(several)),
            }
        }
        Ok(About::New)
    }

    /// Makes a new record known to the rows after it.
    pub fn add(&mut self, id: RecordId, fields: &Fields) {
        let names: BTreeSet<&String> = self.keys.iter().flat_map(|key| key.firm.iter().chain(&key.loose)).collect();
        let said: HashMap<String, String> =
            names.into_iter().filter_map(|name| Some((name.clone(), key_text(fields.get(name))?))).collect();
        for (key, known) in self.keys.iter().zip(&mut self.known) {
            if let Some(text) = joined(&key.firm, |name| said.get(name).cloned()) {
                let candidate = Candidate { id, office: self.office.clone(), said: said.clone() };
                known.entry(text).or_default().push(candidate);
            }
        }
    }
}

fn roots<'c>(reader: &Reader, candidates: impl Iterator<Item = &'c Candidate>) -> Outcome<BTreeSet<RecordId>> {
    candidates.map(|candidate| Ok(reader.root_of(candidate.id)?)).collect()
}

/// Whether two values of a field say the same, however they are spelt.
pub fn says_the_same(reader: &Reader, kind: &Kind, field: &str, left: &Value, right: &Value) -> Outcome<bool> {
    let ty = kind.field(field).map(|field| &field.ty);
    Ok(match (ty, left, right) {
        (Some(FieldType::Ref { .. }), Value::Text(left), Value::Text(right)) => {
            left == right || reader.root_of(left.parse()?)? == reader.root_of(right.parse()?)?
        }
        (Some(FieldType::Text | FieldType::LongText | FieldType::Uscc), Value::Text(left), Value::Text(right)) => {
            compared(left) == compared(right)
        }
        (Some(FieldType::Texts), Value::List(left), Value::List(right)) => {
            let texts =
                |list: &[Value]| -> BTreeSet<String> { list.iter().filter_map(Value::as_str).map(compared).collect() };
            texts(left) == texts(right)
        }
        _ => left == right,
    })
}

/// What a row's own cells say of a record that is otherwise there. A blank cell says nothing.
pub fn changes(reader: &Reader, kind: &Kind, own: &Fields, record: &Record) -> Outcome<Vec<Change>> {
    let mut changes = Vec::new();
    for (field, new) in own.iter().filter(|(_, value)| !value.is_null()) {
        let old = record.get(field);
        if !says_the_same(reader, kind, field, old, new)? {
            changes.push(Change { field: field.clone(), old: old.clone(), new: new.clone() });
        }
    }
    Ok(changes)
}
