//! The real window, driven as a person would.

mod closing;
mod dialog;
mod dossier;
mod drops;
mod evidence;
mod filings;
mod inspector;
mod journal;
mod keyboard;
mod package;
mod packages;
mod recording;
mod screen;
mod settings;
mod sight;
mod start;
mod tables;
mod walk;
mod window;
mod workbench;
mod wrong;

use std::process::Command;

use window::{Window, built};

/// 2021-05-27, noon in China.
const NOW: &str = "1622088000000";
const CONTROL_S: &str = "\u{e009}s\u{e000}";
const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn the_window_opens_on_its_first_screen_and_speaks_two_languages() {
    let home = tempfile::tempdir().unwrap();
    let window = Window::open(home.path(), &[]).await;
    window.read("h1", "排查台账").await;
    assert_eq!(window.title().await, "排查台账 Sweepbook");
    window.picture("first-start").await;
    window.click(".first-card .language").await;
    window.read(".first-form", "Office code").await;
    // Styles come from files only; the window's policy drops whatever a script writes into the page.
    let blue = window.script("return getComputedStyle(document.querySelector('.first-start')).backgroundColor").await;
    assert_eq!(blue, "rgb(15, 61, 117)");
    window.click(".first-form .start").await;
    window.read("[data-field=office] .field-problem", "Six-digit").await;
    window.close().await;
}

#[tokio::test]
async fn an_inspectors_day_and_the_same_number_on_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    let window = Window::open(home.path(), &[("SWEEPBOOK_BOOK", book.to_str().unwrap()), ("SWEEPBOOK_NOW", NOW)]).await;

    // The first start, by keyboard alone.
    window.type_into("[data-field=office] input", &format!("640121{ENTER}")).await;
    window.press(&format!("永宁县市场监督管理局{ENTER}")).await;
    window.press(&format!("张三{ENTER}")).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    window.choose(".campaign", "深入推进口罩质量监管促进质量提升专项整治行动").await;

    window.read(".first-steps", "登记第一家企业").await;
    window.picture("workbench-empty").await;
    window.click("[data-menu=enterprises]").await;
    window.click(".create").await;
    window.type_into("[data-field=name] input", "银川永宁口罩厂").await;
    window.click("[data-field=roles] [data-value=producer]").await;
    window.picture("enterprise").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "银川永宁口罩厂").await;

    window.click("[data-menu=inspections]").await;
    window.click(".create").await;
    window.find("[data-field=enterprise]", "ycyn", "银川永宁口罩厂").await;
    window.type_into("[data-field=inspectors] input", &format!("赵六{ENTER}")).await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=department]", "市场监管").await;
    window.choose("[data-field=categories]", "口罩").await;
    window.click("[data-field=outcome] [data-value=case]").await;
    window.picture("inspection").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "银川永宁口罩厂").await;
    window.read(".counted", "口罩案件查处情况统计表").await;

    // A case; first with a day that does not exist, which is said at the field and loses nothing.
    window.click("[data-menu=cases]").await;
    window.click(".create").await;
    window.type_into("[data-field=number] input", "永市监案〔2021〕8号").await;
    window.find("[data-field=enterprise]", "ycyn", "银川永宁口罩厂").await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=category]", "口罩").await;
    window.type_into("[data-field=decision_no] input", "永市监罚〔2021〕8号").await;
    window.type_into("[data-field=penalty_on] input", "20210431").await;
    window.type_into("[data-field=penalty_fen] input", "12345.6").await;
    window.press(CONTROL_S).await;
    window.read("[data-field=penalty_on] .field-problem", "20210431").await;
    window.script("document.querySelector('[data-field=penalty_on] input').select()").await;
    window.press("20210527").await;
    window.gone(".field-problem").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "永市监案〔2021〕8号").await;

    // The attachment: real pages, and the number opens.
    window.click("[data-menu=forms]").await;
    window.choose("[data-field=form]", "口罩案件查处情况统计表").await;
    window.see(".sheet img").await;
    let on_page = window.attribute(".sheet .box[data-row=quality][data-column=filed]", "aria-label").await;
    assert_eq!(on_page, "1");
    let drawn = window.script("return document.querySelector('.sheet img').naturalWidth").await;
    assert!(drawn.as_u64().unwrap() > 0, "the page is drawn, not a broken picture");
    window.picture("attachment").await;
    window.click(".sheet .box[data-row=quality][data-column=filed]").await;
    window.read(".el-drawer .records", "永市监案〔2021〕8号").await;
    window.picture("trace").await;
    window.click(".el-drawer__close-btn").await;
    window.gone(".el-drawer").await;
    window.click("[data-view=cells]").await;
    let mut seen = Vec::new();
    for column in ["person_times", "enterprises", "filed", "penalty"] {
        seen.push(window.see(&format!("[data-row=quality] [data-column={column}]")).await.text().await.unwrap());
    }
    assert_eq!(seen, ["2", "1", "1", "1.2346"]);
    window.close().await;

    let filled = Command::new(built("sweepctl"))
        .args(["fill", book.to_str().unwrap(), "nx-2021-24/1", "--as-of", "2021-05-27", "--out"])
        .arg(home.path().join("filled.json"))
        .env("SWEEPBOOK_NOW", NOW)
        .output()
        .unwrap();
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let filled = std::fs::read_to_string(home.path().join("filled.json")).unwrap();
    let filled: serde_json::Value = serde_json::from_str(&filled).unwrap();
    let at = |list: &str, id: &str| filled[list].as_array().unwrap().iter().position(|each| each == id).unwrap();
    let cells = &filled["rows"][at("row_ids", "quality")];
    let printed: Vec<&str> = ["person_times", "enterprises", "filed", "penalty"]
        .iter()
        .map(|column| cells[at("columns", column) + 1].as_str().unwrap())
        .collect();
    assert_eq!(printed, seen);
}
