//! The plan written down for those who work by it, and what is different from before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::{Flag, ShiftId, ShiftPlan, StopWhat};
use crate::solver::running::Running;

use super::super::decompile;
use super::{Notice, Reaction, Rolling};

impl Rolling {
    /// Writes the plan down, and says what is different.
    pub(super) fn written_down(&mut self, flags: Vec<Flag>) -> Reaction {
        let changed = self.write_down();
        let notices = self.notices(&changed);
        for notice in &notices {
            match notice.now {
                // They are among those told already, so there is room for them.
                Some(now) => {
                    let _ = self.live.tell(&notice.visit, notice.part, &notice.audience, now);
                }
                None => self.live.untell(&notice.visit, notice.part),
            }
        }
        Reaction { flags, changed, notices, ..Reaction::default() }
    }

    /// Writes every shift down; says whose list is another than before.
    pub(super) fn write_down(&mut self) -> Vec<ShiftId> {
        let running = Running::of(&self.compiled.problem, &self.snapshot);
        let mut before: BTreeMap<ShiftId, Arc<ShiftPlan>> = std::mem::take(&mut self.shifts)
            .into_iter()
            .flatten()
            .map(|shift| (shift.shift.clone(), shift))
            .collect();
        let mut changed = Vec::new();
        for route in 0..self.compiled.problem.routes.len() {
            let (crew, shift) = self.compiled.shifts[route];
            let shift = &self.rest.world.crews[crew].shifts[shift].id;
            let known = before.remove(shift);
            let stops = running.stops(route as u32);
            let plan = (!stops.is_empty()).then(|| {
                let (rest, travel) = (&self.rest.world, &self.travel);
                Arc::new(decompile::shift_plan(rest, travel, &self.compiled, route, &stops))
            });
            let is_other = match (&plan, &known) {
                (Some(plan), Some(known)) => !is_same(known, plan),
                (None, None) => false,
                _ => true,
            };
            if is_other {
                changed.push(shift.clone());
            }
            self.shifts.push(plan);
        }
        // Shifts that are over have no list any more.
        changed.extend(before.into_keys());
        for shift in &changed {
            *self.versions.entry(shift.clone()).or_default() += 1;
        }
        self.version += u64::from(!changed.is_empty());
        changed
    }

    /// Who was told a start that is not so any more, or of a visit that nobody makes now.
    fn notices(&self, changed: &[ShiftId]) -> Vec<Notice> {
        let tolerance = self.rest.world.policy.told_tolerance;
        let mut notices = Vec::new();
        let changed: BTreeSet<&ShiftId> = changed.iter().collect();
        let plans = self.shifts.iter().flatten().filter(|plan| changed.contains(&plan.shift));
        for stop in plans.flat_map(|plan| &plan.stops) {
            let StopWhat::Part { visit, part } = self.rest.in_day(&stop.what) else { continue };
            for told in self.live.told(&visit, part) {
                let moved = (stop.start - told.time).0.abs();
                if moved > tolerance.0 {
                    notices.push(Notice {
                        visit: visit.clone(),
                        part,
                        audience: told.audience.clone(),
                        was: told.time,
                        now: Some(stop.start),
                    });
                }
            }
        }
        for visit in self.unassigned.keys() {
            let parts = self.live.world().visit(visit).map_or(0, |visit| visit.parts.len());
            for part in 0..parts {
                notices.extend(self.live.told(visit, part).iter().map(|told| Notice {
                    visit: visit.clone(),
                    part,
                    audience: told.audience.clone(),
                    was: told.time,
                    now: None,
                }));
            }
        }
        notices
    }
}

/// Are the lists the same for those who work by them? Slack and holds are not on a list.
fn is_same(one: &ShiftPlan, other: &ShiftPlan) -> bool {
    one.depart == other.depart
        && one.back == other.back
        && one.stops.len() == other.stops.len()
        && one.stops.iter().zip(&other.stops).all(|(a, b)| {
            (&a.what, a.arrive, a.start, a.end) == (&b.what, b.arrive, b.start, b.end)
        })
}
