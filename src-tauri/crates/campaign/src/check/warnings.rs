//! What loads and is yet likely a slip: records a table counts nowhere, quantities without a unit, columns wider than paper.

use std::collections::{BTreeMap, BTreeSet};

use domain::Notice;
use domain::schema::{FieldType, Schema};

use super::found::Found;
use crate::model::{Body, Campaign, Form, Row};
use crate::reads::CATEGORY;
use crate::source::Path;

pub(super) fn check(schema: &Schema, campaign: &Campaign, found: &mut Found) {
    for (index, used) in campaign.categories.iter().enumerate() {
        let unit = schema.entry(CATEGORY, &used.category).map(|entry| entry.unit.as_deref().unwrap_or_default());
        if unit == Some("") {
            let path = Path::default().key("categories").at(index).key("category");
            found.add(&path, Notice::new("campaign-category-without-unit").with("value", &used.category));
        }
    }
    for (index, form) in campaign.forms.iter().enumerate() {
        let path = Path::default().key("form").at(index);
        let stub = match &form.body {
            Body::Statistics { by, rows, stub_width, .. } => {
                left_out(schema, campaign, by, rows, &path.key("body").key("rows"), found);
                *stub_width
            }
            Body::List { .. } => 0,
        };
        width(form, stub, &path, found);
    }
}

/// Codes that no row takes: what is recorded under them is counted nowhere in the table.
fn left_out(
    schema: &Schema,
    campaign: &Campaign,
    by: &BTreeMap<String, String>,
    rows: &[Row],
    path: &Path,
    found: &mut Found,
) {
    if rows.iter().any(|row| row.rest) {
        return;
    }
    let of = by.iter().find_map(|(kind, field)| match &schema.kind(kind)?.field(field)?.ty {
        FieldType::Code { of } | FieldType::Set { of } => Some(of),
        _ => None,
    });
    let Some(vocabulary) = of.and_then(|of| schema.vocabulary(of)) else { return };
    let taken: BTreeSet<&str> = rows.iter().flat_map(|row| &row.codes).map(String::as_str).collect();
    let meant = |code: &str| vocabulary.id != CATEGORY || campaign.categories.iter().any(|used| used.category == code);
    let left: Vec<&str> = (vocabulary.entries.iter().map(|entry| entry.code.as_str()))
        .filter(|code| meant(code) && !taken.contains(code))
        .collect();
    if !left.is_empty() {
        let notice = Notice::new("campaign-rows-leave-out").with("values", left.join(" "));
        found.add(path, notice.with("vocabulary", &vocabulary.id));
    }
}

fn width(form: &Form, stub: u32, path: &Path, found: &mut Found) {
    let sum = form.columns.iter().map(|column| column.width).sum::<u32>().saturating_add(stub);
    let room = form.page.room();
    if sum > room {
        let notice = Notice::new("campaign-wider-than-page").with("value", sum).with("room", room);
        found.add(&path.key("id"), notice);
    }
}
