//! Where a book stands: what may stand beside it, whose it is, and where nothing can be written.

use std::fs;
use std::path::Path;

use store::{Book, Lock, StoreError, backup};
use sweepbook_store as store;
use testkit::clock::NOW;
use testkit::faults::SmallDisk;
use testkit::offices::COUNTIES;
use testkit::{device, edit};

fn save(book: &mut Book, name: &str) -> Result<String, StoreError> {
    let edit = edit("enterprise", COUNTIES[0], [("name", name.into())]);
    book.transact(|writer| writer.append(edit, &device(1), NOW)).map(|(id, _)| id.to_string())
}

/// Looks into a book past the store: only a test may.
#[allow(clippy::disallowed_methods)]
fn beside(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}

fn code(error: StoreError) -> String {
    error.notice().code
}

fn refused(path: &Path) -> String {
    code(Book::open(path).err().expect("the book must not open"))
}

/// An empty book at this path.
fn new_book(path: &Path) {
    let mut book = Book::create(path).unwrap();
    book.transact::<_, StoreError>(|writer| writer.set_meta("office", "640121")).unwrap();
}

#[test]
fn twins_read_no_other_book() {
    let folder = tempfile::tempdir().unwrap();
    let (place, better) = (folder.path().join("a.book"), folder.path().join("better.book"));
    new_book(&place);
    new_book(&better);
    let book = Book::open(&place).unwrap();
    let connections = book.read_connections();
    assert!(connections.open().is_ok());
    fs::rename(&better, &place).unwrap();
    assert_eq!(code(connections.open().err().unwrap()), "book-moved");
}

#[cfg(unix)]
#[test]
fn a_book_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.book");
    let mut book = Book::create(&path).unwrap();
    save(&mut book, "甲").unwrap();
    backup(&book, &folder.path().join("copy.book")).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()) {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        seen += 1;
    }
    assert!(seen >= 5, "book, lock, log, its index and the copy: {seen}");
}

#[test]
fn what_is_no_book_gets_no_lock_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("照片.jpg");
    fs::write(&path, vec![7; 5000]).unwrap();
    assert_eq!(refused(&path), "not-a-book");
    assert_eq!(code(Book::create(&path).err().unwrap()), "book-exists");
    assert!(!Lock::path(&path).exists());
}

// Where nothing can be written.

fn looks(book: &mut Book, records: u64) {
    assert!(book.read_only().is_some());
    let live = book.read::<_, StoreError>(|reader| reader.counts()).unwrap()["enterprise"].0;
    assert_eq!(live, records);
    assert_eq!(code(save(book, "x").unwrap_err()), "book-read-only");
    assert_eq!(code(book.dry_run::<_, StoreError>(|_| Ok(())).unwrap_err()), "book-read-only");
    let reader = book.read_connections().open().unwrap();
    assert_eq!(reader.read::<_, StoreError>(|reader| reader.revision_count()).unwrap(), records);
    let alone = store::ReadOnlyBook::open(book.path()).unwrap();
    assert_eq!(alone.read::<_, StoreError>(|reader| reader.revision_count()).unwrap(), records);
}

#[test]
fn a_book_on_a_protected_disk_is_looked_at_with_its_log_or_without() {
    let Some(disk) = SmallDisk::mount(16 << 10) else {
        // The system's own permissions stand for it, where they bind this process.
        println!("mounting is not permitted here: a protected disk is tested by permissions only");
        return a_book_of_somebody_else();
    };
    let at = |name: &str| disk.path().join(name);
    for name in ["clean.book", "cut.book"] {
        new_book(&at(name));
    }
    save(&mut Book::open(&at("clean.book")).unwrap(), "甲").unwrap();
    assert!(!at("clean.book-wal").exists());
    // One whose computer died: what was saved last stands in the log only, which a reader kept from being taken in.
    let mut book = Book::open(&at("cut.book")).unwrap();
    let reader = beside(&at("cut.book"));
    reader.execute_batch("BEGIN; SELECT count(*) FROM meta").unwrap();
    save(&mut book, "甲").unwrap();
    save(&mut book, "乙").unwrap();
    for (from, to) in [("cut.book", "left.book"), ("cut.book-wal", "left.book-wal")] {
        fs::copy(at(from), at(to)).unwrap();
    }
    drop((reader, book));
    assert!(at("left.book-wal").metadata().unwrap().len() > 0);
    backup(&Book::open(&at("clean.book")).unwrap(), &at("backup.book")).unwrap();
    disk.protect();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(disk.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let there = names();
    for (name, records) in [("clean.book", 1), ("left.book", 2), ("backup.book", 1), ("cut.book", 2)] {
        let mut book = Book::open(&at(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        looks(&mut book, records);
        // Others may look at it too.
        looks(&mut Book::open(&at(name)).unwrap(), records);
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.book");
        backup(&book, &copy).unwrap();
        assert!(Book::open(&copy).unwrap().read_only().is_none(), "a copy elsewhere can be written");
    }
    assert_eq!(code(Book::create(&at("new.book")).err().unwrap()), "folder-not-writable");
    fs::metadata(at("new.book")).unwrap_err();
    assert_eq!(names(), there, "nothing was left there");
}

#[test]
fn a_book_of_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.book");
    new_book(&path);
    save(&mut Book::open(&path).unwrap(), "甲").unwrap();
    let set = |path: &Path, writable: bool| {
        let mut permissions = fs::metadata(path).unwrap().permissions();
        permissions.set_readonly(!writable);
        fs::set_permissions(path, permissions).unwrap();
    };
    set(&path, false);
    set(&Lock::path(&path), false);
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        // No permission binds the system's administrator: to it every book is its own.
        assert!(Book::open(&path).unwrap().read_only().is_none());
        return;
    }
    looks(&mut Book::open(&path).unwrap(), 1);
    set(folder.path(), false);
    looks(&mut Book::open(&path).unwrap(), 1);
    set(folder.path(), true);
}
