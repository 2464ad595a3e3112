//! Moments and lengths of time: whole seconds, UTC inside, local time only at the border.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

/// A length of time in whole seconds; may be negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seconds(pub i64);

impl Seconds {
    /// No time at all.
    pub const ZERO: Seconds = Seconds(0);

    /// The length of `minutes` whole minutes.
    pub const fn from_minutes(minutes: i64) -> Seconds {
        Seconds(minutes * 60)
    }

    /// Minutes begun: 61 s are 2 minutes. Negative lengths count as none.
    pub const fn minutes_begun(self) -> i64 {
        self.units_begun(Seconds(60))
    }

    /// Units of length `unit` begun; negative lengths count as none. `unit` must be positive.
    pub const fn units_begun(self, unit: Seconds) -> i64 {
        if self.0 <= 0 { 0 } else { (self.0 + unit.0 - 1) / unit.0 }
    }
}

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

impl Add for Seconds {
    type Output = Seconds;
    fn add(self, other: Seconds) -> Seconds {
        Seconds(self.0 + other.0)
    }
}

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Seconds) {
        self.0 += other.0;
    }
}

impl Sub for Seconds {
    type Output = Seconds;
    fn sub(self, other: Seconds) -> Seconds {
        Seconds(self.0 - other.0)
    }
}

impl Neg for Seconds {
    type Output = Seconds;
    fn neg(self) -> Seconds {
        Seconds(-self.0)
    }
}

impl std::iter::Sum for Seconds {
    fn sum<I: Iterator<Item = Seconds>>(iter: I) -> Seconds {
        Seconds(iter.map(|seconds| seconds.0).sum())
    }
}

/// A moment: whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{} s after 1970", self.0),
        }
    }
}

impl Add<Seconds> for Instant {
    type Output = Instant;
    fn add(self, length: Seconds) -> Instant {
        Instant(self.0 + length.0)
    }
}

impl Sub<Seconds> for Instant {
    type Output = Instant;
    fn sub(self, length: Seconds) -> Instant {
        Instant(self.0 - length.0)
    }
}

impl Sub for Instant {
    type Output = Seconds;
    fn sub(self, other: Instant) -> Seconds {
        Seconds(self.0 - other.0)
    }
}

/// A stretch of time from `from` up to `to`; never empty the wrong way round.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    from: Instant,
    to: Instant,
}

impl Span {
    /// The span from `from` to `to`, or nothing when `to` lies before `from`.
    pub fn new(from: Instant, to: Instant) -> Option<Span> {
        (from <= to).then_some(Span { from, to })
    }

    /// Where it begins.
    pub fn from(self) -> Instant {
        self.from
    }

    /// Where it ends.
    pub fn to(self) -> Instant {
        self.to
    }

    /// How long it is.
    pub fn length(self) -> Seconds {
        self.to - self.from
    }

    /// Does an activity from `start` to `end` lie inside? Both ends may touch.
    pub fn holds(self, start: Instant, end: Instant) -> bool {
        self.from <= start && end <= self.to
    }

    /// Is the moment inside? The end counts as outside: 08–18 does not hold 18:00.
    pub fn covers(self, moment: Instant) -> bool {
        self.from <= moment && moment < self.to
    }

    /// What both spans share, if anything.
    pub fn meet(self, other: Span) -> Option<Span> {
        Span::new(self.from.max(other.from), self.to.min(other.to))
    }
}

/// A length of road in whole metres.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Metres(pub i64);

impl Add for Metres {
    type Output = Metres;
    fn add(self, other: Metres) -> Metres {
        Metres(self.0 + other.0)
    }
}

impl std::iter::Sum for Metres {
    fn sum<I: Iterator<Item = Metres>>(iter: I) -> Metres {
        Metres(iter.map(|metres| metres.0).sum())
    }
}
