//! The window's door: one request in, one reply out, both JSON. A desk is a session that may have no book yet. Every request
//! is one function of this crate; what a request and its reply look like is exported to the page from here.

mod actions;
mod beside;
mod conflicts;
mod disposals;
mod documents;
mod drafts;
mod enterprises;
mod journal;
mod keeping;
mod lists;
mod looks;
mod offices;
mod open;
mod packages;
mod paste;
mod photos;
mod printing;
mod progress;
mod records;
mod safety;
mod settings;
mod start;
mod tables;
#[cfg(test)]
mod tests;
mod workbench;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::Notice;
use serde::Serialize;
use serde_json::Value;

use crate::clock::Clock;
use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::packages::Inbox;
use crate::paths::{own_folders, state_folder};
use crate::printing::Tray;
use crate::session::JournalView;
use crate::session::{Reading, Writing};
use crate::state::State;
use crate::work::Work;

pub use actions::typescript;
pub use looks::Looks;

/// Where a window's book stands unless a person chose another file.
const BOOK: &str = "Sweepbook.book";

/// What the log calls an action that is none.
const UNKNOWN: &str = "unknown";

pub struct Desk {
    /// The open book's; gone before the book's lock is.
    inbox: Option<Inbox>,
    session: Option<Writing>,
    /// Where the first book stands or will be made.
    path: PathBuf,
    campaign_dirs: Vec<PathBuf>,
    /// The open book's: the sample campaign lives in its own weeks.
    clock: Clock,
    work: Work,
    /// Where pages go to be printed; `None` for the usual place.
    tray: Option<Tray>,
    own_clock: Clock,
    divisions: Vec<open::Division>,
    keeping: keeping::Keeping,
    looks: Looks,
    /// The pasted block that was shown last.
    pasted: Option<paste::Shown>,
}

/// What the page asks, once it is read.
pub struct Request {
    language: Language,
    /// The action and its input.
    asked: Outcome<(String, Value)>,
}

impl Request {
    /// Whatever is wrong with it is said in the reply.
    pub fn read(text: &str) -> Self {
        let malformed = |reason: String| Failure::new(Notice::new("request-malformed").with("reason", reason));
        let mut members = match serde_json::from_str(text) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return Request::refused(malformed("an object is expected".to_owned())),
            Err(error) => return Request::refused(malformed(error.to_string())),
        };
        let language = members.remove("lang").and_then(|lang| serde_json::from_value(lang).ok()).unwrap_or_default();
        let asked = match members.remove("do") {
            Some(Value::String(action)) => Ok((action, Value::Object(members))),
            _ => Err(malformed("`do` is missing".to_owned())),
        };
        Request { language, asked }
    }

    fn refused(failure: Failure) -> Self {
        Request { language: Language::default(), asked: Err(failure) }
    }
}

/// Exactly one of the two.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Reply {
    Ok(Value),
    Error(Vec<Problem>),
}

/// The reply, and what can be taken back from now on where that has changed.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    reply: Reply,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<JournalView>,
}

impl Desk {
    /// A desk that will open or make its book at `path`. It keeps nothing beside it: no list of books, no backups, no log.
    pub fn at(path: PathBuf, campaign_dirs: Vec<PathBuf>, clock: Clock) -> Self {
        Desk {
            inbox: None,
            session: None,
            path,
            campaign_dirs,
            clock,
            own_clock: clock,
            work: Work::default(),
            tray: None,
            divisions: Vec::new(),
            keeping: keeping::Keeping::default(),
            looks: Looks::default(),
            pasted: None,
        }
    }

    /// Keeps what is the program's own in `folder`, and backups beside it.
    pub fn keeping_in(mut self, folder: PathBuf) -> Self {
        self.keeping = keeping::Keeping::of(folder, self.keeping.named);
        self
    }

    /// The book of the person who is logged in; `SWEEPBOOK_BOOK` names another. Whatever the environment lacks, there is a desk,
    /// which says so when it is first asked.
    pub fn from_environment() -> Self {
        let named = std::env::var_os("SWEEPBOOK_BOOK").filter(|named| !named.is_empty()).map(PathBuf::from);
        let is_named = named.is_some();
        let path = named.map_or_else(|| own_folders().map(|own| own.data_dir().join(BOOK)), Ok);
        let (path, homeless) = or_else_default(path);
        let (clock, untimely) = or_else_default(Clock::from_environment());
        let mut desk = Desk::at(path, Vec::new(), clock);
        if let Some(folder) = state_folder() {
            desk = desk.keeping_in(folder);
        }
        desk.keeping.named = is_named;
        desk.keeping.lacking = homeless.or(untimely);
        desk
    }

    /// Where the program keeps what is its own; none where it keeps nothing.
    pub fn state_folder(&self) -> Option<&Path> {
        self.keeping.state.as_ref().map(State::folder)
    }

    /// Says what shows the page, with its version.
    pub fn shown_by(&mut self, shell: String) {
        self.keeping.shell = shell;
    }

    /// Whether long work someone asked for is under way, which closing the window would end.
    pub fn is_busy(&self) -> bool {
        self.keeping.is_asked()
    }

    /// Ends everything cleanly: long work is stopped and takes itself back, then the book is closed.
    pub fn leave(&mut self) {
        self.keeping.jobs.clear();
        self.looks.end();
        self.inbox = None;
        self.session = None;
    }

    /// What the desk is busy with, to be watched and stopped while it is.
    pub fn work(&self) -> Work {
        self.work.clone()
    }

    /// Answers what only looks at the book while the desk is busy.
    pub fn looks(&self) -> Looks {
        self.looks.clone()
    }

    /// Answers one request. It never panics over what the page sends: whatever is wrong comes back as problems with remedies.
    pub fn dispatch(&mut self, request: &str) -> String {
        self.carry_out(Request::read(request))
    }

    pub fn carry_out(&mut self, request: Request) -> String {
        let begun = Instant::now();
        self.work.clear();
        let language = request.language;
        let mark = self.journal_mark();
        let (action, outcome) = match request.asked {
            Ok((action, input)) => {
                let outcome = actions::route(self, &action, input, language);
                (actions::known(&action).map_or(UNKNOWN, |(name, _)| name), outcome)
            }
            Err(failure) => (UNKNOWN, Err(failure)),
        };
        self.work.clear();
        self.note(action, begun.elapsed(), outcome.as_ref().err());
        self.show_to_looks();
        self.back_up_if_due();
        reply(outcome, self.journal_since(&mark), language)
    }

    fn journal_mark(&self) -> Option<(u64, String)> {
        let (mark, author) = self.session.as_ref()?.journal_mark();
        Some((mark, author.to_owned()))
    }

    /// Takes note of what a request did; what the page is told of it.
    fn journal_since(&mut self, mark: &Option<(u64, String)>) -> Option<JournalView> {
        let done = self.session.as_mut().and_then(|session| session.note_writes().ok()).flatten();
        if self.journal_mark() == *mark {
            return None;
        }
        let view = self.session.as_ref().and_then(|session| session.journal(done).ok());
        Some(view.unwrap_or_default())
    }

    fn show_to_looks(&self) {
        if let Some(session) = &self.session {
            self.looks.follow(session, self.keeping.log.as_ref(), self.own_clock);
        }
    }

    fn note(&self, action: &'static str, took: Duration, failure: Option<&Failure>) {
        // The page asks for this every few seconds; what it learns stands in the log already.
        if action == "jobs" && failure.is_none() {
            return;
        }
        if let Some(log) = &self.keeping.log {
            log.write(self.own_clock.millis(), action, took, failure.map(Failure::code));
        }
    }

    fn session(&self) -> Outcome<&Reading> {
        self.session.as_deref().ok_or_else(|| Notice::new("no-book-open").into())
    }

    fn session_mut(&mut self) -> Outcome<&mut Writing> {
        self.session.as_mut().ok_or_else(|| Notice::new("no-book-open").into())
    }

    /// The open book, and the packages that wait to be taken in.
    fn importing(&mut self) -> Outcome<(&mut Writing, &mut Inbox)> {
        let session = self.session.as_mut().ok_or_else(|| Notice::new("no-book-open"))?;
        let inbox = self.inbox.get_or_insert_with(|| Inbox::of(session));
        Ok((session, inbox))
    }
}

/// What was found, or what stands in its place and why.
fn or_else_default<T: Default>(outcome: Outcome<T>) -> (T, Option<Failure>) {
    match outcome {
        Ok(found) => (found, None),
        Err(failure) => (T::default(), Some(failure)),
    }
}

fn reply(outcome: Outcome<Value>, journal: Option<JournalView>, language: Language) -> String {
    let reply = match outcome {
        Ok(value) => Reply::Ok(value),
        Err(failure) => Reply::Error(failure.problems(language)),
    };
    serde_json::to_string(&Answer { reply, journal }).unwrap_or_default()
}
