//! Where is asked: random points that lie near a road.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::super::super::failure::Failure;
use crate::domain::{Metres, Point};
use crate::roads::RoadNetwork;

/// How far the nearest road may be. Farther out, which of two roads is nearest is a toss-up that
/// says nothing of how either is driven.
const NEAR: Metres = Metres(300);
/// Points drawn for each that is kept, at most: the box may be mostly water.
const DRAWS_MAX: usize = 20_000;

/// Draws points of one network, one after the other.
pub struct Places<'n> {
    network: &'n RoadNetwork,
    corners: [Point; 2],
    random: Pcg64Mcg,
}

impl<'n> Places<'n> {
    /// Points that depend on the network and the seed alone.
    pub fn of(network: &'n RoadNetwork, seed: u64) -> Result<Places<'n>, Failure> {
        let corners = network.corners().ok_or_else(no_roads)?;
        Ok(Places { network, corners, random: Pcg64Mcg::seed_from_u64(seed) })
    }

    /// So many more.
    pub fn draw(&mut self, count: usize) -> Result<Vec<Point>, Failure> {
        (0..count).map(|_| self.one()).collect()
    }

    fn one(&mut self) -> Result<Point, Failure> {
        let [least, most] = self.corners;
        let found = (0..DRAWS_MAX).find_map(|_| {
            let lat = self.random.random_range(least.lat()..=most.lat());
            let lon = self.random.random_range(least.lon()..=most.lon());
            let point = Point::from_degrees(lat, lon)?;
            self.network.snap_within(point, NEAR).is_ok().then_some(point)
        });
        found.ok_or_else(no_roads)
    }
}

fn no_roads() -> Failure {
    Failure::Input(format!("hardly any point of this network has a road within {} m", NEAR.0))
}
