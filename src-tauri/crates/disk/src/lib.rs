//! Writing files: whole or not at all, with the permissions they are for, on the disk before anyone is told, and clearing
//! away what a crash left behind. It knows nothing of what the files hold, and its errors are the system's.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// What every file that is not finished is called first, so that one left behind is known for what it is.
const UNFINISHED: &str = ".sweepbook-";

/// What SQLite keeps beside a database.
const LOGS: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Whom a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone (0600): books, logs, locks, backups, keys, invitations.
    Private,
    /// Whoever the person's umask lets read what they hand on (0666 & ~umask): packages, tables, documents, photos.
    HandedOn,
}

#[cfg(unix)]
impl Access {
    fn permissions(self) -> std::fs::Permissions {
        std::os::unix::fs::PermissionsExt::from_mode(match self {
            Access::Private => 0o600,
            Access::HandedOn => 0o666,
        })
    }
}

/// How to open a private file that may have to be made.
pub fn private() -> OpenOptions {
    #[allow(unused_mut)]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A file under another name in the folder where it will stand, held by a lock until it is finished or given up, so that
/// nobody who clears up takes it for a left one.
#[derive(Debug)]
pub struct Unfinished {
    // Given up before the lock is: without its name it can be taken for nothing.
    path: TempPath,
    file: File,
}

impl Unfinished {
    /// # Errors
    /// Those of making a file in `folder`
    pub fn begin(folder: &Path, access: Access) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        #[cfg(unix)]
        builder.permissions(access.permissions());
        #[cfg(not(unix))]
        let _ = access;
        loop {
            let (file, path) = builder.tempfile_in(folder)?.into_parts();
            // Else it was taken for a left one in the moment before it was held.
            if hold(&file) != Held::ByAnother && is_at(&file, &path) {
                return Ok(Unfinished { path, file });
            }
        }
    }

    /// To be written into.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, once it and then the name are on the disk. `replace` allows a file of that name to be
    /// replaced: a file or a link to one, and nothing else.
    ///
    /// # Errors
    /// `AlreadyExists` where something is there, and those of the system; then nothing has changed there
    pub fn finish(self, to: &Path, replace: bool) -> io::Result<()> {
        self.file.sync_all()?;
        if replace {
            if to.symlink_metadata().is_ok_and(|facts| !facts.is_file() && !facts.is_symlink()) {
                return Err(ErrorKind::AlreadyExists.into());
            }
            self.path.persist(to).map_err(|error| error.error)?;
        } else {
            self.path.persist_noclobber(to).map_err(|error| error.error)?;
        }
        // A stick may be pulled right after "done": the name must be on it, not only the bytes.
        sync_folder(folder_of(to));
        Ok(())
    }
}

/// Writes a file whole or not at all; see [`Unfinished::finish`].
///
/// # Errors
/// Those of [`Unfinished`]
pub fn write_whole(to: &Path, bytes: &[u8], access: Access, replace: bool) -> io::Result<()> {
    let mut unfinished = Unfinished::begin(folder_of(to), access)?;
    unfinished.file().write_all(bytes)?;
    unfinished.finish(to, replace)
}

/// The folder a file stands in.
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Some file systems do not sync folders; what they hold is as safe as they make it.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Lets go of what the system still holds of a synced file in memory, so that what is read next comes from the disk. Where
/// the system has no such call it is read from memory.
pub fn forget(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// A file of this size is tried for at no cost; up to where FAT32 ends (4 GiB less one byte), a disk would have to be filled.
const CHEAP: u64 = 64 << 20;
const FAT32_ENDS: u64 = (4 << 30) - (1 << 20);

/// Whether a file on the disk of this one may not be larger than this one is (EFBIG): asked by trying, since only the system
/// knows. Where trying would cost too much, it is not.
pub fn is_at_limit(file: &Path) -> bool {
    let Ok(size) = file.metadata().map(|facts| facts.len()) else { return false };
    let cheap = size <= CHEAP || size >= FAT32_ENDS;
    let tried = || tempfile::tempfile_in(folder_of(file)).and_then(|probe| probe.set_len(size + 1));
    cheap && tried().is_err_and(|error| error.kind() == ErrorKind::FileTooLarge)
}

/// Removes what was left unfinished in a folder by a process that is gone, with what SQLite kept beside it. A file that
/// somebody is still writing stays, and so does what cannot be removed: it only takes room.
pub fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if !is_unfinished(&name) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let owner = owner_of(&path);
        let gone = match File::open(&owner) {
            // Held until it is removed: nobody begins to use it in between.
            Ok(file) => (hold(&file) == Held::Here).then_some(Some(file)),
            Err(error) => (error.kind() == ErrorKind::NotFound && owner != path).then_some(None),
        };
        if gone.is_some() {
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn is_unfinished(name: &OsStr) -> bool {
    // The second is what packages were called at first.
    name.to_str()
        .is_some_and(|name| name.starts_with(UNFINISHED) || (name.starts_with(".sweep-") && name.ends_with(".part")))
}

/// The unfinished file that a log stands beside; any other file is its own.
fn owner_of(path: &Path) -> PathBuf {
    let text = path.as_os_str().to_str().unwrap_or_default();
    let owner = LOGS.iter().find_map(|log| text.strip_suffix(log));
    owner.map_or_else(|| path.to_owned(), PathBuf::from)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Here,
    ByAnother,
    /// Nothing can be held there: nothing is taken for left behind either.
    Nowhere,
}

/// Holds a file for as long as it is open. On other systems than Linux a lock on the whole file would keep SQLite out.
#[cfg(target_os = "linux")]
fn hold(file: &File) -> Held {
    match file.try_lock() {
        Ok(()) => Held::Here,
        Err(std::fs::TryLockError::WouldBlock) => Held::ByAnother,
        Err(std::fs::TryLockError::Error(_)) => Held::Nowhere,
    }
}

#[cfg(not(target_os = "linux"))]
fn hold(_: &File) -> Held {
    Held::Nowhere
}

/// Whether the file still has this name.
#[cfg(target_os = "linux")]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let names = path.symlink_metadata().ok().zip(file.metadata().ok());
    names.is_some_and(|(there, here)| (there.dev(), there.ino()) == (here.dev(), here.ino()))
}

#[cfg(not(target_os = "linux"))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_file_is_whole_or_not_there_and_takes_the_place_of_a_file_only() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("表.xlsx");
        write_whole(&to, b"one", Access::HandedOn, false).unwrap();
        assert_eq!(write_whole(&to, b"two", Access::HandedOn, false).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&to).unwrap(), b"one");
        write_whole(&to, b"two", Access::HandedOn, true).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"two");
        let inside = folder.path().join("folder");
        std::fs::create_dir(&inside).unwrap();
        assert_eq!(write_whole(&inside, b"", Access::Private, true).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["folder", "表.xlsx"]);
        let absent = write_whole(&inside.join("no/x"), b"", Access::Private, true).unwrap_err();
        assert_eq!(absent.kind(), ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_private_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("keys");
        let mode = || std::fs::metadata(&to).unwrap().permissions().mode() & 0o777;
        write_whole(&to, b"", Access::Private, false).unwrap();
        assert_eq!(mode(), 0o600);
        write_whole(&to, b"", Access::HandedOn, true).unwrap();
        assert_ne!(mode() & 0o200, 0);
        assert_eq!(mode() & 0o111, 0);
        std::fs::remove_file(&to).unwrap();
        private().write(true).create(true).truncate(true).open(&to).unwrap();
        assert_eq!(mode(), 0o600);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_left_is_cleared_away_and_what_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut running = Unfinished::begin(folder.path(), Access::Private).unwrap();
        running.file().write_all(b"half").unwrap();
        let name = running.path().file_name().unwrap().to_str().unwrap().to_owned();
        let own = [name.clone(), format!("{name}-shm"), format!("{name}-wal")];
        own[1..].iter().for_each(|log| std::fs::write(at(log), "").unwrap());
        for left in [".sweepbook-x", ".sweepbook-x-wal", ".sweepbook-gone-journal", ".sweep-y.part", ".sweepbook-z-shm"]
        {
            std::fs::write(at(left), "half").unwrap();
        }
        for mine in ["家庭照片.jpg", "sweepbook-notes", "a.part", ".sweep-notes"] {
            std::fs::write(at(mine), "mine").unwrap();
        }
        std::fs::create_dir(at(".sweepbook-folder")).unwrap();
        sweep(folder.path());
        let mut kept = own.to_vec();
        kept.extend(
            [".sweep-notes", ".sweepbook-folder", "a.part", "sweepbook-notes", "家庭照片.jpg"].map(str::to_owned),
        );
        kept.sort_unstable();
        assert_eq!(names(folder.path()), kept);
        running.finish(&at("whole"), false).unwrap();
        assert_eq!(std::fs::read(at("whole")).unwrap(), b"half");
        sweep(folder.path());
        assert!(!at(&own[1]).exists(), "once its database is gone a log is left behind");
    }
}
