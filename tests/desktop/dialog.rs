//! The system's own dialogs, answered by keyboard as a person would. What stands in one is read back by copying it, so that
//! nothing depends on when a dialog begins to listen.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::screen::Screen;
use crate::window::PATIENCE;

const LOOK_AGAIN: Duration = Duration::from_millis(50);

pub struct Dialog<'a> {
    screen: Screen,
    display: &'a str,
    authority: &'a str,
    title: &'a str,
}

impl<'a> Dialog<'a> {
    /// The dialog of that title, once it is on the screen.
    pub async fn on(display: &'a str, authority: &'a str, title: &'a str) -> Self {
        let started = Instant::now();
        let screen = loop {
            match Screen::of(display, authority, title) {
                Some(screen) => break screen,
                None => rest(started, "to come up", title).await,
            }
        };
        Dialog { screen, display, authority, title }
    }

    fn keys(&self, arguments: &[&str]) {
        // No window manager gives it the focus.
        self.screen.focus();
        let mut command = Command::new("xdotool");
        command.args(arguments).env("DISPLAY", self.display).env("XAUTHORITY", self.authority).env("LANG", "C.UTF-8");
        command.output().expect("`xdotool` types into the system's dialogs; `make test` installs it");
    }

    /// What stands in the field that has the focus; empty where nothing does, or where the dialog does not listen yet.
    fn copied(&self) -> String {
        self.screen.forget_copied();
        self.keys(&["key", "--clearmodifiers", "ctrl+a", "ctrl+c"]);
        self.screen.copied().unwrap_or_default()
    }

    /// The name the dialog offers.
    pub async fn offered(&self) -> String {
        let started = Instant::now();
        loop {
            match self.copied() {
                name if name.is_empty() => rest(started, "to offer a name", self.title).await,
                name => return name,
            }
        }
    }

    /// Answers with a path.
    pub async fn answer(&self, path: &Path) {
        let path = path.to_str().expect("a path");
        let started = Instant::now();
        while self.copied() != path {
            self.keys(&["key", "--clearmodifiers", "ctrl+a"]);
            self.keys(&["type", "--clearmodifiers", path]);
            rest(started, "to take a path", self.title).await;
        }
        self.keys(&["key", "--clearmodifiers", "Return"]);
        while Screen::of(self.display, self.authority, self.title).is_some() {
            rest(started, "to close", self.title).await;
        }
    }
}

async fn rest(started: Instant, what: &str, title: &str) {
    assert!(started.elapsed() < PATIENCE, "the dialog {title:?} was expected {what}");
    tokio::time::sleep(LOOK_AGAIN).await;
}
