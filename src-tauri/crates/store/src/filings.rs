//! Filings of a report, what was answered to them and when they came.

use domain::filing::{ANSWER, FILING};
use domain::{Date, OfficeCode, Record, RecordId};
use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::reader::{FOLDED, Reader, id_of};

/// What an office says of a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    pub record: Record,
    /// The office of whoever wrote it; `None` where the device is not known yet.
    pub author: Option<OfficeCode>,
}

impl Reader<'_> {
    /// Every filing of a report that is not void, by due day and in the order they came into the book; of one day, where it is
    /// given.
    pub fn filings(&self, campaign: &str, report: &str, due: Option<Date>) -> Result<Vec<Record>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM p_submission WHERE campaign = ?1 AND report = ?2 AND (?3 IS NULL OR due = ?3) AND void = 0 \
             ORDER BY due, n",
        )?;
        let due = due.map(|due| due.to_string());
        let ids = statement.query_and_then(params![campaign, report, due], |row| id_of(row.get(0)?))?;
        let mut filings = Vec::new();
        for id in ids.collect::<Result<Vec<_>>>()? {
            filings.extend(self.record(id)?.filter(|record| record.kind == FILING));
        }
        Ok(filings)
    }

    /// The sealed filings that a package was the first to bring, by due day.
    pub fn filings_brought(&self, package: i64) -> Result<Vec<Record>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT f.id, f.due FROM revision v JOIN p_submission f ON f.id = v.record \
             WHERE v.package = ? AND f.state = 'sealed' AND f.void = 0 ORDER BY f.due, f.id",
        )?;
        let ids = statement.query_and_then([package], |row| id_of(row.get(0)?))?.collect::<Result<Vec<_>>>()?;
        let mut filings = Vec::new();
        for id in ids {
            filings.extend(self.record(id)?);
        }
        Ok(filings)
    }

    /// What was answered to a filing, in the order it came into the book.
    pub fn answers(&self, filing: RecordId) -> Result<Vec<AnswerRow>> {
        let mut answers = Vec::new();
        for record in self.referring(ANSWER, "of", filing)?.into_iter().filter(|record| record.void.is_none()) {
            let author = self.first_author(record.id)?;
            answers.push(AnswerRow { record, author });
        }
        Ok(answers)
    }

    /// The office of the device that wrote a record first.
    pub fn first_author(&self, record: RecordId) -> Result<Option<OfficeCode>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT s.author FROM revision v JOIN stream s ON s.id = v.stream \
             WHERE v.record = ? AND v.state = {FOLDED} ORDER BY v.n LIMIT 1"
        ))?;
        let author: Option<String> = statement.query_row([record.as_bytes()], |row| row.get(0)).optional()?;
        Ok(author.and_then(|author| author.parse().ok()))
    }

    /// When the last of a record came in a package, in milliseconds since 1970; `None` for one written here.
    pub fn received_at(&self, record: RecordId) -> Result<Option<u64>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT max(p.at) FROM revision v JOIN package p ON p.id = v.package WHERE v.record = ? AND v.state = {FOLDED}"
        ))?;
        let at: Option<i64> = statement.query_row([record.as_bytes()], |row| row.get(0))?;
        Ok(at.map(|at| at as u64))
    }

    /// When the last package of an office came, in milliseconds since 1970.
    pub fn last_package_from(&self, office: &OfficeCode) -> Result<Option<u64>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT max(at) FROM package WHERE office = ? AND direction = 'in' AND state = 'applied'")?;
        let at: Option<i64> = statement.query_row([office.as_str()], |row| row.get(0))?;
        Ok(at.map(|at| at as u64))
    }
}
