//! A block of cells pasted from a spreadsheet into a list of records. It is understood here, shown to a person, and recorded
//! exactly as it was shown: all of it in one transaction, by the same rules as a form or a file, or nothing. A row about a
//! record that stands makes no second one: what it says otherwise is shown, and changed where a person says so.

mod aside;
mod block;
mod chosen_file;
mod columns;
mod existing;
mod format;
pub(crate) mod heading;
mod names;
mod number;
mod old_workbook;
mod preset;
pub(crate) mod read;
mod remembered;
mod separated;
pub(crate) mod table;
mod titles;
mod understand;
pub(crate) mod units;
pub(crate) mod words;
mod workbook;
mod write;

use domain::Notice;

use crate::failure::{Failure, Outcome};
use crate::progress::{Progress, ProgressSink, Stage, report_progress};
use crate::session::Writing;
use remembered::remember;
use table::Table;
use understand::Work;

pub use block::{Block, Row, State, Understood};
pub(crate) use columns::fits;
pub use columns::{Column, UnitFrom};
pub use existing::Change;
pub use names::{Make, Unmatched};
pub use units::Measure;

impl Writing {
    /// What a block would become; nothing is kept.
    pub fn preview_paste(&mut self, block: &Block, tell: &mut ProgressSink) -> Outcome<Understood> {
        let table = table_of(block, tell)?;
        let work = Work::of(self, block, &table)?;
        self.dry_run::<_, Failure>(|writer| work.understand(writer, tell))
    }

    /// Records a block as it was shown under `token`: everything in it, or nothing.
    pub fn apply_paste(&mut self, block: &Block, token: &str, tell: &mut ProgressSink) -> Outcome<Understood> {
        let table = table_of(block, tell)?;
        let work = Work::of(self, block, &table)?;
        let (done, _) = self.transact::<_, Failure>(|writer| {
            let understood = work.understand(writer, tell)?;
            if understood.token != token {
                return Err(Notice::new("paste-changed").into());
            }
            if !understood.is_settled() {
                let open =
                    understood.rows.iter().filter(|row| row.is_wrong() || !row.warnings.is_empty()).flat_map(|row| {
                        let unread = row.unread.iter().map(|(_, notice)| notice);
                        let notices = unread.chain(&row.errors).chain(&row.warnings);
                        notices.map(|notice| notice.clone().with("line", row.number))
                    });
                return Err(Failure { notices: open.collect() });
            }
            // A form that was read back says by itself what its columns are.
            if block.heading_last.is_none() {
                remember(writer, &block.kind, &understood.columns, &block.columns)?;
            }
            report_progress(tell, Progress::at(Stage::Saving, 0, 0))?;
            Ok(understood)
        })?;
        Ok(done)
    }
}

fn table_of(block: &Block, tell: &mut ProgressSink) -> Outcome<Table> {
    report_progress(tell, Progress::at(Stage::Reading, 0, 0))?;
    match (&block.text, &block.file) {
        (Some(text), None) => Ok(Table::of_clipboard(text)?),
        (None, Some(file)) => Table::of_file(file, block.sheet.as_deref()),
        _ => Err(Notice::new("paste-empty").into()),
    }
}
