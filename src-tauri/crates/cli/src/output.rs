//! Printing: results to standard output, everything else to standard error.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use app::{Failure, Language, Notice, Outcome, Problem};
use serde::Serialize;

/// Chinese, unless the environment or the person says otherwise.
pub fn language(asked: Option<Language>) -> Language {
    asked.unwrap_or_else(|| {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        match locale {
            Some(locale) if locale.starts_with("en") => Language::En,
            _ => Language::Zh,
        }
    })
}

/// One of two texts, by language.
pub fn say(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// The code of a command whose reader has gone away, as `head` does: it ends without a word.
pub const CLOSED: &str = "output-closed";

/// A line of result.
///
/// # Errors
/// `output-closed`, `output-failed`
pub fn line(text: impl AsRef<str>) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.as_ref()).and_then(|()| out.flush()).map_err(|error| not_printed(&error))
}

/// A value as a line of JSON.
///
/// # Errors
/// Those of [`line`]
pub fn json<T: Serialize>(value: &T) -> Outcome<()> {
    line(serde_json::to_string(value).unwrap_or_default())
}

pub fn not_printed(error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => Notice::new(CLOSED).into(),
        _ => Notice::new("output-failed").with("why", app::why(error)).into(),
    }
}

pub fn remark(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr(), "{}", text.as_ref());
}

#[derive(Serialize)]
struct Problems {
    problems: Vec<Problem>,
}

pub fn print_failure(failure: &Failure, language: Language, as_json: bool) {
    if as_json {
        // The command has failed already, and says so in its exit code and below.
        let _ = json(&Problems { problems: failure.problems(language) });
    }
    for problem in failure.problems(language) {
        print_problem(&problem, language, "error");
    }
}

pub fn print_warning(notice: &Notice, language: Language) {
    print_problem(&Problem::of(notice, language), language, "warning");
}

pub fn print_problem(problem: &Problem, language: Language, severity: &str) {
    let place =
        problem.line.map(|at| say(language, &format!("第 {at} 行："), &format!("line {at}: "))).unwrap_or_default();
    remark(format!("{severity}[{}] {place}{}", problem.code, problem.message));
    if !problem.remedy.is_empty() {
        remark(format!("  → {}", problem.remedy));
    }
}

/// Shows how far long work has come, on a terminal only.
pub struct Meter {
    shown: bool,
    last: u64,
}

impl Meter {
    pub fn new() -> Self {
        Meter { shown: false, last: u64::MAX }
    }

    pub fn show(&mut self, what: &str, done: u64, total: u64) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let step = (done * 100).checked_div(total).unwrap_or(done / 1000);
        if step != self.last {
            self.last = step;
            self.shown = true;
            let how_far = if total > 0 { format!("{step}%") } else { done.to_string() };
            let _ = write!(std::io::stderr(), "\r{what} {how_far}   ");
        }
    }

    pub fn progress(&mut self, progress: app::Progress) -> ControlFlow<()> {
        self.show(&format!("{:?}", progress.stage), progress.done, progress.total);
        ControlFlow::Continue(())
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r{:40}\r", "");
        }
    }
}
