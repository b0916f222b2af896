//! Where a cell stands, in the words its form prints.

use campaign::Body;
use serde::Serialize;
use ts_rs::TS;

use crate::messages::Language;
use crate::session::Reading;

/// A cell that counts a record, in words.
#[derive(Debug, Serialize, TS)]
pub struct CellPlace {
    pub form: String,
    pub form_title: String,
    pub row: String,
    pub row_label: String,
    pub column: String,
    pub column_label: String,
}

impl Reading {
    /// A cell's form, row and column as the form prints them; what the form does not name (a list's row) stays its id.
    pub fn cell_place(&self, language: Language, form: &str, row: &str, column: &str) -> CellPlace {
        let known = self.library().form(form).map(|(_, form)| form);
        let title = known.map(|form| match language {
            Language::Zh => form.title.clone(),
            Language::En => form.title_en.clone(),
        });
        let row_label = known.and_then(|form| match &form.body {
            Body::Statistics { rows, .. } => rows.iter().find(|known| known.id == row).map(|known| known.label.clone()),
            Body::List { .. } => None,
        });
        let column_label = known
            .and_then(|form| form.columns.iter().find(|known| known.id == column))
            .map(|column| column.header.join(" · "));
        CellPlace {
            form: form.to_owned(),
            form_title: title.unwrap_or_else(|| form.to_owned()),
            row: row.to_owned(),
            row_label: row_label.unwrap_or_else(|| row.to_owned()),
            column: column.to_owned(),
            column_label: column_label.unwrap_or_else(|| column.to_owned()),
        }
    }
}
