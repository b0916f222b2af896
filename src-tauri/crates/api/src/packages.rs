//! Packages as the page sends, looks at, takes in and takes back.

use std::path::{Path, PathBuf};

use app::clock::minute;
use app::failure::{Failure, Outcome, Problem};
use app::filings::brought::FilingLine;
use app::messages::Language;
use app::names::{file_name, shown_name};
use app::offices::FingerprintView;
use app::packages::lines::{OutcomeLine, PackageLine};
use app::packages::{
    Admit, CampaignLine, Contents, CopiedPackage, Exported, FilePlan, ImportStatus, PlanCounts, ReportedOutcomes,
    SealedBy,
};
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::files::ChosenFile;
use crate::forms::{FormChangeView, change_views};
use crate::views::{Nothing, Written, folder_words};

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportTo {
    /// Null for the office that invited this one.
    pub to: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Null for the office that invited this one.
    pub to: Option<String>,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Serialize, TS)]
pub struct ExportedView {
    pub name: String,
    /// Where it lies, for people to read.
    pub folder: String,
    pub exported: Exported,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InboxFile {
    #[ts(type = "string")]
    pub file: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InboxDiscard {
    pub keys: Vec<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct InboxView {
    pub key: String,
    pub name: String,
    pub bytes: u64,
    /// The very same bytes were there already, under this name.
    pub again: bool,
}

/// A file in the inbox, and what a person decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BatchFile {
    pub key: String,
    /// The sender's device is new, and a person has compared its fingerprint.
    pub admit: bool,
    /// Count again what an undo withheld.
    pub include_undone: bool,
}

fn decided(files: Vec<BatchFile>) -> Vec<app::packages::BatchFile> {
    let decided = |file: BatchFile| app::packages::BatchFile {
        key: file.key,
        admit: if file.admit { Admit::Anyone } else { Admit::Nobody },
        include_undone: file.include_undone,
    };
    files.into_iter().map(decided).collect()
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportBatch {
    pub files: Vec<BatchFile>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApplyBatch {
    pub files: Vec<BatchFile>,
    /// The token of the plan a person agreed to.
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct FileView {
    pub key: String,
    pub name: String,
    pub bytes: u64,
    pub status: ImportStatus,
    pub from: Option<SealedBy>,
    /// Name and code of who sealed it, or asks to be let in; blank where nobody can tell.
    pub sender: String,
    /// When it was sealed, in words.
    pub sealed: Option<String>,
    pub counts: PlanCounts,
    /// Campaigns it brings, in words.
    pub campaigns: Vec<Problem>,
    /// Filings it brings, new, corrected or late.
    pub filings: Vec<FilingLine>,
    pub changes: Vec<FormChangeView>,
    pub problems: Vec<Problem>,
    pub fingerprint: Option<FingerprintView>,
}

#[derive(Debug, Serialize, TS)]
pub struct ImportBatchView {
    pub files: Vec<FileView>,
    pub changes: Vec<FormChangeView>,
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct ReceiptView {
    pub file: FileView,
    pub reported: ReportedOutcomes,
    pub can_answer: bool,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub package: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApplyUndo {
    pub package: String,
    /// The token of the plan a person agreed to.
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct UndoView {
    pub counts: PlanCounts,
    /// Campaigns that came with it and are used no more, in words.
    pub campaigns: Vec<Problem>,
    pub changes: Vec<FormChangeView>,
    pub token: String,
}

pub fn contents(session: &Reading, input: ExportTo, _: Language) -> Outcome<Contents> {
    let to = input.to.as_deref().map(str::parse).transpose()?;
    session.contents(to.as_ref())
}

pub fn export(backend: &mut Backend, input: Export, _: Language) -> Outcome<ExportedView> {
    let to = input.to.as_deref().map(str::parse).transpose()?;
    let mut tell = backend.jobs().of_request();
    let exported = backend.session_mut()?.export(to.as_ref(), &input.out, &mut tell)?;
    Ok(ExportedView { name: shown_name(&input.out), folder: folder_words(&input.out), exported })
}

/// A package for one of several offices, by the name its file is to have.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub office: String,
    pub name: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportAll {
    pub answers: Vec<Answer>,
    /// The folder they are written into.
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Serialize, TS)]
pub struct AnsweredView {
    pub office: String,
    pub written: Option<Written>,
    pub problems: Vec<Problem>,
}

/// Seals a package for each of several offices into one folder. What cannot be written for one stops no other.
pub fn export_all(backend: &mut Backend, input: ExportAll, language: Language) -> Outcome<Vec<AnsweredView>> {
    let mut tell = backend.jobs().of_request();
    let session = backend.session_mut()?;
    let mut answered = Vec::new();
    for Answer { office, name } in input.answers {
        let file = free_file(&input.out, &name);
        let sealed = office.parse().map_err(Failure::from).and_then(|to| session.export(Some(&to), &file, &mut tell));
        match sealed {
            Ok(_) => answered.push(AnsweredView { office, written: Some(Written::at(&file)), problems: Vec::new() }),
            Err(failure) if failure.code() == "cancelled" => return Err(failure),
            Err(failure) => {
                answered.push(AnsweredView { office, written: None, problems: failure.problems(language) });
            }
        }
    }
    Ok(answered)
}

/// A file of that name, or of one like it where there is one; no part of the name leads anywhere else.
fn free_file(folder: &Path, name: &str) -> PathBuf {
    let stem = name.strip_suffix(".sweep").unwrap_or(name);
    let numbered = |n: u32| match n {
        1 => file_name(stem, ".sweep"),
        _ => file_name(stem, &format!("-{n}.sweep")),
    };
    (1..).map(|n| folder.join(numbered(n))).find(|path| !path.exists()).unwrap_or_else(|| folder.join(numbered(1)))
}

pub fn outcomes(session: &Reading, _: Nothing, _: Language) -> Outcome<Vec<OutcomeLine>> {
    session.outcome_lines()
}

fn kept((kept, again): (CopiedPackage, bool)) -> InboxView {
    InboxView { key: kept.key, name: kept.name, bytes: kept.bytes, again }
}

pub fn inbox_file(backend: &mut Backend, input: InboxFile, _: Language) -> Outcome<InboxView> {
    let mut tell = backend.jobs().of_request();
    backend.importing()?.1.copy(&input.file, &mut tell).map(kept)
}

pub fn inbox_discard(backend: &mut Backend, input: InboxDiscard, _: Language) -> Outcome<Nothing> {
    let (_, inbox) = backend.importing()?;
    input.keys.iter().for_each(|key| inbox.discard(key));
    Ok(Nothing {})
}

fn campaign_words(campaigns: &[CampaignLine], language: Language) -> Vec<Problem> {
    campaigns.iter().map(|campaign| Problem::of(&campaign.notice(), language)).collect()
}

fn file_view(session: &Reading, language: Language, plan: FilePlan) -> FileView {
    let named = |office: &str, name: &str| format!("{name}（{office}）");
    let sender = match (&plan.from, &plan.asker) {
        (Some(from), _) => named(&from.office, &from.name),
        (None, Some((office, name))) => named(office, name),
        (None, None) => String::new(),
    };
    FileView {
        key: plan.key,
        sender,
        name: plan.name,
        bytes: plan.bytes,
        status: plan.status,
        sealed: plan.from.as_ref().map(|from| minute(from.sealed)),
        from: plan.from,
        counts: plan.counts,
        campaigns: campaign_words(&plan.campaigns, language),
        filings: plan.filings,
        changes: change_views(session, language, plan.changes),
        problems: plan.notices.iter().map(|notice| Problem::of(notice, language)).collect(),
        fingerprint: plan.fingerprint,
    }
}

pub fn plan(backend: &mut Backend, input: ImportBatch, language: Language) -> Outcome<ImportBatchView> {
    let mut tell = backend.jobs().of_request();
    let (session, inbox) = backend.importing()?;
    let plan = session.plan_batch(inbox, &decided(input.files), None, &mut tell)?;
    let session = backend.session()?;
    Ok(ImportBatchView {
        files: plan.files.into_iter().map(|file| file_view(session, language, file)).collect(),
        changes: change_views(session, language, plan.changes),
        token: plan.token,
    })
}

pub fn apply(backend: &mut Backend, input: ApplyBatch, language: Language) -> Outcome<Vec<ReceiptView>> {
    let mut tell = backend.jobs().of_request();
    let (session, inbox) = backend.importing()?;
    let receipts = session.import_batch(inbox, &decided(input.files), &input.token, &mut tell)?;
    let session = backend.session()?;
    let view = |receipt: app::packages::FileReceipt| ReceiptView {
        file: file_view(session, language, receipt.plan),
        reported: receipt.reported,
        can_answer: receipt.can_answer,
    };
    Ok(receipts.into_iter().map(view).collect())
}

pub fn undo_plan(backend: &mut Backend, input: Undo, language: Language) -> Outcome<UndoView> {
    let mut tell = backend.jobs().of_request();
    let plan = backend.session_mut()?.undo_plan(&input.package, None, &mut tell)?;
    let changes = change_views(backend.session()?, language, plan.changes);
    let campaigns = campaign_words(&plan.campaigns, language);
    Ok(UndoView { counts: plan.counts, campaigns, changes, token: plan.token })
}

pub fn undo(backend: &mut Backend, input: ApplyUndo, _: Language) -> Outcome<PlanCounts> {
    backend.session_mut()?.undo(&input.package, Some(&input.token))
}

pub fn list(session: &Reading, _: Nothing, _: Language) -> Outcome<Vec<PackageLine>> {
    session.package_lines()
}
