//! The set as the harness sees it.

use super::instance::{Instance, InstanceError};
use super::judge::{Routes, judge};
use super::problem::{TRAVEL_PRICE, problem_of};
use crate::bench::set::{Judged, Published};
use crate::solver::problem::{COST, TIERS};
use crate::solver::{Problem, Solution};

/// An instance with its problem.
pub struct Reading {
    /// As published.
    pub instance: Instance,
    problem: Problem,
}

impl Reading {
    /// Reads and checks an instance.
    pub fn of(text: &[u8]) -> Result<Reading, InstanceError> {
        let instance = Instance::read(text)?;
        let problem = problem_of(&instance);
        Ok(Reading { instance, problem })
    }

    /// The vehicles in use with their visits and starts. A part's place is the visit's own number.
    fn routes_of(&self, solution: &Solution) -> Routes {
        let used = solution.routes.iter().filter(|route| !route.is_empty());
        let visit = |node: u32| self.problem.parts[node as usize].place as usize;
        let routes =
            used.map(|route| route.iter().map(|stop| (visit(stop.node), stop.start)).collect());
        Routes { routes: routes.collect() }
    }
}

impl Published for Reading {
    fn problem(&self) -> &Problem {
        &self.problem
    }

    fn size(&self) -> usize {
        self.instance.visits.len()
    }

    fn objective_of(&self, score: &[i64; TIERS]) -> f64 {
        score[COST] as f64 / TRAVEL_PRICE as f64
    }

    fn judged(&self, solution: &Solution) -> Judged {
        let routes = self.routes_of(solution);
        let verdict = judge(&self.instance, &routes);
        match serde_json::to_string(&routes) {
            Ok(text) => Judged {
                text: text + "\n",
                objective: verdict.travel as f64,
                vehicles: None,
                unserved: verdict.unserved,
                components: vec![("vehicles_used", routes.routes.len() as f64)],
                faults: verdict.faults,
                promised: self.objective_of(&solution.score),
                // Whole units on both sides.
                tolerance: 0.0,
            },
            Err(why) => Judged { faults: vec![why.to_string()], ..Judged::default() },
        }
    }
}
