//! Latest and free starts: backward over routes and meetings, as far as anything changes.

use super::{BACKWARD_RAISES_MAX, STEPS_PER_NODE_MAX};
use crate::solver::problem::NEVER;
use crate::solver::state::{Kind, State};

impl State<'_> {
    pub(super) fn backward(&mut self) -> bool {
        let mut steps = STEPS_PER_NODE_MAX * self.nodes.len();
        while let Some((_, node)) = self.scratch.backward.pop() {
            self.scratch.ties[node as usize].backward_queued = false;
            if steps == 0 {
                return false;
            }
            steps -= 1;
            self.relimit(node, false);
        }
        if self.scratch.postponed.is_empty() {
            return true;
        }
        let postponed = std::mem::take(&mut self.scratch.postponed);
        for &node in &postponed {
            self.queue_backward(node);
        }
        let mut steps = BACKWARD_RAISES_MAX + 20 * postponed.len() as u32;
        self.scratch.postponed = postponed;
        self.scratch.postponed.clear();
        while let Some((_, node)) = self.scratch.backward.pop() {
            self.scratch.ties[node as usize].backward_queued = false;
            if steps == 0 {
                return false;
            }
            steps -= 1;
            self.relimit(node, true);
        }
        true
    }

    /// Finds the latest and the free start of a node (with all that move as one with it) anew.
    fn relimit(&mut self, leader: u32, with_backward_arcs: bool) {
        let problem = self.problem;
        if (leader as usize) < problem.parts.len() {
            self.relimit_group(leader, with_backward_arcs);
            return;
        }
        let node = self.nodes[leader as usize];
        let route = &problem.routes[node.route as usize];
        let (latest, free) = match node.kind {
            Kind::End => {
                let (mut latest, mut free) = (route.latest, route.to.min(route.latest));
                for &(later, rest) in &route.rest_to {
                    if self.is_used(later) {
                        let start = &self.nodes[self.start_node(later) as usize];
                        latest = latest.min(earlier(start.latest, rest));
                        free = free.min(earlier(start.free, rest));
                    }
                }
                (latest, if self.is_used(node.route) { free.max(node.start) } else { free })
            }
            Kind::Break => {
                let (latest, free) = self.limits_by_next(leader);
                let to = self.break_spec(leader).to;
                (latest.min(to), free.min(to))
            }
            Kind::Start | Kind::Part => self.limits_by_next(leader),
        };
        if latest != node.latest || free != node.free {
            let changed = self.touch(leader);
            (changed.latest, changed.free) = (latest, free);
            if node.kind == Kind::Start {
                for index in 0..self.rest_from[node.route as usize].len() {
                    let earlier = self.rest_from[node.route as usize][index].0;
                    let end = self.end_node(earlier);
                    self.queue_backward(end);
                }
            } else {
                self.queue_backward(node.prev);
            }
        }
    }

    #[inline]
    fn limits_by_next(&self, node: u32) -> (i32, i32) {
        let here = &self.nodes[node as usize];
        let next = &self.nodes[here.next as usize];
        let done_by = |limit: i32| self.problem.done_by(limit, here.place, next.place);
        (earlier(done_by(next.latest), here.service), earlier(done_by(next.free), here.service))
    }

    fn relimit_group(&mut self, leader: u32, with_backward_arcs: bool) {
        let problem = self.problem;
        if self.scratch.ties[leader as usize].is_alone {
            let (latest, free) = self.limits_by_next(leader);
            let node = &self.nodes[leader as usize];
            let fit = &problem.fits[node.fit as usize];
            let latest = problem.last_start(fit, latest);
            let due = problem.parts[leader as usize].due.max(node.start);
            let free = problem.last_start(fit, free.min(due)).max(node.start);
            if latest != node.latest || free != node.free {
                let changed = self.touch(leader);
                (changed.latest, changed.free) = (latest, free);
                let prev = changed.prev;
                self.queue_backward(prev);
            }
            return;
        }
        let spec = &problem.parts[leader as usize];
        let members = &problem.groups[spec.group as usize];
        let (mut latest, mut free) = (NEVER, NEVER);
        let mut has_backward_arcs = false;
        for &part in members {
            let spec = &problem.parts[part as usize];
            let node = &self.nodes[part as usize];
            let (mut part_latest, mut part_free) = self.limits_by_next(part);
            if node.start <= spec.due {
                part_free = part_free.min(spec.due);
            } else {
                part_free = part_free.min(node.start);
            }
            for lag in &problem.lags_out[part as usize] {
                if lag.least < 0 && !with_backward_arcs {
                    has_backward_arcs = true;
                } else if self.is_present(lag.other) {
                    let other = &self.nodes[lag.other as usize];
                    part_latest = part_latest.min(earlier(other.latest, lag.least));
                    part_free = part_free.min(earlier(other.free, lag.least));
                }
            }
            latest = latest.min(part_latest);
            free = free.min(part_free);
        }
        if self.scratch.is_fixed(leader) {
            let hold = self.nodes[leader as usize].hold;
            (latest, free) = (latest.min(hold), free.min(hold));
        }
        if has_backward_arcs {
            self.scratch.postponed.push(leader);
        }
        let latest = self.settle_down(members, latest);
        let free = self.settle_down(members, free);
        for &part in members {
            let node = &self.nodes[part as usize];
            let free = free.max(node.start);
            if latest != node.latest || free != node.free {
                let changed = self.touch(part);
                (changed.latest, changed.free) = (latest, free);
                let prev = changed.prev;
                self.queue_backward(prev);
                for lag in &problem.lags_in[part as usize] {
                    self.queue_backward(lag.other);
                }
            }
        }
    }

    /// The greatest common start at or before `greatest` that every member's windows allow.
    fn settle_down(&self, members: &[u32], greatest: i32) -> i32 {
        let problem = self.problem;
        let mut start = greatest;
        loop {
            let mut lowered = start;
            for &part in members {
                let fit = &problem.fits[self.nodes[part as usize].fit as usize];
                lowered = lowered.min(problem.last_start(fit, lowered));
            }
            if lowered == start || lowered < -NEVER / 2 {
                return lowered;
            }
            start = lowered;
        }
    }
}

/// A limit so many ticks earlier; no limit stays none, however far ahead it is looked at.
#[inline]
fn earlier(limit: i32, ticks: i32) -> i32 {
    if limit >= NEVER { NEVER } else { limit - ticks }
}
