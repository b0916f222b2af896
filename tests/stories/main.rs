//! Stories that read like a user's day: offices record, hand up, correct and answer, each with a book of its own.

mod answers;
mod batch;
mod corrections;
mod invitations;
mod liaoning;
mod lost_stick;
mod restored;
mod rules;
mod sending;
mod support;
mod three_counties;
mod undo;
