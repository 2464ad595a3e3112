//! The best place for a visit, all its parts at once.

use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::judge::{Placement, Position};
use super::problem::{NEVER, NONE, Problem, TIERS, VisitSpec};
use super::push::Push;
use super::state::{Plain, State};

/// Combinations of positions tried per visit before the best so far is taken, in everyday search.
pub(super) const COMBINATIONS_MAX: u32 = 3_000;
/// Rounds in which a visit's parts must settle on starts.
pub(super) const SETTLE_ROUNDS_MAX: usize = 32;
/// Positions kept per part of a visit of two, in everyday search.
const KEPT_PER_PART: usize = 10;

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
    chosen: Vec<Position>,
    starts: Vec<i32>,
    pushes: Vec<Push>,
    best: Place,
    second: i64,
    wants_second: bool,
    found: bool,
    pub(super) combinations: u32,
    until_blink: u32,
    /// Per class of alike routes, the walk that met it last and how many empty ones it met.
    empty_met: Vec<(u64, u32)>,
    walks: u64,
    /// The greatest lateness in the plan, and what a point more of it costs.
    greatest: (i64, i64),
    /// Positions and combinations judged so far: the work done.
    pub work: u64,
}

impl Default for Inserter {
    fn default() -> Self {
        Inserter {
            positions: Vec::new(),
            chosen: Vec::new(),
            starts: Vec::new(),
            pushes: Vec::new(),
            best: Place::default(),
            second: i64::MAX,
            wants_second: false,
            found: false,
            combinations: 0,
            until_blink: 0,
            empty_met: Vec::new(),
            walks: 0,
            greatest: (0, 0),
            work: 0,
        }
    }
}

impl Inserter {
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
        match count {
            1 => self.look_for_one(state, spec, effort, random),
            2 => self.look_for_two(state, spec, effort, random),
            _ => self.look_for_many(state, spec, effort, random),
        }
    }

    /// What a new place must stay below to matter.
    #[inline]
    pub(super) fn limit(&self) -> i64 {
        match (self.found, self.wants_second) {
            (false, _) => i64::MAX,
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
        let mut pushing = std::mem::take(&mut self.positions[0]);
        pushing.clear();
        self.walk(state, part, effort, random, i64::MAX, |inserter, position| {
            if position.early <= position.roof {
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
        let is_one_slot = state.is_one_slot;
        let kept = if effort.exhaustive || !is_one_slot { usize::MAX } else { KEPT_PER_PART };
        self.gather(state, spec, effort, random, kept);
        if spec.same_crew_allowed {
            self.take_pairs_by_one_crew(state, spec);
        }
        self.take_pairs(state, spec, effort.exhaustive);
        let is_cut = self.positions[..2].iter().any(|list| list.len() == kept);
        if !self.found && is_cut {
            self.gather(state, spec, effort, random, usize::MAX);
            self.take_pairs(state, spec, effort.exhaustive);
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
            self.walk(state, part, effort, random, i64::MAX, |_, position| {
                if kept == usize::MAX {
                    positions.push(position);
                    return i64::MAX;
                }
                if positions.len() == kept {
                    positions.pop();
                }
                let at = positions.partition_point(|other| other.bound <= position.bound);
                positions.insert(at, position);
                if positions.len() == kept { positions[kept - 1].bound } else { i64::MAX }
            });
            self.positions[index] = positions;
        }
    }

    /// Judges all positions of a part whose price can be less than the limit, which every position
    /// taken sets anew.
    #[inline]
    fn walk(
        &mut self,
        state: &State<'_>,
        part: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
        mut limit: i64,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        if let Some(plain) = state.plain {
            return self.walk_plainly(state, part, plain, effort, random, limit, take);
        }
        self.begin_walk(state);
        let problem = state.problem;
        let spec = &problem.parts[part as usize];
        let crews = problem.visits[spec.visit as usize].parts.len() as u32;
        for &(route, fit_at) in &problem.fitting[part as usize] {
            if !state.has_room(route, spec.load) || self.is_spare(state, route, crews) {
                continue;
            }
            let fit = &problem.fits[fit_at as usize];
            let hold = problem.hold_of(fit);
            let end = state.end_node(route);
            let mut prev = state.start_node(route);
            while prev != end {
                let node = &state.nodes[prev as usize];
                if node.start + node.service > fit.to {
                    break;
                }
                let here = prev;
                prev = node.next;
                self.work += 1;
                if state.nodes[prev as usize].latest < fit.from || self.blinks(effort, random) {
                    continue;
                }
                for hold in std::iter::once(-NEVER).chain(hold) {
                    if let Some(position) = state.judge(part, here, fit_at, hold)
                        && position.bound < limit
                    {
                        limit = take(self, position);
                    }
                }
            }
        }
    }

    /// [`Inserter::walk`] where [`State::judge`] comes down to a few sums, most of them not needed:
    /// what a position costs in lateness alone often rules it out, and with it all later ones of
    /// the route.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "the hottest loop; its callers are just above")]
    fn walk_plainly(
        &mut self,
        state: &State<'_>,
        part: u32,
        plain: Plain,
        effort: Effort,
        random: &mut Pcg64Mcg,
        mut limit: i64,
        mut take: impl FnMut(&mut Self, Position) -> i64,
    ) {
        let problem = state.problem;
        let spec = &problem.parts[part as usize];
        let late_price = |ticks: i32| i64::from(ticks.max(0)) * plain.slope;
        let onward = &problem.travel[spec.place as usize * problem.places..][..problem.places];
        let crews = problem.visits[spec.visit as usize].parts.len() as u32;
        self.begin_walk(state);
        for &(route, fit_at) in &problem.fitting[part as usize] {
            if !state.has_room(route, spec.load) || self.is_spare(state, route, crews) {
                continue;
            }
            let fit = &problem.fits[fit_at as usize];
            let is_used = state.is_used(route);
            let end = state.end_node(route);
            let mut prev = state.start_node(route);
            while prev != end {
                let node = &state.nodes[prev as usize];
                let done = node.start + node.service;
                if done > fit.to || late_price(done - spec.due) >= limit {
                    break;
                }
                let here = prev;
                prev = node.next;
                self.work += 1;
                let next = &state.nodes[prev as usize];
                let there = problem.travel(node.place, spec.place);
                let early = (done + there).max(fit.from);
                let back = onward[next.place as usize] + spec.service;
                let roof = next.free - back;
                let late = fit.to.min(next.latest - back);
                let lateness = late_price(early - spec.due);
                let pushed = late_price(early - roof);
                if lateness + pushed >= limit || early > late || self.blinks(effort, random) {
                    continue;
                }
                let mut ticks = there + back - spec.service;
                if is_used {
                    ticks -= problem.travel(node.place, next.place);
                }
                let price = i64::from(ticks) * plain.travel_price + fit.cost + lateness;
                let bound = price + pushed;
                if bound < limit {
                    let (prev, hold, fit) = (here, -NEVER, fit_at);
                    let position =
                        Position { price, bound, roof, early, late, prev, route, fit, hold };
                    limit = take(self, position);
                }
            }
        }
    }

    pub(super) fn begin_walk(&mut self, state: &State<'_>) {
        self.walks += 1;
        if self.empty_met.len() < state.alike.classes {
            self.empty_met.resize(state.alike.classes, (0, 0));
        }
    }

    /// Is the route empty, and have as many empty ones that are its like been met in this walk as
    /// a visit of so many crews can tell apart?
    #[inline]
    pub(super) fn is_spare(&mut self, state: &State<'_>, route: u32, crews: u32) -> bool {
        let class = state.alike.class_of[route as usize];
        if class == NONE || state.is_used(route) {
            return false;
        }
        let met = &mut self.empty_met[class as usize];
        if met.0 != self.walks {
            *met = (self.walks, 0);
        }
        met.1 += 1;
        met.1 > crews
    }

    /// Is this position overlooked? The distance to the next one overlooked is drawn, not each
    /// answer.
    #[inline]
    fn blinks(&mut self, effort: Effort, random: &mut Pcg64Mcg) -> bool {
        let Some(one_in) = effort.blink_one_in else { return false };
        if self.until_blink > 0 {
            self.until_blink -= 1;
            return false;
        }
        self.until_blink = random.random_range(0..2 * one_in);
        true
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
