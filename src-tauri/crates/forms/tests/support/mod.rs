//! Forms of the source documents, written out by hand so that these tests stand on no campaign file, and answers for them.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};

use campaign::answers::{AnswerCell, AnswerRow, Answers, Filling};
use campaign::model::{Campaign, Form};
use serde_json::{Value, json};
use sweepbook_forms::{FilledForm, fill};

pub fn campaign() -> Campaign {
    let value = json!({ "id": "c", "title": "专项", "title_en": "Campaign", "issuers": [], "first_day": "2021-03-01",
        "categories": [] });
    serde_json::from_value(value).unwrap()
}

pub fn form(value: Value) -> Form {
    serde_json::from_value(value).unwrap()
}

pub fn filling(form: &Form) -> Filling {
    Filling {
        form: form.id.clone(),
        office: "640121".parse().unwrap(),
        office_name: "永宁县市场监督管理局".to_owned(),
        as_of: "2021-05-27".parse().unwrap(),
        since: None,
        date: "2021-05-28".parse().unwrap(),
        filler: "张三".to_owned(),
        phone: "0951-1234567".to_owned(),
        reviewer: String::new(),
        approver: "王局".to_owned(),
    }
}

pub fn filled(form: &Form, answers: &Answers) -> FilledForm {
    fill(&campaign(), form, &filling(form), answers).unwrap()
}

/// The same form with columns so narrow that their headers break.
#[allow(dead_code)]
pub fn filled_narrow(form: &Form, answers: &Answers, width: u32) -> FilledForm {
    let mut form = form.clone();
    form.columns.iter_mut().for_each(|column| column.width = width);
    filled(&form, answers)
}

pub fn statistics(cells: &[(&str, &str, i64)]) -> Answers {
    let cells = cells.iter().map(|(row, column, value)| (((*row).to_owned(), (*column).to_owned()), *value)).collect();
    Answers::Statistics { cells, unsettled: BTreeSet::new(), at_most: BTreeSet::new() }
}

fn figure(id: &str, header: &[&str], width: u32, unit: &str) -> Value {
    json!({ "id": id, "header": header, "width": width, "unit": unit, "cell": { "figure": { "id": id } } })
}

fn rows(labels: &[(&str, &str)]) -> Vec<Value> {
    labels
        .iter()
        .map(|(id, label)| json!({ "id": id, "label": label, "codes": [id], "total": *id == "total" }))
        .collect()
}

/// `nx-2021-24/1`.
pub fn cases() -> Form {
    let lines = [
        ("price", "价格类案件"),
        ("quality", "质量类案件"),
        ("competition", "不正当竞争案件"),
        ("ip", "知识产权类案件"),
        ("qualification", "药械资质类案件"),
        ("advertising", "虚假广告类案件"),
        ("other", "其他案件"),
        ("total", "合计数"),
    ];
    form(json!({
        "id": "nx-2021-24/1", "title": "口罩案件查处情况统计表", "title_en": "Mask cases", "attachment": "附件 1",
        "page": { "paper": "A4", "landscape": true },
        "head": [{ "left": "填报单位（盖章）：{seal}{office}", "right": "{date}" }],
        "body": { "kind": "statistics", "stub": "查办案件情况", "stub_width": 36, "by": { "case": "line" },
            "rows": rows(&lines) },
        "column": [
            figure("person_times", &["出动执法人员(人次)累计"], 28, "one"),
            figure("enterprises", &["检查经营者数(户/人)累计"], 28, "one"),
            figure("filed", &["其中:立案(件)"], 24, "one"),
            figure("closed", &["结案(件)"], 24, "one"),
            figure("penalty", &["罚没(万元)"], 28, "ten_thousand_yuan"),
            figure("value", &["案值(万元)"], 28, "ten_thousand_yuan"),
            figure("seized", &["查获口罩(万只)累计"], 28, "ten_thousand"),
            figure("transferred", &["移送公安机关案件数(件)累计"], 30, "one"),
        ],
    }))
}

fn field(id: &str, header: &[&str], width: u32) -> Value {
    json!({ "id": id, "header": header, "width": width, "cell": { "field": id } })
}

fn number_column() -> Value {
    json!({ "id": "no", "header": ["序号"], "width": 10, "cell": "row_number" })
}

/// `nx-2021-24/2`.
pub fn samples() -> Form {
    form(json!({
        "id": "nx-2021-24/2", "title": "口罩专项抽查/抽检情况统计表", "title_en": "Samples", "attachment": "附件 2",
        "page": { "paper": "A4", "landscape": true },
        "head": [{ "left": "填报单位（盖章）：{seal}{office}", "right": "{date}" }],
        "body": { "kind": "list", "of": "sample", "event": "sampled_on", "sort": ["sampled_on", "number"] },
        "column": [
            number_column(),
            field("product_name", &["产品名称"], 20), field("model", &["规格型号"], 18),
            field("province", &["抽查省份"], 12), field("enterprise", &["抽查企业名称"], 28),
            field("result", &["抽查结果"], 14), field("failed_items", &["不合格项目"], 20),
            field("nonconforming_quantity", &["不合格产品的批次数量（只）"], 18),
            field("entered_market", &["不合格产品是否流入市场"], 16), field("flows", &["不合格产品流入市场方向"], 20),
            field("measures", &["后处理措施"], 30), field("assistance", &["对企业的帮扶措施"], 26),
            field("status", &["企业生产状况"], 14), field("scale", &["企业规模"], 12),
            field("established_on", &["新成立企业成立时间"], 20),
        ],
    }))
}

/// `samr-2020-51/1`.
pub fn survey() -> Form {
    const STATE: &str = "生产状况";
    const CONVERTED: &str = "是否为疫情防控期间转产、投产口罩企业";
    form(json!({
        "id": "samr-2020-51/1", "title": "非医用口罩生产企业调查汇总表", "title_en": "Survey", "attachment": "附件",
        "page": { "paper": "A4", "landscape": true },
        "head": [{ "left": "填报单位：{office}", "right": "填报日期：{date}" }],
        "foot": [{ "left": "注：产品品种主要指：防尘口罩、日常防护型口罩、儿童口罩。" },
            { "left": "(请于2020年5月22日前报送总局质量监督司)" }],
        "body": { "kind": "list", "of": "enterprise", "sort": ["division", "name"] },
        "column": [
            number_column(), field("name", &["生产企业名称"], 40), field("uscc", &["统一社会信用代码"], 34),
            field("varieties", &["产品品种"], 26), field("standards", &["执行标准"], 30),
            field("meltblown_suppliers", &["熔喷布供货企业"], 34),
            field("converted_yes", &[STATE, CONVERTED, "是"], 14), field("converted_no", &[STATE, CONVERTED, "否"], 14),
            field("exports_yes", &[STATE, "是否出口", "是"], 10), field("exports_no", &[STATE, "是否出口", "否"], 10),
            field("medical_yes", &[STATE, "是否生产医用口罩", "是"], 12),
            field("medical_no", &[STATE, "是否生产医用口罩", "否"], 12),
            field("daily_output", &[STATE, "非医用口罩产量 (只/日)"], 22),
        ],
    }))
}

const SUPPLIES: [(&str, &str); 8] = [
    ("mask", "口罩"),
    ("ventilator", "呼吸机"),
    ("protective_suit", "防护服"),
    ("thermometer", "红外体温计（额温枪）"),
    ("test_kit", "新型冠状病毒检测试剂"),
    ("meltblown", "熔喷布"),
    ("nonwoven", "无纺布"),
    ("infrared_sensor", "红外传感器"),
];

/// `ln-2020/1`.
pub fn sweep() -> Form {
    const MARKET: &str = "市场监管、药监部门生产企业排查情况";
    const CUSTOMS: &str = "海关部门出口物资查验情况";
    const COMMERCE: &str = "商务部门督促企业落实主体责任情况";
    let rate = json!({ "id": "rate", "header": [CUSTOMS, "监督抽查批次不合格发现率"], "width": 24,
        "cell": { "rate": { "part": "nonconforming", "whole": "batches" } } });
    form(json!({
        "id": "ln-2020/1", "title": "防疫物资生产企业排查、督促、产品质量监督抽查以及出口物资查验情况表",
        "title_en": "Sweep", "attachment": "附件 1", "page": { "paper": "A4", "landscape": true },
        "head": [{ "left": "填报单位：{office}" }],
        "foot": [{ "left": "填报人：", "right": "电 话：" }, { "left": "填表说明：" },
            { "left": "1.本表所称“企业”包含个体工商户等各类防疫物资生产者。" },
            { "left": "2.本表填报的数据均为累计数。" },
            { "left": "3.同一企业生产多类产品时，按照所生产产品种类分别统计企业数量。" },
            { "left": "报送说明：每周四 14 时前将工作开展情况发送至指定邮箱。" },
            { "left": "数据截至时间：{as_of_cn}" }],
        "body": { "kind": "statistics", "stub_width": 36, "by": { "inspection": "categories" }, "rows": rows(&SUPPLIES) },
        "column": [
            figure("swept", &[MARKET, "排查企业数量"], 22, "one"),
            figure("approval_defect", &[MARKET, "审评审批不合格企业数量"], 24, "one"),
            figure("certification_defect", &[MARKET, "认证等不合格企业数量"], 24, "one"),
            figure("other_defect", &[MARKET, "其他不合格企业数量"], 24, "one"),
            figure("sampled_enterprises", &[CUSTOMS, "开展质量抽查企业数量"], 24, "one"),
            figure("batches", &[CUSTOMS, "抽查产品批次"], 22, "one"),
            figure("nonconforming", &[CUSTOMS, "不合格产品批次"], 22, "one"),
            rate,
            figure("recalled", &[COMMERCE, "召回产品数量"], 24, "one"),
            figure("no_standard", &[COMMERCE, "无质量标准企业数量"], 24, "one"),
        ],
    }))
}

/// `ln-2020/2`.
pub fn violations() -> Form {
    let mut columns = Vec::new();
    let mut group = |id: &str, words: &str, own: &[(&str, &str)]| {
        for (name, label) in own {
            let unit = if *name == "penalty" { "ten_thousand_yuan" } else { "one" };
            columns.push(figure(&format!("{id}.{name}"), &[words, label], 12, unit));
        }
    };
    let (filed, penalised, penalty) = (("filed", "立案(件)"), ("penalised", "处罚案件(件)"), ("penalty", "罚没(万元)"));
    group("quality", "质量违法类", &[filed, penalised]);
    group("certification", "认证检验类", &[filed, penalised]);
    group("qualification", "药械资质类", &[filed, penalised, penalty]);
    group("price", "价格违法类", &[filed, penalised]);
    group("public_security", "治安违法犯罪类", &[("administrative", "行政治安案件(件)"), ("criminal", "刑事案件(件)")]);
    group("other", "其 他", &[filed, penalised, penalty]);
    let rest =
        [("transferred", "移送公安案件(件)"), ("enterprises", "被查单位(家)"), ("person_times", "出动执法人员(人次)")];
    group("total", "合 计", &[filed, penalised, penalty, rest[0], rest[1], rest[2]]);
    form(json!({
        "id": "ln-2020/2", "title": "防疫物资违法案件查处情况表", "title_en": "Violations", "attachment": "附件 2",
        "page": { "paper": "A4", "landscape": true },
        "head": [{ "left": "填报单位：{office}" }],
        "foot": [{ "left": "填报人：", "right": "电 话：" }, { "left": "填表说明：本表填报的数据均为累计数。" },
            { "left": "报送说明：每周四 14 时前将工作开展情况发送至指定邮箱。" }, { "left": "数据截至时间：{as_of_cn}" }],
        "body": { "kind": "statistics", "stub_width": 26, "by": { "case": "category" }, "rows": rows(&SUPPLIES) },
        "column": columns,
    }))
}

pub fn every_form() -> Vec<Form> {
    vec![cases(), samples(), survey(), sweep(), violations()]
}

/// Numbers in every cell of a statistics form, the last ones large.
pub fn full(form: &Form) -> Answers {
    let campaign::model::Body::Statistics { rows, .. } = &form.body else { panic!("a statistics form is expected") };
    let mut cells = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (beside, column) in form.columns.iter().enumerate() {
            let value = (at * 17 + beside * 5) as i64 % 41 * if at + 1 == rows.len() { 98_765 } else { 1 };
            let scale = if column.unit == campaign::model::Unit::One { 1 } else { 12_345 };
            cells.insert((row.id.clone(), column.id.clone()), value * scale);
        }
    }
    Answers::Statistics { cells, unsettled: BTreeSet::new(), at_most: BTreeSet::new() }
}

pub fn text(words: &str) -> AnswerCell {
    AnswerCell::Text(words.to_owned())
}

/// Rows of [`samples`], every third one nonconforming.
pub fn sample_rows(count: usize) -> Answers {
    let row = |at: usize| {
        let bad = at.is_multiple_of(3);
        let blank = |words: &str| if bad { text(words) } else { AnswerCell::Blank };
        let cells = vec![
            AnswerCell::Blank,
            text(if bad { "一次性使用日常防护型口罩（儿童）" } else { "日常防护型口罩" }),
            text("平面耳挂式 175mm×95mm"),
            text("宁夏"),
            text(&format!("银川市某某防护用品科技有限公司第{at}分厂")),
            text(if bad { "不合格" } else { "合格" }),
            blank("过滤效率、防护效果、呼气阻力"),
            if bad { AnswerCell::Number(120_000 + at as i64) } else { AnswerCell::Blank },
            blank("是"),
            blank("宁夏银川、内蒙古阿拉善左旗"),
            blank("责令停止销售；查封3000只；召回12000只；销毁15000只；责令整改（2021-06-01前）；复查合格；立案查处"),
            blank("质量义诊：派出技术专家二人到企业查找过滤效率不合格原因"),
            text("正常生产"),
            text("小型"),
            text("2020-03-18"),
        ];
        AnswerRow { record: format!("0190a6e4-0000-7000-8000-{at:012}"), cells }
    };
    Answers::List { rows: (0..count).map(row).collect(), unsettled: BTreeSet::new() }
}

/// Rows of [`survey`].
pub fn survey_rows(count: usize) -> Answers {
    let row = |at: usize| {
        let tick = |holds: bool| if holds { text("√") } else { AnswerCell::Blank };
        let cells = vec![
            AnswerCell::Blank,
            text(&format!("宁夏某某无纺布制品有限责任公司{at}")),
            text("91640100MA76P1XT0N"),
            text("儿童口罩、日常防护型口罩"),
            text("GB/T 32610-2016、T/CNTAC 55-2020"),
            text("浙江某某熔喷材料股份有限公司"),
            tick(at.is_multiple_of(2)),
            tick(!at.is_multiple_of(2)),
            tick(at.is_multiple_of(3)),
            tick(at % 3 == 1),
            tick(false),
            tick(true),
            AnswerCell::Number(150_000),
        ];
        AnswerRow { record: format!("0190a6e4-0000-7000-8000-{at:012}"), cells }
    };
    Answers::List { rows: (0..count).map(row).collect(), unsettled: BTreeSet::new() }
}
