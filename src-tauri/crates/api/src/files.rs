//! Files as requests name them. A window can only name what a person chose, opened or let go: the page holds a token of each,
//! and this type takes nothing else from it. Whoever has no page, a script or a test, writes paths.

use std::cell::RefCell;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::failure::{Failure, Outcome};
use domain::Notice;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::Value;

/// The path a token stands for, if it stands for any.
pub(crate) type PathOf = Arc<dyn Fn(&str) -> Option<PathBuf> + Send + Sync>;

/// A file, or a folder, that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenFile(PathBuf);

/// How files are named in the input being read, and the first token that stood for none. Serde gives a type no other way to see
/// more than its own text.
struct Naming {
    path_of: Option<PathOf>,
    unknown: Option<String>,
}

thread_local! {
    static NAMING: RefCell<Naming> = const { RefCell::new(Naming { path_of: None, unknown: None }) };
}

/// The input of an action. A token that stands for no file is refused as such.
pub(crate) fn read<T: DeserializeOwned>(action: &str, input: Value, path_of: Option<PathOf>) -> Outcome<T> {
    NAMING.set(Naming { path_of, unknown: None });
    let read = serde_json::from_value(input);
    let naming = NAMING.replace(Naming { path_of: None, unknown: None });
    read.map_err(|error| match naming.unknown {
        Some(token) => Notice::new("file-not-chosen").with("value", token).into(),
        None => Failure::new(Notice::new("request-malformed").with("reason", format!("{action}: {error}"))),
    })
}

impl<'de> Deserialize<'de> for ChosenFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        NAMING.with_borrow_mut(|naming| match &naming.path_of {
            None => Ok(ChosenFile(app::names::parse(&text))),
            Some(path_of) => path_of(&text).map(ChosenFile).ok_or_else(|| {
                naming.unknown.get_or_insert(text);
                D::Error::custom("a file nobody chose")
            }),
        })
    }
}

impl Deref for ChosenFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl From<ChosenFile> for PathBuf {
    fn from(file: ChosenFile) -> Self {
        file.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    type Named = BTreeMap<String, Option<ChosenFile>>;

    fn named(input: Value, path: &Path) -> Outcome<Named> {
        let path = path.to_owned();
        read("inbox_file", input, Some(Arc::new(move |token: &str| (token == "chosen-1").then(|| path.clone()))))
    }

    #[test]
    fn a_token_becomes_the_chosen_path_and_a_path_nobody_chose_is_refused() {
        let stick = Path::new("/media/stick/永宁县.sweep");
        let read = named(json!({"whatever it is called": "chosen-1", "none": null}), stick).unwrap();
        assert_eq!(read["whatever it is called"].as_deref(), Some(stick));
        assert_eq!(read["none"], None);
        for token in ["/etc/passwd", "/media/stick/永宁县.sweep", "chosen-2", ""] {
            assert_eq!(named(json!({ "file": token }), stick).unwrap_err().code(), "file-not-chosen", "{token}");
        }
        assert_eq!(named(json!({"file": 7}), stick).unwrap_err().code(), "request-malformed");
        // The next request begins anew.
        assert_eq!(named(json!({"file": {}}), stick).unwrap_err().code(), "request-malformed");
    }

    #[test]
    fn whoever_has_no_page_writes_paths() {
        let named: Named = read("inbox_file", json!({"file": "/media/a.sweep"}), None).unwrap();
        assert_eq!(named["file"].as_deref(), Some(Path::new("/media/a.sweep")));
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_no_unicode_keeps_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        // 永宁 as GBK writes it.
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/media/\xd3\xc0\xc4\xfe.sweep"));
        assert_eq!(named(json!({"file": "chosen-1"}), path).unwrap()["file"].as_deref(), Some(path));
    }
}
