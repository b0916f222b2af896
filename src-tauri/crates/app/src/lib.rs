//! One function per user action. It opens transactions, reads the clock, and gives every error its code, message and remedy.
//! The window and `sweepctl` are two doors to the same functions; neither does anything this crate does not.

mod books;
mod campaigns;
mod clock;
mod demo;
mod desk;
mod documents;
mod enterprises;
mod failure;
mod files;
mod forms;
mod jobs;
mod log;
mod messages;
pub mod names;
mod offices;
mod packages;
mod paste;
mod paths;
mod printing;
mod records;
mod session;
mod state;
mod stored;
mod sync;
mod words;
mod work;
mod workbench;

pub use self::forms::diff::{ChangedCell, FormChange, RowChange, RowState};
pub use self::forms::{CellTrace, CellView, Changed, Difference, FillRequest, Filled, Output};
pub use books::backups::BackupView;
pub use books::people::{KeysView, PeopleView};
pub use books::{AsideView, BookStatus, GapView, KindCount, NewBook, findings};
pub use campaigns::{CampaignView, CheckedCampaign, CheckedCampaigns, FormView, campaigns, check_campaigns};
pub use clock::Clock;
pub use demo::{DemoReport, demo};
pub use desk::{Desk, Looks, Request, typescript};
pub use enterprises::Pair;
pub use enterprises::{EventView, TimelinePage};
pub use failure::{Failure, Outcome, Problem};
pub use files::{keep, open_input};
pub use messages::{Language, Messages};
pub use offices::peers::{DeviceView, GivenState, GivenView, PeerView, Peers};
pub use offices::{FingerprintView, InvitationView};
pub use packages::{
    Admit, BatchFile, BatchPlan, CampaignChange, CampaignLine, CellChange, Confirmed, Contents, Exported, FilePlan,
    FileReceipt, ImportRequest, Inbox, Kept, KindContents, OutcomeView, PackageView, Plan, PlanCounts, SealedBy,
    SentCampaign, SentStanding, Standing, Told, UndoPlan,
};
pub use paths::keep_markers_in;
pub use records::conflicts::{CandidateView, ConflictFilter, ConflictView, HistoryView, RulePlan, Side};
pub use records::drafts::{FormState, Unsaved};
pub use records::follow_ups::{Offer, Related};
pub use records::lists::ListRows;
pub use records::load::{LoadReport, Warned};
pub use records::photos::PhotoAdded;
pub use records::{Draft, Loaded, RecordView, Recorded, Unsettled};
pub use session::{Deed, EntryKind, EntryRecord, EntryView, JournalView, Reading, Writing};
pub use sync::held;
pub use work::{Progress, Stage, Tell, Work, WorkView};
pub use workbench::{
    ChartsView, CoverageRow, DueGroup, DueGroupView, DueLine, DuePage, FindingLine, FindingsPage, LineRow, PeriodView,
    PhaseStage, PhaseView, RecordName, ReportDay, ResultRow, TaskFigure, TaskView, WatchView, WeekRow, WorkbenchView,
};

pub use ::forms::{FilledForm, json as form_json};
pub use domain::disk::why;
pub use domain::findings::Finding;
pub use domain::{Date, Notice, OfficeCode, Record, RecordId, Value};
pub use store::{CheckReport, ListPage, ListQuery};
