//! Strict JSON for what is signed: no duplicate keys, no floating point; kind and format are read before anything else.

use domain::Value;
use domain::value::ValueError;
use serde::Serialize;

use crate::refusal::Refusal;

/// What every signed text begins with, whatever its version.
pub(crate) struct Head {
    pub kind: String,
    pub format: i64,
    pub requires: Vec<String>,
}

/// # Errors
/// `duplicate-key`, `manifest-malformed`
pub(crate) fn head(text: &str) -> Result<Head, Refusal> {
    let value = Value::from_json(text).map_err(|error| match &error {
        ValueError::DuplicateKey { .. } => Refusal::DuplicateKey { reason: error.to_string() },
        ValueError::Malformed(reason) => Refusal::ManifestMalformed { reason: reason.to_string() },
    })?;
    let malformed = |what: &str| Refusal::ManifestMalformed { reason: format!("{what} is missing or not of its type") };
    let map = value.as_map().ok_or_else(|| malformed("the object"))?;
    let kind = map.get("kind").and_then(Value::as_str).ok_or_else(|| malformed("kind"))?.to_owned();
    let format = map.get("format").and_then(Value::as_int).ok_or_else(|| malformed("format"))?;
    let requires = match map.get("requires") {
        None => Vec::new(),
        Some(list) => list
            .as_list()
            .and_then(|list| list.iter().map(|item| item.as_str().map(str::to_owned)).collect())
            .ok_or_else(|| malformed("requires"))?,
    };
    Ok(Head { kind, format, requires })
}

pub(crate) fn to_text<T: Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|error| Refusal::ManifestMalformed { reason: error.to_string() })
}
