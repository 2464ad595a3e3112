//! Which pieces of road lie near each cell of the map.

use crate::roads::snap::Grid;

/// Height of a cell in ten-millionths of a degree: about 280 m.
const STEP: i32 = 25_000;

/// The pieces of every cell.
pub struct Pieces {
    /// The cells.
    pub grid: Grid,
    /// Where the pieces of each cell begin.
    pub first: Vec<u32>,
    /// The number of each piece's first point.
    pub pieces: Vec<u32>,
}

/// Of pieces given by their first point: from there to the next point.
pub fn pieces(points: &[[i32; 2]], starts: &[u32]) -> Pieces {
    let corner = |pick: fn(i32, i32) -> i32, axis: usize| {
        points.iter().map(|point| point[axis]).reduce(pick).unwrap_or_default()
    };
    let [south, west] = [0, 1].map(|axis| corner(i32::min, axis));
    let [north, east] = [0, 1].map(|axis| corner(i32::max, axis));
    let middle = (f64::from(south) + f64::from(north)) / 2e7;
    let wide = (f64::from(STEP) / middle.to_radians().cos().max(0.05)).round() as i32;
    let cells = |from: i32, to: i32, step: i32| {
        ((i64::from(to) - i64::from(from)) / i64::from(step) + 1) as u32
    };
    let grid = Grid {
        origin: [south, west],
        step: [STEP, wide],
        rows: cells(south, north, STEP),
        columns: cells(west, east, wide),
    };
    let mut entries: Vec<(u32, u32)> = Vec::with_capacity(starts.len() * 2);
    for &piece in starts {
        let ends = [piece, piece + 1].map(|at| grid.cell(points[at as usize]));
        let range = |axis: usize| {
            let (one, other) = (ends[0][axis], ends[1][axis]);
            one.min(other)..=one.max(other)
        };
        for row in range(0) {
            for column in range(1) {
                // Every point of the network lies on the grid: it was laid around them.
                let cell = grid.number([row, column]).unwrap_or_default();
                entries.push((cell as u32, piece));
            }
        }
    }
    entries.sort_unstable();
    let mut first = vec![0_u32; grid.rows as usize * grid.columns as usize + 1];
    entries.iter().for_each(|(cell, _)| first[*cell as usize + 1] += 1);
    (1..first.len()).for_each(|at| first[at] += first[at - 1]);
    Pieces { grid, first, pieces: entries.into_iter().map(|(_, piece)| piece).collect() }
}
