//! How good could a plan be at best? Lower bounds on the price of every plan of a problem.
//!
//! In comes a [`Problem`] and the price of a plan at hand; out goes a price that no plan is below.
//! Shares the problem with the search and nothing else, so that a mistake there shows here; it must
//! never know a plan's routes. Read in this order: [`relaxed`] (what is kept of the problem),
//! [`price`] (the cheapest route for given multipliers), [`climb`] (good multipliers), [`split`]
//! (all plans split by their meetings), [`routes`] and [`close`] (the few that are left, tried).

pub mod climb;
pub mod close;
pub mod price;
pub mod relaxed;
pub mod routes;
pub mod split;

use crate::solver::Problem;
use relaxed::{PRICE_MAX, Relaxed, SCALE};

/// How hard to try. Counts instead of seconds: the same bound on every machine.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Steps of the multipliers.
    pub rounds: usize,
    /// Stretches that all plans are split into.
    pub stretches: usize,
    /// Labels looked at in all.
    pub labels: u64,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { rounds: 600, stretches: 60, labels: 100_000_000 }
    }
}

/// What is known of every plan of a problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound {
    /// No plan has a lower sum of its tiers, each at the problem's weight.
    pub points: i64,
    /// The plan at hand has just that.
    pub is_reached: bool,
}

/// A bound from below for the weighted sum of the tiers; `known` is that of a plan at hand. `None`
/// when the effort does not suffice for any.
pub fn lower_bound(problem: &Problem, known: i64, effort: Effort) -> Option<Bound> {
    let mut relaxed = Relaxed::of(problem);
    // Whatever a plan costs beyond this, the bound says nothing of it.
    let most = PRICE_MAX * (problem.visits.len() as i64 + 1);
    let target = known.min(most) * SCALE;
    relaxed.stay_below(target);
    let lowest = split::split(&mut relaxed, target, effort)?;
    let points = -(-lowest).div_euclid(SCALE);
    Some(Bound { points, is_reached: points >= known })
}
