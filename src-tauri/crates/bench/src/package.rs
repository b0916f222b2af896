//! A sealed package of the made-up city, and the region's book that takes it in as the program does: verified to its end,
//! then read again into one transaction.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use domain::{DeviceId, Notice, OfficeCode};
use exchange::{
    AgeIdentity, Direction, Item, NoAttachments, OfficeKeys, Opened, Outgoing, PendingInvitation, Progress, PublicKey,
    Refusal, Roster, Sealed, Sender, SigningKey, Trust, Verified,
};
use store::{Book, PackageRow, PackageState, StoreError, Tally};
use testkit::clock::{DAY, NOW};
use testkit::offices::{NINGXIA, office};
use uuid::Uuid;

use crate::failure::{Failure, Outcome};
use crate::ledger::{self, CITY, Size};

/// When everything is read: after the last record was made.
pub const THEN: u64 = NOW + 4_000 * DAY;

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The two offices and their keys.
pub struct Offices {
    city: OfficeKeys,
    city_device: SigningKey,
    region: OfficeKeys,
}

/// Seals the lines of a size at `path`.
pub fn seal(path: &Path, size: Size, offices: &Offices) -> Outcome<Sealed> {
    let recipients = offices.region.recipients();
    let city = office(CITY);
    let outgoing = Outgoing {
        package: ledger::package_id(size),
        number: 1,
        created: THEN,
        direction: Direction::Up,
        sender: Sender {
            office: city.clone(),
            name: "银川市市场监督管理局".into(),
            device: offices.city_device.public().device_id(),
            certificate: Some(offices.city.certify(&city, &offices.city_device.public())?),
            roster: None,
        },
        recipient: office(NINGXIA),
        recipients: &recipients,
        own: &offices.city.age,
        key: &offices.city_device,
        receipt: Vec::new(),
        outcomes: Vec::new(),
        join: None,
        attachments: Vec::new(),
        campaigns: &[],
        author: &|_| Some(city.clone()),
    };
    let mut lines = |sink: &mut dyn FnMut(&[u8]) -> Result<(), Refusal>| {
        ledger::lines::<Refused>(size, &mut |line| sink(line).map_err(Refused)).map_err(|refused| refused.0)
    };
    Ok(exchange::seal(path, outgoing, &mut lines, &mut NoAttachments, &mut go)?)
}

/// Lets the generator's errors pass through the sealer's.
struct Refused(Refusal);

impl From<Notice> for Refused {
    fn from(notice: Notice) -> Self {
        Refused(Refusal::Line { entry: "rev".into(), line: 0, notice })
    }
}

impl Offices {
    pub fn generate() -> Outcome<Self> {
        let (city, _) = OfficeKeys::generate()?;
        let (region, _) = OfficeKeys::generate()?;
        Ok(Offices { city, city_device: SigningKey::generate()?, region })
    }

    /// What the region's book needs to open the package, as one line for a process of its own.
    pub fn to_text(&self) -> String {
        format!("{} {}", self.region.age.to_text(), self.city.root.public().to_text())
    }

    pub fn receiver(&self) -> Receiver {
        Receiver { identities: vec![self.region.age.clone()], sender: self.city.root.public() }
    }
}

/// The region, which knows the city's root.
pub struct Receiver {
    identities: Vec<AgeIdentity>,
    sender: PublicKey,
}

impl Receiver {
    pub fn from_text(text: &str) -> Outcome<Self> {
        let (age, root) = text.split_once(' ').ok_or_else(|| Failure::new("two keys are expected"))?;
        Ok(Receiver { identities: vec![AgeIdentity::from_text(age)?], sender: PublicKey::from_text(root)? })
    }

    /// Imports a package into a book: what a person waits for after agreeing to a plan.
    pub fn import(&self, book: &mut Book, path: &Path) -> Outcome<Tally> {
        let mut file = File::open(path)?;
        let verified = match exchange::open(&mut file, &self.identities, self, &mut go)? {
            Opened::Verified(verified) => verified,
            Opened::Joining(_) => return Err(Failure::new("the city is known")),
        };
        let (tally, _) = book.transact::<_, Failure>(|writer| {
            let package = writer.put_package(&row(&verified))?;
            for stream in &verified.manifest.streams {
                writer.put_stream_author(&stream.device, &stream.office, &stream.author)?;
            }
            writer.ingest::<Failure>(package, false, THEN, |sink| {
                verified.read(&mut file, &self.identities, &mut go, &mut |item| {
                    if let Item::Line(line) = item {
                        sink(line)?;
                    }
                    Ok(())
                })
            })
        })?;
        let expected = verified.manifest.counts.revisions;
        if (tally.revisions, tally.quarantined, tally.pending, tally.conflicts) != (expected, 0, 0, 0) {
            return Err(Failure::new(format!("{expected} revisions were sent, this came of them: {tally:?}")));
        }
        Ok(tally)
    }
}

impl Trust for Receiver {
    fn office(&self) -> OfficeCode {
        office(NINGXIA)
    }

    fn root(&self, of: &OfficeCode) -> Option<PublicKey> {
        (of.as_str() == CITY).then(|| self.sender.clone())
    }

    fn roster(&self, _: &OfficeCode) -> Option<Roster> {
        None
    }

    fn device_office(&self, _: &DeviceId) -> Option<OfficeCode> {
        Some(office(CITY))
    }

    fn invitation(&self, _: &Uuid) -> Option<PendingInvitation> {
        None
    }

    fn now(&self) -> u64 {
        THEN
    }
}

fn row(verified: &Verified) -> PackageRow {
    let manifest = &verified.manifest;
    PackageRow {
        id: 0,
        uuid: manifest.package.to_string(),
        incoming: true,
        office: manifest.sender.office.clone(),
        device: manifest.sender.device.clone(),
        sha256: verified.package.0,
        at: THEN,
        state: PackageState::Applied,
        manifest: verified.manifest_text.clone(),
        signature: verified.signature.clone(),
        file: "city.sweep".into(),
        summary: String::new(),
    }
}

/// Puts first revisions into a book without a package, so that it holds that many records.
pub fn stock(book: &mut Book, size: Size) -> Outcome<()> {
    let (tally, _) = book.transact::<_, Failure>(|writer| {
        let package = writer.put_package(&PackageRow {
            id: 0,
            uuid: Uuid::from_u128(u128::from(size.part) << 64 | u128::from(size.revisions)).to_string(),
            incoming: true,
            office: office(CITY),
            device: testkit::device(1),
            sha256: [0; 32],
            at: THEN,
            state: PackageState::Applied,
            manifest: String::new(),
            signature: String::new(),
            file: String::new(),
            summary: String::new(),
        })?;
        writer.ingest::<Failure>(package, false, THEN, |sink| {
            ledger::lines(size, &mut |line| sink(line).map_err(|error: StoreError| error.into()))
        })
    })?;
    if tally.new_records != size.revisions {
        return Err(Failure::new(format!("{} records were meant, this came of them: {tally:?}", size.revisions)));
    }
    Ok(())
}

/// How many records of each kind a book holds.
pub fn counts(book: &Book) -> Outcome<BTreeMap<String, u64>> {
    let counts = book.read::<_, StoreError>(|reader| reader.counts())?;
    Ok(counts.into_iter().map(|(kind, (live, void))| (kind, live + void)).filter(|(_, count)| *count > 0).collect())
}
