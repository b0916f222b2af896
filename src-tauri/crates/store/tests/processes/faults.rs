//! Kill −9 and failing disks, injected below the store: what was acknowledged is there, nothing is half done, and once the
//! fault is over the same act succeeds.
//!
//! Another process (this binary, run again) works on a real book. It is killed at a random moment, or its files may not grow
//! beyond a limit (EFBIG), or its disk is full (ENOSPC, on a small tmpfs where mounting is permitted).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{RevisionId, Value};
use rusqlite::Connection;
use store::{Book, Edit, PackageState, StoreError, backup};
use sweepbook_store as store;
use testkit::clock::{NOW, SECOND};
use testkit::faults::{Dice, Helper, SmallDisk, tell};
use testkit::offices::{COUNTIES, office};
use testkit::{Desk, Parcel, device, edit, record, slots};

/// Long enough that a few dozen saves reach every place a write can fail.
fn entry(at: u64) -> Edit {
    let filler = "永宁县".repeat(200);
    let mut edit =
        edit("enterprise", COUNTIES[0], [("name", Value::text(format!("企业{at}"))), ("address", Value::text(filler))]);
    edit.record = record(at);
    edit
}

fn change(at: u64, name: &str) -> Edit {
    Edit { slots: slots([("name", name.into())]), ..entry(at) }
}

/// A parcel from another office with `count` records, each edited once, numbered from `first`.
fn parcel(uuid: &str, first: u64, count: u64) -> Parcel {
    let mut sender = Desk::new(9, COUNTIES[1]);
    sender
        .book
        .transact::<_, StoreError>(|writer| {
            for at in first..first + count {
                writer.append(entry(at), &device(first + 9), NOW)?;
                writer.append(change(at, "改名"), &device(first + 9), NOW + SECOND)?;
            }
            Ok(())
        })
        .unwrap();
    sender.parcel(uuid).unwrap()
}

fn save(book: &mut Book, edit: Edit) -> Result<RevisionId, StoreError> {
    book.transact(|writer| writer.append(edit, &device(1), NOW)).map(|(id, _)| id)
}

fn take(book: &mut Book, parcel: &Parcel) -> Result<(), StoreError> {
    book.transact(|writer| parcel.apply(writer, false, NOW)).map(|_| ())
}

/// Tells how an act of the child ended.
fn report(result: Result<(), StoreError>) -> bool {
    match result {
        Ok(()) => true,
        Err(error) => {
            let notice = error.notice();
            tell(&format!("failed {} {} {error}", notice.code, notice.arg("why").unwrap_or_default()));
            false
        }
    }
}

/// Another process: does what the words say, and tells how it went, until it is killed.
pub fn work(words: &[&str]) {
    let path = Path::new(words[1]);
    if words[0] == "create" {
        tell("making");
        report(Book::create(path).map(|_| ()));
        return tell("done");
    }
    let mut book = match Book::open(path) {
        Ok(book) => book,
        Err(error) => {
            report(Err(error));
            return tell("done");
        }
    };
    tell("open");
    match words[0] {
        // Saves, each acknowledged once it is committed, until told otherwise by a fault.
        "save" => {
            let (first, most): (u64, u64) = (words[2].parse().unwrap(), words[3].parse().unwrap());
            for at in first..first + most {
                let kept = save(&mut book, entry(at)).and_then(|id| {
                    tell(&format!("saved {id}"));
                    save(&mut book, change(at, "改名"))
                });
                match kept {
                    Ok(id) => tell(&format!("saved {id}")),
                    Err(error) => {
                        report(Err(error));
                        break;
                    }
                }
            }
        }
        "ingest" => {
            for (at, file) in words[2..].iter().enumerate() {
                let parcel = unpack(Path::new(file), &format!("parcel-{at}"));
                tell("taking");
                if !report(take(&mut book, &parcel)) {
                    break;
                }
                tell(&format!("took parcel-{at}"));
            }
        }
        "backup" => {
            if report(backup(&book, Path::new(words[2]))) {
                tell("copied");
            }
        }
        other => panic!("{other}"),
    }
    drop(book);
    tell("done");
}

fn pack(parcel: &Parcel, to: &Path) {
    std::fs::write(to, parcel.lines.join(&b'\n')).unwrap();
}

fn unpack(file: &Path, uuid: &str) -> Parcel {
    let bytes = std::fs::read(file).unwrap();
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    Parcel { uuid: uuid.to_owned(), office: office(COUNTIES[1]), device: device(9), lines }
}

/// Looks into a book past the store: only a test may.
#[allow(clippy::disallowed_methods)]
fn beside(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

/// Opens the book after a fault and examines it whole.
fn examine(path: &Path, acknowledged: &[String]) -> Book {
    let book = Book::open(path).unwrap_or_else(|error| panic!("the book does not open again: {error}"));
    let report = book.check(&mut |_, _| ()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let held: BTreeSet<String> = book
        .read::<_, StoreError>(|reader| {
            let mut held = BTreeSet::new();
            for mark in reader.streams()? {
                let last = reader.last_sequence(&mark.device, &mark.office)?;
                assert_eq!(mark.held, last, "a stream has no gaps");
                let range = store::StreamRange { device: mark.device, office: mark.office, first: 1, last };
                reader.lines::<StoreError>(&range, &mut |line| {
                    held.insert(RevisionId::of_line(line).to_string());
                    Ok(())
                })?;
            }
            Ok(held)
        })
        .unwrap();
    for told in acknowledged {
        if let Some(id) = told.strip_prefix("saved ") {
            assert!(held.contains(id), "an acknowledged save is gone");
        }
    }
    // A package's row and its revisions are there together or not at all.
    let look = beside(path);
    let orphans: i64 = look
        .query_row(
            "SELECT count(*) FROM revision WHERE package IS NOT NULL AND package NOT IN (SELECT id FROM package)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(orphans, 0);
    book
}

/// The parcels the book says it applied; each must be there whole.
fn applied(book: &Book, parcels: &[Parcel]) -> BTreeSet<String> {
    let look = beside(book.path());
    let rows = book.read::<_, StoreError>(|reader| reader.packages()).unwrap();
    for row in &rows {
        assert_eq!(row.state, PackageState::Applied);
        let parcel = parcels.iter().find(|parcel| parcel.uuid == row.uuid).unwrap();
        let count: i64 =
            look.query_row("SELECT count(*) FROM revision WHERE package = ?", [row.id], |found| found.get(0)).unwrap();
        assert_eq!(count, parcel.lines.len() as i64, "{} is half there", row.uuid);
    }
    rows.into_iter().map(|row| row.uuid).collect()
}

/// A book with some records in it, for a child to work on.
fn book_with(records: u64, folder: &Path) -> PathBuf {
    let path = folder.join("book.swb");
    let mut book = Book::create(&path).unwrap();
    book.transact::<_, StoreError>(|writer| {
        for at in 0..records {
            writer.append(entry(1_000_000 + at), &device(1), NOW)?;
        }
        Ok(())
    })
    .unwrap();
    path
}

fn task_of(words: &[&str]) -> String {
    words.join("|")
}

// Kill −9, at moments left to chance: each goes on until enough of them came in the middle of something.

/// More than it ever takes; a kill that always comes too late is a fault of the test.
const MOST_ROUNDS: u32 = 500;

pub fn killed_while_saving() {
    let mut dice = Dice::new(1);
    let folder = tempfile::tempdir().unwrap();
    let path = book_with(20, folder.path());
    let mut acknowledged = Vec::new();
    for round in 0..12u64 {
        let mut helper =
            Helper::start(&task_of(&["save", path.to_str().unwrap(), &(round * 10_000).to_string(), "9999"]));
        assert_eq!(helper.hear().as_deref(), Some("open"));
        for _ in 0..dice.below(40) {
            acknowledged.push(helper.hear().unwrap());
        }
        std::thread::sleep(Duration::from_micros(dice.below(15_000)));
        acknowledged.extend(helper.kill());
        assert!(!acknowledged.iter().any(|told| told.starts_with("failed")), "{acknowledged:?}");
        let mut book = examine(&path, &acknowledged);
        acknowledged.push(format!("saved {}", save(&mut book, entry(2_000_000 + round)).unwrap()));
    }
    assert!(acknowledged.len() > 100, "it did get to save: {}", acknowledged.len());
}

pub fn killed_while_making_a_book() {
    let mut dice = Dice::new(3);
    let folder = tempfile::tempdir().unwrap();
    let mut half_way = 0;
    for round in 0.. {
        if round >= 24 && half_way > 0 {
            break;
        }
        assert!(round < MOST_ROUNDS, "no kill ever came in time");
        let path = folder.path().join(format!("{round}.swb"));
        let mut helper = Helper::start(&task_of(&["create", path.to_str().unwrap()]));
        assert_eq!(helper.hear().as_deref(), Some("making"));
        std::thread::sleep(Duration::from_micros(dice.below(20_000)));
        half_way += u32::from(!helper.kill().iter().any(|told| told == "done"));
        Book::create(&path).unwrap_or_else(|error| panic!("round {round}: {error}"));
        examine(&path, &[]);
    }
    println!("killed in the middle {half_way} times");
}

pub fn killed_while_importing() {
    let mut dice = Dice::new(2);
    let folder = tempfile::tempdir().unwrap();
    let parcels: Vec<Parcel> = (0..4u64).map(|at| parcel(&format!("parcel-{at}"), at * 1000, 150)).collect();
    let files: Vec<String> = parcels
        .iter()
        .map(|parcel| {
            let file = folder.path().join(&parcel.uuid);
            pack(parcel, &file);
            file.to_str().unwrap().to_owned()
        })
        .collect();
    let (mut half_way, mut whole) = (0, 0);
    for round in 0.. {
        if round >= 12 && half_way > 0 {
            break;
        }
        assert!(round < MOST_ROUNDS, "no kill ever came in time");
        let here = folder.path().join(format!("round-{round}"));
        std::fs::create_dir(&here).unwrap();
        let path = book_with(5, &here);
        let mut words = vec!["ingest", path.to_str().unwrap()];
        words.extend(files.iter().map(String::as_str));
        let mut helper = Helper::start(&task_of(&words));
        let mut told = Vec::new();
        // Killed while one of the parcels is being taken in.
        let number = dice.below(parcels.len() as u64) as usize;
        while told.iter().filter(|told| *told == "taking").count() <= number {
            told.push(helper.hear().unwrap());
        }
        std::thread::sleep(Duration::from_micros(dice.below(60_000)));
        told.extend(helper.kill());
        let mut book = examine(&path, &told);
        let there = applied(&book, &parcels);
        for parcel in &parcels {
            let acknowledged = told.contains(&format!("took {}", parcel.uuid));
            assert!(!acknowledged || there.contains(&parcel.uuid), "{} was acknowledged and is gone", parcel.uuid);
        }
        if there.len() == parcels.len() {
            whole += 1
        } else {
            half_way += 1
        }
        for parcel in &parcels {
            take(&mut book, parcel).unwrap();
        }
        drop(book);
        assert_eq!(applied(&examine(&path, &[]), &parcels).len(), parcels.len());
    }
    println!("killed in the middle {half_way} times, after the end {whole} times");
}

// A disk that fails.

/// What a fault may be called.
fn is_disk_fault(told: &str) -> bool {
    let code = told.strip_prefix("failed ").and_then(|rest| rest.split(' ').next());
    matches!(code, Some("disk-full" | "disk-failed"))
}

/// Runs the child to its end under a fault; what it told, having failed for no other reason than the disk.
fn endured(helper: Helper) -> Vec<String> {
    let (told, status) = helper.finish();
    assert!(status.success(), "the child fell over: {told:?}");
    assert_eq!(told.last().map(String::as_str), Some("done"), "{told:?}");
    for line in told.iter().filter(|line| line.starts_with("failed")) {
        assert!(is_disk_fault(line), "{line}");
    }
    told
}

fn failed(told: &[String]) -> bool {
    told.iter().any(|line| line.starts_with("failed"))
}

/// Whether it was said that a file may not grow, and not that the disk fails.
fn says_too_large(told: &[String]) -> bool {
    told.iter().any(|line| line.starts_with("failed disk-failed disk-file-too-large"))
}

/// Limits in blocks of 512 bytes, from where nothing can be written to where everything fits.
fn limits() -> impl Iterator<Item = u64> {
    (0..70).step_by(7).chain((70..700).step_by(45)).chain((700..4_000).step_by(550)).chain([8_000, 16_000, 60_000])
}

pub fn files_that_may_not_grow_while_making_a_book() {
    let (mut fits, mut fails) = (0, 0);
    for limit in limits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.swb");
        let told = endured(Helper::start_limited(&task_of(&["create", path.to_str().unwrap()]), limit));
        if failed(&told) {
            fails += 1;
            Book::create(&path).unwrap_or_else(|error| panic!("limit {limit}: {error}"));
        } else {
            fits += 1;
        }
        examine(&path, &[]);
    }
    assert!(fits > 0 && fails > 0, "{fits} fit, {fails} failed");
}

pub fn files_that_may_not_grow_while_saving() {
    let (mut fits, mut fails, mut named) = (0, 0, 0);
    for limit in limits() {
        let folder = tempfile::tempdir().unwrap();
        let path = book_with(10, folder.path());
        let told = endured(Helper::start_limited(&task_of(&["save", path.to_str().unwrap(), "0", "60"]), limit));
        let mut book = examine(&path, &told);
        let acknowledged = told.iter().filter(|line| line.starts_with("saved")).count() as i64;
        let count: i64 = beside(&path).query_row("SELECT count(*) FROM revision", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 10 + acknowledged, "limit {limit}: what was not acknowledged is not there either");
        if failed(&told) {
            fails += 1;
            named += u64::from(says_too_large(&told));
            // Once something was saved there is a log, and it is that which may not grow.
            assert!(acknowledged == 0 || says_too_large(&told), "limit {limit}: {told:?}");
        } else {
            fits += 1
        }
        save(&mut book, entry(5_000)).unwrap();
    }
    assert!(fits > 0 && fails > 0 && named > 0, "{fits} fit, {fails} failed, {named} of them by name");
}

pub fn files_that_may_not_grow_while_importing() {
    let packed = tempfile::tempdir().unwrap();
    let parcel = parcel("parcel-0", 0, 200);
    let file = packed.path().join("parcel");
    pack(&parcel, &file);
    let (mut fits, mut fails) = (0, 0);
    for limit in limits() {
        let folder = tempfile::tempdir().unwrap();
        let path = book_with(10, folder.path());
        let before = Book::open(&path).unwrap().read::<_, StoreError>(|reader| reader.digest()).unwrap();
        let words = ["ingest", path.to_str().unwrap(), file.to_str().unwrap()];
        let told = endured(Helper::start_limited(&task_of(&words), limit));
        let mut book = examine(&path, &told);
        let there = applied(&book, std::slice::from_ref(&parcel));
        if failed(&told) {
            fails += 1;
            assert!(there.is_empty());
            assert_eq!(book.read::<_, StoreError>(|reader| reader.digest()).unwrap(), before);
            take(&mut book, &parcel).unwrap();
        } else {
            fits += 1;
            assert_eq!(there.len(), 1);
        }
        drop(book);
        assert_eq!(applied(&examine(&path, &[]), std::slice::from_ref(&parcel)).len(), 1);
    }
    assert!(fits > 0 && fails > 0, "{fits} fit, {fails} failed");
}

/// Everything in a folder but the book's own files.
fn strangers(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with("book.swb")).collect()
}

pub fn files_that_may_not_grow_while_backing_up() {
    let (mut fits, mut fails, mut named) = (0, 0, 0);
    for limit in limits() {
        let folder = tempfile::tempdir().unwrap();
        let path = book_with(100, folder.path());
        let to = folder.path().join("copy");
        let words = ["backup", path.to_str().unwrap(), to.to_str().unwrap()];
        let told = endured(Helper::start_limited(&task_of(&words), limit));
        let book = examine(&path, &told);
        if failed(&told) {
            fails += 1;
            named += u64::from(says_too_large(&told));
            assert_eq!(strangers(folder.path()), Vec::<String>::new(), "limit {limit}: nothing half done stays behind");
            backup(&book, &to).unwrap();
        } else {
            fits += 1;
        }
        drop(book);
        examine(&to, &[]);
    }
    assert!(fits > 0 && fails > 0 && named > 0, "{fits} fit, {fails} failed, {named} of them by name");
}

pub fn a_full_disk() {
    let Some(disk) = SmallDisk::mount(4096) else {
        // The limits above stand for it: the same writes fail, under another number of the system's.
        println!("mounting is not permitted here: a full disk is tested by file limits only");
        return files_that_may_not_grow_while_saving();
    };
    println!("a full disk is tested on a tmpfs");
    let path = book_with(10, disk.path());
    let mut acknowledged = Vec::new();
    let mut fails = 0;
    for round in 0..6u64 {
        // A disk with a little room, different each time.
        let used: u64 =
            std::fs::read_dir(disk.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
        disk.resize(used / 1024 + 200 + 37 * round);
        let words = ["save", path.to_str().unwrap(), &(round * 1000).to_string(), "900"];
        let told = endured(Helper::start(&task_of(&words)));
        assert!(failed(&told), "the disk should have filled");
        assert!(told.iter().any(|line| line.starts_with("saved")), "something fitted: {told:?}");
        fails += u64::from(told.iter().any(|line| line.starts_with("failed disk-full")));
        acknowledged.extend(told);

        let packed = tempfile::tempdir().unwrap();
        let parcel = parcel("parcel-0", 500_000, 300);
        pack(&parcel, &packed.path().join("parcel"));
        let words =
            ["ingest", path.to_str().unwrap(), packed.path().join("parcel").to_str().unwrap()].map(str::to_owned);
        let told = endured(Helper::start(&words.join("|")));
        assert!(failed(&told) || round > 0, "{told:?}");

        disk.resize(64 * 1024);
        let mut book = examine(&path, &acknowledged);
        acknowledged.push(format!("saved {}", save(&mut book, entry(700_000 + round)).unwrap()));
        take(&mut book, &parcel).unwrap();
        applied(&book, std::slice::from_ref(&parcel));
    }
    assert!(fails > 0, "the system's word for a full disk becomes ours");

    // No room for a copy: none is left behind.
    let used: u64 = std::fs::read_dir(disk.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    disk.resize(used / 1024 + 300);
    let to = disk.path().join("copy");
    let told = endured(Helper::start(&task_of(&["backup", path.to_str().unwrap(), to.to_str().unwrap()])));
    assert!(failed(&told));
    assert_eq!(strangers(disk.path()), Vec::<String>::new());
    disk.resize(64 * 1024);
    backup(&examine(&path, &acknowledged), &to).unwrap();
    examine(&to, &acknowledged);
}
