//! Rest: between the return from one shift and the departure to the next that visits anyone, a crew
//! has its daily rest.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Reading, Round};
use super::super::words::{clock, length};

pub const RULE: HardRule = HardRule {
    code: "rest",
    sentence_sv: "Mellan två pass som en tur arbetar ligger dygnsvilan.",
    sentence_en: "Between two shifts that a crew works lies its daily rest.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let world = reading.world;
    let rest = world.policy.rest;
    let mut found = Vec::new();
    for crew in &world.crews {
        let mut worked: Vec<&Round<'_>> =
            reading.rounds.iter().filter(|round| round.plan.crew == crew.id).collect();
        worked.retain(|round| round.is_used() && round.shift.is_some());
        worked.sort_by_key(|round| round.shift.map(|shift| shift.hours.from()));
        // The same shift twice in a plan is `known`'s to judge.
        worked.dedup_by_key(|round| &round.plan.shift);
        for pair in worked.windows(2) {
            let (before, after) = (pair[0].plan, pair[1].plan);
            let had = after.depart - before.back;
            if rest <= had {
                continue;
            }
            let (id, had, rest) = (&crew.id, length(had), length(rest));
            let (back, depart) = (clock(world, before.back), clock(world, after.depart));
            let sv = format!(
                "Tur {id} är tillbaka {back} och ger sig av {depart}: {had} vila, inte {rest}."
            );
            let en = format!(
                "Crew {id} is back at {back} and leaves at {depart}: {had} of rest, not {rest}."
            );
            found.push(Violation::new(&RULE, Subject::round(pair[1]), sv, en));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};

    /// Back at 15:40 on Monday, leaves for a start at `hour`:`minute` the day after.
    fn two_days(hour: i64, minute: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.visit("v2", "home-2", &[("doctor", 30)]);
        day.tuesday_shift("car", (2, 0), (10, 0));
        day.round("car", &[("v1", 0, at(15, 0))]);
        day.round("car-tuesday", &[("v2", 0, at(24 + hour, minute))]);
        day
    }

    #[test]
    fn eleven_hours_to_the_minute_are_enough() {
        assert_eq!(two_days(2, 50).broken(), [""; 0]);
    }

    #[test]
    fn a_minute_less_is_not() {
        assert_eq!(two_days(2, 49).broken(), ["rest"]);
    }

    #[test]
    fn a_shift_that_visits_nobody_asks_for_no_rest() {
        let mut day = two_days(2, 49);
        day.plan.shifts.remove(0);
        day.leave("v1");
        assert_eq!(day.broken(), [""; 0]);
    }
}
