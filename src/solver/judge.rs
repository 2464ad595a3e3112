//! What would it cost to put a visit here? Judged in constant time per position.
//!
//! A part fits between two stops when its own start lies in its windows and the stop after it is
//! reached by that stop's latest start. A joint visit fits at several positions at once when the
//! common start does so everywhere and no path leads from a stop after it to a stop before it. The
//! price is exact as long as nothing behind the visit is pushed beyond its free start; otherwise
//! the push is bounded from below here and followed by [`super::push`].

use super::problem::{Fit, NEVER, NONE, Problem, TOLD};
use super::state::{Kind, State};

/// A position for one part, judged by itself.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Price without pushes.
    pub price: i64,
    /// No less than this, pushes and partners included.
    pub bound: i64,
    /// Latest start here that pushes nobody beyond the free start; `-NEVER` if unknown.
    pub roof: i32,
    /// Earliest start here.
    pub early: i32,
    /// Latest start here that keeps every hard limit.
    pub late: i32,
    /// The node it would follow.
    pub prev: u32,
    /// The route.
    pub route: u32,
    /// How the part fits the route.
    pub fit: u32,
    /// Held until then; `-NEVER` if not.
    pub hold: i32,
}

/// A part put behind a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placement {
    /// The part.
    pub part: u32,
    /// The node it follows (for the second part of a pair by one crew: the first part).
    pub prev: u32,
    /// How it fits the route.
    pub fit: u32,
    /// Held until then; `-NEVER` if not.
    pub hold: i32,
}

impl Problem {
    /// Points of a part that starts then on a route with this fit, travel left out, weighted.
    #[inline]
    pub fn part_price(&self, part: u32, fit: &Fit, start: i32) -> i64 {
        let spec = &self.parts[part as usize];
        let mut price = fit.cost + self.hour_price(fit, start);
        if start > spec.due {
            let lateness = &self.lateness[spec.lateness as usize];
            price += self.weights[lateness.tier] * lateness.price(start - spec.due);
        }
        if fit.told_cost != 0 || fit.told != NONE {
            price += self.weights[TOLD] * (fit.told_cost + self.told_price(fit, start));
        }
        price
    }
}

impl State<'_> {
    /// Judges the part between `prev` and the node after it; `None` when it does not fit there.
    #[inline]
    pub fn judge(&self, part: u32, prev: u32, fit_at: u32, hold: i32) -> Option<Position> {
        let problem = self.problem;
        let fit = &problem.fits[fit_at as usize];
        let spec = &problem.parts[part as usize];
        let before = &self.nodes[prev as usize];
        if !self.has_room(before.route, spec.load) {
            return None;
        }
        let ready = problem.ready(before.start + before.service, before.place, spec.place);
        let early = problem.next_start(fit, ready.max(hold));
        if early >= NEVER {
            return None;
        }
        let after = self.after_breaks(prev);
        if !self.is_in_turn(part, prev, after) {
            return None;
        }
        let behind = &self.nodes[after as usize];
        let mut done_latest = problem.done_by(behind.latest, spec.place, behind.place);
        let mut roof = problem.done_by(behind.free, spec.place, behind.place) - spec.service;
        if before.next != after {
            done_latest = self.bound_before_breaks(before.next, after, done_latest);
            roof = -NEVER;
        }
        let late = problem.last_start(fit, done_latest - spec.service);
        if early > late {
            return None;
        }
        let route = &problem.routes[before.route as usize];
        let state = &self.routes[before.route as usize];
        let mut ticks = problem.travel(before.place, spec.place);
        ticks += problem.travel(spec.place, behind.place);
        if state.parts > 0 {
            ticks -= problem.travel(before.place, behind.place);
        }
        let mut price = i64::from(ticks) * route.travel_price;
        price += problem.part_price(part, fit, early);
        price += problem.fairness * spec.load * (2 * state.load + spec.load);
        if route.next_stop != NONE {
            price += self.next_stop_change(before.route, prev, part);
        }
        if route.waiting_price > 0 {
            price += self.waiting_change(part, prev, ready, early) * route.waiting_price;
        }
        let mut position = Position {
            price,
            bound: price,
            roof,
            early,
            late,
            prev,
            route: before.route,
            fit: fit_at,
            hold,
        };
        position.bound += self.push_bound(&position, early);
        Some(position)
    }

    /// No less than what it costs that a part starts then at this position and pushes those behind
    /// it.
    #[inline]
    pub fn push_bound(&self, position: &Position, start: i32) -> i64 {
        match self.plain {
            Some(plain) if position.roof > -NEVER => {
                i64::from((start - position.roof).max(0)) * plain.slope
            }
            _ => 0,
        }
    }

    /// Ticks waited more (or less) at the part and at the stop after it, when the part is ready at
    /// `ready` and starts at `start`.
    #[inline]
    fn waiting_change(&self, part: u32, prev: u32, ready: i32, start: i32) -> i64 {
        let before = &self.nodes[prev as usize];
        let is_first = !(before.after_visit || before.kind == Kind::Part);
        let own = if is_first { 0 } else { start - ready };
        let spec = &self.problem.parts[part as usize];
        let mut waited = i64::from(own);
        let mut done = start + spec.service;
        let mut at = before.next;
        // Breaks behind move to the part's place, so the stop after them is reached anew as well.
        loop {
            let next = &self.nodes[at as usize];
            if next.kind == Kind::End {
                return waited;
            }
            let is_break = next.kind == Kind::Break;
            let there =
                if is_break { done } else { self.problem.ready(done, spec.place, next.place) };
            let before = if next.after_visit { next.start - next.ready } else { 0 };
            waited += i64::from((next.start - there).max(0) - before);
            if !is_break {
                return waited;
            }
            done = next.start.max(done) + next.service;
            at = next.next;
        }
    }

    /// What it costs more that a part starts later than its position's earliest, by itself.
    pub fn delay_price(&self, part: u32, position: &Position, start: i32) -> i64 {
        let problem = self.problem;
        if start == position.early {
            return 0;
        }
        let fit = &problem.fits[position.fit as usize];
        let mut price = problem.part_price(part, fit, start);
        price -= problem.part_price(part, fit, position.early);
        let waiting_price = problem.routes[position.route as usize].waiting_price;
        if waiting_price > 0 {
            // The moment of being ready falls out of the difference.
            let late = self.waiting_change(part, position.prev, 0, start);
            let early = self.waiting_change(part, position.prev, 0, position.early);
            price += (late - early) * waiting_price;
        }
        price
    }

    /// The latest moment to be done before the breaks `first..after`, when `bound` is the latest
    /// moment to be done with the last of them.
    fn bound_before_breaks(&self, first: u32, after: u32, bound: i32) -> i32 {
        let next = self.nodes[first as usize].next;
        let bound =
            if next == after { bound } else { self.bound_before_breaks(next, after, bound) };
        let spec = self.break_spec(first);
        let latest = spec.to.min(bound - spec.length);
        if latest < spec.from { -NEVER } else { latest }
    }

    fn next_stop_change(&self, route: u32, prev: u32, part: u32) -> i64 {
        let problem = self.problem;
        let before = &self.nodes[prev as usize];
        let becomes_first = !(before.after_visit || before.kind == Kind::Part);
        if !becomes_first {
            return 0;
        }
        let expected = problem.routes[route as usize].next_stop;
        let price = if part == expected { 0 } else { problem.next_stop_price };
        problem.weights[TOLD] * (price - self.routes[route as usize].next_stop)
    }
}
