//! Names of the day in the solver's numbers: orders, slots, moments.

use std::collections::BTreeMap;

use crate::domain::{Instant, Refusal, Seconds, ShiftId, ShiftOrder, Slot, StopWhat, VisitId};
use crate::solver::judge::Placement;
use crate::solver::problem::NEVER;
use crate::solver::running::{Laid, Running};
use crate::solver::search::Snapshot;

use super::Rolling;

impl Rolling {
    /// The plan with other orders for some shifts.
    pub(super) fn with_orders(&self, orders: &[ShiftOrder]) -> Result<Snapshot, Refusal> {
        let running = Running::of(&self.compiled.problem, &self.snapshot);
        let mut laid = running.orders();
        let changed = self.laid(orders);
        for order in orders {
            let route = self.route_of(&order.shift).ok_or(Refusal::Outdated)?;
            laid[route].clone_from(&changed[route]);
        }
        let mut anew = Running::empty(&self.compiled.problem);
        if !anew.lay(&laid) || running.score() < anew.score() {
            return Err(Refusal::Outdated);
        }
        Ok(anew.snapshot())
    }

    pub(super) fn route_of(&self, shift: &ShiftId) -> Option<usize> {
        self.compiled
            .shifts
            .iter()
            .position(|&(c, s)| self.rest.world.crews[c].shifts[s].id == *shift)
    }

    /// Orders in the solver's numbers, per route; what is done or unknown is left out.
    pub(super) fn laid(&self, orders: &[ShiftOrder]) -> Vec<Vec<Laid>> {
        let problem = &self.compiled.problem;
        let mut laid = vec![Vec::new(); problem.routes.len()];
        let positions: BTreeMap<&VisitId, usize> = self
            .compiled
            .visits
            .iter()
            .enumerate()
            .filter_map(|(at, visit)| Some((visit.as_ref()?, at)))
            .collect();
        let mut first_break = problem.parts.len() as u32;
        let mut first_breaks = Vec::with_capacity(problem.routes.len());
        for route in &problem.routes {
            first_breaks.push(first_break);
            first_break += route.breaks.len() as u32;
        }
        for order in orders {
            let Some(route) = self.route_of(&order.shift) else { continue };
            for (what, hold) in &order.stops {
                let node = match self.rest.in_rest(what) {
                    Some(StopWhat::Part { visit, part }) => positions
                        .get(&visit)
                        .map(|&at| problem.visits[at].parts.start + part as u32),
                    Some(StopWhat::Break { index }) => {
                        let due = self.compiled.breaks[route].iter().position(|at| *at == index);
                        due.map(|at| first_breaks[route] + at as u32)
                    }
                    None => None,
                };
                let hold = hold.map_or(-NEVER, |hold| self.tick(hold));
                laid[route].extend(node.map(|node| (node, hold)));
            }
        }
        laid
    }

    pub(super) fn tick(&self, moment: Instant) -> i32 {
        let ticks = (moment - self.compiled.origin).0;
        ticks.clamp(-i64::from(NEVER), i64::from(NEVER)) as i32
    }

    pub(super) fn moment(&self, tick: i32) -> Instant {
        self.compiled.origin + Seconds(i64::from(tick))
    }

    /// Slots in the solver's numbers.
    pub(super) fn placements(
        &self,
        visit: &VisitId,
        slots: &[Slot],
    ) -> Result<Vec<Placement>, Refusal> {
        let gone = || Refusal::SlotGone { visit: visit.clone() };
        let at = self.compiled.position(visit).ok_or_else(gone)?;
        let problem = &self.compiled.problem;
        let mut running = Running::of(problem, &self.snapshot);
        if running.has(at) && !running.take_out(at) {
            return Err(gone());
        }
        let mut placements = Vec::with_capacity(slots.len());
        for slot in slots {
            let route = self.route_of(&slot.shift).ok_or_else(gone)?;
            let part = problem.visits[at as usize].parts.start + slot.part as u32;
            let fit = problem.fit_of(part, route as u32).ok_or_else(gone)?;
            let prev = match &slot.after {
                None => running.start_node(route as u32),
                Some(what) => {
                    let order =
                        ShiftOrder { shift: slot.shift.clone(), stops: vec![(what.clone(), None)] };
                    let laid = self.laid(&[order]);
                    let (node, _) = *laid[route].first().ok_or_else(gone)?;
                    let is_there = running.is_on(node, route as u32);
                    // One crew may do two parts of the visit, one after the other.
                    let is_own = placements.iter().any(|own: &Placement| own.part == node);
                    (is_there || is_own).then_some(node).ok_or_else(gone)?
                }
            };
            placements.push(Placement { part, prev, fit, hold: -NEVER });
        }
        running.tried(at, &placements, |_| ()).ok_or_else(gone)?;
        Ok(placements)
    }
}
