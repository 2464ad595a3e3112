//! What time it is, asked in one place only. The service's time never goes back and never jumps.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::domain::{Instant, Seconds};

/// A clock of the service.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;

    /// How far the machine's clock has gone from this one: more than nothing after somebody set it.
    fn gone_astray(&self) -> Seconds {
        Seconds::ZERO
    }

    /// How long `length` of the day takes in the room where the service runs.
    fn in_reality(&self, length: Seconds) -> Duration {
        Duration::from_secs(u64::try_from(length.0).unwrap_or(0))
    }
}

/// The machine's clock as it was at the start, and the seconds that have gone by since. Somebody
/// who sets the machine's clock changes nothing for the plan: see [`Clock::gone_astray`].
pub struct SteadyClock {
    begun: Instant,
    since: std::time::Instant,
    wall: Box<dyn Fn() -> Instant + Send + Sync>,
}

impl SteadyClock {
    /// Starts with the machine's clock.
    pub fn start() -> SteadyClock {
        SteadyClock::of(Box::new(wall))
    }

    /// Starts with a clock of one's own, which may jump.
    pub fn of(wall: Box<dyn Fn() -> Instant + Send + Sync>) -> SteadyClock {
        SteadyClock { begun: wall(), since: std::time::Instant::now(), wall }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Instant {
        self.begun + Seconds(self.since.elapsed().as_secs() as i64)
    }

    fn gone_astray(&self) -> Seconds {
        (self.wall)() - self.now()
    }
}

/// A day that plays itself: time begins at a moment of the day and goes by at a chosen speed.
pub struct PlayedClock {
    begun: Instant,
    since: std::time::Instant,
    speed: f64,
}

impl PlayedClock {
    /// Begins now; `speed` seconds of the day go by in a second.
    pub fn start(begun: Instant, speed: f64) -> PlayedClock {
        PlayedClock { begun, since: std::time::Instant::now(), speed }
    }
}

impl Clock for PlayedClock {
    fn now(&self) -> Instant {
        self.begun + Seconds((self.since.elapsed().as_secs_f64() * self.speed) as i64)
    }

    fn in_reality(&self, length: Seconds) -> Duration {
        Duration::from_secs_f64((length.0.max(0) as f64 / self.speed).min(86_400.0))
    }
}

/// A clock that is set by hand, for tests.
pub struct HandClock(AtomicI64);

impl HandClock {
    /// Stands at this moment.
    pub fn at(now: Instant) -> HandClock {
        HandClock(AtomicI64::new(now.0))
    }

    /// Sets it.
    pub fn set(&self, now: Instant) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// The machine's clock.
fn wall() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // Before 1970 is as good as then.
    Instant(since.map_or(0, |since| since.as_secs() as i64))
}
