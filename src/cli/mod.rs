//! The commands: the only room that wires rooms together, reads files, asks the clock and prints.
//!
//! Flows in: arguments and files. Flows out: text for people or JSON for machines on standard
//! output, progress and faults on standard error, files, and an exit code. One file per command;
//! [`failure`] alone prints what went wrong, [`print`] alone decides how a plan looks.

mod bench;
mod check;
mod explain;
mod failure;
mod files;
mod generate;
mod json;
mod loadtest;
mod plan;
mod print;
mod progress;
mod replay;
mod roads;
mod schema;
mod serve;
mod travel;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

const EXIT_CODES: &str = "Exit codes: 0 done · 1 the answer is no (the plan is not legal) · \
    2 the input or the usage is wrong · 3 something outside the program is missing or failed";

/// Plans medical home visits: doctors, läkarbilar and municipal nurses at the door together, on
/// time.
#[derive(Parser)]
#[command(name = "rond", version, about, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plan a day or a week: who goes where, when, together with whom
    Plan(plan::PlanArguments),
    /// Judge any plan by the plain rules; exit 1 and every violation when it is not legal
    Check(check::CheckArguments),
    /// Say why a visit goes to whom it goes to, or why nobody can make it
    Explain(explain::ExplainArguments),
    /// Make up a day or a week from published figures; nobody in it is real
    Generate(generate::GenerateArguments),
    /// Travel times on real roads: import a map, ask for ways
    #[command(subcommand)]
    Roads(roads::RoadsCommand),
    /// Serve a day as it happens: requests with options, a plan that goes on, stop lists
    Serve(serve::ServeArguments),
    /// Run a stored day once more, and prove that it gives the same plan
    Replay(replay::ReplayArguments),
    /// Send a service of this machine requests at a steady rate, and time its answers
    Loadtest(loadtest::LoadtestArguments),
    /// Print the JSON schema of a file format
    Schema(schema::SchemaArguments),
    /// Run published instances with best known results, to measure the search
    #[command(subcommand)]
    Bench(bench::BenchCommand),
}

/// What a command that did its work has to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    /// Done.
    Done,
    /// Done, and the answer is no.
    No,
}

/// Runs the command that the arguments ask for. Wrong usage ends the process with 2 at once.
pub fn run() -> ExitCode {
    log_when_asked();
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Roads(command) => roads::run(&command),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Loadtest(arguments) => loadtest::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        // It goes on to the next instance when one fails, and reports each where it happens.
        Command::Bench(command) => return bench::run(&command),
    };
    match result {
        Ok(Answer::Done) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(failure) => {
            failure.report();
            failure.exit_code()
        }
    }
}

/// `ROND_LOG=debug` shows on standard error what the program is doing.
fn log_when_asked() {
    if let Ok(filter) = EnvFilter::try_from_env("ROND_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    }
}
