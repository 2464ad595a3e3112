//! Would some stop have to wait for itself? A search along routes and meetings.

use crate::solver::state::{Kind, State};

impl State<'_> {
    /// Does a path lead from node `from` to node `to`, so that `to` can't come before `from`?
    ///
    /// Starts never fall along an arc, so a later `from` proves "no" at once; otherwise a search
    /// among the nodes that start no later than `to`. Backward arcs are left out: a circle through
    /// one shows itself when times are refreshed.
    pub fn leads_to(&mut self, from: u32, to: u32) -> bool {
        let problem = self.problem;
        let limit = self.nodes[to as usize].start;
        if self.nodes[from as usize].start > limit {
            return false;
        }
        let target = problem.leader(to);
        self.scratch.visit_epoch += 1;
        let epoch = self.scratch.visit_epoch;
        let mut stack = std::mem::take(&mut self.scratch.stack);
        stack.clear();
        stack.push(problem.leader(from));
        let mut found = false;
        while let Some(leader) = stack.pop() {
            if leader == target {
                found = true;
                break;
            }
            let node = self.nodes[leader as usize];
            if self.scratch.visited[leader as usize] == epoch || node.start > limit {
                continue;
            }
            self.scratch.visited[leader as usize] = epoch;
            if (leader as usize) < problem.parts.len() {
                let group = problem.parts[leader as usize].group;
                for &part in &problem.groups[group as usize] {
                    stack.push(problem.leader(self.nodes[part as usize].next));
                    for lag in &problem.lags_out[part as usize] {
                        if lag.least >= 0 && self.is_present(lag.other) {
                            stack.push(problem.leader(lag.other));
                        }
                    }
                }
            } else if node.kind == Kind::End {
                for &(later, _) in &problem.routes[node.route as usize].rest_to {
                    stack.push(self.start_node(later));
                }
            } else {
                stack.push(problem.leader(node.next));
            }
        }
        self.scratch.stack = stack;
        found
    }
}
