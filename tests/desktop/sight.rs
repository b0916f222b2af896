//! What names the columns of a long list, and what says and decides what a long form is about, stays in sight however far one
//! scrolls: on a laptop's screen, without which everything would fit.

use serde_json::json;

use crate::NOW;
use crate::evidence;
use crate::inspector::sweepctl;
use crate::tables::many;
use crate::window::Window;

const SCROLL: &str = "const frame = document.querySelector(arguments[0]); frame.scrollTop = frame.scrollHeight; \
                      return Math.round(frame.scrollTop)";
const IN_SIGHT: &str = "const element = document.querySelector(arguments[0]); const box = element.getBoundingClientRect(); \
                        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
                        return box.top >= 0 && box.bottom <= innerHeight && element.contains(top)";

/// Scrolls to the end of what scrolls there: there is so much of it that what is not held would be out of sight.
async fn scroll_to_end(window: &Window, frame: &str) {
    window.see(frame).await;
    let scrolled = window.script_with(SCROLL, json!(frame)).await;
    assert!(scrolled.as_i64().unwrap() > 100, "{frame} is not long: {scrolled}");
}

async fn in_sight(window: &Window, what: &[&str]) {
    for css in what {
        assert_eq!(window.script_with(IN_SIGHT, json!(css)).await, json!(true), "{css}");
    }
}

#[tokio::test]
async fn the_head_of_a_long_list_and_the_head_and_foot_of_a_long_form_stay_in_sight() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    many(&book, &home.path().join("state"), 300);
    let window = Window::open(home.path(), &[("SWEEPBOOK_BOOK", book.to_str().unwrap()), ("SWEEPBOOK_NOW", NOW)]).await;
    window.resize(1366, 705).await;

    // A list: its columns, and what is said and done about it.
    window.click("[data-menu=inspections]").await;
    window.read(".virtual tbody tr:first-child", "检查员299").await;
    scroll_to_end(&window, ".virtual").await;
    window.read(".virtual tr[data-row-number='300']", "检查员0").await;
    in_sight(&window, &[".virtual thead th", ".list-tools .total", ".list-tools .create"]).await;

    // A form: the steps it has.
    window.click(".create").await;
    window.see(".form-steps [data-step]").await;
    scroll_to_end(&window, "main.page").await;
    in_sight(&window, &[".form-steps [data-step]"]).await;

    // A form in a dialog, with all its fields: its name and the button.
    window.script("document.querySelector('main.page').scrollTop = 0").await;
    window.type_into("[data-field=enterprise] input", "银川永宁口罩厂").await;
    window.read(".pick-new", "新增企业“银川永宁口罩厂”").await;
    window.click(".pick-new").await;
    window.click(".el-dialog .form-more").await;
    let held = [".el-dialog__title", ".el-dialog .dialog-footer button"];
    in_sight(&window, &held).await;
    scroll_to_end(&window, ".el-dialog__body").await;
    in_sight(&window, &held).await;
    window.close().await;
}

#[tokio::test]
async fn what_decides_about_a_pair_and_what_names_the_columns_of_a_paste_stay_in_sight() {
    let (home, book) = evidence::county();
    let twin = |n: u32| {
        let fields = json!({"name": "永宁康达口罩厂", "roles": ["producer"], "division": "640121", "contact": "何承宇",
            "address": format!("{n}号，{}", "望远镇工业园区".repeat(20)), "legal_representative": "何承宇",
            "phone": "0951-5550001", "scale": "small", "status": "producing", "established_on": "2019-01-01"});
        json!({"kind": "enterprise", "id": format!("e0000000-0000-4000-8000-00000000000{n}"), "campaigns": ["nx-2021-24"],
            "fields": fields})
    };
    let twins = home.path().join("twins.jsonl");
    std::fs::write(&twins, format!("{}\n{}\n", twin(1), twin(2))).unwrap();
    sweepctl(home.path(), "state", &["record", book.to_str().unwrap(), twins.to_str().unwrap()]);
    let window = evidence::open(&home, &book).await;
    window.resize(1366, 705).await;
    window.click("[data-menu=enterprises]").await;
    window.click(".tabs a[href='#/enterprises/pairs']").await;
    window.read(".pairs .reason .status", "名称相同").await;
    window.click(".pairs .compare").await;
    window.see(".comparison .records-row").await;
    let held = [".el-dialog__title", ".compare-pair .merge"];
    in_sight(&window, &held).await;
    scroll_to_end(&window, ".el-dialog__body").await;
    in_sight(&window, &held).await;
    window.picture("compare-foot").await;
    window.click(".el-dialog__headerbtn").await;
    window.gone(".compare-pair").await;

    let rows: String = (0..60).map(|at| format!("YN-{at:03}\t一次性使用口罩\t2021/5/24\t1\t待检\n")).collect();
    window.click("[data-menu=samples]").await;
    window.see(".create").await;
    window.paste("body", &format!("抽样单号\t样品名称\t抽样日期\t批量\t检验结论\n{rows}")).await;
    scroll_to_end(&window, ".paste-table").await;
    window.script("document.querySelector('.paste-dialog .el-dialog__body').scrollTop = 1e6").await;
    in_sight(&window, &[".paste-table thead th.no", ".paste-apply"]).await;
    window.close().await;
}
