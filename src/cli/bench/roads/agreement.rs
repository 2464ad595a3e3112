//! How far the network's times are from OSRM's, over random pairs.

use serde::Serialize;

use super::super::super::failure::Failure;
use super::super::row::{at_share, rounded};
use super::places::Places;
use super::{Bar, RoadsArguments, of_osrm};
use crate::roads::RoadNetwork;
use crate::routing::Osrm;
use crate::travel::{Leg, TravelModel};

/// Rows and columns of one table of pairs: small, so that no point weighs much.
const SIDE: usize = 24;
/// Shorter drives than this are told in too few whole seconds for a per cent to mean much.
const SECONDS_LEAST: f64 = 30.0;
/// How much of the progress line this takes.
const SHARE: f64 = 0.4;

/// What came of the pairs.
#[derive(Debug, Serialize)]
pub struct Agreement {
    /// Pairs asked for.
    pub pairs: usize,
    /// Pairs that the network has no way for.
    pub unreachable: usize,
    /// Nothing when no server was given.
    pub osrm: Option<AgainstOsrm>,
}

/// The same pairs, as OSRM has them.
#[derive(Debug, Serialize)]
pub struct AgainstOsrm {
    /// Pairs that OSRM has no way for.
    pub unreachable: usize,
    /// Pairs that the network alone has a way for.
    pub network_only: usize,
    /// Pairs that OSRM alone has a way for.
    pub osrm_only: usize,
    /// Pairs that take OSRM 30 seconds or more.
    pub from_30_seconds: Errors,
    /// Every pair that both have a way for.
    pub all: Errors,
}

/// Errors of time, in per cent of OSRM's.
#[derive(Debug, Serialize)]
pub struct Errors {
    /// Pairs that count.
    pub pairs: usize,
    /// The median of ours ÷ OSRM's.
    pub scalar: f64,
    /// After ours were divided by the scalar.
    pub median: f64,
    /// So too; 95 of 100 pairs lie at or below.
    pub p95: f64,
    /// As they are.
    pub median_unscaled: f64,
    /// So too.
    pub p95_unscaled: f64,
}

type Pair = (Option<Leg>, Option<Leg>);

/// Asks both for the same pairs.
pub fn measure(
    network: &RoadNetwork,
    osrm: Option<&Osrm>,
    arguments: &RoadsArguments,
    bar: &Bar,
) -> Result<Agreement, Failure> {
    let mut places = Places::of(network, arguments.seed)?;
    let tables = (arguments.pairs as usize).div_ceil(SIDE * SIDE);
    let mut pairs: Vec<Pair> = Vec::with_capacity(tables * SIDE * SIDE);
    for table in 0..tables {
        bar.show(SHARE * table as f64 / tables as f64, "pairs");
        let (from, to) = (places.draw(SIDE)?, places.draw(SIDE)?);
        let ours = network.legs(&from, &to);
        let Some(osrm) = osrm else {
            pairs.extend(ours.into_iter().map(|leg| (leg, None)));
            continue;
        };
        let theirs = osrm.legs(&from, &to).map_err(of_osrm)?.table;
        let cells = (0..SIDE).flat_map(|row| (0..SIDE).map(move |column| (row, column)));
        let theirs = cells.map(|(row, column)| theirs.leg(row, column));
        pairs.extend(ours.into_iter().zip(theirs));
    }
    Ok(Agreement {
        pairs: pairs.len(),
        unreachable: pairs.iter().filter(|(ours, _)| ours.is_none()).count(),
        osrm: osrm.map(|_| against(&pairs)),
    })
}

fn against(pairs: &[Pair]) -> AgainstOsrm {
    let count = |is: fn(&Pair) -> bool| pairs.iter().filter(|pair| is(pair)).count();
    let seconds = |leg: Leg| leg.seconds.0 as f64;
    let both: Vec<(f64, f64)> = (pairs.iter())
        .filter_map(|(ours, theirs)| Some((seconds((*ours)?), seconds((*theirs)?))))
        .collect();
    let is_long = |(_, theirs): &(f64, f64)| *theirs >= SECONDS_LEAST;
    AgainstOsrm {
        unreachable: count(|(_, theirs)| theirs.is_none()),
        network_only: count(|(ours, theirs)| ours.is_some() && theirs.is_none()),
        osrm_only: count(|(ours, theirs)| ours.is_none() && theirs.is_some()),
        from_30_seconds: errors(&both.iter().copied().filter(is_long).collect::<Vec<_>>()),
        all: errors(&both),
    }
}

/// Of our seconds and OSRM's.
fn errors(times: &[(f64, f64)]) -> Errors {
    let lasting = times.iter().filter(|(_, theirs)| *theirs > 0.0);
    let scalar = at_share(lasting.map(|(ours, theirs)| ours / theirs).collect(), 0.5);
    let after = |scalar: f64| -> Vec<f64> {
        times.iter().map(|(ours, theirs)| per_cent(ours / scalar, *theirs)).collect()
    };
    let share = |errors: Vec<f64>, share: f64| rounded(at_share(errors, share), 3);
    // No pair, or half of them from a place to itself: there is nothing to divide by.
    let scaled = after(if scalar > 0.0 { scalar } else { 1.0 });
    let as_is = after(1.0);
    Errors {
        pairs: times.len(),
        scalar: rounded(scalar, 4),
        median: share(scaled.clone(), 0.5),
        p95: share(scaled, 0.95),
        median_unscaled: share(as_is.clone(), 0.5),
        p95_unscaled: share(as_is, 0.95),
    }
}

/// How far one time is from another, which may be nothing.
fn per_cent(ours: f64, theirs: f64) -> f64 {
    if ours == theirs { 0.0 } else { 100.0 * (ours - theirs).abs() / theirs }
}

#[cfg(test)]
mod tests {
    use super::{against, errors};
    use crate::domain::{Metres, Seconds};
    use crate::travel::Leg;

    #[test]
    fn one_scalar_is_taken_out_and_what_is_left_is_the_error() {
        let times: Vec<(f64, f64)> =
            (1..=100).map(|at| if at <= 90 { (110.0, 100.0) } else { (121.0, 100.0) }).collect();
        let errors = errors(&times);
        assert_eq!((errors.pairs, errors.scalar, errors.median), (100, 1.1, 0.0));
        assert_eq!((errors.p95, errors.median_unscaled, errors.p95_unscaled), (10.0, 10.0, 21.0));
    }

    #[test]
    fn pairs_that_one_alone_reaches_are_counted_and_have_no_error() {
        let leg = |seconds| Some(Leg { seconds: Seconds(seconds), metres: Metres(1) });
        let pairs =
            [(leg(60), leg(60)), (leg(9), leg(10)), (None, leg(70)), (leg(70), None), (None, None)];
        let found = against(&pairs);
        assert_eq!((found.unreachable, found.network_only, found.osrm_only), (2, 1, 1));
        assert_eq!((found.from_30_seconds.pairs, found.from_30_seconds.p95), (1, 0.0));
        assert_eq!(
            (found.all.pairs, found.all.median_unscaled, found.all.p95_unscaled),
            (2, 0.0, 10.0)
        );
    }

    #[test]
    fn nothing_has_no_error() {
        let none = errors(&[]);
        assert_eq!((none.pairs, none.median, none.p95), (0, 0.0, 0.0));
        assert_eq!(errors(&[(0.0, 0.0), (0.0, 0.0)]).p95, 0.0);
    }
}
