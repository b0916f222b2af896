//! The signed table of contents of a package: who sends what to whom. Parsed strictly; keys it does not know are
//! ignored unless `requires` names them.

use domain::clock::LATEST_MILLIS;
use domain::{DeviceId, OfficeCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::invitation::JoinProof;
use crate::json;
use crate::keys::Signed;
use crate::limits::{MAX_ENTRIES, MAX_ENTRY, MAX_MANIFEST, MAX_PACKAGE};
use crate::receipt::{Hash32, Outcome, Receipt};
use crate::refusal::Refusal;
use crate::ustar::{self, EntryName};

pub const KIND: &str = "sweepbook-package";
pub const FORMAT: u32 = 1;
/// A later suite will name SM2, SM3 and SM4 here.
pub const SUITE: &str = "age-x25519+minisign-ed25519+sha256";

pub(crate) const NAME: &str = "manifest.json";
pub(crate) const SIGNATURE_NAME: &str = "manifest.json.minisig";

/// What a manifest is padded to, with spaces: the archive up to the end of the signature then fills whole chunks of the
/// age file, so that damage before and after it can be told apart and the signature is checked before all else.
pub(crate) const CHUNK: u64 = 65_536;
const AROUND: u64 = 3 * ustar::BLOCK;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    kind: String,
    format: u32,
    /// Names of features without which the package must not be read. Format 1 knows none.
    #[serde(default)]
    requires: Vec<String>,
    suite: String,
    /// The package's own id.
    pub package: Uuid,
    /// Of the packages sealed by this device: grows with each, so that the newest receipt is known without a clock.
    pub number: u64,
    /// Milliseconds since 1970 by the sender's clock; for people, never for decisions.
    pub created: u64,
    pub direction: Direction,
    pub sender: Sender,
    pub recipient: OfficeCode,
    /// Ascending by device, office, first; ranges of one stream do not overlap.
    pub streams: Vec<Stream>,
    pub receipt: Receipt,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<JoinProof>,
    pub counts: Counts,
    /// In the order in which they follow in the archive.
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    pub office: OfficeCode,
    /// The office's name, for people.
    pub name: String,
    pub device: DeviceId,
    /// The device's certificate by its office's root. Absent only while a second device asks to be admitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Signed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<Signed>,
}

/// A range of one stream, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    pub device: DeviceId,
    /// The office of the records.
    pub office: OfficeCode,
    /// The office the device belongs to.
    pub author: OfficeCode,
    pub first: u64,
    pub last: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub revisions: u64,
    /// Different records among the revisions.
    pub records: u64,
    pub attachments: u64,
    pub campaigns: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    /// Bytes after decompression; equal to `packed` where nothing is compressed.
    pub raw: u64,
    /// Bytes in the archive.
    pub packed: u64,
    /// Of the packed bytes.
    pub sha256: Hash32,
}

/// What the sealing side decides; the rest of the manifest follows from the content.
pub(crate) struct Outline {
    pub package: Uuid,
    pub number: u64,
    pub created: u64,
    pub direction: Direction,
    pub sender: Sender,
    pub recipient: OfficeCode,
    pub receipt: Receipt,
    pub outcomes: Vec<Outcome>,
    pub join: Option<JoinProof>,
}

impl Manifest {
    pub(crate) fn new(outline: Outline, streams: Vec<Stream>, counts: Counts, entries: Vec<Entry>) -> Self {
        Manifest {
            kind: KIND.into(),
            format: FORMAT,
            requires: Vec::new(),
            suite: SUITE.into(),
            package: outline.package,
            number: outline.number,
            created: outline.created,
            direction: outline.direction,
            sender: outline.sender,
            recipient: outline.recipient,
            streams,
            receipt: outline.receipt,
            outcomes: outline.outcomes,
            join: outline.join,
            counts,
            entries,
        }
    }

    /// The bytes that are signed, padding included.
    ///
    /// # Errors
    /// `manifest-too-large`
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Refusal> {
        let mut bytes = json::to_text(self)?.into_bytes();
        let padded = (bytes.len() as u64 + AROUND).next_multiple_of(CHUNK) - AROUND;
        if padded > MAX_MANIFEST {
            return Err(Refusal::ManifestTooLarge { bytes: bytes.len() as u64, limit: MAX_MANIFEST });
        }
        bytes.resize(padded as usize, b' ');
        Ok(bytes)
    }

    pub(crate) fn size_is_padded(size: u64) -> bool {
        (size + AROUND).is_multiple_of(CHUNK)
    }

    /// # Errors
    /// `duplicate-key`, `newer-format`, `manifest-malformed`
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = |reason: String| Refusal::ManifestMalformed { reason };
        let text = std::str::from_utf8(bytes).map_err(|error| malformed(error.to_string()))?;
        let head = json::head(text)?;
        if head.kind != KIND {
            return Err(malformed(format!("kind {:?}", head.kind)));
        }
        if head.format != i64::from(FORMAT) {
            return Err(Refusal::NewerFormat { found: head.format.to_string() });
        }
        if let Some(feature) = head.requires.first() {
            return Err(Refusal::NewerFormat { found: feature.clone() });
        }
        let manifest: Manifest = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if manifest.suite != SUITE {
            return Err(Refusal::NewerFormat { found: manifest.suite });
        }
        Ok(manifest)
    }

    /// The archive's length in bytes, end mark included.
    pub(crate) fn plain_len(&self, manifest_size: u64) -> u64 {
        let entries: u64 = self.entries.iter().map(|entry| ustar::span(entry.packed)).sum();
        manifest_size + AROUND + entries + 2 * ustar::BLOCK
    }

    /// What can be wrong with a manifest by itself: limits, names and their order, counts, streams.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.created > LATEST_MILLIS {
            return Err(Refusal::ManifestMalformed { reason: "created is beyond the year 9999".into() });
        }
        let listed = self.entries.len() as u64;
        if listed > MAX_ENTRIES {
            return Err(Refusal::TooManyEntries { entries: listed, limit: MAX_ENTRIES });
        }
        let mut previous = None;
        let (mut revisions, mut attachments, mut campaigns, mut packed) = (0, 0, 0, 0);
        for entry in &self.entries {
            let name = || entry.name.clone();
            if ustar::is_path_like(&entry.name) {
                return Err(Refusal::PathLikeName { name: name() });
            }
            let parsed = EntryName::parse(&entry.name).ok_or_else(|| Refusal::EntryExtra { name: name() })?;
            if previous >= Some(parsed) {
                return Err(Refusal::EntryOutOfOrder { name: name() });
            }
            previous = Some(parsed);
            let largest = entry.raw.max(entry.packed);
            if largest > MAX_ENTRY {
                return Err(Refusal::EntryTooLarge { name: name(), bytes: largest, limit: MAX_ENTRY });
            }
            packed += entry.packed;
            match parsed {
                EntryName::Revisions(number) => {
                    revisions += 1;
                    if number != revisions {
                        return Err(Refusal::EntryMissing { name: EntryName::Revisions(revisions).to_string() });
                    }
                }
                EntryName::Attachment(hash) | EntryName::Campaign(hash) => {
                    if hash != entry.sha256 || entry.raw != entry.packed {
                        return Err(Refusal::EntryHashWrong { name: name() });
                    }
                    match parsed {
                        EntryName::Attachment(_) => attachments += 1,
                        _ => campaigns += 1,
                    }
                }
            }
        }
        // Campaigns come from above: what an office below calls one must not reach its region, nor through it the others.
        if self.direction == Direction::Up && campaigns > 0 {
            return Err(Refusal::CampaignUpward { sender: self.sender.office.clone() });
        }
        if packed > MAX_PACKAGE {
            return Err(Refusal::PackageTooLarge { bytes: packed, limit: MAX_PACKAGE });
        }
        for (what, found, expected) in
            [("attachments", attachments, self.counts.attachments), ("campaigns", campaigns, self.counts.campaigns)]
        {
            if found != expected {
                return Err(Refusal::CountsWrong { what, found, expected });
            }
        }
        self.check_streams()
    }

    fn check_streams(&self) -> Result<(), Refusal> {
        let mut previous: Option<&Stream> = None;
        for stream in &self.streams {
            let ascends = previous.is_none_or(|before| {
                (&before.device, &before.office, before.last) < (&stream.device, &stream.office, stream.first)
            });
            let ranged = 0 < stream.first && stream.first <= stream.last && i64::try_from(stream.last).is_ok();
            if !ascends || !ranged {
                return Err(stream.wrong(stream.first));
            }
            previous = Some(stream);
        }
        Ok(())
    }
}

impl Stream {
    pub(crate) fn wrong(&self, sequence: u64) -> Refusal {
        Refusal::StreamWrong { device: self.device.to_string(), office: self.office.clone(), sequence }
    }
}
