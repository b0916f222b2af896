//! 宁市监发〔2021〕24号 附件1, 口罩案件查处情况统计表.

use std::collections::BTreeSet;

use crate::check::{Golden, Prints, behind};
use crate::desk::{Desk, MAY_27_2021, alone, day, long, request};

const FORM: &str = "nx-2021-24/1";

/// The words of the issued table.
const COLUMNS: &[(&str, &str, Prints)] = &[
    ("person_times", "出动执法人员(人次)累计", Prints::Count),
    ("enterprises", "检查经营者数(户/人)累计", Prints::Count),
    ("filed", "其中:立案(件)", Prints::Count),
    ("closed", "结案(件)", Prints::Count),
    ("penalty", "罚没(万元)", Prints::Over(1_000_000)),
    ("value", "案值(万元)", Prints::Over(1_000_000)),
    ("seized", "查获口罩(万只)累计", Prints::Over(10_000)),
    ("transferred", "移送公安机关案件数(件)累计", Prints::Count),
];

/// Offices whose tables are looked at, as the tables call them.
const NAMES: [(&str, &str); 4] =
    [("000000", "全国"), ("640000-01", "宁东"), ("640100", "银川市"), ("640121", "永宁县")];

/// The region's book with everything that was recorded and merged.
pub fn region() -> Desk {
    let mut desk = Desk::new("640000", "宁夏回族自治区市场监督管理厅", MAY_27_2021).naming(&NAMES);
    desk.load("ledger-nx.jsonl");
    let desk = desk.merge("ledger-nx-here.jsonl", "ledger-nx-elsewhere.jsonl", Some("640200"));
    // The book is as the expected values take it: e07 and e14 void, e09 not there, e04 and e05 a ring, d11 and d12 of one sample.
    let record = |id: &str| desk.session.record(long(id).parse().unwrap());
    assert!(record("e07").unwrap().void.is_some() && record("e14").unwrap().void.is_some());
    assert_eq!(record("e08").unwrap().text("same_as"), Some(long("e09").as_str()));
    assert_eq!(record("e09").unwrap_err().code(), "record-unknown");
    for (one, other) in [("e04", "e05"), ("e05", "e04")] {
        assert_eq!(record(one).unwrap().text("same_as"), Some(long(other).as_str()));
    }
    assert!(["d11", "d12"].iter().all(|id| record(id).unwrap().text("sample") == Some(long("511").as_str())));
    assert_eq!(desk.session.conflicts().unwrap(), []);
    desk
}

fn golden<'g>(
    office: &'g str,
    name: &'g str,
    as_of: &'g str,
    date: &'g str,
    rows: &'g [(&'g str, &'g [&'g str])],
) -> Golden<'g> {
    Golden {
        form: FORM,
        office,
        as_of,
        head: [name, date],
        foot: &[],
        title: "口罩案件查处情况统计表",
        attachment: "附件 1",
        stub: Some("查办案件情况"),
        columns: COLUMNS,
        rows,
    }
}

const REGION: &str = "填报单位（盖章）：宁夏回族自治区市场监督管理厅";

#[test]
fn the_region_up_to_the_cut_off() {
    alone("nx_cases::the_region_up_to_the_cut_off", || {
        let rows: &[(&str, &[&str])] = &[
            // Person-times: i08 2 + i09 2 + i10 2 = 6.
            // Enterprises: e01, e06 (its same_as e07 is void), e08 (its same_as e09 is not in the book) = 3.
            // Filed and closed: c02, on the cut-off itself. Penalty: c02 1,234,450 fen = 1.23445, half up.
            // Value: c02 says none. Seized: c02 20,000. Transferred: none.
            ("price", &["价格类案件", "6", "3", "1", "1", "1.2345", "0", "2", "0"]),
            // Person-times: i01 2 (the first day) + i02 3 (the cut-off) + i05 2 + i06 1 + i12 2 + i14 2 + i17 2 + i21 2 = 16.
            //   Not i03 (the day before), i04 (the day after), i07 (void), i11 (another campaign), i13 (only a ventilator).
            // Enterprises: e01 (itself i01; e03 by e02 i02; e13 past the void e14 i21), e04 (a ring with e05: i05, i06),
            //   e11 (i12), e12 (i14, i17) = 4.
            // Filed: c01 (the first day). Not c05 (void), c06 (another campaign), c07 (a ventilator).
            // Closed: c01 only the day after. Penalty: c01 1,234,450. Value: c01 100,000,050 = 100.00005, half up.
            // Seized: c01 123,450.
            ("quality", &["质量类案件", "16", "4", "1", "0", "1.2345", "100.0001", "12.345", "0"]),
            // Filed: c04; c03 was filed the day before. Closed and penalty by their own days: c03, 50 fen = 0.00005, half up.
            // Value by the day of filing: c04 2,000,000. Seized: c04 seized 5,000 kg of meltblown, which are no masks.
            ("competition", &["不正当竞争案件", "0", "0", "1", "1", "0.0001", "2", "0", "0"]),
            // c10 was filed the day after; that i17 also looked at this line is not counted.
            ("ip", &["知识产权类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            // i18: 2 persons, e11. Filed: c12 (of two campaigns) + declared 12: the region by drug 5 (f02; f01 is older, f03
            //   later than the cut-off), by industry 2 (f04, as of the first day), 640121 by drug 1 (f05), 640200 by drug 4 (of
            //   one day f06 and f07: the greater id; f08 is void) = 13.
            // Penalty: declared 1,000,000 (f09). Seized: c12 10,001. Transferred: c12.
            ("qualification", &["药械资质类案件", "2", "1", "13", "0", "1", "0", "1.0001", "1"]),
            // c11; its penalty has a day and no sum. Seized: one mask.
            ("advertising", &["虚假广告类案件", "0", "0", "1", "0", "0", "0", "0.0001", "0"]),
            // Certification i15 3 + metrology i16 2 + other i19 4 = 9; e10 (twice) and e11 = 2.
            // Filed: c08 (public security) and c09 (standardisation). Closed: c09 on the cut-off.
            // Value: 49 + 51 fen = 0.0001. Transferred: c08 on the cut-off; c09 the day after.
            ("other", &["其他案件", "9", "2", "2", "1", "0", "0.0001", "0", "1"]),
            // 6+16+2+9 · 3+4+1+2 (e01 under two lines counts in both) · 1+1+1+13+1+2 · 1+1+1
            // Penalty from exact values: 1,234,450 + 1,234,450 + 50 + 1,000,000 = 3,468,950 = 3.46895, half up 3.469 (the
            //   printed column adds up to 3.4691). Value: 100,000,050 + 2,000,000 + 100 = 102,000,150.
            // Seized: 20,000 + 123,450 + 10,001 + 1 = 153,452. Transferred: c12, c08.
            ("total", &["合计数", "33", "10", "19", "3", "3.469", "102.0002", "15.3452", "2"]),
        ];
        let desk = region();
        golden("640000", REGION, "2021-05-27", "2021年5月27日", rows).check(&desk);

        // The nation is above every office, and the printed date need not be the cut-off.
        let nation = app::FillRequest { date: Some(day("2021-06-02")), ..request(FORM, "000000", "2021-05-27") };
        let nation = desk.session.fill(&nation).unwrap().form;
        let total: Vec<&str> = nation.rows[7].cells.iter().map(|cell| cell.text()).collect();
        assert_eq!(total, rows[7].1);
        assert_eq!((nation.head[0].right.as_str(), nation.as_of), ("2021年6月2日", day("2021-05-27")));

        let opened = |row: &str, column: &str| behind(&desk, FORM, "2021-05-27", row, column);
        assert_eq!(opened("quality", "enterprises"), ["101", "102", "105", "106", "112", "114", "117", "121"]);
        assert_eq!(opened("price", "enterprises"), ["108", "109", "110"]);
        assert_eq!(opened("competition", "closed"), ["c03"]);
        assert_eq!(opened("competition", "filed"), ["c04"]);
        assert_eq!(opened("competition", "seized"), [""; 0]);
        let declared: BTreeSet<String> = opened("qualification", "filed").into_iter().collect();
        assert_eq!(declared, ["c12", "f02", "f04", "f05", "f07"].map(str::to_owned).into());
        let total: BTreeSet<String> = opened("total", "transferred").into_iter().collect();
        assert_eq!(total, ["c08", "c12"].map(str::to_owned).into());
    });
}

#[test]
fn offices_below_and_offices_beside() {
    alone("nx_cases::offices_below_and_offices_beside", || {
        let desk = region();
        // Of the city: what 640100, 640121, 640121-01, 640122 and 640181 own; neither 640000, 640000-01 nor 640200.
        let city: &[(&str, &[&str])] = &[
            ("price", &["价格类案件", "6", "3", "1", "1", "1.2345", "0", "2", "0"]),
            // Without i12 of 640200: 14 persons; e01, e04, e12.
            ("quality", &["质量类案件", "14", "3", "1", "0", "1.2345", "100.0001", "12.345", "0"]),
            // c03 alone; c04 is of 640200.
            ("competition", &["不正当竞争案件", "0", "0", "0", "1", "0.0001", "0", "0", "0"]),
            ("ip", &["知识产权类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            // Declared: f05 of 640121 alone.
            ("qualification", &["药械资质类案件", "0", "0", "1", "0", "0", "0", "0", "0"]),
            ("advertising", &["虚假广告类案件", "0", "0", "1", "0", "0", "0", "0.0001", "0"]),
            // c09 of the station alone: 51 fen = 0.000051.
            ("other", &["其他案件", "0", "0", "1", "1", "0", "0.0001", "0", "0"]),
            // Penalty 2,468,950 = 2.46895; value 100,000,101; seized 20,000 + 123,450 + 1.
            ("total", &["合计数", "20", "6", "5", "3", "2.469", "100.0001", "14.3451", "0"]),
        ];
        golden("640100", "填报单位（盖章）：银川市", "2021-05-27", "2021年5月27日", city).check(&desk);

        // An office without a code of its own counts its own records and no others: i15, i16, c08 (49 fen = 0.000049).
        let park: &[(&str, &[&str])] = &[
            ("price", &["价格类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("quality", &["质量类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("competition", &["不正当竞争案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("ip", &["知识产权类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("qualification", &["药械资质类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("advertising", &["虚假广告类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("other", &["其他案件", "5", "1", "1", "0", "0", "0", "0", "1"]),
            ("total", &["合计数", "5", "1", "1", "0", "0", "0", "0", "1"]),
        ];
        // Nobody has told the book its name, and it is not its parent's.
        golden("640000-01", "填报单位（盖章）：宁东", "2021-05-27", "2021年5月27日", park).check(&desk);

        // The county has its station below it: i01, i08, i10 and the station's i14, i17; c01, c11 and its c09; f05.
        let county: &[(&str, &[&str])] = &[
            // i08 e01 and i10 e08.
            ("price", &["价格类案件", "4", "2", "0", "0", "0", "0", "0", "0"]),
            // i01 2 + i14 2 + i17 2; e01, e12.
            ("quality", &["质量类案件", "6", "2", "1", "0", "1.2345", "100.0001", "12.345", "0"]),
            ("competition", &["不正当竞争案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("ip", &["知识产权类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("qualification", &["药械资质类案件", "0", "0", "1", "0", "0", "0", "0", "0"]),
            ("advertising", &["虚假广告类案件", "0", "0", "1", "0", "0", "0", "0.0001", "0"]),
            ("other", &["其他案件", "0", "0", "1", "1", "0", "0.0001", "0", "0"]),
            // Seized 123,450 + 1.
            ("total", &["合计数", "10", "4", "4", "1", "1.2345", "100.0001", "12.3451", "0"]),
        ];
        golden("640121", "填报单位（盖章）：永宁县", "2021-05-27", "2021年5月27日", county).check(&desk);
    });
}

#[test]
fn before_on_the_first_day_and_after_the_last() {
    alone("nx_cases::before_on_the_first_day_and_after_the_last", || {
        let desk = region();
        const NOTHING: [&str; 8] = ["0"; 8];
        let nothing = |label: &'static str| -> Vec<&'static str> { [label].into_iter().chain(NOTHING).collect() };
        let labels = [
            ("price", "价格类案件"),
            ("quality", "质量类案件"),
            ("competition", "不正当竞争案件"),
            ("ip", "知识产权类案件"),
            ("qualification", "药械资质类案件"),
            ("advertising", "虚假广告类案件"),
            ("other", "其他案件"),
            ("total", "合计数"),
        ];
        // A cut-off before the first day: an empty window, and a word about it.
        let blank: Vec<(&str, Vec<&str>)> = labels.iter().map(|(id, label)| (*id, nothing(label))).collect();
        let rows: Vec<(&str, &[&str])> = blank.iter().map(|(id, row)| (*id, row.as_slice())).collect();
        golden("640000", REGION, "2021-02-28", "2021年2月28日", &rows).check(&desk);
        let codes: Vec<String> =
            desk.fill(FORM, "640000", "2021-02-28").warnings.into_iter().map(|notice| notice.code).collect();
        assert_eq!(codes, ["as-of-before-campaign"]);

        // The first day alone: i01; c01 filed; c03 penalised and closed; f04 declared.
        let first: &[(&str, &[&str])] = &[
            ("price", &["价格类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("quality", &["质量类案件", "2", "1", "1", "0", "0", "100.0001", "12.345", "0"]),
            ("competition", &["不正当竞争案件", "0", "0", "0", "1", "0.0001", "0", "0", "0"]),
            ("ip", &["知识产权类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("qualification", &["药械资质类案件", "0", "0", "2", "0", "0", "0", "0", "0"]),
            ("advertising", &["虚假广告类案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("other", &["其他案件", "0", "0", "0", "0", "0", "0", "0", "0"]),
            ("total", &["合计数", "2", "1", "3", "1", "0.0001", "100.0001", "12.345", "0"]),
        ];
        golden("640000", REGION, "2021-03-01", "2021年3月1日", first).check(&desk);

        // The campaign's last day, 2021-05-31, ends nothing.
        let later: &[(&str, &[&str])] = &[
            ("price", &["价格类案件", "6", "3", "1", "1", "1.2345", "0", "2", "0"]),
            // i04 of 05-28 adds 2 persons, e04 was there already; c01 closed 05-28.
            ("quality", &["质量类案件", "18", "4", "1", "1", "1.2345", "100.0001", "12.345", "0"]),
            // i20 of 06-01.
            ("competition", &["不正当竞争案件", "2", "1", "1", "1", "0.0001", "2", "0", "0"]),
            // c10 of 05-28.
            ("ip", &["知识产权类案件", "0", "0", "1", "0", "0", "0", "0", "0"]),
            // f03 9 takes the place of f02 5: 1 + 9 + 2 + 1 + 4.
            ("qualification", &["药械资质类案件", "2", "1", "17", "0", "1", "0", "1.0001", "1"]),
            ("advertising", &["虚假广告类案件", "0", "0", "1", "0", "0", "0", "0.0001", "0"]),
            // c09 transferred 05-28.
            ("other", &["其他案件", "9", "2", "2", "1", "0", "0.0001", "0", "2"]),
            ("total", &["合计数", "37", "11", "24", "4", "3.469", "102.0002", "15.3452", "3"]),
        ];
        golden("640000", REGION, "2021-06-30", "2021年6月30日", later).check(&desk);
    });
}

#[test]
fn what_will_not_count_was_said_when_it_was_recorded() {
    alone("nx_cases::what_will_not_count_was_said_when_it_was_recorded", || {
        let mut desk = Desk::new("640000", "宁夏回族自治区市场监督管理厅", MAY_27_2021);
        let said = desk.load("ledger-nx.jsonl");
        // One inspector; a ventilator in a campaign on masks, once beside masks.
        for (code, record) in [
            ("list-short", "106"),
            ("category-outside", "113"),
            ("category-outside", "114"),
            ("category-outside", "c07"),
            ("category-outside", "510"),
            ("day-before-campaign", "c03"),
            ("day-after-today", "c10"),
            ("field-asked", "513"),
            ("identifier-taken", "504"),
        ] {
            assert!(said.contains(&(code.to_owned(), record.to_owned())), "{code} {record} in {said:?}");
        }
        assert!(!said.contains(&("category-outside".to_owned(), "112".to_owned())), "{said:?}");
    });
}
