//! Next stop: a crew under way is going somewhere; sending it elsewhere costs.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::{Reading, Round};
use crate::domain::{ShiftPlan, StopWhat, Tier, World};

pub const PRICE: Price = Price {
    code: "next_stop",
    sentence_sv: "En tur som är ute får inte ett annat nästa stopp än det den är på väg till.",
    sentence_en: "A crew that is out is not given another next stop than the one it is going to.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let world = reading.world;
    let Some(previous) = &world.previous else { return Vec::new() };
    let mut found = Vec::new();
    let asked = previous.shifts.iter().filter(|shift| reading.is_about_shift(&shift.shift));
    for before in asked {
        let Some((visit, part)) = expected(world, before) else { continue };
        let round = reading.rounds.iter().find(|round| round.plan.shift == before.shift);
        let next = round.and_then(Round::first_part);
        if next == Some((visit, part)) {
            continue;
        }
        let (crew, number) = (&before.crew, part + 1);
        let (sv, en) = match next {
            Some((other, _)) => (format!("nu besök {other}"), format!("now visit {other}")),
            None => ("nu inget".to_owned(), "now none".to_owned()),
        };
        found.push(PriceLine {
            tier: Tier::Told,
            code: PRICE.code,
            subject: Subject {
                visit: Some(visit.clone()),
                part: Some(part),
                crew: Some(before.crew.clone()),
                shift: Some(before.shift.clone()),
            },
            points: world.policy.prices.next_stop_changed,
            municipality: None,
            parties: Vec::new(),
            sentence_sv: format!("Tur {crew}: nästa stopp var besök {visit} del {number}, {sv}."),
            sentence_en: format!("Crew {crew}: next stop was visit {visit} part {number}, {en}."),
        });
    }
    found
}

type PartName<'a> = (&'a crate::domain::VisitId, usize);

/// The part that a shift under way was going to give next, if its visit is still to be made.
fn expected<'a>(world: &World, before: &'a ShiftPlan) -> Option<PartName<'a>> {
    let (_, shift) = world.shift(&before.shift)?;
    if !shift.hours.covers(world.as_of) {
        return None;
    }
    let coming = before.stops.iter().filter(|stop| world.as_of <= stop.start);
    let (visit, part) = coming.into_iter().find_map(|stop| match &stop.what {
        StopWhat::Part { visit, part } => Some((visit, *part)),
        StopWhat::Break { .. } => None,
    })?;
    world.visit(visit).is_some().then_some((visit, part))
}

impl<'a> Round<'a> {
    /// The first part that it gives.
    fn first_part(&self) -> Option<PartName<'a>> {
        self.parts().next().map(|given| (&given.visit.id, given.index))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};

    /// At 9:00 the car was to go to v1 at 9:30, then to v2; a change costs 3 points.
    fn under_way() -> Day {
        let mut day = Day::new();
        day.facts.as_of = at(9, 0);
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.visit("v2", "home-2", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 30)), ("v2", 0, at(10, 30))]);
        day.facts.previous = Some(std::mem::take(&mut day.plan));
        day
    }

    #[test]
    fn the_same_next_stop_costs_nothing() {
        let mut day = under_way();
        day.round("car", &[("v1", 0, at(9, 40)), ("v2", 0, at(11, 0))]);
        assert_eq!(day.points("next_stop"), 0);
    }

    #[test]
    fn another_next_stop_or_none_costs() {
        let mut day = under_way();
        day.round("car", &[("v2", 0, at(9, 30)), ("v1", 0, at(10, 30))]);
        assert_eq!(day.points("next_stop"), 3);

        let mut day = under_way();
        day.leave("v1");
        day.leave("v2");
        assert_eq!(day.points("next_stop"), 3);
    }

    #[test]
    fn before_the_shift_or_when_its_visit_is_cancelled_nothing_is_expected() {
        let mut day = under_way();
        day.facts.as_of = at(7, 59);
        day.leave("v1");
        day.leave("v2");
        assert_eq!(day.points("next_stop"), 0);

        let mut day = under_way();
        day.facts.visits.remove(0);
        day.round("car", &[("v2", 0, at(9, 30))]);
        assert_eq!(day.points("next_stop"), 0);
    }
}
