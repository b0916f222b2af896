//! 辽宁省防疫物资产品质量和市场秩序专项整治行动方案 附件1 and 附件2.

use std::collections::BTreeSet;

use crate::check::{Golden, Prints, behind};
use crate::desk::{Desk, MAY_27_2020, alone};

/// The words of the issued tables, their levels parted by >.
const SUPERVISION: &[(&str, &str, Prints)] = &[
    ("swept", "市场监管、药监部门生产企业排查情况>排查企业数量", Prints::Count),
    ("approval_defect", "市场监管、药监部门生产企业排查情况>审评审批不合格企业数量", Prints::Count),
    ("certification_defect", "市场监管、药监部门生产企业排查情况>认证等不合格企业数量", Prints::Count),
    ("other_defect", "市场监管、药监部门生产企业排查情况>其他不合格企业数量", Prints::Count),
    ("sampled_enterprises", "海关部门出口物资查验情况>开展质量抽查企业数量", Prints::Count),
    ("batches", "海关部门出口物资查验情况>抽查产品批次", Prints::Count),
    ("nonconforming", "海关部门出口物资查验情况>不合格产品批次", Prints::Count),
    ("rate", "海关部门出口物资查验情况>监督抽查批次不合格发现率", Prints::Rate("nonconforming", "batches")),
    ("recalled", "商务部门督促企业落实主体责任情况>召回产品数量", Prints::Count),
    ("no_standard", "商务部门督促企业落实主体责任情况>无质量标准企业数量", Prints::Count),
];

const CASES: &[(&str, &str, Prints)] = &[
    ("quality.filed", "质量违法类>立案(件)", Prints::Count),
    ("quality.penalised", "质量违法类>处罚案件(件)", Prints::Count),
    ("certification.filed", "认证检验类>立案(件)", Prints::Count),
    ("certification.penalised", "认证检验类>处罚案件(件)", Prints::Count),
    ("qualification.filed", "药械资质类>立案(件)", Prints::Count),
    ("qualification.penalised", "药械资质类>处罚案件(件)", Prints::Count),
    ("qualification.penalty", "药械资质类>罚没(万元)", Prints::Over(1_000_000)),
    ("price.filed", "价格违法类>立案(件)", Prints::Count),
    ("price.penalised", "价格违法类>处罚案件(件)", Prints::Count),
    ("public_security.administrative", "治安违法犯罪类>行政治安案件(件)", Prints::Count),
    ("public_security.criminal", "治安违法犯罪类>刑事案件(件)", Prints::Count),
    ("other.filed", "其他>立案(件)", Prints::Count),
    ("other.penalised", "其他>处罚案件(件)", Prints::Count),
    ("other.penalty", "其他>罚没(万元)", Prints::Over(1_000_000)),
    ("total.filed", "合计>立案(件)", Prints::Count),
    ("total.penalised", "合计>处罚案件(件)", Prints::Count),
    ("total.penalty", "合计>罚没(万元)", Prints::Over(1_000_000)),
    ("total.transferred", "合计>移送公安案件(件)", Prints::Count),
    ("total.enterprises", "合计>被查单位(家)", Prints::Count),
    ("total.person_times", "合计>出动执法人员(人次)", Prints::Count),
];

fn province() -> Desk {
    let mut desk = Desk::new("210000", "辽宁省市场监督管理局", MAY_27_2020);
    desk.load("ledger-ln.jsonl");
    desk
}

#[test]
fn supervision_of_producers() {
    alone("ln::supervision_of_producers", || {
        let rows: &[(&str, &[&str])] = &[
            // Swept: i31 (the first day) and i32 (drug, the cut-off, of two campaigns): e84 is e81, whose role of a producer holds.
            //   Not i35 (a seller), i36 (e85 is e83, a seller), i40 (void), i41 (another campaign).
            // Approval: i31. Certification: i32. Enterprises sampled: e81 (s31, s32, s33); s34's only sells.
            // Batches: s31, s32 (customs), s33, s34; not s35 (the day after). Nonconforming: s31, reported on the cut-off; s33 a day
            //   later. 1 of 4. Recalled: 1000 (r01, the first day) + 234 (r05, the cut-off); not r02 (a repeat), r03 (the day
            //   after), r04 (void). No standard: only a seller had none (i35).
            ("mask", &["口罩", "1", "1", "1", "0", "1", "4", "1", "25.00%", "1234", "0"]),
            // i37 is of the day after.
            ("ventilator", &["呼吸机", "0", "0", "0", "0", "0", "0", "0", "—", "0", "0"]),
            // i31 names this category too. Declared by customs: 1 of 32 batches = 3.125 %, half up.
            ("protective_suit", &["防护服", "1", "1", "0", "0", "0", "32", "1", "3.13%", "0", "0"]),
            // s36, s37, s38 of e86, an individual business: 2 of 3. r06.
            ("thermometer", &["红外体温计（额温枪）", "0", "0", "0", "0", "1", "3", "2", "66.67%", "20000", "0"]),
            // i39 is of commerce: not swept, but without a standard. Declared by commerce: 77 of 210100 + 3 of 210200.
            ("test_kit", &["新型冠状病毒检测试剂", "0", "0", "0", "0", "0", "0", "0", "—", "80", "1"]),
            // i34; customs' i33 counts only as to the standard. No approval defect is an answer, not a defect. s39: 0 of 1.
            ("meltblown", &["熔喷布", "1", "0", "0", "1", "1", "1", "0", "0.00%", "0", "1"]),
            // i34 again, under its other category. Declared: 1 of 3.
            ("nonwoven", &["无纺布", "1", "0", "0", "1", "0", "3", "1", "33.33%", "0", "0"]),
            // i38 is of the day before.
            ("infrared_sensor", &["红外传感器", "0", "0", "0", "0", "0", "0", "0", "—", "0", "0"]),
        ];
        let desk = province();
        Golden {
            form: "ln-2020/1",
            office: "210000",
            as_of: "2020-05-27",
            head: ["填报单位：辽宁省市场监督管理局", ""],
            foot: &[
                "填报人：张三",
                "电 话：________",
                "填表说明：",
                "1.本表所称“企业”包含个体工商户等各类防疫物资生产者。",
                "2.本表填报的数据均为累计数。",
                "3.同一企业生产多类产品时，按照所生产产品种类分别统计企业数量。",
                "报送说明：每周四14时前将工作开展情况发送至指定邮箱。",
                "数据截至时间：2020年5月27日",
            ],
            title: "防疫物资生产企业排查、督促、产品质量监督抽查以及出口物资查验情况表",
            attachment: "附件 1",
            stub: Some(""),
            columns: SUPERVISION,
            rows,
        }
        .check(&desk);

        let opened = |row: &str, column: &str| -> BTreeSet<String> {
            behind(&desk, "ln-2020/1", "2020-05-27", row, column).into_iter().collect()
        };
        let set = |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        assert_eq!(opened("mask", "swept"), set(&["131", "132"]));
        assert_eq!(opened("mask", "rate"), set(&["531", "532", "533", "534"]));
        assert_eq!(opened("protective_suit", "rate"), set(&["f33", "f34"]));
        assert_eq!(opened("test_kit", "recalled"), set(&["f31", "f32"]));
    });
}

#[test]
fn cases_investigated() {
    alone("ln::cases_investigated", || {
        let rows: &[(&str, &[&str])] = &[
            // Filed: quality c31 (the first day), certification c32 (the cut-off), qualification c33, other c38; price c34 was filed
            //   the day before; c39 the day after; c40 void; c41 of diapers; c44 of another campaign.
            // Penalised: c31 (the cut-off), c33, c34, c38.
            // Qualification penalty: c33 123,450 + declared 2,000,000 (f41) = 2.12345, half up. Other penalty: c38 50 = 0.00005.
            // Public security: c35 administrative, c36 criminal; c37 does not say.
            // Total filed 1+1+1+0+1, penalised 1+0+1+1+1: public security is in neither.
            // Total penalty: 1,000,000 + 123,450 + 300 + 5,000,000 (c35) + 50 + declared 2,000,000 = 8,123,800.
            // Transferred: c36, c37. Enterprises: e81 (i31, i32) and e83 (i35, i36) whatever their role = 2. Persons: 2+3+4+2.
            (
                "mask",
                &[
                    "口罩", "1", "1", "1", "0", "1", "1", "2.1235", "0", "1", "1", "1", "1", "1", "0.0001", "4", "4",
                    "8.1238", "2", "2", "11",
                ],
            ),
            // Declared: quality 2 (f45), public security 6 (f44), enterprises 4 (f46), persons 9 (f47).
            (
                "ventilator",
                &[
                    "呼吸机",
                    "2",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "6",
                    "0",
                    "0",
                    "0",
                    "0",
                    "2",
                    "0",
                    "0",
                    "0",
                    "4",
                    "9",
                ],
            ),
            // i31.
            (
                "protective_suit",
                &[
                    "防护服",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "1",
                    "2",
                ],
            ),
            // c42 quality and c43 price; 49 fen = 0.000049. This table's brackets are half-width.
            (
                "thermometer",
                &[
                    "红外体温计(额温枪)",
                    "1",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "1",
                    "1",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "2",
                    "1",
                    "0",
                    "0",
                    "0",
                    "0",
                ],
            ),
            // i39. Declared: 10,000 fen under other (f42), which is in the total without being declared again.
            (
                "test_kit",
                &[
                    "新型冠状病毒检测试剂",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0.01",
                    "0",
                    "0",
                    "0.01",
                    "0",
                    "1",
                    "1",
                ],
            ),
            // i33 and i34, both of e82: 2 + 2 persons.
            (
                "meltblown",
                &[
                    "熔喷布",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "1",
                    "4",
                ],
            ),
            // i34, its persons once more under its other category. Declared: 70,000 fen in the total alone (f43).
            (
                "nonwoven",
                &[
                    "无纺布",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0.07",
                    "0",
                    "1",
                    "2",
                ],
            ),
            (
                "infrared_sensor",
                &[
                    "红外传感器",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                    "0",
                ],
            ),
        ];
        let desk = province();
        Golden {
            form: "ln-2020/2",
            office: "210000",
            as_of: "2020-05-27",
            head: ["填报单位：辽宁省市场监督管理局", ""],
            foot: &[
                "填报人：张三",
                "填表说明：本表填报的数据均为累计数。",
                "报送说明：每周四14时前将工作开展情况发送至指定邮箱。",
                "电 话：________",
                "数据截至时间：2020年5月27日",
            ],
            title: "防疫物资违法案件查处情况表",
            attachment: "附件 2",
            stub: Some(""),
            columns: CASES,
            rows,
        }
        .check(&desk);

        let opened = |row: &str, column: &str| -> BTreeSet<String> {
            behind(&desk, "ln-2020/2", "2020-05-27", row, column).into_iter().collect()
        };
        let set = |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        assert_eq!(opened("mask", "total.filed"), set(&["c31", "c32", "c33", "c38"]));
        // c38, c33 … and the declared sum of a printed column.
        assert_eq!(opened("mask", "total.penalty"), set(&["c31", "c33", "c34", "c35", "c38", "f41"]));
        assert_eq!(opened("test_kit", "total.penalty"), set(&["f42"]));
        assert_eq!(opened("mask", "public_security.criminal"), set(&["c36"]));
    });
}
