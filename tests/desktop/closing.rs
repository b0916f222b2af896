//! The window is closed in the middle of long work: the person is asked, and whatever they answer, the book is whole.

use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use app::{Clock, Session};
use serde_json::json;

use crate::NOW;
use crate::inspector::sweepctl;
use crate::packages;
use crate::settings::settings;
use crate::tables::many;
use crate::window::{Window, until};

/// The button in a window's frame. No window manager draws one here, so what it would send is sent: WM_DELETE_WINDOW, by the
/// X protocol itself, since no common tool sends it without a window manager.
struct CloseButton {
    screen: UnixStream,
    window: u32,
    protocols: u32,
    delete: u32,
}

impl CloseButton {
    fn of(window: &Window) -> Self {
        let (display, authority) = window.screen();
        let said = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).env("DISPLAY", &display).env("XAUTHORITY", &authority).env("LANG", "C.UTF-8");
            String::from_utf8(command.output().unwrap_or_else(|error| panic!("{program}: {error}")).stdout).unwrap()
        };
        let cookie = said("xauth", &["list", &display]);
        let digits = cookie.split_whitespace().last().expect("a cookie");
        let cookie: Vec<u8> =
            (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
        let found = said("xdotool", &["search", "--onlyvisible", "--name", "排查台账"]);
        let window = found.lines().next().expect("the window is on its screen").parse().unwrap();

        let number = display.trim_start_matches(':').split('.').next().unwrap();
        let mut screen = UnixStream::connect(format!("/tmp/.X11-unix/X{number}")).unwrap();
        let name = b"MIT-MAGIC-COOKIE-1";
        let mut hello = vec![b'l', 0, 11, 0, 0, 0, name.len() as u8, 0, cookie.len() as u8, 0, 0, 0];
        hello.extend(padded(name));
        hello.extend(padded(&cookie));
        screen.write_all(&hello).unwrap();
        let mut welcome = [0; 8];
        screen.read_exact(&mut welcome).unwrap();
        assert_eq!(welcome[0], 1, "the screen lets us in");
        let rest = usize::from(u16::from_le_bytes([welcome[6], welcome[7]])) * 4;
        screen.read_exact(&mut vec![0; rest]).unwrap();
        let protocols = atom(&mut screen, b"WM_PROTOCOLS");
        let delete = atom(&mut screen, b"WM_DELETE_WINDOW");
        CloseButton { screen, window, protocols, delete }
    }

    fn press(&mut self) {
        // SendEvent of a ClientMessage of 32-bit values.
        let mut request = vec![25, 0, 11, 0];
        for word in [self.window, 0, u32::from_le_bytes([33, 32, 0, 0]), self.window, self.protocols, self.delete] {
            request.extend(word.to_le_bytes());
        }
        request.resize(44, 0);
        self.screen.write_all(&request).unwrap();
        // What is answered came after it: GetInputFocus.
        self.screen.write_all(&[43, 0, 1, 0]).unwrap();
        self.screen.read_exact(&mut [0; 32]).unwrap();
    }
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// The number a name has on this screen.
fn atom(screen: &mut UnixStream, name: &[u8]) -> u32 {
    let padded = padded(name);
    let mut request = vec![16, 0, 2 + (padded.len() / 4) as u8, 0, name.len() as u8, 0, 0, 0];
    request.extend(padded);
    screen.write_all(&request).unwrap();
    let mut reply = [0; 32];
    screen.read_exact(&mut reply).unwrap();
    u32::from_le_bytes([reply[8], reply[9], reply[10], reply[11]])
}

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
    let mut button = CloseButton::of(&window);

    // Asked, and thought better of: the work goes on to its end.
    begin(&window, "books", "check").await;
    button.press();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.picture("closing").await;
    window.click(".leave-stay").await;
    window.gone(".leave").await;
    window.see("[data-said=checked]").await;

    // Asked, and meant: the program ends, and nothing half is left.
    begin(&window, "backups", "backup").await;
    begin(&window, "books", "check").await;
    button.press();
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
    let mut button = CloseButton::of(&window);
    let (program, _) = window.processes();
    button.press();
    ended(&program).await;
    drop(window);
    sweepctl(home.path(), "state", &["check", book.to_str().unwrap()]);
}

/// What a county hands up so that taking it in takes a while: many inspections of one of its enterprises.
fn large_package(home: &Path) -> std::path::PathBuf {
    const ENTERPRISE: &str = "10d52fa5-1464-59ba-9cc2-c0d636f9ff6c";
    let mut county = Session::open(&home.join("yongning.book"), &[], Clock::Fixed(packages::NOW)).unwrap();
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
        let region = Session::open(&book, &[], Clock::Fixed(packages::NOW)).unwrap();
        (region.counts().unwrap(), region.digest().unwrap())
    };
    let before = held();

    let window = packages::open(home.path(), &book).await;
    let mut button = CloseButton::of(&window);
    window.click("[data-menu=packages]").await;
    window.give_files(".drop-input", &[package.to_str().unwrap()]).await;
    window.see("[data-file='多年.sweep'][data-standing=asking]").await;
    window.click("[data-file='多年.sweep'] + .file-details .compared").await;

    // The work ends while the question stands: there is nothing to stop any more.
    window.click(".look").await;
    window.see(".work").await;
    button.press();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.read(".leave", "工作已经结束，现在关闭吗").await;
    window.picture("closing-over").await;
    window.click(".leave-stay").await;
    window.gone(".leave").await;
    window.see("[data-file='多年.sweep'][data-standing=ready]").await;

    // Closed in the middle of taking it in.
    window.click(".apply").await;
    window.see(".work[data-stage=reading]").await;
    button.press();
    window.read(".leave", "正在处理，现在关闭吗").await;
    window.answers(&format!("return {ON_TOP}"), json!(true)).await;
    let (program, _) = window.processes();
    // The driver's own click waits until nothing on the page moves.
    window.script("document.querySelector('.leave-now').click()").await;
    ended(&program).await;
    drop(window);
    packages::sound(&book);
    assert_eq!(held(), before, "nothing of it came in");

    // It comes in whole the next time; the device a person let in needs no second word.
    let window = packages::open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.see(".drop-zone").await;
    window.give_files(".drop-input", &[package.to_str().unwrap()]).await;
    window.see("[data-file='多年.sweep'][data-standing=ready]").await;
    window.click(".apply").await;
    window.read("[data-receipt='多年.sweep']", "已导入").await;
    window.close().await;
    packages::sound(&book);
    let inspections = held().0.into_iter().find(|kind| kind.kind == "inspection").unwrap();
    assert!(inspections.live >= IMPORTED, "{inspections:?}");
}
