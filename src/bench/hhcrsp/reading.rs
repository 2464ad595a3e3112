//! The set as the harness sees it.

use super::instance::{Instance, InstanceError};
use super::judge::judge;
use super::problem::{TICKS_PER_UNIT, problem_of};
use super::schedule::schedule_of;
use crate::bench::set::{Judged, Published};
use crate::solver::problem::{COST, TIERS};
use crate::solver::{Problem, Solution};

/// Published numbers have three decimals.
const TOLERANCE: f64 = 0.001;

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
        score[COST] as f64 / TICKS_PER_UNIT / 3.0
    }

    fn judged(&self, solution: &Solution) -> Judged {
        let Some(schedule) = schedule_of(&self.instance, solution) else {
            let faults = vec!["no starts keep every route and meeting".to_owned()];
            return Judged { faults, ..Judged::default() };
        };
        let mut verdict = judge(&self.instance, &schedule);
        match serde_json::to_string_pretty(&schedule) {
            Ok(text) => Judged {
                text: text + "\n",
                objective: verdict.objective,
                vehicles: None,
                // Everyone can be served, tardily if need be: who is not is a fault.
                unserved: 0,
                components: vec![
                    ("travel", verdict.travel),
                    ("tardiness", verdict.tardiness),
                    ("greatest", verdict.greatest),
                ],
                faults: std::mem::take(&mut verdict.faults),
                promised: self.objective_of(&solution.score),
                tolerance: TOLERANCE,
            },
            Err(why) => Judged { faults: vec![why.to_string()], ..Judged::default() },
        }
    }
}
