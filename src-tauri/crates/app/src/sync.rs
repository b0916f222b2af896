//! Locks, taken in one way.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whoever panicked while holding it left it whole: nothing here is changed in two steps.
pub fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
