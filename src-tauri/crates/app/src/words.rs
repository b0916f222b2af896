//! What a record says, in a person's words: values with their labels and units, the title of what it refers to. The page has
//! its own for what it lays out itself; these are for what is composed here: documents, timelines, files' names.

use domain::schema::{Field, FieldType, Kind, Schema};
use domain::{Record, RecordId, Value};
use store::Reader;

use crate::failure::Outcome;
use crate::messages::Language;
use crate::session::Reading;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 60;

/// One language's words for what is read through one reader.
pub(crate) struct Words<'a> {
    pub session: &'a Reading,
    pub reader: &'a Reader<'a>,
    pub language: Language,
}

impl<'a> Words<'a> {
    fn schema(&self) -> &'a Schema {
        self.session.library().schema()
    }

    pub fn pick<'b>(&self, zh: &'b str, en: &'b str) -> &'b str {
        match self.language {
            Language::Zh => zh,
            Language::En if en.is_empty() => zh,
            Language::En => en,
        }
    }

    pub fn kind(&self, id: &str) -> String {
        self.schema().kind(id).map_or(id, |kind| self.pick(&kind.zh, &kind.en)).to_owned()
    }

    pub fn label(&self, field: &Field) -> String {
        self.pick(&field.zh, &field.en).to_owned()
    }

    pub fn code(&self, vocabulary: &str, code: &str) -> String {
        self.schema().entry(vocabulary, code).map_or(code, |entry| self.pick(&entry.zh, &entry.en)).to_owned()
    }

    pub fn campaigns(&self, record: &Record) -> String {
        let title = |id: &String| match self.session.library().campaign(id) {
            Some(campaign) => self.pick(&campaign.title, &campaign.title_en).to_owned(),
            None => id.clone(),
        };
        self.joined(record.campaigns.iter().map(title))
    }

    pub fn joined(&self, words: impl Iterator<Item = String>) -> String {
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(self.pick("、", ", "))
    }

    /// The words of one field of a record; blank where nothing is recorded.
    pub fn value(&self, record: &Record, field: &Field) -> Outcome<String> {
        self.words_of(&field.ty, record.get(&field.name), record)
    }

    /// The words of a field by its name; blank where the schema does not know it.
    pub fn of(&self, record: &Record, name: &str) -> Outcome<String> {
        match self.schema().kind(&record.kind).and_then(|kind| kind.field(name)) {
            Some(field) => self.value(record, field),
            None => Ok(String::new()),
        }
    }

    fn words_of(&self, ty: &FieldType, value: &Value, record: &Record) -> Outcome<String> {
        let texts = || value.as_list().unwrap_or_default().iter().filter_map(Value::as_str);
        Ok(match (ty, value) {
            (_, Value::Null) => String::new(),
            (FieldType::Bool, Value::Bool(true)) => self.pick("是", "Yes").to_owned(),
            (FieldType::Bool, Value::Bool(false)) => self.pick("否", "No").to_owned(),
            (FieldType::Money, Value::Int(fen)) => {
                let (sign, fen) = (if *fen < 0 { "-" } else { "" }, fen.unsigned_abs());
                format!("{sign}{}.{:02}{}", fen / 100, fen % 100, self.pick("元", " yuan"))
            }
            (FieldType::Quantity, Value::Int(quantity)) => format!("{quantity}{}", self.unit(record)?),
            (FieldType::Code { of }, Value::Text(code)) => self.code(of, code),
            (FieldType::Set { of }, _) => self.joined(texts().map(|code| self.code(of, code))),
            (FieldType::Texts, _) => self.joined(texts().map(str::to_owned)),
            (FieldType::Ref { .. }, Value::Text(id)) => self.referred(id)?,
            (FieldType::Refs { .. }, _) => {
                let titles = texts().map(|id| self.referred(id)).collect::<Outcome<Vec<_>>>()?;
                self.joined(titles.into_iter())
            }
            (FieldType::Division, Value::Text(code)) => {
                self.session.library().divisions().full_name(code).unwrap_or_else(|| code.clone())
            }
            (FieldType::Objects { members }, Value::List(objects)) => {
                let mut lines = Vec::new();
                for object in objects.iter().filter_map(Value::as_map) {
                    let mut line = Vec::new();
                    for member in members {
                        let value = object.get(&member.name).unwrap_or(&Value::Null);
                        line.push(self.words_of(&member.ty, value, record)?);
                    }
                    lines.push(self.joined(line.into_iter()));
                }
                lines.join(self.pick("；", "; "))
            }
            (_, Value::Text(text)) => text.clone(),
            (_, Value::Int(number)) => number.to_string(),
            _ => String::new(),
        })
    }

    /// What quantities of a record are counted in: by its own category, or that of the record it follows.
    fn unit(&self, record: &Record) -> Outcome<String> {
        let own = |record: &Record| {
            let several = record.texts("categories");
            record.text("category").or(if several.len() == 1 { Some(several[0]) } else { None }).map(str::to_owned)
        };
        let follows = self.schema().kind(&record.kind).and_then(|kind| kind.follows.as_deref());
        let category = match (own(record), follows.and_then(|field| record.reference(field))) {
            (Some(category), _) => Some(category),
            (None, Some(leader)) => self.reader.record(leader)?.as_ref().and_then(own),
            (None, None) => None,
        };
        Ok(category.map(|category| self.schema().unit(&category).to_owned()).unwrap_or_default())
    }

    fn referred(&self, id: &str) -> Outcome<String> {
        let target = id.parse::<RecordId>().ok().map(|id| self.reader.record(id)).transpose()?.flatten();
        match target {
            Some(record) => title_of(self.session, self.reader, &record),
            None => Ok(id.to_owned()),
        }
    }
}

/// The words of the field that names a record of this kind; where that is a reference, the words of what it names.
pub(crate) fn title_of(session: &Reading, reader: &Reader, record: &Record) -> Outcome<String> {
    let Some(kind) = session.library().schema().kind(&record.kind) else { return Ok(record.id.to_string()) };
    let own = record.text(&kind.title).unwrap_or_default();
    let referred = match kind.field(&kind.title).map(|field| &field.ty) {
        Some(FieldType::Ref { .. }) => own.parse().ok().map(|id| reader.record(id)).transpose()?.flatten(),
        _ => None,
    };
    let words = match referred {
        Some(target) => {
            let name = session.library().schema().kind(&target.kind).and_then(|kind| target.text(&kind.title));
            name.unwrap_or_default().to_owned()
        }
        None => own.to_owned(),
    };
    Ok(titled(&words, day_of(kind, record), record.id))
}

/// What a record goes by whose naming field says `words`.
pub(crate) fn titled(words: &str, day: &str, id: RecordId) -> String {
    match (words.trim(), day) {
        ("", "") => id.to_string(),
        ("", day) => day.to_owned(),
        (words, _) => words.chars().take(LONGEST_TITLE).collect(),
    }
}

/// The day a record stands under on lists; blank where it has none.
pub(crate) fn day_of<'a>(kind: &Kind, record: &'a Record) -> &'a str {
    kind.date.as_deref().and_then(|date| record.text(date)).unwrap_or_default()
}
