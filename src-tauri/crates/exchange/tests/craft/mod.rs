//! Builds packages from their description in `docs/FORMAT.md`, without the code that reads or writes them, so that each
//! can be wrong in one way of our choosing. Used by the vector generator and by the tests.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;

use domain::{DeviceId, Fields, Hlc, OfficeCode, RevisionDraft, Value as Field};
use exchange::{
    AgeIdentity, AgeRecipient, Hash32, Invitation, JoinProof, NewInvitation, OfficeKeys, Opened, Party,
    PendingInvitation, PublicKey, Purpose, Refusal, Roster, Secret, SigningKey, Trust,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

pub mod cases;

pub const NOW: u64 = 1_615_000_000_000;
pub const EXPIRES: u64 = NOW + 30 * 86_400_000;

/// The committed secret keys of the offices in the vectors.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyTexts {
    pub root: String,
    pub device: String,
    pub age: String,
    pub recovery: String,
}

pub struct Actor {
    pub office: OfficeCode,
    pub keys: OfficeKeys,
    pub device: SigningKey,
    pub recovery: AgeIdentity,
}

impl KeyTexts {
    pub fn generate() -> Self {
        let (keys, recovery) = OfficeKeys::generate().unwrap();
        KeyTexts {
            root: keys.root.to_text(),
            device: SigningKey::generate().unwrap().to_text(),
            age: keys.age.to_text(),
            recovery: recovery.to_text(),
        }
    }

    fn actor(&self, office: &str) -> Actor {
        let recovery = AgeIdentity::from_text(&self.recovery).unwrap();
        Actor {
            office: office.parse().unwrap(),
            keys: OfficeKeys {
                root: SigningKey::from_text(&self.root).unwrap(),
                age: AgeIdentity::from_text(&self.age).unwrap(),
                recovery: recovery.recipient(),
            },
            device: SigningKey::from_text(&self.device).unwrap(),
            recovery,
        }
    }
}

impl Actor {
    pub fn device_id(&self) -> DeviceId {
        self.device.public().device_id()
    }

    pub fn certificate(&self) -> Value {
        serde_json::to_value(self.keys.certify(&self.office, &self.device.public()).unwrap()).unwrap()
    }

    pub fn roster(&self, devices: &[PublicKey]) -> Value {
        serde_json::to_value(self.keys.sign_roster(&self.office, 1, devices).unwrap()).unwrap()
    }
}

/// A region, a county and its station, and a county that nobody invited.
pub struct World {
    pub region: Actor,
    pub county: Actor,
    pub station: Actor,
    pub stranger: Actor,
    pub invitation: Invitation,
}

pub fn vectors_folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors")
}

impl World {
    /// # Panics
    /// Without `tests/vectors/keys.json`, which the generator writes once.
    pub fn load() -> Self {
        let path = vectors_folder().join("keys.json");
        let text = std::fs::read_to_string(&path).expect("tests/vectors/keys.json; run the make_vectors example");
        let keys: BTreeMap<String, KeyTexts> = serde_json::from_str(&text).unwrap();
        let region = keys["region"].actor("640000");
        let county = keys["county"].actor("640121");
        let bytes = exchange::invitation::write(&new_invitation(&[]), &region.keys).unwrap();
        World {
            region,
            county,
            station: keys["station"].actor("640121-01"),
            stranger: keys["stranger"].actor("640122"),
            invitation: exchange::invitation::open(&bytes, NOW).unwrap().invitation,
        }
    }

    pub fn invitation_with(&self, campaigns: &[Vec<u8>]) -> Invitation {
        let bytes = exchange::invitation::write(&new_invitation(campaigns), &self.region.keys).unwrap();
        exchange::invitation::open(&bytes, NOW).unwrap().invitation
    }

    pub fn proof(&self) -> JoinProof {
        let county = &self.county;
        JoinProof::new(&self.invitation, &county.device.public(), &county.keys.root.public(), &county.keys.recipients())
            .unwrap()
    }
}

pub fn new_invitation(campaigns: &[Vec<u8>]) -> NewInvitation<'_> {
    NewInvitation {
        id: Uuid::from_u128(0x1234),
        purpose: Purpose::Office,
        inviter: Party { office: "640000".parse().unwrap(), name: "自治区市场监管厅".into() },
        invited: Party { office: "640121".parse().unwrap(), name: "永宁县市场监管局".into() },
        secret: Secret::from_text(&"5a".repeat(32)).unwrap(),
        created: NOW,
        expires: EXPIRES,
        campaigns,
    }
}

/// What an opening book knows.
pub struct Known {
    pub office: OfficeCode,
    pub identities: Vec<AgeIdentity>,
    pub roots: BTreeMap<OfficeCode, PublicKey>,
    pub devices: BTreeMap<DeviceId, OfficeCode>,
    pub rosters: BTreeMap<OfficeCode, Roster>,
    pub invitations: Vec<PendingInvitation>,
    pub now: u64,
}

impl Known {
    pub fn of(party: &Actor, roots: &[&Actor]) -> Self {
        Known {
            office: party.office.clone(),
            identities: vec![party.keys.age.clone()],
            roots: roots.iter().map(|party| (party.office.clone(), party.keys.root.public())).collect(),
            devices: roots.iter().map(|party| (party.device_id(), party.office.clone())).collect(),
            rosters: BTreeMap::new(),
            invitations: Vec::new(),
            now: NOW,
        }
    }

    pub fn open(&self, bytes: &[u8]) -> Result<Opened, Refusal> {
        exchange::open(&mut std::io::Cursor::new(bytes), &self.identities, self, &mut |_| ControlFlow::Continue(()))
    }
}

impl Trust for Known {
    fn office(&self) -> OfficeCode {
        self.office.clone()
    }

    fn root(&self, office: &OfficeCode) -> Option<PublicKey> {
        self.roots.get(office).cloned()
    }

    fn roster(&self, office: &OfficeCode) -> Option<Roster> {
        self.rosters.get(office).cloned()
    }

    fn device_office(&self, device: &DeviceId) -> Option<OfficeCode> {
        self.devices.get(device).cloned()
    }

    fn invitation(&self, id: &Uuid) -> Option<PendingInvitation> {
        self.invitations.iter().find(|invitation| invitation.id == *id).cloned()
    }

    fn now(&self) -> u64 {
        self.now
    }
}

pub fn line(device: &DeviceId, office: &str, seq: u64) -> String {
    let draft = RevisionDraft {
        record: format!("0190a6e4-0000-7000-8000-{:012x}", seq + 16 * office.len() as u64).parse().unwrap(),
        kind: "enterprise".into(),
        office: office.parse().unwrap(),
        parents: Vec::new(),
        device: device.clone(),
        seq,
        clock: Hlc { millis: NOW, counter: seq as u32 },
        author: "张三".into(),
        fields: Fields::from([("name".to_owned(), Field::text(format!("口罩厂{seq}")))]),
    };
    draft.to_line().unwrap()
}

/// One stream of lines.
pub struct Run {
    pub device: DeviceId,
    pub office: String,
    pub author: String,
    pub lines: Vec<String>,
    pub first: u64,
}

impl Run {
    pub fn new(device: &DeviceId, office: &str, author: &str, first: u64, last: u64) -> Self {
        Run {
            device: device.clone(),
            office: office.into(),
            author: author.into(),
            lines: (first..=last).map(|seq| line(device, office, seq)).collect(),
            first,
        }
    }
}

pub struct Content {
    pub name: String,
    pub bytes: Vec<u8>,
    pub header: [u8; 512],
}

pub fn header(name: &str, size: u64) -> [u8; 512] {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    block[108..116].copy_from_slice(b"0000000\0");
    block[116..124].copy_from_slice(b"0000000\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"00000000000\0");
    block[156] = b'0';
    block[257..265].copy_from_slice(b"ustar\x0000");
    checksum(&mut block);
    block
}

pub fn checksum(block: &mut [u8; 512]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:07o}\0").as_bytes());
}

impl Content {
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        Content { name: name.into(), header: header(name, bytes.len() as u64), bytes }
    }
}

pub fn compress(raw: &[u8], window_log: u32) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(window_log).unwrap();
    encoder.write_all(raw).unwrap();
    encoder.finish().unwrap()
}

/// A package in parts, each open to change before [`Draft::build`].
pub struct Draft {
    pub manifest: Value,
    /// Instead of the manifest's own text.
    pub text: Option<String>,
    pub signer: SigningKey,
    pub signature: Option<String>,
    pub contents: Vec<Content>,
    pub recipients: Vec<AgeRecipient>,
    /// After the two zero blocks.
    pub tail: Vec<u8>,
}

impl Draft {
    pub fn new(from: &Actor, to: &Actor, direction: &str, mut runs: Vec<Run>, others: Vec<Content>) -> Self {
        runs.sort_by_key(|run| (run.device.clone(), run.office.clone(), run.first));
        let mut manifest = json!({
            "kind": "sweepbook-package", "format": 1, "requires": [],
            "suite": "age-x25519+minisign-ed25519+sha256",
            "package": "00000000-0000-7000-8000-000000000001", "number": 1, "created": NOW, "direction": direction,
            "sender": {
                "office": from.office.as_str(), "name": "永宁县市场监管局", "device": from.device_id().as_str(),
                "certificate": from.certificate(), "roster": from.roster(&[from.device.public()]),
            },
            "recipient": to.office.as_str(),
            "receipt": [{
                "device": to.device_id().as_str(), "office": "640121", "last": 2, "hash": Hash32([7; 32]).to_string(),
            }],
        });
        manifest["streams"] = runs
            .iter()
            .map(|run| {
                let last = run.first + run.lines.len() as u64 - 1;
                json!({
                    "device": run.device.as_str(), "office": run.office, "author": run.author,
                    "first": run.first, "last": last,
                })
            })
            .collect();
        let lines: Vec<&String> = runs.iter().flat_map(|run| &run.lines).collect();
        let mut draft = Draft {
            manifest,
            text: None,
            signer: from.device.clone(),
            signature: None,
            contents: Vec::new(),
            recipients: vec![to.keys.age.recipient(), to.keys.recovery.clone(), from.keys.age.recipient()],
            tail: Vec::new(),
        };
        let records: std::collections::BTreeSet<&str> = lines.iter().map(|line| &line[..50]).collect();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        draft.manifest["counts"] = json!({
            "revisions": lines.len(), "records": records.len(),
            "attachments": others.iter().filter(|content| content.name.starts_with("att/")).count(),
            "campaigns": others.iter().filter(|content| content.name.starts_with("campaign/")).count(),
        });
        draft.contents.push(Content::new("rev/0001.jsonl.zst", Vec::new()));
        draft.contents.extend(others);
        draft.set_lines(text.as_bytes());
        draft
    }

    /// Replaces the revisions, with everything the manifest says of the entries.
    pub fn set_lines(&mut self, raw: &[u8]) {
        self.contents[0] = Content::new("rev/0001.jsonl.zst", compress(raw, 20));
        self.list();
        self.manifest["entries"][0]["raw"] = json!(raw.len());
    }

    pub fn set_packed(&mut self, packed: Vec<u8>) {
        let raw = self.manifest["entries"][0]["raw"].clone();
        self.contents[0] = Content::new("rev/0001.jsonl.zst", packed);
        self.list();
        self.manifest["entries"][0]["raw"] = raw;
    }

    /// Lists the contents in the manifest as they are.
    pub fn list(&mut self) {
        self.manifest["entries"] = self
            .contents
            .iter()
            .map(|content| {
                json!({
                    "name": content.name, "raw": content.bytes.len(), "packed": content.bytes.len(),
                    "sha256": Hash32::of(&content.bytes).to_string(),
                })
            })
            .collect();
    }

    pub fn build(self) -> Vec<u8> {
        let mut text = self.text.unwrap_or_else(|| self.manifest.to_string()).into_bytes();
        text.resize((text.len() + 1536).next_multiple_of(65_536) - 1536, b' ');
        let signature = match self.signature {
            Some(signature) if signature == "legacy" => legacy(&self.signer, &text),
            Some(signature) => signature,
            None => self.signer.sign(&text, "sweepbook-package").unwrap(),
        };
        let mut contents =
            vec![Content::new("manifest.json", text), Content::new("manifest.json.minisig", signature.into_bytes())];
        contents.extend(self.contents);
        let mut archive = Vec::new();
        for content in contents {
            archive.extend(content.header);
            archive.extend(content.bytes);
            archive.resize(archive.len().next_multiple_of(512), 0);
        }
        archive.extend([0; 1024]);
        archive.extend(self.tail);
        encrypt(&self.recipients, &archive)
    }
}

pub fn encrypt(recipients: &[AgeRecipient], plain: &[u8]) -> Vec<u8> {
    let recipients: Vec<age::x25519::Recipient> =
        recipients.iter().map(|recipient| recipient.to_text().parse().unwrap()).collect();
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as _)).unwrap();
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap();
    sealed
}

/// A signature that is valid, but of the whole text and not of its hash: only the public tool still makes them.
fn legacy(key: &SigningKey, text: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("key"), format!("untrusted comment: \n{}\n", key.to_text())).unwrap();
    std::fs::write(at("manifest.json"), text).unwrap();
    let done = std::process::Command::new("minisign")
        .args(["-S", "-l", "-W", "-c", "sweepbook", "-t", "sweepbook-package", "-s"])
        .args([at("key"), "-m".into(), at("manifest.json"), "-x".into(), at("out")])
        .output()
        .expect("the minisign tool is installed");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read_to_string(at("out")).unwrap()
}
