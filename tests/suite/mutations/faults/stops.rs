//! Stops and visits too few, too many, or of things that are not there.

use rond::domain::{PlaceId, Plan, Reason, StopWhat, Unassigned, VisitId};

use super::super::roomy::{Bound, RoomyDay};
use super::super::rounds;
use super::part_bound;
use crate::support::dice::Dice;

fn unassigned(visit: VisitId) -> Unassigned {
    Unassigned { visit, deferred: false, reason: Reason::NoPlaceInThisPlan }
}

/// A random stop of a visit that nothing binds, on a round that has another part.
fn spare_stop(day: &RoomyDay, dice: &mut Dice, bound: Bound) -> Option<(usize, usize)> {
    part_bound(day, dice, bound, |round, _| 2 <= rounds::parts(&day.plan.shifts[round]))
}

fn without_stop(day: &RoomyDay, round: usize, stop: usize) -> Plan {
    let mut plan = day.plan.clone();
    plan.shifts[round].stops.remove(stop);
    rounds::chain(&day.world, &day.travel, &mut plan.shifts[round]);
    plan
}

pub fn another_place(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let mut plan = day.plan.clone();
    let (round, stop) = *dice.pick(&rounds::part_positions(&plan));
    let stop = &mut plan.shifts[round].stops[stop];
    let name = *dice.pick(&["nowhere", "island"]);
    stop.place = PlaceId::new(name);
    Some(plan)
}

pub fn unassigned_ghost(day: &RoomyDay, _: &mut Dice) -> Option<Plan> {
    let mut plan = day.plan.clone();
    plan.unassigned.push(unassigned(VisitId::new("ghost")));
    Some(plan)
}

/// A stop of no length for a visit that there is not, beside one that there is.
pub fn ghost_stop(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let mut plan = day.plan.clone();
    let (round, at) = *dice.pick(&rounds::part_positions(&plan));
    let stops = &mut plan.shifts[round].stops;
    let mut ghost = stops[at].clone();
    ghost.what = StopWhat::Part { visit: VisitId::new("ghost"), part: 0 };
    (ghost.travel.0, ghost.metres.0) = (0, 0);
    (ghost.arrive, ghost.start) = (ghost.end, ghost.end);
    stops.insert(at + 1, ghost);
    Some(plan)
}

pub fn part_too_many(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = part_bound(day, dice, Bound::Free, |_, _| true)?;
    let mut plan = day.plan.clone();
    let StopWhat::Part { part, .. } = &mut plan.shifts[round].stops[stop].what else {
        return None;
    };
    *part = 1;
    Some(plan)
}

pub fn part_left_out(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let bound = *dice.pick(&[Bound::Meeting, Bound::Untied]);
    let (round, stop) = spare_stop(day, dice, bound)?;
    Some(without_stop(day, round, stop))
}

pub fn visit_forgotten(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = spare_stop(day, dice, Bound::Free)?;
    Some(without_stop(day, round, stop))
}

pub fn planned_and_unassigned(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = *dice.pick(&rounds::part_positions(&day.plan));
    let visit = rounds::visit_of(&day.plan.shifts[round].stops[stop])?.clone();
    let mut plan = day.plan.clone();
    plan.unassigned.push(unassigned(visit));
    Some(plan)
}

pub fn unassigned_forgotten(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let mut plan = day.plan.clone();
    let last = plan.unassigned.len() as i64 - 1;
    plan.unassigned.remove(dice.within(0..=last) as usize);
    Some(plan)
}

pub fn unassigned_twice(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let mut plan = day.plan.clone();
    let again = dice.pick(&plan.unassigned).clone();
    plan.unassigned.push(again);
    Some(plan)
}

/// The same part again, right after itself.
pub fn part_twice(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, at) = part_bound(day, dice, Bound::Free, |_, _| true)?;
    let mut plan = day.plan.clone();
    let changed = &mut plan.shifts[round];
    let first = &changed.stops[at];
    let again = rounds::stop(&day.world, &changed.shift, first.what.clone(), first.end);
    changed.stops.insert(at + 1, again);
    rounds::chain(&day.world, &day.travel, changed);
    Some(plan)
}

pub fn deferred_or_not(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let mut plan = day.plan.clone();
    let last = plan.unassigned.len() as i64 - 1;
    let entry = &mut plan.unassigned[dice.within(0..=last) as usize];
    entry.deferred = !entry.deferred;
    Some(plan)
}

pub fn kept_out_but_planned(day: &RoomyDay, _: &mut Dice) -> Option<Plan> {
    day.with_pinned_out.clone()
}

/// A stop that comes first changes places, and times, with one that nothing binds.
pub fn first_stop_after_another(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let free_after = |round: usize, stop: usize| {
        let stops = &day.plan.shifts[round].stops;
        let is_free = |at: &usize| {
            rounds::visit_of(&stops[*at]).is_some_and(|visit| day.bounds[visit] == Bound::Free)
        };
        (stop + 1..stops.len()).find(is_free)
    };
    let has_one = |round: usize, stop: usize| free_after(round, stop).is_some();
    let (round, at) = part_bound(day, dice, Bound::First, has_one)?;
    let other = free_after(round, at)?;
    let mut plan = day.plan.clone();
    let changed = &plan.shifts[round];
    let mut stops = changed.stops.clone();
    for (here, there) in [(at, other), (other, at)] {
        let (what, start) = (changed.stops[there].what.clone(), changed.stops[here].start);
        stops[here] = rounds::stop(&day.world, &changed.shift, what, start);
    }
    let (crew, shift) = (changed.crew.clone(), changed.shift.clone());
    plan.shifts[round] = rounds::round(&day.world, &day.travel, crew, shift, stops);
    Some(plan)
}
