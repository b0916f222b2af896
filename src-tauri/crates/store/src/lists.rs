//! Pages of records for lists and pickers: by keyset, never by offset, so that the last page costs what the first one does.

use domain::{Date, OfficeCode, Record, RecordId};
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::error::Result;
use crate::projection::{Storage, table};
use crate::reader::{Reader, id_of, slots_of};

/// What to list. Everything is optional but the kind.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    pub kind: String,
    /// This office and those below it.
    pub office: Option<OfficeCode>,
    pub campaign: Option<String>,
    pub enterprise: Option<RecordId>,
    /// Code fields that must hold this code; of a set, one element.
    pub codes: Vec<(String, String)>,
    /// The kind's date field, and the days it may lie on.
    pub date_field: Option<String>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub with_voided: bool,
    /// The row number the last page ended with; newest first.
    pub after: Option<i64>,
    pub limit: u32,
}

#[derive(Debug, Clone)]
pub struct ListPage {
    pub records: Vec<Record>,
    /// Pass as `after` for the next page; `None` at the end.
    pub next: Option<i64>,
}

impl Reader<'_> {
    pub fn list(&self, query: &ListQuery) -> Result<ListPage> {
        if !self.projection.knows(&query.kind) {
            return Ok(ListPage { records: Vec::new(), next: None });
        }
        let (condition, mut values) = self.list_condition(query);
        let sql = format!(
            "SELECT p.n, r.id, r.kind, r.office, r.slots FROM {} p JOIN record r ON r.n = p.n \
             WHERE {condition} AND p.n < ? ORDER BY p.n DESC LIMIT ?",
            table(&query.kind)
        );
        values.push(Sql::Integer(query.after.unwrap_or(i64::MAX)));
        values.push(Sql::Integer(i64::from(query.limit) + 1));
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut page = ListPage { records: Vec::new(), next: None };
        let mut last = None;
        while let Some(row) = rows.next()? {
            if page.records.len() == query.limit as usize {
                page.next = last;
                break;
            }
            last = Some(row.get(0)?);
            let office: String = row.get(3)?;
            page.records.push(Record::from_slots(
                id_of(row.get(1)?)?,
                &row.get::<_, String>(2)?,
                &office.parse()?,
                &slots_of(&row.get::<_, String>(4)?)?,
            ));
        }
        Ok(page)
    }

    /// How many records a list would show in all.
    pub fn list_count(&self, query: &ListQuery) -> Result<u64> {
        if !self.projection.knows(&query.kind) {
            return Ok(0);
        }
        let (condition, values) = self.list_condition(query);
        let sql = format!("SELECT count(*) FROM {} p WHERE {condition}", table(&query.kind));
        let count: i64 = self.conn.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
        Ok(count as u64)
    }

    fn list_condition(&self, query: &ListQuery) -> (String, Vec<Sql>) {
        let mut condition = String::from("1");
        let mut values = Vec::new();
        let mut and = |test: &str, value: String| {
            condition.push_str(" AND ");
            condition.push_str(test);
            values.push(Sql::Text(value));
        };
        match query.office.as_ref().map(|office| (office.prefix(), office)) {
            Some((Some(prefix), _)) => and("substr(p.office, 1, length(?1)) = ?1", prefix.to_owned()),
            Some((None, office)) => and("p.office = ?", office.to_string()),
            None => and("? = ''", String::new()),
        }
        if let Some(campaign) = &query.campaign {
            let test = self.counts_for(&query.kind);
            and(&test, format!("|{campaign}|"));
        }
        for (field, code) in &query.codes {
            match self.projection.storage(&query.kind, field) {
                Some(Storage::Codes) => and(&format!("instr(p.\"{field}\", ?) > 0"), format!("|{code}|")),
                Some(Storage::Text) => and(&format!("p.\"{field}\" = ?"), code.clone()),
                _ => and("? IS NULL", code.clone()),
            }
        }
        let dated = query.date_field.as_deref().filter(|field| self.projection.storage(&query.kind, field).is_some());
        if let Some(field) = dated {
            if let Some(from) = query.from {
                and(&format!("p.\"{field}\" >= ?"), from.to_string());
            }
            if let Some(to) = query.to {
                and(&format!("p.\"{field}\" <= ?"), to.to_string());
            }
        }
        if let Some(enterprise) = query.enterprise {
            match self.projection.storage(&query.kind, "enterprise") {
                Some(Storage::Reference) => {
                    condition.push_str(" AND p.enterprise = ?");
                    values.push(Sql::Blob(enterprise.as_bytes().to_vec()));
                }
                _ => condition.push_str(" AND 0"),
            }
        }
        if !query.with_voided {
            condition.push_str(" AND p.void = 0");
        }
        (condition, values)
    }

    /// Whether a record, named `p`, counts for the campaign whose mark is the next parameter. What follows another record
    /// counts for that one's campaigns, and has none of its own.
    pub(crate) fn counts_for(&self, kind: &str) -> String {
        match self.projection.follows(kind) {
            Some((field, leader)) => format!(
                "EXISTS (SELECT 1 FROM {} l WHERE l.id = p.\"{field}\" AND instr(l.campaigns, ?) > 0)",
                table(leader)
            ),
            None => "instr(p.campaigns, ?) > 0".to_owned(),
        }
    }
}
