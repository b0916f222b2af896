//! What the page asks, and what it is answered.

use std::path::PathBuf;
use std::sync::Arc;

use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use app::session::{Changed, JournalView};
use domain::Notice;
use serde::Serialize;
use serde_json::Value;

use crate::files::PathOf;

/// How an action is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// By the backend itself, one after another: it changes something, or what is open.
    Command,
    /// A short query, answered beside whatever the backend is busy with.
    FastQuery,
    /// A query that may take a pass over the book.
    SlowQuery,
}

/// What the page asks, once it is read.
pub struct Request {
    pub(crate) language: Language,
    /// The action and its input.
    pub(crate) asked: Outcome<(String, Value)>,
    /// How it names files; none where it names them by their paths.
    pub(crate) path_of: Option<PathOf>,
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
        Request { language, asked, path_of: None }
    }

    /// The request of a page: it names files by tokens, which stand for paths here and nowhere else.
    pub fn naming_files(self, path_of: impl Fn(&str) -> Option<PathBuf> + Send + Sync + 'static) -> Self {
        Request { path_of: Some(Arc::new(path_of)), ..self }
    }

    fn refused(failure: Failure) -> Self {
        Request { language: Language::default(), asked: Err(failure), path_of: None }
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
    /// What changed in the open book, where anything did.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Changed>,
}

pub(crate) fn reply(
    outcome: Outcome<Value>,
    journal: Option<JournalView>,
    changed: Option<Changed>,
    language: Language,
) -> String {
    let reply = match outcome {
        Ok(value) => Reply::Ok(value),
        Err(failure) => Reply::Error(failure.problems(language)),
    };
    serde_json::to_string(&Answer { reply, journal, changed }).unwrap_or_default()
}
