//! Where no road is known: local roads and streets, as a curve over the straight line.

use super::cost::Cost;

/// The curve of the straight-line model, near by.
const MINUTES_AT_ONE_KM: f64 = 3.3;
const EXPONENT: f64 = 0.70;
/// From here on it goes on straight, at 34 km an hour along the line: who has no main road drives
/// on small ones. The curve bends one way only, so a detour through a third place is never faster.
const BEND_KM: f64 = 2.5;
/// Value and slope of the curve at the bend: 3.3 · 2.5^0.70 and its derivative.
const MINUTES_AT_BEND: f64 = 6.267176791692;
const MINUTES_PER_KM_BEYOND: f64 = 1.754809501674;
const DETOUR: f64 = 1.3;

/// Never more than `local`, and cheap: whole milliseconds of so many kilometres.
pub(super) fn at_least_milliseconds(km: f64) -> u64 {
    (km * MINUTES_PER_KM_BEYOND * 60_000.0) as u64
}

/// Driving so many kilometres of straight line on local roads.
pub(super) fn local(km: f64) -> Cost {
    if !km.is_finite() {
        return Cost::NO_WAY;
    }
    let minutes = if km < BEND_KM {
        MINUTES_AT_ONE_KM * km.powf(EXPONENT)
    } else {
        MINUTES_AT_BEND + MINUTES_PER_KM_BEYOND * (km - BEND_KM)
    };
    Cost::new((minutes * 60_000.0 + 0.5) as u64, (km * 1000.0 * DETOUR + 0.5) as u64)
}
