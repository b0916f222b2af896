//! `main` of a test binary that can also be another process: started by itself with a task, it does that and runs no test. The
//! usual harness knows tests only, and one of them would then have to be told that it is none.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What stands before the task in the arguments of a process that runs no test.
pub(crate) const TASK: &str = "--task";

/// A test by its name.
pub type Test = (&'static str, fn());

/// The tests at these paths, named by them.
#[macro_export]
macro_rules! tests {
    ($($(#[$where:meta])* $test:path),* $(,)?) => {
        &[$($(#[$where])* (stringify!($test), $test as fn())),*]
    };
}

/// Runs the tests that the arguments ask for, as the usual harness would, or `process` where they hold a task.
pub fn main(tests: &[Test], process: fn(&str)) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, task] = &arguments[..]
        && first == TASK
    {
        process(task);
        return ExitCode::SUCCESS;
    }
    let asked = Asked::of(arguments);
    let chosen: Vec<Test> = tests.iter().copied().filter(|(name, _)| asked.wants(name)).collect();
    if asked.list {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", chosen.len());
    let failed = run(&chosen, asked.threads);
    let result = if failed.is_empty() { "ok" } else { "FAILED" };
    failed.iter().for_each(|name| println!("failed: {name}"));
    let (passed, filtered) = (chosen.len() - failed.len(), tests.len() - chosen.len());
    println!("\ntest result: {result}. {passed} passed; {} failed; {filtered} filtered out\n", failed.len());
    ExitCode::from(u8::from(!failed.is_empty()))
}

/// Runs tests, several at a time; those that failed, by name. What they print comes out as it is printed.
fn run(tests: &[Test], threads: usize) -> Vec<&'static str> {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(tests.len()) {
            scope.spawn(|| {
                while let Some((name, test)) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // A thread of its own: its name stands before what a panic says.
                    let thread = std::thread::Builder::new().name((*name).to_owned()).spawn(*test);
                    let ended = thread.expect("a thread").join();
                    println!("test {name} ... {}", if ended.is_ok() { "ok" } else { "FAILED" });
                    if ended.is_err() {
                        failed.lock().expect("no test holds it").push(*name);
                    }
                }
            });
        }
    });
    failed.into_inner().expect("no test holds it")
}

/// What the arguments of the usual harness ask for. Those about how it prints change nothing here.
struct Asked {
    names: Vec<String>,
    skipped: Vec<String>,
    exact: bool,
    list: bool,
    /// Tests left out by a mark in their source: there are none.
    ignored: bool,
    threads: usize,
}

impl Asked {
    fn of(arguments: Vec<String>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (names, skipped) = (Vec::new(), Vec::new());
        let mut asked = Asked { names, skipped, exact: false, list: false, ignored: false, threads };
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
                _ => (argument, None),
            };
            let mut value = || value.clone().or_else(|| rest.next()).unwrap_or_default();
            match option.as_str() {
                "--exact" => asked.exact = true,
                "--list" => asked.list = true,
                "--ignored" => asked.ignored = true,
                "--skip" => asked.skipped.push(value()),
                "--test-threads" => asked.threads = value().parse().expect("a number of threads"),
                "--format" | "--color" | "-Z" => drop(value()),
                other if other.starts_with('-') => {}
                name => asked.names.push(name.to_owned()),
            }
        }
        asked
    }

    fn wants(&self, name: &str) -> bool {
        let is = |asked: &String| if self.exact { name == asked } else { name.contains(asked.as_str()) };
        !self.ignored && (self.names.is_empty() || self.names.iter().any(is)) && !self.skipped.iter().any(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(arguments: &str) -> Vec<&'static str> {
        let asked = Asked::of(arguments.split_whitespace().map(str::to_owned).collect());
        ["a::one", "a::one_more", "b::two"].into_iter().filter(|name| asked.wants(name)).collect()
    }

    #[test]
    fn tests_are_chosen_as_by_the_usual_harness() {
        assert_eq!(wanted("--nocapture --format terse"), ["a::one", "a::one_more", "b::two"]);
        assert_eq!(wanted("one --test-threads 2"), ["a::one", "a::one_more"]);
        assert_eq!(wanted("--exact a::one"), ["a::one"]);
        assert_eq!(wanted("--skip=one"), ["b::two"]);
        assert_eq!(wanted("two more --quiet"), ["a::one_more", "b::two"]);
        assert_eq!(wanted("--ignored"), [""; 0]);
        assert_eq!(Asked::of(vec!["--test-threads=3".to_owned()]).threads, 3);
    }

    #[test]
    fn a_test_that_panics_has_failed_and_the_others_run() {
        fn passes() {}
        fn fails() {
            panic!("as it should");
        }
        let failed = run(&[("one", passes as fn()), ("two", fails as fn()), ("three", passes as fn())], 2);
        assert_eq!(failed, ["two"]);
        assert_eq!(run(&[], 2), [""; 0]);
    }
}
