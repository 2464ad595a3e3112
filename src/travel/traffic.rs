//! Driving at the hours of the day, plainly: a leg of the table is driven on minute by minute, at
//! the pace that its ends have then. Whoever leaves later never arrives earlier.
//!
//! The search has the same in prefix sums (`solver/traffic.rs`); property tests hold the two
//! together.

use crate::domain::traffic::AS_IN_THE_TABLE;
use crate::domain::{Instant, Place, Seconds, World};

/// Of the table's second, so many make one: fine enough for any percentage.
const UNITS_PER_SECOND: i64 = 100_000;

/// The way between two places of a world.
#[derive(Clone, Copy)]
pub struct Drive<'w> {
    /// The world whose traffic holds.
    pub world: &'w World,
    /// Where it begins.
    pub from: &'w Place,
    /// Where it ends.
    pub to: &'w Place,
    /// How long it takes by the table.
    pub by_table: Seconds,
}

impl Drive<'_> {
    /// When a crew that leaves then arrives: the first whole second by which it has driven it all.
    pub fn arrival(&self, leaves: Instant) -> Instant {
        if self.world.traffic.is_even() {
            return leaves + self.by_table;
        }
        let mut left = self.by_table.0 * UNITS_PER_SECOND;
        let mut now = leaves;
        while left > 0 {
            let until = self.next_change(now);
            let pace = self.pace(now);
            let driven = pace * (until - now).0;
            if left <= driven {
                return now + Seconds((left + pace - 1) / pace);
            }
            left -= driven;
            now = until;
        }
        now
    }

    /// The latest moment to leave and still arrive by then.
    pub fn departure(&self, arrives_by: Instant) -> Instant {
        if self.world.traffic.is_even() {
            return arrives_by - self.by_table;
        }
        let mut left = self.by_table.0 * UNITS_PER_SECOND;
        let mut now = arrives_by;
        while left > 0 {
            let since = self.last_change(now);
            let pace = self.pace(since);
            let driven = pace * (now - since).0;
            if left <= driven {
                return now - Seconds((left + pace - 1) / pace);
            }
            left -= driven;
            now = since;
        }
        now
    }

    /// Units that a second from then on brings: the greater percentage of the two ends counts.
    fn pace(&self, moment: Instant) -> i64 {
        let traffic = &self.world.traffic;
        let percent = [self.from, self.to]
            .into_iter()
            .filter_map(|end| {
                traffic.percent_at(end, &self.world.region, moment, self.world.calendar())
            })
            .max()
            .unwrap_or(AS_IN_THE_TABLE);
        // Rounded up, so that a leg never takes a second more than its percentage says.
        let percent = i64::from(percent);
        (UNITS_PER_SECOND * i64::from(AS_IN_THE_TABLE) + percent - 1) / percent
    }

    /// No percentage changes between then and this: hours change at whole minutes.
    fn next_change(&self, moment: Instant) -> Instant {
        let minute = Instant((moment.0.div_euclid(60) + 1) * 60);
        self.incident_edges().filter(|edge| *edge > moment).fold(minute, Instant::min)
    }

    /// No percentage changes between this and then.
    fn last_change(&self, moment: Instant) -> Instant {
        let minute = Instant((moment.0 - 1).div_euclid(60) * 60);
        self.incident_edges().filter(|edge| *edge < moment).fold(minute, Instant::max)
    }

    fn incident_edges(&self) -> impl Iterator<Item = Instant> {
        self.world.traffic.incidents.iter().flat_map(|row| [row.span.from(), row.span.to()])
    }
}
