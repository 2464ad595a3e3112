//! Waiting: from a shift's second stop on, time between being ready and starting, breaks included;
//! each party has its price. Before the first visit nobody waits: the crew leaves later instead.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::{Halt, Reading, Round, What};
use super::super::words::length;
use crate::domain::{Party, Seconds, Tier};

pub const PRICE: Price = Price {
    code: "waiting",
    sentence_sv: "Väntan före ett stopp kostar, utom före passets första besök.",
    sentence_en: "Waiting before a stop costs, except before the shift's first visit.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let mut found = Vec::new();
    for round in &reading.rounds {
        let price = price_of(reading, round);
        let is_visit = |halt: &Halt<'_>| matches!(halt.what, What::Part(_));
        let after_first = round.halts.iter().skip_while(|halt| !is_visit(halt)).skip(1);
        for halt in after_first {
            let waited = halt.stop.start - halt.setup() - halt.stop.arrive;
            if waited <= Seconds::ZERO {
                continue;
            }
            let (shift, time, place) = (&round.plan.shift, length(waited), &halt.stop.place);
            let subject = match &halt.what {
                What::Part(given) => Subject::given(given),
                What::Break(..) | What::Unknown => Subject::round(round),
            };
            found.push(PriceLine {
                tier: Tier::Cost,
                code: PRICE.code,
                subject,
                points: waited.0 * price,
                municipality: None,
                parties: round.party(),
                sentence_sv: format!("Pass {shift} väntar {time} vid {place}."),
                sentence_en: format!("Shift {shift} waits {time} at {place}."),
            });
        }
    }
    found
}

fn price_of(reading: &Reading<'_>, round: &Round<'_>) -> i64 {
    let prices = &reading.world.policy.prices;
    match round.crew.map(|crew| &crew.employer) {
        Some(Party::Municipality(_)) => prices.waiting_second_municipality,
        Some(Party::Region) | None => prices.waiting_second_region,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{BREAK, Day, at, span};
    use crate::domain::{Break, Seconds};

    /// 10 minutes of road to `stairs`, 5 of set-up there: ready at 9:45 after a first stop
    /// 9:00–9:30.
    fn second_start(crew: &str, role: &str, minute: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[(role, 30)]);
        day.visit("v2", "stairs", &[(role, 30)]);
        day.round(crew, &[("v1", 0, at(9, 0)), ("v2", 0, at(9, minute))]);
        day
    }

    #[test]
    fn starting_when_ready_is_no_waiting() {
        assert_eq!(second_start("car", "doctor", 45).points("waiting"), 0);
    }

    #[test]
    fn each_party_has_its_price() {
        assert_eq!(second_start("car", "doctor", 55).points("waiting"), 600 * 2);
        assert_eq!(second_start("nurse", "nurse", 55).points("waiting"), 600 * 3);
    }

    #[test]
    fn before_the_first_visit_nobody_waits_and_before_a_break_they_do() {
        let mut day = second_start("car", "doctor", 45);
        let window = span((8, 0), (14, 0));
        let length = Seconds::from_minutes(30);
        day.facts.crews[0].shifts[0].breaks = vec![Break { window, length }; 1];
        day.plan.shifts.clear();
        let first = [(BREAK, 0, at(8, 0)), ("v1", 0, at(9, 0)), ("v2", 0, at(9, 45))];
        day.round("car", &first);
        assert_eq!(day.points("waiting"), 0);

        day.plan.shifts.clear();
        let last = [("v1", 0, at(9, 0)), ("v2", 0, at(9, 45)), (BREAK, 0, at(10, 25))];
        day.round("car", &last);
        assert_eq!(day.points("waiting"), 600 * 2);
    }
}
