//! Has a step of the search become slower, or does it answer otherwise? `make bench-guard`.
//!
//! CPU seconds are compared as ratios to a loop that is timed in the same process, so that another
//! machine, or a busy one, changes little; instructions are counted with valgrind where it is at
//! hand. Limits, and how they were made, are in `benches/limits.json`. `--growth` alone measures
//! the table of growth; `--growth 500,10000` only these sizes.

use std::collections::BTreeMap;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use cpu_time::ThreadTime;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rond::bench::synthetic;
use rond::solver::Problem;
use rond::solver::construct::construct;
use rond::solver::insert::{Effort, Inserter};
use rond::solver::near::Nearby;
use rond::solver::ruin::Neighbours;
use rond::solver::search::{Allowance, Chain};
use rond::solver::state::State;
use serde::{Deserialize, Serialize};

const SEED: u64 = 1;
/// A figure may be so many times its limit.
const TOLERANCE: f64 = 1.5;
/// Requests for which places are looked for, per round.
const REQUESTS: usize = 1_000;
/// Rounds of which the fastest counts: what else the machine does only ever slows down.
const ROUNDS: usize = 3;
/// Positions judged per measurement of the improving steps.
const STEP_WORK: u64 = 1_500_000;
/// The best so many places are asked for.
const OFFERS: usize = 5;
const SIZES: [u32; 3] = [100, 1_000, 10_000];
const GROWTH: [u32; 6] = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
const EVERYTHING: Effort = Effort { blink_one_in: None, exhaustive: true };
const LIMITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/limits.json");

/// What a case must keep.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Limit {
    /// Time over the time of the calibration loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    /// Instructions.
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<u64>,
    /// What came out, boiled down.
    checksum: u64,
}

#[derive(Serialize, Deserialize)]
struct Limits {
    made: String,
    cases: BTreeMap<String, Limit>,
}

/// A figure just measured.
struct Measured {
    name: String,
    seconds: f64,
    goal: Option<f64>,
    checksum: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1).cloned()
    };
    if let Some(case) = after("--once") {
        println!("checksum {}", run_once(&case));
        return ExitCode::SUCCESS;
    }
    if arguments.iter().any(|argument| argument == "--growth") {
        let sizes: Vec<u32> = after("--growth")
            .map(|sizes| sizes.split(',').filter_map(|size| size.parse().ok()).collect())
            .unwrap_or_default();
        let sizes = if sizes.is_empty() { &GROWTH[..] } else { &sizes };
        growth(sizes).iter().for_each(|(_, line)| println!("{line}"));
        return ExitCode::SUCCESS;
    }
    let calibration = calibrate();
    println!("calibration loop {:.3} ms", calibration * 1e3);
    let mut measured = Vec::new();
    for visits in SIZES {
        measured.extend(requests(visits));
    }
    measured.extend(growth(&[500, 10_000]).into_iter().map(|(step, _)| step));
    measured.push(first_plan(5_000));
    let counted = ["joint-1000", "step-500"].map(|case| (case, count_instructions(case)));
    if arguments.iter().any(|argument| argument == "--write") {
        return write_limits(calibration, &measured, &counted);
    }
    judge(calibration, &measured, &counted)
}

/// Work of the same kind as the search's: sums, comparisons and reads here and there.
fn calibrate() -> f64 {
    let table: Vec<i32> = (0..1 << 16).map(|at: i32| at.wrapping_mul(7_919) % 1_000).collect();
    let mut best = f64::MAX;
    for _ in 0..15 {
        let begun = ThreadTime::now();
        let (mut at, mut sum) = (1_u32, 0_i64);
        for _ in 0..2_000_000 {
            at = at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let entry = i64::from(table[(at >> 16) as usize]);
            sum += if entry > 500 { entry } else { sum & 1 };
        }
        std::hint::black_box(sum);
        best = best.min(begun.elapsed().as_secs_f64());
    }
    best
}

/// A made-up day as the search takes it.
fn day(visits: u32) -> Problem {
    synthetic::day(visits, SEED).with_near_places_together().into_owned()
}

fn planned<'p>(problem: &'p Problem, nearby: &Arc<Nearby>) -> State<'p> {
    let mut state = State::empty(problem);
    let mut inserter = Inserter::default();
    inserter.look_near(Arc::clone(nearby));
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    construct(&mut state, &mut inserter, &mut random);
    state
}

/// Joint visits of the plan, drawn at random. A few can't leave: breaks are taken at the stop
/// before them, which may be further from the next one.
fn joint_visits(state: &mut State<'_>) -> Vec<u32> {
    let problem = state.problem;
    let mut joint = Vec::new();
    for (visit, spec) in problem.visits.iter().enumerate() {
        if state.assigned[visit] && spec.parts.len() == 2 {
            let mark = state.mark();
            state.take_out(visit as u32);
            if state.refresh() {
                joint.push(visit as u32);
            }
            state.rewind(mark);
        }
    }
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    (0..REQUESTS).map(|_| joint[random.random_range(0..joint.len())]).collect()
}

/// For each visit: takes it out, times `look`, puts it back. Sorted seconds and a checksum.
fn time_each(
    state: &mut State<'_>,
    visits: &[u32],
    mut look: impl FnMut(&mut State<'_>, u32) -> i64,
) -> (Vec<f64>, u64) {
    let (mut seconds, mut checksum) = (Vec::with_capacity(visits.len()), 0);
    for &visit in visits {
        let mark = state.mark();
        state.take_out(visit);
        assert!(state.refresh(), "it could leave before");
        let begun = ThreadTime::now();
        let found = look(state, visit);
        seconds.push(begun.elapsed().as_secs_f64());
        checksum = mixed(checksum, found);
        state.rewind(mark);
    }
    seconds.sort_by(f64::total_cmp);
    (seconds, checksum)
}

fn mixed(checksum: u64, value: i64) -> u64 {
    // Not more than JSON readers keep exactly.
    ((checksum ^ value as u64).wrapping_mul(0x0100_0000_01b3)) & ((1 << 52) - 1)
}

fn requests(visits: u32) -> Vec<Measured> {
    let problem = day(visits);
    let mut state = planned(&problem, &Arc::new(Nearby::of(&problem)));
    let joint = joint_visits(&mut state);
    let mut inserter = Inserter::default();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut best = |state: &mut State<'_>, visit: u32| {
        let found = inserter.best_place(state, visit, EVERYTHING, &mut random);
        found.map_or(-1, |place| place.price)
    };
    let goals: [Option<f64>; 2] = match visits {
        1_000 => [Some(50e-6), Some(1e-3)],
        10_000 => [Some(1e-3), Some(10e-3)],
        _ => [None, None],
    };
    let name = format!("best place of a joint visit, {visits} visits");
    let mut measured = Vec::from(rounds(&name, goals[0], &mut state, &joint, &mut best));
    let mut inserter = Inserter::default();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut offers = |state: &mut State<'_>, visit: u32| {
        let offers = inserter.best_offers(state, visit, OFFERS, &mut random);
        offers.iter().map(|offer| offer.tiers.iter().sum::<i64>()).sum()
    };
    let name = format!("five best offers, {visits} visits");
    measured.extend(rounds(&name, goals[1], &mut state, &joint, &mut offers));
    measured
}

fn rounds(
    name: &str,
    goal: Option<f64>,
    state: &mut State<'_>,
    visits: &[u32],
    look: &mut impl FnMut(&mut State<'_>, u32) -> i64,
) -> [Measured; 2] {
    let mut least = [f64::MAX; 2];
    let mut checksum = 0;
    for _ in 0..ROUNDS {
        let (seconds, found) = time_each(state, visits, &mut *look);
        checksum = found;
        least[0] = least[0].min(seconds[seconds.len() / 2]);
        least[1] = least[1].min(seconds[seconds.len() * 99 / 100]);
    }
    let measured = |at: usize, quantile: &str, goal| Measured {
        name: format!("{name}, {quantile}"),
        seconds: least[at],
        goal,
        checksum,
    };
    [measured(0, "p50", None), measured(1, "p99", goal)]
}

/// Time per improving step at each size, with a line for the table.
fn growth(sizes: &[u32]) -> Vec<(Measured, String)> {
    let mut first = None;
    let lines = sizes.iter().map(|&visits| {
        let problem = day(visits);
        let nearby = Arc::new(Nearby::of(&problem));
        let neighbours = Neighbours::of(&problem);
        let (mut seconds, mut checksum) = (f64::MAX, 0);
        for _ in 0..ROUNDS {
            let begun = ThreadTime::now();
            let (iterations, found, walked) = steps(&problem, &nearby, &neighbours, begun);
            seconds = seconds.min(walked / iterations as f64);
            checksum = found;
        }
        let of_first = seconds / *first.get_or_insert(seconds);
        let line =
            format!("{visits:>6} visits: {:8.2} µs per step, {of_first:.2} ×", seconds * 1e6);
        let name = format!("improving step, {visits} visits");
        (Measured { name, seconds, goal: None, checksum }, line)
    });
    lines.collect()
}

/// Steps done, a checksum of the plan, and the seconds they took.
fn steps(
    problem: &Problem,
    nearby: &Arc<Nearby>,
    neighbours: &Neighbours,
    clock: ThreadTime,
) -> (u64, u64, f64) {
    let mut chain = Chain::new(planned(problem, nearby), SEED);
    chain.inserter.look_near(Arc::clone(nearby));
    let begun = clock.elapsed();
    chain.run(neighbours, Allowance::Work(STEP_WORK), 1.0);
    let walked = clock.elapsed() - begun;
    let checksum = chain.best.score.iter().fold(0, |sum, points| mixed(sum, *points));
    (chain.iterations, checksum, walked.as_secs_f64())
}

fn first_plan(visits: u32) -> Measured {
    let problem = day(visits);
    let (mut seconds, mut checksum) = (f64::MAX, 0);
    for _ in 0..ROUNDS {
        let begun = ThreadTime::now();
        let state = planned(&problem, &Arc::new(Nearby::of(&problem)));
        seconds = seconds.min(begun.elapsed().as_secs_f64());
        checksum = state.score().iter().fold(0, |sum, points| mixed(sum, *points));
    }
    let name = format!("first plan of a region, {visits} visits");
    Measured { name, seconds, goal: Some(5.0), checksum }
}

/// A case for counting instructions; `-setup` behind its name leaves out what is counted.
fn run_once(case: &str) -> u64 {
    let is_setup = case.ends_with("-setup");
    let visits = if case.starts_with("joint-1000") { 1_000 } else { 500 };
    let problem = day(visits);
    let nearby = Arc::new(Nearby::of(&problem));
    let mut state = planned(&problem, &nearby);
    if case.starts_with("joint-1000") {
        let joint = joint_visits(&mut state);
        if is_setup {
            return 0;
        }
        let mut inserter = Inserter::default();
        let mut random = Pcg64Mcg::seed_from_u64(SEED);
        let mut look = |state: &mut State<'_>, visit: u32| {
            let found = inserter.best_place(state, visit, EVERYTHING, &mut random);
            found.map_or(-1, |place| place.price)
        };
        return time_each(&mut state, &joint, &mut look).1;
    }
    let neighbours = Neighbours::of(&problem);
    if is_setup {
        return 0;
    }
    let mut chain = Chain::new(state, SEED);
    chain.inserter.look_near(nearby);
    chain.run(&neighbours, Allowance::Work(STEP_WORK / 5), 1.0);
    chain.best.score.iter().fold(0, |sum, points| mixed(sum, *points))
}

/// Instructions of a case without its setup, and its checksum; `None` where they can't be counted.
fn count_instructions(case: &str) -> Option<(u64, u64)> {
    let count = |case: &str| {
        let program = std::env::current_exe().ok()?;
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(program)
            .args(["--once", case])
            .env("RAYON_NUM_THREADS", "1")
            .output()
            .ok()?;
        let number = |text: &[u8], label: &str| {
            let text = String::from_utf8_lossy(text).into_owned();
            let line = text.lines().find(|line| line.contains(label))?;
            let number = line.rsplit(' ').next()?.replace(',', "");
            number.parse::<u64>().ok()
        };
        let checksum = number(&output.stdout, "checksum")?;
        Some((number(&output.stderr, "Collected")?, checksum))
    };
    let (whole, checksum) = count(case)?;
    let (setup, _) = count(&format!("{case}-setup"))?;
    Some((whole.saturating_sub(setup), checksum))
}

type Counted = (&'static str, Option<(u64, u64)>);

fn write_limits(calibration: f64, measured: &[Measured], counted: &[Counted]) -> ExitCode {
    let mut cases = BTreeMap::new();
    for case in measured {
        let ratio = Some(rounded(case.seconds / calibration));
        let limit = Limit { ratio, instructions: None, checksum: case.checksum };
        cases.insert(case.name.clone(), limit);
    }
    for &(name, count) in counted {
        if let Some((instructions, checksum)) = count {
            let limit = Limit { ratio: None, instructions: Some(instructions), checksum };
            cases.insert(format!("instructions of {name}"), limit);
        }
    }
    let made = "make bench-limits: CPU seconds over those of the calibration loop (the fastest of \
                three rounds), instructions by callgrind; a figure may be 1.5 times its limit";
    let limits = Limits { made: made.to_owned(), cases };
    let text = serde_json::to_string_pretty(&limits).expect("limits are plain numbers");
    std::fs::write(LIMITS, text + "\n").expect("benches/limits.json can be written");
    println!("wrote benches/limits.json");
    ExitCode::SUCCESS
}

fn rounded(ratio: f64) -> f64 {
    (ratio * 1e6).round() / 1e6
}

fn judge(calibration: f64, measured: &[Measured], counted: &[Counted]) -> ExitCode {
    let text = std::fs::read_to_string(LIMITS).expect("benches/limits.json can be read");
    let limits: Limits = serde_json::from_str(&text).expect("limits.json is whole");
    let mut failures = Vec::new();
    println!("{:<52} {:>12} {:>8} {:>10} {:>6}", "", "seconds", "goal", "ratio", "limit");
    for case in measured {
        let ratio = case.seconds / calibration;
        let limit = limits.cases.get(&case.name);
        let times = limit.and_then(|limit| limit.ratio).map(|limit| ratio / limit);
        let goal = case.goal.map_or(String::new(), |goal| format!("{goal}"));
        let shown = times.map_or("–".to_owned(), |times| format!("{times:.2} ×"));
        let (name, seconds) = (&case.name, case.seconds);
        println!("{name:<52} {seconds:>12.7} {goal:>8} {ratio:>10.5} {shown:>6}");
        failures.extend(complaint(name, times, limit, case.checksum));
    }
    for &(name, count) in counted {
        let name = format!("instructions of {name}");
        let Some((instructions, checksum)) = count else {
            println!("{name:<52} NOT COUNTED: valgrind is not at hand");
            continue;
        };
        let limit = limits.cases.get(&name);
        let times = limit.and_then(|limit| limit.instructions);
        let times = times.map(|limit| instructions as f64 / limit as f64);
        let shown = times.map_or("–".to_owned(), |times| format!("{times:.2} ×"));
        println!("{name:<52} {instructions:>12} {shown:>26}");
        failures.extend(complaint(&name, times, limit, checksum));
    }
    for failure in &failures {
        println!("{failure}");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn complaint(
    name: &str,
    times: Option<f64>,
    limit: Option<&Limit>,
    checksum: u64,
) -> Option<String> {
    let (Some(times), Some(limit)) = (times, limit) else {
        return Some(format!("{name}: no limit; `make bench-limits` sets one"));
    };
    if limit.checksum != checksum {
        return Some(format!("{name}: another answer; if it is meant, `make bench-limits`"));
    }
    (times > TOLERANCE).then(|| format!("{name}: {times:.2} times its limit"))
}
