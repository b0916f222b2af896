//! What a program finds where it is started: names that are no Unicode, an odd environment, files of its own that are damaged.
//! None of it keeps the window from opening.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::NOW;
use crate::packages::{open_as, thursday};
use crate::window::{Window, built};

/// 永宁 as GBK writes it.
const FOREIGN: &[u8] = b"\xd3\xc0\xc4\xfe";

fn foreign(ending: &str) -> OsString {
    OsString::from_vec([FOREIGN, ending.as_bytes()].concat())
}

/// The program, started from a script that puts the environment in order first, with arguments no driver could pass on.
fn script(home: &Path, environment: &[&OsStr], arguments: &[&OsStr]) -> PathBuf {
    let quoted = |words: &[&OsStr]| -> Vec<u8> {
        words.iter().flat_map(|word| [b" '", word.as_bytes(), b"'"].concat()).collect()
    };
    let program = built("sweepbook");
    let (environment, arguments) = (quoted(environment), quoted(arguments));
    let text = [
        b"#!/bin/sh\nexec env".as_slice(),
        &environment,
        b" '",
        program.as_os_str().as_bytes(),
        b"'",
        &arguments,
        b" \"$@\"\n",
    ];
    let script = home.join("start");
    std::fs::write(&script, text.concat()).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    script
}

#[tokio::test]
async fn a_file_whose_name_is_no_unicode_is_opened_at_the_start_and_later() {
    let home = tempfile::tempdir().unwrap();
    let (book, packages) = thursday(home.path());
    let [first, later] = [".sweep", "2.sweep"].map(|ending| home.path().join(foreign(ending)));
    std::fs::rename(&packages[0], &first).unwrap();
    std::fs::rename(&packages[1], &later).unwrap();
    let start = script(home.path(), &[], &[first.as_os_str(), OsStr::from_bytes(b"--\xff")]);
    let window = open_as(home.path(), &book, &start).await;
    window.see("[data-file$='\u{fffd}.sweep'][data-status=asking]").await;
    window.double_click(&later);
    window.see("[data-file$='\u{fffd}2.sweep'][data-status=asking]").await;
    window.close().await;
}

#[tokio::test]
async fn an_odd_environment_is_worked_in() {
    let home = tempfile::tempdir().unwrap();
    let odd = home.path().join(foreign(""));
    std::fs::create_dir(&odd).unwrap();
    let set = |name: &str, folder: &str| [name.as_bytes(), b"=", odd.join(folder).as_os_str().as_bytes()].concat();
    let folders = [("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"), ("HOME", "")];
    let mut environment: Vec<OsString> = folders.map(|(name, folder)| OsString::from_vec(set(name, folder))).into();
    environment.extend(
        [&b"LANG=zh_CN.GB18030"[..], b"LC_ALL=\xff", b"SWEEPBOOK_NOW=\xd3\xc0"]
            .map(|set| OsString::from_vec(set.to_vec())),
    );
    let environment: Vec<&OsStr> = environment.iter().map(OsString::as_os_str).collect();
    let start = script(home.path(), &environment, &[]);

    // What is wrong is said, and the work begins all the same.
    let window = Window::open_with(home.path(), &[], &start, &[]).await;
    window.read(".problem", "SWEEPBOOK_NOW").await;
    make_book(&window).await;
    window.kill().await;

    // The book and what is known of it are found again.
    let window = Window::open_with(home.path(), &[], &start, &[]).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    window.read(".problem", "SWEEPBOOK_NOW").await;
    assert!(odd.join("data/sweepbook/settings.json").is_file());
    window.close().await;
}

async fn make_book(window: &Window) {
    window.type_into("[data-field=office] input", &format!("640121{}", crate::ENTER)).await;
    window.press(&format!("永宁县市场监督管理局{}", crate::ENTER)).await;
    window.press(&format!("张三{}", crate::ENTER)).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
}

#[tokio::test]
async fn files_of_its_own_that_are_damaged_stop_no_start() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let environment = [("SWEEPBOOK_STATE", state.to_str().unwrap()), ("SWEEPBOOK_NOW", NOW)];
    std::fs::create_dir(&state).unwrap();
    let nowhere = r#"{"recent":[{"path":"/nowhere/a.book","office":"640121","name":"甲"}],"last":"/nowhere/a.book","hours":4000000000}"#;
    let settings: [&[u8]; 4] = [
        b"{\"recent\": [",
        b"\xd3\xc0\0",
        br#"{"version":99,"recent":{"of":"a later program"},"hours":-1}"#,
        nowhere.as_bytes(),
    ];
    let places: [&[u8]; 4] = [
        br#"{"x":2147483647,"y":-2147483648,"width":1e308,"height":-0.0,"maximized":false}"#,
        br#"{"x":1e99,"y":0,"width":null,"height":"","maximized":2}"#,
        br#"{"version":99}"#,
        br#"{"x":-2147483648,"y":2147483647,"width":1e-300,"height":99999,"maximized":true}"#,
    ];
    for (settings, place) in settings.into_iter().zip(places) {
        std::fs::write(state.join("settings.json"), settings).unwrap();
        std::fs::write(state.join("window.json"), place).unwrap();
        let window = Window::open(home.path(), &environment).await;
        window.see("[data-field=office] input").await;
        window.kill().await;
    }

    // Folders where files belong, and a file where a folder does.
    for name in ["settings.json", "window.json", "program.log"] {
        let _ = std::fs::remove_file(state.join(name));
        std::fs::create_dir(state.join(name)).unwrap();
    }
    let _ = std::fs::remove_dir_all(state.join("devices"));
    std::fs::write(state.join("devices"), "").unwrap();
    let window = Window::open(home.path(), &environment).await;
    make_book(&window).await;
    window.close().await;
}
