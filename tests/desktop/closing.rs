//! The window is closed in the middle of long work: the person is asked, and whatever they answer, the book is whole.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use app::{Clock, Writing};
use serde_json::json;

use crate::NOW;
use crate::evidence;
use crate::inspector::sweepctl;
use crate::packages::{self, COUNTIES};
use crate::recording::value;
use crate::settings::settings;
use crate::tables::many;
use crate::window::{Window, until};
use crate::wrong::signal;

/// Whether a click on the button would reach it: what shows how far work has come covers the page.
const ON_TOP: &str = r#"(() => {
    const button = document.querySelector('.leave-now');
    const box = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
})()"#;

/// A pipe in the place of a file: whoever opens it to read waits there, however fast the machine is, until it is let go.
struct Stall(PathBuf);

impl Stall {
    fn at(path: PathBuf) -> Self {
        assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        Stall(path)
    }

    /// Whoever waits goes on, and finds nothing to read.
    fn let_go(self) {
        // Waits in turn for who is still to come.
        drop(std::fs::OpenOptions::new().write(true).open(&self.0).unwrap());
        std::fs::remove_file(&self.0).unwrap();
    }
}

/// Begins a backup where the settings have it, once the page is free for it, which waits until it is let go: on its way it clears
/// up what an earlier one left, and of that one there is a log, and a pipe for its book.
async fn begin_backup(window: &Window, folder: &Path) -> Stall {
    settings(window, "backups").await;
    window.see("[data-do=backup]:not([disabled])").await;
    std::fs::write(folder.join(".sweepbook-left-wal"), "").unwrap();
    let stall = Stall::at(folder.join(".sweepbook-left"));
    window.click("[data-do=backup]").await;
    window.see(".job[data-job=backup]").await;
    stall
}

/// The driver's own click waits until nothing on the page moves, as what is under way does.
async fn answer(window: &Window, how: &str) {
    window.answers(&format!("return {ON_TOP}"), json!(true)).await;
    window.script(&format!("document.querySelector('.leave-{how}').click()")).await;
}

async fn ended(program: &str) {
    until("the program ends", || !Path::new("/proc").join(program).join("exe").exists()).await;
}

#[tokio::test]
async fn a_window_closed_amid_long_work_asks_and_the_book_is_whole() {
    let home = tempfile::tempdir().unwrap();
    let (book, state) = (home.path().join("永宁县.book"), home.path().join("state"));
    many(&book, &state, 100);
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
        ("SWEEPBOOK_NOW", NOW),
    ];
    let window = Window::open(home.path(), &environment).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    let screen = window.screen();
    // The first backup is made by itself.
    let backups = home.path().join("sweepbook-backups");
    settings(&window, "backups").await;
    window.see(".backup-list tbody tr").await;

    // Asked, and thought better of: the work goes on to its end.
    let stall = begin_backup(&window, &backups).await;
    screen.press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    answer(&window, "stay").await;
    window.gone(".leave").await;
    stall.let_go();
    window.read(".done", "已备份").await;
    let made = || std::fs::read_dir(&backups).unwrap().flatten().map(|entry| entry.file_name()).collect::<Vec<_>>();
    let whole = made();
    assert_eq!(whole.len(), 2, "{whole:?}");

    // Asked, and meant: the program ends, and nothing half is left.
    let stall = begin_backup(&window, &backups).await;
    screen.press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    let (program, _) = window.processes();
    answer(&window, "now").await;
    stall.let_go();
    ended(&program).await;
    drop(window);
    assert_eq!(made(), whole);

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

/// The name of the package below.
const LARGE: &str = "多年.sweep";

/// What a county hands up so that taking it in takes a while: many inspections of one of its enterprises.
fn large_package(home: &Path, inspections: u64) -> PathBuf {
    const ENTERPRISE: &str = "10d52fa5-1464-59ba-9cc2-c0d636f9ff6c";
    let mut county = Writing::open(&home.join("yongning.book"), &[], Clock::Fixed(packages::NOW)).unwrap();
    let lines: String = (0..inspections)
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
    let package = home.join(LARGE);
    county.export(None, &package, &mut |_| ControlFlow::Continue(())).unwrap();
    package
}

/// The copy the program made of a package.
fn in_inbox(book: &Path, package: &Path) -> PathBuf {
    let mut inbox = book.as_os_str().to_owned();
    inbox.push(".inbox");
    let own = std::fs::read_dir(inbox).unwrap().flatten().flat_map(|own| std::fs::read_dir(own.path()).unwrap());
    let bytes = std::fs::read(package).unwrap();
    own.flatten().map(|copy| copy.path()).find(|copy| std::fs::read(copy).unwrap() == bytes).expect("it was copied")
}

#[tokio::test]
async fn a_question_that_the_end_of_the_work_overtakes_says_so() {
    let home = tempfile::tempdir().unwrap();
    let (book, packages) = packages::thursday(home.path());
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.drop_files(".drop-zone", &[&packages[0], &packages[1]]).await;
    for (_, name, _) in &COUNTIES[..2] {
        window.see(&format!("[data-file='{name}.sweep'][data-status=asking]")).await;
        window.click(&format!("[data-file='{name}.sweep'] + .file-details .compared")).await;
    }
    // The first is read, and then the second cannot be.
    let copy = in_inbox(&book, &packages[1]);
    let aside = home.path().join("aside");
    std::fs::rename(&copy, &aside).unwrap();
    let stall = Stall::at(copy.clone());
    window.click(".look").await;
    window.see(".work").await;
    window.screen().press_close();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.answers(&format!("return {ON_TOP}"), json!(true)).await;

    // The work ends while the question stands: there is nothing to stop any more.
    stall.let_go();
    window.read(".leave", "工作已经结束，现在关闭吗").await;
    window.picture("closing-over").await;
    window.click(".leave-stay").await;
    window.gone(".leave").await;
    window.see(&format!("[data-file='{}.sweep'][data-status=ready]", COUNTIES[0].1)).await;
    window.close().await;
}

/// Closed in the middle of taking a package in, if it comes in time; says whether it did.
async fn closes_amid_import(inspections: u64) -> bool {
    let home = tempfile::tempdir().unwrap();
    let (book, _) = packages::thursday(home.path());
    let package = large_package(home.path(), inspections);
    let held = || {
        let region = Writing::open(&book, &[], Clock::Fixed(packages::NOW)).unwrap();
        (region.counts().unwrap(), region.digest().unwrap())
    };
    let before = held();
    let file = |status: &str| format!("[data-file='{LARGE}'][data-status={status}]");
    let compared = format!("[data-file='{LARGE}'] + .file-details .compared");
    let receipt = format!("[data-receipt='{LARGE}']");

    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.drop_files(".drop-zone", &[&package]).await;
    window.see(&file("asking")).await;
    window.click(&compared).await;
    window.click(".look").await;
    window.see(&file("ready")).await;
    // Answered as soon as it is asked; one that is in already is closed without a question.
    let answer = "new MutationObserver(() => document.querySelector('.leave-now')?.click()) \
                  .observe(document.body, { childList: true, subtree: true })";
    window.script(answer).await;
    let (program, _) = window.processes();
    let screen = window.screen();
    window.click(".apply").await;
    window.see(&format!(".work[data-stage=reading], {receipt}")).await;
    screen.press_close();
    ended(&program).await;
    drop(window);
    packages::sound(&book);
    let inspections_held = || held().0.into_iter().find(|kind| kind.kind == "inspection").map_or(0, |kind| kind.live);
    if held() != before {
        assert!(inspections_held() >= inspections, "it came in whole or not at all");
        return false;
    }

    // It comes in whole the next time. Nothing of it came in, so its device was let in neither, and is compared again.
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.see(".drop-zone").await;
    window.drop_files(".drop-zone", &[&package]).await;
    window.see(&file("asking")).await;
    window.click(&compared).await;
    window.click(".look").await;
    window.see(&file("ready")).await;
    window.click(".apply").await;
    window.read(&receipt, "已导入").await;
    window.close().await;
    packages::sound(&book);
    assert!(inspections_held() >= inspections);
    true
}

#[tokio::test]
async fn a_window_closed_amid_an_import_leaves_nothing_half_imported() {
    // How large a package must be to be still coming in depends on the machine: each is twice as large as the one before.
    for doubled in 0..6 {
        let inspections = 20_000 << doubled;
        if closes_amid_import(inspections).await {
            return println!("closed while {inspections} inspections came in");
        }
    }
    panic!("no import ever took long enough");
}
