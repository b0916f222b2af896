//! Who belongs to whom: inviting an office below, joining the one above, confirming a device.

pub(crate) mod keys;
pub mod owners;
pub mod peers;
pub mod relation;

use std::path::{Path, PathBuf};

use domain::{Notice, OfficeCode};
use exchange::{Invitation, Joining, NewInvitation, Party, Purpose, Secret, SigningKey, invitation};
use serde::Serialize;
use store::{Book, DeviceRow, InvitationRow, OfficeRow, Reader, Writer};
use ts_rs::TS;

use self::relation::{LOWER, UPPER, uppers};
use crate::books::NewBook;
use crate::clock::Clock;
use crate::failure::{Failure, Outcome};
use crate::files::{cannot_read, write_private};
use crate::offices::keys::{office_keys, own_devices, put_own_devices};
use crate::packages::{campaign_fits, take_in_campaigns};
use crate::session::{Reading, Writing, meta};
use crate::stored::{stored, to_json};

/// How long an invitation can be answered.
const VALID_MILLIS: u64 = 90 * 24 * 60 * 60 * 1000;

/// An invitation file, as it was given or taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct InvitationView {
    pub id: String,
    pub inviter: String,
    pub inviter_name: String,
    pub invited: String,
    pub invited_name: String,
    /// What both sides read to each other.
    pub fingerprint: FingerprintView,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FingerprintView {
    pub zh: String,
    pub en: String,
}

impl FingerprintView {
    /// Whether words that a person typed are these, in either language. Case and spacing do not matter.
    pub fn is_read_out_as(&self, words: &str) -> bool {
        let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
        let typed = plain(words);
        !typed.is_empty() && (typed == plain(&self.zh) || typed == plain(&self.en))
    }
}

impl From<&exchange::Fingerprint> for FingerprintView {
    fn from(print: &exchange::Fingerprint) -> Self {
        FingerprintView { zh: print.chinese().join(" "), en: print.english().join(" ") }
    }
}

impl Reading {
    /// The office this one hands up to. A book of an earlier program may know several: then a person has to say which.
    pub(crate) fn upper(&self, reader: &Reader) -> Outcome<Option<OfficeRow>> {
        let mut uppers = uppers(reader)?;
        if uppers.len() > 1 {
            let names: Vec<String> = uppers.iter().map(|upper| format!("{}（{}）", upper.name, upper.code)).collect();
            return Err(Notice::new("upper-offices-several").with("offices", names.join("、")).into());
        }
        Ok(uppers.pop())
    }

    /// The invitation this book joined by, while the inviting office has not answered.
    pub(crate) fn open_invitation(&self, reader: &Reader) -> Outcome<Option<Invitation>> {
        self_invitation(reader)
    }
}

impl Writing {
    /// Writes an invitation for an office below, or for a second device of this office.
    pub fn invite(&mut self, office: &OfficeCode, name: &str, to: &Path) -> Outcome<InvitationView> {
        if to.exists() {
            return Err(Notice::new("file-exists").with("path", to.display()).into());
        }
        let keys = self.read::<_, Failure>(office_keys)?.ok_or_else(|| Notice::new("no-office-keys"))?;
        if !self.library().divisions().exists(office.division()) {
            return Err(Notice::new("division-unknown").with("value", office).into());
        }
        let bundles: Vec<Vec<u8>> = self.bundles();
        let now = self.clock().millis();
        let new = NewInvitation {
            id: uuid::Uuid::now_v7(),
            purpose: if office == self.office() { Purpose::Device } else { Purpose::Office },
            inviter: Party { office: self.office().clone(), name: self.office_name().to_owned() },
            invited: Party { office: office.clone(), name: name.trim().to_owned() },
            secret: Secret::generate()?,
            created: now,
            expires: now + VALID_MILLIS,
            campaigns: &bundles,
        };
        let bytes = invitation::write(&new, &keys)?;
        let given = self.transact::<_, Failure>(|writer| {
            writer.put_invitation(&InvitationRow {
                id: new.id.to_string(),
                office: office.clone(),
                name: name.trim().to_owned(),
                secret: new.secret.to_text(),
                expires: new.expires,
                device: None,
            })?;
            // Written before the row is kept: an invitation nobody holds must not stand in the book.
            // It holds the secret that lets its bearer ask.
            write_private(to, &bytes, false)
        });
        if let Err(failure) = given {
            if failure.code() != "file-exists" {
                let _ = std::fs::remove_file(to);
            }
            return Err(failure);
        }
        Ok(InvitationView {
            id: new.id.to_string(),
            inviter: self.office().to_string(),
            inviter_name: self.office_name().to_owned(),
            invited: office.to_string(),
            invited_name: name.trim().to_owned(),
            fingerprint: (&keys.root.public().fingerprint()).into(),
        })
    }

    /// What an invitation file says; nothing is made and nothing is taken.
    pub fn look_at_invitation(file: &Path, clock: Clock) -> Outcome<InvitationView> {
        let bytes = std::fs::read(file).map_err(|error| cannot_read(file, error))?;
        Ok(invitation_view(&invitation::open(&bytes, clock.millis())?))
    }

    /// Joins by an invitation file: makes the book where there is none, or takes the inviter as upper office of the one there.
    /// `words` are those the inviter read out: a person compared them, whoever sent the file.
    pub fn join(
        book: &Path,
        file: &Path,
        words: &str,
        inspector: Option<String>,
        dirs: &[PathBuf],
        clock: Clock,
    ) -> Outcome<(Writing, InvitationView)> {
        let bytes = std::fs::read(file).map_err(|error| cannot_read(file, error))?;
        let invited = invitation::open(&bytes, clock.millis())?;
        let terms = &invited.invitation;
        let view = invitation_view(&invited);
        if !view.fingerprint.is_read_out_as(words) {
            return Err(Notice::new("inviter-words-differ")
                .with("office", &view.inviter)
                .with("name", &view.inviter_name)
                .with("zh", &view.fingerprint.zh)
                .with("en", &view.fingerprint.en)
                .into());
        }
        let mut session = match (book.exists(), terms.purpose) {
            (true, _) => Writing::open(book, dirs, clock)?,
            (false, Purpose::Office) => {
                let new = NewBook {
                    path: book.to_owned(),
                    office: terms.invited.office.clone(),
                    name: terms.invited.name.clone(),
                    inspector,
                };
                Writing::create(&new, dirs, clock)?
            }
            (false, Purpose::Device) => create_second(book, terms, inspector, dirs, clock)?,
        };
        if *session.office() != terms.invited.office {
            return Err(Notice::new("invitation-for-another")
                .with("office", &terms.invited.office)
                .with("own", session.office())
                .into());
        }
        let now = session.clock().millis();
        let library = session.shared_library();
        session.transact::<_, Failure>(|writer| {
            // Whoever is invited by somebody else hands up to that one from then on: a person lets go of the first before.
            let uppers = uppers(writer)?;
            if let Some(upper) = uppers.into_iter().find(|upper| upper.code != terms.inviter.office) {
                return Err(Notice::new("upper-office-known")
                    .with("office", &upper.code)
                    .with("name", &upper.name)
                    .with("inviter", &terms.inviter.office)
                    .with("inviter_name", &terms.inviter.name)
                    .into());
            }
            let known = writer.office(&terms.inviter.office)?;
            if known.as_ref().is_some_and(|known| known.root_key != terms.root.to_text()) {
                return Err(Notice::new("office-key-differs").with("office", &terms.inviter.office).into());
            }
            writer.put_office(&OfficeRow {
                code: terms.inviter.office.clone(),
                name: terms.inviter.name.clone(),
                relation: UPPER.into(),
                root_key: terms.root.to_text(),
                recipients: to_json(&terms.recipients),
                roster: known.map(|known| known.roster).unwrap_or_default(),
            })?;
            writer.set_meta(meta::INVITATION, &to_json(terms))?;
            for (at, campaign) in invited.campaigns.iter().enumerate() {
                campaign_fits(at + 1, campaign)?;
            }
            let known = writer.campaign_bundles()?;
            take_in_campaigns(writer, &library, &invited.campaigns, None, &known, now)?;
            Ok(())
        })?;
        session.load_sent_campaigns()?;
        Ok((session, view))
    }

    /// Lets go of the office this one hands up to: nothing is sealed for it and nothing of it is taken in any more, until it
    /// invites again. What it sent stays.
    pub fn remove_upper(&mut self, office: &OfficeCode) -> Outcome<()> {
        self.transact::<_, Failure>(|writer| {
            let known = writer.office(office)?;
            let known = known.ok_or_else(|| Notice::new("office-not-known").with("office", office))?;
            if known.relation != UPPER {
                return Err(Notice::new("office-not-upper").with("office", office).with("name", known.name).into());
            }
            writer.remove_office(office)?;
            let open = self_invitation(writer)?;
            if open.is_some_and(|open| open.inviter.office == *office) {
                writer.remove_meta(meta::INVITATION)?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

fn self_invitation(reader: &Reader) -> Outcome<Option<Invitation>> {
    stored(reader.meta(meta::INVITATION)?, meta::INVITATION)
}

/// What `office.relation` says of the office above and of one below.
/// The invitation by which an asking device may be let in, if it may.
pub(crate) fn admission(reader: &Reader, joining: &Joining) -> Outcome<InvitationRow> {
    let id = joining.invitation.id.to_string();
    let given = reader
        .invitations()?
        .into_iter()
        .find(|given| given.id == id)
        .ok_or_else(|| Notice::new("invitation-unknown").with("id", &id))?;
    if given.device.as_ref().is_some_and(|first| *first != joining.device) {
        return Err(Notice::new("invitation-used")
            .with("office", &joining.office)
            .with("device", given.device.as_ref().map(ToString::to_string).unwrap_or_default())
            .with("asking", &joining.device)
            .into());
    }
    if joining.invitation.purpose == Purpose::Office {
        let known = reader.office(&joining.office)?;
        if known.is_some_and(|known| known.root_key != joining.root.to_text()) {
            return Err(Notice::new("office-key-differs").with("office", &joining.office).into());
        }
    }
    Ok(given)
}

/// Lets an asking device in, after a person compared its words. Once it is in, this changes nothing.
pub(crate) fn admit(writer: &mut Writer, joining: &Joining, now: u64) -> Outcome<()> {
    let mut given = admission(writer, joining)?;
    given.device = Some(joining.device.clone());
    writer.put_invitation(&given)?;
    writer.put_device(&DeviceRow {
        id: joining.device.clone(),
        office: joining.office.clone(),
        key: joining.device_key.to_text(),
        confirmed: true,
        at: now,
    })?;
    if joining.invitation.purpose == Purpose::Device {
        let mut devices = own_devices(writer)?;
        if !devices.contains(&joining.device_key) {
            devices.push(joining.device_key.clone());
            put_own_devices(writer, &devices)?;
        }
        return Ok(());
    }
    let roster = writer.office(&joining.office)?.map(|known| known.roster).unwrap_or_default();
    writer.put_office(&OfficeRow {
        code: joining.office.clone(),
        name: joining.name.clone(),
        relation: LOWER.into(),
        root_key: joining.root.to_text(),
        recipients: to_json(&joining.recipients),
        roster,
    })?;
    Ok(())
}

fn invitation_view(invited: &exchange::Invited) -> InvitationView {
    let terms = &invited.invitation;
    InvitationView {
        id: terms.id.to_string(),
        inviter: terms.inviter.office.to_string(),
        inviter_name: terms.inviter.name.clone(),
        invited: terms.invited.office.to_string(),
        invited_name: terms.invited.name.clone(),
        fingerprint: (&invited.fingerprint()).into(),
    }
}

/// A second device of an office: its own signing key, and an age key only to read back what it sealed itself.
fn create_second(
    path: &Path,
    terms: &Invitation,
    inspector: Option<String>,
    dirs: &[PathBuf],
    clock: Clock,
) -> Outcome<Writing> {
    let device = SigningKey::generate()?;
    let age = exchange::AgeIdentity::generate();
    let mut book = Book::create(path)?;
    book.transact::<_, Failure>(|writer| {
        writer.set_meta(meta::OFFICE, terms.invited.office.as_str())?;
        writer.set_meta(meta::OFFICE_NAME, &terms.inviter.name)?;
        if let Some(inspector) = &inspector {
            writer.set_meta(meta::INSPECTOR, inspector.trim())?;
        }
        writer.set_meta(meta::DEVICE_KEY, &device.to_text())?;
        writer.set_meta(meta::AGE_KEY, &age.to_text())?;
        Ok(())
    })?;
    Writing::of_book(book, dirs, clock, true)
}
