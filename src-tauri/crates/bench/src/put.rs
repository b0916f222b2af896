//! A record's fields, put in one by one.

use domain::{Fields, RecordId, Value};

pub struct Put<'f> {
    pub fields: &'f mut Fields,
}

impl Put<'_> {
    pub fn text(&mut self, field: &str, text: impl Into<String>) {
        self.fields.insert(field.to_owned(), Value::Text(text.into()));
    }

    pub fn number(&mut self, field: &str, number: u64) {
        self.fields.insert(field.to_owned(), Value::Int(number as i64));
    }

    pub fn reference(&mut self, field: &str, id: RecordId) {
        self.text(field, id.to_string());
    }
}
