//! Books for the tests: made in a temporary folder, loaded from the ledgers, merged with what another device wrote.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use app::{Clock, Date, FillRequest, Filled, NewBook, Writing};
use store::{Book, StoreError, StreamRange};
use tempfile::TempDir;
use testkit::Parcel;

/// Noon in China of the day most forms here are filled for.
pub const MAY_27_2021: u64 = 1_622_088_000_000;
pub const MAY_27_2020: u64 = 1_590_552_000_000;
const HOUR: u64 = 3_600_000;

/// Where the program keeps what it knows outside a book is named by the environment, which a test cannot change for itself:
/// it runs once more in a process of its own.
pub fn alone(test: &str, body: impl FnOnce()) {
    if std::env::var_os("SWEEPBOOK_STATE").is_some() {
        return body();
    }
    let state = tempfile::tempdir().unwrap();
    let run = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env("SWEEPBOOK_STATE", state.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

pub struct Desk {
    pub session: Writing,
    now: u64,
    folder: TempDir,
}

impl Desk {
    pub fn new(office: &str, name: &str, now: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = NewBook {
            path: folder.path().join("golden.book"),
            office: office.parse().unwrap(),
            name: name.to_owned(),
            inspector: Some("张三".to_owned()),
        };
        let session = Writing::create(&new, &[], Clock::Fixed(now)).unwrap();
        Desk { session, now, folder }
    }

    /// What offices are called for which nothing was heard from.
    pub fn naming(mut self, names: &[(&str, &str)]) -> Self {
        for (office, name) in names {
            self.session.name_office(&office.parse().unwrap(), name).unwrap();
        }
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Loads a ledger; gives the warnings that nobody answered, as code and id.
    pub fn load(&mut self, ledger: &str) -> BTreeSet<(String, String)> {
        load(&mut self.session, ledger)
    }

    /// This device records one ledger, another one meanwhile another; then everything the other wrote arrives, save its
    /// records of the office `lost`. It is carried by two packages, which must make no difference.
    pub fn merge(self, here: &str, elsewhere: &str, lost: Option<&str>) -> Self {
        let Desk { mut session, now, folder } = self;
        let (path, copy) = (folder.path().join("golden.book"), folder.path().join(format!("{elsewhere}.book")));
        session.backup(&copy).unwrap();
        let mut other = Writing::open(&copy, &[], Clock::Fixed(now + HOUR)).unwrap();
        let (office, device) = (other.office().clone(), other.device().clone());
        assert_ne!(&device, session.device(), "a copied book takes a device of its own");
        load(&mut session, here);
        load(&mut other, elsewhere);
        drop((session, other));

        let mut lines = Vec::new();
        Book::open(&copy)
            .unwrap()
            .read::<_, StoreError>(|reader| {
                for mark in reader.streams()? {
                    if mark.device != device || Some(mark.office.as_str()) == lost {
                        continue;
                    }
                    let last = reader.last_sequence(&mark.device, &mark.office)?;
                    let run = StreamRange { device: mark.device, office: mark.office, first: 1, last };
                    reader.lines::<StoreError>(&run, &mut |line| {
                        lines.push(line.to_vec());
                        Ok(())
                    })?;
                }
                Ok(())
            })
            .unwrap();
        assert!(!lines.is_empty());
        let mut book = Book::open(&path).unwrap();
        for turn in ["first", "second"] {
            let uuid = format!("{elsewhere}-{turn}");
            let parcel = Parcel { uuid, office: office.clone(), device: device.clone(), lines: lines.clone() };
            book.transact(|writer| parcel.apply(writer, false, now + 2 * HOUR)).unwrap();
        }
        drop(book);
        let session = Writing::open(&path, &[], Clock::Fixed(now + 3 * HOUR)).unwrap();
        Desk { session, now: now + 3 * HOUR, folder }
    }

    pub fn fill(&self, form: &str, office: &str, as_of: &str) -> Filled {
        self.session.fill(&request(form, office, as_of)).unwrap()
    }
}

pub fn request(form: &str, office: &str, as_of: &str) -> FillRequest {
    FillRequest { office: Some(office.parse().unwrap()), ..FillRequest::new(form, day(as_of)) }
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn load(session: &mut Writing, ledger: &str) -> BTreeSet<(String, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(ledger);
    let text = std::fs::read(&path).unwrap();
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64;
    let report = match session.load(&mut text.as_slice(), false, &mut |_| {}) {
        Ok(report) => report,
        Err(failure) => panic!("{ledger}: {failure}"),
    };
    assert_eq!((report.lines, report.created + report.changed), (lines, lines), "{ledger}");
    report.warnings.into_iter().map(|(_, warned)| (warned.notice.code, short(&warned.record.to_string()))).collect()
}

/// `e…01` as e01.
pub fn short(id: &str) -> String {
    let number: u64 = id[24..].parse().unwrap();
    format!("{}{number:02}", &id[..1])
}

/// e01 as `e…01`.
pub fn long(id: &str) -> String {
    let number: u64 = id[1..].parse().unwrap();
    format!("{}0000000-0000-4000-8000-{number:012}", &id[..1])
}
