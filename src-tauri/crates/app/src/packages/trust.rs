//! Whom this book trusts when it opens a package.

use std::collections::BTreeMap;

use domain::{DeviceId, OfficeCode};
use exchange::{PendingInvitation, PublicKey, Purpose, Roster, Secret, Trust};
use store::Reader;

use crate::failure::Outcome;
use crate::offices::keys::{office_keys, own_roster};
use crate::stored::stored;

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
