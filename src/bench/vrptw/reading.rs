//! The set as the harness sees it.

use super::instance::{Instance, InstanceError, Objective};
use super::judge::judge;
use super::problem::{problem_of, ticks_per_unit};
use crate::bench::set::{Judged, Published};
use crate::solver::fleet::solve_on_fewest_routes;
use crate::solver::problem::{COST, TIERS};
use crate::solver::{Problem, Settings, Solution, solve};

/// What sums of tenths in doubles may differ by.
const TOLERANCE: f64 = 1e-4;

/// An instance with its problem in one of the two conventions.
pub struct Reading {
    /// As published.
    pub instance: Instance,
    objective: Objective,
    problem: Problem,
}

impl Reading {
    /// Reads and checks an instance.
    pub fn of(text: &[u8], objective: Objective) -> Result<Reading, InstanceError> {
        let instance = Instance::read(text)?;
        let problem = problem_of(&instance, objective);
        Ok(Reading { instance, objective, problem })
    }

    fn scale(&self) -> f64 {
        ticks_per_unit(&self.instance, self.objective)
    }
}

impl Published for Reading {
    fn problem(&self) -> &Problem {
        &self.problem
    }

    fn size(&self) -> usize {
        self.instance.customers()
    }

    fn objective_of(&self, score: &[i64; TIERS]) -> f64 {
        score[COST] as f64 / self.scale()
    }

    fn search(&self, settings: Settings<'_>) -> Solution {
        match self.objective {
            Objective::Distance => solve(&self.problem, settings, &[]),
            Objective::Vehicles => solve_on_fewest_routes(&self.problem, settings),
        }
    }

    fn judged(&self, solution: &Solution) -> Judged {
        let place = |node: u32| self.problem.parts[node as usize].place as usize;
        let used = solution.routes.iter().filter(|route| !route.is_empty());
        let routes: Vec<Vec<usize>> =
            used.map(|route| route.iter().map(|stop| place(stop.node)).collect()).collect();
        let verdict = judge(&self.instance, &routes, self.objective);
        let line = |route: &Vec<usize>| {
            let numbers: Vec<String> = route.iter().map(|number| number.to_string()).collect();
            numbers.join(" ") + "\n"
        };
        let legs = (self.instance.customers() + routes.len()) as f64;
        let comes_first = self.objective == Objective::Vehicles;
        Judged {
            text: routes.iter().map(line).collect(),
            objective: verdict.distance,
            vehicles: comes_first.then_some(verdict.vehicles),
            unserved: verdict.unserved,
            components: vec![("vehicles_used", verdict.vehicles as f64)],
            faults: verdict.faults,
            promised: self.objective_of(&solution.score),
            // In double precision each leg was rounded up to a whole tick.
            tolerance: TOLERANCE + if comes_first { legs / self.scale() } else { 0.0 },
        }
    }
}
