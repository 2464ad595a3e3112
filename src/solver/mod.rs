//! Problem + seed + budget (+ a plan to start from) → solution. Pure: it knows indices, not people.
//!
//! Read in this order: [`problem`] (what is solved; `place_order` numbers the places of large ones
//! anew), [`state`] (routes as linked nodes, and the log that takes changes back; routes that are
//! alike while empty are known from `alike`, how parts fit them from `fit_table`, what they
//! must do first from `first_stops`), [`timing`] (earliest and latest starts over meetings, and
//! what would wait for itself), [`judge`], [`push`],
//! [`insert`] and [`pair`] (what a visit costs where: each part by itself, then all together),
//! [`options`] (the best few places at once), [`near`] and `walk` (where it pays to look),
//! [`construct`], [`ruin`], [`search`], `blocks` (chains side by side in one large plan),
//! [`last_pass`]; [`fleet`] where the fewest routes come first.

mod alike;
mod blocks;
pub mod construct;
mod first_stops;
mod fit_table;
#[cfg(test)]
mod fixture;
pub mod fleet;
mod greatest;
pub mod insert;
pub mod judge;
pub mod last_pass;
pub mod near;
pub mod options;
pub mod pair;
mod place_order;
pub mod problem;
pub mod push;
pub mod ruin;
pub mod running;
pub mod search;
pub mod state;
#[cfg(test)]
mod tests;
pub mod timing;
pub mod traffic;
mod walk;
pub mod whole_routes;

use std::sync::Arc;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use insert::Inserter;
use judge::Placement;
pub use last_pass::Why;
use near::Nearby;
pub use problem::Problem;
use problem::{NEVER, TIERS};
use ruin::Neighbours;
use search::{Allowance, Chain, Snapshot};
use state::{Kind, State};

/// Chains that search side by side when nobody says how many, whatever the number of threads.
pub const CHAINS: usize = 2;
/// Shares of the budget at which chains exchange their best, where they all walk everywhere.
const EXCHANGES: [f64; 4] = [0.5, 0.75, 0.9, 1.0];
/// A plan that so many visits are missing from is mended around them.
const NEWCOMERS_MAX: usize = 4;
/// Part of the budget kept for the last pass: one in this many.
const LAST_PASS_ONE_IN: u64 = 20;
/// Work that the last pass may always do, so that small budgets still explain their unassigned.
const LAST_PASS_WORK_MIN: u64 = 2_000_000;

/// How long to search.
#[derive(Clone, Copy)]
pub enum Budget<'c> {
    /// So many judged positions in all, over all chains.
    Work(u64),
    /// So many seconds of a clock that the caller brings.
    Time {
        /// Seconds in all: wall seconds with a wall clock, CPU seconds per thread with a thread's
        /// clock.
        seconds: f64,
        /// Seconds since some moment.
        clock: &'c (dyn Fn() -> f64 + Sync),
    },
}

/// How to search.
#[derive(Clone, Copy)]
pub struct Settings<'c> {
    /// Same seed and same work: same answer.
    pub seed: u64,
    /// Threads; they never change the answer to a work budget.
    pub threads: usize,
    /// Walks through the plans that share the budget: another number, another answer. In a small
    /// plan they exchange their best, and more of them than threads only divide the budget; in a
    /// large one each has a block of it, and all gains count.
    pub chains: usize,
    /// How long.
    pub budget: Budget<'c>,
    /// Told of the share of the budget used and the best score so far, now and then.
    pub observer: &'c (dyn Fn(f64, &[i64; TIERS]) + Sync),
}

/// A stop of a solution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SolutionStop {
    /// The node: a part, or a break.
    pub node: u32,
    /// Its start.
    pub start: i32,
    /// Its latest start with every hard limit kept.
    pub latest: i32,
    /// Held until then; `-NEVER` if not.
    pub hold: i32,
}

/// What the search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Solution {
    /// Per route its parts and breaks in order; empty when it visits nobody.
    pub routes: Vec<Vec<SolutionStop>>,
    /// What is left out, and why.
    pub unassigned: Vec<(u32, Why)>,
    /// What it costs.
    pub score: [i64; TIERS],
    /// What the first plan cost, before any improvement.
    pub first_score: [i64; TIERS],
    /// How many visits the first plan left out.
    pub first_unassigned: usize,
    /// Positions judged.
    pub work: u64,
    /// Ruins tried.
    pub iterations: u64,
}

/// Where an earlier plan had a part: its route and its rank on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Earlier {
    /// The route.
    pub route: u32,
    /// Position on the route.
    pub rank: u32,
    /// The part.
    pub part: u32,
}

/// Searches for the best plan. `earlier` says where a plan to start from had its parts; whatever of
/// it no longer fits is placed anew.
pub fn solve(problem: &Problem, settings: Settings<'_>, earlier: &[Earlier]) -> Solution {
    let begun = now(&settings);
    let ordered = problem.with_near_places_together();
    let problem = &*ordered;
    let mut random = Pcg64Mcg::seed_from_u64(settings.seed);
    let mut inserter = Inserter::default();
    let mut state = State::empty(problem);
    let nearby = Arc::new(Nearby::of(problem));
    inserter.look_near(Arc::clone(&nearby));
    take_over(&mut state, earlier);
    let newcomers = newcomers(&state, earlier);
    construct::construct(&mut state, &mut inserter, &mut random);
    let first_score = state.score();
    let first_unassigned = state.assigned.iter().filter(|assigned| !**assigned).count();
    (settings.observer)(0.0, &first_score);
    let constructed = inserter.work;
    let (best, walked, iterations) =
        walk(problem, &settings, state, (&nearby, &newcomers), begun, constructed);
    let mut state = State::empty(problem);
    best.put_into(&mut state);
    let mut inserter = Inserter::default();
    let time_up = |work: u64| match settings.budget {
        Budget::Work(total) => work > LAST_PASS_WORK_MIN.max(total / LAST_PASS_ONE_IN),
        Budget::Time { .. } => is_used_up(&settings, begun, 1.0),
    };
    let unassigned = last_pass::last_pass(&mut state, &mut inserter, &mut random, &time_up);
    Solution {
        routes: (0..problem.routes.len() as u32).map(|route| stops_of(&state, route)).collect(),
        unassigned,
        score: state.score(),
        first_score,
        first_unassigned,
        work: constructed + walked + inserter.work,
        iterations,
    }
}

/// The visits that a plan to start from did not have, if they are few.
fn newcomers(state: &State<'_>, earlier: &[Earlier]) -> Vec<u32> {
    let visits = &state.problem.visits;
    let is_new = |&visit: &u32| !state.assigned[visit as usize] && !visits[visit as usize].barred;
    let mut newcomers: Vec<u32> = (0..visits.len() as u32).filter(is_new).collect();
    if earlier.is_empty() || newcomers.len() > NEWCOMERS_MAX {
        newcomers.clear();
    }
    newcomers
}

fn now(settings: &Settings<'_>) -> f64 {
    match settings.budget {
        Budget::Work(_) => 0.0,
        Budget::Time { clock, .. } => clock(),
    }
}

fn is_used_up(settings: &Settings<'_>, begun: f64, share: f64) -> bool {
    match settings.budget {
        Budget::Work(_) => false,
        Budget::Time { seconds, clock } => clock() - begun > seconds * share,
    }
}

/// The chains, exchange by exchange. Returns the best plan, the work done and the ruins tried.
fn walk(
    problem: &Problem,
    settings: &Settings<'_>,
    state: State<'_>,
    (nearby, newcomers): (&Arc<Nearby>, &[u32]),
    begun: f64,
    constructed: u64,
) -> (Snapshot, u64, u64) {
    let neighbours = Neighbours::of(problem);
    let count = settings.chains.max(1);
    let threads = settings.threads.clamp(1, count);
    let allowance = match settings.budget {
        Budget::Work(total) => Allowance::Work(total.saturating_sub(constructed) / count as u64),
        Budget::Time { seconds, clock } => {
            let kept = seconds / LAST_PASS_ONE_IN as f64;
            let left = (seconds - kept - (clock() - begun)).max(0.0);
            Allowance::Time { seconds: left * threads as f64 / count as f64, clock }
        }
    };
    let snapshot = Snapshot::of(&state);
    let mut chains: Vec<Chain<'_>> = Vec::with_capacity(count);
    for chain in 0..count {
        let mut own = State::empty(problem);
        snapshot.put_into(&mut own);
        let seed = settings.seed.wrapping_mul(count as u64) + chain as u64;
        let mut chain = Chain::new(own, seed);
        chain.inserter.look_near(Arc::clone(nearby));
        chain.stay_around(newcomers);
        chains.push(chain);
    }
    let run = |chains: &mut [Chain<'_>], until| {
        run_all(threads, chains, |chain| chain.run(&neighbours, allowance, until));
    };
    // Around a few newcomers one block would have all there is to do.
    if newcomers.is_empty() && blocks::pay(problem, count) {
        blocks::walk(&mut chains, settings, run);
        walk_and_exchange(&mut chains, &[1.0], settings, run);
    } else {
        walk_and_exchange(&mut chains, &EXCHANGES, settings, run);
    }
    let best = best_of(&chains);
    let work = chains.iter().map(|chain| chain.inserter.work).sum();
    let iterations = chains.iter().map(|chain| chain.iterations).sum();
    (chains[best].best.clone(), work, iterations)
}

/// Chains that all walk everywhere, and go on from the best of their plans now and then.
fn walk_and_exchange<'p>(
    chains: &mut [Chain<'p>],
    exchanges: &[f64],
    settings: &Settings<'_>,
    run: impl Fn(&mut [Chain<'p>], f64),
) {
    for &until in exchanges {
        run(chains, until);
        let best = best_of(chains);
        (settings.observer)(until, &chains[best].best.score);
        let snapshot = chains[best].best.clone();
        for chain in &mut *chains {
            if chain.best.score > snapshot.score {
                chain.adopt(&snapshot);
            }
        }
    }
}

fn run_all<'p>(
    threads: usize,
    chains: &mut [Chain<'p>],
    step: impl Fn(&mut Chain<'p>) + Sync + Send,
) {
    if threads == 1 {
        return chains.iter_mut().for_each(step);
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(|| chains.par_iter_mut().for_each(step)),
        // Without threads of our own the answer is the same, only later.
        Err(_) => chains.iter_mut().for_each(step),
    }
}

fn best_of(chains: &[Chain<'_>]) -> usize {
    let best = (0..chains.len()).min_by_key(|&at| (chains[at].best.score, at));
    best.unwrap_or(0)
}

/// Puts the parts of an earlier plan back where they were, in order, as far as they fit there: the
/// whole plan at once if it can stand, or else visit by visit.
pub fn take_over(state: &mut State<'_>, earlier: &[Earlier]) {
    let mut sorted = earlier.to_vec();
    // What has come to be a first stop since then moves to the front.
    sorted.sort_by_key(|entry| (entry.route, state.first_stops.rank_of(entry.part), *entry));
    for (rank, entry) in sorted.iter_mut().enumerate() {
        entry.rank = rank as u32;
    }
    if !lay_whole(state, &sorted) {
        lay_what_fits(state, &sorted);
    }
}

/// Lays the plan as it was. `false`, and nothing changed, when it breaks a hard limit.
fn lay_whole(state: &mut State<'_>, sorted: &[Earlier]) -> bool {
    let problem = state.problem;
    let routes = routes_of_visits(problem, sorted);
    let mark = state.mark();
    let mut last = None;
    for entry in sorted {
        let visit = problem.parts[entry.part as usize].visit;
        if !is_whole(state, visit, &routes[visit as usize]) {
            continue;
        }
        // A whole visit fits the routes of all its parts.
        let Some(fit) = problem.fit_of(entry.part, entry.route) else { continue };
        let prev = match last {
            Some((route, part)) if route == entry.route => part,
            _ => state.start_node(entry.route),
        };
        let hold = problem.hold_of(&problem.fits[fit as usize]).unwrap_or(-NEVER);
        state.lay_part(entry.part, prev, fit, hold);
        last = Some((entry.route, entry.part));
    }
    let has_room = (0..problem.routes.len() as u32).all(|route| state.has_room(route, 0));
    let is_legal = if has_room { state.refresh() } else { state.drop_changes() };
    if is_legal {
        state.commit();
    } else {
        state.rewind(mark);
    }
    is_legal
}

/// Per visit, the parts that an earlier plan had, each with its route.
fn routes_of_visits(problem: &Problem, earlier: &[Earlier]) -> Vec<Vec<(u32, u32)>> {
    let mut routes = vec![Vec::new(); problem.visits.len()];
    for entry in earlier {
        let visit = problem.parts[entry.part as usize].visit;
        routes[visit as usize].push((entry.part, entry.route));
    }
    routes
}

/// Does an earlier plan have each part of the visit once, where it fits, by crews that may do them?
fn is_whole(state: &State<'_>, visit: u32, routes: &[(u32, u32)]) -> bool {
    let problem = state.problem;
    let spec = &problem.visits[visit as usize];
    let crew = |route: u32| problem.routes[route as usize].crew;
    let goes_with_others = |at: usize, &(part, route): &(u32, u32)| {
        problem.fit_of(part, route).is_some()
            && state.first_stops.lets(part, route)
            && routes[..at].iter().all(|&(other, other_route)| {
                let is_other_crew = crew(route) != crew(other_route);
                other != part && (is_other_crew || spec.same_crew_allowed)
            })
    };
    !spec.barred
        && routes.len() == spec.parts.len()
        && routes.iter().enumerate().all(|(at, entry)| goes_with_others(at, entry))
}

fn lay_what_fits(state: &mut State<'_>, sorted: &[Earlier]) {
    let problem = state.problem;
    let mut place_of = vec![None; problem.parts.len()];
    for (at, entry) in sorted.iter().enumerate() {
        place_of[entry.part as usize] = Some(at);
    }
    let routes = routes_of_visits(problem, sorted);
    let mut visits: Vec<u32> = (0..problem.visits.len() as u32).collect();
    visits.sort_by_key(|&visit| !problem.visits[visit as usize].kept);
    for visit in visits {
        if !is_whole(state, visit, &routes[visit as usize]) {
            continue;
        }
        let mut placements = Vec::new();
        let spec = &problem.visits[visit as usize];
        for part in spec.parts.clone() {
            let Some(at) = place_of[part as usize] else { break };
            let entry = &sorted[at];
            let Some(fit) = problem.fit_of(part, entry.route) else { break };
            let ranked = |other: u32| {
                let at = place_of[other as usize]?;
                let other = &sorted[at];
                (other.route == entry.route && other.rank < entry.rank).then_some(other.rank)
            };
            let before = state
                .stops(entry.route)
                .filter(|&stop| (stop as usize) < problem.parts.len() && ranked(stop).is_some())
                .last();
            let prev = before.unwrap_or_else(|| state.start_node(entry.route));
            let hold = problem.hold_of(&problem.fits[fit as usize]).unwrap_or(-NEVER);
            placements.push(Placement { part, prev, fit, hold });
        }
        if placements.len() == spec.parts.len() && state.insert_checked(visit, &placements) {
            state.commit();
        }
    }
}

impl State<'_> {
    /// [`State::insert`] for places that nobody has judged.
    fn insert_checked(&mut self, visit: u32, placements: &[Placement]) -> bool {
        // Where one crew does two parts one after the other, the second follows the first, which is
        // not there yet: whether it fits shows when both are.
        let here: Vec<&Placement> =
            placements.iter().filter(|placement| self.is_present(placement.prev)).collect();
        let judged = here.iter().all(|placement| {
            self.judge(placement.part, placement.prev, placement.fit, placement.hold).is_some()
        });
        let behind: Vec<u32> =
            here.iter().map(|place| self.nodes[place.prev as usize].next).collect();
        let deadlock = (0..here.len()).any(|one| {
            (0..here.len())
                .any(|other| one != other && self.leads_to(behind[one], here[other].prev))
        });
        judged && !deadlock && self.insert(visit, placements)
    }
}

fn stops_of(state: &State<'_>, route: u32) -> Vec<SolutionStop> {
    if !state.is_used(route) {
        return Vec::new();
    }
    let stop = |(node, start): (u32, i32)| {
        let at = &state.nodes[node as usize];
        let hold = if at.kind == Kind::Part { at.hold } else { -NEVER };
        SolutionStop { node, start, latest: at.latest, hold }
    };
    state.priced_starts(route).into_iter().map(stop).collect()
}
