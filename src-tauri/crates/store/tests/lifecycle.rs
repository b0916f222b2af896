//! A book from its making to its backup, and what is read back from it: locks, wrong files, checks, projections, lists,
//! search and joins.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::schema::{FieldType, Schema};
use domain::{Fields, RecordId, Value};
use rusqlite::Connection;
use rusqlite::types::Value as Sql;
use store::{Book, Finding, ListQuery, Lock, StoreError, backup};
use sweepbook_store as store;
use testkit::edits::AUTHOR;
use testkit::faults::{Helper, task, tell, wait_for_the_end};
use testkit::offices::{COUNTIES, NINGXIA, YINCHUAN, office};
use testkit::{Desk, edit, record, slots};

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

#[test]
fn hold() {
    // Not a test of its own: what the tests below start in another process, with a task.
    let Some(path) = task() else { return };
    let _book = Book::open(Path::new(&path)).unwrap();
    tell("open");
    wait_for_the_end();
}

#[test]
fn a_second_process_is_told_who_has_the_book() {
    let desk = Desk::new(1, COUNTIES[0]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    backup(&desk.book, &path).unwrap();

    let mut holder = Helper::start("hold", path.to_str().unwrap());
    assert_eq!(holder.hear().as_deref(), Some("open"));
    let notice = Lock::take(&path, Duration::from_millis(100)).unwrap_err().notice();
    assert_eq!(notice.code, "book-in-use");
    assert_eq!(notice.arg("pid"), Some(holder.pid().to_string().as_str()));

    // Killed, it leaves its number behind; the system has taken its lock back.
    holder.kill();
    assert!(!Lock::take(&path, Duration::ZERO).unwrap().clean, "the last holder did not say goodbye");
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

/// Breaks the last leaf page of the file, which nothing reads on opening: only a check finds it.
fn spoil(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    // Kinds of leaf page 10 and 13; bytes 3 and 4 count its cells, whose pointers start at byte 8.
    let leaf = |page: &&mut [u8]| (page[0] == 10 || page[0] == 13) && page[3..5] != [0, 0];
    bytes.chunks_mut(4096).skip(1).filter(leaf).last().unwrap()[8..10].copy_from_slice(&[0xff, 0xff]);
    fs::write(path, bytes).unwrap();
}

#[test]
fn damage_after_an_unclean_exit_is_found_every_time() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..20 {
        desk.write(enterprise(&format!("企业{at}"))).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    backup(&desk.book, &path).unwrap();
    let mut holder = Helper::start("hold", path.to_str().unwrap());
    assert_eq!(holder.hear().as_deref(), Some("open"));
    holder.kill();
    spoil(&path);
    assert_eq!(open_error(&path), "book-damaged");
    assert_eq!(open_error(&path), "book-damaged", "an opening that failed is no clean exit");
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

// Projections.

fn columns(conn: &Connection, kind: &str) -> Vec<(String, String)> {
    let mut statement = conn.prepare(&format!("PRAGMA table_info(\"p_{kind}\")")).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get("name")?, row.get("type")?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The words of the projection's own header: dates and codes are text, sets bars, lists JSON, references 16 bytes.
fn column_type(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Integer | FieldType::Quantity | FieldType::Money | FieldType::Bool => "INTEGER",
        FieldType::Ref { .. } => "BLOB",
        _ => "TEXT",
    }
}

/// A slot, its value and what its column should hold.
fn example(name: &str, ty: &FieldType) -> (String, Value, Sql) {
    let text = |text: &str| (name.to_owned(), Value::text(text), Sql::Text(text.to_owned()));
    let number = |number: i64| (name.to_owned(), Value::Int(number), Sql::Integer(number));
    let json = |value: Value, text: &str| (name.to_owned(), value, Sql::Text(text.to_owned()));
    match ty {
        FieldType::Text => text("𬭩㐂 '\";--"),
        FieldType::LongText => text("一\n二"),
        FieldType::Integer => number(-1),
        FieldType::Quantity => number(i64::MAX),
        FieldType::Money => number(12_345_678_901),
        FieldType::Bool => (name.to_owned(), true.into(), Sql::Integer(1)),
        FieldType::Date => text("2021-03-01"),
        FieldType::Time => text("09:30"),
        FieldType::Code { .. } => text("code"),
        FieldType::Set { .. } => (format!("{name}/b"), true.into(), Sql::Text("|b|".into())),
        FieldType::Texts => json(Value::List(vec!["乙".into(), "甲".into()]), r#"["乙","甲"]"#),
        FieldType::Ref { .. } => {
            let id = record(7);
            (name.to_owned(), Value::text(id.to_string()), Sql::Blob(id.as_bytes().to_vec()))
        }
        FieldType::Refs { .. } => {
            let id = record(7).to_string();
            json(Value::List(vec![Value::text(&id)]), &format!(r#"["{id}"]"#))
        }
        FieldType::Division => text("640121"),
        FieldType::Uscc => text("91640100MA0000000X"),
        FieldType::Sha256 => text(&"0a".repeat(32)),
        FieldType::Checklist => {
            let answer = Value::Map(slots([("result", "pass".into())]));
            (format!("{name}/c1"), answer, Sql::Text(r#"{"c1":{"result":"pass"}}"#.into()))
        }
        FieldType::Objects { .. } => json(Value::List(vec![Value::Map(Fields::new())]), "[{}]"),
    }
}

#[test]
fn every_core_field_has_its_column_and_lands_in_it() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let look = beside(&desk.path());
    let mut seen = BTreeSet::new();
    for kind in Schema::core().kinds {
        let mut expected: Vec<(String, String)> = [
            ("n", "INTEGER"),
            ("id", "BLOB"),
            ("office", "TEXT"),
            ("campaigns", "TEXT"),
            ("void", "INTEGER"),
            ("extra", "TEXT"),
        ]
        .map(|(name, ty)| (name.to_owned(), ty.to_owned()))
        .to_vec();
        expected.extend(kind.fields.iter().map(|field| (field.name.clone(), column_type(&field.ty).to_owned())));
        assert_eq!(columns(&look, &kind.id), expected, "{}", kind.id);

        let mut full = edit(
            &kind.id,
            COUNTIES[0],
            [
                ("campaigns/b", true.into()),
                ("campaigns/a", true.into()),
                ("campaigns/c", false.into()),
                ("字段", 1.into()),
            ],
        );
        let examples: Vec<(String, Value, Sql)> =
            kind.fields.iter().map(|field| example(&field.name, &field.ty)).collect();
        full.slots.extend(examples.iter().map(|(slot, value, _)| (slot.clone(), value.clone())));
        desk.write(full.clone()).unwrap();
        let read = |sql: &str| -> Sql {
            look.query_row(sql, [full.record.as_bytes()], |row| row.get(0))
                .unwrap_or_else(|error| panic!("{sql}: {error}"))
        };
        for (field, (_, _, expected)) in kind.fields.iter().zip(&examples) {
            let held = read(&format!("SELECT \"{}\" FROM \"p_{}\" WHERE id = ?", field.name, kind.id));
            assert_eq!(held, *expected, "{}.{}", kind.id, field.name);
            seen.insert(serde_json::to_value(&field.ty).unwrap()["type"].to_string());
        }
        assert_eq!(read(&format!("SELECT campaigns FROM \"p_{}\" WHERE id = ?", kind.id)), Sql::Text("|a|b|".into()));
        assert_eq!(
            read(&format!("SELECT extra FROM \"p_{}\" WHERE id = ?", kind.id)),
            Sql::Text(r#"{"字段":1}"#.into())
        );

        // Cleared, the columns are null again and the record is voided.
        full.slots = full.slots.into_keys().map(|slot| (slot, Value::Null)).collect();
        full.slots.insert("void".into(), "录错".into());
        desk.write(full.clone()).unwrap();
        for field in &kind.fields {
            let held = read(&format!("SELECT \"{}\" FROM \"p_{}\" WHERE id = ?", field.name, kind.id));
            assert_eq!(held, Sql::Null, "{}.{}", kind.id, field.name);
        }
        assert_eq!(read(&format!("SELECT void FROM \"p_{}\" WHERE id = ?", kind.id)), Sql::Integer(1));
    }
    assert_eq!(seen.len(), 18, "every type of field is used somewhere in the core: {seen:?}");
}

#[test]
fn the_index_that_figures_count_by_holds_all_but_texts_and_objects() {
    let desk = Desk::new(1, COUNTIES[0]);
    let look = beside(&desk.path());
    for kind in Schema::core().kinds {
        let mut statement = look.prepare(&format!("PRAGMA index_info(\"p_{}_count\")", kind.id)).unwrap();
        let held = statement.query_map([], |row| row.get::<_, String>("name")).unwrap();
        let held: Vec<String> = held.collect::<Result<_, _>>().unwrap();
        let counted = kind.fields.iter().filter(|field| match &field.ty {
            FieldType::Text | FieldType::LongText | FieldType::Time | FieldType::Uscc | FieldType::Sha256 => false,
            FieldType::Checklist | FieldType::Objects { .. } => false,
            FieldType::Integer | FieldType::Quantity | FieldType::Money | FieldType::Bool | FieldType::Date => true,
            FieldType::Code { .. } | FieldType::Set { .. } | FieldType::Division | FieldType::Texts => true,
            FieldType::Ref { .. } | FieldType::Refs { .. } => true,
        });
        let names = ["n", "id", "office", "campaigns", "void"].into_iter();
        let expected: Vec<&str> = names.chain(counted.map(|field| field.name.as_str())).chain(["extra"]).collect();
        assert_eq!(held, expected, "{}", kind.id);
    }
}

#[test]
fn a_kind_of_a_newer_program_is_kept_though_it_has_no_table() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let strange = edit("未来", COUNTIES[0], [("a", 1.into())]);
    desk.write(strange.clone()).unwrap();
    assert!(findings(&desk.book).is_empty());
    let kept = desk.book.read::<_, StoreError>(|reader| reader.record(strange.record)).unwrap().unwrap();
    assert_eq!((kept.kind.as_str(), kept.int("a")), ("未来", Some(1)));
    assert_eq!(desk.parcel("p").unwrap().lines.len(), 1, "and sent on");
}

// Lists.

#[test]
fn pages_visit_everything_once() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..25 {
        let mut entry =
            edit("case", COUNTIES[at % 3], [("number", Value::text(at.to_string())), ("line", "price".into())]);
        entry.slots.insert("filed_on".into(), Value::text(format!("2021-03-{:02}", at + 1)));
        if at % 5 == 0 {
            entry.slots.insert("void".into(), "录错".into());
        }
        if at % 2 == 0 {
            entry.slots.insert("campaigns/c".into(), true.into());
            entry.slots.insert("penalty_kinds/fine".into(), true.into());
        }
        desk.write(entry).unwrap();
    }
    let visit = |query: &ListQuery| {
        let mut seen: Vec<RecordId> = Vec::new();
        let mut query = query.clone();
        desk.book
            .read::<_, StoreError>(|reader| {
                loop {
                    let page = reader.list(&query)?;
                    assert!(page.records.len() <= query.limit as usize);
                    seen.extend(page.records.iter().map(|record| record.id));
                    match page.next {
                        Some(next) => query.after = Some(next),
                        None => break,
                    }
                }
                query.after = None;
                assert_eq!(reader.list_count(&query)?, seen.len() as u64);
                Ok(())
            })
            .unwrap();
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len());
        seen.len()
    };
    let all = ListQuery { kind: "case".into(), with_voided: true, limit: 4, ..Default::default() };
    for limit in [1, 4, 5, 24, 25, 26] {
        assert_eq!(visit(&ListQuery { limit, ..all.clone() }), 25);
    }
    assert_eq!(visit(&ListQuery { with_voided: false, ..all.clone() }), 20);
    for (code, expected) in
        [(NINGXIA, 25), ("000000", 25), (YINCHUAN, 25), (COUNTIES[0], 9), ("210000", 0), ("640121-01", 0)]
    {
        assert_eq!(visit(&ListQuery { office: Some(office(code)), ..all.clone() }), expected, "{code}");
    }
    assert_eq!(visit(&ListQuery { campaign: Some("c".into()), ..all.clone() }), 13);
    assert_eq!(visit(&ListQuery { campaign: Some("|".into()), ..all.clone() }), 0);
    let coded = |field: &str, code: &str| ListQuery { codes: vec![(field.into(), code.into())], ..all.clone() };
    assert_eq!(visit(&coded("line", "price")), 25);
    assert_eq!(visit(&coded("line", "quality")), 0);
    assert_eq!(visit(&coded("penalty_kinds", "fine")), 13);
    assert_eq!(visit(&coded("penalty_kinds", "fin")), 0);
    let dated = ListQuery {
        date_field: Some("filed_on".into()),
        from: Some("2021-03-03".parse().unwrap()),
        to: Some("2021-03-06".parse().unwrap()),
        office: Some(office(COUNTIES[0])),
        ..all.clone()
    };
    assert_eq!(visit(&dated), 1);
    assert_eq!(visit(&ListQuery { kind: "nothing".into(), ..all.clone() }), 0);
}

// Search.

fn search(desk: &Desk, text: &str, limit: u32) -> Vec<RecordId> {
    desk.book.read::<_, StoreError>(|reader| reader.search(text, limit)).unwrap()
}

#[test]
fn enterprises_are_found_by_fragment_code_and_initials() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut named = |name: &str, uscc: &str| {
        let mut entry = enterprise(name);
        entry.slots.insert("uscc".into(), uscc.into());
        desk.write(entry.clone()).unwrap();
        entry.record
    };
    let chongqing = named("重庆Abc口罩厂（有限公司）", "915001000000000001");
    let yongning = named("永宁县康达口罩厂", "91640121MA00000002");
    let rare = named("宁夏𬭩㐂有限公司", "92640100MA00000003");
    for (text, expected) in [
        ("口罩", vec![chongqing, yongning]),
        ("罩口", vec![]),
        ("罩", vec![chongqing, yongning]),
        ("庆abc", vec![chongqing]),
        ("口罩厂有限", vec![chongqing]),
        ("cq", vec![chongqing]),
        ("zq", vec![chongqing]),
        ("CQABCK", vec![chongqing]),
        ("qk", vec![]),
        ("ynx", vec![yongning]),
        ("9164", vec![yongning]),
        ("91640121ma", vec![yongning]),
        ("91", vec![chongqing, yongning]),
        ("640121", vec![]),
        ("𬭩㐂", vec![rare]),
        ("𬭩", vec![rare]),
        ("㐂", vec![rare]),
        (" 康达 ", vec![yongning]),
        ("", vec![]),
        ("（）", vec![]),
        ("\" OR *", vec![]),
        ("口罩*", vec![chongqing, yongning]),
        ("x'; DROP TABLE record; --", vec![]),
    ] {
        let mut found = search(&desk, text, 10);
        found.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{text:?}");
    }
    assert_eq!(search(&desk, "口罩", 1).len(), 1);

    // Renamed, it is found under the new name only.
    let mut renamed = enterprise("");
    (renamed.record, renamed.slots) = (yongning, slots([("name", "贺兰山商贸".into())]));
    desk.write(renamed).unwrap();
    assert_eq!(search(&desk, "康达", 10), vec![]);
    assert_eq!(search(&desk, "ynx", 10), vec![]);
    assert_eq!(search(&desk, "贺兰", 10), vec![yongning]);
    assert_eq!(search(&desk, "hls", 10), vec![yongning]);
}

#[test]
fn voided_enterprises_come_last_and_take_no_place() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..6 {
        let mut entry = enterprise(&format!("康达{at}号"));
        entry.slots.insert("uscc".into(), Value::text(format!("9164012100000000{at:02}")));
        entry.slots.insert("void".into(), "注销".into());
        desk.write(entry).unwrap();
    }
    let mut live = enterprise("康达商贸");
    live.slots.insert("uscc".into(), "916401210000000099".into());
    desk.write(live.clone()).unwrap();
    for text in ["康达", "kd", "9164"] {
        assert_eq!(search(&desk, text, 3).len(), 3, "{text}");
        assert_eq!(search(&desk, text, 3)[0], live.record, "{text}");
        assert_eq!(search(&desk, text, 10).len(), 7, "{text}");
    }
}

#[test]
fn an_undone_enterprise_is_not_found() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    let entry = enterprise("永宁县康达口罩厂");
    sender.write(entry.clone()).unwrap();
    let mut desk = Desk::new(2, YINCHUAN);
    desk.take(&sender.parcel("p").unwrap(), false).unwrap();
    assert_eq!(search(&desk, "康达", 10), vec![entry.record]);
    desk.undo("p").unwrap();
    assert_eq!(search(&desk, "康达", 10), vec![]);
    assert_eq!(search(&desk, "ynx", 10), vec![]);
    desk.take(&sender.parcel("p").unwrap(), true).unwrap();
    assert_eq!(search(&desk, "ynx", 10), vec![entry.record]);
}

// Joins.

fn set(desk: &mut Desk, record: RecordId, slot: &str, value: Value) {
    let entry = store::Edit {
        record,
        kind: "enterprise".into(),
        office: office(COUNTIES[0]),
        author: AUTHOR.into(),
        slots: slots([(slot, value)]),
    };
    desk.write(entry).unwrap();
}

fn join(desk: &mut Desk, from: RecordId, to: RecordId) {
    set(desk, from, "same_as", Value::text(to.to_string()));
}

#[test]
fn chains_rings_and_voided_targets_lead_to_one_root_and_can_be_undone() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut ids: Vec<RecordId> = (0..4).map(record).collect();
    ids.sort_unstable();
    let [a, b, c, d] = ids[..] else { unreachable!() };
    for id in &ids {
        set(&mut desk, *id, "name", Value::text(format!("企业{id}")));
    }
    let roots = |desk: &Desk| {
        desk.book
            .read::<_, StoreError>(|reader| {
                [a, b, c, d].into_iter().map(|id| reader.root_of(id)).collect::<Result<Vec<_>, _>>()
            })
            .unwrap()
    };
    let group = |desk: &Desk, id| desk.book.read::<_, StoreError>(|reader| reader.group_of(id)).unwrap();
    assert_eq!(roots(&desk), [a, b, c, d]);
    assert_eq!(group(&desk, a), [a]);

    // A chain.
    join(&mut desk, a, b);
    join(&mut desk, b, c);
    assert_eq!(roots(&desk), [c, c, c, d]);
    for id in [a, b, c] {
        assert_eq!(group(&desk, id), [a, b, c]);
    }
    // A voided link in the middle is passed over: the way goes on.
    set(&mut desk, b, "void", "重复".into());
    assert_eq!(roots(&desk)[0], c);
    set(&mut desk, b, "void", Value::Null);
    // A voided end: the last live one on the way.
    set(&mut desk, c, "void", "重复".into());
    assert_eq!(roots(&desk)[..2], [b, b]);
    set(&mut desk, c, "void", Value::Null);
    assert_eq!(roots(&desk), [c, c, c, d]);
    // A ring counts as its smallest id.
    join(&mut desk, c, a);
    assert_eq!(roots(&desk), [a, a, a, d]);
    join(&mut desk, d, c);
    assert_eq!(roots(&desk), [a, a, a, a]);
    assert_eq!(group(&desk, d), [a, b, c, d]);
    // A target that is not here.
    join(&mut desk, d, record(99));
    assert_eq!(roots(&desk), [a, a, a, d]);
    // All taken back.
    for id in [a, b, c, d] {
        set(&mut desk, id, "same_as", Value::Null);
    }
    assert_eq!(roots(&desk), [a, b, c, d]);
    assert_eq!(group(&desk, a), [a]);
    assert!(findings(&desk.book).is_empty());
}

#[test]
fn a_target_that_arrives_later_is_joined_then() {
    let mut sender = Desk::new(1, COUNTIES[0]);
    let (member, target) = (record(1), record(2));
    set(&mut sender, target, "name", "甲".into());
    let target_only = sender.parcel("target").unwrap();
    set(&mut sender, member, "name", "乙".into());
    join(&mut sender, member, target);
    let mut rest = sender.parcel("rest").unwrap();
    rest.lines.retain(|line| !target_only.lines.contains(line));

    let mut desk = Desk::new(2, YINCHUAN);
    let root = |desk: &Desk| desk.book.read::<_, StoreError>(|reader| reader.root_of(member)).unwrap();
    desk.take(&rest, false).unwrap();
    assert_eq!(root(&desk), member);
    desk.take(&target_only, false).unwrap();
    assert_eq!(root(&desk), target);
    desk.undo("target").unwrap();
    assert_eq!(root(&desk), member);
}

#[test]
fn likely_duplicates_are_suggested_once() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let mut put = |n: u64, name: &str, uscc: Option<&str>, division: Option<&str>| {
        set(&mut desk, record(n), "name", name.into());
        if let Some(uscc) = uscc {
            set(&mut desk, record(n), "uscc", uscc.into());
        }
        if let Some(division) = division {
            set(&mut desk, record(n), "division", division.into());
        }
    };
    put(1, "康达（宁夏）口罩厂", Some("91640121MA00000001"), Some("640121"));
    put(2, "另一家", Some("91640121MA00000001"), Some("640122"));
    put(3, "康达宁夏口罩厂", None, Some("640121"));
    put(4, "康达宁夏口罩厂", None, Some("640122"));
    put(5, "康达宁夏口罩厂", None, None);
    let pairs = |desk: &Desk| -> BTreeSet<(BTreeSet<RecordId>, &'static str)> {
        let pairs = desk.book.read::<_, StoreError>(|reader| reader.pairs(&BTreeSet::new())).unwrap();
        pairs.into_iter().map(|(left, right, reason)| (BTreeSet::from([left, right]), reason)).collect()
    };
    let pair = |left, right| BTreeSet::from([record(left), record(right)]);
    // The same name in another division, or with none, may be the same firm too: each with the first of them.
    let named = |numbers: &[u64]| -> BTreeSet<(BTreeSet<RecordId>, &'static str)> {
        let mut ids: Vec<RecordId> = numbers.iter().map(|n| record(*n)).collect();
        ids.sort();
        ids[1..].iter().map(|other| (BTreeSet::from([ids[0], *other]), "name")).collect()
    };
    let with_code: BTreeSet<_> = named(&[1, 3, 4, 5]).into_iter().chain([(pair(1, 2), "uscc")]).collect();
    assert_eq!(pairs(&desk), with_code);
    join(&mut desk, record(2), record(1));
    assert_eq!(pairs(&desk), named(&[1, 3, 4, 5]));
    for n in [3, 4] {
        set(&mut desk, record(n), "void", "重复".into());
    }
    assert_eq!(pairs(&desk), named(&[1, 5]));
}

/// Names copied out of a PDF: the radicals U+2F42 and U+2F1A stand there for 文 and 厂.
#[test]
fn radicals_out_of_a_pdf_are_the_characters_they_look_like() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    set(&mut desk, record(1), "name", "\u{2F42}华口罩\u{2F1A}".into());
    set(&mut desk, record(2), "name", "文华口罩厂".into());
    let found = |desk: &Desk, typed: &str| -> BTreeSet<RecordId> {
        desk.book.read::<_, StoreError>(|reader| reader.search(typed, 10)).unwrap().into_iter().collect()
    };
    let both = BTreeSet::from([record(1), record(2)]);
    for typed in ["文华", "\u{2F42}华", "口罩厂", "whkzc"] {
        assert_eq!(found(&desk, typed), both, "{typed}");
    }
    desk.book
        .read::<_, StoreError>(|reader| {
            let pairs = reader.pairs(&BTreeSet::new())?;
            assert_eq!(pairs.len(), 1, "{pairs:?}");
            assert_eq!((BTreeSet::from([pairs[0].0, pairs[0].1]), pairs[0].2), (both.clone(), "name"));
            let similar = reader.similar("文华口罩厂", "", Some(record(2)), 5)?;
            assert_eq!(similar, [store::Similar { record: record(1), likeness: store::Likeness::Name }]);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_name_of_two_characters_is_like_the_same_name() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    set(&mut desk, record(1), "name", "甲厂".into());
    set(&mut desk, record(2), "name", "佳厂".into());
    let similar = desk.book.read::<_, StoreError>(|reader| reader.similar("甲 厂", "", None, 5)).unwrap();
    assert_eq!(similar, [store::Similar { record: record(1), likeness: store::Likeness::Name }]);
}

#[test]
fn a_pass_over_a_kind_says_what_its_fields_hold() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for n in [1, 2, 3] {
        set(&mut desk, record(n), "name", Value::text(format!("{n}厂")));
    }
    set(&mut desk, record(2), "same_as", Value::text(record(1).to_string()));
    set(&mut desk, record(3), "void", "重复".into());
    let mut seen = Vec::new();
    desk.book
        .read::<_, StoreError>(|reader| {
            reader.pass_over::<StoreError>(
                "enterprise",
                &["name", "same_as", "roles", "nowhere"],
                |id, office, said| {
                    seen.push((id, office.to_string(), said.to_vec()));
                    Ok(())
                },
            )
        })
        .unwrap();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen,
        [
            (record(1), COUNTIES[0].to_string(), vec![text("1厂"), None, None, None]),
            (record(2), COUNTIES[0].to_string(), vec![text("2厂"), text(&record(1).to_string()), None, None]),
        ]
    );
}
