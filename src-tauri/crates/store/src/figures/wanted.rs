//! One figure with everything it asks of a record, taken apart into tests on single fields.

use campaign::model::{Condition, Figure, Matched, Measure};
use domain::Date;

use super::context::ENTERPRISE;
use super::fields::Test;

/// How conditions reach the enterprise a record belongs to.
const OF_ENTERPRISE: &str = "enterprise.";

/// One test of a condition, on the record's own field or its enterprise's.
pub(super) struct Clause<'c> {
    pub of_enterprise: bool,
    pub field: &'c str,
    pub test: Test,
}

/// A condition's tests: it is enough that one holds. `kind` is the kind of the records tested.
pub(super) fn clauses<'c>(kind: &str, condition: &'c Condition, as_of: Date) -> Vec<Clause<'c>> {
    let own = Test::of(condition, as_of);
    let first = (own != Test::default() || condition.or.is_empty()).then_some((condition, own));
    let others = condition.or.iter().map(|other| (other, Test::of(other, as_of)));
    let clause = |(condition, test): (&'c Condition, Test)| match condition.field.strip_prefix(OF_ENTERPRISE) {
        // An enterprise is read as it was joined, so its own fields are those of the enterprise it counts as.
        Some(field) => Clause { of_enterprise: kind != ENTERPRISE, field, test },
        None => Clause { of_enterprise: false, field: &condition.field, test },
    };
    first.into_iter().chain(others).map(clause).collect()
}

/// One figure with the column's own conditions.
pub(super) struct Wanted<'c> {
    pub kind: &'c str,
    pub measure: &'c Measure,
    pub event: Option<&'c str>,
    /// All of these must hold, each by one of its clauses.
    pub conditions: Vec<Vec<Clause<'c>>>,
    /// What must answer to a record for it to count.
    pub matched: Option<&'c Matched>,
    /// What none may answer to.
    pub without: Option<&'c Matched>,
}

impl<'c> Wanted<'c> {
    pub fn new(
        kind: &'c str,
        measure: &'c Measure,
        event: Option<&'c str>,
        conditions: impl Iterator<Item = &'c Condition>,
        as_of: Date,
    ) -> Self {
        let conditions = conditions.map(|condition| clauses(kind, condition, as_of)).collect();
        Wanted { kind, measure, event, conditions, matched: None, without: None }
    }

    pub fn figure(figure: &'c Figure, more: &'c [Condition], as_of: Date) -> Self {
        let conditions = figure.conditions.iter().chain(more);
        let wanted = Wanted::new(&figure.kind, &figure.measure, figure.event.as_deref(), conditions, as_of);
        Wanted { matched: figure.matched.as_ref(), without: figure.without.as_ref(), ..wanted }
    }

    /// The kinds of records that are looked for beside those counted.
    pub fn answering(&self) -> impl Iterator<Item = &'c Matched> {
        self.matched.into_iter().chain(self.without)
    }

    /// Whether the count rests on who is joined to whom.
    pub fn reads_joins(&self) -> bool {
        *self.measure == Measure::Enterprises
            || self.answering().next().is_some()
            || self.kind == ENTERPRISE
            || self.conditions.iter().flatten().any(|clause| clause.of_enterprise)
    }

    /// The fields it reads, as (kind, field), beside those that place a record in a row, a campaign and an office.
    pub fn reads(&self) -> Vec<(&str, &str)> {
        let clauses = self.conditions.iter().flatten();
        let mut reads: Vec<(&str, &str)> =
            clauses.map(|clause| (if clause.of_enterprise { ENTERPRISE } else { self.kind }, clause.field)).collect();
        reads.extend(self.event.map(|event| (self.kind, event)));
        if let Measure::Sum(field) | Measure::Size(field) | Measure::Distinct(field) = self.measure {
            reads.push((self.kind, field));
        }
        reads
    }

    /// How many tests it needs at most, those that place a record included.
    pub fn tests(&self) -> usize {
        self.conditions.iter().map(Vec::len).sum::<usize>() + 2
    }
}
