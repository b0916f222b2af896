//! Properties of merging: however revisions travel, every book that holds the same active ones says the same, and nothing a
//! person saved is lost. What is expected comes from [`oracle`], which shares no code with the program's own fold.
//!
//! `SWEEPBOOK_CASES=500 cargo test -p sweepbook-tests --test properties` looks longer than the default.

mod books;
mod dag;
mod journal;
mod loading;
mod names;
mod oracle;

/// How many cases a property runs: its own modest number, or what the environment asks for.
fn config(cases: u32, regressions: &'static str) -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, FileFailurePersistence};
    let asked = std::env::var("SWEEPBOOK_CASES").ok().and_then(|text| text.parse().ok());
    Config {
        cases: asked.unwrap_or(cases),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(regressions))),
        max_shrink_iters: 4_000,
        ..Config::default()
    }
}
