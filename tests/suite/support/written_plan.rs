//! An arrangement written as a plan, so that the plain rules can judge what the oracles found.

use rond::domain::{
    Instant, Metres, Plan, Reason, Score, Seconds, ShiftPlan, Stop, StopWhat, Unassigned,
};

use super::arrangement::{Arrangement, Halt, Timing};
use super::day::Day;
use super::timing::limits_of;

/// The plan that an arrangement means; its score is filled in by the oracle's own price.
pub fn plan_of(day: &Day, arrangement: &Arrangement, timing: &Timing) -> Plan {
    let mut plan = Plan::default();
    for route in (0..day.routes.len()).filter(|&route| arrangement.is_used(route)) {
        plan.shifts.push(shift_plan(day, arrangement, timing, route));
    }
    let placed = arrangement.route_of_parts(day);
    for (visit, parts) in day.parts_of.iter().enumerate() {
        if parts.iter().any(|&part| placed[part].is_none()) {
            let facts = &day.world.visits[visit];
            plan.unassigned.push(Unassigned {
                visit: facts.id.clone(),
                deferred: day.world.is_deferrable(facts),
                reason: Reason::NoPlaceInThisPlan,
            });
        }
    }
    plan.score = Score { tiers: arrangement.price(day, timing, None) };
    // What was timed can be kept.
    let limits = limits_of(day, &plan).expect("an order that can be kept");
    for (shift, latest) in plan.shifts.iter_mut().zip(&limits.latest) {
        for (stop, latest) in shift.stops.iter_mut().zip(latest) {
            stop.slack = *latest - stop.start;
        }
    }
    plan
}

fn shift_plan(day: &Day, arrangement: &Arrangement, timing: &Timing, route: usize) -> ShiftPlan {
    let facts = &day.routes[route];
    let places = arrangement.places(day, route);
    let mut stops: Vec<Stop> = Vec::new();
    let mut here = facts.start_place;
    for (at, halt) in arrangement.routes[route].iter().enumerate() {
        let start = timing.starts[route][at];
        let (what, length) = match *halt {
            Halt::Break(index) => {
                let due = &facts.breaks[index];
                (StopWhat::Break { index: due.index }, due.length)
            }
            Halt::Part(part) => {
                let due = &day.parts[part];
                let visit = day.world.visits[due.visit].id.clone();
                (StopWhat::Part { visit, part: due.part }, due.service)
            }
        };
        let there = places[at];
        let (travel, metres) = leg(day, here, there);
        let way = day.gap(here, there).expect("a way");
        // The first stop is left for as late as its start allows.
        let arrive = match stops.last() {
            Some(before) => before.end + travel,
            None => Instant(start - way) + travel,
        };
        stops.push(Stop {
            what,
            place: day.world.places[there].id.clone(),
            travel,
            metres,
            arrive,
            start: Instant(start),
            end: Instant(start + length),
            slack: Seconds::ZERO,
            held_until: None,
            told: Vec::new(),
        });
        here = there;
    }
    let (travel_back, metres_back) = leg(day, here, facts.end_place);
    ShiftPlan {
        crew: day.crew(route).id.clone(),
        shift: day.shift(route).id.clone(),
        depart: stops[0].arrive - stops[0].travel,
        stops,
        travel_back,
        metres_back,
        back: Instant(timing.backs[route]),
    }
}

fn leg(day: &Day, from: usize, to: usize) -> (Seconds, Metres) {
    // Only orders whose legs all exist are timed.
    let leg = day.matrix.leg(from, to).expect("a way");
    (leg.seconds, leg.metres)
}
