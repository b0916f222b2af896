//! The one place that reads the clock. Everything below is told the time.

use domain::clock::{LATEST_MILLIS, day_in_china, in_china};
use domain::{Date, Notice};

use crate::failure::Outcome;

/// Where the time comes from: the machine, or a fixed moment in tests and demonstrations.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    #[default]
    Machine,
    /// Milliseconds since 1970.
    Fixed(u64),
    /// The machine's clock, moved by so many milliseconds: the sample campaign lives in its own weeks.
    Moved(i64),
}

/// A clock that lags by less was set by hand or drifts; one that lags by more makes wrong days.
const LAG_MILLIS: u64 = 60 * 60 * 1000;

impl Clock {
    /// The machine's clock, or the moment that `SWEEPBOOK_NOW` names (milliseconds since 1970): for demonstrations and tests
    /// that must come out the same every time.
    pub fn from_environment() -> Outcome<Self> {
        let Some(named) = std::env::var_os("SWEEPBOOK_NOW") else { return Ok(Clock::Machine) };
        match named.to_str().and_then(|text| text.parse().ok()).filter(|millis| *millis <= LATEST_MILLIS) {
            Some(millis) => Ok(Clock::Fixed(millis)),
            None => Err(Notice::new("clock-malformed").with("value", named.display()).into()),
        }
    }

    /// Milliseconds since 1970.
    #[allow(clippy::disallowed_methods)]
    pub fn millis(self) -> u64 {
        match self {
            Clock::Machine => (chrono::Utc::now().timestamp_millis().max(0) as u64).min(LATEST_MILLIS),
            Clock::Fixed(millis) => millis,
            Clock::Moved(by) => Clock::Machine.millis().saturating_add_signed(by).min(LATEST_MILLIS),
        }
    }

    /// A clock that shows `moment` now and goes on as this one does.
    pub fn set_to(self, moment: u64) -> Self {
        match self {
            Clock::Fixed(_) => Clock::Fixed(moment),
            Clock::Machine | Clock::Moved(_) => Clock::Moved(moment as i64 - Clock::Machine.millis() as i64),
        }
    }

    /// Day and minute in China, for the name of a file: `20210527-1200`.
    pub(crate) fn file_stamp(self) -> String {
        in_china(self.millis()).format("%Y%m%d-%H%M").to_string()
    }

    /// Today in China.
    pub fn today(self) -> Date {
        day_in_china(self.millis())
    }

    /// The time of day in China, `HH:MM`.
    pub fn time(self) -> String {
        in_china(self.millis()).format("%H:%M").to_string()
    }

    /// Whether it stands so far before a moment it has already shown that it must have been set back.
    pub fn was_set_back(self, shown: u64) -> bool {
        self.millis().saturating_add(LAG_MILLIS) < shown
    }
}

/// A moment as people in China write it down, to the minute.
pub fn minute(millis: u64) -> String {
    in_china(millis).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_can_be_set_to_another_day() {
        assert_eq!(Clock::Fixed(5).set_to(1_622_044_800_000).today().to_string(), "2021-05-27");
        let moved = Clock::Machine.set_to(1_622_044_800_000);
        assert_eq!(moved.today().to_string(), "2021-05-27");
        assert!(moved.millis() >= 1_622_044_800_000 && moved.millis() < 1_622_044_860_000);
        assert_eq!(Clock::Fixed(1_622_088_000_000).file_stamp(), "20210527-1200");
    }

    #[test]
    fn the_day_changes_at_midnight_in_china() {
        // 2021-05-26 15:59:59.999 and 16:00 UTC.
        assert_eq!(Clock::Fixed(1_622_044_799_999).today().to_string(), "2021-05-26");
        assert_eq!(Clock::Fixed(1_622_044_800_000).today().to_string(), "2021-05-27");
        assert_eq!(Clock::Fixed(1_622_044_799_999).time(), "23:59");
        assert_eq!(Clock::Fixed(1_622_044_800_000).time(), "00:00");
        assert_eq!(minute(1_622_044_860_000), "2021-05-27 00:01");
        assert_eq!(minute(i64::MAX as u64), "9999-12-31 23:59");
    }
}
