//! What stands beside a record, as the page asks for it.

use app::failure::Outcome;
use app::messages::Language;
use app::records::suggestions::{Beside, SimilarHit};
use app::session::Reading;
use domain::Fields;
use serde::Deserialize;
use ts_rs::TS;

use crate::records::GetRecord;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindSimilar {
    pub kind: String,
    /// The record itself, which is like no other; null for a new one.
    pub id: Option<String>,
    #[ts(type = "Fields")]
    pub fields: Fields,
}

pub fn similar(session: &Reading, input: FindSimilar, _: Language) -> Outcome<Vec<SimilarHit>> {
    session.similar(&input.kind, input.id.as_deref().map(str::parse).transpose()?, &input.fields)
}

pub fn beside(session: &Reading, input: GetRecord, language: Language) -> Outcome<Beside> {
    session.beside(input.id.parse()?, language)
}
