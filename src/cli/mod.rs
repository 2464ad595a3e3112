//! The commands; the only place that wires rooms together.

pub mod bench;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Schedules and routes medical home visits.
#[derive(Debug, Parser)]
#[command(name = "rond", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Published instances with best known results, to measure the search
    #[command(subcommand)]
    Bench(bench::BenchCommand),
}

/// Reads the command line and runs the command.
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Bench(command) => bench::run(&command),
    }
}
