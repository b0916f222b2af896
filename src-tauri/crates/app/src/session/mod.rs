//! What a request is lent: a [`Reading`] to look at the open book, a [`Writing`] to change it. Neither owns what belongs to the
//! running program: no inbox, no cache that outlives the book, no job.

mod cache;
mod changed;
mod device;
mod journal;
mod lookup;
mod reading;
mod undo;
mod writing;

pub(crate) use cache::{CachedList, QueryCache};
pub use changed::Changed;
pub use device::forget_markers_of;
pub use journal::{EntryKind, EntryRecord, EntryView, JournalView, Operation};
pub(crate) use lookup::BookLookup;
pub use reading::Reading;
pub(crate) use reading::Sent;
pub use writing::Writing;

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
    /// What a person said the columns of tables are, by their headings, as JSON.
    pub const COLUMNS: &str = "pasted-columns";
    /// Of the packages sealed here, the last one's number.
    pub const PACKAGES: &str = "package-number";
}
