//! Stories that read like a user's day: offices record, hand up, correct and answer, each with a book of its own.

mod answers;
mod corrections;
mod invitations;
mod liaoning;
mod lost_stick;
mod photos;
mod restored;
mod support;
mod three_counties;
mod undo;
