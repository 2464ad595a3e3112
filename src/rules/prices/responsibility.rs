//! Responsibility: at each hour certain kinds of crew answer for a patient; another kind may come,
//! and costs. The first row of the policy whose role, care form and hours fit the part's start
//! decides.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::{Given, Reading};
use super::super::words::{clock, part_en, part_sv};
use crate::domain::{Responsibility, Tier, World};

pub const PRICE: Price = Price {
    code: "responsibility",
    sentence_sv: "En tur av annat slag än den som svarar för patienten vid den timmen kostar.",
    sentence_en: "A crew of another kind than answers for the patient at that hour costs.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let world = reading.world;
    let mut found = Vec::new();
    for given in reading.parts() {
        let Some(crew) = given.crew else { continue };
        let Some(row) = row_for(world, given) else { continue };
        if row.crew_kinds.contains(&crew.kind) {
            continue;
        }
        let (id, kind, start) = (&crew.id, &crew.kind, clock(world, given.stop.start));
        let (sv, en) = (part_sv(given), part_en(given));
        found.push(PriceLine {
            tier: Tier::Cost,
            code: PRICE.code,
            subject: Subject::given(given),
            points: world.policy.prices.responsibility,
            municipality: Some(world.patient_of(given.visit).municipality.clone()),
            parties: vec![crew.employer.clone()],
            sentence_sv: format!("Tur {id} ({kind}) svarar inte för {sv} {start}."),
            sentence_en: format!("Crew {id} ({kind}) does not answer for {en} at {start}."),
        });
    }
    found
}

fn row_for<'a>(world: &'a World, given: &Given<'_>) -> Option<&'a Responsibility> {
    let care_form = &world.patient_of(given.visit).care_form;
    world.policy.responsibility.iter().find(|row| {
        row.role == given.part.role
            && row.care_form.as_ref().is_none_or(|form| form == care_form)
            && world.calendar().in_hours(given.stop.start, &row.hours)
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::{CareFormId, CrewKindId, DayClass, Hours, Responsibility, RoleId};

    /// The doctors of the unit answer from 8 to 10, the car at other times.
    fn starting(hour: i64) -> Day {
        let mut day = Day::new();
        let row = |kind: &str, from_hour: u16, to_hour: u16| Responsibility {
            care_form: Some(CareFormId::new("enrolled")),
            role: RoleId::new("doctor"),
            hours: Hours {
                days: vec![DayClass::Any],
                from_minute: from_hour * 60,
                to_minute: to_hour * 60,
            },
            crew_kinds: vec![CrewKindId::new(kind)],
        };
        day.facts.policy.responsibility = vec![row("doctor", 8, 10), row("car", 0, 24)];
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(hour, 0))]);
        day
    }

    #[test]
    fn whoever_answers_at_that_hour_costs_nothing() {
        assert_eq!(starting(10).points("responsibility"), 0);
        assert_eq!(starting(11).points("responsibility"), 0);
    }

    #[test]
    fn whoever_does_not_costs_and_the_first_row_that_fits_decides() {
        assert_eq!(starting(9).points("responsibility"), 19);
    }

    #[test]
    fn a_care_form_that_no_row_speaks_of_is_free() {
        let mut day = starting(9);
        day.facts.patients[0].care_form = CareFormId::new("risk");
        assert_eq!(day.points("responsibility"), 0);
    }
}
