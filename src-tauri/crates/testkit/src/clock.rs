//! Fixed clock readings, in milliseconds since 1970. Nothing here reads a clock.

/// 2021-03-15 08:00 in China, a Monday inside the campaign of document 24.
pub const NOW: u64 = 1_615_766_400_000;
pub const SECOND: u64 = 1_000;
pub const DAY: u64 = 24 * 60 * 60 * SECOND;

/// A device whose battery died: 1970-01-01.
pub const EPOCH: u64 = 0;
/// A device whose year was set wrong: 2099-01-01 in China.
pub const FAR_FUTURE: u64 = 4_070_880_000_000;
