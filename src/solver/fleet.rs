//! The fewest routes first, then the best plan on that many.
//!
//! Fleet minimisation after J. Christiaens and G. Vanden Berghe, Transportation Science 54(2),
//! 2020: a route is given up, and ruin and recreate goes on until every visit has a place again. A
//! visit counts how often it was left out, and a plan is taken when those it newly leaves out have
//! been left out less often than those it newly places: so the ones that are hard to place get in,
//! and others, easier to place, are out.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::insert::{Effort, Inserter};
use super::problem::{COST, Problem};
use super::ruin::{Neighbours, Ruiner};
use super::state::{Kind, State};
use super::{Budget, Earlier, Settings, Solution, construct, is_used_up, now, solve, take_over};

/// Share of the budget in which routes are given up, at most.
const SHARE: f64 = 0.5;
/// One position in this many is overlooked by the recreation.
const BLINK_ONE_IN: u32 = 100;
/// Iterations between two looks at the budget.
const STRIDE: u32 = 16;
/// How often a ruin begins at a visit that is left out, when there is one.
const SEED_ABSENT_SHARE: f64 = 0.5;

/// Searches for a plan on the fewest routes, and for the best on that many. Routes are given up
/// from the last one on, so all must be alike.
pub fn solve_on_fewest_routes(problem: &Problem, settings: Settings<'_>) -> Solution {
    let begun = now(&settings);
    let mut fleet = Fleet {
        random: Pcg64Mcg::seed_from_u64(settings.seed),
        inserter: Inserter::default(),
        ruiner: Ruiner::default(),
        neighbours: Neighbours::of(problem),
        left_out: vec![0; problem.visits.len()],
        absent: Vec::new(),
        iterations: 0,
        settings,
        begun,
    };
    let (routes, earlier) = fleet.fewest_routes(problem);
    let budget = match settings.budget {
        Budget::Work(work) => Budget::Work(work.saturating_sub(fleet.inserter.work)),
        Budget::Time { seconds, clock } => {
            Budget::Time { seconds: (seconds - (clock() - begun)).max(0.0), clock }
        }
    };
    let mut solution =
        solve(&on_first_routes(problem, routes), Settings { budget, ..settings }, &earlier);
    solution.routes.resize(problem.routes.len(), Vec::new());
    solution.work += fleet.inserter.work;
    solution.iterations += fleet.iterations;
    solution
}

/// The problem with its first routes alone.
fn on_first_routes(problem: &Problem, count: usize) -> Problem {
    let mut fewer = problem.clone();
    fewer.routes.truncate(count);
    for fitting in &mut fewer.fitting {
        fitting.retain(|(route, _)| (*route as usize) < count);
    }
    fewer
}

/// Fewer routes than this cannot carry the loads of all visits.
fn least_routes(problem: &Problem) -> usize {
    let load: i64 = problem.parts.iter().map(|part| part.load).sum();
    let most = problem.routes.iter().map(|route| route.load_max).max().unwrap_or(1).max(1);
    usize::try_from((load.saturating_add(most - 1)) / most).unwrap_or(1).max(1)
}

struct Fleet<'c> {
    random: Pcg64Mcg,
    inserter: Inserter,
    ruiner: Ruiner,
    neighbours: Neighbours,
    /// Per visit, how many plans left it out.
    left_out: Vec<u64>,
    absent: Vec<u32>,
    iterations: u64,
    settings: Settings<'c>,
    begun: f64,
}

impl Fleet<'_> {
    /// How many routes are enough, and a plan on them.
    fn fewest_routes(&mut self, problem: &Problem) -> (usize, Vec<Earlier>) {
        let mut state = State::empty(problem);
        construct::construct(&mut state, &mut self.inserter, &mut self.random);
        if state.assigned.iter().any(|assigned| !assigned) {
            let own = place_all_on(self, problem, &plan_of(&state));
            match own {
                Some(plan) => return self.give_up_routes(problem, plan),
                None => return (problem.routes.len(), packed(&plan_of(&state))),
            }
        }
        let plan = plan_of(&state);
        self.give_up_routes(problem, plan)
    }

    fn give_up_routes(
        &mut self,
        problem: &Problem,
        mut plan: Vec<Vec<u32>>,
    ) -> (usize, Vec<Earlier>) {
        let least = least_routes(problem);
        while plan.len() > least && !self.is_over() {
            let cheapest = (0..plan.len()).min_by_key(|&route| {
                let left_out =
                    |part: &u32| self.left_out[problem.parts[*part as usize].visit as usize];
                (plan[route].iter().map(left_out).sum::<u64>(), plan[route].len())
            });
            let mut fewer = plan.clone();
            fewer.remove(cheapest.unwrap_or(0));
            match place_all_on(self, &on_first_routes(problem, fewer.len()), &fewer) {
                Some(found) => plan = found,
                None => break,
            }
        }
        (plan.len(), packed(&plan))
    }

    fn is_over(&self) -> bool {
        match self.settings.budget {
            Budget::Work(work) => self.inserter.work as f64 >= work as f64 * SHARE,
            Budget::Time { .. } => is_used_up(&self.settings, self.begun, SHARE),
        }
    }

    fn temperature(&self, problem: &Problem) -> f64 {
        let (from, to) = problem.temperatures;
        // Nothing is gained by cooling down here: the plan must stay ready to change.
        ((from.max(1) * to.max(1)) as f64).sqrt()
    }

    /// One ruin and recreation, kept if it leaves out visits that were left out less often, or the
    /// same ones at a price that the annealing takes.
    fn iterate(&mut self, state: &mut State<'_>, mean_route: f64) {
        let before = (self.sum_of_absent(), state.score()[COST]);
        let mark = state.mark();
        let seed = self.seed(state.assigned.len() as u32);
        self.ruiner.ruin(state, &self.neighbours, seed, mean_route, &mut self.random);
        if !state.refresh() {
            state.rewind(mark);
            return;
        }
        let mut waiting = self.ruiner.removed.clone();
        waiting.extend_from_slice(&self.absent);
        self.sort(state.problem, &mut waiting);
        let effort = Effort { blink_one_in: Some(BLINK_ONE_IN), exhaustive: false };
        let mut out = Vec::new();
        for visit in waiting {
            let found = self.inserter.best_place(state, visit, effort, &mut self.random);
            let is_in = found.is_some_and(|place| state.insert(visit, &place.placements));
            if !is_in {
                out.push(visit);
            }
        }
        let sum: u64 = out.iter().map(|&visit| self.left_out[visit as usize]).sum();
        let luck: f64 = self.random.random();
        let worse = (state.score()[COST] - before.1) as f64;
        let is_taken = sum < before.0
            || (sum == before.0 && worse < -self.temperature(state.problem) * luck.ln());
        for &visit in &out {
            self.left_out[visit as usize] += 1;
        }
        if is_taken || out.is_empty() {
            state.commit();
            self.absent = out;
        } else {
            state.rewind(mark);
        }
    }

    fn sum_of_absent(&self) -> u64 {
        self.absent.iter().map(|&visit| self.left_out[visit as usize]).sum()
    }

    fn seed(&mut self, visits: u32) -> u32 {
        if !self.absent.is_empty() && self.random.random::<f64>() < SEED_ABSENT_SHARE {
            self.absent[self.random.random_range(0..self.absent.len())]
        } else {
            self.random.random_range(0..visits)
        }
    }

    /// Random, greatest load first, far first or near first: 4 : 4 : 2 : 1.
    fn sort(&mut self, problem: &Problem, list: &mut [u32]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.random.random_range(0..=at));
        }
        let first =
            |visit: u32| &problem.parts[problem.visits[visit as usize].parts.start as usize];
        let depot = problem.routes.first().map_or(0, |route| route.start_place);
        let far = |visit: u32| problem.travel(depot, first(visit).place);
        match self.random.random_range(0..11) {
            0..4 => {}
            4..8 => list.sort_by_key(|&visit| std::cmp::Reverse(first(visit).load)),
            8..10 => list.sort_by_key(|&visit| std::cmp::Reverse(far(visit))),
            _ => list.sort_by_key(|&visit| far(visit)),
        }
    }
}

/// Goes on from a plan until every visit has a place; `None` when the budget ends first.
fn place_all_on(
    fleet: &mut Fleet<'_>,
    problem: &Problem,
    plan: &[Vec<u32>],
) -> Option<Vec<Vec<u32>>> {
    let mut state = State::empty(problem);
    take_over(&mut state, &packed(plan));
    let visits = 0..problem.visits.len() as u32;
    fleet.absent = visits.filter(|&visit| !state.assigned[visit as usize]).collect();
    let mean_route = problem.parts.len() as f64 / plan.len().max(1) as f64;
    let mut stride = 0;
    while !fleet.absent.is_empty() {
        fleet.iterate(&mut state, mean_route);
        fleet.iterations += 1;
        stride += 1;
        if stride == STRIDE {
            stride = 0;
            // Judging nothing must not last for ever.
            fleet.inserter.work += 1;
            if fleet.is_over() {
                return None;
            }
            (fleet.settings.observer)(SHARE, &state.score());
        }
    }
    Some(plan_of(&state))
}

/// The parts of every used route, in order.
fn plan_of(state: &State<'_>) -> Vec<Vec<u32>> {
    let used = (0..state.routes.len() as u32).filter(|&route| state.is_used(route));
    let parts = |route: u32| {
        state.stops(route).filter(|&stop| state.nodes[stop as usize].kind == Kind::Part).collect()
    };
    used.map(parts).collect()
}

/// A plan laid on the first routes.
fn packed(plan: &[Vec<u32>]) -> Vec<Earlier> {
    let on_route = |(route, parts): (usize, &Vec<u32>)| {
        let entry = move |(rank, &part): (usize, &u32)| Earlier {
            route: route as u32,
            rank: rank as u32,
            part,
        };
        parts.iter().enumerate().map(entry).collect::<Vec<Earlier>>()
    };
    plan.iter().enumerate().flat_map(on_route).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{part_at, problem_of_routes};
    use super::*;

    #[test]
    fn as_many_routes_as_the_loads_need_are_used() {
        let mut problem = problem_of_routes(6);
        for place in 1..=8 {
            part_at(&mut problem, place, 5);
        }
        for route in &mut problem.routes {
            route.load_max = 10;
            // Out and back costs less on routes of their own than one after the other here.
            route.travel_price = 1;
        }
        let settings = Settings {
            seed: 1,
            threads: 1,
            chains: 1,
            budget: Budget::Work(20_000),
            observer: &|_, _| (),
        };
        let solution = solve_on_fewest_routes(&problem, settings);
        assert!(solution.unassigned.is_empty());
        let used = solution.routes.iter().filter(|route| !route.is_empty());
        assert_eq!((used.count(), solution.routes.len()), (4, 6));
        assert_eq!(least_routes(&problem), 4);
    }

    #[test]
    fn what_cannot_be_carried_is_left_out_and_said() {
        let mut problem = problem_of_routes(1);
        for place in 1..=3 {
            part_at(&mut problem, place, 5);
        }
        problem.routes[0].load_max = 10;
        let settings = Settings {
            seed: 1,
            threads: 1,
            chains: 1,
            budget: Budget::Work(5_000),
            observer: &|_, _| (),
        };
        let solution = solve_on_fewest_routes(&problem, settings);
        assert_eq!((solution.unassigned.len(), solution.score[0]), (1, 1_000));
        assert_eq!(solution.routes[0].len(), 2);
    }
}
