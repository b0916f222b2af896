//! What a number rests on and where a record is counted, with the names a person reads.

use domain::{Date, RecordId};
use serde::Serialize;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::forms::CellView;
use crate::forms::place::CellPlace;
use crate::forms::request::FillRequest;
use crate::messages::Language;
use crate::records::rows::{RecordRow, row};
use crate::session::Reading;
use crate::words::title_of;

/// Records a cell counted, some of them, and how many there are.
#[derive(Debug, Serialize, TS)]
pub struct TracePage {
    pub records: Vec<RecordRow>,
    pub total: u32,
    /// What they add up to, as the cell prints it; null in a list and of a rate, where nothing is added up.
    pub sum: Option<String>,
    /// Whose records they are, and how many of each.
    pub offices: Vec<TraceOffice>,
}

#[derive(Debug, Serialize, TS)]
pub struct TraceOffice {
    pub office: String,
    pub name: String,
    pub records: u32,
}

impl Reading {
    /// Some of the records a cell counted, from the one numbered `first` on, from 0.
    pub fn trace_page(
        &self,
        request: &FillRequest,
        row_id: &str,
        column: &str,
        first: usize,
        limit: usize,
    ) -> Outcome<TracePage> {
        let traced = self.trace(request, row_id, column)?;
        self.read::<_, Failure>(|reader| {
            let mut records = Vec::new();
            for id in traced.records.iter().skip(first).take(limit) {
                if let Some(record) = reader.record(*id)? {
                    records.push(row(self, reader, record)?);
                }
            }
            let mut offices = Vec::new();
            for (office, records) in &traced.offices {
                let name = self.name_of(reader, office)?;
                offices.push(TraceOffice { office: office.to_string(), name, records: *records });
            }
            Ok(TracePage { records, total: traced.records.len() as u32, sum: traced.sum.clone(), offices })
        })
    }

    /// The cells of every form that count a record, in words.
    pub fn cell_places(&self, record: RecordId, as_of: Date, language: Language) -> Outcome<Vec<CellPlace>> {
        let cells = self.cells(record, as_of)?;
        self.read::<_, Failure>(|reader| {
            let in_words = |cell: CellView| {
                let mut place = self.cell_place(language, &cell.form, &cell.row, &cell.column);
                // The row of a list is a record, and is called as the record is.
                if place.row_label == place.row
                    && let Some(record) = place.row.parse().ok().map(|id| reader.record(id)).transpose()?.flatten()
                {
                    place.row_label = title_of(self, reader, &record)?;
                }
                Ok(place)
            };
            cells.into_iter().map(in_words).collect()
        })
    }
}
