//! The keys of an office and of a device, their text forms, and what an office's root signs: device certificates and
//! the roster. A book stores the texts as they are; nothing here reads or writes files.

use std::fmt;

use age::secrecy::ExposeSecret;
use domain::{DeviceId, OfficeCode};
use minisign::{KeyPair, PublicKeyBox, SecretKeyBox, SignatureBox};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::json;
use crate::refusal::Refusal;
use crate::words::Fingerprint;

/// An Ed25519 secret key: an office's root, or a device's own. Never printed by `Debug`.
#[derive(Clone)]
pub struct SigningKey(minisign::SecretKey);

impl SigningKey {
    pub fn generate() -> Result<Self, Refusal> {
        KeyPair::generate_unencrypted_keypair()
            .map(|pair| SigningKey(pair.sk))
            .map_err(|_| Refusal::RandomnessUnavailable)
    }

    /// One line of base64: the minisign secret key, unencrypted. The book that stores it is what protects it.
    pub fn to_text(&self) -> String {
        let boxed = self.0.to_box(None).map(|key| key.to_string()).unwrap_or_default();
        boxed.lines().nth(1).unwrap_or_default().to_owned()
    }

    /// # Errors
    /// `key-malformed` unless the text is exactly what [`SigningKey::to_text`] gave, checksum included.
    pub fn from_text(text: &str) -> Result<Self, Refusal> {
        SecretKeyBox::from(format!("untrusted comment: \n{}\n", text.trim()))
            .into_unencrypted_secret_key()
            .map(SigningKey)
            .map_err(|_| Refusal::KeyMalformed)
    }

    pub fn public(&self) -> PublicKey {
        // Only fails for a secret key that does not hold its public half; both constructors rule that out.
        minisign::PublicKey::from_secret_key(&self.0).map(PublicKey).unwrap_or_else(|_| unreachable!())
    }

    /// A prehashed minisign signature as the text of a `.minisig` file, at most [`crate::limits::MAX_SIGNATURE`] bytes
    /// and always of the same length for the same comment.
    pub fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, Refusal> {
        minisign::sign(None, &self.0, bytes, Some(comment), Some("sweepbook"))
            .map(|signature| signature.into_string())
            .map_err(|_| Refusal::RandomnessUnavailable)
    }

    /// Signs a value as the JSON text it is written as.
    pub fn sign_value<T: Serialize>(&self, value: &T, comment: &str) -> Result<Signed, Refusal> {
        let text = json::to_text(value)?;
        let signature = self.sign(text.as_bytes(), comment)?;
        Ok(Signed { text, signature })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().device_id())
    }
}

/// The public half, in text the base64 line of a minisign public key (56 characters).
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(minisign::PublicKey);

impl PublicKey {
    pub fn to_text(&self) -> String {
        self.0.to_base64()
    }

    /// # Errors
    /// `key-malformed`
    pub fn from_text(text: &str) -> Result<Self, Refusal> {
        let key = minisign::PublicKey::from_base64(text).map_err(|_| Refusal::KeyMalformed)?;
        // One key has one spelling, and no algorithm but Ed25519.
        if key.to_base64() != text || !key.to_bytes().starts_with(b"Ed") {
            return Err(Refusal::KeyMalformed);
        }
        Ok(PublicKey(key))
    }

    /// The text of a `.pub` file for the public minisign tool.
    pub fn to_minisign_file(&self) -> String {
        self.0.to_box().map(PublicKeyBox::into_string).unwrap_or_default()
    }

    /// The 32 bytes of the Ed25519 key itself.
    pub fn raw(&self) -> [u8; 32] {
        let mut raw = [0; 32];
        raw.copy_from_slice(&self.0.to_bytes()[10..]);
        raw
    }

    /// The first 8 bytes of SHA-256 of the 32-byte key, in hexadecimal.
    pub fn device_id(&self) -> DeviceId {
        let hash = Sha256::digest(self.raw());
        hex::encode(&hash[..8]).parse().unwrap_or_else(|_| unreachable!("16 hexadecimal digits"))
    }

    /// What two people read to each other to be sure of this key.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&[&self.raw()])
    }

    /// Verifies a `.minisig` text over exactly these bytes.
    ///
    /// # Errors
    /// `signature-malformed`, `legacy-signature` (not prehashed), or `Err(None)` for a well-formed signature that does
    /// not hold; the caller knows whose it should have been.
    pub(crate) fn verify(&self, bytes: &[u8], signature: &str) -> Result<(), Option<Refusal>> {
        let lines: Vec<&str> = signature.split('\n').collect();
        // One signature has one spelling, the comment that is not signed included.
        let ["untrusted comment: sweepbook", first, comment, second, ""] = lines[..] else {
            return Err(Some(Refusal::SignatureMalformed));
        };
        // The library trusts these lengths.
        if first.len() != 100 || second.len() != 88 || !signature.is_ascii() || comment.len() > 256 {
            return Err(Some(Refusal::SignatureMalformed));
        }
        let signature = SignatureBox::from_string(signature).map_err(|_| Some(Refusal::SignatureMalformed))?;
        if !signature.is_prehashed() {
            return Err(Some(Refusal::LegacySignature));
        }
        minisign::verify(&self.0, &signature, std::io::Cursor::new(bytes), true, false, false).map_err(|_| None)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.to_text())
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PublicKey::from_text(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// An X25519 secret that opens packages; in text `AGE-SECRET-KEY-1…`, which the public `age` tool accepts.
#[derive(Clone)]
pub struct AgeIdentity(pub(crate) age::x25519::Identity);

impl AgeIdentity {
    pub fn generate() -> Self {
        AgeIdentity(age::x25519::Identity::generate())
    }

    pub fn to_text(&self) -> String {
        self.0.to_string().expose_secret().to_owned()
    }

    /// # Errors
    /// `key-malformed`
    pub fn from_text(text: &str) -> Result<Self, Refusal> {
        text.trim().parse().map(AgeIdentity).map_err(|_| Refusal::KeyMalformed)
    }

    pub fn recipient(&self) -> AgeRecipient {
        AgeRecipient(self.0.to_public())
    }
}

impl fmt::Debug for AgeIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgeIdentity({})", self.recipient().to_text())
    }
}

/// The public half, in text `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct AgeRecipient(pub(crate) age::x25519::Recipient);

impl AgeRecipient {
    pub fn to_text(&self) -> String {
        self.0.to_string()
    }

    /// # Errors
    /// `key-malformed`
    pub fn from_text(text: &str) -> Result<Self, Refusal> {
        let recipient: age::x25519::Recipient = text.parse().map_err(|_| Refusal::KeyMalformed)?;
        if recipient.to_string() != text {
            return Err(Refusal::KeyMalformed);
        }
        Ok(AgeRecipient(recipient))
    }
}

impl fmt::Debug for AgeRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Serialize for AgeRecipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for AgeRecipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AgeRecipient::from_text(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The two keys that every package to an office is encrypted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeRecipients {
    pub office: AgeRecipient,
    pub recovery: AgeRecipient,
}

/// What an office's book holds of its own keys.
#[derive(Debug, Clone)]
pub struct OfficeKeys {
    pub root: SigningKey,
    pub age: AgeIdentity,
    /// The secret half stands only on the recovery sheet.
    pub recovery: AgeRecipient,
}

impl OfficeKeys {
    /// New keys, and the recovery secret to be printed and then forgotten.
    pub fn generate() -> Result<(Self, AgeIdentity), Refusal> {
        let recovery = AgeIdentity::generate();
        let keys =
            OfficeKeys { root: SigningKey::generate()?, age: AgeIdentity::generate(), recovery: recovery.recipient() };
        Ok((keys, recovery))
    }

    pub fn recipients(&self) -> OfficeRecipients {
        OfficeRecipients { office: self.age.recipient(), recovery: self.recovery.clone() }
    }

    pub fn certify(&self, office: &OfficeCode, device: &PublicKey) -> Result<Signed, Refusal> {
        let certificate = Certificate {
            kind: Certificate::KIND.into(),
            format: 1,
            requires: Vec::new(),
            office: office.clone(),
            device: device.device_id(),
            key: device.clone(),
        };
        self.root.sign_value(&certificate, Certificate::KIND)
    }

    /// `number` must be greater than that of every roster signed before.
    pub fn sign_roster(&self, office: &OfficeCode, number: u64, devices: &[PublicKey]) -> Result<Signed, Refusal> {
        let devices = devices.iter().map(|key| RosterDevice { device: key.device_id(), key: key.clone() }).collect();
        let roster = Roster {
            kind: Roster::KIND.into(),
            format: 1,
            requires: Vec::new(),
            office: office.clone(),
            number,
            devices,
        };
        self.root.sign_value(&roster, Roster::KIND)
    }
}

/// A JSON text and the minisign signature over exactly its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub text: String,
    pub signature: String,
}

impl Signed {
    /// `None` where the signature does not hold or the text is not of this kind and format.
    fn open<T: DeserializeOwned>(&self, signer: &PublicKey, kind: &str) -> Option<T> {
        signer.verify(self.text.as_bytes(), &self.signature).ok()?;
        let head = json::head(&self.text).ok()?;
        (head.kind == kind && head.format == 1 && head.requires.is_empty()).then_some(())?;
        serde_json::from_str(&self.text).ok()
    }
}

/// An office's root says: this device is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    kind: String,
    format: u32,
    #[serde(default)]
    requires: Vec<String>,
    pub office: OfficeCode,
    pub device: DeviceId,
    pub key: PublicKey,
}

impl Certificate {
    pub const KIND: &str = "sweepbook-certificate";

    /// # Errors
    /// `certificate-wrong` if `root` did not sign it, it is of another office, or its device id is not that of its key.
    pub fn open(signed: &Signed, office: &OfficeCode, root: &PublicKey) -> Result<Self, Refusal> {
        signed
            .open::<Certificate>(root, Self::KIND)
            .filter(|certificate| certificate.office == *office && certificate.device == certificate.key.device_id())
            .ok_or_else(|| Refusal::CertificateWrong { office: office.clone() })
    }
}

/// All devices of an office. A roster with a lower number than one already known never applies. Revocation comes later:
/// it will add `last_accepted_sequence` to a device and name itself in `requires`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    kind: String,
    format: u32,
    #[serde(default)]
    requires: Vec<String>,
    pub office: OfficeCode,
    pub number: u64,
    pub devices: Vec<RosterDevice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterDevice {
    pub device: DeviceId,
    pub key: PublicKey,
}

impl Roster {
    pub const KIND: &str = "sweepbook-roster";

    /// # Errors
    /// `roster-wrong`, as for a certificate.
    pub fn open(signed: &Signed, office: &OfficeCode, root: &PublicKey) -> Result<Self, Refusal> {
        signed
            .open::<Roster>(root, Self::KIND)
            .filter(|roster| roster.office == *office)
            .filter(|roster| roster.devices.iter().all(|entry| entry.device == entry.key.device_id()))
            .ok_or_else(|| Refusal::RosterWrong { office: office.clone() })
    }

    pub fn lists(&self, key: &PublicKey) -> bool {
        self.devices.iter().any(|entry| entry.key == *key)
    }
}
