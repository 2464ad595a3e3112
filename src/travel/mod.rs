//! How long from A to B: one table of seconds and metres that planning reads, filled by a model.
//!
//! Flows in: points. Flows out: a [`Matrix`], which says where its legs came from. A road network
//! or a routing server fills the same table; nothing outside this room can tell them apart but by
//! that. What a leg takes at the hours of the day is a [`Drive`].

mod clustered;
mod coarse;
mod leg_table;
mod matrix;
mod straight_line;
mod traffic;

pub use clustered::Clustered;
pub use coarse::CoarseRoads;
pub use leg_table::{LegTable, mixed};
pub use matrix::{EVERY_LEG_MAX, Leg, Matrix, TravelModel};
pub use straight_line::StraightLine;
pub use traffic::Drive;
