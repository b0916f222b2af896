//! Writing a package. The revisions are asked for twice, once to measure and once to write, so that the signed manifest
//! can stand first and nothing unencrypted ever touches a disk. What was written is read back before it counts.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use disk::{Access, Unfinished, folder_of};
use domain::{DeviceId, OfficeCode, RecordId};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::invitation::JoinProof;
use crate::keys::{AgeIdentity, OfficeRecipients, SigningKey};
use crate::limits::{MAX_AGE_HEADER, MAX_ENTRY, MAX_LINE, MAX_PACKAGE, WINDOW_LOG};
use crate::manifest::{self, Counts, Direction, Entry, Manifest, Outline, Sender, Stream};
use crate::open::read_back;
use crate::payload::sealed_len;
use crate::receipt::{Hash32, Outcome, Receipt};
use crate::refusal::Refusal;
use crate::ustar::{self, EntryName};
use crate::{OnProgress, Progress, Stage};

/// Raw bytes of revisions in one entry, at most; well under what a receiver accepts.
const ENTRY_TARGET: u64 = 32 << 20;
/// Measured on 100,000 revisions: see `docs/FORMAT.md`.
const LEVEL: i32 = 9;
const PROGRESS_STEP: u64 = 1 << 20;

/// Where the revision lines come from. Asked twice; both times it must give the same lines. `E` is the source's own error.
pub trait RevisionSource<E = Refusal> {
    /// Hands over every line, without its line feed, ordered by device, record's office, sequence, id. Errors of
    /// `sink` are to be returned as they are.
    fn stream(&mut self, sink: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E>;
}

impl<E, F> RevisionSource<E> for F
where
    F: FnMut(&mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E>,
{
    fn stream(&mut self, sink: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self(sink)
    }
}

pub trait AttachmentSource<E = Refusal> {
    /// The content, or `None` where it is not held.
    fn open(&mut self, sha256: &Hash32) -> Result<Option<Box<dyn Read + '_>>, E>;
}

/// For packages without attachments.
pub struct NoAttachments;

impl<E> AttachmentSource<E> for NoAttachments {
    fn open(&mut self, _: &Hash32) -> Result<Option<Box<dyn Read + '_>>, E> {
        Ok(None)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttachmentRef {
    pub sha256: Hash32,
    pub size: u64,
}

/// A package to be sealed.
pub struct Outgoing<'a> {
    /// A fresh id.
    pub package: Uuid,
    /// Greater than that of every package this device sealed before.
    pub number: u64,
    /// Milliseconds since 1970.
    pub created: u64,
    pub direction: Direction,
    pub sender: Sender,
    pub recipient: OfficeCode,
    /// The receiving office's keys, its offline recovery key among them.
    pub recipients: &'a OfficeRecipients,
    /// The sender's own age identity: it stays able to read what it sent, and reads it back.
    pub own: &'a AgeIdentity,
    /// The device's signing key.
    pub key: &'a SigningKey,
    pub receipt: Receipt,
    pub outcomes: Vec<Outcome>,
    pub join: Option<JoinProof>,
    pub attachments: Vec<AttachmentRef>,
    /// Campaign files, each as one byte string.
    pub campaigns: &'a [Vec<u8>],
    /// The office of a device that wrote a revision.
    pub author: &'a dyn Fn(&DeviceId) -> Option<OfficeCode>,
}

/// What was written, after it was read back.
#[derive(Debug, Clone)]
pub struct Sealed {
    pub manifest: Manifest,
    /// SHA-256 of the whole file.
    pub package: Hash32,
    pub bytes: u64,
}

/// Seals a package at `path`, replacing a file of that name. A temporary file in the same folder is written, synced,
/// renamed and read back; on any error or cancel nothing is left at `path` that was not there before, except when
/// reading back failed: then the damaged file is removed.
///
/// # Errors
/// `cancelled`, `package-io`, `wrong-direction`, `signer-not-entitled`, `out-of-scope`, `author-unknown`,
/// `stream-wrong`, `line-malformed`, `line-too-long`, `source-changed`, `attachment-missing`, every limit, and any of
/// [`crate::open`] where reading back finds damage; and whatever the sources fail with, as it is
pub fn seal<E: From<Refusal>>(
    path: &Path,
    outgoing: Outgoing<'_>,
    revisions: &mut dyn RevisionSource<E>,
    attachments: &mut dyn AttachmentSource<E>,
    progress: &mut OnProgress<'_>,
) -> Result<Sealed, E> {
    let mut campaigns: Vec<(Hash32, &Vec<u8>)> = outgoing.campaigns.iter().map(|b| (Hash32::of(b), b)).collect();
    campaigns.sort();
    campaigns.dedup();
    let (key, own, recipients) = (outgoing.key, outgoing.own, outgoing.recipients);
    let manifest = measure(outgoing, &campaigns, revisions, progress)?;
    let bytes = manifest.to_bytes()?;
    let plain_len = manifest.plain_len(bytes.len() as u64);
    let most = sealed_len(plain_len) + MAX_AGE_HEADER;
    if most > MAX_PACKAGE {
        return Err(Refusal::PackageTooLarge { bytes: most, limit: MAX_PACKAGE }.into());
    }

    let mut file = Unfinished::begin(folder_of(path), Access::HandedOn).map_err(Refusal::from)?;
    {
        let wanted: [&dyn age::Recipient; 3] = [&recipients.office.0, &recipients.recovery.0, &own.recipient().0];
        let encryptor = age::Encryptor::with_recipients(wanted.into_iter())
            .map_err(|error| Refusal::Io(io::Error::other(error.to_string())))?;
        let mut buffered = BufWriter::with_capacity(256 << 10, file.file());
        let mut archive = Archive {
            out: encryptor.wrap_output(&mut buffered).map_err(Refusal::from)?,
            written: 0,
            reported: 0,
            total: plain_len,
            progress,
        };
        archive.file(manifest::NAME, &bytes)?;
        archive.file(manifest::SIGNATURE_NAME, key.sign(&bytes, manifest::KIND)?.as_bytes())?;
        archive.revisions(&manifest, revisions)?;
        archive.attachments(&manifest, attachments)?;
        for (hash, bytes) in &campaigns {
            archive.file(&EntryName::Campaign(*hash).to_string(), bytes)?;
        }
        archive.put(&[0; 2 * ustar::BLOCK as usize])?;
        archive.out.finish().map_err(Refusal::from)?;
        buffered.flush().map_err(Refusal::from)?;
    }
    file.finish(path, true).map_err(Refusal::from)?;
    let checked = File::open(path).map_err(Refusal::Io).and_then(|mut file| {
        // What the stick holds is to be read, not what the system remembers of writing it.
        disk::forget(&file);
        read_back(&mut file, own, &key.public(), &bytes, progress)
    });
    match checked {
        Ok((package, bytes)) => Ok(Sealed { manifest, package, bytes }),
        Err(refusal) => {
            let _ = std::fs::remove_file(path);
            Err(refusal.into())
        }
    }
}

/// The first pass: everything the manifest says.
fn measure<E: From<Refusal>>(
    outgoing: Outgoing<'_>,
    campaigns: &[(Hash32, &Vec<u8>)],
    revisions: &mut dyn RevisionSource<E>,
    progress: &mut OnProgress<'_>,
) -> Result<Manifest, E> {
    let mut entries = Vec::new();
    let mut streams: Vec<Stream> = Vec::new();
    let mut records = HashSet::new();
    let mut counts = Counts::default();
    let mut hash = Sha256::new();
    let mut packed = 0;
    let mut packer = Packer::new(|event: Packed<'_>| {
        match event {
            Packed::Begin => {}
            Packed::Bytes(bytes) => {
                hash.update(bytes);
                packed += bytes.len() as u64;
            }
            Packed::End { raw } => {
                let name = EntryName::Revisions(entries.len() as u32 + 1).to_string();
                entries.push(Entry { name, raw, packed, sha256: Hash32(hash.finalize_reset().into()) });
                packed = 0;
            }
        }
        Ok(())
    });
    let mut reported = 0;
    revisions.stream(&mut |line| {
        counts.revisions += 1;
        let key = LineKey::parse(line, counts.revisions)?;
        records.insert(*key.record.as_bytes());
        match streams.last_mut() {
            Some(stream)
                if stream.device == key.device
                    && stream.office == key.office
                    && (key.seq == stream.last || key.seq == stream.last + 1) =>
            {
                stream.last = key.seq;
            }
            _ => {
                let author = (outgoing.author)(&key.device)
                    .ok_or_else(|| Refusal::AuthorUnknown { device: key.device.to_string() })?;
                let LineKey { device, office, seq, .. } = key;
                streams.push(Stream { device, office, author, first: seq, last: seq });
            }
        }
        packer.line(line)?;
        if packer.total >= reported + PROGRESS_STEP {
            reported = packer.total;
            report(progress, Stage::Measuring, reported, 0)?;
        }
        Ok(())
    })?;
    packer.end()?;
    drop(packer);
    counts.records = records.len() as u64;

    let mut attachments = outgoing.attachments;
    attachments.sort_by_key(|attachment| attachment.sha256);
    attachments.dedup();
    counts.attachments = attachments.len() as u64;
    counts.campaigns = campaigns.len() as u64;
    for AttachmentRef { sha256, size } in attachments {
        entries.push(Entry { name: EntryName::Attachment(sha256).to_string(), raw: size, packed: size, sha256 });
    }
    for (sha256, bytes) in campaigns {
        let size = bytes.len() as u64;
        let name = EntryName::Campaign(*sha256).to_string();
        entries.push(Entry { name, raw: size, packed: size, sha256: *sha256 });
    }
    let outline = Outline {
        package: outgoing.package,
        number: outgoing.number,
        created: outgoing.created,
        direction: outgoing.direction,
        sender: outgoing.sender,
        recipient: outgoing.recipient,
        receipt: outgoing.receipt,
        outcomes: outgoing.outcomes,
        join: outgoing.join,
    };
    let manifest = Manifest::new(outline, streams, counts, entries);
    manifest.scope().check()?;
    for stream in &manifest.streams {
        manifest.scope().admit(&stream.office, &stream.author)?;
    }
    manifest.check()?;
    Ok(manifest)
}

fn report(progress: &mut OnProgress<'_>, stage: Stage, done: u64, total: u64) -> Result<(), Refusal> {
    match progress(Progress { stage, done, total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Refusal::Cancelled),
    }
}

/// What the first pass needs of a line; all of it is checked when the package is read back.
#[derive(Deserialize)]
struct LineKey {
    record: RecordId,
    office: OfficeCode,
    device: DeviceId,
    seq: u64,
}

impl LineKey {
    fn parse(line: &[u8], number: u64) -> Result<Self, Refusal> {
        let refuse = |notice| Refusal::Line { entry: "rev".into(), line: number, notice };
        if line.len() > MAX_LINE {
            let notice = domain::Notice::new("line-too-long").with("bytes", line.len()).with("limit", MAX_LINE);
            return Err(refuse(notice));
        }
        if line.contains(&b'\n') {
            return Err(refuse(domain::Notice::new("line-malformed").with("reason", "a line feed within the line")));
        }
        serde_json::from_slice(line)
            .map_err(|error| refuse(domain::Notice::new("line-malformed").with("reason", error)))
    }
}

enum Packed<'a> {
    Begin,
    Bytes(&'a [u8]),
    End { raw: u64 },
}

/// Cuts lines into entries and compresses them. Deterministic: the same lines give the same bytes.
struct Packer<S> {
    sink: S,
    encoder: Option<zstd::stream::write::Encoder<'static, Vec<u8>>>,
    raw: u64,
    total: u64,
}

impl<S: FnMut(Packed<'_>) -> Result<(), Refusal>> Packer<S> {
    fn new(sink: S) -> Self {
        Packer { sink, encoder: None, raw: 0, total: 0 }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let length = line.len() as u64 + 1;
        if self.raw + length > ENTRY_TARGET {
            self.end()?;
        }
        let mut encoder = match self.encoder.take() {
            Some(encoder) => encoder,
            None => {
                (self.sink)(Packed::Begin)?;
                let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
                encoder.window_log(WINDOW_LOG)?;
                encoder
            }
        };
        encoder.write_all(line)?;
        encoder.write_all(b"\n")?;
        self.raw += length;
        self.total += length;
        let ready = encoder.get_mut();
        if !ready.is_empty() {
            (self.sink)(Packed::Bytes(ready))?;
            ready.clear();
        }
        self.encoder = Some(encoder);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Refusal> {
        if let Some(encoder) = self.encoder.take() {
            let rest = encoder.finish()?;
            (self.sink)(Packed::Bytes(&rest))?;
            (self.sink)(Packed::End { raw: self.raw })?;
            self.raw = 0;
        }
        Ok(())
    }
}

/// The second pass: the archive, straight into the encryption.
struct Archive<'p, 'q, W: Write> {
    out: age::stream::StreamWriter<W>,
    written: u64,
    reported: u64,
    total: u64,
    progress: &'p mut OnProgress<'q>,
}

impl<W: Write> Archive<'_, '_, W> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.out.write_all(bytes)?;
        self.written += bytes.len() as u64;
        if self.written >= self.reported + PROGRESS_STEP {
            self.reported = self.written;
            report(self.progress, Stage::Writing, self.written, self.total)?;
        }
        Ok(())
    }

    fn pad(&mut self, size: u64) -> Result<(), Refusal> {
        self.put(&[0; ustar::BLOCK as usize][..ustar::padding(size) as usize])
    }

    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        self.put(&ustar::header(name, bytes.len() as u64)?)?;
        self.put(bytes)?;
        self.pad(bytes.len() as u64)
    }

    fn revisions<E: From<Refusal>>(
        &mut self,
        manifest: &Manifest,
        source: &mut dyn RevisionSource<E>,
    ) -> Result<(), E> {
        let mut coming = manifest.entries.iter().filter(|entry| entry.name.starts_with("rev/"));
        let mut current: Option<&Entry> = None;
        let mut copied = Copied::default();
        let mut packer = Packer::new(|event: Packed<'_>| match event {
            Packed::Begin => {
                let entry = coming.next().ok_or_else(|| Refusal::SourceChanged { name: "rev".into() })?;
                current = Some(entry);
                copied = Copied::default();
                self.put(&ustar::header(&entry.name, entry.packed)?)
            }
            Packed::Bytes(bytes) => {
                copied.take(bytes);
                current.map_or(Ok(()), |entry| copied.fits(entry))?;
                self.put(bytes)
            }
            Packed::End { .. } => {
                let Some(entry) = current else { return Ok(()) };
                copied.equals(entry)?;
                self.pad(entry.packed)
            }
        });
        source.stream(&mut |line| Ok(packer.line(line)?))?;
        packer.end()?;
        drop(packer);
        match coming.next() {
            None => Ok(()),
            Some(entry) => Err(Refusal::SourceChanged { name: entry.name.clone() }.into()),
        }
    }

    fn attachments<E: From<Refusal>>(
        &mut self,
        manifest: &Manifest,
        source: &mut dyn AttachmentSource<E>,
    ) -> Result<(), E> {
        let mut buf = vec![0; 128 << 10];
        for entry in manifest.entries.iter().filter(|entry| entry.name.starts_with("att/")) {
            let mut reader = source
                .open(&entry.sha256)?
                .ok_or_else(|| Refusal::AttachmentMissing { sha256: entry.sha256.to_string() })?;
            self.put(&ustar::header(&entry.name, entry.packed)?)?;
            let mut copied = Copied::default();
            loop {
                let read = match reader.read(&mut buf) {
                    Ok(0) => break,
                    Ok(read) => read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(Refusal::from(error).into()),
                };
                copied.take(&buf[..read]);
                copied.fits(entry)?;
                self.put(&buf[..read])?;
            }
            copied.equals(entry)?;
            self.pad(entry.packed)?;
        }
        Ok(())
    }
}

/// What was copied into an entry so far, against what the manifest promised.
#[derive(Default)]
struct Copied {
    hash: Sha256,
    bytes: u64,
}

impl Copied {
    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn fits(&self, entry: &Entry) -> Result<(), Refusal> {
        let fits = self.bytes <= entry.packed.min(MAX_ENTRY);
        if fits { Ok(()) } else { Err(Refusal::SourceChanged { name: entry.name.clone() }) }
    }

    fn equals(&self, entry: &Entry) -> Result<(), Refusal> {
        let same = self.bytes == entry.packed && Hash32(self.hash.clone().finalize().into()) == entry.sha256;
        if same { Ok(()) } else { Err(Refusal::SourceChanged { name: entry.name.clone() }) }
    }
}
