//! What has to be done by a day: records that wait for a later one (a re-check, a result, a publication). It knows which
//! column a term runs from and what ends the waiting; how long a term is, and what day it ends, is told.
//!
//! Each list is read along a partial index that holds the waiting records only, in the order of their day: neither a page nor
//! a count looks at what is done with.

use domain::schema::FieldType;
use domain::{Date, OfficeCode, RecordId};
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use crate::error::Result;
use crate::projection::table;
use crate::reader::{Reader, id_of};

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// An inspection's order to rectify, by `rectify_by`: nobody has looked again. A problem that is still open and has a day
    /// of its own is listed as that problem instead.
    Recheck,
    /// An open problem, by `due_on`.
    Problem,
    /// A disposal's rectification, by `rectify_by`: not re-inspected.
    Reinspection,
    /// A sample without a result, from `sampled_on`.
    Result,
    /// A penalty that is not published, from `penalty_on`.
    Publication,
    /// A remark of the upper office nobody answered. It names no day.
    Review,
    /// A nonconforming batch nothing was done about, from `reported_on`.
    Disposal,
    /// 公示: a nonconforming batch that is not announced, from `reported_on`.
    Announcement,
    /// 通报: one that no other department was told of, likewise.
    Sharing,
    /// Flows of a batch of which some are not handled, from `stop_sale_on`.
    Flow,
    /// A recall whose effect nobody has judged, from `started_on`.
    Recall,
    /// A clue that concerns exports or another department and was not handed over, from `received_on`.
    Handover,
    /// 挂牌督办: a supervised case, by `supervised_until`: not closed.
    Supervision,
    /// 回头看: a batch that passed its re-inspection, from that day: no look-back at the enterprise since.
    LookBack,
    /// What a field set says expires, such as a certificate, by the earliest day of a record.
    Expiry,
}

/// A field of a field set that holds a day something expires, or objects with such a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    pub kind: String,
    pub field: String,
    pub member: Option<String>,
}

impl Due {
    pub const ALL: [Due; 15] = [
        Due::Problem,
        Due::Recheck,
        Due::Disposal,
        Due::Flow,
        Due::Reinspection,
        Due::LookBack,
        Due::Result,
        Due::Announcement,
        Due::Sharing,
        Due::Supervision,
        Due::Publication,
        Due::Recall,
        Due::Handover,
        Due::Expiry,
        Due::Review,
    ];

    /// The kind that waits, the column of its day, and the index that holds those that wait.
    fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Due::Recheck => ("inspection", "p.rectify_by", "p_inspection_rectify_by"),
            Due::Problem => ("problem", "p.due_on", "p_problem_open"),
            Due::Reinspection => ("disposal", "p.rectify_by", "p_disposal_rectify_by"),
            Due::Result => ("sample", "p.sampled_on", "p_sample_pending"),
            Due::Publication => ("case", "p.penalty_on", "p_case_unpublished"),
            Due::Review => ("review", "''", "p_review_open"),
            Due::Disposal | Due::Announcement | Due::Sharing => ("sample", "p.reported_on", "p_sample_nonconforming"),
            Due::Flow => ("disposal", "p.stop_sale_on", "p_disposal_flows"),
            Due::Recall => ("recall", "p.started_on", "p_recall_effect"),
            Due::Handover => ("clue", "p.received_on", "p_clue_handover"),
            Due::Supervision => ("case", "p.supervised_until", "p_case_supervised"),
            Due::LookBack => ("disposal", "p.reinspected_on", "p_disposal_passed"),
            // Of several kinds, and along no index: few records hold such a day.
            Due::Expiry => ("", "p.day", ""),
        }
    }

    /// What holds of a record that waits. The first test is word for word that of the index.
    fn waits(self) -> &'static str {
        match self {
            Due::Recheck => {
                "p.void = 0 AND p.rectify_by IS NOT NULL \
                 AND NOT coalesce((SELECT max(q.state IS 'open' AND q.due_on IS NOT NULL) OR min(q.state IS 'verified') \
                   FROM p_problem q WHERE q.inspection = p.id AND q.void = 0), 0) \
                 AND NOT EXISTS (SELECT 1 FROM p_inspection f WHERE f.follow_up_of = p.id AND f.void = 0) \
                 AND NOT EXISTS (SELECT 1 FROM p_inspection f INDEXED BY p_inspection_recheck \
                   WHERE f.enterprise = p.enterprise AND f.void = 0 AND f.mode = 'recheck' AND f.date > p.date) \
                 AND NOT EXISTS (SELECT 1 FROM joined j CROSS JOIN p_inspection f INDEXED BY p_inspection_recheck \
                   WHERE j.root = coalesce((SELECT root FROM joined WHERE member = p.enterprise), p.enterprise) \
                   AND f.enterprise IN (j.member, j.root) AND f.void = 0 AND f.mode = 'recheck' AND f.date > p.date)"
            }
            Due::Problem => "p.void = 0 AND p.due_on IS NOT NULL AND p.state = 'open'",
            Due::Reinspection => "p.void = 0 AND p.rectify_by IS NOT NULL AND p.reinspected_on IS NULL",
            Due::Result => "p.void = 0 AND p.result = 'pending'",
            Due::Publication => "p.void = 0 AND p.penalty_on IS NOT NULL AND p.published_on IS NULL",
            Due::Review => "p.void = 0 AND p.state = 'open'",
            Due::Disposal => {
                "p.void = 0 AND p.result = 'nonconforming' AND p.reported_on IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM p_disposal d WHERE d.sample = p.id AND d.void = 0)"
            }
            Due::Announcement => {
                "p.void = 0 AND p.result = 'nonconforming' AND p.reported_on IS NOT NULL AND p.announced_on IS NULL"
            }
            Due::Sharing => {
                "p.void = 0 AND p.result = 'nonconforming' AND p.reported_on IS NOT NULL AND p.shared_on IS NULL"
            }
            Due::Flow => {
                "p.void = 0 AND p.flows IS NOT NULL AND p.stop_sale_on IS NOT NULL AND EXISTS \
                 (SELECT 1 FROM json_each(p.flows) f WHERE coalesce(json_extract(f.value, '$.handled'), 0) = 0)"
            }
            Due::Recall => "p.void = 0 AND (p.effect IS NULL OR p.effect = 'pending')",
            Due::Handover => "p.void = 0 AND p.handed_on IS NULL AND (p.\"export\" = 1 OR p.handed_to IS NOT NULL)",
            Due::Supervision => "p.void = 0 AND p.supervised_until IS NOT NULL AND p.closed_on IS NULL",
            Due::LookBack => {
                "p.void = 0 AND p.reinspection = 'pass' AND p.reinspected_on IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM p_sample s CROSS JOIN p_inspection f INDEXED BY p_inspection_lookback \
                   WHERE s.id = p.sample AND f.enterprise = s.enterprise AND f.void = 0 AND f.mode = 'lookback' \
                   AND f.date > p.reinspected_on) \
                 AND NOT EXISTS (SELECT 1 FROM p_sample s CROSS JOIN joined j \
                   CROSS JOIN p_inspection f INDEXED BY p_inspection_lookback \
                   WHERE s.id = p.sample AND j.root = coalesce((SELECT root FROM joined WHERE member = s.enterprise), s.enterprise) \
                   AND f.enterprise IN (j.member, j.root) AND f.void = 0 AND f.mode = 'lookback' AND f.date > p.reinspected_on)"
            }
            Due::Expiry => "p.day IS NOT NULL",
        }
    }

    /// The record to open, and whose enterprise it is about.
    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Due::Reinspection | Due::Flow | Due::LookBack => {
                ("p.id", "s.enterprise", "LEFT JOIN p_sample s ON s.id = p.sample")
            }
            Due::Review => ("p.\"of\"", "NULL", ""),
            _ => ("p.id", "p.enterprise", ""),
        }
    }
}

/// Where a page of a list ended: the day and the row number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMark {
    pub day: String,
    pub n: i64,
}

#[derive(Debug, Clone)]
pub struct DueQuery {
    pub due: Due,
    /// Only what counts for one of these campaigns. Reviews are about records of any.
    pub campaigns: Option<Vec<String>>,
    /// The fields that [`Due::Expiry`] looks at.
    pub expiring: Vec<Expiring>,
    /// The latest day of the records' own; reviews have none.
    pub last: Date,
    pub after: Option<DueMark>,
    pub limit: u32,
}

/// One record that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRecord {
    /// The one that waits.
    pub record: RecordId,
    /// The one to open: what a review is about, else the record itself.
    pub open: RecordId,
    pub office: OfficeCode,
    /// As recorded, not as joined.
    pub enterprise: Option<RecordId>,
    /// The day its term runs from, or ends.
    pub day: Option<Date>,
    pub mark: DueMark,
}

/// How many wait, and of how many the day was on or before the earlier of two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DueCount {
    pub all: u64,
    pub over: u64,
}

impl Reader<'_> {
    /// One page of what waits, the earliest day first.
    pub fn due(&self, query: &DueQuery) -> Result<Vec<DueRecord>> {
        let (_, day, _) = query.due.place();
        let (open, enterprise, join) = query.due.about();
        let mut values = Vec::new();
        let mut condition = self.due_condition(query, &mut values);
        if let Some(DueMark { day: after, n }) = &query.after {
            condition.push_str(&format!(" AND ({day}, p.n) > (?, ?)"));
            values.extend([Sql::Text(after.clone()), Sql::Integer(*n)]);
        }
        let sql = format!(
            "SELECT p.id, {open}, p.office, {enterprise}, {day}, p.n FROM {} {join} WHERE {condition} ORDER BY {day}, p.n LIMIT ?",
            self.source(query)
        );
        values.push(Sql::Integer(i64::from(query.limit)));
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement.query_and_then(params_from_iter(values), due_record)?.collect()
    }

    /// How many wait up to the query's last day, and up to `over`, whatever its page.
    pub fn due_count(&self, query: &DueQuery, over: Date) -> Result<DueCount> {
        let (_, day, _) = query.due.place();
        let mut values = vec![Sql::Text(over.to_string())];
        let condition = self.due_condition(query, &mut values);
        let over = if query.due == Due::Review { "?1 IS NULL".to_owned() } else { format!("{day} <= ?1") };
        let from = self.source(query);
        let sql = format!("SELECT count(*), coalesce(sum({over}), 0) FROM {from} WHERE {condition}");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let count = statement.query_row(params_from_iter(values), |row| {
            Ok(DueCount { all: row.get::<_, i64>(0)? as u64, over: row.get::<_, i64>(1)? as u64 })
        })?;
        Ok(count)
    }

    fn due_condition(&self, query: &DueQuery, values: &mut Vec<Sql>) -> String {
        let (kind, day, _) = query.due.place();
        let mut condition = query.due.waits().to_owned();
        if query.due != Due::Review {
            condition.push_str(&format!(" AND {day} <= ?"));
            values.push(Sql::Text(query.last.to_string()));
            if let Some(campaigns) = &query.campaigns {
                let any: Vec<String> = campaigns.iter().map(|_| self.counts_for(kind)).collect();
                condition.push_str(&format!(" AND ({})", any.join(" OR ")));
                values.extend(campaigns.iter().map(|campaign| Sql::Text(format!("|{campaign}|"))));
            }
        }
        condition
    }

    fn source(&self, query: &DueQuery) -> String {
        let (kind, _, index) = query.due.place();
        if query.due != Due::Expiry {
            return format!("{} p INDEXED BY \"{index}\"", table(kind));
        }
        let parts: Vec<String> = query.expiring.iter().filter_map(|expiring| self.expiring(expiring)).collect();
        format!("({}) p", parts.join(" UNION ALL "))
    }

    /// The records of a kind that hold such a day, each with the earliest.
    fn expiring(&self, Expiring { kind, field, member }: &Expiring) -> Option<String> {
        let definition = self.projection.core.kind(kind)?;
        let day = match member {
            None => format!("json_extract(p.extra, '$.\"{field}\"')"),
            Some(member) => format!(
                "(SELECT min(json_extract(i.value, '$.\"{member}\"')) FROM json_each(p.extra, '$.\"{field}\"') i)"
            ),
        };
        let about = match definition.field("enterprise") {
            _ if kind == "enterprise" => "p.id",
            Some(_) => "p.enterprise",
            None => "NULL",
        };
        // Help whose outcome is written down has come to its end.
        let over = definition.field("outcome").is_some_and(|outcome| outcome.ty == FieldType::LongText);
        let open = if over { " AND p.outcome IS NULL" } else { "" };
        Some(format!(
            "SELECT p.n, p.id, p.office, p.campaigns, {about} AS enterprise, {day} AS day FROM {} p \
             WHERE p.void = 0 AND instr(p.extra, '\"{field}\"') > 0{open}",
            table(kind)
        ))
    }

    /// The campaigns the newest records count for, with how many of them do: at most `each` of every kind are looked at.
    pub fn recent_campaigns(&self, each: u32) -> Result<std::collections::BTreeMap<String, u64>> {
        let mut found = std::collections::BTreeMap::new();
        for kind in self.projection.kinds() {
            let sql = format!("SELECT campaigns FROM {} WHERE void = 0 ORDER BY n DESC LIMIT ?", table(kind));
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query([each])?;
            while let Some(row) = rows.next()? {
                let codes: String = row.get(0)?;
                for campaign in codes.split('|').filter(|code| !code.is_empty()) {
                    *found.entry(campaign.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(found)
    }
}

fn due_record(row: &Row) -> Result<DueRecord> {
    let record = id_of(row.get(0)?)?;
    let open = row.get::<_, Option<Vec<u8>>>(1)?.map(id_of).transpose()?;
    let day: String = row.get(4)?;
    Ok(DueRecord {
        record,
        open: open.unwrap_or(record),
        office: row.get::<_, String>(2)?.parse()?,
        enterprise: row.get::<_, Option<Vec<u8>>>(3)?.map(id_of).transpose()?,
        day: day.parse().ok(),
        mark: DueMark { day, n: row.get(5)? },
    })
}
