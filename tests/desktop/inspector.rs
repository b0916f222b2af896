//! The inspector's whole day in one window, from the invitation to the package that opens in the office above: each page is
//! reached as the program itself proposes it, wherever it proposes one.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::evidence::fixture;
use crate::recording::value;
use crate::window::{Window, built, until};
use crate::{CONTROL_S, ENTER, NOW};

const FACTORY: &str = "银川永宁口罩厂";

pub fn sweepctl(home: &Path, state: &str, arguments: &[&str]) -> String {
    let done = Command::new(built("sweepctl"))
        .args(arguments)
        .current_dir(home)
        .env("SWEEPBOOK_NOW", NOW)
        .env("SWEEPBOOK_STATE", home.join(state))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
    said
}

/// What a book holds of a kind, by its fields.
pub fn held(home: &Path, state: &str, book: &str, kind: &str) -> Vec<Value> {
    let said = sweepctl(home, state, &["show", book, kind, "--json"]);
    let lines = said.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].take()).collect()
}

/// The county's window, once it has joined the region by the region's invitation.
async fn joined(home: &Path) -> Window {
    sweepctl(home, "above", &["new", "region.book", "--office", "640000", "--name", "宁夏回族自治区市场监督管理厅"]);
    let invite =
        ["invite", "region.book", "--office", "640121", "--name", "永宁县市场监督管理局", "--out", "county.invite"];
    sweepctl(home, "above", &invite);
    let (book, state, file) = (home.join("county.book"), home.join("state"), home.join("county.invite"));
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
        ("SWEEPBOOK_NOW", NOW),
    ];
    let window = Window::open_with(home, &environment, &built("sweepbook"), &[file.to_str().unwrap()]).await;
    window.see(".fingerprint .words").await;
    window.type_into("[data-field=inspector] input", "张三").await;
    window.click("[data-field=compared] .el-checkbox").await;
    window.click(".first-form .start").await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    // Nobody has to choose: it is what the region has ordered.
    let chosen = window.see(".campaign select").await.prop("value").await.unwrap();
    assert_eq!(chosen.as_deref(), Some("nx-2021-24"));
    window
}

/// The enterprise and the inspection of it; the inspection's page stays open.
async fn inspect(window: &Window) {
    window.click(".first-steps [data-step='steps.enterprise']").await;
    window.type_into("[data-field=name] input", FACTORY).await;
    window.click("[data-field=roles] [data-value=producer]").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", FACTORY).await;

    window.click("[data-menu=inspections]").await;
    window.click(".create").await;
    window.find("[data-field=enterprise]", "ycyn", FACTORY).await;
    window.type_into("[data-field=inspectors] input", &format!("赵六{ENTER}")).await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=department]", "市场监管").await;
    window.choose("[data-field=categories]", "口罩").await;
    window.script("document.querySelector('[data-item=licences] [tabindex=\"0\"]').focus()").await;
    window.press("2").await;
    window.press("营业执照过期").await;
    window.click(".answer-rest").await;
    window.click("[data-field=outcome] [data-value=rectify]").await;
    window.type_into("[data-field=rectify_by] input", "20210610").await;
    window.press(CONTROL_S).await;
    window.see(".next-steps [data-opens=problem] button").await;
    // What was seen there.
    window.drop_files(".photos", &[&fixture("sideways.jpg")]).await;
    window.see(".photo img").await;
    window.picture("day-inspection").await;
}

/// What the checklist found, as an entry of its own.
async fn note_the_problem(window: &Window) {
    window.click(".next-steps [data-opens=problem] button").await;
    assert_eq!(value(window, "[data-field=description] textarea").await, "企业持有证照情况：营业执照过期");
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "营业执照过期").await;
}

/// A sample whose result does not conform, and its disposal worked off to the end.
async fn dispose(window: &Window) {
    window.click("[data-menu=samples]").await;
    window.click(".create").await;
    window.type_into("[data-field=number] input", "YN-001").await;
    window.find("[data-field=enterprise]", "ycyn", FACTORY).await;
    window.type_into("[data-field=product_name] input", "一次性使用口罩").await;
    window.choose("[data-field=category]", "口罩").await;
    window.choose("[data-field=authority]", "市场监管").await;
    window.type_into("[data-field=batch_quantity] input", "500").await;
    window.type_into("[data-field=reported_on] input", "20210527").await;
    window.script("document.querySelector('[data-field=result]').scrollIntoView({ block: 'center' })").await;
    window.click("[data-field=result] [data-value=nonconforming]").await;
    window.type_into("[data-field=failed_items] input", &format!("过滤效率{ENTER}")).await;
    window.type_into("[data-field=nonconforming_quantity] input", "500").await;
    window.click("[data-field=entered_market] [data-value=yes]").await;
    window.press(CONTROL_S).await;
    window.click(".next-steps [data-opens=disposal] button").await;
    window.read(".page-head", "YN-001").await;
    window.read(".verdict", "去向不明").await;

    window.click("[data-step=stop_sale] button").await;
    window.click(".save-step").await;
    window.gone(".step-dialog").await;
    window.see("[data-event=stop_sale]").await;

    // The first thing left to do is always the one the page puts first.
    step(window, "detain", "[data-field=detained_quantity] input", "500").await;
    window.read(".verdict", "都有去处").await;
    window.click("[data-step=reinspect] button").await;
    window.click(".step-dialog [data-field=reinspection] [data-value=pass]").await;
    window.click(".save-step").await;
    window.gone(".step-dialog").await;
    step(window, "destroy", "[data-field=destroyed_quantity] input", "500").await;
    window.click("[data-step=resume] button").await;
    window.click(".save-step").await;
    window.gone(".step-dialog").await;
    window.read("[data-event=resume]", "2021-05-27").await;
    window.picture("day-batch").await;
}

async fn step(window: &Window, id: &str, field: &str, typed: &str) {
    window.click(&format!("[data-step={id}] button")).await;
    window.type_into(&format!(".step-dialog {field}"), typed).await;
    window.click(".save-step").await;
    window.gone(".step-dialog").await;
    window.see(&format!("[data-event={id}]")).await;
}

/// The case that follows from the sample.
async fn file_a_case(window: &Window) {
    window.click("[data-menu=samples]").await;
    window.click(".tabs a[href='#/samples/sample']").await;
    window.click(".records .operations button").await;
    window.click(".next-steps [data-opens=case] button").await;
    window.read("[data-field=enterprise]", FACTORY).await;
    window.type_into("[data-field=number] input", "永市监案〔2021〕8号").await;
    window.choose("[data-field=line]", "质量").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "永市监案〔2021〕8号").await;
    window.read(".counted", "口罩案件查处情况统计表").await;
    window.picture("day-case").await;
}

#[tokio::test]
async fn an_inspectors_whole_day_reaches_the_office_above() {
    let place = tempfile::tempdir().unwrap();
    let home = place.path();
    let window = joined(home).await;
    inspect(&window).await;
    note_the_problem(&window).await;
    dispose(&window).await;
    file_a_case(&window).await;

    // Everything goes: the package is chosen in the system's own dialog.
    let package = home.join("day.sweep");
    window.click("[data-menu=packages]").await;
    window.click("a[href='#/packages/export']").await;
    window.see(".export-contents [data-kind=case]").await;
    // What the county reads out on the telephone stands where it exports, before and after.
    let words = window.see(".export-page [data-words=check_in] .words").await.text().await.unwrap();
    window.click(".export").await;
    window.answer_dialog("导出数据包", &package).await;
    window.read(".export-page .done", "已回读核对").await;
    window.picture("day-export").await;
    until("the package is there", || package.exists()).await;
    window.close().await;

    sweepctl(home, "state", &["check", "county.book"]);
    sweepctl(home, "above", &["import", "region.book", "day.sweep", "--confirm-device", &words]);
    sweepctl(home, "above", &["check", "region.book"]);
    for (state, book) in [("state", "county.book"), ("above", "region.book")] {
        let one = |kind: &str| {
            let mut all = held(home, state, book, kind);
            assert_eq!(all.len(), 1, "{book}: {kind}: {all:?}");
            all.remove(0)
        };
        assert_eq!(one("enterprise")["name"], FACTORY);
        let visit = one("inspection");
        assert_eq!(visit["checklist"]["licences"]["result"], "fail", "{visit}");
        assert_eq!(one("problem")["description"], "企业持有证照情况：营业执照过期");
        assert_eq!(one("sample")["result"], "nonconforming");
        let disposal = one("disposal");
        for (field, expected) in [("detained_quantity", 500), ("destroyed_quantity", 500)] {
            assert_eq!(disposal[field], expected, "{disposal}");
        }
        assert_eq!(disposal["resumed_on"], "2021-05-27");
        assert_eq!(one("case")["number"], "永市监案〔2021〕8号");
        assert_eq!(one("attachment")["mime"], "image/jpeg");

        let filled = home.join(format!("{state}.json"));
        sweepctl(
            home,
            state,
            &["fill", book, "nx-2021-24/1", "--as-of", "2021-05-27", "--out", filled.to_str().unwrap()],
        );
        let filled: Value = serde_json::from_str(&std::fs::read_to_string(&filled).unwrap()).unwrap();
        let at = |list: &str, id: &str| filled[list].as_array().unwrap().iter().position(|each| each == id).unwrap();
        let cells = &filled["rows"][at("row_ids", "quality")];
        assert_eq!(cells[at("columns", "filed") + 1], "1", "{book}");
    }
}
