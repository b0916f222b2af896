//! Every form the program ships, filled and rendered: its header tiles, its statistics fit a page, its letters are readable.

mod support;

use campaign::Library;
use campaign::answers::{AnswerCell, AnswerRow, Answers};
use campaign::model::{Body, CellRule, Form};
use chrono::NaiveDate;
use support::{filling, full, text};
use sweepbook_forms::{FilledForm, Pages, Purpose, fill, json, missing_glyphs, xlsx};

/// Something in every column: words for text, 1,234 where a number belongs.
fn answers(form: &Form, rows: usize) -> Answers {
    if let Body::Statistics { .. } = &form.body {
        return full(form);
    }
    let cell = |column: &campaign::model::Column| match &column.cell {
        CellRule::RowNumber => AnswerCell::Blank,
        CellRule::Tick { .. } => text("√"),
        _ => text("宁夏某某防护用品有限公司"),
    };
    let row = |at: usize| AnswerRow { record: format!("r{at}"), cells: form.columns.iter().map(cell).collect() };
    Answers::List { rows: (0..rows).map(row).collect(), unsettled: Default::default() }
}

fn every_form(rows: usize) -> Vec<FilledForm> {
    let library = Library::builtin();
    let forms = library.campaigns().flat_map(|campaign| campaign.forms.iter().map(move |form| (campaign, form)));
    forms.map(|(campaign, form)| fill(campaign, form, &filling(form), &answers(form, rows)).unwrap()).collect()
}

#[test]
fn the_five_attachments_are_there() {
    let forms = every_form(0);
    for id in ["nx-2021-24/1", "nx-2021-24/2", "samr-2020-51/1", "ln-2020/1", "ln-2020/2"] {
        assert!(forms.iter().any(|filled| filled.form == id && !filled.attachment.is_empty()), "{id}");
    }
}

#[test]
fn every_header_tiles() {
    for filled in every_form(2) {
        assert!(filled.header.tiles(filled.width() as u32), "{}", filled.form);
        assert!(filled.rows.iter().all(|row| row.cells.len() == filled.width()), "{}", filled.form);
    }
}

#[test]
fn every_form_renders_every_way() {
    let moment = NaiveDate::from_ymd_opt(2021, 5, 28).unwrap().and_hms_opt(9, 30, 0).unwrap();
    for filled in every_form(3) {
        let id = &filled.form;
        assert_eq!(missing_glyphs(&filled).unwrap(), [], "{id}");
        let pages = Pages::render(&filled, Purpose::Sealed).unwrap();
        assert!(filled.stub.is_none() || pages.count() == 1, "{id} stands on {} pages", pages.count());
        assert_eq!(pages.cells().len(), filled.rows.len() * filled.width(), "{id}");
        assert!(pages.pdf(moment).unwrap().starts_with(b"%PDF-"), "{id}");
        assert!(xlsx(&filled, moment).unwrap().starts_with(b"PK"), "{id}");
        assert!(serde_json::from_str::<serde_json::Value>(&json(&filled)).is_ok(), "{id}");
    }
}
