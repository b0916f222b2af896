//! A book that can be looked at.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use campaign::Library;
use domain::{DeviceId, Notice, OfficeCode};
use exchange::PublicKey;
use store::{Book, Interrupt, ReadOnly, Reader, StoreError};

use super::QueryCache;
use crate::clock::Clock;
use crate::failure::Outcome;
use crate::sync::held;

/// A connection that reads the open book, whose book it is, who is at it, the campaigns it knows, and the clock.
pub struct Reading {
    pub(super) book: Book,
    /// Shared with what is under way, because it is large and never changes: another bundle makes another one.
    pub(super) library: Arc<Library>,
    /// The library without what came from above.
    pub(super) base: Arc<Library>,
    pub(super) sent: Sent,
    pub(super) office: OfficeCode,
    pub(super) office_name: String,
    pub(super) author: String,
    pub(super) device: DeviceId,
    pub(super) public_key: PublicKey,
    pub(super) clock: Clock,
    /// One for all who read the book.
    pub(super) cache: Arc<Mutex<QueryCache>>,
}

/// The campaign files from above that the library was put together with, by hash, and why some of them are not in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    pub hashes: Vec<[u8; 32]>,
    pub refused: Vec<(Option<[u8; 32]>, domain::Notice)>,
}

impl Reading {
    /// Everything read inside `look` is one state of the book.
    pub(crate) fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        self.book.read(look)
    }

    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    pub fn path(&self) -> &Path {
        self.book.path()
    }

    /// Grows with every committed change.
    pub(crate) fn generation(&self) -> u64 {
        self.book.generation()
    }

    /// Grows with every committed change after which there may be other findings.
    pub(crate) fn findings_generation(&self) -> u64 {
        self.book.findings_generation()
    }

    pub fn interrupt(&self) -> Interrupt {
        self.book.interrupt()
    }

    /// Gives back the memory that reading took.
    pub fn shrink(&self) {
        self.book.shrink();
    }

    /// Why this book can only be looked at, where that is so.
    pub fn read_only(&self) -> Option<Notice> {
        let ReadOnly { why } = self.book.read_only()?;
        Some(Notice::new("book-read-only").with("path", self.path().display()).with("why", why))
    }

    /// What makes further connections that only read the same book, for other threads, as long as it is open.
    pub fn connections(&self) -> impl Fn() -> Outcome<Reading> + Send + Sync + use<> {
        let book = self.book.read_connections();
        let (library, base, sent) = (Arc::clone(&self.library), Arc::clone(&self.base), self.sent.clone());
        let (office, office_name, author) = (self.office.clone(), self.office_name.clone(), self.author.clone());
        let (device, public_key) = (self.device.clone(), self.public_key.clone());
        let (clock, cache) = (self.clock, Arc::clone(&self.cache));
        move || {
            Ok(Reading {
                book: book.open()?,
                library: Arc::clone(&library),
                base: Arc::clone(&base),
                sent: sent.clone(),
                office: office.clone(),
                office_name: office_name.clone(),
                author: author.clone(),
                device: device.clone(),
                public_key: public_key.clone(),
                clock,
                cache: Arc::clone(&cache),
            })
        }
    }

    pub fn library(&self) -> &Library {
        &self.library
    }

    pub fn shared_library(&self) -> Arc<Library> {
        Arc::clone(&self.library)
    }

    pub(crate) fn base_library(&self) -> &Arc<Library> {
        &self.base
    }

    pub(crate) fn sent(&self) -> &Sent {
        &self.sent
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

    /// Who records now.
    pub fn author(&self) -> &str {
        &self.author
    }

    pub fn device(&self) -> &DeviceId {
        &self.device
    }

    /// What others know this device by.
    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    pub fn clock(&self) -> Clock {
        self.clock
    }

    pub(crate) fn cache(&self) -> MutexGuard<'_, QueryCache> {
        held(&self.cache)
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
