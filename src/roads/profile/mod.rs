//! How a car drives: which ways, how fast, and what stops it.
//!
//! Flows in: tags of OpenStreetMap. Flows out: speeds, access, obstacles. Facts (class speeds,
//! reductions, access words, penalties) are those of OSRM's car profile, `car.lua` of version
//! 26.10.0 (BSD-2-Clause, Project OSRM contributors), so that times agree with an OSRM server on
//! the same data; the code is our own. Driving is on the right.

mod access;
mod obstacle;
mod speed;
mod tags;
mod turn;
mod way;

pub use obstacle::{Obstacle, ObstacleKind, Towards, obstacles};
pub use tags::Tags;
pub use turn::{RESTRICTED_TENTHS, TurnShape, turn_tenths};
pub use way::{Drive, WayDrive, way_drive};
