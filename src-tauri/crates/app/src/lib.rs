//! One function per user action. It opens transactions, reads the clock, and gives every error its code, message and remedy.
//! The window and `sweepctl` are two doors to the same functions; neither does anything this crate does not.

mod books;
mod campaigns;
mod clock;
mod conflicts;
mod demo;
mod desk;
mod failure;
mod files;
mod keys;
mod messages;
mod offices;
mod packages;
mod peers;
mod records;
mod session;
mod tables;
mod work;

pub use books::{AsideView, BookStatus, GapView, KindCount, NewBook, findings};
pub use campaigns::{CampaignView, FormView, campaigns};
pub use clock::Clock;
pub use conflicts::{CandidateView, ConflictFilter, ConflictView, HistoryView, RulePlan, Side};
pub use demo::{DemoReport, demo};
pub use desk::{Desk, typescript};
pub use failure::{Failure, Outcome, Problem};
pub use files::open_input;
pub use keys::keep_markers_in;
pub use messages::{Language, Messages};
pub use offices::{FingerprintView, InvitationView};
pub use packages::{
    BatchFile, BatchPlan, CellChange, ChangedCell, Confirmed, Contents, Exported, FilePlan, FileReceipt, FormChange,
    ImportRequest, Kept, KindContents, OutcomeView, PackageView, Plan, PlanCounts, RowChange, RowState, SealedBy,
    Standing, Told, UndoPlan,
};
pub use peers::{DeviceView, GivenState, GivenView, PeerView, Peers};
pub use records::{Draft, LoadReport, Loaded, RecordView, Unsettled, Warned};
pub use session::Session;
pub use tables::{CellTrace, CellView, FillRequest, Filled, Output};
pub use work::{Progress, Stage, Tell, Work, WorkView};

pub use domain::findings::Finding;
pub use domain::{Date, Notice, OfficeCode, Record, RecordId, Value};
pub use forms::{FilledForm, json as form_json};
pub use store::{CheckReport, ListPage, ListQuery};
