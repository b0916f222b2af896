//! What a field can hold: JSON without floating point and without duplicate keys.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A field's value. Money is integer fen, quantities are integers in the category's unit: there is no floating point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

/// Why a text is no value.
#[derive(Debug)]
pub enum ValueError {
    /// A key stands twice in one object.
    DuplicateKey { key: String },
    /// No JSON, or JSON that is not accepted.
    Malformed(serde_json::Error),
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueError::DuplicateKey { key } => write!(f, "duplicate key {key:?}"),
            ValueError::Malformed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ValueError {}

/// Fields by name; in a revision, slots by name (see [`crate::revision`]).
pub type Fields = BTreeMap<String, Value>;

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Compact JSON with sorted keys: equal values have equal text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Strict JSON: no floats, no duplicate keys, integers within 64 bits.
    pub fn from_json(text: &str) -> Result<Self, ValueError> {
        let twice = RefCell::new(None);
        let mut source = serde_json::Deserializer::from_str(text);
        let read = Strict { twice: &twice }.deserialize(&mut source).and_then(|value| source.end().map(|()| value));
        read.map_err(|error| match twice.take() {
            Some(key) => ValueError::DuplicateKey { key },
            None => ValueError::Malformed(error),
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Bool(flag)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(entries) => serializer.collect_map(entries),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Strict { twice: &RefCell::new(None) }.deserialize(deserializer)
    }
}

/// Reads a value, and notes the key that stands twice: an error of the parser itself can only carry words.
#[derive(Clone, Copy)]
struct Strict<'a> {
    twice: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value without floating point")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Int).map_err(|_| E::custom("integer beyond 64 bits"))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("floating point is not accepted; use whole fen, pieces or days"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(self)?;
            if entries.contains_key(&key) {
                let error = de::Error::custom(format!("duplicate key {key:?}"));
                self.twice.replace(Some(key));
                return Err(error);
            }
            entries.insert(key, value);
        }
        Ok(Value::Map(entries))
    }
}

/// For `#[serde(deserialize_with = "…")]` on a [`Fields`] member: serde's own maps let the last duplicate win.
pub fn strict_fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Map(fields) => Ok(fields),
        _ => Err(de::Error::custom("an object is expected")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_and_duplicate_keys_are_refused() {
        assert!(Value::from_json("1.0").is_err());
        assert!(Value::from_json("1e3").is_err());
        assert!(Value::from_json(r#"{"a":1,"a":2}"#).is_err());
        assert!(Value::from_json(r#"[{"a":{"b":1,"b":1}}]"#).is_err());
        assert!(Value::from_json("18446744073709551615").is_err());
    }

    #[test]
    fn a_key_that_stands_twice_is_told_from_everything_else() {
        for text in [r#"{"a":1,"a":2}"#, r#"[{"b":{"a":1,"a":1}}]"#] {
            assert!(matches!(Value::from_json(text), Err(ValueError::DuplicateKey { key }) if key == "a"), "{text}");
        }
        for text in [r#"{"duplicate key ":1.5}"#, r#"{"a":1} {"#, "[", r#"{"a":"duplicate key \"a\"",}"#] {
            assert!(matches!(Value::from_json(text), Err(ValueError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn equal_values_have_equal_text() {
        let left = Value::from_json(r#"{ "b": [1, "二"], "a": null }"#).unwrap();
        let right = Value::from_json(r#"{"a":null,"b":[1,"\u4e8c"]}"#).unwrap();
        assert_eq!(left.to_json(), right.to_json());
        assert_eq!(left.to_json(), r#"{"a":null,"b":[1,"二"]}"#);
    }
}
