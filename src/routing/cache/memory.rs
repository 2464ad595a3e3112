//! Tables kept in memory, for a service that plans all day.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};

use super::{Cache, Kept, shared};
use crate::domain::Point;

/// Tables in memory, up to so many bytes.
#[derive(Debug)]
pub struct MemoryCache {
    bytes_max: u64,
    /// The oldest first.
    tables: Mutex<VecDeque<Kept>>,
}

impl MemoryCache {
    /// Nothing yet.
    pub fn new(bytes_max: u64) -> MemoryCache {
        MemoryCache { bytes_max, tables: Mutex::new(VecDeque::new()) }
    }

    /// How many tables there are.
    pub fn count(&self) -> usize {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Cache for MemoryCache {
    fn best(&self, network: &str, points: &[Point]) -> Option<Kept> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let of_network = tables.iter().filter(|kept| kept.network == network);
        let best = of_network.max_by_key(|kept| shared(points, &kept.points))?;
        (shared(points, &best.points) > 0).then(|| best.clone())
    }

    fn keep(&self, kept: &Kept) -> io::Result<()> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables.retain(|old| {
            old.network != kept.network || shared(&old.points, &kept.points) < old.points.len()
        });
        if kept.bytes() <= self.bytes_max {
            tables.push_back(kept.clone());
        }
        while tables.iter().map(Kept::bytes).sum::<u64>() > self.bytes_max {
            tables.pop_front();
        }
        Ok(())
    }
}
