//! Findings in words.

use super::*;

#[test]
fn findings_are_said_in_words_with_the_records_to_open() {
    let mut book = Book::at(REGION, "2021-05-27");
    book.load(&[
        enterprise(4, LINGWU),
        enterprise(5, LINGWU),
        json!({ "kind": "enterprise", "id": id('e', 5), "fields": { "same_as": id('e', 4) } }),
    ]);
    book.load(&[json!({ "kind": "enterprise", "id": id('e', 4), "void": "重复", "fields": {} })]);
    let page = book.session.findings_in_words(0, Language::Zh).unwrap();
    assert!(page.total >= 1 && page.lines.len() == page.total);
    let voided = page.lines.iter().find(|line| line.problem.code == "finding-same-as-voided").unwrap();
    let records: Vec<_> =
        voided.records.iter().map(|record| (record.kind.as_deref(), record.title.as_str(), record.voided)).collect();
    assert_eq!(records, [(Some("enterprise"), "口罩厂5", false), (Some("enterprise"), "口罩厂4", true)]);
    assert!(book.session.findings_in_words(page.total, Language::En).unwrap().lines.is_empty());
}
