//! The ways in which a plan goes wrong, each with the one rule that must say so.
//!
//! A fault answers nothing when the day offers no place for it. It looks only at how the day was
//! made, never at what the rules say.

mod people;
mod stops;
mod times;

use rond::domain::Plan;

use super::roomy::{Bound, RoomyDay};
use super::rounds;
use crate::support::dice::Dice;

/// A way to go wrong.
pub struct Fault {
    pub rule: &'static str,
    pub name: &'static str,
    pub put: fn(&RoomyDay, &mut Dice) -> Option<Plan>,
}

macro_rules! faults {
    ($($rule:literal: $($put:path),+;)*) => {
        /// Every way to go wrong.
        pub const FAULTS: &[Fault] =
            &[$($(Fault { rule: $rule, name: stringify!($put), put: $put }),+),*];
    };
}

faults! {
    "known": people::unknown_crew, people::unknown_shift, people::another_crews_shift,
        stops::another_place, stops::unassigned_ghost, stops::ghost_stop, stops::part_too_many;
    "whole": stops::part_left_out, stops::visit_forgotten, stops::planned_and_unassigned,
        stops::unassigned_forgotten, stops::unassigned_twice, stops::part_twice,
        stops::deferred_or_not;
    "role": people::without_role;
    "skill": people::without_skill;
    "area": people::from_elsewhere, times::before_lending;
    "same_crew": people::one_crew_for_both;
    "window": times::outside_window;
    "earliest": times::before_request, times::before_hold, times::before_now;
    "travel": people::from_the_island, times::leg_of_another_length, times::leg_of_other_metres,
        times::arrives_otherwise, times::starts_before_ready, times::service_cut,
        times::back_otherwise, times::way_back_of_another_length;
    "meeting": times::apart;
    "shift_hours": times::leaves_before_shift, times::back_too_late;
    "breaks": times::break_dropped, times::break_moved, times::break_cut, times::break_twice,
        times::breaks_renamed;
    "rest": times::night_too_short;
    "pins": people::pinned_crew_changed, people::forbidden_crew_sent, times::pinned_start_moved,
        times::pinned_stretch_left, stops::kept_out_but_planned;
    "first_stops": people::first_stop_by_another, stops::first_stop_after_another;
}

/// A random (round, stop) of a visit bound so; `also` says what else must hold.
fn part_bound(
    day: &RoomyDay,
    dice: &mut Dice,
    bound: Bound,
    also: impl Fn(usize, usize) -> bool,
) -> Option<(usize, usize)> {
    let fits = |&(round, stop): &(usize, usize)| {
        let visit = rounds::visit_of(&day.plan.shifts[round].stops[stop]);
        visit.is_some_and(|visit| day.bounds[visit] == bound) && also(round, stop)
    };
    let found: Vec<(usize, usize)> =
        rounds::part_positions(&day.plan).into_iter().filter(fits).collect();
    (!found.is_empty()).then(|| *dice.pick(&found))
}

/// A random round; `fits` says which will do.
fn round_where(day: &RoomyDay, dice: &mut Dice, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let found: Vec<usize> = (0..day.plan.shifts.len()).filter(|&round| fits(round)).collect();
    (!found.is_empty()).then(|| *dice.pick(&found))
}

/// Is any visit of the round bound so?
fn has_bound(day: &RoomyDay, round: usize, bound: Bound) -> bool {
    let mut visits = day.plan.shifts[round].stops.iter().filter_map(rounds::visit_of);
    visits.any(|visit| day.bounds[visit] == bound)
}
