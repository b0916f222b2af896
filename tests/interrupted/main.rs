//! What another process was doing when it was killed. That process is this binary, run again with a task: words between bars,
//! of which the first says what to do.

mod drafts;
mod sending;
// What the stories need of it, these do not all.
#[allow(dead_code)]
#[path = "../stories/support.rs"]
mod support;

use std::path::Path;
use std::process::ExitCode;

fn process(task: &str) {
    let words: Vec<&str> = task.split('|').collect();
    match words[..] {
        ["type", book] => drafts::types(Path::new(book)),
        ["export", book, file] => sending::exports(Path::new(book), Path::new(file)),
        _ => panic!("{task}"),
    }
}

fn main() -> ExitCode {
    testkit::harness::main(
        testkit::tests![
            drafts::a_program_killed_while_typing_finds_what_was_acknowledged,
            sending::a_number_is_never_given_twice_though_its_package_was_cut_off,
        ],
        process,
    )
}
