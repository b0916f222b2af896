//! Verify, plan, apply: a package is looked at before anything of it counts.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use domain::Notice;
use exchange::{AgeIdentity, Hash32, Opened, Purpose, Refusal, Verified};
use sha2::{Digest, Sha256};
use store::{DeviceRow, PackageState, StoreError};

use super::absorb::Absorb;
use super::printed::compare;
use super::{ImportRequest, Plan, Tell, file_name};
use crate::failure::{Failure, Outcome};
use crate::files::cannot_read;
use crate::keys::{BookTrust, identities};
use crate::offices::FingerprintView;
use crate::session::Session;

/// A package copied off the stick, so that the stick may leave.
pub(super) struct Inbox {
    pub path: PathBuf,
    pub sha256: [u8; 32],
}
impl Session {
    /// Verifies a package and shows what importing it would do. Changes nothing but who is let in, if that was confirmed.
    pub fn plan(&mut self, request: &ImportRequest, tell: &mut Tell) -> Outcome<Plan> {
        let (inbox, verified, identities) = self.receive(request, tell)?;
        let plan = self.rehearse(request, &inbox, &verified, &identities, tell);
        let _ = std::fs::remove_file(&inbox.path);
        plan
    }

    /// Imports a package: verified, planned and applied in one transaction. `token` is a plan's, if one was looked at.
    pub fn import(&mut self, request: &ImportRequest, token: Option<&str>, tell: &mut Tell) -> Outcome<Plan> {
        let (inbox, verified, identities) = self.receive(request, tell)?;
        let outcome = self.apply(request, token, &inbox, &verified, &identities, tell);
        let _ = std::fs::remove_file(&inbox.path);
        outcome
    }

    /// Copies the file off the stick, opens it, and lets the sender in if a person said so.
    fn receive(&mut self, request: &ImportRequest, tell: &mut Tell) -> Outcome<(Inbox, Verified, Vec<AgeIdentity>)> {
        let inbox = self.copy_in(&request.file)?;
        let received = self.open_copy(request, &inbox, tell);
        if received.is_err() {
            let _ = std::fs::remove_file(&inbox.path);
        }
        let (verified, identities) = received?;
        Ok((inbox, verified, identities))
    }

    fn open_copy(
        &mut self,
        request: &ImportRequest,
        inbox: &Inbox,
        tell: &mut Tell,
    ) -> Outcome<(Verified, Vec<AgeIdentity>)> {
        let now = self.clock.millis();
        let identities = self.book.read::<_, Failure>(identities)?;
        let mut confirmed = false;
        loop {
            let trust = self.book.read::<_, Failure>(|reader| BookTrust::of(reader, &self.office, now))?;
            let mut file = File::open(&inbox.path).map_err(StoreError::from)?;
            match exchange::open(&mut file, &identities, &trust, &mut |step| tell(step.into()))? {
                Opened::Verified(verified) => {
                    self.refuse_known(request, inbox, &verified)?;
                    return Ok((verified, identities));
                }
                Opened::Joining(joining) if !confirmed => {
                    let shown = FingerprintView::from(&joining.fingerprint);
                    let agreed = match &request.confirm_device {
                        None => false,
                        Some(None) => true,
                        Some(Some(words)) => same_words(words, &shown.zh) || same_words(words, &shown.en),
                    };
                    if !agreed {
                        return Err(self.waiting(&joining, shown, request.confirm_device.is_some()));
                    }
                    self.admit(&joining)?;
                    confirmed = true;
                }
                Opened::Joining(joining) => {
                    return Err(Notice::new("device-unconfirmed")
                        .with("office", &joining.office)
                        .with("device", &joining.device)
                        .into());
                }
            }
        }
    }

    /// Notes who asks and waits, so that of two who ask by one invitation each is shown beside the other.
    fn waiting(&mut self, joining: &exchange::Joining, shown: FingerprintView, compared: bool) -> Failure {
        let now = self.clock.millis();
        let noted = self.book.transact::<_, Failure>(|writer| {
            let id = joining.invitation.id.to_string();
            let admitted =
                writer.invitations()?.into_iter().find(|given| given.id == id).and_then(|given| given.device);
            let another = writer.devices()?.into_iter().find(|asker| {
                let same_office = joining.invitation.purpose == Purpose::Office && asker.office == joining.office;
                same_office && !asker.confirmed && asker.id != joining.device
            });
            writer.put_device(&DeviceRow {
                id: joining.device.clone(),
                office: joining.office.clone(),
                key: joining.device_key.to_text(),
                confirmed: false,
                at: now,
            })?;
            Ok(admitted.or(another.map(|asker| asker.id)))
        });
        let first = match noted {
            Ok((first, _)) => first,
            Err(failure) => return failure,
        };
        let code = match (&first, compared) {
            (Some(first), _) if *first != joining.device => "second-asker",
            (_, true) => "fingerprint-differs",
            (_, false) => "device-unconfirmed",
        };
        Notice::new(code)
            .with("office", &joining.office)
            .with("name", &joining.name)
            .with("device", &joining.device)
            .with("first", first.map(|device| device.to_string()).unwrap_or_default())
            .with("zh", shown.zh)
            .with("en", shown.en)
            .into()
    }

    fn refuse_known(&self, request: &ImportRequest, inbox: &Inbox, verified: &Verified) -> Outcome<()> {
        let uuid = verified.manifest.package.to_string();
        let Some(known) = self.book.read(|reader| reader.package(&uuid, true))? else { return Ok(()) };
        if known.sha256 != inbox.sha256 {
            return Err(Notice::new("same-id-other-bytes").with("id", uuid).into());
        }
        if known.state == PackageState::Applied {
            return Err(Notice::new("package-already-imported")
                .with("package", uuid)
                .with("file", file_name(&request.file))
                .with("office", &known.office)
                .into());
        }
        Ok(())
    }

    fn copy_in(&self, file: &Path) -> Outcome<Inbox> {
        let mut folder = self.book.path().as_os_str().to_owned();
        folder.push(".inbox");
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).map_err(|error| crate::files::cannot_write(&folder, error))?;
        let mut source = File::open(file).map_err(|error| cannot_read(file, error))?;
        let size = source.metadata().map_err(|error| cannot_read(file, error))?;
        if !size.is_file() {
            return Err(Notice::new("file-missing").with("path", file.display()).into());
        }
        if size.len() > exchange::limits::MAX_PACKAGE {
            return Err(Refusal::PackageTooLarge { bytes: size.len(), limit: exchange::limits::MAX_PACKAGE }.into());
        }
        let mut copy =
            tempfile::NamedTempFile::new_in(&folder).map_err(|error| crate::files::cannot_write(&folder, error))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = source.read(&mut buffer).map_err(|error| cannot_read(file, error))?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            copy.write_all(&buffer[..read]).map_err(StoreError::from)?;
        }
        copy.as_file().sync_all().map_err(StoreError::from)?;
        let sha256: [u8; 32] = hash.finalize().into();
        let path = folder.join(format!("{}.sweep", Hash32(sha256)));
        copy.persist(&path).map_err(|error| StoreError::from(error.error))?;
        Ok(Inbox { path, sha256 })
    }

    fn rehearse(
        &mut self,
        request: &ImportRequest,
        inbox: &Inbox,
        verified: &Verified,
        identities: &[AgeIdentity],
        tell: &mut Tell,
    ) -> Outcome<Plan> {
        let before = self.printed(request.as_of)?;
        let token = self.token(inbox)?;
        let absorb = Absorb::of(self, request, inbox, verified)?;
        let fill = self.fill_all(request.as_of);
        let (tally, after) = self.book.rehearse::<_, Failure>(|writer| {
            let tally = absorb.absorb(writer, identities, tell)?;
            Ok((tally, fill(writer)?))
        })?;
        let (cells, cells_in_all) = compare(&before, &after);
        Ok(Plan {
            package: verified.manifest.package.to_string(),
            file: file_name(&request.file),
            from: verified.manifest.sender.office.to_string(),
            from_name: verified.manifest.sender.name.clone(),
            counts: (&tally).into(),
            cells,
            cells_in_all,
            token,
        })
    }

    fn apply(
        &mut self,
        request: &ImportRequest,
        token: Option<&str>,
        inbox: &Inbox,
        verified: &Verified,
        identities: &[AgeIdentity],
        tell: &mut Tell,
    ) -> Outcome<Plan> {
        let now = self.token(inbox)?;
        if token.is_some_and(|seen| seen != now) {
            return Err(Notice::new("plan-outdated").with("file", file_name(&request.file)).into());
        }
        let absorb = Absorb::of(self, request, inbox, verified)?;
        let (tally, _) = self.book.transact::<_, Failure>(|writer| {
            let tally = absorb.absorb(writer, identities, tell)?;
            if tally.withheld > 0 && !request.include_undone {
                return Err(Notice::new("includes-undone")
                    .with("file", file_name(&request.file))
                    .with("count", tally.withheld)
                    .into());
            }
            Ok(tally)
        })?;
        self.load_sent_campaigns()?;
        Ok(Plan {
            package: verified.manifest.package.to_string(),
            file: file_name(&request.file),
            from: verified.manifest.sender.office.to_string(),
            from_name: verified.manifest.sender.name.clone(),
            counts: (&tally).into(),
            cells: Vec::new(),
            cells_in_all: 0,
            token: String::new(),
        })
    }

    /// What a plan was made of: this very file, on the book as it stands.
    fn token(&self, inbox: &Inbox) -> Outcome<String> {
        let state = self.book.read(|reader| reader.state_token())?;
        Ok(format!("{}-{state}", Hash32(inbox.sha256)))
    }
}

/// Words as people type them: case and spacing do not matter.
fn same_words(typed: &str, shown: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    !typed.trim().is_empty() && plain(typed) == plain(shown)
}
