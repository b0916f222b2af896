//! The one place that reads the clock. Everything below is told the time.

use domain::{Date, Notice};

use crate::failure::Outcome;

/// Where the time comes from: the machine, or a fixed moment in tests and demonstrations.
#[derive(Debug, Clone, Copy, Default)]
pub enum Clock {
    #[default]
    Machine,
    /// Milliseconds since 1970.
    Fixed(u64),
}

/// China has one time, eight hours ahead of UTC, and no summer time since 1991.
const CHINA_MILLIS: i64 = 8 * 60 * 60 * 1000;

impl Clock {
    /// The machine's clock, or the moment that `SWEEPBOOK_NOW` names (milliseconds since 1970): for demonstrations and tests
    /// that must come out the same every time.
    pub fn from_environment() -> Outcome<Self> {
        match std::env::var("SWEEPBOOK_NOW") {
            Ok(text) => match text.parse() {
                Ok(millis) => Ok(Clock::Fixed(millis)),
                Err(_) => Err(Notice::new("clock-malformed").with("value", text).into()),
            },
            Err(_) => Ok(Clock::Machine),
        }
    }

    /// Milliseconds since 1970.
    #[allow(clippy::disallowed_methods)]
    pub fn millis(self) -> u64 {
        match self {
            Clock::Machine => chrono::Utc::now().timestamp_millis().max(0) as u64,
            Clock::Fixed(millis) => millis,
        }
    }

    /// Today in China.
    pub fn today(self) -> Date {
        let millis = self.millis() as i64 + CHINA_MILLIS;
        let day = chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default().date_naive();
        Date::from_naive(day)
    }
}

/// A moment as people in China write it down, to the minute.
pub(crate) fn minute(millis: u64) -> String {
    let moment = chrono::DateTime::from_timestamp_millis(millis as i64 + CHINA_MILLIS).unwrap_or_default();
    moment.format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_china() {
        // 2021-05-26 15:59:59.999 and 16:00 UTC.
        assert_eq!(Clock::Fixed(1_622_044_799_999).today().to_string(), "2021-05-26");
        assert_eq!(Clock::Fixed(1_622_044_800_000).today().to_string(), "2021-05-27");
        assert_eq!(minute(1_622_044_860_000), "2021-05-27 00:01");
    }
}
