//! Two processes and one book: who has it, and what a process that was killed leaves.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sweepbook_store::{Book, Lock, backup};
use testkit::faults::{Helper, tell, wait_for_the_end};
use testkit::offices::COUNTIES;
use testkit::{Desk, edit};

/// Another process: has the book open until it is killed.
pub fn hold(path: &Path) {
    let _book = Book::open(path).unwrap();
    tell("open");
    wait_for_the_end();
}

fn holder(path: &Path) -> Helper {
    let mut holder = Helper::start(&format!("hold|{}", path.display()));
    assert_eq!(holder.hear().as_deref(), Some("open"));
    holder
}

pub fn a_second_process_is_told_who_has_the_book() {
    let desk = Desk::new(1, COUNTIES[0]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    backup(&desk.book, &path).unwrap();

    let holder = holder(&path);
    let notice = Lock::take(&path, Duration::from_millis(100)).unwrap_err().notice();
    assert_eq!(notice.code, "book-in-use");
    assert_eq!(notice.arg("pid"), Some(holder.pid().to_string().as_str()));

    // Killed, it leaves its number behind; the system has taken its lock back.
    holder.kill();
    assert!(!Lock::take(&path, Duration::ZERO).unwrap().clean, "the last holder did not say goodbye");
}

/// Breaks the last leaf page of the file, which nothing reads on opening: only a check finds it.
fn spoil(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    // Kinds of leaf page 10 and 13; bytes 3 and 4 count its cells, whose pointers start at byte 8.
    let leaf = |page: &&mut [u8]| (page[0] == 10 || page[0] == 13) && page[3..5] != [0, 0];
    bytes.chunks_mut(4096).skip(1).filter(leaf).last().unwrap()[8..10].copy_from_slice(&[0xff, 0xff]);
    fs::write(path, bytes).unwrap();
}

pub fn damage_after_an_unclean_exit_is_found_every_time() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..20 {
        let name = format!("企业{at}");
        desk.write(edit("enterprise", COUNTIES[0], [("name", name.as_str().into())])).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.swb");
    backup(&desk.book, &path).unwrap();
    holder(&path).kill();
    spoil(&path);
    let refused = || Book::open(&path).err().expect("the book must not open").notice().code;
    assert_eq!(refused(), "book-damaged");
    assert_eq!(refused(), "book-damaged", "an opening that failed is no clean exit");
}
