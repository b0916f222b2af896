//! One pass over one kind: a SELECT compiled from the conditions of all figures that count the kind, whose rows are told
//! apart in Rust. SQLite would sort to group; a scan that hands out integers and borrowed text need not. Filling, opening a
//! number and asking where a record counts are the same pass with another ear.

use std::rc::Rc;

use campaign::model::{Campaign, Figure, Measure};
use domain::schema::{FieldType, Kind};
use domain::{OfficeCode, RecordId};
use rusqlite::types::ValueRef;
use rusqlite::{Row, params_from_iter};
use rustc_hash::FxHashSet;

pub(super) use super::context::{CATEGORY_FIELDS, Context, category_field, follows};
use super::enterprises::Enterprises;
use super::fields::{Reading, Shape, Test, place};
use super::matched::{Answers, Asked};
use super::selection::{Bound, RowMap, Selection};
use super::wanted::{Clause, Wanted};
use crate::error::Result;
use crate::projection::table;

pub(super) const ENTERPRISE: &str = "enterprise";

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
}

/// What a record counted as, where the distinct are counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum As<'r> {
    Itself,
    Enterprise(u32),
    Text(&'r str),
}

/// One record counted by one figure in one row.
pub(super) struct Hit<'r> {
    pub row: u16,
    /// Which of the wanted, in the caller's numbering.
    pub wanted: usize,
    pub amount: i64,
    pub counted: As<'r>,
    pub record: &'r Row<'r>,
}

struct Count<'c> {
    at: usize,
    measure: &'c Measure,
    value: Option<(usize, Shape)>,
    own: u128,
    of_enterprise: u128,
    /// Of each, one bit must hold of the record or of its enterprise.
    either: Vec<(u128, u128)>,
    matched: Option<Answered<'c>>,
}

/// A count of those only that another record answers to.
struct Answered<'c> {
    asked: Asked<'c>,
    /// Those that nothing answers to are counted instead.
    inverse: bool,
    /// Rows and enterprises with a record that nothing answers to: the whole enterprise is left out.
    lacking: FxHashSet<(u16, RecordId)>,
}

impl Answered<'_> {
    fn counts(&self, record: &Row, owner: Option<u32>, enterprises: &Enterprises) -> Result<bool> {
        Ok(self.asked.met(record, owner, enterprises)? != self.inverse)
    }

    fn whole(&self, row: u16, owner: u32, enterprises: &Enterprises) -> bool {
        self.lacking.is_empty() || !self.lacking.contains(&(row, enterprises.id(owner)))
    }
}

impl Count<'_> {
    /// Whether the conditions on the enterprise hold, and those that leave a choice.
    fn fits(&self, record: u128, enterprise: u128) -> bool {
        enterprise & self.of_enterprise == self.of_enterprise
            && self.either.iter().all(|(own, of_enterprise)| record & own != 0 || enterprise & of_enterprise != 0)
    }

    fn asks_enterprise(&self, record: u128) -> bool {
        self.of_enterprise != 0 || !self.either.iter().all(|(own, _)| record & own != 0)
    }
}

/// Where a record says whose it is.
#[derive(Clone, Copy)]
enum Owner {
    Nobody,
    One(usize),
    /// A list of ids.
    Several(usize),
}

pub(super) struct Pass<'c> {
    sql: String,
    bound: Bound,
    selection: Selection,
    counts: Vec<Count<'c>>,
    base: u128,
    row: Option<(usize, Shape, RowMap)>,
    owner: Owner,
    /// 1 where the enterprise this record follows is in the campaign.
    followed: Option<usize>,
    is_enterprise: bool,
    /// The record's id.
    pub id: usize,
    /// Further fields asked for, in order.
    pub extras: Vec<(usize, Shape)>,
    pub enterprises: Enterprises,
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
    let mut from = format!("{} p", table(&kind.id));
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
            from.push_str(&format!(" LEFT JOIN {} f ON f.id = p.\"{field}\"", table(ENTERPRISE)));
            followed = Some(selection.add(format!("f.void = 0 AND instr(f.campaigns, {campaign}) > 0")));
            tests.push(scope);
        }
        Some((field, target)) => {
            from.push_str(&format!(" CROSS JOIN {} f ON f.id = p.\"{field}\"", table(target)));
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
            let window = Test::window(context.campaign.first_day, context.as_of);
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
        let matched = match wanted.matched {
            None => None,
            Some(matched) => {
                let known = match answers.iter().find(|known| known.answer(matched)) {
                    Some(known) => Rc::clone(known),
                    None => {
                        let found = Rc::new(Answers::of(context, matched)?);
                        answers.push(Rc::clone(&found));
                        found
                    }
                };
                let asked = Asked::of(context, kind, Rc::clone(&known), &mut selection, id)?;
                // One whose own record is counted has no other that could be lacking.
                let whole = *wanted.measure == Measure::Enterprises && !is_enterprise && !asked.by_enterprise_alone();
                let lacking_here = match lacking.is_none() && whole {
                    true => lacking_enterprises(context, kind, by, one, &known)?,
                    false => FxHashSet::default(),
                };
                Some(Answered { asked, inverse: lacking.is_some(), lacking: lacking_here })
            }
        };
        counts.push(Count { at: *at, measure: wanted.measure, value, own, of_enterprise, either, matched });
    }
    if let Some(event) = event {
        let sql = place(context.schema, context.reader.projection, &kind.id, event)?.sql;
        let (first, last) = (bound.text(context.campaign.first_day.to_string()), bound.text(context.as_of.to_string()));
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
    // A pass that wants most of a table is not helped by an index that SQLite, knowing no statistics, would take for it.
    let whole = if matches!(only, Only::All) { from.replacen(" p", " p NOT INDEXED", 1) } else { from };
    let sql = format!("SELECT {} FROM {whole} WHERE {}", selection.sql(), tests.join(" AND "));
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

impl Pass<'_> {
    /// Tells `sink` of every record that counts, in no order.
    pub fn run(&mut self, context: &Context, mut sink: impl FnMut(Hit, &Enterprises) -> Result<()>) -> Result<()> {
        self.enterprises.prepare(context, self.is_enterprise || self.followed.is_some())?;
        let mut statement = context.reader.conn.prepare_cached(&self.sql)?;
        let mut rows = statement.query(params_from_iter(&self.bound.0))?;
        let (mut owners, mut counted_rows): (Vec<u32>, Vec<u16>) = Default::default();
        while let Some(row) = rows.next()? {
            let mask = self.selection.mask(row)?;
            if mask & self.base != self.base {
                continue;
            }
            counted_rows.clear();
            match &mut self.row {
                None => counted_rows.push(0),
                Some((column, shape, map)) => {
                    counted_rows.extend_from_slice(map.rows_of(row.get_ref(*column)?, *shape));
                }
            }
            if counted_rows.is_empty() {
                continue;
            }
            owners.clear();
            if !self.owners(context, row, &mut owners)? {
                continue;
            }
            for count in &self.counts {
                if mask & count.own != count.own {
                    continue;
                }
                let mut tell = |amount, counted: As| {
                    // An enterprise is left out of a row where a record of it there is not answered to.
                    let whole = |at: &&u16| match (&count.matched, counted) {
                        (Some(answered), As::Enterprise(owner)) => answered.whole(**at, owner, &self.enterprises),
                        _ => true,
                    };
                    counted_rows.iter().filter(whole).try_for_each(|at| {
                        sink(Hit { row: *at, wanted: count.at, amount, counted, record: row }, &self.enterprises)
                    })
                };
                let fits = |owner: &&u32| count.fits(mask, self.enterprises.mask(**owner));
                if *count.measure == Measure::Enterprises {
                    for owner in owners.iter().filter(fits) {
                        let counts = match &count.matched {
                            Some(answered) => answered.counts(row, Some(*owner), &self.enterprises)?,
                            None => true,
                        };
                        if counts {
                            tell(1, As::Enterprise(*owner))?;
                        }
                    }
                    continue;
                }
                if let Some(answered) = &count.matched {
                    let mut counts = owners.is_empty() && answered.counts(row, None, &self.enterprises)?;
                    for owner in owners.iter().filter(fits) {
                        counts = counts || answered.counts(row, Some(*owner), &self.enterprises)?;
                    }
                    if !counts {
                        continue;
                    }
                }
                if count.asks_enterprise(mask) && !owners.iter().any(|owner| fits(&owner)) {
                    continue;
                }
                let reading = match count.value {
                    None => Reading::Blank,
                    Some((column, shape)) => Reading::of_column(row.get_ref(column)?, shape),
                };
                match (count.measure, reading) {
                    (Measure::Count, _) => tell(1, As::Itself)?,
                    (Measure::Sum(_), Reading::Int(amount)) => tell(amount, As::Itself)?,
                    (Measure::Size(_), reading) if !reading.is_blank() => tell(reading.size(), As::Itself)?,
                    (Measure::Distinct(_), Reading::Text(text)) => tell(1, As::Text(text))?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Whose the record is; false where the record follows, or is, an enterprise that does not count here.
    fn owners(&mut self, context: &Context, row: &Row, owners: &mut Vec<u32>) -> Result<bool> {
        match self.owner {
            Owner::Nobody => {}
            Owner::One(column) => {
                let ValueRef::Blob(bytes) = row.get_ref(column)? else { return Ok(self.followed.is_none()) };
                let Ok(id) = <[u8; 16]>::try_from(bytes) else { return Ok(false) };
                if self.is_enterprise {
                    let group = self.enterprises.group(context, &id)?;
                    if group.is_some_and(|group| !(group.live && group.in_scope && group.in_campaign)) {
                        return Ok(false);
                    }
                } else if let Some(followed) = self.followed {
                    let counts = match self.enterprises.group(context, &id)? {
                        Some(group) => group.live && group.in_campaign,
                        None => matches!(row.get_ref(followed)?, ValueRef::Integer(1)),
                    };
                    if !counts {
                        return Ok(false);
                    }
                }
                owners.push(self.enterprises.number(context, &id)?);
            }
            Owner::Several(column) => {
                let mut ids: Vec<RecordId> = Vec::new();
                Reading::of_column(row.get_ref(column)?, Shape::Json)
                    .each(&mut |text| ids.extend(text.parse::<RecordId>().ok()));
                for id in ids {
                    owners.push(self.enterprises.number(context, id.as_bytes())?);
                }
                owners.sort_unstable();
                owners.dedup();
            }
        }
        Ok(true)
    }

    /// The id of the record a hit stands for.
    pub fn record_of(id: usize, row: &Row) -> Result<RecordId> {
        let bytes = row.get_ref(id)?.as_blob().map_err(rusqlite::Error::from)?;
        let bytes = bytes.try_into().map_err(|_| crate::reader::damaged("a record id is not 16 bytes"))?;
        Ok(RecordId::from_bytes(bytes))
    }
}

/// A figure the campaign defines, by its id.
pub(super) fn figure<'c>(campaign: &'c Campaign, id: &str) -> Result<&'c Figure> {
    let found = campaign.figures.iter().find(|figure| figure.id == id);
    found.ok_or_else(|| domain::Notice::new("figure-unknown").with("value", id).into())
}
