//! `rond bench --bound`: how far from the best possible a plan is at most.

use crate::bound::{Effort, lower_bound};
use crate::solver::problem::COST;
use crate::solver::{Problem, Solution};

/// What is proven of an instance; empty when the plan leaves out what had to be done, or when the
/// effort did not suffice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof {
    /// No solution has a lower objective.
    pub bound: Option<f64>,
    /// Per cent that the objective lies above the bound: no more can be gained.
    pub gap_proven: Option<f64>,
}

impl Proof {
    /// A proof for a solution whose objective is its points divided by `points_per_unit`.
    pub fn of(problem: &Problem, solution: &Solution, points_per_unit: f64) -> Proof {
        let cost = solution.score[COST];
        if solution.score[..COST].iter().any(|points| *points != 0) {
            return Proof::default();
        }
        // A bound on the weighted sum bounds the last tier as the tiers before it cost nothing.
        let known = cost * problem.weights[COST];
        let Some(bound) = lower_bound(problem, known, Effort::default()) else {
            return Proof::default();
        };
        let points = bound.points as f64 / problem.weights[COST] as f64;
        let gap = (points > 0.0).then(|| (cost as f64 / points - 1.0) * 100.0);
        let round = |number: f64, scale: f64| (number * scale).round() / scale;
        Proof {
            // Down, so that what is printed still holds.
            bound: Some((points / points_per_unit * 1e6).floor() / 1e6),
            gap_proven: gap.map(|gap| round(gap, 1e4)),
        }
    }
}
