//! A book that is open, with what is needed to act on it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use campaign::Library;
use domain::schema::Field;
use domain::validate::{CampaignFacts, CellFacts, Lookup};
use domain::{DeviceId, OfficeCode, Record, RecordId};
use exchange::SigningKey;
use store::{Book, Reader, Writer};

use crate::clock::Clock;
use crate::failure::Outcome;
use crate::journal::Journal;
use crate::lists::WorkedOut;
use crate::packages::Inbox;

/// Keys of `meta` this crate keeps.
pub(crate) mod meta {
    pub const OFFICE: &str = "office";
    pub const OFFICE_NAME: &str = "office-name";
    pub const INSPECTOR: &str = "inspector";
    /// Everyone who records in this book, as JSON.
    pub const INSPECTORS: &str = "inspectors";
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
    pub(crate) office: OfficeCode,
    pub(crate) office_name: String,
    pub(crate) author: String,
    pub(crate) device: DeviceId,
    pub(crate) device_key: SigningKey,
    pub(crate) clock: Clock,
    pub(crate) inbox: Inbox,
    not_loaded: Vec<domain::Notice>,
    pub(crate) journal: Journal,
    /// Shared with its twins.
    pub(crate) worked_out: Arc<Mutex<WorkedOut>>,
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
        let inbox = Inbox::beside(book.path());
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
            library,
            office: office.parse()?,
            author: inspector.unwrap_or_else(|| office_name.clone()),
            office_name,
            device: device_key.public().device_id(),
            device_key,
            clock,
            inbox,
            not_loaded: Vec::new(),
            journal: Journal::default(),
            worked_out: Arc::default(),
        };
        session.load_sent_campaigns()?;
        session.take_new_device_if_copied(fresh)?;
        Ok(session)
    }

    /// What makes sessions that only read the same book, for other threads, as long as this one is open.
    pub(crate) fn twins(&self) -> impl Fn() -> Outcome<Session> + Send + Sync + use<> {
        let (book, path, library) = (self.book.twins(), self.book.path().to_owned(), Arc::clone(&self.library));
        let (office, office_name, author) = (self.office.clone(), self.office_name.clone(), self.author.clone());
        let (device, device_key, clock) = (self.device.clone(), self.device_key.clone(), self.clock);
        let (not_loaded, worked_out) = (self.not_loaded.clone(), Arc::clone(&self.worked_out));
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
                inbox: Inbox::beside(&path),
                not_loaded: not_loaded.clone(),
                journal: Journal::default(),
                worked_out: Arc::clone(&worked_out),
            })
        }
    }

    /// Loads the campaign files this book was sent. One that cannot be loaded (another text under a known id, a file of a newer
    /// program) is named in the status and otherwise left alone: its records are kept, counted and forwarded all the same.
    pub(crate) fn load_sent_campaigns(&mut self) -> Outcome<()> {
        self.not_loaded.clear();
        // Most are those this program brings itself, and putting a library together takes longer than opening a book.
        let loaded: BTreeSet<Vec<u8>> = self.bundles().into_iter().collect();
        for bundle in self.book.read(|reader| reader.campaign_bundles())? {
            if loaded.contains(&bundle) {
                continue;
            }
            match self.library.with_bundle(&bundle) {
                Ok(library) => self.library = Arc::new(library),
                Err(error) => self.not_loaded.push(error.notice()),
            }
        }
        Ok(())
    }

    /// Why campaign files this book was sent are not loaded.
    pub fn not_loaded(&self) -> &[domain::Notice] {
        &self.not_loaded
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
        if *office == self.office {
            return Ok(self.office_name.clone());
        }
        if let Some(known) = reader.office(office)? {
            return Ok(known.name);
        }
        Ok(self.library.divisions().name(office.as_str()).map_or_else(|| office.to_string(), str::to_owned))
    }
}

/// What validation may ask of the book and the campaigns.
pub(crate) struct BookLookup<'a> {
    pub reader: &'a Reader<'a>,
    pub library: &'a Library,
}

impl<'a> BookLookup<'a> {
    pub fn of_writer(writer: &'a Writer<'a>, library: &'a Library) -> Self {
        BookLookup { reader: writer, library }
    }
}

impl Lookup for BookLookup<'_> {
    fn record(&self, id: RecordId) -> Option<Record> {
        self.reader.record(id).ok().flatten()
    }

    fn referring(&self, kind: &str, field: &str, target: RecordId) -> Vec<Record> {
        self.reader.referring(kind, field, target).unwrap_or_default()
    }

    fn identified(&self, kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Vec<Record> {
        self.reader.identified(kind, field, office, number).unwrap_or_default()
    }

    fn division_known(&self, code: &str) -> bool {
        self.library.divisions().exists(code)
    }

    fn campaign(&self, id: &str) -> Option<CampaignFacts> {
        self.library.campaign_facts(id)
    }

    fn form_cell(&self, form: &str, row: &str, column: &str) -> Option<CellFacts> {
        self.library.cell_facts(form, row, column)
    }
}
