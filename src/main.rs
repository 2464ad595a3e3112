//! The program `rond`: `rond --help` says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    rond::cli::run()
}
