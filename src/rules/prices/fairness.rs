//! Fairness: the square of a shift's minutes at patients' sides: two even shifts cost less than a
//! full and an empty one.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::Reading;
use crate::domain::Tier;

pub const PRICE: Price = Price {
    code: "fairness",
    sentence_sv: "Ojämnt fördelad tid hos patienter kostar.",
    sentence_en: "Time at patients' sides that is unevenly shared costs.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let price = reading.world.policy.prices.fairness_minute_squared;
    let used = reading.rounds.iter().filter(|round| round.is_used());
    used.map(|round| {
        let minutes: i64 = round.parts().map(|given| given.part.service.minutes_begun()).sum();
        let shift = &round.plan.shift;
        PriceLine {
            tier: Tier::Cost,
            code: PRICE.code,
            subject: Subject::round(round),
            points: minutes * minutes * price,
            municipality: None,
            parties: round.party(),
            sentence_sv: format!("Pass {shift}: {minutes} min hos patienter."),
            sentence_en: format!("Shift {shift}: {minutes} min at patients' sides."),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::Seconds;

    fn day() -> Day {
        let mut day = Day::new();
        for visit in ["v1", "v2"] {
            day.visit(visit, "home-1", &[("doctor", 30)]);
        }
        day.facts.policy.prices.fairness_minute_squared = 1;
        day
    }

    #[test]
    fn one_shift_pays_the_square_of_its_sum() {
        let mut day = day();
        day.round("car", &[("v1", 0, at(9, 0)), ("v2", 0, at(9, 30))]);
        assert_eq!(day.points("fairness"), 60 * 60);
    }

    #[test]
    fn shared_evenly_it_costs_half() {
        let mut day = day();
        day.round("car", &[("v1", 0, at(9, 0))]);
        day.round("nurse", &[("v2", 0, at(9, 0))]);
        assert_eq!(day.points("fairness"), 2 * 30 * 30);
    }

    #[test]
    fn a_minute_begun_counts_whole() {
        let mut day = day();
        day.facts.visits[0].parts[0].service = Seconds(61);
        day.round("car", &[("v1", 0, at(9, 0))]);
        assert_eq!(day.points("fairness"), 4);
    }
}
