//! From a request to its reply: read once, carried out by the backend or, where it only looks, by the pool of readers.

use std::time::{Duration, Instant};

use app::failure::Failure;
use app::session::{JournalView, Writing};

use crate::Backend;
use crate::commands;
use crate::readers::ReaderPool;
use crate::request::{Access, Request, reply};

/// What the log calls an action that is none.
const UNKNOWN: &str = "unknown";

impl Backend {
    /// Answers one request. It never panics over what the page sends: whatever is wrong comes back as problems with remedies.
    pub fn dispatch(&mut self, request: &str) -> String {
        self.carry_out(Request::read(request))
    }

    pub fn carry_out(&mut self, request: Request) -> String {
        let begun = Instant::now();
        let language = request.language;
        let mark = self.journal_mark();
        let (action, outcome) = match request.asked {
            Ok((action, input)) => {
                let outcome = commands::route(self, &action, input, request.path_of, language);
                (commands::known(&action).map_or(UNKNOWN, |(name, _)| name), outcome)
            }
            Err(failure) => (UNKNOWN, Err(failure)),
        };
        self.note(action, begun.elapsed(), outcome.as_ref().err());
        self.follow_session();
        let changed = self.session.as_mut().and_then(Writing::take_changed);
        reply(outcome, self.journal_since(&mark), changed, language)
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

    pub(crate) fn follow_session(&self) {
        if let Some(session) = &self.session {
            self.readers.follow(session, self.background.log.as_ref(), self.own_clock);
        }
    }

    fn note(&self, action: &'static str, took: Duration, failure: Option<&Failure>) {
        if let Some(log) = &self.background.log {
            log.write(self.own_clock.millis(), action, took, failure.map(Failure::code));
        }
    }
}

impl ReaderPool {
    /// Answers a request that only looks; everything else, and whatever is asked while no book is open, is the backend's.
    pub fn answer(&self, request: &Request) -> Option<String> {
        let (action, input) = request.asked.as_ref().ok()?;
        let (action, access) = commands::known(action)?;
        if access == Access::Command {
            return None;
        }
        let begun = Instant::now();
        let outcome = self.acquire(access)?.and_then(|pooled| {
            let outcome =
                commands::look(pooled.session(), action, input.clone(), request.path_of.clone(), request.language);
            if let Some(log) = &pooled.log {
                log.write(pooled.clock.millis(), action, begun.elapsed(), outcome.as_ref().err().map(Failure::code));
            }
            outcome
        });
        Some(reply(outcome, None, None, request.language))
    }
}
