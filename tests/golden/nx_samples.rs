//! 宁市监发〔2021〕24号 附件2, 口罩专项抽查/抽检情况统计表.

use std::collections::BTreeSet;

use crate::check::{Golden, Prints, behind};
use crate::desk::{alone, long};
use crate::nx_cases::region;

const FORM: &str = "nx-2021-24/2";

/// The words of the issued table.
const COLUMNS: &[(&str, &str, Prints)] = &[
    ("no", "序号", Prints::Count),
    ("product_name", "产品名称", Prints::Text),
    ("model", "规格型号", Prints::Text),
    ("province", "抽查省份", Prints::Text),
    ("enterprise", "抽查企业名称", Prints::Text),
    ("result", "抽查结果", Prints::Text),
    ("failed_items", "不合格项目", Prints::Text),
    ("nonconforming_quantity", "不合格产品的批次数量（只）", Prints::Count),
    ("entered_market", "不合格产品是否流入市场", Prints::Text),
    ("flows", "不合格产品流入市场方向", Prints::Text),
    ("measures", "后处理措施", Prints::Text),
    ("assistance", "对企业的帮扶措施", Prints::Text),
    ("status", "企业生产状况", Prints::Text),
    ("scale", "企业规模", Prints::Text),
    ("established_on", "新成立企业成立时间", Prints::Text),
];

fn golden<'g>(office: &'g str, head: [&'g str; 2], as_of: &'g str, rows: &'g [(&'g str, &'g [&'g str])]) -> Golden<'g> {
    Golden {
        form: FORM,
        office,
        as_of,
        head,
        foot: &[],
        title: "口罩专项抽查/抽检情况统计表",
        attachment: "附件 2",
        stub: None,
        columns: COLUMNS,
        rows,
    }
}

const REGION: &str = "填报单位（盖章）：宁夏回族自治区市场监督管理厅";

// s05 and s04 are of one day and one number: by id. Both print e04, the smaller of the ring; its establishment in 2020 counts
// as new. s04's result is reported the day after.
const RING_04: [&str; 14] =
    ["儿童口罩", "", "宁夏", "贺兰环一口罩厂", "待检", "", "", "", "", "", "", "停产整改", "微型", "2020-06-01"];
// s12: no disposal, but c09 names the sample and was filed 04-20; a06 is of the cut-off day. The model stays a text.
const STATION_12: [&str; 14] = [
    "平面口罩",
    "=1+1",
    "宁夏",
    "望远口罩社",
    "不合格",
    "过滤效率",
    "1200",
    "否",
    "",
    "立案查处",
    "提醒告诫函：来源可追溯",
    "半停产",
    "",
    "",
];
// s13: its disposal is void, the case that names it by the cut-off (c05) too, and c10 is filed the day after. e02 prints as
// e01, producing, small. No pieces is not blank.
const SEVENTH_13: [&str; 14] =
    ["平面口罩", "", "宁夏", "永宁甲口罩厂", "不合格", "标识", "0", "", "", "", "", "正常生产", "小型", "2020-01-01"];

fn numbered<'r>(no: &'r str, row: &[&'r str]) -> Vec<&'r str> {
    [no].into_iter().chain(row.iter().copied()).collect()
}

#[test]
fn the_region_up_to_the_cut_off() {
    alone("nx_samples::the_region_up_to_the_cut_off", || {
        let rows = [
            // By day, then number by code point: A-9 before YN-001. Not s06 (the day before), s07 (the day after), s08 (void),
            // s09 (another campaign), s10 (a ventilator). e11 was founded the day before the campaign's new-since day.
            (
                "503",
                vec!["1", "一次性口罩", "", "北京", "石嘴山销售部", "待检", "", "", "", "", "", "", "", "大型", ""],
            ),
            // Reported on the cut-off. Sealed on the cut-off; detained the day after and destroyed later: not yet. Case: named by the
            // disposal. Assistance: the disposal's words, a03 of 05-01, then a01 and a02 of 05-02 by id, a02 without content;
            // not a04 (the day after) nor a05 (void). e01 was founded on the new-since day.
            (
                "501",
                vec![
                    "2",
                    "防护口罩",
                    "9501+",
                    "宁夏",
                    "永宁甲口罩厂",
                    "不合格",
                    "过滤效率、呼吸阻力",
                    "5000",
                    "是",
                    "北京市、石嘴山市",
                    "责令停止销售；查封1000只；召回300只；责令整改（2021-04-20前）；复查合格；立案查处；移送公安机关；通报标称产地",
                    "赠送标准文本；约谈：落实主体责任；培训：口罩标准培训；质量义诊",
                    "正常生产",
                    "小型",
                    "2020-01-01",
                ],
            ),
            // Conforming: columns 7 to 12 are blank whatever was recorded. e03 prints as e01, not by its own scale.
            (
                "502",
                vec![
                    "3",
                    "平面口罩",
                    "0012",
                    "宁夏",
                    "永宁甲口罩厂",
                    "合格",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "正常生产",
                    "小型",
                    "2020-01-01",
                ],
            ),
            ("504", numbered("4", &RING_04)),
            ("505", numbered("5", &RING_04)),
            ("512", numbered("6", &STATION_12)),
            ("513", numbered("7", &SEVENTH_13)),
            // Sampled, reported and dealt with on the cut-off. Of two disposals the smaller id (d11) prints. Kilograms are meltblown's
            // unit. No day set for rectification. c08 is named by the disposal and filed that day.
            (
                "511",
                vec![
                    "8",
                    "熔喷布",
                    "BFE99",
                    "宁夏",
                    "宁东熔喷布公司",
                    "不合格",
                    "过滤效率",
                    "800",
                    "不详",
                    "",
                    "扣押200千克；销毁200千克；责令整改；复查不合格；立案查处",
                    "",
                    "停产",
                    "中型",
                    "2021-02-01",
                ],
            ),
        ];
        let rows: Vec<(&str, &[&str])> = rows.iter().map(|(id, row)| (*id, row.as_slice())).collect();
        let desk = region();
        golden("640000", [REGION, "2021年5月27日"], "2021-05-27", &rows).check(&desk);

        let opened = |row: &str, column: &str| -> BTreeSet<String> {
            behind(&desk, FORM, "2021-05-27", &long(row), column).into_iter().collect()
        };
        let set = |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        assert_eq!(opened("501", "product_name"), set(&["501"]));
        assert_eq!(opened("501", "flows"), set(&["501", "d01"]));
        assert_eq!(opened("501", "measures"), set(&["501", "d01", "c01"]));
        assert_eq!(opened("501", "assistance"), set(&["501", "d01", "a01", "a02", "a03"]));
        assert_eq!(opened("512", "measures"), set(&["512", "c09"]));
        assert_eq!(opened("511", "measures"), set(&["511", "d11", "c08"]));
        assert!(opened("502", "enterprise").contains("e01"));
    });
}

#[test]
fn later_and_for_the_city() {
    alone("nx_samples::later_and_for_the_city", || {
        let desk = region();
        let rows = [
            // Since the cut-off: detained 05-28 and destroyed 06-01; a04 of 05-28.
            (
                "501",
                vec![
                    "1",
                    "防护口罩",
                    "9501+",
                    "宁夏",
                    "永宁甲口罩厂",
                    "不合格",
                    "过滤效率、呼吸阻力",
                    "5000",
                    "是",
                    "北京市、石嘴山市",
                    "责令停止销售；查封1000只；扣押2000只；召回300只；销毁1300只；责令整改（2021-04-20前）；复查合格；立案查处；移送公安机关；通报标称产地",
                    "赠送标准文本；约谈：落实主体责任；培训：口罩标准培训；质量义诊；品牌培育：截至之后",
                    "正常生产",
                    "小型",
                    "2020-01-01",
                ],
            ),
            (
                "502",
                vec![
                    "2",
                    "平面口罩",
                    "0012",
                    "宁夏",
                    "永宁甲口罩厂",
                    "合格",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "正常生产",
                    "小型",
                    "2020-01-01",
                ],
            ),
            // Reported 05-28.
            (
                "504",
                vec![
                    "3",
                    "儿童口罩",
                    "",
                    "宁夏",
                    "贺兰环一口罩厂",
                    "不合格",
                    "口罩带断裂强力",
                    "60",
                    "否",
                    "固原市",
                    "责令停止销售",
                    "",
                    "停产整改",
                    "微型",
                    "2020-06-01",
                ],
            ),
            ("505", numbered("4", &RING_04)),
            ("512", numbered("5", &STATION_12)),
            // c10 of 640200, filed 05-28, names the sample: whose case it is does not matter to what is printed of the sample.
            (
                "513",
                vec![
                    "6",
                    "平面口罩",
                    "",
                    "宁夏",
                    "永宁甲口罩厂",
                    "不合格",
                    "标识",
                    "0",
                    "",
                    "",
                    "立案查处",
                    "",
                    "正常生产",
                    "小型",
                    "2020-01-01",
                ],
            ),
            (
                "507",
                vec![
                    "7",
                    "窗口之后",
                    "",
                    "宁夏",
                    "永宁甲口罩厂",
                    "待检",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "正常生产",
                    "小型",
                    "2020-01-01",
                ],
            ),
        ];
        let rows: Vec<(&str, &[&str])> = rows.iter().map(|(id, row)| (*id, row.as_slice())).collect();
        golden("640100", ["填报单位（盖章）：银川市", "2021年6月30日"], "2021-06-30", &rows).check(&desk);
        // A cut-off before the first day: no rows.
        golden("640000", [REGION, "2021年2月28日"], "2021-02-28", &[]).check(&desk);
    });
}
