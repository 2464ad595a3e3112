//! Loads, assignments and costs anew from the nodes alone.

use super::{Kind, RouteState, State};
use crate::solver::problem::{COST, NONE, Problem, TIERS, TOLD};

impl State<'_> {
    /// Finds loads, assignments and costs anew from the nodes alone.
    pub(in crate::solver) fn recount(&mut self, problem: &Problem) {
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
