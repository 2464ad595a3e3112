//! Taking out strings of neighbouring stops from neighbouring routes.
//!
//! Slack induction by string removals: J. Christiaens and G. Vanden Berghe, Transportation Science
//! 54(2), 2020. A visit leaves with all its parts, so a string in one route opens gaps in others.

use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::problem::{NONE, Problem};
use super::state::{Kind, State};

/// Visits taken out per ruin, on average.
const MEAN_REMOVED: f64 = 10.0;
/// Visits taken out at most by a ruin that scatters.
const SCATTERED_MAX: u32 = 6;
/// Longest string.
const STRING_MAX: usize = 10;
/// One string in two leaves some of its stops in place.
const SPLIT_SHARE: f64 = 0.5;
/// How likely the part left in place stops growing, stop by stop.
const SPLIT_STAYS: f64 = 0.99;
/// Neighbours kept per visit.
const NEIGHBOURS_MAX: usize = 128;

/// For every visit the nearest others, nearest first.
pub struct Neighbours {
    lists: Vec<Vec<u32>>,
}

impl Neighbours {
    /// Nearness by travel there and back between the visits' places.
    pub fn of(problem: &Problem) -> Neighbours {
        let place = |visit: usize| problem.parts[problem.visits[visit].parts.start as usize].place;
        let mut visits_at = vec![Vec::new(); problem.places];
        for visit in 0..problem.visits.len() {
            visits_at[place(visit) as usize].push(visit as u32);
        }
        // All visits at a place have the same neighbours, one another included.
        let around: Vec<Vec<u32>> =
            (0..problem.places).into_par_iter().map(|at| around(problem, &visits_at, at)).collect();
        let lists = (0..problem.visits.len()).map(|visit| {
            let others = around[place(visit) as usize].iter();
            let others = others.filter(|&&other| other as usize != visit);
            others.copied().take(NEIGHBOURS_MAX).collect()
        });
        Neighbours { lists: lists.collect() }
    }

    /// The nearest other visits, nearest first.
    pub fn of_visit(&self, visit: u32) -> &[u32] {
        &self.lists[visit as usize]
    }
}

/// The nearest visits to a place that has any, and one more.
fn around(problem: &Problem, visits_at: &[Vec<u32>], here: usize) -> Vec<u32> {
    if visits_at[here].is_empty() {
        return Vec::new();
    }
    let distance = |there: usize| {
        let to = i64::from(problem.travel(here as u32, there as u32));
        to + i64::from(problem.travel(there as u32, here as u32))
    };
    let places = (0..problem.places).filter(|&there| !visits_at[there].is_empty());
    let mut places: Vec<(i64, usize)> = places.map(|there| (distance(there), there)).collect();
    if places.len() > NEIGHBOURS_MAX + 1 {
        // Those as far as the furthest stay, so that the lowest numbers among them are chosen.
        let furthest = places.select_nth_unstable(NEIGHBOURS_MAX).1.0;
        places.retain(|place| place.0 <= furthest);
    }
    let visits = places.iter().flat_map(|&(distance, there)| {
        visits_at[there].iter().map(move |&visit| (distance, visit))
    });
    let mut visits: Vec<(i64, u32)> = visits.collect();
    visits.sort_unstable();
    visits.truncate(NEIGHBOURS_MAX + 1);
    visits.into_iter().map(|(_, visit)| visit).collect()
}

/// Memory that ruins reuse.
#[derive(Default)]
pub struct Ruiner {
    /// The visits taken out by the last ruin.
    pub removed: Vec<u32>,
    /// The routes that a string was taken from.
    pub routes: Vec<u32>,
    /// Did the last ruin scatter?
    pub scattered: bool,
    /// Per visit: must it stay where it is? Empty where none must.
    pub(super) frozen: Vec<bool>,
    string: Vec<u32>,
}

impl Ruiner {
    /// Takes out strings around a random visit. Times are right only after a refresh.
    pub fn ruin(
        &mut self,
        state: &mut State<'_>,
        neighbours: &Neighbours,
        seed: u32,
        mean_route: f64,
        random: &mut Pcg64Mcg,
    ) {
        self.removed.clear();
        self.routes.clear();
        self.scattered = random.random_range(0..100) < state.problem.scattered_percent;
        if self.scattered {
            self.scatter(state, neighbours.of_visit(seed), random);
            return;
        }
        let longest = (STRING_MAX as f64).min(mean_route).max(1.0);
        let strings_max = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0;
        let strings = (1.0 + random.random::<f64>() * strings_max) as usize;
        for at in 0..=neighbours.of_visit(seed).len() {
            if self.routes.len() >= strings {
                break;
            }
            let visit = if at == 0 { seed } else { neighbours.of_visit(seed)[at - 1] };
            if !state.assigned[visit as usize] || self.is_frozen(visit) {
                continue;
            }
            let parts = state.problem.visits[visit as usize].parts.clone();
            let count = parts.end - parts.start;
            let part = parts.start + if count > 1 { random.random_range(0..count) } else { 0 };
            let route = state.nodes[part as usize].route;
            if route == NONE || self.routes.contains(&route) {
                continue;
            }
            self.take_string(state, part, route, longest, random);
        }
    }

    /// Must the visit stay where it is, in or out of the plan?
    #[inline]
    pub(super) fn is_frozen(&self, visit: u32) -> bool {
        self.frozen.get(visit as usize).is_some_and(|is_frozen| *is_frozen)
    }

    /// Takes out a few visits here and there in the neighbourhood: what ties routes without their
    /// being near in order (fairness, continuity, meetings) is only loosened so.
    fn scatter(&mut self, state: &mut State<'_>, around: &[u32], random: &mut Pcg64Mcg) {
        if around.is_empty() {
            return;
        }
        for _ in 0..random.random_range(1..=SCATTERED_MAX) {
            let visit = around[random.random_range(0..around.len())];
            if !state.assigned[visit as usize] || self.is_frozen(visit) {
                continue;
            }
            for part in state.problem.visits[visit as usize].parts.clone() {
                let route = state.nodes[part as usize].route;
                if !self.routes.contains(&route) {
                    self.routes.push(route);
                }
            }
            state.take_out(visit);
            self.removed.push(visit);
        }
    }

    fn take_string(
        &mut self,
        state: &mut State<'_>,
        part: u32,
        route: u32,
        longest: f64,
        random: &mut Pcg64Mcg,
    ) {
        self.routes.push(route);
        self.string.clear();
        let stops =
            state.stops(route).filter(|&node| state.nodes[node as usize].kind == Kind::Part);
        self.string.extend(stops);
        let size = self.string.len();
        let length_max = (size as f64).min(longest);
        let length = (1.0 + random.random::<f64>() * length_max) as usize;
        let length = length.clamp(1, size);
        // The part is on this route, so it is among its stops.
        let at = self.string.iter().position(|&node| node == part).unwrap_or(0);
        let mut kept = 0;
        if length > 1 && length < size && random.random::<f64>() < SPLIT_SHARE {
            kept = 1;
            while length + kept < size && random.random::<f64>() > SPLIT_STAYS {
                kept += 1;
            }
        }
        let whole = length + kept;
        let first_min = at.saturating_sub(whole - 1);
        let first_max = at.min(size - whole);
        let first = random.random_range(first_min..=first_max);
        let kept_from = if kept > 0 { first + random.random_range(1..length) } else { usize::MAX };
        for index in first..first + whole {
            if index >= kept_from && index < kept_from + kept {
                continue;
            }
            let visit = state.problem.parts[self.string[index] as usize].visit;
            if state.assigned[visit as usize] && !self.is_frozen(visit) {
                state.take_out(visit);
                self.removed.push(visit);
            }
        }
    }
}
