//! Prices that only a whole route has: waiting, when the crew leaves as late as pays, and idle
//! time.
//!
//! Where [`Problem::route_prices`] is set, nothing is priced stop by stop but travel and fits. A
//! route's starts are still the earliest ones, but its crew may leave later: a delay of the first
//! stop shortens the waits behind it one after the other and costs lateness where it outlasts them.
//! The best delay is found from the route alone; a stop that is tied to another route is never
//! delayed, so routes stay independent of one another.

use super::insert::Inserter;
use super::judge::Position;
use super::problem::{COST, NEVER, NONE, Problem, RoutePrices, WindowSpec};
use super::state::State;

/// Stops whose lateness is weighed against waiting when the best delay is looked for.
const YIELDS_MAX: usize = 16;
/// Greatest values kept, so that the greatest of all but a few routes is known at once.
const GREATEST_KEPT: usize = 4;
/// Routes walked anew at most for one change; past this the price so far stands in for the whole.
const WALKS_MAX: usize = 60;

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

/// The greatest values of a measure over the routes, greatest first.
#[derive(Clone, Copy, Debug, Default)]
struct Greatest {
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

    fn value(&self) -> i32 {
        self.top[0].0
    }

    /// The greatest of the routes that `is_other` names, as far as they are known.
    fn among(&self, is_other: impl Fn(u32) -> bool) -> i32 {
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
pub(super) struct Trial {
    /// Idle time above this is priced, route by route.
    idle_target: i32,
    late: Greatest,
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

    fn finish(mut self, route: &super::problem::RouteSpec) -> Timed {
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
fn idle_of(route: &super::problem::RouteSpec, back: i32, busy: i32) -> i32 {
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
    pub(super) fn note_routes(&mut self, state: &State<'_>) {
        let timed = || state.routes.iter().map(|route| route.timed);
        let greatest = || timed().map(|timed| timed.idle).max().unwrap_or(0);
        self.trial.idle_target = self.idle_target.unwrap_or_else(greatest);
        self.trial.late = Greatest::of(timed().map(|timed| timed.late_max));
        self.trial.worked = timed().map(|timed| i64::from(timed.worked)).sum();
    }

    /// Sets what idle time is priced above while visits are put back: `below` under the greatest.
    pub(super) fn aim_below(&mut self, state: &State<'_>, below: i32) {
        let idle = state.routes.iter().map(|route| route.timed.idle);
        self.idle_target = idle.max().map(|greatest| greatest - below);
    }

    /// What the times of all routes cost more with these parts put there: exact, but for idle time.
    pub(super) fn timed_change(
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

    /// Judges the positions of a part, route by route: each with its price but for times, and as
    /// its bound what it costs with the times of its own route. Positions whose bound reaches the
    /// limit are left out; `take` sets the limit anew.
    pub(super) fn walk_by_route(
        &mut self,
        state: &State<'_>,
        prices: &RoutePrices,
        part: u32,
        mut is_overlooked: impl FnMut(&mut Self) -> bool,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let problem = state.problem;
        let target = self.trial.idle_target;
        let mut limit = i64::MAX;
        for &(route, fit_at) in &problem.fitting[part as usize] {
            let fit = &problem.fits[fit_at as usize];
            let timed = &state.routes[route as usize].timed;
            let others = Others::of(&self.trial, prices, route, timed);
            let end = state.end_node(route);
            let mut here = state.start_node(route);
            let mut prefix = Walk::new(
                problem,
                prices,
                problem.routes[route as usize].start_place,
                state.nodes[here as usize].start,
            );
            loop {
                let node = &state.nodes[here as usize];
                if node.start + node.service > fit.to {
                    break;
                }
                self.work += 1;
                if !is_overlooked(self) {
                    let trial = Try { state, prices, part, here, route, fit_at, others, target };
                    let ready = trial.ready();
                    let later = prices.later_openings(part).filter(|from| *from > ready);
                    for hold in std::iter::once(-NEVER).chain(later) {
                        if let Some(position) = trial.judge(&prefix, hold, limit) {
                            limit = take(self, position);
                        }
                    }
                }
                here = node.next;
                if here == end {
                    break;
                }
                let next = &state.nodes[here as usize];
                let latest = problem.fits[next.fit as usize].to;
                prefix.step(here, next.start, latest, !state.scratch.is_alone(here));
            }
        }
    }
}

/// What the other routes are like, for one route.
#[derive(Clone, Copy)]
struct Others {
    late: i32,
    /// What the greatest lateness of all and the route's idle time cost now.
    price: i64,
}

impl Others {
    fn of(trial: &Trial, prices: &RoutePrices, route: u32, timed: &Timed) -> Others {
        let price = trial.idle_price(prices, timed.idle)
            + prices.greatest_lateness * i64::from(trial.late.value());
        Others { late: trial.late.among(|other| other != route), price }
    }
}

/// One position on trial.
struct Try<'s, 'p> {
    state: &'s State<'p>,
    prices: &'s RoutePrices,
    part: u32,
    here: u32,
    route: u32,
    fit_at: u32,
    others: Others,
    target: i32,
}

impl Try<'_, '_> {
    /// When the part could start here, its windows aside but the first.
    #[inline]
    fn ready(&self) -> i32 {
        let problem = self.state.problem;
        let node = &self.state.nodes[self.here as usize];
        let place = problem.parts[self.part as usize].place;
        let ready = node.start + node.service + problem.gap(node.place, place);
        problem.next_start(&problem.fits[self.fit_at as usize], ready)
    }

    #[inline]
    fn judge(&self, prefix: &Walk<'_>, hold: i32, limit: i64) -> Option<Position> {
        let problem = self.state.problem;
        let (prices, part, here) = (self.prices, self.part, self.here);
        let spec = &problem.parts[part as usize];
        let fit = &problem.fits[self.fit_at as usize];
        let node = &self.state.nodes[here as usize];
        let next = &self.state.nodes[node.next as usize];
        let early = self.ready().max(hold);
        let onward = problem.gap(spec.place, next.place) + spec.service;
        let late = problem.last_start(fit, next.latest - onward);
        if early > late {
            return None;
        }
        let there = problem.travel(node.place, spec.place);
        let mut ticks = there + problem.travel(spec.place, next.place);
        if self.state.is_used(self.route) {
            ticks -= problem.travel(node.place, next.place);
        }
        let price = i64::from(ticks) * problem.routes[self.route as usize].travel_price + fit.cost;
        let timed = &self.state.routes[self.route as usize].timed;
        let own = prices.lateness * i64::from(prices.lateness_at(part, early).0);
        let least = price + own - timed.waiting - self.others.price
            + idle_price(prices, self.target, timed.idle - spec.service)
            + prices.greatest_lateness * i64::from(self.others.late);
        if least >= limit {
            return None;
        }
        let (after, is_raised) = self.walk(prefix, early);
        let greatest = idle_price(prices, self.target, after.idle + ticks)
            + prices.greatest_lateness * i64::from(self.others.late.max(after.late_max));
        let bound = price + after.price - timed.price + greatest - self.others.price;
        if bound >= limit {
            return None;
        }
        Some(Position {
            price,
            bound,
            roof: if is_raised || prices.imbalance > 0 { -NEVER } else { NEVER },
            early,
            late,
            prev: here,
            route: self.route,
            fit: self.fit_at,
            hold,
        })
    }

    /// The route with the part in it, by itself; does it make a stop later that is tied to another?
    #[inline]
    fn walk(&self, prefix: &Walk<'_>, early: i32) -> (Timed, bool) {
        let state = self.state;
        let problem = state.problem;
        let mut walk = prefix.clone();
        walk.step(self.part, early, NEVER, !state.scratch.is_alone(self.part));
        let end = state.end_node(self.route);
        let mut node = state.nodes[self.here as usize].next;
        let mut is_raised = false;
        while node != end {
            let at = &state.nodes[node as usize];
            let fit = &problem.fits[at.fit as usize];
            let ready = walk.ready_at(at.place);
            let mut start = at.start;
            let is_alone = state.scratch.is_alone(node);
            if ready > start {
                start = problem.next_start(fit, ready);
                is_raised |= !is_alone;
            }
            walk.step(node, start, fit.to, !is_alone);
            node = at.next;
        }
        (walk.finish(&problem.routes[self.route as usize]), is_raised)
    }
}

/// What a route's idle time above the target costs.
#[inline]
fn idle_price(prices: &RoutePrices, target: i32, idle: i32) -> i64 {
    prices.greatest_idle * i64::from((idle - target).max(0))
}

impl Trial {
    #[inline]
    fn idle_price(&self, prices: &RoutePrices, idle: i32) -> i64 {
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

/// How far the routes' work lies from its mean, each distance rounded up, added up.
fn imbalance(worked: i64, each: impl Iterator<Item = i32>, count: usize) -> i64 {
    let count = count as i64;
    let distance = |ticks: i32| (i64::from(ticks) * count - worked).unsigned_abs();
    each.map(|ticks| distance(ticks).div_ceil(count.max(1) as u64) as i64).sum()
}
