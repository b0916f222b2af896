//! 工作台, with the books of the sample campaigns: what is due today opens where it is done.

use std::path::Path;
use std::process::Command;

use crate::window::{Window, built};

/// Plays the sample campaigns into `home`; its devices are known in `home/state`.
pub fn play(home: &Path) {
    let played = Command::new(built("sweepctl"))
        .args(["demo", "--out"])
        .arg(home.join("demo"))
        .env("SWEEPBOOK_STATE", home.join("state"))
        .output()
        .unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
}

pub async fn open(home: &Path, book: &str, now: &str) -> Window {
    let (book, state) = (home.join("demo").join(book), home.join("state"));
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_NOW", now),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
    ];
    Window::open(home, &environment).await
}

#[tokio::test]
async fn a_clerk_sees_what_is_due_and_follows_it() {
    let home = tempfile::tempdir().unwrap();
    play(home.path());

    // The region, 2021-05-28 10:00 in China.
    let window = open(home.path(), "ningxia/ningxia.book", "1622167200000").await;
    window.read(".campaign-head h2", "深入推进口罩质量监管促进质量提升专项整治行动").await;
    window.read("[data-task=enforcement]", " / ").await;
    window.read("[data-report=experience]", "还剩 2 天").await;
    window.see("[data-chart=coverage]").await;
    let named = window.script("return document.querySelector('[data-chart=coverage] tbody').textContent").await;
    assert!(named.as_str().unwrap().contains("永宁县市场监督管理局"), "{named}");
    window.picture("workbench").await;
    window.script("document.querySelector('.due-list').scrollIntoView()").await;
    window.picture("workbench-due").await;
    window.script("document.querySelector('.charts').scrollIntoView()").await;
    window.see("[data-chart=weeks] canvas").await;
    window.picture("workbench-charts").await;
    window.click("[data-chart=categories] figcaption .link").await;
    window.read("[data-chart=categories] .chart-table", "口罩").await;
    let overdue = window.read("[data-due=problem] tr[data-record]", "逾期").await;
    assert!(overdue.contains("2021-05-25"), "the earliest first: {overdue}");
    let record = window.attribute("[data-due=problem] tr[data-record]", "data-record").await;
    window.click(&format!("[data-due=problem] tr[data-record='{record}'] a")).await;
    window.see(".page-head h2").await;
    let address = window.script("return location.hash").await;
    assert!(address.as_str().unwrap().ends_with(&format!("/problem/{record}")), "{address}");

    // What the counties' records do not agree on, in words.
    window.click("[data-menu=workbench]").await;
    window.click("[data-card=findings]").await;
    window.see(".findings-page h2").await;
    window.picture("findings").await;
    window.click(".top .language").await;
    window.click("[data-menu=workbench]").await;
    window.read("[data-task=enforcement]", "Enforcement").await;
    window.picture("workbench-english").await;
    window.script("document.querySelector('.due-list').scrollIntoView()").await;
    window.picture("workbench-due-english").await;
    window.script("document.querySelector('.charts').scrollIntoView()").await;
    window.see("[data-chart=weeks] canvas").await;
    window.picture("workbench-charts-english").await;
    window.close().await;

    // The province, on a Thursday at nine: the tables are due at two, and open as of the day before.
    let window = open(home.path(), "liaoning/liaoning.book", "1592442000000").await;
    window.read("[data-report=weekly][data-on='2020-06-18']", "14:00").await;
    window.picture("workbench-thursday").await;
    window.click("[data-report=weekly][data-on='2020-06-18'] .report-forms a").await;
    window.see(".sheet img").await;
    let cut_off = window.script("return document.querySelector('[data-field=as_of] input').value").await;
    assert_eq!(cut_off, "2020-06-17");
    window.close().await;
}
