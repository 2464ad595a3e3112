//! The bridge between the world and the solver, both ways.
//!
//! Flows in: a [`World`] and a travel table. Flows out: a [`Plan`] that the plain rules accept, or
//! nothing. This room alone knows both people and indices; it must never know files, HTTP or the
//! clock.

pub mod compile;
pub mod decompile;
pub mod rolling;

use crate::domain::{Plan, World};
use crate::rules::{self, Audit, Verdict};
use crate::solver::{self, Settings};
use crate::travel::Matrix;

/// A plan, what the plain rules say of it, and how it was found.
#[derive(Debug)]
pub struct Outcome {
    /// The plan, with the score of the plain rules.
    pub plan: Plan,
    /// What the plain rules say.
    pub audit: Audit,
    /// The first plan's score per tier, before any improvement.
    pub first_score: [i64; 4],
    /// How many visits the first plan left out.
    pub first_unassigned: usize,
    /// Positions judged.
    pub work: u64,
    /// Ruins tried.
    pub iterations: u64,
}

/// Why no plan left the program.
#[derive(Debug)]
pub enum PlanError {
    /// The plain rules reject what the solver made: a defect of this program, never of the input.
    Rejected(Box<Audit>),
}

/// Plans a world: compile, solve, decompile, audit.
///
/// # Errors
/// [`PlanError::Rejected`] when the audit finds the plan illegal; it is then not given out.
pub fn plan(world: &World, travel: &Matrix, settings: Settings<'_>) -> Result<Outcome, PlanError> {
    let compiled = compile::compile(world, travel);
    let solution = solver::solve(&compiled.problem, settings, &compiled.earlier);
    let mut plan = decompile::decompile(world, travel, &compiled, &solution);
    let audit = rules::audit(world, travel, &plan);
    if audit.verdict == Verdict::Illegal {
        return Err(PlanError::Rejected(Box::new(audit)));
    }
    debug_assert_eq!(audit.score.tiers, solution.score, "the solver's prices are the plain rules'");
    plan.score = audit.score;
    Ok(Outcome {
        plan,
        audit,
        first_score: solution.first_score,
        first_unassigned: solution.first_unassigned,
        work: solution.work,
        iterations: solution.iterations,
    })
}
