//! One function per user action. It opens transactions, reads the clock, and gives every error its code, message and remedy.
//! The window and `sweepctl` are two doors to the same functions; neither does anything this crate does not.

mod backups;
mod books;
mod campaigns;
mod clock;
mod conflicts;
mod demo;
mod desk;
mod documents;
mod dossier;
mod drafts;
mod failure;
mod files;
mod follow_ups;
mod jobs;
mod joins;
mod keys;
mod lists;
mod load;
mod log;
mod messages;
pub mod names;
mod offices;
mod packages;
mod paste;
mod paths;
mod peers;
mod people;
mod photos;
mod picture;
mod printing;
mod records;
mod reviews;
mod session;
mod state;
mod stored;
mod sync;
mod tables;
mod words;
mod work;
mod workbench;

pub use backups::BackupView;
pub use books::{AsideView, BookStatus, GapView, KindCount, NewBook, findings};
pub use campaigns::{CampaignView, CheckedCampaign, CheckedCampaigns, FormView, campaigns, check_campaigns};
pub use clock::Clock;
pub use conflicts::{CandidateView, ConflictFilter, ConflictView, HistoryView, RulePlan, Side};
pub use demo::{DemoReport, demo};
pub use desk::{Desk, Looks, Request, typescript};
pub use dossier::{EventView, TimelinePage};
pub use drafts::{FormState, Unsaved};
pub use failure::{Failure, Outcome, Problem};
pub use files::{keep, open_input};
pub use follow_ups::{Offer, Related};
pub use joins::Pair;
pub use lists::ListRows;
pub use load::{LoadReport, Warned};
pub use messages::{Language, Messages};
pub use offices::{FingerprintView, InvitationView};
pub use packages::{
    Admit, BatchFile, BatchPlan, CampaignChange, CampaignLine, CellChange, ChangedCell, Confirmed, Contents, Exported,
    FilePlan, FileReceipt, FormChange, ImportRequest, Inbox, Kept, KindContents, OutcomeView, PackageView, Plan,
    PlanCounts, RowChange, RowState, SealedBy, SentCampaign, SentStanding, Standing, Told, UndoPlan,
};
pub use paths::keep_markers_in;
pub use peers::{DeviceView, GivenState, GivenView, PeerView, Peers};
pub use people::{KeysView, PeopleView};
pub use photos::PhotoAdded;
pub use records::{Draft, Loaded, RecordView, Recorded, Unsettled};
pub use session::{Deed, EntryKind, EntryRecord, EntryView, JournalView, Reading, Writing};
pub use sync::held;
pub use tables::{CellTrace, CellView, Changed, Difference, FillRequest, Filled, Output};
pub use work::{Progress, Stage, Tell, Work, WorkView};
pub use workbench::{
    ChartsView, CoverageRow, DueGroup, DueGroupView, DueLine, DuePage, FindingLine, FindingsPage, LineRow, PeriodView,
    PhaseStage, PhaseView, RecordName, ReportDay, ResultRow, TaskFigure, TaskView, WatchView, WeekRow, WorkbenchView,
};

pub use domain::disk::why;
pub use domain::findings::Finding;
pub use domain::{Date, Notice, OfficeCode, Record, RecordId, Value};
pub use forms::{FilledForm, json as form_json};
pub use store::{CheckReport, ListPage, ListQuery};
