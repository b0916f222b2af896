//! Fill, then render: a form and its answers become plain data once; JSON, XLSX, PDF, SVG and DOCX only lay it out. A list
//! of the program is a file without a form.
//!
//! It counts nothing and reads no clock: answers and dates are passed in. It is the only crate that knows Typst.

pub mod blank;
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
pub mod letter;
pub mod list;
pub mod pages;
mod typeset;
mod xlsx;

pub use blank::{BLANK_SHEET, Entry, blank_xlsx};
pub use by_office::{OfficeLine, by_office};
pub use document::Document;
pub use error::{FormError, Missing};
pub use fill::{chinese_date, fill, printed_number, rise};
pub use filled::*;
pub use json::json;
pub use letter::{Letter, LetterSection};
pub use list::{ListCell, ListFile, ListFormat, csv};
pub use pages::{CellBox, Pages, Purpose, fits_pages, missing_glyphs};
pub use xlsx::xlsx;
