//! What putting parts somewhere does to the times of all routes, found by walking them anew.

use super::{Timed, Walk, imbalance};
use crate::solver::insert::Inserter;
use crate::solver::judge::Position;
use crate::solver::problem::{NEVER, NONE, RoutePrices};
use crate::solver::state::State;

/// Greatest values kept, so that the greatest of all but a few routes is known at once.
const GREATEST_KEPT: usize = 4;

/// Routes walked anew at most for one change; past this the price so far stands in for the whole.
const WALKS_MAX: usize = 60;

/// The greatest values of a measure over the routes, greatest first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Greatest {
    top: [(i32, u32); GREATEST_KEPT],
    count: usize,
}

impl Greatest {
    fn of(values: impl Iterator<Item = i32>) -> Greatest {
        let mut greatest = Greatest::default();
        for (route, value) in values.enumerate() {
            let at = greatest.top[..greatest.count].partition_point(|entry| entry.0 >= value);
            if at < GREATEST_KEPT {
                greatest.count = (greatest.count + 1).min(GREATEST_KEPT);
                greatest.top[at..greatest.count].rotate_right(1);
                greatest.top[at] = (value, route as u32);
            }
        }
        greatest
    }

    pub(super) fn value(&self) -> i32 {
        self.top[0].0
    }

    /// The greatest of the routes that `is_other` names, as far as they are known.
    pub(super) fn among(&self, is_other: impl Fn(u32) -> bool) -> i32 {
        let others = self.top[..self.count].iter().filter(|entry| is_other(entry.1));
        others.map(|entry| entry.0).next().unwrap_or(0)
    }
}

/// Memory that trials reuse, and what the routes are like before any.
///
/// What the most idle route costs depends on all routes, so a visit put into any other would be
/// worth nothing. While visits are put back, each route is charged instead for its idle time above
/// a target: about what the most idle one had before.
#[derive(Default)]
pub(in crate::solver) struct Trial {
    /// Idle time above this is priced, route by route.
    pub(super) idle_target: i32,
    pub(super) late: Greatest,
    worked: i64,
    changed: Vec<(u32, Timed)>,
    raised: Vec<(u32, i32)>,
    queue: Vec<u32>,
}

/// A part put somewhere on trial.
#[derive(Clone, Copy)]
struct Inserted {
    part: u32,
    prev: u32,
    route: u32,
    start: i32,
}

impl State<'_> {
    /// Walks a route with parts put in and starts raised on trial; notes whom it raises elsewhere.
    fn walk_on_trial(
        &self,
        prices: &RoutePrices,
        route: u32,
        inserted: &[Inserted],
        trial: &mut Trial,
    ) -> Timed {
        let problem = self.problem;
        let spec = &problem.routes[route as usize];
        let end = self.end_node(route);
        let mut node = self.start_node(route);
        let mut walk =
            Walk::new(problem, prices, spec.start_place, self.nodes[node as usize].start);
        loop {
            for put in inserted {
                if put.prev == node && put.route == route {
                    let is_tied = !self.scratch.is_alone(put.part);
                    walk.step(put.part, put.start, NEVER, is_tied);
                }
            }
            node = self.nodes[node as usize].next;
            if node == end {
                return walk.finish(spec);
            }
            let at = &self.nodes[node as usize];
            let fit = &problem.fits[at.fit as usize];
            let mut start = at.start;
            let ready = walk.ready_at(at.place);
            if ready > start {
                start = problem.next_start(fit, ready);
            }
            let is_alone = self.scratch.is_alone(node);
            if !is_alone {
                let raised = trial.raised.iter().find(|entry| entry.0 == node);
                start = raised.map_or(start, |entry| entry.1.max(start));
                if start > raised.map_or(at.start, |entry| entry.1) {
                    self.raise(node, start, trial);
                }
            }
            walk.step(node, start, fit.to, !is_alone);
        }
    }

    /// Notes that a tied part starts later, and all that must then start later elsewhere.
    fn raise(&self, node: u32, start: i32, trial: &mut Trial) {
        let problem = self.problem;
        let group = &problem.groups[problem.parts[node as usize].group as usize];
        let together = group.iter().map(|&part| (part, start));
        let lagged = &problem.lags_out[node as usize];
        let lagged = lagged.iter().map(|lag| (lag.other, start + lag.least));
        for (part, least) in together.chain(lagged) {
            if !self.is_present(part) {
                continue;
            }
            let at = &self.nodes[part as usize];
            match trial.raised.iter_mut().find(|entry| entry.0 == part) {
                Some(entry) if entry.1 >= least => continue,
                Some(entry) => entry.1 = least,
                None if at.start >= least => continue,
                None => trial.raised.push((part, least)),
            }
            if part != node && !trial.queue.contains(&at.route) {
                trial.queue.push(at.route);
            }
        }
    }
}

impl Inserter {
    /// Notes what the routes are like before a visit is put anywhere.
    pub(in crate::solver) fn note_routes(&mut self, state: &State<'_>) {
        let timed = || state.routes.iter().map(|route| route.timed);
        let greatest = || timed().map(|timed| timed.idle).max().unwrap_or(0);
        self.trial.idle_target = self.idle_target.unwrap_or_else(greatest);
        self.trial.late = Greatest::of(timed().map(|timed| timed.late_max));
        self.trial.worked = timed().map(|timed| i64::from(timed.worked)).sum();
    }

    /// Sets what idle time is priced above while visits are put back: `below` under the greatest.
    pub(in crate::solver) fn aim_below(&mut self, state: &State<'_>, below: i32) {
        let idle = state.routes.iter().map(|route| route.timed.idle);
        self.idle_target = idle.max().map(|greatest| greatest - below);
    }

    /// What the times of all routes cost more with these parts put there: exact, but for idle time.
    pub(in crate::solver) fn timed_change(
        &mut self,
        state: &State<'_>,
        prices: &RoutePrices,
        places: &[(u32, Position)],
        starts: &[i32],
    ) -> i64 {
        let mut trial = std::mem::take(&mut self.trial);
        trial.changed.clear();
        trial.raised.clear();
        trial.queue.clear();
        let none = Inserted { part: NONE, prev: NONE, route: NONE, start: 0 };
        let mut inserted = [none; 4];
        let count = places.len().min(inserted.len());
        for (at, ((part, position), start)) in places.iter().zip(starts).take(count).enumerate() {
            let (prev, route) = (position.prev, position.route);
            inserted[at] = Inserted { part: *part, prev, route, start: *start };
            if !trial.queue.contains(&route) {
                trial.queue.push(route);
            }
        }
        let mut walks = 0;
        while let Some(route) = trial.queue.pop()
            && walks < WALKS_MAX
        {
            walks += 1;
            let timed = state.walk_on_trial(prices, route, &inserted[..count], &mut trial);
            match trial.changed.iter_mut().find(|entry| entry.0 == route) {
                Some(entry) => entry.1 = timed,
                None => trial.changed.push((route, timed)),
            }
        }
        let price = trial.price(state, prices);
        self.trial = trial;
        price
    }
}

/// What a route's idle time above the target costs.
#[inline]
pub(super) fn idle_price(prices: &RoutePrices, target: i32, idle: i32) -> i64 {
    prices.greatest_idle * i64::from((idle - target).max(0))
}

impl Trial {
    #[inline]
    pub(super) fn idle_price(&self, prices: &RoutePrices, idle: i32) -> i64 {
        idle_price(prices, self.idle_target, idle)
    }

    fn price(&self, state: &State<'_>, prices: &RoutePrices) -> i64 {
        let mut price = 0;
        let (mut late, mut worked) = (0, self.worked);
        for (route, timed) in &self.changed {
            let before = &state.routes[*route as usize].timed;
            price += timed.price - before.price;
            late = late.max(timed.late_max);
            let idle = timed.idle + timed.travelled - before.travelled;
            price += self.idle_price(prices, idle) - self.idle_price(prices, before.idle);
            worked += i64::from(timed.worked - before.worked);
        }
        let is_other = |route: u32| self.changed.iter().all(|entry| entry.0 != route);
        if self.changed.len() < GREATEST_KEPT {
            late = late.max(self.late.among(is_other));
        } else {
            for (route, other) in state.routes.iter().enumerate() {
                if is_other(route as u32) {
                    late = late.max(other.timed.late_max);
                }
            }
        }
        price += prices.greatest_lateness * i64::from(late - self.late.value());
        if prices.imbalance > 0 {
            let count = state.routes.len();
            let before = state.routes.iter().map(|route| route.timed.worked);
            let after = (0..count as u32).map(|route| {
                let changed = self.changed.iter().find(|entry| entry.0 == route);
                changed.map_or(state.routes[route as usize].timed.worked, |entry| entry.1.worked)
            });
            price += prices.imbalance
                * (imbalance(worked, after, count) - imbalance(self.worked, before, count));
        }
        price
    }
}
