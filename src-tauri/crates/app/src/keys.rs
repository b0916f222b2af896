//! The keys of this book, who it trusts, and what tells a book from its copy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use disk::Access;
use domain::{DeviceId, Notice, OfficeCode};
use exchange::{
    AgeIdentity, OfficeKeys, PendingInvitation, PublicKey, Purpose, Roster, Secret, Signed, SigningKey, Trust,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Reader, StoreError};

use crate::documents::recovery;
use crate::failure::{Failure, Outcome};
use crate::files::write_private;
use crate::paths::state_folder;
use crate::session::{Session, meta};

/// What the outside knows of a device: where its book stood and how many packages it had sealed. A book that has none, or
/// is behind it, was restored or copied.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    #[serde(with = "crate::names::as_text")]
    book: PathBuf,
    packages: u64,
}

/// Where the markers are kept.
fn markers() -> Option<PathBuf> {
    let folder = state_folder()?.join("devices");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder)
}

fn marker_path(device: &DeviceId) -> Option<PathBuf> {
    Some(markers()?.join(format!("{device}.json")))
}

fn write_marker(device: &DeviceId, book: &Path, packages: u64) -> Option<()> {
    let path = marker_path(device)?;
    let marker = Marker { book: book.canonicalize().ok()?, packages };
    disk::write_whole(&path, to_json(&marker).as_bytes(), Access::Private, true).ok()?;
    Some(())
}

impl Session {
    /// A restored or copied book must not go on under the number it had: it takes a new device, certified by the office's
    /// root. Where no marker can be kept at all, nothing can be told and nothing is done.
    pub(crate) fn take_new_device_if_copied(&mut self, fresh: bool) -> Outcome<()> {
        let Some(path) = marker_path(&self.device) else { return Ok(()) };
        let packages = self.packages_sealed()?;
        let here = self.book.path().canonicalize().map_err(StoreError::from)?;
        let marker = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str::<Marker>(&text).ok());
        let same = match &marker {
            None => fresh,
            Some(marker) => marker.packages <= packages && (marker.book == here || !marker.book.exists()),
        };
        if !same {
            self.take_new_device()?;
        }
        let _ = write_marker(&self.device, &here, packages);
        Ok(())
    }

    /// A book restored from a backup goes on as a new device whatever the markers say, unless it already does.
    pub(crate) fn leave_device(&mut self, key: Option<&str>) -> Outcome<()> {
        if key == Some(self.device_key.to_text().as_str()) {
            self.take_new_device()?;
            let packages = self.packages_sealed()?;
            let _ = write_marker(&self.device, self.book.path(), packages);
        }
        Ok(())
    }

    fn take_new_device(&mut self) -> Outcome<()> {
        let key = SigningKey::generate()?;
        self.book.transact::<_, Failure>(|writer| {
            writer.set_meta(meta::DEVICE_KEY, &key.to_text())?;
            if let Some(keys) = office_keys(writer)? {
                let certificate = keys.certify(&self.office, &key.public())?;
                writer.set_meta(meta::CERTIFICATE, &to_json(&certificate))?;
                let mut devices = own_devices(writer)?;
                devices.push(key.public());
                put_own_devices(writer, &devices)?;
            }
            Ok(())
        })?;
        self.device = key.public().device_id();
        self.device_key = key;
        Ok(())
    }

    pub(crate) fn packages_sealed(&self) -> Outcome<u64> {
        Ok(self.book.read(|reader| reader.meta(meta::PACKAGES))?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    pub(crate) fn mark_package_sealed(&self, number: u64) {
        let _ = write_marker(&self.device, self.book.path(), number);
    }

    fn sheet(&self) -> Outcome<Sheet> {
        let (keys, recovery) =
            self.book.read::<_, Failure>(|reader| Ok((office_keys(reader)?, reader.meta(meta::RECOVERY_KEY)?)))?;
        let keys = keys.ok_or_else(|| Notice::new("no-office-keys"))?;
        let root = keys.root.public();
        let print = root.fingerprint();
        Ok(Sheet {
            office: self.office.to_string(),
            office_name: self.office_name.clone(),
            fingerprint: [print.chinese().join(" "), print.english().join(" ")],
            root: keys.root.to_text(),
            public: root.to_text(),
            age: keys.age.to_text(),
            offline: recovery.unwrap_or_default(),
        })
    }

    /// The recovery sheet: everything that must survive the loss of this computer, to print and lock away. A page where the
    /// file is called `.pdf`, text otherwise.
    pub fn write_keys(&mut self, to: &Path) -> Outcome<()> {
        if let Some(notice) = self.read_only() {
            return Err(notice.into());
        }
        let sheet = self.sheet()?;
        let today = self.clock.today().to_string();
        let page = to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
        let content = match page {
            true => self.document_pdf(&recovery(&sheet, &today))?,
            false => sheet.text().into_bytes(),
        };
        write_private(to, &content, false)?;
        self.book.transact::<_, Failure>(|writer| Ok(writer.set_meta(meta::SHEET, &today)?))?;
        Ok(())
    }
}

/// All keys of an office, as text.
pub(crate) struct Sheet {
    pub office: String,
    pub office_name: String,
    /// In Chinese and in English.
    pub fingerprint: [String; 2],
    pub root: String,
    pub public: String,
    pub age: String,
    pub offline: String,
}

impl Sheet {
    fn text(&self) -> String {
        let [chinese, english] = &self.fingerprint;
        format!(
            "Sweepbook 排查台账 · 密钥恢复单 Recovery sheet\n\n\
             填报单位 Office: {} {}\n\
             指纹 Fingerprint: {chinese}\n             {english}\n\n\
             单位根密钥（签发邀请和设备证书） Root key, secret:\n{}\n\
             单位根公钥 Root key, public:\n{}\n\n\
             收件密钥（age，可用 age 工具打开数据包） Package key, secret:\n{}\n\n\
             离线恢复密钥 Offline recovery key, secret:\n{}\n\n\
             请打印后密封保管，并删除此文件。持有本页的人可以以本单位名义签发并阅读本单位的数据包。\n\
             Print, seal and lock away, then delete this file. Whoever holds this sheet can sign and read in the office's name.\n",
            self.office, self.office_name, self.root, self.public, self.age, self.offline,
        )
    }
}

/// Forgets the devices whose books stood in a folder that is gone.
pub(crate) fn forget_markers_of(folder: &Path) {
    for entry in markers().and_then(|markers| std::fs::read_dir(markers).ok()).into_iter().flatten().flatten() {
        let marker =
            std::fs::read_to_string(entry.path()).ok().and_then(|text| serde_json::from_str::<Marker>(&text).ok());
        if marker.is_some_and(|marker| marker.book.starts_with(folder)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What was kept as JSON. What cannot be read again is damage, never something that was not there.
pub(crate) fn stored<T: DeserializeOwned>(text: Option<String>, what: &str) -> Outcome<Option<T>> {
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|_| Notice::new("book-damaged").with("detail", what).into())
}

/// The office's keys; `None` on a second device.
pub(crate) fn office_keys(reader: &Reader) -> Outcome<Option<OfficeKeys>> {
    let (Some(root), Some(age), Some(recovery)) =
        (reader.meta(meta::ROOT_KEY)?, reader.meta(meta::AGE_KEY)?, reader.meta(meta::RECOVERY_KEY)?)
    else {
        return Ok(None);
    };
    Ok(Some(OfficeKeys {
        root: SigningKey::from_text(&root)?,
        age: AgeIdentity::from_text(&age)?,
        recovery: AgeIdentity::from_text(&recovery)?.recipient(),
    }))
}

/// What opens packages that were sent here.
pub(crate) fn identities(reader: &Reader) -> Outcome<Vec<AgeIdentity>> {
    let mut identities = Vec::new();
    for key in [meta::AGE_KEY, meta::RECOVERY_KEY] {
        if let Some(text) = reader.meta(key)? {
            identities.push(AgeIdentity::from_text(&text)?);
        }
    }
    Ok(identities)
}

pub(crate) fn own_devices(reader: &Reader) -> Outcome<Vec<PublicKey>> {
    let texts: Vec<String> = stored(reader.meta(meta::DEVICES)?, meta::DEVICES)?.unwrap_or_default();
    Ok(texts.iter().map(|text| PublicKey::from_text(text)).collect::<Result<_, _>>()?)
}

pub(crate) fn put_own_devices(writer: &mut store::Writer, devices: &[PublicKey]) -> Outcome<()> {
    let texts: Vec<String> = devices.iter().map(PublicKey::to_text).collect();
    writer.set_meta(meta::DEVICES, &to_json(&texts))?;
    let number: u64 = writer.meta(meta::ROSTER)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    writer.set_meta(meta::ROSTER, &(number + 1).to_string())?;
    Ok(())
}

/// This office's roster, signed.
pub(crate) fn own_roster(reader: &Reader, keys: &OfficeKeys, office: &OfficeCode) -> Outcome<Signed> {
    let number: u64 = reader.meta(meta::ROSTER)?.and_then(|text| text.parse().ok()).unwrap_or(1);
    Ok(keys.sign_roster(office, number, &own_devices(reader)?)?)
}

/// Everything `exchange` asks when it opens a package, read from the book beforehand.
pub(crate) struct BookTrust {
    office: OfficeCode,
    now: u64,
    roots: BTreeMap<OfficeCode, PublicKey>,
    rosters: BTreeMap<OfficeCode, Roster>,
    devices: BTreeMap<DeviceId, OfficeCode>,
    invitations: BTreeMap<uuid::Uuid, PendingInvitation>,
}

impl BookTrust {
    pub fn of(reader: &Reader, session_office: &OfficeCode, now: u64) -> Outcome<Self> {
        let mut trust = BookTrust {
            office: session_office.clone(),
            now,
            roots: BTreeMap::new(),
            rosters: BTreeMap::new(),
            devices: BTreeMap::new(),
            invitations: BTreeMap::new(),
        };
        for office in reader.offices()? {
            if let Ok(root) = PublicKey::from_text(&office.root_key) {
                trust.roots.insert(office.code.clone(), root);
            }
            if let Some(roster) = stored::<Roster>(Some(office.roster).filter(|text| !text.is_empty()), "roster")? {
                for entry in &roster.devices {
                    trust.devices.insert(entry.device.clone(), office.code.clone());
                }
                trust.rosters.insert(office.code.clone(), roster);
            }
        }
        for device in reader.devices()?.into_iter().filter(|device| device.confirmed) {
            trust.devices.insert(device.id, device.office);
        }
        if let Some(keys) = office_keys(reader)? {
            let root = keys.root.public();
            let signed = own_roster(reader, &keys, session_office)?;
            let roster = Roster::open(&signed, session_office, &root)?;
            for entry in &roster.devices {
                trust.devices.insert(entry.device.clone(), session_office.clone());
            }
            trust.rosters.insert(session_office.clone(), roster);
            trust.roots.insert(session_office.clone(), root);
        }
        for mark in reader.streams()? {
            if let Some(author) = mark.author {
                trust.devices.entry(mark.device).or_insert(author);
            }
        }
        for invitation in reader.invitations()? {
            let Ok(id) = invitation.id.parse() else { continue };
            let purpose = if invitation.office == *session_office { Purpose::Device } else { Purpose::Office };
            trust.invitations.insert(
                id,
                PendingInvitation {
                    id,
                    purpose,
                    office: invitation.office,
                    secret: Secret::from_text(&invitation.secret)?,
                    expires: invitation.expires,
                },
            );
        }
        Ok(trust)
    }

    pub fn author(&self, device: &DeviceId) -> Option<OfficeCode> {
        self.devices.get(device).cloned()
    }
}

impl BookTrust {
    /// Trusts a device that asks and that a person let in, before the book does: what it sent can be looked at.
    pub fn trust(&mut self, joining: &exchange::Joining) {
        self.devices.insert(joining.device.clone(), joining.office.clone());
        if joining.invitation.purpose == Purpose::Office {
            self.roots.insert(joining.office.clone(), joining.root.clone());
            return;
        }
        let roster = self.rosters.get_mut(&joining.office);
        if let Some(roster) = roster.filter(|roster| roster.devices.iter().all(|entry| entry.device != joining.device))
        {
            roster
                .devices
                .push(exchange::RosterDevice { device: joining.device.clone(), key: joining.device_key.clone() });
        }
    }
}

impl Trust for BookTrust {
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

    fn invitation(&self, id: &uuid::Uuid) -> Option<PendingInvitation> {
        self.invitations.get(id).cloned()
    }

    fn now(&self) -> u64 {
        self.now
    }
}
