//! Packages as the page sends, looks at, takes in and takes back; invitations and conflicts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::open::Nothing;
use super::tables::{CellPlace, place};
use super::{Desk, file_name};
use crate::conflicts::ConflictView;
use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::offices::InvitationView;
use crate::packages::{Exported, ImportRequest, PackageView, Plan, PlanCounts};
use crate::session::Session;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Export {
    /// Null for the office that invited this one.
    pub to: Option<String>,
    #[ts(type = "string")]
    pub out: PathBuf,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ExportedView {
    pub name: String,
    pub exported: Exported,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Import {
    #[ts(type = "string")]
    pub file: PathBuf,
    /// The token of the plan a person agreed to; null while looking.
    pub token: Option<String>,
    /// The sender's device is new and a person has compared its fingerprint.
    pub confirm_device: bool,
    pub include_undone: bool,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PlanView {
    pub plan: Plan,
    /// The words of each of the plan's cells, in the same order.
    pub places: Vec<CellPlace>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Undo {
    pub package: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PackageLine {
    #[serde(flatten)]
    #[ts(flatten)]
    pub package: PackageView,
    pub office_name: String,
    /// The day it came or went, in China.
    pub day: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Invite {
    pub office: String,
    pub name: String,
    #[ts(type = "string")]
    pub out: PathBuf,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ConflictLine {
    #[serde(flatten)]
    #[ts(flatten)]
    pub conflict: ConflictView,
    pub record_title: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Resolve {
    pub conflict: String,
    /// The revision whose value holds.
    pub keep: String,
}

pub fn export(desk: &mut Desk, input: Export, _: Language) -> Outcome<ExportedView> {
    let to = input.to.as_deref().map(str::parse).transpose()?;
    let mut tell = desk.work.tell();
    let exported = desk.session_mut()?.export(to.as_ref(), &input.out, &mut tell)?;
    Ok(ExportedView { name: file_name(&input.out), exported })
}

fn request(input: &Import) -> ImportRequest {
    ImportRequest {
        file: input.file.clone(),
        confirm_device: input.confirm_device.then_some(None),
        include_undone: input.include_undone,
        as_of: None,
    }
}

fn in_words(session: &Session, plan: Plan, language: Language) -> PlanView {
    let places = plan.cells.iter().map(|cell| place(session, language, &cell.form, &cell.row, &cell.column)).collect();
    PlanView { plan, places }
}

pub fn plan(desk: &mut Desk, input: Import, language: Language) -> Outcome<PlanView> {
    let mut tell = desk.work.tell();
    let session = desk.session_mut()?;
    let plan = session.plan(&request(&input), &mut tell)?;
    Ok(in_words(session, plan, language))
}

pub fn apply(desk: &mut Desk, input: Import, language: Language) -> Outcome<PlanView> {
    let mut tell = desk.work.tell();
    let session = desk.session_mut()?;
    let plan = session.import(&request(&input), input.token.as_deref(), &mut tell)?;
    Ok(in_words(session, plan, language))
}

pub fn undo(desk: &mut Desk, input: Undo, _: Language) -> Outcome<PlanCounts> {
    desk.session_mut()?.undo(&input.package)
}

pub fn list(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<Vec<PackageLine>> {
    let session = desk.session()?;
    let packages = session.packages()?;
    session.book.read::<_, Failure>(|reader| {
        let line = |package: PackageView| {
            let office = package.office.parse()?;
            let day = crate::clock::Clock::Fixed(package.at).today().to_string();
            Ok(PackageLine { office_name: session.name_of(reader, &office)?, day, package })
        };
        packages.into_iter().map(line).collect()
    })
}

pub fn invite(desk: &mut Desk, input: Invite, _: Language) -> Outcome<InvitationView> {
    let office = input.office.trim().parse()?;
    desk.session_mut()?.invite(&office, &input.name, &input.out)
}

pub fn conflicts(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<Vec<ConflictLine>> {
    let session = desk.session()?;
    let open = session.conflicts()?;
    session.book.read::<_, Failure>(|reader| {
        let line = |conflict: ConflictView| {
            let record = reader.record(conflict.record.parse()?)?;
            let record_title = match &record {
                Some(record) => super::records::title_of(session, reader, record)?,
                None => conflict.record.clone(),
            };
            Ok(ConflictLine { conflict, record_title })
        };
        open.into_iter().map(line).collect()
    })
}

pub fn resolve(desk: &mut Desk, input: Resolve, _: Language) -> Outcome<Nothing> {
    desk.session_mut()?.resolve(&input.conflict, &input.keep)?;
    Ok(Nothing {})
}
