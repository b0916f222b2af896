//! The working tables of the campaigns whose documents have none, and the lists every campaign has: counted by hand from the
//! records the demonstration plays, `assets/demo/weibin*.jsonl` and `*-28.jsonl`.

use crate::check::{Golden, Prints};
use crate::desk::{Desk, alone};
use Prints::{Count, Fixed, Over, Rate};

/// 2021-05-31, and 2021-12-20, in China.
const MAY_31: u64 = 1_622_448_000_000;
const DECEMBER_20: u64 = 1_639_962_000_000;

const OURS: &[&str] = &["本表按方案正文的任务编排，为工作用表，不是文件所附表格。表中均为累计数。", "填报人：张三"];

const DISTRICT: &[(&str, &str, Prints)] = &[
    ("producers", "（一）排查风险隐患>口罩生产企业(家)", Count),
    ("producers_inspected", "（一）排查风险隐患>已排查生产企业(家)", Count),
    ("inspected", "（一）排查风险隐患>检查经营主体(家)", Count),
    ("person_times", "（一）排查风险隐患>出动执法人员(人次)", Count),
    ("problems", "（一）排查风险隐患>发现问题(个)", Count),
    ("rectified", "（一）排查风险隐患>已整改(个)", Count),
    ("sampled_enterprises", "（二）监督抽查>抽查企业(家)", Count),
    ("sampled", "（二）监督抽查>抽查批次", Count),
    ("nonconforming", "（二）监督抽查>不合格批次", Count),
    ("rate", "（二）监督抽查>不合格发现率", Rate("nonconforming", "sampled")),
    ("stopped", "（三）不合格产品后处理>责令停止销售(批次)", Count),
    ("disposed", "（三）不合格产品后处理>复查合格(批次)", Count),
    ("filed", "（四）严厉打击各类违法行为>立案(件)", Count),
    ("concluded", "（四）严厉打击各类违法行为>结案(件)", Count),
    ("penalised", "（四）严厉打击各类违法行为>处罚案件(件)", Count),
    ("penalty", "（四）严厉打击各类违法行为>罚没(万元)", Fixed(1_000_000)),
    ("value", "（四）严厉打击各类违法行为>案值(万元)", Fixed(1_000_000)),
    ("published", "（四）严厉打击各类违法行为>处罚已公示(件)", Count),
    ("transferred", "（四）严厉打击各类违法行为>移送公安(件)", Count),
    ("supervised", "（四）严厉打击各类违法行为>挂牌督办(件)", Count),
    ("banned", "（四）严厉打击各类违法行为>取缔(件)", Count),
    ("exposed", "（四）严厉打击各类违法行为>曝光(件)", Count),
    ("export_clues", "（四）严厉打击各类违法行为>移送出口线索(条)", Count),
    ("helped", "（五）至（七）帮扶企业(家)>质量提升", Count),
    ("trained", "（五）至（七）帮扶企业(家)>主体责任培训", Count),
    ("branded", "（五）至（七）帮扶企业(家)>品牌培育", Count),
];

const CARE: &[(&str, &str, Prints)] = &[
    ("inspected", "（一）质量专项检查>检查经营主体(家)", Count),
    ("person_times", "（一）质量专项检查>出动执法人员(人次)", Count),
    ("problems", "（一）质量专项检查>发现问题(个)", Count),
    ("rectified", "（一）质量专项检查>已整改(个)", Count),
    ("sampled_enterprises", "（一）质量专项检查>抽查企业(家)", Count),
    ("sampled", "（一）质量专项检查>抽查批次", Count),
    ("nonconforming", "（一）质量专项检查>不合格批次", Count),
    ("disposed", "（一）质量专项检查>复查合格(批次)", Count),
    ("optical", "（二）眼镜制配计量检查(家)>眼镜制配场所", Count),
    ("optical_random", "（二）眼镜制配计量检查(家)>其中双随机", Count),
    ("testing", "（三）检验检测机构检查(家)>检验检测机构", Count),
    ("standards", "（四）加强标准建设>童鞋纸尿裤强标检查(家)", Count),
    ("briefed", "（四）加强标准建设>宣贯标准(家)", Count),
    ("media", "（五）广告监管>检查广告媒介(家)", Count),
    ("ads_monitored", "（五）广告监管>监测广告(条次)", Count),
    ("ads_unlawful", "（五）广告监管>违法广告(条次)", Count),
    ("advertising_filed", "（五）广告监管>广告类立案(件)", Count),
    ("filed", "（六）从严惩处制假售假等行为>立案(件)", Count),
    ("quality_filed", "（六）从严惩处制假售假等行为>其中:质量(件)", Count),
    ("metrology_filed", "（六）从严惩处制假售假等行为>计量(件)", Count),
    ("certification_filed", "（六）从严惩处制假售假等行为>认证(件)", Count),
    ("standardisation_filed", "（六）从严惩处制假售假等行为>标准化(件)", Count),
    ("concluded", "（六）从严惩处制假售假等行为>结案(件)", Count),
    ("penalised", "（六）从严惩处制假售假等行为>处罚案件(件)", Count),
    ("penalty", "（六）从严惩处制假售假等行为>罚没(万元)", Fixed(1_000_000)),
    ("value", "（六）从严惩处制假售假等行为>案值(万元)", Fixed(1_000_000)),
    ("transferred", "（六）从严惩处制假售假等行为>移送公安(件)", Count),
    ("exposed", "（六）从严惩处制假售假等行为>曝光(件)", Count),
];

const PRODUCTS: &[(&str, &str, Prints)] = &[
    ("inspected", "检查经营主体(家)", Count),
    ("person_times", "出动执法人员(人次)", Count),
    ("sampled_enterprises", "抽查企业(家)", Count),
    ("sampled", "抽查批次", Count),
    ("nonconforming", "不合格批次", Count),
    ("rate", "不合格发现率", Rate("nonconforming", "sampled")),
    ("filed", "立案(件)", Count),
    ("concluded", "结案(件)", Count),
    ("penalised", "处罚案件(件)", Count),
    ("penalty", "罚没(万元)", Fixed(1_000_000)),
    ("transferred", "移送公安(件)", Count),
];

const MASKS: &[(&str, &str, Prints)] = &[
    ("producers", "（一）严格执行强制性标准>非医用口罩生产企业(家)", Count),
    ("producers_briefed", "（一）严格执行强制性标准>已宣贯标准(家)", Count),
    ("inspected", "（二）加大监督抽查>检查经营主体(家)", Count),
    ("person_times", "（二）加大监督抽查>出动执法人员(人次)", Count),
    ("problems", "（二）加大监督抽查>发现问题(个)", Count),
    ("rectified", "（二）加大监督抽查>已整改(个)", Count),
    ("sampled_enterprises", "（二）加大监督抽查>抽查企业(家)", Count),
    ("sampled", "（二）加大监督抽查>抽查批次", Count),
    ("nonconforming", "（二）加大监督抽查>不合格批次", Count),
    ("rate", "（二）加大监督抽查>不合格发现率", Rate("nonconforming", "sampled")),
    ("disposed", "（二）加大监督抽查>复查合格(批次)", Count),
    ("bodies_inspected", "（三）加强认证监管>检查认证机构(家)", Count),
    ("certification_filed", "（三）加强认证监管>认证类立案(件)", Count),
    ("penalised", "（四）加强信用监管>处罚案件(件)", Count),
    ("published", "（四）加强信用监管>已公示(件)", Count),
    ("recalls", "（五）产品召回管理>召回(次)", Count),
    ("recalled", "（五）产品召回管理>召回数量(只)", Count),
    ("filed", "（六）违法行为查处>立案(件)", Count),
    ("concluded", "（六）违法行为查处>结案(件)", Count),
    ("penalty", "（六）违法行为查处>罚没(万元)", Fixed(1_000_000)),
    ("value", "（六）违法行为查处>案值(万元)", Fixed(1_000_000)),
    ("seized", "（六）违法行为查处>查获口罩(万只)", Over(10_000)),
    ("transferred", "（六）违法行为查处>移送公安(件)", Count),
];

/// A book of one office with what it and the office below it record in the demonstration.
fn desk(office: &str, name: &str, now: u64, records: [&str; 2]) -> Desk {
    let mut desk = Desk::new(office, name, now);
    for file in records {
        assert!(desk.load(&format!("../../assets/demo/{file}.jsonl")).is_empty(), "{file}: nothing to warn of");
    }
    desk
}

fn district() -> Desk {
    desk("410703", "卫滨区市场监督管理局", MAY_31, ["weibin", "weibin-station"])
}

fn region() -> Desk {
    desk("640000", "宁夏回族自治区市场监督管理厅", DECEMBER_20, ["ningxia-28", "lingwu-28"])
}

#[test]
fn a_districts_work_by_task() {
    alone("working::a_districts_work_by_task", || {
        let rows: &[(&str, &[&str])] = &[
            // Producers with a mask: e101, e102, e103, e107; e104 makes meltblown. All four inspected for masks, and e104, e105,
            //   e106: 7. Inspectors: 2 in i101, i103, i104, i105, i106, i107, i109; 3 in i102, i108: 20.
            // Problems 5, of which 105 is open. Samples 6 of as many enterprises; 103 and 104 failed, 106 is pending: 2 of 6.
            // Both stopped; d101 passed, d102 failed its re-inspection.
            // Cases 4; c101, c102 closed; c101, c102, c103 penalised: 1,238,000 + 50,000 + 2,450,050 fen = 3.738. Value
            //   594,000 + 12,000 + 1,176,000 + 80,000 = 1.862. Published c101, c102; c103 handed over and supervised, none closed
            //   down; c101 exposed. Clue 101.
            // Helped e103 (clinic), e107 (standards); trained e101 to e103, and e107 later; e101 a brand.
            (
                "all",
                &[
                    "合计", "4", "4", "7", "20", "5", "4", "6", "6", "2", "33.33%", "2", "1", "4", "2", "3", "3.74",
                    "1.86", "2", "1", "1", "0", "1", "1", "2", "4", "1",
                ],
            ),
        ];
        Golden {
            form: "weibin-2021/work",
            office: "410703",
            as_of: "2021-05-31",
            head: ["填报单位：卫滨区市场监督管理局", "数据截至时间：2021年5月31日"],
            foot: OURS,
            title: "口罩质量专项整治工作情况统计表（工作用表）",
            attachment: "",
            stub: Some(""),
            columns: DISTRICT,
            rows,
        }
        .check(&district());
    });
}

#[test]
fn the_care_campaign_by_task() {
    alone("working::the_care_campaign_by_task", || {
        let rows: &[(&str, &[&str])] = &[
            // Inspected e201 to e207, e204 twice. Inspectors 2 × 7 + 3 (i206) = 17. Problems 201, 202, 203, the last open.
            // Samples 201 to 205 of e201, e206, e207, e204; 202 and 203 failed; d201 passed, d202 is not looked at again yet.
            // Optical shops e204, e205, both at random; testing body e202; shoes and diapers e206, e207; briefed e201, e206,
            //   e207; medium e203, 1,200 advertisements of it monitored in i203, 7 of them unlawful, and its case c202, exposed.
            // Cases: quality c204, metrology c203, certification c201, advertising c202. Closed and penalised c201, c202, c203:
            //   3,000,000 + 20,000,000 + 100,000 fen. Value 120,000 + 5,000,000 + 660,000. c202 handed over.
            (
                "all",
                &[
                    "合计", "7", "17", "3", "2", "4", "5", "2", "1", "2", "2", "1", "2", "3", "1", "1200", "7", "1",
                    "4", "1", "1", "1", "0", "3", "3", "23.10", "5.78", "1", "1",
                ],
            ),
        ];
        Golden {
            form: "nx-2021-28-care/work",
            office: "640000",
            as_of: "2021-12-19",
            head: ["填报单位：宁夏回族自治区市场监督管理厅", "数据截至时间：2021年12月19日"],
            foot: OURS,
            title: "儿童老年用品“护苗助老”关爱行动情况统计表（工作用表）",
            attachment: "",
            stub: Some(""),
            columns: CARE,
            rows,
        }
        .check(&region());
    });
}

#[test]
fn the_care_campaign_by_category() {
    alone("working::the_care_campaign_by_category", || {
        let rows: &[(&str, &[&str])] = &[
            // i201 counts here and under 学生文具. Sample 201.
            ("children_goods", &["儿童用品", "1", "2", "1", "1", "0", "0.00%", "0", "0", "0", "0.00", "0"]),
            // i202 of e202, and i207, which counts under 纸尿裤 too. c201.
            ("infant_goods", &["婴儿用品", "2", "4", "0", "0", "0", "—", "1", "1", "1", "3.00", "0"]),
            ("elderly_goods", &["老年用品", "0", "0", "0", "0", "0", "—", "0", "0", "0", "0.00", "0"]),
            // i204 and i208 of e204, i205 of e205. c203.
            ("eyewear", &["眼镜、眼镜片", "2", "6", "0", "0", "0", "—", "1", "1", "1", "0.10", "0"]),
            // i208 again; sample 205 is pending.
            ("eye_lamp", &["护眼灯", "1", "2", "1", "1", "0", "0.00%", "0", "0", "0", "0.00", "0"]),
            ("children_shoes", &["童鞋", "1", "3", "1", "1", "1", "100.00%", "1", "0", "0", "0.00", "0"]),
            ("diapers", &["婴儿纸尿裤", "1", "2", "1", "1", "0", "0.00%", "0", "0", "0", "0.00", "0"]),
            ("stationery", &["学生文具", "1", "2", "1", "1", "1", "100.00%", "0", "0", "0", "0.00", "0"]),
            ("advertising", &["广告", "1", "2", "0", "0", "0", "—", "1", "1", "1", "20.00", "1"]),
            ("total", &["合计", "10", "23", "5", "5", "2", "40.00%", "4", "3", "3", "23.10", "1"]),
        ];
        let desk = region();
        Golden {
            form: "nx-2021-28-care/products",
            office: "640000",
            as_of: "2021-12-19",
            head: ["填报单位：宁夏回族自治区市场监督管理厅", "数据截至时间：2021年12月19日"],
            foot: OURS,
            title: "儿童老年用品分类检查抽查情况统计表（工作用表）",
            attachment: "",
            stub: Some("产品类别"),
            columns: PRODUCTS,
            rows,
        }
        .check(&desk);
    });
}

#[test]
fn the_campaign_on_nonmedical_masks_by_task() {
    alone("working::the_campaign_on_nonmedical_masks_by_task", || {
        let rows: &[(&str, &[&str])] = &[
            // Producers e208, e209, both briefed by a203. Inspected with e210, the certification body: 3, by 3 + 2 + 2.
            // Problems 204, 205; 205 is open. Samples 206, 207 of e208, 208 of e209, which failed and passed again (d203).
            // Cases c205, c206 (certification); c205 penalised 896,600 fen, published, closed. Value 394,000 + 250,000; seized
            //   2,440 + 600 masks. One recall of 1,500.
            (
                "all",
                &[
                    "合计", "2", "2", "3", "7", "2", "1", "2", "3", "1", "33.33%", "1", "1", "1", "1", "1", "1",
                    "1500", "2", "1", "0.90", "0.64", "0.304", "0",
                ],
            ),
        ];
        Golden {
            form: "nx-2021-28-masks/work",
            office: "640000",
            as_of: "2021-12-19",
            head: ["填报单位：宁夏回族自治区市场监督管理厅", "数据截至时间：2021年12月19日"],
            foot: OURS,
            title: "非医用口罩“助企护民保安康”行动情况统计表（工作用表）",
            attachment: "",
            stub: Some(""),
            columns: MASKS,
            rows,
        }
        .check(&region());
    });
}

#[test]
fn the_lists_every_campaign_has() {
    alone("working::the_lists_every_campaign_has", || {
        let desk = district();
        let rows = |form: &str, as_of: &str| -> Vec<Vec<String>> {
            let filled = desk.fill(form, "410703", as_of).form;
            assert_eq!(filled.head[0].left, "专项行动：卫滨区深入推进口罩质量监管促进口罩质量提升专项整治行动");
            assert_eq!(filled.foot[0].left, "本表为工作台账，由登记的记录编制，不是文件所附表格。");
            filled.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text().to_owned()).collect()).collect()
        };
        for (list, count) in [
            ("enterprises", 7),
            ("inspections", 9),
            ("problems", 5),
            ("samples", 6),
            ("cases", 4),
            ("clues", 2),
            ("recalls", 2),
            ("assistance", 5),
        ] {
            assert_eq!(rows(&format!("weibin-2021/{list}"), "2021-05-31").len(), count, "{list}");
        }
        // A list obeys its cut-off: what happened later is blank, and what was filed later is not there.
        assert_eq!(
            rows("weibin-2021/cases", "2021-04-20"),
            [
                [
                    "1",
                    "新卫市监立〔2021〕13号",
                    "卫滨区益民大药房",
                    "销售口罩未明码标价案",
                    "价格",
                    "口罩",
                    "2021-03-23",
                    "0.0120",
                    "2021-04-02",
                    "新卫市监罚〔2021〕6号",
                    "0.0500",
                    "2021-04-07",
                    "2021-04-06",
                    "",
                    "",
                    "",
                    "",
                    "",
                ],
                [
                    "2",
                    "新卫市监立〔2021〕11号",
                    "卫滨区绿柳劳保用品厂",
                    "生产不符合国家标准的防尘口罩案",
                    "质量",
                    "口罩",
                    "2021-03-30",
                    "0.5940",
                    "2021-04-16",
                    "新卫市监罚〔2021〕7号",
                    "1.2380",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                ],
                [
                    "3",
                    "新卫市监立〔2021〕15号",
                    "卫滨区童乐口罩加工厂",
                    "生产销售不合格儿童口罩案",
                    "质量",
                    "口罩",
                    "2021-04-08",
                    "1.1760",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "√",
                    "新乡市市场监督管理局",
                    "2021-06-20",
                    "",
                ],
            ]
        );
        assert_eq!(
            rows("weibin-2021/recalls", "2021-05-31")[1],
            [
                "2",
                "2021-05-06",
                "卫滨区童乐口罩加工厂",
                "口罩",
                "前次召回未达预期，再次实施召回",
                "√",
                "180",
                "150",
                "待评估",
                "2021-04-09"
            ]
        );
        assert_eq!(
            rows("weibin-2021/assistance", "2021-05-31")[0][3],
            "新乡市卫滨区洁安口罩有限公司、新乡市康护卫生材料有限公司、卫滨区绿柳劳保用品厂"
        );
    });
}
