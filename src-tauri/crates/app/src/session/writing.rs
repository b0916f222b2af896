//! A book that can be changed.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use campaign::Library;
use domain::Notice;
use exchange::SigningKey;
use store::{Book, Changes, StoreError, Writer};

use super::changed::Changed;
use super::journal::Journal;
use super::{Reading, Sent, meta};
use crate::clock::Clock;
use crate::failure::{Failure, Outcome};

/// All that a [`Reading`] is, the one connection that writes, the device's key and what this person did. There is one for an
/// open book.
pub struct Writing {
    pub(super) reading: Reading,
    pub(super) device_key: SigningKey,
    pub(super) journal: Journal,
    /// What was committed since it was last asked for; `None` where nothing was.
    changed: Option<Changed>,
}

impl Deref for Writing {
    type Target = Reading;

    fn deref(&self) -> &Reading {
        &self.reading
    }
}

impl Writing {
    /// Opens a book. `campaign_dirs` are loaded beside the built-in campaigns and those the book was sent.
    pub fn open(path: &Path, campaign_dirs: &[PathBuf], clock: Clock) -> Outcome<Self> {
        Writing::of_book(Book::open(path)?, campaign_dirs, clock, false)
    }

    /// `fresh` is a book that was made a moment ago.
    pub(crate) fn of_book(book: Book, campaign_dirs: &[PathBuf], clock: Clock, fresh: bool) -> Outcome<Self> {
        let library = Arc::new(Library::load(campaign_dirs)?);
        crate::packages::sweep_inboxes(book.path());
        let own = book.read::<_, Failure>(|reader| {
            let need = |key: &str| {
                reader.meta(key)?.ok_or_else(|| Failure::new(Notice::new("book-damaged").with("detail", key)))
            };
            Ok((need(meta::OFFICE)?, need(meta::OFFICE_NAME)?, reader.meta(meta::INSPECTOR)?, need(meta::DEVICE_KEY)?))
        })?;
        let (office, office_name, inspector, device_key) = own;
        let device_key = SigningKey::from_text(&device_key)?;
        let reading = Reading {
            book,
            base: Arc::clone(&library),
            library,
            sent: Sent::default(),
            office: office.parse()?,
            author: inspector.unwrap_or_else(|| office_name.clone()),
            office_name,
            device: device_key.public().device_id(),
            public_key: device_key.public(),
            clock,
            cache: Arc::default(),
        };
        let mut session = Writing { reading, device_key, journal: Journal::default(), changed: None };
        session.load_sent_campaigns()?;
        if session.read_only().is_none() {
            session.take_new_device_if_copied(fresh)?;
        }
        Ok(session)
    }

    /// The one door for writes: everything `act` does is committed together, or not at all.
    pub(crate) fn transact<T, E: From<StoreError>>(
        &mut self,
        act: impl FnOnce(&mut Writer) -> Result<T, E>,
    ) -> Result<(T, Changes), E> {
        let (value, changes) = self.reading.book.transact(act)?;
        self.note_changes(&changes);
        Ok((value, changes))
    }

    pub(super) fn note_changes(&mut self, changes: &Changes) {
        self.changed.get_or_insert_default().add(changes);
    }

    /// What was committed since this was last asked; `None` where nothing was.
    pub fn take_changed(&mut self) -> Option<Changed> {
        self.changed.take()
    }

    /// Does `act` and takes everything back: what a plan shows is what applying would do.
    pub(crate) fn dry_run<T, E: From<StoreError>>(
        &mut self,
        act: impl FnOnce(&mut Writer) -> Result<T, E>,
    ) -> Result<T, E> {
        self.reading.book.dry_run(act)
    }

    /// Makes everything derived anew from the log. Returns how many records stand.
    pub fn rebuild(&mut self, tell: &mut dyn FnMut(u64, u64)) -> Outcome<u64> {
        Ok(self.reading.book.rebuild(tell)?)
    }

    pub(crate) fn device_key(&self) -> &SigningKey {
        &self.device_key
    }

    /// The campaigns known from now on.
    pub(crate) fn set_library(&mut self, library: Arc<Library>, sent: Sent) {
        self.reading.library = library;
        self.reading.sent = sent;
    }

    /// Who records from now on.
    pub(crate) fn set_author(&mut self, author: String) {
        self.reading.author = author;
    }

    pub(crate) fn set_office_name(&mut self, name: String) {
        self.reading.office_name = name;
    }
}
