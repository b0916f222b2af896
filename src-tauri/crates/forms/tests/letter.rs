//! Letters: what both renderings say and how they are laid out, that equal letters are equal files, and that words stay words.

mod support;

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use std::process::{Command, Stdio};

use campaign::answers::Answers;
use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use roxmltree::{Document, Node};
use support::*;
use sweepbook_forms::letter::docx;
use sweepbook_forms::{FilledForm, FormError, Letter, LetterSection, Pages, Purpose};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn moment() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2020, 6, 4).unwrap().and_hms_opt(5, 30, 0).unwrap()
}

fn section(heading: &str, paragraphs: &[&str]) -> LetterSection {
    LetterSection {
        heading: heading.to_owned(),
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
    }
}

fn letter(attachments: Vec<FilledForm>) -> Letter {
    Letter {
        title: "沈阳市市场监督管理局\n关于辽宁省防疫物资产品质量和市场秩序\n专项整治行动推进落实情况的报告".to_owned(),
        addressee: "省专项工作组办公室".to_owned(),
        sections: vec![
            section("具体措施", &["（一）全面排查。累计排查生产企业12家。", "（二）质量抽检", "抽查产品30批次。"]),
            section("检查市场主体数", &["累计检查市场主体34家。"]),
        ],
        office: "沈阳市市场监督管理局".to_owned(),
        date: "2020-06-04".parse().unwrap(),
        contact: "联系人：张三，电话：024-12345678".to_owned(),
        attachments,
    }
}

fn tables() -> Vec<FilledForm> {
    vec![filled(&sweep(), &full(&sweep())), filled(&violations(), &full(&violations()))]
}

fn part(file: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn written(letter: &Letter) -> String {
    part(&docx(letter, moment()).unwrap(), "word/document.xml")
}

fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let child = node.descendants().find(|child| child.has_tag_name((WORD, name)))?;
    child.attribute((WORD, "val"))
}

/// Style and text of every paragraph outside tables that says something.
fn paragraphs(document: &Document) -> Vec<(String, String)> {
    let outside = |node: &Node| !node.ancestors().any(|above| above.has_tag_name((WORD, "tbl")));
    let paragraphs = document.descendants().filter(|node| node.has_tag_name((WORD, "p")) && outside(node));
    let said = paragraphs.map(|node| {
        let texts = node.descendants().filter(|text| text.has_tag_name((WORD, "t"))).filter_map(|text| text.text());
        (value(node, "pStyle").unwrap_or_default().to_owned(), texts.collect::<String>())
    });
    said.filter(|(_, text)| !text.is_empty()).collect()
}

fn pdftotext(pages: &Pages, arguments: &[&str]) -> String {
    let mut child = Command::new("pdftotext")
        .args(arguments)
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext (poppler-utils) is installed");
    child.stdin.take().unwrap().write_all(&pages.pdf(moment()).unwrap()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn a_docx_has_real_titles_headings_and_text() {
    let text = written(&letter(Vec::new()));
    let document = Document::parse(&text).unwrap();
    let said = paragraphs(&document);
    let said: Vec<(&str, &str)> = said.iter().map(|(style, text)| (style.as_str(), text.as_str())).collect();
    assert_eq!(
        said,
        [
            ("Title", "沈阳市市场监督管理局关于辽宁省防疫物资产品质量和市场秩序专项整治行动推进落实情况的报告"),
            ("Salutation", "省专项工作组办公室："),
            ("Heading1", "一、具体措施"),
            ("BodyText", "（一）全面排查。累计排查生产企业12家。"),
            ("Heading2", "（二）质量抽检"),
            ("BodyText", "抽查产品30批次。"),
            ("Heading1", "二、检查市场主体数"),
            ("BodyText", "累计检查市场主体34家。"),
            ("Signature", "沈阳市市场监督管理局"),
            ("Date", "2020年6月4日"),
            ("BodyText", "（联系人：张三，电话：024-12345678）"),
        ]
    );
    let lead = document.descendants().find(|node| node.has_tag_name((WORD, "rStyle"))).unwrap();
    let run = lead.ancestors().find(|node| node.has_tag_name((WORD, "r"))).unwrap();
    assert_eq!(run.text().or_else(|| run.last_element_child().unwrap().text()), Some("（一）全面排查。"));
}

#[test]
fn every_style_a_docx_uses_is_in_it() {
    let file = docx(&letter(tables()), moment()).unwrap();
    let (styles, text) = (part(&file, "word/styles.xml"), part(&file, "word/document.xml"));
    let (styles, document) = (Document::parse(&styles).unwrap(), Document::parse(&text).unwrap());
    let known: BTreeSet<&str> = styles.descendants().filter_map(|node| node.attribute((WORD, "styleId"))).collect();
    let uses = |node: &Node| node.has_tag_name((WORD, "pStyle")) || node.has_tag_name((WORD, "rStyle"));
    for node in document.descendants().filter(uses) {
        let style = node.attribute((WORD, "val")).unwrap();
        assert!(known.contains(style), "{style}");
    }
    for name in ["word/footer1.xml", "word/footer2.xml", "word/settings.xml", "word/fontTable.xml"] {
        Document::parse(&part(&file, name)).unwrap();
    }
    assert!(part(&file, "word/footer1.xml").contains(" PAGE "));
}

type GridCell = (usize, usize, String, Option<String>);

/// Rows of every table: of each cell its first grid column, its columns, its text and how it is merged down.
fn grid(table: Node) -> Vec<Vec<GridCell>> {
    let rows = table.children().filter(|node| node.has_tag_name((WORD, "tr")));
    let row = |row: Node| {
        let mut at = 0;
        let cells = row.children().filter(|node| node.has_tag_name((WORD, "tc")));
        let cell = |cell: Node| {
            let columns = value(cell, "gridSpan").map_or(1, |span| span.parse::<usize>().unwrap());
            let merged = cell.descendants().find(|node| node.has_tag_name((WORD, "vMerge")));
            let merged = merged.map(|node| node.attribute((WORD, "val")).unwrap_or("continue").to_owned());
            let text = cell.descendants().filter(|node| node.has_tag_name((WORD, "t"))).filter_map(|text| text.text());
            let placed = (at, columns, text.collect(), merged);
            at += columns;
            placed
        };
        cells.map(cell).collect()
    };
    rows.map(row).collect()
}

#[test]
fn attachments_are_tables_with_the_heads_of_the_forms() {
    for (form, answers) in [
        (cases(), full(&cases())),
        (samples(), sample_rows(4)),
        (survey(), survey_rows(4)),
        (sweep(), full(&sweep())),
        (violations(), full(&violations())),
    ] {
        let filled = filled(&form, &answers);
        let text = written(&letter(vec![filled.clone()]));
        let document = Document::parse(&text).unwrap();
        let table = document.descendants().find(|node| node.has_tag_name((WORD, "tbl"))).unwrap();
        let rows = grid(table);
        let levels = filled.header.levels as usize;
        assert_eq!(rows.len(), levels + filled.rows.len(), "{}", form.id);
        assert!(rows.iter().all(|row| row.iter().map(|cell| cell.1).sum::<usize>() == filled.width()), "{}", form.id);
        for cell in &filled.header.cells {
            let (level, rows_down) = (cell.level as usize, cell.rows as usize);
            let at = |level: usize| rows[level].iter().find(|found| found.0 == cell.column as usize).unwrap();
            let merged = (rows_down > 1).then(|| "restart".to_owned());
            let (column, columns, text, down) = at(level);
            assert_eq!((*column, *columns), (cell.column as usize, cell.columns as usize), "{}", form.id);
            assert_eq!((squeezed(text), down), (squeezed(&cell.text), &merged), "{}", form.id);
            for below in level + 1..level + rows_down {
                assert_eq!(at(below).3.as_deref(), Some("continue"), "{}: {}", form.id, cell.text);
            }
        }
        for (row, filled) in rows[levels..].iter().zip(&filled.rows) {
            let texts: Vec<&str> = row.iter().map(|cell| cell.2.as_str()).collect();
            let expected: Vec<String> = filled.cells.iter().map(|cell| cell.text().replace('\n', "")).collect();
            assert_eq!(texts, expected, "{}", form.id);
        }
        let heads = document.descendants().filter(|node| node.has_tag_name((WORD, "tblHeader"))).count();
        assert_eq!(heads, levels, "the head is repeated on every page");
    }
}

#[test]
fn sections_turn_the_paper_for_the_tables() {
    let text = written(&letter(tables()));
    let document = Document::parse(&text).unwrap();
    let pages = document.descendants().filter(|node| node.has_tag_name((WORD, "pgSz")));
    let turned: Vec<bool> = pages.map(|node| node.attribute((WORD, "orient")) == Some("landscape")).collect();
    assert_eq!(turned, [false, true, true]);
    let said = paragraphs(&document);
    let labels = said.iter().filter(|(style, _)| style == "Attachment").map(|(_, text)| text.as_str());
    assert_eq!(labels.collect::<Vec<_>>(), ["附件1", "附件2"]);
    let listed = said.iter().filter(|(_, text)| text.starts_with("附件：1. ") || text.starts_with("2. "));
    assert_eq!(listed.count(), 2, "附件说明");
}

#[test]
fn equal_letters_are_equal_files() {
    let letter = letter(tables());
    assert_eq!(docx(&letter, moment()).unwrap(), docx(&letter, moment()).unwrap());
    let pdf = || Pages::of_letter(&letter, Purpose::Sealed).unwrap().pdf(moment()).unwrap();
    assert_eq!(pdf(), pdf());
}

#[test]
fn a_page_has_22_lines_of_28_letters() {
    let mut letter = letter(Vec::new());
    letter.sections = vec![section("", &["检".repeat(28 * 60).as_str()])];
    let pages = Pages::of_letter(&letter, Purpose::Sealed).unwrap();
    let text = pdftotext(&pages, &["-raw", "-f", "2", "-l", "2"]);
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('检')).collect();
    assert_eq!(lines.len(), 22);
    assert!(lines.iter().all(|line| line.chars().count() == 28), "{lines:?}");
    assert!(text.contains("— 2 —"), "{text}");
}

#[test]
fn the_pdf_says_all_that_the_letter_and_its_tables_say() {
    let letter = letter(tables());
    let pages = Pages::of_letter(&letter, Purpose::Sealed).unwrap();
    assert_eq!(pages.count(), 3);
    let words = squeezed(&pdftotext(&pages, &["-raw"]));
    let title = squeezed(&letter.title);
    let outer = [title.as_str(), "省专项工作组办公室：", "2020年6月4日", "（联系人：张三，电话：024-12345678）"];
    let sections = ["一、具体措施", "（二）质量抽检", "（一）全面排查。累计排查生产企业12家。", "二、检查市场主体数"];
    for text in outer.into_iter().chain(sections) {
        assert!(words.contains(text), "{text} in {words}");
    }
    for (at, form) in letter.attachments.iter().enumerate() {
        let label = format!("附件{}{}", at + 1, form.title);
        assert!(words.contains(&label), "{label} in {words}");
        assert!(words.contains(&format!("{}.{}", at + 1, form.title)), "附件说明 in {words}");
        for cell in form.rows.iter().flat_map(|row| &row.cells) {
            assert!(words.contains(&squeezed(cell.text())), "{}", cell.text());
        }
    }
    assert!(!words.contains("第1页"), "pages are numbered once: {words}");
    // The number is turned with the page, so that its parts are read one by one.
    let third = pdftotext(&pages, &["-raw", "-f", "3", "-l", "3"]);
    assert!(third.lines().any(|line| line == "3") && third.contains('—'), "the numbers go on: {third}");
}

/// Without a table an office may have only words to send, without words only a table.
#[test]
fn a_letter_without_tables_or_without_words_is_whole() {
    let mut bare = letter(vec![filled(&cases(), &full(&cases()))]);
    bare.sections.clear();
    let pages = Pages::of_letter(&bare, Purpose::Sealed).unwrap();
    let words = squeezed(&pdftotext(&pages, &["-raw"]));
    assert!(words.contains("附件：口罩案件查处情况统计表") && words.contains("附件口罩案件查处情况统计表"), "{words}");
    let words = squeezed(&pdftotext(&Pages::of_letter(&letter(Vec::new()), Purpose::Sealed).unwrap(), &["-raw"]));
    assert!(!words.contains("附件"), "{words}");
}

#[test]
fn a_signature_does_not_stand_alone_on_a_page() {
    for lines in 1..24 {
        let mut letter = letter(Vec::new());
        letter.sections = vec![section("", &[&"检".repeat(28 * lines), "以上情况，特此报告。"])];
        let pages = Pages::of_letter(&letter, Purpose::Sealed).unwrap();
        let last = pages.count().to_string();
        let text = pdftotext(&pages, &["-raw", "-f", &last]);
        assert!(text.contains("特此报告") && text.contains("2020年6月4日"), "{lines}: {text}");
    }
}

#[test]
fn conflicts_and_missing_glyphs_stop_only_what_is_sealed() {
    let mut disputed = filled(&cases(), &full(&cases()));
    disputed.unsettled.push(("price".to_owned(), "filed".to_owned()));
    let letter_of = |form| letter(vec![form]);
    let sealed = Pages::of_letter(&letter_of(disputed.clone()), Purpose::Sealed).err();
    assert!(matches!(sealed, Some(FormError::Unsettled { cells: 1, .. })), "{sealed:?}");
    let preview = Pages::of_letter(&letter_of(disputed), Purpose::Preview).unwrap();
    assert!(pdftotext(&preview, &["-raw"]).contains("含未决冲突"));

    let mut rare = letter(Vec::new());
    rare.sections[1].paragraphs = vec!["检查\u{E000}家。".to_owned()];
    let Some(FormError::MissingGlyphs { missing }) = Pages::of_letter(&rare, Purpose::Sealed).err() else { panic!() };
    assert_eq!(missing.len(), 1);
    assert_eq!(
        (missing[0].character, missing[0].rows.as_slice()),
        ('\u{E000}', ["检查市场主体数".to_owned()].as_slice())
    );
    let preview = Pages::of_letter(&rare, Purpose::Preview).unwrap();
    assert!(pdftotext(&preview, &["-raw"]).contains("[U+E000]"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a person writes stays text: the file is whole, and says it.
    #[test]
    fn any_words_are_words(text in "[ -~\\t\u{0}\u{1}\u{B}一二。（）“《&<>\\u{1F600}]{0,40}") {
        let mut letter = letter(Vec::new());
        letter.office = text.clone();
        letter.sections = vec![section(&text, &[&text]), section("又", &["又。"])];
        let written = written(&letter);
        let document = Document::parse(&written).unwrap();
        let expected: String = text.replace('\t', " ").chars().filter(|c| !c.is_control()).collect();
        let said: String = paragraphs(&document).into_iter().map(|(_, text)| text).collect();
        prop_assert!(said.contains(&format!("一、{expected}")), "{said}");
        prop_assert!(said.contains(expected.trim()), "{said}");
    }
}

/// A list without records is a blank to be filled in by hand.
#[test]
fn an_empty_list_has_blank_rows() {
    let empty = filled(&samples(), &Answers::List { rows: Vec::new(), unsettled: BTreeSet::new() });
    let text = written(&letter(vec![empty]));
    let document = Document::parse(&text).unwrap();
    let table = document.descendants().find(|node| node.has_tag_name((WORD, "tbl"))).unwrap();
    assert_eq!(grid(table).len(), 11);
}
