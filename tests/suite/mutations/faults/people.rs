//! Wrong people.

use rond::domain::{CrewId, Plan, ShiftId, StopWhat};

use super::super::roomy::{Bound, RoomyDay, twin, twin_shift};
use super::super::rounds;
use super::{has_bound, part_bound, round_where};
use crate::support::dice::Dice;

/// The plan with one round given to the crew's twin, times and all.
fn given_to_twin(day: &RoomyDay, round: usize, name: &str) -> Plan {
    let mut plan = day.plan.clone();
    let changed = &mut plan.shifts[round];
    changed.crew = twin(changed.crew.as_str(), name);
    changed.shift = twin_shift(&changed.shift, name);
    plan
}

/// Somewhere on the round it matters in itself who comes.
fn crew_is_pinned(day: &RoomyDay, round: usize) -> bool {
    !goes_anywhere(day, round) || !anyone_may_come(day, round)
}

pub fn unknown_crew(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |round| !crew_is_pinned(day, round))?;
    let mut plan = day.plan.clone();
    plan.shifts[round].crew = CrewId::new("nobody");
    Some(plan)
}

pub fn unknown_shift(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |_| true)?;
    let mut plan = day.plan.clone();
    plan.shifts[round].shift = ShiftId::new("never");
    Some(plan)
}

pub fn another_crews_shift(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |round| !crew_is_pinned(day, round))?;
    let mut plan = day.plan.clone();
    plan.shifts[round].crew = twin(plan.shifts[round].crew.as_str(), "equal");
    Some(plan)
}

pub fn without_role(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |round| !crew_is_pinned(day, round))?;
    Some(given_to_twin(day, round, "roleless"))
}

pub fn without_skill(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let (round, _) = part_bound(day, dice, Bound::Skill, |round, _| !crew_is_pinned(day, round))?;
    Some(given_to_twin(day, round, "skilless"))
}

pub fn from_elsewhere(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let round = round_where(day, dice, |round| !crew_is_pinned(day, round))?;
    Some(given_to_twin(day, round, "stranger"))
}

/// A crew whose start no road reaches; it sets out for a visit, since a break would be on the
/// island.
pub fn from_the_island(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let sets_out = |round: usize| rounds::visit_of(&day.plan.shifts[round].stops[0]).is_some();
    let round = round_where(day, dice, |round| sets_out(round) && !crew_is_pinned(day, round))?;
    Some(given_to_twin(day, round, "islander"))
}

/// No first stop is on the round.
fn goes_anywhere(day: &RoomyDay, round: usize) -> bool {
    !has_bound(day, round, Bound::First)
}

/// No pin is on the round.
fn anyone_may_come(day: &RoomyDay, round: usize) -> bool {
    !has_bound(day, round, Bound::PinCrew) && !has_bound(day, round, Bound::PinNotCrew)
}

pub fn pinned_crew_changed(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let is_free = |round: usize, _: usize| goes_anywhere(day, round);
    let (round, _) = part_bound(day, dice, Bound::PinCrew, is_free)?;
    Some(given_to_twin(day, round, "equal"))
}

pub fn forbidden_crew_sent(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let is_free = |round: usize, _: usize| goes_anywhere(day, round);
    let (round, _) = part_bound(day, dice, Bound::PinNotCrew, is_free)?;
    Some(given_to_twin(day, round, "equal"))
}

/// The twin does what the crew is to do first.
pub fn first_stop_by_another(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let is_free = |round: usize, _: usize| anyone_may_come(day, round);
    let (round, _) = part_bound(day, dice, Bound::First, is_free)?;
    Some(given_to_twin(day, round, "equal"))
}

/// The crew of the first part does the second as well, right after it.
pub fn one_crew_for_both(day: &RoomyDay, dice: &mut Dice) -> Option<Plan> {
    let other_has_more = |round: usize, stop: usize| {
        let is_second =
            matches!(day.plan.shifts[round].stops[stop].what, StopWhat::Part { part: 1, .. });
        is_second && 2 <= rounds::parts(&day.plan.shifts[round])
    };
    let (from, at) = part_bound(day, dice, Bound::Untied, other_has_more)?;
    let mut plan = day.plan.clone();
    let second = plan.shifts[from].stops.remove(at);
    let visit = rounds::visit_of(&second)?.clone();
    let is_first = |what: &StopWhat| *what == StopWhat::Part { visit: visit.clone(), part: 0 };
    let (to, after) = rounds::part_positions(&plan)
        .into_iter()
        .find(|&(round, stop)| is_first(&plan.shifts[round].stops[stop].what))?;
    let start = plan.shifts[to].stops[after].end;
    let again = rounds::stop(&day.world, &plan.shifts[to].shift, second.what, start);
    plan.shifts[to].stops.insert(after + 1, again);
    for round in [from, to] {
        rounds::chain(&day.world, &day.travel, &mut plan.shifts[round]);
    }
    Some(plan)
}
