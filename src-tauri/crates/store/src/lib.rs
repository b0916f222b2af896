//! The book on disk, and the only SQL in the program: the log of revisions, what is projected from it, lists, search, the
//! figure compiler, and the record of packages. It decides nothing about merging (that is `domain`) or trust (`exchange`).

mod append;
mod backup;
mod book;
mod changes;
mod check;
mod checkpoint;
mod clock;
mod connection;
mod contents;
mod dossier;
mod drafts;
mod due;
mod error;
mod findings;
mod fingerprint;
mod hold;
mod identities;
mod lists;
mod lock;
mod numbering;
mod offices;
mod packages;
mod projection;
mod read_only;
mod reader;
mod rebuild;
mod search;
mod similar;
mod streams;
mod words;
mod writer;

pub mod figures;

pub use backup::{ProgressSink, backup};
pub use book::{Book, Interrupt, ReadConnections, ReadOnly};
pub use changes::{Change, Changes, Edit, SlotBefore, Tally, Writes, Written};
pub use check::{CheckReport, Finding};
pub use contents::KindContents;
pub use dossier::{EnterpriseTotals, Event, EventKey, EventSource};
pub use drafts::DraftRow;
pub use due::{Due, DueCount, DueMark, DueQuery, DueRecord, Expiring};
pub use error::{Result, StoreError};
pub use lists::{ListMarks, ListPage, ListQuery};
pub use lock::Lock;
pub use offices::{CampaignRow, CampaignStatus, DeviceRow, InvitationRow, OfficeRow};
pub use packages::{PackageRow, PackageState};
pub use projection::Storage;
pub use read_only::{ReadOnlyBook, sqlite_version};
pub use reader::{OpenConflict, Reader, RevisionState, SetAside, StoredRevision};
pub use search::Found;
pub use similar::{Likeness, Similar};
pub use streams::{StreamMark, StreamRange};
pub use words::{indexed, initials, pinyin};
pub use writer::Writer;
