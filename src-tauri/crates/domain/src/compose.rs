//! The table of spot checks (口罩专项抽查/抽检情况统计表) prints texts put together from several records. They are a named
//! catalogue here, so that a campaign file can ask for them by name and every renderer prints the same words. It is not
//! where records are looked up.

use crate::ids::Date;
use crate::record::Record;
use crate::schema::Schema;

/// The names a campaign file may ask for.
pub const NAMES: &[&str] = &["result", "flows", "measures", "assistance"];

/// What a composed text is put together from: one sample and what belongs to it. Nothing voided belongs here.
#[derive(Debug, Clone, Copy)]
pub struct ComposeContext<'a> {
    pub schema: &'a Schema,
    /// 数据截至时间: what is dated later is not printed.
    pub as_of: Date,
    pub sample: &'a Record,
    /// Of two disposals of the sample the one with the smaller id.
    pub disposal: Option<&'a Record>,
    /// The case the disposal names and every case that names the sample.
    pub cases: &'a [Record],
    /// Assistance records that name the sample, in any order.
    pub assistance: &'a [Record],
}

/// The text of that name; `None` for a name the catalogue has not. What there is nothing to say about is empty.
pub fn compose(name: &str, context: &ComposeContext) -> Option<String> {
    Some(match name {
        "result" => result(context),
        "flows" => flows(context),
        "measures" => measures(context),
        "assistance" => assistance(context),
        _ => return None,
    })
}

/// The fields a text is put together from, as (kind, field): an unresolved conflict in one of them leaves it unsettled.
pub fn reads(name: &str) -> &'static [(&'static str, &'static str)] {
    match name {
        "result" => &[("sample", "result"), ("sample", "reported_on")],
        "flows" => &[("disposal", "sample"), ("disposal", "flows")],
        "measures" => &[
            ("sample", "category"),
            ("disposal", "sample"),
            ("disposal", "stop_sale_on"),
            ("disposal", "sealed_quantity"),
            ("disposal", "sealed_on"),
            ("disposal", "detained_quantity"),
            ("disposal", "detained_on"),
            ("disposal", "recalled_quantity"),
            ("disposal", "recalled_on"),
            ("disposal", "destroyed_quantity"),
            ("disposal", "destroyed_on"),
            ("disposal", "rectify_ordered_on"),
            ("disposal", "rectify_by"),
            ("disposal", "reinspected_on"),
            ("disposal", "reinspection"),
            ("disposal", "case"),
            ("disposal", "transferred_on"),
            ("disposal", "measures"),
            ("case", "sample"),
            ("case", "filed_on"),
        ],
        "assistance" => &[
            ("disposal", "sample"),
            ("disposal", "assistance"),
            ("assistance", "sample"),
            ("assistance", "date"),
            ("assistance", "mode"),
            ("assistance", "content"),
        ],
        _ => &[],
    }
}

/// Whether a record that belongs to a sample can be in a text for that cut-off: a case filed or assistance given later is in
/// none. A disposal is dated step by step.
pub fn is_within(record: &Record, as_of: Date) -> bool {
    let day = match record.kind.as_str() {
        "case" => "filed_on",
        "assistance" => "date",
        _ => return true,
    };
    record.date(day).is_some_and(|day| day <= as_of)
}

/// 抽查结果: 待检 until the report is dated on or before the cut-off.
fn result(context: &ComposeContext) -> String {
    let known = context.by_cut_off(context.sample, "reported_on");
    let code = context.sample.text("result").filter(|_| known).unwrap_or("pending");
    context.schema.label("sample_result", code).to_owned()
}

/// 不合格产品流入市场方向: the destinations, as listed.
fn flows(context: &ComposeContext) -> String {
    let listed = context.disposal.and_then(|disposal| disposal.get("flows").as_list()).unwrap_or_default();
    let destinations = listed.iter().filter_map(|flow| flow.as_map()?.get("destination")?.as_str());
    joined(destinations.map(str::to_owned), "、")
}

/// 后处理措施: what is dated on or before the cut-off, then the free text, which has no date.
fn measures(context: &ComposeContext) -> String {
    let mut parts = Vec::new();
    if let Some(disposal) = context.disposal {
        let done = |field: &str| context.by_cut_off(disposal, field);
        let unit = context.schema.unit(context.sample.text("category").unwrap_or_default());
        if done("stop_sale_on") {
            parts.push("责令停止销售".to_owned());
        }
        for (words, quantity, day) in [
            ("查封", "sealed_quantity", "sealed_on"),
            ("扣押", "detained_quantity", "detained_on"),
            ("召回", "recalled_quantity", "recalled_on"),
            ("销毁", "destroyed_quantity", "destroyed_on"),
        ] {
            if done(day) {
                // A merge can leave the day without its quantity: the step was taken, how many is not known.
                parts.push(disposal.int(quantity).map_or(words.to_owned(), |pieces| format!("{words}{pieces}{unit}")));
            }
        }
        if done("rectify_ordered_on") {
            let by = disposal.date("rectify_by");
            parts.push(by.map_or("责令整改".to_owned(), |day| format!("责令整改（{day}前）")));
        }
        if done("reinspected_on") {
            match disposal.text("reinspection") {
                Some("pass") => parts.push("复查合格".to_owned()),
                Some("fail") => parts.push("复查不合格".to_owned()),
                _ => {}
            }
        }
    }
    if context.cases.iter().any(|case| is_within(case, context.as_of)) {
        parts.push("立案查处".to_owned());
    }
    if let Some(disposal) = context.disposal {
        if context.by_cut_off(disposal, "transferred_on") {
            parts.push("移送公安机关".to_owned());
        }
        parts.extend(disposal.text("measures").map(str::to_owned));
    }
    joined(parts, "；")
}

/// 对企业的帮扶措施: the disposal's own words, then each assistance record by date and id.
fn assistance(context: &ComposeContext) -> String {
    let own = context.disposal.and_then(|disposal| disposal.text("assistance")).map(str::to_owned);
    let mut given: Vec<&Record> = context.assistance.iter().filter(|record| is_within(record, context.as_of)).collect();
    given.sort_by_key(|record| (record.date("date"), record.id));
    let given = given.into_iter().map(|record| {
        let mode = context.schema.label("assistance_mode", record.text("mode").unwrap_or_default());
        match record.text("content").map(str::trim).filter(|content| !content.is_empty()) {
            Some(content) => format!("{mode}：{content}"),
            None => mode.to_owned(),
        }
    });
    joined(own.into_iter().chain(given), "；")
}

impl ComposeContext<'_> {
    fn by_cut_off(&self, record: &Record, field: &str) -> bool {
        record.date(field).is_some_and(|day| day <= self.as_of)
    }
}

fn joined(parts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let parts: Vec<String> =
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    parts.join(separator)
}
