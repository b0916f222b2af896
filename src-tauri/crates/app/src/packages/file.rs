//! One file straight off its stick: a batch of one, whose refusal is the answer.

use std::path::PathBuf;

use domain::{Date, Notice};

use super::Plan;
use super::batch::{BatchPlan, FilePlan, ImportStatus, SealedBy};
use super::inbox::Inbox;
use super::verify::{Admit, BatchFile};
use crate::failure::{Failure, Outcome};
use crate::forms::diff::as_cells;
use crate::progress::{Progress, ProgressSink};
use crate::session::Writing;

/// How the import of one file is to go.
#[derive(Debug, Clone, Default)]
pub struct ImportRequest {
    pub file: PathBuf,
    /// Let an asking device in.
    pub admit: Admit,
    /// Count revisions again that an undo withheld.
    pub include_undone: bool,
    /// The cut-off at which printed cells are compared; default: today.
    pub as_of: Option<Date>,
}

impl Writing {
    /// Verifies a package and shows what importing it would do. Nobody is let in by it.
    pub fn plan(&mut self, request: &ImportRequest, tell: &mut ProgressSink) -> Outcome<Plan> {
        self.through_the_inbox(request, tell, |session, inbox, file, tell| {
            let BatchPlan { files, changes, token } = session.plan_batch(inbox, file, request.as_of, tell)?;
            let (cells, cells_in_all) = as_cells(&changes);
            Ok(Plan { cells, cells_in_all, token, ..only(files)?.shown(true)? })
        })
    }

    /// Imports a package: verified, planned and applied in one transaction. `token` is a plan's, if one was looked at.
    pub fn import(&mut self, request: &ImportRequest, token: Option<&str>, tell: &mut ProgressSink) -> Outcome<Plan> {
        self.through_the_inbox(request, tell, |session, inbox, file, tell| {
            let token = token.map_or_else(|| session.batch_token(file), |seen| Ok(seen.to_owned()))?;
            let receipts = session.import_batch(inbox, file, &token, tell)?;
            only(receipts.into_iter().map(|receipt| receipt.plan).collect())?.shown(false)
        })
    }

    /// Copies the file off the stick, and lets go of the copy afterwards whatever happened.
    fn through_the_inbox(
        &mut self,
        request: &ImportRequest,
        tell: &mut ProgressSink,
        act: impl FnOnce(&mut Writing, &mut Inbox, &[BatchFile], &mut ProgressSink) -> Outcome<Plan>,
    ) -> Outcome<Plan> {
        let mut inbox = Inbox::of(self);
        let (kept, _) = inbox.copy(&request.file, tell)?;
        let file = BatchFile { key: kept.key, admit: request.admit.clone(), include_undone: request.include_undone };
        // There is only one thing to do.
        act(self, &mut inbox, &[file], &mut |progress| tell(Progress { file: 0, files: 0, ..progress }))
    }
}

fn only(files: Vec<FilePlan>) -> Outcome<FilePlan> {
    files.into_iter().next().ok_or_else(|| Notice::new("inbox-missing").into())
}

impl FilePlan {
    /// The plan of a file that is or would be taken in; else why it is not. `looked_at` shows what a yes would count again too.
    fn shown(self, looked_at: bool) -> Outcome<Plan> {
        let taken = match self.status {
            ImportStatus::Ready | ImportStatus::Applied => true,
            ImportStatus::Undone => looked_at,
            ImportStatus::Stopped => return Err(exchange::Refusal::Cancelled.into()),
            ImportStatus::Asking | ImportStatus::Refused => false,
        };
        match self.from {
            Some(SealedBy { package, office, name, .. }) if taken => Ok(Plan {
                package,
                file: self.name,
                from: office,
                from_name: name,
                counts: self.counts,
                campaigns: self.campaigns,
                cells: Vec::new(),
                cells_in_all: 0,
                token: String::new(),
            }),
            _ => Err(Failure { notices: self.notices }),
        }
    }
}
