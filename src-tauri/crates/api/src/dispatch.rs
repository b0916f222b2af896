//! From a request to its reply: read once, carried out by the backend or, where it only looks, by the pool of readers.

use std::time::{Duration, Instant};

use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use app::session::JournalView;
use domain::Notice;
use serde::Serialize;
use serde_json::Value;

use crate::Backend;
use crate::commands;

/// What the log calls an action that is none.
const UNKNOWN: &str = "unknown";

/// What the page asks, once it is read.
pub struct Request {
    pub(crate) language: Language,
    /// The action and its input.
    pub(crate) asked: Outcome<(String, Value)>,
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

impl Backend {
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
                let outcome = commands::route(self, &action, input, language);
                (commands::known(&action).map_or(UNKNOWN, |(name, _)| name), outcome)
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

    pub(crate) fn show_to_looks(&self) {
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
}

pub(crate) fn reply(outcome: Outcome<Value>, journal: Option<JournalView>, language: Language) -> String {
    let reply = match outcome {
        Ok(value) => Reply::Ok(value),
        Err(failure) => Reply::Error(failure.problems(language)),
    };
    serde_json::to_string(&Answer { reply, journal }).unwrap_or_default()
}
