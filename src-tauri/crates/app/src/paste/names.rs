//! What cells name: records by their code or name, divisions by name or code. All texts of a block are looked for at once, by
//! one pass over each kind they may name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::schema::{Field, FieldType, Schema};
use domain::{Fields, Notice, OfficeCode, RecordId, Value};
use store::Reader;

use super::read::Names;
use super::words::plain;
use crate::failure::{Failure, Outcome};

/// Of so many texts that name nothing, those that are near are looked for.
const MOST_NEAR: usize = 200;
/// Names shown beside a text that names nothing.
const NEAREST: usize = 3;

/// Records a person wants made of names the book does not have.
#[derive(Debug, Clone, Default)]
pub struct Make {
    pub kind: String,
    /// As the cells have them.
    pub texts: Vec<String>,
    /// What each of them holds beside its name.
    pub fields: Fields,
}

/// What a text that names no one record could mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    pub field: String,
    pub text: String,
    pub rows: u32,
    /// How many records go by it; 0 where none does.
    pub several: usize,
    pub near: Vec<String>,
    /// It can be the name of a new record.
    pub makeable: bool,
}

/// A record that would be made of a name.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: RecordId,
    pub kind: String,
    pub name: String,
    pub fields: Fields,
}

/// The texts of a block and what they name.
pub struct Index<'a> {
    /// By kind and text as it is compared.
    found: HashMap<String, HashMap<String, Vec<RecordId>>>,
    near: HashMap<String, Vec<String>>,
    made: HashMap<(String, String), Made>,
    meant: &'a BTreeMap<String, BTreeMap<String, String>>,
    divisions: &'a HashMap<String, Option<String>>,
}

impl<'a> Index<'a> {
    /// `texts` by the kind they may name.
    pub fn of(
        reader: &Reader,
        schema: &Schema,
        texts: &BTreeMap<String, BTreeSet<String>>,
        meant: &'a BTreeMap<String, BTreeMap<String, String>>,
        divisions: &'a HashMap<String, Option<String>>,
    ) -> Outcome<Self> {
        let mut index = Index { found: HashMap::new(), near: HashMap::new(), made: HashMap::new(), meant, divisions };
        for (kind_id, texts) in texts {
            let Some(kind) = schema.kind(kind_id) else { continue };
            let named =
                kind.field(&kind.title).is_some_and(|field| matches!(field.ty, FieldType::Text | FieldType::LongText));
            let code = kind.fields.iter().find(|field| field.ty == FieldType::Uscc).map(|field| field.name.as_str());
            let by: Vec<&str> = named.then_some(kind.title.as_str()).into_iter().chain(code).collect();
            let wanted: BTreeMap<String, &String> = texts.iter().map(|text| (plain(text), text)).collect();
            let mut found: HashMap<String, Vec<RecordId>> = HashMap::new();
            reader.pass_over::<Failure>(kind_id, &by, |id, _, said| {
                for text in said.iter().flatten().map(|text| plain(text)).filter(|text| wanted.contains_key(text)) {
                    let known = found.entry(text).or_default();
                    // What was joined counts as what it was joined to.
                    let one = reader.root_of(id)?;
                    if !known.contains(&one) {
                        known.push(one);
                    }
                }
                Ok(())
            })?;
            if code.is_some() {
                for (_, text) in wanted.iter().filter(|(text, _)| !found.contains_key(*text)).take(MOST_NEAR) {
                    let mut near = Vec::new();
                    for similar in reader.similar(text, "", None, NEAREST)? {
                        let title = reader.record(similar.record)?;
                        near.extend(title.and_then(|record| Some(short(record.text(&kind.title)?))));
                    }
                    index.near.insert((*text).clone(), near);
                }
            }
            index.found.insert(kind_id.clone(), found);
        }
        Ok(index)
    }

    /// Prepares the records to be made of texts that name nothing.
    pub fn make(&mut self, reader: &Reader, schema: &Schema, office: &OfficeCode, makes: &[Make]) -> Outcome<()> {
        for make in makes {
            let Some(kind) = schema.kind(&make.kind) else {
                return Err(Notice::new("kind-unknown").with("value", &make.kind).into());
            };
            for text in &make.texts {
                let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let key = (make.kind.clone(), plain(&name));
                if self.exact(&make.kind, text) > 0 || self.made.contains_key(&key) {
                    continue;
                }
                let mut fields = make.fields.clone();
                fields.retain(|_, value| !value.is_null());
                fields.insert(kind.title.clone(), Value::text(&name));
                let id = fresh(reader, office, &format!("paste\n{}\n{}", make.kind, key.1))?;
                self.made.insert(key, Made { id, kind: make.kind.clone(), name, fields });
            }
        }
        Ok(())
    }

    pub fn made(&self) -> impl Iterator<Item = &Made> {
        self.made.values()
    }

    fn exact(&self, kind: &str, text: &str) -> usize {
        self.found.get(kind).and_then(|found| found.get(&plain(text))).map_or(0, Vec::len)
    }

    /// What a text that names no one record could mean; `None` where it names one.
    pub fn unmatched(&self, field: &Field, to: &str, text: &str) -> Option<Unmatched> {
        let several = self.exact(to, text);
        (several != 1).then(|| Unmatched {
            field: field.name.clone(),
            text: text.to_owned(),
            rows: 0,
            several,
            near: self.near.get(text).cloned().unwrap_or_default(),
            // A credit code is nobody's name.
            makeable: several == 0 && !(text.is_ascii() && domain::uscc::normalise(text).len() >= 15),
        })
    }
}

/// The id of a record derived from what it is made of, that nothing goes by yet: what was voided is not taken up again.
fn fresh(reader: &Reader, office: &OfficeCode, said: &str) -> Outcome<RecordId> {
    let mut occurrence = 1;
    loop {
        let id = RecordId::derived(office, said, occurrence);
        if reader.record(id)?.is_none() {
            return Ok(id);
        }
        occurrence += 1;
    }
}

fn short(title: &str) -> String {
    title.chars().take(40).collect()
}

impl Names for Index<'_> {
    fn record(&self, field: &Field, to: &str, text: &str) -> Result<Value, Notice> {
        if let Some(id) = self.meant.get(&field.name).and_then(|meant| meant.get(text)) {
            return Ok(Value::text(id));
        }
        let key = plain(text);
        let found = self.found.get(to).and_then(|found| found.get(&key)).map_or(&[][..], Vec::as_slice);
        if let [one] = found {
            return Ok(Value::text(one.to_string()));
        }
        if let Some(made) = self.made.get(&(to.to_owned(), key)) {
            return Ok(Value::text(made.id.to_string()));
        }
        let quoted: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
        let about = Notice::new(match (found.len(), self.near.get(text).is_some_and(|near| !near.is_empty())) {
            (0, false) => "paste-unknown",
            (0, true) => "paste-unknown-near",
            _ => "paste-ambiguous",
        });
        let about = about.with("field", &field.name).with("zh", &field.zh).with("en", &field.en).with("value", quoted);
        let near = self.near.get(text).map(|near| near.join("、")).unwrap_or_default();
        Err(about.with("near", near).with("count", found.len()))
    }

    fn division(&self, text: &str) -> Option<String> {
        self.divisions.get(&plain(text)).cloned().flatten()
    }
}
