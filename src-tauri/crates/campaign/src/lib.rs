//! An issued document turned into data: campaigns, their figures, forms, checklists, tasks and report days, the
//! vocabularies and field sets they share, and the working-day calendar. It parses and checks; it counts nothing.

pub mod answers;
pub mod bundle;
pub mod calendar;
mod check;
mod checklist;
pub mod checks;
mod condition;
pub mod divisions;
pub mod error;
mod figure;
mod folder;
mod ledgers;
pub mod library;
pub mod model;
mod place_names;
mod reads;
pub mod sections;
mod source;

pub use bundle::{Bundle, Heading};
pub use calendar::{Calendar, DueDay, WorkingDay};
pub use divisions::Divisions;
pub use error::CampaignError;
pub use library::{Library, Origin};
pub use model::*;
