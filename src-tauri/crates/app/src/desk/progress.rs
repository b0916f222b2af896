//! Long work, when it is asked about at the desk itself: the door beside it is [`crate::Work::answer`].

use super::Desk;
use super::open::Nothing;
use crate::failure::Outcome;
use crate::messages::Language;
use crate::work::WorkView;

pub fn progress(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<Option<WorkView>> {
    Ok(desk.work.view())
}

pub fn cancel(desk: &mut Desk, _: Nothing, _: Language) -> Outcome<Nothing> {
    desk.work.cancel();
    Ok(Nothing {})
}
