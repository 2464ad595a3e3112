//! The search against what is proven to be the best, on tiny worlds.

use std::sync::atomic::{AtomicU64, Ordering};

use rond::domain::{Plan, TIERS, World};
use rond::rules;
use rond::solver::{Budget, Settings};
use rond::travel::Matrix;

use crate::support::brute::best_by_brute_force;
use crate::support::day::Day;
use crate::support::milp::{Verdict, prove};
use crate::support::timing::limits_of;
use crate::support::travel::random_travel;
use crate::support::without::{ITEMS, without};
use crate::support::worlds::{Shape, random_world};
use crate::support::written_plan::plan_of;

/// Tiny days in all, and how many must be proven: the hardest programmes are given up.
const SEEDS: u64 = 80;
const PROVEN_MIN: u64 = 60;
/// Each thing must matter in so many of those.
const BINDS_MIN: u64 = 5;
/// Work of the search.
const WORK: u64 = 1_000_000;
/// Days, and work for each, on which times of plans are checked.
const TIMED_DAYS: u64 = 600;
const TIMED_WORK: u64 = 2_000;
/// No tiny world needs more arrangements than this.
const TIMED_MAX: u64 = 3_000_000;

/// The two oracles of timing, raising starts until nothing asks for more and shortest paths, agree.
#[test]
fn two_ways_to_time_an_order_agree() {
    for seed in 0..40 {
        let world = random_world(seed, &Shape::tiny());
        let matrix = random_travel(seed, &world);
        let day = Day::new(&world, &matrix);
        let best = best_by_brute_force(&day, TIMED_MAX).expect("a tiny world");
        let timing = best.arrangement.earliest(&day).expect("the best can be kept");
        check_times(seed, &day, &plan_of(&day, &best.arrangement, &timing));
    }
}

/// What a plan says of starts and slack is what shortest paths say, pins and held stops included.
#[test]
fn starts_and_slack_of_plans_are_true() {
    side_by_side(TIMED_DAYS, |seed| {
        // Its own reckoning of times knows no traffic; the properties hold that to the rules.
        let world = random_world(seed, &Shape { traffic: 0, ..Shape::small() });
        let matrix = random_travel(seed, &world);
        let plan = search(&world, &matrix, TIMED_WORK);
        check_times(seed, &Day::new(&world, &matrix), &plan);
    });
}

fn check_times(seed: u64, day: &Day, plan: &Plan) {
    let limits = limits_of(day, plan).expect("a legal plan can be kept");
    for (at, shift) in plan.shifts.iter().enumerate() {
        for (position, stop) in shift.stops.iter().enumerate() {
            let what = format!("seed {seed}: {:?} on {}", stop.what, shift.shift);
            assert_eq!(stop.start, limits.earliest[at][position], "{what}: start");
            let latest = stop.start + stop.slack;
            assert_eq!(latest, limits.latest[at][position], "{what}: latest start");
        }
        assert_eq!(Some(&shift.back), limits.earliest[at].last(), "seed {seed}: return");
    }
}

/// The search, a programme solved to proven optimality, and brute force find the same price.
#[test]
fn the_search_finds_what_is_proven_to_be_best() {
    let proven = AtomicU64::new(0);
    let binds: [AtomicU64; ITEMS.len()] = std::array::from_fn(|_| AtomicU64::new(0));
    side_by_side(SEEDS, |seed| {
        let world = random_world(seed, &Shape::tiny());
        let matrix = random_travel(seed, &world);
        let best = brute_force(&world, &matrix);
        let found = search(&world, &matrix, WORK).score.tiers;
        assert_eq!(found, best, "seed {seed}: the search and brute force");
        match proof(&world, &matrix, found) {
            Verdict::Least(least, _) if least == found => {}
            Verdict::Least(least, _) => panic!("seed {seed}: found {found:?}, proven {least:?}"),
            Verdict::Nothing => panic!("seed {seed}: nothing costs as little as {found:?}"),
            Verdict::GivenUp => return,
        }
        proven.fetch_add(1, Ordering::Relaxed);
        for (item, binds) in ITEMS.iter().zip(&binds) {
            if brute_force(&without(&world, item), &matrix) != best {
                binds.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let proven = proven.into_inner();
    println!("proven to be the best: {proven} of {SEEDS} tiny days");
    for (item, binds) in ITEMS.iter().zip(&binds) {
        println!("{} binds in {} of them", item.name, binds.load(Ordering::Relaxed));
    }
    assert!(proven >= PROVEN_MIN, "only {proven} days were proven");
    for (item, binds) in ITEMS.iter().zip(binds) {
        assert!(binds.into_inner() >= BINDS_MIN, "{} hardly ever binds", item.name);
    }
}

/// The least price by brute force; its plan passes the audit with that price.
fn brute_force(world: &World, matrix: &Matrix) -> [i64; TIERS] {
    let day = Day::new(world, matrix);
    let best = best_by_brute_force(&day, TIMED_MAX).expect("a tiny world");
    let timing = best.arrangement.earliest(&day).expect("the best can be kept");
    let plan = plan_of(&day, &best.arrangement, &timing);
    let audit = rules::audit(world, matrix, &plan);
    assert_eq!(audit.verdict, rules::Verdict::Legal, "{:?}", audit.violations);
    assert_eq!(audit.score.tiers, best.score, "the plain rules and brute force");
    best.score
}

/// What the search finds.
fn search(world: &World, matrix: &Matrix, work: u64) -> Plan {
    let settings = Settings {
        seed: 1,
        threads: 1,
        chains: 2,
        budget: Budget::Work(work),
        observer: &|_, _| {},
    };
    match rond::replan::plan(world, matrix, settings) {
        Ok(outcome) => outcome.plan,
        Err(error) => panic!("the plan was rejected: {error:?}"),
    }
}

/// What the programme proves of a price; what it finds passes the audit with the price it says.
fn proof(world: &World, matrix: &Matrix, claimed: [i64; TIERS]) -> Verdict {
    let day = Day::new(world, matrix);
    let verdict = prove(&day, Some(claimed));
    if let Verdict::Least(least, arrangement) = &verdict {
        let timing = arrangement.earliest(&day).expect("what is proven can be kept");
        let audit = rules::audit(world, matrix, &plan_of(&day, arrangement, &timing));
        assert_eq!(audit.verdict, rules::Verdict::Legal, "{:?}", audit.violations);
        assert_eq!(audit.score.tiers, *least, "the plain rules and the programme");
    }
    verdict
}

/// Does the work of every seed, on as many threads as there are.
fn side_by_side(seeds: u64, work: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    work(seed);
                }
            });
        }
    });
}
