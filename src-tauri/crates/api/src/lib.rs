//! The one way in from any front: one request in, one reply out, both JSON. Every request is one function of crate `app`; what
//! requests and replies look like is exported to the page from here.

mod background;
mod backups;
mod batches;
mod books;
mod checks;
mod commands;
mod conflicts;
mod dispatch;
mod divisions;
mod documents;
mod drafts;
mod enterprises;
mod files;
mod filings;
mod forms;
pub mod jobs;
mod journal;
mod lists;
mod log;
mod offices;
mod packages;
mod paste;
mod photos;
mod printing;
mod readback;
mod readers;
mod recent;
mod records;
mod report_words;
mod request;
mod running;
mod settings;
mod settings_file;
mod spool;
mod state;
mod suggestions;
#[cfg(test)]
mod tests;
mod views;
mod workbench;

pub use commands::typescript;
pub use readers::ReaderPool;
pub use request::Request;
pub use running::{JobKind, JobProgress, Jobs};
pub use state::Backend;
