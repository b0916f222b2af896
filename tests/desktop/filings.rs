//! A week's report in the real window: written, reviewed, sealed, and opened down to the records as they stood.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::window::{Window, built};

/// Thursday 2020-05-28, 13:30 in China; the weekly report is due at 14:00.
const THURSDAY: &str = "1590643800000";
const ENTERPRISE: &str = "00000000-0000-4000-8000-000000000001";
const CASE: &str = "00000000-0000-4000-8000-000000000041";

fn sweepctl(home: &Path, arguments: &[&str]) {
    let ran = Command::new(built("sweepctl"))
        .args(arguments)
        .current_dir(home)
        .env("SWEEPBOOK_NOW", THURSDAY)
        .env("SWEEPBOOK_STATE", home.join("state"))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test]
async fn a_weekly_report_is_written_sealed_and_opened_as_it_stood() {
    let home = tempfile::tempdir().unwrap();
    let made = ["new", "沈阳市.book", "--office", "210100", "--name", "沈阳市市场监督管理局", "--inspector", "张三"];
    sweepctl(home.path(), &made);
    let lines = [
        json!({"kind": "enterprise", "id": ENTERPRISE, "campaigns": ["ln-2020"],
            "fields": {"name": "沈阳市甲口罩厂", "roles": ["producer"]}}),
        json!({"kind": "case", "id": CASE, "campaigns": ["ln-2020"], "fields": {"enterprise": ENTERPRISE,
            "line": "quality", "category": "mask", "filed_on": "2020-05-20", "penalty_on": "2020-05-22",
            "penalty_fen": 1_000_000, "decision_no": "沈市监罚〔2020〕1号"}}),
    ];
    std::fs::write(home.path().join("lines.jsonl"), lines.map(|line| format!("{line}\n")).concat()).unwrap();
    sweepctl(home.path(), &["record", "沈阳市.book", "lines.jsonl"]);
    let book = home.path().join("沈阳市.book");
    let book = book.to_str().unwrap();
    let window = Window::open(home.path(), &[("SWEEPBOOK_BOOK", book), ("SWEEPBOOK_NOW", THURSDAY)]).await;

    window.click("[data-menu=filings]").await;
    window.read("[data-report=weekly][data-due='2020-05-28']", "周报告").await;
    window.picture("filings").await;
    window.click("[data-report=weekly][data-due='2020-05-28'] .begin").await;
    window.see(".open-filing .sheet img").await;
    window.picture("filing-forms").await;

    // The words begin with the template, its numbers counted; what is written stays.
    window.click("[data-tab=words]").await;
    window.see(".section-editor textarea").await;
    window.picture("filing-words").await;

    // What stands in the way is said at once, and answered on the spot.
    window.click("[data-tab=seal]").await;
    window.read("[data-refusal=filing-not-reviewed]", "审核").await;
    window.type_into("input[data-answer=reviewer]", "李四").await;
    window.click(".do-review").await;
    window.gone("[data-refusal=filing-not-reviewed]").await;
    window.picture("filing-seal").await;
    window.click(".seal-act .seal").await;
    window.click(".el-message-box__btns .el-button--primary").await;
    window.read(".just-sealed", "报出").await;
    window.see(".sealed-filing .sheet img").await;
    window.picture("filing-sealed").await;

    // A sealed number opens to the records as they stood.
    window.click("[data-tab=forms]").await;
    window.click("[data-form='ln-2020/2']").await;
    window.click("[data-view=cells]").await;
    window.click("[data-row=mask] [data-column='total.penalty'] button").await;
    window.read(".el-drawer", "10,000.00").await;
    window.picture("filing-cell").await;
    window.close().await;
}
