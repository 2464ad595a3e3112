//! Loads, empty routes that are alike, and plans to start from.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::fixture::{DAY, add_fit, pair_at, part_at, problem_of_routes};
use super::insert::{Effort, Inserter};
use super::judge::Placement;
use super::problem::{Lag, NEVER, Problem};
use super::state::State;
use super::{Budget, Earlier, Settings, Solution, Why, solve, take_over};

const EVERYTHING: Effort = Effort { blink_one_in: None, exhaustive: true };

fn best_prices(problem: &Problem, visits: &[u32]) -> (Vec<Option<i64>>, u64) {
    let mut state = State::empty(problem);
    let mut inserter = Inserter::default();
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let mut prices = Vec::new();
    for &visit in visits {
        let place = inserter.best_place(&mut state, visit, EVERYTHING, &mut random).cloned();
        prices.push(place.as_ref().map(|place| place.price));
        if let Some(place) = place {
            assert!(state.insert(visit, &place.placements), "judged to fit");
        }
    }
    (prices, inserter.work)
}

/// The same problem with prices that only the general judge knows.
fn unplain(mut problem: Problem) -> Problem {
    for route in &mut problem.routes {
        route.waiting_price = 1;
    }
    problem
}

fn searched(problem: &Problem, earlier: &[Earlier]) -> Solution {
    let settings = Settings {
        seed: 1,
        threads: 1,
        chains: 1,
        budget: Budget::Work(5_000),
        observer: &|_, _| (),
    };
    solve(problem, settings, earlier)
}

#[test]
fn a_full_route_takes_no_more_however_it_is_judged() {
    let mut problem = problem_of_routes(2);
    for _ in 0..5 {
        part_at(&mut problem, 3, 4);
    }
    problem.routes[0].load_max = 8;
    problem.routes[1].load_max = 8;
    assert!(State::empty(&problem).plain.is_some(), "hard windows and travel alone are plain");
    let expected = vec![Some(6), Some(0), Some(6), Some(0), None];
    assert_eq!(best_prices(&problem, &[0, 1, 2, 3, 4]).0, expected);
    let problem = unplain(problem);
    assert!(State::empty(&problem).plain.is_none());
    assert_eq!(best_prices(&problem, &[0, 1, 2, 3, 4]).0, expected);
}

#[test]
fn one_crew_takes_both_parts_only_if_it_can_carry_both() {
    let mut problem = problem_of_routes(1);
    let first = pair_at(&mut problem, 3, 4);
    let second = first + 1;
    // At a lag, so that one crew may do both.
    problem.groups = vec![vec![first], vec![second]];
    problem.parts[1].group = 1;
    let (to, from) = (Lag { other: first, least: 1 }, Lag { other: second, least: 1 });
    problem.lags_in[1].push(to);
    problem.lags_out[0].push(from);
    (problem.visits[0].has_lags, problem.visits[0].same_crew_allowed) = (true, true);
    problem.routes[0].load_max = 8;
    assert_eq!(best_prices(&problem, &[0]).0, [Some(6)]);
    problem.routes[0].load_max = 7;
    assert_eq!(best_prices(&problem, &[0]).0, [None]);
}

#[test]
fn places_that_nobody_judged_are_refused_when_the_load_is_too_great() {
    let mut problem = problem_of_routes(1);
    for _ in 0..2 {
        part_at(&mut problem, 3, 5);
    }
    problem.routes[0].load_max = 9;
    let mut state = State::empty(&problem);
    let start = state.start_node(0);
    let place = |part: u32| [Placement { part, prev: start, fit: part, hold: -NEVER }];
    assert!(state.insert(0, &place(0)));
    let before = state.score();
    assert!(!state.insert(1, &place(1)));
    assert_eq!((state.score(), state.routes[0].load), (before, 5));
    assert!(state.refresh(), "nothing is left of what was refused");
}

#[test]
fn of_empty_routes_that_are_alike_as_many_are_judged_as_crews_are_needed() {
    let mut problem = problem_of_routes(50);
    part_at(&mut problem, 3, 0);
    pair_at(&mut problem, 4, 0);
    let (prices, work) = best_prices(&problem, &[0, 1]);
    // The pair joins the first visit's crew on its way, and a crew of its own.
    assert_eq!(prices, [Some(6), Some(2 + 8)]);
    assert!(work < 20, "{work} positions judged");
    let mut others = problem.clone();
    for (at, route) in others.routes.iter_mut().enumerate() {
        route.latest -= at as i32;
        route.to = route.latest;
    }
    let (same, all) = best_prices(&others, &[0, 1]);
    assert_eq!(same, prices);
    assert!(all > 100, "{all} positions judged");
}

#[test]
fn a_plan_to_start_from_that_can_stand_is_taken_over_as_it_is() {
    let mut problem = problem_of_routes(2);
    for place in 1..=4 {
        part_at(&mut problem, place, 1);
    }
    let earlier: Vec<Earlier> = [(0, 3), (0, 0), (1, 2), (1, 1)]
        .iter()
        .enumerate()
        .map(|(rank, &(route, part))| Earlier { route, rank: rank as u32, part })
        .collect();
    let mut state = State::empty(&problem);
    take_over(&mut state, &earlier);
    let stops = |route: u32| state.stops(route).collect::<Vec<u32>>();
    assert_eq!((stops(0), stops(1)), (vec![3, 0], vec![2, 1]));
}

#[test]
fn a_plan_to_start_from_that_is_late_is_repaired() {
    let mut problem = problem_of_routes(1);
    for place in 1..=3 {
        part_at(&mut problem, place, 1);
    }
    // The second visit of the plan can no longer be reached in time behind the first.
    let early = add_fit(&mut problem, 0, 1);
    problem.fitting[0][0].1 = early;
    let earlier: Vec<Earlier> =
        [2, 0, 1].iter().map(|&part| Earlier { route: 0, rank: 2 - part, part }).collect();
    let solution = searched(&problem, &earlier);
    assert_eq!(solution.unassigned, []);
    assert_eq!(solution.routes[0][0].node, 0, "it comes first now");
}

#[test]
fn a_plan_to_start_from_that_asks_for_the_impossible_keeps_the_rest() {
    let mut problem = problem_of_routes(2);
    pair_at(&mut problem, 2, 5);
    part_at(&mut problem, 3, 5);
    part_at(&mut problem, 4, 50);
    for route in &mut problem.routes {
        route.load_max = 10;
    }
    // Both parts of the pair by one crew, a part twice, and more than can be carried.
    let earlier: Vec<Earlier> = [(0, 0), (0, 1), (0, 2), (1, 2), (1, 3)]
        .iter()
        .enumerate()
        .map(|(rank, &(route, part))| Earlier { route, rank: rank as u32, part })
        .collect();
    let solution = searched(&problem, &earlier);
    assert_eq!(solution.unassigned, [(2, Why::NoPlace)]);
    assert!(solution.routes.iter().flatten().all(|stop| stop.start <= DAY));
}

/// A region's first plan once took longer than half of a short budget, and everyone was left out.
#[test]
fn nobody_is_left_out_because_the_time_was_short() {
    let mut problem = problem_of_routes(2);
    for _ in 0..5 {
        part_at(&mut problem, 3, 4);
    }
    let seconds = std::sync::atomic::AtomicU32::new(0);
    let clock = || f64::from(seconds.fetch_add(1_000, std::sync::atomic::Ordering::Relaxed));
    let settings = Settings {
        seed: 1,
        threads: 1,
        chains: 2,
        budget: Budget::Time { seconds: 1.0, clock: &clock },
        observer: &|_, _| (),
    };
    assert_eq!(solve(&problem, settings, &[]).unassigned, Vec::new());
}
