//! What goes wrong in an office: a stick is pulled or full, a file is dropped twice, a second window opens the same book, a clock
//! is set back, letters stand where a number belongs. Each is said in words with a remedy, and nothing is lost by it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use testkit::faults::SmallDisk;

use crate::CONTROL_S;
use crate::evidence::county;
use crate::inspector::{held, sweepctl};
use crate::packages::{self, COUNTIES, thursday};
use crate::recording::value;
use crate::window::Window;

/// 2021-05-28, 10:00 in China: when the sample campaign is played; and a month earlier.
const NOW: &str = "1622167200000";
const BEFORE: &str = "1619575200000";

async fn open_at(home: &Path, book: &Path, now: &str) -> Window {
    let state = home.join("state");
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_STATE", state.to_str().unwrap()),
        ("SWEEPBOOK_NOW", now),
    ];
    Window::open(home, &environment).await
}

/// A file moved onto a stick of its own, which can be pulled.
fn onto_stick(file: &Path, stick: &str) -> PathBuf {
    let stick = file.with_file_name(stick);
    std::fs::create_dir_all(&stick).unwrap();
    let there = stick.join(file.file_name().unwrap());
    std::fs::rename(file, &there).unwrap();
    there
}

fn pull(file: &Path) {
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
}

pub fn signal(process: &str, signal: &str) {
    assert!(Command::new("kill").args([signal, process]).status().expect("kill").success());
}

/// Lets no file of the program grow beyond so many bytes.
fn limit_files(window: &Window, bytes: &str) {
    let (program, _) = window.processes();
    let limited = Command::new("prlimit").args(["--pid", &program, &format!("--fsize={bytes}:")]).status();
    assert!(limited.expect("prlimit of util-linux").success());
}

fn sound(home: &Path, book: &Path) {
    sweepctl(home, "state", &["check", book.to_str().unwrap()]);
}

async fn admit(window: &Window, name: &str) {
    window.see(&format!("[data-file='{name}.sweep'][data-status=asking]")).await;
    window.click(&format!("[data-file='{name}.sweep'] + .file-details .compared")).await;
}

async fn take_in(window: &Window, name: &str) {
    admit(window, name).await;
    window.click(".look").await;
    window.see(&format!("[data-file='{name}.sweep'][data-status=ready]")).await;
    window.click(".apply").await;
    window.read(&format!("[data-receipt='{name}.sweep']"), "已导入").await;
}

#[tokio::test]
async fn a_stick_that_is_pulled_keeps_no_other_package_out() {
    let home = tempfile::tempdir().unwrap();
    let (book, packages) = thursday(home.path());
    let [first, second, third] = [0, 1, 2].map(|at| onto_stick(&packages[at], &format!("stick {at}")));
    let [gone, stays, later] = COUNTIES.map(|(_, name, _)| name);
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.see(".drop-zone").await;

    // Let go, and pulled before the page comes to ask for it.
    let held_back = "window.addEventListener('sweepbook-dropped', (event) => event.stopImmediatePropagation(), { capture: true, once: true })";
    window.script(held_back).await;
    window.drop_files(".drop-zone", &[&first, &second]).await;
    let first_bytes = std::fs::read(&first).unwrap();
    pull(&first);
    window.script("window.dispatchEvent(new CustomEvent('sweepbook-dropped'))").await;
    let said = window.read(".wizard .problem", "怎么办").await;
    assert!(said.contains(gone) && said.contains("U 盘"), "{said}");
    window.picture("stick-pulled").await;

    // What was taken in needs its stick no more.
    window.see(&format!("[data-file='{stays}.sweep'][data-status=asking]")).await;
    pull(&second);
    take_in(&window, stays).await;

    // Opened by double clicks while the receipt is being read; then one stick is gone.
    std::fs::create_dir_all(first.parent().unwrap()).unwrap();
    std::fs::write(&first, first_bytes).unwrap();
    window.double_click(&third);
    window.double_click(&first);
    let third_bytes = std::fs::read(&third).unwrap();
    pull(&third);
    window.click(".again").await;
    let said = window.read(".wizard .problem", "怎么办").await;
    assert!(said.contains(later) && said.contains("U 盘"), "{said}");
    take_in(&window, gone).await;

    // Plugged in again.
    std::fs::create_dir_all(third.parent().unwrap()).unwrap();
    std::fs::write(&third, third_bytes).unwrap();
    window.click(".again").await;
    window.drop_files(".drop-zone", &[&third]).await;
    take_in(&window, later).await;
    window.close().await;
    packages::sound(&book);
}

#[tokio::test]
async fn one_file_dropped_twice_is_said_so_and_taken_in_once() {
    let home = tempfile::tempdir().unwrap();
    let (book, packages) = thursday(home.path());
    let (_, name, _) = COUNTIES[0];
    let file = packages[0].as_path();
    let copy = home.path().join("副本.sweep");
    std::fs::copy(&packages[0], &copy).unwrap();
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.drop_files(".drop-zone", &[file, &copy]).await;
    window.read(".said", &format!("副本.sweep 与已选的 {name}.sweep 内容完全相同")).await;
    window.see(&format!("[data-file='{name}.sweep'][data-status=asking]")).await;
    window.drop_files(".drop-zone", &[file]).await;
    window.read(".said", &format!("{name}.sweep 已在列表中")).await;
    window.picture("dropped-twice").await;
    assert_eq!(window.script("return document.querySelectorAll('[data-file]').length").await, json!(1));
    take_in(&window, name).await;
    assert_eq!(window.script("return document.querySelectorAll('[data-receipt]').length").await, json!(1));

    // And once more after it came in: it brings nothing new, and says so.
    window.click(".again").await;
    window.drop_files(".drop-zone", &[file]).await;
    window.see(&format!("[data-file='{name}.sweep']")).await;
    window.picture("dropped-after-import").await;
    window.see(&format!("[data-file='{name}.sweep'][data-status=refused]")).await;
    window.read(&format!("[data-problem='{name}.sweep']"), "怎么办").await;
    window.close().await;
}

#[tokio::test]
async fn a_package_goes_nowhere_half_when_the_stick_is_gone_or_full() {
    let home = tempfile::tempdir().unwrap();
    thursday(home.path());
    let book = home.path().join("yongning.book");
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.click("a[href='#/packages/export']").await;
    window.see(".export-contents [data-kind=case]").await;

    // Chosen, and pulled before the page says what to write.
    let stick = home.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let package = stick.join("day.sweep");
    window.click(".export").await;
    let (_, page) = window.processes();
    signal(&page, "-STOP");
    window.answer_dialog("导出数据包", &package).await;
    std::fs::remove_dir(&stick).unwrap();
    signal(&page, "-CONT");
    let said = window.read(".export-page .problem", "怎么办").await;
    assert!(said.contains("U 盘"), "{said}");
    window.picture("export-stick-gone").await;
    assert!(!stick.exists());
    window.click(".problem-close").await;
    window.gone(".problem").await;

    // Plugged in again, but with too little room.
    std::fs::create_dir(&stick).unwrap();
    limit_files(&window, "16384");
    window.click(".export").await;
    window.answer_dialog("导出数据包", &package).await;
    let said = window.read(".export-page .problem", "怎么办").await;
    limit_files(&window, "unlimited");
    assert!(said.contains("剩余空间"), "{said}");
    window.picture("export-stick-full").await;
    assert_eq!(std::fs::read_dir(&stick).unwrap().count(), 0, "nothing half is left");

    // Elsewhere there is room.
    let elsewhere = home.path().join("day.sweep");
    window.click(".export").await;
    window.answer_dialog("导出数据包", &elsewhere).await;
    window.read(".export-page .done", "已回读核对").await;
    assert!(std::fs::metadata(&elsewhere).unwrap().len() > 16_384, "it could not have gone onto the stick");
    window.close().await;
    packages::sound(&book);
}

#[tokio::test]
async fn a_book_that_is_open_in_another_window_is_said_so_and_another_way_is_offered() {
    let (home, book) = county();
    let first = open_at(home.path(), &book, NOW).await;
    first.read(".menu-foot", "永宁县市场监督管理局").await;
    let second = open_at(home.path(), &book, NOW).await;
    let said = second.read(".problem", "怎么办").await;
    assert!(said.contains("正被另一个窗口或命令使用") && said.contains("关闭"), "{said}");
    for way in ["create", "join", "open", "restore", "sample"] {
        second.see(&format!("[data-way={way}]")).await;
    }
    second.picture("second-window").await;

    // The first goes on; once it is closed, the second gets the book by the list of those opened before.
    first.click("[data-menu=enterprises]").await;
    first.see(".records tbody tr").await;
    first.close().await;
    second.click(".recent-books .link").await;
    second.read(".menu-foot", "永宁县市场监督管理局").await;
    second.close().await;
    sound(home.path(), &book);
}

#[tokio::test]
async fn a_clock_set_back_is_said_on_every_page_and_what_is_written_by_it_stands() {
    let (home, book) = county();
    let phone = "[data-field=phone] input";
    let window = open_at(home.path(), &book, BEFORE).await;
    let said = window.read(".clock-bar", "请校准系统时间").await;
    assert!(said.contains("本机时间是 2021-04-28 10:00") && said.contains("此前填写的日期请核对"), "{said}");
    window.click("[data-menu=enterprises]").await;
    window.click(".records tbody tr .link").await;
    window.click("[data-tab=edit]").await;
    window.see(phone).await;
    let name = value(&window, "[data-field=name] input").await;
    window.click(phone).await;
    window.script(&format!("document.querySelector('{phone}').select()")).await;
    window.press("0951-8880001").await;
    window.see(".page-head .status.wait").await;
    window.press(CONTROL_S).await;
    window.gone(".page-head .status.wait").await;
    window.picture("clock-set-back").await;
    window.close().await;
    let written = held(home.path(), "state", book.to_str().unwrap(), "enterprise");
    let stands = written.iter().find(|fields| fields["name"] == name.as_str()).unwrap();
    assert_eq!(stands["phone"], "0951-8880001");
    sound(home.path(), &book);

    // Set right, nothing is said.
    let window = open_at(home.path(), &book, NOW).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    assert_eq!(window.script("return document.querySelectorAll('.clock-bar').length").await, json!(0));
    window.close().await;
}

#[tokio::test]
async fn a_book_on_a_protected_stick_is_looked_at_and_says_so_on_every_page() {
    let (home, book) = county();
    let Some(stick) = SmallDisk::mount(64 << 10) else {
        return println!("mounting is not permitted here: the stories stand for it as far as they can");
    };
    let there = stick.path().join("yongning.book");
    std::fs::copy(&book, &there).unwrap();
    stick.protect();
    let said = sweepctl(home.path(), "state", &["status", there.to_str().unwrap()]);
    assert!(said.contains("永宁县市场监督管理局"), "{said}");
    let window = open_at(home.path(), &there, NOW).await;
    let said = window.read(".read-only-bar", "只能查看").await;
    assert!(said.contains(there.to_str().unwrap()), "{said}");
    window.click("[data-menu=enterprises]").await;
    window.click(".records tbody tr .link").await;
    window.click("[data-tab=edit]").await;
    window.see(".read-only-bar").await;
    window.see("[data-field=phone] input").await;
    window.click("[data-field=phone] input").await;
    window.press("1").await;
    window.press(CONTROL_S).await;
    let said = window.read("[data-code=book-read-only]", "只能查看").await;
    assert!(said.contains("复制到本机硬盘"), "{said}");
    window.picture("read-only-book").await;
    window.close().await;
}

#[tokio::test]
async fn a_book_moved_while_its_window_is_open_is_said_and_nothing_saved_is_lost() {
    let (home, book) = county();
    let phone = "[data-field=phone] input";
    let window = open_at(home.path(), &book, NOW).await;
    window.click("[data-menu=enterprises]").await;
    window.click(".records tbody tr .link").await;
    window.click("[data-tab=edit]").await;
    window.see(phone).await;
    let name = value(&window, "[data-field=name] input").await;
    window.script(&format!("document.querySelector('{phone}').select()")).await;
    window.press("0951-8880001").await;
    window.see(".page-head .status.wait").await;
    window.press(CONTROL_S).await;
    window.gone(".page-head .status.wait").await;

    let moved = home.path().join("移走了.book");
    std::fs::rename(&book, &moved).unwrap();
    window.script(&format!("document.querySelector('{phone}').select()")).await;
    window.press("0951-8880002").await;
    window.press(CONTROL_S).await;
    let said = window.read("[data-code=book-moved]", "已被移动").await;
    assert!(said.contains("以前保存的内容都在那个文件里"), "{said}");
    assert_eq!(value(&window, phone).await, "0951-8880002", "nothing typed is lost");
    window.picture("book-moved").await;
    window.kill().await;
    let written = held(home.path(), "state", moved.to_str().unwrap(), "enterprise");
    let stands = written.iter().find(|fields| fields["name"] == name.as_str()).unwrap();
    assert_eq!(stands["phone"], "0951-8880001", "what was saved is in the file");
    sound(home.path(), &moved);
}

#[tokio::test]
async fn letters_where_a_number_belongs_are_said_at_the_field() {
    let (home, book) = county();
    let window = open_at(home.path(), &book, NOW).await;
    window.choose(".campaign", "深入推进口罩质量监管促进质量提升专项整治行动").await;
    window.click("[data-menu=samples]").await;
    window.click(".create").await;
    window.type_into("[data-field=number] input", "YN-777").await;
    window.type_into("[data-field=batch_quantity] input", "五百盒").await;
    window.press(CONTROL_S).await;
    let said = window.read("[data-field=batch_quantity] .field-problem", "五百盒").await;
    assert!(said.contains("请只填数字"), "{said}");
    window.picture("letters-in-number").await;
    assert_eq!(value(&window, "[data-field=number] input").await, "YN-777", "nothing typed is lost");
    window.script("document.querySelector('[data-field=batch_quantity] input').select()").await;
    window.press("500").await;
    window.gone("[data-field=batch_quantity] .field-problem").await;
    window.close().await;
}
