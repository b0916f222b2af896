//! Progress and cancel, for callers that have no window: the window asks [`crate::Work::answer`], which takes no lock.

use app::failure::Outcome;
use app::messages::Language;

use crate::Backend;
use crate::views::Nothing;
use crate::work::WorkView;

pub fn progress(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<Option<WorkView>> {
    Ok(backend.work.view())
}

pub fn cancel(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<Nothing> {
    backend.work.cancel();
    Ok(Nothing {})
}
