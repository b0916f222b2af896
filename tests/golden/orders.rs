//! What the documents order beside their tables: exporters complained of, platforms that check themselves, fabric traced,
//! visits told of. Counted by hand from `ledger-orders.jsonl`.

use crate::desk::{Desk, MAY_27_2021, alone};

/// A record by the end of its id, and in how many days it is due.
type DueDay = (String, Option<i32>);

fn desk() -> Desk {
    let mut desk = Desk::new("000000", "国家市场监督管理总局", MAY_27_2021)
        .naming(&[("210000", "辽宁省市场监督管理局"), ("640000", "宁夏回族自治区市场监督管理厅")]);
    let warned = desk.load("ledger-orders.jsonl");
    let expected = [("field-asked-beside".to_owned(), "102".to_owned())];
    assert_eq!(warned, expected.into(), "i02 is not told of yet, and nothing else is to warn of");
    desk
}

fn rows(desk: &Desk, form: &str, office: &str, as_of: &str) -> Vec<Vec<String>> {
    let filled = desk.fill(form, office, as_of).form;
    filled.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text().to_owned()).collect()).collect()
}

#[test]
fn exporters_with_several_complaints() {
    alone("orders::exporters_with_several_complaints", || {
        let desk = desk();
        // e01: 301 and 302, the monitoring (303) is no complaint and 304 came later; 302 was handled later. i01, c01.
        // e02 has one, e03 does not export. e04 and e05, joined to it, one each.
        assert_eq!(
            rows(&desk, "ln-2020/complaints", "210000", "2020-06-10"),
            [
                ["1", "沈阳东进防护用品有限公司", "", "沈阳市", "2", "1", "1", "2020-06-02", "1"],
                ["2", "大连海纳进出口有限公司", "", "大连市", "2", "0", "0", "", "0"],
            ]
        );
        // A week before, e01 had its two already, but neither case nor inspection, and the day after e04's first it had one.
        assert_eq!(
            rows(&desk, "ln-2020/complaints", "210000", "2020-05-28"),
            [
                ["1", "沈阳东进防护用品有限公司", "", "沈阳市", "2", "1", "0", "", "0"],
                ["2", "大连海纳进出口有限公司", "", "大连市", "2", "0", "0", "", "0"],
            ]
        );
        assert_eq!(rows(&desk, "ln-2020/complaints", "210000", "2020-05-23").len(), 0);
        let request = crate::desk::request("ln-2020/complaints", "210000", "2020-06-10");
        let e04 = crate::desk::long("e04");
        let behind = desk.session.traced_records(&request, &e04, "complaints").unwrap();
        let ids: Vec<String> = behind.iter().map(|hit| crate::desk::short(&hit.record.id)).collect();
        assert_eq!(ids, ["e04", "308", "309"]);
    });
}

#[test]
fn platforms_and_their_shops() {
    alone("orders::platforms_and_their_shops", || {
        let desk = desk();
        assert_eq!(
            rows(&desk, "nx-2021-24/self_checks", "640000", "2021-05-27"),
            [["1", "塞上商城网络科技有限公司", "2021-04-10", "300", "12", "2", "平台提交了自查报告"]]
        );
        assert_eq!(
            rows(&desk, "nx-2021-24/shops", "640000", "2021-05-27"),
            [["1", "银川小红口罩店", "", "塞上商城网络科技有限公司、宁夏优购平台", "2021-04-14"]]
        );
    });
}

#[test]
fn tasks_that_the_texts_order() {
    alone("orders::tasks_that_the_texts_order", || {
        let desk = desk();
        let done = |campaign: &str, task: &str| {
            let tasks = desk.session.tasks(Some(campaign)).unwrap();
            let task = tasks.into_iter().find(|known| known.id == task).unwrap();
            (task.done.unwrap().value, task.of.unwrap().value)
        };
        // i01 was told of, i02 not yet; i03 is a surprise inspection.
        assert_eq!(done("ln-2020", "visits"), (1, 2));
        assert_eq!(done("nx-2021-24", "self_check"), (1, 2));
        // d21 was traced; 523 conforms.
        assert_eq!(done("samr-2020-51", "trace"), (1, 2));
        assert_eq!(done("samr-2020-51", "plans"), (1, 1));
        let to_do = |campaign: &str, task: &str| {
            let page = desk.session.task_to_do(Some(campaign), task, 0).unwrap();
            let tasks = desk.session.tasks(Some(campaign)).unwrap();
            let open = tasks.into_iter().find(|known| known.id == task).unwrap().open;
            assert_eq!(open, Some(page.total as i64), "what is open is as many as the list holds");
            page.lines.iter().map(|line| (crate::desk::short(&line.id), line.title.clone())).collect::<Vec<_>>()
        };
        let said = |id: &str, title: &str| (id.to_owned(), title.to_owned());
        assert_eq!(to_do("ln-2020", "visits"), [said("102", "沈阳内销口罩厂")]);
        assert_eq!(to_do("nx-2021-24", "self_check"), [said("e13", "宁夏优购平台")]);
        assert_eq!(to_do("samr-2020-51", "trace"), [said("522", "YC-22")]);
        assert_eq!(to_do("samr-2020-51", "plans"), []);
        assert!(desk.session.task_to_do(Some("ln-2020"), "survey", 0).is_ok());
        assert!(desk.session.task_to_do(Some("nx-2021-28-care"), "ad_review", 0).is_err(), "it is not measured");
    });
}

#[test]
fn a_case_exposed_and_supervised_stands_in_its_ledger() {
    alone("orders::a_case_exposed_and_supervised_stands_in_its_ledger", || {
        let desk = desk();
        let last = |as_of: &str| rows(&desk, "ln-2020/cases", "210000", as_of).remove(0)[14..].to_vec();
        assert_eq!(last("2020-06-07"), ["√", "省专项工作组", "2020-06-20", ""]);
        assert_eq!(last("2020-06-08"), ["√", "省专项工作组", "2020-06-20", "2020-06-08"]);
    });
}

#[test]
fn a_table_by_office_says_what_two_offices_counted() {
    alone("orders::a_table_by_office_says_what_two_offices_counted", || {
        let mut desk = desk().naming(&[("210100", "沈阳市局"), ("210200", "大连市局"), ("210211", "甘井子区局")]);
        // Dalian's district looked at e01 too, with three people.
        let inspection = r#"{"kind":"inspection","id":"10000000-0000-4000-8000-000000000099","campaigns":["ln-2020"],"office":"210211","fields":{"enterprise":"e0000000-0000-4000-8000-000000000001","date":"2020-06-05","mode":"special","inspectors":["丙","丁","戊"],"line":"quality","department":"market","categories":["mask"],"outcome":"normal"}}"#;
        desk.session.load(&mut format!("{inspection}\n").as_bytes(), false, &mut |_| {}).unwrap();
        let request = crate::desk::request("ln-2020/2", "210000", "2020-06-10");
        let shown = |row: Option<&str>| -> Vec<Vec<String>> {
            let filled = desk.session.fill_by_office(&request, row).unwrap().form;
            assert!(filled.title.ends_with("（分地区）") && filled.attachment.is_empty());
            assert!(filled.header.tiles(filled.width() as u32));
            let at = |id: &str| 1 + filled.columns.iter().position(|column| column.id == id).unwrap();
            let columns =
                [0, at("total.enterprises"), at("total.person_times"), at("total.filed"), at("total.penalised")];
            let cells = |row: &[String]| columns.iter().map(|at| row[*at].clone()).collect();
            let rows = filled.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text().to_owned()).collect());
            rows.map(|row: Vec<String>| cells(&row)).collect()
        };
        // Shenyang: e01 and e03 by i01 to i03, two people each, and c01. Dalian's district rolls into Dalian.
        let expected = [
            ["本级", "0", "0", "0", "0"],
            ["沈阳市局", "2", "6", "1", "1"],
            ["大连市局", "1", "3", "0", "0"],
            ["合计", "2", "9", "1", "1"],
            ["其中重复", "1", "", "", ""],
        ];
        assert_eq!(shown(Some("mask")), expected);
        for unknown in [None, Some("nowhere")] {
            let refused = desk.session.fill_by_office(&request, unknown).unwrap_err();
            assert_eq!(refused.code(), "by-office-row", "the form has no total to take");
        }
        let list = crate::desk::request("ln-2020/problems", "210000", "2020-06-10");
        assert_eq!(desk.session.fill_by_office(&list, None).unwrap_err().code(), "by-office-of-a-list");
        // What is not known by name is the office's own.
        let request = crate::desk::request("ln-2020/2", "000000", "2020-06-10");
        let nation = desk.session.fill_by_office(&request, Some("mask")).unwrap().form;
        let labels: Vec<&str> = nation.rows.iter().map(|row| row.cells[0].text()).collect();
        assert_eq!(labels, ["本级", "辽宁省市场监督管理局", "宁夏回族自治区市场监督管理厅", "合计"]);
    });
}

#[test]
fn what_waits_is_reminded_of_where_the_document_orders_it() {
    alone("orders::what_waits_is_reminded_of_where_the_document_orders_it", || {
        // Noon of 2020-06-20 in China.
        let mut desk = Desk::new("000000", "国家市场监督管理总局", 1_592_625_600_000);
        desk.load("ledger-orders.jsonl");
        let groups = |campaign: &str| -> Vec<(app::workbench::DueGroup, Vec<DueDay>)> {
            let groups = desk.session.due(Some(campaign)).unwrap().into_iter();
            let lines = |lines: Vec<app::workbench::DueLine>| {
                lines.into_iter().map(|line| (crate::desk::short(&line.id), line.days)).collect()
            };
            groups.map(|group| (group.group, lines(group.page.lines))).collect()
        };
        let at = |id: &str, days: i32| (id.to_owned(), Some(days));
        use app::workbench::DueGroup;
        // 521 and 522 were reported on 05-25 and are neither announced nor shared; the plan ends on 07-01.
        assert_eq!(
            groups("samr-2020-51"),
            [
                (DueGroup::Announcement, vec![at("521", -19), at("522", -19)]),
                (DueGroup::Sharing, vec![at("521", -19), at("522", -19)]),
                (DueGroup::Expiry, vec![at("a21", 11)]),
            ]
        );
        // c01 is to be closed by today, and its penalty of 06-06 published by 07-07, which is not yet soon.
        assert_eq!(groups("ln-2020"), [(DueGroup::Supervision, vec![at("c01", 0)])]);
        // Somebody closes it and tells commerce of 521.
        let lines = [
            r#"{"kind":"case","id":"c0000000-0000-4000-8000-000000000001","fields":{"closed_on":"2020-06-19"}}"#,
            r#"{"kind":"sample","id":"50000000-0000-4000-8000-000000000021","fields":{"shared_on":"2020-06-19","shared_with":["commerce"]}}"#,
        ];
        desk.session.load(&mut lines.join("\n").as_bytes(), false, &mut |_| {}).unwrap();
        let groups = |campaign: &str| desk.session.due(Some(campaign)).unwrap();
        assert_eq!(groups("ln-2020").len(), 0);
        let sharing = groups("samr-2020-51").into_iter().find(|group| group.group == DueGroup::Sharing).unwrap();
        assert_eq!((sharing.total, sharing.overdue, sharing.term), (1, 1, Some(7)));
    });
}
