//! The program's log: what was asked, how long it took, how it ended. Only names of actions, codes of errors and numbers
//! are ever written, never a field, a name, a path or a key; so a person can hand it on without reading it first.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::sync::held;

/// Two files of this size at most; the older one gives way.
const LARGEST: u64 = 256 << 10;

/// One log, for every thread that carries something out.
#[derive(Debug, Clone)]
pub struct Log(Arc<Mutex<Pages>>);

#[derive(Debug)]
struct Pages {
    path: PathBuf,
    file: Option<File>,
}

impl Log {
    /// A log that cannot be written is done without: nobody's work depends on it.
    pub fn at(folder: &Path) -> Self {
        Log(Arc::new(Mutex::new(Pages { path: folder.join("program.log"), file: None })))
    }

    /// `action` is a name of the program's own, `code` an error's.
    pub fn write(&self, at: u64, action: &'static str, took: Duration, code: Option<&str>) {
        // A code is made of small letters; whatever else came this way is not one.
        let plain =
            |code: &&str| code.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'0'..=b'9'));
        let ended = match code {
            None => "ok",
            Some(code) => Some(code).filter(plain).unwrap_or("uncoded"),
        };
        let _ = held(&self.0).line(&format!("{at} {action} {}ms {ended}\n", took.as_millis()));
    }

    /// Everything that is still kept, oldest first.
    pub fn text(&self) -> String {
        let pages = held(&self.0);
        let mut text = String::new();
        for path in [pages.older(), pages.path.clone()] {
            let _ = write!(text, "{}", std::fs::read_to_string(path).unwrap_or_default());
        }
        text
    }
}

impl Pages {
    fn older(&self) -> PathBuf {
        self.path.with_extension("log.1")
    }

    fn line(&mut self, line: &str) -> std::io::Result<()> {
        if self.file.as_ref().is_some_and(|file| file.metadata().is_ok_and(|facts| facts.len() > LARGEST)) {
            self.file = None;
            std::fs::rename(&self.path, self.older())?;
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                if let Some(folder) = self.path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                self.file.insert(disk::private().create(true).append(true).open(&self.path)?)
            }
        };
        file.write_all(line.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_stays_small_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::at(folder.path());
        for n in 0..40_000 {
            log.write(n, "record_save", Duration::from_millis(3), None);
        }
        let text = log.text();
        assert!(text.len() as u64 <= 2 * LARGEST + 100, "{}", text.len());
        assert!(text.ends_with("39999 record_save 3ms ok\n"));
    }

    #[test]
    fn what_is_no_code_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::at(folder.path());
        log.write(1, "record_save", Duration::ZERO, Some("银川永宁口罩厂"));
        log.write(2, "record_save", Duration::ZERO, Some("disk-full"));
        assert_eq!(log.text(), "1 record_save 0ms uncoded\n2 record_save 0ms disk-full\n");
    }

    #[test]
    fn a_log_that_cannot_be_written_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let log = Log::at(&file);
        log.write(1, "status", Duration::ZERO, None);
        assert_eq!(log.text(), "");
    }
}
