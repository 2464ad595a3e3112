//! How long a server is waited for.

use std::time::{Duration, Instant};

/// A server may take a fixed while, and beyond that as long as its answers are worth. So a large
/// table gets the time that it needs, and a server that does not answer costs the fixed while.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    since: Instant,
    fixed: Duration,
    per_leg: Duration,
    legs: u32,
}

impl Patience {
    pub(super) fn begin(fixed: Duration, per_leg: Duration) -> Patience {
        Patience { since: Instant::now(), fixed, per_leg, legs: 0 }
    }

    /// So many legs have been answered.
    pub(super) fn answered(&mut self, legs: usize) {
        self.legs = self.legs.saturating_add(u32::try_from(legs).unwrap_or(u32::MAX));
    }

    /// When it ends, unless more is answered before.
    pub(super) fn ends(&self) -> Instant {
        self.since + self.fixed + self.per_leg.saturating_mul(self.legs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_buy_time_and_silence_does_not() {
        let mut patience = Patience::begin(Duration::from_secs(1), Duration::from_micros(10));
        assert_eq!(patience.ends() - patience.since, Duration::from_secs(1));
        patience.answered(100_000);
        assert_eq!(patience.ends() - patience.since, Duration::from_secs(2));
    }
}
