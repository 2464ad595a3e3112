//! Prices that only a whole route has: waiting, when the crew leaves as late as pays, and idle
//! time.
//!
//! Where [`Problem::route_prices`] is set, nothing is priced stop by stop but travel and fits. A
//! route's starts are still the earliest ones, but its crew may leave later: a delay of the first
//! stop shortens the waits behind it one after the other and costs lateness where it outlasts them.
//! The best delay is found from the route alone; a stop that is tied to another route is never
//! delayed, so routes stay independent of one another.

mod holds;
mod positions;
#[cfg(test)]
mod tests;
mod trial;

use super::problem::{COST, NEVER, NONE, Problem, RoutePrices, RouteSpec, WindowSpec};
use super::state::State;
pub(super) use trial::Trial;

/// Stops whose lateness is weighed against waiting when the best delay is looked for.
const YIELDS_MAX: usize = 16;

/// What is known of the times of a whole route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timed {
    /// Points for waiting, lateness and overtime.
    pub price: i64,
    /// Of these, for waiting.
    pub waiting: i64,
    /// Greatest lateness of its stops, in ticks.
    pub late_max: i32,
    /// Ticks of the shift (or of the tour, if it ends later) neither driven nor spent at stops.
    pub idle: i32,
    /// Ticks driven and spent at stops that are no rests.
    pub worked: i32,
    /// Ticks driven.
    pub travelled: i32,
    /// Ticks that the first stop starts later than it could.
    pub delay: i32,
}

/// A route walked from its start, stop by stop.
#[derive(Clone)]
struct Walk<'s> {
    prices: &'s RoutePrices,
    problem: &'s Problem,
    done: i32,
    place: u32,
    travelled: i32,
    served: i32,
    rested: i32,
    /// Has any stop been counted? A rest before all others is not.
    has_begun: bool,
    has_stops: bool,
    waited: i32,
    /// What the first stop's delay can take off the waits.
    absorbable: i32,
    /// The first stop cannot be delayed further than this.
    delay_max: i32,
    is_tied: bool,
    /// Delays from which on a stop becomes later, with its lateness until then; least first.
    yields: [(i32, i32); YIELDS_MAX],
    yield_count: usize,
    late: i64,
    late_max: i32,
}

impl<'s> Walk<'s> {
    fn new(problem: &'s Problem, prices: &'s RoutePrices, place: u32, from: i32) -> Walk<'s> {
        Walk {
            prices,
            problem,
            done: from,
            place,
            travelled: 0,
            served: 0,
            rested: 0,
            has_begun: prices.leaves_at_start,
            has_stops: false,
            waited: 0,
            absorbable: 0,
            delay_max: if prices.leaves_at_start { 0 } else { NEVER },
            is_tied: false,
            yields: [(0, 0); YIELDS_MAX],
            yield_count: 0,
            late: 0,
            late_max: 0,
        }
    }

    /// When the next stop can start, there and set up.
    #[inline]
    fn ready_at(&self, place: u32) -> i32 {
        self.done + self.problem.gap(self.place, place)
    }

    #[inline]
    fn step(&mut self, part: u32, start: i32, latest: i32, is_tied: bool) {
        let spec = &self.problem.parts[part as usize];
        let ready = self.ready_at(spec.place);
        self.travelled += self.problem.travel(self.place, spec.place);
        self.has_stops = true;
        if self.has_begun {
            self.waited += start - ready;
        }
        if self.prices.rests[part as usize] {
            self.rested += spec.service;
            if self.has_begun {
                self.delay_to(latest - start, is_tied);
            }
        } else {
            self.served += spec.service;
            let (late, margin, regime) = self.prices.lateness_at(part, start);
            self.late += i64::from(late);
            self.late_max = self.late_max.max(late);
            if !self.is_tied && !is_tied {
                self.yield_at(self.waited.saturating_add(margin), late);
            }
            self.delay_to(regime.min(latest - start), is_tied);
            self.has_begun = true;
        }
        self.done = start + spec.service;
        self.place = spec.place;
    }

    /// This stop can be `most` later than it is.
    #[inline]
    fn delay_to(&mut self, most: i32, is_tied: bool) {
        if self.is_tied {
            return;
        }
        self.is_tied = is_tied;
        self.absorbable = self.waited;
        let most = if is_tied { 0 } else { most };
        self.delay_max = self.delay_max.min(self.waited.saturating_add(most));
    }

    #[inline]
    fn yield_at(&mut self, delay: i32, late: i32) {
        let kept = self.prices.yields;
        let at = self.yields[..self.yield_count].partition_point(|entry| entry.0 <= delay);
        if at < kept {
            self.yield_count = (self.yield_count + 1).min(kept);
            self.yields[at..self.yield_count].rotate_right(1);
            self.yields[at] = (delay, late);
        }
    }

    fn finish(mut self, route: &RouteSpec) -> Timed {
        if !self.has_stops {
            return Timed { idle: idle_of(route, route.to, 0), ..Timed::default() };
        }
        let prices = self.prices;
        self.travelled += self.problem.travel(self.place, route.end_place);
        let back = self.ready_at(route.end_place);
        let mut delay = if prices.waiting == 0 { 0 } else { self.absorbable.min(self.delay_max) };
        if self.yield_count == prices.yields {
            delay = delay.min(self.yields[self.yield_count - 1].0);
        }
        for &(from, late) in &self.yields[..self.yield_count] {
            if delay > from {
                self.late += i64::from(delay - from);
                self.late_max = self.late_max.max(late + delay - from);
            }
        }
        let waiting = prices.waiting * i64::from(self.waited - delay);
        let overtime = prices.overtime * i64::from((back - route.to).max(0));
        Timed {
            price: waiting + prices.lateness * self.late + overtime,
            waiting,
            late_max: self.late_max,
            idle: idle_of(route, back, self.travelled + self.served + self.rested),
            worked: self.travelled + self.served,
            travelled: self.travelled,
            delay,
        }
    }
}

/// Ticks of the shift, or of the tour where it ends later, that are not `busy`.
fn idle_of(route: &RouteSpec, back: i32, busy: i32) -> i32 {
    if route.to >= NEVER { 0 } else { back.max(route.to) - route.from - busy }
}

impl RoutePrices {
    /// How many stops may become later before a further delay costs more than it saves.
    pub fn yields_for(waiting: i64, lateness: i64) -> usize {
        match (waiting, lateness) {
            (_, 0) => usize::MAX,
            (waiting, lateness) => {
                (waiting as u64).div_ceil(lateness as u64).clamp(1, YIELDS_MAX as u64) as usize
            }
        }
    }

    /// Of a part that starts then: how late it is, how much later it could start without being
    /// later than its window or than it is, and how much later before another window opens.
    #[inline]
    pub fn lateness_at(&self, part: u32, start: i32) -> (i32, i32, i32) {
        let window = &self.windows[part as usize];
        let (mut due, mut next) = (window.due, window.next);
        let mut regime = NEVER;
        while next != NONE {
            let later = &self.later_windows[next as usize];
            if later.from > start {
                regime = later.from - 1 - start;
                break;
            }
            (due, next) = (later.due, later.next);
        }
        ((start - due).max(0), (due - start).max(0), regime)
    }

    /// When the windows of a part after its first open, in order.
    pub fn later_openings(&self, part: u32) -> impl Iterator<Item = i32> + '_ {
        let at = |next: u32| (next != NONE).then(|| &self.later_windows[next as usize]);
        let first = at(self.windows[part as usize].next);
        std::iter::successors(first, move |window| at(window.next)).map(|window| window.from)
    }

    /// Adds the windows of the next part: from when, and until when it may start without lateness.
    /// There is at least one, and they are in order.
    pub fn add_windows(&mut self, windows: &[(i32, i32)]) {
        let mut next = NONE;
        for &(from, due) in windows.iter().skip(1).rev() {
            self.later_windows.push(WindowSpec { from, due, next });
            next = self.later_windows.len() as u32 - 1;
        }
        let (from, due) = windows.first().copied().unwrap_or((0, NEVER));
        self.windows.push(WindowSpec { from, due, next });
    }
}

impl State<'_> {
    /// The whole route as it stands.
    fn timed(&self, route: u32, prices: &RoutePrices) -> Timed {
        let problem = self.problem;
        let spec = &problem.routes[route as usize];
        let from = self.nodes[self.start_node(route) as usize].start;
        let mut walk = Walk::new(problem, prices, spec.start_place, from);
        for node in self.stops(route) {
            let at = &self.nodes[node as usize];
            let latest = problem.fits[at.fit as usize].to;
            walk.step(node, at.start, latest, !self.scratch.is_alone(node));
        }
        walk.finish(spec)
    }

    /// Prices a route anew whose stops or starts have changed.
    pub(super) fn reprice_route(&mut self, route: u32) {
        let Some(prices) = &self.problem.route_prices else { return };
        let timed = self.timed(route, prices);
        let before = self.routes[route as usize].timed;
        if timed != before {
            self.tiers[COST] += timed.price - before.price;
            self.touch_route(route).timed = timed;
        }
    }

    /// What the greatest values and the imbalance of all routes cost.
    pub(super) fn price_over_routes(&self) -> i64 {
        let Some(prices) = &self.problem.route_prices else { return 0 };
        let timed = || self.routes.iter().map(|route| route.timed);
        let late = timed().map(|timed| timed.late_max).max().unwrap_or(0);
        let idle = timed().map(|timed| timed.idle).max().unwrap_or(0);
        let mut price = prices.greatest_lateness * i64::from(late);
        price += prices.greatest_idle * i64::from(idle);
        if prices.imbalance > 0 {
            let worked: i64 = timed().map(|timed| i64::from(timed.worked)).sum();
            price += prices.imbalance
                * imbalance(worked, timed().map(|timed| timed.worked), self.routes.len());
        }
        price
    }

    /// The starts of a route's stops as they are priced: each as much later as the crew's leaving
    /// later makes it.
    pub fn priced_starts(&self, route: u32) -> Vec<(u32, i32)> {
        let problem = self.problem;
        let Some(prices) = &problem.route_prices else {
            return self.stops(route).map(|at| (at, self.nodes[at as usize].start)).collect();
        };
        let mut delay = self.routes[route as usize].timed.delay;
        let mut starts = Vec::new();
        let mut has_begun = false;
        for node in self.stops(route) {
            let at = &self.nodes[node as usize];
            if has_begun {
                delay = (delay - (at.start - at.ready)).max(0);
            }
            has_begun |= !prices.rests[node as usize];
            starts.push((node, at.start + if has_begun { delay } else { 0 }));
        }
        starts
    }
}

/// How far the routes' work lies from its mean, each distance rounded up, added up.
fn imbalance(worked: i64, each: impl Iterator<Item = i32>, count: usize) -> i64 {
    let count = count as i64;
    let distance = |ticks: i32| (i64::from(ticks) * count - worked).unsigned_abs();
    each.map(|ticks| distance(ticks).div_ceil(count.max(1) as u64) as i64).sum()
}
