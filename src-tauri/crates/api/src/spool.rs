//! Pages on their way to a printer: written as PDF into a folder only this person can read, and shown in the system's own
//! viewer, which knows the printers, the paper and the number of copies; and files a person had written, opened where they
//! lie. Nothing here decides what a page says, and nothing is opened that runs.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, UNIX_EPOCH};

use app::failure::Outcome;
use app::files::{cannot_write, write_private};
use app::names::file_name;
use app::paths::own_folders;
use domain::Notice;

/// A viewer that cannot start says so at once; one that is still running after this shows the pages.
const STARTS_WITHIN: Duration = Duration::from_secs(3);

/// Pages stay this long for the viewer to read, since nobody can know when it has done with them.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What this program writes for other programs to open.
const OPENED: [&str; 6] = ["pdf", "xlsx", "svg", "jpg", "jpeg", "png"];

/// Where pages lie for the viewer, and what opens them.
#[derive(Debug, Clone)]
pub(crate) struct PrintSpool {
    pub folder: PathBuf,
    pub show: fn(&Path) -> std::io::Result<()>,
}

impl PrintSpool {
    /// The one of the person who is logged in.
    pub fn own() -> Outcome<Self> {
        Ok(PrintSpool { folder: own_folders()?.cache_dir().join("print"), show: show_in_viewer })
    }

    /// Writes the pages and shows them; `now` in milliseconds since 1970.
    pub fn hand_over(&self, title: &str, pdf: &[u8], now: u64) -> Outcome<()> {
        make_private(&self.folder).map_err(|error| cannot_write(&self.folder, error))?;
        self.clear(now);
        // A folder of its own, so that the viewer's title is the document's, whatever was printed before.
        let own = tempfile::Builder::new()
            .prefix("pages-")
            .tempdir_in(&self.folder)
            .map_err(|error| cannot_write(&self.folder, error))?
            .keep();
        let file = own.join(file_name(title, ".pdf"));
        write_private(&file, pdf, false)?;
        (self.show)(&file).map_err(|_| Notice::new("viewer-missing").into())
    }

    /// Shows a file that a person had written, in the program for its kind.
    pub fn open_written(&self, file: &Path) -> Outcome<()> {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if !OPENED.contains(&ending.as_str()) {
            return Err(Notice::new("file-not-opened").with("path", file.display()).into());
        }
        if !file.is_file() {
            return Err(Notice::new("file-missing").with("path", file.display()).into());
        }
        (self.show)(file).map_err(|_| Notice::new("viewer-missing").into())
    }

    pub fn open_folder(&self, folder: &Path) -> Outcome<()> {
        if !folder.is_dir() {
            return Err(Notice::new("file-missing").with("path", folder.display()).into());
        }
        (self.show)(folder).map_err(|_| Notice::new("viewer-missing").into())
    }

    /// Takes away what was printed long ago. What cannot be removed is still being read, and goes the next time.
    fn clear(&self, now: u64) {
        let Ok(old) = std::fs::read_dir(&self.folder) else { return };
        for entry in old.flatten() {
            let written = entry.metadata().and_then(|facts| facts.modified()).ok();
            let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
            if Duration::from_millis(now).saturating_sub(written) > KEPT {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// What a person keeps in a profile is theirs alone on other systems already.
#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

fn show_in_viewer(file: &Path) -> std::io::Result<()> {
    let (tell, told) = mpsc::channel();
    let file = file.to_owned();
    // Some starters stay until the viewer is closed.
    std::thread::spawn(move || tell.send(open::that(file)));
    told.recv_timeout(STARTS_WITHIN).unwrap_or(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2021-05-27, noon in China.
    const NOW: u64 = 1_622_088_000_000;

    fn names(folder: &Path) -> Vec<String> {
        let inside = |folder: std::fs::DirEntry| std::fs::read_dir(folder.path()).unwrap().flatten();
        let files = std::fs::read_dir(folder).unwrap().flatten().flat_map(inside);
        files.map(|file| file.file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn pages_are_shown_under_their_title_and_taken_away_a_day_later() {
        let home = tempfile::tempdir().unwrap();
        let spool = PrintSpool {
            folder: home.path().join("print"),
            show: |file| if std::fs::read(file)? == b"%PDF" { Ok(()) } else { Err(std::io::Error::other("not shown")) },
        };
        spool.hand_over("现场检查记录 ../甲厂", b"%PDF", NOW).unwrap();
        assert_eq!(names(&spool.folder), ["现场检查记录 .. 甲厂.pdf"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&spool.folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
        // The files are as old as this machine's clock says; a clock far ahead of it sees them as old.
        const FAR: u64 = 32_503_680_000_000;
        spool.hand_over("第二份", b"%PDF", FAR).unwrap();
        assert_eq!(names(&spool.folder), ["第二份.pdf"]);
    }

    #[test]
    fn without_a_viewer_the_person_is_told_what_else_can_be_done() {
        let home = tempfile::tempdir().unwrap();
        let spool = PrintSpool { folder: home.path().to_owned(), show: |_| Err(std::io::Error::other("none")) };
        let failure = spool.hand_over("x", b"%PDF", NOW).unwrap_err();
        assert_eq!(failure.notices[0].code, "viewer-missing");
    }
}
