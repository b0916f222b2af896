//! What merged books break across records is found from what stands, and gone once it is corrected.

use domain::Value;
use testkit::{Desk, edit, record, slots};

const OFFICE: &str = "640121";

fn codes(desk: &Desk) -> Vec<String> {
    let findings = desk.book.read(|reader| reader.findings()).unwrap();
    findings.into_iter().map(|finding| finding.notice.code).collect()
}

fn id(n: u64) -> Value {
    Value::text(record(n).to_string())
}

#[test]
fn rings_second_disposals_and_references_to_nothing_are_found_until_they_are_corrected() {
    let mut desk = Desk::new(1, OFFICE);
    let mut write = |n: u64, kind: &str, assigned: domain::Fields| {
        let change = sweepbook_store::Edit { record: record(n), slots: assigned, ..edit(kind, OFFICE, []) };
        desk.write(change).unwrap();
    };
    write(1, "enterprise", slots([("name", "甲".into()), ("same_as", id(2))]));
    write(2, "enterprise", slots([("name", "乙".into()), ("same_as", id(1))]));
    write(3, "sample", slots([("enterprise", id(1)), ("result", "nonconforming".into())]));
    write(4, "disposal", slots([("sample", id(3))]));
    write(5, "disposal", slots([("sample", id(3))]));
    write(6, "case", slots([("enterprise", id(9))]));
    assert_eq!(codes(&desk), ["finding-same-as-ring", "finding-second-disposal", "finding-parent-absent"]);

    let mut write = |n: u64, kind: &str, assigned: domain::Fields| {
        let change = sweepbook_store::Edit { record: record(n), slots: assigned, ..edit(kind, OFFICE, []) };
        desk.write(change).unwrap();
    };
    write(2, "enterprise", slots([("same_as", Value::Null)]));
    write(5, "disposal", slots([("void", "重复".into())]));
    write(6, "case", slots([("void", "误录".into())]));
    assert_eq!(codes(&desk), Vec::<String>::new());
}

#[test]
fn what_still_refers_to_a_voided_record_is_found_and_what_is_voided_itself_is_not() {
    let mut desk = Desk::new(1, OFFICE);
    let mut write = |n: u64, kind: &str, assigned: domain::Fields| {
        let change = sweepbook_store::Edit { record: record(n), slots: assigned, ..edit(kind, OFFICE, []) };
        desk.write(change).unwrap();
    };
    write(1, "enterprise", slots([("name", "甲".into())]));
    write(2, "inspection", slots([("enterprise", id(1))]));
    write(3, "inspection", slots([("enterprise", id(1)), ("follow_up_of", id(2))]));
    write(4, "inspection", slots([("enterprise", id(1)), ("void", "重复".into())]));
    write(1, "enterprise", slots([("void", "误录".into())]));
    write(2, "inspection", slots([("void", "误录".into())]));

    let findings = desk.book.read(|reader| reader.findings()).unwrap();
    let told: Vec<_> = findings.iter().map(|finding| (finding.notice.code.as_str(), finding.records.clone())).collect();
    assert_eq!(
        told,
        [("finding-parent-voided", vec![record(3), record(1)]), ("finding-parent-voided", vec![record(3), record(2)])]
    );
}
