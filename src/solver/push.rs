//! What a visit costs those behind it: pushes, followed exactly along routes and meetings.
//!
//! A push is followed from stop to stop for as long as it makes anyone later than the free start;
//! where it no longer does, nothing further on costs more.

use super::problem::{COST, NEVER};
use super::state::{Kind, State};

/// Pushed stops followed at most; past this the price so far stands in for the whole.
const PUSHES_MAX: usize = 2_000;

/// Where a push begins: a part that would start then, behind `prev`.
#[derive(Clone, Copy, Debug)]
pub struct Push {
    /// The part.
    pub part: u32,
    /// The node it would follow.
    pub prev: u32,
    /// Its start.
    pub start: i32,
}

/// Memory that pushes reuse.
#[derive(Default)]
pub(super) struct Pushed {
    /// Per node, the push it was last reached in and the start it was pushed to.
    reached: Vec<(u32, i32)>,
    epoch: u32,
    stack: Vec<u32>,
    price: i64,
    greatest: i32,
    steps: usize,
}

impl Pushed {
    pub(super) fn new(node_count: usize) -> Pushed {
        Pushed { reached: vec![(0, 0); node_count], ..Pushed::default() }
    }
}

impl State<'_> {
    /// Weighted points for lateness and overtime of all that these parts would push, and the
    /// greatest lateness among them. Gives up, with a price of `limit` or more, as soon as that is
    /// reached. The parts must not stand in each other's way: a push around a circle has no end.
    pub fn push_price(&mut self, pushes: &[Push], limit: i64) -> (i64, i32) {
        let mut pushed = std::mem::take(&mut self.pushed);
        pushed.epoch = pushed.epoch.wrapping_add(1);
        (pushed.price, pushed.greatest, pushed.steps) = (0, 0, 0);
        pushed.stack.clear();
        for push in pushes {
            let spec = &self.problem.parts[push.part as usize];
            let next = self.nodes[push.prev as usize].next;
            self.push_along(&mut pushed, next, push.start + spec.service, spec.place);
        }
        while let Some(part) = pushed.stack.pop() {
            if pushed.price >= limit || pushed.steps > PUSHES_MAX {
                break;
            }
            pushed.steps += 1;
            let start = pushed.reached[part as usize].1;
            let node = &self.nodes[part as usize];
            self.push_along(&mut pushed, node.next, start + node.service, node.place);
            for lag in &self.problem.lags_out[part as usize] {
                if self.is_present(lag.other) {
                    self.push_part(&mut pushed, lag.other, start + lag.least);
                }
            }
        }
        let found = (pushed.price, pushed.greatest);
        self.pushed = pushed;
        found
    }

    /// A crew that is done at `done` goes on to `node`, over its breaks.
    fn push_along(&self, pushed: &mut Pushed, mut node: u32, mut done: i32, mut place: u32) {
        let problem = self.problem;
        loop {
            let stop = &self.nodes[node as usize];
            match stop.kind {
                Kind::Break => {
                    let spec = self.break_spec(node);
                    done = done.max(spec.from) + spec.length;
                    node = stop.next;
                }
                Kind::Part => {
                    return self.push_part(pushed, node, problem.ready(done, place, stop.place));
                }
                Kind::End => {
                    return self.push_end(pushed, node, problem.ready(done, place, stop.place));
                }
                Kind::Start => {
                    place = stop.place;
                    node = stop.next;
                }
            }
        }
    }

    /// A crew is back at `back` at the earliest.
    fn push_end(&self, pushed: &mut Pushed, node: u32, back: i32) {
        let stop = &self.nodes[node as usize];
        let route = &self.problem.routes[stop.route as usize];
        let overtime = |back: i32| i64::from((back - route.to).max(0)) * route.overtime_price;
        let (epoch, reached) = pushed.reached[node as usize];
        let is_again = epoch == pushed.epoch;
        if is_again && reached >= back {
            return;
        }
        // A route not in use yet pays for no overtime, whenever it would end.
        let before = if is_again { overtime(reached) } else { i64::from(stop.late) };
        pushed.price += self.problem.weights[COST] * (overtime(back) - before);
        pushed.reached[node as usize] = (pushed.epoch, back);
    }

    /// A part, and all that start with it, can start at `ready` at the earliest.
    fn push_part(&self, pushed: &mut Pushed, node: u32, ready: i32) {
        let problem = self.problem;
        if ready <= self.nodes[node as usize].free {
            return;
        }
        let group = &problem.groups[problem.parts[node as usize].group as usize];
        let start = match self.settle_up(group, ready) {
            Some(start) if start < NEVER => start,
            _ => return,
        };
        let (epoch, reached) = pushed.reached[group[0] as usize];
        let is_again = epoch == pushed.epoch;
        if is_again && reached >= start {
            return;
        }
        for &part in group {
            let spec = &problem.parts[part as usize];
            pushed.reached[part as usize] = (pushed.epoch, start);
            pushed.stack.push(part);
            if start > spec.due {
                let lateness = &problem.lateness[spec.lateness as usize];
                let points = lateness.price(start - spec.due);
                let before = if is_again {
                    lateness.price(reached - spec.due)
                } else {
                    i64::from(self.nodes[part as usize].late)
                };
                pushed.price += problem.weights[lateness.tier] * (points - before);
                pushed.greatest = pushed.greatest.max(points as i32);
            }
        }
    }
}
