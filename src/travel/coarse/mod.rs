//! Travel by an approximate network of main roads and localities, shipped with the program.
//!
//! Flows in: points. Flows out: legs by the fastest of: local roads over the straight line round
//! water; and local roads to a node, the network, local roads from a node. How the table is made,
//! and how far off it is: docs/travel.md, "Skåne by default".

mod access;
mod cost;
mod globe;
mod local;
mod network;
mod table;
mod waters;

#[cfg(test)]
mod tests;

use super::matrix::{Leg, TravelModel};
use super::straight_line::StraightLine;
use crate::domain::{Metres, Point, Seconds};
use access::Stop;
use cost::Cost;
use network::Network;

/// The approximate roads of Skåne. Places far from every node get straight lines.
pub struct CoarseRoads {
    profile: String,
    attribution: String,
    network: Network,
}

impl CoarseRoads {
    /// Skåne, made once per program.
    pub fn skane() -> &'static CoarseRoads {
        static SKANE: std::sync::LazyLock<CoarseRoads> = std::sync::LazyLock::new(|| {
            let table = table::skane();
            CoarseRoads {
                profile: table.name.clone(),
                attribution: table.attribution.clone(),
                network: Network::new(table),
            }
        });
        &SKANE
    }

    /// One row of legs.
    fn row<'a>(
        &'a self,
        from: &'a Stop<'a>,
        to: &'a [Stop<'a>],
    ) -> impl Iterator<Item = Option<Leg>> + 'a {
        let reached = from.reach();
        to.iter().map(move |to| {
            if from.is_outside() || to.is_outside() {
                return StraightLine.leg(from.point, to.point);
            }
            leg(from.to(to, &reached))
        })
    }
}

fn leg(cost: Cost) -> Option<Leg> {
    // Both are far below the limits of their types: costs come from metres on earth.
    cost.is_way().then(|| Leg {
        seconds: Seconds(((cost.milliseconds() + 500) / 1000) as i64),
        metres: Metres(cost.metres() as i64),
    })
}

impl TravelModel for CoarseRoads {
    fn profile(&self) -> &str {
        &self.profile
    }

    fn leg(&self, from: Point, to: Point) -> Option<Leg> {
        self.legs(&[from], &[to])[0]
    }

    fn legs(&self, from: &[Point], to: &[Point]) -> Vec<Option<Leg>> {
        let stops = |points: &[Point]| -> Vec<Stop<'_>> {
            points.iter().map(|&point| Stop::of(point, &self.network)).collect()
        };
        let (from, to) = (stops(from), stops(to));
        let mut legs = Vec::with_capacity(from.len() * to.len());
        from.iter().for_each(|from| legs.extend(self.row(from, &to)));
        legs
    }

    fn attribution(&self) -> Option<&str> {
        Some(&self.attribution)
    }

    /// Finding the way to the network is most of the work, and is done once per block.
    fn rows_at_once(&self) -> usize {
        1024
    }
}
