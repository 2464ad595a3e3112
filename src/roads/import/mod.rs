//! From an OpenStreetMap extract to a prepared network.
//!
//! ```text
//! .osm.pbf ─▶ read ─▶ segment ─▶ turns ─▶ rank (component, dissect) ─▶ contract ─▶ write
//! ```

mod component;
mod contract;
mod dissect;
mod flow;
mod grid;
mod junction;
mod rank;
mod read;
mod segment;
#[cfg(test)]
pub mod tests;
mod turns;
mod write;

pub use write::{import, prepare};

/// The most that an extract may span from corner to corner: what [`super::cost::Cost`] can hold
/// with room for detours.
pub const SPAN_MOST_KM: u64 = 900;

/// What the import is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Reading ways.
    Ways,
    /// Reading points.
    Points,
    /// Cutting ways into stretches between junctions, and finding the turns.
    Streets,
    /// Ordering: the slowest.
    Order,
    /// Contracting and pricing.
    Contract,
    /// Writing.
    Write,
}

/// Is told the stage and the share of it that is done.
pub type Progress<'a> = dyn FnMut(Stage, f64) + 'a;
