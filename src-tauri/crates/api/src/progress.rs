//! Long work, when it is asked about at the backend itself: the door beside it is [`crate::Work::answer`].

use crate::Backend;
use crate::views::Nothing;
use crate::work::WorkView;
use app::failure::Outcome;
use app::messages::Language;

pub fn progress(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<Option<WorkView>> {
    Ok(backend.work.view())
}

pub fn cancel(backend: &mut Backend, _: Nothing, _: Language) -> Outcome<Nothing> {
    backend.work.cancel();
    Ok(Nothing {})
}
