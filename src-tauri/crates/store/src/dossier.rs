//! What belongs to an enterprise: its records of every kind, told day by day, counted, and their attachments. Several ids are
//! one enterprise joined by `same_as`; who is joined to whom is `search`'s business.
//!
//! Which kinds belong to an enterprise follows from the core schema: they refer to one, or to a record that does.

use std::collections::BTreeMap;

use domain::schema::FieldType;
use domain::{Record, RecordId};
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::error::Result;
use crate::projection::table;
use crate::reader::{Reader, id_of, record_row};

const ENTERPRISE: &str = "enterprise";

/// A dated field of a kind that a timeline tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSource {
    pub kind: String,
    pub date: String,
}

/// Where an event stands on a timeline; the newest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// Blank for a record none of whose told days is known: these come last.
    pub day: String,
    /// Its place in the list of sources.
    pub source: usize,
    pub n: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub key: EventKey,
    pub record: RecordId,
}

/// An enterprise in figures, voided records left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnterpriseTotals {
    /// Records of each kind that has any.
    pub kinds: BTreeMap<String, u64>,
    pub nonconforming_samples: u64,
    pub open_problems: u64,
    pub penalty_fen: i64,
}

/// The ids of one enterprise as parameters of a statement: first as stored in references, then as texts in lists.
struct Group {
    references: String,
    texts: Vec<String>,
    values: Vec<Sql>,
}

impl Group {
    fn of(members: &[RecordId]) -> Self {
        let count = members.len();
        let marks: Vec<String> = (1..=count).map(|at| format!("?{at}")).collect();
        let references = members.iter().map(|id| Sql::Blob(id.as_bytes().to_vec()));
        let texts = members.iter().map(|id| Sql::Text(id.to_string()));
        Group {
            references: marks.join(", "),
            texts: (count + 1..=2 * count).map(|at| format!("?{at}")).collect(),
            values: references.chain(texts).collect(),
        }
    }

    /// The mark of the parameter `more` places after the group's own.
    fn mark(&self, more: usize) -> String {
        format!("?{}", self.values.len() + more)
    }
}

impl Reader<'_> {
    /// The condition under which a record of this kind, as `alias`, belongs to the group; `None` where none ever does.
    fn belongs(&self, kind: &str, alias: &str, group: &Group) -> Option<String> {
        if kind == ENTERPRISE {
            return None;
        }
        let kind = self.projection.core.kind(kind).filter(|kind| !kind.reserved)?;
        for field in kind.core_fields() {
            match &field.ty {
                FieldType::Ref { to } if to == ENTERPRISE => {
                    return Some(format!("{alias}.\"{}\" IN ({})", field.name, group.references));
                }
                FieldType::Refs { to } if to == ENTERPRISE => {
                    let holds = |mark: &String| format!("instr({alias}.\"{}\", {mark}) > 0", field.name);
                    let any: Vec<String> = group.texts.iter().map(holds).collect();
                    return Some(format!("({})", any.join(" OR ")));
                }
                _ => {}
            }
        }
        let (field, leader) = self.projection.follows(&kind.id)?;
        let inner = self.belongs(leader, &format!("{alias}l"), group)?;
        Some(format!("{alias}.\"{field}\" IN (SELECT {alias}l.id FROM {} {alias}l WHERE {inner})", table(leader)))
    }

    /// The kinds whose records belong to an enterprise.
    pub fn kinds_of_enterprises(&self) -> Vec<&str> {
        let nobody = Group::of(&[]);
        self.projection.kinds().filter(|kind| self.belongs(kind, "p", &nobody).is_some()).collect()
    }

    /// Events of unvoided records of a group, the newest first. A record without any of its days is told once, at the end.
    pub fn events(
        &self,
        members: &[RecordId],
        sources: &[EventSource],
        after: Option<&EventKey>,
        limit: u32,
    ) -> Result<Vec<Event>> {
        let mut group = Group::of(members);
        let Some(union) = self.event_union(sources, &group) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT day, source, n, id FROM ({union}) WHERE (day, source, n) < ({}, {}, {}) \
             ORDER BY day DESC, source DESC, n DESC LIMIT {}",
            group.mark(1),
            group.mark(2),
            group.mark(3),
            group.mark(4),
        );
        // No day is greater than a tilde.
        let (day, source, n) = match after {
            Some(key) => (key.day.clone(), key.source as i64, key.n),
            None => ("~".to_owned(), 0, 0),
        };
        group.values.extend([Sql::Text(day), Sql::Integer(source), Sql::Integer(n), Sql::Integer(i64::from(limit))]);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(group.values))?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            let key = EventKey { day: row.get(0)?, source: row.get::<_, i64>(1)? as usize, n: row.get(2)? };
            events.push(Event { key, record: id_of(row.get(3)?)? });
        }
        Ok(events)
    }

    /// How many events a timeline has in all.
    pub fn event_count(&self, members: &[RecordId], sources: &[EventSource]) -> Result<u64> {
        let mut group = Group::of(members);
        let Some(union) = self.event_union(sources, &group) else { return Ok(0) };
        let sql = format!("SELECT count(*) FROM ({union}) LIMIT {}", group.mark(1));
        group.values.push(Sql::Integer(1));
        let count: i64 = self.conn.prepare_cached(&sql)?.query_row(params_from_iter(group.values), |row| row.get(0))?;
        Ok(count as u64)
    }

    fn event_union(&self, sources: &[EventSource], group: &Group) -> Option<String> {
        let known = |source: &&EventSource| self.projection.storage(&source.kind, &source.date).is_some();
        let mut parts = Vec::new();
        for (at, source) in sources.iter().enumerate().filter(|(_, source)| known(source)) {
            let Some(belongs) = self.belongs(&source.kind, "p", group) else { continue };
            let from = format!("FROM {} p WHERE {belongs} AND p.void = 0", table(&source.kind));
            let date = &source.date;
            parts.push(format!(
                "SELECT p.\"{date}\" AS day, {at} AS source, p.n, p.id {from} AND p.\"{date}\" IS NOT NULL"
            ));
            let of_kind = || sources.iter().filter(known).filter(|other| other.kind == source.kind);
            if of_kind().next() == Some(source) {
                let undated: String = of_kind().map(|other| format!(" AND p.\"{}\" IS NULL", other.date)).collect();
                parts.push(format!("SELECT '', {at}, p.n, p.id {from}{undated}"));
            }
        }
        (!parts.is_empty()).then(|| parts.join(" UNION ALL "))
    }

    pub fn enterprise_totals(&self, members: &[RecordId]) -> Result<EnterpriseTotals> {
        let mut group = Group::of(members);
        // A statement must take every parameter it is given, so that the last one is always the limit.
        let limit = group.mark(1);
        group.values.push(Sql::Integer(1));
        let total = |what: &str, kind: &str, condition: &str| -> Result<i64> {
            let Some(belongs) = self.belongs(kind, "p", &group) else { return Ok(0) };
            let sql =
                format!("SELECT {what} FROM {} p WHERE {belongs} AND p.void = 0{condition} LIMIT {limit}", table(kind));
            let mut statement = self.conn.prepare_cached(&sql)?;
            Ok(statement.query_row(params_from_iter(group.values.iter()), |row| row.get(0))?)
        };
        let mut kinds = BTreeMap::new();
        for kind in self.kinds_of_enterprises() {
            let count = total("count(*)", kind, "")?;
            if count > 0 {
                kinds.insert(kind.to_owned(), count as u64);
            }
        }
        Ok(EnterpriseTotals {
            kinds,
            nonconforming_samples: total("count(*)", "sample", " AND p.result = 'nonconforming'")? as u64,
            open_problems: total("count(*)", "problem", " AND p.state = 'open'")? as u64,
            penalty_fen: total("coalesce(sum(p.penalty_fen), 0)", "case", "")?,
        })
    }

    /// Unvoided records of one kind that belong to a group, the newest first; those only that hold the code, where one is
    /// given.
    pub fn of_enterprise(
        &self,
        members: &[RecordId],
        kind: &str,
        holds: Option<(&str, &str)>,
        limit: u32,
    ) -> Result<Vec<Record>> {
        let mut group = Group::of(members);
        let Some(belongs) = self.belongs(kind, "p", &group) else { return Ok(Vec::new()) };
        let held = match holds {
            Some((field, _)) if self.projection.storage(kind, field).is_some() => {
                format!(" AND p.\"{field}\" = {}", group.mark(2))
            }
            _ => String::new(),
        };
        let sql = format!(
            "SELECT r.id, r.kind, r.office, r.slots FROM {} p JOIN record r ON r.n = p.n \
             WHERE {belongs} AND p.void = 0{held} ORDER BY p.n DESC LIMIT {}",
            table(kind),
            group.mark(1)
        );
        group.values.push(Sql::Integer(i64::from(limit)));
        group.values.extend(holds.filter(|_| !held.is_empty()).map(|(_, code)| Sql::Text(code.to_owned())));
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_and_then(params_from_iter(group.values), record_row)?.collect()
    }

    /// Unvoided attachments of a group and of every record that belongs to it, the newest first.
    pub fn attachments_of_enterprise(&self, members: &[RecordId], limit: u32) -> Result<Vec<Record>> {
        let mut group = Group::of(members);
        let mut owners = vec![format!("p.\"of\" IN ({})", group.references)];
        for kind in self.projection.kinds() {
            if let Some(belongs) = self.belongs(kind, "t", &group) {
                owners.push(format!("p.\"of\" IN (SELECT t.id FROM {} t WHERE {belongs})", table(kind)));
            }
        }
        let sql = format!(
            "SELECT r.id, r.kind, r.office, r.slots FROM {} p JOIN record r ON r.n = p.n \
             WHERE p.void = 0 AND ({}) ORDER BY p.n DESC LIMIT {}",
            table("attachment"),
            owners.join(" OR "),
            group.mark(1)
        );
        group.values.push(Sql::Integer(i64::from(limit)));
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_and_then(params_from_iter(group.values), record_row)?.collect()
    }
}
