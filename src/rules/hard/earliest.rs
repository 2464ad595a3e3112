//! Earliest: nothing happens before now, nor before the horizon; no part starts before its visit
//! was asked for, nor before the moment until which the plan itself holds it.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Reading, Round, What};
use super::super::words::{clock, part_en, part_sv};

pub const RULE: HardRule = HardRule {
    code: "earliest",
    sentence_sv: "Ingenting sker före nu, inget besök före sin begäran, inget hållet stopp före \
                  sin tid.",
    sentence_en: "Nothing happens before now, no visit before its request, no held stop before its \
                  time.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for round in &reading.rounds {
        check_departure(reading, round, &mut found);
        check_stops(reading, round, &mut found);
    }
    found
}

fn check_departure(reading: &Reading<'_>, round: &Round<'_>, found: &mut Vec<Violation>) {
    let world = reading.world;
    let now = world.as_of.max(world.horizon.from());
    let depart = round.plan.depart;
    if depart < now {
        let shift = &round.plan.shift;
        let (depart, now) = (clock(world, depart), clock(world, now));
        let sv = format!("Pass {shift} ger sig av {depart}, före {now}.");
        let en = format!("Shift {shift} leaves at {depart}, before {now}.");
        found.push(Violation::new(&RULE, Subject::round(round), sv, en));
    }
}

fn check_stops(reading: &Reading<'_>, round: &Round<'_>, found: &mut Vec<Violation>) {
    let world = reading.world;
    let now = world.as_of.max(world.horizon.from());
    for halt in &round.halts {
        let (earliest, subject, name_sv, name_en) = match &halt.what {
            What::Part(given) => (
                world.earliest_start(given.visit),
                Subject::given(given),
                part_sv(given),
                part_en(given),
            ),
            What::Break(index, _) => {
                let number = index + 1;
                let (sv, en) = (format!("rast {number}"), format!("break {number}"));
                (now, Subject::round(round), sv, en)
            }
            What::Unknown => continue,
        };
        let earliest = halt.stop.held_until.map_or(earliest, |held| held.max(earliest));
        if halt.stop.start < earliest {
            let (start, earliest) = (clock(world, halt.stop.start), clock(world, earliest));
            let sv = format!("{start} är före {earliest}, då {name_sv} tidigast får börja.");
            let en = format!("{start} is before {earliest}, when {name_en} may start.");
            found.push(Violation::new(&RULE, subject, sv, en));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::Seconds;

    fn starting_at_nine() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        day
    }

    #[test]
    fn a_start_at_the_very_request_is_legal() {
        let mut day = starting_at_nine();
        day.facts.visits[0].requested_at = at(9, 0);
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn a_start_before_the_request_or_the_hold_is_refused() {
        let mut day = starting_at_nine();
        day.facts.visits[0].requested_at = at(9, 0) + Seconds(1);
        assert_eq!(day.broken(), ["earliest"]);

        let mut day = starting_at_nine();
        day.plan.shifts[0].stops[0].held_until = Some(at(9, 10));
        assert_eq!(day.broken(), ["earliest"]);
    }

    #[test]
    fn nobody_leaves_before_now() {
        let mut day = starting_at_nine();
        day.facts.as_of = day.plan.shifts[0].depart;
        assert_eq!(day.broken(), [""; 0]);
        day.facts.as_of = day.plan.shifts[0].depart + Seconds(1);
        assert_eq!(day.broken(), ["earliest"]);
    }
}
