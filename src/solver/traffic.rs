//! Driving at the hours of the day, fast: a clock per kind of leg says how much of it is driven by
//! when.
//!
//! In a segment a crew drives `pace` units a tick; a leg of `n` ticks by the table is `n` times
//! [`UNITS_PER_TICK`]. Leaving later never means arriving earlier, and the latest departure is
//! exact: `arrive(d) ≤ limit` just when `d ≤ leave(limit)` (Ichoua, Gendreau and Potvin 2003, in
//! whole numbers).

use super::problem::NEVER;

/// A tick of the table has so many units.
pub const UNITS_PER_TICK: i64 = 100_000;
/// Ticks per entry of a clock's index.
const STEP: i32 = 1024;

/// A clock of driving.
#[derive(Clone, Debug)]
pub struct DriveClock {
    /// First ticks of the segments, ascending; the first is before everything.
    begins: Vec<i32>,
    /// Units a tick of each segment.
    paces: Vec<i64>,
    /// Per [`STEP`] ticks from 0 on, the segment that its first tick lies in.
    index: Vec<u32>,
}

impl DriveClock {
    /// A clock that goes at `pace` units a tick from each of these ticks on, ascending and of
    /// positive pace; before the first it goes as the table does.
    pub fn new(segments: &[(i32, i64)]) -> DriveClock {
        let mut clock =
            DriveClock { begins: vec![-NEVER], paces: vec![UNITS_PER_TICK], index: Vec::new() };
        for &(begin, pace) in segments {
            if clock.paces.last() != Some(&pace) {
                clock.begins.push(begin);
                clock.paces.push(pace);
            }
        }
        let last = clock.begins.last().copied().unwrap_or(0).max(0);
        for at in 0..=last / STEP {
            let tick = at * STEP;
            let segment = clock.begins.partition_point(|begin| *begin <= tick) - 1;
            clock.index.push(segment as u32);
        }
        clock
    }

    /// The segment that a tick lies in.
    #[inline]
    fn segment(&self, tick: i32) -> usize {
        if tick < 0 {
            return self.begins.partition_point(|begin| *begin <= tick).max(1) - 1;
        }
        let entry = (tick / STEP) as usize;
        let mut at = match self.index.get(entry) {
            Some(&segment) => segment as usize,
            None => return self.begins.len() - 1,
        };
        while at + 1 < self.begins.len() && self.begins[at + 1] <= tick {
            at += 1;
        }
        at
    }

    /// When a leg of so many ticks by the table is driven by whoever leaves then.
    pub fn arrive(&self, leaves: i32, ticks: i32) -> i32 {
        let mut left = i64::from(ticks) * UNITS_PER_TICK;
        let (mut now, mut at) = (leaves, self.segment(leaves));
        while left > 0 {
            let pace = self.paces[at];
            let ends = self.begins.get(at + 1).copied().unwrap_or(i32::MAX);
            let driven = pace * (i64::from(ends) - i64::from(now));
            if left <= driven || ends == i32::MAX {
                return now.saturating_add(((left + pace - 1) / pace) as i32);
            }
            left -= driven;
            (now, at) = (ends, at + 1);
        }
        now
    }

    /// The latest departure that has such a leg driven by then.
    pub fn leave(&self, arrives_by: i32, ticks: i32) -> i32 {
        let mut left = i64::from(ticks) * UNITS_PER_TICK;
        let (mut now, mut at) = (arrives_by, self.segment(arrives_by.saturating_sub(1)));
        while left > 0 {
            let pace = self.paces[at];
            let driven = pace * (i64::from(now) - i64::from(self.begins[at]));
            if left <= driven || at == 0 {
                return now.saturating_sub(((left + pace - 1) / pace) as i32);
            }
            left -= driven;
            (now, at) = (self.begins[at], at - 1);
        }
        now
    }
}

/// Which clock each leg goes by.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Per place, its class: places of a class share all hours.
    pub class_of: Vec<u32>,
    /// Per pair of classes, row by row, a position in `clocks`; none where the table always holds.
    pub clock_of: Vec<Option<u32>>,
    /// Distinct clocks.
    pub clocks: Vec<DriveClock>,
    /// How many classes.
    pub classes: usize,
}

impl Traffic {
    /// The same traffic for places in this order.
    pub fn renumbered(&self, order: &[u32]) -> Traffic {
        let class_of = order.iter().map(|&place| self.class_of[place as usize]).collect();
        Traffic { class_of, ..self.clone() }
    }

    #[inline]
    fn clock(&self, from: u32, to: u32) -> Option<&DriveClock> {
        let (from, to) = (self.class_of[from as usize], self.class_of[to as usize]);
        let clock = self.clock_of[from as usize * self.classes + to as usize]?;
        Some(&self.clocks[clock as usize])
    }

    /// When a leg of so many ticks by the table is driven by whoever leaves then.
    #[inline]
    pub fn arrive(&self, leaves: i32, (from, to): (u32, u32), ticks: i32) -> i32 {
        match self.clock(from, to) {
            Some(clock) if ticks < NEVER => clock.arrive(leaves, ticks),
            _ => leaves.saturating_add(ticks),
        }
    }

    /// The latest departure that has such a leg driven by then.
    #[inline]
    pub fn leave(&self, arrives_by: i32, (from, to): (u32, u32), ticks: i32) -> i32 {
        match self.clock(from, to) {
            Some(clock) if ticks < NEVER => clock.leave(arrives_by, ticks),
            _ => arrives_by.saturating_sub(ticks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slow between 1 000 and 2 000 ticks, fast after 5 000, with a tick's jam in between.
    fn clock() -> DriveClock {
        DriveClock::new(&[
            (1_000, UNITS_PER_TICK / 2),
            (2_000, UNITS_PER_TICK),
            (3_000, UNITS_PER_TICK / 7),
            (3_001, UNITS_PER_TICK),
            (5_000, UNITS_PER_TICK * 10 / 9),
        ])
    }

    #[test]
    fn outside_of_slow_hours_the_table_holds() {
        assert_eq!(clock().arrive(100, 500), 600);
        assert_eq!(clock().arrive(-50, 500), 450);
        assert_eq!(clock().leave(600, 500), 100);
    }

    #[test]
    fn a_leg_into_slow_hours_is_driven_partly_fast() {
        assert_eq!(clock().arrive(900, 300), 900 + 100 + 400);
        assert_eq!(clock().leave(1_400, 300), 900);
        assert_eq!(clock().arrive(1_900, 100), 2_000 + 50);
    }

    #[test]
    fn leaving_later_never_arrives_earlier_and_the_latest_departure_is_exact() {
        let clock = clock();
        for ticks in [0, 1, 7, 60, 333, 1_500, 4_000] {
            let mut before = i32::MIN;
            for leaves in (-200..6_500).step_by(3) {
                let arrives = clock.arrive(leaves, ticks);
                assert!(arrives >= before);
                before = arrives;
                assert!(clock.leave(arrives, ticks) >= leaves);
                assert!(clock.leave(arrives - 1, ticks) < leaves);
            }
        }
    }
}
