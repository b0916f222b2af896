//! The forms that figures of other departments can be declared for.

use campaign::{Body, Campaign, Column, Form, Unit};
use serde::Serialize;
use ts_rs::TS;

use crate::messages::Language;
use crate::session::Reading;

/// A form that figures can be declared for, with the rows and columns that take them, in its own words.
#[derive(Debug, Serialize, TS)]
pub struct DeclarableForm {
    pub id: String,
    pub title: String,
    pub campaign: String,
    pub rows: Vec<FormPartView>,
    pub columns: Vec<FormColumnView>,
}

#[derive(Debug, Serialize, TS)]
pub struct FormPartView {
    pub id: String,
    pub label: String,
}

#[derive(Debug, Serialize, TS)]
pub struct FormColumnView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub part: FormPartView,
    pub unit: PrintedUnit,
}

/// What a column's figures are printed in, and declared in.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintedUnit {
    One,
    TenThousand,
    TenThousandYuan,
}

impl From<Unit> for PrintedUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::One => PrintedUnit::One,
            Unit::TenThousand => PrintedUnit::TenThousand,
            Unit::TenThousandYuan => PrintedUnit::TenThousandYuan,
        }
    }
}

impl Reading {
    pub fn declarable_forms(&self, language: Language) -> Vec<DeclarableForm> {
        let library = self.library();
        let forms = library.campaigns().flat_map(|campaign| campaign.forms.iter().map(move |form| (campaign, form)));
        let view = |(campaign, form): (&Campaign, &Form)| {
            let Body::Statistics { rows, .. } = &form.body else { return None };
            let rows: Vec<_> = rows.iter().filter(|row| !row.total).collect();
            let first = rows.first()?;
            let takes = |column: &&Column| {
                library.cell_facts(&form.id, &first.id, &column.id).is_some_and(|facts| !facts.refuses_declared)
            };
            let part = |id: &str, label: String| FormPartView { id: id.to_owned(), label };
            Some(DeclarableForm {
                id: form.id.clone(),
                title: language.pick(&form.title, &form.title_en).to_owned(),
                campaign: campaign.id.clone(),
                rows: rows.iter().map(|row| part(&row.id, row.label.clone())).collect(),
                columns: form
                    .columns
                    .iter()
                    .filter(takes)
                    .map(|column| FormColumnView {
                        part: part(&column.id, column.header.join(" · ")),
                        unit: column.unit.into(),
                    })
                    .collect(),
            })
        };
        forms.filter_map(view).collect()
    }
}
