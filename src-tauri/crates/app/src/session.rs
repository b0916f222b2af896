//! A book that is open, with what is needed to act on it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use campaign::Library;
use campaign::answers::Filling;
use domain::schema::Field;
use domain::validate::{CampaignFacts, Cell, CellFacts, Lookup, source_of};
use domain::{Date, DeviceId, OfficeCode, Record, RecordId};
use exchange::SigningKey;
use store::{Book, Reader, StoreError, Writer};

use crate::clock::Clock;
use crate::failure::Outcome;
use crate::journal::Journal;
use crate::lists::WorkedOut;

/// Keys of `meta` this crate keeps.
pub(crate) mod meta {
    pub const OFFICE: &str = "office";
    pub const OFFICE_NAME: &str = "office-name";
    pub const INSPECTOR: &str = "inspector";
    /// Everyone who records in this book, as JSON.
    pub const INSPECTORS: &str = "inspectors";
    /// The telephones of those of them who gave one, as JSON.
    pub const PHONES: &str = "phones";
    /// The day the recovery sheet was last written.
    pub const SHEET: &str = "recovery-sheet";
    pub const DEVICE_KEY: &str = "device-key";
    /// Secret keys of the office; absent on a second device, which only hands up to the office's main book.
    pub const ROOT_KEY: &str = "office-root";
    pub const AGE_KEY: &str = "office-age";
    pub const RECOVERY_KEY: &str = "office-recovery";
    /// The device's certificate by the office's root, as JSON.
    pub const CERTIFICATE: &str = "device-certificate";
    /// The number of the last roster signed, and the public keys of the office's devices, as JSON.
    pub const ROSTER: &str = "roster-number";
    pub const DEVICES: &str = "office-devices";
    /// The invitation this book joined by, as JSON, until the inviting office has answered.
    pub const INVITATION: &str = "invitation";
    /// Pairs of enterprises that a person found to be two, as JSON.
    pub const APART: &str = "apart";
    /// Of the packages sealed here, the last one's number.
    pub const PACKAGES: &str = "package-number";
}

/// One open book, the campaigns that are loaded, and the person at it.
pub struct Session {
    pub(crate) book: Book,
    /// Shared with what is under way, because it is large and never changes: another bundle makes another one.
    pub(crate) library: Arc<Library>,
    /// The library without what came from above.
    pub(crate) base: Arc<Library>,
    pub(crate) sent: Sent,
    pub(crate) office: OfficeCode,
    pub(crate) office_name: String,
    pub(crate) author: String,
    pub(crate) device: DeviceId,
    pub(crate) device_key: SigningKey,
    pub(crate) clock: Clock,
    pub(crate) journal: Journal,
    /// Shared with its twins.
    pub(crate) worked_out: Arc<Mutex<WorkedOut>>,
}

/// The campaign files from above that the library was put together with, by hash, and why some of them are not in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    pub hashes: Vec<[u8; 32]>,
    pub refused: Vec<(Option<[u8; 32]>, domain::Notice)>,
}

impl Session {
    /// Opens a book. `campaign_dirs` are loaded beside the built-in campaigns and those the book was sent.
    pub fn open(path: &Path, campaign_dirs: &[PathBuf], clock: Clock) -> Outcome<Session> {
        let book = Book::open(path)?;
        Session::of_book(book, campaign_dirs, clock, false)
    }

    /// `fresh` is a book that was made a moment ago.
    pub(crate) fn of_book(book: Book, campaign_dirs: &[PathBuf], clock: Clock, fresh: bool) -> Outcome<Session> {
        let library = Arc::new(Library::load(campaign_dirs)?);
        crate::packages::sweep_inboxes(book.path());
        let own = book.read::<_, crate::Failure>(|reader| {
            let need = |key: &str| {
                reader
                    .meta(key)?
                    .ok_or_else(|| crate::Failure::new(domain::Notice::new("book-damaged").with("detail", key)))
            };
            Ok((need(meta::OFFICE)?, need(meta::OFFICE_NAME)?, reader.meta(meta::INSPECTOR)?, need(meta::DEVICE_KEY)?))
        })?;
        let (office, office_name, inspector, device_key) = own;
        let device_key = SigningKey::from_text(&device_key)?;
        let mut session = Session {
            book,
            base: Arc::clone(&library),
            library,
            sent: Sent::default(),
            office: office.parse()?,
            author: inspector.unwrap_or_else(|| office_name.clone()),
            office_name,
            device: device_key.public().device_id(),
            device_key,
            clock,
            journal: Journal::default(),
            worked_out: Arc::default(),
        };
        session.load_sent_campaigns()?;
        if session.read_only().is_none() {
            session.take_new_device_if_copied(fresh)?;
        }
        Ok(session)
    }

    /// Why this book can only be looked at, where that is so.
    pub fn read_only(&self) -> Option<domain::Notice> {
        let store::ReadOnly { why } = self.book.read_only()?;
        Some(domain::Notice::new("book-read-only").with("path", self.book.path().display()).with("why", why))
    }

    /// What makes sessions that only read the same book, for other threads, as long as this one is open.
    pub(crate) fn twins(&self) -> impl Fn() -> Outcome<Session> + Send + Sync + use<> {
        let (book, library) = (self.book.read_connections(), Arc::clone(&self.library));
        let (office, office_name, author) = (self.office.clone(), self.office_name.clone(), self.author.clone());
        let (device, device_key, clock) = (self.device.clone(), self.device_key.clone(), self.clock);
        let (base, sent, worked_out) = (Arc::clone(&self.base), self.sent.clone(), Arc::clone(&self.worked_out));
        move || {
            Ok(Session {
                book: book.open()?,
                library: Arc::clone(&library),
                office: office.clone(),
                office_name: office_name.clone(),
                author: author.clone(),
                device: device.clone(),
                device_key: device_key.clone(),
                clock,
                journal: Journal::default(),
                base: Arc::clone(&base),
                sent: sent.clone(),
                worked_out: Arc::clone(&worked_out),
            })
        }
    }

    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Every loaded campaign as the byte string that travels in packages and invitations.
    pub(crate) fn bundles(&self) -> Vec<Vec<u8>> {
        self.library.campaigns().filter_map(|campaign| Some(self.library.bundle(&campaign.id)?.to_bytes())).collect()
    }

    pub fn office(&self) -> &OfficeCode {
        &self.office
    }

    pub fn office_name(&self) -> &str {
        &self.office_name
    }

    pub fn device(&self) -> &DeviceId {
        &self.device
    }

    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The name printed as 填报单位: as the book knows it, else the division's, else the code.
    pub(crate) fn name_of(&self, reader: &Reader, office: &OfficeCode) -> Outcome<String> {
        if let Some(name) = self.told_name_of(reader, office)? {
            return Ok(name);
        }
        Ok(self.library.divisions().name(office.as_str()).map_or_else(|| office.to_string(), str::to_owned))
    }

    /// What an office is called on its own tables, as the book was told; a division's name is no office's.
    pub(crate) fn told_name_of(&self, reader: &Reader, office: &OfficeCode) -> Outcome<Option<String>> {
        if *office == self.office {
            return Ok(Some(self.office_name.clone()));
        }
        match reader.office_name(office)? {
            Some(name) => Ok(Some(name)),
            None => Ok(reader.office(office)?.map(|known| known.name)),
        }
    }
}

/// Of the records that a cell counts, so many are looked at for one that a declared figure would double.
const MOST_COUNTED: usize = 10_000;

/// What validation may ask of the book and the campaigns.
pub(crate) struct BookLookup<'a> {
    reader: &'a Reader<'a>,
    library: &'a Library,
    today: Date,
    /// The first read that failed. Validation has no errors of a disk: what it concluded from such a read is worth nothing.
    failed: RefCell<Option<StoreError>>,
}

impl<'a> BookLookup<'a> {
    /// What `judge` finds, unless the book could not be read while it did.
    pub fn judged<T>(
        writer: &'a Writer<'a>,
        library: &'a Library,
        today: Date,
        judge: impl FnOnce(&dyn Lookup) -> T,
    ) -> Outcome<T> {
        let lookup = BookLookup { reader: writer, library, today, failed: RefCell::default() };
        let found = judge(&lookup);
        match lookup.failed.into_inner() {
            Some(error) => Err(error.into()),
            None => Ok(found),
        }
    }

    fn read<T: Default>(&self, read: Result<T, StoreError>) -> T {
        read.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            T::default()
        })
    }
}

impl Lookup for BookLookup<'_> {
    fn record(&self, id: RecordId) -> Option<Record> {
        self.read(self.reader.record(id))
    }

    fn referring(&self, kind: &str, field: &str, target: RecordId) -> Vec<Record> {
        self.read(self.reader.referring(kind, field, target))
    }

    fn identified(&self, kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Vec<Record> {
        self.read(self.reader.identified(kind, field, office, number))
    }

    fn division_name(&self, code: &str) -> Option<String> {
        self.library.divisions().full_name(code)
    }

    fn today(&self) -> Date {
        self.today
    }

    fn campaign(&self, id: &str) -> Option<CampaignFacts> {
        self.library.campaign_facts(id)
    }

    fn declared(&self, office: &OfficeCode, cell: Cell, source: &str) -> Vec<Record> {
        self.read(self.reader.declared_in(office, cell.form, cell.row, cell.column, source))
    }

    fn recorded(&self, office: &OfficeCode, cell: Cell, source: &str, as_of: Date) -> Option<Record> {
        let (campaign, form) = self.library.form(cell.form)?;
        let filling = Filling::to_count(&form.id, office.clone(), as_of);
        let schema = self.library.schema();
        let traced = self.read(self.reader.trace(schema, campaign, form, &filling, cell.row, cell.column));
        let counted = traced.into_iter().filter(|traced| !traced.declared).take(MOST_COUNTED);
        let mut records = counted.filter_map(|traced| self.record(traced.record));
        records.find(|record| record.office == *office && source_of(schema, record) == Some(source))
    }

    fn form_cell(&self, form: &str, row: &str, column: &str) -> Option<CellFacts> {
        self.library.cell_facts(form, row, column)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom, Write};

    use serde_json::json;

    use super::*;
    use crate::{Failure, NewBook};

    const PAGE: u64 = 4096;
    const ENTERPRISE: &str = "00000000-0000-4000-8000-000000000001";

    fn with_page_gone(book: &Path, copy: &Path, page: u64) {
        std::fs::copy(book, copy).unwrap();
        let mut file = std::fs::OpenOptions::new().write(true).open(copy).unwrap();
        file.seek(SeekFrom::Start(page * PAGE)).unwrap();
        file.write_all(&[0xff; PAGE as usize]).unwrap();
    }

    #[test]
    fn a_book_that_cannot_be_read_is_an_error_and_never_a_record_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("a.book");
        let new = NewBook {
            path: book.clone(),
            office: "640121".parse().unwrap(),
            name: "永宁县局".to_owned(),
            inspector: None,
        };
        // 2021-05-27, noon in China.
        let clock = Clock::Fixed(1_622_088_000_000);
        let mut session = Session::create(&new, &[], clock).unwrap();
        let inspection = |n: u32| {
            json!({"kind": "inspection", "id": format!("00000000-0000-4000-8000-{n:012}"), "campaigns": ["nx-2021-24"],
                "fields": {"enterprise": ENTERPRISE, "date": "2021-04-01", "inspectors": ["张三", "李四"],
                    "line": "quality", "department": "market", "categories": ["mask"], "outcome": "normal"}})
        };
        let enterprise = json!({"kind": "enterprise", "id": ENTERPRISE, "campaigns": ["nx-2021-24"],
            "fields": {"name": "甲厂", "roles": ["producer"]}});
        let lines = format!("{enterprise}\n{}\n", inspection(2));
        session.load(&mut lines.as_bytes(), true, &mut |_| {}).unwrap();
        let library = Arc::clone(&session.library);
        drop(session);

        let id: RecordId = ENTERPRISE.parse().unwrap();
        let damaged = folder.path().join("damaged.book");
        let ask = |path: &Path| -> Outcome<(bool, usize)> {
            Book::open(path)?.dry_run::<_, Failure>(|writer| {
                BookLookup::judged(writer, &library, clock.today(), |lookup| {
                    let referring = lookup.referring("inspection", "enterprise", id);
                    (lookup.record(id).is_some(), referring.len())
                })
            })
        };
        assert_eq!(ask(&book), Ok((true, 1)));
        let mut unreadable = Vec::new();
        for page in 1..std::fs::metadata(&book).unwrap().len() / PAGE {
            with_page_gone(&book, &damaged, page);
            match ask(&damaged) {
                Ok(found) => assert_eq!(found, (true, 1), "page {page}"),
                Err(_) => unreadable.push(page),
            }
        }
        assert!(!unreadable.is_empty());

        // What a person saves on such a book fails with what is wrong with the book, and is not kept.
        let refusals: Vec<String> = unreadable
            .into_iter()
            .filter_map(|page| {
                with_page_gone(&book, &damaged, page);
                let mut session = Session::open(&damaged, &[], clock).ok()?;
                let text = inspection(3).to_string();
                Some(session.load(&mut text.as_bytes(), true, &mut |_| {}).err()?.code().to_owned())
            })
            .collect();
        assert!(!refusals.is_empty() && refusals.iter().all(|code| code == "book-damaged"), "{refusals:?}");
    }
}
