//! The house rules, checked against the files themselves: who may import whom, what may be named where, which words must
//! exist. Every rule names the file and line that breaks it. These are not tests of what the program does.

mod arrows;
mod circles;
mod docs;
mod habits;
mod messages;
mod names;
mod source;
mod tree;

/// Fails with every breach on a line of its own.
#[track_caller]
fn none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}
