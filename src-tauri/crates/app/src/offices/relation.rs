//! How another office stands to this one.

use store::{OfficeRow, Reader};

use crate::failure::Outcome;

pub const UPPER: &str = "upper";
pub const LOWER: &str = "lower";

/// The offices above; a book knows one, unless it was made by an earlier program.
pub(crate) fn uppers(reader: &Reader) -> Outcome<Vec<OfficeRow>> {
    Ok(reader.offices()?.into_iter().filter(|office| office.relation == UPPER).collect())
}
