//! Making the plan better while nothing happens: a search on a copy, aside, and the judgement
//! whether what it found is worth disturbing people for.

use std::collections::BTreeSet;

use crate::domain::{Improved, ShiftOrder, StopWhat, TIERS};
use crate::solver;
use crate::solver::problem::COST;
use crate::solver::running::Running;

use super::super::compile::Room;
use super::Rolling;

/// Points of tier 4 that a change must save per visit that changes its crew or its place in the
/// order: five minutes of driving at a point a second.
const GAIN_PER_CHANGE: i64 = 300;

/// A search that can be run aside, on a copy of the day.
pub struct Job {
    rolling: Box<Rolling>,
    seed: u64,
    work: u64,
}

/// What a search aside has found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The orders that changed, and what pays for it.
    pub improved: Improved,
    /// What the orders were that the search began with.
    pub was: Vec<ShiftOrder>,
    /// Visits that have another crew or another place in an order.
    pub moved: usize,
}

impl Rolling {
    /// A search for a better plan, to be run aside.
    pub fn job(&self, seed: u64, work: u64) -> Job {
        Job { rolling: Box::new(self.clone()), seed, work }
    }

    /// The order of every shift, in the names of the day.
    pub fn orders(&self) -> Vec<ShiftOrder> {
        let running = Running::of(&self.compiled.problem, &self.snapshot);
        self.orders_in(&running)
    }

    fn orders_in(&self, running: &Running<'_>) -> Vec<ShiftOrder> {
        let mut orders = Vec::with_capacity(self.compiled.shifts.len());
        for (route, &(crew, shift)) in self.compiled.shifts.iter().enumerate() {
            let stops = running.order(route as u32).into_iter().filter_map(|(node, hold)| {
                let hold = (hold > -solver::problem::NEVER).then(|| self.moment(hold));
                Some((self.day_stop(route, node)?, hold))
            });
            orders.push(ShiftOrder {
                shift: self.rest.world.crews[crew].shifts[shift].id.clone(),
                stops: stops.collect(),
            });
        }
        orders
    }

    /// May what was found be given out as the plan stands now? Only if nothing has happened to the
    /// shifts it changes, the plan it leads to is legal and better, and the gain is worth the
    /// changes.
    pub fn is_worth_it(&self, found: &Found) -> bool {
        let orders = self.orders();
        let is_as_it_was =
            |was: &ShiftOrder| orders.iter().any(|now| now.shift == was.shift && now == was);
        found.was.iter().all(is_as_it_was)
            && pays(&found.improved.gain, found.moved)
            && self.with_orders(&found.improved.orders).is_ok()
    }
}

/// Is the gain worth so many changes? Promises and told times are worth any.
fn pays(gain: &[i64; TIERS], moved: usize) -> bool {
    if gain[..COST].iter().any(|&points| points != 0) {
        return *gain > [0; TIERS];
    }
    gain[COST] >= GAIN_PER_CHANGE * moved.max(1) as i64
}

impl Job {
    /// Runs the search. Nothing when it found nothing that is worth the disturbance.
    pub fn run(self) -> Option<Found> {
        let Job { mut rolling, seed, work } = self;
        // With all that people have been told since the day was compiled last.
        rolling.compile_anew(Room { visits: 0, parts: 0, places: 0 });
        let problem = &rolling.compiled.problem;
        let start = Running::of(problem, &rolling.snapshot);
        let was = rolling.orders_in(&start);
        let found = solver::running::improve(problem, &rolling.snapshot, seed, work, &[]);
        let gain: [i64; TIERS] =
            std::array::from_fn(|tier| rolling.snapshot.score[tier] - found.score[tier]);
        let now = rolling.orders_in(&Running::of(problem, &found));
        let changed: Vec<usize> = (0..was.len()).filter(|&at| was[at] != now[at]).collect();
        let moved = moved(&was, &now);
        if changed.is_empty() || !pays(&gain, moved) {
            return None;
        }
        let of = |orders: &[ShiftOrder]| changed.iter().map(|&at| orders[at].clone()).collect();
        let improved = Improved { orders: of(&now), gain, seed, work };
        Some(Found { improved, was: of(&was), moved })
    }
}

/// How many visits follow another stop, or are on another shift, than before.
fn moved(was: &[ShiftOrder], now: &[ShiftOrder]) -> usize {
    let pairs = |orders: &[ShiftOrder]| {
        let mut pairs = BTreeSet::new();
        for order in orders {
            let mut before: Option<StopWhat> = None;
            for (what, _) in &order.stops {
                pairs.insert((order.shift.clone(), before.clone(), what.clone()));
                before = Some(what.clone());
            }
        }
        pairs
    };
    let was = pairs(was);
    let visits: BTreeSet<_> = pairs(now)
        .difference(&was)
        .filter_map(|(_, _, what)| match what {
            StopWhat::Part { visit, .. } => Some(visit.clone()),
            StopWhat::Break { .. } => None,
        })
        .collect();
    visits.len()
}
