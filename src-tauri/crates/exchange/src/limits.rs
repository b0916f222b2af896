//! The limits of format 1, in bytes unless said otherwise. A receiver refuses what is beyond them, a sender never
//! writes it.

pub use domain::revision::MAX_LINE;

/// The whole encrypted file (2 GiB).
pub const MAX_PACKAGE: u64 = 2 << 30;
/// One entry, raw as well as packed (64 MiB).
pub const MAX_ENTRY: u64 = 64 << 20;
/// `manifest.json`, padding included (1 MiB).
pub const MAX_MANIFEST: u64 = 1 << 20;
/// `manifest.json.minisig`: so that it fills one block of the archive.
pub const MAX_SIGNATURE: u64 = 512;
/// Entries listed in a manifest.
pub const MAX_ENTRIES: u64 = 100_000;
/// Base-2 logarithm of the zstd window (8 MiB).
pub const WINDOW_LOG: u32 = 23;
/// The age header, for three recipients and what else a newer program may add to it.
pub const MAX_AGE_HEADER: u64 = 16 << 10;
