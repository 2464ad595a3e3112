//! The positions of one part, judged with the times of their own route.

use super::Timed;
use super::Walk;
use super::trial::{Trial, idle_price};
use crate::solver::insert::Inserter;
use crate::solver::judge::Position;
use crate::solver::problem::{NEVER, RoutePrices};
use crate::solver::state::State;

impl Inserter {
    /// Judges the positions of a part, route by route: each with its price but for times, and as
    /// its bound what it costs with the times of its own route. Positions whose bound reaches the
    /// limit are left out; `take` sets the limit anew.
    pub(in crate::solver) fn walk_by_route(
        &mut self,
        state: &State<'_>,
        prices: &RoutePrices,
        part: u32,
        mut is_overlooked: impl FnMut(&mut Self) -> bool,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let problem = state.problem;
        let target = self.trial.idle_target;
        let mut limit = i64::MAX;
        for &(route, fit_at) in &problem.fitting[part as usize] {
            let fit = &problem.fits[fit_at as usize];
            let timed = &state.routes[route as usize].timed;
            let others = Others::of(&self.trial, prices, route, timed);
            let end = state.end_node(route);
            let mut here = state.start_node(route);
            let mut prefix = Walk::new(
                problem,
                prices,
                problem.routes[route as usize].start_place,
                state.nodes[here as usize].start,
            );
            loop {
                let node = &state.nodes[here as usize];
                if node.start + node.service > fit.to {
                    break;
                }
                self.work += 1;
                if !is_overlooked(self) && state.is_in_turn(part, here, node.next) {
                    let trial = Try { state, prices, part, here, route, fit_at, others, target };
                    let ready = trial.ready();
                    let later = prices.later_openings(part).filter(|from| *from > ready);
                    for hold in std::iter::once(-NEVER).chain(later) {
                        if let Some(position) = trial.judge(&prefix, hold, limit) {
                            limit = take(self, position);
                        }
                    }
                }
                here = node.next;
                if here == end {
                    break;
                }
                let next = &state.nodes[here as usize];
                let latest = problem.fits[next.fit as usize].to;
                prefix.step(here, next.start, latest, !state.scratch.is_alone(here));
            }
        }
    }
}

/// What the other routes are like, for one route.
#[derive(Clone, Copy)]
struct Others {
    late: i32,
    /// What the greatest lateness of all and the route's idle time cost now.
    price: i64,
}

impl Others {
    fn of(trial: &Trial, prices: &RoutePrices, route: u32, timed: &Timed) -> Others {
        let price = trial.idle_price(prices, timed.idle)
            + prices.greatest_lateness * i64::from(trial.late.value());
        Others { late: trial.late.among(|other| other != route), price }
    }
}

/// One position on trial.
struct Try<'s, 'p> {
    state: &'s State<'p>,
    prices: &'s RoutePrices,
    part: u32,
    here: u32,
    route: u32,
    fit_at: u32,
    others: Others,
    target: i32,
}

impl Try<'_, '_> {
    /// When the part could start here, its windows aside but the first.
    #[inline]
    fn ready(&self) -> i32 {
        let problem = self.state.problem;
        let node = &self.state.nodes[self.here as usize];
        let place = problem.parts[self.part as usize].place;
        let ready = node.start + node.service + problem.gap(node.place, place);
        problem.next_start(&problem.fits[self.fit_at as usize], ready)
    }

    #[inline]
    fn judge(&self, prefix: &Walk<'_>, hold: i32, limit: i64) -> Option<Position> {
        let problem = self.state.problem;
        let (prices, part, here) = (self.prices, self.part, self.here);
        let spec = &problem.parts[part as usize];
        let fit = &problem.fits[self.fit_at as usize];
        let node = &self.state.nodes[here as usize];
        let next = &self.state.nodes[node.next as usize];
        let early = self.ready().max(hold);
        let onward = problem.gap(spec.place, next.place) + spec.service;
        let late = problem.last_start(fit, next.latest - onward);
        if early > late {
            return None;
        }
        let there = problem.travel(node.place, spec.place);
        let mut ticks = there + problem.travel(spec.place, next.place);
        if self.state.is_used(self.route) {
            ticks -= problem.travel(node.place, next.place);
        }
        let price = i64::from(ticks) * problem.routes[self.route as usize].travel_price + fit.cost;
        let timed = &self.state.routes[self.route as usize].timed;
        let own = prices.lateness * i64::from(prices.lateness_at(part, early).0);
        let least = price + own - timed.waiting - self.others.price
            + idle_price(prices, self.target, timed.idle - spec.service)
            + prices.greatest_lateness * i64::from(self.others.late);
        if least >= limit {
            return None;
        }
        let (after, is_raised) = self.walk(prefix, early);
        let greatest = idle_price(prices, self.target, after.idle + ticks)
            + prices.greatest_lateness * i64::from(self.others.late.max(after.late_max));
        let bound = price + after.price - timed.price + greatest - self.others.price;
        if bound >= limit {
            return None;
        }
        Some(Position {
            price,
            bound,
            roof: if is_raised || prices.imbalance > 0 { -NEVER } else { NEVER },
            early,
            late,
            prev: here,
            route: self.route,
            fit: self.fit_at,
            hold,
        })
    }

    /// The route with the part in it, by itself; does it make a stop later that is tied to another?
    #[inline]
    fn walk(&self, prefix: &Walk<'_>, early: i32) -> (Timed, bool) {
        let state = self.state;
        let problem = state.problem;
        let mut walk = prefix.clone();
        walk.step(self.part, early, NEVER, !state.scratch.is_alone(self.part));
        let end = state.end_node(self.route);
        let mut node = state.nodes[self.here as usize].next;
        let mut is_raised = false;
        while node != end {
            let at = &state.nodes[node as usize];
            let fit = &problem.fits[at.fit as usize];
            let ready = walk.ready_at(at.place);
            let mut start = at.start;
            let is_alone = state.scratch.is_alone(node);
            if ready > start {
                start = problem.next_start(fit, ready);
                is_raised |= !is_alone;
            }
            walk.step(node, start, fit.to, !is_alone);
            node = at.next;
        }
        (walk.finish(&problem.routes[self.route as usize]), is_raised)
    }
}
