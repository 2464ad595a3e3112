//! Skill: a part is given by a crew that has every skill it needs. A `Crew` pin sets this aside.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use super::super::words::{part_en, part_sv};
use super::pins;
use crate::domain::{Crew, Part, SkillId};

pub const RULE: HardRule = HardRule {
    code: "skill",
    sentence_sv: "En del görs av en tur som har all kompetens som delen behöver.",
    sentence_en: "A part is given by a crew that has every skill the part needs.",
    check,
};

/// The first skill that the part needs and the crew lacks.
pub fn lacking<'a>(crew: &Crew, part: &'a Part) -> Option<&'a SkillId> {
    part.skills.iter().find(|skill| !crew.skills.contains(*skill))
}

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for given in reading.parts() {
        let Some(crew) = given.crew else { continue };
        let Some(skill) = lacking(crew, given.part) else { continue };
        let id = &crew.id;
        let sv = format!("Tur {id} saknar kompetensen {skill} som {} behöver.", part_sv(given));
        let en = format!("Crew {id} lacks the skill {skill} that {} needs.", part_en(given));
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
    use crate::domain::{CrewId, PinWhat, SkillId};

    fn needing(skill: Option<&str>) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.facts.visits[0].parts[0].skills = skill.map(SkillId::new).into_iter().collect();
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn a_crew_with_the_skill_may_give_the_part() {
        assert_eq!(needing(None).broken(), [""; 0]);
        let mut day = needing(Some("ultrasound"));
        day.facts.crews[0].skills.insert(SkillId::new("ultrasound"));
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn a_crew_without_it_may_not() {
        assert_eq!(needing(Some("ultrasound")).broken(), ["skill"]);
    }

    #[test]
    fn a_pin_on_this_part_excuses_it_and_a_pin_on_another_does_not() {
        let mut day = needing(Some("ultrasound"));
        day.pin("v1", Some(0), PinWhat::Crew(CrewId::new("car")));
        assert_eq!(day.audit().verdict, Verdict::LegalButForPins);

        let mut day = needing(Some("ultrasound"));
        day.pin("v1", Some(1), PinWhat::Crew(CrewId::new("car")));
        assert_eq!(day.audit().verdict, Verdict::Illegal);
    }
}
