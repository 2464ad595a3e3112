//! From a point to the nearest road.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use rayon::prelude::*;

use super::climb::Start;
use super::cost::Cost;
use super::geometry;
use super::hierarchy::NONE;
use super::network::RoadNetwork;
use super::{NotSnapped, Snapped};
use crate::domain::{Metres, Point};

/// How far a road may be from a place. Farms and summer houses of Skåne lie within a kilometre or
/// two of a road in OpenStreetMap; a point in the middle of a lake or out at sea does not.
pub const SNAP_LIMIT: Metres = Metres(5_000);

/// Points that were asked for before, with their places. Finding a place takes longer than its row
/// of a table, and the same points are asked for again whenever one is added.
pub type Known = BTreeMap<Point, Result<Snapped, NotSnapped>>;

/// More points than this are not remembered: about 20 MB.
const KNOWN_MOST: usize = 200_000;

/// Cells that the map is divided into, to find what is near.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grid {
    /// The corner in the south-west.
    pub origin: [i32; 2],
    /// Height and width of a cell, in the units of points.
    pub step: [i32; 2],
    /// Rows to the north.
    pub rows: u32,
    /// Columns to the east.
    pub columns: u32,
}

impl Grid {
    /// Row and column of a point, which may lie outside.
    pub fn cell(&self, point: [i32; 2]) -> [i64; 2] {
        [0, 1].map(|axis| {
            (i64::from(point[axis]) - i64::from(self.origin[axis]))
                .div_euclid(i64::from(self.step[axis]))
        })
    }

    /// The number of a cell, when it is on the grid.
    pub fn number(&self, [row, column]: [i64; 2]) -> Option<usize> {
        let inside = (0..i64::from(self.rows)).contains(&row)
            && (0..i64::from(self.columns)).contains(&column);
        inside.then(|| row as usize * self.columns as usize + column as usize)
    }

    /// The lesser side of the smallest cell, in metres: nearer the pole they are narrower.
    fn least_metres(&self) -> f64 {
        let top = i64::from(self.origin[0]) + i64::from(self.rows) * i64::from(self.step[0]);
        let ends = [i64::from(self.origin[0]), top];
        let side = |lat: i64| {
            let from = [lat.clamp(-850_000_000, 850_000_000) as i32, self.origin[1]];
            let to = [0, 1].map(|axis| from[axis].saturating_add(self.step[axis]));
            let [east, north] = geometry::plane(from, to);
            east.min(north)
        };
        ends.map(side).into_iter().fold(f64::INFINITY, f64::min) * 0.99
    }
}

/// The cells of a ring around a cell.
fn ring([row, column]: [i64; 2], radius: i64) -> impl Iterator<Item = [i64; 2]> {
    let rows = row - radius..=row + radius;
    rows.flat_map(move |at| {
        let whole = (at - row).abs() == radius;
        let step = if whole || radius == 0 { 1 } else { 2 * radius };
        (column - radius..=column + radius).step_by(step as usize).map(move |other| [at, other])
    })
}

impl RoadNetwork {
    /// The nearest place of a road, no farther than [`SNAP_LIMIT`].
    pub fn snap(&self, point: Point) -> Result<Snapped, NotSnapped> {
        self.snap_within(point, SNAP_LIMIT)
    }

    /// The nearest place of a road, no farther than `limit`.
    pub fn snap_within(&self, point: Point, limit: Metres) -> Result<Snapped, NotSnapped> {
        let units = |degrees: f64| (degrees * 1e7).round() as i32;
        let here = [units(point.lat()), units(point.lon())];
        let grid = self.grid();
        let cell = grid.cell(here);
        let side = grid.least_metres();
        let mut best = (limit.0 as f64).powi(2);
        let mut found: Option<(usize, f64)> = None;
        for radius in 0.. {
            // Whatever lies outside the rings looked at is at least so far away.
            let outside = (radius - 1) as f64 * side;
            if outside.max(0.0).powi(2) > best {
                break;
            }
            for number in ring(cell, radius).filter_map(|cell| grid.number(cell)) {
                self.nearest_in(number, here, &mut best, &mut found);
            }
        }
        let (piece, share) = found.ok_or(NotSnapped { limit })?;
        Ok(self.snapped(piece, share, best))
    }

    /// The places of all these points, as [`RoadNetwork::snap`] has them.
    pub(super) fn snap_all(&self, points: &[Point]) -> Vec<Result<Snapped, NotSnapped>> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut places: Vec<Option<Result<Snapped, NotSnapped>>> = {
            let known = known();
            points.iter().map(|point| known.get(point).copied()).collect()
        };
        let new: Vec<usize> = (0..points.len()).filter(|&at| places[at].is_none()).collect();
        let found: Vec<Result<Snapped, NotSnapped>> =
            new.par_iter().map(|&at| self.snap(points[at])).collect();
        let mut known = known();
        if known.len() + new.len() > KNOWN_MOST {
            known.clear();
        }
        for (at, place) in new.into_iter().zip(found) {
            places[at] = Some(place);
            if known.len() < KNOWN_MOST {
                known.insert(points[at], place);
            }
        }
        places.into_iter().flatten().collect()
    }

    fn nearest_in(
        &self,
        cell: usize,
        here: [i32; 2],
        best: &mut f64,
        found: &mut Option<(usize, f64)>,
    ) {
        let points = self.points();
        for &piece in self.pieces(cell) {
            let piece = piece as usize;
            let [from, to] = [piece, piece + 1].map(|at| geometry::plane(here, points[at]));
            let (square, share) = geometry::nearest_on(from, to);
            // Of roads equally near the one that comes first, whichever cell shows it.
            let first = found.is_none_or(|(other, _)| piece < other);
            if square < *best || (square <= *best && first) {
                *best = square;
                *found = Some((piece, share));
            }
        }
    }

    /// `share` of the way along the line from point number `piece` to the next.
    fn snapped(&self, piece: usize, share: f64, square: f64) -> Snapped {
        let segment = self.segment_of_piece(piece);
        let points = &self.points()[self.shape(segment)];
        let at = piece - self.shape(segment).start;
        let lengths: Vec<f64> =
            points.windows(2).map(|pair| geometry::metres(pair[0], pair[1])).collect();
        let before: f64 = lengths[..at].iter().sum::<f64>() + lengths[at] * share;
        let whole: f64 = lengths.iter().sum();
        let between = |axis: usize| {
            let (from, to) = (f64::from(points[at][axis]), f64::from(points[at + 1][axis]));
            (from + (to - from) * share).round() as i32
        };
        Snapped {
            segment,
            share: if whole > 0.0 { (before / whole).clamp(0.0, 1.0) } else { 0.0 },
            point: [between(0), between(1)],
            away: Metres(square.sqrt().round() as i64),
        }
    }

    /// The edges on which one stands there, each with what is left of it to its end.
    pub(super) fn feet(&self, at: &Snapped) -> Vec<Start> {
        let edges = self.edges_of(at.segment);
        let foot = |(edge, share): (u32, f64)| {
            let whole = Cost(self.edge_costs()[edge as usize]);
            Start { edge, cost: whole.without(whole.share(share)) }
        };
        [(edges[0], at.share), (edges[1], 1.0 - at.share)]
            .into_iter()
            .filter(|(edge, _)| *edge != NONE)
            .map(foot)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::ring;

    #[test]
    fn rings_hold_every_cell_once() {
        let mut cells: Vec<[i64; 2]> = (0..4).flat_map(|radius| ring([5, 7], radius)).collect();
        assert_eq!(cells.len(), 49);
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 49);
        assert!(cells.iter().all(|[row, column]| (row - 5).abs() <= 3 && (column - 7).abs() <= 3));
    }
}
