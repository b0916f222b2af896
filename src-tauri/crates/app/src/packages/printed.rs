//! Everything every form prints, to be compared with what it prints after an import.

use std::collections::BTreeMap;

use domain::Date;
use store::Reader;

use super::CellChange;
use crate::failure::{Failure, Outcome};
use crate::session::Session;

/// Beyond this many, the changed cells of a form are counted and no longer listed.
const LISTED_CELLS: usize = 500;
/// Columns, and cells by row, of each form.
pub(super) type Printed = BTreeMap<String, (Vec<String>, BTreeMap<String, Vec<String>>)>;

impl Session {
    /// Everything every form prints now.
    pub(super) fn printed(&self, as_of: Option<Date>) -> Outcome<Printed> {
        let fill = self.fill_all(as_of);
        self.book.read::<_, Failure>(|reader| fill(reader))
    }

    pub(super) fn fill_all(&self, as_of: Option<Date>) -> impl Fn(&Reader) -> Outcome<Printed> + use<> {
        let as_of = as_of.unwrap_or_else(|| self.clock.today());
        let (library, office, name) = (self.library.clone(), self.office.clone(), self.office_name.clone());
        move |reader| {
            let mut printed = Printed::new();
            for campaign in library.campaigns() {
                for form in &campaign.forms {
                    let filling = campaign::answers::Filling {
                        form: form.id.clone(),
                        office: office.clone(),
                        office_name: name.clone(),
                        as_of,
                        date: as_of,
                    };
                    let answers = reader.fill(library.schema(), campaign, form, &filling)?;
                    let filled = forms::fill(campaign, form, &filling, &answers)?;
                    let offset = usize::from(filled.stub.is_some());
                    let mut rows = BTreeMap::new();
                    for row in &filled.rows {
                        let cells = row.cells.iter().skip(offset).map(|cell| cell.text().to_owned()).collect();
                        rows.insert(row.id.clone(), cells);
                    }
                    let columns = filled.columns.iter().map(|column| column.id.clone()).collect();
                    printed.insert(form.id.clone(), (columns, rows));
                }
            }
            Ok(printed)
        }
    }
}

/// The cells that differ, and how many there are in all.
pub(super) fn compare(before: &Printed, after: &Printed) -> (Vec<CellChange>, u64) {
    let mut changes = Vec::new();
    let mut in_all = 0;
    for (form, (columns, rows)) in after {
        let none = BTreeMap::new();
        let old_rows = before.get(form).map_or(&none, |(_, rows)| rows);
        let mut listed = 0;
        let gone = old_rows.keys().filter(|row| !rows.contains_key(*row));
        for row in rows.keys().chain(gone) {
            for (at, column) in columns.iter().enumerate() {
                let text = |rows: &BTreeMap<String, Vec<String>>| {
                    rows.get(row).and_then(|cells| cells.get(at)).cloned().unwrap_or_default()
                };
                let (was, is) = (text(old_rows), text(rows));
                if was == is {
                    continue;
                }
                in_all += 1;
                listed += 1;
                if listed <= LISTED_CELLS {
                    changes.push(CellChange {
                        form: form.clone(),
                        row: row.clone(),
                        column: column.clone(),
                        before: was,
                        after: is,
                    });
                }
            }
        }
    }
    (changes, in_all)
}
