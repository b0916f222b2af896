//! The records behind a printed number, saved as a workbook or as CSV: under their kinds, each with the office it belongs to.

use std::collections::BTreeMap;
use std::path::Path;

use ::forms::{ListCell, ListFile};
use domain::Record;

use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::forms::request::FillRequest;
use crate::messages::Language;
use crate::records::list_file::{Columns, list_format};
use crate::session::Reading;
use crate::words::Words;

impl Reading {
    /// Returns how many records were written.
    pub fn write_trace(
        &self,
        request: &FillRequest,
        row: &str,
        column: &str,
        language: Language,
        to: &Path,
    ) -> Outcome<u64> {
        let format = list_format(to)?;
        let traced = self.trace(request, row, column)?;
        let bytes = self.read::<_, Failure>(|reader| {
            let words = Words { session: self, reader, language };
            // Kinds in the order the page shows them: as they first come.
            let mut kinds: Vec<(String, Vec<Record>)> = Vec::new();
            for id in &traced.records {
                let Some(record) = reader.record(*id)? else { continue };
                match kinds.iter_mut().find(|(kind, _)| *kind == record.kind) {
                    Some((_, records)) => records.push(record),
                    None => kinds.push((record.kind.clone(), vec![record])),
                }
            }
            let mut names: BTreeMap<String, String> = BTreeMap::new();
            for office in traced.offices.keys() {
                names.insert(office.to_string(), self.name_of(reader, office)?);
            }
            let mut file = ListFile::new(format, self.now_utc())?;
            let office = || words.pick("填报单位", "Office").to_owned();
            if kinds.is_empty() {
                file.part(&request.form, vec![office()])?;
            }
            for (id, records) in kinds {
                let Some(kind) = self.library().schema().kind(&id) else { continue };
                let columns = Columns::of(&words, kind, &[])?;
                file.part(
                    words.pick(&kind.zh, &kind.en),
                    std::iter::once(office()).chain(columns.headings()).collect(),
                )?;
                for record in records {
                    let owner = record.office.to_string();
                    let name = ListCell::Text(names.get(&owner).cloned().unwrap_or(owner));
                    let cells: Vec<ListCell> = std::iter::once(name).chain(columns.cells(record)?).collect();
                    file.row(&cells)?;
                }
            }
            Ok(file.finish()?)
        })?;
        write_whole(to, &bytes, true)?;
        Ok(traced.records.len() as u64)
    }
}
