//! Pins: a dispatcher's override is kept. Pins say how a visit is made, and `Unassigned` that it is
//! not; a pinned visit that finds no place may still be left unassigned, and pays for it.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Given, Reading};
use super::super::words::{clock, part_en, part_sv};
use crate::domain::{Crew, Instant, Pin, PinWhat, Visit, World};

pub const RULE: HardRule = HardRule {
    code: "pins",
    sentence_sv: "Det som en samordnare har låst behålls.",
    sentence_en: "What a dispatcher has pinned is kept.",
    check,
};

/// The pins that hold this part.
pub fn on<'a>(world: &'a World, visit: &Visit, part: usize) -> impl Iterator<Item = &'a Pin> {
    let visit = visit.id.clone();
    world
        .pins
        .iter()
        .filter(move |pin| pin.visit == visit && pin.part.is_none_or(|pinned| pinned == part))
}

/// Has a dispatcher said that this very crew gives the part?
pub fn sets_crew(world: &World, visit: &Visit, part: usize, crew: &Crew) -> bool {
    on(world, visit, part).any(|pin| matches!(&pin.what, PinWhat::Crew(id) if *id == crew.id))
}

/// Has a dispatcher said that the part starts at this very moment?
pub fn sets_start(world: &World, visit: &Visit, part: usize, start: Instant) -> bool {
    on(world, visit, part).any(|pin| matches!(pin.what, PinWhat::Start(time) if time == start))
}

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for given in reading.parts() {
        for pin in on(reading.world, given.visit, given.index) {
            if let Some((sv, en)) = fault(reading.world, given, pin) {
                let sv = format!("{sv}, men är låst ({}): {}.", pin.reason, part_sv(given));
                let en = format!("{en}, but is pinned ({}): {}.", pin.reason, part_en(given));
                found.push(Violation::new(&RULE, Subject::given(given), sv, en));
            }
        }
    }
    found
}

fn fault(world: &World, given: &Given<'_>, pin: &Pin) -> Option<(String, String)> {
    let crew = &given.round.crew;
    let start = given.stop.start;
    let at = clock(world, start);
    match &pin.what {
        PinWhat::Crew(id) if id != crew => Some((
            format!("Görs av tur {crew}, inte {id}"),
            format!("Is given by crew {crew}, not {id}"),
        )),
        PinWhat::NotCrew(id) if id == crew => {
            Some((format!("Görs av tur {crew}"), format!("Is given by crew {crew}")))
        }
        PinWhat::Start(time) if *time != start => {
            let time = clock(world, *time);
            Some((format!("Börjar {at}, inte {time}"), format!("Starts at {at}, not at {time}")))
        }
        // Both ends may touch, as with a window.
        PinWhat::Within(span) if !span.holds(start, start) => {
            let (from, to) = (clock(world, span.from()), clock(world, span.to()));
            Some((
                format!("Börjar {at}, inte inom {from}–{to}"),
                format!("Starts at {at}, not within {from}–{to}"),
            ))
        }
        PinWhat::Unassigned => Some(("Är planerat".to_owned(), "Is planned".to_owned())),
        PinWhat::Crew(_) | PinWhat::NotCrew(_) | PinWhat::Start(_) | PinWhat::Within(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at, span};
    use crate::domain::{CrewId, PinWhat, Seconds};

    fn pinned(what: PinWhat) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.pin("v1", None, what);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn a_plan_that_does_as_pinned_is_legal() {
        for what in [
            PinWhat::Crew(CrewId::new("car")),
            PinWhat::NotCrew(CrewId::new("nurse")),
            PinWhat::Start(at(9, 0)),
            PinWhat::Within(span((8, 0), (9, 0))),
        ] {
            assert_eq!(pinned(what).broken(), [""; 0]);
        }
    }

    #[test]
    fn a_plan_that_does_otherwise_is_refused() {
        for what in [
            PinWhat::Crew(CrewId::new("nurse")),
            PinWhat::NotCrew(CrewId::new("car")),
            PinWhat::Start(at(9, 0) + Seconds(1)),
            PinWhat::Within(span((9, 1), (17, 0))),
            PinWhat::Unassigned,
        ] {
            assert_eq!(pinned(what).broken(), ["pins"]);
        }
    }

    #[test]
    fn a_pinned_visit_may_be_left_unassigned() {
        let mut day = pinned(PinWhat::Start(at(10, 0)));
        day.plan.shifts.clear();
        day.leave("v1");
        assert_eq!(day.broken(), [""; 0]);
    }
}
