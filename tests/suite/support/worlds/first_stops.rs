//! What shifts of a random world do first.

use rond::domain::{PartId, StopWhat};

use super::Maker;

impl Maker<'_> {
    /// One or two parts: mostly the next stops of the previous plan, now and then any others.
    pub(super) fn add_first_stops(&mut self) {
        let mut named: Vec<PartId> = Vec::new();
        for crew in 0..self.facts.crews.len() {
            for shift in 0..self.facts.crews[crew].shifts.len() {
                if !self.dice.chance(self.shape.first) {
                    continue;
                }
                let mut parts = self.planned_parts(crew, shift);
                if parts.is_empty() || self.dice.chance(30) {
                    let any = self.parts_for(crew);
                    parts = self.dice.shuffled(any);
                }
                parts.retain(|part| !named.contains(part));
                parts.truncate(self.dice.within(1..=2) as usize);
                named.extend_from_slice(&parts);
                self.facts.crews[crew].shifts[shift].first = parts;
            }
        }
    }

    /// What the previous plan has on the shift, in order.
    fn planned_parts(&self, crew: usize, shift: usize) -> Vec<PartId> {
        let id = &self.facts.crews[crew].shifts[shift].id;
        let shifts = self.facts.previous.iter().flat_map(|plan| &plan.shifts);
        let stops =
            shifts.filter(|planned| planned.shift == *id).flat_map(|planned| &planned.stops);
        let parts = stops.filter_map(|stop| match &stop.what {
            StopWhat::Part { visit, part } => Some(PartId { visit: visit.clone(), part: *part }),
            StopWhat::Break { .. } => None,
        });
        parts.collect()
    }

    /// Every part that the crew has the role for.
    fn parts_for(&self, crew: usize) -> Vec<PartId> {
        let roles = &self.facts.crews[crew].roles;
        let visits = self.facts.visits.iter();
        let parts = visits.flat_map(|visit| (0..visit.parts.len()).map(move |part| (visit, part)));
        let fitting = parts.filter(|(visit, part)| roles.contains(&visit.parts[*part].role));
        fitting.map(|(visit, part)| PartId { visit: visit.id.clone(), part }).collect()
    }
}
