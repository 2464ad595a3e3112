//! Visits, their parts and meetings in the solver's numbers.

use crate::domain::{PinWhat, Seconds, Visit};
use crate::solver::problem::{Lag, NEVER, NONE, PartSpec, Points, VisitSpec};

use super::{Compiler, ticks};

impl<'w> Compiler<'w> {
    pub(super) fn add_visit(&mut self, visit: &'w Visit) {
        let world = self.world;
        let at = self.problem.visits.len();
        let first = self.problem.parts.len() as u32;
        let patient = world.patient_of(visit);
        let place = world.place_position(&patient.place) as u32;
        let deadline = world.deadline_of(visit);
        let judged = world.judged_part(visit);
        let promise = deadline.map(|(promise, _)| promise);
        let table = promise.and_then(|promise| {
            world.policy.promises.iter().position(|other| std::ptr::eq(other, promise))
        });
        for (index, part) in visit.parts.iter().enumerate() {
            let due = deadline.filter(|_| index == judged).map(|(_, moment)| self.tick(moment));
            self.problem.parts.push(PartSpec {
                visit: at as u32,
                place,
                service: ticks(part.service),
                due: due.unwrap_or(NEVER),
                lateness: table.map_or(0, |table| table as u32 + 1),
                load: part.service.minutes_begun(),
                group: NONE,
            });
            self.problem.lags_in.push(Vec::new());
            self.problem.lags_out.push(Vec::new());
        }
        self.tie_by_meetings(visit, first);
        let (unassigned, unassigned_told) = self.price_of_leaving_out(visit, at);
        self.problem.visits.push(VisitSpec {
            parts: first..first + visit.parts.len() as u32,
            unassigned,
            unassigned_told,
            meets: !visit.meetings.is_empty(),
            has_lags: self.problem.lags_in[first as usize..].iter().any(|lags| !lags.is_empty()),
            same_crew_allowed: visit.same_crew_allowed,
            // A part that must stay out keeps the others out: all of them come, or none.
            barred: (0..visit.parts.len())
                .any(|part| self.pins_of(visit, part).any(|what| *what == PinWhat::Unassigned)),
        });
        for (index, part) in visit.parts.iter().enumerate() {
            let fitting = self.fitting(visit, patient, at, index, part);
            self.problem.fitting.push(fitting);
        }
    }

    fn tie_by_meetings(&mut self, visit: &Visit, first: u32) {
        let mut group_of: Vec<usize> = (0..visit.parts.len()).collect();
        for meeting in &visit.meetings {
            let together = meeting.lag_min == Seconds::ZERO && meeting.lag_max == Seconds::ZERO;
            if together {
                let (from, to) = (group_of[meeting.second], group_of[meeting.first]);
                group_of.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
                continue;
            }
            let (a, b) = (first + meeting.first as u32, first + meeting.second as u32);
            let (least, most) = (ticks(meeting.lag_min), ticks(meeting.lag_max));
            let lags_in = &mut self.problem.lags_in;
            lags_in[b as usize].push(Lag { other: a, least });
            lags_in[a as usize].push(Lag { other: b, least: -most });
            let lags_out = &mut self.problem.lags_out;
            lags_out[a as usize].push(Lag { other: b, least });
            lags_out[b as usize].push(Lag { other: a, least: -most });
        }
        for leader in 0..visit.parts.len() {
            let members: Vec<u32> = (0..visit.parts.len())
                .filter(|&part| group_of[part] == leader)
                .map(|part| first + part as u32)
                .collect();
            if members.is_empty() {
                continue;
            }
            let group = self.problem.groups.len() as u32;
            members.iter().for_each(|&part| self.problem.parts[part as usize].group = group);
            self.problem.groups.push(members);
        }
    }

    /// Points of the visit's own tier, and of tier 3 for those who were told of it.
    fn price_of_leaving_out(&self, visit: &Visit, at: usize) -> (Points, i64) {
        let world = self.world;
        let price = match world.promise_of(visit) {
            Some(promise) if world.is_deferrable(visit) => {
                Points { tier: 3, points: promise.deferred }
            }
            Some(promise) => {
                Points { tier: promise.tier.index(), points: promise.lateness.unassigned() }
            }
            None => {
                let kind = world.policy.kinds.iter().find(|kind| kind.id == visit.kind);
                let (tier, points) =
                    kind.map_or((1, 1), |kind| (kind.unassigned.0.index(), kind.unassigned.1));
                Points { tier, points }
            }
        };
        let told = (0..visit.parts.len()).filter_map(|part| self.told.get(&(at, part)));
        let audiences: usize = told.map(|(stop, _)| stop.told.len()).sum();
        (price, audiences as i64 * world.policy.prices.told_moved)
    }
}
