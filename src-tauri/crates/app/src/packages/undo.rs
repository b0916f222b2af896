//! Taking an imported package back, and what the printed cells go back to.

use domain::{Date, Notice};
use store::PackageRow;

use super::PlanCounts;
use super::printed::{FormChange, compare};
use crate::failure::{Failure, Outcome};
use crate::session::Session;
use crate::work::Tell;

/// What taking a package back would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPlan {
    pub counts: PlanCounts,
    pub changes: Vec<FormChange>,
}

impl Session {
    /// Shows what taking a package back would do; changes nothing.
    pub fn undo_plan(&mut self, package: &str, as_of: Option<Date>, tell: &mut Tell) -> Outcome<UndoPlan> {
        let row = self.imported(package)?;
        let fill = self.fill_all(as_of);
        let before = self.book.read::<_, Failure>(|reader| fill(reader, tell))?;
        let (tally, after) = self.book.rehearse::<_, Failure>(|writer| {
            let tally = writer.undo_package(&row)?;
            Ok((tally, fill(writer, tell)?))
        })?;
        Ok(UndoPlan { counts: (&tally).into(), changes: compare(&before, &after) })
    }

    /// Takes an imported package back. Importing its file again re-applies it.
    pub fn undo(&mut self, package: &str) -> Outcome<PlanCounts> {
        let row = self.imported(package)?;
        let (tally, _) = self.book.transact::<_, Failure>(|writer| Ok(writer.undo_package(&row)?))?;
        Ok((&tally).into())
    }

    fn imported(&self, package: &str) -> Outcome<PackageRow> {
        let rows = self.book.read(|reader| reader.packages())?;
        let mut found = rows.iter().filter(|row| row.incoming && package.len() >= 8 && row.uuid.starts_with(package));
        match (found.next(), found.next()) {
            (Some(row), None) => Ok(row.clone()),
            (Some(_), Some(_)) => Err(Notice::new("package-ambiguous").with("package", package).into()),
            _ => Err(Notice::new("package-unknown").with("package", package).into()),
        }
    }
}
