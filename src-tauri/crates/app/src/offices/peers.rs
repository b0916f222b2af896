//! The offices this book exchanges packages with: their devices and fingerprints, and the invitations it gave.

use domain::Notice;
use exchange::{PublicKey, Roster};
use serde::Serialize;
use store::{DeviceRow, PackageState, Reader};
use ts_rs::TS;

use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::offices::FingerprintView;
use crate::offices::keys::{office_keys, own_devices};
use crate::session::{Reading, Writing};
use crate::stored::stored;

/// Everyone this book knows, for people to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Peers {
    /// 报到词语: what this book is recognised by where it asks to be let in; null once the office above has answered.
    pub check_in: Option<FingerprintView>,
    /// 邀请词语: what whoever is invited by this office compares; null on a second device, which holds no office keys and
    /// invites nobody.
    pub invitation_words: Option<FingerprintView>,
    pub devices: Vec<DeviceView>,
    pub offices: Vec<PeerView>,
    pub invitations: Vec<GivenView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PeerView {
    pub code: String,
    pub name: String,
    /// `upper` or `lower`.
    pub relation: String,
    pub devices: Vec<DeviceView>,
    /// When the last package came from there, and when one was sealed for it.
    pub last_in: Option<String>,
    pub last_out: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DeviceView {
    pub id: String,
    /// This very computer.
    pub here: bool,
    /// It asked to be let in, and nobody has confirmed it.
    pub asking: bool,
}

/// An invitation this book gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GivenView {
    pub id: String,
    pub office: String,
    pub name: String,
    /// For a second device of this office.
    pub own: bool,
    pub expires: String,
    pub state: GivenState,
    /// The device it admitted.
    pub device: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum GivenState {
    Open,
    Used,
    Expired,
}

impl Reading {
    pub fn peers(&self) -> Outcome<Peers> {
        let now = self.clock().millis();
        self.read::<_, Failure>(|reader| {
            let known = reader.devices()?;
            let offices = reader.offices()?.into_iter().map(|office| {
                let roster = stored::<Roster>(Some(office.roster).filter(|text| !text.is_empty()), "roster")?;
                let listed = roster.map(|roster| roster.devices).unwrap_or_default();
                let listed = listed.into_iter().map(|entry| entry.key).collect();
                let packages = reader.packages()?;
                let last = |incoming: bool| {
                    let mut rows = packages.iter().filter(|row| {
                        row.incoming == incoming && row.office == office.code && row.state != PackageState::Sealing
                    });
                    rows.next().map(|row| minute(row.at))
                };
                Ok(PeerView {
                    devices: self.devices_of(listed, known.iter().filter(|device| device.office == office.code)),
                    last_in: last(true),
                    last_out: last(false),
                    code: office.code.to_string(),
                    name: office.name,
                    relation: office.relation,
                })
            });
            let invitations = reader.invitations()?.into_iter().rev().map(|given| GivenView {
                own: given.office == *self.office(),
                expires: minute(given.expires),
                state: match &given.device {
                    Some(_) => GivenState::Used,
                    None if given.expires <= now => GivenState::Expired,
                    None => GivenState::Open,
                },
                device: given.device.map(|device| device.to_string()),
                id: given.id,
                office: given.office.to_string(),
                name: given.name,
            });
            Ok(Peers {
                check_in: self.check_in_words(reader)?,
                invitation_words: office_keys(reader)?.map(|keys| (&keys.root.public().fingerprint()).into()),
                devices: self.own_devices(reader, &known)?,
                offices: offices.collect::<Outcome<_>>()?,
                invitations: invitations.collect(),
            })
        })
    }

    /// What the office above is shown when the first package of this book comes in.
    pub(crate) fn check_in_words(&self, reader: &Reader) -> Outcome<Option<FingerprintView>> {
        let Some(invitation) = self.open_invitation(reader)? else { return Ok(None) };
        let Some(upper) = reader.office(&invitation.inviter.office)? else { return Ok(None) };
        Ok(self.join_proof(reader, &upper)?.map(|proof| (&proof.fingerprint()).into()))
    }

    /// The office's devices by its roster; a second device knows only itself.
    fn own_devices(&self, reader: &Reader, known: &[DeviceRow]) -> Outcome<Vec<DeviceView>> {
        let mut listed = own_devices(reader)?;
        let here = self.public_key().clone();
        if !listed.contains(&here) {
            listed.push(here);
        }
        Ok(self.devices_of(listed, known.iter().filter(|device| device.office == *self.office())))
    }

    fn devices_of<'a>(&self, listed: Vec<PublicKey>, known: impl Iterator<Item = &'a DeviceRow>) -> Vec<DeviceView> {
        let mut views: Vec<DeviceView> = listed
            .into_iter()
            .map(|key| DeviceView {
                here: key.device_id() == *self.device(),
                id: key.device_id().to_string(),
                asking: false,
            })
            .collect();
        for device in known {
            let id = device.id.to_string();
            if !views.iter().any(|view| view.id == id) {
                views.push(DeviceView { id, here: false, asking: !device.confirmed });
            }
        }
        views
    }
}

impl Writing {
    /// Takes back an invitation nobody has used: from now on it is too late to answer it.
    pub fn revoke(&mut self, invitation: &str) -> Outcome<()> {
        let now = self.clock().millis();
        self.transact::<_, Failure>(|writer| {
            let given = writer
                .invitations()?
                .into_iter()
                .find(|given| given.id == invitation)
                .ok_or_else(|| Notice::new("invitation-unknown").with("id", invitation))?;
            if let Some(device) = given.device {
                return Err(Notice::new("invitation-spent")
                    .with("office", &given.office)
                    .with("device", device)
                    .into());
            }
            writer.expire_invitation(invitation, now)?;
            Ok(())
        })?;
        Ok(())
    }
}
