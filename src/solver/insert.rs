//! The best place for a visit, all its parts at once.

use std::sync::Arc;

use rand_pcg::Pcg64Mcg;

use super::judge::{Placement, Position};
use super::near::Nearby;
use super::options::Options;
use super::problem::{Problem, TIERS, VisitSpec};
use super::push::Push;
use super::state::State;
use super::walk::Walker;
use super::whole_routes::Trial;

/// Combinations of positions tried per visit before the best so far is taken, in everyday search.
pub(super) const COMBINATIONS_MAX: u32 = 3_000;
/// Rounds in which a visit's parts must settle on starts.
pub(super) const SETTLE_ROUNDS_MAX: usize = 32;
/// Positions kept per part of a visit of two, in everyday search.
const KEPT_PER_PART: usize = 10;
/// Positions kept per part of a visit of two before it is asked whether others can matter, when
/// every pair counts.
const KEPT_AT_FIRST: usize = 10;

/// The same where whole routes have prices.
const KEPT_BY_ROUTE: usize = 16;

/// How to look for a place.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// One position in this many is overlooked, so that the search does not always do the obvious.
    pub blink_one_in: Option<u32>,
    /// Try every combination of positions.
    pub exhaustive: bool,
}

/// The best place found.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its price, weighted.
    pub price: i64,
    /// Where each part goes, in the order to put them in.
    pub placements: Vec<Placement>,
}

/// Finds places; keeps its memory from one visit to the next.
pub struct Inserter {
    pub(super) positions: Vec<Vec<Position>>,
    /// Every position that was judged for each part of a visit of two, when every pair counts.
    judged: [Vec<Position>; 2],
    chosen: Vec<Position>,
    starts: Vec<i32>,
    pushes: Vec<Push>,
    /// Nodes to look behind, with their routes.
    pub(super) gaps: Vec<(u32, u32)>,
    best: Place,
    second: i64,
    wants_second: bool,
    pub(super) options: Options,
    /// Per part of a visit of two, the least price of any position.
    least: [i64; 2],
    found: bool,
    pub(super) combinations: u32,
    pub(super) walker: Walker,
    /// The greatest lateness in the plan, and what a point more of it costs.
    greatest: (i64, i64),
    pub(super) trial: Trial,
    /// Places that cost this much or more are of no use; `i64::MAX` where every place is.
    pub(super) ceiling: i64,
    /// Idle time of routes above this is priced; above the greatest there is, if none is set.
    pub(super) idle_target: Option<i32>,
    /// Positions and combinations judged so far: the work done.
    pub work: u64,
}

impl Default for Inserter {
    fn default() -> Self {
        Inserter {
            positions: Vec::new(),
            judged: [Vec::new(), Vec::new()],
            chosen: Vec::new(),
            starts: Vec::new(),
            pushes: Vec::new(),
            gaps: Vec::new(),
            best: Place::default(),
            second: i64::MAX,
            wants_second: false,
            options: Options::default(),
            least: [i64::MAX; 2],
            found: false,
            combinations: 0,
            walker: Walker::default(),
            greatest: (0, 0),
            trial: Trial::default(),
            ceiling: i64::MAX,
            idle_target: None,
            work: 0,
        }
    }
}

impl Inserter {
    /// Looks only near by from now on, unless everything is to be tried or nothing is found so.
    pub fn look_near(&mut self, nearby: Arc<Nearby>) {
        self.walker.nearby = Some(nearby);
    }

    /// Is everywhere else looked at when nothing is found near by?
    pub fn fall_back(&mut self, falls_back: bool) {
        self.walker.falls_back = falls_back;
    }

    /// The best place for an absent visit, if it fits anywhere.
    pub fn best_place(
        &mut self,
        state: &mut State<'_>,
        visit: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) -> Option<&Place> {
        self.wants_second = false;
        self.look(state, visit, effort, random);
        self.found.then_some(&self.best)
    }

    /// The best place for an absent visit, if it fits anywhere, and the price of the second best.
    pub fn best_two_places(
        &mut self,
        state: &mut State<'_>,
        visit: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) -> Option<(&Place, i64)> {
        self.wants_second = true;
        self.look(state, visit, effort, random);
        self.found.then_some((&self.best, self.second))
    }

    fn look(&mut self, state: &mut State<'_>, visit: u32, effort: Effort, random: &mut Pcg64Mcg) {
        let problem = state.problem;
        let spec = &problem.visits[visit as usize];
        self.found = false;
        self.second = i64::MAX;
        self.combinations = 0;
        if spec.barred {
            return;
        }
        self.greatest = (0, problem.greatest_lateness);
        if problem.greatest_lateness > 0 {
            self.greatest.0 = i64::from(state.greatest_lateness());
        }
        let count = spec.parts.len();
        while self.positions.len() < count {
            self.positions.push(Vec::new());
        }
        if problem.route_prices.is_some() {
            self.note_routes(state);
        }
        self.walker.begin(effort);
        self.look_for(state, spec, effort, random);
        if !self.found && !self.is_too_dear() && self.walker.goes_further() {
            self.combinations = 0;
            self.look_for(state, spec, effort, random);
        }
    }

    fn look_for(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        match spec.parts.len() {
            1 => self.look_for_one(state, spec, effort, random),
            2 => self.look_for_two(state, spec, effort, random),
            _ => self.look_for_many(state, spec, effort, random),
        }
    }

    /// Were there places, only above the ceiling? Then there is no use in looking further.
    fn is_too_dear(&self) -> bool {
        self.ceiling < i64::MAX && self.walker.was_dear
    }

    /// What a new place must stay below to matter.
    #[inline]
    pub(super) fn limit(&self) -> i64 {
        if self.options.wanted > 0 {
            return self.options.limit();
        }
        match (self.found, self.wants_second) {
            (false, _) => self.ceiling,
            (true, true) => self.second,
            (true, false) => self.best.price,
        }
    }

    fn look_for_one(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        let part = spec.parts.start;
        let by_route = state.problem.route_prices.is_some();
        let mut pushing = std::mem::take(&mut self.positions[0]);
        pushing.clear();
        self.walk(state, part, effort, random, self.ceiling, |inserter, position| {
            if by_route && position.early <= position.roof {
                inserter.offer(position.bound, &[(part, position)]);
            } else if position.early <= position.roof {
                let price = position.price + inserter.rise(state, &[(part, position.early)], 0);
                inserter.offer(price, &[(part, position)]);
            } else {
                pushing.push(position);
            }
            inserter.limit()
        });
        for position in &pushing {
            if position.bound < self.limit() {
                self.try_places(state, position.price, &[(part, *position)], &[position.early]);
            }
        }
        self.positions[0] = pushing;
    }

    fn look_for_two(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        if state.problem.route_prices.is_some() {
            let kept = if effort.exhaustive { usize::MAX } else { KEPT_BY_ROUTE };
            self.gather(state, spec, effort, random, kept);
            if spec.same_crew_allowed {
                self.take_pairs_by_one_crew(state, spec);
            }
            self.take_pairs_by_route(state, spec, effort.exhaustive);
            return;
        }
        if effort.exhaustive {
            return self.look_at_all_pairs(state, spec, effort, random);
        }
        let kept = if state.is_one_slot { KEPT_PER_PART } else { usize::MAX };
        self.gather(state, spec, effort, random, kept);
        if spec.same_crew_allowed {
            self.take_pairs_by_one_crew(state, spec);
        }
        self.take_pairs(state, spec, false);
        let is_cut = self.positions[..2].iter().any(|list| list.len() == kept);
        if !self.found && is_cut && !self.is_too_dear() {
            self.gather(state, spec, effort, random, usize::MAX);
            self.take_pairs(state, spec, false);
        }
    }

    /// Judges every position of both parts and pairs the best of them; then whatever else could
    /// still be part of a better pair.
    fn look_at_all_pairs(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        // No position that was not kept has a lesser bound.
        let mut left_out = [i64::MAX; 2];
        for (index, left_out) in left_out.iter_mut().enumerate() {
            let part = spec.parts.start + index as u32;
            let mut positions = std::mem::take(&mut self.positions[index]);
            let mut judged = std::mem::take(&mut self.judged[index]);
            positions.clear();
            judged.clear();
            let mut least = i64::MAX;
            self.walk(state, part, effort, random, i64::MAX, |_, position| {
                least = least.min(position.price);
                judged.push(position);
                keep_best(&mut positions, position, KEPT_AT_FIRST);
                i64::MAX
            });
            if positions.len() == KEPT_AT_FIRST {
                *left_out = positions[KEPT_AT_FIRST - 1].bound;
            }
            self.positions[index] = positions;
            self.judged[index] = judged;
            self.least[index] = least;
        }
        if spec.same_crew_allowed {
            self.take_pairs_by_one_crew(state, spec);
        }
        self.take_pairs(state, spec, true);
        // A pair costs no less than the bound of the one and the price of the other.
        let limits = [1, 0].map(|other| self.limit().saturating_sub(self.least[other]));
        if (0..2).any(|index| left_out[index] < limits[index]) {
            for (index, limit) in limits.into_iter().enumerate() {
                let part = spec.parts.start + index as u32;
                let mut positions = std::mem::take(&mut self.positions[index]);
                positions.clear();
                let judged = self.judged[index].iter();
                positions.extend(judged.filter(|position| position.bound < limit));
                raise_bounds(state, part, &mut positions, limit);
                self.positions[index] = positions;
            }
            self.take_pairs(state, spec, true);
        }
    }

    fn look_for_many(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        self.gather(state, spec, effort, random, usize::MAX);
        self.take_combination(state, spec, effort);
    }

    /// The positions where each part fits by itself: the `kept` best of each, best first.
    fn gather(
        &mut self,
        state: &State<'_>,
        spec: &VisitSpec,
        effort: Effort,
        random: &mut Pcg64Mcg,
        kept: usize,
    ) {
        for (index, part) in spec.parts.clone().enumerate() {
            let mut positions = std::mem::take(&mut self.positions[index]);
            positions.clear();
            let ceiling = self.ceiling;
            self.walk(state, part, effort, random, ceiling, |_, position| {
                if kept == usize::MAX {
                    positions.push(position);
                    return ceiling;
                }
                keep_best(&mut positions, position, kept).min(ceiling)
            });
            self.positions[index] = positions;
        }
    }

    /// What the greatest lateness costs more when these parts start then and push others to
    /// `pushed`.
    #[inline]
    fn rise(&self, state: &State<'_>, parts: &[(u32, i32)], pushed: i32) -> i64 {
        let (greatest, price) = self.greatest;
        if price == 0 {
            return 0;
        }
        let problem = state.problem;
        let mut greater = i64::from(pushed);
        for &(part, start) in parts {
            let spec = &problem.parts[part as usize];
            if start > spec.due {
                let lateness = &problem.lateness[spec.lateness as usize];
                greater = greater.max(lateness.price(start - spec.due));
            }
        }
        (greater - greatest).max(0) * price
    }

    /// Follows what these places push, and offers them. `price` is what they cost without that.
    pub(super) fn try_places(
        &mut self,
        state: &mut State<'_>,
        price: i64,
        places: &[(u32, Position)],
        starts: &[i32],
    ) {
        let price = self.price_with_pushes(state, price, places, starts);
        self.offer(price, places);
    }

    /// The price of these places with all that they push.
    pub(super) fn price_with_pushes(
        &mut self,
        state: &mut State<'_>,
        mut price: i64,
        places: &[(u32, Position)],
        starts: &[i32],
    ) -> i64 {
        if let Some(prices) = &state.problem.route_prices {
            return price + self.timed_change(state, prices, places, starts);
        }
        let mut pushes = std::mem::take(&mut self.pushes);
        pushes.clear();
        let mut greatest = 0;
        for ((part, position), &start) in places.iter().zip(starts) {
            if self.greatest.1 > 0 {
                greatest = greatest.max(self.rise(state, &[(*part, start)], 0));
            }
            if start > position.roof {
                pushes.push(Push { part: *part, prev: position.prev, start });
            }
        }
        if !pushes.is_empty() {
            let limit = self.limit().saturating_sub(price + greatest);
            let (pushed, late) = state.push_price(&pushes, limit);
            price += pushed;
            greatest = greatest.max(self.rise(state, &[], late));
        }
        self.pushes = pushes;
        price + greatest
    }

    pub(super) fn offer(&mut self, price: i64, places: &[(u32, Position)]) {
        self.options.offer(price, places);
        if !self.found && price >= self.ceiling {
            self.walker.was_dear = true;
            return;
        }
        if self.found && price >= self.best.price {
            self.second = self.second.min(price);
            return;
        }
        if self.found {
            self.second = self.best.price;
        }
        self.found = true;
        self.best.price = price;
        self.best.placements.clear();
        self.best.placements.extend(places.iter().map(|(part, position)| Placement {
            part: *part,
            prev: position.prev,
            fit: position.fit,
            hold: position.hold,
        }));
    }

    /// Combines positions of all parts within each slot, cheapest sums first.
    fn take_combination(&mut self, state: &mut State<'_>, spec: &VisitSpec, effort: Effort) {
        let problem = state.problem;
        let count = spec.parts.len();
        for positions in &mut self.positions[..count] {
            positions.sort_unstable_by_key(|position| {
                let slot = problem.routes[position.route as usize].slot;
                (slot, position.price, position.prev, position.hold)
            });
        }
        let positions = std::mem::take(&mut self.positions);
        let slot_of = |position: &Position| problem.routes[position.route as usize].slot;
        let mut rest = &positions[0][..];
        while let Some(first) = rest.first() {
            let slot = slot_of(first);
            let size = rest.partition_point(|position| slot_of(position) == slot);
            let mut lists: Vec<&[Position]> = Vec::with_capacity(count);
            lists.push(&rest[..size]);
            rest = &rest[size..];
            for others in &positions[1..count] {
                let from = others.partition_point(|position| slot_of(position) < slot);
                let to = others.partition_point(|position| slot_of(position) <= slot);
                lists.push(&others[from..to]);
            }
            if lists.iter().all(|list| !list.is_empty()) {
                self.chosen.clear();
                let least: i64 = lists[1..].iter().map(|list| list[0].price).sum();
                self.descend(state, spec, &lists, 0, least, effort);
            }
        }
        self.positions = positions;
    }

    /// Chooses a position for the part at `depth`, then for the later ones. `others` is the sum so
    /// far plus the least that the parts after `depth` cost.
    fn descend(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        lists: &[&[Position]],
        depth: usize,
        others: i64,
        effort: Effort,
    ) {
        let problem = state.problem;
        for position in lists[depth] {
            if others + position.price >= self.limit() {
                return;
            }
            if !effort.exhaustive && self.combinations > COMBINATIONS_MAX {
                return;
            }
            if !self.goes_with_chosen(problem, spec, position) {
                continue;
            }
            self.chosen.push(*position);
            if depth + 1 == lists.len() {
                self.combinations += 1;
                self.work += 1;
                self.try_chosen(state, spec);
            } else {
                let next = others + position.price - lists[depth + 1][0].price;
                self.descend(state, spec, lists, depth + 1, next, effort);
            }
            self.chosen.pop();
        }
    }

    /// Another crew than those chosen, and times that can meet.
    fn goes_with_chosen(&self, problem: &Problem, spec: &VisitSpec, position: &Position) -> bool {
        let crew = |route: u32| problem.routes[route as usize].crew;
        let part = spec.parts.start + self.chosen.len() as u32;
        let group = problem.parts[part as usize].group;
        self.chosen.iter().enumerate().all(|(index, other)| {
            let other_part = spec.parts.start + index as u32;
            let together = problem.parts[other_part as usize].group == group;
            if together && (other.early > position.late || position.early > other.late) {
                return false;
            }
            if spec.same_crew_allowed && !together {
                other.route != position.route
            } else {
                crew(other.route) != crew(position.route)
            }
        })
    }

    fn try_chosen(&mut self, state: &mut State<'_>, spec: &VisitSpec) {
        let problem = state.problem;
        if !self.settle(problem, spec) {
            return;
        }
        let chosen = std::mem::take(&mut self.chosen);
        let places: Vec<(u32, Position)> =
            (spec.parts.clone()).zip(chosen.iter().copied()).collect();
        self.chosen = chosen;
        let mut price = 0;
        for ((part, position), &start) in places.iter().zip(&self.starts) {
            price += position.price + state.delay_price(*part, position, start);
        }
        if price >= self.limit() || (spec.meets && self.is_deadlock(state)) {
            return;
        }
        let starts = std::mem::take(&mut self.starts);
        self.try_places(state, price, &places, &starts);
        self.starts = starts;
    }

    /// The least starts at the chosen positions that meet each other; `false` if there are none.
    fn settle(&mut self, problem: &Problem, spec: &VisitSpec) -> bool {
        self.starts.clear();
        self.starts.extend(self.chosen.iter().map(|position| position.early));
        let first = spec.parts.start;
        for _ in 0..SETTLE_ROUNDS_MAX {
            let mut raised = false;
            for (index, position) in self.chosen.iter().enumerate() {
                let part = first + index as u32;
                let mut start = self.starts[index];
                let group = &problem.groups[problem.parts[part as usize].group as usize];
                for &other in group {
                    start = start.max(self.starts[(other - first) as usize]);
                }
                for lag in &problem.lags_in[part as usize] {
                    start = start.max(self.starts[(lag.other - first) as usize] + lag.least);
                }
                if start > self.starts[index] {
                    start = problem.next_start(&problem.fits[position.fit as usize], start);
                    if start > position.late {
                        return false;
                    }
                    self.starts[index] = start;
                    raised = true;
                }
            }
            if !raised {
                return true;
            }
        }
        false
    }

    /// Would some stop have to wait for itself?
    fn is_deadlock(&self, state: &mut State<'_>) -> bool {
        for (index, position) in self.chosen.iter().enumerate() {
            let behind = state.nodes[position.prev as usize].next;
            for (other_index, other) in self.chosen.iter().enumerate() {
                if index != other_index && state.leads_to(behind, other.prev) {
                    return true;
                }
            }
        }
        false
    }
}

/// What each position pushes by itself, at its earliest start, it pushes in every pair: adds that
/// to the bounds, and drops positions whose bound reaches the limit.
fn raise_bounds(state: &mut State<'_>, part: u32, positions: &mut Vec<Position>, limit: i64) {
    positions.retain_mut(|position| {
        if position.early > position.roof {
            let push = Push { part, prev: position.prev, start: position.early };
            let (pushed, _) = state.push_price(&[push], limit.saturating_sub(position.price));
            position.bound = position.bound.max(position.price + pushed);
        }
        position.bound < limit
    });
}

/// Keeps the `kept` positions of least bound, least first; says from which bound on others are of
/// no use.
#[inline]
fn keep_best(positions: &mut Vec<Position>, position: Position, kept: usize) -> i64 {
    if positions.len() == kept {
        if position.bound >= positions[kept - 1].bound {
            return positions[kept - 1].bound;
        }
        positions.pop();
    }
    let at = positions.partition_point(|other| other.bound <= position.bound);
    positions.insert(at, position);
    if positions.len() == kept { positions[kept - 1].bound } else { i64::MAX }
}

impl State<'_> {
    /// What the plan costs more per tier with the visit put there: exact, found by doing it and
    /// taking it back. `None` when it does not fit after all.
    pub fn promise(&mut self, visit: u32, placements: &[Placement]) -> Option<[i64; TIERS]> {
        let before = self.score();
        let mark = self.mark();
        if !self.insert(visit, placements) {
            return None;
        }
        let after = self.score();
        self.rewind(mark);
        Some(std::array::from_fn(|tier| after[tier] - before[tier]))
    }

    /// Puts a visit where it was judged to fit. `false`, and nothing changed, when it does not
    /// after all: that happens only around lag intervals, whose circles show when times are
    /// refreshed.
    pub fn insert(&mut self, visit: u32, placements: &[Placement]) -> bool {
        let mark = self.mark();
        for placement in placements {
            self.link(placement.part, placement.prev, placement.fit, placement.hold);
        }
        self.set_assigned(visit, true);
        // Every position was judged to have room by itself; two on one route may not have it.
        let has_room = placements.iter().all(|placement| {
            let route = self.nodes[placement.part as usize].route;
            self.has_room(route, 0)
        });
        let kept = if has_room { self.refresh() } else { self.drop_changes() };
        if !kept {
            self.rewind(mark);
        }
        kept
    }

    /// Takes a visit out, with all its parts. Times are right only after [`State::refresh`].
    pub fn take_out(&mut self, visit: u32) {
        let parts = self.problem.visits[visit as usize].parts.clone();
        for part in parts {
            self.unlink(part);
        }
        self.set_assigned(visit, false);
    }

    /// Puts one part of a known plan behind a node. Times and assignments are right only when every
    /// part of its visit is there and [`State::refresh`] has run.
    pub fn lay_part(&mut self, part: u32, prev: u32, fit: u32, hold: i32) {
        let visit = self.problem.parts[part as usize].visit;
        self.link(part, prev, fit, hold);
        if !self.assigned[visit as usize] {
            self.set_assigned(visit, true);
        }
    }

    /// Puts a break of a known plan behind a node of its route.
    pub fn lay_break(&mut self, node: u32, prev: u32) {
        self.move_break(node, prev);
    }
}
