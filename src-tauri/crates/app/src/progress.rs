//! How far long work has come, and a wish to stop it.

use std::ops::ControlFlow;

use serde::Serialize;
use ts_rs::TS;

use crate::failure::Outcome;

/// What long work is busy with, in the order an import or an export goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Off the stick, or from the page, into the book's inbox.
    Copying,
    /// Sizes and hashes of what will be written.
    Measuring,
    Writing,
    /// Verifying before anything is used; after writing, reading back.
    Checking,
    /// Taking verified content in.
    Reading,
    /// Filling the attachment tables.
    Counting,
    /// The last step, once over cannot be stopped.
    Saving,
}

/// How far long work has come; `done` and `total` count whatever the stage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    pub done: u64,
    /// Zero where it is not known beforehand.
    pub total: u64,
    /// Of several files the number of this one, from 1; zero where there is only one thing to do.
    pub file: u32,
    pub files: u32,
}

impl Progress {
    pub fn at(stage: Stage, done: u64, total: u64) -> Self {
        Progress { stage, done, total, file: 0, files: 0 }
    }
}

impl From<exchange::Progress> for Progress {
    fn from(progress: exchange::Progress) -> Self {
        let stage = match progress.stage {
            exchange::Stage::Measuring => Stage::Measuring,
            exchange::Stage::Writing => Stage::Writing,
            exchange::Stage::Checking => Stage::Checking,
            exchange::Stage::Reading => Stage::Reading,
        };
        Progress::at(stage, progress.done, progress.total)
    }
}

/// Told how far long work has come; `Break` cancels it and leaves nothing half done.
pub type ProgressSink<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Tells, and turns a wish to stop into the refusal that ends the work.
pub(crate) fn report_progress(tell: &mut ProgressSink, progress: Progress) -> Outcome<()> {
    match tell(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(exchange::Refusal::Cancelled.into()),
    }
}
