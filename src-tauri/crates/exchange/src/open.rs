//! Opening a package, in two passes over a seekable copy. [`open`] believes nothing: signature and sender first, then
//! every size, hash and line, keeping nothing. [`Verified::read`] goes through it again and hands the content over.

use std::io::{Read, Seek};

use domain::{DeviceId, OfficeCode, Revision};

use crate::invitation::{PendingInvitation, Purpose};
use crate::keys::{AgeIdentity, Certificate, OfficeRecipients, PublicKey, Roster};
use crate::limits::{MAX_MANIFEST, MAX_SIGNATURE};
use crate::lines::{Follow, Scope};
use crate::manifest::{self, Entry, Manifest};
use crate::payload::Payload;
use crate::receipt::Hash32;
use crate::refusal::Refusal;
use crate::ustar::{self, Block, EntryName};
use crate::words::Fingerprint;
use crate::{OnProgress, Stage};

/// What the receiving book knows. Answers come from the book; the time from whoever reads the clock.
pub trait Trust {
    /// The book's own office.
    fn office(&self) -> OfficeCode;
    /// The root of a known office: the upper one pinned by its invitation, those below that were confirmed, its own.
    fn root(&self, office: &OfficeCode) -> Option<PublicKey>;
    /// The newest roster accepted from an office.
    fn roster(&self, office: &OfficeCode) -> Option<Roster>;
    /// The office a device is known to belong to.
    fn device_office(&self, device: &DeviceId) -> Option<OfficeCode>;
    /// An invitation this book gave out, used or not: a second asker is shown beside the first.
    fn invitation(&self, id: &uuid::Uuid) -> Option<PendingInvitation>;
    /// Milliseconds since 1970; only for an invitation's expiry.
    fn now(&self) -> u64;
}

/// What [`open`] found out about a whole, well-formed package.
#[derive(Debug)]
pub enum Opened {
    Verified(Verified),
    /// From a sender not known yet, who holds the secret of an invitation of ours: waits for a person.
    Joining(Joining),
}

/// A package that was read to its end and found right.
#[derive(Debug, Clone)]
pub struct Verified {
    pub manifest: Manifest,
    /// The exact text that was signed, and the `.minisig` text: proof of authorship, to be kept.
    pub manifest_text: String,
    pub signature: String,
    /// SHA-256 of the whole encrypted file.
    pub package: Hash32,
    /// Bytes of the encrypted file.
    pub bytes: u64,
    pub device_key: PublicKey,
    /// The sender's roster, if it sent one that is its root's.
    pub roster: Option<Roster>,
    manifest_hash: Hash32,
}

/// An office or device that asks to join. Its content stays closed until its root (or device) is known to [`Trust`] and
/// the package is opened again.
#[derive(Debug, Clone)]
pub struct Joining {
    pub invitation: PendingInvitation,
    pub office: OfficeCode,
    pub name: String,
    pub device: DeviceId,
    pub device_key: PublicKey,
    pub root: PublicKey,
    pub recipients: OfficeRecipients,
    /// What the clerk compares with the asker's screen.
    pub fingerprint: Fingerprint,
    pub manifest: Manifest,
    pub package: Hash32,
}

/// A piece of content, in the order of the archive.
pub enum Item<'a> {
    /// One revision line without its line feed; [`open`] has checked that it reads as one.
    Line(&'a [u8]),
    /// The last read fails if the bytes are not those of the hash, so copy to a temporary name and rename after.
    Attachment {
        sha256: Hash32,
        size: u64,
        reader: &'a mut dyn Read,
    },
    Campaign(&'a [u8]),
}

/// Verifies a package completely and touches nothing. The reader must allow seeking, so copy it off the stick first.
///
/// # Errors
/// Any [`Refusal`] of the package kind; the table is in `docs/FORMAT.md`.
pub fn open<R: Read + Seek>(
    reader: &mut R,
    identities: &[AgeIdentity],
    trust: &dyn Trust,
    progress: &mut OnProgress<'_>,
) -> Result<Opened, Refusal> {
    let mut forward = |step| progress(step);
    let mut payload = Payload::begin(reader, identities, Stage::Checking, &mut forward)?;
    let front = Front::read(&mut payload)?;
    let manifest = Manifest::parse(&front.text)?;
    let standing = standing(&manifest, trust)?;
    standing.key.verify(&front.text, &front.signature).map_err(|refusal| {
        refusal.unwrap_or_else(|| Refusal::SignatureWrong { office: manifest.sender.office.clone() })
    })?;
    // From here on the manifest is the sender's word.
    if manifest.recipient != trust.office() {
        let recipient = manifest.recipient;
        let own = manifest.sender.office == trust.office();
        return Err(if own { Refusal::OwnPackage { recipient } } else { Refusal::WrongRecipient { recipient } });
    }
    check_scope(&manifest, trust)?;
    let package = check_content(&mut payload, &manifest, front.text.len() as u64)?;
    let bytes = payload.file_len();
    Ok(match standing.asks {
        None => Opened::Verified(Verified {
            manifest,
            package,
            bytes,
            device_key: standing.key,
            roster: standing.roster,
            manifest_hash: Hash32::of(&front.text),
            manifest_text: String::from_utf8_lossy(&front.text).into_owned(),
            signature: front.signature,
        }),
        Some((invitation, root, recipients, fingerprint)) => Opened::Joining(Joining {
            invitation,
            office: manifest.sender.office.clone(),
            name: manifest.sender.name.clone(),
            device: manifest.sender.device.clone(),
            device_key: standing.key,
            root,
            recipients,
            fingerprint,
            manifest,
            package,
        }),
    })
}

/// Reads back what was just written, with the sender's own identity: everything but who it is for.
pub(crate) fn read_back<R: Read + Seek>(
    reader: &mut R,
    own: &AgeIdentity,
    key: &PublicKey,
    written: &[u8],
    progress: &mut OnProgress<'_>,
) -> Result<(Hash32, u64), Refusal> {
    let mut forward = |step| progress(step);
    let mut payload = Payload::begin(reader, std::slice::from_ref(own), Stage::Checking, &mut forward)?;
    let front = Front::read(&mut payload)?;
    if front.text != written {
        return Err(Refusal::SourceChanged { name: manifest::NAME.into() });
    }
    let manifest = Manifest::parse(&front.text)?;
    key.verify(&front.text, &front.signature).map_err(|refusal| {
        refusal.unwrap_or_else(|| Refusal::SignatureWrong { office: manifest.sender.office.clone() })
    })?;
    let package = check_content(&mut payload, &manifest, front.text.len() as u64)?;
    Ok((package, payload.file_len()))
}

/// Manifest and signature as bytes: all that is read before anything is believed.
struct Front {
    text: Vec<u8>,
    signature: String,
}

impl Front {
    fn read(payload: &mut Payload<'_>) -> Result<Self, Refusal> {
        let size = match payload.block() {
            Ok(Block::Entry { name, size }) if name == manifest::NAME => size,
            Ok(Block::Entry { name, .. }) if name == manifest::SIGNATURE_NAME || EntryName::parse(&name).is_some() => {
                return Err(Refusal::EntryOutOfOrder { name });
            }
            Ok(_) | Err(Refusal::ArchiveMalformed { .. }) => return Err(Refusal::NotAPackage),
            Err(refusal) => return Err(refusal),
        };
        if size > MAX_MANIFEST {
            return Err(Refusal::ManifestTooLarge { bytes: size, limit: MAX_MANIFEST });
        }
        if !Manifest::size_is_padded(size) {
            return Err(Refusal::ManifestMalformed { reason: format!("{size} bytes do not fill whole chunks") });
        }
        payload.at_least(ustar::span(size) + 2 * ustar::BLOCK);
        let mut text = vec![0; size as usize];
        payload.exact(&mut text)?;
        payload.padding(manifest::NAME, size)?;
        let size = match payload.block()? {
            Block::Entry { name, size } if name == manifest::SIGNATURE_NAME => size,
            Block::Entry { .. } | Block::Zero => {
                return Err(Refusal::EntryMissing { name: manifest::SIGNATURE_NAME.into() });
            }
        };
        if size == 0 || size > MAX_SIGNATURE {
            return Err(Refusal::SignatureMalformed);
        }
        let mut signature = vec![0; size as usize];
        payload.exact(&mut signature)?;
        payload.padding(manifest::SIGNATURE_NAME, size)?;
        let signature = String::from_utf8(signature).map_err(|_| Refusal::SignatureMalformed)?;
        Ok(Front { text, signature })
    }
}

/// By which key the package must be signed, and whether its sender is known.
struct Standing {
    key: PublicKey,
    roster: Option<Roster>,
    asks: Option<(PendingInvitation, PublicKey, OfficeRecipients, Fingerprint)>,
}

fn standing(manifest: &Manifest, trust: &dyn Trust) -> Result<Standing, Refusal> {
    let office = &manifest.sender.office;
    let unknown = || Refusal::UnknownSender { office: office.clone(), device: manifest.sender.device.to_string() };
    let known = trust.root(office);
    if let (Some(root), Some(certificate)) = (&known, &manifest.sender.certificate) {
        let held = Certificate::open(certificate, office, root);
        // Another root than the one known, with a proof: the office was set up anew and asks again.
        if held.is_ok() || manifest.join.is_none() {
            let certificate = held?;
            if certificate.device != manifest.sender.device {
                return Err(Refusal::CertificateWrong { office: office.clone() });
            }
            let roster =
                manifest.sender.roster.as_ref().map(|roster| Roster::open(roster, office, root)).transpose()?;
            let newest = trust.roster(office).into_iter().chain(roster.clone()).max_by_key(|roster| roster.number);
            if newest.is_some_and(|newest| !newest.lists(&certificate.key)) {
                let device = certificate.device.to_string();
                return Err(Refusal::DeviceNotInRoster { office: office.clone(), device });
            }
            return Ok(Standing { key: certificate.key, roster, asks: None });
        }
    }
    // A second device that its office has let in: it learns of its certificate only when the office answers, which it never
    // does by package, so the roster speaks for it.
    if manifest.sender.certificate.is_none() {
        let listed = trust.roster(office).and_then(|roster| {
            roster.devices.into_iter().find(|entry| entry.device == manifest.sender.device).map(|entry| entry.key)
        });
        if let Some(key) = listed {
            return Ok(Standing { key, roster: None, asks: None });
        }
    }
    let proof = manifest.join.as_ref().ok_or_else(unknown)?;
    let wrong = || Refusal::JoinProofWrong { office: office.clone() };
    let invitation = trust
        .invitation(&proof.invitation)
        .ok_or_else(|| Refusal::InvitationUnknown { id: proof.invitation.to_string() })?;
    if invitation.office != *office
        || !proof.holds(office, &invitation.secret)
        || proof.device.device_id() != manifest.sender.device
    {
        return Err(wrong());
    }
    if invitation.expires <= trust.now() {
        return Err(Refusal::expired(invitation.expires, trust.now()));
    }
    match invitation.purpose {
        // Its root is new to us, but must at least have certified the device that asks.
        Purpose::Office => {
            let certificate = manifest.sender.certificate.as_ref().ok_or_else(wrong)?;
            if Certificate::open(certificate, office, &proof.root)?.key != proof.device {
                return Err(wrong());
            }
        }
        Purpose::Device => {
            if known.as_ref() != Some(&proof.root) {
                return Err(wrong());
            }
        }
    }
    let fingerprint = proof.fingerprint();
    let asks = Some((invitation, proof.root.clone(), proof.recipients.clone(), fingerprint));
    Ok(Standing { key: proof.device.clone(), roster: None, asks })
}

fn check_scope(manifest: &Manifest, trust: &dyn Trust) -> Result<(), Refusal> {
    let scope = manifest.scope();
    scope.check()?;
    for stream in &manifest.streams {
        scope.admit(&stream.office, &stream.author)?;
        // What we know of a device outweighs what the sender says of it.
        if let Some(author) = trust.device_office(&stream.device) {
            scope.admit(&stream.office, &author)?;
        }
    }
    Ok(())
}

impl Manifest {
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope { direction: self.direction, sender: &self.sender.office, recipient: &self.recipient }
    }
}

fn check_content(payload: &mut Payload<'_>, manifest: &Manifest, size: u64) -> Result<Hash32, Refusal> {
    manifest.check()?;
    payload.exactly(manifest.plain_len(size));
    let mut follow = Follow::new(manifest);
    let package = walk(payload, manifest, &mut |payload, entry, name| match name {
        EntryName::Revisions(_) => payload.entry(entry).lines(&mut |line, bytes| {
            let revision = Revision::from_line(bytes).map_err(|notice| Refusal::Line {
                entry: entry.name.clone(),
                line,
                notice,
            })?;
            follow.line(&revision)
        }),
        EntryName::Attachment(_) | EntryName::Campaign(_) => payload.entry(entry).finish(),
    })?;
    follow.finish()?;
    Ok(package)
}

/// Goes through the entries in the order the manifest gives. `on_entry` must consume exactly the entry.
fn walk<'r, E: From<Refusal>>(
    payload: &mut Payload<'r>,
    manifest: &Manifest,
    on_entry: &mut dyn FnMut(&mut Payload<'r>, &Entry, EntryName) -> Result<(), E>,
) -> Result<Hash32, E> {
    for (at, entry) in manifest.entries.iter().enumerate() {
        let (name, size) = match payload.block()? {
            Block::Entry { name, size } => (name, size),
            Block::Zero => return Err(Refusal::EntryMissing { name: entry.name.clone() }.into()),
        };
        if name != entry.name {
            return Err(misplaced(payload, manifest, at, name, size)?.into());
        }
        if size != entry.packed {
            let (found, expected) = (size, entry.packed);
            return Err(Refusal::EntrySizeWrong { name, found, expected }.into());
        }
        let Some(parsed) = EntryName::parse(&name) else { return Err(Refusal::EntryExtra { name }.into()) };
        on_entry(payload, entry, parsed)?;
    }
    match payload.block()? {
        Block::Zero => Ok(payload.end()?),
        Block::Entry { name, .. } => Err(Refusal::EntryExtra { name }.into()),
    }
}

/// Another entry stands where `entries[at]` should: one too many, or `entries[at]` comes later, or not at all.
fn misplaced(
    payload: &mut Payload<'_>,
    manifest: &Manifest,
    at: usize,
    name: String,
    size: u64,
) -> Result<Refusal, Refusal> {
    if !manifest.entries[at..].iter().any(|entry| entry.name == name) {
        return Ok(Refusal::EntryExtra { name });
    }
    let expected = &manifest.entries[at].name;
    let mut size = size;
    loop {
        payload.skip(ustar::span(size) - ustar::BLOCK)?;
        match payload.block()? {
            Block::Zero => return Ok(Refusal::EntryMissing { name: expected.clone() }),
            Block::Entry { name: later, .. } if later == *expected => return Ok(Refusal::EntryOutOfOrder { name }),
            Block::Entry { size: next, .. } => size = next,
        }
    }
}

impl Verified {
    /// Goes through the package again, every hash checked again, and hands over its content. Lines of an entry are
    /// handed over before the entry's hash is known to be right again: commit only after this returned `Ok`.
    ///
    /// # Errors
    /// Those of `sink`; `source-changed` if this is not the package that was verified; those of [`open`]
    pub fn read<R: Read + Seek, E: From<Refusal>>(
        &self,
        reader: &mut R,
        identities: &[AgeIdentity],
        progress: &mut OnProgress<'_>,
        sink: &mut dyn FnMut(Item<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut forward = |step| progress(step);
        let mut payload = Payload::begin(reader, identities, Stage::Reading, &mut forward)?;
        let front = Front::read(&mut payload)?;
        let changed = |name: &str| Refusal::SourceChanged { name: name.to_owned() };
        if Hash32::of(&front.text) != self.manifest_hash {
            return Err(changed(manifest::NAME).into());
        }
        payload.exactly(self.manifest.plain_len(front.text.len() as u64));
        let package = walk(&mut payload, &self.manifest, &mut |payload, entry, name| match name {
            EntryName::Revisions(_) => payload.entry(entry).lines(&mut |_, line| sink(Item::Line(line))),
            EntryName::Attachment(sha256) => {
                let mut reader = payload.entry(entry);
                let outcome = sink(Item::Attachment { sha256, size: entry.raw, reader: &mut reader });
                reader.finish()?;
                outcome
            }
            EntryName::Campaign(_) => {
                let mut bytes = Vec::with_capacity(entry.raw as usize);
                let mut reader = payload.entry(entry);
                let read = reader.read_to_end(&mut bytes);
                reader.finish()?;
                read.map_err(Refusal::Io)?;
                sink(Item::Campaign(&bytes))
            }
        })?;
        if package != self.package {
            return Err(changed("*.sweep").into());
        }
        Ok(())
    }
}
