//! 收表: the desk of the office that collects. Who owes a report and how far each is, and beside the office's own count what those
//! below have filed.

use campaign::answers::Filling;
use domain::{Date, OfficeCode};
use forms::{FilledCell, FilledForm};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use super::answers::AnswerView;
use super::prepare::{AMOUNT_SCALE, amount, cell, printed};
use super::reports::{FilingState, Standing};
use super::snapshot::Snapshot;
use super::{DueReport, minutes};
use crate::clock::minute;
use crate::failure::{Failure, Outcome};
use crate::forms::filled;
use crate::session::Reading;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CollectView {
    pub campaign: String,
    pub campaign_title: String,
    pub report: String,
    pub zh: String,
    pub en: String,
    pub due: String,
    pub time: Option<String>,
    pub cut_off: String,
    /// One for each office that owes the report, by code.
    pub offices: Vec<CollectLine>,
    /// The cells of its tables in which what they filed adds up to something else than this book counts.
    pub cells: Vec<CollectedCell>,
    /// Cells compared, and offices whose filing is added up.
    pub compared: u32,
    pub added_up: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CollectLine {
    pub office: String,
    pub office_name: String,
    pub state: FilingState,
    pub filing: Option<String>,
    /// By how many minutes it is, or was, late.
    pub late: Option<u64>,
    pub late_reason: String,
    /// By the sender's clock, and by this book's, as `2021-05-27 09:30` in China.
    pub sealed_at: Option<String>,
    pub received_at: Option<String>,
    /// The sender's clock was behind what its book had seen, so that nobody can say whether it is on time.
    pub clock_reason: String,
    pub zero: bool,
    /// How many filings it took the place of.
    pub corrections: u32,
    /// 纸质: entered here for an office that keeps no book.
    pub paper: bool,
    pub filler: String,
    pub phone: String,
    /// When its last package came.
    pub last_package: Option<String>,
    pub answers: Vec<AnswerView>,
    /// It was sealed, and what was sealed is not here or cannot be read.
    pub unreadable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CollectedCell {
    pub form: String,
    pub form_title: String,
    pub row: String,
    pub row_label: String,
    pub column: String,
    pub column_label: String,
    /// What those below filed, added up, and what this book counts, as the table prints them.
    pub filed: String,
    pub counted: String,
}

/// A cell of the collecting office, office by office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CollectedParts {
    pub offices: Vec<CollectedPart>,
    /// What the office's own records count, without those below.
    pub own: String,
    /// What this book counts in all.
    pub counted: String,
    /// What the parts have more than the whole: what counts in several offices and once in all.
    pub doubled: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CollectedPart {
    pub office: String,
    pub office_name: String,
    /// What it filed; none where it did not.
    pub filed: Option<String>,
    /// What this book counts for it now.
    pub counted: String,
    pub filing: Option<String>,
}

impl Reading {
    /// The desk for one report and due day.
    ///
    /// # Errors
    /// `report-unknown`, `report-not-due-then`
    pub fn collect(&self, campaign: &str, report: &str, due: Date) -> Outcome<CollectView> {
        self.read::<_, Failure>(|reader| {
            let task = self.report_task(campaign, report, due)?;
            let mut offices = Vec::new();
            let mut snapshots = Vec::new();
            let filed_on = self.filed_on(reader, &task)?;
            for office in self.offices_owing(reader, task.report)? {
                let standing = self.standing(reader, &task, &filed_on, &office)?;
                let snapshot = match (&standing.sealed, standing.several.len()) {
                    (Some(filing), 0) => Some(self.snapshot_of(reader, filing)),
                    _ => None,
                };
                let unreadable = matches!(snapshot, Some(Err(_)));
                snapshots.extend(snapshot.and_then(Result::ok));
                offices.push(self.collect_line(reader, &task, &office, &standing, unreadable)?);
            }
            let (cells, compared) = self.compare_filed(reader, &task, &snapshots)?;
            Ok(CollectView {
                campaign: task.campaign.id.clone(),
                campaign_title: task.campaign.title.clone(),
                report: task.report.id.clone(),
                zh: task.report.zh.clone(),
                en: task.report.en.clone(),
                due: task.due.on.to_string(),
                time: task.due.time.clone(),
                cut_off: task.due.cut_off.to_string(),
                offices,
                cells,
                compared,
                added_up: snapshots.len() as u32,
            })
        })
    }

    fn collect_line(
        &self,
        reader: &Reader,
        task: &DueReport,
        office: &OfficeCode,
        standing: &Standing,
        unreadable: bool,
    ) -> Outcome<CollectLine> {
        let filing = standing.sealed.as_ref();
        let text = |pick: fn(&super::Filing) -> &String| filing.map(pick).cloned().unwrap_or_default();
        let author = match filing {
            Some(filing) => reader.first_author(filing.id)?,
            None => None,
        };
        let received = match filing {
            Some(filing) => reader.received_at(filing.id)?,
            None => None,
        };
        // Whoever filled in the last report is who is rung up when the next is missing.
        let previous = match filing {
            Some(_) => None,
            None => self.previous_filing(reader, &task.campaign.id, &task.report.id, office, task.due.on)?,
        };
        let contact =
            |pick: fn(&super::Filing) -> &String| filing.or(previous.as_ref()).map(pick).cloned().unwrap_or_default();
        Ok(CollectLine {
            office: office.to_string(),
            office_name: self.name_of(reader, office)?,
            state: standing.state,
            filing: standing.filing.map(|id| id.to_string()),
            late: standing.late_millis.map(minutes),
            late_reason: text(|filing| &filing.late_reason),
            sealed_at: filing.and_then(|filing| filing.sealed_at).map(minute),
            received_at: received.map(minute),
            clock_reason: text(|filing| &filing.clock_reason),
            zero: filing.is_some_and(|filing| filing.zero),
            corrections: standing.superseded as u32,
            paper: author.is_some_and(|author| author != *office),
            filler: contact(|filing| &filing.filler),
            phone: contact(|filing| &filing.phone),
            last_package: reader.last_package_from(office)?.map(minute),
            answers: standing.answers.clone(),
            unreadable,
        })
    }

    /// The cells in which the filings add up to something else than is counted here, and how many were compared.
    fn compare_filed(
        &self,
        reader: &Reader,
        task: &DueReport,
        snapshots: &[Snapshot],
    ) -> Outcome<(Vec<CollectedCell>, u32)> {
        let (mut cells, mut compared) = (Vec::new(), 0);
        if snapshots.is_empty() {
            return Ok((cells, compared));
        }
        for form in task.forms() {
            let filling = Filling::to_count(&form.id, self.office().clone(), task.due.cut_off);
            let counted = filled(self.library(), reader, task.campaign, form, &filling)?;
            if counted.stub.is_none() {
                continue;
            }
            for (at, row) in counted.rows.iter().enumerate() {
                for column in &counted.columns {
                    let here = cell(&counted, &row.id, &column.id);
                    let Some(value) = amount(here) else { continue };
                    compared += 1;
                    let filed = filed_sum(snapshots, &form.id, &row.id, &column.id);
                    if filed != value {
                        cells.push(CollectedCell {
                            form: form.id.clone(),
                            form_title: form.title.clone(),
                            row: row.id.clone(),
                            row_label: counted.row_name(at),
                            column: column.id.clone(),
                            column_label: column.path.join(" · "),
                            filed: decimal(filed),
                            counted: here.map(FilledCell::text).unwrap_or_default().to_owned(),
                        });
                    }
                }
            }
        }
        Ok((cells, compared))
    }

    /// One cell, office by office: what each filed, and what is counted for it now.
    ///
    /// # Errors
    /// `report-unknown`, `report-not-due-then`, `form-unknown`
    pub fn collected_parts(
        &self,
        (campaign, report, due): (&str, &str, Date),
        form: &str,
        row: &str,
        column: &str,
    ) -> Outcome<CollectedParts> {
        self.read::<_, Failure>(|reader| {
            let task = self.report_task(campaign, report, due)?;
            let known = task.forms().into_iter().find(|known| known.id == form);
            let form = known.ok_or_else(|| domain::Notice::new("form-not-in-filing").with("form", form))?;
            let count = |office: &OfficeCode| -> Outcome<FilledForm> {
                let filling = Filling::to_count(&form.id, office.clone(), task.due.cut_off);
                filled(self.library(), reader, task.campaign, form, &filling)
            };
            let whole = count(self.office())?;
            let (mut offices, mut parts) = (Vec::new(), 0_i128);
            let filed_on = self.filed_on(reader, &task)?;
            for office in self.offices_owing(reader, task.report)? {
                let standing = self.standing(reader, &task, &filed_on, &office)?;
                let counted = count(&office)?;
                parts = parts.saturating_add(amount(cell(&counted, row, column)).unwrap_or(0));
                let snapshot = match &standing.sealed {
                    Some(filing) if standing.several.is_empty() => self.snapshot_of(reader, filing).ok(),
                    _ => None,
                };
                let filed =
                    snapshot.as_ref().and_then(|snapshot| snapshot.forms.iter().find(|known| known.form == form.id));
                offices.push(CollectedPart {
                    office: office.to_string(),
                    office_name: self.name_of(reader, &office)?,
                    filed: filed.map(|filed| printed(filed, row, column).to_owned()),
                    counted: printed(&counted, row, column).to_owned(),
                    filing: standing.sealed.map(|filing| filing.id.to_string()),
                });
            }
            let in_all = amount(cell(&whole, row, column)).unwrap_or(0);
            let (own, doubled) = if parts > in_all { (0, parts - in_all) } else { (in_all - parts, 0) };
            Ok(CollectedParts {
                offices,
                own: decimal(own),
                counted: printed(&whole, row, column).to_owned(),
                doubled: decimal(doubled),
            })
        })
    }
}

/// What the filings say of a cell, added up.
fn filed_sum(snapshots: &[Snapshot], form: &str, row: &str, column: &str) -> i128 {
    let said = snapshots.iter().filter_map(|snapshot| {
        let form = snapshot.forms.iter().find(|known| known.form == form)?;
        amount(cell(form, row, column))
    });
    said.fold(0, i128::saturating_add)
}

/// An amount, written out without zeros at its end.
fn decimal(value: i128) -> String {
    let unit = 10_u128.pow(AMOUNT_SCALE);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{part:0width$}", width = AMOUNT_SCALE as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn an_amount_is_written_without_zeros_at_its_end() {
        for (value, text) in [
            (0, "0"),
            (125_000_000, "1.25"),
            (-10_000, "-0.0001"),
            (700_000_000, "7"),
            (100_000_000, "1"),
            (1, "0.00000001"),
        ] {
            assert_eq!(decimal(value), text);
        }
    }
}
