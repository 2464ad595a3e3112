//! Making the plan better while nothing happens: a search on a copy, aside, and the judgement
//! whether what it found is worth disturbing people for.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Improved, Progress, ShiftId, ShiftOrder, ShiftPlan, StopWhat, TIERS};
use crate::solver;
use crate::solver::problem::COST;
use crate::solver::running::Running;

use super::super::compile::Room;
use super::{Notice, Rolling};

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
    /// Shifts whose next stop would be another.
    pub next_stops: Vec<ShiftId>,
    /// Who would have to be told another time.
    pub notices: Vec<Notice>,
}

impl Rolling {
    /// A search for a better plan, to be run aside.
    pub fn job(&self, seed: u64, work: u64) -> Job {
        Job { rolling: Box::new(self.clone()), seed, work }
    }

    /// Per shift the stop that its crew has not begun yet.
    fn next_stops(&self) -> BTreeMap<ShiftId, Option<StopWhat>> {
        let next = |list: &ShiftPlan| {
            let is_to_come = |what: &StopWhat| {
                !self.live.progress(&list.shift, what).is_some_and(Progress::has_begun)
            };
            list.stops.iter().find(|stop| is_to_come(&stop.what)).map(|stop| stop.what.clone())
        };
        self.lists().map(|list| (list.shift.clone(), next(list))).collect()
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

    /// What was found, as it may be given out now. Nothing if the shifts it changes are not as they
    /// were, if it does not lead to a better legal plan any more, or if the gain is too small for
    /// the changes.
    pub fn worth_giving_out(&self, found: &Found) -> Option<Improved> {
        let orders: BTreeMap<ShiftId, ShiftOrder> =
            self.orders().into_iter().map(|order| (order.shift.clone(), order)).collect();
        if !found.was.iter().all(|was| orders.get(&was.shift) == Some(was)) {
            return None;
        }
        let plan = self.with_orders(&found.improved.orders).ok()?;
        let gain = std::array::from_fn(|tier| self.snapshot.score[tier] - plan.score[tier]);
        let improved = Improved { gain, ..found.improved.clone() };
        pays(&improved.gain, found.moved).then_some(improved)
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
        let was = rolling.orders();
        // With all that people have been told since the day was compiled last.
        rolling.compile_anew(Room { visits: 0, parts: 0, places: 0 });
        let problem = &rolling.compiled.problem;
        let found = solver::running::improve(problem, &rolling.snapshot, seed, work, &[]);
        let gain: [i64; TIERS] =
            std::array::from_fn(|tier| rolling.snapshot.score[tier] - found.score[tier]);
        let now = rolling.orders_in(&Running::of(problem, &found));
        // The same shifts, unless one has come to its end meanwhile.
        let known: BTreeMap<&ShiftId, &ShiftOrder> =
            was.iter().map(|order| (&order.shift, order)).collect();
        let changed: Vec<&ShiftOrder> =
            now.iter().filter(|now| known.get(&now.shift) != Some(now)).collect();
        let moved = moved(&was, &now);
        if changed.is_empty() || !pays(&gain, moved) {
            return None;
        }
        let before = changed.iter().filter_map(|now| known.get(&now.shift));
        let before = before.map(|was| (*was).clone()).collect();
        let orders = changed.into_iter().cloned().collect();
        let improved = Improved { orders, gain, seed, work };
        let next_before = rolling.next_stops();
        rolling.snapshot = found;
        let notices = rolling.written_down(Vec::new()).notices;
        let next_now = rolling.next_stops();
        let next_stops = next_now
            .into_iter()
            .filter(|(shift, next)| next_before.get(shift).is_some_and(|before| before != next));
        let next_stops = next_stops.map(|(shift, _)| shift).collect();
        Some(Found { improved, was: before, moved, next_stops, notices })
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
