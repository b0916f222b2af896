//! Conflicts: what stands against what, and a person's decision.

use std::collections::BTreeMap;

use domain::fold::Candidate;
use domain::revision::split_slot;
use domain::validate::{Severity, validate};
use domain::{Date, DeviceId, Notice, OfficeCode, RecordId, Revision, RevisionId, Value};
use serde::{Deserialize, Serialize};
use store::{OpenConflict, Reader, RevisionState, Writer};
use ts_rs::TS;

use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::forms::diff::{FormChange, compare};
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::{BookLookup, Reading, Writing};

/// One open conflict with everything a person needs to decide it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConflictView {
    pub id: String,
    pub record: String,
    pub kind: String,
    pub office: String,
    pub field: String,
    /// The element of a set or checklist, where it is about one.
    pub element: Option<String>,
    /// Some loaded form reads the field: the cells it touches are marked until this is settled.
    pub guarded: bool,
    /// What all candidates set out from; null where each was the first to say anything.
    pub base: Option<CandidateView>,
    pub candidates: Vec<CandidateView>,
}

/// A value, and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CandidateView {
    pub revision: String,
    #[ts(type = "unknown")]
    pub value: Value,
    pub author: String,
    /// The office its author's device belongs to, where that is known.
    pub office: Option<String>,
    pub device: String,
    /// The day it was written, in China.
    pub day: Option<String>,
    /// The same with the time, to the minute.
    pub written: Option<String>,
    /// Shown until a person decides.
    pub shown: bool,
}

/// Which conflicts, of those that are open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConflictFilter {
    /// Of records of this office or below it.
    pub office: Option<String>,
    pub kind: Option<String>,
    pub record: Option<String>,
}

/// The side a rule takes in every conflict it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What the office wrote that owns the record.
    RecordOffice,
    /// What this office wrote.
    OwnOffice,
    /// What was written last.
    Newest,
}

/// What a rule decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePlan {
    /// Each conflict it settles, and the revision whose value holds.
    pub decided: Vec<(ConflictView, String)>,
    /// Those it cannot settle: the side wrote nothing, or several different values.
    pub left_open: u64,
    pub changes: Vec<FormChange>,
    /// Passing this when applying makes it refuse if the book has changed since.
    pub token: String,
}

/// One value a field once had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HistoryView {
    pub field: String,
    pub element: Option<String>,
    pub assigned: CandidateView,
    /// It settled what others had written side by side.
    pub settles: bool,
}

/// Who writes on which device, as the streams say.
type Authors = BTreeMap<(DeviceId, OfficeCode), OfficeCode>;

fn authors(reader: &Reader) -> Outcome<Authors> {
    let known = reader.streams()?.into_iter();
    Ok(known.filter_map(|mark| Some(((mark.device, mark.office), mark.author?))).collect())
}

fn view(candidate: &Candidate, revision: Option<&Revision>, authors: &Authors, shown: bool) -> CandidateView {
    let office = revision.and_then(|one| authors.get(&(one.device.clone(), one.office.clone())));
    CandidateView {
        revision: candidate.revision.to_string(),
        value: candidate.value.clone(),
        author: revision.map(|one| one.author.clone()).unwrap_or_default(),
        office: office.map(OfficeCode::to_string),
        device: revision.map(|one| one.device.to_string()).unwrap_or_default(),
        day: revision.map(|one| day(one.clock.millis).to_string()),
        written: revision.map(|one| minute(one.clock.millis)),
        shown,
    }
}

fn day(millis: u64) -> Date {
    crate::clock::Clock::Fixed(millis).today()
}

/// A record's revisions that count.
fn active(reader: &Reader, record: RecordId) -> Outcome<Vec<Revision>> {
    let all = reader.revisions(record)?.into_iter();
    Ok(all
        .filter(|stored| matches!(stored.state, RevisionState::Folded | RevisionState::Pending))
        .map(|stored| stored.revision)
        .collect())
}

/// The candidate a side stands for; `None` where it wrote none, or several that differ.
fn taken(
    open: &OpenConflict,
    revisions: &[Revision],
    authors: &Authors,
    side: Side,
    own: &OfficeCode,
) -> Option<Candidate> {
    let written = |candidate: &Candidate| revisions.iter().find(|revision| revision.id == candidate.revision);
    let office = match side {
        Side::RecordOffice => Some(&open.office),
        Side::OwnOffice => Some(own),
        Side::Newest => None,
    };
    let mut theirs = open.conflict.candidates.iter().filter(|candidate| {
        let author = written(candidate).and_then(|one| authors.get(&(one.device.clone(), one.office.clone())));
        office.is_none() || author == office
    });
    if office.is_some() {
        let first = theirs.next()?;
        return theirs.all(|other| other.value == first.value).then(|| first.clone());
    }
    let newest = theirs.filter_map(|candidate| Some((written(candidate)?, candidate)));
    newest.max_by(|left, right| left.0.precedence().cmp(&right.0.precedence())).map(|(_, candidate)| candidate.clone())
}

impl Reading {
    pub fn conflicts(&self) -> Outcome<Vec<ConflictView>> {
        Ok(self.conflicts_among(&ConflictFilter::default(), 0, usize::MAX)?.0)
    }

    /// Open conflicts that meet a filter, by record, and how many there are.
    pub fn conflicts_among(
        &self,
        filter: &ConflictFilter,
        skip: usize,
        most: usize,
    ) -> Outcome<(Vec<ConflictView>, u64)> {
        self.read::<_, Failure>(|reader| {
            let open = filtered(reader, filter)?;
            let in_all = open.len() as u64;
            let authors = authors(reader)?;
            let page = open.iter().skip(skip).take(most);
            let views = page.map(|open| self.conflict_view(reader, open, &authors)).collect::<Outcome<_>>()?;
            Ok((views, in_all))
        })
    }

    fn conflict_view(&self, reader: &Reader, open: &OpenConflict, authors: &Authors) -> Outcome<ConflictView> {
        let revisions = active(reader, open.record)?;
        let (field, element) = split_slot(&open.slot);
        let written = |id: RevisionId| revisions.iter().find(|revision| revision.id == id);
        let candidates = &open.conflict.candidates;
        let shown = candidates
            .iter()
            .filter_map(|candidate| written(candidate.revision))
            .max_by_key(|revision| revision.precedence())
            .map(|revision| revision.id);
        let ids: Vec<RevisionId> = candidates.iter().map(|candidate| candidate.revision).collect();
        let base = domain::fold::base(&revisions, &open.slot, &ids);
        let view_of = |candidate: &Candidate| {
            view(candidate, written(candidate.revision), authors, Some(candidate.revision) == shown)
        };
        Ok(ConflictView {
            id: open.id.to_string(),
            record: open.record.to_string(),
            guarded: self.library().guarded().contains(&(open.kind.clone(), field.to_owned())),
            kind: open.kind.clone(),
            office: open.office.to_string(),
            field: field.to_owned(),
            element: element.map(str::to_owned),
            base: base.as_ref().map(view_of),
            candidates: candidates.iter().map(view_of).collect(),
        })
    }

    /// Every value a field of a record was given, newest first, those of a settled conflict among them.
    pub fn history(&self, record: RecordId, field: Option<&str>) -> Outcome<Vec<HistoryView>> {
        self.read::<_, Failure>(|reader| {
            let authors = authors(reader)?;
            let mut revisions = active(reader, record)?;
            let mut views = Vec::new();
            revisions.sort_by(|left, right| right.precedence().cmp(&left.precedence()));
            for revision in &revisions {
                let asked = |slot: &str| field.is_none_or(|field| split_slot(slot).0 == field);
                for (slot, value) in revision.fields.iter().filter(|(slot, _)| asked(slot)) {
                    let candidate = Candidate { revision: revision.id, value: value.clone() };
                    let shown = domain::fold::in_force(&revisions, slot) == Some(revision.id);
                    views.push(HistoryView {
                        field: split_slot(slot).0.to_owned(),
                        element: split_slot(slot).1.map(str::to_owned),
                        assigned: view(&candidate, Some(revision), &authors, shown),
                        settles: revision.parents.len() > 1,
                    });
                }
            }
            Ok(views)
        })
    }

    fn decision(&self, conflict: &str, keep: &str) -> Outcome<Decision> {
        let open = self
            .read(|reader| reader.conflicts())?
            .into_iter()
            .find(|open| conflict.len() >= 8 && open.id.to_string().starts_with(conflict))
            .ok_or_else(|| Notice::new("conflict-unknown").with("id", conflict))?;
        let mut candidates = open.conflict.candidates.iter();
        let candidate =
            candidates.find(|candidate| keep.len() >= 8 && candidate.revision.to_string().starts_with(keep));
        let (kept, value) = match candidate {
            Some(candidate) => (Some(candidate.revision), candidate.value.clone()),
            None => {
                let value = Value::from_json(keep)
                    .map_err(|error| Notice::new("resolution-malformed").with("value", keep).with("reason", error))?;
                (None, value)
            }
        };
        let slots = domain::Fields::from([(open.slot.clone(), value.clone())]);
        domain::validate::type_check(self.library().schema(), &open.kind, &slots)?;
        if !self.office().covers(&open.office) {
            return Err(Notice::new("office-not-below").with("office", &open.office).with("own", self.office()).into());
        }
        Ok(Decision { open, kept, value })
    }

    fn decisions(&self, filter: &ConflictFilter, side: Side) -> Outcome<(Vec<Decision>, u64)> {
        self.read::<_, Failure>(|reader| {
            let authors = authors(reader)?;
            let (mut decisions, mut left_open) = (Vec::new(), 0);
            for open in filtered(reader, filter)? {
                let revisions = active(reader, open.record)?;
                match taken(&open, &revisions, &authors, side, self.office()) {
                    Some(kept) if self.office().covers(&open.office) => {
                        decisions.push(Decision { open, kept: Some(kept.revision), value: kept.value });
                    }
                    _ => left_open += 1,
                }
            }
            Ok((decisions, left_open))
        })
    }

    /// Writes one decision: an assignment whose parents are all heads. A value a person typed must be one that could be
    /// recorded; one of the candidates stands in the log already, whatever it is.
    fn settling(&self) -> impl Fn(&mut Writer, &Decision) -> Outcome<()> + use<> {
        let (author, device, office, now) =
            (self.author().to_owned(), self.device().clone(), self.office().clone(), self.clock().millis());
        let today = self.clock().today();
        let library = self.shared_library();
        move |writer, Decision { open, kept, value }| {
            let before = writer.record(open.record)?;
            writer.put_stream_author(&device, &open.office, &office)?;
            writer.resolve(open.record, &open.slot, value.clone(), &author, &device, now)?;
            let (None, Some(after)) = (kept, writer.record(open.record)?) else { return Ok(()) };
            writer.flush()?;
            let field = split_slot(&open.slot).0;
            let issues = BookLookup::judged(writer, &library, today, |lookup| {
                validate(library.schema(), &after, before.as_ref(), lookup)
            })?;
            let errors: Vec<Notice> = issues
                .into_iter()
                .filter(|issue| issue.severity == Severity::Error)
                .filter(|issue| issue.field.as_deref().is_some_and(|at| at.split('[').next() == Some(field)))
                .map(|issue| issue.notice)
                .collect();
            if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
        }
    }
}

impl Writing {
    /// Settles a conflict. `keep` is a candidate's revision (whole or its beginning, eight digits at least) or a JSON value.
    /// The losers stay in the log.
    pub fn resolve(&mut self, conflict: &str, keep: &str) -> Outcome<()> {
        let decision = self.decision(conflict, keep)?;
        let settle = self.settling();
        self.transact::<_, Failure>(|writer| settle(writer, &decision))?;
        Ok(())
    }

    /// What the printed cells become when a conflict is settled so; changes nothing.
    pub fn resolve_plan(
        &mut self,
        conflict: &str,
        keep: &str,
        as_of: Option<Date>,
        tell: &mut ProgressSink,
    ) -> Outcome<Vec<FormChange>> {
        let decision = self.decision(conflict, keep)?;
        self.play(&[decision], as_of, tell)
    }

    /// What a rule decides among the conflicts of a filter, and what the printed cells become; changes nothing.
    pub fn rule_plan(
        &mut self,
        filter: &ConflictFilter,
        side: Side,
        as_of: Option<Date>,
        tell: &mut ProgressSink,
    ) -> Outcome<RulePlan> {
        let (decisions, left_open) = self.decisions(filter, side)?;
        let changes = self.play(&decisions, as_of, tell)?;
        self.read::<_, Failure>(|reader| {
            let authors = authors(reader)?;
            let decided = decisions
                .iter()
                .map(|decision| {
                    let view = self.conflict_view(reader, &decision.open, &authors)?;
                    Ok((view, decision.kept.map(|kept| kept.to_string()).unwrap_or_default()))
                })
                .collect::<Outcome<_>>()?;
            Ok(RulePlan { decided, left_open, changes, token: reader.state_token()? })
        })
    }

    /// Settles by a rule everything its plan showed, in one transaction; returns how many that were.
    pub fn rule_apply(
        &mut self,
        filter: &ConflictFilter,
        side: Side,
        token: &str,
        tell: &mut ProgressSink,
    ) -> Outcome<u64> {
        if self.read(|reader| reader.state_token())? != token {
            return Err(Notice::new("rule-outdated").into());
        }
        let (decisions, _) = self.decisions(filter, side)?;
        let settle = self.settling();
        self.transact::<_, Failure>(|writer| {
            settle_all(writer, &decisions, &settle, tell)?;
            report_progress(tell, Progress::at(Stage::Saving, 0, 0))
        })?;
        Ok(decisions.len() as u64)
    }

    fn play(
        &mut self,
        decisions: &[Decision],
        as_of: Option<Date>,
        tell: &mut ProgressSink,
    ) -> Outcome<Vec<FormChange>> {
        let fill = self.fill_all(as_of);
        let before = self.read::<_, Failure>(|reader| fill(reader, tell))?;
        let settle = self.settling();
        let after = self.dry_run::<_, Failure>(|writer| {
            settle_all(writer, decisions, &settle, tell)?;
            fill(writer, tell)
        })?;
        Ok(compare(&before, &after))
    }
}

/// What a person or a rule decided about one conflict.
struct Decision {
    open: OpenConflict,
    /// The candidate whose value holds; none where it is another value.
    kept: Option<RevisionId>,
    value: Value,
}

fn settle_all(
    writer: &mut Writer,
    decisions: &[Decision],
    settle: &impl Fn(&mut Writer, &Decision) -> Outcome<()>,
    tell: &mut ProgressSink,
) -> Outcome<()> {
    for (at, decision) in decisions.iter().enumerate() {
        if at.is_multiple_of(100) {
            report_progress(tell, Progress::at(Stage::Reading, at as u64, decisions.len() as u64))?;
        }
        settle(writer, decision)?;
    }
    writer.flush()?;
    Ok(())
}

fn filtered(reader: &Reader, filter: &ConflictFilter) -> Outcome<Vec<OpenConflict>> {
    let office: Option<OfficeCode> = filter.office.as_deref().map(str::parse).transpose()?;
    let record: Option<RecordId> = filter.record.as_deref().map(str::parse).transpose()?;
    let mut open = reader.conflicts()?;
    open.retain(|one| {
        office.as_ref().is_none_or(|office| office.covers(&one.office))
            && filter.kind.as_ref().is_none_or(|kind| *kind == one.kind)
            && record.is_none_or(|record| record == one.record)
    });
    Ok(open)
}
