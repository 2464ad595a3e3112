//! The plan written down for those who work by it, and what is different from before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::{Flag, Progress, ShiftId, ShiftPlan, Stop, StopWhat};
use crate::solver::SolutionStop;
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
        let solved: Vec<Vec<SolutionStop>> = (0..self.compiled.problem.routes.len() as u32)
            .map(|route| running.stops(route))
            .collect();
        let mut shifts = Vec::with_capacity(solved.len());
        let mut changed = Vec::new();
        // Where nothing moved since it was written down last, it reads the same. There may have
        // been more shifts then.
        let is_known = |route: usize| {
            solved.get(route).is_some_and(|stops| self.solved.get(route) == Some(stops))
        };
        let others = self.shifts.iter().enumerate().filter(|(route, _)| !is_known(*route));
        let mut before: BTreeMap<ShiftId, Arc<ShiftPlan>> = others
            .filter_map(|(_, shift)| shift.clone())
            .map(|shift| (shift.shift.clone(), shift))
            .collect();
        for (route, stops) in solved.iter().enumerate() {
            if is_known(route) {
                shifts.push(self.shifts[route].clone());
                continue;
            }
            let (crew, shift) = self.compiled.shifts[route];
            let shift = &self.rest.world.crews[crew].shifts[shift].id;
            let known = before.remove(shift);
            let plan = (!stops.is_empty()).then(|| Arc::new(self.list_of(route, stops)));
            if !self.is_same(known.as_deref(), plan.as_deref()) {
                changed.push(shift.clone());
            }
            shifts.push(plan);
        }
        // Shifts that are over have no list any more.
        let over = before.iter().filter(|(_, known)| !self.is_same(Some(&**known), None));
        changed.extend(over.map(|(shift, _)| shift.clone()));
        for shift in &changed {
            *self.versions.entry(shift.clone()).or_default() += 1;
        }
        self.version += u64::from(!changed.is_empty());
        self.shifts = shifts;
        self.solved = solved;
        changed
    }

    /// The list of a route, in the names of the day.
    fn list_of(&self, route: usize, stops: &[SolutionStop]) -> ShiftPlan {
        let (rest, travel) = (&self.rest.world, &self.travel);
        let mut list = decompile::shift_plan(rest, travel, &self.compiled, route, stops);
        for stop in &mut list.stops {
            stop.what = self.rest.in_day(&stop.what);
        }
        list
    }

    /// Who was told a start that is not so any more, or of a visit that nobody makes now.
    fn notices(&self, changed: &[ShiftId]) -> Vec<Notice> {
        let tolerance = self.rest.world.policy.told_tolerance;
        let mut notices = Vec::new();
        let changed: BTreeSet<&ShiftId> = changed.iter().collect();
        let plans = self.shifts.iter().flatten().filter(|plan| changed.contains(&plan.shift));
        for stop in plans.flat_map(|plan| &plan.stops) {
            let StopWhat::Part { visit, part } = &stop.what else { continue };
            for told in self.live.told(visit, *part) {
                let moved = (stop.start - told.time).0.abs();
                if moved > tolerance.0 {
                    notices.push(Notice {
                        visit: visit.clone(),
                        part: *part,
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

    /// Are the lists the same for those who work by them? Slack and holds are not on a list, and
    /// that a stop is done or has begun is no news to whoever did it.
    fn is_same(&self, known: Option<&ShiftPlan>, now: Option<&ShiftPlan>) -> bool {
        let is_done = |shift: &ShiftId, what: &StopWhat| {
            self.live.progress(shift, what).is_some_and(Progress::has_begun)
        };
        let known = known.map(|list| {
            let to_come = list.stops.iter().filter(|stop| !is_done(&list.shift, &stop.what));
            (list, to_come.collect::<Vec<&Stop>>())
        });
        let Some(now) = now else {
            return known.is_none_or(|(_, to_come)| to_come.is_empty());
        };
        let Some((list, known)) = known else { return false };
        // Who has left does not leave again.
        let has_left = known.len() < list.stops.len() || list.depart <= self.live.now();
        (has_left || list.depart == now.depart)
            && list.back == now.back
            && known.len() == now.stops.len()
            && known.iter().zip(&now.stops).all(|(a, b)| {
                (&a.what, a.arrive, a.start, a.end) == (&b.what, b.arrive, b.start, b.end)
            })
    }
}
