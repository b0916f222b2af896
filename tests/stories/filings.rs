//! A city's Thursday: its county files late, the province returns a table, a correction follows; and what was sealed stays as it
//! was, whatever is recorded afterwards.

use std::path::Path;

use app::filings::answers::Decision;
use app::filings::draft::{DraftChange, NewFiling};
use app::filings::prepare::Sealing;
use app::filings::reports::FilingState;
use app::filings::since::WhatHappened;
use app::{Clock, RecordId, Writing};
use serde_json::{Value, json};

use crate::support::{Drawer, MAY_27, MINUTE, Office, as_of, id};

/// Thursday 2020-05-28, 13:30 in China; the weekly report is due at 14:00.
const THURSDAY: u64 = 1_590_643_800_000;
const DAY: u64 = 24 * 60 * MINUTE;
const DUE: &str = "2020-05-28";
const CASES: &str = "ln-2020/2";

fn at(office: Office, drawer: &Drawer, moment: u64) -> Office {
    let (code, path) = (office.code, drawer.path(&format!("{}.book", office.code)));
    drop(office);
    drawer.desk(Writing::open(&path, &[], Clock::Fixed(moment)).expect("a book"), code)
}

fn enterprise(n: u32) -> Value {
    json!({"kind": "enterprise", "id": id(n), "campaigns": ["ln-2020"],
        "fields": {"name": format!("沈阳市第{n}口罩厂"), "roles": ["producer"]}})
}

fn case(n: u32, enterprise: u32, fen: i64) -> Value {
    json!({"kind": "case", "id": id(n), "campaigns": ["ln-2020"], "fields": {"enterprise": id(enterprise),
        "line": "advertising", "category": "mask", "filed_on": "2020-05-20", "penalty_on": "2020-05-25",
        "penalty_fen": fen, "decision_no": format!("沈市监罚〔2020〕{n}号")}})
}

fn new() -> NewFiling {
    NewFiling { campaign: "ln-2020".into(), report: "weekly".into(), due: as_of(DUE), as_of: None, office: None }
}

fn sealing() -> Sealing {
    Sealing { filler: "马立群".into(), phone: "024-1234".into(), ..Sealing::default() }
}

/// Writes, has reviewed and seals the weekly report.
fn file(office: &mut Office, sealing: &Sealing) -> RecordId {
    let filing = office.session.begin_filing(&new()).expect("begun");
    office.session.review_filing(filing, "高远").expect("reviewed");
    office.session.seal_filing(filing, sealing).expect("sealed").id
}

fn refusals(office: &mut Office, filing: RecordId, sealing: &Sealing) -> Vec<String> {
    let failure = office.session.seal_filing(filing, sealing).expect_err("refused");
    failure.notices.into_iter().map(|notice| notice.code).collect()
}

fn province_and_city(drawer: &Drawer) -> (Office, Office) {
    let mut province = drawer.office("210000", "辽宁省市场监督管理局");
    let city = drawer.below(&mut province, "210100", "沈阳市市场监督管理局");
    let (mut city, mut province) = (at(city, drawer, THURSDAY), at(province, drawer, THURSDAY));
    city.record(&[enterprise(1), case(2, 1, 1_000_000)]);
    province.take(&city.hand_up());
    (province, city)
}

/// The penalty of all cases, as a sealed report says it.
fn sealed_penalty(office: &Office, filing: RecordId) -> String {
    let cell = office.session.frozen_cell(filing, CASES, "mask", "total.penalty", &mut |_, _| ()).expect("a cell");
    assert_eq!(cell.differs, None);
    assert!(cell.short.is_empty() && cell.records.is_some(), "{:?}", cell.short);
    cell.printed
}

fn bytes(office: &Office, filing: RecordId, out: &Path) -> Vec<u8> {
    let _ = std::fs::remove_file(out);
    office.session.write_filing(filing, Some(CASES), &[out.to_path_buf()]).expect("written");
    std::fs::read(out).expect("a file")
}

#[test]
fn a_thursday_is_filed_collected_returned_and_corrected() {
    let drawer = Drawer::new();
    let (mut province, mut city) = province_and_city(&drawer);
    let filing = file(&mut city, &sealing());
    assert_eq!(sealed_penalty(&city, filing), "1");

    // In the province it is filed, in time, and opens down to its records.
    province.take(&city.hand_up());
    let desk = province.session.collect("ln-2020", "weekly", as_of(DUE)).unwrap();
    assert_eq!(desk.offices.len(), 1);
    assert_eq!((desk.offices[0].state, desk.offices[0].late), (FilingState::Sealed, None));
    assert_eq!((desk.offices[0].filler.as_str(), desk.offices[0].phone.as_str()), ("马立群", "024-1234"));
    assert!(desk.cells.is_empty() && desk.compared > 50, "{:?}", desk.cells);
    assert_eq!(sealed_penalty(&province, filing), "1");

    // Returned with its reason, which travels down.
    assert_eq!(
        province.session.answer_filing(filing, Decision::Returned, " ").unwrap_err().code(),
        "answer-reason-missing"
    );
    province.session.answer_filing(filing, Decision::Returned, "漏报 5 月 25 日的案件").unwrap();
    city.take(&province.send_down("210100"));
    let returned = city.session.filing_detail(filing, &Sealing::default()).unwrap();
    assert_eq!(returned.state, FilingState::Returned);
    assert_eq!(returned.answers[0].why, "漏报 5 月 25 日的案件");
    assert_eq!(city.session.answer_filing(filing, Decision::Accepted, "").unwrap_err().code(), "answer-from-below");

    // What is missing is recorded, and the correction says by itself what became of the number.
    city.record(&[case(3, 1, 500_000)]);
    let since = city.session.filing_since(filing).unwrap();
    assert_eq!(since.records, 1);
    let cell =
        since.cells.iter().find(|cell| (cell.row.as_str(), cell.column.as_str()) == ("mask", "total.penalty")).unwrap();
    assert_eq!((cell.then.as_str(), cell.now.as_str()), ("1", "1.5"));
    assert_eq!((cell.records[0].record.as_str(), cell.records[0].what), (id(3).as_str(), WhatHappened::Recorded));
    let proposed = city.session.proposed_correction(&[filing], app::Language::Zh).unwrap();
    assert!(proposed.contains("1 → 1.5（补录1条）"), "{proposed}");
    assert_eq!(city.session.begin_filing(&new()).unwrap_err().code(), "filing-exists");
    let mut city = at(city, &drawer, THURSDAY + 60 * MINUTE);
    let correction = city.session.correct_filings(&[filing], None, &proposed).unwrap();
    city.session.review_filing(correction, "高远").unwrap();
    city.session.seal_filing(correction, &sealing()).unwrap();

    let printed = city.session.filing_form(correction, CASES, &Sealing::default()).unwrap();
    assert!(printed.foot.iter().any(|line| line.left.starts_with("更正说明：") && line.left.contains("1 → 1.5")));
    let mut province = at(province, &drawer, THURSDAY + 90 * MINUTE);
    province.take(&city.hand_up());
    let desk = province.session.collect("ln-2020", "weekly", as_of(DUE)).unwrap();
    // A correction is no later than what it corrects.
    assert_eq!((desk.offices[0].state, desk.offices[0].late), (FilingState::Sealed, None));
    assert_eq!(desk.offices[0].corrections, 1);
    assert_eq!(desk.offices[0].filing, Some(correction.to_string()));
    province.session.answer_filing(correction, Decision::Accepted, "").unwrap();
    assert_eq!(
        province.session.collect("ln-2020", "weekly", as_of(DUE)).unwrap().offices[0].state,
        FilingState::Accepted
    );
    let first = province.session.filing_detail(filing, &Sealing::default()).unwrap();
    assert_eq!(first.superseded_by, Some(correction));
    assert_eq!((sealed_penalty(&province, filing), sealed_penalty(&province, correction)), ("1".into(), "1.5".into()));
    province.is_sound();
    city.is_sound();
}

#[test]
fn whatever_happens_afterwards_the_same_bytes_are_printed_and_the_same_records_opened() {
    let drawer = Drawer::new();
    let (mut province, mut city) = province_and_city(&drawer);
    let filing = file(&mut city, &sealing());
    let sent = city.hand_up();
    province.take(&sent);
    let (pdf, json, xlsx) = (drawer.path("a.pdf"), drawer.path("a.json"), drawer.path("a.xlsx"));
    let printed: Vec<Vec<u8>> = [&pdf, &json, &xlsx].map(|out| bytes(&city, filing, out)).to_vec();
    assert!(printed[0].starts_with(b"%PDF") && printed[2].starts_with(b"PK"));

    city.edit("case", &id(2), json!({"penalty_fen": 9_000_000}));
    city.record(&[json!({"kind": "case", "id": id(2), "void": "重复登记", "fields": {}}), case(4, 1, 7)]);
    let later = city.hand_up();
    let taken = province.take(&later);
    for office in [&city, &province] {
        assert_eq!([&pdf, &json, &xlsx].map(|out| bytes(office, filing, out)).to_vec(), printed);
        assert_eq!(sealed_penalty(office, filing), "1");
        let records =
            office.session.frozen_cell(filing, CASES, "mask", "total.penalty", &mut |_, _| ()).unwrap().records;
        let records = records.unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].record.fields["penalty_fen"].as_int(), Some(1_000_000), "as it stood");
        assert_eq!(office.session.recounted(filing, &mut |_, _| ()).unwrap(), Some(Vec::new()));
    }
    let what = |office: &Office| {
        let since = office.session.filing_since(filing).unwrap();
        let cell = since.cells.iter().find(|cell| cell.column == "total.penalty").unwrap().clone();
        let mut what: Vec<_> = cell.records.iter().map(|record| (record.record.clone(), record.what)).collect();
        what.sort_by_key(|(record, _)| record.clone());
        what
    };
    assert_eq!(what(&city), [(id(2), WhatHappened::Voided), (id(4), WhatHappened::Recorded)]);
    // Taken back in the province, the later records count no more there, and what was sealed is as it was.
    province.session.undo(&taken.package, None).unwrap();
    assert_eq!(sealed_penalty(&province, filing), "1");
    assert!(province.session.filing_since(filing).unwrap().cells.is_empty());
    city.is_sound();
    province.is_sound();
}

#[test]
fn what_stands_in_the_way_is_said_all_at_once_and_a_late_report_says_why() {
    let drawer = Drawer::new();
    let (_province, city) = province_and_city(&drawer);
    let mut city = at(city, &drawer, THURSDAY + 31 * MINUTE);
    let filing = city.session.begin_filing(&new()).unwrap();
    assert_eq!(city.session.begin_filing(&new()).unwrap(), filing, "one draft of one report");
    assert_eq!(
        refusals(&mut city, filing, &Sealing { zero: true, ..Sealing::default() }),
        ["filing-not-reviewed", "filler-missing", "late-unexplained", "zero-not-zero"]
    );
    city.session.review_filing(filing, "马立群").unwrap();
    assert_eq!(refusals(&mut city, filing, &sealing()), ["late-unexplained"]);
    // Words that quote what there is not, and a day that has not come, are put right before the report goes out.
    let sections = [("next".to_owned(), "再查{figure:nosuch}家".to_owned())].into();
    let ahead = DraftChange { sections, as_of: Some(as_of("2020-05-29")), ..DraftChange::default() };
    city.session.change_filing(filing, &ahead).unwrap();
    assert_eq!(
        refusals(&mut city, filing, &sealing()),
        ["filing-not-reviewed", "as-of-ahead", "section-quote-gone", "late-unexplained"]
    );
    let sections = [("next".to_owned(), "继续排查".to_owned())].into();
    let mended = DraftChange { sections, as_of: Some(as_of(DUE)), ..DraftChange::default() };
    city.session.change_filing(filing, &mended).unwrap();
    city.session.review_filing(filing, "马立群").unwrap();
    let late = Sealing { late_reason: "停电".into(), ..sealing() };
    // The forms take in what other departments declared; the words quote what is recorded.
    let leaves_out = |city: &Office| {
        let warnings = city.session.prepare_filing(filing, &late).unwrap().warnings(&late);
        warnings.iter().any(|notice| notice.code == "words-without-declared")
    };
    assert!(!leaves_out(&city));
    city.record(&[
        json!({"kind": "declared", "id": id(90), "campaigns": ["ln-2020"], "fields": {"form": CASES, "row": "mask",
        "column": "qualification.filed", "source": "drug", "as_of": "2020-05-27", "value": 2}}),
    ]);
    assert!(leaves_out(&city));
    let sealed = city.session.seal_filing(filing, &late).unwrap();
    assert_eq!(sealed.warnings[0].code, "reviewer-is-filler");
    let detail = city.session.filing_detail(filing, &Sealing::default()).unwrap();
    assert_eq!(detail.late, Some(1), "a minute after 14:00");
    assert_eq!(city.session.seal_filing(filing, &late).unwrap_err().code(), "filing-sealed");
    assert_eq!(city.session.review_filing(filing, "高远").unwrap_err().code(), "filing-sealed");
}

#[test]
fn a_clock_set_back_before_the_hour_has_to_be_explained() {
    let drawer = Drawer::new();
    let (_province, city) = province_and_city(&drawer);
    let mut city = at(city, &drawer, THURSDAY + 40 * MINUTE);
    city.record(&[case(5, 1, 5)]);
    let mut city = at(city, &drawer, THURSDAY + 29 * MINUTE);
    let filing = city.session.begin_filing(&new()).unwrap();
    city.session.review_filing(filing, "高远").unwrap();
    assert_eq!(refusals(&mut city, filing, &sealing()), ["clock-behind"]);
    let explained = Sealing { clock_reason: "换过主板".into(), ..sealing() };
    city.session.seal_filing(filing, &explained).unwrap();
    let (filing, snapshot) = city.session.filing_snapshot(filing).unwrap();
    assert_eq!((filing.clock_reason.as_str(), snapshot.clock_reason.as_str()), ("换过主板", "换过主板"));
}

#[test]
fn a_week_without_news_is_a_zero_report_and_a_falling_number_is_seen() {
    let drawer = Drawer::new();
    let (_province, mut city) = province_and_city(&drawer);
    let first = file(&mut city, &sealing());
    let mut city = at(city, &drawer, THURSDAY + 7 * DAY);
    let next = NewFiling { due: as_of("2020-06-04"), ..new() };
    let filing = city.session.begin_filing(&next).unwrap();
    let prepared = city.session.prepare_filing(filing, &Sealing::default()).unwrap();
    assert_eq!((prepared.previous, prepared.unchanged), (Some(first), true));
    assert!(prepared.warnings(&sealing()).iter().any(|notice| notice.code == "zero-not-said"));
    city.edit("case", &id(2), json!({"penalty_fen": 10_000}));
    let prepared = city.session.prepare_filing(filing, &Sealing::default()).unwrap();
    assert!(!prepared.unchanged);
    assert!(prepared.checks.iter().any(|check| check.check.id == "core/falling/total.penalty/mask"));
    city.edit("case", &id(2), json!({"penalty_fen": 1_000_000}));
    city.session.review_filing(filing, "高远").unwrap();
    city.session.seal_filing(filing, &Sealing { zero: true, ..sealing() }).unwrap();
}

#[test]
fn a_conflict_below_is_explained_and_marked_and_ones_own_is_decided() {
    let drawer = Drawer::new();
    let (mut province, mut city) = province_and_city(&drawer);
    province.edit("case", &id(2), json!({"penalty_fen": 2_000_000}));
    city.edit("case", &id(2), json!({"penalty_fen": 3_000_000}));
    province.take(&city.hand_up());
    city.take(&province.send_down("210100"));
    let own = city.session.begin_filing(&new()).unwrap();
    city.session.review_filing(own, "高远").unwrap();
    assert_eq!(refusals(&mut city, own, &sealing()), ["filing-in-conflict"]);

    let above = province.session.begin_filing(&new()).unwrap();
    province.session.review_filing(above, "高远").unwrap();
    let prepared = province.session.prepare_filing(above, &Sealing::default()).unwrap();
    assert!(prepared.doubts.iter().all(|doubt| !doubt.own) && !prepared.doubts.is_empty());
    let doubts = prepared.doubts.iter().map(|doubt| (doubt.key(), "市局正在核实".to_owned())).collect();
    let filing = province.session.seal_filing(above, &Sealing { doubts, ..sealing() }).unwrap().id;
    let form = province.session.filing_form(filing, CASES, &Sealing::default()).unwrap();
    let row = form.rows.iter().find(|row| row.id == "mask").unwrap();
    assert!(row.cells.iter().any(|cell| cell.text().ends_with("（待核）")), "{row:?}");
    assert!(form.foot.iter().any(|line| line.left.contains("市局正在核实")));
}

#[test]
fn two_of_one_office_who_file_the_same_day_are_both_seen() {
    let drawer = Drawer::new();
    let (mut province, mut city) = province_and_city(&drawer);
    std::fs::remove_file(drawer.path("210100.invitation")).unwrap();
    city = at(city, &drawer, MAY_27);
    let invitation = drawer.invitation(&mut city, "210100", "沈阳市市场监督管理局");
    city = at(city, &drawer, THURSDAY);
    let mut second = drawer.join(&invitation, "210100", "second.book");
    province.take(&city.hand_up());
    let first = file(&mut city, &sealing());
    let path = drawer.path("second.book");
    drop(second);
    second = drawer.desk(Writing::open(&path, &[], Clock::Fixed(THURSDAY)).unwrap(), "210100");
    let other = file(&mut second, &sealing());
    city.take(&second.hand_up());
    province.take(&city.hand_up());
    for office in [&city, &province] {
        let detail = office.session.filing_detail(first, &Sealing::default()).unwrap();
        assert_eq!(detail.state, FilingState::Several);
    }
    let desk = province.session.collect("ln-2020", "weekly", as_of(DUE)).unwrap();
    assert_eq!((desk.offices[0].state, desk.added_up), (FilingState::Several, 0), "neither is added up");
    // Correcting either of them names both, however often it is asked for and whichever is opened, and settles it.
    let both = city.session.correct_filings(&[first], None, "两台电脑各报了一份").unwrap();
    assert_eq!(city.session.correct_filings(&[other], None, "").unwrap(), both);
    city.session.review_filing(both, "高远").unwrap();
    assert_eq!(city.session.correct_filings(&[other, first], None, "").unwrap(), both);
    city.session.seal_filing(both, &sealing()).unwrap();
    province.take(&city.hand_up());
    let desk = province.session.collect("ln-2020", "weekly", as_of(DUE)).unwrap();
    assert_eq!((desk.offices[0].state, desk.added_up), (FilingState::Sealed, 1));
    // The week after, where nothing came yet, the desk says who filled in the last one.
    let next = province.session.collect("ln-2020", "weekly", as_of("2020-06-04")).unwrap();
    assert_eq!((next.offices[0].filing.as_deref(), next.offices[0].filler.as_str()), (None, "马立群"));
    assert_eq!(next.offices[0].phone, "024-1234");
}

#[test]
fn a_paper_report_is_not_sealed_beside_one_the_office_came_to_file_itself() {
    let drawer = Drawer::new();
    let mut province = drawer.office("210000", "辽宁省市场监督管理局");
    let city = drawer.below(&mut province, "210100", "沈阳市市场监督管理局");
    let (mut city, mut province) = (at(city, &drawer, THURSDAY), at(province, &drawer, THURSDAY));
    let shenyang: app::OfficeCode = "210100".parse().unwrap();
    province.session.name_office(&shenyang, "沈阳市市场监督管理局").unwrap();
    let paper = NewFiling { office: Some(shenyang), ..new() };
    let begun = province.session.begin_filing(&paper).unwrap();
    province.session.review_filing(begun, "高远").unwrap();
    file(&mut city, &sealing());
    province.take(&city.hand_up());
    assert_eq!(refusals(&mut province, begun, &sealing()), ["filing-of-other-office"]);
    let desk = province.session.collect("ln-2020", "weekly", as_of(DUE)).unwrap();
    assert_eq!((desk.offices[0].state, desk.added_up), (FilingState::Sealed, 1));
}

#[test]
fn a_filing_of_a_campaign_that_is_not_known_here_can_be_read_all_the_same() {
    let drawer = Drawer::new();
    let (mut province, mut city) = province_and_city(&drawer);
    let filing = file(&mut city, &sealing());
    province.take(&city.hand_up());
    // As a book that never heard of the campaign: nothing of it is looked up but in what was sealed.
    let (_, snapshot) = province.session.filing_snapshot(filing).unwrap();
    assert_eq!(snapshot.definitions.heading().unwrap().id, "ln-2020");
    assert_eq!(sealed_penalty(&province, filing), "1");
    assert_eq!(snapshot.forms.len(), 2);
    assert_eq!(snapshot.office_name, "沈阳市市场监督管理局");
}

#[test]
fn every_shipped_report_can_be_sealed_and_says_what_its_tables_say() {
    let library = app::Library::builtin();
    let mut sealed = 0;
    for campaign in library.campaigns() {
        for report in campaign.reports.iter().filter(|report| !report.outside) {
            let code = match campaign.id.as_str() {
                "ln-2020" => "210100",
                "samr-2020-51" => "640000",
                _ => "640121",
            };
            let due = report.schedule.next_due(campaign.first_day).expect("a due day");
            let morning = domain::clock::start_in_china(due.on) + 9 * 60 * MINUTE;
            let drawer = Drawer::new();
            let mut office = at(drawer.office(code, "某某市场监督管理局"), &drawer, morning);
            let name = (campaign.id.clone(), report.id.clone());
            let (campaign, report_id) = name.clone();
            let new = NewFiling { campaign, report: report_id, due: due.on, as_of: None, office: None };
            let filing = office.session.begin_filing(&new).unwrap_or_else(|failure| panic!("{name:?}: {failure}"));
            office.session.review_filing(filing, "高远").unwrap();
            let sealing = Sealing { zero: report.forms.is_empty(), ..sealing() };
            let refused = office.session.prepare_filing(filing, &sealing).unwrap().refusals(&sealing);
            assert_eq!(refused, [], "{name:?}");
            office.session.seal_filing(filing, &sealing).unwrap_or_else(|failure| panic!("{name:?}: {failure}"));
            let (_, snapshot) = office.session.filing_snapshot(filing).unwrap();
            assert_eq!(snapshot.as_of, due.cut_off, "{name:?}");
            assert_eq!(snapshot.forms.len(), report.forms.len(), "{name:?}");
            let begun = report.sections.iter().filter(|section| !section.template.trim().is_empty()).count();
            assert_eq!(snapshot.sections.len(), begun, "{name:?}: a section begins with the words of its template");
            assert!(snapshot.sections.iter().all(|section| !section.text.contains('{')), "{:?}", snapshot.sections);
            assert_eq!(office.session.recounted(filing, &mut |_, _| ()).unwrap(), Some(Vec::new()), "{name:?}");
            if !snapshot.sections.is_empty() {
                for (out, begin) in [("a.pdf", &b"%PDF"[..]), ("a.docx", b"PK")] {
                    let out = drawer.path(out);
                    office.session.write_filing(filing, None, std::slice::from_ref(&out)).unwrap();
                    assert!(std::fs::read(&out).unwrap().starts_with(begin), "{name:?}");
                }
            }
            sealed += 1;
        }
    }
    assert_eq!(sealed, 6);
}

#[test]
fn a_list_too_long_for_pages_is_filed_all_the_same_and_saved_as_a_spreadsheet() {
    let drawer = Drawer::new();
    let morning = domain::clock::start_in_china(as_of("2020-05-21")) + 9 * 60 * MINUTE;
    let mut region = at(drawer.office("640000", "宁夏回族自治区市场监督管理厅"), &drawer, morning);
    let makers = (1..=3_001).flat_map(|n| {
        let name = format!("宁夏第{n}口罩厂");
        let product = json!({"enterprise": id(n), "category": "mask", "name": "日常防护口罩", "medical": false});
        [
            json!({"kind": "enterprise", "id": id(n), "campaigns": ["samr-2020-51"],
                "fields": {"name": name, "roles": ["producer"]}}),
            json!({"kind": "product", "id": id(n + 10_000), "fields": product}),
        ]
    });
    region.record(&makers.collect::<Vec<_>>());
    let (campaign, report) = ("samr-2020-51".to_owned(), "survey".to_owned());
    let new = NewFiling { campaign, report, due: as_of("2020-05-22"), as_of: None, office: None };
    let filing = region.session.begin_filing(&new).unwrap();
    region.session.review_filing(filing, "高远").unwrap();
    region.session.seal_filing(filing, &sealing()).unwrap();
    let (_, snapshot) = region.session.filing_snapshot(filing).unwrap();
    assert_eq!(snapshot.forms[0].rows.len(), 3_001);
    let form = Some("samr-2020-51/1");
    let (pdf, xlsx, letter) = (drawer.path("a.pdf"), drawer.path("a.xlsx"), drawer.path("b.pdf"));
    let refused = region.session.write_filing(filing, form, std::slice::from_ref(&pdf)).unwrap_err();
    assert_eq!(refused.code(), "filing-not-printed");
    region.session.write_filing(filing, form, std::slice::from_ref(&xlsx)).unwrap();
    region.session.write_filing(filing, None, std::slice::from_ref(&letter)).unwrap();
    assert!(std::fs::read(&xlsx).unwrap().starts_with(b"PK") && std::fs::read(&letter).unwrap().starts_with(b"%PDF"));
}
