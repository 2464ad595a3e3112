//! Shift hours: a crew leaves when its shift begins or later, and is back when its shift ends, or
//! later by at most the overtime that the shift allows.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::Reading;
use super::super::words::{clock, length};

pub const RULE: HardRule = HardRule {
    code: "shift_hours",
    sentence_sv: "En tur ger sig inte av före passet och är tillbaka senast vid passets slut plus \
                  tillåten övertid.",
    sentence_en: "A crew does not leave before its shift and is back by the shift's end plus the \
                  overtime allowed.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let world = reading.world;
    let mut found = Vec::new();
    for round in &reading.rounds {
        let Some(shift) = round.shift else { continue };
        let id = &shift.id;
        if round.plan.depart < shift.hours.from() {
            let early = length(shift.hours.from() - round.plan.depart);
            let (leaves, from) =
                (clock(world, round.plan.depart), clock(world, shift.hours.from()));
            let sv = format!("Pass {id} ger sig av {leaves}, {early} före passets början {from}.");
            let en = format!("Shift {id} leaves at {leaves}, {early} before it begins at {from}.");
            found.push(Violation::new(&RULE, Subject::round(round), sv, en));
        }
        let latest = shift.hours.to() + shift.overtime_max;
        if latest < round.plan.back {
            let late = length(round.plan.back - latest);
            let (back, latest) = (clock(world, round.plan.back), clock(world, latest));
            let sv = format!("Pass {id} är tillbaka {back}, {late} efter sista tid {latest}.");
            let en =
                format!("Shift {id} is back at {back}, {late} after the latest time {latest}.");
            found.push(Violation::new(&RULE, Subject::round(round), sv, en));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at, span};
    use crate::domain::Seconds;

    /// Leaves at 8:50, back at 9:40.
    fn planned() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn a_round_that_just_fits_is_legal() {
        let mut day = planned();
        day.facts.crews[0].shifts[0].hours = span((8, 50), (9, 40));
        day.facts.crews[0].shifts[0].overtime_max = Seconds::ZERO;
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn leaving_a_minute_before_the_shift_is_refused() {
        let mut day = planned();
        day.facts.crews[0].shifts[0].hours = span((8, 51), (16, 0));
        assert_eq!(day.broken(), ["shift_hours"]);
    }

    #[test]
    fn overtime_is_allowed_up_to_its_limit() {
        for (overtime, broken) in [(10, 0), (9, 1)] {
            let mut day = planned();
            day.facts.crews[0].shifts[0].hours = span((8, 0), (9, 30));
            day.facts.crews[0].shifts[0].overtime_max = Seconds::from_minutes(overtime);
            assert_eq!(day.broken().len(), broken, "{overtime} minutes allowed");
        }
    }
}
