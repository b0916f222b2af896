//! What a book holds of each stream, as it tells the office it exchanges with; and the hash type used for it.

use std::fmt;
use std::str::FromStr;

use domain::{DeviceId, OfficeCode, RevisionId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

/// A SHA-256, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

impl Hash32 {
    pub fn of(bytes: &[u8]) -> Self {
        Hash32(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        RevisionId(self.0).fmt(f)
    }
}

impl fmt::Debug for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash32 {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text.parse::<RevisionId>() {
            Ok(id) => Ok(Hash32(id.0)),
            Err(_) => Err(Refusal::ManifestMalformed { reason: "a hash is 64 lower-case hexadecimal digits".into() }),
        }
    }
}

impl Serialize for Hash32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One stream as the sender of a receipt holds it: everything up to and including `last`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub device: DeviceId,
    /// The office of the records, as in the stream's key.
    pub office: OfficeCode,
    pub last: u64,
    /// The running hash after the last revision with sequence `last`.
    pub hash: Hash32,
}

/// A complete statement: a stream that is not named is not held. The newest receipt wins, and it may say less than the
/// one before (a restored backup holds less).
pub type Receipt = Vec<Held>;

/// 处理结果: what became of one record, where it is anything but plainly accepted, which the receipt says already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub record: domain::RecordId,
    pub outcome: OutcomeKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    Accepted,
    Conflicting,
    Duplicate,
    Returned,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_have_one_spelling() {
        let text = Hash32::of(b"abc").to_string();
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(text.parse::<Hash32>().unwrap(), Hash32::of(b"abc"));
        assert!(text.to_uppercase().parse::<Hash32>().is_err());
        assert!(text[1..].parse::<Hash32>().is_err());
    }
}
