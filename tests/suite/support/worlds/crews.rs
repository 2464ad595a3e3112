//! Crews of a random world: a doctor and a nurse always, then a mixture.

use std::collections::BTreeSet;

use rond::domain::{
    Break, Crew, CrewId, CrewKindId, MunicipalityId, Party, PlaceId, RoleId, Seconds, Shift,
    ShiftId, SkillId, Span, UnitId,
};

use super::Maker;

/// Skills that a part may need.
pub(super) const SKILLS: [&str; 2] = ["pump", "catheter"];

impl Maker<'_> {
    pub(super) fn add_crews(&mut self) {
        let count = self.dice.within(self.shape.crews.clone());
        let nights = self.dice.chance(self.shape.rest);
        for position in 0..count {
            let kind = match position {
                0 => "doctor",
                1 => "nurse",
                _ => self.dice.pick(&["doctor", "läkarbil", "nurse", "nurse", "therapist"]),
            };
            let municipalities = self.municipalities();
            // The first doctor and the first nurse work in the same municipality.
            let municipality =
                if position < 2 { &municipalities[0] } else { self.dice.pick(&municipalities) };
            let crew = self.crew(position, kind, &municipality.clone(), nights);
            self.facts.crews.push(crew);
        }
    }

    fn crew(&mut self, at: i64, kind: &str, municipality: &MunicipalityId, nights: bool) -> Crew {
        let is_region = matches!(kind, "doctor" | "läkarbil");
        let roles: &[&str] = match kind {
            "therapist" => &["physiotherapist", "nurse"],
            "läkarbil" => &["doctor", "assistant"],
            kind => &[kind],
        };
        let skills: BTreeSet<SkillId> =
            SKILLS.iter().filter(|_| self.dice.chance(55)).map(SkillId::new).collect();
        let employer = match is_region {
            true => Party::Region,
            false => Party::Municipality(municipality.clone()),
        };
        // The municipality is one of the region's.
        let home = self.facts.region.delregion_of(municipality).expect("a delregion").clone();
        let unit = is_region.then(|| UnitId::new(self.dice.pick(&["vc-1", "vc-2"])));
        let name = format!("{kind}-{at}");
        let shifts = self.shifts(&name, municipality, nights);
        Crew {
            id: CrewId::new(&name),
            kind: CrewKindId::new(kind),
            roles: roles.iter().map(RoleId::new).collect(),
            skills,
            employer,
            unit,
            home_delregion: home,
            shifts,
        }
    }

    fn shifts(&mut self, crew: &str, municipality: &MunicipalityId, nights: bool) -> Vec<Shift> {
        let mut shifts = Vec::new();
        for day in 0..self.days.len() {
            if !shifts.is_empty() && self.dice.chance(15) {
                continue;
            }
            let length = self.dice.within(self.shape.shift_minutes.clone());
            let last_day = day + 1 == self.days.len();
            let from = match (nights, day) {
                (true, 0) if !last_day => self.dice.within(68..=80) * 15,
                (true, _) => self.dice.within(24..=28) * 15,
                (false, _) => self.dice.within(30..=40) * 15,
            };
            let to = (from + length).min(1435);
            let shift = self.shift(crew, day, (from, to), municipality);
            shifts.push(shift);
        }
        shifts
    }

    fn shift(
        &mut self,
        crew: &str,
        day: usize,
        minutes: (i64, i64),
        municipality: &MunicipalityId,
    ) -> Shift {
        let centre = PlaceId::new(format!("centre-{municipality}"));
        let centres = self.facts.region.municipalities.len();
        let other = self.facts.places[self.dice.within(0..=centres as i64 - 1) as usize].id.clone();
        let hours = Span::new(self.at(day, minutes.0), self.at(day, minutes.1));
        // Shifts are longer than any change of the clock.
        let hours = hours.expect("a shift ends after it starts");
        let overtime = self.dice.chance(self.shape.overtime);
        let overtime_max = if overtime { self.dice.within(2..=10) * 600 } else { 0 };
        Shift {
            id: ShiftId::new(format!("{crew}-day-{day}")),
            start_place: centre.clone(),
            end_place: if self.dice.chance(80) { centre } else { other },
            hours,
            overtime_max: Seconds(overtime_max),
            breaks: self.breaks(hours),
            first: Vec::new(),
        }
    }

    /// None, one or two breaks whose windows hardly leave a choice.
    fn breaks(&mut self, hours: Span) -> Vec<Break> {
        if !self.dice.chance(self.shape.breaks) {
            return Vec::new();
        }
        let count = if self.dice.chance(25) { 2 } else { 1 };
        let mut breaks = Vec::new();
        let mut from = hours.from() + Seconds::from_minutes(self.dice.within(2..=6) * 10);
        for _ in 0..count {
            let length = Seconds::from_minutes(self.dice.within(3..=9) * 5);
            let to = from + length + Seconds::from_minutes(self.dice.within(0..=12) * 5);
            if to > hours.to() {
                break;
            }
            let window = Span::new(from, to).expect("a length is not negative");
            breaks.push(Break { window, length });
            from = to + Seconds::from_minutes(self.dice.within(2..=6) * 10);
        }
        breaks
    }
}
