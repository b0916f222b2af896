//! What was sealed, as a value: everything that was printed, the words, the people, the reasons, the definitions by which it was
//! counted, and the cut. It is kept and sent as one compressed frame, named by the hash of its bytes.

use std::collections::BTreeMap;
use std::io::Read;

use campaign::Bundle;
use domain::cut::Cut;
use domain::{Date, Notice, OfficeCode, RecordId, Value};
use forms::FilledForm;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::failure::Outcome;

/// The form of a snapshot this program writes and reads.
const FORMAT: u32 = 1;

/// The most a snapshot may say, in bytes of its JSON (64 MiB).
pub const MOST_BYTES: u64 = 64 << 20;

/// zstd: measured on the shipped tables, a higher one takes longer and saves nothing.
const LEVEL: i32 = 9;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub format: u32,
    /// The version of the program that sealed it.
    pub program: String,
    pub filing: RecordId,
    pub campaign: String,
    pub report: String,
    pub title: String,
    pub office: OfficeCode,
    pub office_name: String,
    pub due: Date,
    /// `HH:MM` in China, where the document names an hour.
    pub time: Option<String>,
    pub as_of: Date,
    /// Milliseconds since 1970, by the clock of whoever sealed it.
    pub sealed_at: u64,
    pub filler: String,
    pub phone: String,
    pub reviewer: String,
    pub approver: String,
    pub zero: bool,
    pub late_reason: String,
    pub clock_reason: String,
    pub corrects: Vec<RecordId>,
    pub correction: String,
    /// The filing whose figures 本期 sets out from.
    pub previous: Option<RecordId>,
    /// Exactly as printed, but for the marks of what is in doubt.
    pub forms: Vec<FilledForm>,
    pub sections: Vec<SealedSection>,
    /// The figures that the sections quote, by id, up to the cut-off.
    pub figures: BTreeMap<String, i64>,
    /// What the letter is headed with, whom it goes to and who can be asked; none where the report is its tables alone.
    pub letter: Option<SealedLetter>,
    pub checks: Vec<SealedCheck>,
    pub doubts: Vec<SealedDoubt>,
    /// The campaign file with its field sets and vocabularies.
    pub definitions: Bundle,
    /// What the offices were called whose records the book held, by code.
    pub offices: BTreeMap<String, String>,
    pub cut: Cut,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedSection {
    pub id: String,
    pub title: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedLetter {
    pub title: String,
    pub addressee: String,
    pub contact: String,
}

/// Something that did not hold, and why it was sent all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedCheck {
    pub form: String,
    pub id: String,
    pub error: bool,
    /// What was found, in Chinese.
    pub found: String,
    pub reason: String,
}

/// A printed cell that rested on something nobody had decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedDoubt {
    pub form: String,
    pub row: String,
    pub column: String,
    pub reason: String,
}

/// A snapshot as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub sha256: [u8; 32],
    pub bytes: Vec<u8>,
}

impl Snapshot {
    pub(crate) fn format() -> u32 {
        FORMAT
    }

    /// Compact JSON with sorted keys: equal snapshots have equal bytes.
    ///
    /// # Errors
    /// `snapshot-too-large`
    pub fn to_canonical(&self) -> Outcome<String> {
        let text = serde_json::to_string(self).map_err(|error| malformed(&error))?;
        let text = Value::from_json(&text).map_err(|error| malformed(&error))?.to_json();
        if text.len() as u64 > MOST_BYTES {
            return Err(Notice::new("snapshot-too-large").with("bytes", text.len()).with("limit", MOST_BYTES).into());
        }
        Ok(text)
    }

    /// # Errors
    /// `snapshot-too-large`
    pub fn to_bytes(&self) -> Outcome<Sealed> {
        let bytes = zstd::bulk::compress(self.to_canonical()?.as_bytes(), LEVEL)?;
        Ok(Sealed { sha256: Sha256::digest(&bytes).into(), bytes })
    }

    /// Reads what was kept. No other spelling of a snapshot is one.
    ///
    /// # Errors
    /// `snapshot-malformed`, `snapshot-newer`
    pub fn from_bytes(bytes: &[u8]) -> Outcome<Self> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let mut text = String::new();
        let decoder = zstd::stream::read::Decoder::new(bytes).map_err(|error| malformed(&error))?;
        decoder.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|error| malformed(&error))?;
        if text.len() as u64 > MOST_BYTES {
            return Err(malformed(&"longer than it may be").into());
        }
        let head: Head = serde_json::from_str(&text).map_err(|error| malformed(&error))?;
        if head.format > FORMAT {
            return Err(Notice::new("snapshot-newer").with("found", head.format).with("known", FORMAT).into());
        }
        let snapshot: Snapshot = serde_json::from_str(&text).map_err(|error| malformed(&error))?;
        if snapshot.to_canonical()? != text || !snapshot.cut.is_ordered() {
            return Err(malformed(&"not in canonical form").into());
        }
        Ok(snapshot)
    }
}

fn malformed(reason: &dyn std::fmt::Display) -> Notice {
    Notice::new("snapshot-malformed").with("reason", reason)
}
