//! Instance by instance: read, search, judge, write, report.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cpu_time::{ProcessTime, ThreadTime};
use indicatif::{ProgressBar, ProgressStyle};

use super::RunArguments;
use super::compare::table_of;
use super::proof::Proof;
use super::row::{Row, per_cent_above, read_rows, rounded};
use super::summary::summary_of;
use crate::bench::best_known::{BestKnown, Known, places_of_table};
use crate::bench::set::{Judged, Published, Set};
use crate::solver::{Budget, Settings, Solution};

/// Seconds of search when no budget is given.
const SECONDS: f64 = 10.0;
/// Steps of the progress bar per instance.
const BAR_STEPS: u64 = 1_000;

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

/// Runs a set: exit 0 when every instance got a legal solution or was left open, 1 when one did
/// not, 2 when something could not be read or written.
pub fn run(set: Set, arguments: &RunArguments) -> ExitCode {
    let mut files = Vec::new();
    for path in &arguments.instances {
        if let Err(why) = collect(path, set.extension(), &mut files) {
            eprintln!("{}: {why}", path.display());
            return ExitCode::from(2);
        }
    }
    let old = match arguments.against.as_deref().map(read_rows).transpose() {
        Ok(old) => old,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    // Without it the search would use every core for the few things it does in parallel.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads.max(1)).build_global();
    if let Err(why) = pool {
        eprintln!("threads: {why}");
    }
    let bar = bar_for(files.len());
    let (mut rows, mut worst) = (Vec::new(), 0);
    for file in &files {
        match run_instance(set, arguments, file, &bar) {
            Ok(row) => {
                bar.suspend(|| report(&row));
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
    if let Some(old) = old {
        eprint!("{}", table_of(&old, &rows));
    }
    eprint!("{}", summary_of(&rows, set.equal_within()));
    ExitCode::from(worst)
}

fn report(row: &Row) {
    row.print();
    if row.unserved > 0 {
        eprintln!("{}: left open: {} that must be served are not", row.instance, row.unserved);
    }
}

fn run_instance(
    set: Set,
    arguments: &RunArguments,
    file: &Path,
    bar: &ProgressBar,
) -> Result<Row, Failure> {
    let name = stem_of(file);
    let instance = set.read(&fs::read(file).map_err(Failure::of_file)?);
    let instance = instance.map_err(Failure::of_file)?;
    let best_known = best_known_of(set, arguments, file, &name)?;
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let solution = search(instance.as_ref(), arguments, &name, bar);
    let (cpu_seconds, wall_seconds) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    let judged = instance.judged(&solution);
    if let Some(why) = judged.why_not() {
        return Err(Failure { exit: 1, why });
    }
    if let (Some(folder), 0) = (&arguments.out, judged.unserved) {
        let path = folder.join(format!("{name}.{}", set.extension()));
        fs::create_dir_all(folder).map_err(Failure::of_file)?;
        fs::write(path, &judged.text).map_err(Failure::of_file)?;
    }
    let gap = gap_of(&judged, best_known);
    let proof = if arguments.bound && judged.unserved == 0 {
        let points_per_unit = 1.0 / instance.objective_of(&[0, 0, 0, 1]);
        Proof::of(instance.problem(), &solution, points_per_unit)
    } else {
        Proof::default()
    };
    let component = |(name, value): &(&str, f64)| ((*name).to_owned(), rounded(*value, 6).into());
    Ok(Row {
        instance: name,
        set: file.parent().map(stem_of).unwrap_or_default(),
        size: instance.size(),
        objective: (judged.unserved == 0).then(|| rounded(judged.objective, 6)),
        unserved: judged.unserved,
        vehicles: judged.vehicles,
        cpu_seconds: rounded(cpu_seconds, 3),
        wall_seconds: rounded(wall_seconds, 3),
        work: solution.work,
        iterations: solution.iterations,
        seed: arguments.seed,
        threads: arguments.threads,
        best_known: best_known.map(|known| known.objective),
        best_known_vehicles: best_known.and_then(|known| known.vehicles),
        gap,
        bound: proof.bound,
        gap_proven: proof.gap_proven,
        legal: true,
        components: judged.components.iter().map(component).collect(),
    })
}

/// Objectives with different numbers of vehicles say nothing of each other.
fn gap_of(judged: &Judged, best_known: Option<Known>) -> Option<f64> {
    let known = best_known?;
    let is_comparable = judged.unserved == 0 && judged.vehicles == known.vehicles;
    if is_comparable { per_cent_above(judged.objective, known.objective) } else { None }
}

fn search(
    instance: &dyn Published,
    arguments: &RunArguments,
    name: &str,
    bar: &ProgressBar,
) -> Solution {
    let wall = Instant::now();
    let done = bar.position();
    let observer = |share: f64, score: &[i64; 4]| {
        bar.set_position(done + (share * BAR_STEPS as f64) as u64);
        bar.set_message(format!("{name} {:.3}", instance.objective_of(score)));
    };
    let wall_clock = || wall.elapsed().as_secs_f64();
    let cpu_clock = || ThreadTime::now().as_duration().as_secs_f64();
    let budget = match (arguments.work, arguments.cpu_seconds) {
        (Some(work), _) => Budget::Work(work),
        (None, Some(seconds)) => Budget::Time { seconds, clock: &cpu_clock },
        (None, None) => {
            Budget::Time { seconds: arguments.seconds.unwrap_or(SECONDS), clock: &wall_clock }
        }
    };
    let RunArguments { seed, threads, chains, .. } = *arguments;
    instance.search(Settings { seed, threads, chains, budget, observer: &observer })
}

fn best_known_of(
    set: Set,
    arguments: &RunArguments,
    file: &Path,
    name: &str,
) -> Result<Option<Known>, Failure> {
    let tables = match &arguments.bks {
        Some(table) => vec![table.clone()],
        None => places_of_table(file).into_iter().filter(|table| table.is_file()).collect(),
    };
    for table in tables {
        let text = fs::read(&table).map_err(Failure::of_file)?;
        let read = BestKnown::read(&text, set.columns());
        let known = read.map_err(|why| Failure::of_file(format!("{}: {why}", table.display())))?;
        if let Some(best) = known.of(name) {
            return Ok(Some(best));
        }
    }
    Ok(None)
}

/// The instances in a file or, folder by folder in the order of their names, below it.
fn collect(path: &Path, extension: &str, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
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
        if entry.is_dir() || entry.extension().is_some_and(|found| found == extension) {
            collect(&entry, extension, files)?;
        }
    }
    Ok(())
}

fn stem_of(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
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
