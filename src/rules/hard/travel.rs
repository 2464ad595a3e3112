//! Travel: a crew is where it says when it says. Every leg takes what the travel table says, slowed
//! by the traffic of its hour, a stop is reached that long after the one before, set-up is spent at
//! a new address, and a part lasts its service time.

use super::super::audit::{HardRule, Subject, Violation};
use super::super::reading::{Halt, Reading, Round, What};
use super::super::words::{clock, length};
use crate::domain::{Instant, Metres, Place, Seconds, World};
use crate::travel::Drive;

pub const RULE: HardRule = HardRule {
    code: "travel",
    sentence_sv: "En tur hinner fram: restid, uppställning och tid på plats stämmer vid varje \
                  stopp.",
    sentence_en: "A crew gets there in time: travel, set-up and time on the spot are right at \
                  every stop.",
    check,
};

fn check(reading: &Reading<'_>) -> Vec<Violation> {
    let mut found = Vec::new();
    for round in &reading.rounds {
        for halt in &round.halts {
            let fault = leg_fault(reading, &leg_to(halt)).or_else(|| time_fault(reading, halt));
            if let Some((sv, en)) = fault {
                let subject = match &halt.what {
                    What::Part(given) => Subject::given(given),
                    What::Break(..) | What::Unknown => Subject::round(round),
                };
                found.push(violation(round, subject, &sv, &en));
            }
        }
        if let Some(leg) = leg_back(reading.world, round)
            && let Some((sv, en)) = leg_fault(reading, &leg)
        {
            found.push(violation(round, Subject::round(round), &sv, &en));
        }
    }
    found
}

fn violation(round: &Round<'_>, subject: Subject, sv: &str, en: &str) -> Violation {
    let shift = &round.plan.shift;
    let (sv, en) = (format!("Pass {shift}: {sv}."), format!("Shift {shift}: {en}."));
    Violation::new(&RULE, subject, sv, en)
}

/// A leg as the plan states it.
struct StatedLeg<'a> {
    from: Option<&'a Place>,
    to: Option<&'a Place>,
    leaves: Instant,
    seconds: Seconds,
    metres: Metres,
    arrives: Instant,
}

fn leg_to<'a>(halt: &Halt<'a>) -> StatedLeg<'a> {
    StatedLeg {
        from: halt.place_before,
        to: halt.place,
        leaves: halt.end_before,
        seconds: halt.stop.travel,
        metres: halt.stop.metres,
        arrives: halt.stop.arrive,
    }
}

fn leg_back<'a>(world: &'a World, round: &Round<'a>) -> Option<StatedLeg<'a>> {
    let last = round.halts.last()?;
    Some(StatedLeg {
        from: last.place,
        to: round.shift.and_then(|shift| world.place(&shift.end_place)),
        leaves: last.stop.end,
        seconds: round.plan.travel_back,
        metres: round.plan.metres_back,
        arrives: round.plan.back,
    })
}

fn leg_fault(reading: &Reading<'_>, stated: &StatedLeg<'_>) -> Option<(String, String)> {
    let (from, to) = (stated.from?, stated.to?);
    let world = reading.world;
    let position = |place: &Place| world.place_position(&place.id);
    let (from_id, to_id) = (&from.id, &to.id);
    let Some(leg) = reading.travel.leg(position(from), position(to)) else {
        return Some((
            format!("det finns ingen väg från {from_id} till {to_id}"),
            format!("there is no way from {from_id} to {to_id}"),
        ));
    };
    let drive = Drive { world, from, to, by_table: leg.seconds };
    let right = drive.arrival(stated.leaves);
    let seconds = right - stated.leaves;
    if stated.seconds != seconds || stated.metres != leg.metres {
        let (says, takes) = (length(stated.seconds), length(seconds));
        let (says_m, takes_m) = (stated.metres.0, leg.metres.0);
        return Some((
            format!("{from_id} till {to_id} tar {takes} ({takes_m} m), inte {says} ({says_m} m)"),
            format!("{from_id} to {to_id} takes {takes} ({takes_m} m), not {says} ({says_m} m)"),
        ));
    }
    (stated.arrives != right).then(|| {
        let (says, right) = (clock(world, stated.arrives), clock(world, right));
        (
            format!("framme vid {to_id} {right}, inte {says}"),
            format!("arrives at {to_id} at {right}, not at {says}"),
        )
    })
}

fn time_fault(reading: &Reading<'_>, halt: &Halt<'_>) -> Option<(String, String)> {
    let world = reading.world;
    let (start, end) = (halt.stop.start, halt.stop.end);
    let ready = halt.stop.arrive + halt.setup();
    if start < ready {
        let (place, early) = (&halt.stop.place, length(ready - start));
        let (start, ready) = (clock(world, start), clock(world, ready));
        return Some((
            format!("börjar {start} vid {place}, {early} innan den är redo {ready}"),
            format!("starts at {place} at {start}, {early} before it is ready at {ready}"),
        ));
    }
    // How long a break lasts is `breaks`' to judge.
    let What::Part(given) = &halt.what else { return None };
    let service = given.part.service;
    (end != start + service).then(|| {
        let (visit, number) = (&given.visit.id, given.index + 1);
        let (says, takes) = (length(end - start), length(service));
        (
            format!("besök {visit} del {number} tar {takes}, inte {says}"),
            format!("visit {visit} part {number} takes {takes}, not {says}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at, span};
    use crate::domain::{Incident, Metres, Seconds, TrafficArea};

    /// Two stops, 10 minutes of road to each and back, 5 minutes of set-up at `stairs`.
    fn two_stops() -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.visit("v2", "stairs", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0)), ("v2", 0, at(9, 45))]);
        day
    }

    #[test]
    fn a_start_right_after_travel_and_set_up_is_legal() {
        assert_eq!(two_stops().broken(), [""; 0]);
    }

    #[test]
    fn a_start_before_set_up_is_over_is_refused() {
        let mut day = two_stops();
        day.plan.shifts.clear();
        day.round("car", &[("v1", 0, at(9, 0)), ("v2", 0, at(9, 44))]);
        assert_eq!(day.broken(), ["travel"]);
    }

    #[test]
    fn set_up_is_spent_once_at_an_address() {
        let mut day = two_stops();
        day.visit("v3", "stairs", &[("doctor", 30)]);
        day.plan.shifts.clear();
        let stops = [("v1", 0, at(9, 0)), ("v2", 0, at(9, 45)), ("v3", 0, at(10, 15))];
        day.round("car", &stops);
        assert_eq!(day.broken(), [""; 0]);
    }

    #[test]
    fn every_stated_number_must_be_right() {
        let mut day = two_stops();
        day.plan.shifts[0].stops[1].metres = Metres(1);
        assert_eq!(day.broken(), ["travel"]);

        let mut day = two_stops();
        day.plan.shifts[0].stops[1].arrive = at(9, 39);
        assert_eq!(day.broken(), ["travel"]);

        let mut day = two_stops();
        day.plan.shifts[0].back = day.plan.shifts[0].back - Seconds(60);
        assert_eq!(day.broken(), ["travel"]);

        let mut day = two_stops();
        day.facts.visits[1].parts[0].service = Seconds(31 * 60);
        assert_eq!(day.broken(), ["travel"]);
    }

    #[test]
    fn where_no_road_goes_nobody_drives() {
        let mut day = Day::new();
        day.visit("v1", "island", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0))]);
        // There, and back.
        assert_eq!(day.audit().violations.len(), 2);
        assert_eq!(day.broken(), ["travel"]);
    }

    #[test]
    fn at_slow_hours_a_leg_takes_longer() {
        let mut day = two_stops();
        let (area, percent) = (TrafficArea::Everywhere, 200);
        let (span, reason) = (span((9, 35), (12, 0)), "a tree across the road".to_owned());
        day.facts.traffic.incidents.push(Incident { area, span, percent, reason });
        assert_eq!(day.broken(), ["travel"]);
    }
}
