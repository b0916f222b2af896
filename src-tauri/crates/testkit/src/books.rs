//! Real books in temporary folders. They hand each other lines as an opened package would, without sealing one.

use std::path::{Path, PathBuf};

use domain::{DeviceId, OfficeCode, RecordId, RevisionId, Value};
use sha2::{Digest, Sha256};
use store::{Book, Edit, PackageRow, PackageState, Result, StoreError, StreamRange, Tally, Writer};
use tempfile::TempDir;

use crate::clock::{NOW, SECOND};
use crate::edits::{AUTHOR, device};
use crate::offices::office;

/// One device of one office with its book; its clock goes on by a second with every act.
pub struct Desk {
    pub book: Book,
    pub device: DeviceId,
    pub office: OfficeCode,
    /// What the device's clock says, in milliseconds since 1970.
    pub now: u64,
    folder: TempDir,
}

/// Lines on their way between two books.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub uuid: String,
    pub office: OfficeCode,
    pub device: DeviceId,
    pub lines: Vec<Vec<u8>>,
}

impl Desk {
    pub fn new(number: u64, code: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let book = Book::create(&folder.path().join("book.swb")).expect("a new book");
        Desk { book, device: device(number), office: office(code), now: NOW, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self) -> PathBuf {
        self.book.path().to_owned()
    }

    fn tick(&mut self) -> u64 {
        self.now += SECOND;
        self.now
    }

    /// One acknowledged save.
    pub fn write(&mut self, edit: Edit) -> Result<RevisionId> {
        let (now, device) = (self.tick(), self.device.clone());
        self.book.transact(|writer| writer.append(edit, &device, now)).map(|(id, _)| id)
    }

    pub fn resolve(&mut self, record: RecordId, slot: &str, value: Value) -> Result<RevisionId> {
        let (now, device) = (self.tick(), self.device.clone());
        self.book.transact(|writer| writer.resolve(record, slot, value, AUTHOR, &device, now)).map(|(id, _)| id)
    }

    /// Everything this book may forward, stream after stream.
    pub fn parcel(&self, uuid: &str) -> Result<Parcel> {
        self.parcel_of(uuid, |_| true)
    }

    /// The lines of the ranges that `choose` lets through; it sees every stream from 1 to the last number in the log.
    pub fn parcel_of(&self, uuid: &str, mut choose: impl FnMut(&mut StreamRange) -> bool) -> Result<Parcel> {
        let mut lines = Vec::new();
        self.book.read::<_, StoreError>(|reader| {
            for mark in reader.streams()? {
                let last = reader.last_sequence(&mark.device, &mark.office)?;
                let mut range = StreamRange { device: mark.device, office: mark.office, first: 1, last };
                if choose(&mut range) {
                    reader.lines::<StoreError>(&range, &mut |line| {
                        lines.push(line.to_vec());
                        Ok(())
                    })?;
                }
            }
            Ok(())
        })?;
        Ok(Parcel { uuid: uuid.to_owned(), office: self.office.clone(), device: self.device.clone(), lines })
    }

    /// Applies a parcel in one transaction.
    pub fn take(&mut self, parcel: &Parcel, reactivate: bool) -> Result<Tally> {
        let now = self.tick();
        self.book.transact(|writer| parcel.apply(writer, reactivate, now)).map(|(tally, _)| tally)
    }

    pub fn undo(&mut self, uuid: &str) -> Result<Tally> {
        let row = self.book.read(|reader| reader.package(uuid, true))?.expect("the parcel was taken");
        self.book.transact(|writer| writer.undo_package(&row)).map(|(tally, _)| tally)
    }

    pub fn digest(&self) -> Result<String> {
        self.book.read(|reader| reader.digest())
    }

    /// Closes the book and opens it again.
    pub fn reopen(self) -> Result<Self> {
        self.reopen_after(|_| ())
    }

    /// Closes the book, lets something happen to its file, and opens it again.
    pub fn reopen_after(self, meanwhile: impl FnOnce(&Path)) -> Result<Self> {
        let Desk { book, device, office, now, folder } = self;
        let path = book.path().to_owned();
        drop(book);
        meanwhile(&path);
        Ok(Desk { book: Book::open(&path)?, device, office, now, folder })
    }
}

impl Parcel {
    /// The row of the import log, and the lines, as one act.
    pub fn apply(&self, writer: &mut Writer, reactivate: bool, now: u64) -> Result<Tally> {
        let package = writer.put_package(&self.row(now))?;
        writer.ingest::<StoreError>(package, reactivate, now, |sink| self.lines.iter().try_for_each(|line| sink(line)))
    }

    pub fn row(&self, now: u64) -> PackageRow {
        let mut hash = Sha256::new();
        self.lines.iter().for_each(|line| hash.update(line));
        PackageRow {
            id: 0,
            uuid: self.uuid.clone(),
            incoming: true,
            office: self.office.clone(),
            device: self.device.clone(),
            sha256: hash.finalize().into(),
            at: now,
            state: PackageState::Applied,
            manifest: String::new(),
            signature: String::new(),
            file: format!("{}.sweep", self.uuid),
            summary: String::new(),
        }
    }
}
