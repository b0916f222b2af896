//! One function per user action. It opens transactions, reads the clock, and gives every error its code, message and remedy.
//! The window and `sweepctl` are two doors to the same functions; neither does anything this crate does not.

pub mod books;
pub mod campaigns;
pub mod clock;
pub mod demo;
pub mod documents;
pub mod enterprises;
pub mod failure;
pub mod files;
pub mod filings;
pub mod forms;
pub mod messages;
pub mod names;
pub mod offices;
pub mod packages;
pub mod paste;
pub mod paths;
pub mod progress;
pub mod records;
pub mod reports;
pub mod session;
pub mod stored;
pub mod sync;
pub mod words;
pub mod workbench;

pub use self::forms::checks::FailedCheck;
pub use self::forms::diff::{ChangedCell, FormChange, RowChange, RowState};
pub use self::forms::{CellTrace, CellView, FillRequest, Filled, Output, People, Trace};
pub use books::backups::BackupView;
pub use books::people::{KeysView, PeopleView};
pub use books::{AsideView, BookStatus, GapView, KindCount, NewBook, findings};
pub use campaigns::{CampaignView, CheckedCampaign, CheckedCampaigns, FormView, campaigns, check_campaigns};
pub use clock::Clock;
pub use demo::{DemoReport, demo};
pub use enterprises::Pair;
pub use enterprises::{EventView, TimelinePage};
pub use failure::{Failure, Outcome, Problem};
pub use files::{keep, open_input};
pub use messages::{Language, Messages};
pub use offices::peers::{DeviceView, GivenState, GivenView, PeerView, Peers};
pub use offices::{FingerprintView, InvitationView};
pub use packages::{
    Admit, BatchFile, BatchPlan, CampaignChange, CampaignLine, CellChange, Confirmed, Contents, CopiedPackage,
    Exported, FilePlan, FileReceipt, ImportRequest, ImportStatus, Inbox, KindContents, OutcomeView, PackageView, Plan,
    PlanCounts, ReportedOutcomes, SealedBy, SentCampaign, SentStatus, UndoPlan,
};
pub use paths::keep_markers_in;
pub use progress::{Progress, ProgressSink, Stage};
pub use records::conflicts::{CandidateView, ConflictFilter, ConflictView, HistoryView, RulePlan, Side};
pub use records::drafts::{FormState, Unsaved};
pub use records::load::{LoadReport, Warned};
pub use records::photos::PhotoAdded;
pub use records::{RecordInput, RecordView, Saved, ValidationIssues};
pub use session::{EntryKind, EntryRecord, EntryView, JournalView, Operation, Reading, Writing};
pub use sync::held;
pub use workbench::{
    ChartsView, CoverageRow, DueGroup, DueGroupView, DueLine, DuePage, FindingLine, FindingsPage, LineRow, PeriodView,
    PhaseStage, PhaseView, RecordName, ReportDay, ResultRow, TaskFigure, TaskView, WatchView, WeekRow, WorkbenchView,
};

pub use ::forms::checks::CheckedCell;
pub use ::forms::{FilledForm, Letter, json as form_json};
pub use campaign::{Level, Library};
pub use domain::disk::why;
pub use domain::findings::Finding;
pub use domain::{Date, Notice, OfficeCode, Record, RecordId, Value};
pub use store::{CheckReport, Interrupt, ListPage, ListQuery, initials, pinyin, sqlite_version};
