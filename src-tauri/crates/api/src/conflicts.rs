//! The conflict desk: what stands against what, a decision, a rule for many, and what a field once held.

use app::failure::Outcome;
use app::messages::Language;
use app::records::conflict_lines::{ConflictLine, ConflictPage, HistoryLine};
use app::records::conflicts::{ConflictFilter, Side};
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::forms::{FormChangeView, change_views};
use crate::views::Nothing;

/// Of what a rule decides, those that are shown one by one.
const LISTED_DECISIONS: usize = 200;
const USUAL_PAGE: u32 = 50;

/// Absent members: no condition, from the first, a usual page.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListConflicts {
    #[ts(optional)]
    pub filter: Option<ConflictFilter>,
    #[ts(optional)]
    pub skip: Option<u32>,
    #[ts(optional)]
    pub most: Option<u32>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    pub conflict: String,
    /// The revision whose value holds, or another value as JSON.
    pub keep: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub filter: ConflictFilter,
    pub side: Side,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApplyRule {
    pub filter: ConflictFilter,
    pub side: Side,
    /// The token of the plan a person agreed to.
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct RuleView {
    /// The first of what it decides.
    pub decided: Vec<DecidedView>,
    pub in_all: u64,
    pub left_open: u64,
    pub changes: Vec<FormChangeView>,
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct DecidedView {
    pub line: ConflictLine,
    pub keep: String,
}

#[derive(Debug, Serialize, TS)]
pub struct Settled {
    pub count: u64,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HistoryOf {
    pub record: String,
    /// Null for every field.
    pub field: Option<String>,
}

pub fn list(session: &Reading, input: ListConflicts, _: Language) -> Outcome<ConflictPage> {
    let filter = input.filter.unwrap_or_default();
    let (skip, most) = (input.skip.unwrap_or(0), input.most.unwrap_or(USUAL_PAGE));
    session.conflict_page(&filter, skip as usize, most as usize)
}

pub fn plan(backend: &mut Backend, input: Resolve, language: Language) -> Outcome<Vec<FormChangeView>> {
    let mut tell = backend.jobs().of_request();
    let changes = backend.session_mut()?.resolve_plan(&input.conflict, &input.keep, None, &mut tell)?;
    Ok(change_views(backend.session()?, language, changes))
}

pub fn resolve(backend: &mut Backend, input: Resolve, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.resolve(&input.conflict, &input.keep)?;
    Ok(Nothing {})
}

pub fn rule_plan(backend: &mut Backend, input: Rule, language: Language) -> Outcome<RuleView> {
    let mut tell = backend.jobs().of_request();
    let plan = backend.session_mut()?.rule_plan(&input.filter, input.side, None, &mut tell)?;
    let session = backend.session()?;
    let in_all = plan.decided.len() as u64;
    let (conflicts, kept): (Vec<_>, Vec<_>) = plan.decided.into_iter().take(LISTED_DECISIONS).unzip();
    let lines = session.conflict_lines(conflicts)?;
    Ok(RuleView {
        decided: lines.into_iter().zip(kept).map(|(line, keep)| DecidedView { line, keep }).collect(),
        in_all,
        left_open: plan.left_open,
        changes: change_views(session, language, plan.changes),
        token: plan.token,
    })
}

pub fn rule_apply(backend: &mut Backend, input: ApplyRule, _: Language) -> Outcome<Settled> {
    let mut tell = backend.jobs().of_request();
    let count = backend.session_mut()?.rule_apply(&input.filter, input.side, &input.token, &mut tell)?;
    Ok(Settled { count })
}

pub fn history(session: &Reading, input: HistoryOf, _: Language) -> Outcome<Vec<HistoryLine>> {
    session.history_lines(input.record.parse()?, input.field.as_deref())
}
