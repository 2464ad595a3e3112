//! Promise: a visit later than promised costs by its lateness, in the promise's tier; left
//! unassigned it costs more than any lateness. Where the promise outlives the horizon, leaving the
//! visit for later is cheap.

use super::super::audit::{Price, PriceLine, Subject};
use super::super::outcomes::{self, Outcome};
use super::super::reading::Reading;
use super::super::words::{clock, length, party_en, party_sv};
use crate::domain::{Tier, Visit};

pub const PRICE: Price = Price {
    code: "promise",
    sentence_sv: "Ett besök senare än lovat kostar efter förseningen; oplanerat kostar det mer än \
                  varje försening.",
    sentence_en: "A visit later than promised costs by its lateness; unassigned it costs more than \
                  any lateness.",
    lines,
};

fn lines(reading: &Reading<'_>) -> Vec<PriceLine> {
    reading
        .visits()
        .filter_map(|visit| promised(reading, visit).or_else(|| unpromised(reading, visit)))
        .collect()
}

fn promised(reading: &Reading<'_>, visit: &Visit) -> Option<PriceLine> {
    let world = reading.world;
    let outcome = outcomes::outcome_of(reading, visit)?;
    let promise = world.promise_of(visit)?;
    let (id, rule) = (&visit.id, &promise.id);
    let deadline = clock(world, outcome.deadline);
    let (tier, points, sv, en) = match (outcome.outcome, outcome.start) {
        (Outcome::Deferred, _) => (
            Tier::Cost,
            promise.deferred,
            format!("Besök {id} skjuts upp; löftet {rule} går ut {deadline}."),
            format!("Visit {id} is deferred; promise {rule} ends at {deadline}."),
        ),
        (_, None) => (
            promise.tier,
            promise.lateness.unassigned(),
            format!("Besök {id} är oplanerat; löftet {rule} går ut {deadline}."),
            format!("Visit {id} is unassigned; promise {rule} ends at {deadline}."),
        ),
        (_, Some(start)) => {
            let (late, start) = (length(outcome.late), clock(world, start));
            (
                promise.tier,
                promise.lateness.price(outcome.late),
                format!("Besök {id} börjar {start}, {late} efter löftet {rule} ({deadline})."),
                format!("Visit {id} starts at {start}, {late} after promise {rule} ({deadline})."),
            )
        }
    };
    let answer = |names: Vec<String>| names.join(", ");
    let answers_sv = answer(outcome.parties.iter().map(|party| party_sv(world, party)).collect());
    let answers_en = answer(outcome.parties.iter().map(|party| party_en(world, party)).collect());
    Some(PriceLine {
        tier,
        code: PRICE.code,
        subject: Subject::visit(visit),
        points,
        municipality: Some(outcome.municipality),
        parties: outcome.parties,
        sentence_sv: if answers_sv.is_empty() { sv } else { format!("{sv} Svarar: {answers_sv}.") },
        sentence_en: if answers_en.is_empty() {
            en
        } else {
            format!("{en} Answers: {answers_en}.")
        },
    })
}

/// A visit without a promise, left out: its kind has a price of its own.
fn unpromised(reading: &Reading<'_>, visit: &Visit) -> Option<PriceLine> {
    let world = reading.world;
    let is_promised = world.promise_of(visit).is_some();
    if is_promised || !reading.parts_of(&visit.id).is_empty() {
        return None;
    }
    let kind = world.policy.kinds.iter().find(|kind| kind.id == visit.kind)?;
    let (tier, points) = kind.unassigned;
    let (id, kind) = (&visit.id, &kind.id);
    Some(PriceLine {
        tier,
        code: PRICE.code,
        subject: Subject::visit(visit),
        points,
        municipality: Some(world.patient_of(visit).municipality.clone()),
        parties: outcomes::missing_parties(reading, visit),
        sentence_sv: format!("Besök {id} ({kind}) är oplanerat."),
        sentence_en: format!("Visit {id} ({kind}) is unassigned."),
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{Day, at};
    use crate::domain::{Instant, KindId, Tier};

    /// Asked for at 7:00, promised by 9:00 (10 points each 10 minutes begun, at most 100).
    fn starting(start: Instant) -> Day {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.round("car", &[("v1", 0, start)]);
        day
    }

    #[test]
    fn on_time_costs_nothing() {
        assert_eq!(starting(at(9, 0)).points("promise"), 0);
    }

    #[test]
    fn lateness_costs_by_units_begun_and_never_more_than_the_cap() {
        assert_eq!(starting(at(9, 1)).points("promise"), 10);
        assert_eq!(starting(at(9, 10)).points("promise"), 10);
        assert_eq!(starting(at(9, 11)).points("promise"), 20);
        assert_eq!(starting(at(15, 0)).points("promise"), 100);
    }

    #[test]
    fn left_unassigned_costs_the_cap_and_one_more() {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.leave("v1");
        assert_eq!(day.points("promise"), 101);
        assert_eq!(day.audit().score.tiers, [101, 0, 0, 0]);
    }

    #[test]
    fn deferred_costs_little_and_in_the_last_tier() {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.facts.visits[0].requested_at = day.facts.horizon.to();
        day.leave("v1");
        day.plan.unassigned[0].deferred = true;
        assert_eq!(day.broken(), [""; 0]);
        assert_eq!(day.audit().score.tiers, [0, 0, 0, 7]);
    }

    #[test]
    fn a_kind_without_a_promise_has_a_price_of_its_own() {
        let mut day = Day::new();
        day.visit("v1", "home-1", &[("doctor", 30)]);
        day.facts.visits[0].kind = KindId::new("death");
        day.leave("v1");
        let audit = day.audit();
        assert_eq!((audit.lines[0].tier, audit.lines[0].points), (Tier::Planned, 50));
    }
}
