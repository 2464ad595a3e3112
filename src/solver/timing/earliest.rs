//! Earliest starts: forward over routes and meetings, as far as anything changes.

use std::cmp::Reverse;

use super::{BACKWARD_RAISES_MAX, STEPS_PER_NODE_MAX};
use crate::solver::problem::{COST, NEVER, TOLD};
use crate::solver::state::{Kind, State};

impl State<'_> {
    pub(super) fn forward(&mut self) -> bool {
        self.scratch.backward_raises = 0;
        // Where nothing can become earlier, raising along all arcs at once ends at the least
        // starts.
        let at_once = !self.scratch.may_fall;
        let mut steps = STEPS_PER_NODE_MAX * self.nodes.len();
        while let Some(Reverse((_, node))) = self.scratch.forward.pop() {
            self.scratch.ties[node as usize].forward_queued = false;
            if steps == 0 || !self.restart(node, at_once) {
                return false;
            }
            steps -= 1;
        }
        if self.scratch.postponed.is_empty() {
            return true;
        }
        let postponed = std::mem::take(&mut self.scratch.postponed);
        for &node in &postponed {
            self.queue_forward(node);
        }
        self.scratch.postponed = postponed;
        self.scratch.postponed.clear();
        while let Some(Reverse((_, node))) = self.scratch.forward.pop() {
            self.scratch.ties[node as usize].forward_queued = false;
            if steps == 0 || !self.restart(node, true) {
                return false;
            }
            steps -= 1;
        }
        true
    }

    /// Finds the earliest start of a node (with all that move as one with it) anew.
    fn restart(&mut self, leader: u32, with_backward_arcs: bool) -> bool {
        let problem = self.problem;
        if (leader as usize) < problem.parts.len() {
            return self.restart_group(leader, with_backward_arcs);
        }
        let node = self.nodes[leader as usize];
        let route = &problem.routes[node.route as usize];
        match node.kind {
            Kind::Start => {
                let mut start = route.from;
                for &(earlier, rest) in &self.rest_from[node.route as usize] {
                    if self.is_used(earlier) {
                        start = start.max(self.nodes[self.end_node(earlier) as usize].start + rest);
                    }
                }
                if start > route.latest && self.is_used(node.route) {
                    return false;
                }
                if start != node.start {
                    self.touch(leader).start = start;
                    self.queue_forward(node.next);
                }
            }
            Kind::End => {
                let ready = self.ready_at(leader);
                if ready > route.latest && self.is_used(node.route) {
                    return false;
                }
                if ready != node.start {
                    let changed = self.touch(leader);
                    (changed.start, changed.ready) = (ready, ready);
                    self.reprice_end(leader);
                    self.scratch.backward_seeds.push(leader);
                    for &(later, _) in &route.rest_to {
                        let start = self.start_node(later);
                        self.queue_forward(start);
                    }
                }
            }
            Kind::Break | Kind::Part => {
                let ready = self.ready_at(leader);
                let spec = *self.break_spec(leader);
                let start = ready.max(spec.from);
                if start > spec.to && self.is_used(node.route) {
                    return false;
                }
                self.place_in_time(leader, ready, start);
            }
        }
        true
    }

    fn restart_group(&mut self, leader: u32, with_backward_arcs: bool) -> bool {
        let problem = self.problem;
        if self.scratch.ties[leader as usize].is_alone {
            let node = &self.nodes[leader as usize];
            let ready = self.ready_at(leader);
            let fit = &problem.fits[node.fit as usize];
            let start = problem.next_start(fit, ready.max(node.hold));
            if start < NEVER {
                self.place_in_time(leader, ready, start);
            }
            return start < NEVER;
        }
        let spec = &problem.parts[leader as usize];
        let members = &problem.groups[spec.group as usize];
        let mut least = -NEVER;
        let mut has_backward_arcs = false;
        for &part in members {
            let node = &self.nodes[part as usize];
            let mut start = self.ready_at(part).max(node.hold);
            for lag in &problem.lags_in[part as usize] {
                if lag.least < 0 && !with_backward_arcs {
                    has_backward_arcs = true;
                } else if self.is_present(lag.other) {
                    let raised = self.nodes[lag.other as usize].start + lag.least;
                    self.scratch.backward_raises += u32::from(lag.least < 0 && raised > start);
                    start = start.max(raised);
                }
            }
            least = least.max(start);
        }
        if has_backward_arcs {
            self.scratch.postponed.push(leader);
        }
        if self.scratch.backward_raises > BACKWARD_RAISES_MAX {
            return false;
        }
        let Some(start) = self.settle_up(members, least) else { return false };
        if self.scratch.is_fixed(leader) && start > self.nodes[leader as usize].hold {
            return false;
        }
        for &part in members {
            let ready = self.ready_at(part);
            self.place_in_time(part, ready, start);
        }
        true
    }

    /// The least common start at or after `least` that every member's windows allow.
    #[inline]
    pub(in crate::solver) fn settle_up(&self, members: &[u32], least: i32) -> Option<i32> {
        if let &[part] = members {
            let fit = &self.problem.fits[self.nodes[part as usize].fit as usize];
            let start = self.problem.next_start(fit, least);
            return (start < NEVER).then_some(start);
        }
        self.settle_all_up(members, least)
    }

    fn settle_all_up(&self, members: &[u32], least: i32) -> Option<i32> {
        let problem = self.problem;
        let mut start = least;
        loop {
            let mut raised = start;
            for &part in members {
                let fit = &problem.fits[self.nodes[part as usize].fit as usize];
                let found = problem.next_start(fit, raised);
                if found >= NEVER {
                    return None;
                }
                raised = raised.max(found);
            }
            if raised == start {
                return Some(start);
            }
            start = raised;
        }
    }

    #[inline]
    fn ready_at(&self, node: u32) -> i32 {
        let here = &self.nodes[node as usize];
        let prev = &self.nodes[here.prev as usize];
        self.problem.ready(prev.start.saturating_add(prev.service), prev.place, here.place)
    }

    /// Writes a node's start, prices it, and queues what hangs on it if anything changed.
    fn place_in_time(&mut self, at: u32, ready: i32, start: i32) {
        let problem = self.problem;
        let before = &self.nodes[at as usize];
        let prev = &self.nodes[before.prev as usize];
        let after_visit = prev.after_visit || prev.kind == Kind::Part;
        let moved = start != before.start;
        if !moved && ready == before.ready && after_visit == before.after_visit {
            return;
        }
        let mut extra = 0;
        if after_visit && start > ready {
            let spec = &problem.routes[before.route as usize];
            extra += i64::from(start - ready) * spec.waiting_price;
        }
        let (mut late, mut told) = (0, 0);
        let (late_before, next, route) = (before.late, before.next, before.route);
        let is_part = before.kind == Kind::Part;
        let passed_on = moved || after_visit != before.after_visit;
        if is_part {
            let part = &problem.parts[at as usize];
            let fit = &problem.fits[before.fit as usize];
            extra += problem.hour_price(fit, start);
            if start > part.due {
                late = problem.lateness[part.lateness as usize].price(start - part.due) as i32;
            }
            told = problem.told_price(fit, start) as i16;
        }
        // Behind a stop that is not timed yet a wait may look endless: what is charged is what the
        // node can hold, so that it is taken back in full.
        let extra = extra.min(i64::from(i32::MAX));
        self.tiers[COST] += extra - i64::from(before.extra);
        self.tiers[TOLD] += i64::from(told - before.told);
        if late != late_before {
            self.tiers[problem.lateness_tier(at)] += i64::from(late - late_before);
            self.late_points.set(at, late);
        }
        let node = self.touch(at);
        (node.start, node.ready, node.after_visit) = (start, ready, after_visit);
        (node.late, node.extra, node.told) = (late, extra as i32, told);
        if passed_on {
            self.note_route(route);
            self.queue_forward(next);
        }
        if moved && is_part {
            if late > 0 || late_before > 0 {
                self.scratch.backward_seeds.push(at);
            }
            for lag in &problem.lags_out[at as usize] {
                self.queue_forward(lag.other);
            }
        }
    }

    /// Prices the return of a route: overtime, if it is used at all.
    pub(super) fn reprice_end(&mut self, end: u32) {
        let node = self.nodes[end as usize];
        let route = &self.problem.routes[node.route as usize];
        let mut late = 0;
        if self.is_used(node.route) && node.start > route.to {
            late = i64::from(node.start - route.to) * route.overtime_price;
        }
        if late != i64::from(node.late) {
            self.tiers[COST] += late - i64::from(node.late);
            self.touch(end).late = late as i32;
        }
    }
}
