//! Sealed packages, invitations and receipts: write, open, verify. The format is in `docs/FORMAT.md`, exact to the
//! byte.
//!
//! Nothing here knows a database, reads the clock, or holds a whole package in memory.

pub mod invitation;
mod json;
pub mod keys;
pub mod limits;
mod lines;
pub mod manifest;
pub mod open;
mod payload;
pub mod receipt;
pub mod refusal;
pub mod seal;
mod ustar;
pub mod words;

pub use invitation::{Invitation, Invited, JoinProof, NewInvitation, Party, PendingInvitation, Purpose, Secret};
pub use keys::{
    AgeIdentity, AgeRecipient, Certificate, OfficeKeys, OfficeRecipients, PublicKey, Roster, RosterDevice, Signed,
    SigningKey,
};
pub use manifest::{Counts, Direction, Entry, Manifest, Sender, Stream};
pub use open::{Item, Joining, Opened, Trust, Verified, open};
pub use receipt::{Hash32, Held, Outcome, OutcomeKind, Receipt};
pub use refusal::Refusal;
pub use seal::{AttachmentRef, AttachmentSource, NoAttachments, Outgoing, RevisionSource, Sealed, seal};
pub use words::Fingerprint;

/// How far a long action has come, in bytes of the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    pub done: u64,
    /// Zero where it is not known beforehand.
    pub total: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Sizes and hashes of what will be written.
    Measuring,
    Writing,
    /// Verifying, before anything is used; after writing, reading back.
    Checking,
    /// Handing over verified content.
    Reading,
}

/// Called every megabyte or so; `Break` cancels.
pub type OnProgress<'a> = dyn FnMut(Progress) -> std::ops::ControlFlow<()> + 'a;
