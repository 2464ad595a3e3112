//! How long a server is waited for.

use std::time::{Duration, Instant};

/// A server may be silent for a fixed while, and take that while in all beyond what its answers are
/// worth. So a large table gets the time that it needs, a server that stops answering costs the
/// while, and one that is slow without end is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    since: Instant,
    last_answer: Instant,
    fixed: Duration,
    per_leg: Duration,
    legs: u32,
}

impl Patience {
    pub(super) fn begin(fixed: Duration, per_leg: Duration) -> Patience {
        let now = Instant::now();
        Patience { since: now, last_answer: now, fixed, per_leg, legs: 0 }
    }

    /// So many legs have been answered, just now.
    pub(super) fn answered(&mut self, legs: usize) {
        self.last_answer = Instant::now();
        self.legs = self.legs.saturating_add(u32::try_from(legs).unwrap_or(u32::MAX));
    }

    /// When it ends, unless more is answered before.
    pub(super) fn ends(&self) -> Instant {
        let earned = self.since + self.fixed + self.per_leg.saturating_mul(self.legs);
        earned.min(self.last_answer + self.fixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_buy_time_and_silence_does_not() {
        let mut patience = Patience::begin(Duration::from_secs(1), Duration::from_micros(10));
        assert_eq!(patience.ends() - patience.since, Duration::from_secs(1));
        // Half a second was used, and as much is earned.
        patience.since -= Duration::from_millis(500);
        patience.answered(50_000);
        assert_eq!(patience.ends() - patience.since, Duration::from_millis(1_500));
        // However much is earned, nobody is waited for longer than the while.
        patience.answered(1_000_000);
        assert_eq!(patience.ends() - patience.last_answer, Duration::from_secs(1));
    }
}
