//! 勾稽 over books: which checks of the shipped files fail, at which cells, and on which records.

use app::{FailedCheck, Level};

use crate::desk::{Desk, MAY_27_2020, MAY_27_2021, alone, request, short};

fn failed(desk: &Desk, form: &str, as_of: &str) -> Vec<FailedCheck> {
    desk.session.failed_checks(&request(form, desk.session.office().as_str(), as_of)).unwrap()
}

fn ids(failed: &[FailedCheck]) -> Vec<&str> {
    failed.iter().map(|check| check.id.as_str()).collect()
}

/// The cells of a check as `row column text`, and the records behind it.
fn told(check: &FailedCheck) -> (Vec<String>, Vec<String>) {
    let cells = check.cells.iter().map(|cell| format!("{} {} {}", cell.row, cell.column, cell.text)).collect();
    (cells, check.records.iter().map(|id| short(&id.to_string())).collect())
}

fn of<'f>(failed: &'f [FailedCheck], id: &str) -> &'f FailedCheck {
    failed.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("{id} of {:?}", ids(failed)))
}

/// Records of one campaign, a line each: kind, id and fields.
fn record(desk: &mut Desk, campaign: &str, lines: &[(&str, &str, &str)]) {
    let lines: String = lines
        .iter()
        .map(|(kind, id, fields)| {
            let id = crate::desk::long(id);
            format!("{{\"kind\":\"{kind}\",\"id\":\"{id}\",\"campaigns\":[\"{campaign}\"],\"fields\":{{{fields}}}}}\n")
        })
        .collect();
    // References are written as short ids.
    let lines = lines.replace("@e01", &crate::desk::long("e01")).replace("@501", &crate::desk::long("501"));
    desk.session.load(&mut lines.as_bytes(), false, &mut |_| {}).unwrap();
}

const MAKER: (&str, &str, &str) = ("enterprise", "e01", r#""name":"甲口罩厂","roles":["producer"]"#);

#[test]
fn cases_that_do_not_add_up() {
    alone("checked::cases_that_do_not_add_up", || {
        let mut desk = Desk::new("640000", "宁夏回族自治区市场监督管理厅", MAY_27_2021);
        let campaign = "nx-2021-24";
        record(&mut desk, campaign, &[MAKER]);
        assert_eq!(ids(&failed(&desk, "nx-2021-24/1", "2021-05-27")), [""; 0], "nothing recorded, nothing wrong");
        record(
            &mut desk,
            campaign,
            &[
                // One enterprise under two lines: 合计 2, in truth 1.
                (
                    "inspection",
                    "101",
                    r#""enterprise":"@e01","date":"2021-03-05","inspectors":["甲","乙"],"line":"price","department":"market","categories":["mask"],"outcome":"normal""#,
                ),
                (
                    "inspection",
                    "102",
                    r#""enterprise":"@e01","date":"2021-03-06","inspectors":["甲","乙"],"line":"quality","department":"market","categories":["mask"],"outcome":"normal""#,
                ),
                // Filed before the campaign, closed and penalised in it, without a decision number.
                (
                    "case",
                    "c01",
                    r#""enterprise":"@e01","line":"quality","category":"mask","filed_on":"2021-02-20","penalty_on":"2021-03-20","penalty_fen":500000,"closed_on":"2021-04-01""#,
                ),
                // All as it should be.
                (
                    "case",
                    "c02",
                    r#""enterprise":"@e01","line":"price","category":"mask","filed_on":"2021-03-10","penalty_on":"2021-03-20","penalty_fen":500000,"decision_no":"1号","closed_on":"2021-04-01""#,
                ),
                (
                    "declared",
                    "f01",
                    r#""form":"nx-2021-24/1","row":"ip","column":"seized","as_of":"2021-05-20","value":900,"source":"customs""#,
                ),
            ],
        );
        let found = failed(&desk, "nx-2021-24/1", "2021-05-27");
        assert_eq!(
            ids(&found),
            ["closed", "seized", "penalty", "decision_no", "core/counted_twice/enterprises"],
            "errors first"
        );
        let closed = of(&found, "closed");
        assert_eq!(closed.level, Level::Error);
        assert_eq!(closed.words.as_ref().unwrap().0, "结案不多于立案");
        assert_eq!(
            told(closed).0,
            ["quality closed 1", "quality filed 0", "total closed 2", "total filed 1"],
            "the row, and the total it makes wrong"
        );
        assert_eq!(told(closed).1, ["c01", "c02"]);
        assert_eq!(
            closed.found.arg("figures"),
            Some("质量类案件 结案(件) 1，质量类案件 其中:立案(件) 0；合计数 结案(件) 2，合计数 其中:立案(件) 1")
        );
        // A declared figure is behind it as any record is.
        assert_eq!(
            told(of(&found, "seized")),
            (vec!["ip filed 0".to_owned(), "ip seized 0.09".to_owned()], vec!["f01".to_owned()])
        );
        assert_eq!(told(of(&found, "penalty")).0, ["quality filed 0", "quality penalty 0.5"]);
        // c02 has a decision number; of c01's row alone one is missing.
        assert_eq!(told(of(&found, "decision_no")), (vec!["quality penalty 0.5".to_owned()], vec!["c01".to_owned()]));
        let twice = of(&found, "core/counted_twice/enterprises");
        assert_eq!((twice.level, &twice.words), (Level::Warn, &None));
        assert_eq!(
            told(twice),
            (
                vec![
                    "price enterprises 1".to_owned(),
                    "quality enterprises 1".to_owned(),
                    "total enterprises 2".to_owned()
                ],
                vec!["e01".to_owned()]
            )
        );
        assert_eq!((twice.found.arg("total"), twice.found.arg("distinct")), (Some("2"), Some("1")));
        // Up to a day on which the case was not closed, nor penalised.
        assert_eq!(ids(&failed(&desk, "nx-2021-24/1", "2021-03-05")), [""; 0]);
    });
}

#[test]
fn a_list_names_the_records_that_lack_something() {
    alone("checked::a_list_names_the_records_that_lack_something", || {
        let mut desk = Desk::new("640000", "宁夏回族自治区市场监督管理厅", MAY_27_2021);
        let sample = |number: &str, rest: &str| {
            format!(
                r#""number":"{number}","enterprise":"@e01","product_name":"口罩","category":"mask","sampled_on":"2021-03-10","authority":"market","reported_on":"2021-03-20",{rest}"#
            )
        };
        let whole =
            r#""result":"nonconforming","failed_items":["过滤效率"],"nonconforming_quantity":5,"entered_market":"no""#;
        let (bare, whole) = (sample("1", r#""result":"nonconforming""#), sample("2", whole));
        let fine = sample("3", r#""result":"conforming""#);
        record(
            &mut desk,
            "nx-2021-24",
            &[
                ("enterprise", "e01", r#""name":"甲口罩厂","roles":["producer"],"status":"producing""#),
                ("sample", "501", &bare),
                ("sample", "502", &whole),
                ("sample", "503", &fine),
            ],
        );
        let found = failed(&desk, "nx-2021-24/2", "2021-05-27");
        assert_eq!(ids(&found), ["failed_items", "nonconforming_quantity", "entered_market"]);
        for check in &found {
            let row = crate::desk::long("501");
            assert_eq!(told(check), (vec![format!("{row} {} ", check.id)], vec!["501".to_owned()]));
            assert_eq!(check.found.arg("count"), Some("1"));
        }
        // Before the result was reported there was nothing to say of it.
        assert_eq!(ids(&failed(&desk, "nx-2021-24/2", "2021-03-19")), [""; 0]);
    });
}

#[test]
fn two_tables_of_a_report_are_held_against_each_other() {
    alone("checked::two_tables_of_a_report_are_held_against_each_other", || {
        let mut desk = Desk::new("210000", "辽宁省市场监督管理局", MAY_27_2020);
        let figure = |form: &str, column: &str, value: u32, source: &str| {
            format!(
                r#""form":"{form}","row":"mask","column":"{column}","as_of":"2020-05-26","value":{value},"source":"{source}""#
            )
        };
        let declared = [
            figure("ln-2020/1", "swept", 3, "drug"),
            figure("ln-2020/1", "batches", 2, "customs"),
            figure("ln-2020/1", "nonconforming", 5, "customs"),
            figure("ln-2020/2", "total.enterprises", 1, "drug"),
            figure("ln-2020/2", "total.person_times", 2, "drug"),
            // 51 and 50 fen, each printed as a whole 万分之一; the sum of both is what the total prints less.
            figure("ln-2020/2", "qualification.penalty", 51, "drug"),
            figure("ln-2020/2", "other.penalty", 50, "drug"),
        ];
        let lines: Vec<(&str, String, &str)> = declared
            .iter()
            .enumerate()
            .map(|(at, fields)| ("declared", format!("f{at:02}"), fields.as_str()))
            .collect();
        let lines: Vec<(&str, &str, &str)> =
            lines.iter().map(|(kind, id, fields)| (*kind, id.as_str(), *fields)).collect();
        record(&mut desk, "ln-2020", &lines);
        let found = failed(&desk, "ln-2020/1", "2020-05-27");
        assert_eq!(ids(&found), ["nonconforming", "core/rate/nonconforming/mask", "inspected"]);
        assert_eq!(told(of(&found, "core/rate/nonconforming/mask")).0, ["mask nonconforming 5", "mask batches 2"]);
        let across = of(&found, "inspected");
        assert_eq!(
            told(across),
            (
                vec!["mask swept 3".to_owned(), "mask total.enterprises 1".to_owned()],
                vec!["f00".to_owned(), "f03".to_owned()]
            )
        );
        assert_eq!(across.cells[1].form, "ln-2020/2");
        assert_eq!(
            across.found.arg("figures"),
            Some(
                "口罩 市场监管、药监部门生产企业排查情况 · 排查企业数量 3，《防疫物资违法案件查处情况表》 口罩 合计 · 被查单位(家) 1"
            )
        );
        // 0.0001 + 0.0001 against 0.0001 is rounding, no fault; that no case was penalised is one.
        let found = failed(&desk, "ln-2020/2", "2020-05-27");
        assert_eq!(ids(&found), ["qualification.penalty", "other.penalty", "total.penalty"]);
    });
}
