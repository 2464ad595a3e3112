//! `rond bench insert`: one more visit into a running plan, again and again.
//!
//! First the best place among the visits as they are, then a moment of mending in which visits may
//! change their vehicle for a price. CPU time of the thread, so that a busy machine does not show.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use cpu_time::ThreadTime;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use super::row::{at_share, rounded};
use crate::bench::running::{Plan, RunningDay, earlier_of, moved, plan_of};
use crate::solver::insert::{Effort, Inserter};
use crate::solver::problem::COST;
use crate::solver::search::Snapshot;
use crate::solver::state::State;
use crate::solver::{Budget, Problem, Settings, Solution, solve};

/// `rond bench insert`.
#[derive(Clone, Debug, Args)]
pub struct InsertArguments {
    /// Visits in the running plan
    #[arg(long, default_value_t = 100)]
    visits: usize,
    /// Requests, each put into the same plan by itself
    #[arg(long, default_value_t = 100)]
    requests: usize,
    /// Judged positions that the running plan is searched with
    #[arg(long, default_value_t = 100_000_000)]
    work: u64,
    /// Milliseconds of mending after the insertion, in CPU time
    #[arg(long, default_value_t = 100.0)]
    milliseconds: f64,
    /// Seconds of driving that a visit may save before it changes its vehicle
    #[arg(long, default_value_t = 120)]
    moved: i64,
    /// Seed of the day and of the search
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the day and the running plan, so that other programs can be asked the same
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The answer: one line.
#[derive(Debug, Serialize)]
struct Line {
    visits: usize,
    requests: usize,
    /// Requests that had a place in the plan as it was.
    placed: usize,
    /// Cost of the running plan, in seconds of driving.
    plan_cost: i64,
    /// Microseconds for the best place.
    insertion_p50: f64,
    insertion_p99: f64,
    /// Seconds of driving more, over the requests that had a place.
    insertion_cost: f64,
    /// The same after mending.
    mended_cost: f64,
    /// Other visits that changed their vehicle.
    mended_moved: f64,
    /// Milliseconds for insertion and mending together.
    mended_p99: f64,
    /// Requests that had a place after mending.
    mended_placed: usize,
}

#[derive(Serialize)]
struct Exported<'d> {
    #[serde(flatten)]
    day: &'d RunningDay,
    plan: &'d Plan,
}

/// What one request came to.
struct Answer {
    insertion: Option<i64>,
    insertion_time: Duration,
    mended: Option<i64>,
    moved: usize,
    mending_time: Duration,
}

/// Runs `rond bench insert`.
pub fn run(arguments: &InsertArguments) -> ExitCode {
    let day = RunningDay::made_up(arguments.visits, arguments.requests, arguments.seed);
    let problem = day.problem();
    let solution = searched(&problem, arguments.seed, Budget::Work(arguments.work), &[]);
    if !solution.unassigned.is_empty() {
        eprintln!("{} visits have no place: try another --seed", solution.unassigned.len());
        return ExitCode::from(1);
    }
    let plan = plan_of(&solution);
    if let Some(path) = &arguments.out
        && let Err(why) = export(path, &day, &plan)
    {
        eprintln!("{}: {why}", path.display());
        return ExitCode::from(2);
    }
    let mut answers = Vec::new();
    for request in 0..arguments.requests {
        answers.push(answer(arguments, &day, &plan, solution.score[COST], request));
    }
    let line = line_of(arguments, &answers, solution.score[COST]);
    match serde_json::to_string(&line) {
        Ok(line) => println!("{line}"),
        Err(why) => eprintln!("{why}"),
    }
    ExitCode::SUCCESS
}

fn export(path: &Path, day: &RunningDay, plan: &Plan) -> std::io::Result<()> {
    let text = serde_json::to_string(&Exported { day, plan })?;
    std::fs::write(path, text + "\n")
}

fn searched(
    problem: &Problem,
    seed: u64,
    budget: Budget<'_>,
    earlier: &[crate::solver::Earlier],
) -> Solution {
    solve(problem, Settings { seed, threads: 1, chains: 1, budget, observer: &|_, _| () }, earlier)
}

fn answer(
    arguments: &InsertArguments,
    day: &RunningDay,
    plan: &Plan,
    before: i64,
    request: usize,
) -> Answer {
    let last = day.visits.len() as u32;
    let problem = day.problem_with(request, plan, arguments.moved);
    let earlier = earlier_of(plan);
    // The running plan as a service would hold it: laid and timed before the call comes in.
    let laid = laid(&problem, &earlier, last);
    let mut state = State::empty(&problem);
    laid.put_into(&mut state);
    let (mut inserter, mut random) = (Inserter::default(), Pcg64Mcg::seed_from_u64(1));
    let effort = Effort { blink_one_in: None, exhaustive: true };
    let begun = ThreadTime::now();
    let insertion =
        inserter.best_place(&mut state, last, effort, &mut random).map(|place| place.price);
    let insertion_time = begun.elapsed();
    let begun = ThreadTime::now();
    let clock = || ThreadTime::now().as_duration().as_secs_f64();
    let seconds = arguments.milliseconds / 1_000.0;
    let budget = Budget::Time { seconds, clock: &clock };
    let mended = searched(&problem, arguments.seed, budget, &earlier);
    let mending_time = begun.elapsed();
    let moved = moved(plan, &plan_of(&mended));
    let driven = mended.score[COST] - arguments.moved * moved as i64 - before;
    let mended = mended.unassigned.is_empty().then_some(driven);
    Answer { insertion, insertion_time, mended, moved, mending_time }
}

/// The plan laid as it is, all but the visit that just called.
fn laid(problem: &Problem, earlier: &[crate::solver::Earlier], last: u32) -> Snapshot {
    let mut without = problem.clone();
    without.visits[last as usize].barred = true;
    let mut state = State::empty(&without);
    crate::solver::take_over(&mut state, earlier);
    Snapshot::of(&state)
}

fn line_of(arguments: &InsertArguments, answers: &[Answer], plan_cost: i64) -> Line {
    let placed: Vec<&Answer> = answers.iter().filter(|answer| answer.insertion.is_some()).collect();
    let mean = |value: &dyn Fn(&Answer) -> Option<i64>| {
        let values: Vec<i64> = placed.iter().filter_map(|answer| value(answer)).collect();
        rounded(values.iter().sum::<i64>() as f64 / values.len().max(1) as f64, 1)
    };
    let micros = |answer: &Answer| answer.insertion_time.as_secs_f64() * 1e6;
    let millis =
        |answer: &Answer| (answer.insertion_time + answer.mending_time).as_secs_f64() * 1e3;
    let times: Vec<f64> = answers.iter().map(micros).collect();
    Line {
        visits: arguments.visits,
        requests: arguments.requests,
        placed: placed.len(),
        plan_cost,
        insertion_p50: rounded(at_share(times.clone(), 0.5), 2),
        insertion_p99: rounded(at_share(times, 0.99), 2),
        insertion_cost: mean(&|answer| answer.insertion),
        mended_cost: mean(&|answer| answer.mended),
        mended_moved: mean(&|answer| Some(answer.moved as i64)),
        mended_p99: rounded(at_share(answers.iter().map(millis).collect(), 0.99), 2),
        mended_placed: answers.iter().filter(|answer| answer.mended.is_some()).count(),
    }
}
