//! The first start, the sample campaign, backups and restore, and a window that comes back as it was left.

use std::path::Path;

use serde_json::json;

use crate::window::{Window, until};
use crate::{ENTER, NOW};

/// Takes back what is in the field, letter by letter.
const BACK: &str = "\u{e003}\u{e003}\u{e003}";

async fn first_book(window: &Window) {
    window.type_into("[data-field=office] input", &format!("{BACK}640121{ENTER}")).await;
    window.press(&format!("永宁县市场监督管理局{ENTER}")).await;
    window.press(&format!("张三{ENTER}")).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
}

/// Goes to a part of the settings.
pub async fn settings(window: &Window, part: &str) {
    window.click("[data-menu=settings]").await;
    window.click(&format!(".tabs [data-part={part}]")).await;
    window.see(&format!(".tabs [data-part={part}].current")).await;
}

fn books_in(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "book"))
        .count()
}

#[tokio::test]
async fn from_the_first_screen_to_the_sample_and_back() {
    let home = tempfile::tempdir().unwrap();
    let window = Window::open(home.path(), &[("SWEEPBOOK_NOW", NOW)]).await;
    window.click("[data-way=sample]").await;
    window.picture("first-sample").await;
    window.click(".first-form .start").await;
    window.read(".sample-bar", "2021-05-28").await;
    window.read(".menu-foot", "宁夏回族自治区市场监督管理厅").await;
    // Real pages with real records of the three counties: the tables fill.
    window.click("[data-menu=enterprises]").await;
    window.see(".records tbody tr").await;
    window.picture("sample").await;
    window.click("[data-menu=forms]").await;
    window.choose("[data-field=form]", "口罩案件查处情况统计表").await;
    window.see(".sheet img").await;

    window.click(".sample-bar .link").await;
    window.read(".recent-books", "宁夏回族自治区市场监督管理厅").await;
    window.picture("first-recent").await;
    // What is typed by name or initials finds its office too.
    window.click("[data-way=create]").await;
    window.type_into("[data-field=office] input", "ynx").await;
    window.read(".office-list", "永宁县宁夏回族自治区银川市").await;
    window.picture("first-office").await;
    first_book(&window).await;
    window.gone(".sample-bar").await;

    settings(&window, "books").await;
    window.click("[data-do=sample-delete]").await;
    window.click(".el-message-box__btns .el-button--primary").await;
    window.gone("[data-do=sample-delete]").await;
    assert!(!home.path().join("data/sweepbook/sample").exists());
    window.close().await;
}

#[tokio::test]
async fn a_backup_is_made_and_restored_to_a_book_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let window = Window::open(home.path(), &[("SWEEPBOOK_NOW", NOW)]).await;
    first_book(&window).await;
    settings(&window, "people").await;
    window.type_into("[data-field=added]", &format!("李四{ENTER}")).await;
    window.see("[data-person=李四]").await;
    window.picture("settings-people").await;
    settings(&window, "keys").await;
    window.see("[data-do=sheet]").await;
    window.picture("settings-keys").await;

    settings(&window, "backups").await;
    window.click("[data-do=backup]").await;
    window.read(".done", "已备份").await;
    window.see(".backup-list tbody tr").await;
    window.picture("settings-backups").await;
    // What is done after the backup is not in it.
    settings(&window, "people").await;
    window.click("[data-person=李四] .link").await;
    window.read(".menu-foot", "李四").await;

    settings(&window, "backups").await;
    window.click(".backup-list tbody tr .link").await;
    window.picture("restore").await;
    window.click(".el-message-box__btns .el-button--primary").await;
    window.read(".el-message-box", "现在打开恢复出来的台账吗").await;
    window.click(".el-message-box__btns .el-button--primary").await;
    window.gone(".el-message-box__btns").await;
    window.read(".menu-foot", "张三").await;
    settings(&window, "books").await;
    window.read(".recent-books", "已打开").await;
    assert_eq!(books_in(&home.path().join("data/sweepbook")), 2, "the old book is still there");
    window.click("[data-do=check]").await;
    window.see("[data-said=checked]").await;
    window.picture("settings-books").await;
    settings(&window, "screen").await;
    window.picture("settings-screen").await;
    settings(&window, "about").await;
    window.read(".about-versions", "SQLite").await;
    window.picture("settings-about").await;

    window.click("[data-menu=help]").await;
    window.type_into(".manual-contents input", "报到词语").await;
    window.see(".manual-text mark").await;
    window.picture("manual").await;
    window.click(".top .language").await;
    window.read(".menu nav", "Help").await;
    window.type_into(".manual-contents input", &format!("{BACK}check-in")).await;
    window.see(".manual-text mark").await;
    window.picture("manual-en").await;
    for part in ["people", "keys", "backups", "books", "about"] {
        settings(&window, part).await;
        window.picture(&format!("settings-{part}-en")).await;
    }
    window.close().await;
}

#[tokio::test]
async fn the_window_opens_as_it_was_left() {
    let home = tempfile::tempdir().unwrap();
    let window = Window::open(home.path(), &[("SWEEPBOOK_NOW", NOW)]).await;
    first_book(&window).await;
    window.resize(1111, 777).await;
    window.answers("return [innerWidth, innerHeight]", json!([1111, 777])).await;
    let noted = home.path().join("data/sweepbook/window.json");
    until("the place is noted", || std::fs::read_to_string(&noted).is_ok_and(|text| text.contains("1111"))).await;
    settings(&window, "screen").await;
    window.click("[data-field=zoom] [data-value='1.25']").await;
    // At 125 % the same window holds four fifths as many of the page's pixels.
    window.answers("return Math.abs(innerWidth - 889) < 3", true.into()).await;
    window.close().await;

    let again = Window::open(home.path(), &[("SWEEPBOOK_NOW", NOW)]).await;
    again.see(".tabs [data-part=screen].current").await;
    again.answers("return Math.abs(innerWidth - 889) < 3 && Math.abs(innerHeight - 622) < 3", true.into()).await;
    again.close().await;
}

#[tokio::test]
async fn an_invitation_opened_by_a_double_click_is_ready_to_join() {
    let home = tempfile::tempdir().unwrap();
    let region = home.path().join("region.book");
    let invitation = home.path().join("永宁县.invite");
    let sweepctl = |arguments: &[&str]| {
        let done = std::process::Command::new(crate::built("sweepctl"))
            .args(arguments)
            .env("SWEEPBOOK_NOW", NOW)
            .env("SWEEPBOOK_STATE", home.path().join("region-state"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let (region, file) = (region.to_str().unwrap(), invitation.to_str().unwrap());
    sweepctl(&["new", region, "--office", "640000", "--name", "宁夏回族自治区市场监督管理厅"]);
    sweepctl(&["invite", region, "--office", "640121", "--name", "永宁县市场监督管理局", "--out", file]);
    let window = Window::open_with(home.path(), &[("SWEEPBOOK_NOW", NOW)], &crate::built("sweepbook"), &[file]).await;
    window.read(".first-words", "宁夏回族自治区市场监督管理厅").await;
    window.see(".fingerprint .words").await;
    window.type_into("[data-field=inspector] input", "张三").await;
    window.click(".first-form .start").await;
    window.read("[data-field=compared] .field-problem", "请先打电话").await;
    window.click("[data-field=compared] .el-checkbox").await;
    window.picture("first-join").await;
    window.click(".first-form .start").await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;

    // A package opened while the window is there leads to where packages are.
    let package = home.path().join("x.sweep");
    std::fs::write(&package, "no package").unwrap();
    window.double_click(&package);
    window.answers("return location.hash", "#/packages".into()).await;
    window.close().await;
}
