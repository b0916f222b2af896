//! Sealing what the receiver has not confirmed.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use domain::{Notice, OfficeCode};
use exchange::{
    AttachmentRef, AttachmentSource, Direction, Hash32, Held, JoinProof, OfficeRecipients, Outgoing, Receipt, Sender,
};
use store::{OfficeRow, PackageRow, PackageState, Reader, StreamRange};

use super::outcomes::outcomes;
use super::trust::BookTrust;
use super::{Exported, PlanCounts, StoredReceipt};
use crate::failure::{Failure, Outcome};
use crate::files::require_writable;
use crate::names::shown_name;
use crate::offices::keys::{identities, office_keys, own_roster};
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::{Reading, Writing, meta};
use crate::stored::{stored, to_json};

impl Reading {
    /// Streams of the scope, from where the receiver's newest receipt leaves off; whole where it knows another history.
    pub(super) fn unconfirmed(
        &self,
        reader: &Reader,
        peer: &OfficeCode,
        scope: &OfficeCode,
    ) -> Outcome<Vec<StreamRange>> {
        let confirmed: Receipt = StoredReceipt::of(reader, peer)?.map(|kept| kept.held).unwrap_or_default();
        let mut runs = Vec::new();
        for mark in reader.streams()? {
            // What an office above wrote came from there, and only it may sign for it.
            let ours = mark.author.as_ref().is_some_and(|author| self.office().covers(author));
            if !scope.covers(&mark.office) || !ours {
                continue;
            }
            let held = confirmed.iter().find(|held| held.device == mark.device && held.office == mark.office);
            let from = match held {
                Some(held) if reader.stream_hash_at(&mark.device, &mark.office, held.last)? == Some(held.hash.0) => {
                    held.last + 1
                }
                _ => 1,
            };
            runs.extend(reader.runs(&mark.device, &mark.office, from)?);
        }
        Ok(runs)
    }

    /// What asks the office that invited this one to let this book in; none once it has answered, and none for others.
    pub(crate) fn join_proof(&self, reader: &Reader, peer: &OfficeRow) -> Outcome<Option<JoinProof>> {
        let invitation = self.open_invitation(reader)?.filter(|open| open.inviter.office == peer.code);
        let Some(invitation) = invitation else { return Ok(None) };
        let (root, recipients) = match office_keys(reader)? {
            Some(keys) => (keys.root.public(), keys.recipients()),
            None => (invitation.root.clone(), recipients_of(peer)?),
        };
        Ok(Some(JoinProof::new(&invitation, self.public_key(), &root, &recipients)?))
    }
}

impl Writing {
    /// Seals what the receiver has not confirmed. Default receiver: the office that invited this one.
    pub fn export(&mut self, to: Option<&OfficeCode>, file: &Path, tell: &mut ProgressSink) -> Outcome<Exported> {
        if file.exists() {
            return Err(Notice::new("file-exists").with("path", file.display()).into());
        }
        require_writable(file)?;
        report_progress(tell, Progress::at(Stage::Measuring, 0, 0))?;
        let now = self.clock().millis();
        let peer = self.read(|reader| self.receiver(reader, to))?;
        let mut row = PackageRow {
            id: 0,
            uuid: uuid::Uuid::now_v7().to_string(),
            incoming: false,
            office: peer.code.clone(),
            device: self.device().clone(),
            sha256: [0; 32],
            at: now,
            state: PackageState::Sealing,
            manifest: String::new(),
            signature: String::new(),
            file: shown_name(file),
            summary: to_json(&PlanCounts::default()),
        };
        // The number first: whatever becomes of the file, no other package is ever given it.
        let number = self.packages_sealed()? + 1;
        self.transact::<_, Failure>(|writer| {
            writer.set_meta(meta::PACKAGES, &number.to_string())?;
            Ok(writer.put_package(&row)?)
        })?;
        self.mark_package_sealed(number);
        match self.seal_and_note(&peer, number, &mut row, file, tell) {
            Ok(exported) => Ok(exported),
            Err(failure) => {
                // Nothing was left at `file`; where not even this can be noted, the log goes on saying that it is not finished.
                let _ = self.transact::<_, Failure>(|writer| Ok(writer.drop_unsealed(&row.uuid)?));
                Err(failure)
            }
        }
    }

    fn seal_and_note(
        &mut self,
        peer: &OfficeRow,
        number: u64,
        row: &mut PackageRow,
        file: &Path,
        tell: &mut ProgressSink,
    ) -> Outcome<Exported> {
        let now = row.at;
        let (sealed, runs, fingerprint) = self.read::<_, Failure>(|reader| {
            let direction = if peer.relation == "upper" { Direction::Up } else { Direction::Down };
            let recipients = recipients_of(peer)?;
            let trust = BookTrust::of(reader, self.office(), now)?;
            let scope = if direction == Direction::Up { self.office() } else { &peer.code };
            let runs = self.unconfirmed(reader, &peer.code, scope)?;
            let keys = office_keys(reader)?;
            let own = identities(reader)?.into_iter().next().ok_or_else(|| Notice::new("no-office-keys"))?;
            let join = self.join_proof(reader, peer)?;
            let fingerprint = join.as_ref().map(|proof| (&proof.fingerprint()).into());
            let sender = Sender {
                office: self.office().clone(),
                name: self.office_name().to_owned(),
                device: self.device().clone(),
                certificate: stored(reader.meta(meta::CERTIFICATE)?, meta::CERTIFICATE)?,
                roster: keys.as_ref().map(|keys| own_roster(reader, keys, self.office())).transpose()?,
            };
            let campaigns: Vec<Vec<u8>> = match direction {
                Direction::Up => Vec::new(),
                Direction::Down => self.bundles(),
            };
            let mut photos = BTreeMap::new();
            for run in &runs {
                photos.extend(reader.attachments_of(run)?);
            }
            let outgoing = Outgoing {
                package: row.uuid.parse().map_err(|_| Notice::new("book-damaged").with("detail", &row.uuid))?,
                number,
                created: now,
                direction,
                sender,
                recipient: peer.code.clone(),
                recipients: &recipients,
                own: &own,
                key: self.device_key(),
                receipt: receipt(reader)?,
                outcomes: if direction == Direction::Down { outcomes(reader, &peer.code)? } else { Vec::new() },
                join,
                attachments: photos
                    .iter()
                    .map(|(sha256, size)| AttachmentRef { sha256: Hash32(*sha256), size: *size })
                    .collect(),
                campaigns: &campaigns,
                author: &|device| trust.author(device),
            };
            let mut lines = |sink: &mut dyn FnMut(&[u8]) -> Outcome<()>| {
                runs.iter().try_for_each(|run| reader.lines(run, sink).map(drop))
            };
            let sealed =
                exchange::seal(file, outgoing, &mut lines, &mut Photos { reader }, &mut |step| tell(step.into()))?;
            Ok((sealed, runs, fingerprint))
        })?;
        row.sha256 = sealed.package.0;
        row.state = PackageState::Written;
        row.manifest = to_json(&sealed.manifest);
        row.summary = to_json(&PlanCounts { revisions: sealed.manifest.counts.revisions, ..PlanCounts::default() });
        let noted = self.transact::<_, Failure>(|writer| {
            for run in &runs {
                writer.mark_sent(&run.device, &run.office, run.last)?;
            }
            writer.put_package(row)?;
            Ok(())
        });
        if let Err(failure) = noted {
            // What the book does not know as written must not be handed on.
            let _ = std::fs::remove_file(file);
            return Err(failure);
        }
        Ok(Exported {
            package: row.uuid.clone(),
            to: peer.code.to_string(),
            to_name: peer.name.clone(),
            file: file.display().to_string(),
            revisions: sealed.manifest.counts.revisions,
            records: sealed.manifest.counts.records,
            bytes: sealed.bytes,
            fingerprint,
        })
    }
}

fn recipients_of(office: &OfficeRow) -> Outcome<OfficeRecipients> {
    Ok(serde_json::from_str(&office.recipients)
        .map_err(|_| Notice::new("book-damaged").with("detail", "recipients"))?)
}

/// What this book holds, as a receipt.
fn receipt(reader: &Reader) -> Outcome<Receipt> {
    let mut receipt = Receipt::new();
    for mark in reader.streams()? {
        let withheld = reader.first_withheld(&mark.device, &mark.office)?;
        let last = withheld.map_or(mark.held, |first| mark.held.min(first - 1));
        if last == 0 {
            continue;
        }
        if let Some(hash) = reader.stream_hash_at(&mark.device, &mark.office, last)? {
            receipt.push(Held { device: mark.device, office: mark.office, last, hash: Hash32(hash) });
        }
    }
    Ok(receipt)
}

struct Photos<'a> {
    reader: &'a Reader<'a>,
}

impl AttachmentSource<Failure> for Photos<'_> {
    fn open(&mut self, sha256: &Hash32) -> Outcome<Option<Box<dyn Read + '_>>> {
        let bytes = self.reader.attachment(&sha256.0)?;
        Ok(bytes.map(|bytes| Box::new(std::io::Cursor::new(bytes)) as Box<dyn Read>))
    }
}
