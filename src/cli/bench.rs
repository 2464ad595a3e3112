//! `rond bench`: published instances through the same search as a day.
//!
//! One JSON line per instance on stdout; a bar while it works and a summary at the end on stderr.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use cpu_time::{ProcessTime, ThreadTime};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::bench_bound::Proof;
use crate::bench::best_known::{BestKnown, places_of_table};
use crate::bench::hhcrsp;
use crate::solver::problem::COST;
use crate::solver::{Budget, Settings, solve};

/// Objectives this close to the best published one equal it: published ones have three decimals.
const EQUAL: f64 = 0.001;
/// Upper ends of the size classes of the summary, in patients.
const CLASSES: [usize; 8] = [10, 25, 50, 75, 100, 200, 300, 400];
/// Seconds of search when no budget is given.
const SECONDS: f64 = 10.0;
/// Steps of the progress bar per instance.
const BAR_STEPS: u64 = 1_000;

/// The kinds of published instances.
#[derive(Clone, Debug, Subcommand)]
pub enum BenchCommand {
    /// Home health care routing and scheduling (Mankowska 2014, Kummer 2021, Italian cities 2024)
    Hhcrsp(HhcrspArgs),
}

/// `rond bench hhcrsp`.
#[derive(Clone, Debug, Args)]
pub struct HhcrspArgs {
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
    /// Seed: another seed, another search
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Prove how far from the best possible each plan is at most
    #[arg(long)]
    pub bound: bool,
    /// Write each solution to DIR/INSTANCE.json in the published format
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Best published objectives [bks.csv beside the instance or one folder up]
    #[arg(long, value_name = "FILE")]
    pub bks: Option<PathBuf>,
}

/// A line of the answer.
#[derive(Clone, Debug, Serialize)]
struct Row {
    instance: String,
    set: String,
    patients: usize,
    objective: f64,
    travel: f64,
    tardiness: f64,
    greatest: f64,
    cpu_seconds: f64,
    wall_seconds: f64,
    work: u64,
    iterations: u64,
    seed: u64,
    threads: usize,
    best_known: Option<f64>,
    /// Per cent above the best known objective.
    gap: Option<f64>,
    #[serde(flatten)]
    proof: Option<Proof>,
    legal: bool,
}

/// Runs `rond bench`.
pub fn run(command: &BenchCommand) -> ExitCode {
    match command {
        BenchCommand::Hhcrsp(args) => run_hhcrsp(args),
    }
}

/// Runs `rond bench hhcrsp`: exit 0 when every instance got a legal solution, 1 when one did not, 2
/// when something could not be read or written.
fn run_hhcrsp(args: &HhcrspArgs) -> ExitCode {
    let mut files = Vec::new();
    for path in &args.instances {
        if let Err(why) = collect(path, &mut files) {
            eprintln!("{}: {why}", path.display());
            return ExitCode::from(2);
        }
    }
    // Without it the search would use every core for the few things it does in parallel.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.max(1)).build_global();
    if let Err(why) = pool {
        eprintln!("threads: {why}");
    }
    let bar = bar_for(files.len());
    let (mut rows, mut worst) = (Vec::new(), 0);
    for file in &files {
        match run_instance(args, file, &bar) {
            Ok(row) => {
                bar.suspend(|| print_row(&row));
                rows.push(row);
            }
            Err(failure) => {
                bar.suspend(|| eprintln!("{}: {}", file.display(), failure.why));
                worst = worst.max(failure.exit);
            }
        }
        bar.set_position((bar.position() / BAR_STEPS + 1) * BAR_STEPS);
    }
    bar.finish_and_clear();
    eprint!("{}", summary_of(&rows));
    ExitCode::from(worst)
}

/// Why an instance has no row.
struct Failure {
    exit: u8,
    why: String,
}

impl Failure {
    fn of_file(why: impl std::fmt::Display) -> Failure {
        Failure { exit: 2, why: why.to_string() }
    }
}

fn run_instance(args: &HhcrspArgs, file: &Path, bar: &ProgressBar) -> Result<Row, Failure> {
    let name = stem_of(file);
    let instance = hhcrsp::Instance::read(&fs::read(file).map_err(Failure::of_file)?);
    let instance = instance.map_err(Failure::of_file)?;
    let best_known = best_known_of(args, file, &name)?;
    let problem = hhcrsp::problem_of(&instance);
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let done = bar.position();
    let observer = |share: f64, score: &[i64; 4]| {
        bar.set_position(done + (share * BAR_STEPS as f64) as u64);
        let objective = score[COST] as f64 / hhcrsp::TICKS_PER_UNIT / 3.0;
        bar.set_message(format!("{name} {objective:.3}"));
    };
    let wall_clock = || wall.elapsed().as_secs_f64();
    let cpu_clock = || ThreadTime::now().as_duration().as_secs_f64();
    let budget = match (args.work, args.cpu_seconds) {
        (Some(work), _) => Budget::Work(work),
        (None, Some(seconds)) => Budget::Time { seconds, clock: &cpu_clock },
        (None, None) => {
            Budget::Time { seconds: args.seconds.unwrap_or(SECONDS), clock: &wall_clock }
        }
    };
    let settings = Settings { seed: args.seed, threads: args.threads, budget, observer: &observer };
    let solution = solve(&problem, settings, &[]);
    let (cpu_seconds, wall_seconds) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    let illegal = |why: String| Failure { exit: 1, why: format!("illegal solution: {why}") };
    let schedule = hhcrsp::schedule_of(&instance, &solution)
        .ok_or_else(|| illegal("no starts keep every route and meeting".to_owned()))?;
    let verdict = hhcrsp::judge(&instance, &schedule);
    if !verdict.faults.is_empty() {
        return Err(illegal(verdict.faults.join("; ")));
    }
    let promised = solution.score[COST] as f64 / hhcrsp::TICKS_PER_UNIT / 3.0;
    if (promised - verdict.objective).abs() > EQUAL {
        let judged = verdict.objective;
        return Err(illegal(format!("the search promised {promised} and the judge says {judged}")));
    }
    if let Some(folder) = &args.out {
        write_schedule(folder, &name, &schedule)?;
    }
    Ok(Row {
        instance: name.clone(),
        set: file.parent().map(stem_of).unwrap_or_default(),
        patients: instance.patients.len(),
        objective: rounded(verdict.objective, 6),
        travel: rounded(verdict.travel, 6),
        tardiness: rounded(verdict.tardiness, 6),
        greatest: rounded(verdict.greatest, 6),
        cpu_seconds: rounded(cpu_seconds, 3),
        wall_seconds: rounded(wall_seconds, 3),
        work: solution.work,
        iterations: solution.iterations,
        seed: args.seed,
        threads: args.threads,
        best_known,
        gap: best_known.map(|best| rounded((verdict.objective / best - 1.0) * 100.0, 4)),
        proof: args.bound.then(|| Proof::of(&problem, &solution, hhcrsp::TICKS_PER_UNIT * 3.0)),
        legal: true,
    })
}

fn best_known_of(args: &HhcrspArgs, file: &Path, name: &str) -> Result<Option<f64>, Failure> {
    let tables = match &args.bks {
        Some(table) => vec![table.clone()],
        None => places_of_table(file).into_iter().filter(|table| table.is_file()).collect(),
    };
    for table in tables {
        let text = fs::read(&table).map_err(Failure::of_file)?;
        let read = BestKnown::read(&text);
        let known = read.map_err(|why| Failure::of_file(format!("{}: {why}", table.display())))?;
        if let Some(best) = known.of(name) {
            return Ok(Some(best));
        }
    }
    Ok(None)
}

fn write_schedule(folder: &Path, name: &str, schedule: &hhcrsp::Schedule) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::of_file)?;
    let text = serde_json::to_string_pretty(schedule).map_err(Failure::of_file)?;
    fs::write(folder.join(format!("{name}.json")), text + "\n").map_err(Failure::of_file)
}

/// The instances in a file or, folder by folder in the order of their names, below it.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        entries.push(entry?.path());
    }
    entries.sort();
    for entry in entries {
        if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "json") {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

fn stem_of(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (number * scale).round() / scale
}

fn bar_for(instances: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(instances as u64 * BAR_STEPS);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent} % {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

fn print_row(row: &Row) {
    if let Ok(line) = serde_json::to_string(row) {
        // A reader that has seen enough may close the pipe: not worth a panic.
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}

/// Per set and size class, then per set, then of all: mean gap, and how many equal the best
/// published.
fn summary_of(rows: &[Row]) -> String {
    let class_of = |row: &Row| CLASSES.iter().find(|class| row.patients <= **class).copied();
    let mut sets: Vec<&str> = rows.iter().map(|row| row.set.as_str()).collect();
    sets.sort_unstable();
    sets.dedup();
    let mut lines = String::from("set          patients   instances  mean gap %  best or better\n");
    for &set in &sets {
        for class in CLASSES.map(Some).into_iter().chain([None]) {
            let is_in = |row: &&Row| row.set == set && class_of(row) == class;
            let size = class.map_or("more".to_owned(), |class| format!("to {class}"));
            lines += &summary_line(set, &size, rows.iter().filter(is_in));
        }
        lines += &summary_line(set, "all", rows.iter().filter(|row| row.set == set));
    }
    lines + &summary_line("all", "all", rows.iter())
}

fn summary_line<'r>(set: &str, size: &str, rows: impl Iterator<Item = &'r Row>) -> String {
    let (mut count, mut compared, mut gaps, mut equal) = (0, 0_u32, 0.0, 0_u32);
    for row in rows {
        count += 1;
        if let (Some(best), Some(gap)) = (row.best_known, row.gap) {
            compared += 1;
            gaps += gap;
            equal += u32::from(row.objective <= best + EQUAL);
        }
    }
    if count == 0 {
        return String::new();
    }
    if compared == 0 {
        return format!("{set:<12} {size:<9} {count:>10}           –               –\n");
    }
    let mean = gaps / f64::from(compared);
    format!("{set:<12} {size:<9} {count:>10}  {mean:>10.3}  {equal:>6} of {compared}\n")
}
