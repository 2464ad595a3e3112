//! Positions of three parts or more put together, cheapest sums first.

use super::{COMBINATIONS_MAX, Effort, Inserter, SETTLE_ROUNDS_MAX};
use crate::solver::judge::Position;
use crate::solver::problem::{Problem, VisitSpec};
use crate::solver::state::State;

impl Inserter {
    /// Combines positions of all parts within each slot, cheapest sums first.
    pub(super) fn take_combination(
        &mut self,
        state: &mut State<'_>,
        spec: &VisitSpec,
        effort: Effort,
    ) {
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
