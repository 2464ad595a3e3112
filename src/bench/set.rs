//! What every set of published instances offers to the harness.
//!
//! A set is a folder of this room with a reader, the way to a [`Problem`], and a judge. To add one:
//! implement [`Published`] for its instance, and add it to [`Set`].

use super::{hhcrsp, uhhc, vrptw, vrptwsyn};
use crate::solver::problem::TIERS;
use crate::solver::{Problem, Settings, Solution, solve};

/// An instance that was read, ready to be solved.
pub trait Published: Sync {
    /// The instance for the solver.
    fn problem(&self) -> &Problem;

    /// How many visits, patients or customers it has.
    fn size(&self) -> usize;

    /// A score in the set's own convention, as shown while the search is on.
    fn objective_of(&self, score: &[i64; TIERS]) -> f64;

    /// Searches, in the order of importance that the set's convention asks for.
    fn search(&self, settings: Settings<'_>) -> Solution {
        solve(self.problem(), settings, &[])
    }

    /// Writes a solution as its authors publish it and judges what was written by their own
    /// convention.
    fn judged(&self, solution: &Solution) -> Judged;
}

/// A solution in the published format, and what the set's own judge says of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The solution in the published format.
    pub text: String,
    /// Its objective in the set's own convention.
    pub objective: f64,
    /// How many vehicles it uses, where the fewest come first.
    pub vehicles: Option<usize>,
    /// How many must be served and are not: the instance is left open.
    pub unserved: usize,
    /// What the objective is made of, by name.
    pub components: Vec<(&'static str, f64)>,
    /// What is not legal, in words; empty when all is. What is unserved is no fault.
    pub faults: Vec<String>,
    /// The objective that the search promised.
    pub promised: f64,
    /// The promise and the judge may differ by so much: ticks are rounded.
    pub tolerance: f64,
}

impl Judged {
    /// Why it must not leave the program: a fault, or a promise that was not kept.
    pub fn why_not(&self) -> Option<String> {
        if !self.faults.is_empty() {
            return Some(format!("illegal solution: {}", self.faults.join("; ")));
        }
        let is_kept = (self.promised - self.objective).abs() <= self.tolerance;
        let (promised, judged) = (self.promised, self.objective);
        // Of an open solution no objective was promised.
        (self.unserved == 0 && !is_kept).then(|| {
            format!("illegal solution: the search promised {promised}, the judge says {judged}")
        })
    }
}

/// A set of published instances with its convention.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Set {
    /// Home health care with meetings.
    Hhcrsp,
    /// Unified home health care.
    Uhhc,
    /// Vehicle routing with hard windows and synchronised visits.
    Vrptwsyn,
    /// Vehicle routing with hard windows and capacities.
    Vrptw(vrptw::Objective),
}

impl Set {
    /// Reads an instance, or says what is wrong with it.
    pub fn read(self, text: &[u8]) -> Result<Box<dyn Published>, String> {
        Ok(match self {
            Set::Hhcrsp => Box::new(hhcrsp::Reading::of(text).map_err(|why| why.to_string())?),
            Set::Uhhc => Box::new(uhhc::Reading::of(text).map_err(|why| why.to_string())?),
            Set::Vrptwsyn => Box::new(vrptwsyn::Reading::of(text).map_err(|why| why.to_string())?),
            Set::Vrptw(objective) => {
                Box::new(vrptw::Reading::of(text, objective).map_err(|why| why.to_string())?)
            }
        })
    }

    /// How the names of its instances and solutions end.
    pub fn extension(self) -> &'static str {
        match self {
            Set::Hhcrsp | Set::Uhhc | Set::Vrptwsyn => "json",
            Set::Vrptw(_) => "txt",
        }
    }

    /// The columns of the table of best known values: the objective and, where they come first, the
    /// vehicles.
    pub fn columns(self) -> (&'static str, Option<&'static str>) {
        match self {
            Set::Hhcrsp | Set::Uhhc => ("best_published", None),
            Set::Vrptwsyn => ("best_known_units", None),
            Set::Vrptw(vrptw::Objective::Distance) => ("distance_only", None),
            Set::Vrptw(vrptw::Objective::Vehicles) => {
                ("vehicles_first_distance", Some("vehicles_first_vehicles"))
            }
        }
    }

    /// Objectives closer than this are equal: published ones are rounded.
    pub fn equal_within(self) -> f64 {
        match self {
            Set::Hhcrsp | Set::Uhhc | Set::Vrptwsyn => 0.001,
            Set::Vrptw(vrptw::Objective::Distance) => 0.01,
            // Some are published with two decimals.
            Set::Vrptw(vrptw::Objective::Vehicles) => 0.0051,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Judged;

    #[test]
    fn a_broken_promise_is_a_failure_and_an_open_instance_is_none() {
        let kept = Judged { objective: 5.0, promised: 5.05, tolerance: 0.1, ..Judged::default() };
        assert_eq!(kept.why_not(), None);
        let broken = Judged { promised: 5.2, ..kept.clone() };
        assert!(broken.why_not().expect("a reason").contains("the judge says 5"));
        let open = Judged { unserved: 2, ..broken };
        assert_eq!(open.why_not(), None);
        let illegal = Judged { faults: vec!["7 late".to_owned()], ..kept };
        assert_eq!(illegal.why_not(), Some("illegal solution: 7 late".to_owned()));
    }
}
