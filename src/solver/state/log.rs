//! What a node, a route and a visit were before they changed, and the way back there.

use super::{Node, RouteState, State};
use crate::solver::problem::{NONE, TIERS, TOLD};

/// Where a state can be put back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    nodes: usize,
    routes: usize,
    absent: usize,
    tiers: [i64; TIERS],
}

impl State<'_> {
    /// Keeps the node as it is now, once per mark, and gives it out to be changed.
    #[inline]
    pub(in crate::solver) fn touch(&mut self, node: u32) -> &mut Node {
        let at = node as usize;
        if self.node_epoch[at] != self.epoch {
            self.node_epoch[at] = self.epoch;
            self.node_log.push((node, self.nodes[at]));
        }
        &mut self.nodes[at]
    }

    pub(in crate::solver) fn touch_route(&mut self, route: u32) -> &mut RouteState {
        self.route_log.push((route, self.routes[route as usize]));
        &mut self.routes[route as usize]
    }

    pub(in crate::solver) fn set_assigned(&mut self, visit: u32, assigned: bool) {
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
}
