//! sweepctl: what the window does, for scripts and batch work. It parses words, calls `app`, and prints; it decides nothing.

mod arguments;
mod filings;
mod output;
mod report;
mod run;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(words) => return say(&words),
    };
    let language = output::language(arguments.lang);
    match run::run(&arguments, language) {
        Ok(code) => code,
        Err(failure) if failure.code() == output::CLOSED => ExitCode::SUCCESS,
        Err(failure) => {
            output::print_failure(&failure, language, arguments.json());
            ExitCode::from(1)
        }
    }
}

/// The help, the version, or what is wrong with the command line.
fn say(words: &clap::Error) -> ExitCode {
    let printed = words.print().and_then(|()| std::io::stdout().flush());
    match printed.map_err(|error| output::not_printed(&error)) {
        Err(failure) if failure.code() != output::CLOSED => {
            output::print_failure(&failure, output::language(None), false);
            ExitCode::from(1)
        }
        _ => ExitCode::from(u8::try_from(words.exit_code()).unwrap_or(2)),
    }
}
