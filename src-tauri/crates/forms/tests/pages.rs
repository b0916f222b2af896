//! The pages: what they say (read by `pdftotext`), how they break, what they refuse.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use campaign::answers::Answers;
use chrono::{NaiveDate, NaiveDateTime};
use support::*;
use sweepbook_forms::{FilledForm, FormError, Missing, Pages, Purpose, missing_glyphs};

fn moment() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2021, 5, 28).unwrap().and_hms_opt(9, 30, 0).unwrap()
}

fn render(filled: &FilledForm) -> Pages {
    Pages::render(filled, Purpose::Sealed).unwrap()
}

/// The words of the PDF without any white space: a wrapped cell is one text again.
fn words(pages: &Pages) -> String {
    let text = pdftotext(&pages.pdf(moment()).unwrap());
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn pdftotext(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext (poppler-utils) is installed");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn the_pdf_says_all_that_the_form_says() {
    for (form, answers) in [
        (cases(), full(&cases())),
        (samples(), sample_rows(4)),
        (survey(), survey_rows(4)),
        (sweep(), full(&sweep())),
        (violations(), full(&violations())),
    ] {
        let filled = filled(&form, &answers);
        let words = words(&render(&filled));
        let head = filled.head.iter().chain(&filled.foot).flat_map(|line| [&line.left, &line.centre, &line.right]);
        let header = filled.header.cells.iter().map(|cell| &cell.text);
        for text in [&filled.title, &filled.attachment].into_iter().chain(head).chain(header) {
            assert!(words.contains(&squeezed(text)), "{}: {text} in {words}", form.id);
        }
        for cell in filled.rows.iter().flat_map(|row| &row.cells) {
            assert!(words.contains(&squeezed(cell.text())), "{}: {} in {words}", form.id, cell.text());
        }
        assert!(words.contains("第1页共"), "{words}");
    }
}

#[test]
fn statistics_tables_stand_on_one_page() {
    for form in [cases(), sweep(), violations()] {
        assert_eq!(render(&filled(&form, &full(&form))).count(), 1, "{}", form.id);
    }
}

#[test]
fn header_rows_stand_on_every_page() {
    let filled = filled(&survey(), &survey_rows(40));
    let pages = render(&filled);
    assert!(pages.count() > 3);
    let words = words(&pages);
    for text in ["生产企业名称", "生产状况", "是否出口", "统一社会信用代码"] {
        assert_eq!(words.matches(text).count(), pages.count(), "{text}");
    }
    for page in 1..=pages.count() {
        assert!(words.contains(&format!("第{page}页共{}页", pages.count())), "{page}");
    }
    assert_eq!(words.matches("填报单位").count(), 1, "the head stands on the first page only");
}

#[test]
fn equal_forms_are_equal_bytes() {
    let filled = filled(&samples(), &sample_rows(3));
    let (one, other) = (render(&filled), render(&filled));
    assert_eq!(one.pdf(moment()).unwrap(), other.pdf(moment()).unwrap());
    assert_eq!(one.svgs(), other.svgs());
    let later = moment() + chrono::Duration::seconds(1);
    assert_ne!(one.pdf(moment()).unwrap(), one.pdf(later).unwrap());
}

#[test]
fn nothing_in_a_record_is_markup() {
    let hostile = [
        "#strong[x]",
        "$x^2$",
        "*粗*",
        "= 标题",
        "<script>alert(1)</script>",
        "@ref",
        "\\u{41}",
        "`code`",
        "#read(\"/etc/passwd\")",
        "// note",
        "[x]",
        "--- ~ ...",
    ];
    let mut answers = sample_rows(hostile.len());
    let Answers::List { rows, .. } = &mut answers else { unreachable!() };
    for (row, text) in rows.iter_mut().zip(hostile) {
        row.cells[4] = support::text(text);
    }
    let pages = render(&filled(&samples(), &answers));
    let words = words(&pages);
    for text in hostile {
        assert!(words.contains(&squeezed(text)), "{text} in {words}");
    }
    assert!(pages.svgs().iter().all(|svg| !svg.contains("<script")));
}

#[test]
fn svg_pages_are_well_formed_and_alone() {
    let filled = filled(&cases(), &full(&cases()));
    let pages = render(&filled);
    let svgs = pages.svgs();
    assert_eq!(svgs.len(), pages.count());
    for svg in &svgs {
        let document = roxmltree::Document::parse(svg).unwrap();
        assert!(document.root_element().has_tag_name("svg") || document.root_element().tag_name().name() == "svg");
        let reaches = |node: roxmltree::Node| {
            node.attributes().any(|a| a.name() == "href" && !a.value().starts_with('#'))
                || node.tag_name().name() == "script"
        };
        assert!(!document.descendants().any(reaches), "a page needs nothing but itself");
    }
    assert_eq!(pages.svg(0).unwrap(), svgs[0]);
    assert_eq!(pages.svg(9).unwrap_err(), FormError::PageMissing { page: 9 });
}

#[test]
fn cells_are_found_where_they_print() {
    let filled = filled(&samples(), &sample_rows(20));
    let pages = render(&filled);
    let cells = pages.cells();
    assert_eq!(cells.len(), 20 * 15);
    assert_eq!(cells.last().unwrap().page, pages.count() - 1);
    let (width, height) = (297.0 * 72.0 / 25.4, 210.0 * 72.0 / 25.4);
    for cell in &cells {
        assert!(cell.x >= 0.0 && cell.y > 0.0 && cell.width > 10.0 && cell.height > 8.0, "{cell:?}");
        assert!(cell.x + cell.width <= width && cell.y + cell.height <= height, "{cell:?}");
    }
    // Rows of a page follow each other without a gap, and no two boxes overlap.
    let column = |id: &str| cells.iter().filter(|cell| cell.column_id == id).cloned().collect::<Vec<_>>();
    for pair in column("enterprise").windows(2) {
        if pair[0].page == pair[1].page {
            let gap = pair[1].y - (pair[0].y + pair[0].height);
            assert!(gap.abs() < 1.0, "{gap} between {:?} and {:?}", pair[0], pair[1]);
        }
    }
    let statistics = support::filled(&cases(), &full(&cases()));
    let boxes = render(&statistics).cells();
    assert_eq!(boxes[0].column_id, "");
    assert_eq!((boxes[1].row_id.as_str(), boxes[1].column_id.as_str()), ("price", "person_times"));
}

#[test]
fn a_missing_glyph_is_named() {
    // U+0378 is assigned to no character, so no font ever draws it.
    let mut answers = sample_rows(3);
    let Answers::List { rows, .. } = &mut answers else { unreachable!() };
    rows[2].cells[4] = support::text("钜𬭩㐂\u{378}厂");
    let filled = filled(&samples(), &answers);
    let missing = missing_glyphs(&filled).unwrap();
    let unassigned = missing.iter().find(|one| one.character == '\u{378}').unwrap();
    // By its place and the first words in it: a record's id tells a clerk nothing.
    let name = filled.row_name(2);
    assert!(name.starts_with("3 ") && !name.contains("0190a6e4"), "{name}");
    assert_eq!(unassigned.rows, vec![name.clone()]);
    assert!(missing.iter().all(|one| !"钜厂".contains(one.character)));

    let error = Pages::render(&filled, Purpose::Sealed).err().unwrap();
    assert_eq!(error.code(), "missing-glyphs");
    assert!(error.notice().arg("chars").unwrap().contains("U+0378"));
    assert_eq!(error.notice().arg("rows"), Some(name.as_str()));

    let preview = words(&Pages::render(&filled, Purpose::Preview).unwrap());
    assert!(preview.contains("[U+0378]"), "{preview}");
    for rare in ['𬭩', '㐂'] {
        let named = preview.contains(&format!("[U+{:04X}]", u32::from(rare)));
        assert_eq!(named, missing.iter().any(|one| one.character == rare), "{rare}");
        assert!(named || preview.contains(rare), "{rare} in {preview}");
    }
}

#[test]
fn conflicts_can_be_previewed_not_sealed() {
    let mut filled = filled(&cases(), &full(&cases()));
    filled.unsettled = vec![("quality".to_owned(), "filed".to_owned())];
    let preview = Pages::render(&filled, Purpose::Preview).unwrap();
    assert!(words(&preview).contains("预览·含未决冲突"));
    let marked = |pages: &Pages| pages.svgs()[0].matches("#fdd8d8").count();
    assert_eq!(marked(&preview), 1);
    let error = Pages::render(&filled, Purpose::Sealed).err().unwrap();
    assert_eq!(error, FormError::Unsettled { form: "nx-2021-24/1".to_owned(), cells: 1 });
    filled.unsettled.clear();
    assert_eq!(marked(&render(&filled)), 0);
}

#[test]
fn long_lists_are_sent_to_the_spreadsheet() {
    let error = Pages::render(&filled(&samples(), &sample_rows(3_001)), Purpose::Preview).err().unwrap();
    assert_eq!(error, FormError::TooManyRowsForPdf { rows: 3_001, limit: 3_000 });
    assert_eq!(error.code(), "too-many-rows-for-pdf");
    let mut answers = sample_rows(1);
    let Answers::List { rows, .. } = &mut answers else { unreachable!() };
    rows[0].cells[10] = support::text(&"长".repeat(3_000_000));
    let error = Pages::render(&filled(&samples(), &answers), Purpose::Preview).err().unwrap();
    assert_eq!(error.code(), "too-much-text-for-pdf");
}

#[test]
fn a_text_longer_than_a_page_goes_on_overleaf() {
    let mut answers = sample_rows(2);
    let Answers::List { rows, .. } = &mut answers else { unreachable!() };
    rows[0].cells[10] = support::text(&("后处理措施".repeat(600) + "完"));
    let pages = render(&filled(&samples(), &answers));
    assert!(pages.count() > 2);
    let words = words(&pages);
    assert_eq!(words.matches('完').count(), 1);
    assert!(words.matches("后处理措施").count() > 590, "all of it is there, but for words cut by a page's end");
    assert_eq!(pages.cells().len(), 2 * 15);
}

#[test]
fn every_error_has_its_words_in_both_languages() {
    let form = || "f".to_owned();
    let errors = [
        FormError::AnswersDoNotFit { form: form() },
        FormError::ColumnMissing { form: form(), column: "c".to_owned(), missing: "m".to_owned() },
        FormError::Unsettled { form: form(), cells: 1 },
        FormError::MissingGlyphs { missing: Vec::new() },
        FormError::MissingGlyphs { missing: vec![Missing { character: '㐂', rows: vec!["3 甲".to_owned()] }] },
        FormError::TooManyRowsForPdf { rows: 1, limit: 1 },
        FormError::TooMuchTextForPdf { characters: 1, limit: 1 },
        FormError::TooManyRowsForXlsx { rows: 1, limit: 1 },
        FormError::CellTooLongForXlsx { row: "r".to_owned(), column: "c".to_owned(), length: 1, limit: 1 },
        FormError::FontsMissing,
        FormError::PageMissing { page: 0 },
        FormError::Rendering { reason: String::new() },
    ];
    for language in ["zh", "en"] {
        let path = format!("{}/../../../assets/messages/{language}/forms.toml", env!("CARGO_MANIFEST_DIR"));
        let catalogue: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        for error in &errors {
            let notice = error.notice();
            let entry = catalogue.get(&notice.code).unwrap_or_else(|| panic!("{language}: {}", notice.code));
            let message = entry["message"].as_str().unwrap();
            assert!(!entry["remedy"].as_str().unwrap().is_empty());
            for hole in message.split('{').skip(1).filter_map(|part| part.split_once('}')) {
                assert!(notice.arg(hole.0).is_some(), "{language}: {} has no argument {}", notice.code, hole.0);
            }
        }
        // Where fonts come from is said for each system in words of its own.
        let own = catalogue.keys().filter(|code| !code.starts_with("fonts-") || *code == "fonts-missing");
        assert_eq!(own.count(), errors.len(), "{language} has words for nothing else");
    }
}
