//! What a market-regulation office records, and how concurrent copies of one record become one again.
//!
//! Records, revisions, fold, merge, validation, findings and the digest. It is *not* where anything is stored, sent,
//! printed or counted: no I/O, no clock, no SQL.

pub mod clock;
pub mod compose;
pub mod cut;
pub mod digest;
pub mod disk;
pub mod disposal;
pub mod filing;
pub mod findings;
pub mod fold;
pub mod identity;
pub mod ids;
pub mod notice;
pub mod numbers;
mod offers;
mod office_level;
pub mod record;
pub mod revision;
pub mod schema;
pub mod spelling;
pub mod stream;
pub mod uscc;
pub mod validate;
pub mod value;

pub use clock::Hlc;
pub use fold::{Conflict, Folded};
pub use ids::{Date, DeviceId, OfficeCode, RecordId, RevisionId};
pub use notice::Notice;
pub use office_level::OfficeLevel;
pub use record::Record;
pub use revision::{Revision, RevisionDraft};
pub use schema::Schema;
pub use stream::RunningHash;
pub use value::{Fields, Value};
