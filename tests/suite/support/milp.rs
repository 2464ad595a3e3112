//! A compact mixed-integer programme of a tiny day, solved tier by tier to proven optimality.
//!
//! Binaries say which shift gives which part, what follows what, where the breaks lie and in which
//! window a part starts. A start must equal one of its lower bounds, because waiting is priced on
//! starts that are the earliest possible. That leaves two loopholes: starts that hold each other up
//! around a circle, and windows left for a later one without need. So what the programme finds is
//! timed plainly; if it does not hold, that order is set aside with its true price, and it
//! is solved again, until nothing cheaper than the best true price is left.

mod model;
mod prices;
mod sheet;
mod starts;

use rond::domain::TIERS;

use super::arrangement::Arrangement;
use super::day::Day;
use model::{Found, Model};

/// What was proven.
pub enum Verdict {
    /// The least price, tier by tier, and an arrangement that has it.
    Least([i64; TIERS], Arrangement),
    /// Nothing is as cheap as was claimed.
    Nothing,
    /// The programme was too hard.
    GivenUp,
}

/// The least price of all, and an arrangement that has it. `at_most` is a price that is claimed
/// to be attainable, which saves work.
pub fn prove(day: &Day, at_most: Option<[i64; TIERS]>) -> Verdict {
    let mut model = Model::of(day);
    let mut best: Option<([i64; TIERS], Arrangement)> = None;
    loop {
        let limit = best.as_ref().map(|best| best.0).or(at_most);
        let (score, arrangement) = match model.solve(limit) {
            Found::Best(score, arrangement) => (score, arrangement),
            // Within its tolerances HiGHS may take the claimed price itself for out of reach.
            Found::Nothing if best.is_none() && at_most.is_some() => return prove(day, None),
            Found::Nothing => {
                return best.map_or(Verdict::Nothing, |best| Verdict::Least(best.0, best.1));
            }
            Found::GivenUp => return Verdict::GivenUp,
        };
        if let Some(best) = best.take_if(|best| score >= best.0) {
            return Verdict::Least(best.0, best.1);
        }
        let timing = arrangement.earliest(day);
        let price = timing.map(|timing| arrangement.price(day, &timing, None));
        if price == Some(score) {
            return Verdict::Least(score, arrangement);
        }
        model.set_aside(&arrangement);
        if let Some(price) = price {
            assert!(price > score, "priced at {score:?} by the programme, plainly at {price:?}");
            if best.as_ref().is_none_or(|best| price < best.0) {
                best = Some((price, arrangement));
            }
        }
    }
}
