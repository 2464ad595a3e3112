//! A running plan, and requests that come in one by one: a made-up day of vehicles with hard
//! windows, as plain as those that other programs can plan too.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use crate::solver::problem::{
    COST, Fit, LatenessSpec, NEVER, NONE, PartSpec, Points, Problem, RouteSpec, VisitSpec,
};
use crate::solver::{Earlier, Solution};

/// Seconds from one side of the square to the other; the depot lies in its middle.
const SIDE: i32 = 3_600;
/// Seconds of the day.
const DAY: i32 = 8 * 3_600;
/// Seconds of a window.
const WINDOW: i32 = 2 * 3_600;
/// Least and greatest service, in seconds.
const SERVICE: (i32, i32) = (600, 1_800);
/// Visits per vehicle: most that want a place find one, at a price.
const VISITS_PER_VEHICLE: usize = 9;
/// What leaving a visit out costs, in the first tier.
const UNASSIGNED: i64 = 1_000;
/// First and last temperature of the search for a plan to begin with, and of one that mends it.
const TEMPERATURES: (i64, i64) = (1_000, 20);
const TEMPERATURES_OF_MENDING: (i64, i64) = (100, 10);

/// Somebody to be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Where, in seconds of driving.
    pub x: i32,
    /// Where, in seconds of driving.
    pub y: i32,
    /// How long it takes.
    pub service: i32,
    /// Earliest and latest start.
    pub window: [i32; 2],
}

/// A day that is under way, and requests for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunningDay {
    /// How many vehicles; all start and end at the depot.
    pub vehicles: usize,
    /// Everyone is back by then.
    pub day: i32,
    /// Where the depot is.
    pub depot: (i32, i32),
    /// Who is in the plan.
    pub visits: Vec<Call>,
    /// Who calls, each by itself.
    pub requests: Vec<Call>,
}

/// Per vehicle its visits in order.
pub type Plan = Vec<Vec<u32>>;

impl RunningDay {
    /// A day made up with a seed.
    pub fn made_up(visits: usize, requests: usize, seed: u64) -> RunningDay {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let depot = (SIDE / 2, SIDE / 2);
        let mut call = || {
            let (x, y) = (random.random_range(0..=SIDE), random.random_range(0..=SIDE));
            let service = random.random_range(SERVICE.0..=SERVICE.1);
            let there = distance(depot, (x, y));
            // Wholly within what one vehicle can reach and come back from.
            let last = DAY - there - service;
            let from = random.random_range(there.min(last - WINDOW)..=last - WINDOW);
            Call { x, y, service, window: [from, from + WINDOW] }
        };
        let visits: Vec<Call> = (0..visits).map(|_| call()).collect();
        let requests = (0..requests).map(|_| call()).collect();
        let vehicles = visits.len().div_ceil(VISITS_PER_VEHICLE);
        RunningDay { vehicles, day: DAY, depot, visits, requests }
    }

    /// The problem of the visits alone.
    pub fn problem(&self) -> Problem {
        self.problem_of(&self.visits, |_, _| 0)
    }

    /// The problem with one request more, as the last visit. `moved` points are the price of every
    /// visit that leaves the vehicle that the plan gave it.
    pub fn problem_with(&self, request: usize, plan: &Plan, moved: i64) -> Problem {
        let mut vehicle_of = vec![usize::MAX; self.visits.len() + 1];
        for (vehicle, visits) in plan.iter().enumerate() {
            for &visit in visits {
                vehicle_of[visit as usize] = vehicle;
            }
        }
        let mut calls = self.visits.clone();
        calls.push(self.requests[request]);
        let mut problem = self.problem_of(&calls, |visit, vehicle| {
            let is_moved = vehicle_of[visit] != usize::MAX && vehicle_of[visit] != vehicle;
            if is_moved { moved } else { 0 }
        });
        problem.temperatures = TEMPERATURES_OF_MENDING;
        problem
    }

    fn problem_of(&self, calls: &[Call], cost: impl Fn(usize, usize) -> i64) -> Problem {
        let mut points = vec![self.depot];
        points.extend(calls.iter().map(|call| (call.x, call.y)));
        let leg = |&from: &(i32, i32)| points.iter().map(move |&to| distance(from, to));
        let mut problem = Problem {
            places: points.len(),
            travel: points.iter().flat_map(leg).collect(),
            setup: vec![0; points.len()],
            lateness: vec![LatenessSpec { tier: COST, unit: 1, steps: Vec::new(), cap: 0 }],
            weights: [1 << 40, 1 << 28, 1 << 20, 1],
            temperatures: TEMPERATURES,
            routes: (0..self.vehicles).map(|vehicle| route_of(vehicle as u32)).collect(),
            ..Problem::default()
        };
        for (visit, call) in calls.iter().enumerate() {
            add_call(&mut problem, visit as u32, call);
            for vehicle in 0..self.vehicles {
                let mut fit = fit_of(call);
                fit.cost = cost(visit, vehicle);
                let known = problem.fits.len().saturating_sub(2)..problem.fits.len();
                let at = known.clone().find(|&at| problem.fits[at] == fit);
                let at = at.unwrap_or_else(|| {
                    problem.fits.push(fit);
                    problem.fits.len() - 1
                });
                problem.fitting[visit].push((vehicle as u32, at as u32));
            }
        }
        problem
    }
}

/// The visits of each vehicle in a solution.
pub fn plan_of(solution: &Solution) -> Plan {
    let visits =
        |route: &Vec<crate::solver::SolutionStop>| route.iter().map(|stop| stop.node).collect();
    solution.routes.iter().map(visits).collect()
}

/// A plan as something to start from.
pub fn earlier_of(plan: &Plan) -> Vec<Earlier> {
    let mut earlier = Vec::new();
    for (route, visits) in plan.iter().enumerate() {
        for (rank, &part) in visits.iter().enumerate() {
            earlier.push(Earlier { route: route as u32, rank: rank as u32, part });
        }
    }
    earlier
}

/// How many visits of the first plan are with another vehicle in the second.
pub fn moved(before: &Plan, after: &Plan) -> usize {
    let pairs = before.iter().zip(after);
    pairs.map(|(one, other)| one.iter().filter(|visit| !other.contains(visit)).count()).sum()
}

fn distance(from: (i32, i32), to: (i32, i32)) -> i32 {
    let (x, y) = (f64::from(from.0 - to.0), f64::from(from.1 - to.1));
    x.hypot(y).ceil() as i32
}

fn fit_of(call: &Call) -> Fit {
    Fit {
        from: call.window[0],
        to: call.window[1],
        starts: NONE,
        cost: 0,
        hours: NONE,
        told_cost: 0,
        told: NONE,
    }
}

fn route_of(crew: u32) -> RouteSpec {
    RouteSpec {
        crew,
        start_place: 0,
        end_place: 0,
        from: 0,
        to: DAY,
        latest: DAY,
        travel_price: 1,
        waiting_price: 0,
        overtime_price: 0,
        load_max: i64::MAX,
        breaks: Vec::new(),
        rest_to: Vec::new(),
        slot: 0,
        next_stop: NONE,
        first: Vec::new(),
    }
}

fn add_call(problem: &mut Problem, visit: u32, call: &Call) {
    problem.groups.push(vec![visit]);
    problem.parts.push(PartSpec {
        visit,
        place: visit + 1,
        service: call.service,
        due: NEVER,
        lateness: 0,
        load: 0,
        group: visit,
    });
    problem.fitting.push(Vec::new());
    problem.lags_in.push(Vec::new());
    problem.lags_out.push(Vec::new());
    problem.visits.push(VisitSpec {
        parts: visit..visit + 1,
        unassigned: Points { tier: 0, points: UNASSIGNED },
        unassigned_told: 0,
        meets: false,
        has_lags: false,
        same_crew_allowed: false,
        barred: false,
        kept: false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::insert::{Effort, Inserter};
    use crate::solver::state::State;
    use crate::solver::{Budget, Settings, solve, take_over};

    fn searched(problem: &Problem, earlier: &[Earlier]) -> Solution {
        let settings = Settings {
            seed: 1,
            threads: 1,
            chains: 1,
            budget: Budget::Work(50_000),
            observer: &|_, _| (),
        };
        solve(problem, settings, earlier)
    }

    #[test]
    fn a_dear_move_is_made_only_where_a_call_has_no_place_without() {
        let day = RunningDay::made_up(30, 6, 7);
        let plan = plan_of(&searched(&day.problem(), &[]));
        assert_eq!(plan.iter().flatten().count(), 30);
        let mut with_place = 0;
        for request in 0..6 {
            let problem = day.problem_with(request, &plan, 1_000_000);
            let mended = searched(&problem, &earlier_of(&plan));
            assert!(mended.unassigned.len() <= 1);
            if has_place(&problem, &plan) {
                with_place += 1;
                assert_eq!(moved(&plan, &plan_of(&mended)), 0, "nobody pays a million to move");
            }
        }
        assert!(with_place > 0);
    }

    /// Does the last visit fit into the plan as it is?
    fn has_place(problem: &Problem, plan: &Plan) -> bool {
        let mut state = State::empty(problem);
        take_over(&mut state, &earlier_of(plan));
        let effort = Effort { blink_one_in: None, exhaustive: true };
        let (mut inserter, mut random) = (Inserter::default(), Pcg64Mcg::seed_from_u64(1));
        let last = problem.visits.len() as u32 - 1;
        inserter.best_place(&mut state, last, effort, &mut random).is_some()
    }

    #[test]
    fn the_same_seed_makes_up_the_same_day_within_reach() {
        let day = RunningDay::made_up(50, 5, 3);
        assert_eq!(day, RunningDay::made_up(50, 5, 3));
        assert_ne!(day, RunningDay::made_up(50, 5, 4));
        for call in day.visits.iter().chain(&day.requests) {
            let there = distance(day.depot, (call.x, call.y));
            assert!(call.window[0] >= 0 && call.window[1] >= there);
            assert!(call.window[1] + call.service + there <= day.day);
        }
    }
}
