//! The inbox: packages copied off a stick, so that the stick may leave before anything is decided. Each is kept under the hash of its bytes. Nothing in here is believed; nothing outlives whoever imports: the
//! running program, or one command. Reading a book never touches it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use domain::Notice;
use exchange::{Hash32, Refusal};
use sha2::{Digest, Sha256};
use store::StoreError;
use tempfile::{NamedTempFile, TempDir};

use super::inbox_folder::folder_beside;
use crate::failure::Outcome;
use crate::files::{cannot_read, cannot_write};
use crate::names::shown_name;
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::Reading;

/// Files that are looked at together, at most.
const MOST_FILES: usize = 100;
const BUFFER: usize = 1 << 20;

/// One file in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedPackage {
    /// The hash of its bytes, in hexadecimal digits.
    pub key: String,
    pub sha256: [u8; 32],
    /// As the person knows it, without its folder.
    pub name: String,
    pub bytes: u64,
    pub path: PathBuf,
}

/// What one importer holds. Two inboxes of one book know nothing of each other's files.
pub struct Inbox {
    /// The folder that all inboxes of a book share.
    beside: PathBuf,
    /// This one's own folder in there, made when the first file comes and removed with the last.
    own: Option<TempDir>,
    kept: BTreeMap<String, CopiedPackage>,
}

/// A file on its way in.
struct Coming {
    file: NamedTempFile,
    hash: Sha256,
    bytes: u64,
}

impl Coming {
    fn begin(folder: &Path) -> Outcome<Self> {
        let file = NamedTempFile::new_in(folder).map_err(|error| cannot_write(folder, error))?;
        Ok(Coming { file, hash: Sha256::new(), bytes: 0 })
    }

    fn take(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.bytes += bytes.len() as u64;
        not_too_large(self.bytes)?;
        self.hash.update(bytes);
        self.file.write_all(bytes).map_err(StoreError::from)?;
        Ok(())
    }
}

fn not_too_large(bytes: u64) -> Outcome<()> {
    let limit = exchange::limits::MAX_PACKAGE;
    if bytes > limit { Err(Refusal::PackageTooLarge { bytes, limit }.into()) } else { Ok(()) }
}

impl Inbox {
    /// An empty inbox for importing into an open book.
    pub fn of(session: &Reading) -> Self {
        Inbox::beside(session.path())
    }

    fn beside(book: &Path) -> Self {
        Inbox { beside: folder_beside(book), own: None, kept: BTreeMap::new() }
    }

    fn folder(&mut self) -> Outcome<&Path> {
        let folder = match self.own.take() {
            Some(folder) => folder,
            None => std::fs::create_dir_all(&self.beside)
                .and_then(|()| tempfile::Builder::new().prefix("").tempdir_in(&self.beside))
                .map_err(|error| cannot_write(&self.beside, error))?,
        };
        Ok(self.own.insert(folder).path())
    }

    pub fn get(&self, key: &str) -> Outcome<&CopiedPackage> {
        self.kept.get(key).ok_or_else(|| Notice::new("inbox-missing").into())
    }

    /// Copies a file off its stick. The flag says whether the very same bytes were here already.
    pub fn copy(&mut self, file: &Path, tell: &mut ProgressSink) -> Outcome<(CopiedPackage, bool)> {
        self.has_room()?;
        let mut source = File::open(file).map_err(|error| cannot_read(file, error))?;
        let facts = source.metadata().map_err(|error| cannot_read(file, error))?;
        if !facts.is_file() {
            return Err(Notice::new("file-missing").with("path", file.display()).into());
        }
        not_too_large(facts.len())?;
        let mut coming = Coming::begin(self.folder()?)?;
        let mut buffer = vec![0; BUFFER];
        loop {
            report_progress(tell, Progress::at(Stage::Copying, coming.bytes, facts.len()))?;
            match source.read(&mut buffer).map_err(|error| cannot_read(file, error))? {
                0 => break,
                read => coming.take(&buffer[..read])?,
            }
        }
        self.keep(coming, shown_name(file))
    }

    fn has_room(&self) -> Outcome<()> {
        if self.kept.len() < MOST_FILES {
            return Ok(());
        }
        Err(Notice::new("inbox-full").with("limit", MOST_FILES).into())
    }

    fn keep(&mut self, coming: Coming, name: String) -> Outcome<(CopiedPackage, bool)> {
        let Coming { file, hash, bytes } = coming;
        file.as_file().sync_all().map_err(StoreError::from)?;
        let sha256: [u8; 32] = hash.finalize().into();
        let key = Hash32(sha256).to_string();
        if let Some(known) = self.kept.get(&key) {
            return Ok((known.clone(), true));
        }
        let path = self.folder()?.join(format!("{key}.sweep"));
        file.persist(&path).map_err(|error| StoreError::from(error.error))?;
        let kept = CopiedPackage { key: key.clone(), sha256, name, bytes, path };
        self.kept.insert(key, kept.clone());
        Ok((kept, false))
    }

    /// Removes a file; what is not there is no longer there.
    pub fn discard(&mut self, key: &str) {
        if let Some(kept) = self.kept.remove(key) {
            let _ = std::fs::remove_file(kept.path);
        }
        if self.kept.is_empty() {
            self.leave();
        }
    }

    fn leave(&mut self) {
        self.own = None;
        // Another inbox may still have its folder in there.
        let _ = std::fs::remove_dir(&self.beside);
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = Inbox::beside(&folder.path().join("a.book"));
        let [first, second, large] = ["甲.sweep", "乙.sweep", "大.sweep"].map(|name| folder.path().join(name));
        std::fs::write(&first, b"abcdef").unwrap();
        std::fs::copy(&first, &second).unwrap();
        let (copied, again) = inbox.copy(&first, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((copied.bytes, copied.name.as_str(), again), (6, "甲.sweep", false));
        assert_eq!(std::fs::read(&copied.path).unwrap(), b"abcdef");
        let same = inbox.copy(&second, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(same, (copied.clone(), true), "the same bytes under another name");

        File::create(&large).unwrap().set_len(3 << 30).unwrap();
        let refused = inbox.copy(&large, &mut |_| ControlFlow::Continue(()));
        assert_eq!(refused.unwrap_err().code(), "package-too-large");
        assert_eq!(inbox.get("nothing").unwrap_err().code(), "inbox-missing");
        inbox.discard(&copied.key);
        assert!(!folder.path().join("a.book.inbox").exists());
    }

    #[test]
    fn what_stops_half_way_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = Inbox::beside(&folder.path().join("a.book"));
        let stick = folder.path().join("stick.sweep");
        std::fs::write(&stick, vec![7; 3 * BUFFER]).unwrap();
        let mut steps = 0;
        let stopped = inbox.copy(&stick, &mut |_| {
            steps += 1;
            if steps == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped.unwrap_err().code(), "cancelled");
        drop(inbox);
        assert!(!folder.path().join("a.book.inbox").exists());
        let mut inbox = Inbox::beside(&folder.path().join("a.book"));
        let missing = inbox.copy(&folder.path().join("gone.sweep"), &mut |_| ControlFlow::Continue(()));
        assert_eq!(missing.unwrap_err().code(), "file-missing");
        let a_folder = inbox.copy(folder.path(), &mut |_| ControlFlow::Continue(()));
        assert_eq!(a_folder.unwrap_err().code(), "file-missing");
    }
}
