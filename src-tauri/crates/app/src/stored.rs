//! What the book keeps as JSON.

use domain::Notice;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Outcome;

pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What was kept as JSON. What cannot be read again is damage, never something that was not there.
pub(crate) fn stored<T: DeserializeOwned>(text: Option<String>, what: &str) -> Outcome<Option<T>> {
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|_| Notice::new("book-damaged").with("detail", what).into())
}
