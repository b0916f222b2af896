//! A real window on a screen of its own: Xvfb, a session bus, WebKit's driver and tauri-driver, with a fresh home. Every
//! wait is for a condition; the only times here are the limits after which a test gives up and says what it saw.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

use crate::dialog::Dialog;
use crate::screen::Screen;

/// Only so that a test that hangs ends: a machine may be busy with much else.
pub const PATIENCE: Duration = Duration::from_secs(300);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

pub struct Window {
    client: Client,
    driver: Driver,
}

/// The whole tree of helper processes; leaving scope ends it.
struct Driver(Child);

impl Driver {
    /// What this tree runs with: the environment of tauri-driver itself.
    fn environment(&self) -> Vec<(String, String)> {
        let group = self.0.id().to_string();
        let listed = Command::new("ps").args(["-eo", "pid=,pgid=,comm="]).output().expect("ps").stdout;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let of_driver = |line: &str| {
            let mut parts = line.split_whitespace();
            let (pid, pgid, name) = (parts.next()?, parts.next()?, parts.next()?);
            (pgid == group && name.starts_with("tauri-driver")).then(|| pid.to_owned())
        };
        let pid = listed.lines().find_map(of_driver).expect("tauri-driver runs");
        let environment = std::fs::read(format!("/proc/{pid}/environ")).expect("its environment");
        let entries = environment.split(|byte| *byte == 0).map(|entry| String::from_utf8_lossy(entry).into_owned());
        entries.filter_map(|entry| entry.split_once('=').map(|(name, value)| (name.into(), value.into()))).collect()
    }

    /// The screen this tree draws on, and what lets one look at it.
    fn screen(&self) -> (String, String) {
        let environment = self.environment();
        let value = |name: &str| environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        (value("DISPLAY").unwrap_or_default(), value("XAUTHORITY").unwrap_or_default())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // xvfb-run has children of its own: the group goes as one.
        let _ = Command::new("kill").arg("--").arg(format!("-{}", self.0.id())).status();
        let _ = self.0.wait();
    }
}

impl Window {
    /// Opens the program with `home` as its home directory.
    pub async fn open(home: &Path, environment: &[(&str, &str)]) -> Self {
        Window::open_with(home, environment, &program(), &[]).await
    }

    /// Opens a program that may stand elsewhere, with arguments, as a double click on a file gives them.
    pub async fn open_with(home: &Path, environment: &[(&str, &str)], program: &Path, arguments: &[&str]) -> Self {
        let (port, native) = (free_port(), free_port());
        let mut command = Command::new("sh");
        command
            // A file that may not grow any more is then refused to the program, which goes on, as on a full stick.
            .args(["-c", "trap '' XFSZ; exec \"$@\"", "window", "dbus-run-session"])
            .args(["--", "xvfb-run", "-a", "-s", "-screen 0 1440x900x24"])
            .arg(tool("tauri-driver"))
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home)
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DISPLAY")
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("dbus-run-session: {error}; run `make test`"));
        let said = child.stderr.take().map(BufReader::new);
        std::thread::spawn(move || {
            for line in said.into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
                eprintln!("window: {line}");
            }
        });
        let driver = Driver(child);

        let mut capabilities = Capabilities::new();
        capabilities.insert("tauri:options".to_owned(), json!({ "application": program, "args": arguments }));
        let address = format!("http://127.0.0.1:{port}");
        let started = Instant::now();
        let client = loop {
            match ClientBuilder::new(fantoccini_connector()).capabilities(capabilities.clone()).connect(&address).await
            {
                Ok(client) => break client,
                Err(error) if started.elapsed() > PATIENCE => panic!("the window did not open: {error}"),
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        };
        Window { client, driver }
    }

    pub async fn title(&self) -> String {
        self.client.title().await.expect("a title")
    }

    /// Waits until an element matching `css` is on screen.
    pub async fn see(&self, css: &str) -> Element {
        let started = Instant::now();
        loop {
            if let Ok(element) = self.client.find(Locator::Css(css)).await
                && element.is_displayed().await.unwrap_or(false)
            {
                return element;
            }
            if started.elapsed() > PATIENCE {
                panic!("never saw {css}; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until the text of the element matching `css` holds `words`.
    pub async fn read(&self, css: &str, words: &str) -> String {
        let started = Instant::now();
        loop {
            // The page's own words: the driver gives none for what is still sliding in.
            let text = self.words(css).await;
            if text.contains(words) {
                return text;
            }
            if started.elapsed() > PATIENCE {
                panic!("never read {words:?} in {css}; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until nothing matches `css` any more.
    pub async fn gone(&self, css: &str) {
        let started = Instant::now();
        while self.client.find(Locator::Css(css)).await.is_ok() {
            if started.elapsed() > PATIENCE {
                panic!("{css} stayed; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Clicks once the element is there, stands still and takes the click.
    pub async fn click(&self, css: &str) {
        let started = Instant::now();
        loop {
            let element = self.see(css).await;
            self.rest("0").await;
            let outcome = element.click().await;
            match outcome {
                Ok(()) => return,
                Err(error) if started.elapsed() > PATIENCE => {
                    self.picture("no-click").await;
                    panic!("{css} takes no click: {error}")
                }
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    pub async fn type_into(&self, css: &str, text: &str) {
        self.click(css).await;
        self.send(css, text).await;
    }

    /// Drags files out of another program's window and lets them go over an element.
    pub async fn drop_files(&self, css: &str, files: &[&Path]) {
        let addresses: Vec<String> = files.iter().map(|file| app::names::address(file)).collect();
        self.drop_addresses(css, &addresses).await;
    }

    /// The same with whatever addresses.
    pub async fn drop_addresses(&self, css: &str, addresses: &[String]) {
        let (x, y) = self.middle(css).await;
        self.screen().drag(addresses, x, y);
    }

    /// Selects text in another program and presses the middle button over an element, which pastes it where one types. Returns
    /// once the page has seen the button and `then` (an expression of the page) holds.
    pub async fn middle_click(&self, css: &str, selected: &str, then: &str) {
        let (x, y) = self.middle(css).await;
        let (display, authority) = self.driver.screen();
        let screen = Screen::of(&display, &authority, "排查台账").expect("the program's window is on its screen");
        screen.select(selected);
        let heard = "window.middleClicks = 0; window.addEventListener('auxclick', (event) => \
                     { if (event.button === 1) window.middleClicks += 1 }, { capture: true, once: true })";
        self.script(heard).await;
        let (x, y) = screen.on_screen(x, y);
        let pressed = Command::new("xdotool")
            .args(["mousemove", &x.to_string(), &y.to_string(), "click", "2"])
            .envs([("DISPLAY", &display), ("XAUTHORITY", &authority)])
            .status();
        assert!(pressed.expect("`xdotool` presses the button; `make test` installs it").success());
        let code = format!("return window.middleClicks === 1 && {then}");
        let started = Instant::now();
        let holds = async {
            while self.script(&code).await != true {
                assert!(started.elapsed() < PATIENCE, "never after the middle button over {css}: {then}");
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        // The page answers nothing while it waits for what was selected.
        let gives = async {
            loop {
                screen.give_selected();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = holds => {}
            () = gives => {}
        }
    }

    /// Where the middle of an element is in the window.
    pub async fn middle(&self, css: &str) -> (i16, i16) {
        self.see(css).await;
        self.rest("0").await;
        let code = "const element = document.querySelector(arguments[0]); element.scrollIntoView({ block: 'nearest' }); \
                    const box = element.getBoundingClientRect(); \
                    return [box.x + box.width / 2, box.y + Math.min(box.height, innerHeight - box.y) / 2].map(Math.round)";
        let middle = self.client.execute(code, vec![json!(css)]).await.expect("the element has a place");
        let part =
            |at: usize| middle[at].as_i64().and_then(|part| part.try_into().ok()).expect("a place on the screen");
        (part(0), part(1))
    }

    /// Sends keys to an element once it is there.
    async fn send(&self, css: &str, keys: &str) {
        let started = Instant::now();
        loop {
            let sent = match self.client.find(Locator::Css(css)).await {
                Ok(element) => element.send_keys(keys).await,
                Err(error) => Err(error),
            };
            match sent {
                Ok(()) => return,
                // It is not there yet, or was drawn anew before a key reached it.
                Err(error)
                    if started.elapsed() < PATIENCE
                        && (error.is_no_such_element() || error.is_stale_element_reference()) => {}
                Err(error) => panic!("{css} takes no keys: {error}; the page says:\n{}", self.page_text().await),
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Pastes text as a spreadsheet program puts it on the clipboard.
    pub async fn paste(&self, css: &str, text: &str) {
        self.see(css).await;
        let code = "const data = new DataTransfer(); data.setData('text/plain', arguments[1]); \
                    document.querySelector(arguments[0]).dispatchEvent( \
                    new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
        self.client.execute(code, vec![json!(css), json!(text)]).await.expect("the page takes it");
    }

    /// Opens the list at `css` and takes the entry that reads `words`.
    pub async fn choose(&self, css: &str, words: &str) {
        self.see(css).await;
        if let Ok(list) = self.client.find(Locator::Css(&format!("{css} > select"))).await {
            return list.select_by_label(words).await.unwrap_or_else(|error| panic!("{css} has no {words:?}: {error}"));
        }
        self.click(&format!("{css} .el-select__wrapper")).await;
        self.take(css, words).await;
    }

    /// Types into the list at `css` to find something, and takes the entry that holds `words`.
    pub async fn find(&self, css: &str, typed: &str, words: &str) {
        self.type_into(&format!("{css} input"), typed).await;
        self.take(css, words).await;
    }

    /// Clicks the entry that holds `words` in the list that belongs to `css`; another may still be closing.
    async fn take(&self, css: &str, words: &str) {
        // The box that owns the list may be drawn away to nothing, so it is asked for and not looked at.
        let code = "return document.querySelector(arguments[0]).getAttribute('aria-controls')";
        let owner = vec![json!(format!("{css} [role=combobox]"))];
        let list = self.client.execute(code, owner).await.expect("a box that owns a list");
        let list = list.as_str().expect("the list's id");
        let path = format!("//*[@id='{list}']//li[@role='option' and contains(., '{words}')]");
        let started = Instant::now();
        loop {
            self.rest("0").await;
            for entry in self.client.find_all(Locator::XPath(&path)).await.unwrap_or_default() {
                if entry.is_displayed().await.unwrap_or(false) && entry.click().await.is_ok() {
                    return;
                }
            }
            if started.elapsed() > PATIENCE {
                self.picture("no-entry").await;
                panic!("no entry {words:?} to choose; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Answers the system's own dialog of that title with a path, by keyboard, as a person would.
    pub async fn answer_dialog(&self, title: &str, path: &Path) {
        let (display, authority) = self.driver.screen();
        Dialog::on(&display, &authority, title).await.answer(path).await;
    }

    /// Takes the name the system's own dialog of that title offers, in a folder; says which it was.
    pub async fn take_offered_name(&self, title: &str, folder: &Path) -> String {
        let (display, authority) = self.driver.screen();
        let dialog = Dialog::on(&display, &authority, title).await;
        let name = dialog.offered().await;
        dialog.answer(&folder.join(&name)).await;
        name
    }

    /// What an attribute of the element matching `css` says.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.see(css).await.attr(name).await.expect("an attribute can be read").unwrap_or_default()
    }

    /// Sends keys to whatever has the focus.
    pub async fn press(&self, keys: &str) {
        let started = Instant::now();
        loop {
            let focused = self.client.active_element().await.expect("something has the focus");
            match focused.send_keys(keys).await {
                Ok(()) => return,
                // It went with its page before a key reached it.
                Err(error) if error.is_stale_element_reference() && started.elapsed() < PATIENCE => {}
                Err(error) => panic!("no keys are taken: {error}"),
            }
        }
    }

    pub async fn script(&self, code: &str) -> serde_json::Value {
        self.client.execute(code, Vec::new()).await.expect("the script runs")
    }

    /// Waits until nothing on the page moves or is about to, and `also` (an expression of the page) is 0.
    async fn rest(&self, also: &str) {
        let busy = "document.querySelectorAll('form[aria-busy=true]').length";
        let moving = format!("return document.getAnimations().length + {busy} + {also}");
        let started = Instant::now();
        while self.script(&moving).await != 0 {
            assert!(started.elapsed() < PATIENCE, "the page never comes to rest");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// With `SWEEPBOOK_SCREENSHOTS` set, a picture of the window goes into that folder, without what was just done at its foot.
    pub async fn picture(&self, name: &str) {
        if std::env::var_os("SWEEPBOOK_SCREENSHOTS").is_some() {
            self.script("document.querySelector('.journal-close')?.click()").await;
        }
        self.picture_with_bar(name).await;
    }

    pub async fn picture_with_bar(&self, name: &str) {
        let Some(folder) = std::env::var_os("SWEEPBOOK_SCREENSHOTS") else { return };
        self.rest("document.querySelectorAll('.el-message').length").await;
        std::fs::create_dir_all(&folder).expect("the folder for pictures");
        // The driver's own pictures wait for a page that never rests; the screen's do not.
        let (display, authority) = self.driver.screen();
        let drawn = Command::new("import")
            .args(["-silent", "-window", "root", "-trim", "+repage"])
            .arg(Path::new(&folder).join(format!("{name}.png")))
            .env("DISPLAY", display)
            .env("XAUTHORITY", authority)
            .status()
            .expect("`import` of ImageMagick draws the screen; `make test` installs it");
        assert!(drawn.success(), "the screen could not be drawn");
    }

    /// The screen the window is on.
    pub fn screen(&self) -> Screen {
        let (display, authority) = self.driver.screen();
        Screen::of(&display, &authority, "排查台账").expect("the program's window is on its screen")
    }

    /// The process number of the program itself, and of the one it shows its page in.
    pub fn processes(&self) -> (String, String) {
        let group = self.driver.0.id().to_string();
        let listed = Command::new("ps").args(["-eo", "pid=,pgid=,comm="]).output().expect("ps").stdout;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let process = |wanted: &str| {
            let of_group = |line: &str| {
                let mut parts = line.split_whitespace();
                let (pid, pgid, name) = (parts.next()?, parts.next()?, parts.next()?);
                (pgid == group && wanted.starts_with(name)).then(|| pid.to_owned())
            };
            listed.lines().find_map(of_group).unwrap_or_else(|| panic!("{wanted} runs"))
        };
        (process("sweepbook"), process("WebKitWebProcess"))
    }

    /// SIGKILL to the program itself: none of its code runs any more.
    pub async fn kill(self) {
        let (pid, _) = self.processes();
        assert!(Command::new("kill").args(["-9", &pid]).status().expect("kill").success());
        let started = Instant::now();
        while Path::new("/proc").join(&pid).join("exe").exists() {
            assert!(started.elapsed() < PATIENCE, "{pid} does not end");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Runs a script with an argument.
    pub async fn script_with(&self, code: &str, argument: serde_json::Value) -> serde_json::Value {
        self.client.execute(code, vec![argument]).await.expect("the script runs")
    }

    /// Waits until the expression of the page says something, and returns it.
    pub async fn hear(&self, expression: &str) -> String {
        let code = format!("return String(({expression}) ?? '')");
        let started = Instant::now();
        loop {
            if let Some(words) = self.script(&code).await.as_str().filter(|words| !words.is_empty()) {
                return words.to_owned();
            }
            if started.elapsed() > PATIENCE {
                panic!("never heard {expression}; the page says:\n{}", self.page_text().await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Opens a file as a double click does while the window is open: the program is started once more, and gives it over. That
    /// it does before it asks for a screen: its window's libraries cannot stand in the way of its end.
    pub fn double_click(&self, file: &Path) {
        let environment = self.driver.environment().into_iter().filter(|(name, _)| name != "DISPLAY");
        let second = Command::new(program()).arg(file).env_clear().envs(environment).output();
        let second = second.expect("the program starts");
        assert!(second.status.success(), "the second one ends when it has given the file over: {second:?}");
    }

    /// The size of the window's content, in the page's own pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.expect("the window can be resized");
    }

    /// Waits until a script's answer is `expected`.
    pub async fn answers(&self, code: &str, expected: serde_json::Value) {
        let started = Instant::now();
        loop {
            let answer = self.script(code).await;
            if answer == expected {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{code} answers {answer}, never {expected}");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Closes the window as a person does, and waits for the program to end.
    pub async fn close(self) {
        self.client.close().await.expect("the window closes");
        drop(self.driver);
    }

    async fn page_text(&self) -> String {
        self.words("body").await
    }

    /// What the first element matching `css` says; empty while there is none.
    async fn words(&self, css: &str) -> String {
        let code = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let said = self.client.execute(code, vec![json!(css)]).await.expect("the page can be asked");
        said.as_str().unwrap_or_default().to_owned()
    }
}

/// Waits until something outside the page holds.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn fantoccini_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

/// A port that nobody listens on, and that no other window of this process is given. They lie below those the system hands
/// out by itself, and begin elsewhere in each process.
fn free_port() -> u16 {
    const FIRST: u32 = 10_000;
    const PORTS: u32 = 20_000;
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let begin = std::process::id().wrapping_mul(211);
    let port = || (FIRST + begin.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % PORTS) as u16;
    std::iter::repeat_with(port).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

/// The folder cargo builds into: this test lives in `<target>/debug/deps/`.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    test.ancestors().nth(3).expect("<target>/debug/deps/desktop").to_owned()
}

fn tool(name: &str) -> PathBuf {
    let installed = target().join("tools/bin").join(name);
    if installed.exists() { installed } else { PathBuf::from(name) }
}

/// The release-like program: the page embedded, the security policy in force.
fn program() -> PathBuf {
    built("sweepbook")
}

/// A program of this workspace, as `make test` builds it.
pub fn built(name: &str) -> PathBuf {
    let program = target().join("debug").join(name);
    assert!(
        program.exists(),
        "{} is missing: `make test` builds it (cargo build --workspace --features sweepbook/custom-protocol)",
        program.display()
    );
    program
}
