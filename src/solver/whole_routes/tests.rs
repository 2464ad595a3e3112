//! A crew leaves as late as pays: held to every other moment it could leave.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::solver::fixture::{add_fit, part_at, problem_of_routes};
use crate::solver::problem::{COST, Problem, RoutePrices};
use crate::solver::state::State;

const STOPS: usize = 5;

/// One route, five visits with windows, and prices of waiting, lateness and overtime.
fn problem(random: &mut Pcg64Mcg) -> Problem {
    let mut problem = problem_of_routes(1);
    problem.routes[0].to = random.random_range(60..160);
    let (waiting, lateness) = (random.random_range(0..9), random.random_range(0..9));
    let mut prices = RoutePrices {
        waiting,
        lateness,
        overtime: random.random_range(0..4),
        greatest_lateness: 0,
        greatest_idle: 0,
        imbalance: 0,
        leaves_at_start: false,
        yields: RoutePrices::yields_for(waiting, lateness),
        windows: Vec::new(),
        later_windows: Vec::new(),
        rests: vec![false; STOPS],
    };
    for stop in 0..STOPS {
        let part = part_at(&mut problem, random.random_range(0..20), 0);
        let from = 25 * stop as i32 + random.random_range(0..30);
        let fit = add_fit(&mut problem, from, 1_000);
        problem.fitting[part as usize] = vec![(0, fit)];
        prices.add_windows(&[(from, from + random.random_range(0..25))]);
    }
    problem.route_prices = Some(prices);
    problem
}

/// Points for waiting, lateness and overtime when the first visit starts `delay` later than it can.
fn price(problem: &Problem, prices: &RoutePrices, delay: i32) -> i64 {
    let route = &problem.routes[0];
    let (mut done, mut place, mut points) = (route.from, route.start_place, 0);
    for (part, spec) in problem.parts.iter().enumerate() {
        let window = &prices.windows[part];
        let ready = done + problem.gap(place, spec.place);
        let mut start = ready.max(window.from);
        if part == 0 {
            start += delay;
        } else {
            points += prices.waiting * i64::from(start - ready);
        }
        points += prices.lateness * i64::from((start - window.due).max(0));
        (done, place) = (start + spec.service, spec.place);
    }
    let back = done + problem.gap(place, route.end_place);
    points + prices.overtime * i64::from((back - route.to).max(0))
}

#[test]
fn no_other_moment_to_leave_is_cheaper() {
    let mut random = Pcg64Mcg::seed_from_u64(1);
    let mut delayed = 0;
    for round in 0..2_000 {
        let problem = problem(&mut random);
        let prices = problem.route_prices.as_ref().expect("just set");
        let mut state = State::empty(&problem);
        let mut prev = state.start_node(0);
        for part in 0..STOPS as u32 {
            state.lay_part(part, prev, problem.fitting[part as usize][0].1, -(1 << 29));
            prev = part;
        }
        assert!(state.refresh(), "nothing here is too late");
        let best = (0..300).map(|delay| price(&problem, prices, delay)).min();
        let timed = state.routes[0].timed;
        assert_eq!(Some(timed.price), best, "round {round}");
        assert_eq!(timed.price, price(&problem, prices, timed.delay), "round {round}");
        let first = state.priced_starts(0)[0].1 - state.nodes[0].start;
        assert_eq!(first, timed.delay, "round {round}");
        delayed += u32::from(timed.delay > 0);
    }
    assert!(delayed > 500, "only {delayed} crews had a reason to leave later");
}

#[test]
fn a_state_put_back_costs_what_it_cost() {
    let mut random = Pcg64Mcg::seed_from_u64(2);
    for _ in 0..200 {
        let problem = problem(&mut random);
        let mut state = State::empty(&problem);
        let before = state.score()[COST];
        let mark = state.mark();
        let start = state.start_node(0);
        state.lay_part(0, start, problem.fitting[0][0].1, -(1 << 29));
        assert!(state.refresh(), "nothing here is too late");
        state.rewind(mark);
        assert_eq!(state.score()[COST], before);
    }
}
