//! Memory that refreshes reuse: what changed, and what waits to be timed anew.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::solver::problem::Problem;

/// Memory that refreshes reuse.
pub struct Scratch {
    pub(in crate::solver) first_break: Vec<u32>,
    pub(super) ties: Vec<Tie>,
    /// Has anything changed that can make some start earlier than it was?
    pub(super) may_fall: bool,
    /// How often a backward arc made some start later in this refresh.
    pub(super) backward_raises: u32,
    pub(super) forward: Queue<Reverse<(i32, u32)>>,
    pub(super) backward: Queue<(i32, u32)>,
    pub(super) forward_seeds: Vec<u32>,
    pub(super) backward_seeds: Vec<u32>,
    /// Nodes with a backward arc whose value was found without it.
    pub(super) postponed: Vec<u32>,
    /// Routes whose stops or starts have changed, where whole routes have prices.
    pub(super) changed_routes: Vec<u32>,
    pub(super) is_changed: Vec<bool>,
    /// Parts that start when they are held until and no later; empty where there are none.
    pub(in crate::solver) fixed: Vec<bool>,
    pub(in crate::solver) visited: Vec<u32>,
    pub(in crate::solver) visit_epoch: u32,
    pub(in crate::solver) stack: Vec<u32>,
}

/// What ties a node to others, and whether it waits to be timed anew.
#[derive(Clone, Copy)]
pub(super) struct Tie {
    /// The first of those that move as one with it.
    pub(super) leader: u32,
    /// Is it a part of a visit with lags?
    pub(super) is_lagged: bool,
    /// Is it a part that no meeting ties to another?
    pub(super) is_alone: bool,
    pub(super) forward_queued: bool,
    pub(super) backward_queued: bool,
}

impl Tie {
    fn of(problem: &Problem, node: u32) -> Tie {
        let at = node as usize;
        let (mut is_lagged, mut is_alone) = (false, false);
        if let Some(spec) = problem.parts.get(at) {
            is_lagged = problem.visits[spec.visit as usize].has_lags;
            is_alone = !is_lagged
                && problem.groups[spec.group as usize].len() == 1
                && problem.lags_in[at].is_empty()
                && problem.lags_out[at].is_empty();
        }
        let leader = problem.leader(node);
        Tie { leader, is_lagged, is_alone, forward_queued: false, backward_queued: false }
    }
}

/// A heap whose greatest entry is mostly the last one put in: that one waits outside of it.
pub(super) struct Queue<T> {
    last: Option<T>,
    heap: BinaryHeap<T>,
}

impl<T: Ord + Copy> Queue<T> {
    fn new() -> Queue<T> {
        Queue { last: None, heap: BinaryHeap::new() }
    }

    #[inline]
    pub(super) fn push(&mut self, entry: T) {
        match self.last {
            None => self.last = Some(entry),
            Some(last) if entry > last => {
                self.last = Some(entry);
                self.heap.push(last);
            }
            Some(_) => self.heap.push(entry),
        }
    }

    /// The greatest entry.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<T> {
        match (self.last, self.heap.peek()) {
            (Some(last), Some(top)) if *top > last => self.heap.pop(),
            (Some(_), _) => self.last.take(),
            (None, _) => self.heap.pop(),
        }
    }
}

impl Scratch {
    pub(in crate::solver) fn new(problem: &Problem, node_count: usize) -> Scratch {
        Scratch {
            first_break: Vec::new(),
            ties: (0..node_count as u32).map(|node| Tie::of(problem, node)).collect(),
            may_fall: false,
            backward_raises: 0,
            forward: Queue::new(),
            backward: Queue::new(),
            forward_seeds: Vec::new(),
            backward_seeds: Vec::new(),
            postponed: Vec::new(),
            changed_routes: Vec::new(),
            is_changed: vec![false; problem.routes.len()],
            fixed: Vec::new(),
            visited: vec![0; node_count],
            visit_epoch: 0,
            stack: Vec::new(),
        }
    }

    /// Drops every note of what changed, after a refresh that failed half-way.
    pub(super) fn clear(&mut self) {
        while let Some(Reverse((_, node))) = self.forward.pop() {
            self.ties[node as usize].forward_queued = false;
        }
        while let Some((_, node)) = self.backward.pop() {
            self.ties[node as usize].backward_queued = false;
        }
        self.forward_seeds.clear();
        self.backward_seeds.clear();
        self.postponed.clear();
        for route in self.changed_routes.drain(..) {
            self.is_changed[route as usize] = false;
        }
        self.may_fall = false;
    }

    /// Is the node a part that no meeting ties to another?
    #[inline]
    pub(in crate::solver) fn is_alone(&self, node: u32) -> bool {
        self.ties[node as usize].is_alone
    }
}
