//! Packages and what became of our records, with the names a person reads.

use serde::Serialize;
use ts_rs::TS;

use super::PackageView;
use crate::clock::Clock;
use crate::failure::{Failure, Outcome};
use crate::session::Reading;
use crate::words::title_of;

/// 处理结果 of one of our records.
#[derive(Debug, Serialize, TS)]
pub struct OutcomeLine {
    pub office: String,
    pub office_name: String,
    pub record: String,
    pub kind: String,
    pub title: String,
    /// `conflicting`, `duplicate` or `returned`.
    pub outcome: String,
}

#[derive(Debug, Serialize, TS)]
pub struct PackageLine {
    #[serde(flatten)]
    #[ts(flatten)]
    pub package: PackageView,
    pub office_name: String,
    /// The day it came or went, in China.
    pub day: String,
}

impl Reading {
    /// What other offices say became of those of our records that are in the book.
    pub fn outcome_lines(&self) -> Outcome<Vec<OutcomeLine>> {
        let outcomes = self.outcomes()?;
        self.read::<_, Failure>(|reader| {
            let mut lines = Vec::new();
            for outcome in outcomes {
                let Some(record) = reader.record(outcome.record.parse()?)? else { continue };
                lines.push(OutcomeLine {
                    office_name: self.name_of(reader, &outcome.office.parse()?)?,
                    office: outcome.office,
                    title: title_of(self, reader, &record)?,
                    kind: record.kind,
                    record: outcome.record,
                    outcome: outcome.outcome,
                });
            }
            Ok(lines)
        })
    }

    pub fn package_lines(&self) -> Outcome<Vec<PackageLine>> {
        let packages = self.packages()?;
        self.read::<_, Failure>(|reader| {
            let line = |package: PackageView| {
                let office = package.office.parse()?;
                let day = Clock::Fixed(package.at).today().to_string();
                Ok(PackageLine { office_name: self.name_of(reader, &office)?, day, package })
            };
            packages.into_iter().map(line).collect()
        })
    }
}
