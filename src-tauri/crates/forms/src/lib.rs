//! Fill, then render: a form and its answers become plain data once; JSON, XLSX, PDF and SVG only lay it out.
//!
//! It counts nothing and reads no clock: answers and dates are passed in. It is the only crate that knows Typst.

mod by_office;
pub mod checks;
pub mod document;
pub mod error;
pub mod fill;
pub mod filled;
mod fonts;
mod header;
mod json;
mod layout;
pub mod pages;
mod typeset;
mod xlsx;

pub use by_office::{OfficeLine, by_office};
pub use document::Document;
pub use error::{FormError, Missing};
pub use fill::{fill, printed_number, rise};
pub use filled::*;
pub use json::json;
pub use pages::{CellBox, Pages, Purpose, missing_glyphs};
pub use xlsx::xlsx;
