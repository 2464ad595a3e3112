//! What was planned and told before, and what a dispatcher has pinned, in a random world.

use rond::domain::{
    Metres, Pin, PinWhat, Plan, Seconds, ShiftPlan, Span, Stop, StopWhat, Told, VisitId,
};

use super::Maker;

impl Maker<'_> {
    /// A rough plan of before: it need not be legal, for the world has changed since.
    pub(super) fn add_previous(&mut self) {
        if !self.dice.chance(self.shape.previous) {
            return;
        }
        let mut parts: Vec<(usize, usize)> = Vec::new();
        for (visit, facts) in self.facts.visits.iter().enumerate() {
            parts.extend((0..facts.parts.len()).map(|part| (visit, part)));
        }
        let mut parts = self.dice.shuffled(parts);
        let mut plan = Plan::default();
        for crew in 0..self.facts.crews.len() {
            for shift in 0..self.facts.crews[crew].shifts.len() {
                let stops = self.told_stops(crew, shift, &mut parts);
                if !stops.is_empty() {
                    plan.shifts.push(self.previous_shift(crew, shift, stops));
                }
            }
        }
        self.facts.previous = Some(plan);
    }

    /// Up to three parts that the crew has the role for, one after the other.
    fn told_stops(
        &mut self,
        crew: usize,
        shift: usize,
        parts: &mut Vec<(usize, usize)>,
    ) -> Vec<Stop> {
        let mut stops = Vec::new();
        let mut clock = self.facts.crews[crew].shifts[shift].hours.from();
        for _ in 0..self.dice.within(0..=3) {
            let roles = &self.facts.crews[crew].roles;
            let visits = &self.facts.visits;
            let fits = |&(visit, part): &(usize, usize)| {
                let visit: &rond::domain::Visit = &visits[visit];
                roles.contains(&visit.parts[part].role)
            };
            let Some(at) = parts.iter().position(fits) else { break };
            let (visit, part) = parts.remove(at);
            clock = clock + Seconds::from_minutes(self.dice.within(1..=12) * 5);
            let stop = self.told_stop(visit, part, clock);
            clock = stop.end;
            stops.push(stop);
        }
        stops
    }

    fn told_stop(&mut self, visit: usize, part: usize, start: rond::domain::Instant) -> Stop {
        let facts = &self.facts.visits[visit];
        let patient = self.facts.patients.iter().find(|patient| patient.id == facts.patient);
        let place = patient.expect("every visit has its patient").place.clone();
        let end = start + facts.parts[part].service;
        let id: VisitId = facts.id.clone();
        let mut told = Vec::new();
        for audience in ["patient", "municipality"] {
            if self.dice.chance(60) {
                let apart = if self.dice.chance(30) { self.dice.within(-4..=4) * 300 } else { 0 };
                told.push(Told { audience: audience.to_owned(), time: start + Seconds(apart) });
            }
        }
        Stop {
            what: StopWhat::Part { visit: id, part },
            place,
            travel: Seconds::ZERO,
            metres: Metres(0),
            arrive: start,
            start,
            end,
            slack: Seconds::ZERO,
            held_until: None,
            told,
        }
    }

    fn previous_shift(&self, crew: usize, shift: usize, stops: Vec<Stop>) -> ShiftPlan {
        let crew = &self.facts.crews[crew];
        // Only shifts with stops are kept.
        let back = stops.last().expect("a stop").end;
        ShiftPlan {
            crew: crew.id.clone(),
            shift: crew.shifts[shift].id.clone(),
            depart: stops[0].start,
            stops,
            travel_back: Seconds::ZERO,
            metres_back: Metres(0),
            back,
        }
    }

    pub(super) fn add_pins(&mut self) {
        for visit in 0..self.facts.visits.len() {
            if self.dice.chance(self.shape.pins) {
                let pin = self.pin(visit);
                self.facts.pins.push(pin);
            }
        }
    }

    fn pin(&mut self, visit: usize) -> Pin {
        let parts = self.facts.visits[visit].parts.len() as i64;
        let part = self.dice.within(0..=parts - 1) as usize;
        let crew = self.dice.pick(&self.facts.crews).id.clone();
        let hours = self.any_shift_hours();
        let moment = hours.from() + Seconds::from_minutes(self.dice.within(2..=20) * 10);
        let (part, what) = match self.dice.within(0..=4) {
            0 => (Some(part), PinWhat::Crew(crew)),
            1 => (None, PinWhat::NotCrew(crew)),
            2 => (Some(part), PinWhat::Start(moment)),
            3 => {
                let to = moment + Seconds::from_minutes(self.dice.within(2..=12) * 10);
                (None, PinWhat::Within(Span::new(moment, to).expect("not negative")))
            }
            _ => (None, PinWhat::Unassigned),
        };
        Pin {
            visit: self.facts.visits[visit].id.clone(),
            part,
            what,
            reason: "drawn by chance".to_owned(),
            by: "test".to_owned(),
        }
    }
}
