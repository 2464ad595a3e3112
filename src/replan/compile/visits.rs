//! Visits, their parts and meetings in the solver's numbers.

use crate::domain::{PinWhat, Seconds, Visit};
use crate::solver::problem::{Lag, NEVER, Points};
use crate::solver::running::{NewPart, NewVisit};

use super::{Compiler, ticks};

impl<'w> Compiler<'w> {
    pub(super) fn add_visit(&mut self, visit: &'w Visit) {
        let new = self.in_numbers(visit, self.problem.visits.len());
        self.problem.add_visit(new);
        self.visits.push(Some(visit.id.clone()));
    }

    /// A visit in the solver's numbers; `at` is the position that it has or will have there.
    pub(super) fn in_numbers(&mut self, visit: &'w Visit, at: usize) -> NewVisit {
        let world = self.world;
        let patient = world.patient_of(visit);
        let place = world.place_position(&patient.place) as u32;
        let deadline = world.deadline_of(visit);
        let judged = world.judged_part(visit);
        let promise = deadline.map(|(promise, _)| promise);
        let table = promise.and_then(|promise| {
            world.policy.promises.iter().position(|other| std::ptr::eq(other, promise))
        });
        let mut parts: Vec<NewPart> = Vec::with_capacity(visit.parts.len());
        for (index, part) in visit.parts.iter().enumerate() {
            let due = deadline.filter(|_| index == judged).map(|(_, moment)| self.tick(moment));
            parts.push(NewPart {
                service: ticks(part.service),
                due: due.unwrap_or(NEVER),
                lateness: table.map_or(0, |table| table as u32 + 1),
                load: part.service.minutes_begun(),
                fitting: self.fitting(visit, patient, at, index, part),
                lags_in: Vec::new(),
                lags_out: Vec::new(),
                leader: index,
            });
        }
        tie_by_meetings(visit, &mut parts);
        let (unassigned, unassigned_told) = self.price_of_leaving_out(visit, at);
        NewVisit {
            place,
            parts,
            unassigned,
            unassigned_told,
            meets: !visit.meetings.is_empty(),
            same_crew_allowed: visit.same_crew_allowed,
            // A part that must stay out keeps the others out: all of them come, or none.
            barred: (0..visit.parts.len())
                .any(|part| self.pins_of(visit, part).any(|what| *what == PinWhat::Unassigned)),
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

/// Lags between the parts, and who starts together with whom.
fn tie_by_meetings(visit: &Visit, parts: &mut [NewPart]) {
    for meeting in &visit.meetings {
        let together = meeting.lag_min == Seconds::ZERO && meeting.lag_max == Seconds::ZERO;
        if together {
            let (from, to) = (parts[meeting.second].leader, parts[meeting.first].leader);
            let followers = parts.iter_mut().filter(|part| part.leader == from);
            followers.for_each(|part| part.leader = to);
            continue;
        }
        let (a, b) = (meeting.first, meeting.second);
        let (least, most) = (ticks(meeting.lag_min), ticks(meeting.lag_max));
        parts[b].lags_in.push(Lag { other: a as u32, least });
        parts[a].lags_in.push(Lag { other: b as u32, least: -most });
        parts[a].lags_out.push(Lag { other: b as u32, least });
        parts[b].lags_out.push(Lag { other: a as u32, least: -most });
    }
}
