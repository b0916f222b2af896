//! Who owes a report to whom, and what its sections quote: figures, cells and fields that are there.

use domain::Notice;
use domain::schema::Schema;

use super::figures::follow;
use super::found::{Found, Unique};
use super::shared::unknown_field;
use crate::model::{Body, Campaign, Figure, Quote, Report};
use crate::sections::{self, Part, Section};
use crate::source::Path;

pub(super) fn check(schema: &Schema, campaign: &Campaign, found: &mut Found) {
    for (index, report) in campaign.reports.iter().enumerate() {
        let path = Path::default().key("report").at(index);
        levels(report, &path, found);
        title(&report.title, &path.key("title"), found);
        let mut seen = Unique::default();
        for (at, section) in report.sections.iter().enumerate() {
            let path = path.key("section").at(at);
            found.code(&path.key("id"), &section.id);
            found.unique(&path.key("id"), &mut seen, &section.id);
            found.labels(&path, &section.zh);
            template(schema, campaign, section, &path.key("template"), found);
        }
    }
}

fn levels(report: &Report, path: &Path, found: &mut Found) {
    let missing = |key: &str| Notice::new("campaign-key-missing").with("key", key);
    match report.to_level {
        _ if report.outside && (report.to_level.is_some() || !report.from_level.is_empty()) => {
            found.add(&path.key("outside"), Notice::new("report-outside-with-levels").with("value", &report.id));
        }
        None if !report.from_level.is_empty() => found.add(&path.key("from_level"), missing("to_level")),
        None => {}
        Some(_) if report.from_level.is_empty() => found.add(&path.key("to_level"), missing("from_level")),
        Some(to) => {
            for (at, from) in report.from_level.iter().enumerate().filter(|(_, from)| **from <= to) {
                let notice = Notice::new("report-levels-out-of-order").with("value", from.word()).with("to", to.word());
                found.add(&path.key("from_level").at(at), notice);
            }
        }
    }
}

/// The letter's title tells the office and the day, and counts nothing.
fn title(text: &str, path: &Path, found: &mut Found) {
    let parts = match sections::parts(text) {
        Ok(parts) => parts,
        Err(notice) => return found.add(path, notice),
    };
    for part in &parts {
        if let Part::Quoted { quote, typed } = part
            && (typed.is_some() || !matches!(quote, Quote::Office | Quote::AsOf))
        {
            found.add(path, Notice::new("section-quote-unknown").with("value", quote));
        }
    }
}

fn template(schema: &Schema, campaign: &Campaign, section: &Section, path: &Path, found: &mut Found) {
    let parts = match sections::parts(&section.template) {
        Ok(parts) => parts,
        Err(notice) => return found.add(path, notice),
    };
    for part in &parts {
        match part {
            Part::Text(_) => {}
            Part::Quoted { quote, typed: Some(typed) } => {
                found.add(path, Notice::new("section-quote-unknown").with("value", format!("{quote}={typed}")));
            }
            Part::Quoted { quote, typed: None } => quoted(schema, campaign, quote, path, found),
        }
    }
}

fn quoted(schema: &Schema, campaign: &Campaign, quote: &Quote, path: &Path, found: &mut Found) {
    match quote {
        Quote::Office | Quote::AsOf | Quote::Since => {}
        Quote::Figure(id) => {
            figure(campaign, id, path, found);
        }
        Quote::Period(id) => {
            // What has no date belongs to no period.
            if figure(campaign, id, path, found).is_some_and(|figure| figure.event.is_none()) {
                found.add(path, Notice::new("section-period-of-no-day").with("value", id));
            }
        }
        Quote::Cell { form, row, column } => cell(campaign, form, row, column, path, found),
        Quote::List { figure: id, field } => {
            let Some(figure) = figure(campaign, id, path, found) else { return };
            if figure.matched.is_some() {
                found.add(path, Notice::new("section-list-of-matched").with("value", id));
            }
            if let Some(kind) = schema.kind(&figure.kind)
                && follow(schema, kind, field).is_none()
            {
                found.add(path, unknown_field(&kind.id, field));
            }
        }
    }
}

fn figure<'a>(campaign: &'a Campaign, id: &str, path: &Path, found: &mut Found) -> Option<&'a Figure> {
    let known = campaign.figures.iter().find(|figure| figure.id == id);
    if known.is_none() {
        found.add(path, Notice::new("campaign-figure-unknown").with("value", id));
    }
    known
}

fn cell(campaign: &Campaign, form: &str, row: &str, column: &str, path: &Path, found: &mut Found) {
    let Some(form) = campaign.forms.iter().find(|known| known.id == form) else {
        return found.add(path, Notice::new("campaign-form-unknown").with("value", form));
    };
    let Body::Statistics { rows, .. } = &form.body else {
        return found.add(path, Notice::new("section-cell-of-list").with("value", &form.id));
    };
    if !rows.iter().any(|known| known.id == row) {
        found.add(path, Notice::new("check-row-unknown").with("value", row).with("form", &form.id));
    }
    if !form.columns.iter().any(|known| known.id == column) {
        found.add(path, Notice::new("campaign-column-unknown").with("value", column));
    }
}
