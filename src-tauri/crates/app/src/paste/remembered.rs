//! What a person said the columns of a table are, remembered by its headings: the roster that comes every month is put right once.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use store::{Reader, Writer};

use super::columns::Column;
use super::words::plain;
use crate::failure::Outcome;
use crate::session::meta;
use crate::stored::{stored, to_json};

/// Heading sets kept; of more, others go.
const MOST: usize = 200;

/// The field of a column, or that it is left out, where that is not what its heading says.
type Chosen = BTreeMap<u32, Option<String>>;

fn key(kind: &str, columns: &[Column]) -> String {
    let headings: Vec<String> = columns.iter().map(|column| plain(&column.heading)).collect();
    let digest = Sha256::digest(format!("{kind}\n{}", headings.join("\n")));
    hex::encode(&digest[..8])
}

fn all(reader: &Reader) -> Outcome<BTreeMap<String, Chosen>> {
    Ok(stored(reader.meta(meta::COLUMNS)?, meta::COLUMNS)?.unwrap_or_default())
}

/// What was said of a table headed so.
pub fn remembered(reader: &Reader, kind: &str, columns: &[Column]) -> Outcome<Chosen> {
    Ok(all(reader)?.remove(&key(kind, columns)).unwrap_or_default())
}

/// Keeps what was said, beside what was said before.
pub fn remember(writer: &mut Writer, kind: &str, columns: &[Column], said: &Chosen) -> Outcome<()> {
    if said.is_empty() {
        return Ok(());
    }
    let mut known = all(writer)?;
    let key = key(kind, columns);
    if known.len() >= MOST && !known.contains_key(&key) {
        known.pop_first();
    }
    known.entry(key).or_default().extend(said.clone());
    writer.set_meta(meta::COLUMNS, &to_json(&known))?;
    Ok(())
}
