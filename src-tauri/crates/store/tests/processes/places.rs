//! A book that is moved, renamed, linked or replaced while it is open: what both processes were told is saved is there
//! afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use store::{Book, StoreError};
use sweepbook_store as store;
use testkit::clock::NOW;
use testkit::faults::{Helper, heard, tell};
use testkit::offices::COUNTIES;
use testkit::{device, edit};

fn save(book: &mut Book, name: &str) -> Result<String, StoreError> {
    let edit = edit("enterprise", COUNTIES[0], [("name", name.into())]);
    book.transact(|writer| writer.append(edit, &device(1), NOW)).map(|(id, _)| id.to_string())
}

fn code(error: StoreError) -> String {
    error.notice().code
}

fn refused(path: &Path) -> String {
    code(Book::open(path).err().expect("the book must not open"))
}

/// Another process: has the book open, and does what it is told.
pub fn serve(path: &Path) {
    let mut book = match Book::open(path) {
        Ok(book) => book,
        Err(error) => return tell(&format!("refused {}", code(error))),
    };
    tell("open");
    while let Some(word) = heard() {
        match word.as_str() {
            "close" => break,
            name => tell(&match save(&mut book, name) {
                Ok(id) => format!("saved {id}"),
                Err(error) => format!("refused {}", code(error)),
            }),
        }
    }
    drop(book);
    tell("closed");
}

/// A process that has the book at this path open.
struct Other {
    helper: Helper,
    saved: Vec<String>,
}

impl Other {
    fn of(path: &Path) -> Self {
        let mut helper = Helper::start(&format!("serve|{}", path.display()));
        assert_eq!(helper.hear().as_deref(), Some("open"));
        Other { helper, saved: Vec::new() }
    }

    fn saves(&mut self, name: &str) {
        self.helper.say(name);
        let told = self.helper.hear().unwrap();
        let id = told.strip_prefix("saved ").unwrap_or_else(|| panic!("{told}"));
        self.saved.push(id.to_owned());
    }

    fn is_refused(&mut self, code: &str) {
        self.helper.say("refused");
        assert_eq!(self.helper.hear().unwrap(), format!("refused {code}"));
    }

    /// What it was told is saved.
    fn closes(mut self) -> Vec<String> {
        self.helper.say("close");
        assert_eq!(self.helper.hear().as_deref(), Some("closed"));
        assert!(self.helper.finish().1.success());
        self.saved
    }

    fn killed(self) -> Vec<String> {
        self.helper.kill();
        self.saved
    }
}

/// An empty book at this path.
fn new_book(path: &Path) {
    let mut book = Book::create(path).unwrap();
    book.transact::<_, StoreError>(|writer| writer.set_meta("office", "640121")).unwrap();
}

/// The ids of every revision a book holds; it must be sound.
fn held(book: &Book) -> BTreeSet<String> {
    let report = book.check(&mut |_, _| ()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    book.read::<_, StoreError>(|reader| {
        let mut held = BTreeSet::new();
        for mark in reader.streams()? {
            let range = store::StreamRange { device: mark.device, office: mark.office, first: 1, last: mark.held };
            reader.lines(&range, &mut |line| {
                held.insert(domain::RevisionId::of_line(line).to_string());
                Ok::<(), StoreError>(())
            })?;
        }
        Ok(held)
    })
    .unwrap()
}

/// Opens the book, saves something too, and finds everything in it that anybody was told is saved.
fn goes_on_with(path: &Path, saved: &[String]) {
    let mut book = Book::open(path).unwrap();
    let own = save(&mut book, "另一个窗口").unwrap();
    let expected: BTreeSet<String> = saved.iter().cloned().chain([own]).collect();
    assert_eq!(held(&book), expected);
}

/// Until the file alone, without its log, holds so many revisions.
fn becomes_whole(path: &Path, revisions: usize) {
    let elsewhere = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    loop {
        let copy = elsewhere.path().join("copy.book");
        fs::copy(path, &copy).unwrap();
        // Copied in the middle of being written it may be no book yet.
        let found = Book::open(&copy)
            .map_or(0, |book| book.read::<_, StoreError>(|reader| reader.revision_count()).unwrap_or(0));
        if found == revisions as u64 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{found} of {revisions} are in the file");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub fn a_book_renamed_or_moved_while_it_is_open_loses_nothing() {
    for target in ["renamed.book", "folder/a.book"] {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a.book"), folder.path().join(target));
        fs::create_dir(folder.path().join("folder")).unwrap();
        new_book(&from);
        let mut other = Other::of(&from);
        for name in ["甲", "乙", "丙"] {
            other.saves(name);
        }
        fs::rename(&from, &to).unwrap();
        assert_eq!(refused(&to), "book-in-use", "by its new name it is the same book");
        other.is_refused("book-moved");
        other.is_refused("book-moved");
        let saved = other.closes();
        assert_eq!(saved.len(), 3);
        goes_on_with(&to, &saved);
    }
}

pub fn a_book_moved_from_a_holder_that_is_killed_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("a.book"), folder.path().join("b.book"));
    new_book(&from);
    let mut other = Other::of(&from);
    for name in ["甲", "乙", "丙"] {
        other.saves(name);
    }
    // Nobody does anything, and the log is taken in.
    becomes_whole(&from, 3);
    fs::rename(&from, &to).unwrap();
    goes_on_with(&to, &other.killed());
}

pub fn a_second_name_is_refused_and_the_first_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (book, second) = (folder.path().join("a.book"), folder.path().join("b.book"));
    new_book(&book);
    let mut other = Other::of(&book);
    other.saves("甲");
    fs::hard_link(&book, &second).unwrap();
    assert_eq!(refused(&second), "book-linked");
    other.saves("乙");
    let saved = other.closes();
    assert_eq!(refused(&book), "book-linked", "nobody can know by which name it is opened next");
    fs::remove_file(&second).unwrap();
    goes_on_with(&book, &saved);
}

#[cfg(unix)]
pub fn a_link_to_a_book_is_the_book() {
    let folder = tempfile::tempdir().unwrap();
    let (book, link) = (folder.path().join("a.book"), folder.path().join("link.book"));
    new_book(&book);
    std::os::unix::fs::symlink(&book, &link).unwrap();
    let mut other = Other::of(&link);
    other.saves("甲");
    assert_eq!(refused(&book), "book-in-use");
    assert_eq!(refused(&link), "book-in-use");
    let saved = other.closes();
    goes_on_with(&link, &saved);
    let names: BTreeSet<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a.book", "a.book.lock", "link.book"].map(Into::into).into(), "nothing stands beside the link");
    // A link that leads nowhere is no place for a new book.
    let nowhere = folder.path().join("nowhere.book");
    std::os::unix::fs::symlink(folder.path().join("none"), &nowhere).unwrap();
    assert_eq!(code(Book::create(&nowhere).err().unwrap()), "book-exists");
}

pub fn a_book_put_in_the_place_of_an_open_one_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (place, better) = (folder.path().join("a.book"), folder.path().join("better.book"));
    new_book(&place);
    new_book(&better);
    let kept = save(&mut Book::open(&better).unwrap(), "原来的").unwrap();
    let mut other = Other::of(&place);
    other.saves("甲");
    fs::rename(&better, &place).unwrap();
    assert_eq!(refused(&place), "book-in-use", "the lock beside it is still held");
    other.is_refused("book-moved");
    other.closes();
    goes_on_with(&place, &[kept]);
}
