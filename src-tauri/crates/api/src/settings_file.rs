//! What the program keeps on this computer beside the books: which were opened, where backups go, the log. Nothing here
//! belongs to a book, travels with it, or is needed to open one; a file that cannot be read is as good as none.

use std::path::{Path, PathBuf};

use app::books::Recent;
use app::failure::Outcome;
use app::files::{cannot_write, write_private};
use serde::{Deserialize, Serialize};

/// As many books as a person finds again in a list without reading it twice.
const RECENT: usize = 8;

const FILE: &str = "settings.json";

/// Hours of use between two backups.
pub const HOURS: [u32; 4] = [1, 2, 4, 8];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The newest first.
    pub recent: Vec<Recent>,
    /// The book that was open last; none once a person has closed it.
    #[serde(with = "app::names::as_text_or_null")]
    pub last: Option<PathBuf>,
    /// Where backups go; the usual place where nothing was chosen.
    #[serde(with = "app::names::as_text_or_null")]
    pub backups: Option<PathBuf>,
    /// A second place, such as a stick, that is not always there.
    #[serde(with = "app::names::as_text_or_null")]
    pub second: Option<PathBuf>,
    pub hours: u32,
    /// Milliseconds since 1970: when a backup last reached the second place.
    pub second_at: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { recent: Vec::new(), last: None, backups: None, second: None, hours: 2, second_at: None }
    }
}

#[derive(Debug, Clone)]
pub struct SettingsFile {
    folder: PathBuf,
    pub kept: Settings,
    /// Whether anything was ever kept here.
    pub known: bool,
}

impl SettingsFile {
    pub fn of(folder: PathBuf) -> Self {
        let read = std::fs::read_to_string(folder.join(FILE)).ok();
        let known = read.is_some();
        let mut kept: Settings = read.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        if !HOURS.contains(&kept.hours) {
            kept.hours = Settings::default().hours;
        }
        SettingsFile { folder, kept, known }
    }

    pub fn save(&mut self) -> Outcome<()> {
        std::fs::create_dir_all(&self.folder).map_err(|error| cannot_write(&self.folder, error))?;
        let text = serde_json::to_string_pretty(&self.kept).unwrap_or_default();
        write_private(&self.folder.join(FILE), text.as_bytes(), true)?;
        self.known = true;
        Ok(())
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sample campaign's books, apart from everything real.
    pub fn sample(&self) -> PathBuf {
        self.folder.join("sample")
    }

    /// Beside the program's own folder rather than in it: whoever clears that one does not clear the backups.
    pub fn backups(&self) -> PathBuf {
        let beside = || self.folder.with_file_name("sweepbook-backups");
        self.kept.backups.clone().unwrap_or_else(beside)
    }

    /// Puts a book at the head of the list.
    pub fn list(&mut self, book: Recent) {
        self.kept.recent.retain(|recent| recent.path != book.path);
        self.kept.recent.insert(0, book);
        self.kept.recent.truncate(RECENT);
    }

    /// The same for the book that is open from now on.
    pub fn opened(&mut self, path: &Path, office: &str, name: &str) {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.list(Recent { path: path.clone(), office: office.to_owned(), name: name.to_owned() });
        self.kept.last = Some(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_book_comes_first_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = SettingsFile::of(folder.path().join("state"));
        assert!(!state.known);
        for n in 0..10 {
            state.opened(&folder.path().join(format!("{n}.book")), "640121", "甲");
        }
        state.opened(&folder.path().join("5.book"), "640121", "甲");
        state.save().unwrap();
        let again = SettingsFile::of(folder.path().join("state"));
        assert!(again.known);
        assert_eq!(again.kept, state.kept);
        let names: Vec<_> = again.kept.recent.iter().map(|each| each.path.file_stem().unwrap().to_owned()).collect();
        assert_eq!(names, ["5", "9", "8", "7", "6", "4", "3", "2"]);
    }

    #[test]
    fn a_file_nobody_can_read_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", "{", "[]", r#"{"hours":0}"#, r#"{"recent":7}"#, "\u{0}"] {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            assert_eq!(SettingsFile::of(folder.path().to_owned()).kept, Settings::default(), "{text:?}");
        }
    }
}
