//! Meetings held back: the earliest start of a meeting is not always the cheapest, when all who
//! come to it have time to spare after it.

use rand::RngExt;

use crate::solver::problem::{NEVER, TIERS};
use crate::solver::search::Chain;
use crate::solver::state::{Kind, State};

/// One step in this many moves a meeting in time instead of ruining anything.
const MEETING_MOVES_ONE_IN: u32 = 8;

impl Chain<'_> {
    /// Now and then, where whole routes have prices: lets a meeting start later, by as much as a
    /// crew waits after it at most, or as early as it can again. `true` when that was this step.
    pub(in crate::solver) fn moved_a_meeting(&mut self, temperatures: &[f64; TIERS]) -> bool {
        let problem = self.state.problem;
        if problem.route_prices.is_none() || self.random.random_range(0..MEETING_MOVES_ONE_IN) > 0 {
            return false;
        }
        let part = self.random.random_range(0..problem.parts.len() as u32);
        if !self.state.is_present(part) || self.state.scratch.is_alone(part) {
            return false;
        }
        let node = self.state.nodes[part as usize];
        let wait = self.state.wait_after(part);
        let hold = match (node.hold > -NEVER, wait > 0) {
            (false, false) => return false,
            (true, true) if self.random.random() => -NEVER,
            (true, false) => -NEVER,
            (_, true) => node.start + self.random.random_range(1..=wait),
        };
        let mark = self.state.mark();
        self.state.set_hold(part, hold);
        if !self.state.refresh() {
            self.state.rewind(mark);
            return true;
        }
        self.to_insert.clear();
        let patience = self.draw_patience();
        self.decide(mark, temperatures, patience);
        true
    }
}

impl State<'_> {
    /// Ticks waited at the first stop that waits after a part, up to the next meeting.
    fn wait_after(&self, part: u32) -> i32 {
        let mut at = self.nodes[part as usize].next;
        loop {
            let node = &self.nodes[at as usize];
            if node.kind != Kind::Part {
                return 0;
            }
            if node.start > node.ready || !self.scratch.is_alone(at) {
                return node.start - node.ready;
            }
            at = node.next;
        }
    }
}
