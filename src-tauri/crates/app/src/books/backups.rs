//! Backups of a book: when one is due, what they are called, which are kept, and a new book made from one. A backup is
//! itself a book, so that it can be opened even where this program's own list of them is lost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::Notice;
use serde::Serialize;
use store::{ProgressSink, ReadOnlyBook};
use ts_rs::TS;

use super::Recent;
use crate::clock::Clock;
use crate::failure::Outcome;
use crate::files::cannot_write;
use crate::names::file_name;
use crate::session::{Writing, meta};

/// Kept of every book: the last ones, the last of each of so many days, and the last of each of so many months.
const LAST: usize = 10;
const DAYS: usize = 14;
const MONTHS: usize = 12;

const ENDING: &str = "book";

/// A backup by its name: `640121-3f2a9c01b7e40d52-000012-20210527-1200.book`. The number counts on; the clock may be set back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    pub path: PathBuf,
    pub name: String,
    pub office: String,
    pub device: String,
    pub number: u32,
    /// `20210527` and `1200`, in China, by the clock of the time.
    pub day: String,
    pub minute: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BackupView {
    /// Names it in a request.
    pub name: String,
    pub office: String,
    /// `2021-05-27 12:00`, in China.
    pub at: String,
    pub bytes: u64,
    /// How many changes its log holds; none where it cannot be read.
    pub revisions: Option<u64>,
    /// Of the device this book is.
    pub own: bool,
}

impl Backup {
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let parts: Vec<&str> = name.strip_suffix(ENDING)?.strip_suffix('.')?.rsplitn(5, '-').collect();
        let [minute, day, number, device, office] = parts[..] else { return None };
        let digits = |text: &str, long: usize| text.len() == long && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = digits(minute, 4) && digits(day, 8) && digits(number, 6);
        (plain && device.len() == 16 && device.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(())?;
        office.parse::<domain::OfficeCode>().ok()?;
        Some(Backup {
            path: path.to_owned(),
            name: name.to_owned(),
            office: office.to_owned(),
            device: device.to_owned(),
            number: number.parse().ok()?,
            day: day.to_owned(),
            minute: minute.to_owned(),
        })
    }

    pub fn view(&self, device: &str) -> BackupView {
        let (day, minute) = (&self.day, &self.minute);
        BackupView {
            name: self.name.clone(),
            office: self.office.clone(),
            at: format!("{}-{}-{} {}:{}", &day[..4], &day[4..6], &day[6..], &minute[..2], &minute[2..]),
            bytes: std::fs::metadata(&self.path).map(|facts| facts.len()).unwrap_or(0),
            revisions: ReadOnlyBook::open(&self.path).and_then(|book| book.read(|reader| reader.revision_count())).ok(),
            own: self.device == device,
        }
    }
}

/// The backups in a folder, the newest of each device first; none where there is no such folder.
pub fn list(folder: &Path) -> Vec<Backup> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<Backup> = entries.filter_map(|entry| Backup::of(&entry.path())).collect();
    found.sort_by(|a, b| (&b.day, &b.minute, b.number).cmp(&(&a.day, &a.minute, a.number)));
    found
}

/// One book's own, by their numbers, the newest first.
fn series(folder: &Path, office: &str, device: &str) -> Vec<Backup> {
    let mut own = list(folder);
    own.retain(|backup| backup.office == office && backup.device == device);
    own.sort_by_key(|backup| std::cmp::Reverse(backup.number));
    own
}

/// What may go, of one book's own backups with the newest first.
fn spare(own: &[Backup]) -> Vec<&Backup> {
    let (mut days, mut months) = (BTreeSet::new(), BTreeSet::new());
    let mut gone = Vec::new();
    for (at, backup) in own.iter().enumerate() {
        let (day, month) = (backup.day.as_str(), &backup.day[..6]);
        // In this order of numbers the first of a day or month is its last.
        let of_day = !days.contains(day) && days.len() < DAYS;
        let of_month = !months.contains(month) && months.len() < MONTHS;
        days.insert(day);
        months.insert(month);
        if at >= LAST && !of_day && !of_month {
            gone.push(backup);
        }
    }
    gone
}

/// Where a backup goes and of what.
#[derive(Debug, Clone)]
pub struct Plan {
    pub book: PathBuf,
    pub office: String,
    pub device: String,
    pub folder: PathBuf,
    pub second: Option<PathBuf>,
    pub clock: Clock,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// None where nothing had changed since the last one.
    pub name: Option<String>,
    /// Whether the second place was there and has it too.
    pub second: bool,
}

impl Plan {
    /// Makes a backup of the book as it is now; where nothing has changed since the last one, only with `always`. Then lets
    /// go of those no longer needed. The book may be written meanwhile.
    pub fn carry_out(&self, always: bool, tell: &mut ProgressSink) -> Outcome<Made> {
        let book = ReadOnlyBook::open(&self.book)?;
        let own = series(&self.folder, &self.office, &self.device);
        let stamp = |book: &ReadOnlyBook| book.read(|reader| reader.stamp());
        let now = stamp(&book)?;
        let same = |backup: &Backup| {
            ReadOnlyBook::open(&backup.path).and_then(|kept| stamp(&kept)).is_ok_and(|kept| kept == now)
        };
        let name = if !always && own.first().is_some_and(same) {
            None
        } else {
            std::fs::create_dir_all(&self.folder).map_err(|error| cannot_write(&self.folder, error))?;
            let number = own.first().map_or(0, |newest| newest.number) + 1;
            let name = format!("{}-{}-{number:06}-{}.{ENDING}", self.office, self.device, self.clock.file_stamp());
            book.backup(&self.folder.join(&name), tell)?;
            prune(&self.folder, &self.office, &self.device);
            Some(name)
        };
        drop(book);
        let second = match &self.second {
            Some(second) if second.is_dir() => self.hand_on(second, tell)?,
            _ => false,
        };
        Ok(Made { name, second })
    }

    /// Brings the newest backup to the second place, checked there once more.
    fn hand_on(&self, second: &Path, tell: &mut ProgressSink) -> Outcome<bool> {
        let Some(newest) = series(&self.folder, &self.office, &self.device).into_iter().next() else {
            return Ok(false);
        };
        let there = second.join(&newest.name);
        if !there.exists() {
            ReadOnlyBook::open(&newest.path)?.backup(&there, tell)?;
            prune(second, &self.office, &self.device);
        }
        Ok(true)
    }
}

/// A backup that cannot be removed only takes room, and is tried again next time.
fn prune(folder: &Path, office: &str, device: &str) {
    for backup in spare(&series(folder, office, device)) {
        let _ = std::fs::remove_file(&backup.path);
    }
}

/// A name no file in the folder has: `name.book`, else `name-2.book` and on.
pub fn free_name(folder: &Path, name: &str) -> PathBuf {
    let numbered = |n: u32| match n {
        1 => file_name(name, &format!(".{ENDING}")),
        _ => file_name(name, &format!("-{n}.{ENDING}")),
    };
    (1..).map(|n| folder.join(numbered(n))).find(|path| !path.exists()).unwrap_or_else(|| folder.join(name))
}

/// Makes a new book from a backup, never over another one. It goes on as a new device, since the old one may still be there
/// or may have sent what the backup does not know of.
pub fn restore(from: &Path, to: &Path, dirs: &[PathBuf], clock: Clock, tell: &mut ProgressSink) -> Outcome<Recent> {
    let backup = ReadOnlyBook::open(from)?;
    if backup.read::<_, crate::Failure>(|reader| Ok(reader.meta(meta::OFFICE)?))?.is_none() {
        return Err(Notice::new("book-damaged").with("detail", meta::OFFICE).into());
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
    }
    let key = backup.read::<_, crate::Failure>(|reader| Ok(reader.meta(meta::DEVICE_KEY)?))?;
    backup.backup(to, tell)?;
    let opened = Writing::open(to, dirs, clock).and_then(|mut session| {
        session.leave_device(key.as_deref())?;
        let path = to.canonicalize().map_err(|error| crate::files::cannot_read(to, error))?;
        Ok(Recent { path, office: session.office().to_string(), name: session.office_name().to_owned() })
    });
    if opened.is_err() {
        let _ = std::fs::remove_file(to);
        let _ = std::fs::remove_file(store::Lock::path(to));
    }
    opened
}

#[cfg(test)]
#[path = "backups/tests.rs"]
mod tests;
