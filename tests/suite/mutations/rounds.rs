//! A round from its stops' starts, and small changes to one: all other fields follow, so that a
//! change is a fault only where it means to be.

use rond::domain::{
    CrewId, Instant, Metres, PlaceId, Plan, Seconds, ShiftId, ShiftPlan, Stop, StopWhat, VisitId,
    World,
};
use rond::travel::{Leg, Matrix};

/// A stop that starts then, for as long as the world says; the rest is for [`chain`].
pub fn stop(world: &World, shift: &ShiftId, what: StopWhat, start: Instant) -> Stop {
    let length = match &what {
        StopWhat::Part { visit, part } => {
            world.visit(visit).expect("a known visit").parts[*part].service
        }
        StopWhat::Break { index } => {
            world.shift(shift).expect("a known shift").1.breaks[*index].length
        }
    };
    Stop {
        what,
        place: PlaceId::new(""),
        travel: Seconds::ZERO,
        metres: Metres(0),
        arrive: start,
        start,
        end: start + length,
        slack: Seconds::ZERO,
        held_until: None,
        told: Vec::new(),
    }
}

/// The round of these stops: it leaves just in time for the first.
pub fn round(
    world: &World,
    travel: &Matrix,
    crew: CrewId,
    shift: ShiftId,
    stops: Vec<Stop>,
) -> ShiftPlan {
    let depart = stops[0].start;
    let mut round = ShiftPlan {
        crew,
        shift,
        depart,
        stops,
        travel_back: Seconds::ZERO,
        metres_back: Metres(0),
        back: depart,
    };
    chain(world, travel, &mut round);
    let first = &round.stops[0];
    let setup = setup(world, &start_place(world, &round), &first.place);
    round.depart = first.start - setup - first.travel;
    chain(world, travel, &mut round);
    round
}

/// Places, legs, arrivals and the return, made to follow from the departure, the starts and the
/// ends.
pub fn chain(world: &World, travel: &Matrix, round: &mut ShiftPlan) {
    let mut place = start_place(world, round);
    let mut left = round.depart;
    for stop in &mut round.stops {
        if let StopWhat::Part { visit, .. } = &stop.what {
            let visit = world.visit(visit).expect("a known visit");
            stop.place = world.place_of(visit).id.clone();
        } else {
            stop.place = place.clone();
        }
        let leg = leg(world, travel, &place, &stop.place);
        (stop.travel, stop.metres) = (leg.seconds, leg.metres);
        stop.arrive = left + leg.seconds;
        place = stop.place.clone();
        left = stop.end;
    }
    let shift = world.shift(&round.shift).expect("a known shift").1;
    let leg = leg(world, travel, &place, &shift.end_place);
    (round.travel_back, round.metres_back) = (leg.seconds, leg.metres);
    round.back = left + leg.seconds;
}

/// When the crew is ready at a stop: there, and set up.
pub fn ready(world: &World, round: &ShiftPlan, at: usize) -> Instant {
    let before = match at {
        0 => start_place(world, round),
        _ => round.stops[at - 1].place.clone(),
    };
    round.stops[at].arrive + setup(world, &before, &round.stops[at].place)
}

/// Moves one stop; the others keep their starts.
pub fn move_stop(round: &mut ShiftPlan, at: usize, by: Seconds) {
    round.stops[at].start = round.stops[at].start + by;
    end_stop(round, at, by);
}

/// Ends one stop later (or earlier); the others keep their starts.
pub fn end_stop(round: &mut ShiftPlan, at: usize, by: Seconds) {
    round.stops[at].end = round.stops[at].end + by;
    match round.stops.get_mut(at + 1) {
        Some(next) => next.arrive = next.arrive + by,
        None => round.back = round.back + by,
    }
}

/// Leaves earlier; the first stop keeps its start.
pub fn depart_at(round: &mut ShiftPlan, moment: Instant) {
    round.depart = moment;
    round.stops[0].arrive = moment + round.stops[0].travel;
}

/// How many parts of visits the round has.
pub fn parts(round: &ShiftPlan) -> usize {
    round.stops.iter().filter(|stop| matches!(stop.what, StopWhat::Part { .. })).count()
}

/// The visit of a stop.
pub fn visit_of(stop: &Stop) -> Option<&VisitId> {
    match &stop.what {
        StopWhat::Part { visit, .. } => Some(visit),
        StopWhat::Break { .. } => None,
    }
}

/// Every (round, stop) position of the plan that gives a part of a visit.
pub fn part_positions(plan: &Plan) -> Vec<(usize, usize)> {
    let rounds = plan.shifts.iter().enumerate();
    rounds
        .flat_map(|(at, round)| {
            let stops = round.stops.iter().enumerate();
            let parts = stops.filter(|(_, stop)| visit_of(stop).is_some());
            parts.map(move |(position, _)| (at, position))
        })
        .collect()
}

fn start_place(world: &World, round: &ShiftPlan) -> PlaceId {
    world.shift(&round.shift).expect("a known shift").1.start_place.clone()
}

fn setup(world: &World, before: &PlaceId, place: &PlaceId) -> Seconds {
    if before == place {
        return Seconds::ZERO;
    }
    world.place(place).expect("a known place").setup
}

fn leg(world: &World, travel: &Matrix, from: &PlaceId, to: &PlaceId) -> Leg {
    let (from, to) = (world.place_position(from), world.place_position(to));
    travel.leg(from, to).expect("roads go everywhere but to the island")
}
