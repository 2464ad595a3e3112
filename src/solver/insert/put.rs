//! What was judged is done: visits in and out of the plan.

use crate::solver::judge::Placement;
use crate::solver::problem::TIERS;
use crate::solver::state::State;

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
