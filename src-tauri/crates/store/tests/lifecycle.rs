//! A book from its making to its backup: locks, wrong files, checks.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::Value;
use rusqlite::Connection;
use store::{Book, Finding, Lock, StoreError, backup};
use sweepbook_store as store;
use testkit::offices::COUNTIES;
use testkit::{Desk, edit, slots};

fn code(error: StoreError) -> String {
    error.notice().code
}

fn open_error(path: &Path) -> String {
    code(Book::open(path).err().expect("the book must not open"))
}

/// Looks into a book past the store: only a test may.
#[allow(clippy::disallowed_methods)]
fn beside(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

fn change(path: &Path, sql: &str) {
    assert_eq!(beside(path).execute(sql, []).unwrap(), 1, "{sql}");
}

fn findings(book: &Book) -> Vec<Finding> {
    book.check(&mut |_, _| ()).unwrap().findings
}

fn enterprise(name: &str) -> store::Edit {
    edit("enterprise", COUNTIES[0], [("name", name.into())])
}

// Opening and locking.

#[test]
fn a_new_book_opens_again_with_what_was_saved() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    desk.book.transact::<_, StoreError>(|writer| writer.set_meta("office", "640121")).unwrap();
    let saved = enterprise("甲");
    desk.write(saved.clone()).unwrap();
    let digest = desk.digest().unwrap();
    let desk = desk.reopen().unwrap();
    assert_eq!(desk.digest().unwrap(), digest);
    desk.book
        .read::<_, StoreError>(|reader| {
            assert_eq!(reader.meta("office")?.as_deref(), Some("640121"));
            assert_eq!(reader.meta("nothing")?, None);
            assert_eq!(reader.record(saved.record)?.unwrap().text("name"), Some("甲"));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_refused_act_leaves_nothing() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let before = desk.digest().unwrap();
    let refused = desk.book.transact::<(), StoreError>(|writer| {
        writer.append(enterprise("甲"), &testkit::device(1), 1)?;
        Err(domain::Notice::new("refused-by-test").into())
    });
    assert_eq!(code(refused.unwrap_err()), "refused-by-test");
    assert_eq!(desk.digest().unwrap(), before);
    desk.write(enterprise("甲")).unwrap();
    assert!(findings(&desk.book).is_empty());
}

#[test]
fn a_changed_book_has_another_token() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let token = |desk: &Desk| desk.book.read::<_, StoreError>(|reader| reader.state_token()).unwrap();
    let empty = token(&desk);
    desk.write(enterprise("甲")).unwrap();
    let one = token(&desk);
    assert_ne!(empty, one, "without any package too");
    let mut other = Desk::new(2, COUNTIES[1]);
    other.write(enterprise("乙")).unwrap();
    desk.take(&other.parcel("p").unwrap(), false).unwrap();
    let two = token(&desk);
    assert_ne!(one, two);
    desk.undo("p").unwrap();
    assert_ne!(two, token(&desk));
}

#[test]
fn nothing_is_overwritten_and_nothing_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    assert_eq!(open_error(&path), "book-missing");
    assert_eq!(open_error(folder.path()), "book-missing");
    fs::write(&path, "其他文件").unwrap();
    assert_eq!(code(Book::create(&path).err().unwrap()), "book-exists");
    assert_eq!(fs::read_to_string(&path).unwrap(), "其他文件");
}

#[test]
fn a_file_that_is_no_book_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    let mut header_only = b"SQLite format 3\0".to_vec();
    header_only.resize(100, 0);
    for content in [b"".to_vec(), b"PK\x03\x04".to_vec(), vec![b'x'; 5000], header_only] {
        fs::write(&path, &content).unwrap();
        assert_eq!(open_error(&path), "not-a-book");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    fs::remove_file(&path).unwrap();
    beside(&path).execute_batch("CREATE TABLE t (x)").unwrap();
    assert_eq!(open_error(&path), "not-a-book");
}

#[test]
fn a_book_of_a_newer_program_is_refused_untouched() {
    let desk = Desk::new(1, COUNTIES[0]);
    let kept = tempfile::tempdir().unwrap();
    let copy = kept.path().join("book.swb");
    let refused = desk.reopen_after(|path| {
        beside(path).execute_batch("PRAGMA user_version = 99").unwrap();
        fs::copy(path, &copy).unwrap();
    });
    assert_eq!(code(refused.err().unwrap()), "book-newer");
    let before = fs::read(&copy).unwrap();
    assert_eq!(open_error(&copy), "book-newer");
    assert_eq!(fs::read(&copy).unwrap(), before);
}

#[test]
fn a_truncated_book_is_damaged() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..50 {
        desk.write(enterprise(&format!("企业{at}"))).unwrap();
    }
    let whole = desk.folder().join("whole");
    backup(&desk.book, &whole).unwrap();
    let bytes = fs::read(&whole).unwrap();
    for keep in [bytes.len() / 2, bytes.len() - 4096, 4096 + 100, 4096, 500, 100] {
        let cut = desk.folder().join("cut");
        fs::write(&cut, &bytes[..keep]).unwrap();
        let error = Book::open(&cut).err().unwrap_or_else(|| panic!("{keep} bytes of {}", bytes.len())).notice();
        assert!(["book-damaged", "not-a-book"].contains(&error.code.as_str()), "{keep} bytes: {error}");
        assert!(error.args.iter().all(|(_, value)| !value.is_empty()), "{error}");
    }
}

#[test]
fn a_book_with_a_broken_header_is_named() {
    let refused = Desk::new(1, COUNTIES[0]).reopen_after(|path| {
        let mut bytes = fs::read(path).unwrap();
        // The page size, which is a power of two.
        bytes[16..18].copy_from_slice(&[0, 3]);
        fs::write(path, bytes).unwrap();
    });
    let notice = refused.err().unwrap().notice();
    assert_eq!(notice.code, "not-a-book");
    assert!(notice.arg("path").is_some_and(|path| path.ends_with("book.swb")), "{notice}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    // Below a file: permissions would not stop root.
    for path in [file.join("book.swb"), folder.path().join("absent").join("book.swb")] {
        let notice = Book::create(&path).err().unwrap().notice();
        assert_eq!(notice.code, "folder-not-writable");
        assert_eq!(notice.arg("path"), Some(path.parent().unwrap().display().to_string().as_str()));
    }
    let desk = Desk::new(1, COUNTIES[0]);
    assert_eq!(code(backup(&desk.book, &file.join("copy")).unwrap_err()), "folder-not-writable");
}

/// Only so that a test that hangs ends.
const GENEROUS: Duration = Duration::from_secs(600);

/// Until the lock file of a book is open so many times in this process.
fn until_held_open(book: &Path, times: usize) {
    let lock = Lock::path(book).canonicalize().unwrap();
    let open = || {
        let files = fs::read_dir("/proc/self/fd").unwrap().flatten();
        files.filter(|file| fs::read_link(file.path()).is_ok_and(|target| target == lock)).count()
    };
    let begun = Instant::now();
    while open() != times {
        assert!(begun.elapsed() < GENEROUS, "nobody else opens it");
        std::thread::yield_now();
    }
}

#[test]
fn a_lock_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    let first = Lock::take(&path, Duration::ZERO).unwrap();
    assert!(first.clean);
    std::thread::scope(|scope| {
        let second = scope.spawn(|| Lock::take(&path, GENEROUS));
        until_held_open(&path, 2);
        drop(first);
        assert!(second.join().unwrap().unwrap().clean);
    });
}

#[test]
fn of_two_who_make_the_same_book_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    let lock = Lock::take(&path, Duration::ZERO).unwrap();
    std::thread::scope(|scope| {
        let late = scope.spawn(|| Book::create(&path).err().map(code));
        // It has seen that there is no book, and waits for the lock.
        until_held_open(&path, 2);
        fs::write(&path, "made meanwhile").unwrap();
        drop(lock);
        assert_eq!(late.join().unwrap().as_deref(), Some("book-exists"));
    });
}

// Backup and check.

#[test]
fn a_backup_is_a_book() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    desk.write(enterprise("甲")).unwrap();
    let to = desk.folder().join("copy.swb");
    backup(&desk.book, &to).unwrap();
    assert_eq!(code(backup(&desk.book, &to).unwrap_err()), "book-exists");
    desk.write(enterprise("乙")).unwrap();

    let names: BTreeSet<_> = fs::read_dir(desk.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().starts_with(".sweepbook")), "{names:?}");
    assert!(!names.contains(std::ffi::OsStr::new("copy.swb-wal")), "one file to carry away");

    let copy = Book::open(&to).unwrap();
    assert!(findings(&copy).is_empty());
    assert_eq!(copy.read::<_, StoreError>(|reader| reader.counts()).unwrap()["enterprise"], (1, 0));
}

/// Two desks that disagree on one record, and a revision that waits.
fn disputed_desk() -> Desk {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut other = Desk::new(2, COUNTIES[0]);
    let case = edit("case", COUNTIES[0], [("penalty_fen", 100.into())]);
    let mut changed = case.clone();
    desk.write(case).unwrap();
    other.take(&desk.parcel("first").unwrap(), false).unwrap();
    changed.slots = slots([("penalty_fen", 200.into())]);
    desk.write(changed.clone()).unwrap();
    changed.slots = slots([("penalty_fen", 300.into())]);
    other.write(changed).unwrap();
    let waiting = edit("case", COUNTIES[0], [("cause", "甲".into())]);
    let mut later = waiting.clone();
    later.slots = slots([("cause", "乙".into())]);
    other.write(waiting.clone()).unwrap();
    other.write(later).unwrap();
    let mut parcel = other.parcel("second").unwrap();
    // The first revision of the second record is lost on the way.
    let before = parcel.lines.len();
    let lost = |line: &Vec<u8>| {
        let revision = domain::Revision::from_line(line).unwrap();
        revision.record == waiting.record && revision.parents.is_empty()
    };
    parcel.lines.retain(|line| !lost(line));
    assert_eq!(parcel.lines.len() + 1, before);
    desk.take(&parcel, false).unwrap();
    desk
}

#[test]
fn a_new_book_never_takes_the_place_of_anything_but_an_abandoned_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.swb");
    fs::write(&path, b"").unwrap();
    let mut book = Book::create(&path).expect("an empty file holds nothing");
    drop(book);
    book = Book::create(&path).expect("nothing was ever written into it");
    book.transact::<_, StoreError>(|writer| writer.set_meta("office", "640121")).unwrap();
    drop(book);
    assert!(matches!(Book::create(&path), Err(StoreError::Exists { .. })));
    let table = folder.path().join("表.xlsx");
    fs::write(&table, b"PK").unwrap();
    assert!(matches!(Book::create(&table), Err(StoreError::Exists { .. })));
    assert_eq!(fs::read(&table).unwrap(), b"PK");
    assert_eq!(
        fs::read_dir(folder.path())
            .unwrap()
            .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("表") })
            .count(),
        1
    );
}

#[test]
fn check_is_silent_on_a_sound_book_and_tells_its_size() {
    let desk = disputed_desk();
    let report = desk.book.check(&mut |_, _| ()).unwrap();
    assert_eq!((report.findings.len(), report.revisions, report.records), (0, 4, 1));
    assert_eq!(report.digest, desk.digest().unwrap());
}

#[test]
fn check_finds_every_alteration() {
    let alterations = [
        (
            "a value in a line",
            "UPDATE revision SET line = CAST(replace(line, 'fen\":200', 'fen\":999') AS BLOB) WHERE instr(line, 'fen\":200')",
        ),
        ("a line that is no JSON", "UPDATE revision SET line = x'7b' WHERE n = 1"),
        ("a record's value", "UPDATE record SET slots = replace(slots, '300', '999')"),
        ("a record's value that is no JSON", "UPDATE record SET slots = '{'"),
        ("a record's owner", "UPDATE record SET office = '640122'"),
        ("a record's heads", "UPDATE record SET heads = substr(heads, 1, 32)"),
        ("heads cut short", "UPDATE record SET heads = substr(heads, 1, 31)"),
        ("a record lost", "DELETE FROM record"),
        (
            "a record from nowhere",
            "INSERT INTO record (id, kind, office, heads, slots) VALUES (randomblob(16), 'case', '640121', x'', '{}')",
        ),
        ("a conflict lost", "DELETE FROM conflict"),
        ("a conflict's name", "UPDATE conflict SET id = randomblob(32)"),
        ("a conflict's candidates", "UPDATE conflict SET candidates = replace(candidates, '300', '999')"),
        ("a waiting line that no longer waits", "UPDATE revision SET state = 0 WHERE state = 1"),
        ("a line set to wait", "UPDATE revision SET state = 1 WHERE n = 1"),
        ("a projected value", "UPDATE p_case SET penalty_fen = 999"),
        ("a projected row lost", "DELETE FROM p_case"),
        ("a stream's hash", "UPDATE stream SET hash = randomblob(32) WHERE id = 1"),
        ("a stream's number", "UPDATE stream SET held = held + 1 WHERE id = 1"),
    ];
    for (what, sql) in alterations {
        let desk = disputed_desk().reopen_after(|path| change(path, sql)).unwrap();
        let found = desk.book.check(&mut |_, _| ()).unwrap_or_else(|error| panic!("{what}: {error}")).findings;
        assert!(!found.is_empty(), "{what} went unnoticed");
        if what.contains("line") && !what.contains("wait") {
            assert!(found.iter().any(|finding| matches!(finding, Finding::LineAltered { .. })), "{what}: {found:?}");
        }
    }
}

#[test]
fn a_rebuild_puts_right_what_was_derived_and_refuses_an_altered_log() {
    let wreck = [
        "UPDATE record SET slots = '{', heads = x''",
        "DELETE FROM record; DELETE FROM p_case",
        "DELETE FROM conflict; UPDATE revision SET state = 0",
        "UPDATE stream SET held = held + 7, hash = randomblob(32)",
        "INSERT INTO record (id, kind, office, heads, slots) VALUES (randomblob(16), 'case', '640121', x'', '{}')",
        "DELETE FROM initials; INSERT INTO name_index (name_index) VALUES ('delete-all')",
    ];
    for sql in wreck {
        let desk = disputed_desk();
        let digest = desk.digest().unwrap();
        let mut desk = desk.reopen_after(|path| beside(path).execute_batch(sql).unwrap()).unwrap();
        assert!(sql.contains("initials") || !desk.book.check(&mut |_, _| ()).unwrap().findings.is_empty(), "{sql}");
        desk.book.rebuild(&mut |_, _| ()).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let report = desk.book.check(&mut |_, _| ()).unwrap();
        assert_eq!((report.findings, report.records), (Vec::new(), 1), "{sql}");
        assert_eq!(report.digest, digest, "{sql}");
    }
    let mut altered =
        disputed_desk().reopen_after(|path| change(path, "UPDATE revision SET line = x'7b' WHERE n = 1")).unwrap();
    assert!(altered.book.rebuild(&mut |_, _| ()).is_err());
}

#[test]
fn a_rebuilt_book_finds_and_joins_as_before() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let first = enterprise("重庆口罩厂");
    let mut second = enterprise("重庆口罩有限公司");
    second.slots.insert("same_as".to_owned(), Value::text(first.record.to_string()));
    desk.write(first).unwrap();
    desk.write(second).unwrap();
    let seen = |desk: &Desk| {
        desk.book
            .read::<_, store::StoreError>(|reader| {
                Ok((reader.search("cqkz", 9)?, reader.search("口罩厂", 9)?, reader.streams()?))
            })
            .unwrap()
    };
    let before = seen(&desk);
    assert_eq!((before.0.len(), before.1.len()), (2, 1));
    assert_eq!(desk.book.rebuild(&mut |_, _| ()).unwrap(), 2);
    assert_eq!(seen(&desk), before);
}
