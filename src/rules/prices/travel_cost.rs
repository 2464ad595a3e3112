//! Travel cost: seconds on the road, the way back included.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::Reading;
use super::super::words::length;
use crate::domain::{Seconds, Tier};

pub const PRICE: Price = Price {
    code: "travel_cost",
    sentence_sv: "Tid på vägen kostar, vägen tillbaka med.",
    sentence_en: "Time on the road costs, the way back included.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let price = reading.world.policy.prices.travel_second;
    let used = reading.rounds.iter().filter(|round| round.is_used());
    used.map(|round| {
        let out: Seconds = round.plan.stops.iter().map(|stop| stop.travel).sum();
        let driven = out + round.plan.travel_back;
        let (shift, time) = (&round.plan.shift, length(driven));
        PriceLine {
            tier: Tier::Cost,
            code: PRICE.code,
            subject: Subject::round(round),
            points: driven.0 * price,
            municipality: None,
            parties: round.party(),
            sentence_sv: format!("Pass {shift}: {time} på vägen."),
            sentence_en: format!("Shift {shift}: {time} on the road."),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};

    #[test]
    fn nobody_out_costs_nothing() {
        assert_eq!(Day::new().points("travel_cost"), 0);
    }

    #[test]
    fn every_leg_counts_and_the_way_back_too() {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.visit("v2", "home-2", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0)), ("v2", 0, at(10, 0))]);
        assert_eq!(day.points("travel_cost"), 3 * 600);
    }

    #[test]
    fn two_visits_at_one_address_are_one_leg() {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.visit("v2", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(9, 0)), ("v2", 0, at(9, 30))]);
        assert_eq!(day.points("travel_cost"), 2 * 600);
    }
}
