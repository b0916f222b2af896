//! What was done is taken back and brought back by keys, in the real window: what is not on the page is asked about first.

use crate::CONTROL_S;
use crate::evidence::{county, open};
use crate::window::Window;

const CONTROL_Z: &str = "\u{e009}z\u{e000}";
const CONTROL_Y: &str = "\u{e009}y\u{e000}";
const ALT_LEFT: &str = "\u{e00a}\u{e012}\u{e000}";
const CASE: &str = "贺市监案〔2021〕3号";

async fn key(window: &Window, key: &str) {
    window.script("document.activeElement.blur()").await;
    window.press(key).await;
}

#[tokio::test]
async fn a_pasted_block_is_taken_back_and_the_case_before_it_only_when_asked() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    window.choose(".campaign", "深入推进口罩质量监管促进质量提升专项整治行动").await;
    window.click("[data-menu=enterprises]").await;
    window.see(".records tbody tr").await;
    let known = window.script("return document.querySelector('.records tbody td').innerText").await;
    let known = known.as_str().unwrap().trim().to_owned();

    window.click("[data-menu=cases]").await;
    window.click(".create").await;
    window.type_into("[data-field=number] input", CASE).await;
    window.find("[data-field=enterprise]", &known[..9], &known).await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=category]", "口罩").await;
    window.press(CONTROL_S).await;
    window.read(".journal-bar", &format!("已新增：案件 {CASE}")).await;

    window.click("[data-menu=samples]").await;
    let before = window.read(".total", "共").await;
    let rows: String = (1..=3).map(|at| format!("YN-95{at}\t{known}\t儿童口罩\t2021-05-24\t待检\n")).collect();
    window.click(".paste").await;
    window.paste(".paste-area textarea", &format!("抽样单号\t被抽样单位\t样品名称\t抽样日期\t检验结论\n{rows}")).await;
    window.choose(".paste-every [data-field=authority]", "市场监管").await;
    window.choose(".paste-every [data-field=category]", "口罩").await;
    window.see(".paste-apply:not([disabled])").await;
    window.click(".paste-apply").await;
    window.gone(".paste-dialog").await;
    window.read(".journal-bar", "已新增：3 条抽样").await;
    window.read(".records", "YN-953").await;

    key(&window, CONTROL_Z).await;
    window.read(".journal-bar", "已撤销：3 条抽样").await;
    assert_eq!(window.read(".total", "共").await, before);
    window.picture_with_bar("undone").await;
    key(&window, CONTROL_Y).await;
    window.read(".journal-bar", "已恢复：3 条抽样").await;
    window.read(".records", "YN-953").await;
    key(&window, CONTROL_Z).await;
    window.read(".journal-bar", "已撤销：3 条抽样").await;

    // The case was filed on another page: it is named, and stays until a person says so.
    key(&window, CONTROL_Z).await;
    window.read(".journal-question", &format!("撤销新增：案件 {CASE}")).await;
    window.picture_with_bar("undo-asked").await;
    window.click(".journal-no").await;
    window.gone(".journal-question").await;
    window.click("[data-menu=cases]").await;
    window.read(".records", CASE).await;
    key(&window, CONTROL_Z).await;
    window.click(".journal-yes").await;
    window.read(".journal-bar", &format!("已撤销：案件 {CASE}")).await;

    // It is void, says so, and comes back with a reason.
    window.click(".filter-bar .el-checkbox + .el-checkbox").await;
    window.read(".records", CASE).await;
    window.click(".records tbody tr .link").await;
    window.read(".voided-bar", "录入后撤销").await;
    window.gone(".page-head .save").await;
    window.picture("voided").await;
    window.click(".restore").await;
    window.type_into("input.restore-reason, .restore-reason input", "误撤销").await;
    window.click(".restore-now").await;
    window.gone(".voided-bar").await;
    window.see(".page-head .save").await;
    // What it names is a link, and one comes back from there.
    window.click("[data-field=enterprise] .named-links a").await;
    window.read(".dossier h2", &known).await;
    window.see(".dossier-actions [data-opens=inspection]").await;
    window.picture("dossier-actions").await;
    key(&window, ALT_LEFT).await;
    window.read(".page-head h2", CASE).await;
    key(&window, ALT_LEFT).await;
    window.see(".records").await;
    window.close().await;
}
