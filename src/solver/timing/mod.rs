//! Time over meetings: earliest and latest starts on the graph of routes, meetings and rests.
//!
//! Every constraint has the form `start(b) ≥ g(start(a))` with a non-decreasing `g`, so the
//! earliest starts are the least solution and the latest starts the greatest one. Both are kept
//! exact after every change by working through what changed in the order of the old starts, which
//! is a topological order of the graph before the change (every arc leads to a start no earlier).
//!
//! A greatest lag is an arc backwards in time (`start(a) ≥ start(b) − max`). Values must not hold
//! each other up around such a circle, so a refresh works without backward arcs first and then
//! raises (or lowers) what they ask for.
//!
//! `earliest` and `latest` do the two passes, `scratch` is what they remember between them,
//! `deadlock` tells whether a stop would have to wait for itself.

mod deadlock;
mod earliest;
mod latest;
mod scratch;

use std::cmp::Reverse;

pub use scratch::Scratch;
use scratch::Tie;

use super::problem::{NONE, Problem};
use super::state::State;

/// More raises along backward arcs than this in one refresh count as a circle that never settles.
const BACKWARD_RAISES_MAX: u32 = 200;
/// More steps than this per node in one refresh count as a circle that never settles.
const STEPS_PER_NODE_MAX: usize = 30;

impl Problem {
    /// The nodes that move as one with this node, itself included.
    #[inline]
    fn leader(&self, node: u32) -> u32 {
        match self.parts.get(node as usize) {
            Some(part) => self.groups[part.group as usize][0],
            None => node,
        }
    }
}

impl State<'_> {
    /// Notes that the order of stops changed between `prev` and `after`, for the next refresh.
    pub(super) fn note_change(&mut self, prev: u32, after: u32) {
        self.scratch.backward_seeds.push(prev);
        let mut node = self.nodes[prev as usize].next;
        while node != after {
            self.scratch.forward_seeds.push(node);
            self.scratch.backward_seeds.push(node);
            node = self.nodes[node as usize].next;
        }
        self.scratch.forward_seeds.push(after);
    }

    /// Notes that a route came into use or fell out of it: rests around it hold or fall away.
    pub(super) fn note_use(&mut self, route: u32) {
        let problem = self.problem;
        let end = self.end_node(route);
        self.scratch.forward_seeds.push(end);
        self.scratch.backward_seeds.push(end);
        let first_break = self.first_break(route);
        for index in 0..problem.routes[route as usize].breaks.len() as u32 {
            self.scratch.forward_seeds.push(first_break + index);
        }
        for &(later, _) in &problem.routes[route as usize].rest_to {
            let start = self.start_node(later);
            self.scratch.forward_seeds.push(start);
        }
        for index in 0..self.rest_from[route as usize].len() {
            let earlier = self.rest_from[route as usize][index].0;
            let end = self.end_node(earlier);
            self.scratch.backward_seeds.push(end);
        }
        self.reprice_end(end);
    }

    pub(super) fn time_empty_route(&mut self, route: u32) {
        if self.scratch.first_break.is_empty() {
            let mut next = self.problem.parts.len() as u32;
            for spec in &self.problem.routes {
                self.scratch.first_break.push(next);
                next += spec.breaks.len() as u32;
            }
        }
        let (start, end) = (self.start_node(route), self.end_node(route));
        let mut node = start;
        loop {
            self.scratch.forward_seeds.push(node);
            self.scratch.backward_seeds.push(node);
            if node == end {
                break;
            }
            node = self.nodes[node as usize].next;
        }
        // An empty route that cannot keep its own limits stays as it is: its latest starts then lie
        // before its earliest ones, so nothing is ever placed on it.
        self.refresh();
        self.scratch.clear();
    }

    /// Makes all times and prices right after changes. `false` when some hard limit cannot be kept:
    /// the caller must rewind.
    pub fn refresh(&mut self) -> bool {
        let seeds = std::mem::take(&mut self.scratch.forward_seeds);
        for &node in &seeds {
            self.queue_forward(node);
        }
        self.recycle_forward_seeds(seeds);
        if !self.forward() {
            self.scratch.clear();
            return false;
        }
        let seeds = std::mem::take(&mut self.scratch.backward_seeds);
        for &node in &seeds {
            self.queue_backward(node);
        }
        self.recycle_backward_seeds(seeds);
        let kept = self.backward();
        if !kept {
            self.scratch.clear();
        }
        self.scratch.may_fall = false;
        while let Some(route) = self.scratch.changed_routes.pop() {
            self.scratch.is_changed[route as usize] = false;
            self.reprice_route(route);
        }
        kept
    }

    /// Lets a part wait until then at least. Times are right only after [`State::refresh`].
    pub(super) fn set_hold(&mut self, part: u32, hold: i32) {
        if hold < self.nodes[part as usize].hold {
            self.note_fall();
        }
        self.touch(part).hold = hold;
        self.scratch.forward_seeds.push(part);
        self.scratch.backward_seeds.push(part);
    }

    /// Notes that a route's stops or starts have changed.
    #[inline]
    pub(super) fn note_route(&mut self, route: u32) {
        if self.problem.route_prices.is_some() && !self.scratch.is_changed[route as usize] {
            self.scratch.is_changed[route as usize] = true;
            self.scratch.changed_routes.push(route);
        }
    }

    /// Forgets what was noted for the next refresh, of changes about to be taken back: `false`, as
    /// a refresh says of changes that cannot stand.
    pub(super) fn drop_changes(&mut self) -> bool {
        self.scratch.clear();
        false
    }

    fn recycle_forward_seeds(&mut self, mut seeds: Vec<u32>) {
        seeds.clear();
        self.scratch.forward_seeds = seeds;
    }

    fn recycle_backward_seeds(&mut self, mut seeds: Vec<u32>) {
        seeds.clear();
        self.scratch.backward_seeds = seeds;
    }

    /// Notes that some start may become earlier than it was.
    pub(super) fn note_fall(&mut self) {
        self.scratch.may_fall = true;
    }

    #[inline]
    fn queue_forward(&mut self, node: u32) {
        let Tie { leader, is_lagged, .. } = self.scratch.ties[node as usize];
        if self.scratch.may_fall && is_lagged {
            // Parts of a visit at a lag may hold each other up: they are found anew together.
            let visit = self.problem.parts[leader as usize].visit;
            for part in self.problem.visits[visit as usize].parts.clone() {
                self.queue_forward_alone(self.scratch.ties[part as usize].leader);
            }
        } else {
            self.queue_forward_alone(leader);
        }
    }

    #[inline]
    fn queue_forward_alone(&mut self, leader: u32) {
        let tie = &mut self.scratch.ties[leader as usize];
        let node = &self.nodes[leader as usize];
        if node.route != NONE && !tie.forward_queued {
            tie.forward_queued = true;
            let key = node.start;
            self.scratch.forward.push(Reverse((key, leader)));
        }
    }

    #[inline]
    fn queue_backward(&mut self, node: u32) {
        let Tie { leader, is_lagged, .. } = self.scratch.ties[node as usize];
        if is_lagged {
            // Parts of a visit at a lag may hold each other up: they are found anew together.
            let visit = self.problem.parts[leader as usize].visit;
            for part in self.problem.visits[visit as usize].parts.clone() {
                self.queue_backward_alone(self.scratch.ties[part as usize].leader);
            }
        } else {
            self.queue_backward_alone(leader);
        }
    }

    #[inline]
    fn queue_backward_alone(&mut self, leader: u32) {
        let tie = &mut self.scratch.ties[leader as usize];
        let node = &self.nodes[leader as usize];
        if node.route != NONE && !tie.backward_queued {
            tie.backward_queued = true;
            let key = node.start;
            self.scratch.backward.push((key, leader));
        }
    }
}
