//! Wrong times. What a visit is bound by lies within 5 minutes (10 for lending) of its start, and
//! stops stand so far apart that a quarter of an hour moves nothing else.

use rond::domain::{Instant, Plan, Seconds, ShiftPlan, Stop, StopWhat};

use super::super::roomy::{Bound, RoomyDay};
use super::super::rounds;
use super::{part_bound, round_where};
use crate::support::dice::Dice;

/// Beyond any margin, within the room that there is.
fn beyond(dice: &mut Dice) -> Seconds {
    Seconds(dice.within(301..=900))
}

fn earlier_or_later(dice: &mut Dice) -> Seconds {
    let by = beyond(dice);
    if dice.chance(50) { by } else { -by }
}

fn moved(day: &RoomyDay, dice: &mut Dice, bound: Bound, by: Seconds) -> Option<Plan> {
    // The first stop of a round has no room before it: it leaves just in time.
    let has_room = |_: usize, stop: usize| 0 < stop || Seconds::ZERO < by;
    let (round, stop) = part_bound(day, dice, bound, has_room)?;
    let mut plan = day.plan.clone();
    rounds::move_stop(&mut plan.shifts[round], stop, by);
    Some(plan)
}

/// The plan with one round changed.
fn changed(day: &RoomyDay, round: usize, change: impl FnOnce(&mut ShiftPlan)) -> Plan {
    let mut plan = day.plan.clone();
    change(&mut plan.shifts[round]);
    plan
}

fn is_second_day(day: &RoomyDay, round: usize) -> bool {
    day.plan.shifts[round].shift.as_str().ends_with("day-1")
}

/// When the crew of a round came back the day before, if it was out.
fn back_before(day: &RoomyDay, round: usize) -> Option<Instant> {
    let crew = &day.plan.shifts[round].crew;
    let before = &day.plan.shifts[..round];
    before.iter().find(|other| other.crew == *crew).map(|other| other.back)
}

fn shift_from(day: &RoomyDay, round: usize) -> Instant {
    let shift = day.world.shift(&day.plan.shifts[round].shift);
    shift.expect("a known shift").1.hours.from()
}

pub fn before_lending(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    moved(day, dice, Bound::Lent, Seconds(-900))
}

pub fn outside_window(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let by = earlier_or_later(dice);
    moved(day, dice, Bound::Window, by)
}

pub fn before_request(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let by = -beyond(dice);
    moved(day, dice, Bound::Request, by)
}

pub fn before_hold(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let by = -beyond(dice);
    moved(day, dice, Bound::Hold, by)
}

/// Within the shift's hours, but now is later than they begin.
pub fn before_now(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |round| !is_second_day(day, round))?;
    let depart = day.world.as_of - Seconds(dice.within(1..=1200));
    Some(changed(day, round, |round| rounds::depart_at(round, depart)))
}

pub fn leg_of_another_length(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = *dice.pick(&rounds::part_positions(&day.plan));
    let more = Seconds(dice.within(1..=300));
    Some(changed(day, round, |round| round.stops[stop].travel += more))
}

pub fn leg_of_other_metres(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = *dice.pick(&rounds::part_positions(&day.plan));
    let less = dice.within(1..=300);
    Some(changed(day, round, |round| round.stops[stop].metres.0 -= less))
}

pub fn arrives_otherwise(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = *dice.pick(&rounds::part_positions(&day.plan));
    let by = Seconds(dice.within(1..=300));
    let by = if dice.chance(50) { by } else { -by };
    let shift = |stop: &mut Stop| stop.arrive = stop.arrive + by;
    Some(changed(day, round, |round| shift(&mut round.stops[stop])))
}

pub fn starts_before_ready(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = part_bound(day, dice, Bound::Free, |_, _| true)?;
    let ready = rounds::ready(&day.world, &day.plan.shifts[round], stop);
    let early = Seconds(dice.within(1..=300));
    let by = ready - early - day.plan.shifts[round].stops[stop].start;
    Some(changed(day, round, |round| rounds::move_stop(round, stop, by)))
}

pub fn service_cut(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = *dice.pick(&rounds::part_positions(&day.plan));
    let by = Seconds(-dice.within(1..=300));
    Some(changed(day, round, |round| rounds::end_stop(round, stop, by)))
}

pub fn back_otherwise(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |_| true)?;
    let by = Seconds(dice.within(1..=300));
    let by = if dice.chance(50) { by } else { -by };
    Some(changed(day, round, |round| round.back = round.back + by))
}

pub fn way_back_of_another_length(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |_| true)?;
    let more = Seconds(dice.within(1..=300));
    Some(changed(day, round, |round| round.travel_back += more))
}

pub fn apart(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    // Within the lag's interval there may be up to 10 minutes the other way.
    let by = Seconds(dice.within(601..=900));
    let by = if dice.chance(50) { by } else { -by };
    moved(day, dice, Bound::Meeting, by)
}

/// On the second day, by a crew that had the first one off: no rest is cut.
pub fn leaves_before_shift(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let rested = |round| is_second_day(day, round) && back_before(day, round).is_none();
    let round = round_where(day, dice, rested)?;
    let depart = shift_from(day, round) - Seconds(dice.within(1..=1800));
    Some(changed(day, round, |round| rounds::depart_at(round, depart)))
}

/// The last stop of the second day so late that the return is too; no night comes after it.
pub fn back_too_late(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let is_last = |round: usize, stop: usize| {
        is_second_day(day, round) && stop + 1 == day.plan.shifts[round].stops.len()
    };
    let (round, stop) = part_bound(day, dice, Bound::Free, is_last)?;
    let shift = day.world.shift(&day.plan.shifts[round].shift)?.1;
    let latest = shift.hours.to() + shift.overtime_max;
    let by = latest + Seconds(dice.within(1..=1800)) - day.plan.shifts[round].back;
    Some(changed(day, round, |round| rounds::move_stop(round, stop, by)))
}

/// A random break, by its (round, stop).
fn some_break(day: &RoomyDay, dice: &mut Dice) -> Option<(usize, usize)> {
    let is_break = |stop: &Stop| matches!(stop.what, StopWhat::Break { .. });
    let has_one = |round: usize| day.plan.shifts[round].stops.iter().any(is_break);
    let round = round_where(day, dice, has_one)?;
    Some((round, day.plan.shifts[round].stops.iter().position(is_break)?))
}

pub fn break_dropped(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = some_break(day, dice)?;
    let mut plan = day.plan.clone();
    plan.shifts[round].stops.remove(stop);
    rounds::chain(&day.world, &day.travel, &mut plan.shifts[round]);
    Some(plan)
}

pub fn break_moved(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = some_break(day, dice)?;
    let by = beyond(dice);
    Some(changed(day, round, |round| rounds::move_stop(round, stop, by)))
}

pub fn break_cut(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, stop) = some_break(day, dice)?;
    let by = Seconds(-dice.within(1..=600));
    Some(changed(day, round, |round| rounds::end_stop(round, stop, by)))
}

/// The same break again, right after itself.
pub fn break_twice(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, at) = some_break(day, dice)?;
    let mut plan = day.plan.clone();
    let changed = &mut plan.shifts[round];
    let first = &changed.stops[at];
    let again = rounds::stop(&day.world, &changed.shift, first.what.clone(), first.end);
    changed.stops.insert(at + 1, again);
    rounds::chain(&day.world, &day.travel, changed);
    Some(plan)
}

/// The first of two breaks is called the second, and the second the first.
pub fn breaks_renamed(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let breaks = |round: usize| {
        let stops = day.plan.shifts[round].stops.iter();
        stops.filter(|stop| matches!(stop.what, StopWhat::Break { .. })).count()
    };
    let round = round_where(day, dice, |round| breaks(round) == 2)?;
    Some(changed(day, round, |round| {
        for stop in &mut round.stops {
            if let StopWhat::Break { index } = &mut stop.what {
                *index = 1 - *index;
            }
        }
    }))
}

/// Within the second shift's hours, but too soon after the return from the first.
pub fn night_too_short(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let rest = day.world.policy.rest;
    let earliest = |round: usize| back_before(day, round).map(|back| back + rest);
    let cut = |round: usize| {
        is_second_day(day, round)
            && earliest(round).is_some_and(|earliest| shift_from(day, round) < earliest)
    };
    let round = round_where(day, dice, cut)?;
    let too_soon = (earliest(round)? - shift_from(day, round)).0;
    let depart = earliest(round)? - Seconds(dice.within(1..=too_soon));
    Some(changed(day, round, |round| rounds::depart_at(round, depart)))
}

pub fn pinned_start_moved(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let by = Seconds(dice.within(1..=900));
    let by = if dice.chance(50) { by } else { -by };
    moved(day, dice, Bound::PinStart, by)
}

pub fn pinned_stretch_left(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let by = earlier_or_later(dice);
    moved(day, dice, Bound::PinWithin, by)
}
