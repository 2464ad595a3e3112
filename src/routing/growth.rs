//! A table that is known in part: only rows and columns of what is new are asked for.

use std::collections::BTreeMap;

use super::cache::Kept;
use crate::domain::Point;
use crate::travel::LegTable;

/// Which of some points a kept table has.
pub(super) struct Overlap {
    /// Of each point, its position in the kept table.
    in_kept: Vec<Option<usize>>,
    /// Positions of those that it has.
    pub(super) known: Vec<usize>,
    /// Positions of those that it lacks.
    pub(super) missing: Vec<usize>,
}

impl Overlap {
    pub(super) fn new(kept: &Kept, points: &[Point]) -> Overlap {
        let positions: BTreeMap<Point, usize> =
            kept.points.iter().enumerate().map(|(at, point)| (*point, at)).collect();
        let in_kept: Vec<Option<usize>> =
            points.iter().map(|point| positions.get(point).copied()).collect();
        let is_known = |&at: &usize| in_kept[at].is_some();
        let (known, missing) = (0..points.len()).partition(is_known);
        Overlap { in_kept, known, missing }
    }

    /// What the kept table knows of the points; all else without a way.
    pub(super) fn table(&self, kept: &Kept) -> LegTable {
        let size = self.in_kept.len();
        let mut table = LegTable::new(size, size);
        for &row in &self.known {
            for &column in &self.known {
                if let (Some(from), Some(to)) = (self.in_kept[row], self.in_kept[column]) {
                    table.set(row, column, kept.table.leg(from, to));
                }
            }
        }
        table
    }
}

/// The legs of some points: those of a kept table, and rows and columns of the missing asked for.
/// One place more in a table of n is 2n + 1 legs.
pub(super) fn grown<E>(
    kept: &Kept,
    points: &[Point],
    mut ask: impl FnMut(&[Point], &[Point]) -> Result<LegTable, E>,
) -> Result<LegTable, E> {
    let overlap = Overlap::new(kept, points);
    let mut table = overlap.table(kept);
    if overlap.missing.is_empty() {
        return Ok(table);
    }
    let of = |positions: &[usize]| -> Vec<Point> {
        positions.iter().map(|&position| points[position]).collect()
    };
    let missing = of(&overlap.missing);
    let rows = ask(&missing, points)?;
    for (at, &row) in overlap.missing.iter().enumerate() {
        (0..points.len()).for_each(|column| table.set(row, column, rows.leg(at, column)));
    }
    // Who has no road near has no leg even to itself: nothing more is asked of it.
    let on_road: Vec<usize> =
        overlap.missing.iter().copied().filter(|&at| table.leg(at, at).is_some()).collect();
    if !overlap.known.is_empty() && !on_road.is_empty() {
        let columns = ask(&of(&overlap.known), &of(&on_road))?;
        for (from, &row) in overlap.known.iter().enumerate() {
            for (to, &column) in on_road.iter().enumerate() {
                table.set(row, column, columns.leg(from, to));
            }
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;
    use crate::travel::StraightLine;

    fn points(count: i32) -> Vec<Point> {
        let point = |at| Point::from_degrees(55.5 + 0.01 * f64::from(at), 13.2);
        (0..count).map(|at| point(at).expect("on the globe")).collect()
    }

    fn kept(points: Vec<Point>) -> Kept {
        let table = LegTable::ask(&StraightLine, &points, &points);
        let network = "test".to_owned();
        Kept { network, data: None, fetched: Instant(0), points, table }
    }

    #[test]
    fn one_place_more_asks_for_its_row_and_its_column_and_nothing_else() {
        let all = points(31);
        let mut legs = 0;
        let table = grown(&kept(all[..30].to_vec()), &all, |from, to| {
            legs += from.len() * to.len();
            Ok::<_, ()>(LegTable::ask(&StraightLine, from, to))
        });
        assert_eq!(table, Ok(LegTable::ask(&StraightLine, &all, &all)));
        assert_eq!(legs, 2 * 30 + 1);
    }

    #[test]
    fn places_gone_and_in_another_order_ask_for_nothing() {
        let mut some = points(20);
        some.reverse();
        some.truncate(12);
        let nothing = |_: &[Point], _: &[Point]| Err("nothing is missing");
        let table = grown(&kept(points(20)), &some, nothing);
        assert_eq!(table, Ok(LegTable::ask(&StraightLine, &some, &some)));
    }
}
