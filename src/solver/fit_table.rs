//! How parts fit routes, looked up at once: routes that all parts fit alike share a column.
//!
//! A region has a thousand routes but few kinds of them, so the table stays small enough for the
//! processor's near memory, where a search among a thousand entries is a dozen trips further out.

use super::problem::{NONE, Problem};

/// Entries at most: beyond that fits are searched for.
const ENTRIES_MAX: usize = 16_000_000;

/// Part by part, how it fits each column of routes.
pub(super) struct FitTable {
    /// Empty where it would be too large.
    fits: Vec<u32>,
    column_of: Vec<u32>,
    columns: usize,
}

impl FitTable {
    /// Finds the columns and fills them.
    pub fn of(problem: &Problem) -> FitTable {
        let (column_of, columns) = columns_of(problem);
        let mut table = FitTable { fits: Vec::new(), column_of, columns };
        if problem.parts.len() * columns > ENTRIES_MAX {
            return table;
        }
        table.fits = vec![NONE; problem.parts.len() * columns];
        for (part, fitting) in problem.fitting.iter().enumerate() {
            for &(route, fit) in fitting {
                table.fits[part * columns + table.column_of[route as usize] as usize] = fit;
            }
        }
        table
    }

    /// [`Problem::fit_of`].
    #[inline]
    pub fn fit_of(&self, problem: &Problem, part: u32, route: u32) -> Option<u32> {
        if self.fits.is_empty() {
            return problem.fit_of(part, route);
        }
        let column = self.column_of[route as usize] as usize;
        let fit = self.fits[part as usize * self.columns + column];
        (fit != NONE).then_some(fit)
    }
}

/// Per route its column, and how many there are: one for all routes, parted for every part that
/// fits two of them otherwise.
fn columns_of(problem: &Problem) -> (Vec<u32>, usize) {
    let count = problem.routes.len();
    let (mut column_of, mut columns) = (vec![0; count], count.min(1));
    let mut fit_at = vec![NONE; count];
    let mut first = Vec::new();
    for fitting in &problem.fitting {
        if columns == count {
            break;
        }
        fit_at.fill(NONE);
        for &(route, fit) in fitting {
            fit_at[route as usize] = fit;
        }
        first.clear();
        first.resize(columns, None);
        let is_same =
            |(&column, &fit): (&u32, &u32)| *first[column as usize].get_or_insert(fit) == fit;
        if !column_of.iter().zip(&fit_at).all(is_same) {
            columns = part_columns(&mut column_of, &fit_at);
        }
    }
    (column_of, columns)
}

/// Parts the columns in which not all routes have the same fit; says how many there are now.
fn part_columns(column_of: &mut [u32], fit_at: &[u32]) -> usize {
    let mut keys: Vec<(u32, u32)> = column_of.iter().copied().zip(fit_at.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    for (column, &fit) in column_of.iter_mut().zip(fit_at) {
        // Every key is in the list it was put in.
        *column = keys.binary_search(&(*column, fit)).unwrap_or(0) as u32;
    }
    keys.len()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{part_at, problem_of_routes};
    use super::*;

    #[test]
    fn routes_that_every_part_fits_alike_share_a_column() {
        let mut problem = problem_of_routes(4);
        part_at(&mut problem, 1, 0);
        part_at(&mut problem, 2, 0);
        assert_eq!(columns_of(&problem).1, 1);
        problem.fitting[1].remove(3);
        assert_eq!(columns_of(&problem), (vec![0, 0, 0, 1], 2));
    }

    #[test]
    fn the_table_says_what_the_problem_says() {
        let mut problem = problem_of_routes(4);
        part_at(&mut problem, 1, 0);
        part_at(&mut problem, 2, 0);
        problem.fits.push(problem.fits[0]);
        problem.fitting[0][2].1 = problem.fits.len() as u32 - 1;
        problem.fitting[1].remove(1);
        let table = FitTable::of(&problem);
        for (part, route) in (0..2).flat_map(|part| (0..4).map(move |route| (part, route))) {
            assert_eq!(table.fit_of(&problem, part, route), problem.fit_of(part, route));
        }
    }
}
