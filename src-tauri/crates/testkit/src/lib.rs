//! What tests and benches share: builders of edits, sample offices, fixed clock readings, real books in temporary folders
//! that hand lines to each other, and ways to make a disk or a process fail. It is not linked into the program.

pub mod books;
pub mod clock;
pub mod edits;
pub mod faults;
pub mod harness;
pub mod offices;

pub use books::{Desk, Parcel};
pub use edits::{device, edit, record, slots};
