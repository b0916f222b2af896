//! Where the program's own files stand on this computer: its state, the usual book, pages on their way to a printer.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use directories::ProjectDirs;
use domain::Notice;

use crate::failure::Outcome;

static KEPT_IN: OnceLock<PathBuf> = OnceLock::new();

/// Keeps the state of this process in a folder of the caller's; the first call holds. A program that works on books of its
/// own, such as a test, leaves no trace in the user's data folder.
pub fn keep_markers_in(folder: &Path) {
    KEPT_IN.get_or_init(|| folder.to_owned());
}

/// The folders of the person who is logged in. One name for all of them, on every system.
pub fn own_folders() -> Outcome<ProjectDirs> {
    ProjectDirs::from("cn", "", "sweepbook").ok_or_else(|| Notice::new("home-missing").into())
}

/// What the program keeps of its own: in `SWEEPBOOK_STATE`, the folder this process was given, or the user's data folder.
pub fn state_folder() -> Option<PathBuf> {
    let named = std::env::var_os("SWEEPBOOK_STATE").filter(|named| !named.is_empty());
    let given = named.map(PathBuf::from).or_else(|| KEPT_IN.get().cloned());
    given.or_else(|| Some(own_folders().ok()?.data_local_dir().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn book_and_state_stand_together() {
        let folders = own_folders().unwrap();
        for folder in [folders.data_dir(), folders.data_local_dir(), folders.cache_dir()] {
            let name = folder.iter().map(|part| part.to_string_lossy()).find(|part| part.contains("sweepbook"));
            // On Linux the name stands alone, as it always did.
            let expected = if cfg!(target_os = "macos") { "cn.sweepbook" } else { "sweepbook" };
            assert_eq!(name.as_deref(), Some(expected), "{}", folder.display());
        }
    }
}
