//! The best place for a visit, all its parts at once.

use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::judge::{Placement, Position};
use super::problem::{NEVER, Problem, TIERS, VisitSpec};
use super::state::State;

/// Combinations of positions tried per visit before the best so far is taken, in everyday search.
const COMBINATIONS_MAX: u32 = 3_000;
/// Rounds in which a visit's parts must settle on starts.
const SETTLE_ROUNDS_MAX: usize = 32;

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
    positions: Vec<Vec<Position>>,
    chosen: Vec<Position>,
    starts: Vec<i32>,
    best: Place,
    second: i64,
    found: bool,
    combinations: u32,
    /// Positions and combinations judged so far: the work done.
    pub work: u64,
}

impl Default for Inserter {
    fn default() -> Self {
        Inserter {
            positions: Vec::new(),
            chosen: Vec::new(),
            starts: Vec::new(),
            best: Place::default(),
            second: i64::MAX,
            found: false,
            combinations: 0,
            work: 0,
        }
    }
}

impl Inserter {
    /// The best place for an absent visit, if it fits anywhere, and the price of the second best.
    pub fn best_place(
        &mut self,
        state: &mut State<'_>,
        visit: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) -> Option<(&Place, i64)> {
        let problem = state.problem;
        let spec = &problem.visits[visit as usize];
        self.found = false;
        self.second = i64::MAX;
        self.combinations = 0;
        if spec.barred {
            return None;
        }
        let count = spec.parts.len();
        while self.positions.len() < count {
            self.positions.push(Vec::new());
        }
        for (index, part) in spec.parts.clone().enumerate() {
            self.gather(state, index, part, effort, random);
            if self.positions[index].is_empty() && !spec.same_crew_allowed {
                return None;
            }
        }
        if count == 1 {
            self.take_single(state, spec);
        } else {
            self.take_combination(state, spec, effort);
            if spec.same_crew_allowed && count == 2 {
                self.take_pairs_by_one_crew(state, spec);
            }
        }
        self.found.then_some((&self.best, self.second))
    }

    /// All positions where a part fits by itself.
    fn gather(
        &mut self,
        state: &State<'_>,
        index: usize,
        part: u32,
        effort: Effort,
        random: &mut Pcg64Mcg,
    ) {
        let problem = state.problem;
        let positions = &mut self.positions[index];
        positions.clear();
        for &(route, fit_at) in &problem.fitting[part as usize] {
            let fit = &problem.fits[fit_at as usize];
            let hold = problem.hold_of(fit);
            let end = state.end_node(route);
            let mut prev = state.start_node(route);
            while prev != end {
                let node = &state.nodes[prev as usize];
                if node.start + node.service > fit.to {
                    break;
                }
                let next = node.next;
                self.work += 1;
                let blink = effort.blink_one_in.is_some_and(|n| random.random_range(0..n) == 0);
                if !blink && state.nodes[next as usize].latest >= fit.from {
                    positions.extend(state.judge(part, prev, fit_at, -NEVER));
                    if let Some(hold) = hold {
                        positions.extend(state.judge(part, prev, fit_at, hold));
                    }
                }
                prev = next;
            }
        }
    }

    fn take_single(&mut self, state: &State<'_>, spec: &VisitSpec) {
        let part = spec.parts.start;
        let positions = std::mem::take(&mut self.positions[0]);
        for position in &positions {
            if self.found && position.price >= self.second {
                continue;
            }
            let price = position.price + state.push_price(part, position.prev, position.early);
            self.offer(price, &[(part, *position)]);
        }
        self.positions[0] = positions;
    }

    fn offer(&mut self, price: i64, chosen: &[(u32, Position)]) {
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
        self.best.placements.extend(chosen.iter().map(|(part, position)| Placement {
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

    /// Chooses a position for the part at `depth`, then for the later ones. `others` is the sum so far
    /// plus the least that the parts after `depth` cost.
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
            if self.found && others + position.price >= self.best.price {
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
        let mut price = 0;
        for (index, position) in self.chosen.iter().enumerate() {
            let part = spec.parts.start + index as u32;
            price += position.price + state.delay_price(part, position, self.starts[index]);
        }
        if self.found && price >= self.best.price {
            return;
        }
        for (index, position) in self.chosen.iter().enumerate() {
            let part = spec.parts.start + index as u32;
            price += state.push_price(part, position.prev, self.starts[index]);
            if self.found && price >= self.best.price {
                self.second = self.second.min(price);
                return;
            }
        }
        if spec.meets && self.is_deadlock(state) {
            return;
        }
        let chosen = std::mem::take(&mut self.chosen);
        let parts: Vec<(u32, Position)> =
            (spec.parts.clone()).zip(chosen.iter().copied()).collect();
        self.chosen = chosen;
        self.offer(price, &parts);
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

    /// Both parts by one crew, one right after the other.
    fn take_pairs_by_one_crew(&mut self, state: &State<'_>, spec: &VisitSpec) {
        let problem = state.problem;
        let (a, b) = (spec.parts.start, spec.parts.start + 1);
        if problem.parts[a as usize].group == problem.parts[b as usize].group {
            return;
        }
        for (first, second) in [(a, b), (b, a)] {
            for &(route, first_fit) in &problem.fitting[first as usize] {
                let Some(second_fit) = problem.fit_of(second, route) else { continue };
                let end = state.end_node(route);
                let mut prev = state.start_node(route);
                while prev != end {
                    self.work += 1;
                    self.try_pair(state, (first, first_fit), (second, second_fit), prev);
                    prev = state.nodes[prev as usize].next;
                }
            }
        }
    }

    fn try_pair(&mut self, state: &State<'_>, first: (u32, u32), second: (u32, u32), prev: u32) {
        let problem = state.problem;
        let Some(position) = state.judge(first.0, prev, first.1, -NEVER) else { return };
        let fit = &problem.fits[second.1 as usize];
        let service = problem.parts[first.0 as usize].service;
        let (mut start, mut next) = (position.early, position.early + service);
        for _ in 0..2 {
            for lag in &problem.lags_in[second.0 as usize] {
                next = next.max(start + lag.least);
            }
            next = problem.next_start(fit, next);
            for lag in &problem.lags_in[first.0 as usize] {
                start = start.max(next + lag.least);
            }
            start = problem.next_start(&problem.fits[first.1 as usize], start);
        }
        let Some(alone) = state.judge(second.0, prev, second.1, -NEVER) else { return };
        if next > alone.late || start + service > next {
            return;
        }
        let lags_kept =
            problem.lags_in[second.0 as usize].iter().all(|lag| next >= start + lag.least)
                && problem.lags_in[first.0 as usize].iter().all(|lag| start >= next + lag.least);
        if !lags_kept {
            return;
        }
        let spec = &problem.parts[second.0 as usize];
        let route = &state.routes[position.route as usize];
        let mut price = position.price + problem.part_price(second.0, fit, next);
        price -= problem.part_price(first.0, &problem.fits[first.1 as usize], position.early);
        price += problem.part_price(first.0, &problem.fits[first.1 as usize], start);
        let load = route.load + problem.parts[first.0 as usize].load;
        price += problem.fairness * spec.load * (2 * load + spec.load);
        price += state.push_price(second.0, prev, next);
        let second_position = Position { prev: first.0, fit: second.1, hold: -NEVER, ..position };
        self.offer(price, &[(first.0, position), (second.0, second_position)]);
    }
}

impl State<'_> {
    /// What the plan costs more per tier with the visit put there: exact, found by doing it and taking it
    /// back. `None` when it does not fit after all.
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

    /// Puts a visit where it was judged to fit. `false`, and nothing changed, when it does not after all:
    /// that happens only around lag intervals, whose circles show when times are refreshed.
    pub fn insert(&mut self, visit: u32, placements: &[Placement]) -> bool {
        let mark = self.mark();
        for placement in placements {
            self.link(placement.part, placement.prev, placement.fit, placement.hold);
        }
        self.set_assigned(visit, true);
        let kept = self.refresh();
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

    /// Puts one part of a known plan behind a node. Times and assignments are right only when every part
    /// of its visit is there and [`State::refresh`] has run.
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
