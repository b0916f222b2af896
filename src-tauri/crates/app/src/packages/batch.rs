//! Several packages looked at and taken in together. They follow one another by sender and number; each is a transaction of
//! its own when they are applied, so that one that is refused stops no other, and the plan is the whole sequence played
//! through in one transaction that is taken back.

use domain::{Date, Notice};
use exchange::{Hash32, OutcomeKind};
use serde::Serialize;
use sha2::{Digest, Sha256};
use ts_rs::TS;

use super::apply::{AppliedPackage, PackageToApply};
use super::inbox::{CopiedPackage, Inbox};
use super::outcomes::outcomes;
use super::verify::{BatchFile, Received, includes_undone};
use super::{CampaignLine, PlanCounts};
use crate::failure::{Failure, Outcome};
use crate::filings::brought::FilingLine;
use crate::forms::diff::{FormChange, compare};
use crate::offices::FingerprintView;
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::{Reading, Writing};

/// The codes under which a sender not seen before is held back until a person has compared its fingerprint.
const ASKING: [&str; 2] = ["device-unconfirmed", "second-asker"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// It would be taken in.
    Ready,
    /// Its sender's device asks to be let in.
    Asking,
    /// It holds what was undone once, and needs a yes.
    Undone,
    Refused,
    /// Taken in.
    Applied,
    /// Not begun, since the person stopped before.
    Stopped,
}

/// Who sealed a package, as its signed manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SealedBy {
    pub package: String,
    pub office: String,
    pub name: String,
    pub device: String,
    pub number: u64,
    /// Milliseconds since 1970 by the sender's clock.
    pub sealed: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlan {
    pub key: String,
    pub name: String,
    pub bytes: u64,
    pub status: ImportStatus,
    pub from: Option<SealedBy>,
    /// Code and name of the office that asks to be let in.
    pub asker: Option<(String, String)>,
    pub counts: PlanCounts,
    /// Campaigns it brings.
    pub campaigns: Vec<CampaignLine>,
    /// Filings it brings, new, corrected or late.
    pub filings: Vec<FilingLine>,
    /// Against what the files before it leave behind.
    pub changes: Vec<FormChange>,
    /// Why it is refused, or what it waits for.
    pub notices: Vec<Notice>,
    pub fingerprint: Option<FingerprintView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchPlan {
    /// In the order in which they would be taken in; those that would not, last.
    pub files: Vec<FilePlan>,
    /// What becomes of each form when all that are ready are taken in.
    pub changes: Vec<FormChange>,
    /// Passing this to the import makes it refuse if the book has changed since.
    pub token: String,
}

/// What became of one file, and what its sender will be told by the next package that goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReceipt {
    pub plan: FilePlan,
    pub reported: ReportedOutcomes,
    /// A package can be sealed for the sender.
    pub can_answer: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
pub struct ReportedOutcomes {
    /// Of the sender's records, those in conflict here.
    pub conflicting: u64,
    pub duplicate: u64,
    pub returned: u64,
}

/// The files of a batch after verifying.
#[derive(Default)]
struct Sorted {
    ready: Vec<Received>,
    held_back: Vec<FilePlan>,
}

impl Reading {
    /// Adds what the sender will be told, as the book stands after all of them.
    fn complete(&self, receipt: &mut FileReceipt) -> Outcome<()> {
        let Some(from) = &receipt.plan.from else { return Ok(()) };
        let office = from.office.parse()?;
        self.read::<_, Failure>(|reader| {
            receipt.can_answer = office != *self.office() && reader.office(&office)?.is_some();
            for outcome in outcomes(reader, &office)? {
                match outcome.outcome {
                    OutcomeKind::Conflicting => receipt.reported.conflicting += 1,
                    OutcomeKind::Duplicate => receipt.reported.duplicate += 1,
                    OutcomeKind::Returned => receipt.reported.returned += 1,
                    OutcomeKind::Accepted => {}
                }
            }
            Ok(())
        })
    }

    /// What a batch's plan was made of: these files and decisions, on the book as it stands.
    pub(super) fn batch_token(&self, files: &[BatchFile]) -> Outcome<String> {
        let state = self.read(|reader| reader.state_token())?;
        let mut hash = Sha256::new();
        for file in files {
            hash.update(format!("{} {:?} {}\n", file.key, file.admit, file.include_undone));
        }
        Ok(format!("{}-{state}", Hash32(hash.finalize().into())))
    }
}

impl Writing {
    /// Verifies files of the inbox and plays them through, one after another. Changes nothing, and lets nobody in.
    pub fn plan_batch(
        &mut self,
        inbox: &Inbox,
        files: &[BatchFile],
        as_of: Option<Date>,
        tell: &mut ProgressSink,
    ) -> Outcome<BatchPlan> {
        let mut sorted = self.verify(inbox, files, tell)?;
        let fill = self.fill_all(as_of);
        let before = self.read::<_, Failure>(|reader| fill(reader, tell))?;
        let token = self.batch_token(files)?;
        loop {
            let in_all = sorted.ready.len();
            let packages =
                sorted.ready.iter().map(|received| PackageToApply::of(self, received)).collect::<Outcome<Vec<_>>>()?;
            let mut reached = 0;
            let played = self.dry_run::<_, Failure>(|writer| {
                let mut played = Vec::new();
                for (at, package) in packages.iter().enumerate() {
                    reached = at;
                    let mut tell = numbered(tell, at, in_all);
                    let applied = package.apply(writer, &mut tell)?;
                    played.push((applied, fill(writer, &mut tell)?));
                }
                Ok(played)
            });
            let played = match played {
                Ok(played) => played,
                Err(failure) if failure.code() == "cancelled" => return Err(failure),
                Err(failure) if in_all > 0 => {
                    let refused = sorted.ready.remove(reached);
                    sorted.held_back.push(refused.held_back(ImportStatus::Refused, failure.notices));
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            // One that needs a yes is not part of what the rest becomes.
            let undone = sorted
                .ready
                .iter()
                .zip(&played)
                .position(|(received, (applied, _))| applied.tally.withheld > 0 && !received.include_undone);
            if let Some(at) = undone {
                let received = sorted.ready.remove(at);
                let tally = &played[at].0.tally;
                let notice = includes_undone(&received.kept.name, tally);
                sorted
                    .held_back
                    .push(FilePlan { counts: tally.into(), ..received.held_back(ImportStatus::Undone, vec![notice]) });
                continue;
            }
            let changes = played.last().map(|(_, after)| compare(&before, after)).unwrap_or_default();
            let mut plans = Vec::new();
            let mut was = &before;
            for (received, (applied, after)) in sorted.ready.iter().zip(&played) {
                let mut plan = received.held_back(ImportStatus::Ready, Vec::new());
                plan.counts = (&applied.tally).into();
                plan.campaigns = applied.campaigns.clone();
                plan.filings = applied.filings.clone();
                plan.changes = compare(was, after);
                was = after;
                plans.push(plan);
            }
            plans.extend(sorted.held_back);
            return Ok(BatchPlan { files: plans, changes, token });
        }
    }

    /// Takes in what a plan showed as ready, each file in a transaction of its own. What is refused meanwhile stops no other;
    /// stopping leaves those done before it done, and the rest untouched.
    pub fn import_batch(
        &mut self,
        inbox: &mut Inbox,
        files: &[BatchFile],
        token: &str,
        tell: &mut ProgressSink,
    ) -> Outcome<Vec<FileReceipt>> {
        if self.batch_token(files)? != token {
            let names: Vec<&str> =
                files.iter().filter_map(|file| Some(inbox.get(&file.key).ok()?.name.as_str())).collect();
            return Err(Notice::new("plan-outdated").with("file", names.join("、")).into());
        }
        let Sorted { ready, held_back } = self.verify(inbox, files, tell)?;
        let in_all = ready.len();
        let mut receipts = Vec::new();
        let mut stopped = false;
        for (at, received) in ready.into_iter().enumerate() {
            if stopped {
                receipts.push(FileReceipt::of(received.held_back(ImportStatus::Stopped, Vec::new())));
                continue;
            }
            let outcome = self.apply_package(&received, &mut numbered(tell, at, in_all));
            let mut plan = match &outcome {
                Ok(_) => received.held_back(ImportStatus::Applied, Vec::new()),
                Err(failure) if failure.code() == "cancelled" => {
                    stopped = true;
                    received.held_back(ImportStatus::Stopped, Vec::new())
                }
                Err(failure) if failure.code() == "includes-undone" => {
                    received.held_back(ImportStatus::Undone, failure.notices.clone())
                }
                Err(failure) => received.held_back(ImportStatus::Refused, failure.notices.clone()),
            };
            if let Ok(applied) = outcome {
                plan.counts = (&applied.tally).into();
                plan.campaigns = applied.campaigns;
                plan.filings = applied.filings;
                inbox.discard(&received.kept.key);
            }
            receipts.push(FileReceipt::of(plan));
        }
        receipts.extend(held_back.into_iter().map(FileReceipt::of));
        for receipt in receipts.iter_mut().filter(|receipt| receipt.plan.status == ImportStatus::Applied) {
            self.complete(receipt)?;
        }
        Ok(receipts)
    }

    /// Takes one verified package in: all of it or nothing.
    fn apply_package(&mut self, received: &Received, tell: &mut ProgressSink) -> Outcome<AppliedPackage> {
        let package = PackageToApply::of(self, received)?;
        let (applied, _) = self.transact::<_, Failure>(|writer| {
            let applied = package.apply(writer, tell)?;
            if applied.tally.withheld > 0 && !received.include_undone {
                return Err(includes_undone(&received.kept.name, &applied.tally).into());
            }
            report_progress(tell, Progress::at(Stage::Saving, 0, 0))?;
            Ok(applied)
        })?;
        self.load_sent_campaigns()?;
        Ok(applied)
    }

    /// Opens every file; a new device that is let in by one of them is known to those after it.
    fn verify(&mut self, inbox: &Inbox, files: &[BatchFile], tell: &mut ProgressSink) -> Outcome<Sorted> {
        let mut sorted = Sorted::default();
        let mut admitted = Vec::new();
        for (at, file) in files.iter().enumerate() {
            let kept = inbox.get(&file.key)?.clone();
            match self.receive(kept.clone(), file, &mut admitted, &mut numbered(tell, at, files.len())) {
                Ok(received) => sorted.ready.push(received),
                Err(failure) if failure.code() == "cancelled" => return Err(failure),
                Err(failure) => sorted.held_back.push(held_back(kept, failure)),
            }
        }
        sorted.ready.sort_by(|left, right| left.place().cmp(&right.place()));
        Ok(sorted)
    }
}

impl FileReceipt {
    fn of(plan: FilePlan) -> Self {
        FileReceipt { plan, reported: ReportedOutcomes::default(), can_answer: false }
    }
}

impl Received {
    /// Packages of one device follow one another by number.
    fn place(&self) -> (&str, &str, u64) {
        let manifest = &self.verified.manifest;
        (manifest.sender.office.as_str(), manifest.sender.device.as_str(), manifest.number)
    }

    fn held_back(&self, status: ImportStatus, notices: Vec<Notice>) -> FilePlan {
        let manifest = &self.verified.manifest;
        FilePlan {
            key: self.kept.key.clone(),
            name: self.kept.name.clone(),
            bytes: self.kept.bytes,
            status,
            from: Some(SealedBy {
                package: manifest.package.to_string(),
                office: manifest.sender.office.to_string(),
                name: manifest.sender.name.clone(),
                device: manifest.sender.device.to_string(),
                number: manifest.number,
                sealed: manifest.created,
            }),
            asker: None,
            counts: PlanCounts::default(),
            campaigns: Vec::new(),
            filings: Vec::new(),
            changes: Vec::new(),
            notices,
            fingerprint: None,
        }
    }
}

/// A file that could not be verified, or whose sender waits for a person.
fn held_back(kept: CopiedPackage, failure: Failure) -> FilePlan {
    let asking = ASKING.contains(&failure.code());
    let words = |name: &str| failure.notices.first().and_then(|notice| notice.arg(name)).unwrap_or_default().to_owned();
    FilePlan {
        key: kept.key,
        name: kept.name,
        bytes: kept.bytes,
        status: if asking { ImportStatus::Asking } else { ImportStatus::Refused },
        from: None,
        asker: asking.then(|| (words("office"), words("name"))),
        counts: PlanCounts::default(),
        campaigns: Vec::new(),
        filings: Vec::new(),
        changes: Vec::new(),
        fingerprint: asking.then(|| FingerprintView { zh: words("zh"), en: words("en") }),
        notices: failure.notices,
    }
}

/// Tells of one file among several.
fn numbered<'a>(
    tell: &'a mut ProgressSink<'_>,
    at: usize,
    files: usize,
) -> impl FnMut(Progress) -> std::ops::ControlFlow<()> + 'a {
    move |progress| tell(Progress { file: at as u32 + 1, files: files as u32, ..progress })
}
