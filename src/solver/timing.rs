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

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::problem::{COST, NEVER, NONE, Problem, TOLD};
use super::state::{Kind, State};

/// More raises along backward arcs than this in one refresh count as a circle that never settles.
const BACKWARD_RAISES_MAX: u32 = 200;
/// More steps than this per node in one refresh count as a circle that never settles.
const STEPS_PER_NODE_MAX: usize = 30;

/// Memory that refreshes reuse.
pub struct Scratch {
    pub(super) first_break: Vec<u32>,
    ties: Vec<Tie>,
    /// Has anything changed that can make some start earlier than it was?
    may_fall: bool,
    /// How often a backward arc made some start later in this refresh.
    backward_raises: u32,
    forward: Queue<Reverse<(i32, u32)>>,
    backward: Queue<(i32, u32)>,
    forward_seeds: Vec<u32>,
    backward_seeds: Vec<u32>,
    /// Nodes with a backward arc whose value was found without it.
    postponed: Vec<u32>,
    /// Routes whose stops or starts have changed, where whole routes have prices.
    changed_routes: Vec<u32>,
    is_changed: Vec<bool>,
    /// Parts that start when they are held until and no later; empty where there are none.
    pub(super) fixed: Vec<bool>,
    pub(super) visited: Vec<u32>,
    pub(super) visit_epoch: u32,
    pub(super) stack: Vec<u32>,
}

/// What ties a node to others, and whether it waits to be timed anew.
#[derive(Clone, Copy)]
struct Tie {
    /// The first of those that move as one with it.
    leader: u32,
    /// Is it a part of a visit with lags?
    is_lagged: bool,
    /// Is it a part that no meeting ties to another?
    is_alone: bool,
    forward_queued: bool,
    backward_queued: bool,
}

impl Tie {
    fn of(problem: &Problem, node: u32) -> Tie {
        let at = node as usize;
        let (mut is_lagged, mut is_alone) = (false, false);
        if let Some(spec) = problem.parts.get(at) {
            is_lagged = problem.visits[spec.visit as usize].has_lags;
            is_alone = !is_lagged
                && problem.groups[spec.group as usize].len() == 1
                && problem.lags_in[at].is_empty()
                && problem.lags_out[at].is_empty();
        }
        let leader = problem.leader(node);
        Tie { leader, is_lagged, is_alone, forward_queued: false, backward_queued: false }
    }
}

/// A heap whose greatest entry is mostly the last one put in: that one waits outside of it.
struct Queue<T> {
    last: Option<T>,
    heap: BinaryHeap<T>,
}

impl<T: Ord + Copy> Queue<T> {
    fn new() -> Queue<T> {
        Queue { last: None, heap: BinaryHeap::new() }
    }

    #[inline]
    fn push(&mut self, entry: T) {
        match self.last {
            None => self.last = Some(entry),
            Some(last) if entry > last => {
                self.last = Some(entry);
                self.heap.push(last);
            }
            Some(_) => self.heap.push(entry),
        }
    }

    /// The greatest entry.
    #[inline]
    fn pop(&mut self) -> Option<T> {
        match (self.last, self.heap.peek()) {
            (Some(last), Some(top)) if *top > last => self.heap.pop(),
            (Some(_), _) => self.last.take(),
            (None, _) => self.heap.pop(),
        }
    }
}

impl Scratch {
    pub(super) fn new(problem: &Problem, node_count: usize) -> Scratch {
        Scratch {
            first_break: Vec::new(),
            ties: (0..node_count as u32).map(|node| Tie::of(problem, node)).collect(),
            may_fall: false,
            backward_raises: 0,
            forward: Queue::new(),
            backward: Queue::new(),
            forward_seeds: Vec::new(),
            backward_seeds: Vec::new(),
            postponed: Vec::new(),
            changed_routes: Vec::new(),
            is_changed: vec![false; problem.routes.len()],
            fixed: Vec::new(),
            visited: vec![0; node_count],
            visit_epoch: 0,
            stack: Vec::new(),
        }
    }

    /// Drops every note of what changed, after a refresh that failed half-way.
    fn clear(&mut self) {
        while let Some(Reverse((_, node))) = self.forward.pop() {
            self.ties[node as usize].forward_queued = false;
        }
        while let Some((_, node)) = self.backward.pop() {
            self.ties[node as usize].backward_queued = false;
        }
        self.forward_seeds.clear();
        self.backward_seeds.clear();
        self.postponed.clear();
        for route in self.changed_routes.drain(..) {
            self.is_changed[route as usize] = false;
        }
        self.may_fall = false;
    }

    /// Is the node a part that no meeting ties to another?
    #[inline]
    pub(super) fn is_alone(&self, node: u32) -> bool {
        self.ties[node as usize].is_alone
    }
}

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

    fn forward(&mut self) -> bool {
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
    pub(super) fn settle_up(&self, members: &[u32], least: i32) -> Option<i32> {
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
    fn reprice_end(&mut self, end: u32) {
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

    fn backward(&mut self) -> bool {
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

    /// Does a path lead from node `from` to node `to`, so that `to` can't come before `from`?
    ///
    /// Starts never fall along an arc, so a later `from` proves "no" at once; otherwise a search
    /// among the nodes that start no later than `to`. Backward arcs are left out: a circle through
    /// one shows itself when times are refreshed.
    pub fn leads_to(&mut self, from: u32, to: u32) -> bool {
        let problem = self.problem;
        let limit = self.nodes[to as usize].start;
        if self.nodes[from as usize].start > limit {
            return false;
        }
        let target = problem.leader(to);
        self.scratch.visit_epoch += 1;
        let epoch = self.scratch.visit_epoch;
        let mut stack = std::mem::take(&mut self.scratch.stack);
        stack.clear();
        stack.push(problem.leader(from));
        let mut found = false;
        while let Some(leader) = stack.pop() {
            if leader == target {
                found = true;
                break;
            }
            let node = self.nodes[leader as usize];
            if self.scratch.visited[leader as usize] == epoch || node.start > limit {
                continue;
            }
            self.scratch.visited[leader as usize] = epoch;
            if (leader as usize) < problem.parts.len() {
                let group = problem.parts[leader as usize].group;
                for &part in &problem.groups[group as usize] {
                    stack.push(problem.leader(self.nodes[part as usize].next));
                    for lag in &problem.lags_out[part as usize] {
                        if lag.least >= 0 && self.is_present(lag.other) {
                            stack.push(problem.leader(lag.other));
                        }
                    }
                }
            } else if node.kind == Kind::End {
                for &(later, _) in &problem.routes[node.route as usize].rest_to {
                    stack.push(self.start_node(later));
                }
            } else {
                stack.push(problem.leader(node.next));
            }
        }
        self.scratch.stack = stack;
        found
    }
}

/// A limit so many ticks earlier; no limit stays none, however far ahead it is looked at.
#[inline]
fn earlier(limit: i32, ticks: i32) -> i32 {
    if limit >= NEVER { NEVER } else { limit - ticks }
}
