//! Writing files a person asked for: whole or not at all, and never over something that is there.

use std::io::Write;
use std::path::Path;

use domain::Notice;
use domain::disk::why;
use store::StoreError;

use crate::failure::{Failure, Outcome};

/// Writes beside the target, flushes, and renames into place. `replace` allows a file of that name to be replaced.
pub(crate) fn write_whole(to: &Path, bytes: &[u8], replace: bool) -> Outcome<()> {
    if !replace && to.exists() {
        return Err(Notice::new("file-exists").with("path", to.display()).into());
    }
    let folder = folder_of(to);
    let mut file = tempfile::Builder::new()
        .prefix(".sweepbook-")
        .tempfile_in(folder)
        .map_err(|error| cannot_write(folder, error))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| cannot_write(to, error))?;
    #[cfg(unix)]
    {
        // A temporary file is readable by its owner only; what a person asked for is theirs to hand on.
        let _ = std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644));
    }
    file.persist(to).map_err(|error| cannot_write(to, error.error))?;
    Ok(())
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses a folder that cannot be written into before long work begins for a file in it.
pub(crate) fn require_writable(to: &Path) -> Outcome<()> {
    let folder = folder_of(to);
    let probe = tempfile::Builder::new().prefix(".sweepbook-").tempfile_in(folder);
    probe.map(drop).map_err(|error| cannot_write(folder, error))
}

pub(crate) fn cannot_write(path: &Path, error: std::io::Error) -> Failure {
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
