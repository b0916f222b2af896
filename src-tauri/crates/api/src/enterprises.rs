//! 企业档案 and doubtful pairs, as the page asks for them.

use app::enterprises::dossier::TimelinePage;
use app::enterprises::dossier_view::DossierView;
use app::enterprises::pairs_view::{Comparison, PairsView};
use app::failure::Outcome;
use app::messages::Language;
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseOf {
    pub id: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TimelineOf {
    pub id: String,
    /// `next` of the page before; null for the newest.
    pub after: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TwoEnterprises {
    pub left: String,
    pub right: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinEnterprises {
    pub member: String,
    /// The one that stays.
    pub kept: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetApart {
    pub left: String,
    pub right: String,
    /// False forgets it again.
    pub apart: bool,
}

/// How many pairs may be one enterprise, those left out that a person set apart.
#[derive(Debug, Serialize, TS)]
pub struct PairCount {
    pub count: u64,
}

pub fn pair_count(session: &Reading, _: Nothing, _: Language) -> Outcome<PairCount> {
    Ok(PairCount { count: session.pair_count()? })
}

pub fn dossier(session: &Reading, input: EnterpriseOf, language: Language) -> Outcome<DossierView> {
    session.dossier_view(input.id.parse()?, language)
}

pub fn timeline(session: &Reading, input: TimelineOf, language: Language) -> Outcome<TimelinePage> {
    let limit = input.limit.clamp(1, 500);
    session.timeline(input.id.parse()?, input.after.as_deref(), limit, language)
}

pub fn pairs(session: &Reading, _: Nothing, _: Language) -> Outcome<PairsView> {
    session.pairs_view()
}

pub fn compare(session: &Reading, input: TwoEnterprises, _: Language) -> Outcome<Comparison> {
    session.compare(input.left.parse()?, input.right.parse()?)
}

pub fn join(backend: &mut Backend, input: JoinEnterprises, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.join_enterprises(input.member.parse()?, input.kept.parse()?)?;
    Ok(Nothing {})
}

pub fn split(backend: &mut Backend, input: EnterpriseOf, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.split_enterprise(input.id.parse()?)?;
    Ok(Nothing {})
}

pub fn set_apart(backend: &mut Backend, input: SetApart, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.keep_apart(input.left.parse()?, input.right.parse()?, input.apart)?;
    Ok(Nothing {})
}
