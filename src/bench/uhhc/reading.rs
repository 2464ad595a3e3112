//! The set as the harness sees it.

use super::instance::{Instance, InstanceError};
use super::judge::{Verdict, judge};
use super::problem::problem_of;
use super::schedule::schedule_of;
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
}

impl Published for Reading {
    fn problem(&self) -> &Problem {
        &self.problem
    }

    fn size(&self) -> usize {
        self.instance.patients.len()
    }

    fn objective_of(&self, score: &[i64; TIERS]) -> f64 {
        score[COST] as f64
    }

    fn judged(&self, solution: &Solution) -> Judged {
        let schedule = schedule_of(&self.instance, solution);
        let verdict = judge(&self.instance, &schedule);
        match serde_json::to_string_pretty(&schedule) {
            Ok(text) => Judged {
                text: text + "\n",
                objective: verdict.objective as f64,
                vehicles: None,
                unserved: verdict.unserved,
                components: components_of(&verdict),
                faults: verdict.faults,
                promised: self.objective_of(&solution.score),
                // Whole points on both sides.
                tolerance: 0.0,
            },
            Err(why) => Judged { faults: vec![why.to_string()], ..Judged::default() },
        }
    }
}

fn components_of(verdict: &Verdict) -> Vec<(&'static str, f64)> {
    let components = verdict.components().into_iter();
    components.map(|(component, value)| (component, value as f64)).collect()
}
