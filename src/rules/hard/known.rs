//! Known: the plan speaks only of crews, shifts, visits, parts, breaks and places that there are,
//! and each stop stands at the place where it happens. A shift stands once, and only when it visits
//! someone.

use std::collections::BTreeSet;

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Halt, Reading, Round, What};
use crate::domain::StopWhat;

pub const RULE: HardRule = HardRule {
    code: "known",
    sentence_sv: "Planen nämner bara besök, delar, turer, pass, raster och platser som finns, och \
                  varje stopp står på sin rätta plats.",
    sentence_en: "The plan names only visits, parts, crews, shifts, breaks and places that exist, \
                  and each stop stands at its right place.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for round in &reading.rounds {
        check_round(reading, round, &mut found);
        if !seen.insert(&round.plan.shift) {
            let shift = &round.plan.shift;
            found.push(violation(
                Subject::round(round),
                format!("Pass {shift} står två gånger i planen."),
                format!("Shift {shift} stands twice in the plan."),
            ));
        }
        for halt in &round.halts {
            check_halt(round, halt, &mut found);
        }
    }
    for unassigned in &reading.plan.unassigned {
        let id = &unassigned.visit;
        if reading.world.visit(id).is_none() {
            found.push(violation(
                Subject { visit: Some(id.clone()), ..Subject::default() },
                format!("Besök {id} bland de oplanerade finns inte."),
                format!("Visit {id} among the unassigned does not exist."),
            ));
        }
    }
    found
}

fn check_round(reading: &Reading<'_>, round: &Round<'_>, found: &mut Vec<Violation>) {
    let (crew, shift) = (&round.plan.crew, &round.plan.shift);
    let works_it = reading.world.shift(shift).map(|(owner, _)| owner.id == *crew);
    let (sv, en) = if round.crew.is_none() {
        (format!("Tur {crew} finns inte."), format!("Crew {crew} does not exist."))
    } else if works_it.is_none() {
        (format!("Pass {shift} finns inte."), format!("Shift {shift} does not exist."))
    } else if works_it == Some(false) {
        (
            format!("Pass {shift} är inte tur {crew}:s."),
            format!("Shift {shift} is not crew {crew}'s."),
        )
    } else if !round.plan.stops.iter().any(|stop| matches!(stop.what, StopWhat::Part { .. })) {
        (
            format!("Pass {shift} besöker ingen och hör inte till planen."),
            format!("Shift {shift} visits nobody and does not belong in the plan."),
        )
    } else {
        return;
    };
    found.push(violation(Subject::round(round), sv, en));
}

fn check_halt(round: &Round<'_>, halt: &Halt<'_>, found: &mut Vec<Violation>) {
    let shift = &round.plan.shift;
    let (name_sv, name_en, visit, part) = match &halt.stop.what {
        StopWhat::Part { visit, part } => (
            format!("Besök {visit} del {}", part + 1),
            format!("Visit {visit} part {}", part + 1),
            Some(visit.clone()),
            Some(*part),
        ),
        StopWhat::Break { index } => {
            (format!("Rast {}", index + 1), format!("Break {}", index + 1), None, None)
        }
    };
    let subject = Subject { visit, part, ..Subject::round(round) };
    // Breaks belong to a shift: where that is unknown, one violation about it is enough.
    let judged = round.shift.is_some() || matches!(halt.stop.what, StopWhat::Part { .. });
    if matches!(halt.what, What::Unknown) {
        if judged {
            found.push(violation(
                subject,
                format!("{name_sv} på pass {shift} finns inte."),
                format!("{name_en} on shift {shift} does not exist."),
            ));
        }
        return;
    }
    if let Some(place) = halt.place
        && place.id != halt.stop.place
    {
        let stated = &halt.stop.place;
        let right = &place.id;
        found.push(violation(
            subject,
            format!("{name_sv} på pass {shift} är vid {right}, inte vid {stated}."),
            format!("{name_en} on shift {shift} is at {right}, not at {stated}."),
        ));
    }
}

fn violation(subject: Subject, sv: String, en: String) -> Violation {
    Violation::new(&RULE, subject, sv, en)
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::{CrewId, PlaceId, Reason, ShiftId, StopWhat, Unassigned, VisitId};

    fn planned() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn a_plan_of_known_things_is_legal() {
        assert_eq!(planned().broken(), [""; 0]);
    }

    #[test]
    fn unknown_crew_shift_or_unassigned_visit_is_refused() {
        let mut day = planned();
        day.plan.shifts[0].crew = CrewId::new("nobody");
        assert_eq!(day.broken(), ["known"]);

        let mut day = planned();
        day.plan.shifts[0].shift = ShiftId::new("never");
        assert_eq!(day.broken(), ["known"]);

        let mut day = planned();
        day.plan.unassigned.push(Unassigned {
            visit: VisitId::new("nothing"),
            deferred: false,
            reason: Reason::NoPlaceInThisPlan,
        });
        assert_eq!(day.broken(), ["known"]);
    }

    #[test]
    fn a_part_or_break_beyond_the_last_is_refused() {
        let mut day = planned();
        let StopWhat::Part { part, .. } = &mut day.plan.shifts[0].stops[0].what else { return };
        *part = 1;
        assert_eq!(day.broken(), ["known"]);
    }

    #[test]
    fn a_stop_must_state_the_place_where_it_is() {
        let mut day = planned();
        day.plan.shifts[0].stops[0].place = PlaceId::new("home-2");
        assert_eq!(day.broken(), ["known"]);
    }

    #[test]
    fn a_shift_that_visits_nobody_is_left_out_of_the_plan() {
        let mut day = planned();
        day.round("nurse", &[]);
        assert_eq!(day.broken(), ["known"]);
    }
}
