//! The same roads at another pace: the hierarchy stays, its prices are made anew.

use super::cost::Cost;
use super::hierarchy::{Prices, customise};
use super::network::RoadNetwork;
use crate::domain::Point;

impl RoadNetwork {
    /// The network in which driving takes this many per cent of the time, by where the middle of
    /// each segment lies: an incident, an icy morning. Turns take as long as before.
    pub fn at_pace(&self, percent: impl Fn(Point) -> u32) -> RoadNetwork {
        let segments = self.about().segments as u32;
        let percents: Vec<u64> = (0..segments)
            .map(|segment| self.middle(segment).map_or(100, |point| u64::from(percent(point))))
            .collect();
        let edge_costs: Vec<u64> = self
            .edge_costs()
            .iter()
            .zip(0..)
            .map(|(&cost, edge)| {
                let percent = percents[self.segment_of(edge).0 as usize];
                let of = |tenths: u64| (tenths * percent).div_ceil(100);
                let cost = Cost(cost);
                Cost::new(of(cost.weight_tenths()), of(cost.tenths()), cost.metres()).0
            })
            .collect();
        let shape = self.hierarchy();
        let turns: Vec<(u32, u32, u64)> = self.turns().collect();
        let costs: Vec<u64> =
            turns.iter().map(|(_, to, cost)| cost + edge_costs[*to as usize]).collect();
        let mut prices = Prices::of(&shape, turns.iter().map(|(from, to, _)| (*from, *to)), &costs);
        customise(&shape, &mut prices);
        self.priced(edge_costs, prices)
    }

    fn middle(&self, segment: u32) -> Option<Point> {
        let shape = &self.points()[self.shape(segment)];
        let [lat, lon] = shape[shape.len() / 2].map(|units| f64::from(units) / 1e7);
        Point::from_degrees(lat, lon)
    }
}
