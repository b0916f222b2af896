//! The window's door: one request in, one reply out, both JSON. A desk is a session that may have no book yet. Every request
//! is one function of this crate; what a request and its reply look like is exported to the page from here.

mod actions;
mod documents;
mod enterprises;
mod open;
mod packages;
mod printing;
mod records;
mod tables;

use std::path::{Path, PathBuf};

use domain::Notice;
use serde::Serialize;
use serde_json::Value;

use crate::clock::Clock;
use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::printing::Tray;
use crate::session::Session;

pub use actions::typescript;

/// Where a window's book stands unless a person chose another file.
const BOOK: &str = "Sweepbook.book";

pub struct Desk {
    session: Option<Session>,
    path: PathBuf,
    campaign_dirs: Vec<PathBuf>,
    clock: Clock,
    /// Where pages go to be printed; `None` for the usual place.
    tray: Option<Tray>,
}

/// Exactly one of the two.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Reply {
    Ok(Value),
    Error(Vec<Problem>),
}

impl Desk {
    /// A desk that will open or make its book at `path`.
    pub fn at(path: PathBuf, campaign_dirs: Vec<PathBuf>, clock: Clock) -> Self {
        Desk { session: None, path, campaign_dirs, clock, tray: None }
    }

    /// The book of the person who is logged in; `SWEEPBOOK_BOOK` names another.
    pub fn from_environment() -> Outcome<Self> {
        let clock = Clock::from_environment()?;
        let path = match std::env::var_os("SWEEPBOOK_BOOK") {
            Some(path) => PathBuf::from(path),
            None => directories::ProjectDirs::from("cn", "", "sweepbook")
                .map(|folders| folders.data_dir().join(BOOK))
                .ok_or_else(|| Notice::new("home-missing"))?,
        };
        Ok(Desk::at(path, Vec::new(), clock))
    }

    /// Answers one request. It never panics over what the page sends: whatever is wrong comes back as problems with remedies.
    pub fn dispatch(&mut self, request: &str) -> String {
        let (language, outcome) = self.answer(request);
        let reply = match outcome {
            Ok(value) => Reply::Ok(value),
            Err(failure) => Reply::Error(failure.problems(language)),
        };
        serde_json::to_string(&reply).unwrap_or_default()
    }

    fn answer(&mut self, request: &str) -> (Language, Outcome<Value>) {
        let malformed = |reason: String| Failure::new(Notice::new("request-malformed").with("reason", reason));
        let mut members = match serde_json::from_str(request) {
            Ok(Value::Object(members)) => members,
            Ok(_) => return (Language::default(), Err(malformed("an object is expected".to_owned()))),
            Err(error) => return (Language::default(), Err(malformed(error.to_string()))),
        };
        let language = members.remove("lang").and_then(|lang| serde_json::from_value(lang).ok()).unwrap_or_default();
        let Some(Value::String(action)) = members.remove("do") else {
            return (language, Err(malformed("`do` is missing".to_owned())));
        };
        (language, actions::route(self, &action, Value::Object(members), language))
    }

    fn session(&self) -> Outcome<&Session> {
        self.session.as_ref().ok_or_else(|| Notice::new("no-book-open").into())
    }

    fn session_mut(&mut self) -> Outcome<&mut Session> {
        self.session.as_mut().ok_or_else(|| Notice::new("no-book-open").into())
    }
}

/// The name a person knows a file by.
fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
