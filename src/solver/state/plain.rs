//! Problems whose prices are so simple that judging is a handful of sums.

use crate::solver::problem::{NEVER, NONE, Problem};

/// Prices of a problem in which starts cost nothing but lateness in a straight line, and routes
/// nothing but travel and a sum per part: judging is then a handful of sums, and pushes have a
/// lower bound.
#[derive(Clone, Copy, Debug)]
pub(in crate::solver) struct Plain {
    /// Weighted points per tick of lateness of any part.
    pub slope: i64,
    /// Points per tick of travel of any route.
    pub travel_price: i64,
}

impl Plain {
    /// `None` when anything else has a price too.
    pub(super) fn of(problem: &Problem) -> Option<Plain> {
        let lateness = problem.lateness.first()?;
        let points = match lateness.steps[..] {
            [(0, points)] => points,
            // Hard windows alone: nothing is ever late.
            [] => 0,
            _ => return None,
        };
        let is_same = |other: &crate::solver::problem::LatenessSpec| {
            (other.tier, other.unit) == (lateness.tier, 1)
                && other.steps == lateness.steps
                && other.cap >= i64::from(NEVER) * points
        };
        let travel_price = problem.routes.first()?.travel_price;
        let is_plain_route = |route: &crate::solver::problem::RouteSpec| {
            (route.travel_price, route.waiting_price, route.next_stop) == (travel_price, 0, NONE)
                && route.to >= route.latest
                && route.breaks.is_empty()
                && route.first.is_empty()
        };
        let is_plain_fit = |fit: &crate::solver::problem::Fit| {
            (fit.starts, fit.hours, fit.told) == (NONE, NONE, NONE)
                && fit.cost >= 0
                && fit.told_cost == 0
        };
        let is_plain = problem.traffic.is_none()
            && problem.lateness.iter().all(is_same)
            && problem.routes.iter().all(is_plain_route)
            && problem.fits.iter().all(is_plain_fit)
            && problem.setup.iter().all(|ticks| *ticks == 0)
            && problem.fairness == 0
            && problem.route_prices.is_none();
        let slope = problem.weights[lateness.tier] * points;
        is_plain.then_some(Plain { slope, travel_price })
    }
}
