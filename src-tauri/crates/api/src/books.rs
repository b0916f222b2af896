//! Opening and making the book, and what the page must know before it can show anything.

use app::books::{BookStatus, NewBook};
use app::campaigns::CampaignView;
use app::clock::minute;
use app::failure::Outcome;
use app::messages::Language;
use app::offices::InvitationView;
use app::session::{Reading, Writing};
use domain::schema::{Kind, Vocabulary};
use domain::{Notice, OfficeCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::divisions::{Division, DivisionView, Fit};
use crate::files::ChosenFile;
use crate::views::{Nothing, WriteFile, Written};

#[derive(Debug, Serialize, TS)]
pub struct StatusView {
    /// The open book; none on the first start.
    pub book: Option<BookStatus>,
    /// Today in China.
    pub today: String,
    /// It is the sample campaign's, not a real one.
    pub sample: bool,
    /// The machine's clock stands before the last save in the open book: it was set back, or its battery is dead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub set_back: Option<SetBack>,
    /// The book can only be looked at: it stands where nothing can be written, or belongs to somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read_only: Option<ReadOnlyBook>,
}

#[derive(Debug, Serialize, TS)]
pub struct ReadOnlyBook {
    pub path: String,
}

/// Day and minute in China.
#[derive(Debug, Serialize, TS)]
pub struct SetBack {
    pub now: String,
    pub saved: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateBook {
    pub office: String,
    pub name: String,
    pub inspector: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenBook {
    #[ts(type = "string")]
    pub file: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinBook {
    #[ts(type = "string")]
    pub file: ChosenFile,
    /// The invitation words a person compared, in either language.
    pub words: String,
    pub inspector: String,
}

#[derive(Debug, Serialize, TS)]
pub struct Joined {
    pub status: StatusView,
    pub invitation: InvitationView,
    /// The campaign that the inviting office has ordered, if any.
    pub campaign: Option<String>,
}

#[derive(Debug, Serialize, TS)]
pub struct SchemaView {
    #[ts(type = "Kind[]")]
    pub kinds: Vec<Kind>,
    #[ts(type = "Vocabulary[]")]
    pub vocabularies: Vec<Vocabulary>,
    pub campaigns: Vec<CampaignView>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindDivision {
    /// Part of the full name, or the beginning of the code.
    pub text: String,
    pub limit: u32,
}

pub(crate) fn view(backend: &Backend) -> Outcome<StatusView> {
    let book = backend.session.as_ref().map(|session| session.status()).transpose()?;
    let sample = backend.is_sample();
    // The sample lives its own weeks again each time it is opened.
    let set_back = if sample { None } else { set_back(backend)? };
    let read_only = backend.session.as_ref().filter(|session| session.read_only().is_some());
    let read_only = read_only.map(|session| ReadOnlyBook { path: session.path().display().to_string() });
    Ok(StatusView { book, today: backend.clock.today().to_string(), sample, set_back, read_only })
}

fn set_back(backend: &Backend) -> Outcome<Option<SetBack>> {
    let Some(session) = &backend.session else { return Ok(None) };
    let saved = session.last_saved()?.filter(|saved| backend.clock.was_set_back(*saved));
    Ok(saved.map(|saved| SetBack { now: minute(backend.clock.millis()), saved: minute(saved) }))
}

/// A person says that the machine's clock is right: it was the last save that was made by a wrong one. What is saved from now
/// on is dated by the right one.
pub fn trust_clock(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<StatusView> {
    let now = backend.clock.millis();
    backend.session_mut()?.trust_clock(now)?;
    view(backend)
}

/// Opens the book that was open last, or stands at its usual place, when first asked.
pub fn status(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<StatusView> {
    backend.begin();
    // Once: a book that cannot be opened is said, and another way is offered.
    match backend.background.lacking.take().or_else(|| backend.background.not_opened.take()) {
        Some(failure) => Err(failure),
        None => view(backend),
    }
}

fn make_folder(backend: &Backend) -> Outcome<()> {
    if backend.path.as_os_str().is_empty() {
        return Err(Notice::new("home-missing").into());
    }
    let folder = backend.folder();
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder).map_err(|error| app::files::cannot_write(&folder, error))
}

pub fn create(backend: &mut Backend, input: CreateBook, _: Language) -> Outcome<StatusView> {
    make_folder(backend)?;
    let office: OfficeCode = input.office.trim().parse()?;
    let new = NewBook {
        path: backend.new_path(office.as_str()),
        office,
        name: input.name,
        inspector: Some(input.inspector).filter(|name| !name.trim().is_empty()),
    };
    let session = Writing::create(&new, &backend.campaign_dirs, backend.own_clock)?;
    backend.let_go();
    backend.adopt(session);
    view(backend)
}

pub fn open(backend: &mut Backend, input: OpenBook, _: Language) -> Outcome<StatusView> {
    if !input.file.is_file() {
        return Err(Notice::new("file-missing").with("path", input.file.display()).into());
    }
    backend.switch_to(&input.file)?;
    view(backend)
}

/// Joins by an invitation: a book is made for the invited office, or the open one takes the inviter as its upper office.
pub fn join(backend: &mut Backend, input: JoinBook, _: Language) -> Outcome<Joined> {
    make_folder(backend)?;
    let inspector = Some(input.inspector).filter(|name| !name.trim().is_empty());
    let peeked = Writing::look_at_invitation(&input.file, backend.own_clock)?;
    let path = match backend.let_go() {
        Some(open) => open,
        None => backend.new_path(&peeked.invited),
    };
    let joined = Writing::join(&path, &input.file, &input.words, inspector, &backend.campaign_dirs, backend.own_clock);
    let (session, invitation) = match joined {
        Ok(joined) => joined,
        Err(failure) => {
            if path.exists() {
                backend.open_at(&path)?;
            }
            return Err(failure);
        }
    };
    let inviter = invitation.inviter.parse()?;
    let campaign = session.campaign_of(&inviter).map(|campaign| campaign.id.clone());
    backend.adopt(session);
    Ok(Joined { status: view(backend)?, invitation, campaign })
}

/// What an invitation says and whom to ask whether it is theirs; nothing is made.
pub fn look_at_invitation(backend: &mut Backend, input: OpenBook, _: Language) -> Outcome<InvitationView> {
    Writing::look_at_invitation(&input.file, backend.own_clock)
}

pub fn schema(session: &Reading, _: Nothing, _: Language) -> Outcome<SchemaView> {
    let library = session.library();
    Ok(SchemaView {
        kinds: library.schema().kinds.clone(),
        vocabularies: library.schema().vocabularies.clone(),
        campaigns: session.campaigns_in_order().into_iter().map(CampaignView::from).collect(),
    })
}

/// The campaigns that concern the office, in the order in which they are offered.
pub fn near_campaigns(session: &Reading, _: Nothing, _: Language) -> Outcome<Vec<String>> {
    let near = session.campaigns_in_order().into_iter().filter(|campaign| session.concerns(campaign));
    Ok(near.map(|campaign| campaign.id.clone()).collect())
}

pub fn divisions(backend: &mut Backend, input: FindDivision, _: Language) -> Outcome<Vec<DivisionView>> {
    let own = backend.session.as_ref().map(|session| session.office().clone());
    let divisions = backend.divisions()?;
    let text = input.text.trim();
    let wanted = text.to_ascii_lowercase();
    // With nothing typed, the office's own part of the country is the likeliest; before there is one, the provinces.
    let fit = |each: &Division| match text {
        "" if own.is_none() => each.code.ends_with("0000").then_some(Fit::Begins),
        "" => (distance(own.as_ref(), &each.code) < ELSEWHERE).then_some(Fit::Begins),
        _ => each.fit(text, &wanted),
    };
    // What a place is called comes before what it lies in, then what is nearer, then the whole of a name before its beginning.
    let rank = |each: &Division, fit: Fit| (fit == Fit::Inside, distance(own.as_ref(), &each.code), fit);
    let mut found: Vec<_> = divisions.iter().filter_map(|each| Some((rank(each, fit(each)?), each))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    let best = found.first().map(|(rank, _)| *rank).filter(|(_, _, fit)| *fit == Fit::Whole);
    let alike = found.iter().filter(|(rank, _)| Some(*rank) == best).count() > 1;
    found.truncate(input.limit as usize);
    Ok(found.into_iter().map(|(rank, each)| each.view(alike && Some(rank) == best)).collect())
}

const ELSEWHERE: u8 = 3;

/// How far a division lies from the office: in its area, its city, its province, or elsewhere.
fn distance(own: Option<&OfficeCode>, code: &str) -> u8 {
    match own {
        Some(own) if own.area_holds(code) => 0,
        Some(own) if own.division()[..4] == code[..4] => 1,
        Some(own) if own.division()[..2] == code[..2] => 2,
        _ => ELSEWHERE,
    }
}

impl Backend {
    /// Every division that stands, with what it is found by; worked out once.
    fn divisions(&mut self) -> Outcome<&[Division]> {
        if self.divisions.is_empty() {
            let library;
            let divisions = match &self.session {
                Some(session) => session.library().divisions(),
                None => {
                    library = app::Library::load(&self.campaign_dirs)?;
                    library.divisions()
                }
            };
            let each = divisions.iter().filter_map(|(code, name)| {
                let full_name = divisions.full_name(code)?;
                let initials = app::initials(&full_name);
                let own_initials = app::initials(name);
                Some(Division { code: code.to_owned(), own_name: name.to_owned(), full_name, initials, own_initials })
            });
            let each: Vec<Division> = each.collect();
            self.divisions = each;
        }
        Ok(&self.divisions)
    }
}

pub fn keys(backend: &mut Backend, input: WriteFile, _: Language) -> Outcome<Written> {
    backend.session_mut()?.write_keys(&input.out)?;
    Ok(Written::at(&input.out))
}
