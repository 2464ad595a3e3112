//! Variables and rows of a programme, with big-Ms that are as tight as the ranges allow.

use std::collections::HashMap;

use good_lp::solvers::SolutionStatus;
use good_lp::solvers::highs::HighsSolution;
use good_lp::{
    Constraint, Expression, IntoAffineExpression, ProblemVariables, ResolutionError, Solution,
    SolverModel, Variable, highs, variable,
};

/// Nodes of the search tree after which a programme is given up. Not a time limit: the same
/// programme is given up on every machine.
const NODES_MAX: i32 = 1_000;

/// A programme in the making; it can be solved for several objectives.
#[derive(Default)]
pub struct Sheet {
    variables: ProblemVariables,
    ranges: HashMap<Variable, (f64, f64)>,
    rows: Vec<Constraint>,
}

impl Sheet {
    /// Zero or one.
    pub fn binary(&mut self) -> Variable {
        let made = self.variables.add(variable().binary());
        self.ranges.insert(made, (0.0, 1.0));
        made
    }

    /// A whole number in the range.
    pub fn integer(&mut self, least: i64, most: i64) -> Variable {
        let range = (least as f64, most as f64);
        let made = self.variables.add(variable().integer().bounds(range.0..=range.1));
        self.ranges.insert(made, range);
        made
    }

    /// A number in the range.
    pub fn number(&mut self, least: i64, most: i64) -> Variable {
        let range = (least as f64, most as f64);
        let made = self.variables.add(variable().bounds(range.0..=range.1));
        self.ranges.insert(made, range);
        made
    }

    /// A row as it stands.
    pub fn row(&mut self, row: Constraint) {
        self.rows.push(row);
    }

    /// `left ≥ right`, unless `off` is one or more. It may not be negative.
    pub fn at_least(&mut self, left: Expression, right: Expression, off: Expression) {
        let difference = left - right;
        let least = self.least(&difference);
        if least < 0.0 {
            self.rows.push((difference + off * -least).geq(0.0));
        }
    }

    /// The least that an expression can be within the ranges of its variables.
    fn least(&self, expression: &Expression) -> f64 {
        let terms = expression.clone().linear_coefficients();
        let sum: f64 = terms
            .map(|(variable, factor)| {
                let (from, to) = self.ranges[&variable];
                if factor < 0.0 { factor * to } else { factor * from }
            })
            .sum();
        sum + expression.constant()
    }

    /// Values with the least objective, under the sheet's rows and some more.
    pub fn solve(&self, objective: &Expression, more: &[Constraint]) -> Answer {
        let mut model = self.variables.clone().minimise(objective.clone()).using(highs);
        for row in self.rows.iter().chain(more) {
            model = model.with(row.clone());
        }
        // Objectives are whole numbers, so a gap below one is none.
        for (name, value) in [
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.5),
            ("mip_feasibility_tolerance", 1e-9),
            ("primal_feasibility_tolerance", 1e-9),
        ] {
            model = model.set_option(name, value);
        }
        match model.set_threads(1).set_option("mip_max_nodes", NODES_MAX).solve() {
            Ok(solution) if matches!(solution.status(), SolutionStatus::TimeLimit) => {
                Answer::GivenUp
            }
            Ok(solution) => Answer::Best(solution),
            Err(ResolutionError::Infeasible) => Answer::Nothing,
            Err(ResolutionError::Other("NoSolutionFound")) => Answer::GivenUp,
            Err(error) => panic!("the programme could not be solved: {error}"),
        }
    }
}

/// What came of solving a programme.
pub enum Answer {
    /// The best values.
    Best(HighsSolution),
    /// The rows contradict each other.
    Nothing,
    /// Too many nodes of the search tree: nothing is known.
    GivenUp,
}

/// `1 − variable`: zero when the variable is one.
pub fn not(variable: Variable) -> Expression {
    Expression::from(1.0) - variable
}

/// A constant.
pub fn constant(value: i64) -> Expression {
    Expression::from(value as f64)
}

/// The sum of some variables.
pub fn sum(variables: impl IntoIterator<Item = Variable>) -> Expression {
    variables.into_iter().map(Expression::from).sum()
}
