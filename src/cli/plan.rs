//! `rond plan`: the main job. A day file in, an audited plan out.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::failure::Failure;
use super::files;
use super::print::{Searched, plan_page};
use super::progress::Progress;
use super::travel::TravelArguments;
use super::{Answer, json};
use crate::domain::{Plan, World};
use crate::replan::{self, Outcome, PlanError};
use crate::rules;
use crate::solver::{Budget, CHAINS, Settings};
use crate::wire;

/// How long to search when nobody says.
const SECONDS_DEFAULT: f64 = 10.0;

/// What `rond plan` is asked.
#[derive(Args)]
pub struct PlanArguments {
    /// The day file
    #[arg(value_name = "DAY.json")]
    day: PathBuf,
    /// Search so many seconds [default: 10]
    #[arg(long, value_name = "S", conflicts_with = "work", value_parser = positive)]
    seconds: Option<f64>,
    /// Judge so many positions in all: the same answer on every machine and any number of threads
    #[arg(long, value_name = "N")]
    work: Option<u64>,
    /// Threads [default: all there are]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Chains that share the budget, in a large plan each in a block of it: another number, another
    /// plan
    #[arg(long, value_name = "C", default_value_t = CHAINS as u16)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=1024))]
    chains: u16,
    /// Seed of the search: the same seed and work give the same plan
    #[arg(long, value_name = "K", default_value_t = 1)]
    seed: u64,
    /// Write the plan file
    #[arg(long, value_name = "PLAN.json")]
    out: Option<PathBuf>,
    /// Write routes and stops for a map
    #[arg(long, value_name = "F")]
    geojson: Option<PathBuf>,
    /// Write one row per stop, for a spreadsheet
    #[arg(long, value_name = "F")]
    csv: Option<PathBuf>,
    /// Write one calendar per crew into a folder
    #[arg(long, value_name = "DIR")]
    ical: Option<PathBuf>,
    /// Print JSON instead of the page: the plan and what the rules say of it
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    travel: TravelArguments,
}

/// Plans, prints, and writes what was asked for. Unassigned visits are a result, not a failure.
pub fn run(arguments: &PlanArguments) -> Result<Answer, Failure> {
    let world = files::read_day(&arguments.day)?;
    let travel = arguments.travel.table(&world)?;
    let progress = Progress::begin();
    let begun = Instant::now();
    let clock = || begun.elapsed().as_secs_f64();
    let observer = |share: f64, score: &[i64; 4]| progress.show(share, score);
    let settings = Settings {
        seed: arguments.seed,
        threads: arguments.threads.map_or_else(threads_there_are, usize::from),
        chains: usize::from(arguments.chains),
        budget: match (arguments.work, arguments.seconds) {
            (Some(work), _) => Budget::Work(work),
            (None, seconds) => {
                Budget::Time { seconds: seconds.unwrap_or(SECONDS_DEFAULT), clock: &clock }
            }
        },
        observer: &observer,
    };
    let planned = replan::plan(&world, &travel, settings);
    progress.end();
    let outcome = planned.map_err(|PlanError::Rejected(audit)| Failure::Rejected(audit))?;
    let Outcome { plan, audit, .. } = &outcome;
    write_files(arguments, &world, plan)?;
    let promises = rules::promises(&world, &travel, plan);
    let page = if arguments.json {
        json::plan_answer(&world, plan, audit, &promises)
    } else {
        let searched = Searched {
            seed: arguments.seed,
            work: outcome.work,
            first_score: outcome.first_score,
            first_unassigned: outcome.first_unassigned,
        };
        plan_page(&world, &travel, plan, audit, &promises, Some(&searched))
    };
    files::print(&page)?;
    Ok(Answer::Done)
}

fn write_files(arguments: &PlanArguments, world: &World, plan: &Plan) -> Result<(), Failure> {
    let write_if_asked = |path: &Option<PathBuf>, text: &dyn Fn() -> String| {
        path.as_deref().map_or(Ok(()), |path| files::write(path, &text()))
    };
    write_if_asked(&arguments.out, &|| wire::write_plan(plan))?;
    write_if_asked(&arguments.csv, &|| wire::plan_csv(world, plan))?;
    write_if_asked(&arguments.geojson, &|| wire::plan_geojson(world, plan))?;
    arguments.ical.as_deref().map_or(Ok(()), |folder| write_calendars(folder, world, plan))
}

fn write_calendars(folder: &Path, world: &World, plan: &Plan) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::unwritable(folder))?;
    wire::crew_calendars(world, plan)
        .iter()
        .try_for_each(|calendar| files::write(&folder.join(&calendar.file_name), &calendar.text))
}

fn threads_there_are() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A number of seconds that is some.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds.is_finite() => Ok(seconds),
        _ => Err("give a number of seconds greater than 0".to_owned()),
    }
}
