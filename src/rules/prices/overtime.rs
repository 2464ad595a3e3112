//! Overtime: back after the shift's end costs, up to the limit that `shift_hours` forbids to pass.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::reading::Reading;
use super::super::words::length;
use crate::domain::{Seconds, Tier};

pub const PRICE: Price = Price {
    code: "overtime",
    sentence_sv: "Övertid kostar.",
    sentence_en: "Overtime costs.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    let price = reading.world.policy.prices.overtime_second;
    let mut found = Vec::new();
    for round in &reading.rounds {
        let Some(shift) = round.shift else { continue };
        let over = round.plan.back - shift.hours.to();
        if over <= Seconds::ZERO {
            continue;
        }
        let (id, time) = (&shift.id, length(over));
        found.push(PriceLine {
            tier: Tier::Cost,
            code: PRICE.code,
            subject: Subject::round(round),
            points: over.0 * price,
            municipality: None,
            parties: round.party(),
            sentence_sv: format!("Pass {id}: {time} övertid."),
            sentence_en: format!("Shift {id}: {time} of overtime."),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};

    /// The shift ends at 16:00; the round is back 40 minutes after its only start.
    fn starting(hour: i64, minute: i64) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, at(hour, minute))]);
        day
    }

    #[test]
    fn back_at_the_shifts_end_costs_nothing() {
        assert_eq!(starting(15, 20).points("overtime"), 0);
    }

    #[test]
    fn back_later_costs_by_the_second() {
        assert_eq!(starting(15, 21).points("overtime"), 60 * 4);
        assert_eq!(starting(15, 50).broken(), [""; 0], "half an hour is allowed");
    }
}
