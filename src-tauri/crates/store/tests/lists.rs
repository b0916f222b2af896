//! Lists reached by row number, and records of every kind found by words.

use std::collections::BTreeSet;

use domain::{RecordId, Value};
use store::{Book, Edit, ListMarks, ListQuery, StoreError};
use sweepbook_store as store;
use testkit::offices::{COUNTIES, NINGXIA, YINCHUAN, office};
use testkit::{Desk, edit, record};

/// Writes in one transaction, and returns the records in the order they were written.
fn write(desk: &mut Desk, edits: Vec<Edit>) -> Vec<RecordId> {
    let device = desk.device.clone();
    let now = desk.now;
    let ids = edits.iter().map(|edit| edit.record).collect();
    desk.book
        .transact::<_, StoreError>(|writer| {
            for (at, edit) in edits.into_iter().enumerate() {
                writer.append(edit, &device, now + at as u64)?;
            }
            Ok(())
        })
        .unwrap();
    ids
}

fn inspection(at: u64, day: Option<&str>) -> Edit {
    let place = format!("place {at}");
    let mut made = edit("inspection", COUNTIES[(at % 2) as usize], [("place", place.as_str().into())]);
    made.record = record(at);
    if let Some(day) = day {
        made.slots.insert("date".into(), day.into());
    }
    made
}

fn rows(book: &Book, query: &ListQuery, first: u64) -> Vec<RecordId> {
    book.read::<_, StoreError>(|reader| {
        let marks = reader.list_marks(query)?;
        Ok(reader.list_at(query, &marks, first)?.iter().map(|record| record.id).collect())
    })
    .unwrap()
}

fn marks(book: &Book, query: &ListQuery) -> ListMarks {
    book.read::<_, StoreError>(|reader| reader.list_marks(query)).unwrap()
}

#[test]
fn any_row_is_reached_by_its_number() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let made = write(&mut desk, (0..1000).map(|at| inspection(at, Some("2021-03-01"))).collect());
    let all = ListQuery { kind: "inspection".into(), limit: 7, ..Default::default() };
    assert_eq!(marks(&desk.book, &all).total, 1000);
    for first in [0, 1, 126, 127, 128, 129, 255, 256, 500, 993, 996, 999] {
        let newest_first: Vec<RecordId> = made.iter().rev().copied().skip(first).take(7).collect();
        assert_eq!(rows(&desk.book, &all, first as u64), newest_first, "{first}");
        let oldest_first: Vec<RecordId> = made.iter().copied().skip(first).take(7).collect();
        let turned = ListQuery { oldest_first: true, ..all.clone() };
        assert_eq!(rows(&desk.book, &turned, first as u64), oldest_first, "{first}");
    }
    for first in [1000, 1024, u64::MAX] {
        assert_eq!(rows(&desk.book, &all, first), vec![], "{first}");
    }
    let half = ListQuery { office: Some(office(COUNTIES[1])), ..all.clone() };
    assert_eq!(marks(&desk.book, &half).total, 500);
    assert_eq!(rows(&desk.book, &half, 499), vec![made[1]]);
    let nothing = ListQuery { kind: "nothing".into(), ..all };
    assert_eq!(marks(&desk.book, &nothing), ListMarks::default());
    assert_eq!(rows(&desk.book, &nothing, 0), vec![]);
}

#[test]
fn by_date_rows_without_one_come_before_every_day() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let day = |at: u64| (!at.is_multiple_of(3)).then(|| format!("2021-03-{:02}", 1 + at * 7 % 28));
    let made = write(&mut desk, (0..700).map(|at| inspection(at, day(at).as_deref())).collect());
    let mut expected: Vec<(Option<String>, usize)> = (0..700).map(|at| (day(at as u64), at)).collect();
    expected.sort();
    let oldest = ListQuery {
        kind: "inspection".into(),
        sort: Some("date".into()),
        oldest_first: true,
        limit: 40,
        ..Default::default()
    };
    let newest = ListQuery { oldest_first: false, ..oldest.clone() };
    for first in [0, 100, 200, 233, 234, 240, 384, 466, 467, 690] {
        let ids =
            |rows: Vec<&(Option<String>, usize)>| -> Vec<RecordId> { rows.iter().map(|(_, at)| made[*at]).collect() };
        let page = ids(expected.iter().skip(first).take(40).collect());
        assert_eq!(rows(&desk.book, &oldest, first as u64), page, "oldest first from {first}");
        let page = ids(expected.iter().rev().skip(first).take(40).collect());
        assert_eq!(rows(&desk.book, &newest, first as u64), page, "newest first from {first}");
    }
    // A field that is no day of the kind sorts nothing.
    let strange = ListQuery { sort: Some("inspectors".into()), ..newest };
    assert_eq!(rows(&desk.book, &strange, 0)[0], made[699]);
}

struct Found {
    desk: Desk,
    enterprise: RecordId,
    inspection: RecordId,
    sample: RecordId,
    disposal: RecordId,
    case: RecordId,
    clue: RecordId,
}

fn found() -> Found {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let at = |id: RecordId| Value::from(id.to_string().as_str());
    let enterprise = edit("enterprise", COUNTIES[0], [("name", "银川永宁口罩厂".into())]);
    let inspection =
        edit("inspection", COUNTIES[0], [("enterprise", at(enterprise.record)), ("date", "2021-05-01".into())]);
    let sample = edit(
        "sample",
        COUNTIES[0],
        [
            ("number", "YN-2021-0153".into()),
            ("product_name", "日常防护型口罩".into()),
            ("enterprise", at(enterprise.record)),
        ],
    );
    let disposal = edit("disposal", COUNTIES[0], [("sample", at(sample.record))]);
    let case = edit(
        "case",
        COUNTIES[0],
        [
            ("number", "永市监案〔2021〕8号".into()),
            ("decision_no", "永市监罚字〔2021〕17号".into()),
            ("enterprise", at(enterprise.record)),
        ],
    );
    let clue = edit("clue", COUNTIES[0], [("content", "群众反映望远镇有人囤积口罩".into())]);
    let ids = write(&mut desk, vec![enterprise, inspection, sample, disposal, case, clue]);
    let [enterprise, inspection, sample, disposal, case, clue] = ids.try_into().unwrap();
    Found { desk, enterprise, inspection, sample, disposal, case, clue }
}

#[test]
fn every_kind_is_found_by_its_numbers_and_names_and_those_of_what_it_is_about() {
    let Found { desk, enterprise, inspection, sample, disposal, case, clue } = found();
    let search = |kind: &str, text: &str| -> Vec<RecordId> {
        let found = desk.book.read::<_, StoreError>(|reader| reader.search_kind(kind, text, 9)).unwrap();
        found.into_iter().map(|found| found.record).collect()
    };
    for (kind, text, expected) in [
        ("sample", "YN-2021", Some(sample)),
        ("sample", "yn2021", Some(sample)),
        ("sample", "0153", Some(sample)),
        ("sample", "153", Some(sample)),
        ("sample", "53", Some(sample)),
        ("sample", "防护型", Some(sample)),
        ("sample", "rcfhx", Some(sample)),
        ("sample", "ycyn", Some(sample)),
        ("sample", "0154", None),
        ("sample", "0153日常", None),
        ("disposal", "0153", Some(disposal)),
        ("disposal", "永宁", Some(disposal)),
        ("case", "〔2021〕8号", Some(case)),
        ("case", "2021 8号", Some(case)),
        ("case", "罚字", Some(case)),
        ("case", "ysja", Some(case)),
        ("case", "18号", Some(case)),
        ("case", "28号", None),
        ("case", "永宁口罩", Some(case)),
        ("inspection", "永宁", Some(inspection)),
        ("inspection", "yny", None),
        ("inspection", "ycyn", Some(inspection)),
        ("enterprise", "永宁", Some(enterprise)),
        ("enterprise", "0153", None),
        ("clue", "望远", Some(clue)),
        ("clue", "qz", None),
        ("nothing", "永宁", None),
        ("sample", "", None),
        ("sample", "，", None),
    ] {
        assert_eq!(search(kind, text), Vec::from_iter(expected), "{kind} {text:?}");
    }
}

#[test]
fn a_list_narrowed_by_words_counts_and_pages_like_any_other() {
    let Found { mut desk, sample, .. } = found();
    let query = |text: &str| ListQuery { kind: "sample".into(), text: text.into(), limit: 9, ..Default::default() };
    for (text, expected) in
        [("0153", vec![sample]), ("永宁", vec![sample]), ("  ", vec![sample]), ("0154", vec![]), ("（）", vec![])]
    {
        assert_eq!(rows(&desk.book, &query(text), 0), expected, "{text:?}");
        assert_eq!(marks(&desk.book, &query(text)).total, expected.len() as u64, "{text:?}");
    }
    let narrowed = ListQuery { codes: vec![("result".into(), "pending".into())], ..query("永宁") };
    assert_eq!(rows(&desk.book, &narrowed, 0), vec![]);
    // A number that was corrected is found under the new one only.
    let mut corrected = edit("sample", COUNTIES[0], [("number", "YN-2021-0777".into())]);
    corrected.record = sample;
    write(&mut desk, vec![corrected]);
    assert_eq!(rows(&desk.book, &query("0153"), 0), vec![]);
    assert_eq!(rows(&desk.book, &query("0777"), 0), vec![sample]);
    assert_eq!(rows(&desk.book, &query("防护型"), 0), vec![sample]);
}

#[test]
fn what_a_list_asks_of_every_row_stands_in_an_index() {
    let desk = Desk::new(1, COUNTIES[0]);
    #[allow(clippy::disallowed_methods)]
    let conn = rusqlite::Connection::open(desk.path()).unwrap();
    let plan = |sql: &str| -> String {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let lines = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    };
    let all = "SELECT p.n, NULL FROM p_inspection p WHERE '' = '' AND p.void = 0";
    for more in ["", " AND substr(p.office, 1, 4) = '6401'", " AND instr(p.campaigns, '|c|') > 0"] {
        let plan = plan(&format!("{all}{more} ORDER BY p.n DESC"));
        assert!(plan.contains("COVERING INDEX p_inspection_list") && !plan.contains("TEMP"), "{more}: {plan}");
    }
    let dated = plan(
        "SELECT p.n, p.date FROM p_inspection p WHERE p.void = 0 AND (p.date, p.n) <= ('2021', 9) ORDER BY p.date DESC, p.n DESC LIMIT 9",
    );
    assert!(dated.contains("p_inspection_date") && !dated.contains("TEMP"), "{dated}");
    let counted = plan("SELECT count(*) FROM p_inspection WHERE void = 1");
    assert!(counted.contains("p_inspection_void"), "{counted}");
}

#[test]
fn findings_are_looked_for_again_only_after_what_they_may_rest_on() {
    let Found { mut desk, enterprise, sample, .. } = found();
    let disturbances = desk.book.findings_generation();
    let changes = desk.book.generation();
    let mut renamed = edit("enterprise", COUNTIES[0], [("name", "改了名的口罩厂".into())]);
    renamed.record = enterprise;
    write(&mut desk, vec![renamed, edit("clue", COUNTIES[0], [("content", "新的线索".into())])]);
    assert_eq!(desk.book.generation(), changes + 1);
    assert_eq!(desk.book.findings_generation(), disturbances);
    for (record, kind, slot, value) in [
        (sample, "sample", "result", Value::from("conforming")),
        (sample, "sample", "enterprise", Value::Null),
        (enterprise, "enterprise", "void", Value::from("重复登记")),
    ] {
        let before = desk.book.findings_generation();
        let mut changed = edit(kind, COUNTIES[0], [(slot, value)]);
        changed.record = record;
        write(&mut desk, vec![changed]);
        assert_eq!(desk.book.findings_generation(), before + 1, "{slot}");
    }
    let mut other = Desk::new(2, COUNTIES[1]);
    other.write(edit("enterprise", COUNTIES[1], [("name", "乙".into())])).unwrap();
    let before = desk.book.findings_generation();
    desk.take(&other.parcel("p").unwrap(), false).unwrap();
    assert!(desk.book.findings_generation() > before, "a package brought records");
}

#[test]
fn pages_visit_everything_once() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for at in 0..25 {
        let mut entry =
            edit("case", COUNTIES[at % 3], [("number", Value::text(at.to_string())), ("line", "price".into())]);
        entry.slots.insert("filed_on".into(), Value::text(format!("2021-03-{:02}", at + 1)));
        if at % 5 == 0 {
            entry.slots.insert("void".into(), "录错".into());
        }
        if at % 2 == 0 {
            entry.slots.insert("campaigns/c".into(), true.into());
            entry.slots.insert("penalty_kinds/fine".into(), true.into());
        }
        desk.write(entry).unwrap();
    }
    let visit = |query: &ListQuery| {
        let mut seen: Vec<RecordId> = Vec::new();
        let mut query = query.clone();
        desk.book
            .read::<_, StoreError>(|reader| {
                loop {
                    let page = reader.list(&query)?;
                    assert!(page.records.len() <= query.limit as usize);
                    seen.extend(page.records.iter().map(|record| record.id));
                    match page.next {
                        Some(next) => query.after = Some(next),
                        None => break,
                    }
                }
                query.after = None;
                assert_eq!(reader.list_count(&query)?, seen.len() as u64);
                Ok(())
            })
            .unwrap();
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len());
        seen.len()
    };
    let all = ListQuery { kind: "case".into(), with_voided: true, limit: 4, ..Default::default() };
    for limit in [1, 4, 5, 24, 25, 26] {
        assert_eq!(visit(&ListQuery { limit, ..all.clone() }), 25);
    }
    assert_eq!(visit(&ListQuery { with_voided: false, ..all.clone() }), 20);
    for (code, expected) in
        [(NINGXIA, 25), ("000000", 25), (YINCHUAN, 25), (COUNTIES[0], 9), ("210000", 0), ("640121-01", 0)]
    {
        assert_eq!(visit(&ListQuery { office: Some(office(code)), ..all.clone() }), expected, "{code}");
    }
    assert_eq!(visit(&ListQuery { campaign: Some("c".into()), ..all.clone() }), 13);
    assert_eq!(visit(&ListQuery { campaign: Some("|".into()), ..all.clone() }), 0);
    let coded = |field: &str, code: &str| ListQuery { codes: vec![(field.into(), code.into())], ..all.clone() };
    assert_eq!(visit(&coded("line", "price")), 25);
    assert_eq!(visit(&coded("line", "quality")), 0);
    assert_eq!(visit(&coded("penalty_kinds", "fine")), 13);
    assert_eq!(visit(&coded("penalty_kinds", "fin")), 0);
    let dated = ListQuery {
        date_field: Some("filed_on".into()),
        from: Some("2021-03-03".parse().unwrap()),
        to: Some("2021-03-06".parse().unwrap()),
        office: Some(office(COUNTIES[0])),
        ..all.clone()
    };
    assert_eq!(visit(&dated), 1);
    assert_eq!(visit(&ListQuery { kind: "nothing".into(), ..all.clone() }), 0);
}
