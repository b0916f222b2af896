//! Opening and making the book, and what the page must know before it can show anything.

use std::path::PathBuf;

use domain::Notice;
use domain::schema::{Kind, Vocabulary};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Desk, file_name};
use crate::books::{BookStatus, NewBook};
use crate::campaigns::CampaignView;
use crate::failure::Outcome;
use crate::messages::Language;
use crate::offices::InvitationView;
use crate::session::Session;

/// No question, or no answer beyond that it was done.
#[derive(Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts", type = "Record<string, never>")]
pub struct Nothing {}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DeskView {
    /// The open book; none on the first start.
    pub book: Option<BookStatus>,
    /// Today in China.
    pub today: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct CreateBook {
    pub office: String,
    pub name: String,
    pub inspector: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct OpenBook {
    #[ts(type = "string")]
    pub file: PathBuf,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct JoinBook {
    #[ts(type = "string")]
    pub file: PathBuf,
    pub inspector: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Joined {
    pub desk: DeskView,
    pub invitation: InvitationView,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct SchemaView {
    #[ts(type = "Kind[]")]
    pub kinds: Vec<Kind>,
    #[ts(type = "Vocabulary[]")]
    pub vocabularies: Vec<Vocabulary>,
    pub campaigns: Vec<CampaignView>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct FindDivision {
    /// Part of the full name, or the beginning of the code.
    pub text: String,
    pub limit: u32,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct DivisionView {
    pub code: String,
    pub name: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct WriteFile {
    #[ts(type = "string")]
    pub out: PathBuf,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Written {
    pub name: String,
}

fn view(desk: &Desk) -> Outcome<DeskView> {
    let book = desk.session.as_ref().map(Session::status).transpose()?;
    Ok(DeskView { book, today: desk.clock.today().to_string() })
}

/// Opens the book where one stands at its usual place.
pub fn status(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<DeskView> {
    if desk.session.is_none() && desk.path.exists() {
        desk.session = Some(Session::open(&desk.path, &desk.campaign_dirs, desk.clock)?);
    }
    view(desk)
}

fn make_folder(desk: &Desk) -> Outcome<()> {
    match desk.path.parent() {
        Some(folder) => std::fs::create_dir_all(folder).map_err(|error| crate::files::cannot_write(folder, error)),
        None => Ok(()),
    }
}

pub fn create(desk: &mut Desk, input: CreateBook, _: Language) -> Outcome<DeskView> {
    make_folder(desk)?;
    let new = NewBook {
        path: desk.path.clone(),
        office: input.office.trim().parse()?,
        name: input.name,
        inspector: Some(input.inspector).filter(|name| !name.trim().is_empty()),
    };
    desk.session = Some(Session::create(&new, &desk.campaign_dirs, desk.clock)?);
    view(desk)
}

pub fn open(desk: &mut Desk, input: OpenBook, _: Language) -> Outcome<DeskView> {
    if !input.file.is_file() {
        return Err(Notice::new("file-missing").with("path", input.file.display()).into());
    }
    // The one that is open lets go of its lock first: it may be the same file.
    desk.session = None;
    desk.session = Some(Session::open(&input.file, &desk.campaign_dirs, desk.clock)?);
    desk.path = input.file;
    view(desk)
}

pub fn join(desk: &mut Desk, input: JoinBook, _: Language) -> Outcome<Joined> {
    make_folder(desk)?;
    let inspector = Some(input.inspector).filter(|name| !name.trim().is_empty());
    desk.session = None;
    let (session, invitation) = Session::join(&desk.path, &input.file, inspector, &desk.campaign_dirs, desk.clock)?;
    desk.session = Some(session);
    Ok(Joined { desk: view(desk)?, invitation })
}

pub fn schema(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<SchemaView> {
    let library = &desk.session()?.library;
    Ok(SchemaView {
        kinds: library.schema().kinds.iter().filter(|kind| !kind.reserved).cloned().collect(),
        vocabularies: library.schema().vocabularies.clone(),
        campaigns: library.campaigns().map(CampaignView::from).collect(),
    })
}

pub fn divisions(desk: &mut Desk, input: FindDivision, _: Language) -> Outcome<Vec<DivisionView>> {
    let session = desk.session()?;
    let divisions = session.library.divisions();
    let text = input.text.trim();
    // With nothing typed, the office's own part of the country is the likeliest.
    let own = session.office().division();
    let near = own.trim_end_matches("00");
    let begins = if text.is_empty() { near } else { text };
    let found = divisions
        .iter()
        .filter_map(|(code, _)| Some((code, divisions.full_name(code)?)))
        .filter(|(code, name)| code.starts_with(begins) || !text.is_empty() && name.contains(text))
        .take(input.limit as usize)
        .map(|(code, name)| DivisionView { code: code.to_owned(), name })
        .collect();
    Ok(found)
}

pub fn keys(desk: &mut Desk, input: WriteFile, _: Language) -> Outcome<Written> {
    desk.session()?.write_keys(&input.out)?;
    Ok(Written { name: file_name(&input.out) })
}
