//! First stops: what a shift does first is done by that shift, in the order given, before all its
//! other parts; breaks may come anywhere. A part whose visit is unassigned is in nobody's way.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Given, Reading, Round};
use super::super::words::{part_en, part_sv};
use crate::domain::{Shift, Visit, World};

pub const RULE: HardRule = HardRule {
    code: "first_stops",
    sentence_sv: "Det som ett pass ska göra först görs av det passet, i den ordningen, före allt \
                  annat utom raster.",
    sentence_en: "What a shift is to do first is done by that shift, in that order, before all \
                  else but breaks.",
    check,
};

/// The shift that is to do this part first, if any is.
pub fn shift_of<'a>(world: &'a World, visit: &Visit, part: usize) -> Option<&'a Shift> {
    let mut shifts = world.crews.iter().flat_map(|crew| &crew.shifts);
    shifts.find(|shift| rank(shift, visit, part).is_some())
}

/// The place of a part among those that the shift is to do first.
fn rank(shift: &Shift, visit: &Visit, part: usize) -> Option<usize> {
    shift.first.iter().position(|first| first.visit == visit.id && first.part == part)
}

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for round in &reading.rounds {
        // Of a shift that nobody knows, `known` says so.
        let Some(shift) = round.shift else { continue };
        check_shift(reading, round, shift, &mut found);
        check_order(round, shift, &mut found);
    }
    found
}

/// Does the shift give what another one is to do first?
fn check_shift(
    reading: &Reading<'_>,
    round: &Round<'_>,
    shift: &Shift,
    found: &mut Vec<Violation>,
) {
    for given in round.parts() {
        let bound = shift_of(reading.world, given.visit, given.index);
        let Some(other) = bound.filter(|other| other.id != shift.id) else { continue };
        found.push(violation(
            given,
            &format!("pass {} ska göra det först, men pass {} gör det", other.id, shift.id),
            &format!("shift {} is to do it first, but shift {} does it", other.id, shift.id),
        ));
    }
}

/// Does everything that is to come first do so, in order?
fn check_order(round: &Round<'_>, shift: &Shift, found: &mut Vec<Violation>) {
    let turn = |given: &Given<'_>| rank(shift, given.visit, given.index).unwrap_or(usize::MAX);
    let parts: Vec<&Given<'_>> = round.parts().collect();
    for pair in parts.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        if turn(after) < turn(before) {
            found.push(violation(
                after,
                &format!("ska komma före {}", part_sv(before)),
                &format!("is to come before {}", part_en(before)),
            ));
        }
    }
}

fn violation(given: &Given<'_>, sv: &str, en: &str) -> Violation {
    let sv = format!("{}: {sv}.", capital(&part_sv(given)));
    let en = format!("{}: {en}.", capital(&part_en(given)));
    Violation::new(&RULE, Subject::given(given), sv, en)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{BREAK, Day, at, span};
    use crate::domain::{Break, PartId, Seconds, VisitId};

    /// Three visits of one car, which is to go to `v2` and then to `v3` before all else.
    fn day(order: [&str; 3]) -> Day {
        let mut day = Day::new();
        for visit in ["v1", "v2", "v3"] {
            day.visit(visit, "home-1", &[("doctor", 30)]);
        }
        day.facts.crews[0].shifts[0].first = ["v2", "v3"].map(part).to_vec();
        let hours = [9, 10, 11];
        let stops: Vec<_> =
            order.iter().zip(hours).map(|(&visit, hour)| (visit, 0, at(hour, 0))).collect();
        day.round("car", &stops);
        day
    }

    fn part(visit: &str) -> PartId {
        PartId { visit: VisitId::new(visit), part: 0 }
    }

    #[test]
    fn first_stops_in_their_order_before_all_others_are_legal() {
        assert_eq!(day(["v2", "v3", "v1"]).broken(), [""; 0]);
    }

    #[test]
    fn another_order_is_refused_once_for_every_stop_that_came_too_late() {
        assert_eq!(day(["v3", "v2", "v1"]).broken(), ["first_stops"]);
        assert_eq!(day(["v1", "v2", "v3"]).broken(), ["first_stops"]);
        assert_eq!(day(["v2", "v1", "v3"]).broken(), ["first_stops"]);
    }

    #[test]
    fn another_shift_may_not_do_them() {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day.facts.crews[1].shifts[0].first = vec![part("v1")];
        assert_eq!(day.broken(), ["first_stops"]);
    }

    #[test]
    fn what_is_unassigned_is_in_nobodys_way_and_a_break_may_come_before() {
        let mut day = Day::new();
        for visit in ["v1", "v2"] {
            day.visit(visit, "home-1", &[("doctor", 30)]);
        }
        let shift = &mut day.facts.crews[0].shifts[0];
        shift.first = ["v2", "v1"].map(part).to_vec();
        let window = span((8, 0), (9, 0));
        shift.breaks = vec![Break { window, length: Seconds::from_minutes(30) }];
        day.leave("v2");
        day.round("car", &[(BREAK, 0, at(8, 0)), ("v1", 0, at(9, 0))]);
        assert_eq!(day.broken(), [""; 0]);
    }
}
