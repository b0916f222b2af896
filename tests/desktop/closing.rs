//! The window is closed in the middle of long work: the person is asked, and whatever they answer, the book is whole.

use std::ops::ControlFlow;
use std::path::Path;

use app::{Clock, Writing};
use serde_json::json;

use crate::NOW;
use crate::evidence;
use crate::inspector::sweepctl;
use crate::packages;
use crate::recording::value;
use crate::settings::settings;
use crate::tables::many;
use crate::window::{Window, until};
use crate::wrong::signal;

/// So many that checking them takes many times as long as seeing that it began.
const INSPECTIONS: u64 = 150_000;

/// Whether a click on the button would reach it: what shows how far work has come covers the page.
const ON_TOP: &str = r#"(() => {
    const button = document.querySelector('.leave-now');
    const box = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
})()"#;

/// So many that a package of them is read for seconds.
const IMPORTED: u64 = 60_000;

/// Begins long work where the settings have it, once the page is free for it.
async fn begin(window: &Window, part: &str, job: &str) {
    settings(window, part).await;
    window.click(&format!("[data-do={job}]:not([disabled])")).await;
    window.see(&format!(".job[data-job={job}]")).await;
}

async fn ended(program: &str) {
    until("the program ends", || !Path::new("/proc").join(program).join("exe").exists()).await;
}

#[tokio::test]
async fn a_window_closed_amid_long_work_asks_and_the_book_is_whole() {
    let home = tempfile::tempdir().unwrap();
    let (book, state) = (home.path().join("永宁县.book"), home.path().join("state"));
    many(&book, &state, INSPECTIONS);
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
        ("SWEEPBOOK_NOW", NOW),
    ];
    let window = Window::open(home.path(), &environment).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    let screen = window.screen();

    // Asked, and thought better of: the work goes on to its end.
    begin(&window, "books", "check").await;
    screen.press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.picture("closing").await;
    window.click(".leave-stay").await;
    window.gone(".leave").await;
    window.see("[data-said=checked]").await;

    // Asked, and meant: the program ends, and nothing half is left.
    begin(&window, "backups", "backup").await;
    begin(&window, "books", "check").await;
    screen.press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    let (program, _) = window.processes();
    window.click(".leave-now").await;
    ended(&program).await;
    drop(window);
    let backups = std::fs::read_dir(home.path().join("sweepbook-backups")).into_iter().flatten().flatten();
    for backup in backups.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        assert!(!backup.starts_with(".sweepbook-"), "{backup}");
    }

    let window = Window::open(home.path(), &environment).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    assert_eq!(window.script("return document.querySelectorAll('.problem').length").await, json!(0));

    // With nothing under way, as on a page that asks for nothing, it closes without a word.
    window.click("[data-menu=help]").await;
    window.see(".manual-text").await;
    let screen = window.screen();
    let (program, _) = window.processes();
    screen.press_close();
    ended(&program).await;
    drop(window);
    sweepctl(home.path(), "state", &["check", book.to_str().unwrap()]);
}

#[tokio::test]
async fn what_was_typed_a_moment_before_the_window_closed_is_kept() {
    let (home, book) = evidence::county();
    let window = evidence::open(&home, &book).await;
    window.click("[data-menu=cases]").await;
    window.click(".create").await;
    window.type_into("[data-field=cause] input", "涉嫌销售不合格").await;
    // The last key goes down in the very moment in which the window is about to close: nothing can have kept it before.
    let key = "window.addEventListener('sweepbook-closing', () => { \
               const input = document.querySelector('[data-field=cause] input'); \
               Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, input.value + '口罩案'); \
               input.dispatchEvent(new Event('input', { bubbles: true })) }, { capture: true, once: true })";
    window.script(key).await;
    let (program, _) = window.processes();
    window.screen().press_close();
    ended(&program).await;
    drop(window);

    let window = evidence::open(&home, &book).await;
    window.click("[data-menu=cases]").await;
    window.click(".create").await;
    window.see(".draft-bar").await;
    assert_eq!(value(&window, "[data-field=cause] input").await, "涉嫌销售不合格口罩案");

    // A page that hangs is not waited for for ever.
    let (program, page) = window.processes();
    signal(&page, "-STOP");
    window.screen().press_close();
    ended(&program).await;
    signal(&page, "-CONT");
}

/// What a county hands up so that taking it in takes a while: many inspections of one of its enterprises.
fn large_package(home: &Path) -> std::path::PathBuf {
    const ENTERPRISE: &str = "10d52fa5-1464-59ba-9cc2-c0d636f9ff6c";
    let mut county = Writing::open(&home.join("yongning.book"), &[], Clock::Fixed(packages::NOW)).unwrap();
    let lines: String = (0..IMPORTED)
        .map(|at| {
            let day = format!("2021-{:02}-{:02}", 3 + at % 2, 1 + at % 28);
            let fields = json!({
                "enterprise": ENTERPRISE, "date": day, "inspectors": [format!("检查员{at}"), "赵六"], "line": "quality",
                "department": "market", "categories": ["mask"], "outcome": "normal",
            });
            format!("{}\n", json!({"kind": "inspection", "campaigns": ["nx-2021-24"], "fields": fields}))
        })
        .collect();
    county.load(&mut lines.as_bytes(), true, &mut |_| {}).unwrap();
    let package = home.join("多年.sweep");
    county.export(None, &package, &mut |_| ControlFlow::Continue(())).unwrap();
    package
}

#[tokio::test]
async fn a_window_closed_amid_an_import_leaves_nothing_half_imported() {
    let home = tempfile::tempdir().unwrap();
    let (book, _) = packages::thursday(home.path());
    let package = large_package(home.path());
    let held = || {
        let region = Writing::open(&book, &[], Clock::Fixed(packages::NOW)).unwrap();
        (region.counts().unwrap(), region.digest().unwrap())
    };
    let before = held();

    let window = packages::open(home.path(), &book).await;
    let screen = window.screen();
    window.click("[data-menu=packages]").await;
    window.drop_files(".drop-zone", &[&package]).await;
    window.see("[data-file='多年.sweep'][data-standing=asking]").await;
    window.click("[data-file='多年.sweep'] + .file-details .compared").await;

    // The work ends while the question stands: there is nothing to stop any more.
    window.click(".look").await;
    window.see(".work").await;
    screen.press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.read(".leave", "工作已经结束，现在关闭吗").await;
    window.picture("closing-over").await;
    window.click(".leave-stay").await;
    window.gone(".leave").await;
    window.see("[data-file='多年.sweep'][data-standing=ready]").await;

    // Closed in the middle of taking it in.
    window.click(".apply").await;
    window.see(".work[data-stage=reading]").await;
    screen.press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.answers(&format!("return {ON_TOP}"), json!(true)).await;
    let (program, _) = window.processes();
    // The driver's own click waits until nothing on the page moves.
    window.script("document.querySelector('.leave-now').click()").await;
    ended(&program).await;
    drop(window);
    packages::sound(&book);
    assert_eq!(held(), before, "nothing of it came in");

    // It comes in whole the next time. Nothing of it came in, so its device was let in neither, and is compared again.
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.see(".drop-zone").await;
    window.drop_files(".drop-zone", &[&package]).await;
    window.see("[data-file='多年.sweep'][data-standing=asking]").await;
    window.click("[data-file='多年.sweep'] + .file-details .compared").await;
    window.click(".look").await;
    window.see("[data-file='多年.sweep'][data-standing=ready]").await;
    window.click(".apply").await;
    window.read("[data-receipt='多年.sweep']", "已导入").await;
    window.close().await;
    packages::sound(&book);
    let inspections = held().0.into_iter().find(|kind| kind.kind == "inspection").unwrap();
    assert!(inspections.live >= IMPORTED, "{inspections:?}");
}
