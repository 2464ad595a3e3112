//! Patients and visits of a random world.

use jiff::ToSpan;
use rond::domain::{
    CareFormId, CrewId, Instant, KindId, Meeting, MunicipalityId, Part, Party, Patient, PatientId,
    RoleId, Seconds, SkillId, Span, UnitId, Visit, VisitId,
};

use super::Maker;
use super::crews::SKILLS;

impl Maker<'_> {
    pub(super) fn add_visits(&mut self) {
        let count = self.dice.within(self.shape.visits.clone()).max(self.shape.joint_min as i64);
        for position in 0..count as usize {
            let joint = position < self.shape.joint_min || self.dice.chance(self.shape.joint);
            let patient = self.patient(position, joint);
            let visit = self.visit(position, &patient, joint);
            self.facts.patients.push(patient);
            self.facts.visits.push(visit);
        }
        self.facts.visits = self.dice.shuffled(std::mem::take(&mut self.facts.visits));
    }

    /// Mostly where a nurse works, and always so when a nurse is to come.
    fn patient(&mut self, position: usize, joint: bool) -> Patient {
        let with_nurse: Vec<MunicipalityId> = self
            .facts
            .crews
            .iter()
            .filter_map(|crew| match &crew.employer {
                Party::Municipality(id) if crew.roles.contains(&RoleId::new("nurse")) => Some(id),
                _ => None,
            })
            .cloned()
            .collect();
        let of_region = self.municipalities();
        let near_nurse = joint || self.dice.chance(60);
        let mut municipality =
            self.dice.pick(if near_nurse { &with_nurse } else { &of_region }).clone();
        let share = !self.facts.patients.is_empty() && self.dice.chance(self.shape.shared);
        let place = if share {
            let neighbour = self.dice.pick(&self.facts.patients);
            municipality = neighbour.municipality.clone();
            neighbour.place.clone()
        } else {
            self.add_home(&position.to_string(), municipality.as_str())
        };
        let continuity = self.dice.chance(self.shape.continuity);
        let named = continuity && self.dice.chance(60);
        Patient {
            id: PatientId::new(format!("patient-{position}")),
            place,
            care_form: CareFormId::new(self.dice.pick(&["enrolled", "temporary", "risk"])),
            named_doctor: named.then(|| self.any_doctor()),
            unit: (continuity && self.dice.chance(70))
                .then(|| UnitId::new(self.dice.pick(&["vc-1", "vc-2"]))),
            municipality,
        }
    }

    fn any_doctor(&mut self) -> CrewId {
        let doctor = RoleId::new("doctor");
        let doctors: Vec<CrewId> = self
            .facts
            .crews
            .iter()
            .filter(|crew| crew.roles.contains(&doctor))
            .map(|crew| crew.id.clone())
            .collect();
        self.dice.pick(&doctors).clone()
    }

    fn visit(&mut self, position: usize, patient: &Patient, joint: bool) -> Visit {
        let kind = if self.dice.chance(self.shape.unplanned) {
            "unplanned"
        } else if self.dice.chance(self.shape.unpromised) {
            self.dice.pick(&["death", "preventive"])
        } else {
            "planned"
        };
        let (parts, meetings, same_crew_allowed) = self.parts(joint);
        let longest = parts.iter().map(|part| part.service.0).max().unwrap_or(0);
        Visit {
            id: VisitId::new(format!("visit-{position}")),
            patient: patient.id.clone(),
            kind: KindId::new(kind),
            requested_at: self.requested_at(kind),
            priority: self.dice.within(1..=3) as u8,
            windows: self.windows(longest),
            parts,
            meetings,
            same_crew_allowed,
        }
    }

    fn requested_at(&mut self, kind: &str) -> Instant {
        let as_of = self.facts.as_of;
        match kind {
            "unplanned" => {
                // Near the beginning of some shift, so that the two hours can be kept, but hardly.
                let from = self.any_shift_hours().from();
                from + Seconds::from_minutes(self.dice.within(-9..=6) * 10)
            }
            // With five working days, six days ago is nearly due; fewer may lie beyond the horizon.
            "planned" => {
                let back = if self.dice.chance(self.shape.deferrable) { 1..=5 } else { 6..=9 };
                let date = self.days[0].saturating_sub(self.dice.within(back).days());
                self.calendar.at_minute(date, 600)
            }
            _ => as_of - Seconds::from_minutes(self.dice.within(0..=600)),
        }
    }

    fn parts(&mut self, joint: bool) -> (Vec<Part>, Vec<Meeting>, bool) {
        if joint {
            return self.joint_parts();
        }
        if self.dice.chance(self.shape.sequential) {
            let parts = vec![self.part("nurse"), self.part("physiotherapist")];
            let latest = parts[0].service.0 / 60 + self.dice.within(5..=60);
            let meetings = vec![meeting(0, 1, 0, latest)];
            return (parts, meetings, self.dice.chance(75));
        }
        let role = *self.dice.pick(&["doctor", "doctor", "doctor", "nurse"]);
        (vec![self.part(role)], Vec::new(), false)
    }

    fn joint_parts(&mut self) -> (Vec<Part>, Vec<Meeting>, bool) {
        let mut parts = vec![self.part("doctor"), self.part("nurse")];
        let mut meetings = match self.dice.chance(self.shape.lag) {
            true => vec![meeting(1, 0, 5, 20)],
            false => vec![meeting(0, 1, 0, 0)],
        };
        if self.dice.chance(self.shape.three_parts) {
            let role = *self.dice.pick(&["physiotherapist", "nurse", "assistant"]);
            let third = self.part(role);
            parts.push(third);
            match self.dice.within(0..=2) {
                0 => meetings.push(meeting(0, 2, 0, 0)),
                1 => meetings.push(meeting(0, 2, 0, 30)),
                _ => {}
            }
        }
        (parts, meetings, false)
    }

    fn part(&mut self, role: &str) -> Part {
        let skill = self.dice.chance(self.shape.skills).then(|| *self.dice.pick(&SKILLS));
        Part {
            role: RoleId::new(role),
            skills: skill.map(SkillId::new).into_iter().collect(),
            // Some services are not whole minutes: loads count minutes begun.
            service: Seconds(self.dice.within(3..=9) * 300 + self.dice.within(0..=2) * 20),
        }
    }

    /// No window, one, or two that are apart, each inside the hours of some shift.
    fn windows(&mut self, longest_part: i64) -> Vec<Span> {
        let two = self.dice.chance(self.shape.two_windows);
        if !two && !self.dice.chance(self.shape.one_window) {
            return Vec::new();
        }
        let mut windows = Vec::new();
        for _ in 0..if two { 2 } else { 1 } {
            let hours = self.any_shift_hours();
            let from = hours.from() + Seconds::from_minutes(self.dice.within(1..=12) * 15);
            let room = if two { 0..=6 } else { 2..=18 };
            let to = from + Seconds(longest_part + self.dice.within(room) * 300);
            windows.push(Span::new(from, to).expect("a window is not negative"));
        }
        windows.sort();
        if windows.len() == 2 && windows[0].to() >= windows[1].from() {
            // They touch or overlap: the second opens half an hour after the first has closed.
            let from = windows[0].to() + Seconds::from_minutes(30);
            let to = from + windows[1].length();
            windows[1] = Span::new(from, to).expect("a window is not negative");
        }
        windows
    }
}

fn meeting(first: usize, second: usize, minutes_min: i64, minutes_max: i64) -> Meeting {
    Meeting {
        first,
        second,
        lag_min: Seconds::from_minutes(minutes_min),
        lag_max: Seconds::from_minutes(minutes_max),
    }
}
