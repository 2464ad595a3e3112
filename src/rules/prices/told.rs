//! Told: whoever has been told a time is disturbed when it moves by more than the tolerance, when
//! another crew comes, or when nobody does. Charged for each who was told.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::Reading;
use super::super::words::clock;
use crate::domain::{Plan, Seconds, ShiftPlan, Stop, StopWhat, Tier, Told, Visit, VisitId, World};

pub const PRICE: Price = Price {
    code: "told",
    sentence_sv: "En tid som någon har fått besked om flyttas inte, och samma tur kommer.",
    sentence_en: "A time that somebody has been told does not move, and the same crew comes.",
    lines,
};

/// What is asked of one who was told: the stop of the plan before, and who was told of it.
struct Telling<'a> {
    crew_before: &'a ShiftPlan,
    visit: &'a Visit,
    part: usize,
    told: &'a Told,
}

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let Some(previous) = &reading.world.previous else { return Vec::new() };
    tellings(reading.world, previous)
        .filter(|telling| reading.is_about(&telling.visit.id))
        .filter_map(|telling| {
            let (sv, en) = change(reading, &telling)?;
            let (audience, visit) = (&telling.told.audience, telling.visit);
            let time = clock(reading.world, telling.told.time);
            let patient = reading.world.patient_of(visit);
            Some(PriceLine {
                tier: Tier::Told,
                code: PRICE.code,
                subject: Subject { part: Some(telling.part), ..Subject::visit(visit) },
                points: reading.world.policy.prices.told_moved,
                municipality: Some(patient.municipality.clone()),
                parties: Vec::new(),
                sentence_sv: format!(
                    "Besök {}: {audience} har fått besked om {time}; {sv}.",
                    visit.id
                ),
                sentence_en: format!("Visit {}: {audience} was told {time}; {en}.", visit.id),
            })
        })
        .collect()
}

fn tellings<'a>(world: &'a World, previous: &'a Plan) -> impl Iterator<Item = Telling<'a>> {
    previous.shifts.iter().flat_map(move |crew_before| {
        crew_before.stops.iter().flat_map(move |stop| {
            stop.told.iter().filter_map(move |told| {
                let (visit, part) = known_part(world, stop)?;
                Some(Telling { crew_before, visit, part, told })
            })
        })
    })
}

/// The part that a stop of the plan before gave, if its visit is still to be made.
fn known_part<'a>(world: &'a World, stop: &Stop) -> Option<(&'a Visit, usize)> {
    match &stop.what {
        StopWhat::Part { visit, part } => {
            let visit = world.visit(visit)?;
            (*part < visit.parts.len()).then_some((visit, *part))
        }
        StopWhat::Break { .. } => None,
    }
}

fn change(reading: &Reading<'_>, telling: &Telling<'_>) -> Option<(String, String)> {
    let id: &VisitId = &telling.visit.id;
    let Some(now) = reading.only(id, telling.part) else {
        return Some(("nu kommer ingen".to_owned(), "now nobody comes".to_owned()));
    };
    let (before, crew) = (&telling.crew_before.crew, &now.round.crew);
    if before != crew {
        return Some((
            format!("nu kommer tur {crew} i stället för {before}"),
            format!("now crew {crew} comes instead of {before}"),
        ));
    }
    let moved = now.stop.start - telling.told.time;
    let tolerance = reading.world.policy.told_tolerance;
    let distance = Seconds(moved.0.abs());
    (tolerance < distance).then(|| {
        let start = clock(reading.world, now.stop.start);
        (format!("nu gäller {start}"), format!("now it is {start}"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::Told;

    /// The patient and the crew were told 9:00; tolerance 10 minutes; 5 points each.
    fn told() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day.plan.shifts[0].stops[0].told = ["patient", "crew"]
            .map(|audience| Told { audience: audience.to_owned(), time: at(9, 0) })
            .to_vec();
        day.facts.previous = Some(std::mem::take(&mut day.plan));
        day
    }

    #[test]
    fn a_start_within_the_tolerance_disturbs_nobody() {
        for start in [at(8, 50), at(9, 10)] {
            let mut day = told();
            day.round("car", &[("v1", 0, start)]);
            assert_eq!(day.points("told"), 0);
        }
    }

    #[test]
    fn a_moved_time_is_charged_for_each_who_was_told() {
        for start in [at(8, 49), at(9, 11)] {
            let mut day = told();
            day.round("car", &[("v1", 0, start)]);
            assert_eq!(day.points("told"), 10);
        }
    }

    #[test]
    fn so_is_another_crew_and_nobody_at_all() {
        let mut day = told();
        day.round("nurse", &[("v1", 0, at(9, 0))]);
        assert_eq!(day.points("told"), 10);

        let mut day = told();
        day.leave("v1");
        assert_eq!(day.points("told"), 10);
    }

    #[test]
    fn a_visit_that_is_no_more_disturbs_nobody() {
        let mut day = told();
        day.facts.visits.clear();
        assert_eq!(day.points("told"), 0);
    }
}
