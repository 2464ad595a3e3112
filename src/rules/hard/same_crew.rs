//! Same crew: the parts of a visit are given by different crews, unless the visit lets one crew do
//! several, one after the other.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;

pub const RULE: HardRule = HardRule {
    code: "same_crew",
    sentence_sv: "Delarna av ett besök görs av olika turer, om inte besöket medger samma.",
    sentence_en: "The parts of a visit are given by different crews, unless the visit allows one.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for visit in reading.visits().filter(|visit| !visit.same_crew_allowed) {
        let given = reading.parts_of(&visit.id);
        for (at, later) in given.iter().enumerate() {
            let same = given[..at].iter().find(|earlier| {
                earlier.index != later.index && earlier.round.crew == later.round.crew
            });
            let Some(earlier) = same else { continue };
            let crew = &later.round.crew;
            let (one, other) = (earlier.index + 1, later.index + 1);
            let sv = format!("Tur {crew} gör både del {one} och {other} av besök {}.", visit.id);
            let en =
                format!("Crew {crew} gives both part {one} and {other} of visit {}.", visit.id);
            found.push(Violation::new(&RULE, Subject::given(later), sv, en));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::RoleId;

    fn two_parts() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30), ("physiotherapist", 30)]);
        day.facts.visits[0].meetings.clear();
        day.facts.crews[0].roles.insert(RoleId::new("physiotherapist"));
        day.facts.crews[1].roles.insert(RoleId::new("physiotherapist"));
        day
    }

    #[test]
    fn two_crews_may_share_a_visit() {
        let mut day = two_parts();
        day.round("car", &[("v1", 0, at(9, 0))]);
        day.round("nurse", &[("v1", 1, at(9, 0))]);
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn one_crew_may_not_do_both_parts() {
        let mut day = two_parts();
        day.round("car", &[("v1", 0, at(9, 0)), ("v1", 1, at(9, 30))]);
        assert_eq!(day.broken(), ["same_crew"]);
    }

    #[test]
    fn unless_the_visit_allows_it() {
        let mut day = two_parts();
        day.facts.visits[0].same_crew_allowed = true;
        day.round("car", &[("v1", 0, at(9, 0)), ("v1", 1, at(9, 30))]);
        assert_eq!(day.broken(), [""; 0]);
    }
}
