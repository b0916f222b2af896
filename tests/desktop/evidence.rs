//! Photos of a record, a pasted block of samples and the ledger of a nonconforming batch, in a book with a county's records.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::ENTER;
use crate::recording::value;
use crate::window::{Window, built};

/// 2021-05-28, 10:00 in China: when the sample campaign is played.
const NOW: &str = "1622167200000";
const CONTROL_S: &str = "\u{e009}s\u{e000}";
const RIGHT: &str = "\u{e014}";
const ESCAPE: &str = "\u{e00c}";

/// A home with the book of a county of the sample campaign.
pub fn county() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("demo");
    let played = Command::new(built("sweepctl"))
        .args(["demo", "--out"])
        .arg(&out)
        .env("SWEEPBOOK_STATE", home.path().join("state"))
        .output()
        .unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    (home, out.join("ningxia/yongning.book"))
}

pub async fn open(home: &TempDir, book: &Path) -> Window {
    let state = home.path().join("state");
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
        ("SWEEPBOOK_NOW", NOW),
    ];
    let window = Window::open(home.path(), &environment).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    window
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/photos").join(name)
}

#[tokio::test]
async fn photos_are_added_looked_at_named_and_voided() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    window.click("[data-menu=enterprises]").await;
    window.click(".records tbody tr .link").await;
    window.see(".photo-add").await;

    let program = home.path().join("照片.jpg");
    std::fs::write(&program, b"MZ\x90\0 no photo").unwrap();
    window.drop_files(".photos", &[&program]).await;
    window.read(".photos .problem", "不是照片").await;
    window.click(".photos .problem-close").await;

    window.drop_files(".photos", &[&fixture("sideways.jpg")]).await;
    window.see(".photo img").await;
    let other = home.path().join("厂门.png");
    let drawn =
        Command::new("convert").args(["-size", "900x600", "gradient:#cfe0f2-#5d7fa3"]).arg(&other).status().unwrap();
    assert!(drawn.success());
    window.drop_files(".photos", &[&other]).await;
    window.see("li:nth-child(2) > .photo img").await;
    window.script("document.querySelector('.photos').scrollIntoView({ block: 'end' })").await;
    window.picture("photos").await;
    // The printed file has a page of them.
    window.click(".page-head .print").await;
    window.see(".sheet img").await;
    window.script("document.querySelector('.sheet:last-child').scrollIntoView()").await;
    window.picture("photos-printed").await;
    window.script("history.back()").await;

    window.click(".photo").await;
    window.see(".viewer-face img").await;
    let size = "return document.querySelector('.viewer-face img').naturalWidth";
    assert_eq!(window.script(size).await, 600, "it stands upright");
    window.picture("photo-viewer").await;
    window.press(RIGHT).await;
    window.read(".photo-viewer .el-dialog__title", "厂门.png").await;
    window.press(RIGHT).await;
    window.read(".photo-viewer .el-dialog__title", "sideways.jpg").await;
    window.type_into(".viewer-name input", "（合格证）\u{e007}").await;
    window.read(".photo-viewer .el-dialog__title", "（合格证）").await;
    window.click(".void-photo").await;
    window.type_into(".viewer-reason input", "拍错了\u{e007}").await;
    window.gone(".photo-viewer").await;
    window.gone("li:nth-child(2) > .photo").await;
    window.click(".photo-foot .el-checkbox").await;
    window.read(".photo.void", "已作废").await;
    window.close().await;
}

/// Three rows in order, two of them of firms that are not in the book, one whose day can be read in two ways, and a total.
const BLOCK: &str = "单位：万只\n抽样单号\t被抽样单位\t样品名称\t规格型号\t抽样日期\t批量\t检验结论\n\
    YN-901\t永宁县望远工业园口罩厂\t一次性使用口罩\t平面型 17.5cm×9.5cm\t2021/5/24\t1.2\t待检\n\
    YN-902\t{known}\t儿童口罩\tM\t2021年5月24日\t0.5\t待检\n\
    YN-903\t永宁县杨和口罩厂\t日常防护型口罩\t\t44340\t3\t待检\n\
    YN-904\t{known}\t日常防护型口罩\t\t5/24/2021\t约2\t待检\n\
    合计：4批次\t\t\t\t\t\t\n";

#[tokio::test]
async fn a_block_of_samples_is_pasted_put_right_and_recorded() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    window.resize(1366, 768).await;
    window.choose(".campaign", "深入推进口罩质量监管促进质量提升专项整治行动").await;
    window.click("[data-menu=enterprises]").await;
    window.see(".records tbody tr").await;
    let known = window.script("return document.querySelector('.records tbody td').innerText").await;
    let known = known.as_str().unwrap().trim().to_owned();
    let block = BLOCK.replace("{known}", &known);

    window.click("[data-menu=samples]").await;
    let before = window.read(".total", "共").await;
    // The keys are the list's, not a field's.
    window.paste("body", &block).await;
    window.see(".paste-table").await;
    window.choose(".paste-every [data-field=authority]", "市场监管").await;
    window.choose(".paste-every [data-field=category]", "口罩").await;
    window.read("[data-row='6'] .remarks", "不是能确定的日期").await;
    window.read("[data-row='7'] .remarks", "合计行").await;
    window.read(".paste-table thead", "单位：万只").await;
    window.picture("paste-preview").await;
    // What is decided stands in sight, however long the table above it.
    let low = "return document.querySelector('.paste-apply').getBoundingClientRect().bottom <= window.innerHeight";
    window.answers(low, true.into()).await;

    // Both firms at once, where they are; the district is the county's own.
    window.click(".paste-make").await;
    window.click(".paste-making [data-field=roles] [data-value=producer]").await;
    window.read(".paste-making [data-field=division]", "永宁县").await;
    window.read("[data-text='永宁县望远工业园口罩厂']", "将新增").await;
    window.read("[data-text='永宁县杨和口罩厂']", "将新增").await;
    window.picture("paste-unknown").await;
    window.click("[data-row='6'] .el-checkbox").await;
    window.gone("tr.wrong").await;
    window.read("[data-row='5']", "2021-05-24").await;
    window.read("[data-row='3']", "12,000").await;
    window.see(".paste-apply:not([disabled])").await;
    window.click(".paste-apply").await;
    window.gone(".paste-dialog").await;
    window.read(".records", "YN-903").await;
    assert_ne!(window.read(".total", "共").await, before);

    // Back from the laboratory: the samples that stand are shown with what is new, and changed once somebody says so.
    window.paste("body", "抽样单编号\t检验结论\t报告日期\nYN-901\t合格\t2021-05-26\nYN-902\t待检\t\n").await;
    window.read("[data-row='2'] [data-change=result]", "待检 → 合格").await;
    window.read("[data-row='3'] .remarks", "台账里已有").await;
    window.picture("paste-update").await;
    window.click("[data-row='2'] .paste-update").await;
    window.read(".paste-count", "更新 1 条").await;
    window.click(".paste-apply").await;
    window.gone(".paste-dialog").await;

    // The first block again: what was recorded stays as it is. In English this time.
    window.click(".language").await;
    window.click(".paste").await;
    window.paste(".paste-area textarea", &block).await;
    window.see(".paste-table").await;
    window.picture("paste-preview-en").await;

    // Neither Escape nor Enter throws anything away: a person has to say so.
    for key in [ESCAPE, ENTER] {
        window.press(ESCAPE).await;
        window.read(".el-message-box", "Throw this block away?").await;
        window.press(key).await;
        window.gone(".el-message-box").await;
        window.see(".paste-table").await;
    }
    window.press(ESCAPE).await;
    window.click(".el-message-box__btns button:not(.el-button--primary)").await;
    window.gone(".paste-dialog").await;
    window.close().await;
}

#[tokio::test]
async fn a_nonconforming_batch_is_worked_off_and_nothing_resumes_too_early() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    window.click("[data-menu=samples]").await;
    window.click(".tabs a:nth-child(2)").await;
    window.see(".batches tbody tr").await;
    window.picture("batches").await;
    window.click(".batches tbody tr .link").await;
    window.see(".timeline li").await;
    window.read("[data-step=resume]", "复查没有合格").await;
    assert!(window.see("[data-step=resume] button").await.attr("disabled").await.unwrap().is_some());
    window.picture("batch").await;

    // What Escape interrupts is there again, until it is let go.
    let quantity = ".step-dialog [data-field=detained_quantity] input";
    window.click("[data-step=detain] button").await;
    window.see(quantity).await;
    let before = value(&window, quantity).await;
    window.script(&format!("document.querySelector('{quantity}').select()")).await;
    window.press("77").await;
    window.press(ESCAPE).await;
    window.gone(".step-dialog").await;
    window.click("[data-step=detain] button").await;
    window.see(".step-dialog .draft-bar").await;
    assert_eq!(value(&window, quantity).await, "77");
    window.picture("batch-step-draft").await;
    window.click(".step-dialog .draft-bar .danger").await;
    window.gone(".draft-bar").await;
    assert_eq!(value(&window, quantity).await, before);
    window.press(ESCAPE).await;
    window.gone(".step-dialog").await;

    // A number put wrong is seen at once, and so is what is missing then.
    detain(&window, "100").await;
    window.read(".verdict", "还有 80 只去向不明").await;
    window.read(".todo li.first", "查清 80 只的去向").await;
    window.picture("batch-missing").await;
    detain(&window, "180").await;
    window.read(".verdict", "都有去处").await;

    window.click("[data-step=reinspect] button").await;
    window.click(".step-dialog [data-field=reinspection] [data-value=pass]").await;
    window.picture("batch-step").await;
    window.press(CONTROL_S).await;
    window.gone(".step-dialog").await;
    window.read("[data-event=reinspect]", "2021-05-28").await;
    window.gone("[data-step=resume] .blocked").await;

    window.click("[data-step=resume] button").await;
    window.see(".step-dialog [data-field=resumed_on] input").await;
    window.script("document.querySelector('.step-dialog [data-field=resumed_on] input').select()").await;
    window.press("20210527\u{e007}").await;
    window.read(".step-dialog .field-problem", "2021-05-28").await;
    window.script("document.querySelector('.step-dialog [data-field=resumed_on] input').select()").await;
    window.press("20210528").await;
    window.click(".save-step").await;
    window.gone(".step-dialog").await;
    window.read("[data-event=resume]", "2021-05-28").await;
    window.click(".language").await;
    window.read(".balance .group-title", "Quantities").await;
    window.picture("batch-en").await;
    window.close().await;
}

async fn detain(window: &Window, quantity: &str) {
    window.click("[data-step=detain] button").await;
    window.see(".step-dialog [data-field=detained_quantity]").await;
    window.script("document.querySelector('.step-dialog [data-field=detained_quantity] input').focus()").await;
    window.press(quantity).await;
    window.click(".save-step").await;
    window.gone(".step-dialog").await;
}

#[tokio::test]
async fn a_form_is_saved_under_the_name_that_is_offered() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    let folder = home.path().join("报送");
    std::fs::create_dir(&folder).unwrap();
    window.click("[data-menu=forms]").await;
    window.choose("[data-field=form]", "口罩专项抽查/抽检情况统计表").await;
    window.see(".sheet img").await;
    for (button, title, name) in [
        (".save-xlsx", "存为 XLSX", "口罩专项抽查 抽检情况统计表 2021-05-28.xlsx"),
        (".save-pdf", "存为 PDF", "口罩专项抽查 抽检情况统计表 2021-05-28.pdf"),
    ] {
        window.click(button).await;
        assert_eq!(window.take_offered_name(title, &folder).await, name);
        window.read(".forms-page .done", name).await;
        assert!(folder.join(name).is_file());
    }
    window.close().await;
}
