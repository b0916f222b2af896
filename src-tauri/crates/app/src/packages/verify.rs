//! A package is verified before anything of it counts, and its sender is known or asks to be let in.

use std::fs::File;

use domain::Notice;
use exchange::{AgeIdentity, Joining, Opened, Purpose, Verified};
use store::{DeviceRow, PackageState, Reader, StoreError, Tally};

use super::inbox::CopiedPackage;
use super::trust::BookTrust;
use crate::failure::{Failure, Outcome};
use crate::offices::keys::identities;
use crate::offices::{FingerprintView, admission};
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::Writing;

/// Whether a device that asks to be let in is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Admit {
    /// It waits for a person.
    #[default]
    Nobody,
    /// Whose words are among those a person was read.
    Words(Vec<String>),
    /// A person says that the words were compared, or need not be.
    Anyone,
}

/// A file in the inbox, and what a person decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFile {
    pub key: String,
    pub admit: Admit,
    /// Count revisions again that an undo withheld.
    pub include_undone: bool,
}

/// A package that is verified and waits in the inbox.
pub(super) struct Received {
    pub kept: CopiedPackage,
    pub verified: Verified,
    pub identities: Vec<AgeIdentity>,
    pub include_undone: bool,
    /// Its device asks to be let in, and a person agreed: it is when this is taken in.
    pub admitted: Option<Joining>,
}

impl Writing {
    /// Opens a package in the inbox. `admitted` are those a person has let in with the packages before it; one that is let
    /// in with this package joins them. The book itself lets them in when their packages are taken in.
    pub(super) fn receive(
        &mut self,
        kept: CopiedPackage,
        decided: &BatchFile,
        admitted: &mut Vec<Joining>,
        tell: &mut ProgressSink,
    ) -> Outcome<Received> {
        let now = self.clock().millis();
        let identities = self.read::<_, Failure>(identities)?;
        let mut trust = self.read::<_, Failure>(|reader| BookTrust::of(reader, self.office(), now))?;
        admitted.iter().for_each(|joining| trust.trust(joining));
        let mut confirmed = false;
        loop {
            let mut file = File::open(&kept.path).map_err(StoreError::from)?;
            report_progress(tell, Progress::at(Stage::Checking, 0, kept.bytes))?;
            match exchange::open(&mut file, &identities, &trust, &mut |step| tell(step.into()))? {
                Opened::Verified(verified) => {
                    self.read(|reader| refuse_known(reader, &kept, &verified))?;
                    let sender = &verified.manifest.sender.device;
                    let admitted = admitted.iter().find(|joining| joining.device == *sender).cloned();
                    let include_undone = decided.include_undone;
                    return Ok(Received { kept, verified, identities, include_undone, admitted });
                }
                Opened::Joining(joining) if !confirmed => {
                    let shown = FingerprintView::from(&joining.fingerprint);
                    let agreed = match &decided.admit {
                        Admit::Nobody => false,
                        Admit::Words(read_out) => read_out.iter().any(|words| shown.is_read_out_as(words)),
                        Admit::Anyone => true,
                    };
                    if !agreed {
                        return Err(self.waiting(&joining, shown, decided.admit != Admit::Nobody));
                    }
                    self.read::<_, Failure>(|reader| admission(reader, &joining).map(drop))?;
                    trust.trust(&joining);
                    admitted.push(joining);
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
        let now = self.clock().millis();
        let noted = self.transact::<_, Failure>(|writer| {
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
}

pub(super) fn includes_undone(file: &str, tally: &Tally) -> Notice {
    Notice::new("includes-undone").with("file", file).with("count", tally.withheld)
}

/// A package that counts already, or one that bears the id of another.
pub(super) fn refuse_known(reader: &Reader, kept: &CopiedPackage, verified: &Verified) -> Outcome<()> {
    let uuid = verified.manifest.package.to_string();
    let Some(known) = reader.package(&uuid, true)? else { return Ok(()) };
    if known.sha256 != kept.sha256 {
        return Err(Notice::new("same-id-other-bytes").with("id", uuid).into());
    }
    if known.state == PackageState::Applied {
        return Err(Notice::new("package-already-imported")
            .with("package", uuid)
            .with("file", &kept.name)
            .with("office", &known.office)
            .into());
    }
    Ok(())
}
