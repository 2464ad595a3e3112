//! Travel cost: seconds on the road by the travel table, the way back included.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::{Reading, Round};
use super::super::words::length;
use crate::domain::{Place, Seconds, Tier};

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
        let driven = by_table(reading, round);
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

/// Time on the road by the travel table, whatever the hour: queues show in the times of the plan,
/// and cost what they make late.
fn by_table(reading: &Reading<'_>, round: &Round<'_>) -> Seconds {
    let world = reading.world;
    let leg = |from: Option<&Place>, to: Option<&Place>| {
        let (from, to) = (world.place_position(&from?.id), world.place_position(&to?.id));
        reading.travel.leg(from, to).map(|leg| leg.seconds)
    };
    let out = round.halts.iter().filter_map(|halt| leg(halt.place_before, halt.place)).sum();
    let last = round.halts.last().and_then(|halt| halt.place);
    let end = round.shift.and_then(|shift| world.place(&shift.end_place));
    leg(last, end).map_or(out, |back| out + back)
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
