//! Writing files a person asked for: whole or not at all, and never over something that is there.

use std::path::Path;

use disk::{Access, folder_of};
use domain::Notice;
use domain::disk::why;
use store::StoreError;

use crate::failure::{Failure, Outcome};

/// Writes a file that is handed on. `replace` allows a file of that name to be replaced.
pub fn write_whole(to: &Path, bytes: &[u8], replace: bool) -> Outcome<()> {
    write(to, bytes, Access::HandedOn, replace)
}

/// Writes a file that nobody but this person is to read.
pub fn write_private(to: &Path, bytes: &[u8], replace: bool) -> Outcome<()> {
    write(to, bytes, Access::Private, replace)
}

fn write(to: &Path, bytes: &[u8], access: Access, replace: bool) -> Outcome<()> {
    if !replace && to.exists() {
        return Err(Notice::new("file-exists").with("path", to.display()).into());
    }
    disk::write_whole(to, bytes, access, replace).map_err(|error| cannot_write(to, error))
}

/// Keeps a small file of the program's own, such as where its window stood; one that cannot be written is done without.
pub fn keep(to: &Path, text: &str) {
    let _ = std::fs::create_dir_all(folder_of(to));
    let _ = disk::write_whole(to, text.as_bytes(), Access::Private, true);
}

/// Refuses a folder that cannot be written into before long work begins for a file in it, and clears away what earlier work
/// left there.
pub(crate) fn require_writable(to: &Path) -> Outcome<()> {
    let folder = folder_of(to);
    disk::Unfinished::begin(folder, Access::Private).map_err(|error| cannot_write(folder, error))?;
    disk::sweep(folder);
    Ok(())
}

pub fn cannot_write(path: &Path, error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => Notice::new("file-exists").with("path", path.display()).into(),
        std::io::ErrorKind::StorageFull => StoreError::DiskFull.into(),
        std::io::ErrorKind::NotFound => Notice::new("place-missing").with("path", path.display()).into(),
        _ => Notice::new("folder-not-writable").with("path", path.display()).with("why", why(&error)).into(),
    }
}

pub(crate) fn cannot_read(path: &Path, error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Notice::new("file-missing").with("path", path.display()).into(),
        _ => Notice::new("file-unreadable").with("path", path.display()).with("why", why(&error)).into(),
    }
}

/// Opens a file a person named.
pub fn open_input(path: &Path) -> Outcome<std::fs::File> {
    let file = std::fs::File::open(path).map_err(|error| cannot_read(path, error))?;
    match file.metadata() {
        Ok(facts) if facts.is_dir() => Err(Notice::new("file-missing").with("path", path.display()).into()),
        Ok(_) => Ok(file),
        Err(error) => Err(cannot_read(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stick_that_is_gone_is_not_a_folder_one_may_not_write_into() {
        let stick = tempfile::tempdir().unwrap().path().join("stick");
        let to = stick.join("a.sweep");
        for gone in [require_writable(&to), write_whole(&to, b"a", false)] {
            assert_eq!(gone.unwrap_err().code(), "place-missing");
        }
    }
}
