//! How an office joins: the upper office's signed invitation, and the proof with which the invited one answers.
//!
//! An invitation is a plain ustar archive (`invitation.json`, its `.minisig`, `campaign/<sha256>` …) that the public
//! `tar` and `minisign` tools open. It carries a one-time secret: whoever holds it may *ask* to join, and a person
//! confirms.

use domain::OfficeCode;
use domain::clock::LATEST_MILLIS;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::json;
use crate::keys::{OfficeKeys, OfficeRecipients, PublicKey};
use crate::limits::{MAX_ENTRY, MAX_MANIFEST, MAX_SIGNATURE};
use crate::receipt::Hash32;
use crate::refusal::Refusal;
use crate::ustar::{self, Block, EntryName};
use crate::words::Fingerprint;

pub const KIND: &str = "sweepbook-invitation";
const NAME: &str = "invitation.json";
const SIGNATURE_NAME: &str = "invitation.json.minisig";

/// 32 random bytes, as 64 hexadecimal digits in text. Shown by `Debug` only as its presence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Hash32);

impl Secret {
    pub fn generate() -> Result<Self, Refusal> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| Refusal::RandomnessUnavailable)?;
        Ok(Secret(Hash32(bytes)))
    }

    pub fn to_text(&self) -> String {
        self.0.to_string()
    }

    /// # Errors
    /// `key-malformed`
    pub fn from_text(text: &str) -> Result<Self, Refusal> {
        text.parse().map(Secret).map_err(|_| Refusal::KeyMalformed)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whom an invitation admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An office below, with its first device.
    Office,
    /// Another device of the inviting office itself.
    Device,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub office: OfficeCode,
    pub name: String,
}

/// What an invitation says. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    kind: String,
    format: u32,
    #[serde(default)]
    requires: Vec<String>,
    pub id: Uuid,
    pub purpose: Purpose,
    pub inviter: Party,
    /// The inviting office's root: what the invited book pins.
    pub root: PublicKey,
    pub recipients: OfficeRecipients,
    pub invited: Party,
    pub secret: Secret,
    pub created: u64,
    pub expires: u64,
    campaigns: Vec<Bundle>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Bundle {
    sha256: Hash32,
    size: u64,
}

/// An invitation to be written.
#[derive(Debug, Clone)]
pub struct NewInvitation<'a> {
    pub id: Uuid,
    pub purpose: Purpose,
    pub inviter: Party,
    pub invited: Party,
    pub secret: Secret,
    pub created: u64,
    pub expires: u64,
    /// Campaign files, each as one byte string.
    pub campaigns: &'a [Vec<u8>],
}

/// A verified invitation with its campaign files.
#[derive(Debug, Clone)]
pub struct Invited {
    pub invitation: Invitation,
    pub campaigns: Vec<Vec<u8>>,
}

impl Invited {
    /// What the inviting office reads out so that the invited one knows the invitation is genuine.
    pub fn fingerprint(&self) -> Fingerprint {
        self.invitation.root.fingerprint()
    }
}

/// The bytes of the invitation file.
///
/// # Errors
/// `wrong-direction` if the invited office is not below the inviter (for a device: not the same), `entry-too-large`,
/// `manifest-too-large`
pub fn write(new: &NewInvitation<'_>, keys: &OfficeKeys) -> Result<Vec<u8>, Refusal> {
    check_parties(new.purpose, &new.inviter, &new.invited)?;
    let mut campaigns: Vec<&Vec<u8>> = new.campaigns.iter().collect();
    campaigns.sort_by_cached_key(|bytes| Hash32::of(bytes));
    campaigns.dedup();
    for bytes in &campaigns {
        let (name, bytes) = (EntryName::Campaign(Hash32::of(bytes)).to_string(), bytes.len() as u64);
        if bytes > MAX_ENTRY {
            return Err(Refusal::EntryTooLarge { name, bytes, limit: MAX_ENTRY });
        }
    }
    let invitation = Invitation {
        kind: KIND.into(),
        format: 1,
        requires: Vec::new(),
        id: new.id,
        purpose: new.purpose,
        inviter: new.inviter.clone(),
        root: keys.root.public(),
        recipients: keys.recipients(),
        invited: new.invited.clone(),
        secret: new.secret.clone(),
        created: new.created,
        expires: new.expires,
        campaigns: campaigns.iter().map(|b| Bundle { sha256: Hash32::of(b), size: b.len() as u64 }).collect(),
    };
    let signed = keys.root.sign_value(&invitation, KIND)?;
    if signed.text.len() as u64 > MAX_MANIFEST {
        return Err(Refusal::ManifestTooLarge { bytes: signed.text.len() as u64, limit: MAX_MANIFEST });
    }
    let mut file = Vec::new();
    append(&mut file, NAME, signed.text.as_bytes())?;
    append(&mut file, SIGNATURE_NAME, signed.signature.as_bytes())?;
    for bytes in campaigns {
        append(&mut file, &EntryName::Campaign(Hash32::of(bytes)).to_string(), bytes)?;
    }
    file.resize(file.len() + 2 * ustar::BLOCK as usize, 0);
    Ok(file)
}

fn append(file: &mut Vec<u8>, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
    file.extend(ustar::header(name, bytes.len() as u64)?);
    file.extend(bytes);
    file.resize(file.len() + ustar::padding(bytes.len() as u64) as usize, 0);
    Ok(())
}

fn check_parties(purpose: Purpose, inviter: &Party, invited: &Party) -> Result<(), Refusal> {
    let fits = match purpose {
        Purpose::Office => inviter.office != invited.office && inviter.office.covers(&invited.office),
        Purpose::Device => inviter.office == invited.office,
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::WrongDirection { sender: inviter.office.clone(), recipient: invited.office.clone() })
    }
}

/// Reads an invitation file. The root it pins is the one that must have signed it: whether that root is the right one,
/// two people settle by its fingerprint.
///
/// # Errors
/// `not-an-invitation`, `newer-format`, `duplicate-key`, `invitation-broken` (anything cut off, added or changed),
/// `signature-malformed`, `legacy-signature`, `signature-wrong`, `invitation-expired` or `clock-ahead` (`now` in
/// milliseconds since 1970), `wrong-direction`
pub fn open(file: &[u8], now: u64) -> Result<Invited, Refusal> {
    let mut rest = file;
    let (name, text) = take(&mut rest).map_err(|_| Refusal::NotAnInvitation)?.ok_or(Refusal::NotAnInvitation)?;
    if name != NAME || text.len() as u64 > MAX_MANIFEST {
        return Err(Refusal::NotAnInvitation);
    }
    let text = std::str::from_utf8(text).map_err(broken)?;
    let head = json::head(text).map_err(|refusal| match refusal {
        Refusal::ManifestMalformed { reason } => Refusal::InvitationBroken { reason },
        other => other,
    })?;
    if head.kind != KIND {
        return Err(Refusal::NotAnInvitation);
    }
    if head.format != 1 {
        return Err(Refusal::NewerFormat { found: head.format.to_string() });
    }
    if let Some(feature) = head.requires.first() {
        return Err(Refusal::NewerFormat { found: feature.clone() });
    }
    let invitation: Invitation = serde_json::from_str(text).map_err(broken)?;
    let (name, signature) = take(&mut rest)?.ok_or_else(|| broken("the signature is missing"))?;
    if name != SIGNATURE_NAME || signature.len() as u64 > MAX_SIGNATURE {
        return Err(broken("the signature is missing"));
    }
    let signature = std::str::from_utf8(signature).map_err(|_| Refusal::SignatureMalformed)?;
    invitation.root.verify(text.as_bytes(), signature).map_err(|refusal| {
        refusal.unwrap_or_else(|| Refusal::SignatureWrong { office: invitation.inviter.office.clone() })
    })?;
    if invitation.created.max(invitation.expires) > LATEST_MILLIS {
        return Err(broken("a time is beyond the year 9999"));
    }
    check_parties(invitation.purpose, &invitation.inviter, &invitation.invited)?;
    let mut campaigns = Vec::new();
    for bundle in &invitation.campaigns {
        let (name, bytes) = take(&mut rest)?.ok_or_else(|| broken("a campaign file is missing"))?;
        let expected = EntryName::Campaign(bundle.sha256).to_string();
        if name != expected || bytes.len() as u64 != bundle.size || Hash32::of(bytes) != bundle.sha256 {
            return Err(broken(format!("{name} is not {expected}")));
        }
        campaigns.push(bytes.to_vec());
    }
    if take(&mut rest)?.is_some() || rest.len() as u64 != ustar::BLOCK || rest.iter().any(|byte| *byte != 0) {
        return Err(broken("something follows the last entry"));
    }
    if invitation.expires <= now {
        return Err(Refusal::expired(invitation.expires, now));
    }
    Ok(Invited { invitation, campaigns })
}

fn broken(reason: impl ToString) -> Refusal {
    Refusal::InvitationBroken { reason: reason.to_string() }
}

/// The next entry, or `None` at the end mark.
fn take<'a>(rest: &mut &'a [u8]) -> Result<Option<(String, &'a [u8])>, Refusal> {
    let (block, after) = rest.split_first_chunk::<512>().ok_or_else(|| broken("the file ends too early"))?;
    match ustar::parse(block).map_err(broken)? {
        Block::Zero => {
            *rest = after;
            Ok(None)
        }
        Block::Entry { name, size } => {
            let span = ustar::span(size) - ustar::BLOCK;
            if span > after.len() as u64 {
                return Err(broken("the file ends too early"));
            }
            let (content, next) = after.split_at(span as usize);
            let (bytes, padding) = content.split_at(size as usize);
            if padding.iter().any(|byte| *byte != 0) {
                return Err(broken("padding is not zero"));
            }
            *rest = next;
            Ok(Some((name, bytes)))
        }
    }
}

/// Carried by the first package of an invited office or device: who asks, and that it holds the invitation's secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinProof {
    pub invitation: Uuid,
    pub device: PublicKey,
    /// The asking office's root; for a second device, the office's own.
    pub root: PublicKey,
    /// Where answers are to be encrypted to.
    pub recipients: OfficeRecipients,
    hmac: Hash32,
}

impl JoinProof {
    pub fn new(
        invitation: &Invitation,
        device: &PublicKey,
        root: &PublicKey,
        recipients: &OfficeRecipients,
    ) -> Result<Self, Refusal> {
        let mut proof = JoinProof {
            invitation: invitation.id,
            device: device.clone(),
            root: root.clone(),
            recipients: recipients.clone(),
            hmac: Hash32([0; 32]),
        };
        proof.hmac = Hash32(proof.mac(&invitation.invited.office, &invitation.secret).finalize().into_bytes().into());
        Ok(proof)
    }

    /// HMAC-SHA256 under the secret's 32 bytes, over lines that each end in a line feed.
    fn mac(&self, office: &OfficeCode, secret: &Secret) -> Hmac<Sha256> {
        let text = format!(
            "sweepbook-join-1\n{}\n{office}\n{}\n{}\n{}\n{}\n",
            self.invitation.as_hyphenated(),
            self.device.to_text(),
            self.root.to_text(),
            self.recipients.office.to_text(),
            self.recipients.recovery.to_text(),
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0.0).unwrap_or_else(|_| unreachable!("any length"));
        mac.update(text.as_bytes());
        mac
    }

    /// Compared in constant time.
    pub(crate) fn holds(&self, office: &OfficeCode, secret: &Secret) -> bool {
        self.mac(office, secret).verify_slice(&self.hmac.0).is_ok()
    }

    /// What both sides see on their screens before the clerk confirms: over device key and root.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&[&self.device.raw(), &self.root.raw()])
    }
}

/// What the inviting book remembers of an invitation it gave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingInvitation {
    pub id: Uuid,
    pub purpose: Purpose,
    /// The office invited.
    pub office: OfficeCode,
    pub secret: Secret,
    pub expires: u64,
}
