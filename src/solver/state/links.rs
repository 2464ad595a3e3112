//! Parts and breaks in and out of routes, and what that costs at once.

use super::{Kind, RouteState, State};
use crate::solver::problem::{COST, NEVER, NONE, TOLD};

impl State<'_> {
    /// Puts an absent part behind `prev`. Costs and places are right at once; times only after a
    /// refresh, for which the nodes to look at are noted.
    pub(in crate::solver) fn link(&mut self, part: u32, prev: u32, fit: u32, hold: i32) {
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
    pub(in crate::solver) fn unlink(&mut self, part: u32) {
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
    pub(in crate::solver) fn move_break(&mut self, node: u32, prev: u32) {
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
}
