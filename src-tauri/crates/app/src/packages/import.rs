//! Verify, plan, apply: a package is looked at before anything of it counts.

use std::fs::File;

use domain::Notice;
use exchange::{AgeIdentity, Hash32, Joining, Opened, Purpose, Verified};
use store::{DeviceRow, PackageState, Reader, StoreError, Tally};

use super::absorb::{Absorb, Absorbed};
use super::inbox::{Inbox, Kept};
use super::printed::{as_cells, compare};
use super::{Admit, ImportRequest, Plan};
use crate::failure::{Failure, Outcome};
use crate::keys::{BookTrust, identities};
use crate::offices::{FingerprintView, admission};
use crate::session::Session;
use crate::work::{Progress, Stage, Tell, go_on};

/// A package that is verified and waits in the inbox.
pub(super) struct Received {
    pub kept: Kept,
    pub verified: Verified,
    pub identities: Vec<AgeIdentity>,
    pub include_undone: bool,
    /// Its device asks to be let in, and a person agreed: it is when this is taken in.
    pub admitted: Option<Joining>,
}

/// What a person decided beforehand about one file.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    pub admit: Admit,
    /// Count revisions again that an undo withheld.
    pub include_undone: bool,
}

impl Session {
    /// Verifies a package and shows what importing it would do. Nobody is let in by it.
    pub fn plan(&mut self, request: &ImportRequest, tell: &mut Tell) -> Outcome<Plan> {
        self.through_the_inbox(request, tell, |session, received, tell| session.rehearse(request, received, tell))
    }

    /// Imports a package: verified, planned and applied in one transaction. `token` is a plan's, if one was looked at.
    pub fn import(&mut self, request: &ImportRequest, token: Option<&str>, tell: &mut Tell) -> Outcome<Plan> {
        self.through_the_inbox(request, tell, |session, received, tell| {
            let now = session.token(received)?;
            if token.is_some_and(|seen| seen != now) {
                return Err(Notice::new("plan-outdated").with("file", &received.kept.name).into());
            }
            let absorbed = session.apply(received, tell)?;
            Ok(received.plan(absorbed))
        })
    }

    /// Copies the file off the stick, verifies it, and lets go of the copy afterwards whatever happened.
    fn through_the_inbox(
        &mut self,
        request: &ImportRequest,
        tell: &mut Tell,
        act: impl FnOnce(&mut Session, &Received, &mut Tell) -> Outcome<Plan>,
    ) -> Outcome<Plan> {
        let mut inbox = Inbox::of(self);
        let (kept, _) = inbox.copy(&request.file, tell)?;
        let decided = Decided { admit: request.admit.clone(), include_undone: request.include_undone };
        self.receive(kept, &decided, &mut Vec::new(), tell).and_then(|received| act(self, &received, tell))
    }

    /// Opens a package in the inbox. `admitted` are those a person has let in with the packages before it; one that is let
    /// in with this package joins them. The book itself lets them in when their packages are taken in.
    pub(super) fn receive(
        &mut self,
        kept: Kept,
        decided: &Decided,
        admitted: &mut Vec<Joining>,
        tell: &mut Tell,
    ) -> Outcome<Received> {
        let now = self.clock.millis();
        let identities = self.book.read::<_, Failure>(identities)?;
        let mut trust = self.book.read::<_, Failure>(|reader| BookTrust::of(reader, &self.office, now))?;
        admitted.iter().for_each(|joining| trust.trust(joining));
        let mut confirmed = false;
        loop {
            let mut file = File::open(&kept.path).map_err(StoreError::from)?;
            go_on(tell, Progress::at(Stage::Checking, 0, kept.bytes))?;
            match exchange::open(&mut file, &identities, &trust, &mut |step| tell(step.into()))? {
                Opened::Verified(verified) => {
                    self.book.read(|reader| refuse_known(reader, &kept, &verified))?;
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
                    self.book.read::<_, Failure>(|reader| admission(reader, &joining).map(drop))?;
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

    fn rehearse(&mut self, request: &ImportRequest, received: &Received, tell: &mut Tell) -> Outcome<Plan> {
        let fill = self.fill_all(request.as_of);
        let before = self.book.read::<_, Failure>(|reader| fill(reader, tell))?;
        let token = self.token(received)?;
        let absorb = Absorb::of(self, received)?;
        let (absorbed, after) = self.book.dry_run::<_, Failure>(|writer| {
            let absorbed = absorb.absorb(writer, tell)?;
            Ok((absorbed, fill(writer, tell)?))
        })?;
        let (cells, cells_in_all) = as_cells(&compare(&before, &after));
        Ok(Plan { cells, cells_in_all, token, ..received.plan(absorbed) })
    }

    /// Takes one verified package in: all of it or nothing.
    pub(super) fn apply(&mut self, received: &Received, tell: &mut Tell) -> Outcome<Absorbed> {
        let absorb = Absorb::of(self, received)?;
        let (absorbed, _) = self.book.transact::<_, Failure>(|writer| {
            let absorbed = absorb.absorb(writer, tell)?;
            if absorbed.tally.withheld > 0 && !received.include_undone {
                return Err(includes_undone(&received.kept.name, &absorbed.tally).into());
            }
            go_on(tell, Progress::at(Stage::Saving, 0, 0))?;
            Ok(absorbed)
        })?;
        self.load_sent_campaigns()?;
        Ok(absorbed)
    }

    /// What a plan was made of: this very file, on the book as it stands.
    fn token(&self, received: &Received) -> Outcome<String> {
        let state = self.book.read(|reader| reader.state_token())?;
        Ok(format!("{}-{state}", Hash32(received.kept.sha256)))
    }
}

impl Received {
    fn plan(&self, absorbed: Absorbed) -> Plan {
        let manifest = &self.verified.manifest;
        Plan {
            package: manifest.package.to_string(),
            file: self.kept.name.clone(),
            from: manifest.sender.office.to_string(),
            from_name: manifest.sender.name.clone(),
            counts: (&absorbed.tally).into(),
            campaigns: absorbed.campaigns,
            cells: Vec::new(),
            cells_in_all: 0,
            token: String::new(),
        }
    }
}

pub(super) fn includes_undone(file: &str, tally: &Tally) -> Notice {
    Notice::new("includes-undone").with("file", file).with("count", tally.withheld)
}

/// A package that counts already, or one that bears the id of another.
pub(super) fn refuse_known(reader: &Reader, kept: &Kept, verified: &Verified) -> Outcome<()> {
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
