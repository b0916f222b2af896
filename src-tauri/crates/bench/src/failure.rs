//! What can go wrong in a bench is for its author to read: one text.

use std::fmt;

pub type Outcome<T> = Result<T, Failure>;

pub struct Failure(String);

impl Failure {
    pub fn new(text: impl Into<String>) -> Self {
        Failure(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! from {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure(format!("{error:?}"))
            }
        })*
    };
}

from!(
    domain::Notice,
    exchange::Refusal,
    rusqlite::Error,
    serde_json::Error,
    std::io::Error,
    std::num::ParseIntError,
    store::StoreError,
    zip::result::ZipError
);
#[cfg(feature = "forms")]
from!(forms::FormError);
