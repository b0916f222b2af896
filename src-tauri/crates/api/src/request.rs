//! What the page asks, and what it is answered.

use std::path::PathBuf;

use app::failure::{Failure, Outcome, Problem};
use app::messages::Language;
use app::session::{Changed, JournalView};
use domain::Notice;
use serde::Serialize;
use serde_json::Value;

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

/// Members of a request that name a file.
const FILE_MEMBERS: [&str; 2] = ["file", "out"];

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

    /// Gives each file the request names the path its token stands for. A window can only name what a person chose: a token
    /// that stands for none is refused.
    pub fn resolve_files(&mut self, path_of: impl Fn(&str) -> Option<PathBuf>) {
        let Ok((_, Value::Object(members))) = &mut self.asked else { return };
        for (_, value) in members.iter_mut().filter(|(name, _)| FILE_MEMBERS.contains(&name.as_str())) {
            let Some(token) = value.as_str() else { continue };
            let Some(path) = path_of(token) else {
                let notice = Notice::new("file-not-chosen").with("value", token);
                self.asked = Err(notice.into());
                return;
            };
            *value = Value::String(app::names::text(&path));
        }
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn resolved(request: &Value, path: &Path) -> Outcome<Value> {
        let mut request = Request::read(&request.to_string());
        request.resolve_files(|token| (token == "chosen-1").then(|| path.to_owned()));
        request.asked.map(|(_, input)| input)
    }

    #[test]
    fn a_token_becomes_the_chosen_path_and_a_path_nobody_chose_is_refused() {
        let stick = Path::new("/media/stick/永宁县.sweep");
        let file = |file: &str| json!({"do": "inbox_file", "file": file});
        assert_eq!(resolved(&file("chosen-1"), stick).unwrap(), json!({"file": "/media/stick/永宁县.sweep"}));
        assert_eq!(resolved(&file("/etc/passwd"), stick).unwrap_err().code(), "file-not-chosen");
        assert_eq!(resolved(&json!({"do": "export", "out": "chosen-2"}), stick).unwrap_err().code(), "file-not-chosen");
        // What only looks like one is not of this kind.
        let save = json!({"do": "record_save", "fields": {"file": "/etc/passwd", "n": 1}});
        assert_eq!(resolved(&save, stick).unwrap(), json!({"fields": {"file": "/etc/passwd", "n": 1}}));
        assert_eq!(resolved(&json!("no request"), stick).unwrap_err().code(), "request-malformed");
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_no_unicode_keeps_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        // 永宁 as GBK writes it.
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/media/\xd3\xc0\xc4\xfe.sweep"));
        let input = resolved(&json!({"do": "inbox_file", "file": "chosen-1"}), path).unwrap();
        assert_eq!(app::names::parse(input["file"].as_str().unwrap()), path);
    }
}
