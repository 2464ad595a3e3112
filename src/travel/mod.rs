//! How long from A to B: one table of seconds and metres that planning reads, filled by a model.
//!
//! Flows in: points. Flows out: a [`Matrix`]. A road network or a routing server will fill the same
//! table later; nothing outside this room can tell them apart but by the profile's name. What a leg
//! takes at the hours of the day is a [`Drive`].

mod coarse;
mod matrix;
mod straight_line;
mod traffic;

pub use coarse::CoarseRoads;
pub use matrix::{Leg, Matrix, TravelModel};
pub use straight_line::StraightLine;
pub use traffic::Drive;
