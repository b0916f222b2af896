//! A verified package on its way into the book, the same for a plan and for an import.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use campaign::Library;
use domain::{Notice, OfficeCode};
use exchange::{Direction, Item, Refusal};
use store::{PackageRow, PackageState, StoreError, Tally, Writer};

use super::verify::{Received, refuse_known};
use super::{CampaignLine, PlanCounts, StoredReceipt, campaign_fits, take_in_campaigns};
use crate::failure::{Failure, Outcome};
use crate::filings::brought::{FilingLine, brought};
use crate::offices::admit;
use crate::progress::ProgressSink;
use crate::session::{Reading, meta};
use crate::stored::{stored, to_json};

/// One verified package on its way into a transaction.
pub(super) struct PackageToApply<'a> {
    received: &'a Received,
    row: PackageRow,
    reactivate: bool,
    now: u64,
    own: OfficeCode,
    library: Arc<Library>,
}

/// What came of it.
pub(super) struct AppliedPackage {
    pub tally: Tally,
    pub campaigns: Vec<CampaignLine>,
    pub filings: Vec<FilingLine>,
}

impl<'a> PackageToApply<'a> {
    pub fn of(session: &Reading, received: &'a Received) -> Outcome<Self> {
        let manifest = &received.verified.manifest;
        let uuid = manifest.package.to_string();
        let known = session.read(|reader| reader.package(&uuid, true))?;
        let now = session.clock().millis();
        Ok(PackageToApply {
            received,
            reactivate: received.include_undone || known.is_some_and(|known| known.state == PackageState::Undone),
            row: PackageRow {
                id: 0,
                uuid,
                incoming: true,
                office: manifest.sender.office.clone(),
                device: manifest.sender.device.clone(),
                sha256: received.kept.sha256,
                at: now,
                state: PackageState::Applied,
                manifest: received.verified.manifest_text.clone(),
                signature: received.verified.signature.clone(),
                file: received.kept.name.clone(),
                summary: String::new(),
            },
            now,
            own: session.office().clone(),
            library: session.shared_library(),
        })
    }

    pub fn apply(&self, writer: &mut Writer, tell: &mut ProgressSink) -> Outcome<AppliedPackage> {
        let Received { kept, verified, identities, .. } = self.received;
        let manifest = &verified.manifest;
        // Of several packages taken in together one may bear the id of another.
        refuse_known(writer, kept, verified)?;
        if let Some(joining) = &self.received.admitted {
            admit(writer, joining, self.now)?;
        }
        let known = writer.campaign_bundles()?;
        let id = writer.put_package(&self.row)?;
        for stream in &manifest.streams {
            writer.put_stream_author(&stream.device, &stream.office, &stream.author)?;
        }
        let mut file = File::open(&kept.path).map_err(StoreError::from)?;
        file.seek(SeekFrom::Start(0)).map_err(StoreError::from)?;
        let mut photos = Photos::beside(&kept.path)?;
        // What an office below says a campaign is, is nobody's business here.
        let from_above = manifest.direction == Direction::Down;
        let mut campaigns: Vec<Vec<u8>> = Vec::new();
        let tally = writer.ingest::<Failure>(id, self.reactivate, self.now, |sink| {
            verified.read(&mut file, identities, &mut |step| tell(step.into()), &mut |item| {
                match item {
                    Item::Line(line) => sink(line)?,
                    Item::Attachment { sha256, reader, .. } => {
                        photos.put_by(sha256.0, reader).map_err(Refusal::from)?
                    }
                    Item::Campaign(_) if !from_above => {}
                    Item::Campaign(bytes) => {
                        campaign_fits(campaigns.len() + 1, bytes)?;
                        campaigns.push(bytes.to_vec());
                    }
                }
                Ok(())
            })
        })?;
        if tally.revisions != manifest.counts.revisions {
            return Err(Notice::new("counts-wrong")
                .with("what", "revisions")
                .with("expected", manifest.counts.revisions)
                .with("found", tally.revisions)
                .into());
        }
        photos.into_book(writer)?;
        let campaigns = take_in_campaigns(writer, &self.library, &campaigns, Some(id), &known, self.now)?;
        self.note_sender(writer)?;
        writer.put_package(&PackageRow { summary: to_json(&PlanCounts::from(&tally)), ..self.row.clone() })?;
        let filings = brought(writer, &self.library, id)?;
        Ok(AppliedPackage { tally, campaigns, filings })
    }

    /// The sender's receipt, roster and, if it is the office above, that it knows us now.
    fn note_sender(&self, writer: &mut Writer) -> Outcome<()> {
        let manifest = &self.received.verified.manifest;
        let peer = &manifest.sender.office;
        let kept = StoredReceipt::of(writer, peer)?;
        let device = manifest.sender.device.to_string();
        if kept.is_none_or(|kept| kept.device != device || kept.number < manifest.number) {
            let receipt = StoredReceipt {
                device,
                number: manifest.number,
                held: manifest.receipt.clone(),
                outcomes: manifest.outcomes.clone(),
            };
            writer.put_receipt(peer, manifest.number, &to_json(&receipt))?;
        }
        if *peer == self.own {
            return Ok(());
        }
        let Some(mut office) = writer.office(peer)? else { return Ok(()) };
        if let Some(roster) = &self.received.verified.roster {
            let text = Some(office.roster.clone()).filter(|text| !text.is_empty());
            let known = stored::<exchange::Roster>(text, "roster")?.map_or(0, |known| known.number);
            if roster.number > known {
                office.roster = to_json(roster);
                writer.put_office(&office)?;
            }
        }
        if office.relation == "upper" && writer.meta(meta::INVITATION)?.is_some() {
            writer.remove_meta(meta::INVITATION)?;
        }
        Ok(())
    }
}

/// Content that waits for the lines before it, in a file that goes with it: a package may hold more than memory does.
struct Photos {
    file: File,
    kept: Vec<([u8; 32], u64)>,
}

impl Photos {
    fn beside(path: &Path) -> Outcome<Self> {
        let file = tempfile::tempfile_in(path.parent().unwrap_or(Path::new("."))).map_err(StoreError::from)?;
        Ok(Photos { file, kept: Vec::new() })
    }

    fn put_by(&mut self, sha256: [u8; 32], reader: &mut dyn Read) -> std::io::Result<()> {
        let size = std::io::copy(reader, &mut self.file)?;
        self.kept.push((sha256, size));
        Ok(())
    }

    fn into_book(mut self, writer: &mut Writer) -> Outcome<()> {
        self.file.seek(SeekFrom::Start(0)).map_err(StoreError::from)?;
        for (sha256, size) in self.kept {
            let mut bytes = Vec::new();
            (&mut self.file).take(size).read_to_end(&mut bytes).map_err(StoreError::from)?;
            writer.put_attachment(sha256, &bytes)?;
        }
        Ok(())
    }
}
