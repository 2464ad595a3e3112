//! Legs from some places to some places, eight bytes each.

use rayon::prelude::*;

use super::matrix::{Leg, TravelModel};
use crate::domain::{Metres, Point, Seconds, TableFingerprint};

/// Room for so many columns more than there are, when there is none left.
const ROOM: usize = 64;

/// Legs from each of some places to each of some places. Legs longer than 136 years do not occur:
/// they count as unreachable.
#[derive(Clone, Debug)]
pub struct LegTable {
    rows: usize,
    columns: usize,
    /// From the start of a row to the start of the next: at least `columns`, more when places have
    /// been added.
    stride: usize,
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
            rows,
            columns,
            stride: columns,
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
        let rows = seconds.len().checked_div(columns).unwrap_or(0);
        is_whole.then_some(LegTable { rows, columns, stride: columns, seconds, metres })
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
        self.rows
    }

    /// How many places it goes to.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The leg of a row and column; `None` when there is no way.
    pub fn leg(&self, row: usize, column: usize) -> Option<Leg> {
        let at = row * self.stride + column;
        let seconds = self.seconds[at];
        (seconds != LegTable::UNREACHABLE).then(|| Leg {
            seconds: Seconds(i64::from(seconds)),
            metres: Metres(i64::from(self.metres[at])),
        })
    }

    /// Changes a leg.
    pub fn set(&mut self, row: usize, column: usize, leg: Option<Leg>) {
        let at = row * self.stride + column;
        (self.seconds[at], self.metres[at]) = numbers(leg);
    }

    /// One row and one column more, of a place that the table goes to and from; the row ends with
    /// the place itself. Hardly anything else is touched: there is room for many before all has to
    /// be moved.
    pub fn add_place(&mut self, row: &[Option<Leg>], column: &[Option<Leg>]) {
        let is_right = (column.len(), row.len()) == (self.rows, self.columns + 1);
        assert!(is_right, "a row and a column of the table's size");
        if self.stride == self.columns {
            self.make_room();
        }
        self.columns += 1;
        column.iter().enumerate().for_each(|(from, leg)| self.set(from, self.columns - 1, *leg));
        self.rows += 1;
        self.seconds.resize(self.rows * self.stride, LegTable::UNREACHABLE);
        self.metres.resize(self.rows * self.stride, LegTable::UNREACHABLE);
        row.iter().enumerate().for_each(|(to, leg)| self.set(self.rows - 1, to, *leg));
    }

    /// Moves all once, so that places can be added without moving anything.
    pub fn make_room(&mut self) {
        let stride = self.columns + ROOM;
        let moved = |numbers: &[u32]| {
            let mut moved = Vec::with_capacity((self.rows + ROOM) * stride);
            for row in 0..self.rows {
                moved.extend(&numbers[row * self.stride..row * self.stride + self.columns]);
                moved.resize((row + 1) * stride, LegTable::UNREACHABLE);
            }
            moved
        };
        (self.seconds, self.metres) = (moved(&self.seconds), moved(&self.metres));
        self.stride = stride;
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        4 * (self.seconds.len() + self.metres.len())
    }

    /// Row by row, with [`LegTable::UNREACHABLE`] where there is no way.
    pub fn seconds(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.rows).flat_map(|row| self.row(&self.seconds, row).iter().copied())
    }

    /// Row by row, with [`LegTable::UNREACHABLE`] where there is no way.
    pub fn metres(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.rows).flat_map(|row| self.row(&self.metres, row).iter().copied())
    }

    fn row<'a>(&self, numbers: &'a [u32], row: usize) -> &'a [u32] {
        &numbers[row * self.stride..row * self.stride + self.columns]
    }

    /// A number made of every leg and where it stands.
    pub fn fingerprint(&self) -> TableFingerprint {
        self.fingerprint_of(self.sum())
    }

    /// The fingerprint, when the sum of all legs is known.
    pub(super) fn fingerprint_of(&self, sum: u64) -> TableFingerprint {
        let shape = mixed((self.rows as u64) << 32 | self.columns as u64);
        TableFingerprint(mixed(sum ^ shape))
    }

    /// The numbers of all legs, added up: in any order, on any number of threads.
    pub(super) fn sum(&self) -> u64 {
        let of_row = |row: usize| {
            let legs = self.row(&self.seconds, row).iter().zip(self.row(&self.metres, row));
            let legs = legs.enumerate();
            legs.fold(0, |sum: u64, (column, (s, m))| sum.wrapping_add(number(row, column, *s, *m)))
        };
        (0..self.rows).into_par_iter().map(of_row).reduce(|| 0, u64::wrapping_add)
    }

    /// The numbers of the last row and the last column, added up.
    pub(super) fn sum_of_last(&self) -> u64 {
        let (last_row, last_column) = (self.rows - 1, self.columns - 1);
        let cell = |row: usize, column: usize| {
            let at = row * self.stride + column;
            number(row, column, self.seconds[at], self.metres[at])
        };
        let of_row = (0..self.columns).map(|column| cell(last_row, column));
        let of_column = (0..last_row).map(|row| cell(row, last_column));
        of_row.chain(of_column).fold(0, u64::wrapping_add)
    }
}

/// A leg and where it stands, as one number.
fn number(row: usize, column: usize, seconds: u32, metres: u32) -> u64 {
    let place = mixed((row as u64) << 32 | column as u64);
    mixed(place ^ (u64::from(seconds) << 32 | u64::from(metres)))
}

impl PartialEq for LegTable {
    fn eq(&self, other: &LegTable) -> bool {
        (self.rows, self.columns) == (other.rows, other.columns)
            && self.seconds().eq(other.seconds())
            && self.metres().eq(other.metres())
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
    fn places_are_added_one_by_one_and_it_is_as_if_they_had_always_been_there() {
        let places = 3 * ROOM;
        let of = |row: usize, column: usize| leg((row * 1000 + column) as i64);
        let mut grown = LegTable::new(0, 0);
        let mut whole = LegTable::new(places, places);
        let mut sum = grown.sum();
        for new in 0..places {
            let row: Vec<_> = (0..=new).map(|column| of(new, column)).collect();
            let column: Vec<_> = (0..new).map(|row| of(row, new)).collect();
            grown.add_place(&row, &column);
            sum = sum.wrapping_add(grown.sum_of_last());
            (0..places).for_each(|column| whole.set(new, column, of(new, column)));
        }
        assert_eq!(grown, whole);
        assert_eq!((grown.sum(), grown.fingerprint()), (sum, whole.fingerprint()));
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
