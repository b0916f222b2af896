//! sweepctl as a process, in a folder of its own, at a fixed time.
#![allow(dead_code)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// 2021-05-27 08:00 in China.
const NOW: &str = "1622073600000";

pub struct Folder {
    folder: TempDir,
    now: &'static str,
}

/// What a command left: its exit code and what it printed.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new() -> Self {
        Self::at(NOW)
    }

    /// At another time, in milliseconds since 1970.
    pub fn at(now: &'static str) -> Self {
        Folder { folder: tempfile::tempdir().expect("a folder"), now }
    }

    /// With a book of 640121 in it.
    pub fn with_book() -> Self {
        let folder = Self::new();
        folder.run(&["new", "a.book", "--office", "640121", "--name", "永宁县市场监督管理局"]).done();
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).expect("written");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("read")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sweepctl"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("SWEEPBOOK_STATE", self.path("state"))
            .env("SWEEPBOOK_NOW", self.now)
            .env("LC_ALL", "zh_CN.UTF-8")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("sweepctl runs"))
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sweepctl runs");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("written");
        Ran::of(child.wait_with_output().expect("ended"))
    }

    /// Records lines, as JSON.
    /// Joins by an invitation whose words were read out, as they stand in it.
    pub fn join(&self, book: &str, invitation: &str) -> Ran {
        let shown = self.run(&["join", book, invitation, "--json"]).done().json();
        assert_eq!(shown["joined"], false);
        self.run(&["join", book, invitation, "--fingerprint", shown["fingerprint"]["zh"].as_str().expect("words")])
    }

    pub fn record(&self, lines: &str) -> Ran {
        self.write("lines.jsonl", lines);
        self.run(&["record", "a.book", "lines.jsonl", "--json"])
    }

    pub fn show(&self, kind: &str) -> Vec<Value> {
        self.run(&["show", "a.book", kind, "--json"]).done().lines()
    }

    pub fn digest(&self, book: &str) -> String {
        self.run(&["digest", book]).done().out
    }
}

impl Ran {
    fn of(output: std::process::Output) -> Self {
        Ran {
            code: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// It did what was asked.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// It refused, with a code, words and what to do next.
    #[track_caller]
    pub fn refused(self, code: &str) -> Self {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        assert!(self.err.contains(&format!("error[{code}] ")), "{code} in {}", self.err);
        assert!(self.err.contains("  → "), "a remedy in {}", self.err);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// The codes of a refused `--json` command with the lines they stand at.
    pub fn problems(&self) -> Vec<(u64, String)> {
        let answer = self.json();
        let problems = answer["problems"].as_array().expect("problems");
        problems
            .iter()
            .map(|problem| {
                (problem["line"].as_u64().unwrap_or(0), problem["code"].as_str().expect("a code").to_owned())
            })
            .collect()
    }
}

pub const FACTORY: &str = "00000000-0000-4000-8000-000000000001";

/// A line for an enterprise with this name.
pub fn factory(name: &str) -> String {
    let line = serde_json::json!({"kind": "enterprise", "id": FACTORY, "campaigns": ["nx-2021-24"],
        "fields": {"name": name, "roles": ["producer"], "phone": "0951-5550001"}});
    format!("{line}\n")
}

pub fn inspection(day: &str) -> String {
    let line = serde_json::json!({"kind": "inspection", "campaigns": ["nx-2021-24"], "fields": {
        "enterprise": FACTORY, "date": day, "inspectors": ["马立群", "李秀梅"], "line": "quality",
        "department": "market", "categories": ["mask"], "outcome": "normal"}});
    format!("{line}\n")
}

/// The project's own folder of made-up campaigns.
pub fn made_up_campaigns() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/campaigns")
}

pub fn wrong_campaigns() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/campaigns-wrong")
}
