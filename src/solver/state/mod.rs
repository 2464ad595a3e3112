//! Routes as linked nodes, what they cost, and how to take changes back.
//!
//! Every change goes through [`State::touch`], which keeps the node as it was; [`State::rewind`]
//! puts a marked state back exactly, so a trial costs only what it changed.
//!
//! `links` puts parts in and takes them out, `log` takes changes back, `recount` finds all sums
//! anew, `plain` knows problems whose prices are simple.

mod links;
mod log;
mod plain;
mod recount;

pub use log::Mark;
pub(super) use plain::Plain;

use super::alike::Alike;
use super::first_stops::FirstStops;
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
    /// Which parts come first where.
    pub(super) first_stops: FirstStops,
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
            first_stops: FirstStops::of(problem),
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

    /// The first node after `node` that is not a break.
    #[inline]
    pub fn after_breaks(&self, node: u32) -> u32 {
        let mut next = self.nodes[node as usize].next;
        while self.nodes[next as usize].kind == Kind::Break {
            next = self.nodes[next as usize].next;
        }
        next
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
