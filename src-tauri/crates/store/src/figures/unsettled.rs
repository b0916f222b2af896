//! Which cells rest on a conflict nobody has decided: those that read a field in conflict and count its record under the
//! value shown or under another one. Each value is tried out in the projection inside a savepoint and taken back; nothing
//! stays written.

use std::collections::BTreeSet;

use campaign::answers::AnswerRow;
use domain::revision::{VOID, split_slot};
use domain::schema::CAMPAIGNS;
use domain::{Fields, RecordId, Value};
use rustc_hash::FxHashSet;

use super::compile::Only;
use super::context::{Context, ENTERPRISE};
use super::declared;
use super::list::Listing;
use super::reads::{self, Reads};
use super::references::refers;
use super::statistics::{Base, Sheet};
use super::traced::Counted;
use crate::error::Result;
use crate::reader::{OpenConflict, Reader};
use crate::search;

const DECLARED: &str = "declared";
const SAME_AS: &str = "same_as";

/// Values of several slots are tried in every combination up to this many; beyond it one slot at a time.
const MOST_COMBINATIONS: usize = 64;

/// Cells by row and column.
type Cells = BTreeSet<(String, String)>;

/// The open conflicts of one record.
struct Disputed {
    record: RecordId,
    kind: String,
    conflicts: Vec<OpenConflict>,
}

impl Disputed {
    fn all(reader: &Reader) -> Result<Vec<Self>> {
        let mut disputed: Vec<Disputed> = Vec::new();
        for conflict in reader.conflicts()? {
            match disputed.last_mut() {
                Some(last) if last.record == conflict.record => last.conflicts.push(conflict),
                _ => {
                    let (record, kind) = (conflict.record, conflict.kind.clone());
                    disputed.push(Disputed { record, kind, conflicts: vec![conflict] });
                }
            }
        }
        Ok(disputed)
    }

    /// The fields in conflict that can matter to a campaign: of the campaigns a record counts for, that one.
    fn fields(&self, campaign: &str) -> BTreeSet<&str> {
        let concerns = |slot: &(&str, Option<&str>)| slot.0 != CAMPAIGNS || slot.1.is_none_or(|id| id == campaign);
        let slots = self.conflicts.iter().map(|conflict| split_slot(&conflict.slot));
        slots.filter(concerns).map(|(field, _)| field).collect()
    }

    /// Every combination of values to try, the shown ones first (as no change at all).
    fn combinations(&self, shown: &Fields) -> Vec<Fields> {
        let mut choices: Vec<(&str, Vec<&Value>)> = Vec::new();
        for OpenConflict { slot, conflict, .. } in &self.conflicts {
            let mut others: Vec<&Value> = conflict.candidates.iter().map(|candidate| &candidate.value).collect();
            others.sort_unstable();
            others.dedup();
            others.retain(|value| shown.get(slot).unwrap_or(&Value::Null) != *value);
            choices.push((slot, others));
        }
        let mut combinations = vec![Fields::new()];
        let all =
            choices.iter().map(|(_, others)| others.len() + 1).try_fold(1usize, |all, more| all.checked_mul(more));
        if all.is_some_and(|all| all <= MOST_COMBINATIONS) {
            for (slot, others) in choices {
                for at in 0..combinations.len() {
                    for value in &others {
                        let mut next = combinations[at].clone();
                        next.insert(slot.to_owned(), (*value).clone());
                        combinations.push(next);
                    }
                }
            }
        } else {
            let single = |(slot, others): (&str, Vec<&Value>)| {
                let one = |value: &Value| Fields::from([(slot.to_owned(), value.clone())]);
                others.into_iter().map(one).collect::<Vec<_>>()
            };
            combinations.extend(choices.into_iter().flat_map(single));
        }
        combinations
    }

    /// Calls `look` under every combination of values.
    fn under_each(&self, context: &Context, mut look: impl FnMut() -> Result<()>) -> Result<()> {
        let Some((n, folded)) = context.reader.folded(self.record)? else { return Ok(()) };
        for change in self.combinations(&folded.slots) {
            if change.is_empty() {
                look()?;
                continue;
            }
            let mut other = folded.clone();
            let rejoins = self.kind == ENTERPRISE && change.keys().any(|slot| slot == SAME_AS || slot == VOID);
            other.slots.extend(change);
            let conn = context.reader.conn;
            conn.execute_batch("SAVEPOINT other_value")?;
            let tried = (|| {
                conn.prepare_cached("UPDATE record SET slots = ? WHERE n = ?")?
                    .execute((Value::Map(other.slots.clone()).to_json(), n))?;
                context.reader.projection.write(conn, n, &other)?;
                if rejoins {
                    search::rejoin(context.reader)?;
                }
                look()
            })();
            conn.execute_batch("ROLLBACK TO other_value; RELEASE other_value")?;
            tried?;
        }
        Ok(())
    }
}

pub(super) fn statistics(sheet: &Sheet) -> Result<Cells> {
    let context = &sheet.context;
    let mut base: FxHashSet<Base> = FxHashSet::default();
    if context.reader.conflict_count()? == 0 {
        return Ok(Cells::new());
    }
    let reads = reads::of_sheet(sheet);
    for disputed in Disputed::all(context.reader)? {
        let fields = disputed.fields(&context.campaign.id);
        if disputed.kind == DECLARED {
            if declared::READS.iter().chain(&[VOID, CAMPAIGNS]).any(|field| fields.contains(field)) {
                disputed.under_each(context, || {
                    let hits = sheet.declared_hits()?;
                    base.extend(
                        hits.into_iter().filter(|(_, hit)| hit.record == disputed.record).map(|(cell, _)| cell),
                    );
                    Ok(())
                })?;
            }
            continue;
        }
        let touching = |reads: &Reads| fields.iter().any(|field| reads.reads(&disputed.kind, field));
        let (answered, columns): (Vec<usize>, Vec<usize>) = reads
            .iter()
            .filter(|(_, reads)| touching(reads))
            .map(|(column, _)| *column)
            .partition(|at| sheet.is_matched(*at));
        if !answered.is_empty() {
            base.extend(moved(sheet, &disputed, &answered)?);
        }
        if columns.is_empty() {
            continue;
        }
        disputed.under_each(context, || {
            let hits = if disputed.kind == ENTERPRISE {
                let group = context.reader.group_of(disputed.record)?;
                let itself = group.len() == 1 && context.reader.root_of(disputed.record)? == disputed.record;
                let mut counted: Vec<usize> = columns.clone();
                if itself && !fields.contains(SAME_AS) {
                    // Nobody is joined to it: whether it is void changes no count of what others recorded about it.
                    counted.retain(|column| reads[column].reads_beyond_joins(&fields));
                } else if context.reader.root_of(disputed.record)? != disputed.record {
                    counted.retain(|column| reads[column].reads_of_member(&fields));
                }
                sheet.hits(Some(&counted), Only::Enterprises(&group))?
            } else {
                sheet.hits(Some(&columns), Only::Record { id: disputed.record, kind: &disputed.kind })?
            };
            base.extend(hits.into_iter().map(|(cell, _)| cell));
            Ok(())
        })?;
    }
    Ok(sheet.resting_on(&base))
}

type CountedHits = FxHashSet<(Base, RecordId, Option<Counted>, i64)>;

/// What these columns count under one value and not under another: where records answer to one another, a conflict in one
/// decides whether others count.
fn moved(sheet: &Sheet, disputed: &Disputed, columns: &[usize]) -> Result<FxHashSet<Base>> {
    let counted = || -> Result<CountedHits> {
        let hits = sheet.hits(Some(columns), Only::All)?;
        Ok(hits.into_iter().map(|(cell, hit)| (cell, hit.record, hit.counted_as, hit.amount)).collect())
    };
    let shown = counted()?;
    let mut cells = FxHashSet::default();
    disputed.under_each(&sheet.context, || {
        cells.extend(shown.symmetric_difference(&counted()?).map(|(cell, ..)| *cell));
        Ok(())
    })?;
    Ok(cells)
}

/// A row that is listed only under another value than the one shown is named too, although it is not among the rows.
pub(super) fn list(listing: &mut Listing, rows: &[AnswerRow]) -> Result<Cells> {
    let context = listing.context;
    let mut cells = Cells::new();
    if context.reader.conflict_count()? == 0 {
        return Ok(cells);
    }
    let printed: BTreeSet<RecordId> = rows.iter().filter_map(|row| row.record.parse().ok()).collect();
    let (of_rows, of_columns) = reads::of_listing(listing);
    let all_columns: Vec<String> = listing.form.columns.iter().map(|column| column.id.clone()).collect();
    for disputed in Disputed::all(context.reader)? {
        let fields = disputed.fields(&context.campaign.id);
        let touching = |reads: &Reads| fields.iter().any(|field| reads.reads(&disputed.kind, field));
        let moves_rows = touching(&of_rows);
        let columns: Vec<usize> = (0..all_columns.len()).filter(|at| touching(&of_columns[*at])).collect();
        if !moves_rows && columns.is_empty() {
            continue;
        }
        let deciding: Vec<bool> = columns.iter().map(|at| touching(&reads::of_condition(listing, *at))).collect();
        disputed.under_each(&context, || {
            listing.printer.forget(disputed.kind == ENTERPRISE)?;
            let group = match disputed.kind.as_str() {
                ENTERPRISE => context.reader.group_of(disputed.record)?,
                _ => vec![disputed.record],
            };
            for row in near(listing, &disputed, &group)? {
                let listed = listing.row_of(row, listing.of)?;
                let Some(row) = listed.or(printed.contains(&row).then_some(row)) else { continue };
                if moves_rows {
                    cells.extend(all_columns.iter().map(|column| (row.to_string(), column.clone())));
                    continue;
                }
                listing.printer.collect(Some(&context.reader.group_of(row)?))?;
                for (at, decides) in columns.iter().zip(&deciding) {
                    if !decides && listing.printer.withheld(row, *at)? {
                        continue;
                    }
                    if listing.printer.touched(row, *at)?.iter().any(|(record, _)| group.contains(record)) {
                        cells.insert((row.to_string(), all_columns[*at].clone()));
                    }
                }
            }
            Ok(())
        })?;
    }
    listing.printer.forget(true)?;
    Ok(cells)
}

/// Rows a record may have to do with as things stand: itself, those that refer to it, those it refers to.
fn near(listing: &Listing, disputed: &Disputed, group: &[RecordId]) -> Result<BTreeSet<RecordId>> {
    let Context { reader, schema, .. } = listing.context;
    let mut rows = BTreeSet::new();
    if disputed.kind == listing.of {
        rows.extend(group);
    }
    let references = |from: &str, to: &str| -> Vec<String> {
        let fields = schema.kind(from).map_or(&[][..], |kind| &kind.fields);
        fields.iter().filter(|field| refers(&field.ty, to)).map(|field| field.name.clone()).collect()
    };
    for field in references(listing.of, &disputed.kind) {
        for member in group {
            rows.extend(reader.referring(listing.of, &field, *member)?.into_iter().map(|row| row.id));
        }
    }
    let targets = |record: &domain::Record| -> Vec<RecordId> {
        let named = references(&record.kind, listing.of);
        let texts = named.iter().flat_map(|field| match record.get(field) {
            Value::Text(id) => vec![id.as_str()],
            list => list.as_list().map(|items| items.iter().filter_map(Value::as_str).collect()).unwrap_or_default(),
        });
        texts.filter_map(|id| id.parse().ok()).collect()
    };
    if let Some(record) = reader.record(disputed.record)? {
        rows.extend(targets(&record));
    }
    // A composed text reaches what stands behind a record that points to the row, such as the case a disposal names.
    let between =
        schema.kinds.iter().filter(|kind| kind.id != listing.of && !references(&kind.id, listing.of).is_empty());
    for kind in between {
        for field in references(&kind.id, &disputed.kind) {
            if kind.id != ENTERPRISE && disputed.kind != ENTERPRISE && kind.id != disputed.kind {
                for record in reader.referring(&kind.id, &field, disputed.record)? {
                    rows.extend(targets(&record));
                }
            }
        }
    }
    Ok(rows)
}
