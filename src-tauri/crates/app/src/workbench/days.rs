//! Days counted between two dates.

use domain::Date;

/// Days from one to the other; negative where the other came first.
pub fn days_between(from: Date, to: Date) -> i32 {
    i32::try_from((to.naive() - from.naive()).num_days()).unwrap_or(i32::MAX)
}
