//! sweepctl: what the window does, for scripts and batch work. It parses words, calls `app`, and prints; it decides nothing.

mod arguments;
mod output;
mod report;
mod run;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let language = output::language(arguments.lang);
    match run::run(&arguments, language) {
        Ok(code) => code,
        Err(failure) => {
            output::print_failure(&failure, language, arguments.json());
            ExitCode::from(1)
        }
    }
}
