//! Stories that read like a user's day: offices record, hand up, correct and answer, each with a book of its own.

mod answers;
mod corrections;
mod enterprise_file;
mod invitations;
mod liaoning;
mod lost_stick;
mod restored;
mod support;
mod three_counties;
mod undo;
