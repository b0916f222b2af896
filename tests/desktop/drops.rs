//! Files dragged out of another program's window: taken where they belong, answered in words elsewhere; and nothing that is let
//! go or clicked takes the window away from its page.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use serde_json::json;

use crate::evidence::{county, fixture, open};
use crate::window::Window;

/// Takes away what was said, so that what is said next is seen to be new.
async fn hush(window: &Window) {
    window.script("document.querySelectorAll('.el-message__closeBtn').forEach((button) => button.click())").await;
    window.gone(".el-message").await;
}

async fn says(window: &Window, words: &str) {
    window.read(".el-message", words).await;
    hush(window).await;
}

const STAYS: &str = "return [location.protocol, location.host, location.hash.startsWith('#/'), document.title]";

async fn stays(window: &Window) {
    assert_eq!(window.script(STAYS).await, json!(["tauri:", "localhost", true, "排查台账 Sweepbook"]));
}

#[tokio::test]
async fn files_are_taken_where_they_are_let_go_and_answered_in_words_elsewhere() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    let package = home.path().join("回执 100%.sweep");
    std::fs::copy(home.path().join("demo/ningxia/yongning-down.sweep"), &package).unwrap();
    // 永宁 as GBK writes it: no Unicode.
    let foreign = home.path().join(OsStr::from_bytes(b"\xd3\xc0\xc4\xfe.sweep"));
    std::fs::write(&foreign, "no package").unwrap();

    window.click("[data-menu=packages]").await;
    window.click(".tabs a[href='#/packages']").await;
    window.drop_files(".drop-zone", &[&package, &foreign]).await;
    window.see("[data-file='回执 100%.sweep']").await;
    window.read("[data-problem$='\u{fffd}.sweep']", "怎么办").await;
    // Beside the zone, on the menu and on the page.
    for beside in [".menu-foot", ".wizard .el-steps"] {
        window.drop_files(beside, &[&package]).await;
        says(&window, "这里不接收文件：回执 100%.sweep").await;
        window.see("[data-file='回执 100%.sweep']").await;
        stays(&window).await;
    }
    // A folder and an address are none.
    window.drop_files(".drop-zone", &[home.path()]).await;
    says(&window, "有 1 项不是文件").await;
    window.drop_addresses(".drop-zone", &["https://a.example/%E6".to_owned(), "x:y".to_owned()]).await;
    says(&window, "有 2 项不是文件").await;
    stays(&window).await;

    // A photo on its strip, and beside it.
    window.click("[data-menu=enterprises]").await;
    window.click(".records tbody tr .link").await;
    window.see(".photo-add").await;
    window.drop_files(".photos", &[&fixture("sideways.jpg")]).await;
    window.see(".photo img").await;
    window.read(".photo-name", "sideways.jpg").await;
    window.gone(".el-message").await;
    window.drop_files(".page-head h2", &[&fixture("sideways.jpg")]).await;
    says(&window, "这里不接收文件：sideways.jpg").await;

    // A table on the dialog that reads one, which covers the page.
    let table = home.path().join("抽样单.xlsx");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, cell) in ["抽样单编号", "产品名称", "抽样日期"].into_iter().enumerate() {
        sheet.write(0, column as u16, cell).unwrap();
    }
    sheet.write(1, 0, "NX-2021-0901").unwrap();
    sheet.write(1, 1, "一次性使用口罩").unwrap();
    sheet.write(1, 2, "2021-05-20").unwrap();
    workbook.save(&table).unwrap();
    window.click("[data-menu=samples]").await;
    window.click(".paste").await;
    window.see(".paste-area").await;
    window.drop_files(".paste-dialog .el-dialog__body", &[&table]).await;
    window.read(".paste-table", "NX-2021-0901").await;
    window.picture("dropped-table").await;
    // What is being looked at is not thrown away for another.
    window.drop_files(".paste-dialog .el-dialog__body", &[&table]).await;
    says(&window, "请先点“换一份”").await;
    window.read(".paste-table", "NX-2021-0901").await;
    window.close().await;
}

#[tokio::test]
async fn nothing_takes_the_window_away_from_its_page() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    let page = home.path().join("page.html");
    std::fs::write(&page, "<title>elsewhere</title>elsewhere").unwrap();
    let file = app::names::address(&page);
    window.click("[data-menu=packages]").await;
    window.click(".tabs a[href='#/packages']").await;
    window.see(".drop-zone").await;

    // What a script may do. A file's address is refused by the web view itself, without a word; an address that is said to be
    // refused was asked for after it.
    window.script(&format!("location.href = '{file}'")).await;
    for code in ["location.href = 'https://a.example/'", "location.replace('data:text/html,elsewhere')"] {
        window.script(code).await;
        says(&window, "不打开网页").await;
        stays(&window).await;
    }
    // What a person may click.
    for (target, address) in
        [("_self", "https://a.example/"), ("_blank", "https://a.example/"), ("_blank", "/index.html")]
    {
        let link = format!(
            "document.querySelector('.drop-zone').innerHTML = '<a class=astray target={target} href={address}>{address}</a>'"
        );
        window.script(&link).await;
        window.click(".astray").await;
        says(&window, "不打开网页").await;
        stays(&window).await;
    }
    window.drop_addresses(".menu-foot", &[file]).await;
    says(&window, "这里不接收文件：page.html").await;
    stays(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_folder_of_no_unicode_is_no_hindrance() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    let folder = home.path().join(OsStr::from_bytes(b"\xd5\xd5\xc6\xac"));
    std::fs::create_dir(&folder).unwrap();
    let photo = folder.join(OsStr::from_bytes(b"\xb3\xb5\xbc\xe4.jpg"));
    std::fs::copy(fixture("sideways.jpg"), &photo).unwrap();
    window.click("[data-menu=enterprises]").await;
    window.click(".records tbody tr .link").await;
    window.see(".photo-add").await;
    window.drop_files(".photos", &[Path::new(&photo)]).await;
    window.see(".photo img").await;
    window.close().await;
}

#[tokio::test]
async fn what_the_middle_button_pastes_is_text_and_no_address_to_go_to() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    let page = home.path().join("page.html");
    std::fs::write(&page, "<title>elsewhere</title>elsewhere").unwrap();
    for address in ["https://a.example/", &app::names::address(&page)] {
        window.click("[data-menu=cases]").await;
        window.click(".create").await;
        window.see("[data-field=cause] input").await;
        // Where nothing is typed; then where it is: what went before is over by then.
        for beside in [".page-head h2", ".menu-foot", ".group-title"] {
            window.middle_click(beside, address, "true").await;
        }
        let pasted = format!("document.querySelector('[data-field=cause] input').value.includes('{address}')");
        window.middle_click("[data-field=cause] input", address, &pasted).await;
        stays(&window).await;
        // A link leads where it leads.
        window.middle_click("[data-menu=packages]", address, "location.hash.startsWith('#/packages')").await;
        stays(&window).await;
        window.gone(".el-message").await;
    }
    window.close().await;
}
