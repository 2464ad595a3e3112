//! Bounds lie below every plan there is, and reach the best where all is kept that matters.

use std::path::Path;

use rond::bench::hhcrsp::{Instance, problem_of};
use rond::bound::{Effort, lower_bound};
use rond::domain::TIERS;
use rond::replan::compile::compile;
use rond::solver::problem::COST;
use rond::solver::{Budget, Problem, Settings, solve};

use crate::support::brute::best_by_brute_force;
use crate::support::day::Day;
use crate::support::travel::random_travel;
use crate::support::worlds::{Shape, random_world};

/// Tiny days; in so many of these the bound must come within a fiftieth of the best plan's price
/// (breaks, waiting and fairness, which it leaves out, weigh much there).
const SEEDS: u64 = 120;
const NEAR_MIN: u64 = 40;
/// No tiny world needs more arrangements than this.
const TIMED_MAX: u64 = 3_000_000;
/// Weights at which every tier shows in the sum. The best plan tier by tier costs no less than
/// the best by any weights.
const MILD: [i64; TIERS] = [1 << 24, 1 << 20, 1 << 17, 1];
/// Enough for a tiny day.
const EFFORT: Effort = Effort { rounds: 120, stretches: 12, labels: 2_000_000 };

fn weighted(problem: &Problem, tiers: &[i64; TIERS]) -> i64 {
    tiers.iter().zip(&problem.weights).map(|(points, weight)| points * weight).sum()
}

/// Brute force finds the best plan of a tiny day; no bound is above it, whatever plan is at hand.
#[test]
fn no_bound_is_above_the_best_plan() {
    let mut near = 0;
    for seed in 0..SEEDS {
        let world = random_world(seed, &Shape::tiny());
        let matrix = random_travel(seed, &world);
        let day = Day::new(&world, &matrix);
        let best = best_by_brute_force(&day, TIMED_MAX).expect("a tiny world").score;
        let mut problem = compile(&world, &matrix).problem;
        if seed % 2 == 0 {
            problem.weights = MILD;
        }
        let best = weighted(&problem, &best);
        // A plan at hand that is far from the best leaves the bound room to be wrong.
        for known in [best + 1, best + best / 20 + 100, 2 * best + 1_000] {
            let bound = lower_bound(&problem, known, EFFORT).expect("enough effort");
            assert!(bound.points <= best, "seed {seed}: {} is above {best}", bound.points);
            assert!(!bound.is_reached, "seed {seed}: a plan at {known} is not the best");
        }
        let bound = lower_bound(&problem, best, EFFORT).expect("enough effort");
        near += u64::from(bound.points >= best - best / 50);
    }
    println!("the bound comes within a fiftieth of the best in {near} of {SEEDS} tiny days");
    assert!(near >= NEAR_MIN, "only {near} bounds are near");
}

/// From a plan a fiftieth above it, the exact optimum of the smallest published instances is found
/// and proven, by a way that shares nothing with the search.
#[test]
fn the_smallest_published_instances_are_proven_optimal() {
    let root = std::env::var("ROND_BENCH").unwrap_or_else(|_| "../shared/bench".to_owned());
    let folder = Path::new(&root).join("hhcrsp").join("mankowska");
    let mut count = 0;
    for number in 1..=5 {
        let name = format!("InstanzCPLEX_HCSRP_10_{number}");
        let Ok(text) = std::fs::read(folder.join(format!("{name}.json"))) else { continue };
        let problem = problem_of(&Instance::read(&text).expect("a published instance"));
        let settings = Settings {
            seed: 1,
            threads: 1,
            chains: 1,
            budget: Budget::Work(400_000),
            observer: &|_, _| (),
        };
        let found = solve(&problem, settings, &[]).score[COST];
        let worse = found + found / 50;
        let bound = lower_bound(&problem, worse, Effort::default()).expect("enough effort");
        assert_eq!(bound.points, found, "{name}: the optimum");
        count += 1;
    }
    if count == 0 {
        eprintln!("SKIPPED: no published instances in {}; set ROND_BENCH", folder.display());
    }
}
