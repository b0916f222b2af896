//! Stories that read like a user's day: offices record, hand up, correct and answer, each with a book of its own.

mod answers;
mod batch;
mod campaigns;
mod corrections;
mod drafts;
mod enterprise_file;
mod filings;
mod invitations;
mod journal;
mod liaoning;
mod lost_stick;
mod numbers;
mod paste;
mod photos;
mod protected;
mod recording;
mod restored;
mod rules;
mod sending;
mod support;
mod tables;
mod three_counties;
mod undo;
mod upgrades;
