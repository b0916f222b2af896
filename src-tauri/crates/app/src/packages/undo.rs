//! Taking an imported package back, and what the printed cells go back to.

use domain::{Date, Notice};
use store::PackageRow;

use super::campaigns::{MOST_CAMPAIGNS, gone};
use super::{CampaignLine, PlanCounts};
use crate::failure::{Failure, Outcome};
use crate::forms::diff::{FormChange, compare};
use crate::progress::ProgressSink;
use crate::session::{Reading, Writing};

/// What taking a package back would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPlan {
    pub counts: PlanCounts,
    /// Campaigns that came with it and are used no more.
    pub campaigns: Vec<CampaignLine>,
    pub changes: Vec<FormChange>,
    /// Passing this to the undo makes it refuse if the book has changed since.
    pub token: String,
}

impl Reading {
    /// What a plan was made of: this package, on the book as it stands.
    fn undo_token(&self, row: &PackageRow) -> Outcome<String> {
        let state = self.read(|reader| reader.state_token())?;
        Ok(format!("{}-{state}", row.uuid))
    }

    fn imported(&self, package: &str) -> Outcome<PackageRow> {
        let rows = self.read(|reader| reader.packages())?;
        let mut found = rows.iter().filter(|row| row.incoming && package.len() >= 8 && row.uuid.starts_with(package));
        match (found.next(), found.next()) {
            (Some(row), None) => Ok(row.clone()),
            (Some(_), Some(_)) => Err(Notice::new("package-ambiguous").with("package", package).into()),
            _ => Err(Notice::new("package-unknown").with("package", package).into()),
        }
    }
}

impl Writing {
    /// Shows what taking a package back would do; changes nothing.
    pub fn undo_plan(&mut self, package: &str, as_of: Option<Date>, tell: &mut ProgressSink) -> Outcome<UndoPlan> {
        let row = self.imported(package)?;
        let fill = self.fill_all(as_of);
        let before = self.read::<_, Failure>(|reader| fill(reader, tell))?;
        let token = self.undo_token(&row)?;
        let (tally, campaigns, after) = self.dry_run::<_, Failure>(|writer| {
            let used = writer.used_campaign_bundles(MOST_CAMPAIGNS)?;
            let tally = writer.undo_package(&row)?;
            let campaigns = gone(&used, &writer.used_campaign_bundles(MOST_CAMPAIGNS)?);
            Ok((tally, campaigns, fill(writer, tell)?))
        })?;
        Ok(UndoPlan { counts: (&tally).into(), campaigns, changes: compare(&before, &after), token })
    }

    /// Takes an imported package back. `token` is a plan's, if one was looked at. Importing its file again re-applies it.
    pub fn undo(&mut self, package: &str, token: Option<&str>) -> Outcome<PlanCounts> {
        let row = self.imported(package)?;
        let now = self.undo_token(&row)?;
        if token.is_some_and(|seen| seen != now) {
            return Err(Notice::new("undo-outdated").into());
        }
        let (tally, _) = self.transact::<_, Failure>(|writer| Ok(writer.undo_package(&row)?))?;
        self.load_sent_campaigns()?;
        Ok((&tally).into())
    }
}
