//! The best place for a visit of two parts: by two crews who meet, or by one crew that does both.

use super::insert::{COMBINATIONS_MAX, Inserter, SETTLE_ROUNDS_MAX};
use super::judge::Position;
use super::problem::{Fit, NEVER, Problem, VisitSpec};
use super::state::State;

/// Pairs tried per visit in everyday search where whole routes have prices: each is dear to judge.
const ROUTE_COMBINATIONS_MAX: u32 = 300;

/// How the starts of two parts are tied.
#[derive(Clone, Copy)]
struct Tie {
    /// `second ≥ first + least`.
    least: i32,
    /// `first ≥ second + least_back`.
    least_back: i32,
    /// Do they start together?
    is_together: bool,
}

impl Tie {
    fn of(problem: &Problem, first: u32, second: u32) -> Tie {
        if problem.parts[first as usize].group == problem.parts[second as usize].group {
            return Tie { least: 0, least_back: 0, is_together: true };
        }
        let lag = |from: u32, to: u32| {
            let lags = problem.lags_in[to as usize].iter().filter(|lag| lag.other == from);
            lags.map(|lag| lag.least).max().unwrap_or(-NEVER)
        };
        Tie { least: lag(first, second), least_back: lag(second, first), is_together: false }
    }

    /// The least starts from these on that keep the tie.
    #[inline]
    fn settle(
        self,
        problem: &Problem,
        first: (&Fit, i32),
        second: (&Fit, i32),
    ) -> Option<(i32, i32)> {
        let (mut start, mut other) = (first.1, second.1);
        for _ in 0..SETTLE_ROUNDS_MAX {
            if start + self.least > other {
                other = problem.next_start(second.0, start + self.least);
            }
            if other + self.least_back <= start {
                return Some((start, other));
            }
            start = problem.next_start(first.0, other + self.least_back);
            if start >= NEVER || other >= NEVER {
                return None;
            }
        }
        None
    }
}

impl Inserter {
    /// Tries positions of both parts with one another, slot by slot, least bounds first.
    pub(super) fn take_pairs(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        is_thorough: bool,
    ) {
        let problem = state.problem;
        let slot_of = |position: &Position| problem.routes[position.route as usize].slot;
        let mut positions = std::mem::take(&mut self.positions);
        for list in &mut positions[..2] {
            let key = |position: &Position| {
                (slot_of(position), position.bound, position.prev, position.hold)
            };
            if !list.is_sorted_by_key(key) {
                list.sort_unstable_by_key(key);
            }
        }
        let mut rest = &positions[0][..];
        while let Some(first) = rest.first() {
            let slot = slot_of(first);
            let ours = rest.partition_point(|position| slot_of(position) == slot);
            let from = positions[1].partition_point(|position| slot_of(position) < slot);
            let to = positions[1].partition_point(|position| slot_of(position) <= slot);
            let (list, others) = (&rest[..ours], &positions[1][from..to]);
            rest = &rest[ours..];
            self.take_pairs_of_slot(state, spec, list, others, is_thorough);
        }
        self.positions = positions;
    }

    fn take_pairs_of_slot(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        list: &[Position],
        others: &[Position],
        is_thorough: bool,
    ) {
        let Some(least) = others.iter().map(|position| position.price).min() else { return };
        let problem = state.problem;
        let tie = Tie::of(problem, spec.parts.start, spec.parts.start + 1);
        for position in list {
            if position.bound.saturating_add(least) >= self.limit() {
                self.walker.was_dear = true;
                return;
            }
            for other in others {
                let limit = self.limit();
                if position.price + other.bound >= limit {
                    self.walker.was_dear = true;
                    break;
                }
                let never_meet =
                    tie.is_together && (position.early > other.late || other.early > position.late);
                let is_hopeless = position.bound + other.price >= limit;
                if is_hopeless || !is_by_other_crew(problem, spec, tie, position, other) {
                    continue;
                }
                self.work += 1;
                self.combinations += 1;
                if !never_meet {
                    self.try_pair(state, spec, tie, position, other);
                }
                if !is_thorough && self.combinations > COMBINATIONS_MAX {
                    return;
                }
            }
        }
    }

    /// Where whole routes have prices: pairs of the best positions of both parts, least sums of
    /// bounds first.
    pub(super) fn take_pairs_by_route(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        is_thorough: bool,
    ) {
        let problem = state.problem;
        let tie = Tie::of(problem, spec.parts.start, spec.parts.start + 1);
        let positions = std::mem::take(&mut self.positions);
        let [list, others, ..] = &positions[..] else { return };
        let Some(least) = others.first().map(|position| position.bound) else { return };
        for position in list {
            if position.bound + least >= self.limit() {
                break;
            }
            for other in others {
                if position.bound + other.bound >= self.limit() {
                    break;
                }
                if is_by_other_crew(problem, spec, tie, position, other) {
                    self.try_pair_by_route(state, spec, tie, position, other);
                }
                if !is_thorough && self.combinations > ROUTE_COMBINATIONS_MAX {
                    break;
                }
            }
        }
        self.positions = positions;
    }

    fn try_pair_by_route(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        tie: Tie,
        position: &Position,
        other: &Position,
    ) {
        let problem = state.problem;
        let (first, second) = (spec.parts.start, spec.parts.start + 1);
        let fits = (&problem.fits[position.fit as usize], &problem.fits[other.fit as usize]);
        let settled = tie.settle(problem, (fits.0, position.early), (fits.1, other.early));
        let Some((start, next)) = settled else { return };
        if start > position.late || next > other.late {
            return;
        }
        self.work += 1;
        self.combinations += 1;
        if spec.meets && is_deadlock(state, position, other) {
            return;
        }
        let price = position.price + other.price;
        self.try_places(state, price, &[(first, *position), (second, *other)], &[start, next]);
    }

    fn try_pair(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        tie: Tie,
        position: &Position,
        other: &Position,
    ) {
        let problem = state.problem;
        let (first, second) = (spec.parts.start, spec.parts.start + 1);
        let fits = (&problem.fits[position.fit as usize], &problem.fits[other.fit as usize]);
        let settled = tie.settle(problem, (fits.0, position.early), (fits.1, other.early));
        let Some((start, next)) = settled else { return };
        if start > position.late || next > other.late {
            return;
        }
        let mut price = position.price + other.price;
        price += state.delay_price(first, position, start);
        price += state.delay_price(second, other, next);
        // Where both push the same visits this says too much: rare, and then hardly the best place.
        let pushed = state.push_bound(position, start) + state.push_bound(other, next);
        if price + pushed >= self.limit() {
            self.walker.was_dear = true;
            return;
        }
        if spec.meets && is_deadlock(state, position, other) {
            return;
        }
        self.try_places(state, price, &[(first, *position), (second, *other)], &[start, next]);
    }

    /// Both parts by one crew, one right after the other.
    pub(super) fn take_pairs_by_one_crew(&mut self, state: &mut State<'_>, spec: &VisitSpec) {
        let problem = state.problem;
        let (a, b) = (spec.parts.start, spec.parts.start + 1);
        for (first, second) in [(a, b), (b, a)] {
            let tie = Tie::of(problem, first, second);
            let service = problem.parts[first as usize].service;
            if tie.is_together || service + tie.least_back > 0 {
                continue;
            }
            let mut gaps = std::mem::take(&mut self.gaps);
            self.gaps(state, first, &mut gaps);
            for &(prev, route) in &gaps {
                let fit = |part: u32| problem.fit_of(part, route).map(|fit| (part, fit));
                self.work += 1;
                if let (Some(one), Some(other)) = (fit(first), fit(second)) {
                    self.try_both(state, one, other, prev, tie);
                }
            }
            self.gaps = gaps;
        }
    }

    fn try_both(
        &mut self,
        state: &mut State<'_>,
        first: (u32, u32),
        second: (u32, u32),
        prev: u32,
        tie: Tie,
    ) {
        let problem = state.problem;
        if state.first_stops.rank_of(first.0) > state.first_stops.rank_of(second.0) {
            return;
        }
        let route = state.nodes[prev as usize].route;
        let load = problem.parts[first.0 as usize].load + problem.parts[second.0 as usize].load;
        if !state.has_room(route, load) {
            return;
        }
        let Some(position) = state.judge(first.0, prev, first.1, -NEVER) else { return };
        if position.bound >= self.limit() && problem.route_prices.is_none() {
            return;
        }
        let Some(alone) = state.judge(second.0, prev, second.1, -NEVER) else { return };
        let fits = (&problem.fits[first.1 as usize], &problem.fits[second.1 as usize]);
        let service = problem.parts[first.0 as usize].service;
        let in_turn = Tie { least: tie.least.max(service), ..tie };
        let early = problem.next_start(fits.1, position.early + service);
        let settled = in_turn.settle(problem, (fits.0, position.early), (fits.1, early));
        let Some((start, next)) = settled else { return };
        if start > position.late || next > alone.late {
            return;
        }
        let mut price = position.price + problem.part_price(second.0, fits.1, next);
        price += problem.part_price(first.0, fits.0, start);
        price -= problem.part_price(first.0, fits.0, position.early);
        let load = problem.parts[second.0 as usize].load;
        let before =
            state.routes[position.route as usize].load + problem.parts[first.0 as usize].load;
        price += problem.fairness * load * (2 * before + load);
        let bound = price + state.push_bound(&alone, next);
        if bound >= self.limit() && problem.route_prices.is_none() {
            return;
        }
        // Only the second part pushes what comes behind; the first is pushed by nobody.
        let free = Position { roof: NEVER, ..position };
        let mut then = Position { roof: alone.roof, fit: second.1, hold: -NEVER, ..position };
        let places = [(first.0, free), (second.0, then)];
        let price = self.price_with_pushes(state, price, &places, &[start, next]);
        then.prev = first.0;
        self.offer(price, &[(first.0, position), (second.0, then)]);
    }
}

fn is_by_other_crew(
    problem: &Problem,
    spec: &VisitSpec,
    tie: Tie,
    position: &Position,
    other: &Position,
) -> bool {
    if spec.same_crew_allowed && !tie.is_together {
        return position.route != other.route;
    }
    let crew = |route: u32| problem.routes[route as usize].crew;
    crew(position.route) != crew(other.route)
}

/// Would some stop have to wait for itself?
fn is_deadlock(state: &mut State<'_>, position: &Position, other: &Position) -> bool {
    let behind = |state: &State<'_>, position: &Position| state.nodes[position.prev as usize].next;
    let (first, second) = (behind(state, position), behind(state, other));
    state.leads_to(first, other.prev) || state.leads_to(second, position.prev)
}
