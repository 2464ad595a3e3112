//! `rond bench`: published instances through the same search as a day.
//!
//! One JSON line per instance on stdout; a bar while it works and a summary at the end on stderr.
//! One harness for all sets: [`crate::bench::set`] says what each offers. Read in this order:
//! [`run`] (instance by instance), [`row`] (a line of the answer), [`summary`], [`compare`];
//! [`insert`], [`live`] and [`roads`] are benches of their own.

mod compare;
mod insert;
mod live;
mod proof;
mod roads;
mod row;
mod run;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use crate::bench::set::Set;
use crate::bench::vrptw::Objective;

const LINES: &str = "One JSON line per instance on standard output; the summary comes on standard \
    error. `unserved` above 0 means that the instance was left open: some must be served and are \
    not, so it has no objective. Exit codes: 0 done · 1 a solution was illegal or broke its \
    promise, and has no row · 2 something could not be read or written";

/// The kinds of published instances, and what can be done with their rows.
#[derive(Clone, Debug, Subcommand)]
pub enum BenchCommand {
    /// Home health care routing and scheduling (Mankowska 2014, Kummer 2021, Italian cities 2024)
    #[command(after_help = LINES)]
    Hhcrsp(RunArguments),
    /// Unified home health care: overtime, lunches, wishes, pairs (Ceschia et al. 2026)
    #[command(after_help = LINES)]
    Uhhc(RunArguments),
    /// Vehicle routing with hard windows and synchronised visits (Bredström & Rönnqvist 2008)
    #[command(after_help = LINES)]
    Vrptwsyn(RunArguments),
    /// Vehicle routing with hard windows and capacities (Solomon 1987, Gehring & Homberger 1999)
    #[command(after_help = LINES)]
    Vrptw(VrptwArguments),
    /// One more visit into a running plan of a made-up day: how fast, at what cost, who must move
    Insert(insert::InsertArguments),
    /// A day that goes on: requests with their options, cancellations, time, a search aside
    Live(live::LiveArguments),
    /// A road network: how far from an OSRM server on the same extract, and how fast it answers
    #[command(after_help = roads::FIGURES)]
    Roads(roads::RoadsArguments),
    /// A table of two earlier runs, instance by instance: before and after
    Compare(CompareArguments),
}

/// What every set takes.
#[derive(Clone, Debug, Args)]
pub struct RunArguments {
    /// Instances, or folders that are searched for them
    #[arg(required = true, value_name = "FILE|FOLDER")]
    pub instances: Vec<PathBuf>,
    /// Seconds of search per instance [10 if no budget is given]
    #[arg(long, group = "budget")]
    pub seconds: Option<f64>,
    /// CPU seconds of search per thread and instance
    #[arg(long, group = "budget")]
    pub cpu_seconds: Option<f64>,
    /// Judged positions per instance: the same answer on every machine
    #[arg(long, group = "budget")]
    pub work: Option<u64>,
    /// Threads; they never change the answer to --work
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    /// Chains that share the budget and exchange their best; more than threads only divide it
    #[arg(long, default_value_t = 1)]
    pub chains: usize,
    /// Seed: another seed, another search
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write each solution into DIR, named for its instance, in the published format
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Best known objectives [bks.csv beside the instance or one folder up]
    #[arg(long, value_name = "FILE")]
    pub bks: Option<PathBuf>,
    /// Say how far from the best possible each solution is at most
    #[arg(long)]
    pub bound: bool,
    /// Rows of an earlier run: a table of before and after comes at the end
    #[arg(long, value_name = "OLD.jsonl")]
    pub against: Option<PathBuf>,
}

/// `rond bench vrptw`.
#[derive(Clone, Debug, Args)]
pub struct VrptwArguments {
    #[command(flatten)]
    run: RunArguments,
    /// What counts
    #[arg(long, value_enum, default_value_t = ObjectiveName::Distance)]
    objective: ObjectiveName,
}

/// The two conventions, which must never be mixed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ObjectiveName {
    /// The distance alone, legs cut to one decimal
    Distance,
    /// The fewest vehicles first, then the distance, in double precision
    Vehicles,
}

/// `rond bench compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArguments {
    /// Rows of the earlier run
    #[arg(value_name = "OLD.jsonl")]
    old: PathBuf,
    /// Rows of the later one
    #[arg(value_name = "NEW.jsonl")]
    new: PathBuf,
}

/// Runs `rond bench`.
pub fn run(command: &BenchCommand) -> ExitCode {
    match command {
        BenchCommand::Hhcrsp(arguments) => run::run(Set::Hhcrsp, arguments),
        BenchCommand::Uhhc(arguments) => run::run(Set::Uhhc, arguments),
        BenchCommand::Vrptwsyn(arguments) => run::run(Set::Vrptwsyn, arguments),
        BenchCommand::Vrptw(arguments) => {
            let objective = match arguments.objective {
                ObjectiveName::Distance => Objective::Distance,
                ObjectiveName::Vehicles => Objective::Vehicles,
            };
            run::run(Set::Vrptw(objective), &arguments.run)
        }
        BenchCommand::Insert(arguments) => insert::run(arguments),
        BenchCommand::Live(arguments) => live::run(arguments),
        BenchCommand::Roads(arguments) => roads::run(arguments),
        BenchCommand::Compare(arguments) => compare::run(&arguments.old, &arguments.new),
    }
}
