//! How the service is, for whoever looks after it.

use std::sync::atomic::Ordering;

use super::{HEAVY, Service};
use crate::domain::{Instant, Seconds};
use crate::store::Seq;

/// How the service is.
#[derive(Clone, Debug)]
pub struct Health {
    /// Can the store be read, and events be stored?
    pub is_store_up: bool,
    /// Is it about to stop?
    pub is_stopping: bool,
    /// Could the last snapshot not be kept? A new start would take longer.
    pub has_snapshot_failed: bool,
    /// How far the machine's clock has gone from the service's.
    pub clock_astray: Seconds,
    /// The last event that readers see.
    pub seq: Seq,
    /// When that was recorded.
    pub at: Instant,
    /// Who listens to the stream.
    pub listeners: usize,
    /// Events under way that change the plan, and their bound.
    pub heavy: (usize, usize),
    /// How many were told to come again.
    pub refused_busy: u64,
}

impl Service {
    /// How the service is.
    pub fn health(&self) -> Health {
        let view = self.view();
        Health {
            is_store_up: !self.shared.is_store_down.load(Ordering::SeqCst)
                && !self.shared.is_store_unread.load(Ordering::SeqCst),
            is_stopping: *self.shared.stopping.borrow(),
            has_snapshot_failed: self.shared.has_snapshot_failed.load(Ordering::SeqCst),
            clock_astray: self.shared.clock.gone_astray(),
            seq: view.seq,
            at: view.at,
            listeners: self.shared.broadcast.listeners(),
            heavy: (HEAVY - self.heavy.available_permits(), HEAVY),
            refused_busy: self.shared.refused_busy.load(Ordering::Relaxed),
        }
    }
}
