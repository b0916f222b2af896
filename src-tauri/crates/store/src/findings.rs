//! Feeds `domain::findings` from the projections: what merged books broke across records. Computed from state when asked,
//! never kept.

use std::collections::{BTreeMap, BTreeSet};

use domain::findings::{
    Finding, Presence, Reference, broken_references, disposals_without_cause, filings_beside, same_as_findings,
    second_disposals,
};
use domain::schema::{FieldType, Schema};
use domain::filing::FILING;
use domain::{Folded, RecordId};
use rusqlite::OptionalExtension;

use crate::error::Result;
use crate::projection::table;
use crate::reader::{Reader, id_of};

/// What disposals are ordered upon.
const RESULT: &str = "result";

/// Whether a change to a record can make or settle a finding: its references, whether it is void, the result of a sample.
pub(crate) fn rest_on_change(schema: &Schema, old: &Folded, new: &Folded) -> bool {
    let differs = |slot: &str| old.slots.get(slot) != new.slots.get(slot);
    let fields = schema.kind(&new.kind).map_or(&[][..], |kind| &kind.fields);
    let references = fields.iter().filter(|field| matches!(field.ty, FieldType::Ref { .. }));
    let sealed = new.kind == FILING && differs("state");
    sealed || differs(domain::revision::VOID) || differs(RESULT) || references.into_iter().any(|field| differs(&field.name))
}

impl Reader<'_> {
    /// Everything across records that a person should look at, by kind of finding and record.
    pub fn findings(&self) -> Result<Vec<Finding>> {
        let links: BTreeMap<RecordId, RecordId> =
            self.id_pairs("SELECT id, same_as FROM p_enterprise WHERE same_as IS NOT NULL")?.into_iter().collect();
        let presences = self.presences(links.iter().flat_map(|(from, to)| [*from, *to]))?;
        let presence = |id: RecordId| presences.get(&id).copied().unwrap_or(Presence::Absent);
        let mut findings = same_as_findings(&links, &presence);

        let disposals = self.id_pairs("SELECT sample, id FROM p_disposal WHERE void = 0 AND sample IS NOT NULL")?;
        findings.extend(second_disposals(disposals));

        let references = self.broken()?;
        let presences = self.presences(references.iter().map(|reference| reference.to))?;
        let presence = |id: RecordId| presences.get(&id).copied().unwrap_or(Presence::Absent);
        findings.extend(broken_references(references, &presence));

        let mut statement = self.conn.prepare_cached(
            "SELECT d.id, s.id, s.result FROM p_disposal d JOIN p_sample s ON s.id = d.sample WHERE d.void = 0 ORDER BY d.id",
        )?;
        let rows: Vec<(RecordId, RecordId, Option<String>)> = statement
            .query_and_then([], |row| Ok((id_of(row.get(0)?)?, id_of(row.get(1)?)?, row.get(2)?)))?
            .collect::<Result<_>>()?;
        let results = rows.iter().map(|(disposal, sample, result)| (*disposal, *sample, result.as_deref()));
        findings.extend(disposals_without_cause(results));
        findings.extend(self.numbers_twice()?);
        findings.extend(self.filings_beside()?);
        Ok(findings)
    }

    /// Sealed filings of one office, report and due day that no sealed one takes the place of, where there are several.
    fn filings_beside(&self) -> Result<Vec<Finding>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT campaign, report, due, office, id, corrects FROM p_submission \
             WHERE state = 'sealed' AND void = 0 ORDER BY campaign, report, due, office",
        )?;
        let mut groups: BTreeMap<[String; 4], BTreeMap<RecordId, Vec<RecordId>>> = BTreeMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default());
            let corrects: Vec<String> = serde_json::from_str(&text(5)?).unwrap_or_default();
            let corrects = corrects.iter().filter_map(|id| id.parse().ok()).collect();
            let group = groups.entry([text(0)?, text(1)?, text(2)?, text(3)?]).or_default();
            group.insert(id_of(row.get(4)?)?, corrects);
        }
        let found = groups.iter().filter_map(|([campaign, report, due, _], sealed)| {
            filings_beside(campaign, report, due, domain::filing::live(sealed))
        });
        Ok(found.collect())
    }

    /// References of unvoided records whose target is not an unvoided record of this book.
    fn broken(&self) -> Result<Vec<Reference>> {
        let schema = &self.projection.core;
        let mut broken = Vec::new();
        for kind in &schema.kinds {
            for field in kind.core_fields() {
                let FieldType::Ref { to } = &field.ty else { continue };
                if field.name == "same_as" {
                    continue;
                }
                let target = schema.kind(to).map(|target| table(&target.id));
                let mut found: Vec<(RecordId, RecordId)> = Vec::new();
                for dead in self.dead_targets(&table(&kind.id), &field.name, target.as_deref())? {
                    let sql =
                        format!("SELECT p.id FROM {} p WHERE p.\"{}\" = ? AND p.void = 0", table(&kind.id), field.name);
                    let mut statement = self.conn.prepare_cached(&sql)?;
                    let mut rows = statement.query([dead.as_bytes()])?;
                    while let Some(row) = rows.next()? {
                        found.push((id_of(row.get(0)?)?, dead));
                    }
                }
                found.sort_unstable();
                broken.extend(found.into_iter().map(|(from, to)| Reference {
                    from,
                    kind: kind.id.clone(),
                    field: field.name.clone(),
                    to,
                }));
            }
        }
        Ok(broken)
    }

    /// What a field refers to that is not here or void. Asked of indexes in their own order: to look every record's target up
    /// reads a book of a million records page by page, in no order.
    fn dead_targets(&self, table: &str, field: &str, target: Option<&str>) -> Result<Vec<RecordId>> {
        let referred = format!("SELECT DISTINCT \"{field}\" AS id FROM {table} WHERE \"{field}\" IS NOT NULL");
        let dead = match target {
            Some(target) => format!(
                "NOT EXISTS (SELECT 1 FROM {target} t WHERE t.id = r.id) OR r.id IN (SELECT id FROM {target} WHERE void = 1)"
            ),
            None => "NOT EXISTS (SELECT 1 FROM record t WHERE t.id = r.id)".to_owned(),
        };
        let mut statement = self.conn.prepare_cached(&format!("SELECT r.id FROM ({referred}) r WHERE {dead}"))?;
        statement.query_and_then([], |row| id_of(row.get(0)?))?.collect()
    }

    /// Enterprises that turned out to be another one.
    pub fn joined_enterprises(&self) -> Result<Vec<RecordId>> {
        let mut statement = self.conn.prepare_cached("SELECT member FROM joined ORDER BY member")?;
        statement.query_and_then([], |row| id_of(row.get(0)?))?.collect()
    }

    /// Filings that an office above returned last.
    pub fn returned_filings(&self) -> Result<Vec<RecordId>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT \"of\" FROM p_answer a WHERE void = 0 AND \"of\" IS NOT NULL AND decision = 'returned' \
             AND n = (SELECT max(n) FROM p_answer b WHERE b.\"of\" = a.\"of\" AND b.void = 0) ORDER BY \"of\"",
        )?;
        statement.query_and_then([], |row| id_of(row.get(0)?))?.collect()
    }

    /// Records with a review that is still open.
    pub fn returned_records(&self) -> Result<Vec<RecordId>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT \"of\" FROM p_review WHERE void = 0 AND state = 'open' AND \"of\" IS NOT NULL ORDER BY \"of\"",
        )?;
        statement.query_and_then([], |row| id_of(row.get(0)?))?.collect()
    }

    fn id_pairs(&self, sql: &str) -> Result<Vec<(RecordId, RecordId)>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        statement.query_and_then([], |row| Ok((id_of(row.get(0)?)?, id_of(row.get(1)?)?)))?.collect()
    }

    fn presences(&self, ids: impl Iterator<Item = RecordId>) -> Result<BTreeMap<RecordId, Presence>> {
        let mut presences = BTreeMap::new();
        for id in ids.collect::<BTreeSet<_>>() {
            let void: Option<bool> = self
                .conn
                .prepare_cached("SELECT json_extract(slots, '$.void') IS NOT NULL FROM record WHERE id = ?")?
                .query_row([id.as_bytes()], |row| row.get(0))
                .optional()?;
            let presence = match void {
                None => Presence::Absent,
                Some(true) => Presence::Voided,
                Some(false) => Presence::Live,
            };
            presences.insert(id, presence);
        }
        Ok(presences)
    }
}
