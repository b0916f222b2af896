//! Backups and restore, the check of the book, and whatever long work is under way.

use std::path::PathBuf;

use domain::Notice;
use serde::{Deserialize, Serialize};
use store::ReadOnlyBook;
use ts_rs::TS;

use super::Desk;
use super::keeping::{Done, JobKind, JobView};
use super::open::Nothing;
use super::start::{JobBegun, restored_name};
use crate::backups::{self, BackupView, free_name};
use crate::failure::Outcome;
use crate::messages::Language;
use crate::state::{HOURS, State};

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct BackupsView {
    pub folder: String,
    /// The usual place, not one a person chose.
    pub usual: bool,
    pub second: Option<String>,
    /// The second place is there at the moment.
    pub second_present: bool,
    /// When a backup last reached it: milliseconds since 1970.
    #[ts(type = "number | null")]
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
#[ts(export_to = "bridge.ts")]
pub struct SetBackups {
    pub hours: Option<u32>,
    /// A chosen folder, for `place`.
    #[ts(type = "string | null")]
    #[serde(default, deserialize_with = "crate::names::as_text_or_null::deserialize")]
    pub out: Option<PathBuf>,
    pub place: Option<BackupPlace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bridge.ts")]
pub enum BackupPlace {
    First,
    Second,
}

/// One of the list, or a file a person chose.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Restore {
    pub backup: Option<String>,
    #[ts(type = "string | null")]
    #[serde(default, deserialize_with = "crate::names::as_text_or_null::deserialize")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct StopJob {
    #[ts(type = "number")]
    pub id: u64,
}

/// A desk that keeps nothing has nowhere to keep this.
fn state(desk: &mut Desk) -> Outcome<&mut State> {
    desk.keeping.state.as_mut().ok_or_else(|| Notice::new("home-missing").into())
}

pub fn list(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<BackupsView> {
    let own = desk.session.as_ref().map(|session| (session.office.to_string(), session.device.to_string()));
    let state = state(desk)?;
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

pub fn set(desk: &mut Desk, input: SetBackups, language: Language) -> Outcome<BackupsView> {
    let kept = &mut state(desk)?.kept;
    if let Some(hours) = input.hours.filter(|hours| HOURS.contains(hours)) {
        kept.hours = hours;
    }
    match input.place {
        Some(BackupPlace::First) => kept.backups = input.out,
        Some(BackupPlace::Second) => (kept.second, kept.second_at) = (input.out, None),
        None => {}
    }
    state(desk)?.save()?;
    list(desk, Nothing {}, language)
}

pub fn back_up(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<JobBegun> {
    desk.session()?;
    let id = desk.back_up(true).ok_or_else(|| Notice::new("home-missing"))?;
    Ok(JobBegun { id })
}

pub fn restore(desk: &mut Desk, input: Restore, _: Language) -> Outcome<JobBegun> {
    let from = match (&input.backup, input.file) {
        (Some(name), _) => {
            let folder = state(desk)?.backups();
            let found = backups::list(&folder).into_iter().find(|backup| backup.name == *name);
            found.map(|backup| backup.path).ok_or_else(|| Notice::new("file-missing").with("path", name))?
        }
        (None, Some(file)) => file,
        (None, None) => return Err(Notice::new("file-missing").with("path", "").into()),
    };
    let to = free_name(&desk.folder(), &restored_name(&from));
    let (dirs, clock) = (desk.campaign_dirs.clone(), desk.own_clock);
    let id = desk.keeping.begin(JobKind::Restore, true, move |progress| {
        backups::restore(&from, &to, &dirs, clock, progress).map(Done::Restored)
    });
    Ok(JobBegun { id })
}

pub fn check(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<JobBegun> {
    let path = desk.session()?.book.path().to_owned();
    let id = desk.keeping.begin(JobKind::Check, true, move |progress| {
        let report = ReadOnlyBook::open(&path)?.check(&mut |done, of| progress.tell(done, of))?;
        Ok(Done::Checked(report))
    });
    Ok(JobBegun { id })
}

pub fn jobs(desk: &mut Desk, _: Nothing, language: Language) -> Outcome<Vec<JobView>> {
    let now = desk.clock.millis();
    Ok(desk.keeping.views(now, language))
}

pub fn stop(desk: &mut Desk, input: StopJob, _: Language) -> Outcome<Nothing> {
    desk.keeping.stop(input.id);
    Ok(Nothing {})
}
