//! Where the inboxes of a book stand.

use std::path::{Path, PathBuf};

/// The folder of a book's inboxes.
pub(super) fn folder_beside(book: &Path) -> PathBuf {
    let mut folder = book.as_os_str().to_owned();
    folder.push(".inbox");
    PathBuf::from(folder)
}

/// Removes what a program that was killed left behind. Only for whoever has just taken the book's lock: nobody imports into
/// that book then.
pub(crate) fn sweep(book: &Path) {
    // What cannot be removed is in nobody's way: an inbox has a folder of its own.
    let _ = std::fs::remove_dir_all(folder_beside(book));
}
