//! Role: a part is given by a crew that has its role. A `Crew` pin sets this aside.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use super::super::words::{part_en, part_sv};
use super::pins;
use crate::domain::{Crew, Part};

pub const RULE: HardRule = HardRule {
    code: "role",
    sentence_sv: "En del görs av en tur som har delens roll.",
    sentence_en: "A part is given by a crew that has its role.",
    check,
};

/// Has the crew the part's role?
pub fn has_role(crew: &Crew, part: &Part) -> bool {
    crew.roles.contains(&part.role)
}

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for given in reading.parts() {
        let Some(crew) = given.crew else { continue };
        if has_role(crew, given.part) {
            continue;
        }
        let (id, role) = (&crew.id, &given.part.role);
        let sv = format!("Tur {id} har inte rollen {role} som {} behöver.", part_sv(given));
        let en = format!("Crew {id} has not the role {role} that {} needs.", part_en(given));
        found.push(
            Violation::new(&RULE, Subject::given(given), sv, en).excused_if(pins::sets_crew(
                reading.world,
                given.visit,
                given.index,
                crew,
            )),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::Verdict;
    use super::super::super::fixture::{Day, at};
    use crate::domain::{CrewId, PinWhat};

    fn given_by(crew: &str) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round(crew, &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn a_doctor_gives_the_doctors_part() {
        assert_eq!(given_by("car").broken(), [""; 0]);
    }

    #[test]
    fn a_nurse_does_not() {
        assert_eq!(given_by("nurse").broken(), ["role"]);
    }

    #[test]
    fn unless_the_dispatcher_insists_and_then_it_is_still_reported() {
        let mut day = given_by("nurse");
        day.pin("v1", None, PinWhat::Crew(CrewId::new("nurse")));
        assert_eq!(day.broken(), ["role"]);
        assert_eq!(day.audit().verdict, Verdict::LegalButForPins);
    }
}
