//! Tables of legs kept for next time, by network: in memory for one run, on disk for the next.
//!
//! A table holds where people live: files are readable by their owner alone.

mod disk;
mod file;
mod memory;

use std::collections::BTreeSet;
use std::io;

pub use disk::{BYTES_MAX, DiskCache};
pub use memory::MemoryCache;

use crate::domain::{Instant, Point};
use crate::travel::LegTable;

/// A table that was asked for earlier.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// The network: server or file, profile, date or fingerprint. Another network, another table.
    pub network: String,
    /// What the network said of its own date or version.
    pub data: Option<String>,
    /// When the oldest of its legs was asked for.
    pub fetched: Instant,
    /// Its places, each once.
    pub points: Vec<Point>,
    /// From each of them to each of them.
    pub table: LegTable,
}

impl Kept {
    /// How many bytes its legs and points take.
    pub fn bytes(&self) -> u64 {
        (self.table.bytes() + 8 * self.points.len()) as u64
    }
}

/// Where tables are kept. The oldest go when there is no room for more.
pub trait Cache {
    /// The table of the network that has the most of these points; nothing when none has any.
    fn best(&self, network: &str, points: &[Point]) -> Option<Kept>;

    /// Keeps a table. Those of the same network that say nothing more are dropped.
    fn keep(&self, kept: &Kept) -> io::Result<()>;
}

/// How many of the points there are among these.
fn shared(points: &[Point], among: &[Point]) -> usize {
    let wanted: BTreeSet<&Point> = points.iter().collect();
    among.iter().filter(|point| wanted.contains(point)).count()
}
