//! How a pass is made: a SELECT compiled from the conditions of all figures that count a kind.

use std::rc::Rc;

use campaign::model::{Matched, Measure};
use domain::schema::{FieldType, Kind};
use domain::{OfficeCode, RecordId};
use rustc_hash::FxHashSet;

use super::context::{CATEGORY_FIELDS, Context, ENTERPRISE, category_field};
use super::enterprises::Enterprises;
use super::fields::{Test, place};
use super::matched::{Answers, Asked, Key, add, add_column};
use super::pass::{Answered, As, Count, Owner, Pass};
use super::references::follows;
use super::selection::{Bound, RowMap, Selection};
use super::wanted::{Clause, Wanted};
use crate::error::Result;
use crate::projection::table;

/// Tests one pass can tell apart; a form with more takes several passes.
const MOST_TESTS: usize = 120;

/// Which records a pass looks at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Only<'a> {
    All,
    /// One record, and those that follow it.
    Record {
        id: RecordId,
        kind: &'a str,
    },
    /// Records of these enterprises: one group.
    Enterprises(&'a [RecordId]),
    /// The office's own, without those of offices below it, in the order in which they came into the book. With a field, those
    /// only that hold this code there.
    Own(Option<(&'a str, &'a str)>),
}

/// The passes that count what is wanted of one kind. `wanted` are numbered by the caller.
pub(super) fn passes<'c>(
    context: &Context,
    kind: &Kind,
    by: Option<(&str, &dyn Fn() -> RowMap)>,
    wanted: &'c [(usize, Wanted<'c>)],
    only: Only,
    extras: &[&str],
) -> Result<Vec<Pass<'c>>> {
    let mut passes = Vec::new();
    let mut rest = wanted;
    while !rest.is_empty() {
        let mut tests = 0;
        let fitting = rest.iter().take_while(|(_, wanted)| {
            tests += wanted.tests();
            tests <= MOST_TESTS
        });
        let (now, later) = rest.split_at(fitting.count().max(1));
        passes.extend(compile(context, kind, by, now, only, extras, None)?);
        rest = later;
    }
    Ok(passes)
}

/// With `lacking`, those are counted that nothing answers to.
fn compile<'c>(
    context: &Context,
    kind: &Kind,
    by: Option<(&str, &dyn Fn() -> RowMap)>,
    wanted: &'c [(usize, Wanted<'c>)],
    only: Only,
    extras: &[&str],
    lacking: Option<&Rc<Answers<'c>>>,
) -> Result<Option<Pass<'c>>> {
    let is_enterprise = kind.id == ENTERPRISE;
    let mut selection = Selection::default();
    let mut bound = Bound::default();
    let id = selection.add("p.id");
    let mut joined = String::new();
    let mut tests = vec!["p.void = 0".to_owned()];
    let campaign = bound.text(context.campaign_mark());
    let mut base = 0;

    let category = category_field(kind);
    if let Some((field, required)) = category {
        base |= selection.bit(context, &kind.id, field, &Test::one_of(context.categories(), !required))?;
    }
    if is_enterprise && let Some((day, or_blank)) = kind.there_from() {
        base |= selection.bit(context, &kind.id, day, &Test::up_to(context.as_of, or_blank))?;
    }
    let scope = scope_sql(context.office, &mut bound);
    let mut followed = None;
    let following = follows(kind);
    match following {
        _ if is_enterprise => tests.push(format!(
            "p.id NOT IN (SELECT member FROM joined) \
             AND ({scope} AND instr(p.campaigns, {campaign}) > 0 OR p.id IN (SELECT root FROM joined))"
        )),
        None => tests.push(format!("{scope} AND instr(p.campaigns, {campaign}) > 0")),
        Some((field, ENTERPRISE)) => {
            joined.push_str(&format!(" LEFT JOIN {} f ON f.id = p.\"{field}\"", table(ENTERPRISE)));
            followed = Some(selection.add(format!("f.void = 0 AND instr(f.campaigns, {campaign}) > 0")));
            tests.push(scope);
        }
        Some((field, target)) => {
            joined.push_str(&format!(" CROSS JOIN {} f ON f.id = p.\"{field}\"", table(target)));
            tests.push(format!("{scope} AND f.void = 0 AND instr(f.campaigns, {campaign}) > 0"));
            if let (None, Some((field, required))) = (category, context.schema.kind(target).and_then(category_field)) {
                tests.push(followed_category(context, target, field, required, &mut bound));
            }
        }
    }
    let owner_sql = match kind.field("enterprise").map(|field| &field.ty) {
        _ if is_enterprise => Some(("p.id".to_owned(), false)),
        Some(FieldType::Ref { .. }) => Some(("p.\"enterprise\"".to_owned(), false)),
        _ => match kind.fields.iter().find(|field| matches!(&field.ty, FieldType::Refs { to } if to == ENTERPRISE)) {
            Some(field) => Some((place(context.schema, context.reader.projection, &kind.id, &field.name)?.sql, true)),
            None => following
                .filter(|(_, target)| context.reader.projection.storage(target, ENTERPRISE).is_some())
                .map(|_| ("f.\"enterprise\"".to_owned(), false)),
        },
    };
    match only {
        Only::All => {}
        Only::Record { id, kind: named } if named == kind.id => tests.push(format!("p.id = {}", bound.id(id))),
        Only::Record { id, kind: named } => match following.filter(|(_, target)| *target == named) {
            Some((field, _)) => tests.push(format!("p.\"{field}\" = {}", bound.id(id))),
            None => return Ok(None),
        },
        Only::Enterprises(members) => match &owner_sql {
            Some((sql, false)) => tests.push(format!("{sql} IN ({})", bound.ids(members))),
            Some((sql, true)) => {
                let any: Vec<String> =
                    members.iter().map(|id| format!("instr({sql}, {}) > 0", bound.text(id.to_string()))).collect();
                tests.push(format!("({})", any.join(" OR ")));
            }
            None => return Ok(None),
        },
        Only::Own(coded) => {
            tests.push(format!("p.office = {}", bound.text(context.office.as_str())));
            if let Some((field, code)) = coded {
                let field = place(context.schema, context.reader.projection, &kind.id, field)?.sql;
                tests.push(format!("{field} = {}", bound.text(code)));
            }
        }
    }
    let reads_owner = followed.is_some() || wanted.iter().any(|(_, wanted)| wanted.reads_joins());
    let owner = match owner_sql.filter(|_| reads_owner) {
        Some((sql, false)) => Owner::One(selection.add(sql)),
        Some((sql, true)) => Owner::Several(selection.add(sql)),
        None => Owner::Nobody,
    };

    let mut enterprises = Enterprises::new(context, matches!(only, Only::All))?;
    let mut counts = Vec::with_capacity(wanted.len());
    let mut answers: Vec<Rc<Answers>> = lacking.cloned().into_iter().collect();
    let event = wanted[0].1.event.filter(|event| wanted.iter().all(|(_, other)| other.event == Some(*event)));
    for one in wanted {
        let (at, wanted) = one;
        let mut own = base;
        if let Some(event) = wanted.event {
            let window = Test::window(context.first, context.as_of);
            own |= selection.bit(context, &kind.id, event, &window)?;
        }
        let (mut of_enterprise, mut either) = (0, Vec::new());
        for clauses in &wanted.conditions {
            let mut choice = (0, 0);
            for Clause { of_enterprise, field, test } in clauses {
                match of_enterprise {
                    true => choice.1 |= enterprises.bit(context, field, test)?,
                    false => choice.0 |= selection.bit(context, &kind.id, field, test)?,
                }
            }
            if clauses.len() > 1 {
                either.push(choice);
            } else {
                own |= choice.0;
                of_enterprise |= choice.1;
            }
        }
        let value = match wanted.measure {
            Measure::Count | Measure::Enterprises => None,
            Measure::Sum(field) | Measure::Size(field) | Measure::Distinct(field) => {
                Some(selection.field(context, &kind.id, field)?)
            }
        };
        let mut matched = Vec::new();
        for (answering, without) in [(wanted.matched, false), (wanted.without, true)] {
            let Some(answering) = answering else { continue };
            let known = match answers.iter().find(|known| known.answer(answering)) {
                Some(known) => Rc::clone(known),
                None => {
                    // What happened in a period may have been answered to before it; what has no day is in it by its answer.
                    let first = if wanted.event.is_some() { context.campaign.first_day } else { context.first };
                    let found = Rc::new(answers_to(&Context { first, ..*context }, answering)?);
                    answers.push(Rc::clone(&found));
                    found
                }
            };
            let asked = Asked::of(context, kind, Rc::clone(&known), &mut selection, id)?;
            // One whose own record is counted has no other that could be lacking.
            let whole = *wanted.measure == Measure::Enterprises && !is_enterprise && !asked.by_enterprise_alone();
            let lacking_here = match lacking.is_none() && whole && !without {
                true => lacking_enterprises(context, kind, by, one, &known)?,
                false => FxHashSet::default(),
            };
            matched.push(Answered { asked, inverse: without || lacking.is_some(), lacking: lacking_here });
        }
        counts.push(Count { at: *at, measure: wanted.measure, value, own, of_enterprise, either, matched });
    }
    if let Some(event) = event {
        let sql = place(context.schema, context.reader.projection, &kind.id, event)?.sql;
        let (first, last) = (bound.text(context.first.to_string()), bound.text(context.as_of.to_string()));
        tests.push(format!("{sql} BETWEEN {first} AND {last}"));
    }
    let row = match by {
        None => None,
        Some((field, rows)) => {
            let mut rows = rows();
            rows.allowed = CATEGORY_FIELDS.contains(&field).then(|| context.categories());
            let (column, shape) = selection.field(context, &kind.id, field)?;
            Some((column, shape, rows))
        }
    };
    let extras = extras.iter().map(|field| selection.field(context, &kind.id, field)).collect::<Result<_>>()?;
    let from = match only {
        Only::All | Only::Own(_) => selection.whole(&kind.id),
        Only::Record { .. } | Only::Enterprises(_) => format!("{} p", table(&kind.id)),
    };
    let order = if matches!(only, Only::Own(_)) { " ORDER BY p.n" } else { "" };
    let sql = format!("SELECT {} FROM {from}{joined} WHERE {}{order}", selection.sql(), tests.join(" AND "));
    Ok(Some(Pass { sql, bound, selection, counts, base, row, owner, followed, is_enterprise, id, extras, enterprises }))
}

/// Of a figure that counts enterprises, the rows and enterprises with a record that nothing answers to.
fn lacking_enterprises<'c>(
    context: &Context,
    kind: &Kind,
    by: Option<(&str, &dyn Fn() -> RowMap)>,
    wanted: &'c (usize, Wanted<'c>),
    answers: &Rc<Answers<'c>>,
) -> Result<FxHashSet<(u16, RecordId)>> {
    let mut lacking = FxHashSet::default();
    let wanted = std::slice::from_ref(wanted);
    if let Some(mut pass) = compile(context, kind, by, wanted, Only::All, &[], Some(answers))? {
        pass.run(context, |hit, enterprises| {
            if let As::Enterprise(owner) = hit.counted {
                lacking.insert((hit.row, enterprises.id(owner)));
            }
            Ok(())
        })?;
    }
    Ok(lacking)
}

/// Owned by the office or one below it, as a range: codes are digits and a hyphen, and a colon sorts after both.
fn scope_sql(office: &OfficeCode, bound: &mut Bound) -> String {
    match office.prefix() {
        Some("") => "1".to_owned(),
        Some(prefix) => {
            let (from, to) = (bound.text(prefix), bound.text(format!("{prefix}:")));
            format!("p.office >= {from} AND p.office < {to}")
        }
        None => format!("p.office = {}", bound.text(office.as_str())),
    }
}

fn followed_category(context: &Context, target: &str, field: &str, required: bool, bound: &mut Bound) -> String {
    let set = context.reader.projection.storage(target, field) == Some(crate::Storage::Codes);
    let mut any: Vec<String> = Vec::new();
    for category in context.categories() {
        any.push(match set {
            true => format!("instr(f.\"{field}\", {}) > 0", bound.text(format!("|{category}|"))),
            false => format!("f.\"{field}\" = {}", bound.text(category)),
        });
    }
    if !required {
        any.push(format!("f.\"{field}\" IS NULL"));
    }
    if any.is_empty() { "0".to_owned() } else { format!("({})", any.join(" OR ")) }
}

/// The records that answer to others are found by the pass that would count them, so that what answers and what is counted
/// cannot differ.
fn answers_to<'c>(context: &Context, matched: &'c Matched) -> Result<Answers<'c>> {
    let mut names: Vec<&str> = matched.by.iter().flatten().map(String::as_str).collect();
    names.retain(|name| *name != ENTERPRISE);
    names.sort_unstable();
    names.dedup();
    let wanted = |measure: &'static Measure| {
        let conditions = matched.conditions.iter();
        Wanted::new(&matched.kind, measure, matched.event.as_deref(), conditions, context.as_of)
    };
    let by_owner = |names: &Vec<String>| names.iter().any(|name| name == ENTERPRISE);
    let mut asked = Vec::new();
    for (at, measure) in [(0, &Measure::Count), (1, &Measure::Enterprises)] {
        if matched.by.iter().any(|names| by_owner(names) == (at == 1)) {
            asked.push((at, wanted(measure)));
        }
    }
    let mut keys: Vec<FxHashSet<Key>> = matched.by.iter().map(|_| FxHashSet::default()).collect();
    for mut pass in passes(context, context.kind(&matched.kind)?, None, &asked, Only::All, &names)? {
        let extras = pass.extras.clone();
        pass.run(context, |hit, enterprises| {
            let owner = match hit.counted {
                As::Enterprise(number) => Some(enterprises.id(number)),
                _ => None,
            };
            for (alike, keys) in matched.by.iter().zip(&mut keys) {
                if by_owner(alike) != owner.is_some() {
                    continue;
                }
                let mut key = Key::new();
                let mut whole = true;
                for name in alike {
                    whole &= match (name.as_str(), owner, names.binary_search(&name.as_str())) {
                        (ENTERPRISE, Some(owner), _) => add(&mut key, owner.as_bytes()),
                        (_, _, Ok(at)) => add_column(&mut key, hit.record, extras[at])?,
                        _ => false,
                    };
                }
                if whole {
                    keys.insert(key);
                }
            }
            Ok(())
        })?;
    }
    Ok(Answers { matched, keys })
}
