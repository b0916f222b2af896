//! 企业档案 through the real window: a doubtful pair is joined, the common file is read, the record of an inspection goes to
//! the printer's door as the pages one saw, and the join is taken back.

use std::path::Path;
use std::process::Command;

use crate::NOW;
use crate::window::{Window, built};

const KEPT: &str = "e0000000-0000-4000-8000-000000000001";
const DOUBLE: &str = "e0000000-0000-4000-8000-000000000002";
const THIRD: &str = "e0000000-0000-4000-8000-000000000003";
const VISIT: &str = "10000000-0000-4000-8000-000000000001";

fn sweepctl(folder: &Path, arguments: &[&str]) {
    let run = Command::new(built("sweepctl"))
        .args(arguments)
        .current_dir(folder)
        .env("SWEEPBOOK_NOW", NOW)
        .env("SWEEPBOOK_STATE", folder.join("state"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn ledger() -> String {
    let factory = |id: &str, address: &str| {
        format!(
            r#"{{"kind":"enterprise","id":"{id}","campaigns":["nx-2021-24"],"fields":{{"name":"永宁康达口罩厂","roles":["producer"],"division":"640121","address":"{address}","legal_representative":"何承宇","phone":"0951-5550001","status":"producing"}}}}"#
        )
    };
    let visit = |id: &str, enterprise: &str, day: &str| {
        format!(
            r#"{{"kind":"inspection","id":"{id}","campaigns":["nx-2021-24"],"fields":{{"enterprise":"{enterprise}","date":"{day}","started_at":"09:30","ended_at":"11:00","place":"生产车间","inspectors":["马立群","李秀梅"],"certificates":["NX640121001","NX640121002"],"person_in_charge":"何承宇","line":"quality","department":"market","categories":["mask"],"stage":"production","checklist":{{"licences":{{"result":"pass"}},"labelling":{{"result":"fail","note":"未标注执行标准"}}}},"findings":"部分产品标签未标注执行标准。","outcome":"rectify","rectify_by":"2021-04-01"}}}}"#
        )
    };
    let second = VISIT.replace("001", "002");
    let lines = [
        factory(KEPT, "望远镇工业园A区"),
        factory(DOUBLE, "望远工业园区"),
        factory(THIRD, "望远镇").replace("永宁康达口罩厂", "望远防护用品厂"),
        visit(VISIT, KEPT, "2021-03-12"),
        visit(&second, DOUBLE, "2021-03-20"),
        visit(&VISIT.replace("001", "003"), KEPT, "2021-04-02"),
    ];
    lines.join("\n")
}

/// A stand-in for the system's viewer: keeps what it was asked to show.
#[cfg(unix)]
fn viewer(folder: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let tools = folder.join("tools");
    std::fs::create_dir_all(&tools).unwrap();
    let script = tools.join("xdg-open");
    let shown = folder.join("shown.pdf");
    std::fs::write(&script, format!("#!/bin/sh\ncp \"$1\" '{}'\n", shown.display())).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default())
}

#[tokio::test]
async fn two_records_become_one_file_that_prints_and_two_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    sweepctl(folder, &["new", "a.book", "--office", "640121", "--name", "永宁县市场监督管理局", "--inspector", "张三"]);
    std::fs::write(folder.join("lines.jsonl"), ledger()).unwrap();
    sweepctl(folder, &["record", "a.book", "lines.jsonl"]);
    let (book, state, path) = (folder.join("a.book"), folder.join("state"), viewer(folder));
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_NOW", NOW),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
        ("PATH", path.as_str()),
    ];
    let window = Window::open(folder, &environment).await;

    window.click("[data-menu=enterprises]").await;
    window.click(".tabs a[href='#/enterprises/pairs']").await;
    window.read(".pairs .reason .status", "名称相同").await;
    window.click(".pairs .compare").await;
    window.read(".comparison .records-row", "检查 2").await;
    window.picture("pairs").await;
    window.click(&format!("[data-keep='{KEPT}']")).await;
    window.click(".compare-pair .merge").await;

    window.read(".page-head h2", "永宁康达口罩厂").await;
    window.see(&format!("[data-section=joined] [data-id='{DOUBLE}']")).await;
    window.read(".figures", "3").await;
    let told = window.script("return document.querySelectorAll('.events tbody tr').length").await;
    assert_eq!(told, 3);
    window.picture("dossier").await;

    // From the file to the record, and from the record to its pages.
    window.click(".events tbody tr:last-child .link").await;
    window.click(".page-head .print").await;
    window.read(".page-head h2", "现场检查记录").await;
    window.see(".sheet img").await;
    let drawn = window.script("return document.querySelector('.sheet img').naturalWidth").await;
    assert!(drawn.as_u64().unwrap() > 0, "the page is drawn, not a broken picture");
    window.picture("print").await;
    window.click(".page-head .print").await;
    window.see(".print-message").await;
    assert!(std::fs::read(folder.join("shown.pdf")).unwrap().starts_with(b"%PDF-"));

    window.script(&format!("location.hash = '#/enterprises/enterprise/{DOUBLE}'")).await;
    window.read(".joined-note", "永宁康达口罩厂").await;
    window.click("[data-section=joined] .split").await;
    window.gone("[data-section=joined]").await;

    // A third of another name and no code is on no list of pairs; it is found by its initials.
    window.click(".page-head .join").await;
    window.find(".join-other", "ynkd", "永宁康达").await;
    window.see(".join-other .comparison, .join-other [role=alert]").await;
    window.find(".join-other", "wyfh", "望远防护").await;
    window.read(".join-other .comparison", "望远防护用品厂").await;
    window.picture("join-other").await;
    window.click(&format!("[data-keep='{THIRD}']")).await;
    window.click(".compare-pair .merge").await;
    window.read(".page-head h2", "望远防护用品厂").await;
    window.see(&format!("[data-section=joined] [data-id='{DOUBLE}']")).await;

    // What every field of a record held, and that it was joined and taken apart.
    window.script(&format!("location.hash = '#/enterprises/enterprise/{DOUBLE}/edit'")).await;
    window.click(".page-head .history-of").await;
    let told = window.read(".record-history [data-field=same_as]", "望远防护用品厂").await;
    assert!(told.contains("永宁康达口罩厂") && !told.contains(KEPT), "{told}");
    let division = window.read(".record-history [data-field=division] td", "永宁县").await;
    assert!(!division.contains("监督管理局"), "the county, not its office of the same code: {division}");
    window.picture("history").await;
    window.close().await;
}
