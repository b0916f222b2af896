//! The filings a package brings, for whoever takes it in.

use campaign::Library;
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use super::{Filing, minutes};
use crate::failure::Outcome;

/// A sealed filing in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FilingLine {
    pub id: String,
    pub office: String,
    pub office_name: String,
    /// `ln-2020/weekly`, and what the campaign file calls it; its id where this book knows no such report.
    pub report: String,
    pub zh: String,
    pub en: String,
    pub due: String,
    /// 更正: it takes the place of an earlier one.
    pub corrects: bool,
    /// By how many minutes it is late; none where it is not, or where this book does not know the hour.
    pub late: Option<u64>,
    pub zero: bool,
}

/// The sealed filings a package was the first to bring, by due day.
pub(crate) fn brought(reader: &Reader, library: &Library, package: i64) -> Outcome<Vec<FilingLine>> {
    let mut lines = Vec::new();
    for record in reader.filings_brought(package)? {
        let filing = Filing::of(&record)?;
        let known = library.campaign(&filing.campaign);
        let report = known.and_then(|campaign| campaign.reports.iter().find(|report| report.id == filing.report));
        let due = report.and_then(|report| report.schedule.due_between(filing.due, filing.due).pop());
        let name = match reader.office_name(&filing.office)? {
            Some(name) => Some(name),
            None => reader.office(&filing.office)?.map(|office| office.name),
        };
        let division = || library.divisions().name(filing.office.as_str()).map(str::to_owned);
        lines.push(FilingLine {
            id: filing.id.to_string(),
            office_name: name.or_else(division).unwrap_or_else(|| filing.office.to_string()),
            office: filing.office.to_string(),
            zh: report.map_or_else(|| filing.report.clone(), |report| report.zh.clone()),
            en: report.map_or_else(|| filing.report.clone(), |report| report.en.clone()),
            report: format!("{}/{}", filing.campaign, filing.report),
            due: filing.due.to_string(),
            corrects: !filing.corrects.is_empty(),
            late: due.and_then(|due| filing.is_late(due.time.as_deref())).map(minutes),
            zero: filing.zero,
        });
    }
    Ok(lines)
}
