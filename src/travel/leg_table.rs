//! Legs from some places to some places, eight bytes each.

use rayon::prelude::*;

use super::matrix::{Leg, TravelModel};
use crate::domain::{Metres, Point, Seconds, TableFingerprint};

/// Legs that are made into one number in one go.
const LEGS_AT_ONCE: usize = 1 << 16;

/// Legs from each of some places to each of some places. Legs longer than 136 years do not occur:
/// they count as unreachable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegTable {
    columns: usize,
    seconds: Vec<u32>,
    metres: Vec<u32>,
}

impl LegTable {
    /// What stands for a leg that there is no way for.
    pub const UNREACHABLE: u32 = u32::MAX;

    /// Without any way anywhere.
    pub fn new(rows: usize, columns: usize) -> LegTable {
        let legs = rows * columns;
        LegTable {
            columns,
            seconds: vec![LegTable::UNREACHABLE; legs],
            metres: vec![LegTable::UNREACHABLE; legs],
        }
    }

    /// From the numbers that [`LegTable::seconds`] and [`LegTable::metres`] give; nothing when they
    /// aren't of one length, or not of whole rows.
    pub fn from_numbers(columns: usize, seconds: Vec<u32>, metres: Vec<u32>) -> Option<LegTable> {
        let is_whole = seconds.len() == metres.len()
            && if columns == 0 {
                seconds.is_empty()
            } else {
                seconds.len().is_multiple_of(columns)
            };
        is_whole.then_some(LegTable { columns, seconds, metres })
    }

    /// Every leg from `from` to `to` as the model has them.
    pub fn ask(model: &dyn TravelModel, from: &[Point], to: &[Point]) -> LegTable {
        let mut table = LegTable::new(from.len(), to.len());
        let rows_at_once = model.rows_at_once().max(1);
        let block = (to.len() * rows_at_once).max(1);
        let seconds = table.seconds.par_chunks_mut(block);
        seconds
            .zip(table.metres.par_chunks_mut(block))
            .zip(from.par_chunks(rows_at_once))
            .for_each(|((seconds, metres), from)| {
                for (at, leg) in model.legs(from, to).into_iter().enumerate() {
                    (seconds[at], metres[at]) = numbers(leg);
                }
            });
        table
    }

    /// How many places it goes from.
    pub fn rows(&self) -> usize {
        self.seconds.len().checked_div(self.columns).unwrap_or(0)
    }

    /// How many places it goes to.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The leg of a row and column; `None` when there is no way.
    pub fn leg(&self, row: usize, column: usize) -> Option<Leg> {
        let at = row * self.columns + column;
        let seconds = self.seconds[at];
        (seconds != LegTable::UNREACHABLE).then(|| Leg {
            seconds: Seconds(i64::from(seconds)),
            metres: Metres(i64::from(self.metres[at])),
        })
    }

    /// Changes a leg.
    pub fn set(&mut self, row: usize, column: usize, leg: Option<Leg>) {
        let at = row * self.columns + column;
        (self.seconds[at], self.metres[at]) = numbers(leg);
    }

    /// Row by row, with [`LegTable::UNREACHABLE`] where there is no way.
    pub fn seconds(&self) -> &[u32] {
        &self.seconds
    }

    /// Row by row, with [`LegTable::UNREACHABLE`] where there is no way.
    pub fn metres(&self) -> &[u32] {
        &self.metres
    }

    /// A number made of every leg, the same on any number of threads.
    pub fn fingerprint(&self) -> TableFingerprint {
        let parts: Vec<u64> = self
            .seconds
            .par_chunks(LEGS_AT_ONCE)
            .zip(self.metres.par_chunks(LEGS_AT_ONCE))
            .map(|(seconds, metres)| {
                let legs = seconds.iter().zip(metres);
                legs.fold(0, |sum, (s, m)| mixed(sum ^ (u64::from(*s) << 32 | u64::from(*m))))
            })
            .collect();
        let start = mixed(self.columns as u64);
        TableFingerprint(parts.into_iter().fold(start, |sum, part| mixed(sum ^ part)))
    }
}

fn numbers(leg: Option<Leg>) -> (u32, u32) {
    let number = |of: i64| u32::try_from(of).unwrap_or(LegTable::UNREACHABLE);
    leg.map_or((LegTable::UNREACHABLE, LegTable::UNREACHABLE), |leg| {
        (number(leg.seconds.0), number(leg.metres.0))
    })
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014) after an odd step: one to one, and
/// every bit of it depends on every bit of what went in.
pub fn mixed(number: u64) -> u64 {
    let mut sum = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    sum = (sum ^ (sum >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    sum = (sum ^ (sum >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    sum ^ (sum >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(seconds: i64) -> Option<Leg> {
        Some(Leg { seconds: Seconds(seconds), metres: Metres(seconds * 10) })
    }

    #[test]
    fn every_leg_and_its_position_count_in_the_fingerprint() {
        let mut table = LegTable::new(2, 3);
        let empty = table.fingerprint();
        table.set(0, 1, leg(60));
        let one = table.fingerprint();
        table.set(0, 1, None);
        assert_eq!(table.fingerprint(), empty);
        table.set(1, 0, leg(60));
        assert!(one != empty && table.fingerprint() != one);
        assert_ne!(LegTable::new(3, 2).fingerprint(), empty, "the shape counts");
    }

    #[test]
    fn numbers_of_another_shape_are_no_table() {
        assert!(LegTable::from_numbers(2, vec![1, 2, 3, 4], vec![1, 2, 3, 4]).is_some());
        assert!(LegTable::from_numbers(2, vec![1, 2, 3], vec![1, 2, 3]).is_none());
        assert!(LegTable::from_numbers(2, vec![1, 2], vec![1]).is_none());
        assert!(LegTable::from_numbers(0, vec![1], vec![1]).is_none());
        assert_eq!(LegTable::from_numbers(0, vec![], vec![]).map(|table| table.rows()), Some(0));
    }

    #[test]
    fn a_leg_too_long_for_a_life_is_no_way() {
        let mut table = LegTable::new(1, 1);
        table.set(0, 0, leg(i64::from(u32::MAX)));
        assert_eq!(table.leg(0, 0), None);
    }
}
