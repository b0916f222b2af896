//! Documents: what their pages say, how they break, and that a record's words stay words.

use std::io::Write;
use std::process::{Command, Stdio};

use chrono::{NaiveDate, NaiveDateTime};
use sweepbook_forms::document::{Annex, Pair, Part, Photo, Rows, RowsColumn, Section, Signature};
use sweepbook_forms::{Document, FormError, Pages, Purpose};

fn moment() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2021, 5, 28).unwrap().and_hms_opt(9, 30, 0).unwrap()
}

/// The words of the PDF without any white space: a wrapped cell is one text again.
fn words(document: &Document) -> String {
    let pdf = Pages::of_document(document, Purpose::Sealed).unwrap().pdf(moment()).unwrap();
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext (poppler-utils) is installed");
    child.stdin.take().unwrap().write_all(&pdf).unwrap();
    squeezed(&String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn pair(label: &str, value: &str) -> Pair {
    Pair { label: label.to_owned(), value: value.to_owned() }
}

fn column(title: &str) -> RowsColumn {
    RowsColumn { title: title.to_owned(), width: 10, left: true }
}

/// A document with this text in every place a text can stand.
fn everywhere(text: &str) -> Document {
    Document {
        title: format!("题{text}"),
        author: format!("作者{text}"),
        head: vec![(format!("左{text}"), format!("右{text}"))],
        sections: vec![Section {
            heading: format!("节{text}"),
            parts: vec![
                Part::Pairs(vec![pair(&format!("名{text}"), &format!("值{text}")), pair("又", text)]),
                Part::Rows(Rows {
                    columns: vec![column(&format!("列{text}")), column("二")],
                    rows: vec![vec![format!("格{text}"), String::new()]],
                    none: String::new(),
                }),
                Part::Words { text: format!("文{text}"), lines: 2 },
                Part::Key { label: format!("钥{text}"), key: text.to_owned() },
            ],
        }],
        signatures: vec![Signature {
            label: format!("签{text}"),
            extra: format!("旁{text}"),
            statement: format!("述{text}"),
        }],
        annex: Some(Annex {
            heading: format!("附{text}"),
            photos: vec![Photo { picture: Err(format!("缺{text}")), lines: vec![format!("照{text}")] }],
            note: format!("余{text}"),
        }),
        seal: Some(format!("章{text}")),
        every_page: vec![],
        day: format!("日{text}"),
        unsettled: false,
    }
}

#[test]
fn whatever_a_record_says_is_printed_as_it_is_and_runs_nothing() {
    for hostile in [
        "#panic(1)",
        "#import\"x.typ\"",
        "#read(\"/etc/hostname\")",
        "$x^2$",
        "@someone",
        "<label>",
        "*b*_i_`raw`",
        r"\\u{41}\n",
        "]#[",
        "\"}],\"x\":1",
        "=题//*/*",
    ] {
        let words = words(&everywhere(hostile));
        for place in [
            "题", "左", "右", "节", "名", "值", "列", "格", "文", "钥", "签", "旁", "述", "附", "缺", "照", "余", "章",
            "日",
        ] {
            assert!(words.contains(&squeezed(&format!("{place}{hostile}"))), "{place}{hostile} in {words}");
        }
    }
}

#[test]
fn long_words_go_on_over_the_page_and_every_page_is_numbered() {
    let text = "现场情况说明。".repeat(600);
    let document = Document {
        title: "记录".to_owned(),
        sections: vec![Section {
            heading: "情况".to_owned(),
            parts: vec![
                Part::Words { text: text.clone(), lines: 3 },
                Part::Pairs(vec![pair("说明", &text), pair("无空格", &"A1".repeat(400))]),
            ],
        }],
        every_page: vec!["被检查人：".to_owned()],
        ..Document::default()
    };
    let pages = Pages::of_document(&document, Purpose::Sealed).unwrap().count();
    assert!(pages > 2, "{pages}");
    let words = words(&document);
    // A page may end in the middle of a sentence; nothing of it is lost.
    assert_eq!(words.matches('。').count(), 1200);
    assert!(words.contains(&format!("第{pages}页共{pages}页")), "{words}");
    assert_eq!(words.matches("被检查人：").count(), pages, "signed on every page");
}

#[test]
fn the_header_of_a_long_table_stands_on_every_page() {
    let rows = (1..=200).map(|at| vec![format!("第{at}件事"), "内容".to_owned()]).collect();
    let table = Rows { columns: vec![column("事项栏"), column("内容栏")], rows, none: String::new() };
    let document = Document {
        sections: vec![Section { heading: String::new(), parts: vec![Part::Rows(table)] }],
        ..Document::default()
    };
    let pages = Pages::of_document(&document, Purpose::Sealed).unwrap().count();
    let words = words(&document);
    assert!(pages > 3 && words.contains("第200件事"));
    assert_eq!(words.matches("事项栏").count(), pages);
}

#[test]
fn what_no_font_draws_is_named_and_not_printed_as_settled() {
    let document = everywhere("\u{10FFFD}");
    let refused = Pages::of_document(&document, Purpose::Sealed).err().unwrap();
    let FormError::MissingGlyphs { missing } = refused else { panic!("{refused}") };
    assert_eq!(missing[0].character, '\u{10FFFD}');
    let preview = Pages::of_document(&document, Purpose::Preview).unwrap();
    assert_eq!(preview.count(), 2, "the annex has a page of its own");
}

#[test]
fn conflicts_are_said_on_the_page() {
    let document = Document { unsettled: true, ..everywhere("甲") };
    assert!(words(&document).contains("预览·含未决冲突"));
    assert!(!words(&everywhere("甲")).contains("预览"));
}

#[test]
fn more_than_pages_can_hold_is_refused() {
    let rows = vec![vec![String::new(), String::new()]; 3_001];
    let table = Rows { columns: vec![column("一"), column("二")], rows, none: String::new() };
    let document = Document {
        sections: vec![Section { heading: String::new(), parts: vec![Part::Rows(table)] }],
        ..Document::default()
    };
    let refused = Pages::of_document(&document, Purpose::Sealed).err().unwrap();
    assert_eq!(refused.code(), "too-many-rows-for-pdf");
}

#[test]
fn photos_stand_six_to_a_page_with_their_words_after_all_that_is_signed() {
    let jpeg: std::sync::Arc<[u8]> = include_bytes!("../../../../tests/fixtures/photos/sideways.jpg")[..].into();
    let photo = |at: usize| Photo {
        picture: if at == 3 { Err("照片内容尚未收到".to_owned()) } else { Ok(jpeg.clone()) },
        lines: vec![format!("{at}．现场照片"), "现场检查　2021年5月26日".to_owned()],
    };
    let annex = Annex { heading: "照片附页".to_owned(), photos: (1..=8).map(photo).collect(), note: String::new() };
    let document = Document { title: "记录".to_owned(), annex: Some(annex), ..Document::default() };
    let pages = Pages::of_document(&document, Purpose::Sealed).unwrap();
    assert_eq!(pages.count(), 3);
    let pictures = |page: usize| pages.svg(page).unwrap().matches("<image").count();
    assert_eq!([pictures(0), pictures(1), pictures(2)], [0, 5, 2]);
    let words = words(&document);
    assert!(words.contains("8．现场照片") && words.contains("照片内容尚未收到"), "{words}");
    // The same picture eight times is kept once.
    let pdf = pages.pdf(moment()).unwrap();
    assert!(pdf.len() < 3 * jpeg.len() + 600_000, "{}", pdf.len());
}
