//! 市监质监〔2020〕51号 附件, 非医用口罩生产企业调查汇总表.

use std::collections::BTreeSet;

use crate::check::{Golden, Prints, behind};
use crate::desk::{Desk, MAY_27_2020, alone, long};

const FORM: &str = "samr-2020-51/1";

/// The words of the issued table, its three levels parted by >.
const COLUMNS: &[(&str, &str, Prints)] = &[
    ("no", "序号", Prints::Count),
    ("name", "生产企业名称", Prints::Text),
    ("uscc", "统一社会信用代码", Prints::Text),
    ("varieties", "产品品种", Prints::Text),
    ("standards", "执行标准", Prints::Text),
    ("meltblown_suppliers", "熔喷布供货企业", Prints::Text),
    ("converted_yes", "生产状况>是否为疫情防控期间转产、投产口罩企业>是", Prints::Text),
    ("converted_no", "生产状况>是否为疫情防控期间转产、投产口罩企业>否", Prints::Text),
    ("exports_yes", "生产状况>是否出口>是", Prints::Text),
    ("exports_no", "生产状况>是否出口>否", Prints::Text),
    ("medical_yes", "生产状况>是否生产医用口罩>是", Prints::Text),
    ("medical_no", "生产状况>是否生产医用口罩>否", Prints::Text),
    ("daily_output", "生产状况>非医用口罩产量(只/日)", Prints::Count),
];

// Non-medical products by code point: 儿 U+513F, 日 U+65E5, 防 U+9632; "GB " before "GB/". The variety and standard of e62,
// joined to e52, are e52's; the medical product's and the voided one's are not.
const YI: [&str; 12] = [
    "乙口罩厂",
    "91640100MA76P1XT0N",
    "儿童口罩、日常防护型口罩、防尘口罩",
    "GB 2626-2019、GB/T 32610-2016、GB/T 38880-2020",
    "",
    "√",
    "",
    "√",
    "",
    "",
    "√",
    "150000",
];

fn numbered<'r>(no: &'r str, row: &[&'r str]) -> Vec<&'r str> {
    [no].into_iter().chain(row.iter().copied()).collect()
}

fn check(desk: &Desk, office: &str, head: &str, rows: &[(&str, Vec<&str>)]) {
    let rows: Vec<(&str, &[&str])> = rows.iter().map(|(id, row)| (*id, row.as_slice())).collect();
    Golden {
        form: FORM,
        office,
        as_of: "2020-05-21",
        head: [head, "填报日期：2020年5月21日"],
        foot: &["注：产品品种主要指：防尘口罩、日常防护型口罩、儿童口罩。", "(请于2020年5月22日前报送总局质量监督司)"],
        title: "非医用口罩生产企业调查汇总表",
        attachment: "附件",
        stub: None,
        columns: COLUMNS,
        rows: &rows,
    }
    .check(desk);
}

/// Offices whose tables are looked at, as the tables call them.
const NAMES: [(&str, &str); 2] = [("640100", "银川市"), ("640200", "石嘴山市")];

#[test]
fn who_makes_masks_that_are_not_medical() {
    alone("samr::who_makes_masks_that_are_not_medical", || {
        let mut desk = Desk::new("640000", "宁夏回族自治区市场监督管理厅", MAY_27_2020).naming(&NAMES);
        desk.load("ledger-nx.jsonl");
        desk.load("ledger-samr.jsonl");
        // By division (blank first), name by code point (丙 U+4E19 before 乙 U+4E59), id. Not e56 (makes materials only), e57
        // (medical masks only), e58 (its product is void), e59 (another campaign), e60 (void), e61 (meltblown only), nor e66: it is
        // e65, which only sells.
        let wu = vec![
            "1",
            "无区划口罩厂",
            "640121000000001",
            "防尘口罩",
            "GB 2626-2019",
            "中石化、道恩",
            "",
            "",
            "",
            "√",
            "√",
            "",
            "",
        ];
        // Of two campaigns. Exports and medical masks unknown: both columns blank. Nothing made is not blank.
        let bing = |no| vec![no, "丙口罩厂", "", "日常防护型口罩", "", "", "", "√", "", "", "", "", "0"];
        let same = |no| vec![no, "同名口罩厂", "", "儿童口罩", "", "", "", "", "√", "", "", "", ""];
        let other = |no| vec![no, "同名口罩厂", "", "", "T/CTCA 7-2019", "", "", "", "", "", "", "", ""];
        // e64 turned out to be e63, which is printed, and has its campaign and product from it.
        let main = |no| vec![no, "石嘴山主厂", "", "防尘口罩", "", "", "", "", "", "", "", "", ""];
        check(
            &desk,
            "640000",
            "填报单位：宁夏回族自治区市场监督管理厅",
            &[
                ("e51", wu.clone()),
                ("e53", bing("2")),
                ("e52", numbered("3", &YI)),
                ("e54", same("4")),
                ("e55", other("5")),
                ("e63", main("6")),
            ],
        );
        // e63 is of 640200, but a member of its group, e64, is of a county of the city.
        check(
            &desk,
            "640100",
            "填报单位：银川市",
            &[
                ("e51", wu),
                ("e53", bing("2")),
                ("e52", numbered("3", &YI)),
                ("e54", same("4")),
                ("e55", other("5")),
                ("e63", main("6")),
            ],
        );
        // e52 is of 640121, but e62 of this city was joined to it; e63 is its own.
        check(&desk, "640200", "填报单位：石嘴山市", &[("e52", numbered("1", &YI)), ("e63", main("2"))]);

        let varieties: BTreeSet<String> =
            behind(&desk, FORM, "2020-05-21", &long("e52"), "varieties").into_iter().collect();
        assert_eq!(varieties, ["e52", "b02", "b03", "b04", "b16"].map(str::to_owned).into());
        // Joined or not, an enterprise shows the row it is in.
        for member in ["e63", "e64"] {
            let cells = desk.session.cells(long(member).parse().unwrap(), "2020-05-21".parse().unwrap()).unwrap();
            assert!(cells.iter().any(|cell| cell.form == FORM && cell.row == long("e63")), "{member}: {cells:?}");
        }
    });
}
