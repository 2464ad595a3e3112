//! The embedded road network: from an OpenStreetMap extract to travel times, without a server.
//!
//! Flows in: an `.osm.pbf` file, once ([`import`]); points, ever after. Flows out: a file, opened
//! as a [`RoadNetwork`]: legs, tables, routes. Never knows visits, crews or plans.
//!
//! Roads are cut into *segments* from junction to junction; a segment one way round is an *edge*.
//! From the end of one edge into another leads a *turn*. What a way costs is the sum of its edges
//! and turns ([`cost`]); the fastest way is found in a hierarchy of shortcuts ([`hierarchy`]).

pub mod cost;
pub mod hierarchy;
pub mod import;
pub mod profile;

mod climb;
mod failure;
mod fastest;
mod file;
mod geometry;
mod model;
mod network;
mod reweigh;
mod snap;
mod table;
#[cfg(test)]
mod tests;

pub use failure::{ERRORS_SECTION, NoRoute, NotSnapped, RoadsError};
pub use network::{About, RoadNetwork};
pub use snap::SNAP_LIMIT;

use crate::domain::{Metres, Point};
use crate::travel::Leg;

/// A place on a road.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Snapped {
    segment: u32,
    /// Of the segment's length, so much lies before it.
    share: f64,
    /// Where that is, in ten-millionths of a degree.
    point: [i32; 2],
    /// How far the point asked for is from it.
    pub away: Metres,
}

/// The fastest way from one point to another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// How long it takes and is.
    pub leg: Leg,
    /// The line on the map.
    pub line: Vec<Point>,
    /// How far the start is from its road.
    pub from_away: Metres,
    /// How far the destination is from its road.
    pub to_away: Metres,
}
