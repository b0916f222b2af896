//! Everything that can be wrong with a package, an invitation or a key, each with its own stable code. The words a
//! person reads are in `assets/messages/`; the table of codes is in `docs/FORMAT.md`.

use std::io;

use domain::clock::day_in_china;
use domain::{Notice, OfficeCode};

/// Why something was refused. [`Refusal::code`] is stable: vectors, screens and scripts rely on it.
#[derive(Debug)]
pub enum Refusal {
    /// The disk or stick failed, not the content.
    Io(io::Error),
    /// The person pressed cancel.
    Cancelled,

    // The outer file.
    NotAPackage,
    Truncated {
        bytes: u64,
        expected: u64,
    },
    Extended {
        bytes: u64,
        expected: u64,
    },
    Flipped,
    CannotDecrypt,

    // What it says about itself.
    NewerFormat {
        found: String,
    },
    ManifestTooLarge {
        bytes: u64,
        limit: u64,
    },
    ManifestMalformed {
        reason: String,
    },
    DuplicateKey {
        reason: String,
    },

    // Who sent it, and to whom.
    UnknownSender {
        office: OfficeCode,
        device: String,
    },
    SignatureMalformed,
    LegacySignature,
    SignatureWrong {
        office: OfficeCode,
    },
    CertificateWrong {
        office: OfficeCode,
    },
    RosterWrong {
        office: OfficeCode,
    },
    DeviceNotInRoster {
        office: OfficeCode,
        device: String,
    },
    JoinProofWrong {
        office: OfficeCode,
    },
    WrongRecipient {
        recipient: OfficeCode,
    },
    OwnPackage {
        recipient: OfficeCode,
    },
    WrongDirection {
        sender: OfficeCode,
        recipient: OfficeCode,
    },
    SignerNotEntitled {
        signer: OfficeCode,
        office: OfficeCode,
    },
    OutOfScope {
        recipient: OfficeCode,
        office: OfficeCode,
    },
    CampaignUpward {
        sender: OfficeCode,
    },

    // The archive inside.
    ArchiveMalformed {
        name: String,
    },
    PathLikeName {
        name: String,
    },
    LinkEntry {
        name: String,
    },
    EntryMissing {
        name: String,
    },
    EntryExtra {
        name: String,
    },
    EntryOutOfOrder {
        name: String,
    },
    EntrySizeWrong {
        name: String,
        found: u64,
        expected: u64,
    },
    EntryHashWrong {
        name: String,
    },
    EntryMalformed {
        name: String,
    },
    EntryTooLarge {
        name: String,
        bytes: u64,
        limit: u64,
    },
    TooManyEntries {
        entries: u64,
        limit: u64,
    },
    PackageTooLarge {
        bytes: u64,
        limit: u64,
    },
    Bomb {
        name: String,
    },

    // The revisions.
    Line {
        entry: String,
        line: u64,
        notice: Notice,
    },
    LineEndMissing {
        entry: String,
    },
    StreamWrong {
        device: String,
        office: OfficeCode,
        sequence: u64,
    },
    CountsWrong {
        what: &'static str,
        found: u64,
        expected: u64,
    },
    /// Raised by the store: a line whose id is already there with other bytes. Its code is kept here with the others.
    SameIdOtherBytes {
        id: String,
    },

    // Invitations and keys.
    NotAnInvitation,
    InvitationBroken {
        reason: String,
    },
    /// Times are milliseconds since 1970.
    InvitationExpired {
        expires: u64,
        now: u64,
    },
    /// Expired so long ago that it is rather the clock that is wrong.
    ClockAhead {
        expires: u64,
        now: u64,
    },
    InvitationUnknown {
        id: String,
    },
    KeyMalformed,
    RandomnessUnavailable,

    // Found while writing.
    AuthorUnknown {
        device: String,
    },
    SourceChanged {
        name: String,
    },
    AttachmentMissing {
        sha256: String,
    },
}

/// No invitation is answered so long after it ran out (a year); a clock set to another decade is common.
const LONG_AGO_MILLIS: u64 = 365 * 24 * 60 * 60 * 1000;

impl Refusal {
    /// Of an invitation that ran out at `expires`, both in milliseconds since 1970.
    pub(crate) fn expired(expires: u64, now: u64) -> Self {
        if now.saturating_sub(expires) > LONG_AGO_MILLIS {
            Refusal::ClockAhead { expires, now }
        } else {
            Refusal::InvitationExpired { expires, now }
        }
    }

    /// The stable code, kebab-case.
    pub fn code(&self) -> &str {
        match self {
            Refusal::Io(_) => "package-io",
            Refusal::Cancelled => "cancelled",
            Refusal::NotAPackage => "not-a-package",
            Refusal::Truncated { .. } => "truncated",
            Refusal::Extended { .. } => "extended",
            Refusal::Flipped => "flipped",
            Refusal::CannotDecrypt => "cannot-decrypt",
            Refusal::NewerFormat { .. } => "newer-format",
            Refusal::ManifestTooLarge { .. } => "manifest-too-large",
            Refusal::ManifestMalformed { .. } => "manifest-malformed",
            Refusal::DuplicateKey { .. } => "duplicate-key",
            Refusal::UnknownSender { .. } => "unknown-sender",
            Refusal::SignatureMalformed => "signature-malformed",
            Refusal::LegacySignature => "legacy-signature",
            Refusal::SignatureWrong { .. } => "signature-wrong",
            Refusal::CertificateWrong { .. } => "certificate-wrong",
            Refusal::RosterWrong { .. } => "roster-wrong",
            Refusal::DeviceNotInRoster { .. } => "device-not-in-roster",
            Refusal::JoinProofWrong { .. } => "join-proof-wrong",
            Refusal::WrongRecipient { .. } => "wrong-recipient",
            Refusal::OwnPackage { .. } => "own-package",
            Refusal::WrongDirection { .. } => "wrong-direction",
            Refusal::SignerNotEntitled { .. } => "signer-not-entitled",
            Refusal::OutOfScope { .. } => "out-of-scope",
            Refusal::CampaignUpward { .. } => "campaign-upward",
            Refusal::ArchiveMalformed { .. } => "archive-malformed",
            Refusal::PathLikeName { .. } => "path-like-name",
            Refusal::LinkEntry { .. } => "link-entry",
            Refusal::EntryMissing { .. } => "entry-missing",
            Refusal::EntryExtra { .. } => "entry-extra",
            Refusal::EntryOutOfOrder { .. } => "entry-out-of-order",
            Refusal::EntrySizeWrong { .. } => "entry-size-wrong",
            Refusal::EntryHashWrong { .. } => "entry-hash-wrong",
            Refusal::EntryMalformed { .. } => "entry-malformed",
            Refusal::EntryTooLarge { .. } => "entry-too-large",
            Refusal::TooManyEntries { .. } => "too-many-entries",
            Refusal::PackageTooLarge { .. } => "package-too-large",
            Refusal::Bomb { .. } => "bomb",
            Refusal::Line { notice, .. } => &notice.code,
            Refusal::LineEndMissing { .. } => "line-end-missing",
            Refusal::StreamWrong { .. } => "stream-wrong",
            Refusal::CountsWrong { .. } => "counts-wrong",
            Refusal::SameIdOtherBytes { .. } => "same-id-other-bytes",
            Refusal::NotAnInvitation => "not-an-invitation",
            Refusal::InvitationBroken { .. } => "invitation-broken",
            Refusal::InvitationExpired { .. } => "invitation-expired",
            Refusal::ClockAhead { .. } => "clock-ahead",
            Refusal::InvitationUnknown { .. } => "invitation-unknown",
            Refusal::KeyMalformed => "key-malformed",
            Refusal::RandomnessUnavailable => "randomness-unavailable",
            Refusal::AuthorUnknown { .. } => "author-unknown",
            Refusal::SourceChanged { .. } => "source-changed",
            Refusal::AttachmentMissing { .. } => "attachment-missing",
        }
    }

    /// The code with its arguments, ready for the message catalogue. A line's own notice gains its entry and number.
    pub fn notice(&self) -> Notice {
        let notice = Notice::new(self.code());
        match self {
            Refusal::Io(error) => notice.with("why", domain::disk::why(error)),
            Refusal::Truncated { bytes, expected } | Refusal::Extended { bytes, expected } => {
                notice.with("bytes", bytes).with("expected", expected)
            }
            Refusal::NewerFormat { found } => notice.with("found", found),
            Refusal::ManifestTooLarge { bytes, limit } | Refusal::PackageTooLarge { bytes, limit } => {
                notice.with("bytes", bytes).with("limit", limit)
            }
            Refusal::ManifestMalformed { reason }
            | Refusal::DuplicateKey { reason }
            | Refusal::InvitationBroken { reason } => notice.with("reason", reason),
            Refusal::UnknownSender { office, device } | Refusal::DeviceNotInRoster { office, device } => {
                notice.with("office", office).with("device", device)
            }
            Refusal::SignatureWrong { office }
            | Refusal::CertificateWrong { office }
            | Refusal::RosterWrong { office }
            | Refusal::JoinProofWrong { office } => notice.with("office", office),
            Refusal::WrongRecipient { recipient } | Refusal::OwnPackage { recipient } => {
                notice.with("recipient", recipient)
            }
            Refusal::WrongDirection { sender, recipient } => notice.with("sender", sender).with("recipient", recipient),
            Refusal::SignerNotEntitled { signer, office } => notice.with("signer", signer).with("office", office),
            Refusal::OutOfScope { recipient, office } => notice.with("recipient", recipient).with("office", office),
            Refusal::CampaignUpward { sender } => notice.with("sender", sender),
            Refusal::ArchiveMalformed { name }
            | Refusal::PathLikeName { name }
            | Refusal::LinkEntry { name }
            | Refusal::EntryMissing { name }
            | Refusal::EntryExtra { name }
            | Refusal::EntryOutOfOrder { name }
            | Refusal::EntryHashWrong { name }
            | Refusal::EntryMalformed { name }
            | Refusal::Bomb { name }
            | Refusal::SourceChanged { name } => notice.with("name", name),
            Refusal::EntrySizeWrong { name, found, expected } => {
                notice.with("name", name).with("found", found).with("expected", expected)
            }
            Refusal::EntryTooLarge { name, bytes, limit } => {
                notice.with("name", name).with("bytes", bytes).with("limit", limit)
            }
            Refusal::TooManyEntries { entries, limit } => notice.with("entries", entries).with("limit", limit),
            Refusal::Line { entry, line, notice } => notice.clone().with("entry", entry).with("line", line),
            Refusal::LineEndMissing { entry } => notice.with("name", entry),
            Refusal::StreamWrong { device, office, sequence } => {
                notice.with("device", device).with("office", office).with("sequence", sequence)
            }
            Refusal::CountsWrong { what, found, expected } => {
                notice.with("what", what).with("found", found).with("expected", expected)
            }
            Refusal::SameIdOtherBytes { id } | Refusal::InvitationUnknown { id } => notice.with("id", id),
            Refusal::InvitationExpired { expires, now } | Refusal::ClockAhead { expires, now } => {
                notice.with("expires", day_in_china(*expires)).with("today", day_in_china(*now))
            }
            Refusal::AuthorUnknown { device } => notice.with("device", device),
            Refusal::AttachmentMissing { sha256 } => notice.with("sha256", sha256),
            Refusal::Cancelled
            | Refusal::NotAPackage
            | Refusal::Flipped
            | Refusal::CannotDecrypt
            | Refusal::SignatureMalformed
            | Refusal::LegacySignature
            | Refusal::NotAnInvitation
            | Refusal::KeyMalformed
            | Refusal::RandomnessUnavailable => notice,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.notice().fmt(f)
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Refusal::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Refusal::Io(error)
    }
}

impl From<Refusal> for Notice {
    fn from(refusal: Refusal) -> Self {
        refusal.notice()
    }
}
