//! One function per user action. It opens transactions, reads the clock, and gives every error its code, message and remedy.
//! The window and `sweepctl` are two doors to the same functions; neither does anything this crate does not.

mod books;
mod campaigns;
mod clock;
mod conflicts;
mod demo;
mod desk;
mod documents;
mod dossier;
mod failure;
mod files;
mod joins;
mod keys;
mod messages;
mod offices;
mod packages;
mod printing;
mod records;
mod session;
mod tables;
mod words;

pub use books::{AsideView, BookStatus, GapView, KindCount, NewBook, findings};
pub use campaigns::{CampaignView, FormView, campaigns};
pub use clock::Clock;
pub use conflicts::{CandidateView, ConflictView};
pub use demo::{DemoReport, demo};
pub use desk::{Desk, typescript};
pub use dossier::{EventView, TimelinePage};
pub use failure::{Failure, Outcome, Problem};
pub use files::open_input;
pub use joins::Pair;
pub use keys::keep_markers_in;
pub use messages::{Language, Messages};
pub use offices::{FingerprintView, InvitationView};
pub use packages::{CellChange, Exported, ImportRequest, OutcomeView, PackageView, Plan, PlanCounts, Tell};
pub use records::{Draft, LoadReport, Loaded, RecordView, Unsettled, Warned};
pub use session::Session;
pub use tables::{CellTrace, CellView, FillRequest, Filled, Output};

pub use domain::findings::Finding;
pub use domain::{Date, Notice, OfficeCode, Record, RecordId, Value};
pub use exchange::{Progress, Stage};
pub use forms::{FilledForm, json as form_json};
pub use store::{CheckReport, ListPage, ListQuery};
