//! Routes as linked nodes, what they cost, and how to take changes back.
//!
//! Every change goes through [`State::touch`], which keeps the node as it was; [`State::rewind`]
//! puts a marked state back exactly, so a trial costs only what it changed.

use super::alike::Alike;
use super::greatest::Greatest;
use super::problem::{COST, NEVER, NONE, Problem, RouteSpec, TIERS, TOLD};

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A part of a visit.
    Part,
    /// A break.
    Break,
    /// A route's start.
    Start,
    /// A route's end.
    End,
}

/// A stop and all that is known of it; one cache line.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The route it is on; [`NONE`] when absent.
    pub route: u32,
    /// The node before.
    pub prev: u32,
    /// The node after.
    pub next: u32,
    /// Where; a break is where the node before it is.
    pub place: u32,
    /// How long it takes.
    pub service: i32,
    /// Earliest start (of an end node: earliest return).
    pub start: i32,
    /// Latest start that keeps every hard limit.
    pub latest: i32,
    /// Latest start that makes nothing later than its promise, or later than it is anyway.
    pub free: i32,
    /// Earliest start by the route alone: after travel and set-up.
    pub ready: i32,
    /// It does not start before this, because it was told; `-NEVER` if not held.
    pub hold: i32,
    /// How the part fits the route.
    pub fit: u32,
    /// Points for lateness, in the tier of the part's promise (of an end node: for overtime).
    pub late: i32,
    /// Points of tier 4 for waiting and for the hour.
    pub extra: i32,
    /// Points of tier 3 for a told start that moved.
    pub told: i16,
    /// What it is.
    pub kind: Kind,
    /// Does a visit come before it on its route?
    pub after_visit: bool,
}

/// What is known of a whole route.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteState {
    /// Number of parts on it.
    pub parts: u32,
    /// Sum of the parts' loads.
    pub load: i64,
    /// How much more load it can take.
    pub room: i64,
    /// Points of tier 3 for a next stop other than told.
    pub next_stop: i64,
    /// Its times as a whole, where they are priced so.
    pub timed: super::whole_routes::Timed,
}

impl RouteState {
    fn empty(spec: &RouteSpec) -> RouteState {
        RouteState { room: spec.load_max, ..RouteState::default() }
    }
}

/// Where a state can be put back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    nodes: usize,
    routes: usize,
    absent: usize,
    tiers: [i64; TIERS],
}

/// A plan in the making.
pub struct State<'p> {
    /// What is being solved.
    pub problem: &'p Problem,
    /// All nodes.
    pub nodes: Vec<Node>,
    /// All routes.
    pub routes: Vec<RouteState>,
    /// Is the visit in the plan?
    pub assigned: Vec<bool>,
    /// What it costs, per tier, the greatest lateness left out.
    pub tiers: [i64; TIERS],
    /// Points of lateness per part, and the greatest of them.
    pub(super) late_points: Greatest,
    /// Earlier routes of the same crew and the rest after them.
    pub(super) rest_from: Vec<Vec<(u32, i32)>>,
    pub(super) first_terminal: u32,
    pub(super) node_log: Vec<(u32, Node)>,
    route_log: Vec<(u32, RouteState)>,
    absent_log: Vec<(u32, bool)>,
    node_epoch: Vec<u32>,
    epoch: u32,
    pub(super) scratch: super::timing::Scratch,
    pub(super) pushed: super::push::Pushed,
    /// Set when nothing but travel and plain lateness has a price.
    pub(super) plain: Option<Plain>,
    /// Which routes are alike while they are empty.
    pub(super) alike: Alike,
    /// Are all routes of one slot?
    pub is_one_slot: bool,
    /// Is the load of any route limited?
    pub has_load_limits: bool,
}

impl<'p> State<'p> {
    /// Empty routes with their breaks; every visit unassigned. `None` when a route cannot even be
    /// driven with nothing on it but its breaks.
    pub fn empty(problem: &'p Problem) -> State<'p> {
        let node_count = problem.node_count();
        let first_terminal = (node_count - 2 * problem.routes.len()) as u32;
        let absent = Node {
            route: NONE,
            prev: NONE,
            next: NONE,
            place: 0,
            service: 0,
            start: 0,
            latest: NEVER,
            free: NEVER,
            ready: 0,
            hold: -NEVER,
            fit: NONE,
            late: 0,
            extra: 0,
            told: 0,
            kind: Kind::Part,
            after_visit: false,
        };
        let mut rest_from = vec![Vec::new(); problem.routes.len()];
        for (route, spec) in problem.routes.iter().enumerate() {
            for &(later, rest) in &spec.rest_to {
                rest_from[later as usize].push((route as u32, rest));
            }
        }
        let mut state = State {
            problem,
            nodes: vec![absent; node_count],
            routes: problem.routes.iter().map(RouteState::empty).collect(),
            assigned: vec![false; problem.visits.len()],
            tiers: [0; TIERS],
            late_points: Greatest::of_zeros(problem.parts.len()),
            rest_from,
            first_terminal,
            node_log: Vec::new(),
            route_log: Vec::new(),
            absent_log: Vec::new(),
            node_epoch: vec![0; node_count],
            epoch: 1,
            scratch: super::timing::Scratch::new(problem, node_count),
            pushed: super::push::Pushed::new(node_count),
            plain: Plain::of(problem),
            alike: Alike::of(problem),
            has_load_limits: problem.routes.iter().any(|route| route.load_max < i64::MAX),
            is_one_slot: problem.routes.iter().all(|route| route.slot == problem.routes[0].slot),
        };
        for visit in &problem.visits {
            state.tiers[visit.unassigned.tier] += visit.unassigned.points;
            state.tiers[TOLD] += visit.unassigned_told;
        }
        state.lay_empty_routes();
        state
    }

    fn lay_empty_routes(&mut self) {
        let problem = self.problem;
        let mut break_node = problem.parts.len() as u32;
        for (part, spec) in problem.parts.iter().enumerate() {
            self.nodes[part].place = spec.place;
            self.nodes[part].service = spec.service;
        }
        for (route, spec) in problem.routes.iter().enumerate() {
            let (start, end) = (self.start_node(route as u32), self.end_node(route as u32));
            let mut previous = start;
            for rest in &spec.breaks {
                let node = &mut self.nodes[break_node as usize];
                node.kind = Kind::Break;
                node.route = route as u32;
                node.prev = previous;
                node.place = spec.start_place;
                node.service = rest.length;
                self.nodes[previous as usize].next = break_node;
                previous = break_node;
                break_node += 1;
            }
            self.nodes[previous as usize].next = end;
            let node = &mut self.nodes[start as usize];
            (node.kind, node.route, node.place) = (Kind::Start, route as u32, spec.start_place);
            let node = &mut self.nodes[end as usize];
            (node.kind, node.route, node.place) = (Kind::End, route as u32, spec.end_place);
            node.prev = previous;
            if spec.next_stop != NONE {
                self.routes[route].next_stop = problem.next_stop_price;
                self.tiers[TOLD] += problem.next_stop_price;
            }
        }
        for route in 0..problem.routes.len() as u32 {
            self.time_empty_route(route);
            self.reprice_route(route);
        }
        self.node_log.clear();
        self.route_log.clear();
    }

    /// The node of a route's start.
    #[inline]
    pub fn start_node(&self, route: u32) -> u32 {
        self.first_terminal + 2 * route
    }

    /// The node of a route's end.
    #[inline]
    pub fn end_node(&self, route: u32) -> u32 {
        self.first_terminal + 2 * route + 1
    }

    /// Does the route visit anyone?
    #[inline]
    pub fn is_used(&self, route: u32) -> bool {
        self.routes[route as usize].parts > 0
    }

    /// Is the node in the plan?
    #[inline]
    pub fn is_present(&self, node: u32) -> bool {
        self.nodes[node as usize].route != NONE
    }

    /// May the route take so much more load?
    #[inline]
    pub fn has_room(&self, route: u32, load: i64) -> bool {
        load <= self.routes[route as usize].room
    }

    /// The specification of a break node.
    pub fn break_spec(&self, node: u32) -> &super::problem::BreakSpec {
        let route = self.nodes[node as usize].route;
        // Breaks are numbered route by route: walk back to the route's first.
        let spec = &self.problem.routes[route as usize];
        &spec.breaks[(node - self.first_break(route)) as usize]
    }

    /// The first break node of a route (breaks are numbered route by route).
    pub fn first_break(&self, route: u32) -> u32 {
        self.scratch.first_break[route as usize]
    }

    /// Keeps the node as it is now, once per mark, and gives it out to be changed.
    #[inline]
    pub(super) fn touch(&mut self, node: u32) -> &mut Node {
        let at = node as usize;
        if self.node_epoch[at] != self.epoch {
            self.node_epoch[at] = self.epoch;
            self.node_log.push((node, self.nodes[at]));
        }
        &mut self.nodes[at]
    }

    pub(super) fn touch_route(&mut self, route: u32) -> &mut RouteState {
        self.route_log.push((route, self.routes[route as usize]));
        &mut self.routes[route as usize]
    }

    pub(super) fn set_assigned(&mut self, visit: u32, assigned: bool) {
        self.absent_log.push((visit, self.assigned[visit as usize]));
        self.assigned[visit as usize] = assigned;
        let spec = &self.problem.visits[visit as usize];
        let sign = if assigned { -1 } else { 1 };
        self.tiers[spec.unassigned.tier] += sign * spec.unassigned.points;
        self.tiers[TOLD] += sign * spec.unassigned_told;
    }

    /// A point to come back to. Marks nest: rewinding to one drops those made after it.
    pub fn mark(&mut self) -> Mark {
        self.epoch += 1;
        Mark {
            nodes: self.node_log.len(),
            routes: self.route_log.len(),
            absent: self.absent_log.len(),
            tiers: self.tiers,
        }
    }

    /// Puts everything back to how it was at the mark.
    pub fn rewind(&mut self, mark: Mark) {
        while self.node_log.len() > mark.nodes {
            // The length was just seen to be greater than another, so there is a last entry.
            let (node, before) = self.node_log[self.node_log.len() - 1];
            self.node_log.pop();
            self.nodes[node as usize] = before;
            if (node as usize) < self.problem.parts.len() {
                let late = if before.route == NONE { 0 } else { before.late };
                self.late_points.set(node, late);
            }
        }
        for &(route, before) in self.route_log[mark.routes..].iter().rev() {
            self.routes[route as usize] = before;
        }
        self.route_log.truncate(mark.routes);
        for &(visit, before) in self.absent_log[mark.absent..].iter().rev() {
            self.assigned[visit as usize] = before;
        }
        self.absent_log.truncate(mark.absent);
        self.tiers = mark.tiers;
        self.epoch += 1;
    }

    /// Forgets the way back: what is, stays.
    pub fn commit(&mut self) {
        self.node_log.clear();
        self.route_log.clear();
        self.absent_log.clear();
        self.epoch += 1;
    }

    /// The first node after `node` that is not a break.
    #[inline]
    pub fn after_breaks(&self, node: u32) -> u32 {
        let mut next = self.nodes[node as usize].next;
        while self.nodes[next as usize].kind == Kind::Break {
            next = self.nodes[next as usize].next;
        }
        next
    }

    /// Puts an absent part behind `prev`. Costs and places are right at once; times only after a
    /// refresh, for which the nodes to look at are noted.
    pub(super) fn link(&mut self, part: u32, prev: u32, fit: u32, hold: i32) {
        let problem = self.problem;
        let route = self.nodes[prev as usize].route;
        let next = self.nodes[prev as usize].next;
        let after = self.after_breaks(prev);
        let (from, to) = (self.nodes[prev as usize].place, self.nodes[after as usize].place);
        let spec = &problem.parts[part as usize];
        let travel_price = problem.routes[route as usize].travel_price;
        let mut ticks = i64::from(problem.travel(from, spec.place));
        ticks += i64::from(problem.travel(spec.place, to));
        if self.is_used(route) {
            ticks -= i64::from(problem.travel(from, to));
        }
        let fitted = &problem.fits[fit as usize];
        self.tiers[COST] += ticks * travel_price + fitted.cost;
        self.tiers[TOLD] += fitted.told_cost;
        let node = self.touch(part);
        (node.route, node.prev, node.next, node.fit) = (route, prev, next, fit);
        (node.hold, node.late, node.extra, node.told) = (hold, 0, 0, 0);
        node.start = -NEVER;
        self.late_points.set(part, 0);
        let through = problem.gap(from, spec.place) + spec.service + problem.gap(spec.place, to);
        // In traffic a detour may meet emptier roads, so that what comes after starts earlier.
        if next != after || through < problem.gap(from, to) || problem.traffic.is_some() {
            self.note_fall();
        }
        self.touch(prev).next = part;
        self.touch(next).prev = part;
        self.move_breaks(part, spec.place);
        self.add_load(route, spec.load, 1);
        self.note_change(prev, after);
    }

    /// Takes a part out of its route; see [`State::link`] for times.
    pub(super) fn unlink(&mut self, part: u32) {
        let problem = self.problem;
        let node = self.nodes[part as usize];
        let route = node.route;
        let after = self.after_breaks(part);
        let from = self.nodes[node.prev as usize].place;
        let to = self.nodes[after as usize].place;
        let spec = &problem.parts[part as usize];
        let mut ticks = i64::from(problem.travel(from, spec.place));
        ticks += i64::from(problem.travel(spec.place, to));
        if self.routes[route as usize].parts > 1 {
            ticks -= i64::from(problem.travel(from, to));
        }
        let fitted = &problem.fits[node.fit as usize];
        let travel_price = problem.routes[route as usize].travel_price;
        self.tiers[COST] -= ticks * travel_price + fitted.cost + i64::from(node.extra);
        self.tiers[TOLD] -= fitted.told_cost + i64::from(node.told);
        let tier = problem.lateness_tier(part);
        self.tiers[tier] -= i64::from(node.late);
        self.late_points.set(part, 0);
        self.note_fall();
        self.touch(part).route = NONE;
        self.touch(node.prev).next = node.next;
        self.touch(node.next).prev = node.prev;
        self.move_breaks(node.prev, from);
        self.add_load(route, -spec.load, -1);
        self.note_change(node.prev, after);
    }

    /// Moves a break within its route, behind `prev`.
    pub(super) fn move_break(&mut self, node: u32, prev: u32) {
        let old = self.nodes[node as usize];
        if prev == old.prev || prev == node {
            return;
        }
        self.touch(old.prev).next = old.next;
        self.touch(old.next).prev = old.prev;
        let next = self.nodes[prev as usize].next;
        let place = self.nodes[prev as usize].place;
        self.note_fall();
        let moved = self.touch(node);
        (moved.prev, moved.next, moved.place) = (prev, next, place);
        self.touch(prev).next = node;
        self.touch(next).prev = node;
        let after = self.after_breaks(old.prev);
        self.note_change(old.prev, after);
        let after = self.after_breaks(node);
        self.note_change(prev, after);
    }

    fn move_breaks(&mut self, behind: u32, place: u32) {
        let mut node = self.nodes[behind as usize].next;
        while self.nodes[node as usize].kind == Kind::Break {
            if self.nodes[node as usize].place != place {
                self.touch(node).place = place;
            }
            node = self.nodes[node as usize].next;
        }
    }

    fn add_load(&mut self, route: u32, load: i64, parts: i32) {
        let fairness = self.problem.fairness;
        let before = self.routes[route as usize];
        let after = RouteState {
            parts: before.parts.wrapping_add_signed(parts),
            load: before.load + load,
            room: before.room - load,
            ..before
        };
        self.tiers[COST] += fairness * (after.load * after.load - before.load * before.load);
        *self.touch_route(route) = after;
        self.note_route(route);
        if (before.parts == 0) != (after.parts == 0) {
            self.note_use(route);
        }
        if self.problem.routes[route as usize].next_stop != NONE {
            self.price_next_stop(route);
        }
    }

    fn price_next_stop(&mut self, route: u32) {
        let first = self.after_breaks(self.start_node(route));
        let expected = self.problem.routes[route as usize].next_stop;
        let price = if first == expected { 0 } else { self.problem.next_stop_price };
        let before = self.routes[route as usize];
        if before.next_stop != price {
            self.tiers[TOLD] += price - before.next_stop;
            self.touch_route(route).next_stop = price;
        }
    }

    /// What the plan costs per tier, the greatest lateness included.
    pub fn score(&self) -> [i64; TIERS] {
        let mut tiers = self.tiers;
        if self.problem.greatest_lateness > 0 {
            tiers[COST] += self.problem.greatest_lateness * i64::from(self.greatest_lateness());
        }
        tiers[COST] += self.price_over_routes();
        tiers
    }

    /// The greatest lateness of any part, in points of its price.
    pub fn greatest_lateness(&self) -> i32 {
        self.late_points.greatest()
    }

    /// The parts and breaks of a route in order.
    pub fn stops(&self, route: u32) -> impl Iterator<Item = u32> + use<'_, 'p> {
        let end = self.end_node(route);
        let first = self.nodes[self.start_node(route) as usize].next;
        std::iter::successors(Some(first), |&node| Some(self.nodes[node as usize].next))
            .take_while(move |&node| node != end)
    }
}

/// Prices of a problem in which starts cost nothing but lateness in a straight line, and routes
/// nothing but travel and a sum per part: judging is then a handful of sums, and pushes have a
/// lower bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain {
    /// Weighted points per tick of lateness of any part.
    pub slope: i64,
    /// Points per tick of travel of any route.
    pub travel_price: i64,
}

impl Plain {
    /// `None` when anything else has a price too.
    fn of(problem: &Problem) -> Option<Plain> {
        let lateness = problem.lateness.first()?;
        let points = match lateness.steps[..] {
            [(0, points)] => points,
            // Hard windows alone: nothing is ever late.
            [] => 0,
            _ => return None,
        };
        let is_same = |other: &super::problem::LatenessSpec| {
            (other.tier, other.unit) == (lateness.tier, 1)
                && other.steps == lateness.steps
                && other.cap >= i64::from(NEVER) * points
        };
        let travel_price = problem.routes.first()?.travel_price;
        let is_plain_route = |route: &super::problem::RouteSpec| {
            (route.travel_price, route.waiting_price, route.next_stop) == (travel_price, 0, NONE)
                && route.to >= route.latest
                && route.breaks.is_empty()
        };
        let is_plain_fit = |fit: &super::problem::Fit| {
            (fit.starts, fit.hours, fit.told) == (NONE, NONE, NONE)
                && fit.cost >= 0
                && fit.told_cost == 0
        };
        let is_plain = problem.traffic.is_none()
            && problem.lateness.iter().all(is_same)
            && problem.routes.iter().all(is_plain_route)
            && problem.fits.iter().all(is_plain_fit)
            && problem.setup.iter().all(|ticks| *ticks == 0)
            && problem.fairness == 0
            && problem.route_prices.is_none();
        let slope = problem.weights[lateness.tier] * points;
        is_plain.then_some(Plain { slope, travel_price })
    }
}

impl Problem {
    /// What leaving a visit out costs, weighted: no place worth more than this is taken.
    #[inline]
    pub fn price_of_leaving_out(&self, visit: u32) -> i64 {
        let spec = &self.visits[visit as usize];
        self.weights[spec.unassigned.tier] * spec.unassigned.points
            + self.weights[TOLD] * spec.unassigned_told
    }

    /// The tier that a part's lateness is priced in.
    #[inline]
    pub fn lateness_tier(&self, part: u32) -> usize {
        self.lateness[self.parts[part as usize].lateness as usize].tier
    }
}

impl State<'_> {
    /// Finds loads, assignments and costs anew from the nodes alone.
    pub(super) fn recount(&mut self, problem: &Problem) {
        self.tiers = [0; TIERS];
        for route in 0..self.routes.len() as u32 {
            self.recount_route(problem, route);
        }
        for part in 0..problem.parts.len() {
            let node = self.nodes[part];
            let absent = node.route == NONE;
            self.late_points.set(part as u32, if absent { 0 } else { node.late });
        }
        for (visit, spec) in problem.visits.iter().enumerate() {
            let assigned = self.nodes[spec.parts.start as usize].route != NONE;
            self.assigned[visit] = assigned;
            if !assigned {
                self.tiers[spec.unassigned.tier] += spec.unassigned.points;
                self.tiers[TOLD] += spec.unassigned_told;
            }
        }
    }

    fn recount_route(&mut self, problem: &Problem, route: u32) {
        let spec = &problem.routes[route as usize];
        let stops: Vec<u32> = self.stops(route).collect();
        let mut counted = RouteState::empty(spec);
        let mut place = spec.start_place;
        let mut ticks = 0;
        for &at in &stops {
            let node = self.nodes[at as usize];
            self.tiers[COST] += i64::from(node.extra);
            if node.kind == Kind::Part {
                let part = &problem.parts[at as usize];
                let fit = &problem.fits[node.fit as usize];
                counted.parts += 1;
                counted.load += part.load;
                counted.room -= part.load;
                ticks += i64::from(problem.travel(place, part.place));
                place = part.place;
                self.tiers[COST] += fit.cost;
                self.tiers[TOLD] += fit.told_cost + i64::from(node.told);
                self.tiers[problem.lateness_tier(at)] += i64::from(node.late);
            }
        }
        if counted.parts > 0 {
            ticks += i64::from(problem.travel(place, spec.end_place));
            self.tiers[COST] += ticks * spec.travel_price;
            self.tiers[COST] += i64::from(self.nodes[self.end_node(route) as usize].late);
        }
        self.tiers[COST] += problem.fairness * counted.load * counted.load;
        if spec.next_stop != NONE {
            let first = self.after_breaks(self.start_node(route));
            counted.next_stop = if first == spec.next_stop { 0 } else { problem.next_stop_price };
            self.tiers[TOLD] += counted.next_stop;
        }
        self.routes[route as usize] = counted;
        self.reprice_route(route);
    }
}
