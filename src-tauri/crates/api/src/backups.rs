//! Backups and restore, and the check of the book.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::books::backups::Plan;
use app::books::backups::{self, BackupView, free_name};
use app::failure::Outcome;
use app::messages::Language;
use app::progress::{Progress, Stage};
use domain::Notice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::background::Done;
use crate::files::ChosenFile;
use crate::recent::{JobBegun, restored_name};
use crate::running::{Job, JobKind};
use crate::settings_file::{HOURS, SettingsFile};
use crate::views::Nothing;

#[derive(Debug, Serialize, TS)]
pub struct BackupsView {
    pub folder: String,
    /// The usual place, not one a person chose.
    pub usual: bool,
    pub second: Option<String>,
    /// The second place is there at the moment.
    pub second_present: bool,
    /// When a backup last reached it: milliseconds since 1970.
    pub second_at: Option<u64>,
    /// Hours of use between two backups.
    pub hours: u32,
    pub hours_offered: Vec<u32>,
    /// Of the open book's office, the newest first; of every office while no book is open.
    pub backups: Vec<BackupView>,
}

/// What is set about backups; what is null stays.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetBackups {
    pub hours: Option<u32>,
    /// A chosen folder, for `place`.
    #[ts(type = "string | null")]
    #[serde(default)]
    pub out: Option<ChosenFile>,
    pub place: Option<BackupPlace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum BackupPlace {
    First,
    Second,
}

/// One of the list, or a file a person chose.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    pub backup: Option<String>,
    #[ts(type = "string | null")]
    #[serde(default)]
    pub file: Option<ChosenFile>,
}

/// A backend that keeps nothing has nowhere to keep this.
fn state(backend: &mut Backend) -> Outcome<&mut SettingsFile> {
    backend.background.state.as_mut().ok_or_else(|| Notice::new("home-missing").into())
}

pub fn list(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<BackupsView> {
    let own = backend.session.as_ref().map(|session| (session.office().to_string(), session.device().to_string()));
    let state = state(backend)?;
    let folder = state.backups();
    let device = own.as_ref().map(|(_, device)| device.as_str()).unwrap_or_default();
    let found = backups::list(&folder);
    let of_office = found.iter().filter(|backup| own.as_ref().is_none_or(|(office, _)| backup.office == *office));
    Ok(BackupsView {
        backups: of_office.map(|backup| backup.view(device)).collect(),
        folder: folder.display().to_string(),
        usual: state.kept.backups.is_none(),
        second: state.kept.second.as_ref().map(|second| second.display().to_string()),
        second_present: state.kept.second.as_ref().is_some_and(|second| second.is_dir()),
        second_at: state.kept.second_at,
        hours: state.kept.hours,
        hours_offered: HOURS.to_vec(),
    })
}

pub fn set(backend: &mut Backend, input: SetBackups, language: Language) -> Outcome<BackupsView> {
    let kept = &mut state(backend)?.kept;
    if let Some(hours) = input.hours.filter(|hours| HOURS.contains(hours)) {
        kept.hours = hours;
    }
    match input.place {
        Some(BackupPlace::First) => kept.backups = input.out.map(PathBuf::from),
        Some(BackupPlace::Second) => (kept.second, kept.second_at) = (input.out.map(PathBuf::from), None),
        None => {}
    }
    state(backend)?.save()?;
    list(backend, Nothing {}, language)
}

pub fn back_up(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<JobBegun> {
    backend.session()?;
    let id = backend.back_up(true).ok_or_else(|| Notice::new("home-missing"))?;
    Ok(JobBegun { id })
}

pub fn restore(backend: &mut Backend, input: Restore, _: Language) -> Outcome<JobBegun> {
    let from = match (&input.backup, input.file) {
        (Some(name), _) => {
            let folder = state(backend)?.backups();
            let found = backups::list(&folder).into_iter().find(|backup| backup.name == *name);
            found.map(|backup| backup.path).ok_or_else(|| Notice::new("file-missing").with("path", name))?
        }
        (None, Some(file)) => file.into(),
        (None, None) => return Err(Notice::new("file-missing").with("path", "").into()),
    };
    let to = free_name(&backend.folder(), &restored_name(&from));
    let (dirs, clock) = (backend.campaign_dirs.clone(), backend.own_clock);
    let id = backend.background.begin(JobKind::Restore, true, move |job| {
        backups::restore(&from, &to, &dirs, clock, &mut |done, total| {
            job.report(Progress::at(Stage::Writing, done, total))
        })
        .map(Done::Restored)
    });
    Ok(JobBegun { id })
}

pub fn check(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<JobBegun> {
    let path = backend.session()?.path().to_owned();
    let id = backend.background.begin(JobKind::Check, true, move |job| {
        let step = |done, total| job.report(Progress::at(Stage::Checking, done, total));
        app::books::check_open_book(&path, &mut { step }).map(Done::Checked)
    });
    Ok(JobBegun { id })
}

impl Backend {
    /// Whether the open book is the sample campaign's.
    pub(crate) fn is_sample(&self) -> bool {
        let open = self.session.as_ref().and_then(|session| session.path().canonicalize().ok());
        let sample = self.background.state.as_ref().and_then(|state| state.sample().canonicalize().ok());
        open.zip(sample).is_some_and(|(open, sample)| open.starts_with(sample))
    }

    pub(crate) fn backup_plan(&self) -> Option<Plan> {
        let (session, state) = (self.session.as_ref()?, self.background.state.as_ref()?);
        Some(Plan {
            book: session.path().to_owned(),
            office: session.office().to_string(),
            device: session.device().to_string(),
            folder: state.backups(),
            second: state.kept.second.clone(),
            clock: self.clock,
        })
    }

    /// Begins a backup where one is due: soon after opening, then after so many hours of use.
    pub(crate) fn back_up_if_due(&mut self) {
        let Some(hours) = self.background.state.as_ref().map(|state| state.kept.hours) else { return };
        let every = Duration::from_secs(u64::from(hours) * 60 * 60);
        // What cannot be written does not change.
        if self.session.as_ref().is_none_or(|session| session.read_only().is_some())
            || self.background.backed_up.is_some_and(|last| last.elapsed() < every)
            || self.background.seen.get_or_insert_with(Instant::now).elapsed() < self.background.settling
            || self.is_sample()
        {
            return;
        }
        self.back_up(false);
    }

    pub(crate) fn back_up(&mut self, asked: bool) -> Option<u64> {
        let plan = self.backup_plan()?;
        self.background.backed_up = Some(Instant::now());
        let now = self.clock.millis();
        self.background.notice(now);
        let act = move |job: &Job| {
            let mut step = |done, total| job.report(Progress::at(Stage::Writing, done, total));
            plan.carry_out(asked, &mut step).map(Done::Backup)
        };
        Some(self.background.begin(JobKind::Backup, asked, act))
    }
}
