//! Pages of records for lists and pickers. A page is reached by key, or by the number of its first row through marks that one
//! pass over the list has set: never by counting rows off from the beginning, so that the last page costs what the first does.

use domain::{Date, OfficeCode, Record, RecordId};
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::error::Result;
use crate::projection::{Storage, table};
use crate::reader::{Reader, id_of, record_row, slots_of};

/// What to list. Everything is optional but the kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// Words the records are found by, as [`Reader::search`] finds them; blank for all.
    pub text: String,
    /// The date field the rows are in the order of; `None` for the order in which they were first recorded here.
    pub sort: Option<String>,
    /// Otherwise the newest come first.
    pub oldest_first: bool,
    /// The key the last page of [`Reader::list`] ended with, which is always newest first.
    pub after: Option<i64>,
    pub limit: u32,
}

/// Every so many rows a mark is set; what lies between two marks is walked over.
const MARK_EVERY: usize = 128;

/// Where a list's rows stand, so that any of them can be reached by its number. Holds for as long as the book is as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListMarks {
    /// How many rows there are.
    pub total: u64,
    marks: Vec<Mark>,
}

/// The key of a row: its day where the list is sorted by one, and its key in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    day: Option<String>,
    n: i64,
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

    /// Passes over the whole list once, counting it and setting marks.
    pub fn list_marks(&self, query: &ListQuery) -> Result<ListMarks> {
        let mut marks = ListMarks::default();
        let Some(order) = self.order(query) else { return Ok(marks) };
        let (condition, values) = self.list_condition(query);
        let mut statement = self.conn.prepare_cached(&order.select(&query.kind, &condition, ""))?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if marks.total.is_multiple_of(MARK_EVERY as u64) {
                marks.marks.push(Mark { n: row.get(0)?, day: row.get(1)? });
            }
            marks.total += 1;
        }
        Ok(marks)
    }

    /// At most `query.limit` records from the row numbered `first` on, from 0. The marks are of this query and of the book as
    /// it is.
    pub fn list_at(&self, query: &ListQuery, marks: &ListMarks, first: u64) -> Result<Vec<Record>> {
        let mark = marks.marks.get(usize::try_from(first).unwrap_or(usize::MAX) / MARK_EVERY);
        let (Some(order), Some(mark)) = (self.order(query), mark) else { return Ok(Vec::new()) };
        let mut skip = first as usize % MARK_EVERY;
        let mut found: Vec<i64> = Vec::with_capacity(query.limit as usize);
        for (zone, keys) in order.zones_from(mark) {
            let (condition, mut values) = self.list_condition(query);
            values.extend(keys);
            values.push(Sql::Integer((skip + query.limit as usize - found.len()) as i64));
            let sql = order.select(&query.kind, &format!("{condition} AND {zone}"), " LIMIT ?");
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                if skip > 0 {
                    skip -= 1;
                } else {
                    found.push(row.get(0)?);
                }
            }
            if found.len() >= query.limit as usize {
                break;
            }
        }
        let mut read = self.conn.prepare_cached("SELECT id, kind, office, slots FROM record WHERE n = ?")?;
        let mut records = Vec::with_capacity(found.len());
        for n in found {
            records.extend(read.query_and_then([n], record_row)?.next().transpose()?);
        }
        Ok(records)
    }

    fn order(&self, query: &ListQuery) -> Option<Order> {
        if !self.projection.knows(&query.kind) {
            return None;
        }
        let day = query.sort.clone().filter(|field| self.projection.storage(&query.kind, field) == Some(Storage::Text));
        Some(Order { day, oldest_first: query.oldest_first })
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
        if let Some(ways) = self.ways(&query.kind, &query.text) {
            // Words that nothing can be found by find nothing.
            let any: Vec<String> = ways.iter().map(|way| way.keys()).chain(["SELECT NULL".to_owned()]).collect();
            condition.push_str(&format!(" AND p.n IN ({})", any.join(" UNION ALL ")));
            values.extend(ways.into_iter().flat_map(|way| way.values));
        }
        if let Some(enterprise) = query.enterprise {
            match self.projection.storage(&query.kind, "enterprise") {
                Some(Storage::Reference) => {
                    // Those joined to it are it: what is listed is what its file counts.
                    let root = "coalesce((SELECT root FROM joined WHERE member = ?), ?)";
                    let group = format!("SELECT {root} UNION SELECT member FROM joined WHERE root = {root}");
                    condition.push_str(&format!(" AND p.enterprise IN ({group})"));
                    values.extend(std::iter::repeat_n(Sql::Blob(enterprise.as_bytes().to_vec()), 4));
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

/// In which order rows stand. A day that is not known comes before every day, as SQLite sorts it.
struct Order {
    day: Option<String>,
    oldest_first: bool,
}

impl Order {
    fn select(&self, kind: &str, condition: &str, limit: &str) -> String {
        let table = table(kind);
        let way = if self.oldest_first { "ASC" } else { "DESC" };
        match &self.day {
            None => format!("SELECT p.n, NULL FROM {table} p WHERE {condition} ORDER BY p.n {way}{limit}"),
            Some(day) => format!(
                "SELECT p.n, p.\"{day}\" FROM {table} p WHERE {condition} ORDER BY p.\"{day}\" {way}, p.n {way}{limit}"
            ),
        }
    }

    /// The rows from a mark on as conditions, each of which an index answers in order; one after the other they are the list.
    fn zones_from(&self, mark: &Mark) -> Vec<(String, Vec<Sql>)> {
        let beyond = if self.oldest_first { ">=" } else { "<=" };
        let n = Sql::Integer(mark.n);
        let Some(day) = &self.day else { return vec![(format!("p.n {beyond} ?"), vec![n])] };
        let undated = |rest: &str| format!("p.\"{day}\" IS NULL{rest}");
        match (&mark.day, self.oldest_first) {
            (Some(from), oldest_first) => {
                let keys = vec![Sql::Text(from.clone()), n];
                let mut zones = vec![(format!("(p.\"{day}\", p.n) {beyond} (?, ?)"), keys)];
                if !oldest_first {
                    zones.push((undated(""), Vec::new()));
                }
                zones
            }
            (None, true) => vec![(undated(" AND p.n >= ?"), vec![n]), (format!("p.\"{day}\" IS NOT NULL"), Vec::new())],
            (None, false) => vec![(undated(" AND p.n <= ?"), vec![n])],
        }
    }
}
