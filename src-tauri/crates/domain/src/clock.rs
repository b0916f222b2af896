//! Hybrid logical clock: orders concurrent edits for display, and nothing else. Parents decide what came after what.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::Date;

/// Milliseconds since 1970 as the device saw them, and a counter for what happened within one millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "(u64, u32)", into = "(u64, u32)")]
pub struct Hlc {
    pub millis: u64,
    pub counter: u32,
}

/// A revision this far ahead of the local clock is flagged and does not move it (24 h).
pub const TOLERANCE_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// The last moment a time of this program's may show: the end of the year 9999, in milliseconds since 1970. Beyond it a
/// calendar has no days to show, and a clock that says so is not a clock.
pub const LATEST_MILLIS: u64 = 253_402_300_799_999;

/// China has one time, eight hours ahead of UTC, and no summer time since 1991.
const CHINA_MILLIS: u64 = 8 * 60 * 60 * 1000;

/// Day and time in China of a moment in milliseconds since 1970, read as if it were universal time. Whatever a moment says,
/// no day after 9999 is shown.
pub fn in_china(millis: u64) -> DateTime<Utc> {
    let shown = millis.saturating_add(CHINA_MILLIS).min(LATEST_MILLIS);
    i64::try_from(shown).ok().and_then(DateTime::from_timestamp_millis).unwrap_or_default()
}

/// The day in China of a moment, in milliseconds since 1970.
pub fn day_in_china(millis: u64) -> Date {
    Date::from_naive(in_china(millis).date_naive())
}

/// The first moment of a day in China, in milliseconds since 1970; 0 for days before that.
pub fn start_in_china(day: Date) -> u64 {
    let midnight = day.naive().and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    u64::try_from(midnight).unwrap_or(0).saturating_sub(CHINA_MILLIS)
}

impl Hlc {
    /// The next reading after `self`, given what the wall clock says. Never goes back, whatever the wall clock does.
    #[must_use]
    pub fn tick(self, now_millis: u64) -> Self {
        if now_millis > self.millis {
            Hlc { millis: now_millis, counter: 0 }
        } else {
            match self.counter.checked_add(1) {
                Some(counter) => Hlc { millis: self.millis, counter },
                None => Hlc { millis: self.millis.saturating_add(1), counter: 0 },
            }
        }
    }

    /// What this clock becomes after seeing `other`: a reading more than a day ahead of the wall clock is not adopted.
    #[must_use]
    pub fn observe(self, other: Hlc, now_millis: u64) -> Self {
        if other.is_ahead(now_millis) { self } else { self.max(other) }
    }

    pub fn is_ahead(self, now_millis: u64) -> bool {
        self.millis > now_millis.saturating_add(TOLERANCE_MILLIS)
    }
}

impl From<(u64, u32)> for Hlc {
    fn from((millis, counter): (u64, u32)) -> Self {
        Hlc { millis, counter }
    }
}

impl From<Hlc> for (u64, u32) {
    fn from(clock: Hlc) -> Self {
        (clock.millis, clock.counter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_goes_back() {
        let start = Hlc { millis: 1000, counter: u32::MAX };
        assert!(start.tick(5) > start);
        assert!(start.tick(1000) > start);
        assert_eq!(start.tick(2000), Hlc { millis: 2000, counter: 0 });
    }

    #[test]
    fn every_moment_has_a_day() {
        // 2021-05-26 16:00 UTC, and the greatest numbers a line, a manifest and a memory hold.
        assert_eq!(day_in_china(1_622_044_800_000).to_string(), "2021-05-27");
        for millis in [LATEST_MILLIS, i64::MAX as u64, u64::MAX] {
            assert_eq!(day_in_china(millis).to_string(), "9999-12-31");
        }
    }

    #[test]
    fn a_poisoned_clock_is_not_adopted() {
        let now = 1_600_000_000_000;
        let poison = Hlc { millis: now + TOLERANCE_MILLIS + 1, counter: 0 };
        assert_eq!(Hlc::default().observe(poison, now), Hlc::default());
        let near = Hlc { millis: now + 1, counter: 3 };
        assert_eq!(Hlc::default().observe(near, now), near);
    }
}
